/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass: which lines are entries, whom an entry lets in, and what file
 * is believed.
 */
#include "proto/glass.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/asroot.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

/* ---- lines ---------------------------------------------------------------*/

static int
parse(const char *text, struct fg_glass_entry *ret_entry, const char **ret_why)
{
	char line[1024];

	(void)snprintf(line, sizeof(line), "%s", text);
	return fg_glass_parse(line, ret_entry, ret_why);
}

static void
a_line_is_a_user_a_service_and_an_origin(void **state)
{
	struct fg_glass_entry e;
	const char *why;

	(void)state;
	assert_int_equal(parse("  alice\tsshd  192.0.2.0/24 # why\r", &e, &why),
	    0);
	assert_string_equal(e.user, "alice");
	assert_string_equal(e.service, "sshd");
	assert_int_equal(e.from, FG_GLASS_ADDRESS);
	assert_int_equal(e.bits, 120);
	assert_null(why);
	assert_int_equal(parse("root * console", &e, &why), 0);
	assert_string_equal(e.service, "*");
	assert_int_equal(e.from, FG_GLASS_CONSOLE);
	assert_int_equal(parse("root su local", &e, &why), 0);
	assert_int_equal(e.from, FG_GLASS_LOCAL);
	assert_int_equal(parse("root su-l any", &e, &why), 0);
	assert_int_equal(e.from, FG_GLASS_ANY);
}

static void
nothing_and_comments_are_no_entries(void **state)
{
	static const char *const lines[] = { "", " ", "\t\r", "#",
		"# alice sshd any", "  #alice sshd any" };
	struct fg_glass_entry e;
	const char *why;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(lines); i++) {
		assert_int_equal(parse(lines[i], &e, &why), FG_ERR_NOT_FOUND);
		assert_null(why);
		assert_int_equal(e.from, FG_GLASS_NOWHERE);
	}
}

static void
a_wrong_line_grants_nothing_and_says_why(void **state)
{
	static const struct {
		const char *line;
		const char *why;
	} t[] = {
		{ "alice", "three words" },
		{ "alice sshd", "three words" },
		{ "alice sshd any more", "three words" },
		{ "alice sshd #any", "three words" },
		{ "* sshd any", "no * for users" },
		{ "al* sshd any", "no * for users" },
		{ "@wheel sshd any", "groups" },
		{ "%wheel sshd any", "groups" },
		{ "alice,bob sshd any", "one account" },
		{ "al\x01ice sshd any", "one account" },
		{ "alice SSHD any", "lower case" },
		{ "alice sshd,sudo any", "lower case" },
		{ "alice ssh* any", "lower case" },
		{ "alice ../sshd any", "lower case" },
		{ "alice sshd Any", "the origin" },
		{ "alice sshd *", "the origin" },
		{ "alice sshd localhost", "the origin" },
		{ "alice sshd 192.0.2", "the origin" },
		{ "alice sshd 192.0.2.01", "the origin" },
		{ "alice sshd 192.0.2.256", "the origin" },
		{ "alice sshd 0x7f000001", "the origin" },
		{ "alice sshd fe80::1%eth0", "the origin" },
		{ "alice sshd /24", "the origin" },
		{ "alice sshd 192.0.2.0/", "number of bits" },
		{ "alice sshd 192.0.2.0/33", "number of bits" },
		{ "alice sshd 192.0.2.0/024x", "number of bits" },
		{ "alice sshd 192.0.2.0/-1", "number of bits" },
		{ "alice sshd 192.0.2.0/255.255.255.0", "number of bits" },
		{ "alice sshd 2001:db8::/129", "number of bits" },
		{ "alice sshd 2001:db8::/4294967360", "number of bits" },
		{ "alice sshd 192.0.2.1/24", "behind its prefix" },
		{ "alice sshd 2001:db8::1/64", "behind its prefix" },
	};
	struct fg_glass_entry e;
	const char *why;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(t); i++) {
		assert_int_equal(parse(t[i].line, &e, &why), FG_ERR_FORMAT);
		assert_non_null(why);
		if (strstr(why, t[i].why) == NULL)
			fail_msg("%s: %s", t[i].line, why);
		assert_string_equal(e.user, "");
		assert_int_equal(e.from, FG_GLASS_NOWHERE);
	}
}

static void
names_have_the_lengths_of_the_protocol(void **state)
{
	char line[1024], name[400];
	struct fg_glass_entry e;
	const char *why;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[FG_USER_MAX] = '\0';
	(void)snprintf(line, sizeof(line), "%s sshd any", name);
	assert_int_equal(parse(line, &e, &why), 0);
	(void)snprintf(line, sizeof(line), "a%s sshd any", name);
	assert_int_equal(parse(line, &e, &why), FG_ERR_FORMAT);
	name[FG_SERVICE_MAX] = '\0';
	(void)snprintf(line, sizeof(line), "a %s any", name);
	assert_int_equal(parse(line, &e, &why), 0);
	(void)snprintf(line, sizeof(line), "a a%s any", name);
	assert_int_equal(parse(line, &e, &why), FG_ERR_FORMAT);
}

/* ---- logins --------------------------------------------------------------*/

static bool
holds(const char *line, const struct fg_login *login)
{
	struct fg_glass_entry e;
	struct fg_glass_login l;
	const char *why;

	assert_int_equal(parse(line, &e, &why), 0);
	fg_glass_who(login, &l);
	return fg_glass_holds(&e, &l);
}

static struct fg_login
by_ssh(const char *ssh_connection, const char *rhost)
{
	return (struct fg_login){ .service = "sshd",
		.user = "alice",
		.ruser = "",
		.tty = "ssh",
		.rhost = rhost,
		.ssh_connection = ssh_connection };
}

static void
an_entry_is_of_one_user_and_service(void **state)
{
	struct fg_login l = by_ssh("192.0.2.9 5 192.0.2.1 22", "192.0.2.9");

	(void)state;
	assert_true(holds("alice sshd any", &l));
	assert_true(holds("alice * any", &l));
	assert_false(holds("alic sshd any", &l));
	assert_false(holds("alice2 sshd any", &l));
	assert_false(holds("Alice sshd any", &l));
	assert_false(holds("alice login any", &l));
	assert_false(holds("alice ssh any", &l));
	assert_false(holds("alice sshd console", &l));
	assert_false(holds("alice sshd local", &l));
	l.user = "";
	assert_false(holds("alice sshd any", &l));
}

/* In the manner of a prefix that is allowed and one bit that is not. */
static void
a_prefix_holds_its_addresses_and_no_other(void **state)
{
	static const struct {
		const char *prefix;
		const char *in[2];
		const char *out[2];
	} t[] = {
		{ "192.0.2.9", { "192.0.2.9", "::ffff:192.0.2.9" },
		    { "192.0.2.8", "::192.0.2.9" } },
		{ "192.0.2.128/25", { "192.0.2.128", "192.0.2.255" },
		    { "192.0.2.127", "192.0.3.128" } },
		{ "10.0.0.0/7", { "10.255.0.1", "11.0.0.1" },
		    { "12.0.0.1", "9.0.0.1" } },
		{ "0.0.0.0/0", { "8.8.8.8", "::ffff:1.2.3.4" },
		    { "2001:db8::1", "::1" } },
		{ "::ffff:192.0.2.0/120", { "192.0.2.1", "192.0.2.255" },
		    { "192.0.3.1", "2001:db8::1" } },
		{ "2001:db8::/33", { "2001:db8::1", "2001:db8:7fff::1" },
		    { "2001:db8:8000::1", "192.0.2.1" } },
		{ "::/0", { "2001:db8::1", "::1" },
		    { "192.0.2.1", "::ffff:192.0.2.1" } },
		{ "fe80::1", { "fe80::1%eth0", "fe80::1" },
		    { "fe80::2%eth0", "fe80::1x" } },
	};
	char line[128], connection[128];
	struct fg_login l;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(t); i++) {
		(void)snprintf(line, sizeof(line), "alice sshd %s",
		    t[i].prefix);
		for (size_t k = 0; k < 2; k++) {
			(void)snprintf(connection, sizeof(connection),
			    "%s 50000 192.0.2.1 22", t[i].in[k]);
			l = by_ssh(connection, "name.example");
			if (!holds(line, &l))
				fail_msg("%s: not %s", line, connection);
			l = by_ssh("", t[i].in[k]);
			assert_true(holds(line, &l));
			(void)snprintf(connection, sizeof(connection),
			    "%s 50000 192.0.2.1 22", t[i].out[k]);
			l = by_ssh(connection, t[i].in[0]);
			if (holds(line, &l))
				fail_msg("%s: %s", line, connection);
		}
	}
}

static void
what_is_no_address_is_nowhere(void **state)
{
	static const char *const hosts[] = {
		"host.example", "192.0.2.9.", "192.0.2", "all", "192.0.2.0/24",
		"-",
		"2001:db8:0000:0000:0000:0000:0000:0001:0000:0000:0000:0000:0"
	};
	struct fg_login l;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(hosts); i++) {
		l = by_ssh("", hosts[i]);
		assert_false(holds("alice sshd 0.0.0.0/0", &l));
		assert_false(holds("alice sshd ::/0", &l));
		assert_false(holds("alice sshd console", &l));
		assert_false(holds("alice sshd local", &l));
		assert_true(holds("alice sshd any", &l));
		l = by_ssh(hosts[i], "192.0.2.9");
		assert_false(holds("alice sshd 192.0.2.9", &l));
		assert_false(holds("alice sshd console", &l));
	}
}

static void
without_an_address_it_is_the_console(void **state)
{
	struct fg_login l = { .service = "login",
		.user = "alice",
		.ruser = "",
		.tty = "/dev/tty1",
		.rhost = "",
		.ssh_connection = "" };

	(void)state;
	assert_true(holds("alice login console", &l));
	assert_true(holds("alice * any", &l));
	assert_false(holds("alice login local", &l));
	assert_false(holds("alice login 0.0.0.0/0", &l));
}

/* Before and behind sudo's change of the user, and in su. */
static void
who_asks_in_sudo_and_su_is_the_caller(void **state)
{
	static const char *const targets[] = { "alice", "root", "carol" };
	struct fg_login l = { .service = "sudo",
		.ruser = "alice",
		.tty = "/dev/pts/0",
		.rhost = "",
		.ssh_connection = "" };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(targets); i++) {
		l.user = targets[i];
		assert_true(holds("alice sudo local", &l));
		assert_true(holds("alice sudo any", &l));
		assert_false(holds("root sudo local", &l));
		assert_false(holds("carol sudo any", &l));
		assert_false(holds("alice sudo console", &l));
	}
	/* whatever the other side of a network says of it */
	l.rhost = "192.0.2.9";
	l.user = "carol";
	assert_false(holds("alice sudo any", &l));
	assert_true(holds("carol sudo any", &l));
	assert_false(holds("carol sudo local", &l));
}

/* ---- files ---------------------------------------------------------------*/

static char dir[] = "/tmp/fg-glass-XXXXXX";
static char path[64];

static void
write_bytes(const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(close(fd), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/breakglass", dir);
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

static void
each_line_is_read_with_its_number(void **state)
{
	static const char text[] = "# nobody\n\nalice sshd any\nwrong\n"
				   "bob su local\ncarol sshd any";
	struct fg_glass_entry e;
	struct fg_glass g;

	(void)state;
	write_bytes(text, strlen(text));
	assert_int_equal(fg_glass_open(&g, path), 0);
	assert_int_equal(fg_glass_next(&g, &e), 0);
	assert_string_equal(e.user, "alice");
	assert_int_equal(g.line, 3);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_FORMAT);
	assert_int_equal(g.line, 4);
	assert_non_null(strstr(g.why, "three words"));
	assert_string_equal(e.user, "");
	assert_int_equal(fg_glass_next(&g, &e), 0);
	assert_string_equal(e.user, "bob");
	assert_int_equal(fg_glass_next(&g, &e), 0);
	assert_string_equal(e.user, "carol");
	assert_int_equal(g.line, 6);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_NOT_FOUND);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_NOT_FOUND);
	fg_glass_close(&g);
}

/* A comment of len bytes, and an entry behind it. */
static void
is_read_behind(size_t len, bool right)
{
	static const char entry[] = "\nalice sshd any\n";
	char text[4096];
	struct fg_glass_entry e;
	struct fg_glass g;

	memset(text, '#', len);
	memcpy(text + len, entry, sizeof(entry));
	write_bytes(text, len + sizeof(entry) - 1);
	assert_int_equal(fg_glass_open(&g, path), 0);
	if (!right)
		assert_int_equal(fg_glass_next(&g, &e), FG_ERR_FORMAT);
	assert_int_equal(fg_glass_next(&g, &e), 0);
	assert_string_equal(e.user, "alice");
	assert_int_equal(g.line, 2);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_NOT_FOUND);
	fg_glass_close(&g);
}

static void
a_long_line_is_none_and_hides_none(void **state)
{
	(void)state;
	for (size_t len = 490; len <= FG_GLASS_LINE_MAX; len++)
		is_read_behind(len, true);
	for (size_t len = FG_GLASS_LINE_MAX + 1; len < 1600; len++)
		is_read_behind(len, false);
}

/* The end of a line that was cut is no line by itself. */
static void
what_is_behind_a_limit_is_no_entry(void **state)
{
	char text[1200];
	struct fg_glass_entry e;
	struct fg_glass g;

	(void)state;
	memset(text, '#', sizeof(text));
	memcpy(text + 512, "alice sshd any", 14);
	write_bytes(text, 526);
	assert_int_equal(fg_glass_open(&g, path), 0);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_FORMAT);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_NOT_FOUND);
	fg_glass_close(&g);
	write_bytes("alice sshd any\0 x\nbob sshd any\n", 31);
	assert_int_equal(fg_glass_open(&g, path), 0);
	assert_int_equal(fg_glass_next(&g, &e), FG_ERR_FORMAT);
	assert_int_equal(fg_glass_next(&g, &e), 0);
	assert_string_equal(e.user, "bob");
	fg_glass_close(&g);
}

static void
is_refused(int want, const char *why)
{
	struct fg_glass g;

	assert_int_equal(fg_glass_open(&g, path), want);
	assert_int_equal(g.fd, -1);
	if (why != NULL)
		assert_non_null(strstr(g.why, why));
	fg_glass_close(&g);
}

static void
only_roots_own_file_is_believed(void **state)
{
	char other[80];

	(void)state;
	(void)unlink(path);
	is_refused(FG_ERR_NOT_FOUND, NULL);
	write_bytes("alice sshd any\n", 15);
	assert_int_equal(chmod(path, 0620), 0);
	is_refused(FG_ERR_UNSAFE, "not root's");
	assert_int_equal(chmod(path, 0602), 0);
	is_refused(FG_ERR_UNSAFE, "not root's");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chmod(dir, 0770), 0);
	is_refused(FG_ERR_UNSAFE, "a folder on its path");
	assert_int_equal(chmod(dir, 0700), 0);
	(void)snprintf(other, sizeof(other), "%s.other", path);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	is_refused(FG_ERR_UNSAFE, "symbolic link");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	is_refused(FG_ERR_UNSAFE, "no regular file");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	is_refused(FG_ERR_UNSAFE, "no regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rename(other, path), 0);
	assert_int_equal(chown(path, 1, 0), 0);
	is_refused(FG_ERR_UNSAFE, "not root's");
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(chown(dir, 1, 0), 0);
	is_refused(FG_ERR_UNSAFE, "a folder on its path");
	assert_int_equal(chown(dir, 0, 0), 0);
}

/* It would be off in silence if that were taken for no file. */
static void
a_folder_that_is_a_link_is_refused(void **state)
{
	char link[80], behind[120];
	struct fg_glass g;

	(void)state;
	write_bytes("alice sshd any\n", 15);
	(void)snprintf(link, sizeof(link), "%s-link", dir);
	(void)snprintf(behind, sizeof(behind), "%s/breakglass", link);
	assert_int_equal(symlink(dir, link), 0);
	assert_int_equal(fg_glass_open(&g, behind), FG_ERR_UNSAFE);
	assert_non_null(strstr(g.why, "symbolic link, or no folder"));
	assert_int_equal(unlink(link), 0);
	(void)snprintf(behind, sizeof(behind), "%s/b", path);
	assert_int_equal(fg_glass_open(&g, behind), FG_ERR_UNSAFE);
	assert_non_null(strstr(g.why, "symbolic link, or no folder"));
}

static void
a_file_that_is_too_long_is_refused(void **state)
{
	(void)state;
	write_bytes("", 0);
	assert_int_equal(truncate(path, FG_GLASS_FILE_MAX + 1), 0);
	is_refused(FG_ERR_LIMIT, "longer than");
}

/* Of what grows while it is read, no more is taken than may be in it. */
static void
a_file_that_grows_is_refused(void **state)
{
	struct fg_glass_entry e;
	char text[1024];
	struct fg_glass g;
	int fd, r = 0;

	(void)state;
	memset(text, '\n', sizeof(text));
	write_bytes(text, sizeof(text));
	assert_int_equal(fg_glass_open(&g, path), 0);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(write(fd, text, sizeof(text)), sizeof(text));
	assert_int_equal(close(fd), 0);
	while (r == 0)
		r = fg_glass_next(&g, &e);
	assert_int_equal(r, FG_ERR_LIMIT);
	assert_non_null(strstr(g.why, "longer than"));
	fg_glass_close(&g);
}

static void
a_path_has_to_be_absolute(void **state)
{
	static const char *const paths[] = { "", "breakglass", "/", "/etc/",
		"./etc/farmgate/breakglass" };
	struct fg_glass g;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(paths); i++) {
		assert_int_equal(fg_glass_open(&g, paths[i]), FG_ERR_FORMAT);
		assert_int_equal(g.fd, -1);
	}
	assert_int_equal(fg_glass_open(&g, "/nonexistent/a/b"),
	    FG_ERR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_user_a_service_and_an_origin),
		cmocka_unit_test(nothing_and_comments_are_no_entries),
		cmocka_unit_test(a_wrong_line_grants_nothing_and_says_why),
		cmocka_unit_test(names_have_the_lengths_of_the_protocol),
		cmocka_unit_test(an_entry_is_of_one_user_and_service),
		cmocka_unit_test(a_prefix_holds_its_addresses_and_no_other),
		cmocka_unit_test(what_is_no_address_is_nowhere),
		cmocka_unit_test(without_an_address_it_is_the_console),
		cmocka_unit_test(who_asks_in_sudo_and_su_is_the_caller),
		cmocka_unit_test(each_line_is_read_with_its_number),
		cmocka_unit_test(a_long_line_is_none_and_hides_none),
		cmocka_unit_test(what_is_behind_a_limit_is_no_entry),
		cmocka_unit_test(only_roots_own_file_is_believed),
		cmocka_unit_test(a_folder_that_is_a_link_is_refused),
		cmocka_unit_test(a_file_that_is_too_long_is_refused),
		cmocka_unit_test(a_file_that_grows_is_refused),
		cmocka_unit_test(a_path_has_to_be_absolute),
	};

	(void)argc;
	asroot_or_skip(argv);
	if (getenv("FG_ASROOT") != NULL) {
		(void)printf("SKIP %s: the root folder is not this root's\n",
		    argv[0]);
		return 0;
	}
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
