/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl approvals, approve and refuse: logins that wait for a second
 * person, who types the number that the user sees.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/rollout/caller.h"
#include "policyd/crypto.h"
#include "policyd/stepup/approvals.h"

#define NUMBER_SIZE 16u

/* ---- what waits --------------------------------------------------------- */

static void
print_findings(const struct json *findings)
{
	char code[CTL_TEXT_SIZE], grade[CTL_TEXT_SIZE], text[CTL_TEXT_SIZE];
	const struct json *o;
	size_t i;

	for (i = 0; i < json_length(findings); i++) {
		o = json_at(findings, i);
		(void)ctl_text(o, "grade", "", grade);
		printf("    %s%s%s: %s\n", ctl_text(o, "code", "-", code),
		    grade[0] != '\0' ? ":" : "", grade,
		    ctl_text(o, "text", "-", text));
	}
}

/* "192.0.2.1 (NO Oslo AS64500 office)" */
static void
print_from(const struct json *a)
{
	static const char *const keys[] = { "country", "city", "network" };
	char text[CTL_TEXT_SIZE];
	long long asn = (long long)json_get_int(a, "asn", 0);
	const char *before = " (";

	(void)ctl_text(a, "from", "-", text);
	printf(" from %s", ctl_text(a, "address", text, text));
	for (size_t i = 0; i < 3; i++) {
		if (json_get_string(a, keys[i], NULL) == NULL)
			continue;
		printf("%s%s", before, ctl_text(a, keys[i], "", text));
		before = " ";
	}
	if (asn > 0) {
		printf("%sAS%lld", before, asn);
		before = " ";
	}
	if (before[1] == '\0')
		putchar(')');
}

/* Elsewhere than there the name is whatever the client claims. */
static bool
becomes_another(const struct json *a)
{
	const char *ruser = json_get_string(a, "ruser", "");

	return strcmp(json_get_string(a, "kind", ""), "nested") == 0 &&
	    ruser[0] != '\0' &&
	    strcmp(ruser, json_get_string(a, "user", "")) != 0;
}

/* sudo and su: who wants to become the user, by their own word, and whose
 * session that is in, if it has another name. */
static void
print_who(const struct json *a)
{
	char user[CTL_TEXT_SIZE], person[CTL_TEXT_SIZE], ruser[CTL_TEXT_SIZE];
	char service[CTL_TEXT_SIZE];
	bool becomes = becomes_another(a);
	const char *who = becomes ? ruser : user;

	(void)ctl_text(a, "user", "-", user);
	(void)ctl_text(a, "person", "-", person);
	(void)ctl_text(a, "ruser", "", ruser);
	(void)ctl_text(a, "service", "-", service);
	fputs(who, stdout);
	if (strcmp(person, who) != 0 && (!becomes || strcmp(person, user) != 0))
		printf(" (%s)", person);
	if (becomes)
		printf(" wants to become %s by %s,", user, service);
	else if (ruser[0] != '\0' && strcmp(user, ruser) != 0)
		printf(" as %s by %s", ruser, service);
	else
		printf(" by %s", service);
}

static void
print_approval(const struct json *a)
{
	char ref[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE];
	char since[CTL_TIME_SIZE];

	printf("%s  %s since %s, %lld s left: ", ctl_text(a, "ref", "-", ref),
	    ctl_text(a, "state", "-", state),
	    ctl_time_text(json_get_int(a, "since", -1), since),
	    (long long)json_get_int(a, "left_s", 0));
	print_who(a);
	print_from(a);
	putchar('\n');
	print_findings(json_get(a, "findings"));
}

int
cmd_approvals(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_list_all(ctl, argc, argv, "approvals", "approvals", NULL,
	    print_approval);
}

/* ---- somebody's word ---------------------------------------------------- */

/* Somebody else was quicker. */
static void
complain_settled(const struct json *report)
{
	char ref[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], by[CTL_TEXT_SIZE];

	if (json_get_int(report, "by_uid", -1) >= 0)
		ctl_complain("%s was %s already, by %s",
		    ctl_text(report, "ref", "-", ref),
		    ctl_text(report, "state", "-", state),
		    ctl_by_text(report, by));
}

/* number: NULL to refuse it. */
static int
say(const struct ctl *ctl, const char *ref, const char *number, bool json)
{
	struct json *command = json_new(), *report;
	char asker[FG_USER_MAX + 1];
	int status;

	json_set_string(command, "do", number != NULL ? "approve" : "refuse");
	json_set_string(command, "ref", ref);
	if (number != NULL)
		json_set_string(command, "number", number);
	if (number != NULL && caller_login(asker))
		json_set_string(command, "asker", asker);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	complain_settled(report);
	if (json && ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	else if (!json && status == CTL_OK)
		print_approval(report);
	json_free(report);
	return status;
}

static int
take_reference(const char *command, const char *typed,
    char ret_ref[CRYPTO_REF_SIZE])
{
	if (ctl_parse_reference(typed, ret_ref, CRYPTO_REF_SIZE))
		return CTL_OK;
	return ctl_misuse(command,
	    "%s: %s is no reference; one looks like 7F3K-Q2MN", command, typed);
}

/* A line without its end; false at the end of the input. */
static bool
read_number(bool json, char number[NUMBER_SIZE])
{
	if (!json) {
		fputs("The number that the user sees: ", stdout);
		(void)fflush(stdout); /* main looks for errors */
	}
	if (fgets(number, NUMBER_SIZE, stdin) == NULL)
		return false;
	number[strcspn(number, "\r\n")] = '\0';
	return number[0] != '\0';
}

int
cmd_approve(const struct ctl *ctl, int argc, char **argv)
{
	char typed[NUMBER_SIZE], ref[CRYPTO_REF_SIZE];
	const char *number = typed;
	bool json;

	if (ctl_take_json("approve", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (argc - optind < 1 || argc - optind > 2)
		return ctl_misuse("approve",
		    "approve: a reference is needed, and the number");
	if (take_reference("approve", argv[optind], ref) != CTL_OK)
		return CTL_ERROR;
	if (argc - optind == 2) {
		number = argv[optind + 1];
		if (!ctl_is_argument("NUMBER", number, NUMBER_SIZE - 1))
			return CTL_ERROR;
	} else if (!read_number(json, typed)) {
		ctl_complain("no number, so nothing was approved");
		return CTL_ERROR;
	}
	if (!approval_is_number(number))
		return ctl_misuse("approve",
		    "approve: the number that the user sees has three digits; "
		    "this was not counted as a wrong one");
	return say(ctl, ref, number, json);
}

int
cmd_refuse(const struct ctl *ctl, int argc, char **argv)
{
	char ref[CRYPTO_REF_SIZE];
	bool json;

	if (ctl_take_json("refuse", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("refuse", "refuse: one reference is needed");
	if (take_reference("refuse", argv[optind], ref) != CTL_OK)
		return CTL_ERROR;
	return say(ctl, ref, NULL, json);
}
