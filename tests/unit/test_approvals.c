/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose approval counts, for how many it can be asked at once, and what is
 * left of it. What the daemon does with it, tests/system has.
 */
#include "policyd/stepup/approvals.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "policyd/stepup/method_approval.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define NOW	   1000
#define UNTIL	   1120
#define UNSET	   UINT32_MAX
#define ALICE	   1001
#define CAROL	   1003

static struct approvals *approvals;
static struct facts facts;
static struct decision decision;

static const struct approver carol = { true, CAROL, CAROL, "carol" };

/* Somebody comes from an address. */
static void
comes(const char *user, const char *from)
{
	memset(&facts, 0, sizeof(facts));
	facts.kind = SERVICE_REMOTE;
	facts.login.uid = ALICE;
	facts.peer.loginuid = UNSET;
	facts.origin.kind = ORIGIN_ADDRESS;
	assert_int_equal(addr_parse(from, &facts.origin.addr), 0);
	(void)text_copy(facts.login.user, sizeof(facts.login.user), user);
	(void)text_copy(facts.login.service, sizeof(facts.login.service),
	    "sshd");
}

static int
set_up(void **state)
{
	(void)state;
	comes("alice", "192.0.2.1");
	memset(&decision, 0, sizeof(decision));
	return crypto_init() != 0 || (approvals = approvals_new()) == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	approvals_free(approvals);
	return 0;
}

static struct approval *
ask(void)
{
	struct approval *a;

	assert_int_equal(approvals_ask(approvals, &facts, &decision, UNTIL,
			     false, &a),
	    0);
	assert_int_equal(approval_state_at(a, NOW), APPROVAL_WAITING);
	return a;
}

static void
one_too_many(void)
{
	struct approval *a;

	assert_int_equal(approvals_ask(approvals, &facts, &decision, UNTIL,
			     false, &a),
	    FG_ERR_LIMIT);
	assert_null(a);
}

static size_t
count(void)
{
	const struct approval *a;
	size_t n = 0;

	TAILQ_FOREACH(a, &approvals->queue, entry) {
		n++;
	}
	return n;
}

/* Somebody who is refused in any case. */
static struct approval *
shadow(int result)
{
	struct approval *a;

	assert_int_equal(approvals_ask(approvals, &facts, &decision, UNTIL,
			     true, &a),
	    result);
	return a;
}

/* ---- how many ----------------------------------------------------------- */

static void
APR_03_one_of_a_person(void **state)
{
	struct approval *a = ask();

	(void)state;
	comes("alice", "192.0.2.2");
	one_too_many();
	/* By another account it is the same person. */
	comes("admin", "192.0.2.3");
	facts.person.state = FACT_KNOWN;
	(void)text_copy(facts.person.person.user,
	    sizeof(facts.person.person.user), "alice");
	one_too_many();
	approvals_end(approvals, a, NOW);
	(void)ask();
}

/* Two logins at once are not told apart by what the second one meets. */
static void
who_is_refused_in_any_case_has_one_place_too(void **state)
{
	struct approval *a = shadow(0);

	(void)state;
	(void)shadow(FG_ERR_LIMIT);
	one_too_many();
	assert_null(approvals_first(approvals));
	assert_null(approvals_find(approvals, a->ref));
	approvals_end(approvals, a, NOW);
	assert_null(approvals_past(approvals, a->ref));
	a = ask();
	(void)shadow(FG_ERR_LIMIT);
	assert_ptr_equal(approvals_first(approvals), a);
}

/* However many of them there are. */
static void
who_is_refused_in_any_case_takes_no_place_of_others(void **state)
{
	struct approval *a;
	char user[16], from[32];

	(void)state;
	for (int i = 0; i < (int)APPROVALS_MAX; i++) {
		(void)text_format(user, sizeof(user), "mallory%d", i);
		(void)text_format(from, sizeof(from), "192.0.2.%d", i + 1);
		comes(user, from);
		(void)shadow(0);
	}
	comes("mallory", "198.51.100.1");
	(void)shadow(FG_ERR_LIMIT);
	comes("alice", "198.51.100.2");
	a = ask();
	assert_ptr_equal(approvals_first(approvals), a);
}

static void
APR_03_three_of_a_source(void **state)
{
	static const char *const user[] = { "a", "b", "c", "d" };
	struct approval *first = NULL, *a;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		comes(user[i], i == 1 ? "2001:db8::1" : "2001:db8::2");
		a = ask();
		first = first == NULL ? a : first;
	}
	comes(user[3], "2001:db8::ffff");
	one_too_many();
	comes(user[3], "2001:db8:0:1::1");
	(void)ask();
	assert_ptr_equal(approvals_find(approvals, first->ref), first);
}

static void
APR_03_32_altogether_and_the_older_ones_are_kept(void **state)
{
	char user[16], from[16], ref[FG_REF_MAX + 1] = "";

	(void)state;
	for (int i = 0; i < 1000; i++) {
		(void)text_format(user, sizeof(user), "u%d", i);
		(void)text_format(from, sizeof(from), "10.%d.%d.1", i / 256,
		    i % 256);
		comes(user, from);
		if (i >= (int)APPROVALS_MAX)
			one_too_many();
		else if (i == 0)
			(void)text_copy(ref, sizeof(ref), ask()->ref);
		else
			(void)ask();
	}
	assert_int_equal(count(), APPROVALS_MAX);
	assert_non_null(approvals_find(approvals, ref));
}

/* ---- the number --------------------------------------------------------- */

static void
a_number_has_three_digits_and_is_another_each_time(void **state)
{
	char number[APPROVAL_NUMBER_SIZE];
	bool seen[1000] = { false };
	uint64_t v;
	int others = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		approval_number(number);
		assert_int_equal(text_parse_uint(number, 100, 999, &v), 0);
		others += !seen[v];
		seen[v] = true;
	}
	/* 803 are expected of 900. */
	assert_in_range(others, 700, 900);
}

static void
APR_04_the_number_has_to_be_the_one_that_is_shown(void **state)
{
	struct approval *a = ask();
	char number[8];

	(void)state;
	(void)text_format(number, sizeof(number), "%s0", a->number);
	assert_int_equal(approval_approve(a, number, &carol), FG_ERR_NOT_FOUND);
	(void)text_format(number, sizeof(number), "%.2s", a->number);
	assert_int_equal(approval_approve(a, number, &carol), FG_ERR_NOT_FOUND);
	assert_int_equal(approval_state_at(a, NOW), APPROVAL_WAITING);
	assert_false(a->by.known);
	assert_int_equal(approval_approve(a, a->number, &carol), 0);
	assert_int_equal(approval_state_at(a, NOW), APPROVAL_APPROVED);
	assert_true(a->by.known);
	assert_int_equal(a->by.loginuid, CAROL);
	assert_string_equal(a->by.ref, a->ref);
}

static void
what_has_not_three_digits_is_no_number(void **state)
{
	(void)state;
	assert_true(approval_is_number("123"));
	assert_false(approval_is_number(""));
	assert_false(approval_is_number("12"));
	assert_false(approval_is_number("1234"));
	assert_false(approval_is_number("12 "));
	assert_false(approval_is_number("-12"));
}

static void
APR_04_three_wrong_numbers_refuse_it(void **state)
{
	struct approval *a = ask();

	(void)state;
	assert_int_equal(approval_approve(a, "000", &carol), FG_ERR_NOT_FOUND);
	assert_int_equal(approval_approve(a, "", &carol), FG_ERR_NOT_FOUND);
	assert_int_equal(approval_approve(a, "abc", &carol), FG_ERR_LIMIT);
	assert_int_equal(approval_state_at(a, NOW), APPROVAL_REFUSED);
}

/* ---- its end ------------------------------------------------------------ */

static void
APR_05_it_expires_and_what_was_said_before_stands(void **state)
{
	struct approval *a = ask();

	(void)state;
	assert_int_equal(approval_state_at(a, UNTIL - 1), APPROVAL_WAITING);
	assert_int_equal(approval_state_at(a, UNTIL), APPROVAL_EXPIRED);
	approval_refuse(a, &carol);
	assert_int_equal(approval_state_at(a, UNTIL), APPROVAL_REFUSED);
}

static void
ends_as(struct approval *a, int64_t now_s, enum approval_state state)
{
	const struct approval_past *past;
	char ref[FG_REF_MAX + 1];

	(void)text_copy(ref, sizeof(ref), a->ref);
	assert_null(approvals_past(approvals, ref));
	approvals_end(approvals, a, now_s);
	assert_null(approvals_find(approvals, ref));
	past = approvals_past(approvals, ref);
	assert_non_null(past);
	assert_int_equal(past->state, state);
	assert_int_equal(past->by.known,
	    state == APPROVAL_APPROVED || state == APPROVAL_REFUSED);
}

static void
APR_01_who_comes_too_late_is_told_why(void **state)
{
	struct approval *a;

	(void)state;
	ends_as(ask(), NOW, APPROVAL_GONE);
	ends_as(ask(), UNTIL, APPROVAL_EXPIRED);
	a = ask();
	assert_int_equal(approval_approve(a, a->number, &carol), 0);
	ends_as(a, NOW, APPROVAL_APPROVED);
	a = ask();
	approval_refuse(a, &carol);
	ends_as(a, UNTIL, APPROVAL_REFUSED);
	approvals_end(approvals, NULL, NOW);
}

static void
the_past_is_short(void **state)
{
	char ref[FG_REF_MAX + 1];
	struct approval *a = ask();

	(void)state;
	(void)text_copy(ref, sizeof(ref), a->ref);
	approvals_end(approvals, a, NOW);
	for (unsigned int i = 1; i <= APPROVALS_MAX; i++) {
		assert_non_null(approvals_past(approvals, ref));
		approvals_end(approvals, ask(), NOW);
	}
	assert_null(approvals_past(approvals, ref));
	assert_null(approvals_past(approvals, ""));
}

/* ---- whose word --------------------------------------------------------- */

static void
may(const struct approval *a, bool want, const struct approver *by)
{
	const char *why = approval_bars(a, by);

	assert_int_equal(why == NULL, want);
}

static void
APR_02_nobody_approves_their_own(void **state)
{
	const struct approver by[] = {
		{ true, ALICE, ALICE, "alice" }, { true, ALICE, ALICE, NULL },
		{ true, ALICE, UNSET, NULL }, /* a job of theirs */
		{ true, 0, ALICE, NULL }, /* by sudo */
		{ true, CAROL, ALICE, NULL }, /* by su */
		{ true, ALICE, CAROL, NULL }, /* carol, as alice */
		{ true, CAROL, CAROL, "alice" }, /* another account */
	};
	const struct approval *a = ask();

	(void)state;
	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++)
		may(a, false, &by[i]);
	may(a, true, &carol);
}

static void
APR_02_root_is_whoever_has_logged_in(void **state)
{
	const struct approver nobody = { true, 0, UNSET, NULL },
			      by_sudo = { true, 0, CAROL, "carol" },
			      root = { true, 0, 0, NULL },
			      unseen = { false, CAROL, UNSET, "carol" };
	const struct approval *a = ask();

	(void)state;
	may(a, false, &nobody);
	may(a, true, &by_sudo);
	may(a, true, &root);
	/* Who is behind it cannot be told without the scanner. */
	may(a, false, &unseen);
}

/* Root's own login, which carol may approve by sudo, and root may not. */
static void
APR_02_of_root(void **state)
{
	const struct approver by_sudo = { true, 0, CAROL, "carol" },
			      root = { true, 0, 0, NULL };
	const struct approval *a;

	(void)state;
	comes("root", "192.0.2.1");
	facts.login.uid = 0;
	a = ask();
	may(a, true, &by_sudo);
	may(a, false, &root);
}

/* su asks as the target: whoever sits before it is somebody else. */
static void
APR_02_who_has_asked_by_sudo_or_su_is_not_the_second(void **state)
{
	struct approver by = { true, 0, CAROL, NULL };
	struct approval *a;

	(void)state;
	facts.kind = SERVICE_NESTED;
	facts.peer.loginuid = CAROL;
	a = ask();
	may(a, false, &by);
	approvals_end(approvals, a, NOW);
	/* An sshd that carol has started by hand is no login of hers. */
	facts.kind = SERVICE_REMOTE;
	a = ask();
	may(a, true, &by);
	approvals_end(approvals, a, NOW);
	facts.kind = SERVICE_NESTED;
	facts.peer.loginuid = UNSET;
	(void)text_copy(facts.whose, sizeof(facts.whose), "carol");
	by.person = "carol";
	may(ask(), false, &by);
}

static void
an_empty_name_is_nobodys(void **state)
{
	const struct approval *a = ask();

	(void)state;
	assert_false(approval_is_of(a, ""));
	assert_true(approval_is_of(a, "alice"));
}

/* ---- the asking side ---------------------------------------------------- */

static struct approval_login
login_of(void)
{
	return (struct approval_login){ .approvals = approvals,
		.facts = &facts,
		.decision = &decision,
		.until_s = UNTIL };
}

static void
answers(const struct approval_login *login, int64_t now_s,
    enum stepup_result want)
{
	const char *why = NULL;

	assert_int_equal(method_approval_answer(login, now_s, &why), want);
	assert_non_null(why);
}

static void
CONV_09_the_prompt_can_be_shown_and_stays(void **state)
{
	char first[METHOD_APPROVAL_PROMPT_SIZE];
	char again[METHOD_APPROVAL_PROMPT_SIZE];
	struct approval_login login = login_of();
	size_t len;

	(void)state;
	(void)method_approval_prompt(&login, true, first);
	len = strlen(first);
	assert_in_range(len, 20, METHOD_APPROVAL_PROMPT_SIZE - 2);
	assert_string_equal(first + len - 2, ": ");
	for (size_t i = 0; i < len; i++)
		assert_true(isprint((unsigned char)first[i]));
	assert_non_null(strstr(first, login.request->number));
	assert_string_equal(method_approval_prompt(&login, true, again), first);
	assert_int_equal(count(), 1);
	method_approval_end(&login, NOW);
	assert_int_equal(count(), 0);
}

static void
it_is_asked_again_until_somebody_has_said_so(void **state)
{
	char text[METHOD_APPROVAL_PROMPT_SIZE];
	struct approval_login login = login_of();

	(void)state;
	(void)method_approval_prompt(&login, true, text);
	answers(&login, NOW, STEPUP_AGAIN);
	answers(&login, UNTIL, STEPUP_ERROR);
	assert_int_equal(approval_approve(login.request, login.request->number,
			     &carol),
	    0);
	answers(&login, NOW, STEPUP_PASSED);
	method_approval_end(&login, NOW);
	login = login_of();
	(void)method_approval_prompt(&login, true, text);
	approval_refuse(login.request, &carol);
	answers(&login, NOW, STEPUP_FAILED);
	method_approval_end(&login, NOW);
}

/* It looks alike, and no operator is asked. */
static void
CONV_10_what_cannot_pass_asks_nobody(void **state)
{
	char text[METHOD_APPROVAL_PROMPT_SIZE];
	char other[METHOD_APPROVAL_PROMPT_SIZE];
	struct approval_login fake = login_of(), real = login_of();

	(void)state;
	(void)method_approval_prompt(&fake, false, text);
	assert_null(approvals_first(approvals));
	answers(&fake, NOW, STEPUP_AGAIN);
	memcpy(strstr(text, fake.number), "000", 3);
	method_approval_end(&fake, NOW);
	(void)method_approval_prompt(&real, true, other);
	memcpy(strstr(other, real.number), "000", 3);
	assert_string_equal(text, other);
	method_approval_end(&real, NOW);
}

static void
APR_03_who_finds_no_place_is_refused(void **state)
{
	char text[METHOD_APPROVAL_PROMPT_SIZE];
	struct approval_login login = login_of();

	(void)state;
	(void)ask();
	(void)method_approval_prompt(&login, true, text);
	assert_int_equal(count(), 1);
	answers(&login, NOW, STEPUP_ERROR);
	method_approval_end(&login, NOW);
	assert_int_equal(count(), 1);
}

/* Whatever else is found by the time that they have approved it. */
static void
it_is_for_what_was_found_when_it_was_asked_for(void **state)
{
	char text[METHOD_APPROVAL_PROMPT_SIZE];
	struct approval_login login = login_of();

	(void)state;
	finding_add(&decision.findings, FINDING_GEO_COUNTRY, "", "BR");
	decision.applied[0].action = ACTION_CHALLENGE;
	(void)method_approval_prompt(&login, true, text);
	finding_add(&decision.findings, FINDING_REMOTE_TOOL, "active", "x");
	decision.applied[1].action = ACTION_CHALLENGE;
	(void)method_approval_prompt(&login, true, text);
	assert_int_equal(login.asked.count, 1);
	assert_int_equal(login.asked.list[0].code, FINDING_GEO_COUNTRY);
	method_approval_end(&login, NOW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(APR_03_one_of_a_person),
		TEST(who_is_refused_in_any_case_has_one_place_too),
		TEST(who_is_refused_in_any_case_takes_no_place_of_others),
		TEST(APR_03_three_of_a_source),
		TEST(APR_03_32_altogether_and_the_older_ones_are_kept),
		TEST(a_number_has_three_digits_and_is_another_each_time),
		TEST(APR_04_the_number_has_to_be_the_one_that_is_shown),
		TEST(what_has_not_three_digits_is_no_number),
		TEST(APR_04_three_wrong_numbers_refuse_it),
		TEST(APR_05_it_expires_and_what_was_said_before_stands),
		TEST(APR_01_who_comes_too_late_is_told_why),
		TEST(the_past_is_short),
		TEST(APR_02_nobody_approves_their_own),
		TEST(APR_02_root_is_whoever_has_logged_in),
		TEST(APR_02_of_root),
		TEST(APR_02_who_has_asked_by_sudo_or_su_is_not_the_second),
		TEST(an_empty_name_is_nobodys),
		TEST(CONV_09_the_prompt_can_be_shown_and_stays),
		TEST(it_is_asked_again_until_somebody_has_said_so),
		TEST(CONV_10_what_cannot_pass_asks_nobody),
		TEST(APR_03_who_finds_no_place_is_refused),
		TEST(it_is_for_what_was_found_when_it_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
