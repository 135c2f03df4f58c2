/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl revoke and unrevoke: take access back, with what is open of it,
 * and say what else there is that acts without a login.
 */
#include <getopt.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/remains.h"
#include "policyd/store/store.h"
#include "proto/glass.h"

struct revoke {
	const char *user;
	const char *at;
	const char *reason;
	bool kill;
	bool list;
	bool json;
};

/* ---- what came of it --------------------------------------------------- */

void
ctl_print_revocation(const struct json *r)
{
	char user[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], reason[CTL_TEXT_SIZE];
	char at[CTL_TIME_SIZE], made[CTL_TIME_SIZE], by[CTL_TEXT_SIZE];

	(void)ctl_text(r, "reason", "", reason);
	printf("%-16s %-8s from %s  made %s by %s: %s\n",
	    ctl_text(r, "user", "-", user), ctl_text(r, "state", "-", state),
	    ctl_time_text(json_get_int(r, "at", -1), at),
	    ctl_time_text(json_get_int(r, "made", -1), made),
	    json_get_bool(r, "bundle", false) ? "a bundle" : ctl_by_text(r, by),
	    reason[0] != '\0' ? reason : "no reason given");
}

static int
show(const struct revoke *r, struct json *report)
{
	const struct json *remains;

	remains = remains_add(report, json_get(report, "accounts"));
	if (r->json)
		return ctl_print_json(report);
	printf("revoked: ");
	ctl_print_revocation(report);
	ctl_print_sessions(report, "sessions:", "no open session");
	remains_print(remains);
	return CTL_OK;
}

/* ---- revoke ------------------------------------------------------------ */

static int
revoke_options(int argc, char **argv, struct revoke *r)
{
	const struct ctl_option options[] = {
		{ "at", &r->at, NULL },
		{ "reason", &r->reason, NULL },
		{ "kill", NULL, &r->kill },
		{ "list", NULL, &r->list },
		{ "json", NULL, &r->json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("revoke", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (r->list && (optind != argc || r->kill || r->at || r->reason))
		return ctl_misuse("revoke",
		    "revoke: --list goes with --json alone");
	if (!r->list && optind + 1 != argc)
		return ctl_misuse("revoke", "revoke: one user is needed");
	/* Want of a reason is none to leave anybody their access. */
	if (r->reason != NULL && r->reason[0] == '\0')
		r->reason = NULL;
	r->user = argv[optind];
	return CTL_OK;
}

static int
revoke_command(const struct revoke *r, struct json *command)
{
	int64_t at_s = (int64_t)time(NULL);

	if (!ctl_is_argument("USER", r->user, FG_USER_MAX) ||
	    (r->reason != NULL &&
		!ctl_is_argument("--reason", r->reason, STORE_REASON_MAX)))
		return CTL_ERROR;
	json_set_string(command, "do", "revoke");
	json_set_string(command, "user", r->user);
	json_set_bool(command, "kill", r->kill);
	if (r->reason != NULL)
		json_set_string(command, "reason", r->reason);
	if (r->at == NULL)
		return CTL_OK;
	if (ctl_take_when("revoke", "--at", r->at, false, &at_s) != CTL_OK)
		return CTL_ERROR;
	json_set_int(command, "at", at_s);
	return CTL_OK;
}

static int
revoke_list(const struct ctl *ctl, const struct revoke *r)
{
	struct json *command = json_new();

	json_set_string(command, "do", "revocations");
	return ctl_list(ctl, command, r->json, NULL, ctl_print_revocation);
}

int
cmd_revoke(const struct ctl *ctl, int argc, char **argv)
{
	struct revoke r = { .user = NULL };
	struct ctl_stream stream = { .take = NULL };
	struct json *command, *report;
	int status;

	if (revoke_options(argc, argv, &r) != CTL_OK)
		return CTL_ERROR;
	if (r.list)
		return revoke_list(ctl, &r);
	command = json_new();
	if (revoke_command(&r, command) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	/* Sessions end one after the other. */
	stream.is_long = r.kill;
	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK) {
		ctl_complain("revoke: while the daemon does not answer, who is "
			     "in " FG_GLASS_FILE " gets in");
		return CTL_ERROR;
	}
	ctl_warn_no_account(report, r.user);
	if (json_get(report, "accounts") != NULL && show(&r, report) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status;
}

/* ---- unrevoke ---------------------------------------------------------- */

int
cmd_unrevoke(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *report;
	bool json;
	int status;

	if (ctl_take_json("unrevoke", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("unrevoke", "unrevoke: one user is needed");
	if (!ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "unrevoke");
	json_set_string(command, "user", argv[optind]);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (json) {
		if (ctl_print_json(report) != CTL_OK)
			status = CTL_ERROR;
	} else if (json_get_int(report, "made", 0) > 0) {
		printf("no longer revoked: ");
		ctl_print_revocation(report);
	}
	json_free(report);
	return status;
}
