/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of the PAM line, as the module reads them: what is wrong is in
 * the system log.
 */
#include <syslog.h>

#include <security/pam_ext.h>

#include "pam_module/args.h"

static void
log_wrong(int i, const char *shown, const char *wrong, void *arg)
{
	pam_handle_t *pamh = arg;

	pam_syslog(pamh, LOG_ERR,
	    "argument %d, \"%s\": %s; this line refuses everybody", i, shown,
	    wrong);
}

int
args_parse(pam_handle_t *pamh, int argc, const char **argv,
    struct args *ret_args)
{
	return args_read(argc, argv, log_wrong, pamh, ret_args);
}
