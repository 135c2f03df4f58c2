/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a person: what they take, and above all what they refuse.
 */
#include "tests/unit/people.h"

static char long_text[PERSON_FIELD_MAX * 2];

/* n times the character c. */
static const char *
many(char c, size_t n)
{
	memset(long_text, c, n);
	long_text[n] = '\0';
	return long_text;
}

static void
an_empty_person_is_active_and_has_no_rule(void **state)
{
	struct person p;

	(void)state;
	person_init(&p);
	assert_int_equal(p.kind, PERSON_KIND_PERSON);
	assert_int_equal(p.status, PERSON_STATUS_ACTIVE);
	assert_false(p.has_point);
	assert_true(person_is_valid(&p, 0));
	assert_true(person_is_valid(&p, INT64_MIN));
	assert_true(person_is_valid(&p, INT64_MAX - 1));
	for (size_t i = 0; person_fields[i] != NULL; i++)
		if (strcmp(person_fields[i], "kind") != 0 &&
		    strcmp(person_fields[i], "status") != 0)
			assert_string_equal(got(&p, person_fields[i]), "");
	assert_string_equal(got(&p, "kind"), "person");
	assert_string_equal(got(&p, "status"), "active");
	assert_string_equal(got(&p, "salary"), "");
}

static void
an_empty_text_empties_a_field(void **state)
{
	struct person p, empty;

	(void)state;
	person_init(&empty);
	random_person(&p, 1);
	for (size_t i = 0; person_fields[i] != NULL; i++)
		set(&p, person_fields[i], i % 2 ? "" : " \t\r\n");
	assert_memory_equal(&p, &empty, sizeof(p));
}

static void
a_field_that_does_not_exist_is_refused(void **state)
{
	static const char *const none[] = { "", "User", "users", "salary" };

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		refused(none[i], FG_ERR_NOT_FOUND, "x", "no field");
}

static void
bytes_that_are_no_utf8_are_refused_everywhere(void **state)
{
	static const char *const bad[] = { "\xff", "a\xc3", "\xc0\x80",
		"\xed\xa0\x80", "\xf5\x80\x80\x80", "Bj\xf8rn" };

	(void)state;
	for (size_t i = 0; person_fields[i] != NULL; i++)
		for (size_t k = 0; k < COUNT(bad); k++)
			refused(person_fields[i], FG_ERR_FORMAT, bad[k],
			    "UTF-8");
}

static void
texts_of_any_length_are_refused_and_never_cut(void **state)
{
	static const size_t lens[] = { 257, PERSON_FIELD_MAX - 1,
		PERSON_FIELD_MAX, PERSON_FIELD_MAX + 1 };
	const char *why;
	struct person p;

	(void)state;
	person_init(&p);
	for (size_t i = 0; person_fields[i] != NULL; i++)
		for (size_t k = 0; k < COUNT(lens); k++)
			assert_int_not_equal(person_set(&p, person_fields[i],
						 many('a', lens[k]), &why),
			    0);
	set(&p, "user", many('u', FG_USER_MAX));
	assert_int_equal(strlen(p.user), FG_USER_MAX);
	set(&p, "name", many('n', PERSON_NAME_MAX));
	refused("name", FG_ERR_LIMIT, many('n', PERSON_NAME_MAX + 1), "128");
	set(&p, "groups", many('g', PERSON_GROUP_MAX));
	refused("groups", FG_ERR_LIMIT, many('g', PERSON_GROUP_MAX + 1), "64");
	refused("networks", FG_ERR_LIMIT, many('n', 33), "32");
	refused("keys", FG_ERR_LIMIT, many('k', 81), "80");
}

static void
users_are_what_a_directory_may_call_them(void **state)
{
	static const char *const good[] = { "alice", "svc-backup", "pc01$",
		"EXAMPLE\\alice", "alice@example.com", "o'brien", "first last",
		"\xc3\xa5se", "_apt", "0" };
	static const char *const bad[] = { "a,b", "a;b", "a:b", "a\"b", "a/b",
		"a\nb", "a\tb", "a\x7f",
		"\xe2\x80\xae"
		"evil",
		"a\xe2\x80\x8b", "=1+1", "+1", "-x", "@x" };
	struct person p;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		person_init(&p);
		set(&p, "user", good[i]);
		finish(&p);
		assert_string_equal(p.user, good[i]);
		assert_int_equal(p.naccounts, 1);
		assert_string_equal(p.account[0], good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("user", FG_ERR_FORMAT, bad[i], "account");
}

static void
names_are_free_but_for_what_is_not_seen(void **state)
{
	static const char *const bad[] = { "a\nb", "a\rb", "\x1b[2J", "a\x01",
		"\xe2\x80\xae"
		"elixe",
		"a\xe2\x80\xa8"
		"b",
		"\xef\xbb\xbfname", "=HYPERLINK(\"x\")", "+47", "-1",
		"@SUM(A1)" };
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "name",
	    "  Nu\xc3\xb1o \xe2\x80\x98X\xe2\x80\x99, \"Jr.\"; \\ ");
	assert_string_equal(p.name,
	    "Nu\xc3\xb1o \xe2\x80\x98X\xe2\x80\x99, \"Jr.\"; \\");
	/* A non-joiner, as Persian names have it. */
	set(&p, "name", "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xb1");
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("name", FG_ERR_FORMAT, bad[i], "; ");
}

static void
kinds_and_states_are_words(void **state)
{
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "kind", "Service");
	assert_int_equal(p.kind, PERSON_KIND_SERVICE);
	set(&p, "kind", "shared");
	set(&p, "kind", "vendor");
	set(&p, "kind", "");
	assert_int_equal(p.kind, PERSON_KIND_PERSON);
	refused("kind", FG_ERR_FORMAT, "none", "service");
	refused("kind", FG_ERR_FORMAT, "robot", "service");
	set(&p, "status", "REVOKED");
	assert_int_equal(p.status, PERSON_STATUS_REVOKED);
	refused("status", FG_ERR_FORMAT, "none", "active or revoked");
	refused("status", FG_ERR_FORMAT, "disabled", "active or revoked");
}

static void
a_status_that_is_not_understood_lets_nobody_in(void **state)
{
	const char *why;
	struct person p;

	(void)state;
	person_init(&p);
	assert_int_not_equal(person_set(&p, "status", "leaver", &why), 0);
	assert_false(person_is_valid(&p, 0));
}

static void
lists_take_blanks_and_semicolons_and_count_once(void **state)
{
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "user", "alice");
	set(&p, "accounts", "adm-alice;alice  adm-alice\t; root-alice;");
	finish(&p);
	assert_int_equal(p.naccounts, 3);
	assert_string_equal(p.account[0], "alice");
	assert_string_equal(got(&p, "accounts"), "adm-alice root-alice");
	set(&p, "countries", "no se\nJP;no");
	assert_string_equal(got(&p, "countries"), "NO SE JP");
	set(&p, "groups", ";;");
	assert_int_equal(p.ngroups, 0);
	set(&p, "groups", "staff ops");
	assert_true(person_has_group(&p, "ops"));
	assert_false(person_has_group(&p, "op"));
	assert_false(person_has_group(&p, ""));
}

static void
list_of(char *buf, size_t size, const char *prefix, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%zu ",
		    prefix, i);
}

static void
lists_are_refused_above_their_limits(void **state)
{
	static const struct {
		const char *field;
		size_t max;
	} lists[] = { { "accounts", PERSON_ACCOUNTS_MAX },
		{ "groups", PERSON_GROUPS_MAX },
		{ "networks", PERSON_NETWORKS_MAX },
		{ "keys", PERSON_KEYS_MAX } };
	char buf[1024];
	const char *why;
	struct person p;

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		person_init(&p);
		list_of(buf, sizeof(buf), "x", lists[i].max);
		set(&p, lists[i].field, buf);
		list_of(buf, sizeof(buf), "x", lists[i].max + 1);
		refused(lists[i].field, FG_ERR_LIMIT, buf, "more than");
	}
	/* The user is one of the sixteen. */
	person_init(&p);
	list_of(buf, sizeof(buf), "x", PERSON_ACCOUNTS_MAX);
	set(&p, "accounts", buf);
	set(&p, "user", "x15");
	finish(&p);
	set(&p, "user", "y");
	assert_int_equal(person_finish(&p, &why), FG_ERR_LIMIT);
}

static void
countries_are_two_letters_of_the_standard(void **state)
{
	(void)state;
	refused("countries", FG_ERR_FORMAT, "NO XX", "ISO");
	refused("countries", FG_ERR_FORMAT, "UK", "write GB");
	refused("countries", FG_ERR_FORMAT, "el", "write GR");
	refused("countries", FG_ERR_LIMIT, "NOR", "two letters");
	refused("countries", FG_ERR_LIMIT, "Norway", "two letters");
	refused("countries", FG_ERR_LIMIT, "NO,SE", "blanks or ';'");
	refused("countries", FG_ERR_FORMAT, "N", "ISO");
	refused("countries", FG_ERR_FORMAT, "*", "ISO");
}

static void
networks_are_names_and_no_addresses(void **state)
{
	(void)state;
	refused("networks", FG_ERR_FORMAT, "192.0.2.0/24", "address");
	refused("networks", FG_ERR_FORMAT, "2001:db8::1", "address");
	refused("networks", FG_ERR_FORMAT, "Office", "name of a network");
	refused("networks", FG_ERR_FORMAT, "office,vpn", "';'");
	refused("groups", FG_ERR_FORMAT, "@staff", "without it");
	refused("groups", FG_ERR_FORMAT, "staff,ops", "';'");
	refused("accounts", FG_ERR_FORMAT, "a,b", "';'");
	refused("accounts", FG_ERR_FORMAT, "good =bad", "begins with");
}

static void
keys_are_whole_fingerprints_or_ids(void **state)
{
	static const char whole[] =
	    "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM";
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "keys", whole);
	assert_string_equal(p.key[0], whole);
	set(&p, "keys", "alice@example.com laptop-7");
	assert_int_equal(p.nkeys, 2);
	refused("keys", FG_ERR_FORMAT,
	    "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6G", "whole");
	refused("keys", FG_ERR_FORMAT,
	    "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6G=", "whole");
	refused("keys", FG_ERR_FORMAT, "MD5:16:27:ac", "ssh-keygen");
	refused("keys", FG_ERR_FORMAT, "ssh-ed25519 AAAAC3Nz", "ssh-keygen");
	refused("keys", FG_ERR_FORMAT, "AAAAC3NzaC1lZDI1NTE5", "ssh-keygen");
	refused("keys", FG_ERR_FORMAT, "a,b", "';'");
}

static void
homes_are_cities_or_points(void **state)
{
	static const char *const cities[] = { "Oslo, NO", "oslo,no",
		"S\xc3\xa3o Paulo,  BR", "Washington, D.C., US" };
	static const char *const bad[] = { "Oslo", "Oslo, Norway", "Oslo, XX",
		", NO", "Oslo NO", "=Oslo, NO", "59.91", "59,91,10,75",
		"59.91;10.75", "91,0", "-90.0001,0", "0,180.5", "0,-181",
		"59.,10", ".5,10", "1e1,2", "0x10,2", "nan,nan", "59.91,",
		"+59.91,10.75", "59.91 N,10.75 E", "59.1234567890,1",
		"Oslo\n, NO", "1000,1", "--1,1", "59.91,10.75,3" };
	struct person p;

	(void)state;
	for (size_t i = 0; i < COUNT(cities); i++) {
		person_init(&p);
		set(&p, "home", cities[i]);
		assert_false(p.has_point);
		assert_string_equal(p.home, cities[i]);
	}
	set(&p, "home", "59.91,10.75");
	assert_true(p.has_point);
	assert_true(p.latitude == 59.91 && p.longitude == 10.75);
	set(&p, "home", "-33.868820, 151.209290");
	assert_true(p.latitude == -33.86882 && p.longitude == 151.20929);
	set(&p, "home", "Oslo, NO");
	assert_false(p.has_point);
	assert_true(p.latitude == 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("home", FG_ERR_FORMAT, bad[i], "59.91,10.75");
	refused("home", FG_ERR_LIMIT, many('O', PERSON_HOME_MAX + 1), "96");
}

static void
a_radius_has_its_unit_and_a_home(void **state)
{
	const char *why;
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "user", "alice");
	set(&p, "radius", "100 KM");
	assert_true(p.radius_km == 100);
	assert_string_equal(got(&p, "radius"), "100km");
	assert_int_equal(person_finish(&p, &why), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "home"));
	refused("radius", FG_ERR_FORMAT, "100", "100km");
	refused("radius", FG_ERR_FORMAT, "60mi", "100km");
	refused("radius", FG_ERR_FORMAT, "-5km", "100km");
	refused("radius", FG_ERR_FORMAT, "1.5km", "100km");
	refused("radius", FG_ERR_FORMAT, "1e3km", "100km");
	refused("radius", FG_ERR_LIMIT, "0km", "1km");
	refused("radius", FG_ERR_LIMIT, "20001km", "20000km");
	refused("radius", FG_ERR_FORMAT, "99999999999999999999km", "100km");
}

static void
zones_are_names(void **state)
{
	(void)state;
	refused("zone", FG_ERR_FORMAT, "/etc/localtime", "Europe/Oslo");
	refused("zone", FG_ERR_FORMAT, "../x", "Europe/Oslo");
	refused("zone", FG_ERR_FORMAT, "+01:00", "Europe/Oslo");
	refused("zone", FG_ERR_FORMAT, "Europe Oslo", "Europe/Oslo");
	refused("zone", FG_ERR_LIMIT, many('Z', 49), "Europe/Oslo");
}

static void
not_finished(struct person *p, const char *part)
{
	const char *why = NULL;

	assert_int_equal(person_finish(p, &why), FG_ERR_FORMAT);
	assert_non_null(why);
	assert_non_null(strstr(why, "; "));
	if (strstr(why, part) == NULL)
		fail_msg("%s", why);
}

static void
each_entry_needs_its_user(void **state)
{
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "name", "Alice");
	set(&p, "accounts", "alice");
	not_finished(&p, "user is missing");
}

static void
a_service_has_networks_and_no_geography(void **state)
{
	static const struct {
		const char *field, *text, *part;
	} wrong[] = { { "countries", "NO", "no countries" },
		{ "home", "59.91,10.75", "no home" },
		{ "hours", "mon-fri 08:00-18:00", "no hours" },
		{ "networks", "", "needs networks" } };
	struct person p;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		person_init(&p);
		set(&p, "user", "ansible");
		set(&p, "kind", "service");
		set(&p, "networks", "control");
		set(&p, wrong[i].field, wrong[i].text);
		not_finished(&p, wrong[i].part);
	}
	set(&p, "networks", "control");
	finish(&p);
}

static void
a_shared_account_has_no_keys_of_its_own(void **state)
{
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "user", "deploy");
	set(&p, "kind", "shared");
	finish(&p);
	set(&p, "keys", "alice@example.com");
	not_finished(&p, "people who use it");
}

static void
fields_may_be_set_in_any_order_and_read_back(void **state)
{
	char text[15][PERSON_FIELD_MAX];
	struct person p, again;

	(void)state;
	for (unsigned int n = 0; n < 3000; n++) {
		random_person(&p, n);
		for (size_t i = 0; person_fields[i] != NULL; i++)
			(void)person_get(&p, person_fields[i], text[i]);
		person_init(&again);
		for (size_t i = 0, k = n; i < COUNT(text); i++, k++)
			set(&again, person_fields[(k * 7) % COUNT(text)],
			    text[(k * 7) % COUNT(text)]);
		finish(&again);
		same_person(&p, &again);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_person_is_active_and_has_no_rule),
		TEST(an_empty_text_empties_a_field),
		TEST(a_field_that_does_not_exist_is_refused),
		TEST(bytes_that_are_no_utf8_are_refused_everywhere),
		TEST(texts_of_any_length_are_refused_and_never_cut),
		TEST(users_are_what_a_directory_may_call_them),
		TEST(names_are_free_but_for_what_is_not_seen),
		TEST(kinds_and_states_are_words),
		TEST(a_status_that_is_not_understood_lets_nobody_in),
		TEST(lists_take_blanks_and_semicolons_and_count_once),
		TEST(lists_are_refused_above_their_limits),
		TEST(countries_are_two_letters_of_the_standard),
		TEST(networks_are_names_and_no_addresses),
		TEST(keys_are_whole_fingerprints_or_ids),
		TEST(homes_are_cities_or_points),
		TEST(a_radius_has_its_unit_and_a_home),
		TEST(zones_are_names),
		TEST(each_entry_needs_its_user),
		TEST(a_service_has_networks_and_no_geography),
		TEST(a_shared_account_has_no_keys_of_its_own),
		TEST(fields_may_be_set_in_any_order_and_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
