/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How old the bundle in force may be, and what follows from a stale one.
 */
#include "policyd/gather/gather.h"
#include "tests/unit/deciding.h"

#include "policyd/store/store.h"
#include "proto/result.h"

#define MADE 1767225600
#define DAY  86400

struct store {
	int fails;
	bool bundle;
};

int
store_outline(struct store *s, struct store_outline *ret_outline)
{
	memset(ret_outline, 0, sizeof(*ret_outline));
	ret_outline->bundle = s->bundle;
	ret_outline->bundle_serial = 7;
	ret_outline->bundle_made_s = MADE;
	return s->fails;
}

static struct fact_bundle
gathered(struct store *store, const char *text, int64_t at_s)
{
	struct conf *conf = parse(text);
	struct facts f;

	set_facts(&f);
	f.at_s = at_s;
	gather_bundle(conf, store, &f);
	conf_free(conf);
	return f.bundle;
}

static void
test_a_bundle_is_stale_when_it_is_too_old(void **state)
{
	static const char hour[] = "bundle_max_age = 1h policy all { }";
	static const char shipped[] = "policy all { }";
	struct store store = { .bundle = true };
	struct fact_bundle b;

	(void)state;
	b = gathered(&store, hour, MADE + 3600);
	assert_int_equal(b.state, FACT_KNOWN);
	assert_int_equal(b.serial, 7);
	assert_int_equal(b.made_s, MADE);
	assert_false(b.stale);
	assert_true(gathered(&store, hour, MADE + 3601).stale);
	assert_false(gathered(&store, shipped, MADE + 7 * DAY).stale);
	assert_true(gathered(&store, shipped, MADE + 7 * DAY + 1).stale);
	/* a clock that is behind, and one that was never set */
	assert_false(gathered(&store, hour, MADE - DAY).stale);
	assert_true(gathered(&store, hour, MADE - DAY - 1).stale);
	assert_true(gathered(&store, hour, 0).stale);
}

static void
test_none_is_not_one_that_cannot_be_read(void **state)
{
	struct store store = { .bundle = false };
	struct fact_bundle b;

	(void)state;
	b = gathered(&store, "policy all { }", MADE);
	assert_int_equal(b.state, FACT_NONE);
	assert_int_equal(gathered(NULL, "policy all { }", MADE).state,
	    FACT_NONE);
	store.fails = FG_ERR_SYSTEM;
	b = gathered(&store, "policy all { }", MADE);
	assert_int_equal(b.state, FACT_ERROR);
	assert_false(b.stale);
}

static void
assert_stale(const char *text, enum fg_verdict want)
{
	struct conf *conf = parse(text);
	struct decision d;
	struct facts f;

	set_facts(&f);
	f.bundle.state = FACT_KNOWN;
	f.bundle.stale = true;
	decide(&f, conf, &d);
	assert_int_equal(d.verdict, want);
	if (want == FG_VERDICT_DENY) {
		assert_int_equal(d.by, DECIDED_BY_FAILURE);
		assert_int_equal(d.failure, FAILURE_BUNDLE);
	}
	conf_free(conf);
}

static void
test_a_stale_bundle_is_a_failure_with_an_action(void **state)
{
	(void)state;
	assert_stale("policy all { }", FG_VERDICT_ALLOW);
	assert_stale("on_failure = {\"bundle_stale = deny\"} policy all { }",
	    FG_VERDICT_DENY);
	assert_stale("on_failure = {\"bundle_stale = deny\"}\n"
		     "policy all { on_failure = {\"bundle_stale = allow\"} }",
	    FG_VERDICT_ALLOW);
}

/* Whether it is stale is not known then. */
static void
test_one_that_cannot_be_read_is_the_stores_failure(void **state)
{
	struct conf *conf = parse("policy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.bundle.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_int_equal(d.verdict, FG_VERDICT_DENY);
	assert_int_equal(d.failure, FAILURE_STORE);
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_bundle_is_stale_when_it_is_too_old),
		cmocka_unit_test(test_none_is_not_one_that_cannot_be_read),
		cmocka_unit_test(
		    test_one_that_cannot_be_read_is_the_stores_failure),
		cmocka_unit_test(
		    test_a_stale_bundle_is_a_failure_with_an_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
