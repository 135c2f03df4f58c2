/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What would help fits what went wrong: by the reason of a step-up that failed,
 * by the service that asked nobody, and of a challenge that is to come by what
 * the person has. The names are those of the login.
 */
#include "policyd/decide/decide.h"

#include "policyd/decide/outlook.h"
#include "policyd/stepup/method.h"
#include "tests/unit/deciding.h"

static struct facts f;
static struct decision d;
static char next[DECIDE_NEXT_SIZE];

static const char *
next_of(const char *text, enum fact_state state, const char *why)
{
	struct conf *conf = parse(text);

	f.proof.state = state;
	(void)snprintf(f.proof.why, sizeof(f.proof.why), "%s", why);
	decide(&f, conf, &d);
	(void)decide_next_of(&d, &f, NULL, next);
	conf_free(conf);
	return next;
}

#define ABROAD                                \
	"step_up = {totp}\n"                  \
	"policy all { countries = {\"NO\"}\n" \
	"actions = {\"geo.country = challenge\"} }\n"

#define LAPTOPS                \
	"step_up = {device}\n" \
	"policy all {\n"       \
	"actions = {\"device.unenrolled:unattested = challenge\"} }\n"

static void
assert_has(const char *text, const char *want)
{
	if (strstr(text, want) == NULL)
		fail_msg("no \"%s\" in: %s", want, text);
}

/* The words of the methods and of request_prove.c. */
static void
each_reason_has_its_own(void **state)
{
	static const struct {
		const char *why, *want;
	} row[] = {
		{ "totp: wrong code", "the code of now" },
		{ "totp: this code, or a later one, was used before",
		    "with the next one" },
		{ "totp: not enrolled", "farmgatectl totp enrol alice" },
		{ "totp: wrong recovery code, or one that was used before",
		    "farmgatectl totp recovery alice" },
		{ "totp: the clock was set back, or ahead before; use another "
		  "method or farmgatectl totp reset",
		    "farmgatectl totp reset alice" },
		{ "totp: too many wrong answers before: it is held back",
		    "farmgatectl stepup forget alice" },
		{ "approval: a second person has refused it",
		    "ask whoever refused it" },
		{ "approval: nobody has approved it in time",
		    "farmgatectl approvals" },
		{ "approval: nobody has approved it yet",
		    "farmgatectl approvals" },
		{ "approval: too many requests wait",
		    "approve or refuse what waits of alice" },
		{ "approval: too many wrong numbers were typed",
		    "tell the new number" },
		{ "serial: wrong serial number", "read it off the laptop" },
		{ "serial: no serial number is recorded",
		    "farmgatectl verify alice ASSET" },
		{ "serial: the verification has ended", "verify them again" },
		{ "totp: no answer in time", "step_up_time" },
		{ "totp: who was asked went away",
		    "ask alice whether that was them" },
		{ "totp: nobody has answered", "ssh -t" },
		{ "device: nobody has answered", "farmgate-attest check" },
		{ "device: the laptop is not enrolled",
		    "farmgatectl enrol add" },
		{ "device: the laptop was revoked", "farmgatectl device list" },
		{ "device: the laptop was enrolled anew since, with another "
		  "key",
		    "an older key" },
		{ "totp: nobody could be asked for it", "pam_farmgate(8)" },
		{ "totp: too long, or no text", "what is asked for alone" },
		{ "totp: too many step-ups at once", "others of alice" },
		{ "totp: the store cannot be used: it is locked",
		    "farmgatectl status" },
		{ "totp: something new", "farmgatectl person alice" },
	};
	size_t i;

	(void)state;
	set_facts(&f);
	for (i = 0; i < N_ELEMENTS(row); i++) {
		assert_has(next_of(ABROAD, FACT_ERROR, row[i].why),
		    row[i].want);
		assert_null(strstr(next, "USER"));
	}
}

static void
each_service_that_asks_nobody_has_its_own(void **state)
{
	(void)state;
	set_facts(&f);
	assert_has(next_of(ABROAD, FACT_UNKNOWN, ""), "check-pam sshd");
	assert_has(next, "if they did log in by keyboard-interactive");
	assert_null(strstr(next, "NOPASSWD"));
	(void)snprintf(f.login.service, sizeof(f.login.service), "dovecot");
	assert_has(next_of(ABROAD, FACT_UNKNOWN, ""), "check-pam dovecot;");
	assert_null(strstr(next, "keyboard-interactive"));
	f.kind = SERVICE_NESTED;
	(void)snprintf(f.login.service, sizeof(f.login.service), "sudo");
	assert_has(next_of(ABROAD, FACT_UNKNOWN, ""), "check-pam sudo");
	assert_has(next, "NOPASSWD");
	assert_null(strstr(next, "keyboard-interactive"));
}

/* It has answered, and so has whoever sits at it. */
static void
a_laptop_that_does_not_count_yet_is_waited_for(void **state)
{
	(void)state;
	set_facts(&f);
	f.proof.attested.state = FACT_KNOWN;
	f.proof.attested.pending = true;
	assert_has(next_of(LAPTOPS, FACT_KNOWN, ""), "device remove KEY");
	assert_null(strstr(next, "keyboard-interactive"));
	set_facts(&f);
}

static void
the_name_is_the_persons_and_no_strangers(void **state)
{
	char long_name[FG_USER_MAX + 1];

	(void)state;
	set_facts(&f);
	f.person.state = FACT_KNOWN;
	f.person.person.kind = PERSON_KIND_PERSON;
	f.person.person.status = PERSON_STATUS_ACTIVE;
	f.person.person.valid_until_s = INT64_MAX;
	(void)snprintf(f.person.person.user, sizeof(f.person.person.user),
	    "alice smith");
	assert_has(next_of(ABROAD, FACT_ERROR, "totp: not enrolled"),
	    "totp enrol alice smith");
	set_facts(&f);
	f.login.flags |= FG_LOGIN_INVALID_USER;
	(void)next_of(ABROAD, FACT_ERROR, "totp: not enrolled");
	assert_null(strstr(next, "alice"));
	set_facts(&f);
	memset(long_name, 'U', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	memcpy(f.login.user, long_name, sizeof(long_name));
	assert_has(next_of(ABROAD, FACT_ERROR, "totp: wrong code"), long_name);
	assert_true(strlen(next) < DECIDE_NEXT_SIZE);
}

#define EITHER                                \
	"policy all { countries = {\"NO\"}\n" \
	"actions = {\"geo.country = challenge any totp approval\"} }\n"

static void
a_challenge_to_come_says_what_it_comes_to(void **state)
{
	struct conf *conf = parse(ABROAD);
	struct outlook o;

	(void)state;
	set_facts(&f);
	decide(&f, conf, &d);
	assert_true(d.challenge);
	outlook_take(&f, conf, &d, NULL, &o);
	assert_int_equal(f.proof.state, FACT_NONE);
	assert_int_equal(o.plan.n, 1);
	assert_int_equal(o.plan.steps[0].method, METHOD_TOTP);
	assert_false(o.has[METHOD_TOTP]);
	assert_int_equal(o.passed, FG_VERDICT_ALLOW);
	assert_int_equal(o.failed, FG_VERDICT_DENY);
	assert_int_equal(o.unasked, FG_VERDICT_DENY);
	assert_has(decide_next_of(&d, &f, outlook_next(&o), next),
	    "enrol them: farmgatectl totp enrol alice; ");
	assert_has(next, "; if the place is right");
	conf_free(conf);

	conf = parse(EITHER);
	decide(&f, conf, &d);
	outlook_take(&f, conf, &d, NULL, &o);
	assert_int_equal(o.plan.n, 1);
	assert_int_equal(o.plan.steps[0].method, METHOD_APPROVAL);
	assert_has(outlook_next(&o), "they are asked");
	conf_free(conf);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_has_its_own),
		cmocka_unit_test(each_service_that_asks_nobody_has_its_own),
		cmocka_unit_test(
		    a_laptop_that_does_not_count_yet_is_waited_for),
		cmocka_unit_test(the_name_is_the_persons_and_no_strangers),
		cmocka_unit_test(a_challenge_to_come_says_what_it_comes_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
