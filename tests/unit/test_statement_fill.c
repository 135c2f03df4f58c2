/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a laptop puts into its statement, and what is left out where there is
 * more than it has room for. Whatever is filled in can be said.
 */
#include "policyd/witness/statement_fill.h"

#include <glob.h>

#include "policyd/witness/statement_names.h"
#include "tests/unit/stating.h"

static struct finding_list list;
static struct statement st;

static int
begin(void **state)
{
	(void)state;
	memset(&list, 0, sizeof(list));
	memset(&st, 0, sizeof(st));
	return crypto_init();
}

static void
can_be_said(void)
{
	static uint8_t bytes[STATEMENT_SIZE];
	static struct statement back;

	assert_int_equal(statement_encode(&st, bytes), 0);
	assert_int_equal(statement_decode(bytes, sizeof(bytes), &back), 0);
	assert_memory_equal(&back, &st, sizeof(st));
}

/* ---- findings ----------------------------------------------------------- */

static void
found(enum finding_code code, const char *grade, const char *of)
{
	finding_add(&list, code, grade, "seen");
	finding_of(&list, code, of);
}

static void
is_finding(size_t at, enum finding_code code, const char *grade, const char *of)
{
	const struct statement_finding *f = &st.finding[at];

	assert_true(at < st.nfindings);
	assert_int_equal(statement_finding_code(f->finding), code);
	assert_string_equal(statement_grade_name(f->grade), grade);
	assert_string_equal(f->of, of);
}

static void
findings_are_told_by_number_grade_and_name(void **state)
{
	(void)state;
	found(FINDING_REMOTE_TOOL, "active", "anydesk");
	found(FINDING_REMOTE_JIGGLER, "", "mouse-jiggler");
	finding_minor(&list, FINDING_REMOTE_JIGGLER);
	statement_set_findings(&st, &list);
	assert_int_equal(st.nfindings, 2);
	assert_int_equal(st.flags, 0);
	is_finding(0, FINDING_REMOTE_TOOL, "active", "anydesk");
	assert_false(st.finding[0].minor);
	is_finding(1, FINDING_REMOTE_JIGGLER, "", "mouse-jiggler");
	assert_true(st.finding[1].minor);
	can_be_said();
}

/* What has not got a number yet is not passed over. */
static void
what_has_no_number_is_told_as_another(void **state)
{
	(void)state;
	found(FINDING_GEO_COUNTRY, "", "");
	found(FINDING_REMOTE_TOOL, "brand-new", "tool");
	statement_set_findings(&st, &list);
	assert_int_equal(st.nfindings, 2);
	assert_int_equal(st.finding[0].finding, STATEMENT_FINDING_OTHER);
	assert_int_equal(st.finding[1].grade, STATEMENT_GRADE_OTHER);
	assert_string_equal(st.finding[1].of, "tool");
	can_be_said();
}

/* The name of an entry that begins on this line. */
static bool
is_entry(const char *line, char name[64])
{
	char section[16], brace;

	return sscanf(line, "%15[a-z] %63[a-z0-9-] %c", section, name,
		   &brace) == 3 &&
	    brace == '{';
}

static void
names_that_are_shipped_are_told_whole(void **state)
{
	char line[1024], name[64];
	size_t names = 0;
	glob_t files;
	FILE *fp;

	(void)state;
	assert_int_equal(glob("conf/catalogue/*.conf", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		assert_non_null(fp = fopen(files.gl_pathv[i], "r"));
		while (fgets(line, sizeof(line), fp) != NULL) {
			if (!is_entry(line, name))
				continue;
			memset(&list, 0, sizeof(list));
			found(FINDING_REMOTE_TOOL, "running", name);
			statement_set_findings(&st, &list);
			is_finding(0, FINDING_REMOTE_TOOL, "running", name);
			names++;
		}
		(void)fclose(fp);
	}
	globfree(&files);
	assert_true(names > 100);
}

static void
a_longer_name_is_cut_and_looks_like_it(void **state)
{
	(void)state;
	found(FINDING_DEVICE_NEW_INPUT, "",
	    "123456789012345678901234567890123");
	found(FINDING_DEVICE_NEW_INPUT, "", "a\tb\x80\x7f");
	statement_set_findings(&st, &list);
	is_finding(0, FINDING_DEVICE_NEW_INPUT, "",
	    "12345678901234567890123456789...");
	is_finding(1, FINDING_DEVICE_NEW_INPUT, "", "a?b??");
	can_be_said();
}

/* Somebody who starts many programs does not hide the one that matters. */
static void
the_strictest_findings_have_the_room(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		found(FINDING_REMOTE_TOOL, "active", "of-another-user");
		finding_minor(&list, FINDING_REMOTE_TOOL);
	}
	for (int i = 0; i < 10; i++)
		found(FINDING_REMOTE_TUNNEL, "running", "ngrok");
	found(FINDING_REMOTE_KVM, "identity", "pikvm");
	found(FINDING_REMOTE_SESSION, "", "xrdp");
	statement_set_findings(&st, &list);
	assert_int_equal(st.nfindings, STATEMENT_FINDINGS_MAX);
	assert_int_equal(st.flags, STATEMENT_CUT);
	is_finding(0, FINDING_REMOTE_KVM, "identity", "pikvm");
	is_finding(1, FINDING_REMOTE_SESSION, "", "xrdp");
	for (size_t i = 2; i < st.nfindings; i++)
		is_finding(i, FINDING_REMOTE_TUNNEL, "running", "ngrok");
	can_be_said();
}

/* Whatever the shipped actions are: the jump host's may be others. */
static void
many_of_one_kind_do_not_hide_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * STATEMENT_FINDINGS_MAX; i++)
		found(FINDING_REMOTE_TOOL, "active", "anydesk");
	found(FINDING_REMOTE_TOOL, "installed", "vino");
	found(FINDING_DEVICE_NEW_INPUT, "", "usb");
	found(FINDING_REMOTE_TOOL, "installed", "other");
	statement_set_findings(&st, &list);
	assert_int_equal(st.nfindings, STATEMENT_FINDINGS_MAX);
	is_finding(0, FINDING_REMOTE_TOOL, "active", "anydesk");
	is_finding(1, FINDING_DEVICE_NEW_INPUT, "", "usb");
	is_finding(2, FINDING_REMOTE_TOOL, "installed", "vino");
	is_finding(3, FINDING_REMOTE_TOOL, "active", "anydesk");
	can_be_said();
}

static void
a_cut_list_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < STATEMENT_FINDINGS_MAX; i++)
		found(FINDING_REMOTE_TOOL, "installed", "vino");
	statement_set_findings(&st, &list);
	assert_int_equal(st.nfindings, STATEMENT_FINDINGS_MAX);
	assert_int_equal(st.flags, 0);
	found(FINDING_REMOTE_TOOL, "installed", "vino");
	st.flags = STATEMENT_VIRTUAL;
	statement_set_findings(&st, &list);
	assert_int_equal(st.flags, STATEMENT_VIRTUAL | STATEMENT_CUT);
	list.count = 1;
	statement_set_findings(&st, &list);
	assert_int_equal(st.nfindings, 1);
	assert_int_equal(st.flags, STATEMENT_VIRTUAL);
	list.overflow = true;
	statement_set_findings(&st, &list);
	assert_int_equal(st.flags, STATEMENT_VIRTUAL | STATEMENT_CUT);
	can_be_said(); /* nothing is left of the longer list */
}

/* ---- hardware IDs ------------------------------------------------------- */

static struct hwid_digests
digests_of(const size_t n[HWID_KINDS])
{
	struct hwid_digests d = { .unread = 1 << HWID_TPM };

	for (size_t kind = HWID_TPM; kind < HWID_KINDS; kind++)
		for (size_t i = 0; i < n[kind]; i++) {
			d.list[d.n].kind = (enum hwid_kind)kind;
			random_bytes(d.list[d.n++].bytes, HWID_DIGEST_SIZE);
		}
	return d;
}

static void
hardware_that_has_room_is_told_whole(void **state)
{
	const size_t n[HWID_KINDS] = { 0, 1, 1, 4, 1, 1, 1, 5 };
	struct hwid_digests d = digests_of(n);

	(void)state;
	assert_int_equal(d.n, STATEMENT_HWIDS_MAX);
	statement_set_hwids(&st, &d);
	assert_memory_equal(&st.hwids, &d, sizeof(d));
	can_be_said();
}

static void
each_kind_of_hardware_keeps_some(void **state)
{
	static const size_t n[][HWID_KINDS] = {
		{ 0, 1, 1, 8, 1, 1, 1, 8 },
		{ 0, 1, 1, 1, 1, 1, 1, 9 },
		{ 0, 1, 1, 9, 1, 1, 1, 1 },
		{ 0, 1, 1, 4, 1, 1, 1, 6 },
	};
	static const size_t want[][HWID_KINDS] = {
		{ 0, 1, 1, 5, 1, 1, 1, 4 },
		{ 0, 1, 1, 1, 1, 1, 1, 8 },
		{ 0, 1, 1, 8, 1, 1, 1, 1 },
		{ 0, 1, 1, 4, 1, 1, 1, 5 },
	};

	(void)state;
	for (size_t t = 0; t < COUNT(n); t++) {
		struct hwid_digests d = digests_of(n[t]);
		size_t kept[HWID_KINDS] = { 0 }, at = 0;

		statement_set_hwids(&st, &d);
		assert_int_equal(st.hwids.n, STATEMENT_HWIDS_MAX);
		assert_int_equal(st.hwids.unread, d.unread);
		for (size_t i = 0; i < st.hwids.n; i++) {
			kept[st.hwids.list[i].kind]++;
			/* the first ones, in their order */
			while (memcmp(&d.list[at], &st.hwids.list[i],
				   sizeof(d.list[0])) != 0)
				assert_true(++at < d.n);
		}
		assert_memory_equal(kept, want[t], sizeof(kept));
		can_be_said();
	}
}

/* ---- where it is -------------------------------------------------------- */

static const uint8_t mac[6] = { 0x8c, 0x16, 0x45, 0x0a, 0x1b, 0x2c };

static void
set_key(uint8_t key[CRYPTO_KEY_SIZE])
{
	for (size_t i = 0; i < CRYPTO_KEY_SIZE; i++)
		key[i] = (uint8_t)i;
}

/* What Python's hashlib says. */
static void
digests_are_the_documented_ones(void **state)
{
	static const uint8_t user[] = { 0x45, 0xd6, 0x9e, 0x78, 0xf0, 0x30,
		0xee, 0x37, 0x63, 0xb4, 0x8a, 0xeb, 0x1f, 0xee, 0x9c, 0xa2 };
	static const uint8_t gateway[] = { 0x8d, 0xd9, 0x4d, 0x63, 0x83, 0xa3,
		0xae, 0x6a };
	static const uint8_t monitor[] = { 0xc4, 0x34, 0xb8, 0x89, 0xfe, 0x80,
		0xa4, 0x46 };
	uint8_t key[CRYPTO_KEY_SIZE];

	(void)state;
	set_key(key);
	statement_user_digest("alice", st.user_digest);
	assert_memory_equal(st.user_digest, user, sizeof(user));
	statement_set_gateway(&st, key, mac);
	assert_memory_equal(st.gateway, gateway, sizeof(gateway));
	statement_add_peripheral(&st, key, "CN0X1234");
	assert_int_equal(st.nperipherals, 1);
	assert_memory_equal(st.peripheral[0], monitor, sizeof(monitor));
	can_be_said();
}

static void
two_hosts_cannot_join_what_they_hear(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE];
	struct statement other;

	(void)state;
	set_key(key);
	statement_set_gateway(&st, key, mac);
	statement_add_peripheral(&st, key, "CN0X1234");
	memset(&other, 0, sizeof(other));
	key[31] ^= 0x80;
	statement_set_gateway(&other, key, mac);
	statement_add_peripheral(&other, key, "CN0X1234");
	assert_memory_not_equal(st.gateway, other.gateway, STATEMENT_SITE_SIZE);
	assert_memory_not_equal(st.peripheral, other.peripheral,
	    STATEMENT_SITE_SIZE);
}

static void
another_user_has_another_digest(void **state)
{
	static const char *const users[] = { "", "alice", "Alice", "alic",
		"alice ", "bob" };
	uint8_t digest[COUNT(users)][STATEMENT_USER_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(users); i++) {
		statement_user_digest(users[i], digest[i]);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(digest[i], digest[j],
			    STATEMENT_USER_SIZE);
	}
}

/* In whatever order, and with what else, a laptop sees them. */
static void
laptops_at_one_site_keep_the_same_peripherals(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE];
	struct statement other;
	char serial[16];

	(void)state;
	set_key(key);
	memset(&other, 0, sizeof(other));
	for (int i = 0; i < 40; i++) {
		(void)snprintf(serial, sizeof(serial), "S%d", i);
		statement_add_peripheral(&st, key, serial);
		(void)snprintf(serial, sizeof(serial), "S%d", 39 - i);
		statement_add_peripheral(&other, key, serial);
		statement_add_peripheral(&other, key, serial);
	}
	assert_int_equal(st.nperipherals, STATEMENT_PERIPHERALS_MAX);
	assert_memory_equal(&st, &other, sizeof(st));
	for (size_t i = 1; i < st.nperipherals; i++)
		assert_true(memcmp(st.peripheral[i - 1], st.peripheral[i],
				STATEMENT_SITE_SIZE) < 0);
	can_be_said();
}

static void
a_peripheral_is_told_once(void **state)
{
	uint8_t key[CRYPTO_KEY_SIZE];

	(void)state;
	set_key(key);
	for (int i = 0; i < 4; i++) {
		statement_add_peripheral(&st, key, "A");
		statement_add_peripheral(&st, key, "B");
	}
	assert_int_equal(st.nperipherals, 2);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(findings_are_told_by_number_grade_and_name),
		TEST(what_has_no_number_is_told_as_another),
		TEST(names_that_are_shipped_are_told_whole),
		TEST(a_longer_name_is_cut_and_looks_like_it),
		TEST(the_strictest_findings_have_the_room),
		TEST(many_of_one_kind_do_not_hide_another),
		TEST(a_cut_list_is_told),
		TEST(hardware_that_has_room_is_told_whole),
		TEST(each_kind_of_hardware_keeps_some),
		TEST(digests_are_the_documented_ones),
		TEST(two_hosts_cannot_join_what_they_hear),
		TEST(another_user_has_another_digest),
		TEST(laptops_at_one_site_keep_the_same_peripherals),
		TEST(a_peripheral_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
