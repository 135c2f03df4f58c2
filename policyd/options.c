/* SPDX-License-Identifier: BSD-2-Clause */
/* What farmgate-policyd is started with. */
#include "policyd/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/conf.h"

#define OPTIONS_RUNDIR	     "/run/farmgate"
#define OPTIONS_USER	     "farmgate"
#define OPTIONS_SCANNER_USER "farmgate-scan"

/* What is wrong with an option's value, or with a stray one; or NULL. */
static void
options_usage(const char *option, const char *value, const char *what)
{
	if (what != NULL)
		(void)fprintf(stderr, "farmgate-policyd: %s%s %s\n", option,
		    value, what);
	(void)fprintf(stderr,
	    "usage: farmgate-policyd [-dtw] [-c config] "
	    "[-F errno|kill] [-r rundir]\n"
	    "           [-s scanner-user] [-u user]\n");
	exit(2);
}

void
options_parse(int argc, char **argv, struct options *ret_options)
{
	struct options o = { .config = CONF_FILE,
		.rundir = OPTIONS_RUNDIR,
		.user = OPTIONS_USER,
		.scanner_user = OPTIONS_SCANNER_USER,
		.seccomp = SANDBOX_ERRNO };
	int c;

	while ((c = getopt(argc, argv, "c:dF:r:s:tu:w")) != -1) {
		switch (c) {
		case 'c':
			o.config = optarg;
			break;
		case 'd':
			o.debug = true;
			break;
		case 'F':
			if (strcmp(optarg, "kill") == 0)
				o.seccomp = SANDBOX_KILL;
			else if (strcmp(optarg, "errno") == 0)
				o.seccomp = SANDBOX_ERRNO;
			else
				options_usage("-F ", optarg,
				    "is neither errno nor kill");
			break;
		case 'r':
			o.rundir = optarg;
			break;
		case 's':
			o.scanner_user = optarg;
			break;
		case 't':
			o.test = true;
			break;
		case 'u':
			o.user = optarg;
			break;
		case 'w':
			o.witness = true;
			break;
		default:
			options_usage("", "", NULL);
		}
	}
	if (optind != argc)
		options_usage("", argv[optind], "belongs to no option");
	if (o.config[0] != '/')
		options_usage("-c ", o.config, "is no absolute path");
	if (o.rundir[0] != '/')
		options_usage("-r ", o.rundir, "is no absolute path");
	*ret_options = o;
}
