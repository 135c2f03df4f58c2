/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one form of each kind of hardware ID, what is refused for its form and
 * what identifies nothing, lists of them, and digests.
 */
#include "policyd/device/hwid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "proto/result.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define HEX_64 \
	"a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"

static const enum hwid_kind serials[] = { HWID_BOARD, HWID_DISK, HWID_SERIAL,
	HWID_CHASSIS };

static void
expect(enum hwid_kind kind, const char *text, const char *form)
{
	struct hwid hwid;
	const char *why = "";

	if (hwid_make(kind, text, &hwid, &why) != 0)
		fail_msg("%s \"%s\" %s", hwid_kind_name(kind), text, why);
	assert_null(why);
	assert_int_equal(hwid.kind, kind);
	assert_string_equal(hwid.text, form);
}

/* Nothing is left of what was refused, and it is said why. */
static void
refuse(enum hwid_kind kind, const char *text, int want)
{
	static const struct hwid none;
	struct hwid hwid;
	const char *why = NULL;
	int r;

	memset(&hwid, 'x', sizeof(hwid));
	r = hwid_make(kind, text, &hwid, &why);
	if (r != want)
		fail_msg("%s \"%s\": %d instead of %d", hwid_kind_name(kind),
		    text, r, want);
	assert_memory_equal(&hwid, &none, sizeof(hwid));
	assert_non_null(why);
	assert_true(strncmp(why, "is ", 3) == 0 ||
	    strncmp(why, "has ", 4) == 0 || strncmp(why, "was ", 4) == 0);
	assert_null(strchr(why, '\n'));
	assert_true(why[strlen(why) - 1] != '.');
}

static void
refuse_serial(const char *text, int want)
{
	for (size_t i = 0; i < N(serials); i++)
		refuse(serials[i], text, want);
}

/* ---- forms --------------------------------------------------------------- */

static void
serial_numbers_are_upper_case_without_needless_blanks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(serials); i++) {
		expect(serials[i], "pf1abcde", "PF1ABCDE");
		expect(serials[i], " \tPF1ABCDE  ", "PF1ABCDE");
		expect(serials[i], "VMware-56  4d\t01", "VMWARE-56 4D 01");
	}
}

static void
makers_own_serial_numbers_are_taken(void **state)
{
	static const char *const real[] = { "PF1ABCDE", "PF-0ABCDE",
		"R90ABCDE", /* Lenovo */
		"8XK2J33", "BHR1X", "JKLMNPQ", /* Dell, some without a digit */
		"CN-0ABC12-70166-33F-00A3-A00", "/8XK2J33/CNCMK0098E00AB/",
		"..CN7360499I003R.", /* Dell, of boards */
		"5CG1234ABC", "PGPPP01WB8F0AB", /* HP */
		"C02ABCDEF1GH", "FVFXC0ABCDEF", /* Apple */
		"L1HF6AB00CD", "W1KS427111E", /* boards of Lenovo */
		"BR80YFDYZ68ICQ4", "181242565700856", /* ASRock, ASUS */
		"S3Z8NB0K123456A", "WD-WCC4N1234567", "CVFT5194002T400BGN",
		"1907E1234567", "0x1a2b3c4d", /* disks; an eMMC */
		"VB1a2b3c4d-5e6f7a8b",
		"QM00001A", /* hypervisors, with a number */
		"VMware-56 4d 8f 01 02 03", "naa.5002538d40a1b2c3" };

	(void)state;
	for (size_t i = 0; i < N(real); i++) {
		struct hwid hwid;
		const char *why;

		if (hwid_make(HWID_DISK, real[i], &hwid, &why) != 0 ||
		    hwid_make(HWID_SERIAL, real[i], &hwid, &why) != 0)
			fail_msg("\"%s\" %s", real[i], why);
	}
}

static void
serial_numbers_are_printable_ascii_and_not_endless(void **state)
{
	char text[HWID_TEXT_MAX + 2];

	(void)state;
	refuse_serial("PF1\x01"
		      "ABCDE",
	    FG_ERR_FORMAT);
	refuse_serial("PF1ABCDE\n", FG_ERR_FORMAT);
	refuse_serial("PF1\x7f"
		      "ABCDE",
	    FG_ERR_FORMAT);
	refuse_serial("PF1\xc3\x84"
		      "BCDE",
	    FG_ERR_FORMAT);
	refuse_serial("\xff\xff\xff\xff", FG_ERR_FORMAT);
	for (size_t i = 0; i < HWID_TEXT_MAX; i++)
		text[i] = (char)('A' + i % 26);
	text[0] = '7';
	text[HWID_TEXT_MAX] = '\0';
	expect(HWID_DISK, text, text);
	text[HWID_TEXT_MAX] = 'X';
	text[HWID_TEXT_MAX + 1] = '\0';
	refuse_serial(text, FG_ERR_LIMIT);
}

static void
blanks_do_not_count_for_the_length(void **state)
{
	char text[300];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text + 100, "PF1A", 4);
	memcpy(text + 200, "BCDE", 4);
	text[sizeof(text) - 1] = '\0';
	expect(HWID_SERIAL, text, "PF1A BCDE");
}

static void
uuids_have_one_form(void **state)
{
	static const char form[] = "4c4c4544-0038-4b10-8032-b8c04f4a3333";

	(void)state;
	expect(HWID_UUID, form, form);
	expect(HWID_UUID, "4C4C4544-0038-4B10-8032-B8C04F4A3333", form);
	expect(HWID_UUID, "{4C4C4544-0038-4b10-8032-B8C04F4A3333}", form);
	expect(HWID_UUID, "4c4c454400384b108032b8c04f4a3333", form);
	expect(HWID_UUID, "  4c4c4544-0038-4b10-8032-b8c04f4a3333 ", form);
}

static void
what_is_no_uuid_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "2", "Not Settable",
		"4c4c4544-0038-4b10-8032-b8c04f4a333",
		"4c4c4544-0038-4b10-8032-b8c04f4a33333",
		"4c4c4544-0038-4b10-8032-b8c04f4a333g",
		"4c4c4544-0038-4b10-8032_b8c04f4a3333",
		"4c4c45440-038-4b10-8032-b8c04f4a3333",
		"{4c4c4544-0038-4b10-8032-b8c04f4a3333",
		"4c4c4544-0038-4b10-8032-b8c04f4a3333}",
		"4c4c4544 0038 4b10 8032 b8c04f4a3333",
		"4c4c4544-0038-4b10-8032-b8c04f4a3333\n" };

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		refuse(HWID_UUID, bad[i], FG_ERR_FORMAT);
}

static void
mac_addresses_have_one_form(void **state)
{
	static const char form[] = "8c:16:45:0a:1b:2c";

	(void)state;
	expect(HWID_MAC, form, form);
	expect(HWID_MAC, "8C:16:45:0A:1B:2C", form);
	expect(HWID_MAC, "8c-16-45-0A-1b-2c", form);
	expect(HWID_MAC, "8c16.450a.1b2c", form);
	expect(HWID_MAC, "8c16450a1b2c", form);
	expect(HWID_MAC, "\t8c:16:45:0a:1b:2c ", form);
}

static void
what_is_no_mac_address_is_refused(void **state)
{
	static const char *const bad[] = { "", "0", "8c:16:45:0a:1b",
		"8c:16:45:0a:1b:2c:3d", "8c:16:45:0a:1b:2g",
		"8c:16-45:0a:1b:2c", "8c16:450a:1b2c", "8c:1645:0a:1b:2c",
		"8c.16.45.0a.1b.2c", "8c16450a1b2", "8c16450a1b2c3",
		"0x8c16450a1b2c", "8c:16:45:0a:1b:2c:",
		"00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00" };

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		refuse(HWID_MAC, bad[i], FG_ERR_FORMAT);
}

static void
a_tpm_key_is_its_sha_256(void **state)
{
	char text[128] = "SHA256:";
	size_t n = 7;

	(void)state;
	expect(HWID_TPM, HEX_64, HEX_64);
	expect(HWID_TPM, " sha256:" HEX_64 " ", HEX_64);
	for (size_t i = 0; i < 64; i += 2)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.2s",
		    i == 0 ? "" : ":", &HEX_64[i]);
	expect(HWID_TPM, text, HEX_64);
	expect(HWID_TPM, text + 7, HEX_64);
	refuse(HWID_TPM, "", FG_ERR_FORMAT);
	refuse(HWID_TPM, "SHA256:", FG_ERR_FORMAT);
	refuse(HWID_TPM, HEX_64 "0", FG_ERR_FORMAT);
	refuse(HWID_TPM, &HEX_64[1], FG_ERR_FORMAT);
	refuse(HWID_TPM, "SHA1:" HEX_64, FG_ERR_FORMAT);
	refuse(HWID_TPM, "SHA256:SHA256:" HEX_64, FG_ERR_FORMAT);
	text[n - 3] = ';';
	refuse(HWID_TPM, text, FG_ERR_FORMAT);
}

static void
what_is_of_no_kind_is_refused(void **state)
{
	(void)state;
	refuse(HWID_NONE, "PF1ABCDE", FG_ERR_FORMAT);
	refuse(HWID_KINDS, "PF1ABCDE", FG_ERR_FORMAT);
}

/* ---- what identifies nothing --------------------------------------------- */

static void
what_nobody_has_filled_in_is_no_serial_number(void **state)
{
	static const char *const bad[] = { "", "   ", "\t",
		"To be filled by O.E.M.",
		"To Be Filled By O.E.M. by More String", "to be filled by oem",
		"Fill By OEM", "Default string", "Default_string",
		"DEFAULT STRING", "System Serial Number", "SystemSerialNumb",
		"Chassis Serial Number", "Base Board Serial Number",
		"Unspecified Base Board Serial Number", "No Serial Number",
		"Type2 - Board Serial Number", "Serial Number xxxxxx",
		"Not Specified", "Not Applicable", "Not Available",
		"Not Present", "Not Settable", "None", "NONE", "N/A", "n/a",
		"NA", "NULL", "(null string)", "<OUT OF SPEC>", "<BAD INDEX>",
		"OEM", "O.E.M.", "OEM_Serial", "INVALID", "Unknown", "Unknow",
		"empty", "EVAL", "Tulip Computers", "No Asset Information",
		"Standard", "DELL" };

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		refuse_serial(bad[i], FG_ERR_NOT_FOUND);
}

static void
what_was_typed_without_a_thought_is_no_serial_number(void **state)
{
	static const char *const bad[] = { "0", "1", "00000000", "11111111",
		"FFFFFFFF", "xxxxx", "XXXXXXXXXXXX", "NNNNNNN", "........", "-",
		"*", "$", "0000-0000-0000", "000000000001", "01010101", "12345",
		"123456789", "0123456789", "1234567890", "12345678901234567",
		"123456789000", "9876543210", "0123456789ABCDEF",
		"MB-1234567890", "SYS-1234567890", "SN-1234567890",
		"Asset-1234567890", "AB1", "7-7", "Main Board",
		"Type your number here" };

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		refuse_serial(bad[i], FG_ERR_NOT_FOUND);
}

static void
disks_that_a_hypervisor_numbers_are_told_apart(void **state)
{
	(void)state;
	refuse(HWID_DISK, "QM00001", FG_ERR_NOT_FOUND);
	refuse(HWID_DISK, "QM00013", FG_ERR_NOT_FOUND);
	refuse(HWID_DISK, "VB1234-56789", FG_ERR_NOT_FOUND);
	refuse(HWID_DISK, "VMware NVME_0000", FG_ERR_NOT_FOUND);
	/* what another maker's laptop may well have on its label */
	expect(HWID_SERIAL, "QM00013", "QM00013");
	expect(HWID_DISK, "QM000131", "QM000131");
	expect(HWID_DISK, "QN00013", "QN00013");
}

static void
uuids_that_many_machines_have_are_told_apart(void **state)
{
	static const char *const bad[] = {
		"00000000-0000-0000-0000-000000000000",
		"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
		"01010101-0101-0101-0101-010101010101",
		"fefefefe-fefe-fefe-fefe-fefefefefefe",
		"03000200-0400-0500-0006-000700080009",
		"00020003-0004-0005-0006-000700080009",
		"03020100-0504-0706-0809-0A0B0C0D0E0F",
		"10000000-0000-8000-0040-000000000000",
		"4C4C4544-0000-2010-8020-80C04F202020",
		"12345678-ffff-ffff-ffff-ffffffffffff",
		"03000200040005000006000700080009",
		"{03000200-0400-0500-0006-000700080009}",
		"deadbeef-dead-beef-dead-beefdeadbeef"
	};

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		refuse(HWID_UUID, bad[i], FG_ERR_NOT_FOUND);
	/* Supermicro's: zeros, and the number of the card at the end */
	expect(HWID_UUID, "00000000-0000-0000-0000-0cc47a1b2c3d",
	    "00000000-0000-0000-0000-0cc47a1b2c3d");
	/* ASRock's: zeros behind what differs */
	expect(HWID_UUID, "76006b9c-c49c-0000-0000-000000000000",
	    "76006b9c-c49c-0000-0000-000000000000");
}

static void
mac_addresses_that_are_no_cards_are_told_apart(void **state)
{
	static const char *const bad[] = { "00:00:00:00:00:00",
		"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "33:33:00:00:00:01",
		"02:00:4e:43:50:49", "52:54:00:12:34:56", /* QEMU's */
		"0a:00:27:00:00:00", "fe:ff:ff:ff:ff:ff", "02:42:ac:11:00:02",
		"d2-6b-25-2f-2c-e7", "00:a0:c6:00:00:00", "20:41:53:59:4e:ff",
		"0011.2233.4455" };

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		refuse(HWID_MAC, bad[i], FG_ERR_NOT_FOUND);
	expect(HWID_MAC, "00:a0:c6:00:00:01", "00:a0:c6:00:00:01");
	expect(HWID_MAC, "00:0c:29:01:02:03", "00:0c:29:01:02:03");
}

/* Either bit alone, in each first byte that there is. */
static void
only_makers_addresses_of_one_card_identify(void **state)
{
	char text[18];

	(void)state;
	for (unsigned int first = 0; first < 256; first++) {
		(void)snprintf(text, sizeof(text), "%02x:16:45:0a:1b:2c",
		    first);
		if ((first & 3) == 0)
			expect(HWID_MAC, text, text);
		else
			refuse(HWID_MAC, text, FG_ERR_NOT_FOUND);
	}
}

static void
a_tpm_key_that_was_not_read_is_told_apart(void **state)
{
	char text[65];

	(void)state;
	memset(text, '0', sizeof(text) - 1);
	text[64] = '\0';
	refuse(HWID_TPM, text, FG_ERR_NOT_FOUND);
	memset(text, 'F', sizeof(text) - 1);
	refuse(HWID_TPM, text, FG_ERR_NOT_FOUND);
	crypto_sha256_hex("", 0, text);
	refuse(HWID_TPM, text, FG_ERR_NOT_FOUND);
}

/* ---- kinds and lists ----------------------------------------------------- */

static void
kinds_have_names_and_weights(void **state)
{
	enum hwid_kind kind;

	(void)state;
	for (kind = HWID_TPM; kind < HWID_KINDS; kind++) {
		assert_int_equal(hwid_kind_by_name(hwid_kind_name(kind)), kind);
		assert_true(hwid_weight(kind) > 0);
		assert_true(hwid_weight(kind) <= hwid_weight(HWID_TPM));
		assert_true(hwid_weight(kind) >= hwid_weight(HWID_MAC));
	}
	assert_string_equal(hwid_kind_name(HWID_NONE), "none");
	assert_string_equal(hwid_kind_name(HWID_KINDS), "none");
	assert_int_equal(hwid_kind_by_name("none"), HWID_NONE);
	assert_int_equal(hwid_kind_by_name(""), HWID_NONE);
	assert_int_equal(hwid_kind_by_name("Serial"), HWID_NONE);
	assert_int_equal(hwid_weight(HWID_NONE), 0);
	assert_int_equal(hwid_weight(HWID_KINDS), 0);
}

/* Statements and the store have the numbers. */
static void
kinds_have_the_numbers_that_they_always_had(void **state)
{
	static const char *const names[] = { "none", "tpm", "board", "disk",
		"uuid", "serial", "chassis", "mac" };

	(void)state;
	assert_int_equal(N(names), HWID_KINDS);
	for (size_t i = 0; i < N(names); i++)
		assert_string_equal(hwid_kind_name((enum hwid_kind)i),
		    names[i]);
}

static int
add(struct hwids *hwids, enum hwid_kind kind, const char *text)
{
	struct hwid hwid;
	const char *why;

	assert_int_equal(hwid_make(kind, text, &hwid, &why), 0);
	return hwids_add(hwids, &hwid);
}

static void
a_list_is_in_one_order_whatever_came_first(void **state)
{
	static const struct {
		enum hwid_kind kind;
		const char *text;
	} ids[] = { { HWID_BOARD, "L1HF6AB00CD" }, { HWID_DISK, "AAA111" },
		{ HWID_DISK, "BBB222" }, { HWID_SERIAL, "PF1ABCDE" },
		{ HWID_MAC, "8c:16:45:0a:1b:2c" } };
	size_t turn, i;

	(void)state;
	for (turn = 0; turn < N(ids); turn++) {
		struct hwids hwids = { .n = 0 };

		for (i = 0; i < 2 * N(ids); i++)
			assert_int_equal(add(&hwids,
					     ids[(turn + 3 * i) % N(ids)].kind,
					     ids[(turn + 3 * i) % N(ids)].text),
			    0);
		assert_int_equal(hwids.n, N(ids));
		for (i = 0; i < N(ids); i++) {
			assert_int_equal(hwids.list[i].kind, ids[i].kind);
			assert_string_equal(hwids.list[i].text, ids[i].text);
		}
	}
}

static void
a_machine_has_one_board_and_several_disks(void **state)
{
	struct hwids hwids = { .n = 0 };
	char text[32];
	size_t i;

	(void)state;
	assert_int_equal(add(&hwids, HWID_BOARD, "L1HF6AB00CD"), 0);
	assert_int_equal(add(&hwids, HWID_BOARD, "L1HF6AB00CD"), 0);
	assert_int_equal(add(&hwids, HWID_BOARD, "L1HF6AB00CE"), FG_ERR_LIMIT);
	for (i = 0; i < HWIDS_EACH_MAX; i++) {
		(void)snprintf(text, sizeof(text), "DISK%zu", i + 100);
		assert_int_equal(add(&hwids, HWID_DISK, text), 0);
		(void)snprintf(text, sizeof(text), "8c:16:45:0a:1b:%02zx", i);
		assert_int_equal(add(&hwids, HWID_MAC, text), 0);
	}
	assert_int_equal(add(&hwids, HWID_DISK, "DISK99"), FG_ERR_LIMIT);
	assert_int_equal(add(&hwids, HWID_DISK, "DISK100"), 0);
	assert_int_equal(add(&hwids, HWID_MAC, "8c:16:45:0a:1b:fe"),
	    FG_ERR_LIMIT);
	assert_int_equal(hwids.n, 1 + 2 * HWIDS_EACH_MAX);
}

/* As many of each kind as there may be. */
static void
there_is_room_for_all_that_a_kind_may_have(void **state)
{
	struct hwids hwids = { .n = 0 };
	struct hwid hwid = { .kind = HWID_NONE };
	enum hwid_kind kind;

	(void)state;
	for (kind = HWID_TPM; kind < HWID_KINDS; kind++) {
		hwid.kind = kind;
		for (unsigned int i = 0; i < 100; i++) {
			(void)snprintf(hwid.text, sizeof(hwid.text), "%u", i);
			(void)hwids_add(&hwids, &hwid);
		}
	}
	assert_true(hwids.n <= HWIDS_MAX);
	assert_int_equal(hwids.n, 5 + 2 * HWIDS_EACH_MAX);
	assert_int_equal(hwids.list[hwids.n - 1].kind, HWID_MAC);
}

static void
a_digest_is_of_the_kind_and_the_text(void **state)
{
	static const uint8_t data[] = "farmgate-hwid-v1\005PF1ABCDE";
	struct hwids hwids = { .n = 0 };
	struct hwid_digests digests;
	char hex[CRYPTO_HEX_SIZE], part[3];

	(void)state;
	assert_int_equal(add(&hwids, HWID_CHASSIS, "pf1abcde"), 0);
	assert_int_equal(add(&hwids, HWID_SERIAL, " pf1abcde"), 0);
	memset(&digests, 'x', sizeof(digests));
	hwids_digest(&hwids, &digests);
	assert_int_equal(digests.n, 2);
	assert_int_equal(digests.unread, 0);
	assert_int_equal(digests.list[0].kind, HWID_SERIAL);
	assert_int_equal(digests.list[1].kind, HWID_CHASSIS);
	crypto_sha256_hex(data, sizeof(data) - 1, hex);
	for (size_t i = 0; i < HWID_DIGEST_SIZE; i++) {
		(void)snprintf(part, sizeof(part), "%02x",
		    digests.list[0].bytes[i]);
		assert_memory_equal(part, hex + 2 * i, 2);
	}
	assert_memory_not_equal(digests.list[0].bytes, digests.list[1].bytes,
	    HWID_DIGEST_SIZE);
}

static void
digests_are_completed_by_whole_kinds(void **state)
{
	struct hwids some = { .n = 0 }, more = { .n = 0 };
	struct hwid_digests digests, other;

	(void)state;
	assert_int_equal(add(&some, HWID_DISK, "S4EVNX0M1"), 0);
	assert_int_equal(add(&more, HWID_DISK, "S4EVNX0M2"), 0);
	hwids_digest(&some, &digests);
	hwids_digest(&more, &other);
	assert_false(hwid_digests_complete(&digests, &other));
	assert_int_equal(digests.n, 1);
	assert_int_equal(add(&more, HWID_MAC, "3c:52:82:11:22:33"), 0);
	assert_int_equal(add(&more, HWID_MAC, "3c:52:82:11:22:34"), 0);
	hwids_digest(&more, &other);
	assert_true(hwid_digests_complete(&digests, &other));
	assert_int_equal(digests.n, 3);
	assert_int_equal(digests.list[1].kind, HWID_MAC);
	assert_int_equal(digests.list[2].kind, HWID_MAC);
	assert_false(hwid_digests_complete(&digests, &other));
	/* never beyond the room that there is */
	digests.n = HWIDS_MAX - 1;
	for (size_t i = 0; i < digests.n; i++)
		digests.list[i].kind = HWID_DISK;
	assert_true(hwid_digests_complete(&digests, &other));
	assert_int_equal(digests.n, HWIDS_MAX);
}

static void
nothing_has_no_digest(void **state)
{
	static const struct hwids none;
	static const struct hwid_digests no_digests;
	struct hwid_digests digests;

	(void)state;
	memset(&digests, 'x', sizeof(digests));
	hwids_digest(&none, &digests);
	assert_memory_equal(&digests, &no_digests, sizeof(digests));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    serial_numbers_are_upper_case_without_needless_blanks),
		cmocka_unit_test(makers_own_serial_numbers_are_taken),
		cmocka_unit_test(
		    serial_numbers_are_printable_ascii_and_not_endless),
		cmocka_unit_test(blanks_do_not_count_for_the_length),
		cmocka_unit_test(uuids_have_one_form),
		cmocka_unit_test(what_is_no_uuid_is_refused),
		cmocka_unit_test(mac_addresses_have_one_form),
		cmocka_unit_test(what_is_no_mac_address_is_refused),
		cmocka_unit_test(a_tpm_key_is_its_sha_256),
		cmocka_unit_test(what_is_of_no_kind_is_refused),
		cmocka_unit_test(what_nobody_has_filled_in_is_no_serial_number),
		cmocka_unit_test(
		    what_was_typed_without_a_thought_is_no_serial_number),
		cmocka_unit_test(
		    disks_that_a_hypervisor_numbers_are_told_apart),
		cmocka_unit_test(uuids_that_many_machines_have_are_told_apart),
		cmocka_unit_test(
		    mac_addresses_that_are_no_cards_are_told_apart),
		cmocka_unit_test(only_makers_addresses_of_one_card_identify),
		cmocka_unit_test(a_tpm_key_that_was_not_read_is_told_apart),
		cmocka_unit_test(kinds_have_names_and_weights),
		cmocka_unit_test(kinds_have_the_numbers_that_they_always_had),
		cmocka_unit_test(a_list_is_in_one_order_whatever_came_first),
		cmocka_unit_test(a_machine_has_one_board_and_several_disks),
		cmocka_unit_test(there_is_room_for_all_that_a_kind_may_have),
		cmocka_unit_test(a_digest_is_of_the_kind_and_the_text),
		cmocka_unit_test(digests_are_completed_by_whole_kinds),
		cmocka_unit_test(nothing_has_no_digest),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
