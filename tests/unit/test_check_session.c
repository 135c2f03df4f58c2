/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.limit and session.places: who has too many sessions at once, and
 * whose places differ. Facts are made by hand, configurations are parsed.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

#define SOURCES                                                  \
	"database country { files = \"/nonexistent/a.mmdb\" }\n" \
	"database asn { files = \"/nonexistent/b.mmdb\" }\n"

static const char by_default[] = "policy all { }";
static const char by_country[] = SOURCES "policy all { places = country }";
static const char by_asn[] = SOURCES "policy all { places = asn }";
static const char by_network[] = "policy all { places = network }";
static const char by_device[] = "policy all { places = device }";
static const char by_any[] =
    SOURCES "policy all { places = {country, asn, network} }";

/* Alice from Germany, with nothing else open. */
static void
set_login(struct facts *f)
{
	set_facts(f);
	f->sessions.state = FACT_KNOWN;
	memcpy(f->where.country, "DE", 3);
	f->where.asn = 64500;
}

/* From the same place, two hours ago; of all that are counted. */
static struct fact_other *
add_other(struct facts *f, const char *ref)
{
	struct fact_other *other = &f->sessions.list[f->sessions.nlisted++];

	f->sessions.count++;
	(void)snprintf(other->ref, sizeof(other->ref), "%s", ref);
	(void)snprintf(other->service, sizeof(other->service), "sshd");
	other->since_s = f->at_s - 7200;
	other->origin = f->origin;
	other->where = f->where;
	return other;
}

static void
one_more_than_allowed_is_too_many(void **state)
{
	static const char two[] = "policy all { max_sessions = 2 }";
	struct conf *conf = parse(two);
	struct decision d;
	struct facts f;

	(void)state;
	set_login(&f);
	assert_found(&f, two, "none");
	(void)add_other(&f, "AAAA-AAAA");
	assert_found(&f, two, "none");
	(void)add_other(&f, "BBBB-BBBB");
	f.sessions.list[1].reserved = true;
	decide(&f, conf, &d);
	assert_reason(&d, "session.limit");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_string_equal(d.findings.list[0].text,
	    "session 3 of alice, and policy all allows 2: AAAA-AAAA by sshd "
	    "from 5.1.80.1 (DE, AS64500), 2 h ago; BBBB-BBBB by sshd from "
	    "5.1.80.1 (DE, AS64500), being opened");
	assert_found(&f, by_default, "none");
	/* those that are not listed count */
	f.sessions.nlisted = 1;
	assert_found(&f, two, "session.limit");
	f.sessions.count = SIZE_MAX;
	assert_found(&f, two, "session.limit");
	conf_free(conf);
}

static void
the_limit_is_a_policys(void **state)
{
	static const char other[] =
	    "policy bob { users = bob max_sessions = 1 }\n"
	    "policy all { max_sessions = 3 }";
	struct facts f;

	(void)state;
	set_login(&f);
	(void)add_other(&f, "AAAA-AAAA");
	assert_found(&f, other, "none");
	(void)snprintf(f.login.user, sizeof(f.login.user), "bob");
	assert_found(&f, other, "session.limit");
	/* the person's name, of whichever account */
	set_owner(&f, "robot", PERSON_KIND_SERVICE);
	assert_found(&f, other, "person.unknown:elsewhere,session.limit");
}

static void
nobody_is_limited_where_it_is_not_asked_for(void **state)
{
	static const char one[] = "policy all { max_sessions = 1 }";
	struct facts f;

	(void)state;
	set_login(&f);
	(void)add_other(&f, "AAAA-AAAA");
	assert_found(&f, one, "session.limit");
	f.sessions.state = FACT_NONE;
	assert_found(&f, one, "none");
	f.sessions.state = FACT_KNOWN;
	assert_found(&f, "policy bob { users = bob max_sessions = 1 }",
	    "no_policy");
	/* at the machine it is one as well */
	set_kind(&f, SERVICE_CONSOLE, "login");
	assert_found(&f, one, "session.limit");
}

static void
one_place_is_no_two(void **state)
{
	static const char *const all[] = { by_default, by_country, by_asn,
		by_network, by_any };
	struct facts f;
	size_t i;

	(void)state;
	set_login(&f);
	(void)add_other(&f, "AAAA-AAAA");
	(void)add_other(&f, "BBBB-BBBB");
	for (i = 0; i < N_ELEMENTS(all); i++)
		assert_found(&f, all[i], "none");
	f.sessions.nlisted = f.sessions.count = 0;
	for (i = 0; i < N_ELEMENTS(all); i++)
		assert_found(&f, all[i], "none");
}

static void
countries_make_places(void **state)
{
	struct conf *conf = parse(by_country);
	struct fact_other *other;
	struct decision d;
	struct facts f;

	(void)state;
	set_login(&f);
	(void)add_other(&f, "AAAA-AAAA");
	other = add_other(&f, "BBBB-BBBB");
	memcpy(other->where.country, "FR", 3);
	set_address(&other->origin, "2001:db8::1");
	decide(&f, conf, &d);
	assert_reason(&d, "session.places");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_string_equal(d.findings.list[0].text,
	    "from 5.1.80.1 (DE, AS64500), and in as well: BBBB-BBBB by sshd "
	    "from 2001:db8::1 (FR, AS64500), 2 h ago");
	assert_found(&f, by_default, "session.places");
	assert_found(&f, by_any, "session.places");
	assert_found(&f, by_asn, "none");
	/* where no policy matches, too */
	assert_found(&f, "policy bob { users = bob }",
	    "no_policy,session.places");
	conf_free(conf);
}

static void
systems_make_places(void **state)
{
	struct facts f;

	(void)state;
	set_login(&f);
	add_other(&f, "AAAA-AAAA")->where.asn = 64501;
	assert_found(&f, by_asn, "session.places");
	assert_found(&f, by_any, "session.places");
	assert_found(&f, by_country, "none");
	assert_found(&f, by_network, "none");
}

static void
networks_make_places(void **state)
{
	struct fact_other *other;
	struct facts f;

	(void)state;
	set_login(&f);
	other = add_other(&f, "AAAA-AAAA");
	set_address(&other->origin, "5.1.80.2");
	assert_found(&f, by_network, "session.places");
	assert_found(&f, by_default, "none");
	/* a name stands for all of its addresses */
	memcpy(f.where.network, "office", 7);
	assert_found(&f, by_network, "session.places");
	memcpy(other->where.network, "office", 7);
	assert_found(&f, by_network, "none");
	memcpy(other->where.network, "vpn", 4);
	assert_found(&f, by_network, "session.places");
	other->origin = f.origin;
	assert_found(&f, by_network, "session.places");
	/* without one, a line of IPv6 has a /64 */
	f.where.network[0] = other->where.network[0] = '\0';
	set_address(&f.origin, "2001:db8::1");
	set_address(&other->origin, "2001:db8::2");
	assert_found(&f, by_network, "none");
	set_address(&other->origin, "2001:db8:0:1::1");
	assert_found(&f, by_network, "session.places");
	set_address(&other->origin, "192.0.2.1");
	assert_found(&f, by_network, "session.places");
}

static void
set_key(struct facts *f, const char *fingerprint)
{
	struct ssh_keys *keys = &f->login.keys;

	memset(keys, 0, sizeof(*keys));
	if (fingerprint[0] == '\0')
		return;
	keys->n = 1;
	(void)snprintf(keys->list[0].fingerprint,
	    sizeof(keys->list[0].fingerprint), "%s", fingerprint);
}

static void
set_bound(struct facts *f, const char *tag)
{
	f->bound.state = tag[0] == '\0' ? FACT_UNKNOWN : FACT_KNOWN;
	f->bound.asset.standing = ASSET_OWN;
	(void)snprintf(f->bound.asset.tag, sizeof(f->bound.asset.tag), "%s",
	    tag);
}

static void
set_attested(struct facts *f, const char *tag)
{
	struct fact_attested *a = &f->proof.attested;

	a->state = FACT_KNOWN;
	a->asset.standing = ASSET_OWN;
	(void)snprintf(a->asset.tag, sizeof(a->asset.tag), "%s", tag);
	(void)snprintf(a->key, sizeof(a->key), "ed25519:a");
}

/* With a key, if it has one. */
static void
add_device(struct facts *f, const char *device, const char *key)
{
	struct fact_other *other = add_other(f, "AAAA-AAAA");

	(void)snprintf(other->device, sizeof(other->device), "%s", device);
	(void)snprintf(other->key, sizeof(other->key), "%s", key);
}

/* What was signed, then what the key is bound to, then the key. */
static void
a_device_is_what_is_known_best(void **state)
{
	struct facts f;

	(void)state;
	set_login(&f);
	assert_string_equal(fact_device(&f), "");
	set_key(&f, "SHA256:a");
	assert_string_equal(fact_device(&f), "SHA256:a");
	set_bound(&f, "");
	assert_string_equal(fact_device(&f), "SHA256:a");
	set_bound(&f, "LT-0042");
	assert_string_equal(fact_device(&f), "LT-0042");
	set_attested(&f, "LT-0043");
	assert_string_equal(fact_device(&f), "LT-0043");
	set_attested(&f, "");
	assert_string_equal(fact_device(&f), "ed25519:a");
	f.proof.attested.state = FACT_ERROR;
	f.bound.state = FACT_ERROR;
	assert_string_equal(fact_device(&f), "SHA256:a");
}

static void
devices_make_places(void **state)
{
	struct conf *conf = parse(by_device);
	struct decision d;
	struct facts f;

	(void)state;
	set_login(&f);
	set_bound(&f, "LT-0042");
	add_device(&f, "LT-0042", "SHA256:a");
	assert_found(&f, by_device, "none");
	add_device(&f, "LT-0043", "SHA256:b");
	assert_found(&f, by_any, "none");
	assert_found(&f, by_default, "none");
	decide(&f, conf, &d);
	assert_reason(&d, "session.places");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_string_equal(d.findings.list[0].text,
	    "from 5.1.80.1 (DE, AS64500) with LT-0042, and in as well: "
	    "AAAA-AAAA by sshd from 5.1.80.1 (DE, AS64500) with LT-0043, 2 h "
	    "ago");
	/* at whichever place, and without one */
	memset(&f.sessions.list[1].origin, 0, sizeof(f.origin));
	f.sessions.list[1].origin.kind = ORIGIN_CONSOLE;
	assert_found(&f, by_device, "session.places");
	set_owner(&f, "", PERSON_KIND_SERVICE);
	assert_found(&f, by_device, "person.unknown:elsewhere");
	conf_free(conf);
}

static void
keys_are_devices_where_nothing_else_is_known(void **state)
{
	struct facts f;

	(void)state;
	set_login(&f);
	set_key(&f, "SHA256:a");
	add_device(&f, "SHA256:a", "SHA256:a");
	assert_found(&f, by_device, "none");
	add_device(&f, "SHA256:b", "SHA256:b");
	assert_found(&f, by_device, "session.places");
}

static void
a_session_without_a_device_differs_from_nothing(void **state)
{
	struct facts f;

	(void)state;
	set_login(&f);
	add_device(&f, "LT-0043", "");
	assert_found(&f, by_device, "none");
	f.sessions.nlisted = 0;
	set_attested(&f, "LT-0042");
	add_device(&f, "", "");
	assert_found(&f, by_device, "none");
}

/* Of two sessions by one key one was asked, and has said what it is. */
static void
one_that_is_known_by_the_same_key_alone_is_the_same(void **state)
{
	struct facts f;

	(void)state;
	set_login(&f);
	set_key(&f, "SHA256:a");
	add_device(&f, "LT-0042", "SHA256:a");
	assert_found(&f, by_device, "none");
	f.sessions.nlisted = 0;
	set_attested(&f, "LT-0042");
	add_device(&f, "SHA256:a", "SHA256:a");
	assert_found(&f, by_device, "none");
	/* but not what is known of both, nor without a key */
	f.sessions.nlisted = 0;
	add_device(&f, "LT-0043", "SHA256:a");
	assert_found(&f, by_device, "session.places");
	f.sessions.nlisted = 0;
	add_device(&f, "SHA256:b", "SHA256:b");
	assert_found(&f, by_device, "session.places");
	set_key(&f, "");
	f.sessions.nlisted = 0;
	add_device(&f, "LT-0043", "");
	assert_found(&f, by_device, "session.places");
}

static void
what_is_not_known_does_not_differ(void **state)
{
	struct fact_other *other;
	struct facts f;

	(void)state;
	set_login(&f);
	other = add_other(&f, "AAAA-AAAA");
	memset(&other->where, 0, sizeof(other->where));
	assert_found(&f, by_any, "none");
	other->where = f.where;
	memset(&f.where, 0, sizeof(f.where));
	assert_found(&f, by_any, "none");
	memset(&other->where, 0, sizeof(other->where));
	assert_found(&f, by_any, "none");
}

static void
who_has_no_address_is_at_no_place(void **state)
{
	struct fact_other *other;
	struct facts f;

	(void)state;
	set_login(&f);
	other = add_other(&f, "AAAA-AAAA");
	memcpy(other->where.country, "FR", 3);
	memset(&other->origin, 0, sizeof(other->origin));
	other->origin.kind = ORIGIN_CONSOLE;
	assert_found(&f, by_any, "none");
	other->origin = f.origin;
	set_kind(&f, SERVICE_CONSOLE, "login");
	assert_found(&f, by_any, "none");
}

static void
service_accounts_are_at_many_places(void **state)
{
	struct facts f;

	(void)state;
	set_login(&f);
	memcpy(add_other(&f, "AAAA-AAAA")->where.country, "FR", 3);
	set_owner(&f, "", PERSON_KIND_VENDOR);
	assert_found(&f, by_any, "session.places");
	f.person.person.kind = PERSON_KIND_SERVICE;
	assert_found(&f, by_any, "person.unknown:elsewhere");
	f.person.state = FACT_UNKNOWN;
	f.sessions.state = FACT_NONE;
	assert_found(&f, by_any, "person.unknown:account");
}

static void
many_places_are_cut_and_not_lost(void **state)
{
	struct conf *conf = parse(by_any);
	struct fact_other *other;
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	set_login(&f);
	for (i = 0; i < FACT_OTHERS_MAX; i++) {
		other = add_other(&f, "AAAA-AAAA");
		memcpy(other->where.country, "FR", 3);
		set_address(&other->origin,
		    "2001:db8:1111:2222:3333:4444:5555:6666");
	}
	decide(&f, conf, &d);
	assert_reason(&d, "session.places");
	assert_int_equal(d.findings.count, 1);
	assert_int_equal(strlen(d.findings.list[0].text), FINDING_TEXT_MAX);
	conf_free(conf);
}

static void
exceptions_and_rules_know_them(void **state)
{
	static const char denies[] =
	    SOURCES "policy all { max_sessions = 1 places = country\n"
		    "actions = {\"session.places = deny\"}\n"
		    "combination both { findings = {\"session.limit\",\n"
		    "\"geo.unknown:not_found\"} action = deny } }";
	struct conf *conf = parse(denies);
	struct decision d;
	struct facts f;

	(void)state;
	set_login(&f);
	memcpy(add_other(&f, "AAAA-AAAA")->where.country, "FR", 3);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_BY_FINDING);
	add_exception(&f, FINDING_SESSION_PLACES, "", "")->id = 7;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	f.place.state = FACT_UNKNOWN;
	f.place.country[0] = '\0';
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_BY_COMBINATION);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_more_than_allowed_is_too_many),
		cmocka_unit_test(the_limit_is_a_policys),
		cmocka_unit_test(nobody_is_limited_where_it_is_not_asked_for),
		cmocka_unit_test(one_place_is_no_two),
		cmocka_unit_test(countries_make_places),
		cmocka_unit_test(systems_make_places),
		cmocka_unit_test(networks_make_places),
		cmocka_unit_test(a_device_is_what_is_known_best),
		cmocka_unit_test(devices_make_places),
		cmocka_unit_test(keys_are_devices_where_nothing_else_is_known),
		cmocka_unit_test(
		    a_session_without_a_device_differs_from_nothing),
		cmocka_unit_test(
		    one_that_is_known_by_the_same_key_alone_is_the_same),
		cmocka_unit_test(what_is_not_known_does_not_differ),
		cmocka_unit_test(who_has_no_address_is_at_no_place),
		cmocka_unit_test(service_accounts_are_at_many_places),
		cmocka_unit_test(many_places_are_cut_and_not_lost),
		cmocka_unit_test(exceptions_and_rules_know_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
