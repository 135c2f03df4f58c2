/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes that are tools under one name or another, those that hide what
 * they are, and those that only look so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/unit/headless.h"
#include "tests/unit/looking.h"

static struct looking l;
static char path[128];

/* An entry "t" for a copy of a program, which is at path. */
static void
begin(uint32_t active)
{
	looking_begin(&l);
	looking_copy(&l, "atool", path, sizeof(path));
	(void)looking_entry(&l, "t", ENTRY_RMM, active);
}

static void
expect(enum sign_grade grade, enum sign_confidence confidence)
{
	const struct sign *sign = looking_see(&l, "t");

	if (sign->grade != grade)
		looking_print(&l);
	assert_int_equal(sign->kind, ENTRY_RMM);
	assert_int_equal(sign->grade, grade);
	assert_int_equal(sign->confidence, confidence);
}

/* ---- By what a tool is known -------------------------------------------- */

static void
test_a_bare_name_is_no_more_than_a_name(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, "atool");
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_NAME);
	looking_slay(pid);
	looking_see_none(&l, "t");
	looking_end(&l);
}

static void
test_a_glob_of_a_path_is_the_path(void **state)
{
	char glob[128];
	pid_t pid;

	(void)state;
	begin(0);
	(void)snprintf(glob, sizeof(glob), "%s/a*", l.dir);
	looking_text(&l, RULE_EXE, glob);
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_name_without_its_folder_is_known_in_any(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, "*/farmgate-look.*/atool");
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_NAME);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_others_with_the_name_in_their_arguments_are_not_it(void **state)
{
	char sh[] = "/bin/sh", c[] = "-c", code[] = "sleep 1000; : atool";
	char *argv[] = { sh, c, code, path, NULL };
	struct looking_child child = { .path = sh, .argv = argv };
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_text(&l, RULE_EXE, "atool");
	looking_text(&l, RULE_SCRIPT, "atool");
	looking_text(&l, RULE_COMM, "atool");
	looking_set(&l);
	pid = looking_spawn(&child);
	looking_see_none(&l, "t");
	looking_slay(pid);
	looking_end(&l);
}

/* prctl(2) keeps fifteen bytes of it. */
static void
test_a_long_name_is_known_by_what_the_kernel_keeps(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_COMM, "gnome-remote-desktop-daemon");
	looking_set(&l);
	pid = looking_name("gnome-remote-desktop-daemon");
	expect(SIGN_RUNNING, SIGN_BY_NAME);
	assert_non_null(strstr(looking_find(&l, "t")->seen,
	    "named gnome-remote-de, pid"));
	looking_slay(pid);
	looking_end(&l);
}

/* It becomes a tool after a scan has found it to be nothing. */
static void
test_a_process_that_changes_is_seen_to(void **state)
{
	char arg[] = "1000", name[] = "x";
	char *argv[] = { name, arg, NULL };
	pid_t pid;
	int fd[2];

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_true((pid = fork()) != -1);
	if (pid == 0) {
		(void)setpgid(0, 0);
		(void)!read(fd[0], name, 1);
		(void)execv(path, argv);
		_exit(98);
	}
	looking_see_none(&l, "t");
	assert_int_equal(write(fd[1], "x", 1), 1);
	(void)close(fd[0]);
	(void)close(fd[1]);
	while (looking_see(&l, "t")->kind == ENTRY_NONE)
		continue;
	assert_int_equal(looking_find(&l, "t")->pid, pid);
	looking_slay(pid);
	looking_end(&l);
}

/* ---- Scripts ------------------------------------------------------------ */

static pid_t
run_script(const char *interpreter, const char *option, const char *script)
{
	char a[64], b[64], c[160];
	char *argv[] = { a, b, c, NULL };
	struct looking_child child = { .path = interpreter, .argv = argv };

	(void)snprintf(a, sizeof(a), "%s", interpreter);
	(void)snprintf(b, sizeof(b), "%s", option);
	(void)snprintf(c, sizeof(c), "%s", script);
	if (option[0] == '\0') {
		argv[1] = c;
		argv[2] = NULL;
	}
	return looking_spawn(&child);
}

static void
make_script(const char *name, char *buf, size_t size)
{
	FILE *f;

	(void)snprintf(buf, size, "%s/%s", l.dir, name);
	assert_non_null(f = fopen(buf, "we"));
	/* No exec: the interpreter itself has to wait. */
	assert_true(fputs("while :; do read x; done\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
block_on_input(void *arg)
{
	int fd[2];

	(void)arg;
	CHECK(pipe(fd) == 0);
	CHECK(dup2(fd[0], 0) == 0);
}

static pid_t
run_shell(const char *script, const char *folder)
{
	char sh[] = "/bin/sh", arg[160];
	char *argv[] = { sh, arg, NULL };
	struct looking_child child = {
		.path = sh, .argv = argv, .before = block_on_input
	};

	(void)snprintf(arg, sizeof(arg), "%s", script);
	if (folder != NULL)
		assert_int_equal(chdir(folder), 0);
	(void)looking_spawn(&child);
	if (folder != NULL)
		assert_int_equal(chdir("/"), 0);
	return child.pid;
}

static void
test_what_an_interpreter_runs_is_a_composition(void **state)
{
	char script[128];
	pid_t pid;

	(void)state;
	begin(0);
	make_script("agent", script, sizeof(script));
	looking_text(&l, RULE_SCRIPT, script);
	looking_set(&l);
	pid = run_shell(script, NULL);
	expect(SIGN_RUNNING, SIGN_BY_COMPOSITION);
	assert_non_null(strstr(looking_find(&l, "t")->seen, script));
	looking_slay(pid);
	/* The same file by a relative name */
	pid = run_shell("./agent", l.dir);
	expect(SIGN_RUNNING, SIGN_BY_COMPOSITION);
	looking_slay(pid);
	looking_see_none(&l, "t");
	looking_end(&l);
}

static void
test_a_script_by_its_name_is_no_more_than_a_name(void **state)
{
	char script[128];
	pid_t pid;

	(void)state;
	begin(0);
	make_script("agent", script, sizeof(script));
	looking_text(&l, RULE_SCRIPT, "agent");
	looking_set(&l);
	pid = run_shell(script, NULL);
	expect(SIGN_RUNNING, SIGN_BY_NAME);
	looking_slay(pid);
	looking_end(&l);
}

/* The loader is the program then, and what it runs its argument. */
static void
test_a_program_that_the_loader_runs_is_found(void **state)
{
	static const char *const loaders[] = { "/lib64/ld-linux-x86-64.so.2",
		"/lib/ld-linux-aarch64.so.1" };
	char loader[64], opt[] = "--library-path", none[] = "/lib", arg[] = "9";
	char copy[128];
	char *argv[] = { loader, opt, none, copy, arg, NULL };
	struct looking_child child = { .path = loader, .argv = argv };
	size_t i;

	(void)state;
	begin(0);
	for (i = 0; i < 2 && access(loaders[i], X_OK) != 0; i++)
		continue;
	if (i == 2) {
		looking_end(&l);
		print_message("no loader of a known name\n");
		skip();
	}
	(void)snprintf(loader, sizeof(loader), "%s", loaders[i]);
	(void)snprintf(copy, sizeof(copy), "%s", path);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	(void)looking_spawn(&child);
	expect(SIGN_RUNNING, SIGN_BY_COMPOSITION);
	looking_slay(child.pid);
	looking_end(&l);
}

static void
test_code_in_the_arguments_is_no_script(void **state)
{
	pid_t pid;

	(void)state;
	if (access("/usr/bin/perl", X_OK) != 0) {
		print_message("perl is not here\n");
		skip();
	}
	begin(0);
	looking_text(&l, RULE_SCRIPT, "sleep 1000");
	looking_text(&l, RULE_SCRIPT, "*sleep*");
	looking_set(&l);
	pid = run_script("/usr/bin/perl", "-e", "sleep 1000");
	looking_see_none(&l, "t");
	looking_slay(pid);
	looking_end(&l);
}

/* ---- In use ------------------------------------------------------------- */

static void
test_an_argument_shows_use_of_the_program_alone(void **state)
{
	char other[128];
	pid_t pid;

	(void)state;
	begin(0);
	looking_copy(&l, "other", other, sizeof(other));
	looking_text(&l, RULE_EXE, path);
	looking_text(&l, RULE_ACTIVE_ARGUMENT, "1000");
	looking_set(&l);
	pid = looking_run(other);
	looking_see_none(&l, "t");
	looking_slay(pid);
	pid = looking_run(path);
	expect(SIGN_ACTIVE, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_name_does_not_make_the_arguments_count(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_COMM, "atool");
	looking_text(&l, RULE_ACTIVE_ARGUMENT, "1000");
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_NAME);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_program_of_a_session_shows_use(void **state)
{
	char other[128];
	pid_t pid, second;

	(void)state;
	begin(0);
	looking_copy(&l, "desktop", other, sizeof(other));
	looking_text(&l, RULE_EXE, path);
	looking_text(&l, RULE_ACTIVE_EXE, other);
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	second = looking_run(other);
	expect(SIGN_ACTIVE, SIGN_BY_IDENTITY);
	assert_int_equal(looking_find(&l, "t")->pid, second);
	looking_slay(second);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_name_of_a_session_alone_hides_no_tool(void **state)
{
	pid_t pid, second;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_text(&l, RULE_ACTIVE_COMM, "session-name");
	looking_set(&l);
	second = looking_name("session-name");
	expect(SIGN_ACTIVE, SIGN_BY_NAME);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(second);
	looking_slay(pid);
	looking_end(&l);
}

/* The program is a tool's; that it is in use says its name alone. */
static void
test_a_tool_s_own_name_of_a_session_shows_no_use(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_text(&l, RULE_ACTIVE_COMM, "atool");
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_what_runs_only_in_use_is_in_use(void **state)
{
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_RUNNING);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_ACTIVE, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

/* A shell that waits for its child, whose program is another's. */
static pid_t
run_parent(const char *program, const char *child)
{
	char name[128], c[] = "-c", code[192], ready[1];
	char *argv[] = { name, c, code, NULL };
	struct looking_child parent = { .path = program, .argv = argv };
	struct timespec ms = { .tv_nsec = 1000000 };
	char file[64];
	int i, fd;

	(void)snprintf(name, sizeof(name), "%s", program);
	(void)snprintf(code, sizeof(code), "%s 1000 & wait", child);
	(void)looking_spawn(&parent);
	(void)snprintf(file, sizeof(file), "/proc/%d/task/%d/children",
	    (int)parent.pid, (int)parent.pid);
	for (i = 0; i < 5000; i++) {
		assert_true((fd = open(file, O_RDONLY | O_CLOEXEC)) != -1);
		if (read(fd, ready, 1) == 1)
			i = 5000;
		(void)close(fd);
		(void)nanosleep(&ms, NULL);
	}
	return parent.pid;
}

static void
wait_for_grade(enum sign_grade grade)
{
	struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	for (i = 0; i < 1000 && looking_see(&l, "t")->grade != grade; i++)
		(void)nanosleep(&ms, NULL);
	assert_int_equal(looking_find(&l, "t")->grade, grade);
}

static void
copy_shell(char *buf, size_t size)
{
	char cmd[512];

	(void)snprintf(buf, size, "%s/ashell", l.dir);
	(void)snprintf(cmd, sizeof(cmd), "cp -L /bin/sh '%s'", buf);
	assert_int_equal(system(cmd), 0);
}

static void
test_a_child_of_another_program_shows_use(void **state)
{
	char shell[128];
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_CHILD);
	copy_shell(shell, sizeof(shell));
	looking_text(&l, RULE_EXE, shell);
	looking_set(&l);
	pid = run_parent(shell, "exec /bin/sleep");
	wait_for_grade(SIGN_ACTIVE);
	assert_int_equal(looking_find(&l, "t")->confidence, SIGN_BY_IDENTITY);
	assert_non_null(strstr(looking_find(&l, "t")->seen, "its child sleep"));
	/* Still there the next time, and gone with the child */
	wait_for_grade(SIGN_ACTIVE);
	looking_slay(pid);
	looking_see_none(&l, "t");
	looking_end(&l);
}

static void
test_a_child_of_its_own_shows_none_where_others_do(void **state)
{
	char shell[128], child[256];
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_CHILD);
	copy_shell(shell, sizeof(shell));
	looking_text(&l, RULE_EXE, shell);
	looking_set(&l);
	(void)snprintf(child, sizeof(child), "%s -c 'kill -STOP $$'", shell);
	pid = run_parent(shell, child);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_fork_shows_use_where_the_entry_says_so(void **state)
{
	char shell[128], child[256];
	pid_t pid;

	(void)state;
	begin(RULE_ACTIVE_FORK);
	copy_shell(shell, sizeof(shell));
	looking_text(&l, RULE_EXE, shell);
	looking_set(&l);
	(void)snprintf(child, sizeof(child), "%s -c 'kill -STOP $$'", shell);
	pid = run_parent(shell, child);
	wait_for_grade(SIGN_ACTIVE);
	looking_slay(pid);
	looking_end(&l);
}

/* ---- Whose it is -------------------------------------------------------- */

static void
become_somebody(void *arg)
{
	uid_t uid = *(uid_t *)arg;

	CHECK(setresuid(uid, uid, uid) == 0);
}

static size_t
count_tools(void)
{
	size_t i, n = 0;

	for (i = 0; i < l.picture.nsigns; i++)
		n += strcmp(l.picture.sign[i].what, "t") == 0;
	return n;
}

static void
test_each_user_has_their_own_sign(void **state)
{
	char arg[] = "1000";
	char *argv[] = { path, arg, NULL };
	uid_t uid = 54321;
	struct looking_child child = { .path = path,
		.argv = argv,
		.before = become_somebody,
		.arg = &uid };
	const struct sign *sign;
	pid_t pid;

	(void)state;
	needs_root();
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	(void)looking_spawn(&child);
	sign = looking_see(&l, "t");
	assert_int_equal(sign->owner, SIGN_OF_USER);
	assert_int_equal(sign->uid, uid);
	pid = looking_run(path);
	(void)looking_take(&l);
	assert_int_equal(count_tools(), 2);
	looking_slay(child.pid);
	sign = looking_see(&l, "t");
	assert_int_equal(sign->owner, SIGN_OF_MACHINE);
	assert_int_equal(sign->uid, 0);
	looking_slay(pid);
	looking_end(&l);
}

/* Root of a namespace of their own is nobody but themselves. */
static void
become_root_of_a_namespace(void *arg)
{
	char map[64];
	uid_t uid = *(uid_t *)arg;
	int fd;

	CHECK(setresuid(uid, uid, uid) == 0);
	/* Else its files in /proc are root's. */
	CHECK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
	if (unshare(CLONE_NEWUSER) != 0)
		_exit(CHILD_SKIP);
	CHECK((fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC)) != -1);
	(void)snprintf(map, sizeof(map), "0 %u 1", (unsigned int)uid);
	CHECK(write(fd, map, strlen(map)) == (ssize_t)strlen(map));
	CHECK(close(fd) == 0);
	CHECK(geteuid() == 0);
}

static void
test_root_of_another_namespace_is_not_root(void **state)
{
	char arg[] = "1000";
	char *argv[] = { path, arg, NULL };
	uid_t uid = 54321;
	struct looking_child child = { .path = path,
		.argv = argv,
		.before = become_root_of_a_namespace,
		.arg = &uid };
	const struct sign *sign;

	(void)state;
	needs_root();
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	(void)looking_spawn(&child);
	sign = looking_see(&l, "t");
	if (sign->kind == ENTRY_NONE) {
		assert_int_equal(waitpid(child.pid, NULL, 0), child.pid);
		looking_end(&l);
		print_message("no user namespaces here\n");
		skip();
	}
	assert_int_equal(sign->owner, SIGN_OF_USER);
	assert_int_equal(sign->uid, uid);
	looking_slay(child.pid);
	looking_end(&l);
}

/* ---- What hides --------------------------------------------------------- */

static void
expect_hidden(const char *what, pid_t pid)
{
	const struct sign *sign = looking_see(&l, what);

	assert_int_equal(sign->kind, ENTRY_HIDDEN);
	assert_int_equal(sign->grade, SIGN_RUNNING);
	assert_int_equal(sign->confidence, SIGN_BY_BEHAVIOUR);
	assert_int_equal(sign->pid, pid);
}

static const struct sign *
find_owned(const char *what, uid_t uid)
{
	static const struct sign none;
	size_t i;

	for (i = 0; i < l.picture.nsigns; i++)
		if (strcmp(l.picture.sign[i].what, what) == 0 &&
		    l.picture.sign[i].uid == uid)
			return &l.picture.sign[i];
	return &none;
}

static void
expect_nothing_hidden(void)
{
	size_t i;

	(void)looking_take(&l);
	for (i = 0; i < l.picture.nsigns; i++)
		if (l.picture.sign[i].kind == ENTRY_HIDDEN &&
		    strstr(l.picture.sign[i].seen, "farmgate-look") != NULL)
			fail_msg("%s", l.picture.sign[i].seen);
}

static void
test_a_program_that_was_taken_away_is_hidden(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_set(&l);
	pid = looking_run(path);
	expect_nothing_hidden();
	assert_int_equal(unlink(path), 0);
	expect_hidden("deleted", pid);
	assert_non_null(strstr(looking_find(&l, "deleted")->seen,
	    "(deleted), pid"));
	looking_slay(pid);
	expect_nothing_hidden();
	looking_end(&l);
}

/* A path of root's, where somebody has mounted a folder of their own. */
static void
run_instead(void *arg)
{
	const char *from = arg;
	char buf[8192];
	int in, out;
	ssize_t n;

	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK((in = open(from, O_RDONLY | O_CLOEXEC)) != -1);
	CHECK(mount("none", "/usr/bin", "tmpfs", 0, NULL) == 0);
	CHECK((out = open("/usr/bin/env", O_WRONLY | O_CREAT | O_CLOEXEC,
		   0755)) != -1);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		CHECK(write(out, buf, (size_t)n) == n);
	CHECK(close(out) == 0 && close(in) == 0);
	CHECK(setresuid(54321, 54321, 54321) == 0);
}

static void
test_another_file_at_its_path_does_not_take_its_place(void **state)
{
	char file[64], name[] = "env", arg[] = "1000";
	char *argv[] = { name, arg, NULL };
	struct looking_child child = { .path = "/usr/bin/env",
		.argv = argv,
		.before = run_instead,
		.arg = path };

	(void)state;
	needs_root();
	begin(0);
	looking_set(&l);
	(void)looking_spawn(&child);
	expect_nothing_hidden();
	(void)snprintf(file, sizeof(file), "/proc/%d/root/usr/bin/env",
	    (int)child.pid);
	assert_int_equal(unlink(file), 0);
	expect_hidden("deleted", child.pid);
	looking_slay(child.pid);
	looking_end(&l);
}

static void
test_an_upgrade_takes_its_place(void **state)
{
	char cmd[256], program[] = "/opt/daemon", arg[] = "1000";
	char *argv[] = { program, arg, NULL };
	uid_t uid = 54321;
	struct looking_child child = { .path = program,
		.argv = argv,
		.before = become_somebody,
		.arg = &uid };

	(void)state;
	needs_root();
	begin(0);
	looking_set(&l);
	assert_int_equal(mount("none", "/opt", "tmpfs", 0, "mode=0755"), 0);
	(void)snprintf(cmd, sizeof(cmd), "cp %s %s", path, program);
	assert_int_equal(system(cmd), 0);
	(void)looking_spawn(&child);
	assert_int_equal(unlink(program), 0);
	expect_hidden("deleted", child.pid);
	assert_int_equal(system(cmd), 0);
	looking_see_none(&l, "deleted");
	looking_slay(child.pid);
	assert_int_equal(umount("/opt"), 0);
	looking_end(&l);
}

static void
test_a_tool_that_was_taken_away_is_still_the_tool(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	pid = looking_run(path);
	assert_int_equal(unlink(path), 0);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	expect_hidden("deleted", pid);
	looking_slay(pid);
	looking_end(&l);
}

static pid_t
run_memfd(const char *name)
{
	char buf[8192], file[64], own[128], arg[] = "1000";
	char *argv[] = { own, arg, NULL };
	struct looking_child child = { .path = file, .argv = argv };
	int fd, in;
	ssize_t n;

	(void)snprintf(own, sizeof(own), "daemon");
	assert_true((fd = memfd_create(name, MFD_CLOEXEC)) != -1);
	assert_true((in = open("/bin/sleep", O_RDONLY | O_CLOEXEC)) != -1);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		assert_int_equal(write(fd, buf, (size_t)n), n);
	(void)close(in);
	(void)snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
	(void)looking_spawn(&child);
	(void)close(fd);
	return child.pid;
}

static void
test_a_program_that_never_was_a_file_is_hidden(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_set(&l);
	pid = run_memfd("x");
	expect_hidden("memfd", pid);
	assert_non_null(strstr(looking_find(&l, "memfd")->seen, "/memfd:x"));
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_container_runtime_is_ordinary_if_it_is_roots(void **state)
{
	pid_t pid;

	(void)state;
	needs_root();
	begin(0);
	(void)looking_entry(&l, "runtime", ENTRY_ORDINARY, 0);
	looking_text(&l, RULE_EXE, "/memfd:runc_cloned:*");
	looking_set(&l);
	pid = run_memfd("runc_cloned:/proc/self/exe");
	looking_see_none(&l, "memfd");
	looking_see_none(&l, "runtime");
	looking_slay(pid);
	pid = run_memfd("runc-cloned:/proc/self/exe");
	expect_hidden("memfd", pid);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_a_name_of_the_kernels_is_hidden(void **state)
{
	static const char *const names[] = { "kworker/u8:1", "ksoftirqd/0",
		"kthreadd", "rcu_preempt", "migration/3" };
	size_t i;
	pid_t pid;

	(void)state;
	begin(0);
	looking_set(&l);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		pid = looking_name(names[i]);
		expect_hidden("kernel-thread", pid);
		looking_slay(pid);
	}
	looking_see_none(&l, "kernel-thread");
	looking_end(&l);
}

static pid_t
run_titled(const char *title)
{
	char name[64], arg[] = "1000";
	char *argv[] = { name, arg, NULL };
	struct looking_child child = { .path = path, .argv = argv };

	(void)snprintf(name, sizeof(name), "%s", title);
	return looking_spawn(&child);
}

static void
test_a_title_of_the_kernels_is_hidden(void **state)
{
	static const char *const titles[] = { "[kworker/0:1-events]",
		"kworker/u8:1", "[x]", "[kworker/0:1 and more]" };
	size_t i;
	pid_t pid;

	(void)state;
	begin(0);
	looking_set(&l);
	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		pid = run_titled(titles[i]);
		expect_hidden("kernel-thread", pid);
		looking_slay(pid);
	}
	looking_end(&l);
}

static void
test_what_only_looks_so_is_not_hidden(void **state)
{
	static const char *const titles[] = { "-bash", "sshd: user [priv]",
		"[celeryd: worker1:MainProcess] -active-",
		"[celeryd: worker1:MainProcess]", "[]", "[", "", "(sd-pam)",
		"nginx: worker process", "kworker", "my kworker/0:1" };
	static const char *const names[] = { "kworker", "rcu", "rcud",
		"kde-thing", "irqbalance", "migration", "kswap", "cpuhp" };
	size_t i;
	pid_t pid;

	(void)state;
	begin(0);
	looking_set(&l);
	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		pid = run_titled(titles[i]);
		looking_see_none(&l, "kernel-thread");
		looking_slay(pid);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		pid = looking_name(names[i]);
		looking_see_none(&l, "kernel-thread");
		looking_slay(pid);
	}
	looking_end(&l);
}

/* ---- What is ordinary --------------------------------------------------- */

static void
test_what_is_ordinary_is_no_tool_as_well(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	(void)looking_entry(&l, "fine", ENTRY_ORDINARY, 0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	pid = looking_run(path);
	looking_see_none(&l, "t");
	looking_see_none(&l, "fine");
	assert_int_equal(unlink(path), 0);
	looking_see_none(&l, "deleted");
	looking_slay(pid);
	looking_end(&l);
}

/* Else everybody could make theirs ordinary. */
static void
test_a_name_makes_nothing_ordinary(void **state)
{
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	(void)looking_entry(&l, "fine", ENTRY_ORDINARY, 0);
	looking_text(&l, RULE_EXE, "atool");
	looking_text(&l, RULE_COMM, "atool");
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

static void
read_as_somebody(void *arg)
{
	const int *in = arg;

	CHECK(dup2(*in, STDIN_FILENO) == STDIN_FILENO);
	CHECK(setresuid(54321, 54321, 54321) == 0);
}

/* Of which a shell that reads its commands elsewhere runs nothing. */
static void
test_arguments_make_nothing_ordinary_but_of_root_s(void **state)
{
	char shell[] = "sh", by[] = "-s", script[] = "/opt/fine/agent";
	char *argv[] = { shell, by, script, NULL };
	int in[2];
	struct looking_child child = { .path = "/bin/sh",
		.argv = argv,
		.before = read_as_somebody,
		.arg = &in[0] };

	(void)state;
	needs_root();
	begin(0);
	looking_text(&l, RULE_COMM, "sh");
	(void)looking_entry(&l, "fine", ENTRY_ORDINARY, 0);
	looking_text(&l, RULE_SCRIPT, script);
	looking_set(&l);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	(void)looking_spawn(&child);
	expect(SIGN_RUNNING, SIGN_BY_NAME);
	looking_slay(child.pid);
	child.before = NULL;
	(void)dup2(in[0], STDIN_FILENO);
	(void)looking_spawn(&child);
	looking_see_none(&l, "t");
	looking_slay(child.pid);
	(void)close(in[0]);
	(void)close(in[1]);
	looking_end(&l);
}

static void
test_a_zombie_is_no_tool(void **state)
{
	siginfo_t info;
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_text(&l, RULE_COMM, "atool");
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	looking_see_none(&l, "t");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	looking_end(&l);
}

static void
read_name(char *link, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", link, size - 1);

	assert_true(n > 0 && (size_t)n < size - 1);
	link[n] = '\0';
}

/* Nor is a process one that goes on without its first thread. */
static void
test_who_seems_to_be_a_zombie_is_seen(void **state)
{
	char link[RULE_TEXT_MAX + 1];
	uid_t uid = 54321;
	pid_t pid;

	(void)state;
	needs_root();
	read_name(link, sizeof(link));
	begin(0);
	looking_text(&l, RULE_EXE, link);
	looking_set(&l);
	pid = headless_start(become_somebody, &uid);
	(void)looking_take(&l);
	assert_int_equal(find_owned("t", uid)->pid, pid);
	assert_int_equal(find_owned("t", uid)->confidence, SIGN_BY_IDENTITY);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)looking_take(&l);
	assert_int_equal(find_owned("t", uid)->kind, ENTRY_NONE);
	looking_end(&l);
}

static void
test_other_rules_forget_what_the_old_ones_found(void **state)
{
	struct rules none;
	pid_t pid;

	(void)state;
	begin(0);
	looking_text(&l, RULE_EXE, path);
	looking_set(&l);
	pid = looking_run(path);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	memset(&none, 0, sizeof(none));
	look_set_rules(l.look, &none);
	looking_see_none(&l, "t");
	looking_set(&l);
	expect(SIGN_RUNNING, SIGN_BY_IDENTITY);
	looking_slay(pid);
	looking_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_bare_name_is_no_more_than_a_name),
		cmocka_unit_test(test_a_glob_of_a_path_is_the_path),
		cmocka_unit_test(
		    test_a_name_without_its_folder_is_known_in_any),
		cmocka_unit_test(
		    test_others_with_the_name_in_their_arguments_are_not_it),
		cmocka_unit_test(
		    test_a_long_name_is_known_by_what_the_kernel_keeps),
		cmocka_unit_test(test_a_process_that_changes_is_seen_to),
		cmocka_unit_test(
		    test_what_an_interpreter_runs_is_a_composition),
		cmocka_unit_test(
		    test_a_script_by_its_name_is_no_more_than_a_name),
		cmocka_unit_test(test_a_program_that_the_loader_runs_is_found),
		cmocka_unit_test(test_code_in_the_arguments_is_no_script),
		cmocka_unit_test(
		    test_an_argument_shows_use_of_the_program_alone),
		cmocka_unit_test(test_a_name_does_not_make_the_arguments_count),
		cmocka_unit_test(test_a_program_of_a_session_shows_use),
		cmocka_unit_test(test_a_name_of_a_session_alone_hides_no_tool),
		cmocka_unit_test(
		    test_a_tool_s_own_name_of_a_session_shows_no_use),
		cmocka_unit_test(test_what_runs_only_in_use_is_in_use),
		cmocka_unit_test(test_a_child_of_another_program_shows_use),
		cmocka_unit_test(
		    test_a_child_of_its_own_shows_none_where_others_do),
		cmocka_unit_test(test_a_fork_shows_use_where_the_entry_says_so),
		cmocka_unit_test(test_each_user_has_their_own_sign),
		cmocka_unit_test(test_root_of_another_namespace_is_not_root),
		cmocka_unit_test(test_a_program_that_was_taken_away_is_hidden),
		cmocka_unit_test(
		    test_another_file_at_its_path_does_not_take_its_place),
		cmocka_unit_test(test_an_upgrade_takes_its_place),
		cmocka_unit_test(
		    test_a_tool_that_was_taken_away_is_still_the_tool),
		cmocka_unit_test(
		    test_a_program_that_never_was_a_file_is_hidden),
		cmocka_unit_test(
		    test_a_container_runtime_is_ordinary_if_it_is_roots),
		cmocka_unit_test(test_a_name_of_the_kernels_is_hidden),
		cmocka_unit_test(test_a_title_of_the_kernels_is_hidden),
		cmocka_unit_test(test_what_only_looks_so_is_not_hidden),
		cmocka_unit_test(test_what_is_ordinary_is_no_tool_as_well),
		cmocka_unit_test(test_a_name_makes_nothing_ordinary),
		cmocka_unit_test(
		    test_arguments_make_nothing_ordinary_but_of_root_s),
		cmocka_unit_test(test_a_zombie_is_no_tool),
		cmocka_unit_test(test_who_seems_to_be_a_zombie_is_seen),
		cmocka_unit_test(
		    test_other_rules_forget_what_the_old_ones_found),
	};

	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
