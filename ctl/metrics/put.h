/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metrics in the text format of Prometheus (version 0.0.4): each name has its
 * HELP and its TYPE once, before its values. A member that the report does not
 * have is left out, never zero.
 */
#ifndef FG_METRICS_PUT_H
#define FG_METRICS_PUT_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl/ctl.h"

struct metric {
	const char	*name;		/* behind "farmgate_" */
	const char	*type;
	const char	*help;
	const char	*section;	/* "": the report itself */
	const char	*key;
};

/* What stands in front of the values of one name. */
void	put_head(FILE *out, const char *name, const char *type,
	    const char *help);

/* A value of a label, without its quotes. */
void	put_label(FILE *out, const char *text);

void	put_metric(FILE *out, const struct json *report,
	    const struct metric *m);
void	put_flag(FILE *out, const char *name, const char *help, bool value);

/* decisions.c: by verdict, and how long they took. */
void	put_decisions(FILE *out, const struct json *report);

/* hooks.c */
void	put_hooks(FILE *out, const struct json *report);

/* rules.c: of each policy and its rules, which the daemon is asked for. Returns
 * CTL_OK, or what ctl_ask_lines() does, which has complained. */
int	put_rules(FILE *out, const struct ctl *ctl);

#endif
