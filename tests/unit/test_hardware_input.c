/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Input devices that programs make: who may open uinput is not root alone
 * everywhere, so that what such a device is called counts for nobody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "policyd/scanner/hardware/input_match.h"
#include "policyd/scanner/hardware/roster.h"
#include "tests/unit/plugging.h"

static void
expect_by_name(enum entry_kind kind, const char *what, const char *words)
{
	expect(kind, what, SIGN_BY_NAME, words);
	assert_int_equal(sign_of(kind, what).pid, 0);
}

/* Bus, vendor and name: all is as ydotoold has it, and all is its choice. */
static void
test_a_name_is_no_identity(void **state)
{
	(void)state;
	look_at("virtual_input");
	expect_by_name(ENTRY_JIGGLER, "ydotool", "made by a program");
	expect_by_name(ENTRY_RMM, "rustdesk", "RustDesk UInput");
	assert_int_equal(sign_of(ENTRY_RMM, "rustdesk").grade, SIGN_RUNNING);
	assert_int_equal(count(ENTRY_JIGGLER), 1);
}

/* What is plugged in is what its bus says. */
static void
test_what_is_plugged_in_has_one(void **state)
{
	static const char device[] =
	    "P: " ROOT "/1-9/input/input40\nE: SUBSYSTEM=input\n"
	    "A: name=ydotoold virtual device\\n\nA: id/bustype=0006\\n\n"
	    "A: id/vendor=2333\\n\nA: id/product=6666\\n\n";

	(void)state;
	load("beaglebone");
	assert_true(mockdev.add_from_string(mockdev.bed, device, NULL));
	take_whole(1000);
	expect(ENTRY_JIGGLER, "ydotool", SIGN_BY_IDENTITY,
	    "\"ydotoold virtual device\" (bus 0006, 2333:6666)");
}

static void
add_process(enum sign_confidence confidence)
{
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	sign.kind = ENTRY_JIGGLER;
	sign.grade = SIGN_RUNNING;
	sign.confidence = confidence;
	sign.owner = SIGN_OF_USER;
	sign.uid = 1001;
	sign.pid = 4711;
	sign.audit_session = (uint32_t)-1;
	sign_text(sign.what, sizeof(sign.what), "ydotool");
	picture_add(&picture, &sign);
}

/* The sign of the process says whose it is, and for whom it counts. */
static void
test_its_process_tells_it(void **state)
{
	static const struct input_device input = { .made_here = true,
		.name = "ydotoold virtual device",
		.bus = 0x0006,
		.vendor = 0x2333 };
	static struct roster roster;
	static struct rules known;
	static const enum sign_confidence by[] = { SIGN_BY_IDENTITY,
		SIGN_BY_NAME };
	size_t i;

	(void)state;
	assert_int_equal(hardware_rules(&known), 0);
	for (i = 0; i < 2; i++) {
		memset(&picture, 0, sizeof(picture));
		add_process(by[i]);
		roster_begin(&roster, &picture);
		assert_true(input_match(&input, &known, &roster));
		roster_end(&roster, true);
		assert_int_equal(picture.nsigns, 1 + i);
		assert_int_equal(picture.sign[0].owner, SIGN_OF_USER);
	}
	rules_done(&known);
}

/* An aid, or a tool by another name: listed, as its name and no more. */
static void
test_others_are_listed(void **state)
{
	struct sign sign;

	(void)state;
	look_at("virtual_input");
	assert_int_equal(count(ENTRY_KEYBOARD), 1);
	assert_int_equal(count(ENTRY_POINTER), 0);
	expect_by_name(ENTRY_KEYBOARD, NULL,
	    "input device \"kanata\" (bus 0006, 0001:0001), made by a program");
	sign = sign_of(ENTRY_KEYBOARD, NULL);
	assert_int_equal(strncmp(sign.what, "made 0006:0001:0001 ", 20), 0);
	assert_int_equal(sign.serial, 0);
}

#define MADE(folder, bus, name)                                \
	"P: /devices/virtual/" folder "\nE: SUBSYSTEM=input\n" \
	"A: name=" name "\\n\nA: id/bustype=" bus "\\n\n"      \
	"A: id/vendor=2333\\n\nA: id/product=0002\\n\n"        \
	"A: capabilities/key=1000000000007 ff9f207ac14057ff "  \
	"febeffdfffefffff fffffffffffffffe\\n\n"               \
	"A: capabilities/rel=103\\n\n\n"

static void
add_made(unsigned int number)
{
	char device[1024];

	(void)snprintf(device, sizeof(device),
	    MADE("input/input%u", "0003", "a%u"), 100 + number, number);
	assert_true(mockdev.add_from_string(mockdev.bed, device, NULL));
}

static size_t
count_made(void)
{
	size_t i, n = 0;

	for (i = 0; i < picture.nsigns; i++)
		n += strncmp(picture.sign[i].what, "made ", 5) == 0;
	return n;
}

/* Nobody's own ones push out what is plugged in, or leave anything unsaid. */
static void
test_many_are_bounded(void **state)
{
	unsigned int i;

	(void)state;
	load("thinkpad");
	hardware_free(hardware); /* whose socket has no room for so much news */
	for (i = 0; i < 100; i++)
		add_made(i);
	assert_int_equal(hardware_new(&hardware), 0);
	take_whole(1000);
	assert_int_equal(picture.lost, 0);
	assert_int_equal(count_made(), 8);
	assert_int_equal(count(ENTRY_KEYBOARD) + count(ENTRY_POINTER),
	    3 + 3 + 8);
}

/* uhid is one more way to make one, and how Bluetooth's are brought in. */
static void
test_uhid(void **state)
{
	static const char devices[] =
	    MADE("misc/uhid/0003:0001:0002.0001/input/input41", "0006",
		"ydotoold virtual device")
		MADE("misc/uhid/0003:0001:0002.0002/input/input42", "0003", "b")
		    MADE("misc/uhid/0005:0001:0002.0003/input/input43", "0005",
			"Keyboard K380");

	(void)state;
	load("beaglebone");
	assert_true(mockdev.add_from_string(mockdev.bed, devices, NULL));
	take_whole(1000);
	assert_int_equal(count_made(), 2);
	assert_int_equal(count(ENTRY_KEYBOARD), 2);
	expect_by_name(ENTRY_JIGGLER, "ydotool", "made by a program");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, begin, end, NULL }
		TEST(test_a_name_is_no_identity,
		    "a device that a program made is known by name alone"),
		TEST(test_what_is_plugged_in_has_one,
		    "a device that is plugged in is known by its numbers"),
		TEST(test_its_process_tells_it,
		    "what makes a device says whose it is"),
		TEST(test_others_are_listed,
		    "a keyboard that a program made is listed"),
		TEST(test_many_are_bounded,
		    "many of them take no room from others"),
		TEST(test_uhid, "what is made through uhid is made here"),
	};

	(void)argc;
	mockdev_start(argv);
	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
