/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the audit file is.
 */
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/audit/audit.h"
#include "policyd/conf.h"

char *
ctl_audit_path(const char *command, const char *config)
{
	struct conf_errors errors = { 0 };
	struct conf *conf;
	char *path;

	/* A broken configuration must not keep the past from being read. */
	if (conf_load(config, &conf, &errors) != 0) {
		ctl_complain("%s: %s cannot be used, see farmgatectl check; "
			     "reading %s",
		    command, config, AUDIT_FILE);
		path = strdup(AUDIT_FILE);
	} else {
		path = strdup(conf->audit);
		conf_free(conf);
	}
	conf_errors_done(&errors);
	return path;
}
