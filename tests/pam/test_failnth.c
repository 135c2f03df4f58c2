/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PAM-07: each call that the module makes fails once. Whatever it is, the
 * login is denied or treated as the PAM line says for a failure; nobody gets
 * in by it, nothing is ignored by it, and no descriptor stays behind.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/pam/failnth.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test(name)
#define ENOUGH	   500u /* calls: more than one login can need */

static const char *case_name;
static unsigned int case_k;

static int
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

/* After the verdict there is nothing left that could change it. */
static bool
is_only_a_report(const char *call)
{
	return strcmp(call, "pam_putenv") == 0 ||
	    strcmp(call, "pam_modutil_audit_write") == 0 ||
	    strcmp(call, "pam_syslog") == 0 ||
	    strcmp(call, "pam_prompt") == 0 || strcmp(call, "close") == 0;
}

static bool
is_denial(int code)
{
	return code == PAM_PERM_DENIED || code == PAM_AUTHINFO_UNAVAIL ||
	    code == PAM_SYSTEM_ERR || code == PAM_BUF_ERR || code == PAM_ABORT;
}

/* One login with its k-th call failing. Returns that call's name, or NULL. */
static const char *
login_with_failure(const char *service, enum stack_phase phase, unsigned int k,
    int *ret_code)
{
	pam_handle_t *pamh = stack_open(service, "root");
	const char *call;
	int before, after;

	spy_reset();
	/* The last login may have left before its answer was there. */
	fake_settle();
	fake->connects = fake->answers = 0;
	fake->sent = FG_VERDICT_NONE;
	(void)pam_set_item(pamh, PAM_RUSER, "bob");
	(void)pam_set_item(pamh, PAM_TTY, "ssh");
	(void)pam_set_item(pamh, PAM_RHOST, "192.0.2.1");
	(void)pam_putenv(pamh, "SSH_CONNECTION=192.0.2.1 5 192.0.2.2 22");
	before = count_fds();
	failnth_arm(k);
	*ret_code = stack_call(pamh, phase, 0);
	call = failnth_disarm();
	after = count_fds();
	stack_close(pamh);
	if (before != after)
		print_error("%s: call %u, %s, leaks\n", case_name, k, call);
	assert_int_equal(before, after);
	return call;
}

static void
complain(const char *call, int code, bool ok)
{
	if (ok)
		return;
	print_error("%s: call %u, %s, fails: %s\n", case_name, case_k, call,
	    stack_code_name(code));
	fail();
}

/* What could not be looked up is an error, not an absence: nothing is asked. */
static void
expect_error_before_asking(const char *call, int code)
{
	if (strcmp(call, "pam_get_item") != 0 &&
	    strcmp(call, "getpwnam_r") != 0)
		return;
	complain(call, code, code == PAM_SYSTEM_ERR);
	complain(call, code, fake->connects == 0);
}

/* A daemon that allows, but only who comes with all facts. */
static void
expect_allow_only_by_the_daemon(const char *call, int code)
{
	bool allowed = fake->sent == FG_VERDICT_ALLOW && fake->answers == 1;

	expect_error_before_asking(call, code);
	if (code != PAM_SUCCESS) {
		complain(call, code, is_denial(code));
		complain(call, code, !is_only_a_report(call));
		return;
	}
	complain(call, code, allowed);
	/* The reference's absence is ordinary, it is no fact of the login. */
	complain(call, code,
	    is_only_a_report(call) || strcmp(call, "pam_getenv") == 0);
}

static void
run_case(const char *name, const char *service,
    void (*check)(const char *, int), int without)
{
	static const enum stack_phase phases[] = { STACK_ACCOUNT,
		STACK_SESSION };
	const char *call = "";
	unsigned int k;
	int code;

	case_name = name;
	for (size_t p = 0; p < 2; p++) {
		for (k = 1; k < ENOUGH; k++) {
			case_k = k;
			call = login_with_failure(service, phases[p], k, &code);
			if (call == NULL)
				break;
			check(call, code);
		}
		assert_null(call); /* every call had its turn */
		assert_true(k > 15);
		assert_int_equal(code, without);
	}
}

static void
script(uint8_t verdict, bool need)
{
	fake_script(verdict);
	fake->strict = true;
	fake->need = need;
}

static void
pam_07_an_allow_is_lost_but_never_won(void **state)
{
	(void)state;
	script(FG_VERDICT_ALLOW, false);
	run_case("allow", "plain", expect_allow_only_by_the_daemon,
	    PAM_SUCCESS);
	script(FG_VERDICT_ALLOW, true);
	run_case("allow with groups", "plain", expect_allow_only_by_the_daemon,
	    PAM_SUCCESS);
}

static void
expect_denial(const char *call, int code)
{
	complain(call, code, is_denial(code));
}

static void
pam_07_a_denial_stays_one(void **state)
{
	(void)state;
	script(FG_VERDICT_DENY, false);
	run_case("deny", "plain", expect_denial, PAM_PERM_DENIED);
	script(FG_VERDICT_DENY, true);
	run_case("deny with groups", "plain", expect_denial, PAM_PERM_DENIED);
}

static void
pam_07_a_failure_of_the_daemon_stays_one(void **state)
{
	(void)state;
	script(FG_VERDICT_ALLOW, false);
	fake->mode = FAKE_CLOSE;
	run_case("closed", "plain", expect_denial, PAM_AUTHINFO_UNAVAIL);
}

static void
expect_exempt_only_by_the_daemon(const char *call, int code)
{
	if (code == PAM_IGNORE)
		complain(call, code, fake->sent == FG_VERDICT_EXEMPT);
	else
		complain(call, code, is_denial(code));
}

static void
pam_07_nothing_is_ignored_unless_the_daemon_says_so(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_EXEMPT);
	run_case("exempt", "plain", expect_exempt_only_by_the_daemon,
	    PAM_IGNORE);
}

/* Of a daemon that fails: break-glass lets in, nothing else, and it shows. */
static void
expect_breakglass_or_denial(const char *call, int code)
{
	if (code != PAM_SUCCESS) {
		complain(call, code, is_denial(code));
		return;
	}
	complain(call, code,
	    strcmp(call, "pam_syslog") == 0 ||
		spy_find(&spy_log, "breakglass=1") != NULL);
	/* These two read its file, which is read whole or lets nobody in. */
	complain(call, code,
	    strcmp(call, "openat") != 0 && strcmp(call, "read") != 0);
}

static bool
is_by_a_limit(const char *call)
{
	return strcmp(call, "socket") == 0 || strcmp(call, "fcntl") == 0 ||
	    strcmp(call, "malloc") == 0 || strcmp(call, "calloc") == 0 ||
	    strcmp(call, "realloc") == 0;
}

/* Of one that works, asked by a process that somebody else has started. */
static void
expect_nothing_by_a_callers_limits(const char *call, int code)
{
	bool broken = spy_find(&spy_log, "breakglass=1") != NULL;

	if (code != PAM_SUCCESS)
		complain(call, code, is_denial(code));
	else
		complain(call, code, fake->sent == FG_VERDICT_ALLOW || broken);
	if (is_by_a_limit(call))
		complain(call, code, code != PAM_SUCCESS);
}

static void
pam_07_break_glass_lets_in_by_its_file_alone(void **state)
{
	(void)state;
	if (getenv("FG_ASROOT") != NULL)
		skip(); /* the root folder is not this root's */
	script(FG_VERDICT_ALLOW, false);
	fake->mode = FAKE_CLOSE;
	run_case("break-glass", "extra", expect_breakglass_or_denial,
	    PAM_SUCCESS);
	script(FG_VERDICT_DENY, false);
	(void)strcpy(fake->reason, "store_unusable");
	run_case("break-glass of a denial", "extra",
	    expect_breakglass_or_denial, PAM_SUCCESS);
}

static void
pam_07_a_callers_limits_do_not_break_it(void **state)
{
	(void)state;
	if (getenv("FG_ASROOT") != NULL)
		skip(); /* the namespace has no second user */
	assert_int_equal(setresuid(65534, 0, 0), 0);
	script(FG_VERDICT_ALLOW, true);
	run_case("a caller's", "extra", expect_nothing_by_a_callers_limits,
	    PAM_SUCCESS);
	assert_int_equal(setresuid(0, 0, 0), 0);
}

/* What the daemon did not allow was let in by the PAM line, and it shows. */
static void
expect_the_configured_mode(const char *call, int code)
{
	if (fake->sent == FG_VERDICT_DENY && code == PAM_PERM_DENIED)
		return;
	complain(call, code, code == PAM_SUCCESS);
	if (!is_only_a_report(call) && strcmp(call, "pam_getenv") != 0)
		complain(call, code,
		    spy_find(&spy_log, " fail_open=1") != NULL);
}

static void
pam_07_on_error_allow_lets_in_and_says_so(void **state)
{
	(void)state;
	script(FG_VERDICT_ALLOW, false);
	run_case("on_error=allow", "allow", expect_the_configured_mode,
	    PAM_SUCCESS);
}

static void
expect_success(const char *call, int code)
{
	complain(call, code, code == PAM_SUCCESS);
}

static void
pam_07_observe_refuses_nobody(void **state)
{
	(void)state;
	script(FG_VERDICT_DENY, true);
	run_case("observe", "observe", expect_success, PAM_SUCCESS);
}

/* Who was let in is let out, and nothing stays behind. */
static void
pam_07_the_end_of_a_session_always_succeeds(void **state)
{
	const char *call = "";
	int before, code;
	unsigned int k;

	(void)state;
	case_name = "close";
	script(FG_VERDICT_ALLOW, false);
	for (k = 1; k < ENOUGH && call != NULL; k++) {
		pam_handle_t *pamh = stack_open("plain", "root");

		case_k = k;
		(void)pam_putenv(pamh, "FARMGATE_REF=7F3K-Q2MN");
		before = count_fds();
		failnth_arm(k);
		code = stack_call(pamh, STACK_CLOSE, 0);
		call = failnth_disarm();
		assert_int_equal(count_fds(), before);
		assert_int_equal(code, PAM_SUCCESS);
		stack_close(pamh);
	}
	assert_true(k > 8);
	fake_settle();
	assert_true(fake->closes > 0);
}

/* With a closed standard stream the socket is moved: one call more. */
static void
pam_07_with_standard_input_closed(void **state)
{
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);

	(void)state;
	(void)close(STDIN_FILENO);
	script(FG_VERDICT_ALLOW, false);
	run_case("stdin closed", "plain", expect_allow_only_by_the_daemon,
	    PAM_SUCCESS);
	if (saved >= 0) {
		(void)dup2(saved, STDIN_FILENO);
		(void)close(saved);
	}
}

static void
write_breakglass(void)
{
	FILE *fp = fopen(stack_path("breakglass"), "w");

	if (fp == NULL || fputs("root extra 192.0.2.0/24\n", fp) < 0 ||
	    fclose(fp) != 0 || chmod(stack_path("breakglass"), 0600) != 0)
		abort();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(pam_07_an_allow_is_lost_but_never_won),
		TEST(pam_07_a_denial_stays_one),
		TEST(pam_07_a_failure_of_the_daemon_stays_one),
		TEST(pam_07_nothing_is_ignored_unless_the_daemon_says_so),
		TEST(pam_07_break_glass_lets_in_by_its_file_alone),
		TEST(pam_07_a_callers_limits_do_not_break_it),
		TEST(pam_07_on_error_allow_lets_in_and_says_so),
		TEST(pam_07_observe_refuses_nobody),
		TEST(pam_07_the_end_of_a_session_always_succeeds),
		TEST(pam_07_with_standard_input_closed),
	};
	char args[256];
	int r;

	(void)argc;
	stack_init(argv);
	write_breakglass();
	fake_start(stack_socket(), 64);
	failnth_hook(stack_module());
	stack_service("plain", "timeout=20");
	stack_service("allow", "timeout=20 on_error=allow");
	stack_service("observe", "timeout=20 observe");
	(void)snprintf(args, sizeof(args), "timeout=20 breakglass=%s",
	    stack_path("breakglass"));
	stack_service("extra", args);
	r = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	(void)unlink(stack_path("breakglass"));
	(void)unlink(stack_path("breakglass.log"));
	stack_done();
	return r;
}
