/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who hears of a decision, and of a wrong argument: the log, the kernel's
 * audit, the user, the login's environment. None of them changes a verdict.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

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
	fake_script(FG_VERDICT_DENY);
	stack_service("sshd", "timeout=20");
	stack_service("observe", "timeout=20 observe");
	return 0;
}

static int
run_from(const char *service, const char *rhost, int flags)
{
	pam_handle_t *pamh = stack_open(service, "root");
	int code;

	(void)pam_set_item(pamh, PAM_RHOST, rhost);
	code = stack_call(pamh, STACK_ACCOUNT, flags);
	stack_close(pamh);
	return code;
}

static void
proc_11_one_line_says_it_all(void **state)
{
	(void)state;
	assert_int_equal(run_from("sshd", "203.0.113.9", 0), PAM_PERM_DENIED);
	assert_int_equal(spy_log.count, 1);
	assert_int_equal(spy_log.line[0].priority, LOG_WARNING);
	assert_string_equal(spy_log.line[0].text,
	    "pam_farmgate(sshd:account): ref=7F3K-Q2MN verdict=deny "
	    "would=deny phase=account user=root service=sshd "
	    "rhost=203.0.113.9 reason=geo.country");
}

static void
a_plain_allow_is_left_to_the_daemons_log(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_ALLOW);
	assert_int_equal(run_from("sshd", "203.0.113.9", 0), PAM_SUCCESS);
	assert_int_equal(spy_log.count, 0);
	stack_service("extra", "debug");
	assert_int_equal(run_from("extra", "203.0.113.9", 0), PAM_SUCCESS);
	assert_int_equal(spy_log.count, 1);
	assert_int_equal(spy_log.line[0].priority, LOG_INFO);
	assert_non_null(spy_find(&spy_log, "verdict=allow would=allow"));
}

static void
what_observe_spares_is_a_notice(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	spy_reset();
	assert_int_equal(run_from("observe", "203.0.113.9", 0), PAM_SUCCESS);
	assert_int_equal(spy_log.line[0].priority, LOG_NOTICE);
	assert_non_null(spy_find(&spy_log, "verdict=allow would=deny"));
	assert_int_equal(spy_talk.count, 0);
}

static void
hostile_text_stays_inside_its_field(void **state)
{
	(void)state;
	(void)strcpy(fake->reason, "x verdict=allow\n%n%s\x1b[2J\xe2\x80\xae");
	assert_int_equal(run_from("sshd",
			     "h user=root\nDec 24 sshd: \"ok\" \\ %n \x9b", 0),
	    PAM_PERM_DENIED);
	assert_int_equal(spy_log.count, 1);
	assert_non_null(spy_find(&spy_log,
	    " rhost=h\\x20user\\x3droot\\x0aDec\\x2024\\x20sshd:\\x20\\x22ok"
	    "\\x22\\x20\\x5c\\x20%n\\x20\\x9b reason="));
	assert_non_null(spy_find(&spy_log,
	    " reason=x\\x20verdict\\x3dallow\\x0a%n%s\\x1b\\x5b2J"
	    "\\xe2\\x80\\xae"));
}

static void
ipc_18_another_version_is_logged_with_what_to_do(void **state)
{
	(void)state;
	fake->mode = FAKE_WRONG_VERSION;
	assert_int_equal(run_from("sshd", "192.0.2.1", 0),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(spy_log.count, 1);
	assert_non_null(spy_find(&spy_log,
	    " reason=version protocol=1 daemon_protocol=2 next=log_in_again"));
	fake->mode = FAKE_CLOSE;
	assert_int_equal(run_from("sshd", "192.0.2.1", 0),
	    PAM_AUTHINFO_UNAVAIL);
	assert_null(strstr(spy_log.line[1].text, "protocol="));
}

static void
a_failure_gets_a_reference_of_the_modules_own(void **state)
{
	char ref[2][16];

	(void)state;
	fake->mode = FAKE_CLOSE;
	for (int i = 0; i < 2; i++) {
		spy_reset();
		assert_int_equal(run_from("sshd", "192.0.2.1", 0),
		    PAM_AUTHINFO_UNAVAIL);
		assert_int_equal(sscanf(strstr(spy_log.line[0].text, "ref="),
				     "ref=%15s", ref[i]),
		    1);
		assert_int_equal(strspn(ref[i],
				     "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"),
		    10);
		assert_int_equal(strlen(ref[i]), 10);
		assert_true(ref[i][0] == 'M' && ref[i][5] == '-');
		/* The user and the kernel are told the same one. */
		assert_non_null(spy_find(&spy_talk, ref[i]));
		assert_non_null(spy_find(&spy_audit, ref[i]));
	}
	assert_string_not_equal(ref[0], ref[1]);
}

static void
a_failure_that_lets_in_is_loud_but_not_to_the_user(void **state)
{
	pam_handle_t *pamh = stack_open("observe", "root");

	(void)state;
	fake->mode = FAKE_CLOSE;
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_int_equal(spy_log.line[0].priority, LOG_WARNING);
	assert_non_null(spy_find(&spy_log, " fail_open=1"));
	assert_int_equal(spy_talk.count, 0);
	/* It is no decision that the session could rely on. */
	assert_null(pam_getenv(pamh, "FARMGATE_REF"));
	stack_close(pamh);
}

static void
a_denial_leaves_no_reference_in_the_environment(void **state)
{
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_PERM_DENIED);
	assert_null(pam_getenv(pamh, "FARMGATE_REF"));
	stack_close(pamh);
}

static void
the_user_sees_one_neutral_line(void **state)
{
	(void)state;
	assert_int_equal(run_from("sshd", "192.0.2.1", 0), PAM_PERM_DENIED);
	assert_int_equal(spy_talk.count, 1);
	assert_int_equal(spy_talk.line[0].priority, PAM_ERROR_MSG);
	assert_string_equal(spy_talk.line[0].text,
	    "Access denied. Reference 7F3K-Q2MN.");
}

static void
the_administrators_help_is_on_the_same_line(void **state)
{
	(void)state;
	(void)strcpy(fake->help,
	    "Call\n\x1b[31m%s the\thelp desk, J\xc3\xbcrgen");
	assert_int_equal(run_from("sshd", "192.0.2.1", 0), PAM_PERM_DENIED);
	assert_int_equal(spy_talk.count, 1);
	assert_string_equal(spy_talk.line[0].text,
	    "Access denied. Reference 7F3K-Q2MN. Call  [31m%s the help "
	    "desk, J\xc3\xbcrgen");
}

static void
pam_17_silent_is_honoured(void **state)
{
	(void)state;
	assert_int_equal(run_from("sshd", "192.0.2.1", PAM_SILENT),
	    PAM_PERM_DENIED);
	assert_int_equal(spy_talk.count, 0);
	assert_int_equal(spy_log.count, 1);
}

static void
conv_01_without_a_conversation_the_verdict_stands(void **state)
{
	static const struct pam_conv no_function = { NULL, NULL };
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	assert_int_equal(pam_set_item(pamh, PAM_CONV, &no_function),
	    PAM_SUCCESS);
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_PERM_DENIED);
	fake_script(FG_VERDICT_ALLOW);
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	stack_close(pamh);
}

static void
conv_02_conv_03_a_broken_conversation_changes_no_verdict(void **state)
{
	static const enum spy_conv_mode modes[] = { SPY_CONV_ERR,
		SPY_CONV_AGAIN, SPY_CONV_BUF_ERR, SPY_CONV_NO_RESPONSE,
		SPY_CONV_EMPTY_RESPONSE, SPY_CONV_ANSWERS };

	(void)state;
	for (size_t i = 0; i < NELEMS(modes); i++) {
		spy_reset();
		spy_conv_mode = modes[i];
		assert_int_equal(run_from("sshd", "192.0.2.1", 0),
		    PAM_PERM_DENIED);
		assert_int_equal(spy_talk.count, 1);
	}
}

static void
a_kernel_record_is_written_for_each_refusal(void **state)
{
	const struct spy_line *line;

	(void)state;
	assert_int_equal(run_from("sshd", "2001:db8::1", 0), PAM_PERM_DENIED);
	line = spy_find(&spy_audit, "PAM:farmgate ");
	assert_non_null(line);
	assert_string_equal(line->text,
	    "PAM:farmgate ref=7F3K-Q2MN verdict=deny would=deny "
	    "phase=account reason=geo.country");
	assert_int_equal(line->priority, 2104); /* ANOM_LOGIN_LOCATION */
	assert_int_equal(line->result, 0);
	assert_string_equal(line->name, "root");
	/* observed: what would have been refused */
	fake_script(FG_VERDICT_ALLOW);
	fake->would = FG_VERDICT_DENY;
	spy_reset();
	assert_int_equal(run_from("sshd", "", 0), PAM_SUCCESS);
	line = spy_find(&spy_audit, "PAM:farmgate ");
	assert_non_null(line);
	assert_int_equal(line->priority, 1101); /* USER_ACCT */
	assert_int_equal(line->result, 1);
}

/* libpam's own record names the module that let the login through. */
static void
a_plain_allow_is_left_to_libpams_record(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_ALLOW);
	assert_int_equal(run_from("sshd", "192.0.2.1", 0), PAM_SUCCESS);
	assert_null(spy_find(&spy_audit, "PAM:farmgate "));
	assert_non_null(spy_find(&spy_audit, "PAM:accounting"));
}

static void
a_denial_for_no_place_is_an_ordinary_account_record(void **state)
{
	(void)state;
	(void)strcpy(fake->reason, "person.revoked");
	assert_int_equal(run_from("sshd", "192.0.2.1", 0), PAM_PERM_DENIED);
	assert_int_equal(spy_find(&spy_audit, "PAM:farmgate ")->priority, 1101);
}

static void
debug_says_more_and_decides_the_same(void **state)
{
	(void)state;
	stack_service("extra", "debug");
	fake_script(FG_VERDICT_EXEMPT);
	fake->ref[0] = '\0';
	assert_int_equal(stack_run("extra", "root", STACK_ACCOUNT), PAM_IGNORE);
	assert_int_equal(spy_log.count, 1);
	assert_int_equal(spy_log.line[0].priority, LOG_DEBUG);
	assert_non_null(spy_find(&spy_log, "ref=- verdict=exempt"));
	assert_null(spy_find(&spy_audit, "PAM:farmgate "));
}

/* Each phase that can refuse does, and says why, once for each mistake. */
static void
expect_refused(int argc, const char **argv, int mistakes)
{
	static const char *const entries[] = { "pam_sm_authenticate",
		"pam_sm_acct_mgmt", "pam_sm_open_session" };
	pam_handle_t *pamh = stack_open("sshd", "root");

	for (size_t i = 0; i < NELEMS(entries); i++) {
		spy_reset();
		assert_int_equal(stack_entry_point(entries[i])(pamh, 0, argc,
				     argv),
		    PAM_SYSTEM_ERR);
		assert_int_equal(spy_log.count, mistakes);
		for (int n = 0; n < spy_log.count; n++) {
			assert_int_equal(spy_log.line[n].priority, LOG_ERR);
			assert_true(strlen(spy_log.line[n].text) < 240);
		}
	}
	stack_close(pamh);
	assert_int_equal(fake->connects, 0);
}

static void
pam_12_each_wrong_argument_refuses(void **state)
{
	static const char *const wrong[] = { "", "nonsense", "Observe",
		"observe=", "observe=1", "observer", "debug=yes", "nogroups ",
		"socket", "socket=", "socket=relative", "socket=@abstract",
		"timeout", "timeout=", "timeout=0", "timeout=31", "timeout=-1",
		"timeout=+1", "timeout= 1", "timeout=1s", "timeout=99ms",
		"timeout=30001ms", "timeout=ms", "timeout=1.5",
		"timeout=4294967297", "timeout=0x3",
		"timeout=18446744073709551617ms", "timeout=1msms", "on_error",
		"on_error=", "on_error=allowed", "on_error=Allow", "breakglass",
		"breakglass=", "breakglass=etc/x", "nonroot=", "nonroot=allow",
		"on_error=allow nonroot=ignore", "\x1b[2J\n" };

	(void)state;
	for (size_t i = 0; i < NELEMS(wrong); i++) {
		const char *argv[] = { "observe", wrong[i] };

		if (strncmp(wrong[i], "observe", 7) == 0)
			argv[0] = "debug";
		expect_refused(2, argv, 1);
		assert_null(strchr(spy_log.line[0].text, '\x1b'));
		assert_null(strchr(spy_log.line[0].text, '\n'));
	}
}

static void
pam_12_every_wrong_argument_is_named(void **state)
{
	static char huge[10241];
	const char *argv[] = { "one", "observe", "two", "timeout=0", huge,
		"observe", "on_error=allow", "a=b=\\x3d\"" };

	(void)state;
	memset(huge, 'h', sizeof(huge) - 1);
	expect_refused(NELEMS(argv), argv, 6);
	assert_non_null(spy_find(&spy_log, "argument 1, \"one\": unknown"));
	assert_non_null(spy_find(&spy_log, "argument 3, \"two\": unknown"));
	assert_non_null(spy_find(&spy_log, "argument 4, \"timeout=0\""));
	assert_non_null(spy_find(&spy_log, "hhh...\": too long"));
	assert_non_null(spy_find(&spy_log,
	    "argument 8, \"a=b=\\x5cx3d\\x22\": unknown"));
	assert_non_null(spy_find(&spy_log,
	    "argument 6, \"observe\": given twice; this line refuses "
	    "everybody"));
}

static void
pam_12_a_path_too_long_for_a_socket_refuses(void **state)
{
	char path[256] = "socket=/";
	const char *argv[] = { path };

	(void)state;
	memset(path + 8, 'p', 107);
	expect_refused(1, argv, 1);
	/* One byte less fits, and is merely not there. */
	path[strlen(path) - 1] = '\0';
	{
		pam_handle_t *pamh = stack_open("sshd", "root");

		assert_int_equal(stack_entry_point("pam_sm_acct_mgmt")(pamh, 0,
				     1, argv),
		    PAM_AUTHINFO_UNAVAIL);
		stack_close(pamh);
	}
}

static void
every_right_argument_is_taken(void **state)
{
	static const char *const right[] = { "timeout=1", "timeout=30",
		"timeout=100ms", "timeout=30000ms", "on_error=deny",
		"on_error=allow", "nonroot=ignore", "nonroot=deny", "nogroups",
		"debug", "observe", "breakglass=/nonexistent" };

	(void)state;
	fake_script(FG_VERDICT_ALLOW);
	for (size_t i = 0; i < NELEMS(right); i++) {
		stack_service("extra", right[i]);
		assert_int_equal(stack_run("extra", "root", STACK_ACCOUNT),
		    PAM_SUCCESS);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(proc_11_one_line_says_it_all),
		TEST(a_plain_allow_is_left_to_the_daemons_log),
		TEST(what_observe_spares_is_a_notice),
		TEST(hostile_text_stays_inside_its_field),
		TEST(ipc_18_another_version_is_logged_with_what_to_do),
		TEST(a_failure_gets_a_reference_of_the_modules_own),
		TEST(a_failure_that_lets_in_is_loud_but_not_to_the_user),
		TEST(a_denial_leaves_no_reference_in_the_environment),
		TEST(the_user_sees_one_neutral_line),
		TEST(the_administrators_help_is_on_the_same_line),
		TEST(pam_17_silent_is_honoured),
		TEST(conv_01_without_a_conversation_the_verdict_stands),
		TEST(conv_02_conv_03_a_broken_conversation_changes_no_verdict),
		TEST(a_kernel_record_is_written_for_each_refusal),
		TEST(a_plain_allow_is_left_to_libpams_record),
		TEST(a_denial_for_no_place_is_an_ordinary_account_record),
		TEST(debug_says_more_and_decides_the_same),
		TEST(pam_12_each_wrong_argument_refuses),
		TEST(pam_12_every_wrong_argument_is_named),
		TEST(pam_12_a_path_too_long_for_a_socket_refuses),
		TEST(every_right_argument_is_taken),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	fake_start(stack_socket(), 8);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	stack_done();
	return failed;
}
