/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registry of finding codes: their names, grades and shipped actions.
 * Config, audit, manual and tests use these names and no others. A finding
 * states what was seen; what is done about it is decide.c's business.
 */
#ifndef FG_FINDING_H
#define FG_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#define FINDING_GRADE_MAX	32u	/* bytes; a grade is [a-z0-9_-]+ */
#define FINDING_NAME_SIZE	(2u * FINDING_GRADE_MAX + 2u) /* "CODE:GRADE" */
#define FINDING_TEXT_MAX	240u	/* bytes of evidence in words */
#define FINDING_OF_MAX		64u	/* SIGN_WHAT_MAX */
#define FINDING_LIST_MAX	52u	/* findings of one decision */

/* Strictest last: a decision takes the maximum. */
enum action {
	ACTION_NONE = 0,
	ACTION_IGNORE,
	ACTION_LOG,
	ACTION_CHALLENGE,
	ACTION_DENY
};

enum finding_code {
	FINDING_NONE = 0,
	FINDING_GEO_COUNTRY,
	FINDING_GEO_DISTANCE,
	FINDING_GEO_TRAVEL,
	FINDING_GEO_UNKNOWN,	/* not_found, no_database, no_address,
				 * no_session, loopback */
	FINDING_GEO_STALE,
	FINDING_NET_ANONYMIZER,	/* vpn, proxy, residential, tor, any */
	FINDING_NET_HOSTING,
	FINDING_NET_LISTED,	/* the grade is the network's label */
	FINDING_NET_ASN,	/* denied, new, unknown */
	FINDING_NET_VPN_CLIENT,
	FINDING_SESSION_LIMIT,
	FINDING_SESSION_PLACES,
	FINDING_SESSION_SHARED_SOURCE,
	FINDING_SESSION_SHARED_DEVICE,
	FINDING_SESSION_SHARED_SITE,
	FINDING_REMOTE_TOOL,
	FINDING_REMOTE_DESKTOP,
	FINDING_REMOTE_TUNNEL,
	FINDING_REMOTE_KVM,
	FINDING_REMOTE_DISPLAY,
	FINDING_REMOTE_JIGGLER,
	FINDING_REMOTE_SESSION,
	FINDING_REMOTE_UNKNOWN,
	FINDING_DEVICE_MISMATCH,
	FINDING_DEVICE_UNISSUED,
	FINDING_DEVICE_UNENROLLED,
	FINDING_DEVICE_VIRTUAL,
	FINDING_DEVICE_KEY,
	FINDING_DEVICE_CLONE,
	FINDING_DEVICE_NEW_INPUT,
	FINDING_DEVICE_PLACE,
	FINDING_TIME_HOURS,
	FINDING_PERSON_UNKNOWN,	/* account, shared, elsewhere */
	FINDING_PERSON_REVOKED,
	FINDING_PERSON_UNVERIFIED,
	FINDING_CHALLENGE_FAILED,
	FINDING_CHALLENGE_IMPOSSIBLE,
	FINDING_COUNT
};

struct finding_info {
	const char	*name;		/* "geo.country" */
	const char	*summary;	/* one line for people */
	const char	*const *grades;	/* NULL-terminated, or NULL: none */
	bool		 labelled;	/* the grade is a network's label */
	enum action	 shipped;	/* action where no rule names it */
	const char	*next;		/* finding_next() knows more */
};

/* One thing that a check saw. */
struct finding {
	enum finding_code code;
	char		 grade[FINDING_GRADE_MAX + 1];	/* "" if ungraded */
	char		 text[FINDING_TEXT_MAX + 1]; /* evidence */
	char		 of[FINDING_OF_MAX + 1]; /* the tool or device; or "" */
	bool		 by_entry;	/* of the inventory, not the policy */
	bool		 minor;		/* at most ACTION_LOG, see below */
};

struct finding_list {
	struct finding	 list[FINDING_LIST_MAX];
	size_t		 count;
	bool		 overflow;	/* more were found than fit: a deny */
};

/* Never NULL for a code in (FINDING_NONE, FINDING_COUNT). */
const struct finding_info *finding_info(enum finding_code code);

/* "net.listed:vpn"; the code alone if grade is NULL or "". Returns buf. */
const char *finding_name(enum finding_code code, const char *grade,
	    char buf[FINDING_NAME_SIZE]);

/* FINDING_NONE if there is no such name. */
enum finding_code finding_by_name(const char *name);

/*
 * The shipped action for a code and grade; grade may be "". It may be
 * ACTION_CHALLENGE, which conf_action() turns into ACTION_DENY where no method
 * that is configured answers the finding.
 */
enum action	 finding_shipped(enum finding_code code, const char *grade);

/* What an administrator can do about it. Static, never NULL. */
const char	*finding_next(const struct finding *finding);

/* "ignore", "log", "challenge", "deny"; "none" for ACTION_NONE. Static. */
const char	*action_name(enum action action);

/* ACTION_NONE if there is no such name. */
enum action	 action_by_name(const char *name);

/*
 * Add a finding; text is formatted, made printable and bounded.
 * A full list or a grade that is too long sets .overflow.
 */
void		 finding_add(struct finding_list *list,
		    enum finding_code code, const char *grade,
		    const char *fmt, ...)
		    __attribute__((format(printf, 4, 5)));

/*
 * The one of this code that was just added goes by what the inventory says of
 * the person, where it could have gone by the policy.
 */
void		 finding_by_entry(struct finding_list *list,
		    enum finding_code code);

/*
 * The one of this code that was just added is somebody else's doing, or is
 * known by a name that anybody may give: whatever the policy says, it is no
 * reason for more than ACTION_LOG.
 */
void		 finding_minor(struct finding_list *list,
		    enum finding_code code);

/* The one of this code that was just added is of that tool or device. */
void		 finding_of(struct finding_list *list, enum finding_code code,
		    const char *what);

/* It can come to be while a session is open, and is looked for then. */
bool		 finding_is_live(enum finding_code code);

#endif
