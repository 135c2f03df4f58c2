/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Applications of the shapes that there are, and the auth phase: those with a
 * field for a name and one for a password, and those that show what is asked.
 * None hangs, none is let in, and each gets its prompts one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test_setup(name, fresh)
#define USER	   "root"
#define MAX_SEEN   8

/* What one was told, in that order. */
static struct {
	int style[MAX_SEEN];
	int n;
	int prompts;
} seen;
static pam_handle_t *pamh;
static bool was_null; /* PAM_USER_PROMPT, when it was compared */

static int
fresh(void **state)
{
	(void)state;
	spy_reset();
	memset(&seen, 0, sizeof(seen));
	fake_script(FG_VERDICT_DENY);
	fake->prompts = 1;
	return 0;
}

/* Answers one message: returns PAM_SUCCESS, with *ret_text or without. */
typedef int (*answer_fn)(const struct pam_message *msg, char **ret_text);

static bool
is_prompt(const struct pam_message *msg)
{
	return msg->msg_style == PAM_PROMPT_ECHO_ON ||
	    msg->msg_style == PAM_PROMPT_ECHO_OFF;
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **resp,
    void *data)
{
	answer_fn answer = *(answer_fn *)data;
	int r = PAM_SUCCESS;

	assert_int_equal(n, 1);
	seen.prompts += is_prompt(msg[0]);
	if (seen.n < MAX_SEEN)
		seen.style[seen.n++] = msg[0]->msg_style;
	if ((*resp = calloc(1, sizeof(**resp))) == NULL)
		return PAM_BUF_ERR;
	if ((r = answer(msg[0], &(*resp)->resp)) != PAM_SUCCESS) {
		free(*resp);
		*resp = NULL;
	}
	return r;
}

/* The auth phase through such an application. */
static int
prove_through(answer_fn answer)
{
	const struct pam_conv conv = { converse, &answer };
	int code;

	pamh = stack_open("plain", USER);
	assert_int_equal(pam_set_item(pamh, PAM_CONV, &conv), PAM_SUCCESS);
	code = stack_call(pamh, STACK_AUTH, 0);
	stack_close(pamh);
	return code;
}

/* ---- a name and a password ---------------------------------------------- */

/* dovecot, and many that have copied it. */
static int
gives_the_name(const struct pam_message *msg, char **ret_text)
{
	*ret_text = msg->msg_style == PAM_PROMPT_ECHO_ON ? strdup(USER) : NULL;
	return PAM_SUCCESS;
}

static void
CONV_18_a_name_goes_to_the_daemon_that_knows_it(void **state)
{
	(void)state;
	assert_int_equal(prove_through(gives_the_name), PAM_AUTH_ERR);
	assert_int_equal(fake->answered, 1);
	assert_int_equal(fake->how, FG_ANSWER_GIVEN);
	assert_string_equal(fake->answer, USER);
}

/* vsftpd, xrdp. */
static int
refuses_what_is_visible(const struct pam_message *msg, char **ret_text)
{
	*ret_text = NULL;
	return msg->msg_style == PAM_PROMPT_ECHO_ON ? PAM_CONV_ERR :
						      PAM_SUCCESS;
}

static void
CONV_18_one_that_refuses_asks_nobody(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_EXEMPT);
	fake->prompts = 1;
	assert_int_equal(prove_through(refuses_what_is_visible), PAM_IGNORE);
	assert_int_equal(fake->how, FG_ANSWER_IMPOSSIBLE);
	assert_int_equal(seen.prompts, 1);
}

/* saslauthd, which would dereference it. */
static int
compares_with_the_name_prompt(const struct pam_message *msg, char **ret_text)
{
	const void *prompt = NULL;

	*ret_text = NULL;
	if (!is_prompt(msg))
		return PAM_SUCCESS;
	assert_int_equal(pam_get_item(pamh, PAM_USER_PROMPT, &prompt),
	    PAM_SUCCESS);
	was_null = prompt == NULL;
	if (prompt != NULL && strcmp(msg->msg, prompt) == 0)
		*ret_text = strdup(USER);
	return PAM_SUCCESS;
}

static void
SVC_07_one_that_compares_finds_something(void **state)
{
	(void)state;
	fake->prompts = 2;
	was_null = true;
	assert_int_equal(prove_through(compares_with_the_name_prompt),
	    PAM_AUTH_ERR);
	assert_false(was_null);
	assert_int_equal(seen.prompts, 2);
	assert_int_equal(fake->how, FG_ANSWER_SILENT);
}

static const char *
name_prompt(void)
{
	const void *prompt = NULL;

	assert_int_equal(pam_get_item(pamh, PAM_USER_PROMPT, &prompt),
	    PAM_SUCCESS);
	return prompt;
}

static void
the_prompt_for_the_name_is_as_it_was(void **state)
{
	answer_fn answer = gives_the_name;
	const struct pam_conv conv = { converse, &answer };

	(void)state;
	pamh = stack_open("plain", USER);
	assert_int_equal(pam_set_item(pamh, PAM_CONV, &conv), PAM_SUCCESS);
	(void)stack_call(pamh, STACK_AUTH, 0);
	assert_null(name_prompt());
	assert_int_equal(pam_set_item(pamh, PAM_USER_PROMPT, "Who? "),
	    PAM_SUCCESS);
	(void)stack_call(pamh, STACK_AUTH, 0);
	assert_string_equal(name_prompt(), "Who? ");
	stack_close(pamh);
}

/* Older xrdp: whatever is no prompt is an error. */
static int
takes_no_messages(const struct pam_message *msg, char **ret_text)
{
	*ret_text = is_prompt(msg) ? strdup(USER) : NULL;
	return is_prompt(msg) ? PAM_SUCCESS : PAM_CONV_ERR;
}

static void
SVC_07_a_denial_that_nobody_is_told_is_one(void **state)
{
	(void)state;
	assert_int_equal(prove_through(takes_no_messages), PAM_AUTH_ERR);
	assert_int_equal(seen.style[1], PAM_ERROR_MSG);
}

/* ---- what is asked is shown --------------------------------------------- */

/* gdm, cockpit, MariaDB with its dialog plugin. */
static int
shows_it(const struct pam_message *msg, char **ret_text)
{
	*ret_text = is_prompt(msg) ? strdup("123456") : NULL;
	return PAM_SUCCESS;
}

static void
CONV_18_prompts_come_one_by_one_and_say_all(void **state)
{
	(void)state;
	fake->prompts = 2;
	assert_int_equal(prove_through(shows_it), PAM_AUTH_ERR);
	assert_int_equal(fake->answered, 2);
	assert_string_equal(fake->answer, "123456");
	assert_int_equal(seen.n, 3);
	/* No text before a prompt, which one of them would not show. */
	assert_int_equal(seen.style[0], PAM_PROMPT_ECHO_ON);
	assert_int_equal(seen.style[1], PAM_PROMPT_ECHO_ON);
	assert_int_equal(seen.style[2], PAM_ERROR_MSG);
}

/* Of whom the second is one too many. */
static int
shows_one(const struct pam_message *msg, char **ret_text)
{
	*ret_text = NULL;
	if (is_prompt(msg) && seen.prompts > 1)
		return PAM_CONV_ERR;
	return shows_it(msg, ret_text);
}

static void
CONV_18_one_that_shows_one_prompt_is_not_let_in(void **state)
{
	(void)state;
	fake->prompts = 2;
	assert_int_equal(prove_through(shows_one), PAM_AUTH_ERR);
	assert_int_equal(fake->answered, 2);
	assert_int_equal(fake->how, FG_ANSWER_IMPOSSIBLE);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(CONV_18_a_name_goes_to_the_daemon_that_knows_it),
		TEST(CONV_18_one_that_refuses_asks_nobody),
		TEST(SVC_07_one_that_compares_finds_something),
		TEST(the_prompt_for_the_name_is_as_it_was),
		TEST(SVC_07_a_denial_that_nobody_is_told_is_one),
		TEST(CONV_18_prompts_come_one_by_one_and_say_all),
		TEST(CONV_18_one_that_shows_one_prompt_is_not_let_in),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	fake_start(stack_socket(), 8);
	stack_service("plain", "");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	stack_done();
	return failed;
}
