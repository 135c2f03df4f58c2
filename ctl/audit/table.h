/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of the audit log as a table for people, a line each. Widths are
 * fixed, as nothing is known of what comes: a value that is longer moves what
 * follows.
 */
#ifndef FG_CTL_AUDIT_TABLE_H
#define FG_CTL_AUDIT_TABLE_H

#include <stdio.h>

#include "policyd/json/json.h"

void	table_heading(FILE *out);
void	table_record(const struct json *record, FILE *out);

#endif
