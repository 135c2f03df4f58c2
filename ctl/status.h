/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of farmgatectl status: what stands in front of each, and those
 * that are about the machine itself or about hooks.
 */
#ifndef FG_CTL_STATUS_H
#define FG_CTL_STATUS_H

#include "ctl/ctl.h"

#define STATUS_LABEL "%-10s "

/* Members of the daemon's report; nothing where there is none. */
void	status_print_machine(const struct json *machine);
void	status_print_assets(const struct json *assets);
void	status_print_laptops(const struct json *laptops);
void	status_print_witness(const struct json *witness);
/* How long what is held on people is kept: of the whole report. */
void	status_print_keep(const struct json *report);
void	status_print_scanner(const struct json *scanner);

/* "; 93 days old" of a member that counts seconds, or "". Returns buf. */
#define STATUS_AGE_SIZE 48u
const char *status_age(const struct json *json, const char *key,
    char buf[STATUS_AGE_SIZE]);

void	status_print_sockets(const struct json *sockets);

/* How many of a list the report had no room for; a line of it behind them. */
long long status_more(const struct json *report, const char *list);
void	status_print_more(const struct json *report, const char *list);

/* What the programs of hooks have come to, which the hook service knows and the
 * daemon does not: member programs of the report's hooks. */
void	status_add_hooks(struct json *report);
void	status_print_hooks(const struct json *hooks);

#endif
