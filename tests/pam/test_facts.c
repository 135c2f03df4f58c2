/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the module tells the daemon about a login: the items as they are,
 * bounded; the canonical user or none; and nothing from the process
 * environment, ever.
 */
#include <sys/wait.h>

#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	fake_script(FG_VERDICT_ALLOW);
	stack_service("sshd", "timeout=20 debug");
	return 0;
}

static void
a_login_is_described_as_it_is(void **state)
{
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	(void)pam_set_item(pamh, PAM_RUSER, "bob");
	(void)pam_set_item(pamh, PAM_TTY, "ssh");
	(void)pam_set_item(pamh, PAM_RHOST, "2001:db8::7");
	(void)pam_putenv(pamh, "SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22");
	(void)pam_putenv(pamh, "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA\n");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_int_equal(fake->phase, FG_PHASE_ACCOUNT);
	assert_int_equal(fake->flags, 0);
	assert_int_equal(fake->pid, getpid());
	assert_int_equal(fake->uid, 0);
	assert_string_equal(fake->service, "sshd");
	assert_string_equal(fake->user, "root");
	assert_string_equal(fake->ruser, "bob");
	assert_string_equal(fake->tty, "ssh");
	assert_string_equal(fake->rhost, "2001:db8::7");
	assert_string_equal(fake->ssh_connection,
	    "192.0.2.1 50000 192.0.2.2 22");
	assert_string_equal(fake->ssh_auth, "publickey ssh-ed25519 AAAA\n");
	assert_string_equal(fake->login_ref, "");
	stack_close(pamh);
}

static void
in_05_items_that_are_not_set_are_empty(void **state)
{
	(void)state;
	assert_int_equal(stack_run("sshd", "root", STACK_ACCOUNT), PAM_SUCCESS);
	assert_string_equal(fake->ruser, "");
	assert_string_equal(fake->tty, "");
	assert_string_equal(fake->rhost, "");
	assert_string_equal(fake->ssh_connection, "");
	assert_string_equal(fake->ssh_auth, "");
}

static void
an_authentication_too_long_to_send_is_left_out_and_said(void **state)
{
	static char text[sizeof("SSH_AUTH_INFO_0=") + FG_SSH_AUTH_MAX + 1];
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	memset(text, 'A', sizeof(text) - 1);
	memcpy(text, "SSH_AUTH_INFO_0=", sizeof("SSH_AUTH_INFO_0=") - 1);
	(void)pam_putenv(pamh, text);
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_SUCCESS);
	assert_string_equal(fake->ssh_auth, "");
	assert_int_equal(fake->flags, FG_LOGIN_AUTH_CUT);
	text[sizeof(text) - 2] = '\0';
	(void)pam_putenv(pamh, text);
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_SUCCESS);
	assert_int_equal(fake->flags, 0);
	stack_close(pamh);
}

static void
arguments_become_flags(void **state)
{
	(void)state;
	stack_service("extra", "observe nogroups");
	assert_int_equal(stack_run("extra", "root", STACK_SESSION),
	    PAM_SUCCESS);
	assert_int_equal(fake->phase, FG_PHASE_SESSION);
	assert_int_equal(fake->flags, FG_LOGIN_OBSERVE | FG_LOGIN_NOGROUPS);
}

/* Its name goes nowhere: neither to the daemon nor into a log (IN-07). */
static void
expect_invalid(const char *user)
{
	spy_reset();
	fake_script(FG_VERDICT_DENY);
	assert_int_equal(stack_run("sshd", user, STACK_ACCOUNT),
	    PAM_PERM_DENIED);
	assert_int_equal(fake->flags & FG_LOGIN_INVALID_USER,
	    FG_LOGIN_INVALID_USER);
	assert_string_equal(fake->user, "");
	assert_int_equal(fake->uid, UINT32_MAX);
	assert_int_equal(spy_log.count, 1);
	assert_non_null(spy_find(&spy_log, " user=(invalid) "));
	assert_non_null(spy_find(&spy_audit, "PAM:farmgate "));
	assert_string_equal(spy_find(&spy_audit, "PAM:farmgate ")->name, "?");
}

static void
in_07_a_name_without_a_passwd_entry_is_not_passed_on(void **state)
{
	static const char *const names[] = { "", "a\nb", "\x1b[2J", "\xff\xfe",
		"%s%n", "../etc", "root:style", "DOM\\user", "user@realm",
		"hunter2hunter2", "root ", " root", "ROOT", "0" };
	char longer[300];

	(void)state;
	for (size_t i = 0; i < NELEMS(names); i++)
		expect_invalid(names[i]);
	expect_invalid(NULL);
	memset(longer, 'a', sizeof(longer));
	longer[257] = '\0';
	expect_invalid(longer);
}

static void
in_08_the_user_is_the_one_of_the_moment(void **state)
{
	pam_handle_t *pamh = stack_open("sshd", "nobody");

	(void)state;
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_string_equal(fake->user, "nobody");
	(void)pam_set_item(pamh, PAM_USER, "root");
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_SUCCESS);
	assert_string_equal(fake->user, "root");
	assert_int_equal(fake->uid, 0);
	stack_close(pamh);
}

static void
in_09_long_and_hostile_items_are_cut_and_marked(void **state)
{
	static const int items[] = { PAM_RUSER, PAM_TTY, PAM_RHOST };
	char *big = malloc(65537);

	(void)state;
	assert_non_null(big);
	memset(big, '\x1b', 65536);
	big[65536] = '\0';
	for (size_t i = 0; i < NELEMS(items); i++) {
		pam_handle_t *pamh = stack_open("sshd", "root");

		spy_reset();
		fake_script(FG_VERDICT_ALLOW);
		(void)pam_set_item(pamh, items[i], big);
		assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0),
		    PAM_SUCCESS);
		assert_int_equal(fake->flags, FG_LOGIN_CUT);
		assert_int_equal(spy_log.count, 1);
		assert_null(strchr(spy_log.line[0].text, '\x1b'));
		stack_close(pamh);
	}
	assert_int_equal(strlen(fake->rhost), FG_RHOST_MAX);
	free(big);
}

static void
a_string_of_exactly_its_limit_is_whole(void **state)
{
	char text[FG_RHOST_MAX + 2];
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	memset(text, 'h', sizeof(text));
	text[FG_RHOST_MAX] = '\0';
	(void)pam_set_item(pamh, PAM_RHOST, text);
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_string_equal(fake->rhost, text);
	assert_int_equal(fake->flags, 0);
	text[FG_RHOST_MAX] = 'h';
	text[FG_RHOST_MAX + 1] = '\0';
	(void)pam_set_item(pamh, PAM_RHOST, text);
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_int_equal(fake->flags, FG_LOGIN_CUT);
	stack_close(pamh);
}

static void
in_03_a_host_name_is_sent_and_never_resolved(void **state)
{
	static const char *const hosts[] = { "liar.example.com", "all", "tty1",
		"127.1", "0x7f.1", "1.2.3.4 ", "fe80::1%zone;rm", "UNKNOWN",
		"1.2.3.4.example.com" };
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	fake_script(FG_VERDICT_DENY);
	for (size_t i = 0; i < NELEMS(hosts); i++) {
		spy_reset();
		(void)pam_set_item(pamh, PAM_RHOST, hosts[i]);
		assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0),
		    PAM_PERM_DENIED);
		assert_string_equal(fake->rhost, hosts[i]);
		assert_int_equal(spy_resolved, 0);
		/* libaudit would resolve it on the module's behalf. */
		assert_null(spy_find(&spy_audit, "PAM:farmgate "));
	}
	stack_close(pamh);
}

static void
in_11_the_process_environment_is_never_consulted(void **state)
{
	(void)state;
	assert_int_equal(setenv("SSH_CONNECTION", "6.6.6.6 1 6.6.6.6 2", 1), 0);
	assert_int_equal(setenv("FARMGATE_REF", "AAAA-AAAA", 1), 0);
	assert_int_equal(setenv("FARMGATE_SOCKET", "/nonexistent", 1), 0);
	assert_int_equal(stack_run("sshd", "root", STACK_SESSION), PAM_SUCCESS);
	assert_string_equal(fake->ssh_connection, "");
	assert_string_equal(fake->login_ref, "");
	(void)unsetenv("SSH_CONNECTION");
	(void)unsetenv("FARMGATE_REF");
	(void)unsetenv("FARMGATE_SOCKET");
}

static void
the_reference_travels_from_account_to_session(void **state)
{
	pam_handle_t *pamh = stack_open("sshd", "root");

	(void)state;
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_string_equal(pam_getenv(pamh, "FARMGATE_REF"), "7F3K-Q2MN");
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_SUCCESS);
	assert_string_equal(fake->login_ref, "7F3K-Q2MN");
	assert_int_equal(fake->connects, 2);
	stack_close(pamh);
}

static void
a_forged_reference_without_the_form_of_one_is_not_sent(void **state)
{
	static const char *const forged[] = { "FARMGATE_REF=",
		"FARMGATE_REF=a\nb", "FARMGATE_REF=7f3k",
		"FARMGATE_REF=AAAAAAAAAAAAAAAAA", "FARMGATE_REF=A B" };
	pam_handle_t *pamh;

	(void)state;
	for (size_t i = 0; i < NELEMS(forged); i++) {
		pamh = stack_open("sshd", "root");
		(void)pam_putenv(pamh, forged[i]);
		assert_int_equal(stack_call(pamh, STACK_SESSION, 0),
		    PAM_SUCCESS);
		assert_string_equal(fake->login_ref, "");
		stack_close(pamh);
	}
}

static void
nogroups_is_not_overruled_by_the_daemon(void **state)
{
	(void)state;
	fake->need = true;
	stack_service("extra", "nogroups");
	assert_int_equal(stack_run("extra", "root", STACK_ACCOUNT),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(fake->groups_count, 0);
	assert_int_equal(fake->answers, 0);
}

static void
proc_16_two_lines_in_one_stack_ask_with_one_reference(void **state)
{
	pam_handle_t *pamh;

	(void)state;
	stack_service_raw("extra",
	    "account required %s\naccount required %s\n");
	pamh = stack_open("extra", "root");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_int_equal(fake->connects, 2);
	assert_string_equal(fake->login_ref, "7F3K-Q2MN");
	stack_close(pamh);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(a_login_is_described_as_it_is),
		TEST(in_05_items_that_are_not_set_are_empty),
		TEST(arguments_become_flags),
		TEST(in_07_a_name_without_a_passwd_entry_is_not_passed_on),
		TEST(in_08_the_user_is_the_one_of_the_moment),
		TEST(in_09_long_and_hostile_items_are_cut_and_marked),
		TEST(an_authentication_too_long_to_send_is_left_out_and_said),
		TEST(a_string_of_exactly_its_limit_is_whole),
		TEST(in_03_a_host_name_is_sent_and_never_resolved),
		TEST(in_11_the_process_environment_is_never_consulted),
		TEST(the_reference_travels_from_account_to_session),
		TEST(a_forged_reference_without_the_form_of_one_is_not_sent),
		TEST(nogroups_is_not_overruled_by_the_daemon),
		TEST(proc_16_two_lines_in_one_stack_ask_with_one_reference),
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
