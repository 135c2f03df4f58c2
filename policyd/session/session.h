/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon remembers between two questions: logins that account has
 * allowed and whose session is not open yet, and sessions that are open. A
 * session is its leading process (the sshd monitor, login): it ends when that
 * process does, seen through a pidfd, never by time alone. Nothing here is on
 * disk.
 */
#ifndef FG_SESSION_H
#define FG_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/gather/gather.h"
#include "policyd/loop.h"

#define SESSION_PENDING_MAX	4096u	/* logins between account and open */
#define SESSION_PENDING_S	120	/* seconds, CLOCK_BOOTTIME */
#define SESSION_OPEN_MAX	16384u

struct sessions;

/* Called when a session's process ended. Strings are borrowed. */
typedef void (*session_closed_fn)(const char *ref, int64_t open_s, void *arg);

/* Returns NULL when out of memory. */
struct sessions	*sessions_new(struct loop *loop, session_closed_fn fn,
		    void *arg);
void		 sessions_free(struct sessions *sessions);

/*
 * Remember that account allowed this login under ref. The oldest one makes
 * room. While nobody has looked at the process (FACT_NONE), query is what the
 * scanner's answer will carry, and nobody can claim before session_learn().
 * Returns 0 or FG_ERR_NOMEM: the session is then decided again.
 */
int		 session_expect(struct sessions *sessions,
		    const struct facts *facts, const char *ref,
		    uint64_t query);

/* The scanner's answer to a query; if no login waits for it, it is dropped. */
void		 session_learn(struct sessions *sessions, uint64_t query,
		    const struct fact_peer *peer);

/*
 * Is this session the one that account allowed? The reference, the service
 * and the kind must agree, the asking process must be the one that asked in
 * account or its parent then (the sshd monitor of a keyboard-interactive
 * child; if that had ended before the scanner looked, the origin must be the
 * same instead), and the user must be the same unless the service is nested
 * (sudo changes it to the target). On success the entry is taken away, and
 * facts->origin becomes what account saw: between the two a module may have
 * read variables that the user wrote into the PAM environment.
 * Returns 0 or FG_ERR_NOT_FOUND.
 */
int		 session_claim(struct sessions *sessions,
		    struct facts *facts);

/*
 * A session of a remote or console service is open; its process is
 * facts->peer, which has one session a user: a second one replaces the first.
 * pidfd is taken over in every case, and closed on error.
 * Returns 0, FG_ERR_NOMEM, FG_ERR_LIMIT (too many, or no pidfd) or
 * FG_ERR_SYSTEM.
 */
int		 session_open(struct sessions *sessions,
		    const struct facts *facts, const char *ref, int pidfd);

/*
 * The open session that a process runs in: by its nearest ancestor with one,
 * else by the kernel's audit session. ret_parent->origin is NULL if there is
 * none, or if the process has sessions of several users from different places.
 */
void		 session_parent(const struct sessions *sessions,
		    const struct fact_peer *peer,
		    struct gather_parent *ret_parent);

size_t		 session_count(const struct sessions *sessions);

#endif
