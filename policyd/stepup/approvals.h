/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins that wait for a second person's word, as long as whoever asked is
 * there. They are in memory alone: a restart is a denial. What became of the
 * last ones is kept, so that who comes too late is told.
 */
#ifndef FG_APPROVALS_H
#define FG_APPROVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "policyd/decide/decide.h"
#include "policyd/facts.h"
#include "policyd/stepup/stepup_by.h"

#define APPROVALS_MAX		32u	/* that wait, all together, */
#define APPROVALS_SOURCE_MAX	3u	/* from one address, */
#define APPROVALS_PERSON_MAX	1u	/* and of one person */
#define APPROVAL_TRIES		3u	/* wrong numbers, then it is refused */
#define APPROVAL_NUMBER_SIZE	4u	/* "472" and NUL */

enum approval_state {
	APPROVAL_NONE = 0,
	APPROVAL_WAITING,
	APPROVAL_APPROVED,
	APPROVAL_REFUSED,
	APPROVAL_EXPIRED,	/* nobody has said anything in time */
	APPROVAL_GONE		/* whoever asked for it has gone */
};

/* Other people's bytes in all names. */
struct approval {
	TAILQ_ENTRY(approval) entry;
	char		 ref[FG_REF_MAX + 1];
	bool		 shadow;	/* nobody is asked for it */
	enum approval_state state;
	struct stepup_by by;		/* APPROVED, REFUSED: whose word */
	char		 number[APPROVAL_NUMBER_SIZE];	/* for who asks alone */
	unsigned int	 tries;		/* wrong ones */
	int64_t		 asked_s;	/* wall clock */
	int64_t		 until_s;	/* CLOCK_BOOTTIME */
	enum service_kind kind;
	char		 person[FG_USER_MAX + 1]; /* fact_who() */
	char		 whose[FG_USER_MAX + 1]; /* nested: the session */
	char		 user[FG_USER_MAX + 1];
	char		 ruser[FG_USER_MAX + 1];
	char		 service[FG_SERVICE_MAX + 1];
	uint32_t	 uid;		/* the user's, (uint32_t)-1: unknown */
	uint32_t	 loginuid;	/* of the asking process, likewise */
	struct fact_origin origin;
	struct fact_where where;
	char		 city[FACT_CITY_MAX + 1];
	struct finding_list findings;	/* without those that are ignored */
};

TAILQ_HEAD(approval_queue, approval);

/* What became of one that does not wait any more. */
struct approval_past {
	char		 ref[FG_REF_MAX + 1];
	enum approval_state state;
	struct stepup_by by;
};

struct approvals {
	struct approval_queue queue;	/* the oldest first */
	struct approval_past past[APPROVALS_MAX];
	size_t		 npast;		/* ever; the ring's next is modulo */
};

/* Who wants to approve one: by the kernel's word alone. */
struct approver {
	bool		 looked;	/* false: .loginuid is not known */
	uint32_t	 uid;
	uint32_t	 loginuid;	/* (uint32_t)-1: never set */
	const char	*person;	/* whose session; NULL: nobody's */
};

/* NULL when out of memory. */
struct approvals *approvals_new(void);
void	approvals_free(struct approvals *approvals);

/*
 * One more. The older ones are kept. With shadow nobody is asked for it, as it
 * is refused in any case: it only takes the place that another would, so that
 * its user is not told by the lack of one. approvals_first() and
 * approvals_find() pass it over.
 * Returns 0, FG_ERR_LIMIT (too many wait) or FG_ERR_NOMEM. It is the caller's
 * until approvals_end().
 */
int	approvals_ask(struct approvals *approvals, const struct facts *facts,
	    const struct decision *decision, int64_t until_s, bool shadow,
	    struct approval **ret_approval);

/* Those that wait, the oldest first; NULL ends them. */
struct approval *approvals_first(const struct approvals *approvals);
struct approval *approvals_next(const struct approval *approval);

/* Nobody waits for it any more; what was said of it is kept. NULL is fine. */
void	approvals_end(struct approvals *approvals, struct approval *approval,
	    int64_t now_s);

/* By reference, or NULL. */
struct approval *approvals_find(struct approvals *approvals, const char *ref);
const struct approval_past *approvals_past(const struct approvals *approvals,
	    const char *ref);

/* How it is by the clock: one that waits for too long is EXPIRED. */
enum approval_state approval_state_at(const struct approval *approval,
	    int64_t now_s);

/* Whose word counts: the login user id, or without one the user id. */
uint32_t approver_id(const struct approver *approver);

/* Whether somebody of this name asks for it, by account or person. */
bool	approval_is_of(const struct approval *approval, const char *name);

/* Why this one may not approve it, or NULL. Static, a sentence for them. */
const char *approval_bars(const struct approval *approval,
	    const struct approver *approver);

/* Whether it could be one: three digits. */
bool	approval_is_number(const char *number);

/*
 * Approve one that waits, if the number is the one that is shown. Returns 0,
 * FG_ERR_NOT_FOUND (it is not), or FG_ERR_LIMIT: it is not, and that was once
 * too often, so that it is refused now.
 */
int	approval_approve(struct approval *approval, const char *number,
	    const struct approver *approver);
void	approval_refuse(struct approval *approval,
	    const struct approver *approver);

/* Three digits that nobody can foresee, the first one not 0. */
void	approval_number(char ret_number[APPROVAL_NUMBER_SIZE]);

#endif
