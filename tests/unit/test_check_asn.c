/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.asn where no list denies anything: autonomous systems that are new for
 * the person, and those that could not be looked up.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

#define NETWORKS                                                 \
	"database asn { files = {\"/nonexistent/asn.mmdb\"} }\n" \
	"network hub { cidr = \"192.0.2.0/24\" trust = bastion }\n"

static const char everybody[] = NETWORKS "policy all { }";

static void
set_days(struct facts *f, uint32_t n)
{
	set_facts(f);
	f->asn.state = FACT_KNOWN;
	f->asn.number = 64500;
	(void)snprintf(f->asn.org, sizeof(f->asn.org), "Example");
	f->history.asn_state = FACT_KNOWN;
	f->history.asn_days = n;
}

static void
assert_text(const struct facts *f, const char *want)
{
	struct conf *conf = parse(everybody);
	struct decision d;

	decide(f, conf, &d);
	assert_reason(&d, "net.asn:new");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_string_equal(d.findings.list[0].text, want);
	conf_free(conf);
}

static void
the_first_one_is_new_and_so_are_some_more(void **state)
{
	static const char one[] =
	    "asn_learning = 1\n" NETWORKS "policy all { }";
	struct facts f;

	(void)state;
	set_days(&f, 0);
	assert_text(&f,
	    "AS64500 Example is new for alice: 0 days with logins from there "
	    "before, 3 make it known");
	assert_found(&f, one, "net.asn:new");
	set_days(&f, 1);
	set_owner(&f, "mallory", PERSON_KIND_PERSON);
	assert_text(&f,
	    "AS64500 Example is new for mallory: 1 day with logins from there "
	    "before, 3 make it known");
	assert_found(&f, one, "none");
	set_days(&f, 2);
	assert_found(&f, everybody, "net.asn:new");
	set_days(&f, 3);
	assert_found(&f, everybody, "none");
	set_days(&f, UINT32_MAX);
	assert_found(&f, everybody, "none");
}

static void
what_nobody_counted_is_not_new(void **state)
{
	static const enum fact_state states[] = { FACT_NONE, FACT_UNKNOWN };
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(states); i++) {
		set_days(&f, 0);
		f.history.asn_state = states[i];
		assert_found(&f, everybody, "none");
		set_days(&f, 0);
		f.asn.state = states[i];
		assert_found(&f, everybody, "none");
	}
	set_days(&f, 0);
	set_owner(&f, "mallory", PERSON_KIND_SERVICE);
	assert_found(&f, everybody, "person.unknown:elsewhere");
	set_days(&f, 0);
	f.networks.count = 1;
	f.networks.index[0] = 0;
	assert_found(&f, everybody, "none");
}

static void
one_may_be_denied_and_new(void **state)
{
	static const char denied[] =
	    NETWORKS "policy all { deny_asns = AS64500 }";
	struct facts f;

	(void)state;
	set_days(&f, 0);
	assert_found(&f, denied, "net.asn:denied,net.asn:new");
	set_days(&f, 3);
	assert_found(&f, denied, "net.asn:denied");
	f.asn.number = 64501;
	assert_found(&f, denied, "none");
}

static void
what_could_not_be_looked_up_may_be_new(void **state)
{
	static const char denied[] =
	    NETWORKS "policy all { deny_asns = AS64500 }";
	struct facts f;

	(void)state;
	set_days(&f, 0);
	f.asn.state = FACT_ERROR;
	assert_found(&f, everybody, "net.asn:unknown");
	assert_found(&f, denied, "net.asn:unknown");
	/* of whom it is not asked, unless a list does */
	set_owner(&f, "mallory", PERSON_KIND_SERVICE);
	assert_found(&f, everybody, "person.unknown:elsewhere");
	assert_found(&f, denied, "person.unknown:elsewhere,net.asn:unknown");
	f.person.state = FACT_NONE;
	f.kind = SERVICE_NESTED;
	assert_found(&f, everybody, "none");
	assert_found(&f, denied, "net.asn:unknown");
}

static void
each_grade_has_its_own_help(void **state)
{
	const struct finding fresh = { .code = FINDING_NET_ASN,
		.grade = "new" };
	const struct finding denied_one = { .code = FINDING_NET_ASN,
		.grade = "denied" };
	const struct finding unknown = { .code = FINDING_NET_ASN,
		.grade = "unknown" };

	(void)state;
	assert_int_equal(finding_shipped(FINDING_NET_ASN, "new"), ACTION_LOG);
	assert_string_not_equal(finding_next(&fresh),
	    finding_next(&denied_one));
	assert_string_not_equal(finding_next(&fresh), finding_next(&unknown));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_one_is_new_and_so_are_some_more),
		cmocka_unit_test(what_nobody_counted_is_not_new),
		cmocka_unit_test(one_may_be_denied_and_new),
		cmocka_unit_test(what_could_not_be_looked_up_may_be_new),
		cmocka_unit_test(each_grade_has_its_own_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
