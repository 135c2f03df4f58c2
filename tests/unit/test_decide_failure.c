/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Failures: what is missing or broken denies or is written down, and nothing
 * that is zero, late or cut allows.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/deciding.h"

static void
test_without_a_policy_remote_is_denied_and_local_allowed(void **state)
{
	static const struct {
		enum service_kind kind;
		const char *service;
		enum fg_verdict want;
	} t[] = {
		{ SERVICE_REMOTE, "sshd", FG_VERDICT_DENY },
		{ SERVICE_NESTED, "sudo", FG_VERDICT_ALLOW },
		{ SERVICE_CONSOLE, "login", FG_VERDICT_ALLOW },
		{ SERVICE_EXEMPT, "cron", FG_VERDICT_EXEMPT },
		{ SERVICE_NONE, "none", FG_VERDICT_DENY },
	};
	struct conf *conf = parse("policy p { users = {\"bob\"} }");
	struct decision d;
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		set_facts(&f);
		set_kind(&f, t[i].kind, t[i].service);
		decide(&f, conf, &d);
		assert_verdict(&d, t[i].want, t[i].want);
		assert_null(d.policy);
	}
	conf_free(conf);
}

static void
test_a_user_who_does_not_exist_is_denied(void **state)
{
	struct conf *conf = parse("policy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.login.flags = FG_LOGIN_INVALID_USER;
	f.login.user[0] = '\0';
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.failure, FAILURE_USER);

	/* no flag, and no name either */
	f.login.flags = 0;
	decide(&f, conf, &d);
	assert_int_equal(d.failure, FAILURE_USER);

	/* whose name was cut is somebody else */
	set_facts(&f);
	memset(f.login.user, 'a', FG_USER_MAX);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	f.login.flags = FG_LOGIN_CUT;
	decide(&f, conf, &d);
	assert_int_equal(d.failure, FAILURE_USER);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);

	/* at the console as well */
	set_facts(&f);
	set_kind(&f, SERVICE_CONSOLE, "login");
	f.login.flags = FG_LOGIN_INVALID_USER;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
test_what_does_not_fit_is_a_deny(void **state)
{
	struct conf *conf = parse("policy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.networks.overflow = true;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.failure, FAILURE_OVERFLOW);
	conf_free(conf);
}

static void
assert_history(const struct facts *f, const char *text, enum fg_verdict want)
{
	struct conf *conf = parse(text);
	struct decision d;

	decide(f, conf, &d);
	assert_verdict(&d, want, want);
	if (want == FG_VERDICT_DENY) {
		assert_int_equal(d.by, DECIDED_BY_FAILURE);
		assert_int_equal(d.failure, FAILURE_HISTORY);
	} else {
		assert_int_equal(d.by, DECIDED_BY_POLICY);
	}
	conf_free(conf);
}

static void
test_a_history_that_cannot_be_read_is_a_failure(void **state)
{
	static const char denies[] =
	    "on_failure = {\"history_unknown = deny\"}\npolicy all { }";
	static const char allows[] =
	    "policy all { on_failure = {\"history_unknown = allow\"} }\n"
	    "on_failure = {\"history_unknown = deny\"}";
	enum fact_state *states[5];
	struct facts f;
	size_t i;

	(void)state;
	states[0] = &f.sessions.state;
	states[1] = &f.history.last.state;
	states[2] = &f.history.asn_state;
	states[3] = &f.history.sharers_state;
	states[4] = &f.proof.attested.company_state;
	for (i = 0; i < N_ELEMENTS(states); i++) {
		set_facts(&f);
		assert_history(&f, denies, FG_VERDICT_ALLOW);
		*states[i] = FACT_UNKNOWN;
		assert_history(&f, denies, FG_VERDICT_ALLOW);
		*states[i] = FACT_ERROR;
		assert_history(&f, denies, FG_VERDICT_DENY);
		assert_history(&f, allows, FG_VERDICT_ALLOW);
		assert_history(&f, "policy all { }", FG_VERDICT_ALLOW);
		set_kind(&f, SERVICE_CONSOLE, "login");
		assert_history(&f, denies, FG_VERDICT_DENY);
		assert_history(&f, "policy all { }", FG_VERDICT_ALLOW);
	}
}

/* What is found of one login, if everything is that can be at once. */
static void
set_everything(struct facts *f)
{
	struct person *p = &f->person.person;
	struct fact_last *last = &f->history.last;
	size_t i;

	set_facts(f);
	set_place(f, "FR");
	f->peer.state = FACT_ERROR;
	f->place.has_point = true;
	f->place.accuracy_km = 0;
	f->asn.state = f->history.asn_state = FACT_KNOWN;
	f->asn.number = 64500;
	f->anonymous.state = FACT_KNOWN;
	f->anonymous.flags = FACT_ANON_RESIDENTIAL | FACT_ANON_HOSTING;
	for (i = 0; i < FACT_NETWORKS_MAX; i++)
		f->networks.index[f->networks.count++] = i;
	f->person.state = FACT_KNOWN;
	person_init(p);
	p->kind = PERSON_KIND_PERSON;
	p->status = PERSON_STATUS_REVOKED;
	p->has_point = true;
	p->latitude = 50;
	p->radius_km = 1;
	p->nspans = 1;
	f->revocation.state = FACT_KNOWN;
	f->sessions.state = FACT_KNOWN;
	f->sessions.count = f->sessions.nlisted = 1;
	f->sessions.list[0].origin = f->origin;
	memcpy(f->sessions.list[0].where.country, "NO", 3);
	memcpy(f->where.country, "FR", 3);
	f->history.sharers_state = FACT_KNOWN;
	f->history.nsharers = FACT_SHARERS_MAX;
	f->proof.attested.company_state = FACT_KNOWN;
	f->proof.attested.site.people = f->proof.attested.device.people = 9;
	last->state = FACT_KNOWN;
	last->ago_known = true;
	last->origin = f->origin;
	last->origin.addr.b[15]++;
	last->place = f->place;
	last->place.latitude = 50;
}

static void
test_all_that_can_be_found_at_once_fits(void **state)
{
	static const char *const kinds[] = { "vpn", "proxy", "tor" };
	char text[2048];
	struct conf *conf;
	struct decision d;
	struct facts f;
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < FACT_NETWORKS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "network n%zu { cidr = 5.1.80.%zu label = l%zu kind = %s }"
		    "\n",
		    i, i, i, i < 3 ? kinds[i] : "hosting");
	(void)snprintf(text + n, sizeof(text) - n,
	    "database city { files = /nonexistent/a max_age = 1d }\n"
	    "database asn { files = /nonexistent/b }\n"
	    "policy all { max_sessions = 1 countries = DE\n"
	    " deny_asns = AS64500 }");
	conf = parse(text);
	set_everything(&f);
	decide(&f, conf, &d);
	assert_false(d.findings.overflow);
	/* four of the place, four kinds of anonymizers, a data centre, each
	 * label, two of the AS, five of sessions, the process, hours, two
	 * of a person */
	assert_int_equal(d.findings.count,
	    4 + 4 + 1 + FACT_NETWORKS_MAX + 2 + 5 + 1 + 1 + 2);
	conf_free(conf);
}

static void
test_nothing_that_is_zero_allows(void **state)
{
	static struct facts zero;
	static struct conf no_conf;
	struct conf *conf = parse("policy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	decide(&zero, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	decide(&zero, &no_conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	set_facts(&f);
	decide(&f, &no_conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);

	/* a kind or an origin that nobody gathered */
	f.kind = SERVICE_NONE;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	set_facts(&f);
	memset(&f.origin, 0, sizeof(f.origin));
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_NONE);
	set_kind(&f, SERVICE_CONSOLE, "login");
	f.origin.kind = ORIGIN_NONE;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);

	/* a decision that was never made */
	set_kind(&f, SERVICE_CONSOLE, "login");
	memset(&d, 0, sizeof(d));
	decide_failed(&f, conf, FAILURE_AUDIT, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	conf_free(conf);
}

static void
test_a_late_failure_only_makes_stricter(void **state)
{
	static const struct {
		enum service_kind kind;
		const char *service;
	} kinds[] = {
		{ SERVICE_REMOTE, "sshd" },
		{ SERVICE_NESTED, "sudo" },
		{ SERVICE_CONSOLE, "login" },
	};
	struct conf *conf = parse("policy all { countries = {\"DE\"} }");
	struct decision d, before;
	struct facts f;
	enum failure failure;
	char reason[FG_REASON_MAX + 1];
	const char *name;
	bool denies;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(kinds); i++)
		for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT;
		     failure++) {
			set_facts(&f);
			set_kind(&f, kinds[i].kind, kinds[i].service);
			assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
			decide_failed(&f, conf, failure, &d);
			denies = failure_shipped(failure, kinds[i].kind) ==
			    ACTION_DENY;
			assert_verdict(&d,
			    denies ? FG_VERDICT_DENY : FG_VERDICT_ALLOW,
			    denies ? FG_VERDICT_DENY : FG_VERDICT_ALLOW);
			assert_int_equal(d.by, DECIDED_BY_FAILURE);
			assert_int_equal(d.failure, failure);
			name = failure_info(failure)->name;
			assert_memory_equal(decide_reason(&d, reason), name,
			    strlen(name));
			assert_string_equal(decide_next(&d),
			    failure_info(failure)->next);

			/* what was denied stays so, and keeps its reason */
			set_facts(&f);
			set_place(&f, "FR");
			decide(&f, conf, &d);
			before = d;
			decide_failed(&f, conf, failure, &d);
			assert_memory_equal(&d, &before, sizeof(d));
		}
	conf_free(conf);
}

static void
test_a_late_failure_is_observed_in_observe(void **state)
{
	struct conf *conf = parse("mode = \"observe\"\npolicy all { }");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	decide(&f, conf, &d);
	decide_failed(&f, conf, FAILURE_AUDIT, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_DENY);
	assert_why(&d, conf, "shipped default: audit_unwritable = deny");
	conf_free(conf);
}

/*
 * groups_unknown = allow lets nobody past the policy that is surely theirs,
 * and observing takes both the file and the policy.
 */
static void
test_a_policy_that_may_not_apply_opens_no_gate(void **state)
{
	struct conf *conf = parse("on_failure = {\"groups_unknown = allow\"}\n"
				  "policy ops { users = {\"@ops\"} }\n"
				  "policy all { countries = {\"DE\"} }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.groups.state = FACT_ERROR;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	set_place(&f, "FR");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "geo.country");
	conf_free(conf);

	/* nor past one in between that may be theirs */
	conf = parse("on_failure = {\"groups_unknown = allow\"}\n"
		     "policy ops { users = {\"@ops\"} }\n"
		     "policy far { users = {\"@far\"} countries = {\"DE\"} }\n"
		     "policy all { }\n");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "geo.country");
	conf_free(conf);

	conf = parse("mode = \"observe\"\n"
		     "policy ops { users = {\"@ops\"} mode = \"enforce\" }\n");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	conf_free(conf);
}

/* A user may be called like a group is written. */
static void
test_a_users_name_is_no_group(void **state)
{
	struct conf *conf = parse("policy ops { users = {\"@ops\"} }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.groups.state = FACT_KNOWN;
	(void)snprintf(f.login.user, sizeof(f.login.user), "@ops");
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "no_policy");
	conf_free(conf);
}

/* Breaking the group look-up must not bring anybody into observe. */
static void
test_a_policy_that_may_not_apply_has_no_say_in_the_mode(void **state)
{
	struct conf *conf =
	    parse("policy trial { users = {\"@staff\"} mode = \"observe\" }\n"
		  "policy all { }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	f.groups.state = FACT_ERROR;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.mode, CONF_MODE_ENFORCE);
	conf_free(conf);
}

static void
test_a_failure_may_be_allowed_by_the_configuration(void **state)
{
	struct conf *conf = parse("on_failure = {\"no_policy = allow\"}\n"
				  "policy p { users = {\"bob\"} }\n");
	struct decision d;
	struct facts f;

	(void)state;
	set_facts(&f);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_int_equal(d.by, DECIDED_BY_FAILURE);
	assert_why(&d, conf, "test.conf:1: no_policy = allow");
	/* the findings that need no policy count all the same */
	set_no_address(&f);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_int_equal(d.by, DECIDED_BY_FINDING);
	assert_reason(&d, "geo.unknown:no_address");
	conf_free(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_without_a_policy_remote_is_denied_and_local_allowed),
		cmocka_unit_test(test_a_user_who_does_not_exist_is_denied),
		cmocka_unit_test(test_what_does_not_fit_is_a_deny),
		cmocka_unit_test(
		    test_a_history_that_cannot_be_read_is_a_failure),
		cmocka_unit_test(test_all_that_can_be_found_at_once_fits),
		cmocka_unit_test(test_nothing_that_is_zero_allows),
		cmocka_unit_test(test_a_late_failure_only_makes_stricter),
		cmocka_unit_test(test_a_late_failure_is_observed_in_observe),
		cmocka_unit_test(
		    test_a_policy_that_may_not_apply_opens_no_gate),
		cmocka_unit_test(test_a_users_name_is_no_group),
		cmocka_unit_test(
		    test_a_policy_that_may_not_apply_has_no_say_in_the_mode),
		cmocka_unit_test(
		    test_a_failure_may_be_allowed_by_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
