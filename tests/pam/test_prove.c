/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The auth phase: what the daemon asks is shown as it is, what is typed goes
 * back as it is and nowhere else, and whatever happens meanwhile proves
 * nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test_setup(name, fresh)
#define NELEMS(a)  (sizeof(a) / sizeof((a)[0]))

static int
fresh(void **state)
{
	(void)state;
	spy_reset();
	spy_answer = "yes";
	fake_script(FG_VERDICT_ALLOW);
	return 0;
}

static int
prove(const char *service)
{
	return stack_run(service, "root", STACK_AUTH);
}

/* The daemon asks so often; the user answers this. */
static int
asked(unsigned int prompts, const char *answer)
{
	fake->prompts = prompts;
	spy_conv_mode = SPY_CONV_ANSWERS;
	spy_answer = answer;
	return prove("plain");
}

static bool
was_asked(void)
{
	for (int i = 0; i < spy_talk.count; i++)
		if (spy_talk.line[i].priority == PAM_PROMPT_ECHO_ON ||
		    spy_talk.line[i].priority == PAM_PROMPT_ECHO_OFF)
			return true;
	return false;
}

static void
every_verdict_has_its_code(void **state)
{
	static const struct {
		uint8_t verdict;
		int plain, observe;
	} row[] = {
		{ FG_VERDICT_ALLOW, PAM_IGNORE, PAM_IGNORE },
		{ FG_VERDICT_DENY, PAM_AUTH_ERR, PAM_IGNORE },
		{ FG_VERDICT_EXEMPT, PAM_IGNORE, PAM_IGNORE },
		{ FG_VERDICT_DELEGATE, PAM_CRED_INSUFFICIENT, PAM_IGNORE },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(row); i++) {
		fake_script(row[i].verdict);
		assert_int_equal(prove("plain"), row[i].plain);
		assert_int_equal(fake->phase, FG_PHASE_AUTH);
		assert_int_equal(prove("observe"), row[i].observe);
		assert_int_equal(fake->flags & FG_LOGIN_OBSERVE,
		    FG_LOGIN_OBSERVE);
	}
}

/* Account decides by itself then; on_error is of that phase. */
static void
every_failure_is_ignored(void **state)
{
	static const enum fake_mode modes[] = { FAKE_CLOSE, FAKE_HALF,
		FAKE_EMPTY, FAKE_WRONG_ID, FAKE_WRONG_SEQUENCE,
		FAKE_WRONG_VERSION, FAKE_TRAILING, FAKE_FAIL };
	static const char *const services[] = { "plain", "allow", "observe" };

	(void)state;
	for (size_t i = 0; i < NELEMS(modes); i++)
		for (size_t k = 0; k < NELEMS(services); k++) {
			fake_script(FG_VERDICT_ALLOW);
			fake->mode = modes[i];
			fake->fail = FG_FAIL_BUSY;
			assert_int_equal(prove(services[k]), PAM_IGNORE);
		}
	assert_int_equal(rename(stack_socket(), stack_path("away")), 0);
	assert_int_equal(prove("plain"), PAM_IGNORE);
	assert_int_equal(prove("allow"), PAM_IGNORE);
	assert_int_equal(rename(stack_path("away"), stack_socket()), 0);
}

static void
a_prompt_is_shown_as_it_is_and_answered(void **state)
{
	(void)state;
	assert_int_equal(asked(1, "123456"), PAM_IGNORE);
	assert_string_equal(spy_talk.line[0].text, "Code: ");
	/* CONV-05: visible, which sshd's password method refuses. */
	assert_int_equal(spy_talk.line[0].priority, PAM_PROMPT_ECHO_ON);
	assert_int_equal(fake->answered, 1);
	assert_int_equal(fake->how, FG_ANSWER_GIVEN);
	assert_string_equal(fake->answer, "123456");
}

static void
CONV_08_each_prompt_has_a_call_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(asked(40, "x"), PAM_IGNORE);
	assert_int_equal(fake->answered, 40);
}

/* An answer is not judged at once, so that its time tells nothing. */
static void
a_short_timeout_leaves_an_answer_its_time(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	fake->prompts = 1;
	fake->ponder_ms = 500;
	spy_conv_mode = SPY_CONV_ANSWERS;
	assert_int_equal(prove("hasty"), PAM_AUTH_ERR);
	assert_int_equal(fake->answered, 1);
	/* Without a question it is as short as it says. */
	fake_script(FG_VERDICT_DENY);
	fake->ponder_ms = 500;
	assert_int_equal(prove("hasty"), PAM_IGNORE);
}

static void
CONV_01_to_03_an_application_that_asks_nobody(void **state)
{
	static const struct {
		enum spy_conv_mode mode;
		uint8_t how;
	} row[] = {
		{ SPY_CONV_ERR, FG_ANSWER_IMPOSSIBLE },
		{ SPY_CONV_AGAIN, FG_ANSWER_IMPOSSIBLE },
		{ SPY_CONV_BUF_ERR, FG_ANSWER_IMPOSSIBLE },
		/* Not as an empty answer, which is one. */
		{ SPY_CONV_NO_RESPONSE, FG_ANSWER_SILENT },
		{ SPY_CONV_EMPTY_RESPONSE, FG_ANSWER_SILENT },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(row); i++) {
		fake_script(FG_VERDICT_DENY);
		fake->prompts = 1;
		spy_conv_mode = row[i].mode;
		assert_int_equal(prove("plain"), PAM_AUTH_ERR);
		assert_int_equal(fake->answered, 1);
		assert_int_equal(fake->how, row[i].how);
		assert_string_equal(fake->answer, "");
	}
}

static void
CONV_16_an_empty_answer_is_one(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	assert_int_equal(asked(1, ""), PAM_AUTH_ERR);
	assert_int_equal(fake->how, FG_ANSWER_GIVEN);
	assert_string_equal(fake->answer, "");
}

static void
CONV_01_no_conversation_at_all(void **state)
{
	const struct pam_conv none = { NULL, NULL };
	pam_handle_t *pamh;

	(void)state;
	fake_script(FG_VERDICT_EXEMPT);
	fake->prompts = 1;
	pamh = stack_open("plain", "root");
	assert_int_equal(pam_set_item(pamh, PAM_CONV, &none), PAM_SUCCESS);
	assert_int_equal(stack_call(pamh, STACK_AUTH, 0), PAM_IGNORE);
	stack_close(pamh);
	assert_int_equal(fake->how, FG_ANSWER_IMPOSSIBLE);
}

static void
CONV_07_odd_answers_go_as_unusable_and_no_byte_of_them(void **state)
{
	static char longest[FG_ANSWER_MAX + 1], longer[FG_ANSWER_MAX + 2];
	static char huge[200001];
	static const char *const odd[] = { "1\n", "\b\n\r\177INCORRECT",
		"\033[2J", "12\t34" };

	(void)state;
	for (size_t i = 0; i < NELEMS(odd); i++) {
		assert_int_equal(asked(1, odd[i]), PAM_IGNORE);
		assert_int_equal(fake->how, FG_ANSWER_UNUSABLE);
		assert_string_equal(fake->answer, "");
	}
	memset(longest, '7', FG_ANSWER_MAX);
	memset(longer, '7', FG_ANSWER_MAX + 1);
	memset(huge, '7', sizeof(huge) - 1);
	(void)asked(1, longest);
	assert_int_equal(fake->how, FG_ANSWER_GIVEN);
	assert_string_equal(fake->answer, longest);
	(void)asked(1, longer);
	assert_int_equal(fake->how, FG_ANSWER_UNUSABLE);
	(void)asked(1, huge);
	assert_int_equal(fake->how, FG_ANSWER_UNUSABLE);
	assert_string_equal(fake->answer, "");
}

/* Somebody may have typed a password at the wrong prompt. */
static void
an_answer_is_in_no_log(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	assert_int_equal(asked(1, "hunter22"), PAM_AUTH_ERR);
	assert_null(spy_find(&spy_log, "hunter22"));
	assert_null(spy_find(&spy_audit, "hunter22"));
	assert_non_null(spy_find(&spy_log, "phase=auth"));
}

/* A terminal would show what it says, and a log keep it. */
static void
CONV_09_a_prompt_that_is_none_is_not_shown(void **state)
{
	(void)state;
	fake->mode = FAKE_TYPE; /* a verdict's body, called a challenge */
	fake->type = FG_MSG_CHALLENGE;
	spy_conv_mode = SPY_CONV_ANSWERS;
	assert_int_equal(prove("plain"), PAM_IGNORE);
	assert_false(was_asked());
}

static void
nobody_is_asked_in_account_or_session(void **state)
{
	(void)state;
	fake->prompts = 1;
	spy_conv_mode = SPY_CONV_ANSWERS;
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(stack_run("plain", "root", STACK_SESSION),
	    PAM_AUTHINFO_UNAVAIL);
	assert_false(was_asked());
}

static void
nobody_is_asked_while_it_observes(void **state)
{
	(void)state;
	fake->prompts = 1;
	spy_conv_mode = SPY_CONV_ANSWERS;
	assert_int_equal(prove("observe"), PAM_IGNORE);
	assert_false(was_asked());
}

static void
delegate_means_nothing_in_account(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DELEGATE);
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(stack_run("allow", "root", STACK_ACCOUNT),
	    PAM_SUCCESS); /* as any answer that is none */
}

/* The daemon's verdict that crosses an answer is its verdict. */
static void
an_answer_that_comes_too_late_changes_nothing(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	fake->mode = FAKE_LOSE_PATIENCE;
	assert_int_equal(asked(1, "123456"), PAM_AUTH_ERR);
	assert_non_null(spy_find(&spy_log, "verdict=deny"));
}

static void
the_delegated_line_says_so_in_auth_alone(void **state)
{
	(void)state;
	assert_int_equal(prove("delegated"), PAM_IGNORE);
	assert_int_equal(fake->flags & FG_LOGIN_DELEGATED, FG_LOGIN_DELEGATED);
	assert_int_equal(stack_run("delegated", "root", STACK_ACCOUNT),
	    PAM_SUCCESS);
	assert_int_equal(fake->flags & FG_LOGIN_DELEGATED, 0);
}

/* By which account finds what was proved. */
static void
the_reference_goes_into_the_environment(void **state)
{
	pam_handle_t *pamh = stack_open("plain", "root");

	(void)state;
	assert_int_equal(stack_call(pamh, STACK_AUTH, 0), PAM_IGNORE);
	assert_string_equal(pam_getenv(pamh, "FARMGATE_REF"), "7F3K-Q2MN");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_string_equal(fake->login_ref, "7F3K-Q2MN");
	stack_close(pamh);
}

/* What the first try has begun is not for the line with delegated of the
 * second, also if the daemon never hears of that one. */
static void
a_second_try_forgets_the_first(void **state)
{
	pam_handle_t *pamh = stack_open("plain", "root");

	(void)state;
	fake_script(FG_VERDICT_DELEGATE);
	assert_int_equal(stack_call(pamh, STACK_AUTH, 0),
	    PAM_CRED_INSUFFICIENT);
	assert_string_equal(pam_getenv(pamh, "FARMGATE_REF"), "7F3K-Q2MN");
	assert_int_equal(rename(stack_socket(), stack_path("away")), 0);
	assert_int_equal(stack_call(pamh, STACK_AUTH, 0), PAM_IGNORE);
	assert_null(pam_getenv(pamh, "FARMGATE_REF"));
	assert_int_equal(rename(stack_path("away"), stack_socket()), 0);
	stack_close(pamh);
}

/* What comes of it is told by the other module, which knows no reference. */
static void
who_is_handed_over_is_told_the_reference(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DELEGATE);
	assert_int_equal(prove("plain"), PAM_CRED_INSUFFICIENT);
	assert_int_equal(spy_talk.count, 1);
	assert_string_equal(spy_talk.line[0].text,
	    "More proof is wanted. Reference 7F3K-Q2MN.");
	assert_int_equal(spy_talk.line[0].priority, PAM_TEXT_INFO);
	spy_reset();
	assert_int_equal(prove("observe"), PAM_IGNORE);
	assert_null(spy_find(&spy_talk, "Reference"));
}

static void
a_refusal_is_told_once_and_like_any_other(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	assert_int_equal(asked(1, "x"), PAM_AUTH_ERR);
	assert_int_equal(spy_talk.count, 2);
	assert_string_equal(spy_talk.line[1].text,
	    "Access denied. Reference 7F3K-Q2MN.");
	assert_int_equal(spy_talk.line[1].priority, PAM_ERROR_MSG);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(every_verdict_has_its_code),
		TEST(every_failure_is_ignored),
		TEST(a_prompt_is_shown_as_it_is_and_answered),
		TEST(CONV_08_each_prompt_has_a_call_of_its_own),
		TEST(a_short_timeout_leaves_an_answer_its_time),
		TEST(CONV_01_to_03_an_application_that_asks_nobody),
		TEST(CONV_16_an_empty_answer_is_one),
		TEST(CONV_01_no_conversation_at_all),
		TEST(CONV_07_odd_answers_go_as_unusable_and_no_byte_of_them),
		TEST(an_answer_is_in_no_log),
		TEST(CONV_09_a_prompt_that_is_none_is_not_shown),
		TEST(nobody_is_asked_in_account_or_session),
		TEST(nobody_is_asked_while_it_observes),
		TEST(delegate_means_nothing_in_account),
		TEST(an_answer_that_comes_too_late_changes_nothing),
		TEST(the_delegated_line_says_so_in_auth_alone),
		TEST(the_reference_goes_into_the_environment),
		TEST(a_second_try_forgets_the_first),
		TEST(who_is_handed_over_is_told_the_reference),
		TEST(a_refusal_is_told_once_and_like_any_other),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	fake_start(stack_socket(), 8);
	stack_service("plain", "");
	stack_service("allow", "on_error=allow");
	stack_service("hasty", "timeout=100ms");
	stack_service("observe", "observe");
	stack_service("delegated", "delegated");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	stack_done();
	return failed;
}
