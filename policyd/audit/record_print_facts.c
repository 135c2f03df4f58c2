/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For people: where a login comes from, and whose it is. As in record_print.c
 * nothing is trusted, and everything may be missing.
 */
#include "policyd/audit/record_parts.h"

#include <string.h>

#include "policyd/audit/show.h"

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

/* Who announces the address, and what hides behind it. */
static void
print_source(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "asn");
	struct shown a;

	if (json_get_int(o, "number", 0) > 0) {
		fprintf(out, SHOW_LABEL "AS%lld %s", "network",
		    (long long)json_get_int(o, "number", 0),
		    show_member(&a, o, "org", ""));
		if (json_length(json_get(o, "lists")) > 0) {
			fputs(", on ", out);
			show_list(json_get(o, "lists"), out);
		}
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
print_person(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "person");
	const char *state = json_get_string(o, "state", "none");
	struct shown a, b;

	if (o == NULL)
		return;
	if (show_has(o, "user"))
		fprintf(out, SHOW_LABEL "%s (%s)\n", "person",
		    show_member(&a, o, "user", ""),
		    show_member(&b, o, "kind", "-"));
	else if (strcmp(state, "error") == 0)
		fprintf(out, SHOW_LABEL "the inventory could not be read\n",
		    "person");
	else
		fprintf(out, SHOW_LABEL "not in the inventory\n", "person");
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

void
record_print_facts(const struct json *json, FILE *out)
{
	print_origin(json, out);
	print_place(json, out);
	print_source(json, out);
	print_person(json, out);
	print_networks(json, out);
}
