/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMN-04: what a clock that is wrong makes of dates, hours and exceptions. One
 * that jumps by a day takes them all along, and back. One that was never set is
 * a failure, and no date is judged by it; what holds by any clock is found.
 */
#include "policyd/gather/gather.h"
#include "tests/unit/deciding.h"
#include "tests/unit/people.h"
#include "tests/unit/storing.h"

#define DAY_S 86400
#define NOW_S INT64_C(1795435200) /* 2026-11-23T12:00:00Z, a Monday */

#define GONE   "person.revoked"
#define HOURS  "time.hours"
#define ABROAD "geo.country"
#define UNSET  "clock_unset"

/* A person, and what is said of them. */
static const char *const people[][3] = {
	{ "always", NULL, NULL },
	{ "ended", "valid_until", "2026-11-23T11:59:59Z" },
	{ "ends", "valid_until", "2026-11-23T12:00:01Z" },
	{ "began", "valid_from", "2026-11-23T12:00:00Z" },
	{ "begins", "valid_from", "2026-11-23T12:00:01Z" },
	{ "works", "hours", "mon,thu 00:00-24:00" },
	{ "travels", NULL, NULL },
	{ "travelled", NULL, NULL },
	{ "revoked", "status", "revoked" },
};

static void
import(struct store *store)
{
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	struct person p;
	size_t i;

	assert_int_equal(store_import_begin(store, &import), 0);
	for (i = 0; i < N_ELEMENTS(people); i++) {
		person_init(&p);
		set(&p, "user", people[i][0]);
		set(&p, "countries",
		    strncmp(people[i][0], "travel", 6) == 0 ? "NO" : "DE");
		if (people[i][1] != NULL)
			set(&p, people[i][1], people[i][2]);
		finish(&p);
		assert_int_equal(store_import_add(import, &p, other), 0);
	}
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
}

static void
except(struct store *store, const char *user, int64_t from_s, int64_t until_s)
{
	struct store_exception e = an_exception(user);

	e.from_s = from_s;
	e.until_s = until_s;
	assert_int_equal(store_exception_add(store, &e), 0);
}

/*
 * A login of this user while the clock says at_s. Denied for the finding that
 * is wanted; with a '+' before it, let in by an exception; "none" is allowed.
 * A failure comes first.
 */
static void
is_decided(struct store *store, const struct conf *conf, const char *user,
    int64_t at_s, const char *want)
{
	enum fg_verdict verdict = FG_VERDICT_DENY;
	char reason[FG_REASON_MAX + 1];
	struct decision d;
	struct facts f;

	if (want[0] == '+' || strcmp(want, "none") == 0)
		verdict = FG_VERDICT_ALLOW;
	set_facts(&f);
	f.at_s = at_s;
	(void)snprintf(f.login.user, sizeof(f.login.user), "%s", user);
	gather_person(store, &f);
	assert_int_equal(f.person.state, FACT_KNOWN);
	decide(&f, conf, &d);
	if (d.verdict != verdict ||
	    strcmp(decide_reason(&d, reason), want + (want[0] == '+')) != 0)
		fail_msg("%s at %lld: %s for %s, not %s", user, (long long)at_s,
		    fg_verdict_name(d.verdict), reason, want);
}

static void
the_clock_may_jump_or_never_have_been_set(void **state)
{
	/* right, a day ahead, a day behind, never set, far ahead, before 0 */
	static const int64_t at_s[] = { NOW_S, NOW_S + DAY_S, NOW_S - DAY_S, 0,
		INT64_C(253402300799), -1 };
	static const struct {
		const char *user;
		const char *want[N_ELEMENTS(at_s)];
	} t[] = {
		{ "always", { "none", "none", "none", UNSET, "none", UNSET } },
		{ "ended", { GONE, GONE, "none", UNSET, GONE, UNSET } },
		{ "ends", { "none", GONE, "none", UNSET, GONE, UNSET } },
		{ "began", { "none", "none", GONE, UNSET, "none", UNSET } },
		{ "begins", { GONE, "none", GONE, UNSET, "none", UNSET } },
		/* 9999 ends on a Friday */
		{ "works", { "none", HOURS, HOURS, UNSET, HOURS, UNSET } },
		/* whose exception of a date is none then */
		{ "travels",
		    { "+" ABROAD, ABROAD, ABROAD, UNSET "," ABROAD, ABROAD,
			UNSET "," ABROAD } },
		{ "travelled",
		    { ABROAD, ABROAD, "+" ABROAD, UNSET "," ABROAD, ABROAD,
			UNSET "," ABROAD } },
		{ "revoked",
		    { GONE, GONE, GONE, UNSET "," GONE, GONE,
			UNSET "," GONE } },
	};
	struct conf *conf = parse("actions = {\"time.hours = deny\"}\n"
				  "policy all { countries = {\"DE\"} }");
	struct store *store = open_store();
	size_t i, k;

	(void)state;
	import(store);
	except(store, "travels", NOW_S, NOW_S + 1);
	except(store, "travelled", NOW_S - DAY_S, NOW_S - DAY_S + 1);
	for (k = 0; k < N_ELEMENTS(at_s); k++)
		for (i = 0; i < N_ELEMENTS(t); i++)
			is_decided(store, conf, t[i].user, at_s[k],
			    t[i].want[k]);
	/* and back: nothing of it was remembered */
	for (i = 0; i < N_ELEMENTS(t); i++)
		is_decided(store, conf, t[i].user, at_s[0], t[i].want[0]);
	store_close(store);
	conf_free(conf);
}

/* What is told of it, and who gets in to set it. */
static void
a_clock_that_was_never_set_is_a_failure(void **state)
{
	struct conf *conf = parse("policy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.at_s = 0;
	f.person.state = FACT_KNOWN;
	f.person.in_hours = true;
	person_init(&f.person.person);
	set(&f.person.person, "user", "alice");
	set(&f.person.person, "hours", "thu 00:00-24:00");
	set(&f.person.person, "valid_until", "2026-12-31");
	finish(&f.person.person);
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	assert_reason(&d, "clock_unset");
	assert_true(d.alone);
	assert_int_equal(d.findings.count, 0);
	f.at_s = PERSON_CLOCK_FIRST_S - 1;
	decide(&f, conf, &d);
	assert_reason(&d, "clock_unset");

	/* an end that has come, too: nobody can say that it has */
	f.person.person.valid_until_s = PERSON_CLOCK_FIRST_S - 2;
	set_kind(&f, SERVICE_CONSOLE, "login");
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);

	/* by any clock somebody was dismissed */
	f.revocation.state = FACT_KNOWN;
	f.revocation.at_s = NOW_S;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	assert_reason(&d, "person.revoked");
	f.revocation.state = FACT_UNKNOWN;

	set_facts(&f);
	f.at_s = PERSON_CLOCK_FIRST_S;
	decide(&f, conf, &d);
	assert_reason(&d, "none");
	conf_free(conf);
}

/* What is of tomorrow is not of minus one day. */
static void
no_age_is_negative(void **state)
{
	struct conf *conf = parse("policy all { countries = {\"DE\"} }\n"
				  "network n { cidr = \"5.1.80.0/24\"\n"
				  "kind = hosting }");
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	set_facts(&f);
	f.at_s = 0;
	f.place.build_s = NOW_S;
	f.networks.count = 1;
	conf->databases[0].max_age_s = 60 * DAY_S;
	conf->networks[0].listed_at_s = NOW_S;
	conf->networks[0].max_age_s = DAY_S;
	decide(&f, conf, &d);
	assert_reason(&d, "clock_unset"); /* and none that is stale */
	assert_int_equal(d.findings.count, 1);
	f.at_s = PERSON_CLOCK_FIRST_S;
	decide(&f, conf, &d);
	assert_reason(&d, "geo.stale,net.hosting");
	for (i = 0; i < d.findings.count; i++) {
		const char *text = d.findings.list[i].text;

		print_message("%s\n", text);
		assert_null(strstr(text, " -"));
		assert_null(strstr(text, "too old"));
	}
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(the_clock_may_jump_or_never_have_been_set),
		cmocka_unit_test(a_clock_that_was_never_set_is_a_failure),
		cmocka_unit_test(no_age_is_negative),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
