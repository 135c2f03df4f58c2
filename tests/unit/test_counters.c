/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What rules come to: decisions made by hand, and which rule each finding of
 * them counts for.
 */
#include "policyd/counters.h"

#include "policyd/check/check_blind.h"
#include "policyd/scanner/picture.h"
#include "tests/unit/deciding.h"

#define CONF                                                                 \
	"actions = {\"geo.country = log\", \"remote.tool = deny\"}\n"        \
	"policy one { users = {\"alice\"} mode = observe countries = {NO}\n" \
	"    actions = {\"geo.country = deny\", \"remote.tool:active = "     \
	"log\"}\n"                                                           \
	"    combination both { findings = {\"geo.unknown\", "               \
	"\"session.places\"}\n"                                              \
	"        action = deny } }\n"                                        \
	"policy two { }\n"

struct fixture {
	struct conf *conf;
	struct counters *counters;
	struct facts facts;
};

static void
begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->conf = parse(CONF);
	f->facts.at_s = 1800000000;
	assert_int_equal(counters_new(f->conf, &f->counters), 0);
	assert_int_equal(f->counters->npolicies, 3);
}

static void
end(struct fixture *f)
{
	counters_free(f->counters);
	conf_free(f->conf);
}

/* A login of the i-th policy with these findings, judged by its rules. */
static void
decided(struct fixture *f, int policy, enum fg_verdict verdict,
    const enum finding_code *codes, const char *const *grades, size_t n)
{
	static struct decision d;
	struct finding *finding;

	memset(&d, 0, sizeof(d));
	d.verdict = verdict;
	d.would = verdict;
	d.policy = policy < 0 ? NULL : &f->conf->policies[policy];
	for (size_t i = 0; i < n; i++) {
		finding_add(&d.findings, codes[i],
		    grades == NULL ? "" : grades[i], "seen");
		finding = &d.findings.list[i];
		d.applied[i].action = conf_action(f->conf, d.policy,
		    finding->code, finding->grade, &d.applied[i].line);
	}
	counters_decided(f->counters, f->conf, &f->facts, &d);
}

static const struct counters_rule *
rule(const struct fixture *f, size_t policy, enum finding_code code,
    const char *grade, bool shipped)
{
	const struct counters_policy *p = &f->counters->policies[policy];
	const struct counters_rule *r;

	for (size_t i = 0; i < p->nrules; i++) {
		r = &p->rules[i];
		if (r->code == code && (r->line == 0) == shipped &&
		    (r->grade == NULL) == (grade == NULL) &&
		    (grade == NULL || strcmp(grade, r->grade) == 0))
			return r;
	}
	fail_msg("no such rule");
	return NULL;
}

static void
a_finding_counts_for_its_rule(void **state)
{
	static const enum finding_code codes[] = { FINDING_GEO_COUNTRY,
		FINDING_REMOTE_TOOL, FINDING_REMOTE_TOOL, FINDING_NET_LISTED };
	static const char *const grades[] = { "", "active", "running", "vpn" };
	struct fixture f;

	(void)state;
	begin(&f);
	decided(&f, 0, FG_VERDICT_DENY, codes, grades, 4);
	decided(&f, 1, FG_VERDICT_ALLOW, codes, grades, 1);
	decided(&f, 1, FG_VERDICT_ALLOW, NULL, NULL, 0);
	decided(&f, -1, FG_VERDICT_DENY, codes, grades, 1);
	decided(&f, 1, FG_VERDICT_EXEMPT, codes, grades, 1);
	assert_int_equal(f.counters->policies[0].logins, 1);
	assert_int_equal(f.counters->policies[0].denied, 1);
	assert_int_equal(f.counters->policies[0].mode, CONF_MODE_OBSERVE);
	assert_int_equal(f.counters->policies[1].logins, 2);
	assert_int_equal(f.counters->policies[1].denied, 0);
	assert_null(f.counters->policies[2].name);
	assert_int_equal(f.counters->policies[2].logins, 1);
	/* The policy's own first, then the file's, then what is shipped. */
	assert_int_equal(rule(&f, 0, FINDING_GEO_COUNTRY, NULL, false)->fired,
	    1);
	assert_int_equal(rule(&f, 0, FINDING_GEO_COUNTRY, NULL, false)->action,
	    ACTION_DENY);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_TOOL, "active", false)
			     ->fired,
	    1);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_TOOL, "active", false)
			     ->against,
	    0);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_TOOL, NULL, false)->fired,
	    1);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_TOOL, NULL, false)->against,
	    1);
	assert_int_equal(rule(&f, 0, FINDING_NET_LISTED, NULL, true)->fired, 1);
	assert_int_equal(rule(&f, 1, FINDING_GEO_COUNTRY, NULL, false)->fired,
	    1);
	assert_int_equal(rule(&f, 1, FINDING_GEO_COUNTRY, NULL, false)->against,
	    0);
	assert_int_equal(rule(&f, 2, FINDING_GEO_COUNTRY, NULL, false)->fired,
	    1);
	end(&f);
}

static void
a_combination_is_a_rule(void **state)
{
	static const enum finding_code codes[] = { FINDING_GEO_UNKNOWN,
		FINDING_SESSION_PLACES };
	const struct counters_rule *both;
	struct fixture f;

	(void)state;
	begin(&f);
	both = &f.counters->policies[0].rules[f.conf->policies[0].nrules];
	assert_string_equal(both->name, "both");
	decided(&f, 0, FG_VERDICT_DENY, codes, NULL, 1);
	assert_int_equal(both->fired, 0);
	decided(&f, 0, FG_VERDICT_DENY, codes, NULL, 2);
	assert_int_equal(both->fired, 1);
	assert_int_equal(both->blind, 0);
	f.facts.sessions.state = FACT_ERROR;
	decided(&f, 0, FG_VERDICT_DENY, codes, NULL, 1);
	assert_int_equal(both->fired, 1);
	assert_int_equal(both->blind, 1);
	end(&f);
}

static void
what_could_not_be_looked_at_is_counted(void **state)
{
	static const enum finding_code tool[] = { FINDING_REMOTE_TOOL };
	static const char *const active[] = { "active" };
	struct fixture f;

	(void)state;
	begin(&f);
	f.facts.remote.state = FACT_ERROR;
	decided(&f, 0, FG_VERDICT_ALLOW, NULL, NULL, 0);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_TOOL, "active", false)
			     ->blind,
	    1);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_KVM, NULL, true)->blind, 1);
	assert_int_equal(rule(&f, 0, FINDING_GEO_COUNTRY, NULL, false)->blind,
	    0);
	assert_int_equal(rule(&f, 1, FINDING_REMOTE_KVM, NULL, true)->blind, 0);
	/* What a laptop has said of itself was seen. */
	decided(&f, 0, FG_VERDICT_ALLOW, tool, active, 1);
	assert_int_equal(rule(&f, 0, FINDING_REMOTE_TOOL, "active", false)
			     ->blind,
	    1);
	end(&f);
}

static bool
is_blind(const struct facts *facts, enum finding_code code)
{
	bool blind[FINDING_COUNT];

	check_blind(facts, blind);
	return blind[code];
}

static void
an_error_blinds_what_rests_on_it(void **state)
{
	static struct facts facts;

	(void)state;
	facts.at_s = 1800000000;
	for (int i = FINDING_NONE + 1; i < FINDING_COUNT; i++)
		assert_false(is_blind(&facts, (enum finding_code)i));
	facts.place.state = FACT_UNKNOWN;
	assert_true(is_blind(&facts, FINDING_GEO_COUNTRY));
	assert_true(is_blind(&facts, FINDING_GEO_TRAVEL));
	assert_false(is_blind(&facts, FINDING_GEO_UNKNOWN));
	facts.place.state = FACT_NONE;
	facts.remote.state = FACT_KNOWN;
	facts.remote.failed = PICTURE_DISPLAYS;
	assert_true(is_blind(&facts, FINDING_REMOTE_DISPLAY));
	assert_true(is_blind(&facts, FINDING_DEVICE_NEW_INPUT));
	assert_false(is_blind(&facts, FINDING_REMOTE_KVM));
	assert_false(is_blind(&facts, FINDING_REMOTE_TOOL));
	assert_false(is_blind(&facts, FINDING_REMOTE_UNKNOWN));
	facts.person.state = FACT_ERROR;
	assert_true(is_blind(&facts, FINDING_PERSON_REVOKED));
	facts.history.sharers_state = FACT_ERROR;
	assert_true(is_blind(&facts, FINDING_SESSION_SHARED_SOURCE));
	assert_false(is_blind(&facts, FINDING_SESSION_PLACES));
	facts.bound.unread = true;
	assert_true(is_blind(&facts, FINDING_DEVICE_KEY));
	/* A clock that was never set judges no hours. */
	assert_false(is_blind(&facts, FINDING_GEO_STALE));
	facts.at_s = 0;
	assert_true(is_blind(&facts, FINDING_GEO_STALE));
	assert_true(is_blind(&facts, FINDING_TIME_HOURS));
	assert_true(is_blind(&facts, FINDING_GEO_TRAVEL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_counts_for_its_rule),
		cmocka_unit_test(a_combination_is_a_rule),
		cmocka_unit_test(what_could_not_be_looked_at_is_counted),
		cmocka_unit_test(an_error_blinds_what_rests_on_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
