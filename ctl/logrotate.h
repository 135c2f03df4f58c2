/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether logrotate(8) is told to rotate the audit log as well: what it removes
 * has no tombstone.
 */
#ifndef FG_CTL_LOGROTATE_H
#define FG_CTL_LOGROTATE_H

#include "policyd/conf.h"

#define LOGROTATE_FOLDER "/etc/logrotate.d"

/* A warning for each of its files in folder that names the log of conf, if old
 * files of it are to expire. */
void	logrotate_warn(const struct conf *conf, const char *folder,
	    struct conf_errors *warnings);

#endif
