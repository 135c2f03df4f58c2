/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit: the records that are asked for.
 */
#ifndef FG_CTL_AUDIT_QUERY_H
#define FG_CTL_AUDIT_QUERY_H

#include "ctl/ctl.h"

/* The command, argv[0] being its name. Returns the exit status. */
int	audit_query(const struct ctl *ctl, int argc, char **argv);

#endif
