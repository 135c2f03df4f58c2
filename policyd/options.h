/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon's command line, see farmgate-policyd(8). */
#ifndef FG_OPTIONS_H
#define FG_OPTIONS_H

#include <stdbool.h>

#include "policyd/privilege/sandbox.h"

/* Command line, with defaults. */
struct options {
	const char	*config;	/* -c */
	const char	*rundir;	/* -r */
	const char	*user;		/* -u */
	const char	*scanner_user;	/* -s */
	enum sandbox_mode seccomp;	/* -F */
	bool		 debug;		/* -d */
	bool		 test;		/* -t */
	bool		 witness;	/* -w */
};

/*
 * What is not given has its default; texts point into argv. What is wrong is
 * said on standard error, with the usage, and ends the process with status 2.
 */
void	options_parse(int argc, char **argv, struct options *ret_options);

#endif
