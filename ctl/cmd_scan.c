/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl scan: what the scanner sees of this machine at this moment, and
 * what of it makes findings. scan_watch.c tells what changes from then on.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/scan.h"
#include "policyd/scanner/entry.h"
#include "policyd/text.h"

/* The names of devices are the longest, and stand last. */
#define SCAN_ROW "%-16s %-13s %-14s %-10s %s\n"

/* A line is freed behind this: a copy of it is kept. */
static int
take_sign(struct json *line, void *arg)
{
	struct scan *scan = arg;
	struct json **more;
	char *text;

	more = reallocarray(scan->sign, scan->n + 1, sizeof(*more));
	if (more == NULL)
		return CTL_ERROR;
	scan->sign = more;
	if ((text = json_text(line)) == NULL)
		return CTL_ERROR;
	more[scan->n] = json_parse(text, strlen(text));
	json_text_free(text);
	return more[scan->n++] == NULL ? CTL_ERROR : CTL_OK;
}

int
scan_take(const struct ctl *ctl, struct scan *ret_scan)
{
	struct ctl_stream stream = { .line = take_sign, .line_arg = ret_scan };
	struct json *command = json_new();
	int status;

	memset(ret_scan, 0, sizeof(*ret_scan));
	json_set_string(command, "do", "scan");
	if (ctl_command(ctl, command, &stream, &ret_scan->head, &status) !=
	    CTL_OK)
		return CTL_ERROR;
	return status;
}

void
scan_free(struct scan *scan)
{
	size_t i;

	for (i = 0; i < scan->n; i++)
		json_free(scan->sign[i]);
	free(scan->sign);
	json_free(scan->head);
}

const char *
scan_name_of(int64_t uid, char *buf, size_t size)
{
	if (ctl_name_of(uid, buf, size) == NULL)
		(void)text_format(buf, size, "uid %lld", (long long)uid);
	return buf;
}

/* Whose program, or "machine". */
static const char *
owner_text(const struct json *sign, char buf[CTL_TEXT_SIZE])
{
	int64_t uid = json_get_int(sign, "uid", -1);

	if (uid < 0)
		return ctl_text(sign, "owner", "-", buf);
	return scan_name_of(uid, buf, CTL_TEXT_SIZE);
}

/* Why a sign that could be a finding is none. */
static const char *
none_text(const struct json *sign)
{
	const char *kind = json_get_string(sign, "kind", "");
	enum entry_kind k;

	if (json_get_string(sign, "finding", NULL) != NULL)
		return "";
	for (k = ENTRY_KEYBOARD; k <= ENTRY_MONITOR; k++)
		if (strcmp(kind, entry_kind_name(k)) == 0)
			return ", no finding: no baseline";
	if (strcmp(kind, entry_kind_name(ENTRY_HYPERVISOR)) == 0)
		return ", no finding: no asset";
	return "";
}

static const char *
note_text(const struct json *sign)
{
	if (json_get_bool(sign, "approved", false))
		return ", approved";
	if (json_get_int(sign, "support", 0) != 0)
		return ", the help desk's";
	if (json_get_bool(sign, "baseline", false))
		return ", of the baseline";
	/* Not there at all is another thing than no. */
	if (!json_get_bool(sign, "baseline", true))
		return ", not in the baseline";
	return none_text(sign);
}

/* Of which unit, and that it is in a container, or the like. */
static void
print_where(const struct json *sign)
{
	const struct json *list = json_get(sign, "namespaces");
	char text[CTL_TEXT_SIZE];
	const char *s;
	size_t i;

	if (json_get(sign, "unit") != NULL)
		printf(", of %s", ctl_text(sign, "unit", "-", text));
	for (i = 0; i < json_length(list); i++) {
		s = json_string_at(list, i, "-");
		printf("%s%s", i == 0 ? ", in a namespace of its own (" : ", ",
		    text_escape_utf8(text, sizeof(text), s, strlen(s)));
	}
	if (i > 0)
		putchar(')');
}

void
scan_print_sign(const struct json *sign)
{
	char finding[CTL_TEXT_SIZE], grade[CTL_TEXT_SIZE], who[CTL_TEXT_SIZE];
	char entry[CTL_TEXT_SIZE], kind[CTL_TEXT_SIZE], seen[CTL_TEXT_SIZE];
	char by[CTL_TEXT_SIZE], since[CTL_TIME_SIZE] = "";
	char tool[CTL_TEXT_SIZE];
	int64_t since_s = json_get_int(sign, "since", 0);

	if (since_s > 0)
		(void)ctl_time_text(since_s, since);
	printf(SCAN_ROW, ctl_text(sign, "finding", "-", finding),
	    ctl_text(sign, "grade", "-", grade),
	    ctl_text(sign, "kind", "-", kind), owner_text(sign, who),
	    ctl_text(sign, "entry", "-", entry));
	(void)ctl_text(sign, "confidence", "-", by);
	(void)ctl_text(sign, "tool", "", tool);
	printf("    %s%s%s; by %s%s%s%s%s", ctl_text(sign, "seen", "-", seen),
	    tool[0] != '\0' ? "; in the catalogue as " : "", tool, by,
	    strcmp(by, "name") == 0 ? ", which anybody may give" : "",
	    since[0] != '\0' ? ", since " : "", since, note_text(sign));
	print_where(sign);
	putchar('\n');
}

/* Whose signs found no room. */
static void
print_lost(const struct json *head)
{
	const struct json *uids = json_get(head, "lost_uids");
	char name[64];
	size_t i;

	if (json_get_int(head, "lost", 0) > 0)
		printf("%lld more signs found no room\n",
		    (long long)json_get_int(head, "lost", 0));
	for (i = 0; i < json_length(uids); i++)
		printf("more signs of %s found no room\n",
		    scan_name_of(json_int_at(uids, i, -1), name, sizeof(name)));
}

/* What could not be looked at, or not all of it; nothing if that is all. */
static void
print_coverage(const struct json *head)
{
	static const char *const parts[] = { "processes", "sockets", "sessions",
		"files", "interfaces", "usb", "displays", "machine" };
	const struct json *coverage = json_get(head, "coverage");
	char text[CTL_TEXT_SIZE];
	const char *state;
	size_t i;

	(void)ctl_text(coverage, "scanner", "unknown", text);
	if (strcmp(text, "full") != 0)
		printf("coverage: %s\n", text);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		state = ctl_text(coverage, parts[i], "unknown", text);
		if (strcmp(state, "failed") == 0)
			printf("%s: could not look\n", parts[i]);
		else if (strcmp(state, "full") != 0)
			printf("%s: %s\n", parts[i], state);
	}
	print_lost(head);
}

static void
print_head(const struct json *head)
{
	char taken[CTL_TIME_SIZE];

	printf("taken %s, %.1f s ago: %lld processes, %lld sockets, %.1f ms\n",
	    ctl_second_text(json_get_int(head, "taken", 0), taken),
	    (double)json_get_int(head, "age_ms", 0) / 1000.0,
	    (long long)json_get_int(head, "processes", 0),
	    (long long)json_get_int(head, "sockets", 0),
	    (double)json_get_int(head, "cost_us", 0) / 1000.0);
	if (json_get_bool(head, "outdated", false))
		puts("OUTDATED: the scanner has given no newer look; what is "
		     "there now is not known, see farmgatectl status");
	print_coverage(head);
	if (!json_get_bool(head, "baseline", false))
		puts("no baseline: farmgatectl baseline learn says what is "
		     "plugged in and belongs there");
}

/* Somebody has said that it belongs there. */
static bool
is_known(const struct json *sign)
{
	return json_get_bool(sign, "approved", false) ||
	    json_get_bool(sign, "baseline", false);
}

/* In a line, if nothing that was seen is a finding. */
static void
print_none(const struct scan *scan)
{
	size_t known = 0;
	size_t i;

	for (i = 0; i < scan->n; i++) {
		if (json_get_string(scan->sign[i], "finding", NULL) != NULL)
			return;
		known += is_known(scan->sign[i]);
	}
	if (scan->n == 0)
		puts("no known sign of remote control");
	else if (known == scan->n)
		puts("no known sign of remote control but what is approved or "
		     "of the baseline");
	else
		puts("no known sign of remote control but what is approved, "
		     "of the baseline, or no finding here");
}

static void
print_scan(const struct scan *scan)
{
	bool whole = json_get_bool(scan->head, "whole", false);
	size_t i;

	print_head(scan->head);
	if (scan->n > 0)
		printf(SCAN_ROW, "FINDING", "GRADE", "KIND", "WHOSE", "WHAT");
	for (i = 0; i < scan->n; i++)
		scan_print_sign(scan->sign[i]);
	if (whole)
		print_none(scan);
	else
		puts("not everything was looked at: what is not listed here "
		     "may be there all the same");
}

/* ---- JSON: objects that came, as members of one of ours ----------------- */

int
scan_print_open(const struct json *json, const char *key)
{
	char *text = json_text(json);
	size_t len;

	if (text == NULL) {
		ctl_complain("out of memory");
		return CTL_ERROR;
	}
	len = strlen(text) - 1;
	printf("%.*s%s\"%s\":", (int)len, text, len > 1 ? "," : "", key);
	json_text_free(text);
	return CTL_OK;
}

int
scan_print_json(const struct json *json)
{
	char *text = json_text(json);

	if (text == NULL) {
		ctl_complain("out of memory");
		return CTL_ERROR;
	}
	fputs(text, stdout);
	json_text_free(text);
	return CTL_OK;
}

static int
print_json(const struct scan *scan)
{
	size_t i;

	if (scan_print_open(scan->head, "signs") != CTL_OK)
		return CTL_ERROR;
	putchar('[');
	for (i = 0; i < scan->n; i++) {
		if (i > 0)
			putchar(',');
		if (scan_print_json(scan->sign[i]) != CTL_OK)
			return CTL_ERROR;
	}
	puts("]}");
	return CTL_OK;
}

static int
take_options(int argc, char **argv, bool *ret_json, bool *ret_watch)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "watch", no_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*ret_json = *ret_watch = false;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			*ret_json = true;
			break;
		case 'w':
			*ret_watch = true;
			break;
		default:
			return ctl_bad_option("scan", c, argv);
		}
	}
	if (optind < argc)
		return ctl_misuse("scan", "scan: unexpected argument %s",
		    argv[optind]);
	return CTL_OK;
}

int
cmd_scan(const struct ctl *ctl, int argc, char **argv)
{
	struct scan scan;
	bool json, follow;
	int r;

	if (take_options(argc, argv, &json, &follow) != CTL_OK)
		return CTL_ERROR;
	if ((r = scan_take(ctl, &scan)) == CTL_OK) {
		if (json)
			r = print_json(&scan);
		else
			print_scan(&scan);
	}
	if (r == CTL_OK && follow && fflush(stdout) == 0)
		r = scan_watch(ctl, &scan, json);
	scan_free(&scan);
	return r;
}
