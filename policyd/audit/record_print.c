/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record for people. It may come from a file that anybody wrote, so every
 * string is escaped on its way out, every number and member may be missing,
 * and nothing here trusts what record.c would have written.
 */
#include "policyd/audit/record.h"

#include <string.h>

#include "policyd/audit/shown.h"
#include "proto/result.h"

#define LIST_MAX 64u /* elements of one list */
#define LABEL	 "  %-10s " /* two columns */

static bool
has(const struct json *json, const char *key)
{
	return json_get_string(json, key, "")[0] != '\0';
}

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

/* A what-if has neither reference nor time. */
static void
print_head(const struct json *json, const char *what, FILE *out)
{
	struct shown a;

	fputs(what, out);
	if (has(json, "ref"))
		fprintf(out, "  %s", shown_member(&a, json, "ref", ""));
	if (has(json, "ts"))
		fprintf(out, "  %s", shown_member(&a, json, "ts", ""));
	fputc('\n', out);
}

static void
print_verdict(const struct json *json, FILE *out)
{
	const char *verdict = json_get_string(json, "verdict", "no verdict");
	const char *would = json_get_string(json, "would", verdict);
	struct shown a, b, c;

	print_head(json, shown_text(&a, verdict), out);
	fprintf(out, LABEL "%s", "mode", shown_member(&a, json, "mode", "-"));
	if (strcmp(verdict, would) != 0)
		fprintf(out, ": enforcing would be %s", shown_text(&b, would));
	if (json_get_bool(json, "observe_argument", false))
		fprintf(out, "; the PAM line says observe");
	fprintf(out, "\n" LABEL "%s\n", "phase",
	    shown_member(&c, json, "phase", "-"));
}

static void
print_user(const struct json *json, FILE *out)
{
	int64_t uid = json_get_int(json, "uid", -1);
	struct shown a, b;

	if (json_get_bool(json, "invalid_user", false)) {
		fprintf(out, LABEL "no such user (the name is not kept)",
		    "user");
	} else {
		fprintf(out, LABEL "%s", "user",
		    shown_member(&a, json, "user", "-"));
		if (uid >= 0)
			fprintf(out, " (uid %lld)", (long long)uid);
	}
	if (has(json, "ruser"))
		fprintf(out, ", asked for by %s",
		    shown_member(&b, json, "ruser", ""));
	fputc('\n', out);
}

static void
print_service(const struct json *json, FILE *out)
{
	struct shown a, b, c;

	fprintf(out, LABEL "%s (%s)", "service",
	    shown_member(&a, json, "service", "-"),
	    shown_member(&b, json, "kind", "-"));
	if (has(json, "tty"))
		fprintf(out, " on %s", shown_member(&c, json, "tty", ""));
	fputc('\n', out);
	if (json_get_bool(json, "cut", false))
		fprintf(out,
		    LABEL "a string was longer than its limit and is "
			  "cut\n",
		    "note");
}

static void
print_origin(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "origin");
	struct shown a, b, c;

	if (has(o, "address"))
		fprintf(out, LABEL "%s (%s) by %s", "from",
		    shown_member(&a, o, "address", ""),
		    shown_member(&b, o, "class", "-"),
		    shown_member(&c, o, "source", "-"));
	else
		fprintf(out, LABEL "%s", "from",
		    shown_member(&a, o, "kind", "-"));
	if (has(o, "inherited"))
		fprintf(out, ", inherited from %s",
		    shown_member(&a, o, "inherited", ""));
	fputc('\n', out);
	if (has(o, "rhost") &&
	    strcmp(json_get_string(o, "rhost", ""),
		json_get_string(o, "address", "")) != 0)
		fprintf(out, LABEL "%s (as it came)\n", "rhost",
		    shown_member(&a, o, "rhost", ""));
	if (has(o, "problem"))
		fprintf(out, LABEL "%s\n", "problem",
		    shown_member(&a, o, "problem", ""));
	if (has(o, "ssh_connection"))
		fprintf(out, LABEL "%s\n", "connection",
		    shown_member(&a, o, "ssh_connection", ""));
}

static void
print_place(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "place");
	const char *state = json_get_string(o, "state", "none");
	struct shown a, b;

	if (has(o, "country"))
		fprintf(out, LABEL "%s", "place",
		    shown_member(&a, o, "country", ""));
	else if (strcmp(state, "none") == 0)
		fprintf(out, LABEL "not looked for", "place");
	else if (strcmp(state, "error") == 0)
		fprintf(out, LABEL "the country was not checked", "place");
	else
		fprintf(out, LABEL "%s", "place", shown_text(&a, state));
	if (has(o, "city"))
		fprintf(out, ", %s", shown_member(&b, o, "city", ""));
	if (has(o, "network"))
		fprintf(out, ", as the network %s says",
		    shown_member(&b, o, "network", ""));
	if (has(o, "database"))
		fprintf(out, ", from %s", shown_member(&b, o, "database", ""));
	if (has(o, "problem"))
		fprintf(out, ": %s", shown_member(&b, o, "problem", ""));
	fputc('\n', out);
}

static void
print_list(const struct json *list, FILE *out)
{
	size_t n = json_length(list);
	struct shown a;

	for (size_t i = 0; i < n && i < LIST_MAX; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "",
		    shown_text(&a, json_string_at(list, i, "-")));
	if (n > LIST_MAX)
		fputs(", ...", out);
}

/* Who announces the address, and what hides behind it. */
static void
print_source(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "asn");
	struct shown a;

	if (json_get_int(o, "number", -1) >= 0) {
		fprintf(out, LABEL "AS%lld %s", "network",
		    (long long)json_get_int(o, "number", 0),
		    shown_member(&a, o, "org", ""));
		if (json_length(json_get(o, "lists")) > 0) {
			fputs(", on ", out);
			print_list(json_get(o, "lists"), out);
		}
		fputc('\n', out);
	}
	o = json_get(json, "anonymous");
	if (json_length(json_get(o, "is")) == 0)
		return;
	fprintf(out, LABEL, "anonymous");
	print_list(json_get(o, "is"), out);
	if (has(o, "provider"))
		fprintf(out, " (%s)", shown_member(&a, o, "provider", ""));
	fputc('\n', out);
}

static void
print_key(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "key");
	struct shown a, b;

	if (!has(o, "fingerprint"))
		return;
	fprintf(out, LABEL "%s", "key", shown_member(&a, o, "fingerprint", ""));
	if (has(o, "id"))
		fprintf(out, ", id %s", shown_member(&b, o, "id", ""));
	fputc('\n', out);
}

static void
print_person(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "person");
	const char *state = json_get_string(o, "state", "none");
	struct shown a, b;

	if (o == NULL)
		return;
	if (has(o, "user"))
		fprintf(out, LABEL "%s (%s)\n", "person",
		    shown_member(&a, o, "user", ""),
		    shown_member(&b, o, "kind", "-"));
	else if (strcmp(state, "error") == 0)
		fprintf(out, LABEL "the inventory could not be read\n",
		    "person");
	else
		fprintf(out, LABEL "%s\n", "person",
		    json_get_bool(o, "shared", false) ?
			"nobody who shares the account has the key" :
			"not in the inventory");
}

static void
print_networks(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "networks");

	if (json_length(list) == 0)
		return;
	fprintf(out, LABEL, "networks");
	print_list(list, out);
	fputc('\n', out);
}

static void
print_policy(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "policy");
	struct shown a;

	if (o == NULL) {
		fprintf(out, LABEL "none matches\n", "policy");
		return;
	}
	fprintf(out, LABEL "%s", "policy", shown_member(&a, o, "name", "-"));
	print_line_of(o, NULL, out);
	fputc('\n', out);
}

/* "net.listed:vpn" */
static void
print_finding(const struct json *finding, FILE *out)
{
	struct shown a;

	fputs(shown_member(&a, finding, "code", "-"), out);
	if (has(finding, "grade"))
		fprintf(out, ":%s", shown_member(&a, finding, "grade", ""));
}

static void
print_findings(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "findings"), *o;
	size_t n = json_length(list);
	struct shown a;

	if (n == 0)
		fprintf(out, LABEL "no known sign\n", "findings");
	for (size_t i = 0; i < n && i < LIST_MAX; i++) {
		o = json_at(list, i);
		fprintf(out, LABEL, i == 0 ? "findings" : "");
		print_finding(o, out);
		fprintf(out, " = %s", shown_member(&a, o, "action", "-"));
		print_line_of(o, "shipped default", out);
		if (json_get_int(o, "exception", 0) > 0)
			fprintf(out, ", by exception %lld",
			    (long long)json_get_int(o, "exception", 0));
		fprintf(out, "\n" LABEL "  %s\n", "",
		    shown_member(&a, o, "text", "-"));
	}
	if (n > LIST_MAX)
		fprintf(out, LABEL "...\n", "");
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
	fprintf(out, LABEL "%s, pid %lld, uid %lld", "process",
	    shown_member(&a, o, "comm", "name not known"),
	    (long long)json_get_int(o, "pid", -1),
	    (long long)json_get_int(o, "uid", -1));
	if (loginuid >= 0)
		fprintf(out, ", login uid %lld", (long long)loginuid);
	parents = json_get(o, "parents");
	n = json_length(parents);
	for (size_t i = 0; i < n && i < LIST_MAX; i++)
		fprintf(out, "%s %lld", i == 0 ? ", below pid" : ",",
		    (long long)json_int_at(parents, i, -1));
	fputc('\n', out);
	if (json_get_int(o, "claimed_pid", -1) >= 0)
		fprintf(out, LABEL "it claimed to be pid %lld\n", "problem",
		    (long long)json_get_int(o, "claimed_pid", -1));
}

static void
print_versions(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "config"), *list;
	struct shown a, b;

	if (o != NULL)
		fprintf(out, LABEL "%s sha256 %.12s\n", "config",
		    shown_member(&a, o, "file", "-"),
		    shown_member(&b, o, "sha256", "-"));
	list = json_get(json, "databases");
	for (size_t i = 0; i < json_length(list) && i < LIST_MAX; i++) {
		o = json_at(list, i);
		fprintf(out, LABEL "%s sha256 %.12s\n", "database",
		    shown_member(&a, o, "path", "-"),
		    shown_member(&b, o, "sha256", "-"));
	}
	if (json_get_int(json, "latency_us", 0) > 0)
		fprintf(out, LABEL "%lld us\n", "took",
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
	    shown_member(&a, json, "next", "nothing to do"));
	for (size_t i = 0; i < n && i < LIST_MAX; i++) {
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
print_decision(const struct json *json, FILE *out)
{
	struct shown a;

	print_verdict(json, out);
	print_user(json, out);
	print_service(json, out);
	print_origin(json, out);
	print_place(json, out);
	print_source(json, out);
	print_key(json, out);
	print_person(json, out);
	print_networks(json, out);
	/* An exempt service is none of a policy's business. */
	if (strcmp(json_get_string(json, "verdict", ""), "exempt") != 0) {
		print_policy(json, out);
		print_findings(json, out);
	}
	fprintf(out, LABEL "%s\n", "decided",
	    shown_member(&a, json_get(json, "decided"), "why", "-"));
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
	print_key(json, out);
	print_person(json, out);
	if (json_length(json_get(json, "findings")) > 0)
		print_findings(json, out);
	print_process(json, out);
}

int
record_print(const struct json *json, FILE *out)
{
	const char *event = json_get_string(json, "event", "decision");
	struct shown a;

	if (strcmp(event, "decision") == 0) {
		print_decision(json, out);
	} else if (strcmp(event, "close") == 0) {
		print_head(json, "close", out);
		fprintf(out, LABEL "%lld s\n", "open for",
		    (long long)json_get_int(json, "open_s", 0));
	} else {
		print_head(json, shown_text(&a, event), out);
		if (json_get(json, "peer") != NULL)
			print_session(json, out);
	}
	return ferror(out) ? FG_ERR_SYSTEM : 0;
}
