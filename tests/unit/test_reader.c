/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What blocks costs the scanner a moment and no more, whoever makes it block:
 * devices, by a pipe that nobody writes to, and the memory of a process, whose
 * lock it holds itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
#include "policyd/scanner/look/look.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/procs_read.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/tie.h"
#include "policyd/scanner/walk.h"
#include "proto/result.h"
#include "tests/unit/child.h"
#include "tests/unit/holding.h"
#include "tests/unit/looking.h"

#define MS	 INT64_C(1000000)
#define LATER	 (walk_now_ns() + 60000 * MS)
#define SOON_MS	 20 /* nothing was waited for */
#define TEST_UID 61300u

/* A folder with a pipe and a file, as seen from /sys. */
struct place {
	char dir[64];
	char pipe[128];
	char file[128];
};

static void
place_begin(struct place *p)
{
	char path[96];
	int fd;

	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/farmgate-reader.XXXXXX");
	CHECK(mkdtemp(p->dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/pipe", p->dir);
	CHECK(mkfifo(path, 0600) == 0);
	(void)snprintf(p->pipe, sizeof(p->pipe), "..%s", path);
	(void)snprintf(path, sizeof(path), "%s/file", p->dir);
	CHECK((fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) != -1);
	CHECK(write(fd, "text", 4) == 4);
	CHECK(close(fd) == 0);
	(void)snprintf(p->file, sizeof(p->file), "..%s", path);
	(void)alarm(60); /* a test that waits for ever fails */
}

static void
place_end(const struct place *p)
{
	CHECK(unlink(p->pipe + 2) == 0);
	CHECK(unlink(p->file + 2) == 0);
	CHECK(rmdir(p->dir) == 0);
}

static int
read_path(const char *path)
{
	char buf[16];
	size_t len;
	int r;

	if ((r = reader_sys(path, buf, sizeof(buf), &len)) == 0)
		CHECK(len == 4 && memcmp(buf, "text", 4) == 0);
	else
		CHECK(len == 0);
	return r;
}

static struct fact_process
process_of(pid_t pid)
{
	struct fact_process who = { .pid = (int32_t)pid };
	struct procs_stat st;
	int folder;

	CHECK((folder = procs_open(who.pid)) != -1);
	CHECK(procs_read_stat(folder, "stat", &st) == 0);
	CHECK(close(folder) == 0);
	who.start = st.start;
	return who;
}

/* The one child that is a reader. */
static pid_t
reader_of_this(void)
{
	char path[64], text[256] = "";
	char *s = text, *end;
	long pid;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children",
	    (int)getpid());
	CHECK((f = fopen(path, "re")) != NULL);
	(void)!fgets(text, sizeof(text), f);
	CHECK(fclose(f) == 0);
	while ((pid = strtol(s, &end, 10)) > 0) {
		if (reader_is((int32_t)pid))
			return (pid_t)pid;
		s = end;
	}
	return -1;
}

static void
confine(const enum sandbox_mode *mode)
{
	if (mode != NULL)
		CHECK(sandbox_apply(SANDBOX_SCANNER, *mode) == 0);
}

/* ---- devices ------------------------------------------------------------ */

struct life {
	struct place place;
	const enum sandbox_mode *mode; /* NULL: unconfined */
};

/* Twice it is waited for, and the rest is read as before. */
static void
pipe_blocks(void *arg)
{
	const struct life *life = arg;
	const struct place *p = &life->place;
	int64_t from_ns;

	confine(life->mode);
	CHECK(read_path(p->file) == 0);
	CHECK(read_path(p->pipe) == FG_ERR_TIMEOUT);
	CHECK(read_path(p->file) == 0);
	from_ns = walk_now_ns();
	CHECK(read_path(p->pipe) == FG_ERR_BUSY);
	CHECK(walk_now_ns() - from_ns >= READER_WAIT_MS * MS);
	from_ns = walk_now_ns();
	CHECK(read_path(p->pipe) == FG_ERR_BUSY);
	CHECK(walk_now_ns() - from_ns < SOON_MS * MS);
	CHECK(read_path(p->file) == 0);
	reader_stop();
	CHECK(read_path(p->pipe) == FG_ERR_TIMEOUT);
}

/* What could not be waited for long enough says nothing of the device. */
static void
time_is_short(void *arg)
{
	const struct life *life = arg;
	const struct place *p = &life->place;
	int64_t from_ns;
	int i;

	CHECK(read_path(p->file) == 0);
	for (i = 0; i < 4; i++) {
		from_ns = walk_now_ns();
		reader_until(from_ns + 2 * MS);
		CHECK(read_path(p->pipe) == FG_ERR_TIMEOUT);
		CHECK(walk_now_ns() - from_ns < (2 + SOON_MS) * MS);
	}
	reader_until(walk_now_ns());
	CHECK(read_path(p->file) == FG_ERR_TIMEOUT);
	reader_until(LATER);
	CHECK(read_path(p->file) == 0);
}

static void
readers_are_counted(void *arg)
{
	const struct life *life = arg;
	const struct place *p = &life->place;

	reader_allow(0, LATER);
	CHECK(read_path(p->file) == FG_ERR_TIMEOUT);
	reader_allow(2, LATER);
	CHECK(read_path(p->pipe) == FG_ERR_TIMEOUT);
	CHECK(read_path(p->file) == 0);
	CHECK(kill(reader_of_this(), SIGKILL) == 0);
	CHECK(read_path(p->file) == FG_ERR_TIMEOUT);
	CHECK(read_path(p->file) == FG_ERR_TIMEOUT);
	reader_allow(1, LATER);
	CHECK(read_path(p->file) == 0);
}

static void
with_place(void (*fn)(void *), const enum sandbox_mode *mode)
{
	struct life life = { .mode = mode };

	place_begin(&life.place);
	child_passes_in_time(fn, &life);
	place_end(&life.place);
}

static void
test_a_device_that_blocks_is_left_alone(void **state)
{
	static const enum sandbox_mode soft = SANDBOX_ERRNO,
				       hard = SANDBOX_KILL;

	(void)state;
	with_place(pipe_blocks, NULL);
	with_place(pipe_blocks, &soft);
	with_place(pipe_blocks, &hard);
}

static void
test_want_of_time_says_nothing_of_a_device(void **state)
{
	(void)state;
	with_place(time_is_short, NULL);
}

static void
test_no_more_readers_are_made_than_are_allowed(void **state)
{
	(void)state;
	with_place(readers_are_counted, NULL);
}

static void
test_what_is_not_there_is_no_device_that_blocks(void **state)
{
	char buf[16], path[600];
	size_t len;

	(void)state;
	reader_allow(READER_FORKS, LATER);
	assert_int_equal(reader_sys("none/such", buf, sizeof(buf), &len),
	    FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(reader_sys(path, buf, sizeof(buf), &len),
	    FG_ERR_LIMIT);
	reader_stop();
}

/* ---- the reader itself -------------------------------------------------- */

/* Waits for it, without taking it from whoever reaps it, or has. */
static bool
has_ended(pid_t pid)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0 ||
	    errno == ECHILD;
}

/* It is not the device's doing that the reader does not go on. */
static void
reader_is_stopped(void *arg)
{
	const struct life *life = arg;
	pid_t pid;
	int i;

	reader_allow(4, LATER);
	for (i = 0; i < 3; i++) {
		CHECK(read_path(life->place.file) == 0);
		CHECK((pid = reader_of_this()) > 0);
		CHECK(kill(pid, SIGSTOP) == 0);
		CHECK(read_path(life->place.file) == FG_ERR_TIMEOUT);
		CHECK(has_ended(pid));
	}
	CHECK(read_path(life->place.file) == 0);
}

static void
reader_is_killed(void *arg)
{
	const struct life *life = arg;
	pid_t pid;
	int i;

	for (i = 0; i < 3; i++) {
		CHECK(read_path(life->place.file) == 0);
		CHECK((pid = reader_of_this()) > 0);
		CHECK(kill(pid, SIGKILL) == 0);
	}
	CHECK(read_path(life->place.file) == 0);
	CHECK(reader_of_this() != pid);
}

static void
reader_dies_with(void *arg)
{
	const struct life *life = arg;
	pid_t scanner, pid;
	int said[2], status;

	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	CHECK(pipe2(said, O_CLOEXEC) == 0);
	CHECK((scanner = fork()) != -1);
	if (scanner == 0) {
		CHECK(read_path(life->place.file) == 0);
		pid = reader_of_this();
		CHECK(write(said[1], &pid, sizeof(pid)) == sizeof(pid));
		for (;;)
			(void)poll(NULL, 0, -1);
	}
	CHECK(read(said[0], &pid, sizeof(pid)) == sizeof(pid) && pid > 0);
	CHECK(kill(pid, 0) == 0);
	CHECK(kill(scanner, SIGKILL) == 0);
	CHECK(waitpid(scanner, NULL, 0) == scanner);
	CHECK(waitpid(pid, &status, 0) == pid);
}

/* No file of its parent's, and no socket but the one it is asked by. */
static void
reader_holds_nothing_else(void *arg)
{
	const struct life *life = arg;
	char path[64], link[PATH_MAX];
	int extra, fd, sockets = 0;
	ssize_t n;
	pid_t pid;

	CHECK((extra = open("/etc/passwd", O_RDONLY | O_CLOEXEC)) != -1);
	CHECK(dup2(extra, 100) == 100);
	CHECK(read_path(life->place.file) == 0);
	CHECK((pid = reader_of_this()) > 0);
	for (fd = 3; fd < 256; fd++) {
		(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid,
		    fd);
		if ((n = readlink(path, link, sizeof(link) - 1)) == -1)
			continue;
		link[n] = '\0';
		sockets += strncmp(link, "socket:", 7) == 0;
		CHECK(strncmp(link, "socket:", 7) == 0 ||
		    strcmp(link, "/") == 0 || strcmp(link, "/proc") == 0 ||
		    strcmp(link, "/sys") == 0);
	}
	CHECK(sockets == 1);
}

/* Two that share one would take each other's answers. */
static void
reader_is_not_inherited(void *arg)
{
	const struct life *life = arg;
	pid_t pid, own;
	int status;

	CHECK(read_path(life->place.file) == 0);
	own = reader_of_this();
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		CHECK(read_path(life->place.file) == 0);
		CHECK(!reader_is(own));
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(reader_of_this() == own);
	CHECK(read_path(life->place.file) == 0);
}

static void
reader_is_the_daemons(void *arg)
{
	const struct life *life = arg;
	struct tie_process process;
	pid_t pid;

	CHECK(!tie_is_daemon(0) && !reader_is(0) && !reader_is(-1));
	CHECK(read_path(life->place.file) == 0);
	CHECK((pid = reader_of_this()) > 0);
	CHECK(tie_is_daemon(pid));
	CHECK(!tie_look(pid, &process));
	reader_stop();
	CHECK(!tie_is_daemon(pid));
}

static void
test_a_reader_that_is_stopped_is_replaced(void **state)
{
	(void)state;
	with_place(reader_is_stopped, NULL);
}

static void
test_a_reader_that_was_killed_is_replaced(void **state)
{
	(void)state;
	with_place(reader_is_killed, NULL);
}

static void
test_the_reader_dies_with_the_scanner(void **state)
{
	(void)state;
	with_place(reader_dies_with, NULL);
}

static void
test_the_reader_holds_only_what_it_reads_by(void **state)
{
	(void)state;
	with_place(reader_holds_nothing_else, NULL);
}

static void
test_a_child_has_a_reader_of_its_own(void **state)
{
	(void)state;
	with_place(reader_is_not_inherited, NULL);
}

static void
test_the_reader_is_of_no_session(void **state)
{
	(void)state;
	with_place(reader_is_the_daemons, NULL);
}

/* ---- files -------------------------------------------------------------- */

static bool
is_roots(const char *path)
{
	bool is;
	int root;

	/* Anew: what was open before is of the other namespace. */
	CHECK((root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)) != -1);
	is = place_is_roots(root, path, NULL);
	CHECK(close(root) == 0);
	return is;
}

/* A path below /tmp cannot do: everybody may write there. */
static void
files_are_roots(void *arg)
{
	static const char dir[] = "/run/farmgate-reader-test";
	char file[128], link[128];
	int fd;

	(void)arg;
	(void)alarm(60);
	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") == 0);
	(void)snprintf(file, sizeof(file), "%s/below/file", dir);
	(void)snprintf(link, sizeof(link), "%s/link", dir);
	CHECK(mkdir(dir, 0755) == 0);
	CHECK(mkdir("/run/farmgate-reader-test/below", 0755) == 0);
	CHECK((fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0755)) != -1);
	CHECK(close(fd) == 0);
	CHECK(symlink("below", link) == 0);
	CHECK(is_roots(file) && is_roots(file + 1));
	CHECK(!is_roots("/run/farmgate-reader-test/link/file"));
	CHECK(!is_roots("/run/farmgate-reader-test/below"));
	CHECK(!is_roots("/run/farmgate-reader-test/below/none"));
	CHECK(!is_roots("/run/farmgate-reader-test/below/file/"));
	CHECK(!is_roots("/run/farmgate-reader-test/below/../below/file"));
	CHECK(!is_roots("/run/farmgate-reader-test/./below/file"));
	CHECK(!is_roots("/run/farmgate-reader-test//below/file"));
	CHECK(!is_roots("/") && !is_roots(""));
	CHECK(chmod(dir, 0777) == 0 && !is_roots(file));
	CHECK(chmod(dir, 01777) == 0 && !is_roots(file));
	CHECK(chmod(dir, 0775) == 0 && is_roots(file));
	CHECK(chown(dir, TEST_UID, 0) == 0 && !is_roots(file));
	CHECK(chown(dir, 0, 0) == 0 && is_roots(file));
	CHECK(chown(file, TEST_UID, 0) == 0 && !is_roots(file));
}

/* Of the machine, and of a process's root. */
static void
reader_tells_of_files(void *arg)
{
	struct fact_process own = process_of(getpid());
	bool is = false;

	(void)arg;
	(void)alarm(60);
	CHECK(reader_is_roots(&own, "/etc/passwd", &is) == 0 && is);
	CHECK(reader_is_roots(&own, "/etc/no-such-file", &is) == 0 && !is);
	own.start++;
	CHECK(reader_is_roots(&own, "/etc/passwd", &is) == FG_ERR_NOT_FOUND);
	CHECK(!is);
}

static void
test_a_program_is_roots_only_in_folders_of_roots(void **state)
{
	(void)state;
	needs_root();
	child_passes(files_are_roots, NULL);
	child_passes(reader_tells_of_files, NULL);
}

/* ---- processes ---------------------------------------------------------- */

static void
test_processes_tell_their_arguments_and_maps(void **state)
{
	struct fact_process own = process_of(getpid());
	char want[READER_BYTES], buf[READER_BYTES];
	size_t want_len, len;
	bool has;

	(void)state;
	reader_allow(READER_FORKS, LATER);
	assert_int_equal(procs_read_arguments(procs_folder(), "self/cmdline",
			     want, sizeof(want), &want_len),
	    0);
	assert_int_equal(reader_arguments(&own, buf, sizeof(buf), &len), 0);
	assert_int_equal(len, want_len);
	assert_memory_equal(buf, want, len + 1);
	assert_int_equal(reader_arguments(&own, buf, 4, &len), 0);
	assert_int_equal(len, 3);
	assert_int_equal(buf[3], '\0');
	assert_int_equal(reader_maps(&own, "test_reader", &has), 0);
	assert_true(has);
	assert_int_equal(reader_maps(&own, "no_such_file", &has), 0);
	assert_false(has);
	own.start++; /* another one's number */
	assert_int_equal(reader_maps(&own, "test_reader", &has),
	    FG_ERR_NOT_FOUND);
	assert_false(has);
	reader_stop();
}

static int
arguments_of(const struct fact_process *who, int64_t *ret_ms)
{
	int64_t from_ns = walk_now_ns();
	char buf[256];
	size_t len;
	int r;

	r = reader_arguments(who, buf, sizeof(buf), &len);
	*ret_ms = (walk_now_ns() - from_ns) / MS;
	return r;
}

#define HELD 4

static void
hold_all(struct holding *h, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (holding_start(&h[i], TEST_UID))
			continue;
		(void)dprintf(STDERR_FILENO, "no FUSE to test with\n");
		_exit(CHILD_SKIP);
	}
}

/* Twice one of theirs, and no more than a few of them. */
static void
lock_is_held(void *arg)
{
	const struct life *life = arg;
	struct fact_process who[HELD], own = process_of(getpid());
	struct holding h[HELD];
	int64_t ms;
	size_t i;

	(void)alarm(60);
	hold_all(h, HELD);
	for (i = 0; i < HELD; i++)
		who[i] = process_of(h[i].pid);
	confine(life->mode);
	CHECK(arguments_of(&who[0], &ms) == FG_ERR_TIMEOUT);
	CHECK(ms >= READER_WAIT_MS && ms < 1000);
	CHECK(arguments_of(&own, &ms) == 0);
	CHECK(arguments_of(&who[0], &ms) == FG_ERR_BUSY);
	CHECK(arguments_of(&who[0], &ms) == FG_ERR_BUSY && ms < SOON_MS);
	CHECK(arguments_of(&who[1], &ms) == FG_ERR_TIMEOUT);
	CHECK(arguments_of(&who[2], &ms) == FG_ERR_TIMEOUT);
	CHECK(arguments_of(&who[3], &ms) == FG_ERR_BUSY && ms < SOON_MS);
	CHECK(arguments_of(&own, &ms) == 0);
	if (life->mode != NULL)
		return; /* who is confined cannot end them: they die with it */
	for (i = 0; i < HELD; i++)
		holding_end(&h[i]);
}

static void
test_who_holds_their_memorys_lock_holds_up_nobody(void **state)
{
	static const enum sandbox_mode hard = SANDBOX_KILL;
	struct life life = { .mode = NULL };

	(void)state;
	needs_root();
	child_passes(lock_is_held, &life);
	life.mode = &hard;
	child_passes(lock_is_held, &life);
}

static const struct sign *
find_sign(const struct picture *picture, const char *what, pid_t pid)
{
	size_t i;

	for (i = 0; i < picture->nsigns; i++)
		if (strcmp(picture->sign[i].what, what) == 0 &&
		    picture->sign[i].pid == pid)
			return &picture->sign[i];
	return NULL;
}

/* First the picture is cut, and then it says who is to blame. */
static void
scans_go_on(void *arg)
{
	static struct picture picture;
	const struct sign *sign;
	struct holding h;
	struct look *look;

	(void)arg;
	(void)alarm(60);
	CHECK(look_new(&look) == 0);
	look_take(look, 2000, &picture);
	CHECK((picture.cut & PICTURE_PROCESSES) == 0);
	hold_all(&h, 1);
	look_take(look, 2000, &picture);
	CHECK((picture.cut & PICTURE_PROCESSES) != 0);
	CHECK(find_sign(&picture, "unreadable", h.pid) == NULL);
	look_take(look, 2000, &picture);
	CHECK((picture.cut & PICTURE_PROCESSES) == 0);
	CHECK((sign = find_sign(&picture, "unreadable", h.pid)) != NULL);
	CHECK(sign->kind == ENTRY_HIDDEN && sign->uid == TEST_UID);
	CHECK(sign->owner == SIGN_OF_USER && sign->grade == SIGN_RUNNING);
	CHECK(sign->confidence == SIGN_BY_BEHAVIOUR);
	look_take(look, 2000, &picture);
	CHECK(find_sign(&picture, "unreadable", h.pid) != NULL);
	CHECK(picture.cost_us < 500000);
	holding_end(&h);
	look_take(look, 2000, &picture);
	CHECK(find_sign(&picture, "unreadable", h.pid) == NULL);
	look_free(look);
}

static void
test_a_scan_says_who_cannot_be_read(void **state)
{
	(void)state;
	needs_root();
	child_passes(scans_go_on, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_device_that_blocks_is_left_alone),
		cmocka_unit_test(test_want_of_time_says_nothing_of_a_device),
		cmocka_unit_test(
		    test_no_more_readers_are_made_than_are_allowed),
		cmocka_unit_test(
		    test_what_is_not_there_is_no_device_that_blocks),
		cmocka_unit_test(test_a_reader_that_is_stopped_is_replaced),
		cmocka_unit_test(test_a_reader_that_was_killed_is_replaced),
		cmocka_unit_test(test_the_reader_dies_with_the_scanner),
		cmocka_unit_test(test_the_reader_holds_only_what_it_reads_by),
		cmocka_unit_test(test_a_child_has_a_reader_of_its_own),
		cmocka_unit_test(test_the_reader_is_of_no_session),
		cmocka_unit_test(
		    test_a_program_is_roots_only_in_folders_of_roots),
		cmocka_unit_test(test_processes_tell_their_arguments_and_maps),
		cmocka_unit_test(
		    test_who_holds_their_memorys_lock_holds_up_nobody),
		cmocka_unit_test(test_a_scan_says_who_cannot_be_read),
	};

	log_init("test_reader", false);
	looking_isolate(); /* what others run may be slow as well */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
