/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For people: where a login comes from, whose it is, and what sessions,
 * earlier logins and other people have to do with it. As in record_print.c
 * nothing is trusted, and everything may be missing.
 */
#include "policyd/record/record_parts.h"

#include <string.h>

#include "policyd/record/show.h"
#include "policyd/check/check_end.h"

static void
print_origin(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "origin");
	struct shown a, b, c;

	if (show_has(o, "address"))
		fprintf(out, SHOW_LABEL "%s (%s) by %s", "from",
		    show_member(&a, o, "address", ""),
		    show_member(&b, o, "class", "-"),
		    show_member(&c, o, "source", "-"));
	else
		fprintf(out, SHOW_LABEL "%s", "from",
		    show_member(&a, o, "kind", "-"));
	if (show_has(o, "inherited"))
		fprintf(out, ", inherited from %s",
		    show_member(&a, o, "inherited", ""));
	fputc('\n', out);
	if (show_has(o, "rhost") &&
	    strcmp(json_get_string(o, "rhost", ""),
		json_get_string(o, "address", "")) != 0)
		fprintf(out, SHOW_LABEL "%s (as it came)\n", "rhost",
		    show_member(&a, o, "rhost", ""));
	if (show_has(o, "problem"))
		fprintf(out, SHOW_LABEL "%s\n", "problem",
		    show_member(&a, o, "problem", ""));
	if (show_has(o, "ssh_connection"))
		fprintf(out, SHOW_LABEL "%s\n", "connection",
		    show_member(&a, o, "ssh_connection", ""));
}

static void
print_place(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "place");
	const char *state = json_get_string(o, "state", "none");
	struct shown a, b;

	if (show_has(o, "country"))
		fprintf(out, SHOW_LABEL "%s", "place",
		    show_member(&a, o, "country", ""));
	else if (strcmp(state, "none") == 0)
		fprintf(out, SHOW_LABEL "not looked for", "place");
	else if (strcmp(state, "error") == 0)
		fprintf(out, SHOW_LABEL "the country was not checked", "place");
	else
		fprintf(out, SHOW_LABEL "%s", "place", show_text(&a, state));
	if (show_has(o, "city"))
		fprintf(out, ", %s", show_member(&b, o, "city", ""));
	if (show_has(o, "network"))
		fprintf(out, ", as the network %s says",
		    show_member(&b, o, "network", ""));
	if (show_has(o, "database"))
		fprintf(out, ", from %s", show_member(&b, o, "database", ""));
	if (show_has(o, "problem"))
		fprintf(out, ": %s", show_member(&b, o, "problem", ""));
	fputc('\n', out);
}

/* How often the person came from this autonomous system. */
static void
print_days(const struct json *asn, FILE *out)
{
	int64_t n = json_get_int(asn, "days", -1);

	if (json_get_null(asn, "days"))
		fputs(", earlier logins could not be read", out);
	else if (n >= 0)
		fprintf(out, ", earlier logins on %lld day%s", (long long)n,
		    n == 1 ? "" : "s");
}

/* Who announces the address, and what hides behind it. */
static void
print_source(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "asn");
	struct shown a;

	if (json_get_int(o, "number", 0) > 0) {
		fprintf(out, SHOW_LABEL "AS%lld%s%s", "network",
		    (long long)json_get_int(o, "number", 0),
		    show_has(o, "org") ? " " : "",
		    show_member(&a, o, "org", ""));
		if (json_length(json_get(o, "lists")) > 0) {
			fputs(", on ", out);
			show_list(json_get(o, "lists"), out);
		}
		print_days(o, out);
		fputc('\n', out);
	}
	o = json_get(json, "anonymous");
	if (json_length(json_get(o, "is")) == 0)
		return;
	fprintf(out, SHOW_LABEL, "anonymous");
	show_list(json_get(o, "is"), out);
	if (show_has(o, "provider"))
		fprintf(out, " (%s)", show_member(&a, o, "provider", ""));
	fputc('\n', out);
}

static void
print_key(const struct json *o, const char *label, FILE *out)
{
	struct shown a, b;

	fprintf(out, SHOW_LABEL "%s", label,
	    show_member(&a, o, "fingerprint", "-"));
	if (show_has(o, "id"))
		fprintf(out, ", id %s", show_member(&b, o, "id", ""));
	fputc('\n', out);
}

static void
print_keys(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "key");
	const struct json *also = json_get(o, "also");
	int64_t more = json_get_int(o, "more", 0);
	size_t n = json_length(also);

	if (!show_has(o, "fingerprint"))
		return;
	print_key(o, "key", out);
	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++)
		print_key(json_at(also, i), "also", out);
	if (n > SHOW_LIST_MAX)
		fprintf(out, SHOW_LABEL "...\n", "also");
	if (more > 0)
		fprintf(out, SHOW_LABEL "%lld more, not named\n", "also",
		    (long long)more);
}

static void
print_person(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "person");
	const char *state = json_get_string(o, "state", "none");
	struct shown a, b;

	if (o == NULL)
		return;
	if (show_has(o, "user"))
		fprintf(out, SHOW_LABEL "%s (%s)%s\n", "person",
		    show_member(&a, o, "user", ""),
		    show_member(&b, o, "kind", "-"),
		    json_get_bool(o, "nobody", false) ?
			", by nobody who is known" :
			"");
	else if (strcmp(state, "error") == 0)
		fprintf(out, SHOW_LABEL "the inventory could not be read\n",
		    "person");
	else
		fprintf(out, SHOW_LABEL "not in the inventory\n", "person");
}

void
record_print_person(const struct json *json, FILE *out)
{
	print_keys(json, out);
	print_person(json, out);
}

static void
print_networks(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "networks");

	if (json_length(list) == 0)
		return;
	fprintf(out, SHOW_LABEL, "networks");
	show_list(list, out);
	fputc('\n', out);
}

/* False if there is nothing more to say. */
static bool
print_label(const struct json *json, const char *key, const char *label,
    FILE *out)
{
	if (json_get_null(json, key))
		fprintf(out, SHOW_LABEL "could not be read\n", label);
	if (json_get(json, key) == NULL)
		return false;
	fprintf(out, SHOW_LABEL, label);
	return true;
}

static void
print_revocation(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "revocation");
	struct shown a;

	if (!print_label(json, "revocation", "revoked", out))
		return;
	fputs("from ", out);
	show_time(json_get_int(o, "at", 0), out);
	if (show_has(o, "reason"))
		fprintf(out, ": %s", show_member(&a, o, "reason", ""));
	fputc('\n', out);
}

static void
print_bundle(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "bundle");

	if (!print_label(json, "bundle", "bundle", out))
		return;
	fprintf(out, "serial %lld, of ",
	    (long long)json_get_int(o, "serial", 0));
	show_time(json_get_int(o, "made", 0), out);
	fputs(json_get_bool(o, "stale", false) ? ", stale\n" : "\n", out);
}

/* "192.0.2.1, NO, Oslo, AS64500, office" */
static void
print_end(const struct json *o, FILE *out)
{
	static const char *const keys[] = { "country", "city" };
	int64_t asn = json_get_int(o, "asn", 0);
	struct shown a;

	if (show_has(o, "address"))
		fputs(show_member(&a, o, "address", ""), out);
	else
		fputs(show_member(&a, o, "kind", "-"), out);
	for (size_t i = 0; i < 2; i++)
		if (show_has(o, keys[i]))
			fprintf(out, ", %s", show_member(&a, o, keys[i], ""));
	if (asn > 0)
		fprintf(out, ", AS%lld", (long long)asn);
	if (show_has(o, "network"))
		fprintf(out, ", %s", show_member(&a, o, "network", ""));
}

static void
print_other(const struct json *o, FILE *out)
{
	struct shown a, b;

	fprintf(out, SHOW_LABEL "  %s by %s from ", "",
	    show_member(&a, o, "ref", "-"), show_member(&b, o, "service", "-"));
	print_end(o, out);
	if (show_has(o, "device"))
		fprintf(out, ", with %s", show_member(&a, o, "device", ""));
	if (json_get_bool(o, "reserved", false))
		fputs(", being opened\n", out);
	else {
		fputs(", since ", out);
		show_time(json_get_int(o, "since", 0), out);
		fputc('\n', out);
	}
}

static void
print_sessions(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "sessions"), *list;
	int64_t others = json_get_int(o, "others", 0);
	size_t n;
	bool cut;

	if (!print_label(json, "sessions", "sessions", out))
		return;
	list = json_get(o, "places");
	n = json_length(list);
	cut = n > SHOW_LIST_MAX || json_get_bool(o, "more", false);
	fprintf(out, "%lld other%s%s\n", (long long)others,
	    others == 1 ? "" : "s",
	    !cut && n > 0 && others > (int64_t)n ?
		", the newest of each place:" :
		"");
	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++)
		print_other(json_at(list, i), out);
	if (cut)
		fprintf(out, SHOW_LABEL "  ...\n", "");
}

static void
print_last(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "last");
	int64_t ago_s = json_get_int(o, "ago_s", -1);
	char span[CHECK_SPAN_SIZE];
	struct shown a;

	if (!print_label(json, "last", "last login", out))
		return;
	fprintf(out, "%s from ", show_member(&a, o, "ref", "-"));
	print_end(o, out);
	fputs(", at ", out);
	show_time(json_get_int(o, "at", 0), out);
	if (ago_s >= 0)
		fprintf(out, ", %s before", check_span_text(ago_s, span));
	fputc('\n', out);
}

static void
print_sharers(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "sharers");
	size_t n = json_length(list);
	struct shown a;

	if (!print_label(json, "sharers", "shared by", out))
		return;
	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "",
		    show_member(&a, json_at(list, i), "user", "-"));
	if (n > SHOW_LIST_MAX)
		fputs(", ...", out);
	fputc('\n', out);
}

void
record_print_facts(const struct json *json, FILE *out)
{
	print_origin(json, out);
	print_place(json, out);
	print_source(json, out);
	record_print_person(json, out);
	print_networks(json, out);
	print_revocation(json, out);
	print_bundle(json, out);
	record_print_device(json, out);
	print_sessions(json, out);
	print_last(json, out);
	print_sharers(json, out);
}
