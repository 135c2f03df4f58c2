/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration and its network files on disk: what is read from where,
 * what is refused, and that no mixture of two versions is ever taken.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "tests/unit/asroot.h"
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

/* Replaces the file by one of two versions until it is ended. */
static void
rewrite(const char *const text[2])
{
	char from[512], to[512];
	unsigned int i;

	(void)snprintf(from, sizeof(from), "%s/new", dir);
	(void)snprintf(to, sizeof(to), "%s/c", dir);
	for (i = 0;; i++) {
		int fd = open(from, O_WRONLY | O_CREAT | O_TRUNC, 0644);
		size_t len = strlen(text[i % 2]);

		if (fd == -1 || write(fd, text[i % 2], len) != (ssize_t)len)
			_exit(1);
		(void)close(fd);
		if (rename(from, to) != 0)
			_exit(1);
	}
}

/* CFG-03 */
static void
test_a_file_that_is_replaced_is_old_or_new(void **state)
{
	const char *const text[2] = { "policy old { users = \"a\" }\n",
		"mode = observe\npolicy new { users = \"b\" }\n" };
	struct parsed p;
	unsigned int i;
	pid_t pid;

	(void)state;
	put("c", text[0]);
	if ((pid = fork()) == 0)
		rewrite(text);
	assert_true(pid > 0);
	for (i = 0; i < 1000; i++) {
		p = load(in_dir("c"));
		/* A file that went away between two looks is no mixture. */
		if (p.r == 0)
			assert_string_equal(p.conf->policies[0].name,
			    p.conf->mode == CONF_MODE_OBSERVE ? "new" : "old");
		else
			assert_int_equal(p.errors.count, 1);
		parsed_done(&p);
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

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
		cmocka_unit_test(test_a_file_that_is_replaced_is_old_or_new),
	};

	(void)argc;
	asroot_or_skip(argv);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
