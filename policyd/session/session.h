/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is in: seats, which account has reserved for logins that may open a
 * session, and sessions, which are open or of which something is left. A seat
 * or session counts for a person from the moment that it is allowed, and as
 * long as its processes live, never by time alone: the leader (the sshd
 * monitor, login) is watched through a pidfd, and when it has gone the scanner
 * is asked what remains. All of it happens in one process and one turn of the
 * loop each: to look and to reserve is one step.
 */
#ifndef FG_SESSION_H
#define FG_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/gather/gather.h"
#include "policyd/loop.h"
#include "policyd/scanner/scanner.h"
#include "policyd/store/store_session.h"

#define SESSION_SEATS_MAX 4096u /* logins between account and open */
#define SESSION_SEAT_S	  120 /* seconds, CLOCK_BOOTTIME */
#define SESSION_OPEN_MAX  16384u

struct scanlink;
struct session;
struct sessions;

enum session_end {
	SESSION_END_NONE = 0,
	SESSION_ENDED_CLOSED, /* PAM said so, and its processes are gone */
	SESSION_ENDED_GONE, /* its processes are gone */
	SESSION_ENDED_REPLACED, /* its process opened another one */
	SESSION_ENDED_LOST, /* while the daemon did not run */
	SESSION_ENDED_REBOOT,
	SESSION_ENDED_TERMINATED /* by farmgatectl */
};

struct session_calls {
	/* It is over; open_s: seconds it lasted. Borrowed. */
	void (*ended)(const struct store_session *s, int64_t open_s,
	    enum session_end how, void *arg);
	/* Its leader has gone, and remains processes of it have not. */
	void (*left)(const struct store_session *s, uint32_t remains,
	    void *arg);
	void *arg;
};

/* CLOCK_BOOTTIME: counts while the machine sleeps, and never goes back. */
int64_t session_now_s(void);

/* Which boot of the machine this is: 0, FG_ERR_SYSTEM or FG_ERR_FORMAT. */
int session_read_boot_id(char boot_id[STORE_BOOT_ID_SIZE]);

/*
 * store may be NULL: nothing outlives the daemon then. Without a scanner it is
 * not known what is left of sessions. Returns NULL when out of memory.
 */
struct sessions *sessions_new(struct loop *loop, struct store *store,
    const char *boot_id, const struct session_calls *calls);
void sessions_set_scanlink(struct sessions *sessions,
    struct scanlink *scanlink);
void sessions_free(struct sessions *sessions);

/*
 * Find again what an earlier daemon has kept: sessions of another boot end at
 * once; of the others the scanner says whether their leader still is the same
 * process. Until it does they count.
 * Returns 0 or as the store does: then nothing is known of earlier ones.
 */
int sessions_attach(struct sessions *sessions);
/* The scanner's word on one of them; false: the query is nobody's here. */
bool session_attached(struct sessions *sessions, uint64_t query,
    const struct fact_peer *peer);

/* ---- seats (seat.c) ---- */

/* What a seat is reserved by. */
struct session_seat {
	const char *ref; /* of the decision */
	uint64_t query; /* of the scanner's answer */
	int pidfd; /* the asking process's, or -1 */
	bool refused; /* it would be, were that not only observed */
};

/*
 * Reserve a seat for a login that is allowed. While nobody has looked at the
 * process (FACT_NONE), .query is what the scanner's answer will carry, and
 * nobody can claim before session_learn(). It ends with the process that asked
 * (if that was a child of the leader, with the leader), and after
 * SESSION_SEAT_S. .pidfd is taken over.
 * Returns 0, FG_ERR_LIMIT (too many) or FG_ERR_NOMEM.
 */
int session_reserve(struct sessions *sessions, const struct facts *facts,
    const struct session_seat *seat);

/* The scanner's answer to a query; if no seat waits for it, it is dropped. */
void session_learn(struct sessions *sessions, uint64_t query,
    const struct fact_peer *peer);

/*
 * Is this session the one that account allowed? The reference, the service
 * and the kind must agree, the asking process must be the one that asked in
 * account or its parent then (the sshd monitor of a keyboard-interactive
 * child; if that had ended before the scanner looked, the origin must be the
 * same instead), and the user must be the same unless the service is nested
 * (sudo changes it to the target). On success the seat is taken away, and
 * facts->origin becomes what account saw: between the two a module may have
 * read variables that the user wrote into the PAM environment.
 * Returns 0 or FG_ERR_NOT_FOUND.
 */
int session_claim(struct sessions *sessions, struct facts *facts);

/* Whether account has let that login in because it only observes, by the same
 * rules; false if there is no seat for it. */
bool session_was_refused(struct sessions *sessions, const struct facts *facts);

/*
 * What a step-up has proved for the login whose session this is, by the same
 * rules; UNKNOWN if there is no seat for it, or nothing was proved.
 */
void session_proof(struct sessions *sessions, const struct facts *facts,
    struct fact_proof *ret_proof);

/* ---- sessions (session.c) ---- */

/*
 * All that a session of a remote or console service needs which is to open
 * under ref, so that nothing is left to fail when it does. It counts for
 * nobody, and ends in session_open() or session_free() in the same turn of the
 * loop. policy is the name of the one that let it in, or "". pidfd is of the
 * process in facts->peer; it is taken over in every case, and closed on error.
 * Returns 0, FG_ERR_NOMEM, FG_ERR_LIMIT (too many, or no pidfd) or
 * FG_ERR_SYSTEM.
 */
int session_prepare(struct sessions *sessions, const struct facts *facts,
    const char *policy, const char *ref, int pidfd,
    struct session **ret_session);

/*
 * It is open. Its process has one session a user: a second one replaces the
 * first. Takes it.
 */
void session_open(struct session *session);

/* It does not come to be; NULL is none. */
void session_free(struct session *session);

/*
 * Before whoever opened one is answered: the store has its row, so that it is
 * found again if this process is killed.
 */
void sessions_keep(struct sessions *sessions);

/*
 * Whoever opened the session with this reference has not got the answer: there
 * was no login. To be called before sessions_flush().
 */
void session_unopen(struct sessions *sessions, const char *ref);

/*
 * Behind the answer: write all that is not written yet, sessions and history.
 * What the store cannot take now (it is locked, the disk is full) is kept and
 * tried again once a second, and nobody waits for it in between.
 */
void sessions_flush(struct sessions *sessions);
/* How many changes are kept like that. */
size_t sessions_unsaved(const struct sessions *sessions);

/* PAM closes the session with this reference, which process pid leads. */
void session_closing(struct sessions *sessions, int32_t pid, const char *ref);

/* The answer about what is left; see scanlink.h. */
void session_remains(struct sessions *sessions, uint64_t query,
    const uint32_t *remains);

/* ---- what there is (session_view.c) ---- */

/*
 * The open session that a process runs in: by its nearest ancestor with one,
 * else by the kernel's audit session. ret_parent->origin is NULL if there is
 * none, or if the process has sessions of several users from different places.
 */
void session_parent(const struct sessions *sessions,
    const struct fact_peer *peer, struct gather_parent *ret_parent);

/*
 * The person's sessions and seats beside the one that this login is about: a
 * seat that it could claim, or a session of the same process and user.
 */
void session_others(const struct sessions *sessions, const struct facts *facts,
    struct fact_sessions *ret_others);

/*
 * Each open one, or what is left of one, and each seat (reserved, which has no
 * .state). fn returns non-zero to stop.
 */
typedef int (*session_fn)(const struct store_session *s, bool reserved,
    void *arg);
void sessions_each(const struct sessions *sessions, session_fn fn, void *arg);

/* How far somebody is who looks at them a few at a time; begins zeroed. */
struct session_cursor {
	unsigned int bucket;
	uint64_t number; /* of the one that is shown; 0: none yet */
};

/*
 * The next sessions, without seats, at most max of them. Whichever is there
 * from the first call to the last comes once, whatever opens and ends in
 * between. fn must open and finish none; non-zero stops.
 * Returns false when there are no more.
 */
bool sessions_some(const struct sessions *sessions,
    struct session_cursor *cursor, size_t max, session_fn fn, void *arg);

/* Sessions are numbered as they are opened: the last one's number. */
uint64_t sessions_last(const struct sessions *sessions);
size_t session_count(const struct sessions *sessions);

/* "closed", "gone", ...; "none". Static. */
const char *session_end_name(enum session_end how);
/* "open", "orphan", "detached"; "none". Static. */
const char *session_state_name(enum store_session_state state);

/* ---- ending them (session_terminate.c) ---- */

/* Is it the person's, or one of their accounts'? */
bool session_is_of(const struct store_session *s, const struct person *person);

/* Seats of the person and their accounts end. */
void session_unreserve(struct sessions *sessions, const struct person *person);

/*
 * Have the scanner end a session, which may be one that sessions_some() shows
 * just now. fn is called once, in a turn of the loop to come, when it is known
 * how that went; refusal is SCANNER_REFUSED_NOT where signals were sent,
 * _PARTLY where they were, and there was no end of it. Of one that is over by
 * then s has the names alone. A leader that still lives 3 s later is killed.
 * Returns 0 or FG_ERR_NOMEM.
 */
typedef void (*session_terminated_fn)(const struct store_session *s,
    enum scanner_refusal refusal, uint32_t signalled, void *arg);
int session_terminate(struct sessions *sessions, const struct store_session *s,
    session_terminated_fn fn, void *arg);
/* Nobody waits for fn with this arg any more. */
void session_terminate_forget(struct sessions *sessions, void *arg);
/* The answer to one; see scanlink.h. */
void session_terminated(struct sessions *sessions, uint64_t query,
    enum scanner_refusal refusal, uint32_t signalled);

#endif
