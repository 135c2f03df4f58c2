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
take_option(struct dossier *d, int c, char **argv, bool *json)
{
	if (c == 'S')
		return ctl_take_period(COMMAND, false, optarg, &d->since_s);
	if (c == 'U')
		return ctl_take_period(COMMAND, true, optarg, &d->until_s);
	if (c == 'c')
		d->config = optarg;
	else if (c == 'f')
		d->file = optarg;
	else if (c == 'j')
		*json = true;
	else
		return ctl_bad_option(COMMAND, c, argv);
	return CTL_OK;
}

static int
read_options(struct dossier *d, int argc, char **argv, bool *json)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 'S' },
		{ "until", required_argument, NULL, 'U' },
		{ "config", required_argument, NULL, 'c' },
		{ "file", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if ((r = take_option(d, c, argv, json)) != CTL_OK)
			return r;
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
	ctl_tell_read(ctl, COMMAND);
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
