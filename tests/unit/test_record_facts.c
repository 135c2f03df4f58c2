/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a record says of sessions, earlier logins, other people behind the
 * address and revocations: what is known, what could not be read, and what
 * nobody asked for.
 */
#include "policyd/record/record_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/text.h"

#define SET(field, value) \
	assert_int_equal(text_format(field, sizeof(field), "%s", value), 0)

static struct conf conf;

static void
set_address(struct fact_origin *origin, const char *text)
{
	memset(origin, 0, sizeof(*origin));
	origin->kind = ORIGIN_ADDRESS;
	origin->source = ORIGIN_FROM_SSH_CONNECTION;
	assert_int_equal(addr_parse(text, &origin->addr), 0);
	origin->cls = addr_classify(&origin->addr);
}

static void
set_other(struct facts *f, const char *ref, const char *address)
{
	struct fact_other *other = &f->sessions.list[f->sessions.nlisted++];

	SET(other->ref, ref);
	SET(other->service, address == NULL ? "login" : "sshd");
	other->since_s = 1767222000;
	if (address == NULL)
		other->origin.kind = ORIGIN_CONSOLE;
	else
		set_address(&other->origin, address);
}

/* A login with all of it; the second other one is opened just now. */
static void
full_login(struct facts *f)
{
	struct fact_last *last = &f->history.last;

	memset(f, 0, sizeof(*f));
	set_address(&f->origin, "192.0.2.7");
	f->place.state = FACT_NONE;
	f->asn.state = FACT_KNOWN;
	f->asn.number = 64500;
	SET(f->asn.org, "Example");
	f->history.asn_state = FACT_KNOWN;
	f->history.asn_days = 1;
	f->revocation.state = FACT_KNOWN;
	f->revocation.at_s = 1767225600;
	SET(f->revocation.reason, "left; \xe2\x80\xae");
	f->bundle.state = FACT_KNOWN;
	f->bundle.serial = 1767225601;
	f->bundle.made_s = 1767225600;
	f->bundle.stale = true;
	f->sessions.state = FACT_KNOWN;
	f->sessions.count = 5;
	set_other(f, "AAAA-AAAA", "2001:db8::1");
	SET(f->sessions.list[0].where.country, "NO");
	SET(f->sessions.list[0].where.network, "office");
	f->sessions.list[0].where.asn = 64501;
	SET(f->sessions.list[0].device, "LT-0042");
	SET(f->sessions.list[0].key, "SHA256:a");
	set_other(f, "BBBB-BBBB", NULL);
	f->sessions.list[1].reserved = true;
	f->sessions.overflow = true;
	last->state = FACT_KNOWN;
	SET(last->ref, "7F3K-Q2MN");
	last->at_s = 1767217800;
	last->ago_known = true;
	last->ago_s = 7800;
	set_address(&last->origin, "198.51.100.1");
	last->place.state = FACT_KNOWN;
	SET(last->place.country, "SE");
	SET(last->place.city, "Link\xc3\xb6ping");
	last->place.has_point = true;
	last->place.latitude = 58.4167;
	last->place.longitude = 15.6167;
	last->place.accuracy_km = 76;
	last->asn = f->asn;
	f->history.sharers_state = FACT_KNOWN;
	f->history.nsharers = 2;
	SET(f->history.sharer[0], "bob");
	SET(f->history.sharer[1], "car\xffol");
}

static struct json *
record_of(const struct facts *f)
{
	struct json *json = json_new();

	record_add_facts(json, f, &conf);
	return json;
}

static char *
shown(const struct json *json)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	assert_non_null(out = open_memstream(&text, &len));
	record_print_facts(json, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
assert_member(const struct facts *f, const char *key, const char *want)
{
	struct json *json = record_of(f);
	char *text = json_text(json), *at, name[64];

	assert_non_null(text);
	(void)snprintf(name, sizeof(name), "\"%s\":", key);
	at = strstr(text, name);
	if (want == NULL)
		assert_null(at);
	else if (at == NULL ||
	    strncmp(at + strlen(name), want, strlen(want)) != 0)
		fail_msg("%s", text);
	free(text);
	json_free(json);
}

static void
assert_shown(const struct facts *f, const char *want)
{
	struct json *json = record_of(f);
	char *text = shown(json);

	if (strstr(text, want) == NULL)
		fail_msg("%s", text);
	free(text);
	json_free(json);
}

static void
all_of_it_is_on_record(void **state)
{
	struct facts f;

	(void)state;
	full_login(&f);
	assert_member(&f, "asn",
	    "{\"state\":\"known\",\"number\":64500,\"org\":\"Example\","
	    "\"days\":1}");
	assert_member(&f, "revocation",
	    "{\"at\":1767225600,\"reason\":\"left; \\u202E\"}");
	assert_member(&f, "bundle",
	    "{\"serial\":1767225601,\"made\":1767225600,\"stale\":true}");
	assert_member(&f, "sessions",
	    "{\"others\":5,\"places\":[{\"ref\":\"AAAA-AAAA\",\"service\":"
	    "\"sshd\",\"address\":\"2001:db8::1\",\"country\":\"NO\",\"asn\":"
	    "64501,\"network\":\"office\",\"device\":\"LT-0042\",\"since\":"
	    "1767222000},{\"ref\":"
	    "\"BBBB-BBBB\",\"service\":\"login\",\"kind\":\"console\","
	    "\"since\":1767222000,\"reserved\":true}],\"more\":true}");
	assert_member(&f, "last",
	    "{\"ref\":\"7F3K-Q2MN\",\"at\":1767217800,\"ago_s\":7800,"
	    "\"address\":\"198.51.100.1\",\"country\":\"SE\",\"city\":"
	    "\"Link\\u00F6ping\",\"near\":\"58.4,15.6\",\"accuracy_km\":76,"
	    "\"asn\":64500}");
	assert_member(&f, "sharers",
	    "[{\"user\":\"bob\"},{\"user\":\"car\\\\xffol\","
	    "\"user_hex\":\"636172ff6f6c\"}]");
}

static void
what_nobody_asked_for_is_not_there(void **state)
{
	static const char *const keys[] = { "days", "revocation", "bundle",
		"sessions", "last", "sharers" };
	static const enum fact_state states[] = { FACT_NONE, FACT_UNKNOWN };
	struct facts f;
	struct json *json;
	size_t i, k;
	char *text;

	(void)state;
	for (k = 0; k < 2; k++) {
		full_login(&f);
		f.history.asn_state = f.history.last.state = states[k];
		f.history.sharers_state = f.revocation.state = states[k];
		f.sessions.state = f.bundle.state = states[k];
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			assert_member(&f, keys[i], NULL);
		json = record_of(&f);
		text = shown(json);
		assert_string_equal(text,
		    "  from       192.0.2.7 (documentation) by "
		    "ssh_connection\n  place      not looked for\n"
		    "  network    AS64500 Example\n");
		free(text);
		json_free(json);
	}
	full_login(&f);
	f.history.nsharers = 0;
	assert_member(&f, "sharers", NULL);
	f.history.last.ago_known = false;
	assert_member(&f, "ago_s", NULL);
	f.sessions.count = f.sessions.nlisted = 0;
	f.sessions.overflow = false;
	assert_member(&f, "sessions", "{\"others\":0}");
	assert_shown(&f, "\n  sessions   0 others\n");
}

static void
what_could_not_be_read_is_null(void **state)
{
	struct facts f;

	(void)state;
	full_login(&f);
	f.history.asn_state = f.history.last.state = FACT_ERROR;
	f.history.sharers_state = f.revocation.state = FACT_ERROR;
	f.sessions.state = f.bundle.state = FACT_ERROR;
	assert_member(&f, "days", "null");
	assert_member(&f, "revocation", "null");
	assert_member(&f, "bundle", "null");
	assert_member(&f, "sessions", "null");
	assert_member(&f, "last", "null");
	assert_member(&f, "sharers", "null");
	assert_shown(&f,
	    "  network    AS64500 Example, earlier logins could not be read\n"
	    "  revoked    could not be read\n"
	    "  bundle     could not be read\n"
	    "  sessions   could not be read\n"
	    "  last login could not be read\n"
	    "  shared by  could not be read\n");
}

static void
people_can_read_it(void **state)
{
	struct facts f;

	(void)state;
	full_login(&f);
	assert_shown(&f,
	    "  network    AS64500 Example, earlier logins on 1 day\n"
	    "  revoked    from 2026-01-01T00:00:00Z: left; \\xe2\\x80\\xae\n"
	    "  bundle     serial 1767225601, of 2026-01-01T00:00:00Z, stale\n"
	    "  sessions   5 others\n"
	    "               AAAA-AAAA by sshd from 2001:db8::1, NO, AS64501, "
	    "office, with LT-0042, since 2025-12-31T23:00:00Z\n"
	    "               BBBB-BBBB by login from console, being opened\n"
	    "               ...\n"
	    "  last login 7F3K-Q2MN from 198.51.100.1, SE, Link\xc3\xb6ping, "
	    "AS64500, at 2025-12-31T21:50:00Z, 2 h 10 min before\n"
	    "  shared by  bob, car\\xffol\n");
	f.history.last.ago_known = false;
	assert_shown(&f, ", at 2025-12-31T21:50:00Z\n");
	f.asn.org[0] = '\0';
	assert_shown(&f, "  network    AS64500, earlier logins on 1 day\n");
}

/* A laptop that has signed, and says no more of itself. */
static void
attested_login(struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->proof.attested.state = f->proof.attested.company_state = FACT_KNOWN;
	SET(f->proof.attested.key, "ed25519:a");
	SET(f->proof.attested.asset.tag, "LT-1");
}

static void
who_else_was_where_a_laptop_is_is_counted(void **state)
{
	struct fact_attested *a;
	struct facts f;

	(void)state;
	attested_login(&f);
	a = &f.proof.attested;
	assert_shown(&f, "  attested   LT-1");
	assert_member(&f, "site_people", NULL);
	assert_member(&f, "device_people", NULL);
	a->site.people = a->device.people = 1;
	assert_member(&f, "site_people", "1,\"device_people\":1}");
	assert_shown(&f,
	    "LT-1; 1 other at its site; 1 other person has come with it\n");
	a->site.people = 3;
	a->site.beside = a->device.people = 2;
	assert_member(&f, "site_people", "3,\"beside\":2,\"device_people\":2}");
	assert_shown(&f,
	    "LT-1; 3 others at its site, 2 beside the same monitor or input; "
	    "2 other people have come with it\n");
	memset(&a->site, 0, sizeof(a->site));
	memset(&a->device, 0, sizeof(a->device));
	a->company_state = FACT_ERROR;
	assert_member(&f, "site_people", "null,\"device_people\":null}");
	assert_shown(&f, "LT-1; who else was there could not be read\n");
	/* nobody was asked */
	a->state = FACT_NONE;
	assert_member(&f, "attested", NULL);
}

/* Both are a stranger's. */
static void
what_a_laptop_runs_and_when_by_its_clock_is_recorded(void **state)
{
	struct fact_attested *a;
	struct facts f;

	(void)state;
	attested_login(&f);
	a = &f.proof.attested;
	assert_member(&f, "release", NULL);
	SET(a->release, "1.2.0\"");
	a->said_s = 1767258600;
	a->site.people = 1;
	assert_member(&f, "release", "\"1.2.0\\\"\",\"at\":1767258600,");
	assert_shown(&f,
	    "LT-1; release 1.2.0\", at 2026-01-01T09:10:00Z by its clock; "
	    "1 other at its site\n");
	a->said_s = INT64_MAX;
	assert_shown(&f, "by its clock; 1");
}

/* As of a file that anybody wrote. */
static void
what_is_not_ours_is_shown_without_harm(void **state)
{
	static const char *const lines[] = {
		"{\"sessions\":[],\"last\":[],\"sharers\":{},\"revocation\":"
		"[]}",
		"{\"sessions\":{\"others\":-1,\"places\":[1,null,[],{}]},"
		"\"last\":{\"at\":9223372036854775807,\"ago_s\":"
		"9223372036854775807},\"sharers\":[1,null,{},\"x\"]}",
		"{\"revocation\":{\"at\":-9223372036854775808},\"asn\":"
		"{\"number\":1,\"days\":\"x\"}}",
		"{\"sessions\":1,\"last\":\"x\",\"sharers\":true}",
		"{\"attested\":{\"site_people\":[],\"beside\":-1,"
		"\"device_people\":\"x\"}}",
		"{\"attested\":{\"release\":\"x\",\"at\":[]}}",
	};
	struct json *json;
	size_t i;
	char *text;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		json = json_parse(lines[i], strlen(lines[i]));
		assert_non_null(json);
		text = shown(json);
		assert_non_null(strstr(text, "  from       -\n"));
		free(text);
		json_free(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_on_record),
		cmocka_unit_test(what_nobody_asked_for_is_not_there),
		cmocka_unit_test(what_could_not_be_read_is_null),
		cmocka_unit_test(people_can_read_it),
		cmocka_unit_test(who_else_was_where_a_laptop_is_is_counted),
		cmocka_unit_test(
		    what_a_laptop_runs_and_when_by_its_clock_is_recorded),
		cmocka_unit_test(what_is_not_ours_is_shown_without_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
