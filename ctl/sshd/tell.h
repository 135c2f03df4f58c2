/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was found in an sshd, printed for people or as JSON, with the users and
 * addresses for which it holds.
 */
#ifndef FG_CTL_SSHD_TELL_H
#define FG_CTL_SSHD_TELL_H

#include "ctl/sshd/cases.h"
#include "ctl/sshd/look.h"

struct tell {
	const char	*what;		/* a program, or a file of settings */
	const char	*service;	/* PAM's; NULL: not looked at */
	const struct cases *cases;
	const struct look_findings *findings;
};

void	 tell_print(const struct tell *tell);

/* Returns CTL_OK or CTL_ERROR. */
int	 tell_print_json(const struct tell *tell);

#endif
