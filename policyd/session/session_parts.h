/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of policyd/session share; nobody else includes this.
 */
#ifndef FG_SESSION_PARTS_H
#define FG_SESSION_PARTS_H

#include <sys/queue.h>

#include "policyd/session/session.h"

#define SESSION_BUCKETS 1024u /* of each table; a power of two */

/* Ids of queries that are this room's own; connections count from 1. */
#define SESSION_QUERY (UINT64_C(1) << 63)

/* A login between account and open; .s has no .state and no .process. */
struct seat {
	TAILQ_ENTRY(seat) entry; /* in .seats or .fading */
	LIST_ENTRY(seat) of_who; /* if .counts */
	struct sessions *home;
	struct store_session s;
	struct fact_proof proof; /* of a step-up before */
	bool counts; /* remote and console logins do */
	bool refused; /* it would be, were that not only observed */
	bool fading; /* the one who asked has ended */
	struct fact_process peer; /* who asked; .start 0: not known yet */
	struct fact_process parent; /* .pid 0: unknown */
	uint64_t query; /* awaited from the scanner, or 0 */
	int64_t until_s;
	int pidfd; /* of the peer, or -1 */
	struct loop_watch *watch;
};

struct session {
	LIST_ENTRY(session) of_pid;
	LIST_ENTRY(session) of_who;
	LIST_ENTRY(session) of_audit;
	TAILQ_ENTRY(session) left; /* in .left_new or .left_known */
	TAILQ_ENTRY(session) unsaved; /* in .unsaved, if .is_unsaved */
	TAILQ_ENTRY(session) attaching; /* in .attaching, if .query */
	struct sessions *home;
	uint64_t serial; /* each list has the newest, the highest, first */
	struct store_session s;
	int pidfd; /* of the leader; -1: it has gone */
	struct loop_watch *watch;
	bool is_left; /* the leader has gone */
	bool is_known; /* and something is left */
	bool is_unsaved; /* the store does not have it as it is */
	bool is_kept; /* the store has it */
	bool is_current; /* and as it is now */
	bool is_new; /* and the history not yet */
	bool is_over; /* in no table any more, but on its way out */
	bool closing; /* PAM closes it */
	bool lost; /* its leader went unseen */
	bool terminated; /* by an administrator */
	uint64_t query; /* whether it is the same process */
};

/* A session that is to be ended, and who wants to know. */
struct ending {
	TAILQ_ENTRY(ending) entry;
	char ref[FG_REF_MAX + 1];
	char person[FG_USER_MAX + 1];
	char user[FG_USER_MAX + 1];
	int64_t at_ms; /* not before; the second try */
	bool force;
	unsigned int tries; /* that were not enough */
	uint32_t signalled; /* by those */
	struct scanner_session name; /* as of the first; then it may be over */
	session_terminated_fn fn; /* NULL: nobody */
	void *arg;
};

LIST_HEAD(session_list, session);
LIST_HEAD(seat_list, seat);
TAILQ_HEAD(session_queue, session);
TAILQ_HEAD(seat_queue, seat);
TAILQ_HEAD(ending_queue, ending);

struct sessions {
	struct loop *loop;
	struct store *store;
	struct scanlink *scanlink;
	struct session_calls calls;
	char boot_id[STORE_BOOT_ID_SIZE];
	uint64_t last_query;
	uint64_t last_serial;

	struct session_list pids[SESSION_BUCKETS];
	struct session_list whos[SESSION_BUCKETS];
	struct session_list audits[SESSION_BUCKETS];
	size_t count;
	struct session_queue unsaved;
	size_t nover; /* of these, .is_over */
	struct loop_timer *save_timer; /* the store could not be written */
	bool save_waits; /* for it */
	bool save_failing; /* and that is told */

	struct seat_list seat_whos[SESSION_BUCKETS];
	struct seat_queue seats; /* each queue ends oldest first */
	struct seat_queue fading;
	size_t nseats;

	/* The next one to ask about is the first; new ones come before. */
	struct session_queue left_new;
	struct session_queue left_known;
	struct loop_timer *left_timer;
	uint64_t left_query; /* 0: none is on its way */
	struct session *left_asked[SCANNER_SESSIONS_MAX]; /* or NULL */
	size_t left_round; /* so many of the known ones are to be asked yet */
	bool left_waits; /* the timer is set */

	struct session_queue attaching; /* those that were asked about last */
	size_t attach_asked;

	struct ending_queue endings;
	struct ending *ending_now; /* the scanner is at it */
	uint64_t ending_query;
	struct loop_timer *ending_timer;
};

int64_t session_now_ms(void); /* as session_now_s() */

bool session_same_process(const struct fact_process *a,
    const struct fact_process *b);
bool session_same_origin(const struct fact_origin *a,
    const struct fact_origin *b);

/* What the daemon keeps of a login, but for .state, .ref and .process. */
void session_describe(const struct sessions *sessions,
    const struct facts *facts, struct store_session *ret_s);

/* The bucket of a table for a number or a name. */
unsigned int session_bucket(uint64_t n);
unsigned int session_bucket_of(const char *who);

/* Its audit session is known only now. */
void session_link_audit(struct session *session);

/* Put it into the tables. */
void session_link(struct sessions *sessions, struct session *session);
/* Watch its leader; takes pidfd, closes it on error. As loop_watch(). */
int session_watch(struct session *session, int pidfd);
void session_unwatch(struct session *session);
/* It is over: tell, forget, free. */
void session_finish(struct session *session, enum session_end how);
/* How it is over, for one whose processes are all gone. */
enum session_end session_how(const struct session *session);
struct session *session_by_ref(const struct sessions *sessions,
    const char *ref);

/* session_save.c: have it in the store as it is now, or not any more. */
void session_save(struct session *session);
/*
 * After a restart: the daemon may have been killed when the session had its row
 * and not its login in the history yet.
 */
void session_save_missed(struct session *session);
int session_save_start(struct sessions *sessions);
void session_save_done(struct sessions *sessions);

/* seat.c */
void seat_drop(struct seat *seat);
/* The one that was reserved for this login; see session_claim(). Or NULL. */
struct seat *seat_find(const struct sessions *sessions,
    const struct facts *facts);

/* session_left.c: its leader has gone. */
void session_leave(struct session *session);
void session_unleave(struct session *session);
int session_left_start(struct sessions *sessions);

/* Ask in a while what is left, and go on with what is to be attached. */
void session_later(struct sessions *sessions);
/* How the scanner is to know it. */
void session_name(const struct store_session *s,
    struct scanner_session *ret_name);

/* session_attach.c */
void session_attach_more(struct sessions *sessions);
/* Have the scanner look at its leader. */
void session_attach(struct session *session);
void session_attach_forget(struct session *session);

/* session_terminate.c */
int session_terminate_start(struct sessions *sessions);
void session_terminate_done(struct sessions *sessions);

#endif
