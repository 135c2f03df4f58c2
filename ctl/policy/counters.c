/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl policy counters: a policy's line, and below it one for each of
 * its rules.
 */
#include "ctl/policy/counters.h"

#include <stdio.h>

#include "policyd/text.h"

const char *
policy_counters_rule(const struct json *line, char buf[CTL_TEXT_SIZE])
{
	const char *combination = json_get_string(line, "combination", NULL);
	const char *grade = json_get_string(line, "grade", "");

	if (combination != NULL)
		(void)text_format(buf, CTL_TEXT_SIZE, "combination %s",
		    combination);
	else
		(void)text_format(buf, CTL_TEXT_SIZE, "%s%s%s",
		    json_get_string(line, "finding", "-"),
		    grade[0] != '\0' ? ":" : "", grade);
	return buf;
}

static void
print_policy(const struct json *line)
{
	char name[CTL_TEXT_SIZE], since[CTL_TIME_SIZE], mode[CTL_TEXT_SIZE];

	if (json_get_null(line, "policy"))
		printf("no policy matched");
	else
		printf("policy %s, line %lld",
		    ctl_text(line, "policy", "-", name),
		    (long long)json_get_int(line, "line", 0));
	printf(", %s: logins %lld, denied %lld, observed %lld since %s\n",
	    ctl_text(line, "mode", "-", mode),
	    (long long)json_get_int(line, "logins", 0),
	    (long long)json_get_int(line, "denied", 0),
	    (long long)json_get_int(line, "observed", 0),
	    ctl_time_text(json_get_int(line, "since", 0), since));
}

static void
print_rule(const struct json *line)
{
	char rule[CTL_TEXT_SIZE], shown[CTL_TEXT_SIZE], action[CTL_TEXT_SIZE];
	long long number = (long long)json_get_int(line, "line", 0);

	(void)policy_counters_rule(line, rule);
	printf("  %-32s %-9s fired %lld, against %lld, blind %lld",
	    text_escape(shown, sizeof(shown), rule),
	    ctl_text(line, "action", "-", action),
	    (long long)json_get_int(line, "fired", 0),
	    (long long)json_get_int(line, "against", 0),
	    (long long)json_get_int(line, "blind", 0));
	if (number > 0)
		printf("  line %lld\n", number);
	else
		puts("  shipped");
}

static void
print_line(const struct json *line)
{
	if (json_get_int(line, "fired", -1) >= 0)
		print_rule(line);
	else
		print_policy(line);
}

int
policy_counters(const struct ctl *ctl, bool json)
{
	struct json *command = json_new();

	json_set_string(command, "do", "policy.counters");
	return ctl_list(ctl, command, json, NULL, print_line);
}
