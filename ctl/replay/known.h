/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What logs let know of a person at the time of a login: earlier logins, open
 * sessions, and who else came from an address. It is built up along the way, of
 * the logins that took place, and is bounded: of each only the latest.
 */
#ifndef FG_CTL_REPLAY_KNOWN_H
#define FG_CTL_REPLAY_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/past/past.h"
#include "ctl/replay/names.h"
#include "policyd/facts.h"
#include "policyd/net/addr.h"

#define KNOWN_LOGINS	4u
#define KNOWN_ASNS	8u
#define KNOWN_SESSIONS	14u	/* FACT_OTHERS_MAX */
#define KNOWN_SHARERS	8u	/* FACT_SHARERS_MAX */
#define KNOWN_VIEWS	2u	/* rulesets that are tried at once */

struct known_login {
	struct addr	 addr;
	int64_t		 at_s;
};

struct known_asn {
	uint32_t	 number;
	uint32_t	 days;		/* with logins from there */
	int64_t		 day;		/* the last of them, since 1970 */
};

struct known_session {
	int64_t		 pid;		/* of sshd, or 0 */
	int64_t		 since_s;
	bool		 has_addr;
	struct addr	 addr;
	struct fact_where where[KNOWN_VIEWS];
	char		 tty[FG_TTY_MAX + 1];
	char		 service[FG_SERVICE_MAX + 1];
	char		 key[PERSON_KEY_MAX + 1];
};

struct known_person {
	size_t		 nlogins, nasns, nsessions;
	struct known_login login[KNOWN_LOGINS];	/* the newest first */
	struct known_asn asn[KNOWN_ASNS];
	struct known_session *session;	/* the oldest first */
};

/* Who came from one source, and when last. */
struct known_sharer {
	uint32_t	 who;
	int64_t		 at_s;
};

struct known;

struct known	*known_new(void);		/* NULL: no memory */
void		 known_free(struct known *known);	/* NULL is fine */

/* Whose they are: the names have the numbers. */
struct names	*known_names(struct known *known);
const struct known_person *known_person(const struct known *known,
		    uint32_t who);
/* Days on which they came from it so far. */
uint32_t	 known_days(const struct known *known, uint32_t who,
		    uint32_t asn);
/* At most KNOWN_SHARERS. */
const struct known_sharer *known_sharers(const struct known *known,
		    const struct addr *addr, size_t *ret_n);
/* Whether any session has ended so far: else nothing is known of them. */
bool		 known_ends(const struct known *known);

/* The login took place. asn 0: not known; where it is by each ruleset. */
void		 known_take(struct known *known, uint32_t who,
		    const struct past_login *login, uint32_t asn,
		    const struct fact_where where[KNOWN_VIEWS]);
/* A session is over. */
void		 known_end(struct known *known, const struct past_login *end);
/* Sessions whose end nobody has seen are none after a week. */
void		 known_expire(struct known *known, uint32_t who, int64_t at_s);

#endif
