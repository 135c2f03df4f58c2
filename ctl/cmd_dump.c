/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl dump: the effective configuration, in the syntax of the file.
 */
#include <getopt.h>
#include <stdio.h>

#include "ctl/ctl.h"
#include "policyd/conf.h"

static int
dump(const char *path)
{
	struct conf_errors errors = { 0 };
	struct conf *conf = NULL;
	int r, status;

	r = conf_load(path, &conf, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	status = ctl_conf_status(path, r);
	if (status == CTL_OK && conf_dump(conf, stdout) != 0)
		status = CTL_ERROR; /* main complains of standard output */
	conf_free(conf);
	return status;
}

int
cmd_dump(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option none[] = { { NULL, 0, NULL, 0 } };
	int c;

	(void)ctl;
	if ((c = getopt_long(argc, argv, "+:", none, NULL)) != -1)
		return ctl_bad_option(argv[0], c, argv);
	if (argc - optind > 1)
		return ctl_misuse(argv[0], "dump takes one file, not %s",
		    argv[optind + 1]);
	return dump(optind < argc ? argv[optind] : CONF_FILE);
}
