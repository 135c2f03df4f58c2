/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which denials the module is told to take for a failure of the daemon's: the
 * names that both ends know, and no denial that something else is behind.
 */
#include "proto/failing.h"

#include "tests/unit/deciding.h"

static bool
is_listed(const char *name)
{
	const char *const *n;

	for (n = fg_failing_names; *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

static void
protocol_lists_exactly_these_failures(void **state)
{
	FILE *fp = fopen("proto/PROTOCOL", "r");
	const char *const *want = fg_failing_names;
	char line[256], name[64];
	bool on = false;

	(void)state;
	assert_non_null(fp); /* run from the top of the source tree */
	while (fgets(line, sizeof(line), fp) != NULL) {
		if (strcmp(line, "failure:\n") == 0)
			on = true;
		else if (on && strncmp(line, "    ", 4) == 0) {
			assert_int_equal(sscanf(line, " %63s", name), 1);
			assert_non_null(*want);
			assert_string_equal(name, *want++);
		} else if (on && line[0] != '\n')
			break;
	}
	(void)fclose(fp);
	assert_null(*want);
}

static void
each_failure_but_those_that_are_rules_is_one(void **state)
{
	enum failure failure;
	size_t n = 0;

	(void)state;
	for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++) {
		const char *name = failure_info(failure)->name;
		bool is_rule =
		    failure == FAILURE_NO_POLICY || failure == FAILURE_USER;

		assert_int_equal(is_listed(name), !is_rule);
		assert_int_equal(fg_failing(name), !is_rule);
		n += !is_rule;
	}
	while (n > 0)
		assert_non_null(fg_failing_names[--n]);
	assert_false(fg_failing(""));
	assert_false(fg_failing("none"));
	assert_false(fg_failing("person.revoked"));
	assert_false(fg_failing("store_unusable,person.revoked"));
	assert_false(fg_failing("store_unusable,..."));
	assert_false(fg_failing("store_unusabl"));
}

/* A login is denied, and the module is told reason; by it alone, or not. */
static void
is_denied(const struct facts *f, const char *text, const char *reason)
{
	struct conf *conf = parse(text);
	char buf[FG_REASON_MAX + 1];
	struct decision d;

	assert_decided(f, conf, &d, FG_VERDICT_DENY);
	if (strcmp(decide_reason(&d, buf), reason) != 0)
		fail_msg("%s: %s, not %s", text, buf, reason);
	assert_int_equal(d.alone, fg_failing(reason));
	conf_free(conf);
}

#define ALL "policy all { }"

static void
what_is_only_recorded_is_left_out(void **state)
{
	struct facts f;

	(void)state;
	set_facts(&f);
	f.person.state = FACT_ERROR;
	is_denied(&f, ALL, "store_unusable");
	set_no_address(&f);
	is_denied(&f, ALL "\nactions = \"geo.unknown:no_address = log\"",
	    "store_unusable");
	is_denied(&f, ALL "\nactions = \"geo.unknown:no_address = deny\"",
	    "store_unusable,geo.unknown:no_address");
	/* two that are only recorded deny together */
	f.person.state = FACT_UNKNOWN;
	f.exceptions.state = FACT_ERROR;
	is_denied(&f,
	    "actions = \"geo.unknown:no_address = log\"\n"
	    "policy all { }",
	    "store_unusable");
	is_denied(&f,
	    "actions = \"geo.unknown:no_address = log\"\n"
	    "policy all { combination both {\n"
	    "findings = {\"geo.unknown\", \"person.unknown\"}\n"
	    "action = deny } }",
	    "store_unusable,person.unknown:account,geo.unknown:no_address");
}

static void
who_was_dismissed_stays_out(void **state)
{
	struct facts f;

	(void)state;
	set_facts(&f);
	f.exceptions.state = FACT_ERROR;
	f.revocation.state = FACT_KNOWN;
	is_denied(&f, ALL, "store_unusable,person.revoked");
	f.exceptions.state = FACT_NONE;
	f.groups.state = FACT_ERROR;
	is_denied(&f, "policy ops { users = \"@ops\" }",
	    "groups_unknown,person.revoked");
}

static void
who_comes_from_elsewhere_stays_out(void **state)
{
	struct facts f;

	(void)state;
	set_facts(&f);
	f.bundle.state = FACT_ERROR;
	is_denied(&f, "policy all { countries = DE }", "store_unusable");
	set_place(&f, "FR");
	is_denied(&f,
	    "actions = \"geo.country = deny\"\n"
	    "policy all { countries = DE }",
	    "store_unusable,geo.country");
}

static void
a_rule_that_denies_is_no_failure(void **state)
{
	struct facts f;

	(void)state;
	set_facts(&f);
	f.person.state = FACT_ERROR;
	is_denied(&f, "policy p { users = bob }", "no_policy");
	f.login.flags = FG_LOGIN_INVALID_USER;
	f.login.user[0] = '\0';
	is_denied(&f, ALL, "user_unknown");
}

/* Each policy that may be this login's has a say, not only the first one. */
static void
without_groups_each_policy_has_a_say(void **state)
{
	static const char countries[] = "actions = \"geo.country = deny\"\n"
					"policy ops { users = \"@ops\" }\n"
					"policy far { users = \"@far\"\n"
					"countries = DE }\n";
	struct facts f;

	(void)state;
	set_facts(&f);
	f.groups.state = FACT_ERROR;
	is_denied(&f, "policy ops { users = \"@ops\" }", "groups_unknown");
	is_denied(&f, countries, "groups_unknown");
	set_place(&f, "FR");
	is_denied(&f, countries, "groups_unknown,...");
	is_denied(&f,
	    "actions = \"geo.country = deny\"\n"
	    "policy ops { users = \"@ops\" }\n"
	    "policy all { countries = DE }",
	    "groups_unknown,...");
}

static void
what_did_not_fit_may_have_denied(void **state)
{
	struct decision d = { .verdict = FG_VERDICT_DENY,
		.would = FG_VERDICT_DENY,
		.by = DECIDED_BY_FAILURE,
		.failure = FAILURE_OVERFLOW };
	struct facts f;

	(void)state;
	assert_reason(&d, "overflow,...");
	set_facts(&f);
	f.networks.overflow = true;
	is_denied(&f, ALL, "overflow");
}

/* An allow is told as ever. */
static void
a_failure_that_is_let_through_is_not_alone(void **state)
{
	struct conf *conf = parse("mode = observe\n" ALL);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	set_kind(&f, SERVICE_CONSOLE, "login");
	f.person.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_false(d.alone);
	set_facts(&f);
	f.person.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_DENY);
	assert_reason(&d, "store_unusable");
	conf_free(conf);
}

static void
a_late_failure_is_alone_if_nothing_denied(void **state)
{
	struct conf *conf = parse(ALL);
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	decide(&f, conf, &d);
	assert_false(d.alone);
	decide_failed(&f, conf, FAILURE_AUDIT, &d);
	assert_true(d.alone);
	assert_reason(&d, "audit_unwritable");
	f.revocation.state = FACT_KNOWN;
	decide(&f, conf, &d);
	decide_failed(&f, conf, FAILURE_AUDIT, &d);
	assert_false(d.alone);
	assert_reason(&d, "person.revoked");
	/* of what was never decided nobody knows what else there is */
	memset(&d, 0, sizeof(d));
	decide_failed(&f, conf, FAILURE_AUDIT, &d);
	assert_false(d.alone);
	assert_reason(&d, "audit_unwritable,...");
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protocol_lists_exactly_these_failures),
		cmocka_unit_test(each_failure_but_those_that_are_rules_is_one),
		cmocka_unit_test(what_is_only_recorded_is_left_out),
		cmocka_unit_test(who_was_dismissed_stays_out),
		cmocka_unit_test(who_comes_from_elsewhere_stays_out),
		cmocka_unit_test(a_rule_that_denies_is_no_failure),
		cmocka_unit_test(without_groups_each_policy_has_a_say),
		cmocka_unit_test(what_did_not_fit_may_have_denied),
		cmocka_unit_test(a_failure_that_is_let_through_is_not_alone),
		cmocka_unit_test(a_late_failure_is_alone_if_nothing_denied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
