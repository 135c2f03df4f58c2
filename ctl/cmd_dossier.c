/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl dossier: all that is known here of one person.
 */
#include <getopt.h>
#include <time.h>

#include "ctl/ctl.h"
#include "ctl/dossier/dossier.h"
#include "policyd/conf.h"
#include "policyd/people/civil.h"

#define COMMAND	    "dossier"
#define PERIOD_DAYS 90 /* as long as the daemon's own history */

static int
read_options(struct dossier *d, int argc, char **argv, bool *json)
{
	const char *since = NULL, *until = NULL;
	const struct ctl_option options[] = {
		{ "since", &since, NULL },
		{ "until", &until, NULL },
		{ "config", &d->config, NULL },
		{ "file", &d->file, NULL },
		{ "json", NULL, json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options(COMMAND, argc, argv, options) != CTL_OK ||
	    ctl_take_period(COMMAND, false, since, &d->since_s) != CTL_OK ||
	    ctl_take_period(COMMAND, true, until, &d->until_s) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND, COMMAND ": one user is needed");
	if (!ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	d->user = argv[optind];
	return CTL_OK;
}

/* The log is there without the daemon, and the daemon without the log. */
static int
collect(struct dossier *d)
{
	int now, past;

	json_set_string(d->json, "user", d->user);
	json_set_int(d->json, "since", d->since_s);
	json_set_int(d->json, "until", d->until_s);
	if (aliases_add(&d->names, d->user) != 0)
		return CTL_ERROR;
	now = dossier_now(d);
	past = dossier_past(d);
	if (now == CTL_ERROR || past == CTL_ERROR)
		return CTL_ERROR;
	return past == CTL_NO && json_get(d->json, "inventory") == NULL ?
	    CTL_NO :
	    CTL_OK;
}

int
cmd_dossier(const struct ctl *ctl, int argc, char **argv)
{
	int64_t now_s = (int64_t)time(NULL);
	struct dossier d = { .ctl = ctl,
		.config = CONF_FILE,
		.since_s = now_s - PERIOD_DAYS * CIVIL_DAY_S,
		.until_s = now_s + 1 };
	bool json = false;
	int r;

	if ((r = read_options(&d, argc, argv, &json)) != CTL_OK)
		return r;
	ctl_tell_read(ctl, COMMAND, d.user);
	d.json = json_new();
	r = collect(&d);
	if (r == CTL_NO)
		ctl_complain(COMMAND ": nothing is known of %s here", d.user);
	else if (json && ctl_print_json(d.json) != CTL_OK)
		r = CTL_ERROR;
	else if (!json)
		dossier_print(&d);
	json_free(d.json);
	aliases_done(&d.names);
	return r;
}
