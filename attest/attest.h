/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of farmgate-attest share: its exit statuses, and how it
 * speaks to whoever runs it. The rules of this room: libc and proto/ alone; a
 * secret is wiped where it was used; nothing from the environment says whom to
 * trust.
 */
#ifndef FG_ATTEST_H
#define FG_ATTEST_H

#define ATTEST_RUNDIR	"/run/farmgate"

enum attest_status {
	ATTEST_OK = 0,
	ATTEST_NO = 1,		/* no answer; of check: something is amiss */
	ATTEST_USAGE = 2
};

/* The environment: what SSH_ASKPASS and SSH_ASKPASS_REQUIRE were before. */
#define ATTEST_NEXT_ENV		"FARMGATE_ASKPASS_NEXT"
#define ATTEST_REQUIRE_ENV	"FARMGATE_ASKPASS_REQUIRE"

/*
 * One line with the program's name in front: to standard error, and where that
 * is no terminal to the process's terminal too. What is not printable in it is
 * escaped.
 */
void	attest_complain(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

/* The same for what is no failure: to the terminal, else standard error. */
void	attest_tell(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

#endif
