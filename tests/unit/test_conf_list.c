/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of addresses and of autonomous systems, as other people's tools write
 * them: what each line means, and that no line is taken for something else.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "tests/unit/asroot.h"
#include "tests/unit/conf_fixture.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define ASN_DB	      "database asn { files = {\"/nonexistent/a.mmdb\"} }\n"

static char dir[] = "/tmp/fg-list.XXXXXX";

/* What one list came to. */
struct read {
	struct conf_errors errors;
	struct conf_reader reader;
	struct conf_list list;
	struct netset *set;
	struct conf_asns asns;
};

static void
read_addresses(struct read *r, const char *text)
{
	char *data = strdup(text);

	memset(r, 0, sizeof(*r));
	assert_non_null(data);
	assert_non_null(r->set = netset_new());
	r->reader.file = "t.conf";
	r->reader.errors = &r->errors;
	r->list.reader = &r->reader;
	r->list.path = "list";
	r->list.what = "address";
	r->list.into = r->set;
	conf_list_parse(&r->list, conf_netfile_line, data, strlen(text));
	netset_seal(r->set);
	assert_false(r->reader.nomem);
	free(data);
}

static void
read_numbers(struct read *r, const char *text)
{
	char *data = strdup(text);

	memset(r, 0, sizeof(*r));
	assert_non_null(data);
	r->reader.file = "t.conf";
	r->reader.errors = &r->errors;
	r->list.reader = &r->reader;
	r->list.path = "list";
	r->list.what = "AS number";
	r->list.into = &r->asns;
	conf_list_parse(&r->list, conf_asnfile_line, data, strlen(text));
	conf_asnfile_seal(&r->asns);
	assert_false(r->reader.nomem);
	free(data);
}

static void
read_done(struct read *r)
{
	conf_errors_done(&r->errors);
	netset_free(r->set);
	free(r->asns.sorted);
}

static bool
holds(const struct netset *set, const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return netset_contains(set, &a);
}

static void
show_read(const struct read *r, const char *text)
{
	print_error("in: %s\n", text);
	conf_errors_print(&r->errors, stderr);
}

/* A list with exactly one prefix, 192.0.2.0/24 unless it says otherwise. */
static void
is_one(const char *text, const char *in, const char *out)
{
	struct read r;

	read_addresses(&r, text);
	if (r.errors.count != 0 || r.list.entries != 1 ||
	    netset_count(r.set) != 1 || !holds(r.set, in) ||
	    holds(r.set, out)) {
		show_read(&r, text);
		fail_msg("%zu entries, %zu in the set", r.list.entries,
		    netset_count(r.set));
	}
	read_done(&r);
}

/* One line that is wrong, and nothing of it in the set. */
static void
is_wrong(const char *text, const char *part)
{
	struct read r;

	read_addresses(&r, text);
	if (r.errors.count != 1 || r.errors.list[0].line != 1 ||
	    strstr(r.errors.list[0].text, part) == NULL ||
	    strstr(r.errors.list[0].text, "; ") == NULL ||
	    netset_count(r.set) != 0) {
		show_read(&r, text);
		fail_msg("wanted %s", part);
	}
	assert_string_equal(r.errors.list[0].file, "list");
	read_done(&r);
}

static void
test_an_address_stands_in_all_of_these(void **state)
{
	static const char *const lines[] = {
		"192.0.2.0/24",
		"  192.0.2.0/24\t",
		"192.0.2.0/24\r\n",
		"\xef\xbb\xbf"
		"192.0.2.0/24\r\n",
		"\xef\xbb\xbf# list\r\n\r\n192.0.2.0/24",
		"192.0.2.0/24 # comment",
		"192.0.2.0/24#comment",
		"192.0.2.0/24 ; SBL1",
		"192.0.2.0/24;NO;comment, with commas",
		"192.0.2.0/24 // comment",
		"; c\n# c\n// c\n192.0.2.0/24\n;\n#\n//\n",
		"192.0.2.0/24,NO,\"Example, Ltd\"",
		"192.0.2.0/24,",
		"\"192.0.2.0/24\",\"64500\",\"x\"",
		" \"192.0.2.0/24\" , x",
		"network,geoname_id\n192.0.2.0/24,1",
		"IP,country\n192.0.2.0/24,NO",
		"\"cidr\",\"x\"\r\n\"192.0.2.0/24\",\"y\"\r\n",
		"192.0.2.0-192.0.2.255",
		"192.0.2.0 - 192.0.2.255",
		"192.0.2.0-192.0.2.255,x,y",
		"192.0.2.0\t-\t192.0.2.255 # c",
		"add vpn 192.0.2.0/24",
		"add vpn 192.0.2.0-192.0.2.255",
		"add vpn 192.0.2.0/24 timeout 60 comment \"# no; comment\"",
		"add -exist vpn 192.0.2.0/24",
		"-A vpn 192.0.2.0/24",
		"create vpn hash:net family inet hashsize 1024 maxelem 65536\n"
		"flush vpn\nadd vpn 192.0.2.0/24\nCOMMIT\n",
		"::ffff:192.0.2.0/120",
	};
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(lines); i++) {
		is_one(lines[i], "192.0.2.0", "192.0.1.255");
		is_one(lines[i], "192.0.2.255", "192.0.3.0");
	}
	is_one("ExitNode 0123456789ABCDEF\nPublished 2026-11-01 00:00:00\n"
	       "LastStatus 2026-11-01 01:00:00\n"
	       "ExitAddress 198.51.100.7 2026-11-01 01:02:03\n",
	    "198.51.100.7", "198.51.100.8");
	is_one("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::");
	is_one("2001:db8::-2001:db8::ff", "2001:db8::ff", "2001:db8::100");
	is_one("192.0.2.7-192.0.2.7", "192.0.2.7", "192.0.2.8");
	is_one("192.0.2.7", "192.0.2.7", "192.0.2.6");
}

/* CFG-08 */
static void
test_what_is_no_address_is_an_error(void **state)
{
	static const char *const bad[] = { "LOCAL", "tty1", "example.com",
		"localhost", "192.0.2", "192.0.02.1", "0x7f000001",
		"192.0.2.0/33", "192.0.2.0/", "192.0.2.1/24", "2001:db8::/129",
		"fe80::1%eth0", "ip", "network", "name,192.0.2.0/24", "AS64500",
		"vpn:192.0.2.0/24", "192.0.2.1:22", "*", "deadbeef", "add",
		"add vpn", "add vpn example.com", "add vpn 192.0.2.1,tcp:22",
		"ExitAddress", "ExitAddress relay 2026-11-01",
		"del vpn 192.0.2.0/24", "creates vpn", "\"192.0.2.0/24",
		"192.0.2.0/24\"", ",", "\"\",x", "/24", "http://192.0.2.1/",
		"exclude 192.0.2.0/24" };
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++)
		is_wrong(bad[i], ";");
	is_wrong("192.0.2.0/24 198.51.100.0/24", "one address a line");
	is_wrong("192.0.2.1 9", "one address a line");
}

static void
test_ranges_go_up_within_one_family(void **state)
{
	static const char *const bad[] = { "192.0.2.9-192.0.2.1",
		"192.0.2.0/24-192.0.2.255", "192.0.2.1-", "192.0.2.1-9",
		"192.0.2.1-2001:db8::1", "2001:db8::2-2001:db8::1",
		"192.0.2.1-192.0.2.2-192.0.2.3", "192.0.2.1-192.0.2.256",
		"fe80::1-fe80::2%eth0", "192.0.2.1--192.0.2.2", "abc-def",
		"a-b" };
	char longest[400];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++)
		is_wrong(bad[i], "is no range; write its first");
	is_wrong("-192.0.2.1", "is no address");
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	longest[20] = '-';
	is_wrong(longest, "is no range");
	is_wrong("tty-1", "is no address");
}

/* The two ends of a range are not two addresses, nor the other way round. */
static void
test_two_columns_with_addresses_are_refused(void **state)
{
	(void)state;
	is_wrong("192.0.2.0,192.0.2.255,NO", "second address in the next");
	is_wrong("\"192.0.2.0\",\"192.0.2.255\"", "second address");
	is_wrong("2001:db8::,2001:db8::ff,NO", "second address");
	is_one("192.0.2.1,NO,198.51.100.1", "192.0.2.1", "198.51.100.1");
}

/* What an ipset excepts must not become a member, nor be lost. */
static void
test_exceptions_of_an_ipset_are_refused(void **state)
{
	(void)state;
	is_wrong("add vpn 192.0.2.0/25 nomatch", "(nomatch)");
	is_wrong("add vpn 192.0.2.0/25 comment \"# x\" nomatch", "(nomatch)");
	is_wrong("add -exist vpn 192.0.2.0/25 timeout 1 nomatch", "(nomatch)");
}

static void
test_a_heading_is_one_on_the_first_line_only(void **state)
{
	struct read r;

	(void)state;
	read_addresses(&r, "192.0.2.0/24,x\nnetwork,x\n");
	assert_int_equal(r.errors.count, 1);
	assert_int_equal(r.errors.list[0].line, 2);
	read_done(&r);
	is_wrong("country,network", "is no address");
	read_addresses(&r, "network,x\nnetwork,x\n");
	assert_int_equal(r.errors.count, 1);
	assert_int_equal(r.errors.list[0].line, 2);
	read_done(&r);
}

static void
test_numbers_of_systems_are_read_from_their_lines(void **state)
{
	struct read r;

	(void)state;
	read_numbers(&r,
	    "\xef\xbb\xbf# list; one a line\r\n; x\n// x\n\n"
	    "AS9\tExample, Ltd # x\n64500\nas3 - x\nAS9 again\n"
	    "\"AS7\",\"Example\"\n8,Example\n10;x\n 11 \r\n12#x\n"
	    "AS4294967295");
	assert_int_equal(r.errors.count, 0);
	assert_int_equal(r.list.entries, 10);
	assert_int_equal(r.asns.nsorted, 9);
	assert_int_equal(r.asns.sorted[0], 3);
	assert_int_equal(r.asns.sorted[8], 4294967295u);
	assert_true(conf_asns_has(&r.asns, 12));
	read_done(&r);
	read_numbers(&r, "ASN,Entity\n\"64500\",\"x\"\n");
	assert_int_equal(r.errors.count, 0);
	assert_int_equal(r.asns.nsorted, 1);
	read_done(&r);
}

static void
test_what_is_no_number_of_a_system_is_an_error(void **state)
{
	static const char *const bad[] = { "AS", "AS0 x", "x AS64500", "-1",
		"AS-1", "1.10", "4294967296", "AS64500x", "ASN", "asn,x\nasn,x",
		"192.0.2.0/24", "Example", "\"\",x", ",64500", "0x10", "+1" };
	struct read r;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		read_numbers(&r, bad[i]);
		if (r.errors.count != 1 || r.asns.nsorted != 0 ||
		    strstr(r.errors.list[0].text, "is no number of an") == NULL)
			show_read(&r, bad[i]);
		assert_int_equal(r.errors.count, 1);
		assert_int_equal(r.asns.nsorted, 0);
		read_done(&r);
	}
}

static void
put(const char *name, const char *text, time_t at)
{
	struct timespec times[2] = { { .tv_sec = at }, { .tv_sec = at } };
	char path[512];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* GEO-10 */
static void
test_a_list_is_as_old_as_the_oldest_of_its_files(void **state)
{
	struct conf *conf;
	char text[2048];

	(void)state;
	put("new", "192.0.2.0/24\n", 1700000000);
	put("old", "198.51.100.0/24\n", 1600000000);
	put("asns", "AS64500 x\n64501\n", 1650000000);
	(void)snprintf(text, sizeof(text),
	    ASN_DB "network n { files = {\"%s/new\", \"%s/old\"} kind = vpn\n"
		   "max_age = 1d }\n"
		   "network m { files = {\"%s/new\"} cidr = 192.0.2.1\n"
		   "label = x }\n"
		   "asn a { files = {\"%s/asns\"} numbers = AS64500\n"
		   "kind = vpn max_age = 1d }\n",
	    dir, dir, dir, dir);
	conf = accepted(text);
	assert_int_equal(conf->networks[0].listed_at_s, 1600000000);
	assert_int_equal(conf->networks[0].max_age_s, 86400);
	assert_int_equal(netset_count(conf->networks[0].set), 2);
	assert_int_equal(conf->networks[1].listed_at_s, 1700000000);
	assert_int_equal(conf->asns[0].listed_at_s, 1650000000);
	assert_int_equal(conf->asns[0].nsorted, 2);
	conf_free(conf);
}

/* Unless it says itself of when it is, in one way only. */
static void
test_a_list_may_say_how_old_it_is(void **state)
{
	static const struct {
		const char *head;
		int64_t want;
	} t[] = { { "# date: 2020-02-29\n", 1582934400 },
		{ "\xef\xbb\xbf# x\r\n\r\n # date: 2020-02-29 \r\n",
		    1582934400 },
		{ "# date: 2030-01-01\n", 1893456000 },
		{ "# date: 2020-02-30\n", 1700000000 },
		{ "# date: 2020-02-29T00:00:00Z\n", 1700000000 },
		{ "# date: 20200229\n", 1700000000 },
		{ "# date: 2020-02-2\n", 1700000000 },
		{ "# date: \n", 1700000000 },
		{ "# Date: 2020-02-29\n", 1700000000 },
		{ "; date: 2020-02-29\n", 1700000000 },
		{ "AS64501\n# date: 2020-02-29\n", 1700000000 } };
	struct conf *conf;
	char text[1024];
	size_t i;

	(void)state;
	put("net", "# date: 2021-01-01\n192.0.2.0/24\n", 1600000000);
	for (i = 0; i < N_ELEMENTS(t); i++) {
		(void)snprintf(text, sizeof(text), "%sAS64500\n", t[i].head);
		put("dated", text, 1700000000);
		(void)snprintf(text, sizeof(text),
		    ASN_DB "asn a { files = {\"%s/dated\"} kind = vpn }\n"
			   "network n { files = {\"%s/net\", \"%s/old\"}\n"
			   "label = x }\n",
		    dir, dir, dir);
		put("old", "192.0.2.7\n", i == 0 ? 1500000000 : 1700000000);
		conf = accepted(text);
		assert_true(conf->asns[0].listed_at_s == t[i].want);
		/* one file's date is none of the next one's */
		assert_true(conf->networks[0].listed_at_s ==
		    (i == 0 ? 1500000000 : 1609459200));
		conf_free(conf);
	}
}

static void
test_lists_that_hold_nothing_are_refused(void **state)
{
	char text[1024];

	(void)state;
	put("empty", "# x\n\n", 1700000000);
	(void)snprintf(text, sizeof(text),
	    ASN_DB "asn a { kind = vpn\n files = {\"%s/empty\"} }\n", dir);
	refused(text, 3, "holds no AS number; fill it");
	(void)snprintf(text, sizeof(text),
	    ASN_DB "asn a { kind = vpn\n files = {\"%s/none\"} }\n", dir);
	refused(text, 3, "No such file");
	refused(ASN_DB "asn a { kind = vpn\n files = \"none\" }\n", 3,
	    "no absolute path");
	put("bad", "AS64500\nexample\n", 1700000000);
	(void)snprintf(text, sizeof(text),
	    ASN_DB "asn a { kind = vpn\n files = {\"%s/bad\"} }\n", dir);
	refused(text, 2, "\"example\" is no number");
}

/* n lines, the i-th with fmt's number first + i. */
static void
put_many(const char *name, unsigned int first, unsigned int n, bool comments)
{
	char path[512];
	FILE *out;

	put(name, "", 1700000000);
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_non_null(out = fopen(path, "w"));
	for (unsigned int i = 0; i < n; i++)
		fprintf(out, "%s%u\n", comments ? "#" : "", first + i);
	assert_int_equal(fclose(out), 0);
}

/* No login is decided while they are read. */
static void
test_lists_together_have_a_bound(void **state)
{
	struct conf *conf;
	char text[1024];

	(void)state;
	put_many("half", 1, CONF_ENTRIES_MAX / 2, false);
	put_many("more", 1000000, CONF_ENTRIES_MAX / 2, false);
	put("last", "AS64500\n", 1700000000);
	(void)snprintf(text, sizeof(text),
	    ASN_DB "asn a { kind = vpn files = {\"%s/half\"} }\n"
		   "asn b { kind = vpn files = {\"%s/more\"} }\n",
	    dir, dir);
	conf = accepted(text);
	assert_int_equal(conf->asns[0].nsorted, CONF_ENTRIES_MAX / 2);
	assert_int_equal(conf->asns[1].nsorted, CONF_ENTRIES_MAX / 2);
	conf_free(conf);
	(void)snprintf(text, sizeof(text),
	    ASN_DB "asn a { kind = vpn files = {\"%s/half\", \"%s/more\",\n"
		   "\"%s/last\"} }\n"
		   "asn b { kind = vpn files = {\"%s/half\"} }\n",
	    dir, dir, dir, dir);
	refused(text, 0, "more than 1000000 entries together; leave out");
}

static void
test_a_list_that_is_too_long_is_refused(void **state)
{
	char text[1024];

	(void)state;
	put_many("long", 1000000, CONF_NETFILE_MAX / 9 + 1, true);
	(void)snprintf(text, sizeof(text),
	    "network n { label = x\n files = {\"%s/long\"} }\n", dir);
	refused(text, 2, "has more than 8388608 bytes; leave out");
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

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_address_stands_in_all_of_these),
		cmocka_unit_test(test_what_is_no_address_is_an_error),
		cmocka_unit_test(test_ranges_go_up_within_one_family),
		cmocka_unit_test(test_two_columns_with_addresses_are_refused),
		cmocka_unit_test(test_exceptions_of_an_ipset_are_refused),
		cmocka_unit_test(test_a_heading_is_one_on_the_first_line_only),
		cmocka_unit_test(
		    test_numbers_of_systems_are_read_from_their_lines),
		cmocka_unit_test(
		    test_what_is_no_number_of_a_system_is_an_error),
		cmocka_unit_test(
		    test_a_list_is_as_old_as_the_oldest_of_its_files),
		cmocka_unit_test(test_a_list_may_say_how_old_it_is),
		cmocka_unit_test(test_lists_that_hold_nothing_are_refused),
		cmocka_unit_test(test_lists_together_have_a_bound),
		cmocka_unit_test(test_a_list_that_is_too_long_is_refused),
	};

	(void)argc;
	asroot_or_skip(argv);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
