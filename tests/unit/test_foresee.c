/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is foreseen of a fault under a policy is what the decision makes of a
 * login that has nothing else against it, for each kind of service, each fault
 * and rules of every kind.
 */
#include "ctl/rehearsal/foresee.h"

#include "policyd/decide/decide.h"
#include "tests/unit/deciding.h"

#define KEY                         \
	"bundle_keys = {\"ed25519:" \
	"3p+fAfrP+iYuFndJIk11HLH55beItPDNmWpPemBqGiQ=\"}\n"
#define DATABASE \
	"database country { files = \"/nonexistent/a.mmdb\" max_age = 1d }\n"

static const char *const configurations[] = {
	"mode = enforce\n" KEY DATABASE "policy all { }",
	"mode = observe\n" KEY DATABASE "policy all { }",
	"mode = enforce\n" KEY DATABASE "policy all { mode = observe "
	"actions = {\"geo.stale = deny\"} }",
	"mode = enforce\n" KEY DATABASE
	"actions = {\"geo.unknown:no_database = deny\"}\n"
	"policy all { actions = {\"remote.unknown = deny\"} "
	"on_failure = {\"audit_unwritable = deny\", "
	"\"history_unknown = deny\"} }",
	"mode = enforce\n" KEY DATABASE
	"on_failure = {\"bundle_stale = deny\", \"store_unusable = allow\"}\n"
	"policy all { actions = {\"geo.unknown = deny\", \"geo.stale = deny\"} "
	"on_failure = {\"store_unusable = deny\"} }",
	"mode = enforce\n" KEY DATABASE "policy none { users = {\"nobody\"} }",
	"mode = enforce\n" KEY DATABASE "on_failure = {\"no_policy = allow\"}\n"
	"policy none { users = {\"nobody\"} }",
};

static const struct {
	enum service_kind kind;
	const char *service;
} kinds[] = { { SERVICE_REMOTE, "sshd" }, { SERVICE_NESTED, "sudo" },
	{ SERVICE_CONSOLE, "login" }, { SERVICE_EXEMPT, "cron" } };

/* Alice, with nothing against her; sudo is in a session of hers by ssh. */
static void
set_login(struct facts *f, size_t kind)
{
	struct fact_origin origin;
	struct fact_place place;

	set_facts(f);
	f->place.build_s = f->at_s;
	f->bundle.state = FACT_KNOWN;
	f->bundle.made_s = f->at_s;
	origin = f->origin;
	place = f->place;
	set_kind(f, kinds[kind].kind, kinds[kind].service);
	if (kinds[kind].kind != SERVICE_NESTED)
		return;
	f->origin = origin;
	f->place = place;
}

static enum foreseen_result
decided(const struct conf *conf, enum fault fault, struct facts *f)
{
	struct decision d;

	fault_begin(fault, f);
	/* as gather_bundle() has it */
	f->bundle.stale = conf_bundle_is_stale(conf, f->bundle.made_s, f->at_s);
	fault_inject(fault, f);
	decide(f, conf, &d);
	if (fault == FAULT_AUDIT_FULL)
		decide_failed(f, conf, FAILURE_AUDIT, &d);
	if (d.verdict == FG_VERDICT_EXEMPT)
		return FORESEEN_EXEMPT;
	if (d.verdict == FG_VERDICT_DENY)
		return FORESEEN_DENY;
	return d.would == FG_VERDICT_ALLOW ? FORESEEN_ALLOW : FORESEEN_OBSERVED;
}

static void
compare(const struct conf *conf, size_t kind, enum fault fault, bool observe)
{
	const struct conf_policy *policy =
	    conf->policies[0].users.n == 0 ? &conf->policies[0] : NULL;
	const struct foresee of = { conf, policy, kinds[kind].kind, observe };
	enum foreseen_result want;
	struct foreseen seen;
	static struct facts f;

	set_login(&f, kind);
	if (observe)
		f.login.flags |= FG_LOGIN_OBSERVE;
	want = decided(conf, fault, &f);
	foresee(&of, fault, &seen);
	if (seen.result == FORESEEN_USUAL)
		seen.result = FORESEEN_ALLOW;
	if (seen.result != want)
		fail_msg("%s with %s: %s is foreseen by %s, decided is %s, "
			 "in: %s",
		    kinds[kind].service, fault_name(fault),
		    foreseen_name(seen.result), seen.by, foreseen_name(want),
		    conf->text);
}

static void
foreseen_is_what_is_decided(void **state)
{
	size_t c, kind;
	enum fault fault;

	(void)state;
	for (c = 0; c < N_ELEMENTS(configurations); c++) {
		struct conf *conf = parse(configurations[c]);

		for (kind = 0; kind < N_ELEMENTS(kinds); kind++)
			for (fault = FAULT_GEO_MISSING; fault < FAULT_COUNT;
			     fault++) {
				compare(conf, kind, fault, false);
				compare(conf, kind, fault, true);
			}
		conf_free(conf);
	}
}

static void
want_by(const char *text, const char *policies, enum fault fault)
{
	struct conf *conf = parse(policies);
	const struct foresee of = { conf, &conf->policies[0], SERVICE_REMOTE,
		false };
	struct foreseen seen;

	foresee(&of, fault, &seen);
	assert_string_equal(seen.by, text);
	conf_free(conf);
}

static void
rule_is_named_by_its_line(void **state)
{
	(void)state;
	want_by("shipped default: audit_unwritable = deny", "policy all { }",
	    FAULT_AUDIT_FULL);
	want_by("test.conf:2: audit_unwritable = allow",
	    "policy all {\non_failure = {\"audit_unwritable = allow\"} }",
	    FAULT_AUDIT_FULL);
	want_by("test.conf:3: geo.stale = deny",
	    DATABASE "policy all {\nactions = {\"geo.stale = deny\"} }",
	    FAULT_GEO_STALE);
}

/* Only where something answers it, and only where it is enforced. */
static void
challenge_is_foreseen_where_it_can_be_answered(void **state)
{
	static const char rule[] =
	    "actions = {\"geo.stale = challenge approval\"}";
	static const struct {
		const char *before;
		bool observe;
		enum foreseen_result want;
	} t[] = {
		{ "", false, FORESEEN_CHALLENGE },
		{ "", true, FORESEEN_OBSERVED },
		{ "mode = observe\n", false, FORESEEN_OBSERVED },
	};
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		struct foreseen seen;
		struct foresee of = { .kind = SERVICE_REMOTE,
			.observe = t[i].observe };
		struct conf *conf;

		(void)snprintf(text, sizeof(text), "%s%s policy all { %s }",
		    t[i].before, DATABASE, rule);
		conf = parse(text);
		of.conf = conf;
		of.policy = &conf->policies[0];
		foresee(&of, FAULT_GEO_STALE, &seen);
		assert_int_equal(seen.result, t[i].want);
		assert_non_null(strstr(seen.by, "geo.stale = challenge"));
		conf_free(conf);
	}
}

static void
what_has_no_part_says_why(void **state)
{
	(void)state;
	want_by("no bundle_keys are configured", "policy all { }",
	    FAULT_BUNDLE_STALE);
	want_by("no database of countries is configured", "policy all { }",
	    FAULT_GEO_MISSING);
	want_by("no database of countries has a max_age",
	    "database country { files = \"/nonexistent/a.mmdb\" }\n"
	    "policy all { }",
	    FAULT_GEO_STALE);
}

/* Each has a name of its own, by which it is found. */
static void
faults_have_names(void **state)
{
	enum fault fault;

	(void)state;
	for (fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
		assert_int_equal(fault_by_name(fault_name(fault)), fault);
	assert_int_equal(fault_by_name("none"), FAULT_NONE);
	assert_int_equal(fault_by_name(""), FAULT_NONE);
	assert_int_equal(fault_by_name("all"), FAULT_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreseen_is_what_is_decided),
		cmocka_unit_test(
		    challenge_is_foreseen_where_it_can_be_answered),
		cmocka_unit_test(rule_is_named_by_its_line),
		cmocka_unit_test(what_has_no_part_says_why),
		cmocka_unit_test(faults_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
