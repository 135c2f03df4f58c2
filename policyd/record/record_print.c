/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record for people. It may come from a file that anybody wrote, so every
 * string is escaped on its way out, every number and member may be missing,
 * and nothing here trusts what record.c would have written.
 */
#include "policyd/record/record.h"

#include <string.h>

#include "policyd/record/record_parts.h"
#include "policyd/record/show.h"
#include "proto/result.h"

/* " (line 41)", or what it is otherwise. */
static void
print_line_of(const struct json *json, const char *otherwise, FILE *out)
{
	int64_t line = json_get_int(json, "line", 0);

	if (line > 0)
		fprintf(out, " (line %lld)", (long long)line);
	else if (otherwise != NULL)
		fprintf(out, " (%s)", otherwise);
}

/* What farmgatectl person asks for has neither reference nor time. */
static void
print_head(const struct json *json, const char *what, FILE *out)
{
	struct shown a;

	fputs(what, out);
	if (show_has(json, "ref"))
		fprintf(out, "  %s", show_member(&a, json, "ref", ""));
	if (show_has(json, "ts"))
		fprintf(out, "  %s", show_member(&a, json, "ts", ""));
	fputc('\n', out);
}

/* Enforcing would not have refused it at once, but asked. */
static void
print_would(const struct json *json, const char *would, FILE *out)
{
	struct shown a;

	if (record_is_challenge(json)) {
		fputs(": enforcing would have asked for ", out);
		record_print_needs(json, out);
	} else {
		fprintf(out, ": enforcing would be %s", show_text(&a, would));
	}
}

static void
print_verdict(const struct json *json, FILE *out)
{
	const char *verdict = json_get_string(json, "verdict", "no verdict");
	const char *would = json_get_string(json, "would", verdict);
	bool asks = strcmp(verdict, "deny") == 0 &&
	    json_length(json_get(json_get(json, "challenge"), "asked")) > 0;
	struct shown a, b, c;

	print_head(json, asks ? "challenge" : show_text(&a, verdict), out);
	fprintf(out, SHOW_LABEL "%s", "mode",
	    show_member(&b, json, "mode", "-"));
	if (strcmp(verdict, would) != 0)
		print_would(json, would, out);
	if (json_get_bool(json, "observe_argument", false))
		fprintf(out, "; the PAM line says observe");
	fprintf(out, "\n" SHOW_LABEL "%s\n", "phase",
	    show_member(&c, json, "phase", "-"));
}

static void
print_user(const struct json *json, FILE *out)
{
	int64_t uid = json_get_int(json, "uid", -1);
	struct shown a, b;

	if (json_get_bool(json, "invalid_user", false)) {
		fprintf(out, SHOW_LABEL "no such user (the name is not kept)",
		    "user");
	} else {
		fprintf(out, SHOW_LABEL "%s", "user",
		    show_member(&a, json, "user", "-"));
		if (uid >= 0)
			fprintf(out, " (uid %lld)", (long long)uid);
	}
	if (show_has(json, "ruser"))
		fprintf(out, ", asked for by %s",
		    show_member(&b, json, "ruser", ""));
	fputc('\n', out);
}

static void
print_service(const struct json *json, FILE *out)
{
	struct shown a, b, c;

	fprintf(out, SHOW_LABEL "%s (%s)", "service",
	    show_member(&a, json, "service", "-"),
	    show_member(&b, json, "kind", "-"));
	if (show_has(json, "tty"))
		fprintf(out, " on %s", show_member(&c, json, "tty", ""));
	fputc('\n', out);
	if (json_get_bool(json, "cut", false))
		fprintf(out,
		    SHOW_LABEL "a string was longer than its limit and is "
			       "cut\n",
		    "note");
}

static void
print_policy(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "policy");
	struct shown a;

	if (o == NULL) {
		fprintf(out, SHOW_LABEL "none matches\n", "policy");
		return;
	}
	fprintf(out, SHOW_LABEL "%s", "policy",
	    show_member(&a, o, "name", "-"));
	print_line_of(o, NULL, out);
	fputc('\n', out);
}

/* "net.listed:vpn" */
static void
print_finding(const struct json *finding, FILE *out)
{
	struct shown a;

	fputs(show_member(&a, finding, "code", "-"), out);
	if (show_has(finding, "grade"))
		fprintf(out, ":%s", show_member(&a, finding, "grade", ""));
}

static void
print_findings(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "findings"), *o;
	size_t n = json_length(list);
	struct shown a;

	if (n == 0)
		fprintf(out, SHOW_LABEL "no known sign\n", "findings");
	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++) {
		o = json_at(list, i);
		fprintf(out, SHOW_LABEL, i == 0 ? "findings" : "");
		print_finding(o, out);
		fprintf(out, " = %s", show_member(&a, o, "action", "-"));
		print_line_of(o, "shipped default", out);
		if (json_get_bool(o, "proved", false))
			fputs(", proved by the step-up", out);
		if (json_get_int(o, "remembered", 0) > 0)
			fprintf(out, ", by the remembered step-up %lld",
			    (long long)json_get_int(o, "remembered", 0));
		if (json_get_int(o, "exception", 0) > 0)
			fprintf(out, ", by exception %lld",
			    (long long)json_get_int(o, "exception", 0));
		fprintf(out, "\n" SHOW_LABEL "  %s\n", "",
		    show_member(&a, o, "text", "-"));
	}
	if (n > SHOW_LIST_MAX)
		fprintf(out, SHOW_LABEL "...\n", "");
}

static void
print_process(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "peer"), *parents;
	int64_t loginuid = json_get_int(o, "loginuid", -1);
	size_t n;
	struct shown a;

	if (json_get_int(o, "pid", 0) <= 0)
		return;
	fprintf(out, SHOW_LABEL "%s, pid %lld, uid %lld", "process",
	    show_member(&a, o, "comm", "name not known"),
	    (long long)json_get_int(o, "pid", -1),
	    (long long)json_get_int(o, "uid", -1));
	if (loginuid >= 0)
		fprintf(out, ", login uid %lld", (long long)loginuid);
	parents = json_get(o, "parents");
	n = json_length(parents);
	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++)
		fprintf(out, "%s %lld", i == 0 ? ", below pid" : ",",
		    (long long)json_int_at(parents, i, -1));
	fputc('\n', out);
	if (json_get_int(o, "claimed_pid", -1) >= 0)
		fprintf(out, SHOW_LABEL "it claimed to be pid %lld\n",
		    "problem", (long long)json_get_int(o, "claimed_pid", -1));
}

static void
print_versions(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "config"), *list;
	struct shown a, b;

	if (o != NULL)
		fprintf(out, SHOW_LABEL "%s sha256 %.12s\n", "config",
		    show_member(&a, o, "file", "-"),
		    show_member(&b, o, "sha256", "-"));
	list = json_get(json, "databases");
	for (size_t i = 0; i < json_length(list) && i < SHOW_LIST_MAX; i++) {
		o = json_at(list, i);
		fprintf(out, SHOW_LABEL "%s sha256 %.12s\n", "database",
		    show_member(&a, o, "path", "-"),
		    show_member(&b, o, "sha256", "-"));
	}
	if (json_get_int(json, "latency_us", 0) > 0)
		fprintf(out, SHOW_LABEL "%lld us\n", "took",
		    (long long)json_get_int(json, "latency_us", -1));
}

/* A finding that denies, and is not the one that decided. */
static bool
denies_as_well(const struct json *json, const struct json *finding)
{
	const char *decided =
	    json_get_string(json_get(json, "decided"), "finding", "");
	const char *code = json_get_string(finding, "code", "");
	const char *grade = json_get_string(finding, "grade", "");
	size_t n = strlen(code);

	if (strcmp(json_get_string(finding, "action", ""), "deny") != 0)
		return false;
	return strncmp(decided, code, n) != 0 ||
	    strcmp(decided[n] == ':' ? decided + n + 1 : decided + n, grade) !=
	    0;
}

/* What helps against the first reason does not help against the others. */
static void
print_next(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "findings"), *o;
	size_t n = json_length(list), others = 0;
	struct shown a;

	fprintf(out, "next: %s",
	    show_member(&a, json, "next", "nothing to do"));
	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++) {
		o = json_at(list, i);
		if (!denies_as_well(json, o))
			continue;
		fputs(others++ == 0 ? "; " : ", ", out);
		print_finding(o, out);
		print_line_of(o, "shipped default", out);
	}
	if (others > 0)
		fputs(others == 1 ? " denies as well" : " deny as well", out);
	fputc('\n', out);
}

static void
print_decision(const struct json *json, const struct record_context *context,
    FILE *out)
{
	struct shown a;

	print_verdict(json, out);
	print_user(json, out);
	print_service(json, out);
	record_print_facts(json, out);
	/* An exempt service is none of a policy's business. */
	if (strcmp(json_get_string(json, "verdict", ""), "exempt") != 0) {
		print_policy(json, out);
		print_findings(json, out);
		record_print_stepup(json, context, out);
	}
	fprintf(out, SHOW_LABEL "%s\n", "decided",
	    show_member(&a, json_get(json, "decided"), "why", "-"));
	record_print_review(context, out);
	print_process(json, out);
	print_versions(json, out);
	print_next(json, out);
}

/* What was decided by then has a record of its own. */
static void
print_session(const struct json *json, FILE *out)
{
	print_user(json, out);
	print_service(json, out);
	record_print_person(json, out);
	record_print_device(json, out); /* of what the key says */
	if (json_length(json_get(json, "findings")) > 0)
		print_findings(json, out);
	print_process(json, out);
}

/* What became of a session. */
static void
print_end(const struct json *json, FILE *out)
{
	int64_t open_s = json_get_int(json, "open_s", -1);
	int64_t processes = json_get_int(json, "processes", -1);
	struct shown a;

	fprintf(out, SHOW_LABEL "%s\n", "user",
	    show_member(&a, json, "user", "not known"));
	if (open_s >= 0)
		fprintf(out, SHOW_LABEL "%lld s\n" SHOW_LABEL "%s\n",
		    "open for", (long long)open_s, "ended",
		    show_member(&a, json, "how", "not known"));
	if (processes >= 0)
		fprintf(out, SHOW_LABEL "%s, %lld processes\n", "left",
		    show_member(&a, json, "state", "not known"),
		    (long long)processes);
}

/* Somebody got in without a decision. */
static void
print_breakglass(const struct json *json, const struct record_context *context,
    FILE *out)
{
	static const char *const members[] = { "user", "target", "service",
		"from", "reason", "entry", "phase", "line" };
	struct shown a;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (show_has(json, members[i]))
			fprintf(out, SHOW_LABEL "%s\n", members[i],
			    show_member(&a, json, members[i], "-"));
	record_print_review(context, out);
	fprintf(out, SHOW_LABEL "%s\n", "next:",
	    "ask who that was; see why the gate failed: farmgatectl status");
}

int
record_print(const struct json *json, const struct record_context *context,
    FILE *out)
{
	const char *event = json_get_string(json, "event", "decision");
	struct shown a;

	if (strcmp(event, "decision") == 0) {
		print_decision(json, context, out);
	} else if (strcmp(event, "close") == 0 || strcmp(event, "left") == 0) {
		print_head(json, event, out);
		print_end(json, out);
	} else if (strcmp(event, "breakglass") == 0) {
		print_head(json, event, out);
		print_breakglass(json, context, out);
	} else {
		print_head(json, show_text(&a, event), out);
		if (json_get(json, "peer") != NULL)
			print_session(json, out);
		else
			record_print_event(json, context, out);
	}
	return ferror(out) ? FG_ERR_SYSTEM : 0;
}
