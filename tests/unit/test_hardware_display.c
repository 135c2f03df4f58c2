/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EDIDs, whole and broken, and what the rules say of a display: an ordinary
 * monitor's that was copied is that monitor's. RCD-09.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/scanner/hardware/display.h"
#include "proto/result.h"
#include "tests/unit/hardware_rules.h"

#define NAME   0xfc
#define SERIAL 0xff

/* A base block without texts. */
static void
make(uint8_t block[EDID_BLOCK], uint8_t maker_1, uint8_t maker_2,
    uint32_t product)
{
	memset(block, 0, EDID_BLOCK);
	memset(block + 1, 0xff, 6);
	block[8] = maker_1;
	block[9] = maker_2;
	block[10] = (uint8_t)product;
	block[11] = (uint8_t)(product >> 8);
}

/* Descriptor n; text has 13 bytes. */
static void
put(uint8_t block[EDID_BLOCK], unsigned int n, uint8_t tag, const char *text)
{
	uint8_t *p = block + 54 + 18 * n;

	memset(p, 0, 5);
	p[3] = tag;
	memcpy(p + 5, text, 13);
}

static void
sum(uint8_t block[EDID_BLOCK])
{
	unsigned int i, v = 0;

	for (i = 0; i < EDID_BLOCK - 1; i++)
		v += block[i];
	block[EDID_BLOCK - 1] = (uint8_t)(256 - v % 256);
}

static void
test_whole(void **state)
{
	uint8_t block[EDID_BLOCK];
	struct edid edid;

	(void)state;
	make(block, 0x10, 0xac, 0xd0b1);
	block[12] = 0x50;
	block[15] = 0x4c;
	put(block, 1, NAME, "DELL U2720Q\n ");
	put(block, 2, SERIAL, "9BDXYZ3\n     ");
	sum(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	assert_string_equal(edid.maker, "DEL");
	assert_int_equal(edid.product, 0xd0b1);
	assert_int_equal(edid.serial_number, 0x4c000050);
	assert_string_equal(edid.name, "DELL U2720Q");
	assert_string_equal(edid.serial, "9BDXYZ3");
	assert_true(edid.checksum);
}

static void
test_texts(void **state)
{
	uint8_t block[EDID_BLOCK];
	struct edid edid;

	(void)state;
	make(block, 0x10, 0xac, 1);
	put(block, 0, NAME, "thirteen char");
	put(block, 1, NAME, "another one\n ");
	put(block, 3, SERIAL, "\xdf\x1b[2J\0after12");
	sum(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	assert_string_equal(edid.name, "thirteen char");
	assert_string_equal(edid.serial, "\xdf\x1b[2J");
	/* A timing whose bytes look like a tag is none. */
	block[54] = 1;
	sum(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	assert_string_equal(edid.name, "another one");
	/* Only spaces. */
	put(block, 1, NAME, "             ");
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	assert_string_equal(edid.name, "");
	assert_false(edid.checksum);
}

static void
test_makers(void **state)
{
	uint8_t block[EDID_BLOCK];
	struct edid edid;

	(void)state;
	make(block, 0x30, 0xe0, 0); /* L, G, and none */
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	assert_string_equal(edid.maker, "LG@");
	make(block, 0xff, 0xff, 0);
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	assert_string_equal(edid.maker, "___");
}

static void
test_broken(void **state)
{
	uint8_t block[4 * EDID_BLOCK];
	struct edid edid;
	size_t len;

	(void)state;
	memset(block, 0xa5, sizeof(block));
	make(block, 0x10, 0xac, 1);
	block[126] = 255; /* of which none comes */
	for (len = 0; len < EDID_BLOCK; len++)
		assert_int_equal(edid_parse(block, len, &edid), FG_ERR_SHORT);
	assert_int_equal(edid_parse(block, EDID_BLOCK, &edid), 0);
	assert_int_equal(edid_parse(block, sizeof(block), &edid), 0);
	for (len = 0; len < 8; len++) {
		block[len] ^= 0x40;
		assert_int_equal(edid_parse(block, EDID_BLOCK, &edid),
		    FG_ERR_FORMAT);
		assert_string_equal(edid.maker, "");
		block[len] ^= 0x40;
	}
}

static struct rules rules;
static struct roster roster;
static struct machine machine;
static struct picture picture;

/* What is said of it; the first sign, or one of no kind. */
static struct sign
match(const char *connector, const char *maker, uint32_t product,
    const char *name, const char *serial)
{
	struct display display = { .has_edid = true };

	memset(&picture, 0, sizeof(picture));
	memset(&machine, 0, sizeof(machine));
	display.edid.product = product;
	display.edid.checksum = true;
	(void)strcpy(display.connector, connector);
	(void)strcpy(display.edid.maker, maker);
	(void)strcpy(display.edid.name, name);
	(void)strcpy(display.edid.serial, serial);
	roster_begin(&roster, &picture);
	display_match(&display, &rules, &machine, &roster);
	roster_end(&roster, true);
	assert_true(picture_is_valid(&picture, picture_size(&picture)));
	return picture.nsigns == 0 ? (struct sign){ 0 } : picture.sign[0];
}

static int
begin(void **state)
{
	(void)state;
	return hardware_rules(&rules);
}

static int
end(void **state)
{
	(void)state;
	rules_done(&rules);
	return 0;
}

static void
test_known(void **state)
{
	struct sign sign;

	(void)state;
	sign = match("HDMI-A-1", "TSB", 0x9876, "TinyPilot", "");
	assert_int_equal(sign.kind, ENTRY_IP_KVM);
	assert_int_equal(sign.confidence, SIGN_BY_IDENTITY);
	assert_string_equal(sign.what, "tinypilot");
	sign = match("DP-1", "LNX", 0x7773, "PiKVM V4 Plus", "CAFEBABE");
	assert_int_equal(sign.confidence, SIGN_BY_IDENTITY);
	assert_string_equal(sign.seen,
	    "display \"PiKVM V4 Plus\" (LNX:7773) on DP-1, serial "
	    "\"CAFEBABE\"");
	/* A range of products is not one of them. */
	sign = match("DP-1", "LNX", 0x7771, "Another", "");
	assert_int_equal(sign.confidence, SIGN_BY_COMPOSITION);
	assert_int_equal(match("DP-1", "LNX", 0x7774, "PiKVM", "").kind, 0);
	assert_int_equal(match("DP-1", "TSB", 0x9876, "TV", "").kind, 0);
}

static void
test_copied(void **state)
{
	(void)state;
	assert_int_equal(match("HDMI-A-1", "DEL", 0x2013, "DELL D2721H",
			     "OTHER12")
			     .kind,
	    0);
	assert_int_equal(match("HDMI-A-1", "DEL", 0x2013, "DELL D2721H", "")
			     .kind,
	    0);
	assert_int_equal(match("HDMI-A-1", "DEL", 0x2013, "DELL D2721H",
			     "3S5GQ23")
			     .kind,
	    ENTRY_IP_KVM);
}

static void
test_weak(void **state)
{
	struct sign sign;

	(void)state;
	sign = match("HDMI-A-1", "DEX", 0x0001, "", "");
	assert_int_equal(sign.kind, ENTRY_CAPTURE);
	assert_int_equal(sign.confidence, SIGN_BY_COMPOSITION);
	sign = match("HDMI-A-1", "TSB", 0x8888, "Some box", "");
	assert_int_equal(sign.confidence, SIGN_BY_COMPOSITION);
	/* Ordinary by its own name; and a machine's own panel is no capture. */
	sign = match("DP-1", "TSB", 0x8888, "ScreenXpert-", "");
	assert_int_equal(sign.kind, 0);
	sign = match("eDP-2", "TSB", 0x8888, "Some box", "");
	assert_int_equal(sign.kind, 0);
}

static void
test_hypervisor(void **state)
{
	(void)state;
	assert_int_equal(match("Virtual-1", "RHT", 0x1234, "QEMU Monitor", "")
			     .kind,
	    0);
	assert_non_null(machine.noted);
	assert_int_equal(machine.noted->kind, ENTRY_HYPERVISOR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, NULL, NULL, NULL }
		TEST(test_whole, "maker, product, serials and name are read"),
		TEST(test_texts, "texts are cut where they end"),
		TEST(test_makers, "letters that are none are told apart"),
		TEST(test_broken, "what is short or no EDID is refused"),
		TEST(test_known, "a capture device is known by its display"),
		TEST(test_copied, "a copied monitor only by its serial"),
		TEST(test_weak, "what others have, too, is no identity"),
		TEST(test_hypervisor, "a hypervisor's display is evidence"),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
