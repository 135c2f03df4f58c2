/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl verify: who has been looked at on live video, with the laptop
 * that they were issued. What they read out is typed here, and is no argument:
 * those are in the list of processes and in histories.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "ctl/rollout/caller.h"
#include "policyd/stepup/serial.h"
#include "policyd/store/store_verified.h"

#define LINE_SIZE 256u

struct verify {
	const char *user;
	const char *asset;
	const char *until;
	int64_t until_s; /* what that says */
	bool no_serial;
	bool list;
	bool remove;
	bool json;
};

static void
print_verified(const struct json *v, bool known)
{
	char user[CTL_TEXT_SIZE], asset[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE];
	char until[CTL_TIME_SIZE], by[CTL_TEXT_SIZE], removed[CTL_TEXT_SIZE];

	printf("%-16s %-8s until %s with %s%s, by %s%s",
	    ctl_text(v, "user", "-", user), ctl_text(v, "state", "-", state),
	    ctl_time_text(json_get_int(v, "until", -1), until),
	    ctl_text(v, "asset", "-", asset),
	    json_get_bool(v, "serial", false) ? "" : " (no serial number)",
	    ctl_by_text(v, by), ctl_removed_text(v, removed));
	puts(known ? "" : ", not in the inventory");
}

void
ctl_print_verified(const struct json *v)
{
	print_verified(v, json_get_bool(v, "known", true));
}

/* ---- options ------------------------------------------------------------ */

static int
check_arguments(const struct verify *v, int left)
{
	int wanted = v->list ? 0 : v->remove ? 1 : 2;

	if (v->list && v->remove)
		return ctl_misuse("verify",
		    "verify: --list or --remove, not both");
	if ((v->list || v->remove) && (v->until != NULL || v->no_serial))
		return ctl_misuse("verify",
		    "verify: --until and --no-serial are of one who is "
		    "verified now");
	if (left == wanted)
		return CTL_OK;
	return ctl_misuse("verify", "verify: %s",
	    v->list	  ? "--list takes no user" :
		v->remove ? "one user is needed" :
			    "a user and an asset are needed");
}

static int
take_options(int argc, char **argv, struct verify *v)
{
	const struct ctl_option options[] = {
		{ "until", &v->until, NULL },
		{ "no-serial", NULL, &v->no_serial },
		{ "list", NULL, &v->list },
		{ "remove", NULL, &v->remove },
		{ "json", NULL, &v->json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("verify", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (check_arguments(v, argc - optind) != CTL_OK)
		return CTL_ERROR;
	v->user = v->list ? NULL : argv[optind];
	v->asset = v->list || v->remove ? NULL : argv[optind + 1];
	return CTL_OK;
}

/* ---- add ---------------------------------------------------------------- */

/* A line of the terminal, without its end; false at the end of the input. */
static bool
read_serial(const struct verify *v, char serial[LINE_SIZE])
{
	if (!v->json) {
		fputs("The serial number that the person read out: ", stdout);
		(void)fflush(stdout); /* main looks for errors */
	}
	if (fgets(serial, LINE_SIZE, stdin) == NULL)
		return false;
	serial[strcspn(serial, "\r\n")] = '\0';
	return serial[0] != '\0';
}

static int
set_serial(const struct verify *v, struct json *command)
{
	char serial[LINE_SIZE];

	if (v->no_serial)
		return CTL_OK;
	if (!read_serial(v, serial)) {
		ctl_complain("no serial number was given, so nobody was "
			     "verified; see --no-serial");
		return CTL_ERROR;
	}
	json_set_string(command, "serial", serial);
	crypto_wipe(serial, sizeof(serial));
	return CTL_OK;
}

static void
set_verify(const struct verify *v, const char *what, struct json *command)
{
	char asker[FG_USER_MAX + 1];

	json_set_string(command, "do", what);
	json_set_string(command, "user", v->user);
	json_set_string(command, "asset", v->asset);
	if (v->until != NULL)
		json_set_int(command, "until", v->until_s);
	if (caller_login(asker))
		json_set_string(command, "asker", asker);
}

/* Whether it would be refused whatever the person reads out. */
static int
ask_first(const struct ctl *ctl, const struct verify *v)
{
	struct json *command = json_new(), *report;
	int status;

	set_verify(v, "verify.may", command);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	ctl_warn_no_account(report, v->user);
	json_free(report);
	return status;
}

static int
set_add(const struct ctl *ctl, struct verify *v, struct json *command)
{
	int status;

	if (!ctl_is_argument("USER", v->user, FG_USER_MAX) ||
	    !ctl_is_argument("ASSET", v->asset, STORE_ASSET_MAX))
		return CTL_ERROR;
	v->until_s = (int64_t)time(NULL);
	if (v->until != NULL &&
	    ctl_take_when("verify", "--until", v->until, true, &v->until_s) !=
		CTL_OK)
		return CTL_ERROR;
	if ((status = ask_first(ctl, v)) != CTL_OK)
		return status;
	set_verify(v, "verify", command);
	return set_serial(v, command);
}

static int
set_remove(const struct ctl *ctl, struct verify *v, struct json *command)
{
	(void)ctl; /* nothing is asked before */
	if (!ctl_is_argument("USER", v->user, FG_USER_MAX))
		return CTL_ERROR;
	json_set_string(command, "do", "verify.remove");
	json_set_string(command, "user", v->user);
	return CTL_OK;
}

/* ---- answers ------------------------------------------------------------ */

static int
list(const struct ctl *ctl, const struct verify *v)
{
	struct json *command = json_new();

	json_set_string(command, "do", "verify.list");
	return ctl_list(ctl, command, v->json, NULL, ctl_print_verified);
}

int
cmd_verify(const struct ctl *ctl, int argc, char **argv)
{
	struct verify v = { .user = NULL };
	struct json *command, *report;
	int status;

	if (take_options(argc, argv, &v) != CTL_OK)
		return CTL_ERROR;
	if (v.list)
		return list(ctl, &v);
	command = json_new();
	status = (v.remove ? set_remove : set_add)(ctl, &v, command);
	if (status != CTL_OK) {
		json_free(command);
		return status;
	}
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (v.json && report != NULL) {
		if (ctl_print_json(report) != CTL_OK)
			status = CTL_ERROR;
	} else if (status == CTL_OK) {
		print_verified(report, true);
	}
	json_free(report);
	return status;
}
