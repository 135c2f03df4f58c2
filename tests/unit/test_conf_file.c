/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration and its network files on disk: what is read from where,
 * what is refused, and that no mixture of two versions is ever taken.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/privilege/safeopen.h"
#include "tests/unit/asroot.h"
#include "tests/unit/child.h"
#include "tests/unit/conf_fixture.h"

static char dir[] = "/tmp/fg-conf.XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
put_bytes(const char *name, const void *data, size_t len)
{
	FILE *out = fopen(in_dir(name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(in_dir(name), 0644), 0);
}

static void
put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text));
}

static struct parsed
load(const char *path)
{
	struct parsed p;

	memset(&p, 0, sizeof(p));
	p.r = conf_load(path, &p.conf, &p.errors);
	assert_true((p.r == 0) == (p.conf != NULL));
	assert_true((p.r == 0) == (p.errors.count == 0));
	return p;
}

/* Loading path fails with this one complaint about the file as a whole. */
static void
not_loaded(const char *path, const char *part)
{
	struct parsed p = load(path);

	if (p.errors.count != 1 || !has_error(&p, 0, part)) {
		show(&p, path);
		fail_msg("wanted %s", part);
	}
	assert_string_equal(p.errors.list[0].file, path);
	parsed_done(&p);
}

/* A configuration with one network from the file "net". */
static struct parsed
with_netfile(void)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
	    "network n {\n label = \"x\"\n files = {\"%s\"}\n}\n",
	    in_dir("net"));
	return parse(text);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL || crypto_init() != 0 ? -1 : 0;
}

static int
remove_dir(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void
test_the_hash_is_of_the_files_bytes(void **state)
{
	char hash[CRYPTO_HEX_SIZE];
	struct parsed p;

	(void)state;
	put("c", "mode = observe # x\n");
	p = load(in_dir("c"));
	assert_int_equal(p.r, 0);
	crypto_sha256_hex("mode = observe # x\n", 19, hash);
	assert_string_equal(p.conf->hash, hash);
	assert_string_equal(p.conf->path, in_dir("c"));
	parsed_done(&p);
}

/* CFG-04 */
static void
test_unsafe_files_are_refused(void **state)
{
	char *big = calloc(1, CONF_FILE_MAX + 1);

	(void)state;
	assert_non_null(big);
	not_loaded(in_dir("missing"), "No such file");
	/* In a user namespace /dev is somebody else's to begin with. */
	not_loaded("/dev/zero", "; ");
	not_loaded(in_dir("."), "no regular file");
	assert_int_equal(mkfifo(in_dir("fifo"), 0600), 0);
	not_loaded(in_dir("fifo"), "no regular file");
	put("c", "");
	assert_int_equal(symlink("c", in_dir("link")), 0);
	not_loaded(in_dir("link"), "symbolic link");
	assert_int_equal(chmod(in_dir("c"), 0664), 0);
	not_loaded(in_dir("c"), "written by others");
	assert_int_equal(chmod(in_dir("c"), 0646), 0);
	not_loaded(in_dir("c"), "written by others");
	assert_int_equal(chmod(in_dir("c"), 0644), 0);
	assert_int_equal(chmod(dir, 0733), 0);
	not_loaded(in_dir("c"), "which others can write");
	assert_int_equal(chmod(dir, 0700), 0);
	memset(big, '#', CONF_FILE_MAX + 1);
	put_bytes("c", big, CONF_FILE_MAX + 1);
	not_loaded(in_dir("c"), "larger than");
	put_bytes("c", big, CONF_FILE_MAX);
	is_accepted("");
	free(big);
}

static void
test_network_files_are_one_address_a_line(void **state)
{
	struct addr addr;
	struct parsed p;

	(void)state;
	put("net",
	    "# list\r\n\r\n192.0.2.0/24\r\n  2001:db8::/32 # x\n\t\n"
	    "198.51.100.7#y\n#\n203.0.113.0/25");
	p = with_netfile();
	assert_int_equal(p.r, 0);
	assert_int_equal(netset_count(p.conf->networks[0].set), 4);
	assert_int_equal(addr_parse("198.51.100.7", &addr), 0);
	assert_true(netset_contains(p.conf->networks[0].set, &addr));
	assert_int_equal(addr_parse("198.51.100.8", &addr), 0);
	assert_false(netset_contains(p.conf->networks[0].set, &addr));
	parsed_done(&p);
}

static void
test_errors_in_a_network_file_have_its_own_lines(void **state)
{
	static const char text[] = "192.0.2.0/24\nLOCAL\n192.0.2.1/24\n"
				   "192.0.2.0/24 198.51.100.0/24\n"
				   "nul\0byte\nexample.com\n192.0.2.1\r x\n";
	struct parsed p;
	size_t i;

	(void)state;
	put_bytes("net", text, sizeof(text) - 1);
	p = with_netfile();
	assert_int_equal(p.errors.count, 6);
	for (i = 0; i < p.errors.count; i++) {
		assert_string_equal(p.errors.list[i].file, in_dir("net"));
		assert_int_equal(p.errors.list[i].line, i + 2);
	}
	assert_true(has_error(&p, 2, "\"LOCAL\" is no address"));
	assert_true(has_error(&p, 3, "bits behind its prefix"));
	assert_true(has_error(&p, 4, "one address a line"));
	assert_true(has_error(&p, 5, "NUL byte"));
	assert_true(has_error(&p, 7, "one address a line"));
	parsed_done(&p);
}

static void
test_thousands_of_bad_lines_are_counted(void **state)
{
	FILE *out;
	struct parsed p;
	int i;

	(void)state;
	put("net", "");
	out = fopen(in_dir("net"), "w");
	assert_non_null(out);
	for (i = 0; i < 5000; i++)
		(void)fprintf(out, "host%d.example.com\n192.0.2.%d\n", i,
		    i % 256);
	assert_int_equal(fclose(out), 0);
	p = with_netfile();
	assert_int_equal(p.errors.count, CONF_NETFILE_ERRORS_MAX + 1);
	assert_true(has_error(&p, 0, "5000 of 10000 entries are wrong"));
	parsed_done(&p);
}

static void
test_network_files_that_hold_nothing_are_refused(void **state)
{
	struct parsed p;

	(void)state;
	put("net", "# nothing\n\n");
	p = with_netfile();
	assert_true(has_error(&p, 3, "holds no address"));
	parsed_done(&p);
	assert_int_equal(unlink(in_dir("net")), 0);
	p = with_netfile();
	assert_true(has_error(&p, 3, "No such file"));
	parsed_done(&p);
	assert_int_equal(mkfifo(in_dir("net"), 0600), 0);
	p = with_netfile();
	assert_true(has_error(&p, 3, "no regular file"));
	parsed_done(&p);
	assert_int_equal(unlink(in_dir("net")), 0);
	put("net", "192.0.2.1\n");
	assert_int_equal(chmod(in_dir("net"), 0666), 0);
	p = with_netfile();
	assert_true(has_error(&p, 3, "written by others"));
	parsed_done(&p);
	refused("network n { label = x files = \"net\" }", 1,
	    "no absolute path");
	refused("network n { label = x files = \"\" }", 1, "no absolute path");
}

#define VERSION_LEN 65536u
#define LOADS	    100
#define CHANGES	    1000

/* Two versions, as long as each other: one by mode, the other by its policy. */
static char versions[2][VERSION_LEN];

static void
make_versions(void)
{
	static const char *const head[2] = { "mode = enforce\n",
		"mode = observe\n" };
	static const char *const tail[2] = { "\npolicy old { users = a }\n",
		"\npolicy new { users = b }\n" };
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(versions[i], '#', VERSION_LEN);
		memcpy(versions[i], head[i], strlen(head[i]));
		memcpy(versions[i] + VERSION_LEN - strlen(tail[i]), tail[i],
		    strlen(tail[i]));
	}
}

/* As an editor may do it: not in one piece. */
static void
write_version(const char *path, int flags, const char *version)
{
	const size_t half = VERSION_LEN / 2;
	int fd = open(path, O_WRONLY | flags, 0644);

	CHECK(fd != -1);
	CHECK(write(fd, version, half) == (ssize_t)half);
	CHECK(write(fd, version + half, half) == (ssize_t)half);
	CHECK(close(fd) == 0);
}

static void
replace(const char *version)
{
	char from[512];

	(void)snprintf(from, sizeof(from), "%s/new", dir);
	write_version(from, O_CREAT | O_TRUNC, version);
	CHECK(rename(from, in_dir("c")) == 0);
}

static void
truncate_and_write(const char *version)
{
	write_version(in_dir("c"), O_TRUNC, version);
}

static void
edit(const char *version)
{
	write_version(in_dir("c"), 0, version);
}

/* What the one who changes the file shares with the one who reads it. */
struct changer {
	atomic_uint changes;
	atomic_llong longest_ns; /* that one took, since this was made 0 */
};

static long long
now_ns(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Until it is ended, in bursts, with rests that are longer and shorter. */
static void
keep_changing(void (*change)(const char *), struct changer *changer)
{
	struct timespec rest = { 0 };
	long long took_ns;
	unsigned int i;

	for (i = 1;; i++) {
		took_ns = -now_ns();
		change(versions[i % 2]);
		took_ns += now_ns();
		if (took_ns > changer->longest_ns)
			changer->longest_ns = took_ns;
		changer->changes++;
		rest.tv_nsec = (long)(i * 7919u % 60u) * 1000000;
		if (i % 31 == 0)
			(void)nanosleep(&rest, NULL);
	}
}

/*
 * On a machine with too much to do, whoever writes may have to wait for so long
 * that the half looks like what was meant. Nothing else may.
 */
static void
was_stuck(struct changer *changer)
{
	unsigned int before = changer->changes;

	while (changer->changes == before)
		(void)usleep(1000);
	assert_true(changer->longest_ns >= SAFEOPEN_SETTLE_MS * 1000000LL);
}

enum seen {
	SEEN_REFUSED,
	SEEN_OLD,
	SEEN_NEW,
	SEEN_STUCK,
	SEEN_KINDS
};

static enum seen
load_version(struct changer *changer)
{
	struct parsed p;
	enum seen seen = SEEN_REFUSED;

	changer->longest_ns = 0;
	p = load(in_dir("c"));
	if (p.r == 0) {
		seen = p.conf->mode == CONF_MODE_OBSERVE ? SEEN_NEW : SEEN_OLD;
		if (p.conf->npolicies != 1 ||
		    strcmp(p.conf->policies[0].name,
			seen == SEEN_NEW ? "new" : "old") != 0)
			seen = SEEN_STUCK;
	} else if (!has_error(&p, 0, "changed while it was read; try again") &&
	    !has_error(&p, 0, "No such file")) {
		show(&p, "c");
		fail_msg("neither version, and no reason");
	}
	parsed_done(&p);
	if (seen == SEEN_STUCK)
		was_stuck(changer);
	return seen;
}

/* Ended even where the test has failed. */
static pid_t changing;

static int
end_changing(void **state)
{
	int status = 0;

	(void)state;
	if (changing <= 0)
		return 0;
	(void)kill(changing, SIGKILL);
	(void)waitpid(changing, &status, 0);
	changing = 0;
	return WIFSIGNALED(status) ? 0 : -1; /* it changed it up to now */
}

static void
is_old_or_new(void (*change)(const char *))
{
	unsigned int i, seen[SEEN_KINDS] = { 0 };
	struct changer *changer;

	changer = mmap(NULL, sizeof(*changer), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(changer != MAP_FAILED);
	make_versions();
	put_bytes("c", versions[0], VERSION_LEN);
	if ((changing = fork()) == 0)
		keep_changing(change, changer);
	assert_true(changing > 0);
	for (i = 0; i < LOADS || changer->changes < CHANGES; i++)
		seen[load_version(changer)]++;
	assert_int_equal(end_changing(NULL), 0);
	print_message("%u changes: %u refused, %u old, %u new, %u stuck\n",
	    changer->changes, seen[SEEN_REFUSED], seen[SEEN_OLD],
	    seen[SEEN_NEW], seen[SEEN_STUCK]);
	assert_true(seen[SEEN_OLD] > 0 && seen[SEEN_NEW] > 0);
	assert_int_equal(munmap(changer, sizeof(*changer)), 0);
}

/* CFG-03 */
static void
test_a_file_that_is_replaced_is_old_or_new(void **state)
{
	(void)state;
	is_old_or_new(replace);
}

static void
test_a_file_that_is_truncated_is_old_or_new_or_refused(void **state)
{
	(void)state;
	is_old_or_new(truncate_and_write);
}

static void
test_a_file_that_is_edited_is_old_or_new_or_refused(void **state)
{
	(void)state;
	is_old_or_new(edit);
}

#define CHANGING(test) cmocka_unit_test_teardown(test, end_changing)

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_hash_is_of_the_files_bytes),
		cmocka_unit_test(test_unsafe_files_are_refused),
		cmocka_unit_test(test_network_files_are_one_address_a_line),
		cmocka_unit_test(
		    test_errors_in_a_network_file_have_its_own_lines),
		cmocka_unit_test(test_thousands_of_bad_lines_are_counted),
		cmocka_unit_test(
		    test_network_files_that_hold_nothing_are_refused),
		CHANGING(test_a_file_that_is_replaced_is_old_or_new),
		CHANGING(
		    test_a_file_that_is_truncated_is_old_or_new_or_refused),
		CHANGING(test_a_file_that_is_edited_is_old_or_new_or_refused),
	};

	(void)argc;
	asroot_or_skip(argv);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
