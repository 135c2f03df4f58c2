/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a configuration means, and what is refused because it cannot be
 * evaluated or would never have an effect.
 */
#include "policyd/conf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/conf_fixture.h"

#define P(body)	  "policy p {\n" body "\n}\n"
#define GEO(body) CONF_DB "policy p { countries = {\"NO\"}\n" body "\n}\n"
#define NET(name, body) \
	"network " name " { cidr = {\"192.0.2.0/24\"} " body " }\n"

static void
test_an_empty_file_is_what_is_shipped(void **state)
{
	struct conf *conf = accepted("");
	unsigned int line;

	(void)state;
	assert_int_equal(conf->mode, CONF_MODE_ENFORCE);
	assert_string_equal(conf->help, "");
	assert_string_equal(conf->audit, "/var/log/farmgate/audit.jsonl");
	assert_string_equal(conf->state, "/var/lib/farmgate");
	assert_int_equal(conf->npolicies, 0);
	assert_int_equal(conf_failure_action(conf, NULL, FAILURE_NO_POLICY,
			     SERVICE_REMOTE, &line),
	    ACTION_DENY);
	assert_int_equal(conf_failure_action(conf, NULL, FAILURE_NO_POLICY,
			     SERVICE_NONE, &line),
	    ACTION_DENY);
	assert_int_equal(conf_failure_action(conf, NULL, FAILURE_NO_POLICY,
			     SERVICE_CONSOLE, &line),
	    ACTION_LOG);
	assert_false(conf_wants_groups(conf));
	conf_free(conf);
}

static void
test_every_key_is_read(void **state)
{
	struct conf *conf = accepted(
	    "mode = \"observe\" help = \"Call \\\"4357\\\" \\\\ now\"\n"
	    "audit = /var/log/a state = \"/var/lib/s\"\n" CONF_DB
	    "network office { cidr = {\"192.0.2.0/24\", \"2001:db8::/32\"}\n"
	    " label = \"office\" place = \"NO\" trust = \"place\" }\n"
	    "actions = {\"net.listed:office=ignore\"}\n"
	    "on_failure = {\"audit_unwritable = allow\"}\n"
	    "policy staff { users = {\"alice\", \"@staff\"}\n"
	    " services = sshd networks = {\"office\",} mode = \"enforce\"\n"
	    " countries = {\"NO\", \"SE\"}\n"
	    " actions = {\"geo.country = log\"}\n"
	    " on_failure = {\"audit_unwritable = allow\"}\n"
	    " combination weak { findings = {\"geo.country\",\n"
	    "  \"geo.unknown:not_found\"} action = \"deny\" } }\n");
	const struct conf_policy *p = &conf->policies[0];

	(void)state;
	assert_int_equal(conf->mode, CONF_MODE_OBSERVE);
	assert_string_equal(conf->help, "Call \"4357\" \\ now");
	assert_string_equal(conf->audit, "/var/log/a");
	assert_string_equal(conf->databases[0].path, "/nonexistent.mmdb");
	assert_string_equal(conf->networks[0].country, "NO");
	assert_int_equal(conf->networks[0].trust, CONF_TRUST_PLACE);
	assert_int_equal(netset_count(conf->networks[0].set), 2);
	assert_string_equal(p->name, "staff");
	assert_int_equal(p->users.n, 2);
	assert_string_equal(p->services.v[0], "sshd");
	assert_int_equal(p->network_index[0], 0);
	assert_int_equal(p->mode, CONF_MODE_ENFORCE);
	assert_int_equal(p->countries.n, 2);
	assert_int_equal(p->rules[0].action, ACTION_LOG);
	assert_int_equal(p->failures[0].failure, FAILURE_AUDIT);
	assert_int_equal(p->combinations[0].nfindings, 2);
	assert_string_equal(p->combinations[0].findings[1].grade, "not_found");
	assert_true(conf_wants_groups(conf));
	conf_free(conf);
}

static void
test_lines_are_those_of_the_file(void **state)
{
	struct conf *conf =
	    accepted("# comment\n\n" CONF_DB
		     "network n {\n cidr = {\n  192.0.2.1,\n"
		     "  192.0.2.2 }\n label = \"x\" }\n"
		     "actions = {\n \"geo.country = log\",\n\n"
		     " \"net.listed = log\" }\n"
		     "on_failure = {\n \"audit_unwritable = deny\" }\n"
		     "policy a {\n users = {\n  \"u\" }\n"
		     " combination c { findings =\n"
		     "  {\"geo.unknown\", \"net.listed:x\"}\n"
		     "  action = deny\n } }\n"
		     "policy b\n{\n}\n");
	unsigned int line;

	(void)state;
	assert_int_equal(conf->databases[0].line, 3);
	assert_int_equal(conf->networks[0].line, 4);
	assert_int_equal(conf->networks[0].cidrs.lines[1], 7);
	assert_int_equal(conf->rules[0].line, 10);
	assert_int_equal(conf->rules[1].line, 12);
	assert_int_equal(conf->failures[0].line, 14);
	assert_int_equal(conf->policies[0].line, 15);
	assert_int_equal(conf->policies[0].users.lines[0], 17);
	assert_int_equal(conf->policies[0].combinations[0].line, 18);
	assert_int_equal(conf->policies[0].combinations[0].findings[1].line,
	    19);
	assert_int_equal(conf->policies[1].line, 22);
	assert_int_equal(conf_action(conf, NULL, FINDING_GEO_COUNTRY, NULL,
			     &line),
	    ACTION_LOG);
	assert_int_equal(line, 10);
	conf_free(conf);
}

static void
test_the_nearest_rule_decides(void **state)
{
	struct conf *conf = accepted(CONF_DB NET("n",
	    "label = vpn") "network m { cidr = 198.51.100.1 label = tor }\n"
			   "actions = {\"net.listed:vpn = deny\", "
			   "\"geo.unknown = log\"}\n"
			   "policy p { users = {\"a\"} actions = {\"net.listed "
			   "= ignore\",\n"
			   " \"geo.unknown:not_found = deny\"} }\n"
			   "policy q { }\n");
	const struct conf_policy *p = &conf->policies[0];
	const struct conf_policy *q = &conf->policies[1];
	unsigned int line;

	(void)state;
#define IS(policy, code, grade, action, at)                               \
	assert_int_equal(conf_action(conf, policy, FINDING_##code, grade, \
			     &line),                                      \
	    ACTION_##action);                                             \
	assert_int_equal(line, at)
	/* The policy's rule for the code comes before the file's grade. */
	IS(p, NET_LISTED, "vpn", IGNORE, 5);
	IS(q, NET_LISTED, "vpn", DENY, 4);
	IS(q, NET_LISTED, "tor", LOG, 0);
	IS(p, GEO_UNKNOWN, "not_found", DENY, 6);
	IS(p, GEO_UNKNOWN, "no_database", LOG, 4);
	IS(NULL, GEO_UNKNOWN, "no_database", LOG, 4);
	IS(p, GEO_UNKNOWN, "", LOG, 4);
	IS(q, REMOTE_UNKNOWN, NULL, LOG, 0);
	/* Shipped as challenge, which nothing answers here. */
	IS(q, GEO_COUNTRY, NULL, DENY, 0);
	conf_free(conf);
}

/* Who writes "geo.unknown = log" writes what is shipped, and loses nothing. */
static void
test_only_its_own_rule_lowers_a_strict_grade(void **state)
{
	struct conf *conf = accepted(
	    "actions = {\"geo.unknown = log\"}\n"
	    "policy a { users = a actions = {\"geo.unknown = ignore\"} }\n"
	    "policy b { users = b\n"
	    " actions = {\"geo.unknown:no_address = log\"} }\n"
	    "policy c { users = c actions = {\"geo.unknown = deny\"} }\n");
	struct conf *over =
	    accepted("actions = {\"geo.unknown:no_address = log\"}\n"
		     "policy d { actions = {\"geo.unknown = ignore\"} }\n");
	unsigned int line;

	(void)state;
	IS(NULL, GEO_UNKNOWN, "no_address", DENY, 0);
	IS(&conf->policies[0], GEO_UNKNOWN, "no_address", DENY, 0);
	IS(&conf->policies[0], GEO_UNKNOWN, "not_found", IGNORE, 2);
	IS(&conf->policies[1], GEO_UNKNOWN, "no_address", LOG, 4);
	IS(&conf->policies[2], GEO_UNKNOWN, "no_address", DENY, 5);
	conf_free(conf);
	/* A rule that does not count leaves the way to those behind it. */
	conf = over;
	IS(&conf->policies[0], GEO_UNKNOWN, "no_address", LOG, 1);
	IS(&conf->policies[0], GEO_UNKNOWN, "no_database", IGNORE, 2);
	conf_free(conf);
}
#undef IS

static void
test_no_finding_is_a_challenge_without_a_method(void **state)
{
	struct conf *conf = accepted("");
	enum finding_code code;
	const char *const *g;
	unsigned int line;

	(void)state;
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		assert_int_not_equal(conf_action(conf, NULL, code, NULL, &line),
		    ACTION_CHALLENGE);
		g = finding_info(code)->grades;
		for (; g != NULL && *g != NULL; g++)
			assert_int_not_equal(conf_action(conf, NULL, code, *g,
						 &line),
			    ACTION_CHALLENGE);
	}
	conf_free(conf);
}

static void
test_failures_have_the_policys_action_first(void **state)
{
	struct conf *conf = accepted(
	    "on_failure = {\"audit_unwritable = allow\", \"overflow = "
	    "allow\"}\n"
	    "policy p { on_failure = {\"audit_unwritable = deny\"} }\n");
	const struct conf_policy *p = &conf->policies[0];
	unsigned int line;

	(void)state;
	assert_int_equal(conf_failure_action(conf, p, FAILURE_AUDIT,
			     SERVICE_CONSOLE, &line),
	    ACTION_DENY);
	assert_int_equal(line, 2);
	assert_int_equal(conf_failure_action(conf, p, FAILURE_OVERFLOW,
			     SERVICE_REMOTE, &line),
	    ACTION_LOG);
	assert_int_equal(line, 1);
	assert_int_equal(conf_failure_action(conf, p, FAILURE_GROUPS,
			     SERVICE_NESTED, &line),
	    ACTION_DENY);
	assert_int_equal(line, 0);
	conf_free(conf);
}

static void
test_services_are_added_and_moved(void **state)
{
	struct conf *conf = accepted(
	    "services { exempt = {\"backup\", \"cron\"} remote = sudo\n"
	    " console = kiosk }\n");

	(void)state;
	assert_int_equal(conf_service_kind(conf, "backup"), SERVICE_EXEMPT);
	assert_int_equal(conf_service_kind(conf, "cron"), SERVICE_EXEMPT);
	/* Naming one does not lose the others. */
	assert_int_equal(conf_service_kind(conf, "systemd-user"),
	    SERVICE_EXEMPT);
	assert_int_equal(conf_service_kind(conf, "sudo"), SERVICE_REMOTE);
	assert_int_equal(conf_service_kind(conf, "su"), SERVICE_NESTED);
	assert_int_equal(conf_service_kind(conf, "kiosk"), SERVICE_CONSOLE);
	assert_int_equal(conf_service_kind(conf, "unheard-of"), SERVICE_NONE);
	assert_int_equal(conf_service_kind(conf, ""), SERVICE_NONE);
	conf_free(conf);
	refused("services { remote = a\n nested = a }\n", 2,
	    "service \"a\" is in remote and in nested");
}

static void
test_values_that_mean_nothing_are_refused(void **state)
{
	char text[FG_TEXT_MAX + 64];

	(void)state;
	refused("mode = \"Enforce\"", 1, "unknown mode \"Enforce\"");
	refused("mode = \"\"", 1, "unknown mode");
	refused(P("mode = \"off\""), 2, "unknown mode \"off\"");
	refused("audit = \"log/a\"", 1, "no absolute path");
	refused("audit = \"\"", 1, "no absolute path");
	refused("state = \"/var/lib/\"", 1, "ends in /");
	refused("\ndatabase town { files = \"/x\" }", 2,
	    "unknown kind of database \"town\"");
	refused("\ndatabase country { }", 2, "has no file");
	refused("database country { files = \"x\" }", 1, "no absolute path");
	refused(NET("n", "trust = place label = \"Vpn\""), 1, "no label");
	refused(NET("n", "trust = place label = \"\""), 1, "no label");
	refused(NET("n", "trust = place place = \"no\""), 1,
	    "did you mean \"NO\"?");
	refused(NET("n", "trust = place place = \"ZZ\""), 1, "unknown country");
	refused(NET("n", "place = NO trust = \"yes\""), 1, "unknown trust");
	memset(text, 0, sizeof(text));
	(void)snprintf(text, sizeof(text), "help = \"%0*d\"", FG_TEXT_MAX, 1);
	is_accepted(text);
	(void)snprintf(text, sizeof(text), "help = \"%0*d\"", FG_TEXT_MAX + 1,
	    1);
	refused(text, 1, "help has 513 bytes");
}

static void
test_users_and_services_are_names(void **state)
{
	(void)state;
	refused(P("users = \"\""), 2, "an empty name");
	refused(P("users = \"@\""), 2, "an empty name");
	refused(P("users = {\"alice\",\n \"*\"}"), 3, "no patterns");
	refused(P("users = {\"a\", \"a\"}"), 2, "\"a\" is in users twice");
	refused(P("services = \"SSHD\""), 2, "lower case");
	refused(P("services = \"\""), 2, "1 to 64 bytes");
	refused(P("services = \"ssh*\""), 2, "no patterns");
	refused(P("services = \"/etc/pam.d/sshd\""), 2, "no patterns");
	refused(P("services = {\"sshd\",\n\"cron\"}"), 3, "\"cron\" is exempt");
	refused("services { exempt = \"A\" }", 1, "lower case");
}

static void
test_countries_are_iso_3166(void **state)
{
	(void)state;
	refused(GEO("users = alice") "policy q {\ncountries = \"UK\" }", 6,
	    "unknown country \"UK\"");
	complains(CONF_DB P("countries = UK"), 3, "did you mean \"GB\"?");
	complains(CONF_DB P("countries = EL"), 3, "did you mean \"GR\"?");
	complains(CONF_DB P("countries = nO"), 3, "did you mean \"NO\"?");
	refused(CONF_DB P("countries = Norway"), 3, "two letters");
	refused(CONF_DB P("countries = NOR"), 3, "two letters");
	refused(CONF_DB P("countries = \"\""), 3, "two letters");
	refused(CONF_DB P("countries = {NO, NO}"), 3, "twice");
	is_accepted(CONF_DB P("countries = {AD, ZW, XK, NO}"));
}

/* CFG-08 */
static void
test_networks_hold_addresses_only(void **state)
{
	static const char *const bad[] = { "LOCAL", "tty1", "example.com",
		"192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "192.0.2",
		"0x7f000001", "192.0.02.1", "2001:db8::/129", "::1/", "",
		" 192.0.2.1", "192.0.2.0/024", "192.0.2.0-192.0.2.9" };
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "network n { label = x\n cidr = \"%s\" }\n", bad[i]);
		refused(text, 2, bad[i]);
	}
}

static void
test_findings_that_do_not_exist_are_refused(void **state)
{
	(void)state;
	refused("actions = \"geo.contry = deny\"", 1,
	    "did you mean \"geo.country\"?");
	refused("actions = \"x = deny\"", 1, "unknown finding \"x\"");
	refused("actions = \" = deny\"", 1, "unknown finding \"\"");
	refused("actions = \"geo.country\"", 1, "no rule");
	refused("actions = \"geo.country = deny = log\"", 1, "no rule");
	refused("actions = \"geo.country = none\"", 1, "unknown action");
	refused("actions = \"geo.country = Deny\"", 1, "unknown action");
	refused("actions = \"geo.country =\"", 1, "unknown action \"\"");
	refused("actions = \"geo.country:x = deny\"", 1, "has no grades");
	refused("actions = \"geo.unknown:notfound = deny\"", 1,
	    "did you mean \"not_found\"?");
	refused("actions = \"geo.unknown:zzzzzzzz = deny\"", 1,
	    "it has not_found, no_database, no_address");
	refused("actions = \"geo.unknown: = deny\"", 1, "no grade");
	refused("actions = \"geo.unknown:A:B = deny\"", 1, "no grade");
	refused(NET("n", "label = vpn") "actions = \"net.listed:vpm = log\"", 2,
	    "did you mean \"vpn\"?");
}

static void
test_failures_that_do_not_exist_are_refused(void **state)
{
	(void)state;
	refused("on_failure = \"audit_unwriteable = allow\"", 1,
	    "did you mean \"audit_unwritable\"?");
	refused("on_failure = \"audit_unwritable = log\"", 1, "allow or deny");
	refused("on_failure = \"audit_unwritable\"", 1, "no rule");
	refused("on_failure = {\"audit_unwritable = "
		"deny\",\n\"audit_unwritable = allow\"}",
	    2, "in line 1 already");
	refused(P("on_failure = \"groups_unknown = allow\""), 2,
	    "groups_unknown inside of a policy");
	refused(P("on_failure = \"groups_unknown = deny\""), 2,
	    "write it outside of all policies");
	is_accepted("on_failure = \"groups_unknown = allow\"\n");
	refused(P("on_failure = \"no_policy = allow\""), 2,
	    "can never be used");
}

static void
test_a_rule_given_twice_is_refused(void **state)
{
	(void)state;
	refused("actions = {\"geo.country = deny\",\n\"geo.country = log\"}", 2,
	    "geo.country has an action in line 1 already");
	refused("actions = {\"geo.unknown:not_found = deny\",\n"
		"\"geo.unknown:not_found= log\"}",
	    2, "in line 1 already");
	is_accepted("actions = {\"geo.unknown:not_found = deny\",\n"
		    "\"geo.unknown = log\", \"geo.unknown:no_address=log\"}");
}

static void
test_combinations_need_two_different_findings(void **state)
{
	(void)state;
	refused(P("combination c { findings = \"geo.unknown\"\n"
		  "action = deny }"),
	    2, "two or more different");
	refused(P("combination c { action = deny }"), 2, "two or more");
	refused(P("combination c { findings = {\"geo.unknown\",\n"
		  "\"geo.unknown\"} action = deny }"),
	    2, "two or more different");
	/* The grade is the code already. */
	refused(P("combination c { findings = {\"geo.unknown\",\n"
		  "\"geo.unknown:not_found\"} action = deny }"),
	    2, "two or more different");
	refused(P("combination c { findings = {\"geo.unknown\",\n"
		  "\"remote.unknown\"} }"),
	    2, "has no action");
	refused(P("combination c { findings = {\"geo.unknown\",\n"
		  "\"remote.unknown\"} action = ignore }"),
	    2, "changes nothing");
	refused(P("combination c { findings = {\"geo.unknown\",\n"
		  "\"remote.unknow\"} action = deny }"),
	    3, "did you mean \"remote.unknown\"?");
}

static void
test_combinations_that_change_nothing_are_refused(void **state)
{
	(void)state;
	refused(GEO("combination c { findings = {\"geo.country\",\n"
		    "\"remote.unknown\"} action = deny }"),
	    3, "geo.country alone is deny");
	refused(P("combination c { findings = {\"geo.unknown:no_address\",\n"
		  "\"remote.unknown\"} action = deny }"),
	    2, "alone is deny");
	refused(P("combination c { findings = {\"geo.unknown\",\n"
		  "\"remote.unknown\"} action = log }"),
	    2, "alone is log");
	/* One grade denies alone, but the others do not. */
	is_accepted(P("combination c { findings = {\"geo.unknown\",\n"
		      "\"remote.unknown\"} action = deny }"));
	is_accepted(GEO("actions = \"geo.country = log\"\n"
			"combination c { findings = {\"geo.country\",\n"
			"\"remote.unknown\"} action = deny }"));
}

static void
test_policies_that_are_never_used_are_refused(void **state)
{
	(void)state;
	refused("policy a { }\npolicy b { users = \"x\" }\n", 2,
	    "policy b is never used, because policy a in line 1");
	refused("policy a { users = {x, y} services = sshd }\n"
		"policy b { users = {y, x} services = sshd }\n",
	    2, "never used");
	refused("policy a { users = {x, y} }\n"
		"policy b { users = {y} services = sshd }\n",
	    2, "never used");
	refused(
	    NET("n",
		"") "policy a { networks = n }\npolicy b { networks = n }\n",
	    3, "never used");
	is_accepted("policy a { users = {x} }\npolicy b { users = {x, y} }\n"
		    "policy c { }\n");
	is_accepted("policy a { users = {x} services = sshd }\n"
		    "policy b { users = {x} }\npolicy c { services = sshd }\n");
}

static void
test_countries_without_an_effect_are_refused(void **state)
{
	(void)state;
	refused(P("countries = \"NO\""), 2, "nothing tells the country");
	is_accepted(NET("n", "place = SE") P("countries = \"NO\""));
	refused(GEO("actions = \"geo.country = ignore\""), 2,
	    "line 3 ignores geo.country");
	refused("actions = \"geo.country = ignore\"\n" GEO(""), 3,
	    "line 1 ignores geo.country");
	is_accepted(GEO("actions = \"geo.country = ignore\"\n"
			"combination c { findings = {\"geo.country\",\n"
			"\"remote.unknown\"} action = deny }"));
}

static void
test_networks_without_an_effect_are_refused(void **state)
{
	(void)state;
	refused("network n { label = x }", 1, "has no address");
	is_accepted(NET("n", "")); /* the inventory may name it */
	is_accepted(NET("n", "label = x"));
	is_accepted(NET("n", "place = NO"));
	is_accepted(NET("n", "trust = place"));
	is_accepted(NET("n", "") P("networks = n"));
	refused(P("networks = n"), 2, "define it with network");
	refused(NET("office", "label = x") P("networks = offic"), 3,
	    "did you mean \"office\"?");
	refused("actions = \"net.listed = deny\"", 1, "no network has a label");
}

static void
test_errors_are_in_the_order_of_lines(void **state)
{
	struct parsed p = parse("policy a { countries = zz\n"
				" networks = n }\n"
				"mode = x\nbogus = 1\nhelp = {\"y\"}\n");
	size_t i;

	(void)state;
	assert_int_equal(p.errors.count, 5);
	for (i = 0; i < p.errors.count; i++)
		assert_int_equal(p.errors.list[i].line, i + 1);
	parsed_done(&p);
}

static void
test_errors_show_no_byte_that_cannot_be_seen(void **state)
{
	struct conf_errors errors = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	conf_errors_add(&errors, "a\x1b[2J", 7, "%s", "x\ny\xff; z");
	conf_errors_add(&errors, "b", 0, "whole");
	conf_errors_print(&errors, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "a\\x1b[2J:7: x\\x0ay\\xff; z\nb: whole\n");
	free(text);
	conf_errors_done(&errors);
	assert_int_equal(errors.count, 0);
}

static void
test_errors_of_another_process_are_taken_whole_or_not(void **state)
{
	struct conf_errors sent = { 0 }, got = { 0 };
	char data[64];
	ssize_t n;
	int fds[2];

	(void)state;
	conf_errors_add(&sent, "a", 0, "one: two");
	conf_errors_add(&sent, "b", 0, "three");
	assert_return_code(pipe(fds), errno);
	assert_int_equal(conf_errors_send(&sent, fds[1]), 0);
	n = read(fds[0], data, sizeof(data));
	assert_int_equal(n,
	    sizeof("a") + sizeof("one: two") + sizeof("b") + sizeof("three"));
	conf_errors_receive(&got, data, (size_t)n);
	assert_int_equal(got.count, 2);
	assert_string_equal(got.list[1].file, "b");
	assert_string_equal(got.list[1].text, "three");
	conf_errors_done(&got);
	while (--n >= 0) {
		conf_errors_receive(&got, data, (size_t)n);
		assert_int_equal(got.count,
		    (size_t)n < sizeof("a") + sizeof("one: two") ? 0 : 1);
		conf_errors_done(&got);
	}
	(void)close(fds[0]);
	(void)close(fds[1]);
	conf_errors_done(&sent);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_file_is_what_is_shipped),
		cmocka_unit_test(test_every_key_is_read),
		cmocka_unit_test(test_lines_are_those_of_the_file),
		cmocka_unit_test(test_the_nearest_rule_decides),
		cmocka_unit_test(test_only_its_own_rule_lowers_a_strict_grade),
		cmocka_unit_test(
		    test_no_finding_is_a_challenge_without_a_method),
		cmocka_unit_test(test_failures_have_the_policys_action_first),
		cmocka_unit_test(test_services_are_added_and_moved),
		cmocka_unit_test(test_values_that_mean_nothing_are_refused),
		cmocka_unit_test(test_users_and_services_are_names),
		cmocka_unit_test(test_countries_are_iso_3166),
		cmocka_unit_test(test_networks_hold_addresses_only),
		cmocka_unit_test(test_findings_that_do_not_exist_are_refused),
		cmocka_unit_test(test_failures_that_do_not_exist_are_refused),
		cmocka_unit_test(test_a_rule_given_twice_is_refused),
		cmocka_unit_test(test_combinations_need_two_different_findings),
		cmocka_unit_test(
		    test_combinations_that_change_nothing_are_refused),
		cmocka_unit_test(test_policies_that_are_never_used_are_refused),
		cmocka_unit_test(test_countries_without_an_effect_are_refused),
		cmocka_unit_test(test_networks_without_an_effect_are_refused),
		cmocka_unit_test(test_errors_are_in_the_order_of_lines),
		cmocka_unit_test(test_errors_show_no_byte_that_cannot_be_seen),
		cmocka_unit_test(
		    test_errors_of_another_process_are_taken_whole_or_not),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
