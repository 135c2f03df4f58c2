/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of an asset: what they take, what they leave out, and above all
 * what they refuse.
 */
#include "tests/unit/assets.h"

static char long_text[ASSET_FIELD_MAX * 2];

/* n times the character c. */
static const char *
many(char c, size_t n)
{
	memset(long_text, c, n);
	long_text[n] = '\0';
	return long_text;
}

/* n items, PREFIX and a number each, with separator between them. */
static const char *
list_of(const char *prefix, size_t n, const char *separator)
{
	size_t used = 0;

	long_text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used +=
		    (size_t)snprintf(long_text + used, sizeof(long_text) - used,
			"%s%s%02zu", i > 0 ? separator : "", prefix, i);
	return long_text;
}

static void
an_empty_asset_is_issued_and_physical(void **state)
{
	struct asset a;

	(void)state;
	asset_init(&a);
	assert_int_equal(a.form, ASSET_PHYSICAL);
	assert_int_equal(a.status, ASSET_ISSUED);
	assert_int_equal(a.ids.n, 0);
	for (size_t i = 0; asset_fields[i] != NULL; i++)
		if (strcmp(asset_fields[i], "form") != 0 &&
		    strcmp(asset_fields[i], "status") != 0)
			assert_string_equal(got(&a, asset_fields[i]), "");
	assert_string_equal(got(&a, "form"), "physical");
	assert_string_equal(got(&a, "status"), "issued");
	assert_string_equal(got(&a, "price"), "");
}

static void
names_of_numbers_that_mean_nothing_are_none(void **state)
{
	(void)state;
	assert_string_equal(asset_form_name(ASSET_FORM_NONE), "none");
	assert_string_equal(asset_form_name((enum asset_form)7), "none");
	assert_string_equal(asset_status_name(ASSET_STATUS_NONE), "none");
	assert_string_equal(asset_status_name((enum asset_status)7), "none");
}

static void
only_the_tag_is_required(void **state)
{
	const char *why = NULL;
	struct asset a;

	(void)state;
	random_asset(&a, 1);
	set(&a, "asset_tag", "");
	assert_int_equal(asset_finish(&a, &why), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "asset_tag is missing; "));
	asset_init(&a);
	assert_int_equal(asset_finish(&a, &why), FG_ERR_FORMAT);
	set(&a, "asset_tag", "LT-0042");
	assert_int_equal(asset_finish(&a, &why), 0);
	assert_null(why);
}

static void
an_empty_text_empties_a_field(void **state)
{
	struct asset a, empty;

	(void)state;
	asset_init(&empty);
	for (unsigned int n = 0; n < 50; n++) {
		random_asset(&a, n);
		for (size_t i = 0; asset_fields[i] != NULL; i++)
			set(&a, asset_fields[i], i % 2 ? "" : " \t\r\n");
		assert_memory_equal(&a, &empty, sizeof(a));
	}
}

static void
what_is_got_sets_the_same_asset(void **state)
{
	char text[ASSET_FIELD_MAX];
	struct asset a, again;

	(void)state;
	for (unsigned int n = 0; n < 2000; n++) {
		random_asset(&a, n);
		asset_init(&again);
		for (size_t i = 0; asset_fields[i] != NULL; i++)
			set(&again, asset_fields[i],
			    asset_get(&a, asset_fields[i], text));
		same_asset(&a, &again);
	}
}

static void
a_field_that_does_not_exist_is_refused(void **state)
{
	static const char *const none[] = { "", "tag", "Serial", "mac",
		"serial ", "price" };

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
	for (size_t i = 0; asset_fields[i] != NULL; i++)
		for (size_t k = 0; k < COUNT(bad); k++)
			refused(asset_fields[i], FG_ERR_FORMAT, bad[k],
			    "UTF-8");
}

static void
texts_of_any_length_are_refused_and_never_cut(void **state)
{
	static const size_t lens[] = { 257, ASSET_FIELD_MAX - 1,
		ASSET_FIELD_MAX, ASSET_FIELD_MAX + 1, ASSET_FIELD_MAX * 2 - 1 };
	const char *why;
	struct asset a;

	(void)state;
	asset_init(&a);
	for (size_t i = 0; asset_fields[i] != NULL; i++)
		for (size_t k = 0; k < COUNT(lens); k++)
			assert_int_not_equal(asset_set(&a, asset_fields[i],
						 many('a', lens[k]), &why),
			    0);
	refused("asset_tag", FG_ERR_LIMIT, many('t', 65), "64");
	refused("user", FG_ERR_LIMIT, many('u', FG_USER_MAX + 1), "256");
	refused("vendor", FG_ERR_LIMIT, many('v', 65), "64");
	refused("model", FG_ERR_LIMIT, many('m', 65), "64");
	refused("serial", FG_ERR_LIMIT, list_of("S7", 20, ""), "64");
	refused("board_serial", FG_ERR_LIMIT, list_of("B7", 20, ""), "64");
	refused("chassis_serial", FG_ERR_LIMIT, list_of("C7", 20, ""), "64");
	refused("disk_serials", FG_ERR_LIMIT, list_of("D7", 20, ""), "64");
	refused("ssh_keys", FG_ERR_LIMIT, many('k', 81), "80");
	refused("location", FG_ERR_LIMIT, many('l', 97), "96");
	refused("shipped_to", FG_ERR_LIMIT, many('s', 97), "96");
	set(&a, "asset_tag", many('t', 64));
	assert_int_equal(strlen(a.tag), 64);
	set(&a, "shipped_to", many('s', 96));
	assert_int_equal(strlen(a.shipped_to.text), 96);
}

static void
tags_are_printable_and_without_blanks(void **state)
{
	static const char *const bad[] = { "LT 0042", "LT\t42", "LT\n42",
		"LT-\xc3\xa5", "a\x7f", "\xe2\x80\x8bLT", "LT\xc2\xa0\x34" };
	static const char *const formulas[] = { "=1", "+1", "-1", "@x" };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "asset_tag", " lt-0042/A;\"7 ");
	assert_string_equal(a.tag, "lt-0042/A;\"7");
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("asset_tag", FG_ERR_FORMAT, bad[i], "blank");
	for (size_t i = 0; i < COUNT(formulas); i++)
		refused("asset_tag", FG_ERR_FORMAT, formulas[i], "formula");
}

static void
users_are_entries_of_people(void **state)
{
	static const char *const bad[] = { "a,b", "a:b", "a/b", "a\"b", "a\x01",
		"=x", "alice @x" };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "user", "alice; bob alice");
	assert_int_equal(a.nusers, 2);
	assert_true(asset_has_user(&a, "bob"));
	assert_false(asset_has_user(&a, "bo"));
	assert_false(asset_has_user(&a, "Alice"));
	assert_false(asset_has_user(&a, ""));
	set(&a, "user", list_of("user", ASSET_USERS_MAX, " "));
	assert_int_equal(a.nusers, ASSET_USERS_MAX);
	refused("user", FG_ERR_LIMIT, list_of("user", ASSET_USERS_MAX + 1, " "),
	    "more than 4");
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("user", FG_ERR_FORMAT, bad[i], "account");
}

static void
vendors_and_models_are_free_but_for_what_is_not_seen(void **state)
{
	static const char *const bad[] = { "a\nb", "a\rb", "\x1b[2J", "a\x01",
		"\xe2\x80\xae"
		"lleD",
		"\xef\xbb\xbf"
		"Dell",
		"=HYPERLINK(\"x\")", "+47", "-1", "@SUM(A1)" };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "vendor", " Bj\xc3\xb8rn, \"AS\"; \\ ");
	assert_string_equal(a.vendor, "Bj\xc3\xb8rn, \"AS\"; \\");
	for (size_t i = 0; i < COUNT(bad); i++) {
		refused("vendor", FG_ERR_FORMAT, bad[i], "; ");
		refused("model", FG_ERR_FORMAT, bad[i], "; ");
	}
}

static void
forms_are_two_words(void **state)
{
	static const char *const bad[] = { "none", "vm", "virtual machine",
		"physical virtual", "0" };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "form", "Virtual");
	assert_int_equal(a.form, ASSET_VIRTUAL);
	set(&a, "form", "PHYSICAL");
	assert_int_equal(a.form, ASSET_PHYSICAL);
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("form", FG_ERR_FORMAT, bad[i], "physical or virtual");
}

static void
statuses_are_what_inventories_say(void **state)
{
	static const struct {
		const char *text;
		enum asset_status status;
	} good[] = { { "issued", ASSET_ISSUED }, { "Deployed", ASSET_ISSUED },
		{ "in_use", ASSET_ISSUED }, { "IN-USE", ASSET_ISSUED },
		{ "Checked  Out", ASSET_ISSUED }, { "stock", ASSET_STOCK },
		{ "Ready to Deploy", ASSET_STOCK }, { "Pending", ASSET_STOCK },
		{ "available", ASSET_STOCK }, { "LOST", ASSET_LOST },
		{ "Lost/Stolen", ASSET_LOST }, { "missing", ASSET_LOST },
		{ "retired", ASSET_RETIRED }, { "Archived", ASSET_RETIRED },
		{ "Broken - Not Fixable", ASSET_RETIRED },
		{ "Out for Repair", ASSET_RETIRED },
		{ "sold", ASSET_RETIRED } };
	static const char *const bad[] = { "none", "deploy", "not issued",
		"issued?", "issued;", "issued lost", "()", "(deployed)", "ok",
		"issued (", "issued ()", "issued (loaned)", "ours (deployed)",
		"deployed)", "online", "1", "inactive", "non-active" };
	struct asset a;

	(void)state;
	asset_init(&a);
	for (size_t i = 0; i < COUNT(good); i++) {
		set(&a, "status", good[i].text);
		if (a.status != good[i].status)
			fail_msg("%s: %s", good[i].text, got(&a, "status"));
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("status", FG_ERR_FORMAT, bad[i],
		    "issued, stock, lost or retired");
	refused("status", FG_ERR_FORMAT, many('x', 200), "no status");
	refused("status", FG_ERR_LIMIT, many('x', ASSET_FIELD_MAX), "longer");
}

static void
of_a_status_and_its_type_the_worse_one_counts(void **state)
{
	static const struct {
		const char *text;
		enum asset_status status;
	} pairs[] = { { "Ready to Deploy (deployed)", ASSET_ISSUED },
		{ "In Use (deployed)", ASSET_ISSUED },
		{ "Ready to Deploy (deployable)", ASSET_STOCK },
		{ "In Use (deployable)", ASSET_STOCK },
		{ "Pending (pending)", ASSET_STOCK },
		{ "Stolen (deployed)", ASSET_LOST },
		{ "Lost/Stolen (undeployable)", ASSET_LOST },
		{ "Lost/Stolen (archived)", ASSET_LOST },
		{ "Retired (deployed)", ASSET_RETIRED },
		{ "Deployed (archived)", ASSET_RETIRED },
		{ "Out for Repair (undeployable)", ASSET_RETIRED } };
	struct asset a;

	(void)state;
	asset_init(&a);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		set(&a, "status", pairs[i].text);
		if (a.status != pairs[i].status)
			fail_msg("%s: %s", pairs[i].text, got(&a, "status"));
	}
}

/* ---- IDs ---- */

static void
ids_come_in_one_form_and_order(void **state)
{
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "macs", "00-00-5E-00-53-02;00:00:5e:00:53:01 00005e005302");
	set(&a, "serial", " pf-exmp1  a ");
	set(&a, "uuid", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6");
	set(&a, "disk_serials", "z9exmpl; A1 EXMPL;;\nz9exmpl;");
	set(&a, "tpm_ek", "SHA256:" TPM_EK);
	assert_int_equal(a.ids.n, 7);
	assert_string_equal(got(&a, "macs"),
	    "00:00:5e:00:53:01 00:00:5e:00:53:02");
	assert_string_equal(got(&a, "serial"), "PF-EXMP1 A");
	assert_string_equal(got(&a, "uuid"),
	    "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
	assert_string_equal(got(&a, "disk_serials"), "A1 EXMPL; Z9EXMPL");
	assert_string_equal(got(&a, "tpm_ek"), TPM_EK);
	for (size_t i = 1; i < a.ids.n; i++)
		assert_true(a.ids.list[i - 1].kind <= a.ids.list[i].kind);
}

static void
setting_a_kind_again_replaces_that_kind_alone(void **state)
{
	struct asset a, want;
	const char *why;

	(void)state;
	asset_init(&a);
	set(&a, "disk_serials", "S4EXMPL0A1; S4EXMPL0B2");
	set(&a, "serial", "5CGEXMPL4T");
	set(&a, "macs", "00:00:5e:00:53:01");
	set(&a, "disk_serials", "WDEXMPL7X");
	assert_string_equal(got(&a, "disk_serials"), "WDEXMPL7X");
	assert_string_equal(got(&a, "serial"), "5CGEXMPL4T");
	asset_init(&want);
	set(&want, "macs", "00:00:5e:00:53:01");
	set(&want, "serial", "5CGEXMPL4T");
	assert_int_equal(asset_set(&a, "disk_serials", "A1EXMPL;\x01", &why),
	    FG_ERR_FORMAT);
	same_asset(&a, &want);
}

static void
what_identifies_nothing_is_left_out_and_said(void **state)
{
	static const struct {
		const char *field;
		const char *text;
		const char *rest;
	} none[] = { { "serial", "To be filled by O.E.M.", "" },
		{ "serial", "N/A", "" }, { "serial", "-", "" },
		{ "serial", "0", "" }, { "board_serial", "Default string", "" },
		{ "chassis_serial", "None", "" },
		{ "uuid", "00000000-0000-0000-0000-000000000000", "" },
		{ "uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff", "" },
		{ "macs", "00:00:00:00:00:00", "" },
		{ "macs", "02:00:5e:00:53:04 00:00:5e:00:53:01",
		    "00:00:5e:00:53:01" },
		{ "macs", "00:00:5e:00:53:01;ff:ff:ff:ff:ff:ff",
		    "00:00:5e:00:53:01" },
		{ "disk_serials", "none; S4EXMPL0A1", "S4EXMPL0A1" },
		{ "disk_serials", "S4EXMPL0A1;QM00001;0000", "S4EXMPL0A1" } };

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		left_out(none[i].field, none[i].text, none[i].rest);
}

static void
a_placeholder_replaces_what_was_there(void **state)
{
	const char *why = NULL;
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "serial", "5CGEXMPL4T");
	assert_int_equal(asset_set(&a, "serial", "Default string", &why), 0);
	assert_non_null(why);
	assert_int_equal(a.ids.n, 0);
}

static void
what_is_no_id_is_refused(void **state)
{
	static const struct {
		const char *field;
		const char *text;
		const char *part;
	} bad[] = { { "uuid", "f81d4fae", "UUID" },
		{ "uuid", "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", "UUID" },
		{ "macs", "00:00:5e:00:53", "MAC address" },
		{ "macs", "00:00:5e:00:53:01,00:00:5e:00:53:02", "MAC" },
		{ "macs", "00:00:5e:00:53:01 eth0", "MAC address" },
		{ "tpm_ek", "abcdef", "64 hexadecimal" },
		{ "tpm_ek", "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfp",
		    "64 hexadecimal" },
		{ "serial", "PF\xc3\x98-EXMP1", "ASCII" },
		{ "serial", "PF\x01-EXMP1", "ASCII" },
		{ "board_serial", "PF\x7f-EXMP1", "ASCII" },
		{ "chassis_serial", "PF\n-EXMP1", "ASCII" },
		{ "disk_serials", "S4EXMPL0A1;\xe2\x80\x8bS4EXMPL0B2",
		    "ASCII" } };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refused(bad[i].field, FG_ERR_FORMAT, bad[i].text, bad[i].part);
}

static void
ids_do_not_begin_as_formulas(void **state)
{
	static const char *const fields[] = { "serial", "board_serial",
		"chassis_serial", "disk_serials" };
	static const char *const bad[] = { "=CMD1234", "+47EXMPL", "-X4711EX",
		"@SUM4711" };

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t k = 0; k < COUNT(bad); k++)
			refused(fields[i], FG_ERR_FORMAT, bad[k], "formula");
	/* The second one could become the first. */
	refused("disk_serials", FG_ERR_FORMAT, "S4EXMPL0A1; =CMD1234",
	    "formula");
}

static void
there_are_limits_to_disks_and_addresses(void **state)
{
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "disk_serials", list_of("S4EXMPL", 8, ";"));
	set(&a, "macs", list_of("00:00:5e:00:53:", 8, " "));
	assert_int_equal(a.ids.n, 16);
	refused("disk_serials", FG_ERR_LIMIT, list_of("S4EXMPL", 9, ";"),
	    "more than 8");
	refused("macs", FG_ERR_LIMIT, list_of("00:00:5e:00:53:", 9, " "),
	    "more than 8");
	/* What is there twice, or left out, takes no room. */
	set(&a, "macs",
	    "00:00:5e:00:53:01 00:00:5e:00:53:01 00:00:5e:00:53:01 "
	    "00:00:5e:00:53:01 00:00:5e:00:53:01 00:00:5e:00:53:01 "
	    "00:00:5e:00:53:01 00:00:5e:00:53:01 00:00:5e:00:53:01");
	assert_int_equal(a.ids.n, 9);
}

/* ---- keys ---- */

static void
device_keys_are_whole(void **state)
{
	static const char *const bad[] = { "ed25519:", "ed25519:AAEC",
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"ED25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
		"ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8==",
		DEVICE_KEY " x", DEVICE_KEY ";" DEVICE_KEY, SSH_KEY };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "device_key", " " DEVICE_KEY " ");
	assert_string_equal(a.device_key, DEVICE_KEY);
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("device_key", FG_ERR_FORMAT, bad[i], "52 characters");
}

static void
ssh_keys_are_fingerprints_ids_and_principals(void **state)
{
	static const struct {
		const char *text;
		const char *part;
	} bad[] = { { "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6G",
			"whole" },
		{ "MD5:16:27:ac", "ssh-keygen" },
		{ "ssh-ed25519 AAAAC3Nz", "ssh-keygen" }, { "a,b", "';'" },
		{ "=x", "no key" }, { SSH_KEY ";-x", "no key" },
		{ "principal:", "without a name" },
		{ "principal: bob", "without a name" },
		{ "principal:a\"b", "no key" } };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "ssh_keys",
	    SSH_KEY " laptop-7;principal:bob " SSH_KEY " principal:bob");
	assert_int_equal(a.nkeys, 3);
	assert_string_equal(got(&a, "ssh_keys"),
	    SSH_KEY " laptop-7 principal:bob");
	set(&a, "ssh_keys", list_of("key", ASSET_KEYS_MAX, ";"));
	refused("ssh_keys", FG_ERR_LIMIT,
	    list_of("key", ASSET_KEYS_MAX + 1, ";"), "more than 8");
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("ssh_keys", FG_ERR_FORMAT, bad[i].text, bad[i].part);
}

/* ---- places ---- */

static void
locations_are_cities_or_degrees(void **state)
{
	static const char *const bad[] = { "Oslo", "Oslo Office", "Oslo, XX",
		"Oslo, NOR", ", NO", "NO", "=A, NO", "Os\tlo, NO" };
	static const char *const points[] = { "91,0", "+59.91,10.75", "59.91",
		"59.91,10.75,3", "0x10,5", "1e3,5",
		"12 Example Street, Springfield, US" };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "location", "Oslo, NO");
	assert_string_equal(a.location.text, "Oslo, NO");
	assert_false(a.location.has_point);
	set(&a, "location", "-33.868, 151.2093");
	assert_true(a.location.has_point && a.location.latitude == -33.868);
	set(&a, "location", "Oslo, NO");
	assert_true(!a.location.has_point && a.location.latitude == 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("location", FG_ERR_FORMAT, bad[i], "no place");
	/* Two whole numbers are degrees. */
	set(&a, "location", "59,9");
	for (size_t i = 0; i < COUNT(points); i++)
		refused("location", FG_ERR_FORMAT, points[i], "no point");
}

static void
what_is_sent_goes_to_any_address(void **state)
{
	static const char *const addresses[] = { "Oslo, NO",
		"12 Example Street, Springfield, US", "Gate 4",
		"c/o Erin; \"Dock\" 2",
		"Stra\xc3\x9f"
		"e 7, 10115 Berlin" };
	static const char *const bad[] = { "91,0", "59.91", "0150", "+47",
		"59.91,10.75,3", "a\nb", "a\x01", "\xe2\x80\xaex", "=1+1x",
		"+Street", "-Street", "@Street" };
	struct asset a;

	(void)state;
	asset_init(&a);
	set(&a, "shipped_to", "59.91, 10.75");
	assert_true(a.shipped_to.has_point && a.shipped_to.longitude == 10.75);
	for (size_t i = 0; i < COUNT(addresses); i++) {
		set(&a, "shipped_to", addresses[i]);
		assert_string_equal(a.shipped_to.text, addresses[i]);
		assert_false(a.shipped_to.has_point);
		assert_true(a.shipped_to.longitude == 0);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("shipped_to", FG_ERR_FORMAT, bad[i], "; ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_asset_is_issued_and_physical),
		TEST(names_of_numbers_that_mean_nothing_are_none),
		TEST(only_the_tag_is_required),
		TEST(an_empty_text_empties_a_field),
		TEST(what_is_got_sets_the_same_asset),
		TEST(a_field_that_does_not_exist_is_refused),
		TEST(bytes_that_are_no_utf8_are_refused_everywhere),
		TEST(texts_of_any_length_are_refused_and_never_cut),
		TEST(tags_are_printable_and_without_blanks),
		TEST(users_are_entries_of_people),
		TEST(vendors_and_models_are_free_but_for_what_is_not_seen),
		TEST(forms_are_two_words),
		TEST(statuses_are_what_inventories_say),
		TEST(of_a_status_and_its_type_the_worse_one_counts),
		TEST(ids_come_in_one_form_and_order),
		TEST(setting_a_kind_again_replaces_that_kind_alone),
		TEST(what_identifies_nothing_is_left_out_and_said),
		TEST(a_placeholder_replaces_what_was_there),
		TEST(what_is_no_id_is_refused),
		TEST(ids_do_not_begin_as_formulas),
		TEST(there_are_limits_to_disks_and_addresses),
		TEST(device_keys_are_whole),
		TEST(ssh_keys_are_fingerprints_ids_and_principals),
		TEST(locations_are_cities_or_degrees),
		TEST(what_is_sent_goes_to_any_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
