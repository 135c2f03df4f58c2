/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl enrol add: what the daemon knows of a laptop that asks to be
 * enrolled is shown, then somebody says yes or no.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/enrol.h"
#include "policyd/device/hwid.h"
#include "policyd/witness/enrolment_code.h"

struct add {
	const char *from; /* the line, a file, or "-" */
	const char *asset; /* NULL: as the laptop says */
	bool now;
	bool yes;
	bool json;
	char code[ENROLMENT_CODE_SIZE];
};

/* ---- what was given ----------------------------------------------------- */

static int
take_options(int argc, char **argv, struct add *add)
{
	const struct ctl_option options[] = {
		{ "asset", &add->asset, NULL },
		{ "now", NULL, &add->now },
		{ "yes", NULL, &add->yes },
		{ "json", NULL, &add->json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("enrol", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (argc - optind != 1)
		return ctl_misuse("enrol",
		    "enrol: one line of farmgatectl enrol request is needed, "
		    "or a file that has it");
	add->from = argv[optind];
	if (add->asset != NULL &&
	    !ctl_is_argument("--asset", add->asset, ASSET_TAG_MAX))
		return CTL_ERROR;
	return CTL_OK;
}

/* ---- what is known ------------------------------------------------------ */

static void
print_asset(const struct json *report)
{
	const struct json *users = json_get(report, "users");
	const char *vendor = json_get_string(report, "vendor", NULL);
	char text[CTL_TEXT_SIZE], claimed[CTL_TEXT_SIZE];

	printf("asset     %s", ctl_text(report, "asset", "-", text));
	if (!json_get_bool(report, "listed", false)) {
		puts(", without an inventory of assets");
	} else {
		printf(", %s to", ctl_text(report, "status", "-", text));
		for (size_t i = 0; i < json_length(users); i++)
			printf(" %s", json_string_at(users, i, "-"));
		puts(json_length(users) == 0 ? " nobody" : "");
	}
	if (vendor != NULL || json_get_string(report, "model", NULL) != NULL)
		printf("model     %s%s%s\n",
		    ctl_text(report, "vendor", "", text),
		    vendor == NULL ? "" : " ",
		    ctl_text(report, "model", "", claimed));
	ctl_text(report, "claimed", "", claimed);
	if (claimed[0] == '\0')
		puts("the laptop says no tag of its own");
	else if (strcmp(claimed, json_get_string(report, "asset", "")) != 0)
		printf("the laptop says that it is %s\n", claimed);
}

static const char *
describe_grade(const char *grade, int64_t percent)
{
	if (strcmp(grade, "same") == 0)
		return "the same machine";
	if (strcmp(grade, "weak") == 0)
		return percent == 0 ? "DOES NOT SHOW what is known of it" :
				      "DIFFERS, as after a repair";
	if (strcmp(grade, "strong") == 0)
		return "ANOTHER MACHINE";
	return "not compared";
}

static void
print_kinds(const struct json *report)
{
	const struct json *kinds = json_get(report, "kinds");
	char text[CTL_TEXT_SIZE];
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (json_get_string(kinds, hwid_kind_name(kind), NULL) != NULL)
			printf("  %-8s%s\n", hwid_kind_name(kind),
			    ctl_text(kinds, hwid_kind_name(kind), "-", text));
}

static void
print_hardware(const struct json *report)
{
	const char *against = json_get_string(report, "against", NULL);
	const char *grade = json_get_string(report, "grade", "nothing");
	int64_t percent = json_get_int(report, "percent", 0);

	if (against == NULL) {
		puts("hardware  not compared: nothing is known of it");
		return;
	}
	printf("hardware  %s, beside %s: %lld %% of the weight differs\n",
	    describe_grade(grade, percent),
	    strcmp(against, "inventory") == 0 ? "the inventory" :
		strcmp(against, "both") == 0  ? "the inventory and what it "
						"was enrolled with before" :
						"what it was enrolled with "
						"before",
	    (long long)percent);
	print_kinds(report);
}

static void
print_known(const struct json *report, bool now)
{
	char text[CTL_TEXT_SIZE], at[CTL_TIME_SIZE];

	print_asset(report);
	printf("key       %s\n", ctl_text(report, "key", "-", text));
	print_hardware(report);
	if (!json_get_bool(report, "before", false))
		return;
	printf("before    it was enrolled by %s\n",
	    ctl_text(report, "last", "-", text));
	if (now)
		puts("          this one takes its place at once");
	else
		printf("          this one takes its place %s; at once with "
		       "--now\n"
		       "          until then logins from it are "
		       "device.unenrolled:pending\n",
		    ctl_time_text(json_get_int(report, "from", -1), at));
}

/* ---- yes or no ---------------------------------------------------------- */

static bool
is_another_machine(const struct json *report)
{
	return strcmp(json_get_string(report, "grade", ""), "strong") == 0;
}

/* Somebody has to look at another machine's key; no script says yes to it. */
static int
ask(const struct add *add, const struct json *report)
{
	if (add->yes && !is_another_machine(report))
		return CTL_OK;
	if (isatty(STDIN_FILENO) && !add->json)
		return ctl_ask("enrol", "Enrol it?", "nothing was enrolled");
	ctl_complain(add->yes ?
		"enrol: nothing was enrolled: the hardware is another "
		"machine's, which --yes is not enough for; say it at a "
		"terminal" :
		"enrol: nothing was enrolled: this is no terminal to "
		"ask on; give --yes");
	return CTL_ERROR;
}

static struct json *
make_command(const struct add *add)
{
	struct json *command = json_new();

	json_set_string(command, "do", "enrol.add");
	json_set_untrusted(command, "code", add->code);
	if (add->asset != NULL)
		json_set_string(command, "asset", add->asset);
	json_set_bool(command, "now", add->now);
	return command;
}

static void
print_done(const struct json *report)
{
	char text[CTL_TEXT_SIZE], at[CTL_TIME_SIZE];

	if (strcmp(json_get_string(report, "state", ""), "pending") == 0)
		printf("enrolled: %s, from %s on\n",
		    ctl_text(report, "asset", "-", text),
		    ctl_time_text(json_get_int(report, "from", -1), at));
	else
		printf("enrolled: %s\n", ctl_text(report, "asset", "-", text));
}

/* What was shown goes with it: what has changed meanwhile is shown anew. */
static int
carry_out(const struct ctl *ctl, const struct add *add,
    const struct json *shown)
{
	struct json *command = make_command(add), *report;
	int status;

	json_set_string(command, "shown", json_get_string(shown, "asset", ""));
	json_set_string(command, "grade", json_get_string(shown, "grade", ""));
	json_set_bool(command, "before", json_get_bool(shown, "before", false));
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (add->json) {
		if (ctl_print_json(report) != CTL_OK)
			status = CTL_ERROR;
	} else if (status == CTL_OK) {
		print_done(report);
	}
	json_free(report);
	return status;
}

int
enrol_add(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *shown;
	struct add add = { .from = NULL };
	int status;

	if (take_options(argc, argv, &add) != CTL_OK ||
	    enrol_line(add.from, add.code) != CTL_OK)
		return CTL_ERROR;
	command = make_command(&add);
	json_set_bool(command, "dry_run", true);
	if (ctl_command(ctl, command, NULL, &shown, &status) != CTL_OK)
		return CTL_ERROR;
	if (status == CTL_OK) {
		if (!add.json)
			print_known(shown, add.now);
		if ((status = ask(&add, shown)) == CTL_OK)
			status = carry_out(ctl, &add, shown);
	}
	json_free(shown);
	return status;
}
