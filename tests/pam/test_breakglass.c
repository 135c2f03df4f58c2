/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass through libpam: failure x entry x origin x phase, and the exact
 * code for each. What lets in is loud; what does not is as it was.
 */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/failing.h"
#include "proto/glass.h"
#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test_setup(name, fresh)
#define NELEMS(a)  (sizeof(a) / sizeof((a)[0]))

static const enum stack_phase phases[] = { STACK_ACCOUNT, STACK_SESSION };

static char file[128], notes[128];

static void
entries(const char *text)
{
	FILE *fp = fopen(file, "w");

	assert_non_null(fp);
	assert_true(fputs(text, fp) >= 0);
	assert_int_equal(fclose(fp), 0);
	assert_int_equal(chmod(file, 0600), 0);
}

static void
service(const char *name, const char *args)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "timeout=20 breakglass=%s %s", file,
	    args);
	stack_service(name, text);
}

static int
fresh(void **state)
{
	(void)state;
	spy_reset();
	fake_script(FG_VERDICT_DENY);
	fake->mode = FAKE_CLOSE;
	(void)unlink(notes);
	(void)unlink(file);
	service("sshd", "");
	service("plain", "");
	service("allow", "on_error=allow");
	service("observe", "observe");
	return 0;
}

/* A login of root's, from what PAM knows of it. */
struct from {
	const char *service;
	const char *rhost;
	const char *ruser;
	const char *ssh_connection;
};

static pam_handle_t *
begin(const struct from *from)
{
	pam_handle_t *pamh = stack_open(from->service, "root");
	char text[128];

	(void)pam_set_item(pamh, PAM_RHOST, from->rhost);
	(void)pam_set_item(pamh, PAM_RUSER, from->ruser);
	if (from->ssh_connection != NULL) {
		(void)snprintf(text, sizeof(text), "SSH_CONNECTION=%s",
		    from->ssh_connection);
		assert_int_equal(pam_putenv(pamh, text), PAM_SUCCESS);
	}
	return pamh;
}

static int
run(const struct from *from, enum stack_phase phase)
{
	pam_handle_t *pamh = begin(from);
	int code;

	spy_reset();
	code = stack_call(pamh, phase, 0);
	stack_close(pamh);
	return code;
}

/* The last line of the log of its uses; "" if there is none. */
static const char *
last_note(int *ret_count)
{
	static char last[FG_GLASS_NOTE_MAX];
	FILE *fp = fopen(notes, "r");

	*ret_count = 0;
	last[0] = '\0';
	if (fp == NULL)
		return last;
	while (fgets(last, sizeof(last), fp) != NULL)
		(*ret_count)++;
	(void)fclose(fp);
	return last;
}

static int
count_notes(void)
{
	int n;

	(void)last_note(&n);
	return n;
}

static const struct from ssh = { "sshd", "192.0.2.9", NULL,
	"192.0.2.9 50000 192.0.2.1 22" };
static const struct from console = { "plain", "", NULL, NULL };
static const struct from nested = { "plain", NULL, "bob", NULL };

/* ---- whom it lets in -----------------------------------------------------*/

static void
each_login_is_let_in_by_its_own_entry_alone(void **state)
{
	static const struct from named = { "sshd", "host.example", NULL, NULL };
	static const struct from by_rhost = { "plain", "192.0.2.9", NULL,
		NULL };
	static const struct from v6 = { "sshd", "name.example", NULL,
		"2001:db8::9 50000 2001:db8::1 22" };
	static const struct {
		const char *entry;
		/* ssh, console, nested, by a name, by an address alone, IPv6 */
		bool in[6];
	} t[] = {
		{ "root sshd 192.0.2.9", { true } },
		{ "root sshd 192.0.2.0/24", { true } },
		{ "root * 192.0.2.0/24",
		    { true, false, false, false, true, false } },
		{ "root sshd 192.0.2.8", { false } },
		{ "root login 192.0.2.9", { false } },
		{ "bin sshd 192.0.2.9", { false } },
		{ "root sshd any", { true, false, false, true, false, true } },
		{ "root * any", { true, true, false, true, true, true } },
		{ "root plain console", { false, true } },
		{ "root * console", { false, true } },
		{ "root * local", { false } },
		{ "bob * local", { false, false, true } },
		{ "bob plain any", { false, false, true } },
		{ "bob * console", { false } },
		{ "root sshd 2001:db8::/64",
		    { false, false, false, false, false, true } },
		{ "root * 0.0.0.0/0",
		    { true, false, false, false, true, false } },
		{ "root * ::/0", { false, false, false, false, false, true } },
		{ "* * any", { false } },
		{ "root sshd 192.0.2.9/24", { false } },
		{ "root sshd", { false } },
		{ "# root * any", { false } },
		{ "", { false } },
	};
	const struct from *const froms[] = { &ssh, &console, &nested, &named,
		&by_rhost, &v6 };

	(void)state;
	for (size_t i = 0; i < NELEMS(t); i++) {
		entries(t[i].entry);
		for (size_t f = 0; f < NELEMS(froms); f++) {
			for (size_t p = 0; p < NELEMS(phases); p++) {
				int code = run(froms[f], phases[p]);
				int want = t[i].in[f] ? PAM_SUCCESS :
							PAM_AUTHINFO_UNAVAIL;

				if (code != want)
					print_error("%s, %zu: %s\n", t[i].entry,
					    f, stack_code_name(code));
				assert_int_equal(code, want);
				assert_int_equal(spy_find(&spy_log,
						     "breakglass=1") != NULL,
				    t[i].in[f]);
			}
		}
	}
}

static void
each_failure_of_the_daemon_is_a_reason(void **state)
{
	static const struct {
		enum fake_mode mode;
		uint8_t fail;
		const char *reason;
	} t[] = {
		{ FAKE_CLOSE, 0, "protocol" },
		{ FAKE_HALF, 0, "protocol" },
		{ FAKE_EMPTY, 0, "protocol" },
		{ FAKE_OVERSIZE, 0, "protocol" },
		{ FAKE_TRAILING, 0, "protocol" },
		{ FAKE_WRONG_ID, 0, "protocol" },
		{ FAKE_WRONG_VERSION, 0, "version" },
		{ FAKE_FAIL, FG_FAIL_BUSY, "busy" },
		{ FAKE_FAIL, FG_FAIL_INTERNAL, "refused" },
		{ FAKE_FAIL, FG_FAIL_STOPPING, "refused" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < NELEMS(t); i++) {
		fake->mode = t[i].mode;
		fake->fail = t[i].fail;
		for (size_t p = 0; p < NELEMS(phases); p++) {
			entries("root sshd 192.0.2.0/24\n");
			assert_int_equal(run(&ssh, phases[p]), PAM_SUCCESS);
			(void)snprintf(text, sizeof(text), " reason=%s",
			    t[i].reason);
			assert_non_null(spy_find(&spy_log, text));
			entries("bin sshd 192.0.2.0/24\n");
			assert_int_equal(run(&ssh, phases[p]),
			    PAM_AUTHINFO_UNAVAIL);
		}
	}
}

static void
pam_03_a_daemon_that_is_not_there_is_a_reason(void **state)
{
	(void)state;
	entries("root sshd 192.0.2.0/24\n");
	assert_int_equal(rename(stack_socket(), stack_path("away")), 0);
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, "reason=daemon_unreachable"));
	assert_int_equal(run(&console, STACK_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(rename(stack_path("away"), stack_socket()), 0);
}

static void
pam_04_a_daemon_that_hangs_is_a_reason(void **state)
{
	char args[256];

	(void)state;
	entries("root sshd 192.0.2.0/24\n");
	(void)snprintf(args, sizeof(args), "timeout=150ms breakglass=%s", file);
	stack_service("sshd", args);
	fake->mode = FAKE_HANG;
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, "reason=timeout"));
}

/* The daemon's own word for what failed; with anything behind it, a denial. */
static void
each_failure_that_the_daemon_names_is_a_reason(void **state)
{
	static const char *const others[] = { "none", "no_policy",
		"user_unknown", "person.revoked", "geo.country", "busy",
		"timeout", "daemon_unreachable", "resource", "" };
	const char *const *name;
	size_t i;

	(void)state;
	entries("root sshd 192.0.2.0/24\n");
	fake->mode = FAKE_ANSWER;
	for (name = fg_failing_names; *name != NULL; name++) {
		(void)strcpy(fake->reason, *name);
		for (i = 0; i < NELEMS(phases); i++) {
			assert_int_equal(run(&ssh, phases[i]), PAM_SUCCESS);
			assert_int_equal(run(&console, phases[i]),
			    PAM_PERM_DENIED);
		}
		(void)snprintf(fake->reason, sizeof(fake->reason),
		    "%s,person.revoked", *name);
		assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_PERM_DENIED);
		(void)snprintf(fake->reason, sizeof(fake->reason), "%s,...",
		    *name);
		assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_PERM_DENIED);
	}
	for (i = 0; i < NELEMS(others); i++) {
		(void)strcpy(fake->reason, others[i]);
		assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_PERM_DENIED);
		assert_null(spy_find(&spy_log, "breakglass"));
	}
}

static void
a_daemon_that_decides_is_never_overruled(void **state)
{
	(void)state;
	entries("root * any\nbob * any\n");
	fake->mode = FAKE_ANSWER;
	for (size_t p = 0; p < NELEMS(phases); p++) {
		assert_int_equal(run(&ssh, phases[p]), PAM_PERM_DENIED);
		assert_int_equal(run(&console, phases[p]), PAM_PERM_DENIED);
		assert_int_equal(run(&nested, phases[p]), PAM_PERM_DENIED);
	}
	fake_script(FG_VERDICT_EXEMPT);
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_IGNORE);
	fake_script(FG_VERDICT_ALLOW);
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	assert_null(spy_find(&spy_log, "breakglass"));
	assert_int_equal(count_notes(), 0);
}

/* Where nobody is refused, nothing has to be broken. */
static void
lenient_lines_do_not_use_it(void **state)
{
	struct from from = ssh;

	(void)state;
	entries("root * any\n");
	from.service = "allow";
	assert_int_equal(run(&from, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, " fail_open=1"));
	from.service = "observe";
	assert_int_equal(run(&from, STACK_ACCOUNT), PAM_SUCCESS);
	assert_null(spy_find(&spy_log, "breakglass"));
	fake->mode = FAKE_ANSWER;
	(void)strcpy(fake->reason, "store_unusable");
	assert_int_equal(run(&from, STACK_ACCOUNT), PAM_SUCCESS);
	assert_null(spy_find(&spy_log, "breakglass"));
	assert_int_equal(count_notes(), 0);
	/* what the daemon names denies here too, and is a reason */
	from.service = "allow";
	assert_int_equal(run(&from, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, "breakglass=1"));
}

/* What PAM is told after the account phase. */
static void
sudo_passes_both_phases_or_none(void **state)
{
	static const char *const targets[] = { "root", "bin" };
	pam_handle_t *pamh;

	(void)state;
	for (size_t i = 0; i < NELEMS(targets); i++) {
		pamh = begin(&nested);
		entries("bob plain local\n");
		(void)pam_set_item(pamh, PAM_USER, "daemon");
		assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0),
		    PAM_SUCCESS);
		(void)pam_set_item(pamh, PAM_USER, targets[i]);
		assert_int_equal(stack_call(pamh, STACK_SESSION, 0),
		    PAM_SUCCESS);
		entries("daemon plain local\nroot * any\nbin * any\n");
		assert_int_equal(stack_call(pamh, STACK_SESSION, 0),
		    PAM_AUTHINFO_UNAVAIL);
		stack_close(pamh);
	}
}

static void
a_user_who_does_not_exist_is_not_let_in(void **state)
{
	pam_handle_t *pamh = stack_open("sshd", "fg-nobody-of-this-name");

	(void)state;
	entries("fg-nobody-of-this-name * any\n");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0),
	    PAM_AUTHINFO_UNAVAIL);
	stack_close(pamh);
}

static void
what_was_cut_is_somebody_elses(void **state)
{
	char long_host[FG_RHOST_MAX + 64];
	struct from from = { "sshd", long_host, NULL,
		"192.0.2.9 50000 192.0.2.1 22" };

	(void)state;
	entries("root * any\n");
	memset(long_host, 'h', sizeof(long_host));
	long_host[FG_RHOST_MAX] = '\0';
	assert_int_equal(run(&from, STACK_ACCOUNT), PAM_SUCCESS);
	long_host[FG_RHOST_MAX] = 'h';
	long_host[FG_RHOST_MAX + 1] = '\0';
	assert_int_equal(run(&from, STACK_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
}

/*
 * In a child, which can open nothing more. Returns the code. uid is the real
 * one: of who has started a set-uid program.
 */
static int
code_without_descriptors(uid_t uid)
{
	struct rlimit none = { 0 };
	pam_handle_t *pamh;
	int status;
	pid_t pid;

	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		pamh = begin(&ssh);
		(void)stack_call(pamh, STACK_ACCOUNT, 0); /* all is loaded */
		if (setresuid(uid, 0, 0) != 0)
			_exit(200);
		none.rlim_cur = none.rlim_max = 0;
		if (setrlimit(RLIMIT_NOFILE, &none) != 0)
			_exit(201);
		_exit(stack_call(pamh, STACK_ACCOUNT, 0));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Without any descriptor the file cannot be read either: nobody gets in. */
static void
a_process_without_means_lets_nobody_in(void **state)
{
	(void)state;
	entries("root * any\n");
	assert_int_equal(code_without_descriptors(0), PAM_SYSTEM_ERR);
	assert_int_equal(code_without_descriptors(65534), PAM_SYSTEM_ERR);
}

/* ---- the file ------------------------------------------------------------*/

static void
a_wrong_line_is_told_and_the_others_count(void **state)
{
	const struct spy_line *line;
	char want[256];

	(void)state;
	entries("wrong\n# fine\n@wheel sshd any\nroot sshd 192.0.2.9\nend\n");
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	(void)snprintf(want, sizeof(want),
	    "%s:1: a line has three words: ", file);
	line = spy_find(&spy_log, want);
	assert_non_null(line);
	assert_int_equal(line->priority, LOG_ERR);
	(void)snprintf(want, sizeof(want), "%s:3: name an account; ", file);
	assert_non_null(spy_find(&spy_log, want));
	(void)snprintf(want, sizeof(want), "%s:5: ", file);
	assert_non_null(spy_find(&spy_log, want)); /* read to its end */
	assert_int_equal(spy_log.count, 4);
	(void)snprintf(want, sizeof(want), "breakglass=1 entry=%s:4 ", file);
	assert_non_null(spy_find(&spy_log, want));
}

static void
many_wrong_lines_do_not_flood_the_log(void **state)
{
	(void)state;
	entries("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n");
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(spy_log.count, 8 + 1 + 1);
	assert_non_null(spy_find(&spy_log,
	    ": more lines are wrong: run farmgatectl check"));
}

static void
without_the_file_nothing_is_said_of_it(void **state)
{
	(void)state;
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(spy_log.count, 1);
	assert_null(spy_find(&spy_log, "breakglass"));
}

static void
a_file_of_somebody_elses_lets_nobody_in(void **state)
{
	(void)state;
	entries("root * any\n");
	assert_int_equal(chmod(file, 0620), 0);
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
	assert_non_null(spy_find(&spy_log, "others may write it"));
	assert_int_equal(spy_log.line[0].priority, LOG_ERR);
	assert_int_equal(chmod(file, 0600), 0);
	assert_int_equal(rename(file, stack_path("away")), 0);
	assert_int_equal(symlink(stack_path("away"), file), 0);
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_AUTHINFO_UNAVAIL);
	assert_non_null(spy_find(&spy_log, "it is a symbolic link"));
	(void)unlink(stack_path("away"));
}

/* ---- what is left behind -------------------------------------------------*/

static void
each_use_is_loud(void **state)
{
	pam_handle_t *pamh = begin(&ssh);
	const struct spy_line *line;
	char want[512], ref[32];

	(void)state;
	entries("root sshd 192.0.2.9\n");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_int_equal(spy_log.count, 1);
	line = &spy_log.line[0];
	assert_int_equal(line->priority, LOG_ALERT);
	(void)snprintf(ref, sizeof(ref), "%s",
	    pam_getenv(pamh, "FARMGATE_REF"));
	assert_int_equal(ref[0], 'M');
	(void)snprintf(want, sizeof(want),
	    "pam_farmgate(sshd:account): breakglass=1 entry=%s:1 ref=%s "
	    "verdict=allow would=deny phase=account user=root service=sshd "
	    "rhost=192.0.2.9 reason=protocol",
	    file, ref);
	assert_string_equal(line->text, want);

	(void)snprintf(want, sizeof(want),
	    "PAM:farmgate breakglass=1 ref=%s verdict=allow would=deny "
	    "phase=account reason=protocol",
	    ref);
	line = spy_find(&spy_audit, "PAM:farmgate ");
	assert_non_null(line);
	assert_string_equal(line->text, want);
	assert_int_equal(line->result, 1);

	assert_int_equal(spy_talk.count, 1);
	assert_int_equal(spy_talk.line[0].priority, PAM_TEXT_INFO);
	assert_non_null(strstr(spy_talk.line[0].text, "break-glass"));
	assert_non_null(strstr(spy_talk.line[0].text, ref));
	stack_close(pamh);
}

static void
silence_is_honoured_and_changes_nothing_else(void **state)
{
	pam_handle_t *pamh = begin(&ssh);

	(void)state;
	entries("root sshd 192.0.2.9\n");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, (int)PAM_SILENT),
	    PAM_SUCCESS);
	assert_int_equal(spy_talk.count, 0);
	assert_int_equal(spy_log.count, 1);
	assert_int_equal(count_notes(), 1);
	stack_close(pamh);
}

/* One login is one use. */
static void
the_session_goes_on_under_its_reference(void **state)
{
	pam_handle_t *pamh = begin(&ssh);
	char ref[32], want[64];
	int n;

	(void)state;
	entries("root sshd 192.0.2.9\n");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	(void)snprintf(ref, sizeof(ref), "%s",
	    pam_getenv(pamh, "FARMGATE_REF"));
	spy_reset();
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_SUCCESS);
	assert_string_equal(pam_getenv(pamh, "FARMGATE_REF"), ref);
	(void)snprintf(want, sizeof(want), " ref=%s ", ref);
	assert_non_null(spy_find(&spy_log, want));
	assert_int_equal(spy_log.line[0].priority, LOG_ALERT);
	assert_int_equal(spy_talk.count, 0); /* was told */
	(void)snprintf(want, sizeof(want),
	    "\"ref\":\"%s\",\"phase\":\"session\"", ref);
	assert_non_null(strstr(last_note(&n), want));
	assert_int_equal(n, 2);
	stack_close(pamh);
}

/* The daemon has the last word where it is back. */
static void
a_daemon_that_is_back_decides_the_session(void **state)
{
	pam_handle_t *pamh = begin(&ssh);

	(void)state;
	entries("root sshd 192.0.2.9\n");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	fake_script(FG_VERDICT_DENY);
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_PERM_DENIED);
	fake_script(FG_VERDICT_ALLOW);
	assert_int_equal(stack_call(pamh, STACK_SESSION, 0), PAM_SUCCESS);
	assert_string_equal(pam_getenv(pamh, "FARMGATE_REF"), "7F3K-Q2MN");
	stack_close(pamh);
}

static void
the_reference_of_a_denial_is_kept(void **state)
{
	pam_handle_t *pamh = begin(&ssh);
	int n;

	(void)state;
	entries("root sshd 192.0.2.9\n");
	fake->mode = FAKE_ANSWER;
	(void)strcpy(fake->reason, "store_unusable");
	assert_int_equal(stack_call(pamh, STACK_ACCOUNT, 0), PAM_SUCCESS);
	assert_string_equal(pam_getenv(pamh, "FARMGATE_REF"), "7F3K-Q2MN");
	assert_non_null(strstr(last_note(&n), "\"ref\":\"7F3K-Q2MN\""));
	assert_non_null(strstr(last_note(&n), "\"reason\":\"store_unusable\""));
	stack_close(pamh);
}

/* Each as one line, whatever was typed, and readable for the daemon. */
static void
the_log_of_uses_has_a_line_for_each(void **state)
{
	static const struct from hostile = { "plain",
		"x\"},\n{\"user\":\"\\\xff", NULL, NULL };
	char want[512];
	const char *note;
	struct stat st;
	int n;

	(void)state;
	(void)umask(0077);
	entries("root * any\nbob * any\n");
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	note = last_note(&n);
	assert_int_equal(n, 1);
	assert_memory_equal(note, "{\"at\":", 6);
	(void)snprintf(want, sizeof(want),
	    "\"phase\":\"account\",\"user\":\"root\",\"target\":\"root\","
	    "\"service\":\"sshd\",\"from\":\"192.0.2.9\",\"reason\":"
	    "\"protocol\",\"entry\":\"%s:1\"}\n",
	    file);
	assert_non_null(strstr(note, want));
	assert_int_equal(stat(notes, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	(void)umask(0022);

	assert_int_equal(run(&console, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(strstr(last_note(&n), "\"from\":\"console\""));
	assert_int_equal(run(&nested, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(strstr(last_note(&n),
	    "\"user\":\"bob\",\"target\":\"root\",\"service\":\"plain\","
	    "\"from\":\"local\""));
	assert_int_equal(run(&hostile, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(strstr(last_note(&n),
	    "\"from\":\"x\\\\x22\\\\x7d,\\\\x0a\\\\x7b\\\\x22user\\\\x22:"
	    "\\\\x22\\\\x5c\\\\xff\","));
	assert_int_equal(n, 4);
}

static void
expect_alone(const char *why)
{
	const struct spy_line *line;

	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, "breakglass=1"));
	line = spy_find(&spy_log, "is in this log alone");
	assert_non_null(line);
	assert_int_equal(line->priority, LOG_ERR);
	assert_non_null(strstr(line->text, why));
}

static void
where_it_cannot_be_written_the_system_log_says_so(void **state)
{
	(void)state;
	entries("root sshd 192.0.2.9\n");
	assert_int_equal(mkdir(notes, 0755), 0);
	expect_alone("Is a directory");
	assert_int_equal(rmdir(notes), 0);
	assert_int_equal(symlink("/dev/null", notes), 0);
	expect_alone("symbolic links");
	assert_int_equal(unlink(notes), 0);
	assert_int_equal(mkfifo(notes, 0644), 0);
	expect_alone("No such device or address");
	assert_int_equal(unlink(notes), 0);
	assert_int_equal(run(&ssh, STACK_ACCOUNT), PAM_SUCCESS);
	assert_int_equal(chmod(notes, 0666), 0);
	expect_alone("unsafe owner, mode or type");
	assert_int_equal(count_notes(), 1);
	assert_int_equal(chmod(notes, 0600), 0);
	assert_int_equal(truncate(notes, FG_GLASS_LOG_MAX - 8), 0);
	expect_alone("limit exceeded");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(each_login_is_let_in_by_its_own_entry_alone),
		TEST(each_failure_of_the_daemon_is_a_reason),
		TEST(pam_03_a_daemon_that_is_not_there_is_a_reason),
		TEST(pam_04_a_daemon_that_hangs_is_a_reason),
		TEST(each_failure_that_the_daemon_names_is_a_reason),
		TEST(a_daemon_that_decides_is_never_overruled),
		TEST(lenient_lines_do_not_use_it),
		TEST(sudo_passes_both_phases_or_none),
		TEST(a_user_who_does_not_exist_is_not_let_in),
		TEST(what_was_cut_is_somebody_elses),
		TEST(a_process_without_means_lets_nobody_in),
		TEST(a_wrong_line_is_told_and_the_others_count),
		TEST(many_wrong_lines_do_not_flood_the_log),
		TEST(without_the_file_nothing_is_said_of_it),
		TEST(a_file_of_somebody_elses_lets_nobody_in),
		TEST(each_use_is_loud),
		TEST(silence_is_honoured_and_changes_nothing_else),
		TEST(the_session_goes_on_under_its_reference),
		TEST(a_daemon_that_is_back_decides_the_session),
		TEST(the_reference_of_a_denial_is_kept),
		TEST(the_log_of_uses_has_a_line_for_each),
		TEST(where_it_cannot_be_written_the_system_log_says_so),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	if (!stack_root_is_ours(argv[0]))
		return 0;
	(void)snprintf(file, sizeof(file), "%s", stack_path("breakglass"));
	(void)snprintf(notes, sizeof(notes), "%s", stack_path(FG_GLASS_LOG));
	fake_start(stack_socket(), 8);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	(void)unlink(file);
	(void)unlink(notes);
	stack_done();
	return failed;
}
