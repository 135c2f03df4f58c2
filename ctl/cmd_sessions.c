/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl sessions: who is in, from where and for how long; also those
 * that are about to open a session, and of which something is left.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/text.h"

/* "3d04h", "2h07m", "5m12s" */
static const char *
age_text(int64_t age_s, char buf[CTL_TIME_SIZE])
{
	long long s = (long long)age_s;

	if (s >= 86400)
		(void)text_format(buf, CTL_TIME_SIZE, "%lldd%02lldh", s / 86400,
		    s % 86400 / 3600);
	else if (s >= 3600)
		(void)text_format(buf, CTL_TIME_SIZE, "%lldh%02lldm", s / 3600,
		    s % 3600 / 60);
	else
		(void)text_format(buf, CTL_TIME_SIZE, "%lldm%02llds", s / 60,
		    s % 60);
	return buf;
}

/* "NO AS64500 office" */
static const char *
where_text(const struct json *s, char buf[CTL_TEXT_SIZE])
{
	char country[CTL_TEXT_SIZE], network[CTL_TEXT_SIZE], asn[32] = "";
	long long number = (long long)json_get_int(s, "asn", 0);

	if (number > 0)
		(void)text_format(asn, sizeof(asn), " AS%lld", number);
	(void)ctl_text(s, "network", "", network);
	(void)text_format(buf, CTL_TEXT_SIZE, "%s%s%s%s",
	    ctl_text(s, "country", "-", country), asn,
	    network[0] != '\0' ? " " : "", network);
	return buf;
}

/* The person, and the account where that is another name. */
static const char *
who_text(const struct json *s, char buf[CTL_TEXT_SIZE])
{
	char person[CTL_TEXT_SIZE], user[CTL_TEXT_SIZE];

	(void)ctl_text(s, "person", "-", person);
	(void)ctl_text(s, "user", "-", user);
	if (strcmp(person, user) == 0)
		(void)text_copy(buf, CTL_TEXT_SIZE, person);
	else
		(void)text_format(buf, CTL_TEXT_SIZE, "%s (%s)", person, user);
	return buf;
}

/* " SHA256:...", or the certificate's key id; " +1" where there is another. */
static void
print_keys(const struct json *s)
{
	long long more = (long long)json_get_int(s, "more_keys", 0);
	char key[CTL_TEXT_SIZE];

	(void)ctl_text(s, "key_id", "", key);
	if (key[0] == '\0')
		(void)ctl_text(s, "key", "", key);
	if (key[0] != '\0')
		printf(" %s", key);
	if (more > 0)
		printf(" +%lld", more);
}

/* The asset; where nothing but the key says which device it is that stands
 * behind it. */
static const char *
device_text(const struct json *s, char buf[CTL_TEXT_SIZE])
{
	char key[CTL_TEXT_SIZE];

	(void)ctl_text(s, "device", "-", buf);
	if (strcmp(buf, ctl_text(s, "key", "", key)) == 0)
		(void)text_copy(buf, CTL_TEXT_SIZE, "-");
	return buf;
}

void
ctl_print_session(const struct json *s)
{
	char who[CTL_TEXT_SIZE], service[CTL_TEXT_SIZE], from[CTL_TEXT_SIZE];
	char where[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], ref[CTL_TEXT_SIZE];
	char device[CTL_TEXT_SIZE], age[CTL_TIME_SIZE];

	(void)ctl_text(s, "from", "-", from);
	(void)ctl_text(s, "address", from, from);
	printf("%-18s %-8s %-22s %-22s %-10s %-8s %-9s %s", who_text(s, who),
	    ctl_text(s, "service", "-", service), from, where_text(s, where),
	    device_text(s, device), age_text(json_get_int(s, "age_s", 0), age),
	    ctl_text(s, "state", "-", state), ctl_text(s, "ref", "-", ref));
	print_keys(s);
	putchar('\n');
}

static void
print_listed(const struct json *s)
{
	char text[CTL_TEXT_SIZE];

	printf("  ");
	ctl_print_session(s);
	if (json_get_string(s, "why", NULL) != NULL)
		printf("    %s\n", ctl_text(s, "why", "-", text));
	if (json_get_string(s, "outcome", NULL) != NULL)
		printf("    %s, %lld processes\n",
		    ctl_text(s, "outcome", "-", text),
		    (long long)json_get_int(s, "processes", 0));
}

static const char *
next_text(const struct json *report)
{
	if (strcmp(json_get_string(report, "state", ""), "later") == 0)
		return "they go on; end them when it is time, with --kill";
	if (json_get_bool(report, "dry_run", false))
		return "without --kill they would go on";
	return "they go on; --kill ends them";
}

void
ctl_print_sessions(const struct json *report, const char *title,
    const char *none)
{
	const struct json *list = json_get(report, "sessions");
	size_t i, n = json_length(list);
	long long open = (long long)json_get_int(report, "open", 0), all;

	all = open +
	    (long long)(json_get_int(report, "ended", 0) +
		json_get_int(report, "refused", 0));
	if (all > 0 || none != NULL)
		puts(all > 0 ? title : none);
	for (i = 0; i < n; i++)
		print_listed(json_at(list, i));
	if (all > (long long)n)
		printf("  and %lld more\n", all - (long long)n);
	if (open > 0)
		printf("  %s\n", next_text(report));
}

void
ctl_print_open(const struct json *report, const char *title)
{
	const struct json *list = json_get(report, "sessions");
	size_t i, n = json_length(list);
	long long all = (long long)json_get_int(report, "open", 0);

	if (all > 0)
		puts(title);
	for (i = 0; i < n; i++) {
		print_listed(json_at(list, i));
		printf("    its process is %lld\n",
		    (long long)json_get_int(json_at(list, i), "pid", -1));
	}
	if (all > (long long)n)
		printf("  and %lld more\n", all - (long long)n);
}

void
ctl_print_sessions_heading(void)
{
	printf("%-18s %-8s %-22s %-22s %-10s %-8s %-9s %s\n", "PERSON",
	    "SERVICE", "FROM", "PLACE", "DEVICE", "AGE", "STATE",
	    "REFERENCE, KEY");
}

int
cmd_sessions(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	bool json;

	if (ctl_take_json("sessions", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 < argc)
		return ctl_misuse("sessions",
		    "sessions: unexpected argument %s", argv[optind + 1]);
	if (optind < argc &&
	    !ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "sessions.list");
	if (optind < argc)
		json_set_string(command, "user", argv[optind]);
	return ctl_list(ctl, command, json, ctl_print_sessions_heading,
	    ctl_print_session);
}
