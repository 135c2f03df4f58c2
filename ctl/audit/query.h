/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit: the records that are asked for.
 */
#ifndef FG_CTL_AUDIT_QUERY_H
#define FG_CTL_AUDIT_QUERY_H

/* The command, argv[0] being its name. Returns the exit status. */
int	audit_query(int argc, char **argv);

#endif
