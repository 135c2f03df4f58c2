/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For people: what is recorded beside decisions and sessions, most of it what
 * administrators have done. As in record_print.c nothing is trusted, and
 * everything may be missing.
 */
#include <string.h>

#include "policyd/record/record_parts.h"
#include "policyd/record/show.h"

#define NAME_SIZE 256u

/* "carol (uid 1003)", or without a name "uid 1003". */
static void
print_uid(int64_t uid, bool number, const struct record_context *context,
    FILE *out)
{
	char name[NAME_SIZE];
	const char *known = NULL;

	if (context != NULL && context->name != NULL)
		known = context->name(uid, name, sizeof(name));
	if (known == NULL)
		fprintf(out, "uid %lld", (long long)uid);
	else if (number)
		fprintf(out, "%s (uid %lld)", known, (long long)uid);
	else
		fputs(known, out);
}

void
record_print_by(const struct json *by, const struct record_context *context,
    FILE *out)
{
	int64_t uid = json_get_int(by, "uid", -1);
	int64_t login = json_get_int(by, "loginuid", -1);
	struct shown a;

	if (show_has(by, "signal")) {
		fputs(show_member(&a, by, "signal", ""), out);
	} else if (show_has(by, "watch")) {
		fprintf(out, "%s, which was replaced",
		    show_member(&a, by, "watch", ""));
	} else if (uid < 0 && login < 0) {
		fputs("nobody knows whom", out);
	} else {
		print_uid(login >= 0 ? login : uid, true, context, out);
		if (login >= 0 && uid != login) {
			fputs(" as ", out);
			print_uid(uid, false, context, out);
		}
	}
}

/* "approved by carol (uid 1003): alice by sshd" */
static void
print_approval(const struct json *json, const struct record_context *context,
    FILE *out)
{
	bool is_refusal =
	    strcmp(json_get_string(json, "action", ""), "refuse") == 0;
	bool ok = json_get_bool(json, "ok", false);
	const char *user = json_get_string(json, "user", "");
	struct shown a, b;

	fprintf(out, SHOW_LABEL "%s%s by ", "word", ok ? "" : "not ",
	    is_refusal ? "refused" : "approved");
	record_print_by(json_get(json, "by"), context, out);
	fprintf(out, ": %s", show_member(&a, json, "user", "-"));
	if (strcmp(json_get_string(json, "person", user), user) != 0)
		fprintf(out, " (%s)", show_member(&b, json, "person", ""));
	fprintf(out, " by %s\n", show_member(&a, json, "service", "-"));
	if (show_has(json, "why"))
		fprintf(out, SHOW_LABEL "%s\n", "why",
		    show_member(&a, json, "why", ""));
}

/* What was found while a session was open, and what became of it. */
static void
print_live(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "findings"), *o;
	struct shown a, b, c;

	fprintf(out, SHOW_LABEL "%s by %s\n", "user",
	    show_member(&a, json, "user", "-"),
	    show_member(&b, json, "service", "-"));
	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		fprintf(out,
		    SHOW_LABEL "%s%s%s = %s: ", i == 0 ? "findings" : "",
		    show_member(&a, o, "code", "-"),
		    show_has(o, "grade") ? ":" : "",
		    show_member(&b, o, "grade", ""),
		    show_member(&c, o, "action", "-"));
		fprintf(out, "%s\n", show_member(&a, o, "text", "-"));
	}
	fprintf(out, SHOW_LABEL "%s", "action",
	    show_member(&a, json, "action", "-"));
	if (show_has(json, "would"))
		fprintf(out, ", where enforcing would %s",
		    show_member(&b, json, "would", "-"));
	if (show_has(json, "outcome"))
		fprintf(out, ", %s", show_member(&c, json, "outcome", "-"));
	fputc('\n', out);
}

/* In the order in which they are printed, whichever there are. */
static const struct {
	const char *key;
	bool is_time;
} members[] = {
	{ "action", false },
	{ "ok", false },
	{ "of", false },
	{ "disposition", false },
	{ "ticket", false },
	{ "note", false },
	{ "unseen", false },
	{ "user", false },
	{ "source", false },
	{ "person", false },
	{ "accounts", false },
	{ "asset", false },
	{ "algorithm", false },
	{ "digits", false },
	{ "id", false },
	{ "name", false },
	{ "tool", false },
	{ "devices", false },
	{ "code", false },
	{ "grade", false },
	{ "country", false },
	{ "at", true },
	{ "from", true },
	{ "until", true },
	{ "reason", false },
	{ "command", false },
	{ "about", false },
	{ "times", false },
	{ "since", true },
	{ "why", false },
	{ "services", false },
	{ "mode", false },
	{ "serial", false },
	{ "made", true },
	{ "key", false },
	{ "file", false },
	{ "begin", false },
	{ "first", false },
	{ "last", false },
	{ "records", false },
	{ "rows", false },
	{ "oldest", true },
	{ "newest", true },
	{ "bytes", false },
	{ "old_sha256", false },
	{ "sha256", false },
	{ "people", false },
	{ "added", false },
	{ "changed", false },
	{ "removed", false },
	{ "dismissed", false },
	{ "restored", false },
	{ "restored_names", false },
	{ "kept_out", false },
	{ "revocations", false },
	{ "revoked", false },
	{ "failures", false },
	{ "remembered", false },
	{ "own", false },
	{ "known", false },
	{ "errors", false },
	{ "problem", false },
	{ "kill", false },
	{ "version", false },
	{ "pid", false },
	{ "scanner", false },
	{ "damaged", false },
	{ "sync_errno", false },
	{ "lost", false },
	{ "replaced", false },
};

/* Of whichever kind it is; what is none of these is left out. */
static void
print_value(const struct json *json, const char *key, bool is_time, FILE *out)
{
	int64_t number = json_get_int(json, key, -1);
	struct shown a;

	if (show_has(json, key)) {
		fprintf(out, SHOW_LABEL "%s\n", key,
		    show_member(&a, json, key, ""));
	} else if (json_get_bool(json, key, false) ||
	    !json_get_bool(json, key, true)) {
		fprintf(out, SHOW_LABEL "%s\n", key,
		    json_get_bool(json, key, false) ? "yes" : "no");
	} else if (json_length(json_get(json, key)) > 0) {
		fprintf(out, SHOW_LABEL, key);
		show_list(json_get(json, key), out);
		fputc('\n', out);
	} else if (number == json_get_int(json, key, 0)) {
		fprintf(out, SHOW_LABEL, key);
		if (is_time)
			show_time(number, out);
		else
			fprintf(out, "%lld", (long long)number);
		fputc('\n', out);
	}
}

static void
print_members(const struct json *json, FILE *out)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		print_value(json, members[i].key, members[i].is_time, out);
}

/* "changed bob: countries zone"; the first of each kind are there. */
static void
print_named(const struct json *list, FILE *out)
{
	struct shown a, b;
	const struct json *o;

	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		fprintf(out, SHOW_LABEL "%s", i == 0 ? "named" : "",
		    show_member(&a, o, "change", "-"));
		fprintf(out, " %s",
		    show_member(&b, o, show_has(o, "asset") ? "asset" : "user",
			"-"));
		if (show_has(o, "fields"))
			fprintf(out, ": %s", show_member(&a, o, "fields", ""));
		if (json_length(json_get(o, "users")) > 0) {
			fputs(", of ", out);
			show_list(json_get(o, "users"), out);
		}
		fputc('\n', out);
	}
}

static void
print_torn(const struct json *torn, FILE *out)
{
	struct shown a;

	if (torn != NULL)
		fprintf(out, SHOW_LABEL "%lld bytes, sha256 %.12s\n", "torn",
		    (long long)json_get_int(torn, "bytes", -1),
		    show_member(&a, torn, "sha256", "-"));
}

/* The last word counts. */
static void
print_replaced(const struct json *json, const struct record_context *context,
    FILE *out)
{
	int64_t last =
	    context == NULL ? 0 : json_get_int(context->review, "seq", 0);

	if (last > json_get_int(json, "seq", INT64_MAX))
		fprintf(out, SHOW_LABEL "by record %lld\n", "replaced",
		    (long long)last);
}

void
record_print_review(const struct record_context *context, FILE *out)
{
	const struct json *review = context == NULL ? NULL : context->review;
	struct shown a;

	if (review == NULL)
		return;
	fprintf(out, SHOW_LABEL "%s by ", "reviewed",
	    show_member(&a, review, "disposition", "-"));
	record_print_by(json_get(review, "by"), context, out);
	if (show_has(review, "ticket"))
		fprintf(out, ", %s", show_member(&a, review, "ticket", ""));
	if (show_has(review, "note"))
		fprintf(out, ": %s", show_member(&a, review, "note", ""));
	fputc('\n', out);
}

void
record_print_event(const struct json *json,
    const struct record_context *context, FILE *out)
{
	const struct json *by = json_get(json, "by");

	if (strcmp(json_get_string(json, "event", ""), "approval") == 0) {
		print_approval(json, context, out);
		return;
	}
	if (strcmp(json_get_string(json, "event", ""), "live") == 0) {
		print_live(json, out);
		return;
	}
	if (strcmp(json_get_string(json, "event", ""), "witness") == 0)
		record_print_witness(json, out);
	else
		print_members(json, out);
	print_named(json_get(json, "named"), out);
	print_torn(json_get(json, "torn"), out);
	if (by != NULL) {
		fprintf(out, SHOW_LABEL, "by");
		record_print_by(by, context, out);
		fputc('\n', out);
	}
	if (strcmp(json_get_string(json, "event", ""), "review") == 0)
		print_replaced(json, context, out);
}
