/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with an sshd for Farmgate: one table of checks, each a small
 * function of what is in force for one user from one address. Nothing is asked
 * or read here.
 */
#ifndef FG_CTL_SSHD_LOOK_H
#define FG_CTL_SSHD_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/sshd/effective.h"
#include "policyd/conf.h"

#define LOOK_TEXT_SIZE 1024u

/*
 * So many logins are taken to wait for their second factor at once, and so
 * many seconds a person to answer. MaxStartups is to have room for three times
 * as many. That is no limit of the daemon's: see request_prove.h.
 */
#define LOOK_PENDING 10u
#define LOOK_STEPUP_S 30u
/* Of LoginGraceTime, what the first factor and the gate need for themselves. */
#define LOOK_FIRST_S 10u

enum look_severity {
	LOOK_NONE = 0,
	LOOK_NOTE,		/* good to know */
	LOOK_WARNING,		/* seldom meant, or in step-up's way */
	LOOK_ERROR		/* the gate is not asked */
};

/* What is in force for one. */
struct look_case {
	const char	*user;		/* NULL: nobody knows whose it is */
	const char	*from;
	struct effective *settings;
};

/* The account lines of the PAM service that sshd uses. */
enum look_pam {
	LOOK_PAM_UNKNOWN = 0,	/* not looked at */
	LOOK_PAM_GATE,		/* one of them is the gate's */
	LOOK_PAM_NO_GATE,
	LOOK_PAM_NO_FILE
};

struct look_world {
	const struct look_case *cases;
	size_t		 ncases;
	const struct conf *conf;	/* whose networks; NULL: none known */
	bool		 has_step_up;	/* also where .conf does not say so */
	int64_t		 now_s;		/* for what shared_until excuses */
	enum look_pam	 pam;
	const char	*service;	/* PAM's */
};

struct look_finding {
	const char	*check;		/* its name in the table */
	enum look_severity	 severity;
	char		 text[LOOK_TEXT_SIZE]; /* what; after "; " the fix.
					 * Not escaped */
	bool		*holds;		/* for which of the cases */
	size_t		 nholds;
};

struct look_findings {
	struct look_finding *v;	/* the gravest first */
	size_t		 n;
};

/*
 * Of findings that are zeroed. What is the same for several cases is one.
 * Returns 0 or FG_ERR_NOMEM.
 */
int	 look_run(const struct look_world *world,
	    struct look_findings *findings);

void	 look_findings_done(struct look_findings *findings);

size_t	 look_count(const struct look_findings *findings,
	    enum look_severity severity);

/* "note", "warning", "error"; "none". Static. */
const char	*look_severity_name(enum look_severity severity);

#endif
