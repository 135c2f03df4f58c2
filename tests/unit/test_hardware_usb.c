/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a USB device is by what it is made of, and by rules: which of them may
 * call it by name. RCD-08, RCD-10.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/scanner/hardware/composition.h"
#include "policyd/scanner/hardware/usb_match.h"
#include "tests/unit/hardware_rules.h"

#define KEYBOARD 0x01u
#define RELATIVE 0x02u
#define ABSOLUTE 0x04u
#define TOUCH	 0x08u
#define TABLET	 0x10u
#define DISK	 0x20u

static struct usb_device
make(uint32_t vendor_id, uint32_t product_id, unsigned int parts)
{
	struct usb_device d = {
		.name = "1-2", .vendor_id = vendor_id, .product_id = product_id
	};

	d.uses.keyboard = (parts & KEYBOARD) != 0;
	d.uses.relative_mouse = (parts & RELATIVE) != 0;
	d.uses.absolute_mouse = (parts & ABSOLUTE) != 0;
	d.uses.touch_screen = (parts & TOUCH) != 0;
	d.uses.digitizer = (parts & (TOUCH | TABLET)) != 0;
	d.storage = (parts & DISK) != 0;
	d.hid = (parts & ~DISK) != 0;
	return d;
}

static const struct {
	const char *what;
	uint32_t vendor_id;
	uint32_t product_id;
	unsigned int parts;
	bool kvm;
} devices[] = {
	{ "keyboard", 0x413c, 0x2113, KEYBOARD, false },
	{ "mouse", 0x046d, 0xc077, RELATIVE, false },
	{ "receiver", 0x046d, 0xc52b, KEYBOARD | RELATIVE, false },
	{ "keyboard with a touch pad", 0x17ef, 0x60ee,
	    KEYBOARD | RELATIVE | TABLET, false },
	{ "pen tablet with keys and a mouse mode", 0x256c, 0x006d,
	    KEYBOARD | ABSOLUTE | TABLET, false },
	{ "pen tablet with a disk of drivers", 0x2feb, 0x0004,
	    KEYBOARD | ABSOLUTE | TABLET | DISK, false },
	{ "touch screen", 0x04f3, 0x2e32, TOUCH, false },
	{ "touch screen that is a mouse", 0x0eef, 0x0001, ABSOLUTE, false },
	{ "keyboard with a touch screen", 0x1234, 0x0001, KEYBOARD | TOUCH,
	    false },
	{ "home-made keyboard with a disk", 0x239a, 0x80f4,
	    KEYBOARD | RELATIVE | DISK, false },
	{ "tablet of QEMU", 0x0627, 0x0001, ABSOLUTE, false },
	{ "disk", 0x0781, 0x5581, DISK, false },
	{ "board without a keyboard", 0x1d6b, 0x0104, DISK, false },
	{ "board that is a mouse", 0x1d6b, 0x0104, RELATIVE, false },
	{ "board that is a keyboard", 0x1d6b, 0x0104, KEYBOARD, false },
	{ "root hub's identifiers", 0x1d6b, 0x0002, KEYBOARD | RELATIVE,
	    false },
	{ "keyboard and absolute mouse", 0x046d, 0xc52b, KEYBOARD | ABSOLUTE,
	    true },
	{ "with a relative one, too", 0xffff, 0x0001,
	    KEYBOARD | ABSOLUTE | RELATIVE, true },
	{ "with a disk", 0xffff, 0x0001, KEYBOARD | ABSOLUTE | DISK, true },
	{ "touch screen and disk", 0xffff, 0x0001, KEYBOARD | TOUCH | DISK,
	    true },
	{ "Dell's keyboard with a disk", 0x413c, 0x2011, KEYBOARD | DISK,
	    true },
	{ "board with both", 0x1d6b, 0x0104, KEYBOARD | RELATIVE, true },
	{ "board with both, the last of them", 0x1d6b, 0x0107, KEYBOARD | DISK,
	    true },
	{ "board with a touch screen", 0x1d6b, 0x0100, KEYBOARD | TOUCH, true },
};

static void
test_composition(void **state)
{
	struct usb_device device;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		device = make(devices[i].vendor_id, devices[i].product_id,
		    devices[i].parts);
		if (composition_is_kvm(&device) != devices[i].kvm)
			fail_msg("%s", devices[i].what);
	}
}

static void
test_words(void **state)
{
	struct usb_device device;
	char words[128], small[16];

	(void)state;
	device = make(1, 2, KEYBOARD | ABSOLUTE | RELATIVE | TABLET | DISK);
	composition_words(&device, words, sizeof(words));
	assert_string_equal(words,
	    "keyboard, absolute mouse, mouse, tablet or touch pad, disk");
	composition_words(&device, small, sizeof(small));
	assert_string_equal(small, "keyboard, mouse");
	device = make(1, 2, 0);
	composition_words(&device, words, sizeof(words));
	assert_string_equal(words, "nothing");
}

static struct rules rules;
static struct roster roster;
static struct machine machine;
static struct picture picture;

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

/* How many signs there are of it; the first is picture.sign[0]. */
static size_t
match(const struct usb_device *device)
{
	memset(&picture, 0, sizeof(picture));
	memset(&machine, 0, sizeof(machine));
	roster_begin(&roster, &picture);
	usb_match(device, &rules, &machine, &roster);
	roster_end(&roster, true);
	assert_true(picture_is_valid(&picture, picture_size(&picture)));
	return picture.nsigns;
}

/* The nearest that are not it: each differs in one thing. */
static void
test_not_quite(void **state)
{
	struct usb_device device = make(0x1d6b, 0x0104, DISK);

	(void)state;
	(void)strcpy(device.manufacturer, "PiKVM");
	(void)strcpy(device.product, "PiKVM Composite Device");
	assert_int_equal(match(&device), 1);
	assert_int_equal(picture.sign[0].confidence, SIGN_BY_IDENTITY);
	(void)strcpy(device.product, "PiKVM Composite Device ");
	assert_int_equal(match(&device), 0);
	(void)strcpy(device.product, "PiKVM Composite Devic");
	assert_int_equal(match(&device), 0);
	(void)strcpy(device.product, "PiKVM Composite Device");
	(void)strcpy(device.manufacturer, "pikvm");
	assert_int_equal(match(&device), 0);
	device = make(0x3346, 0x1009, RELATIVE);
	assert_int_equal(match(&device), 1);
	device = make(0x3346, 0x100a, RELATIVE);
	assert_int_equal(match(&device), 0);
	device = make(0x1009, 0x3346, RELATIVE);
	assert_int_equal(match(&device), 0);
}

/* Identifiers alone, which many have. */
static void
test_shared(void **state)
{
	struct usb_device device = make(0x1d6b, 0x0104, DISK);

	(void)state;
	assert_int_equal(match(&device), 0);
	device = make(0x1d6b, 0x0104, RELATIVE);
	assert_int_equal(match(&device), 1);
	assert_string_equal(picture.sign[0].what, "gadget");
	assert_int_equal(picture.sign[0].confidence, SIGN_BY_COMPOSITION);
	assert_non_null(strstr(picture.sign[0].seen, "no known identity"));
	/* One that is known by name is that one only. */
	(void)strcpy(device.manufacturer, "smart-kvm");
	assert_int_equal(match(&device), 1);
	assert_string_equal(picture.sign[0].what, "blikvm");
	assert_int_equal(picture.sign[0].confidence, SIGN_BY_IDENTITY);
}

static void
test_nothing_to_compare(void **state)
{
	const struct rule_entry entry = hw_entries[HW_PIKVM];
	const struct rule empty[] = {
		HW_DEVICE(RULE_USB, 0, RULE_ANY, RULE_ANY, "", "", ""),
		HW_DEVICE(RULE_USB_HID, 0, RULE_ANY, RULE_ANY, "", "", ""),
		HW_DEVICE(RULE_STORAGE, 0, RULE_ANY, RULE_ANY, "", "", ""),
		HW_TEXT(RULE_REPORT, 0, 0, 0, ""),
	};
	struct usb_device device = make(0x046d, 0xc52b, KEYBOARD | DISK);

	(void)state;
	device.vendor_id = 1;
	device.ndisks = 1;
	device.nreports = 1;
	(void)strcpy(device.report[0], "0123");
	rules_done(&rules);
	assert_int_equal(rules_make(&entry, 1, empty, 4, &rules), 0);
	assert_int_equal(match(&device), 0);
	(void)end(NULL);
	assert_int_equal(begin(NULL), 0);
}

/* Strings of a device stand in quotes and cannot end them. */
static void
test_quotes(void **state)
{
	struct usb_device device = make(0xffff, 1, KEYBOARD | ABSOLUTE);
	char words[ROSTER_WORDS];

	(void)state;
	(void)strcpy(device.manufacturer, "a\" (046d:c52b) \"");
	(void)strcpy(device.product, "\n\x1b[31m\xff");
	usb_words(&device, words, sizeof(words));
	assert_string_equal(words,
	    "\"a' (046d:c52b) ' ??[31m?\" (ffff:0001) on port 1-2");
	memset(device.serial, 'S', sizeof(device.serial) - 1);
	memset(device.product, 'P', sizeof(device.product) - 1);
	assert_int_equal(match(&device), 1);
	assert_non_null(strstr(picture.sign[0].seen,
	    "keyboard, absolute mouse on one device, no known identity: \"a'"));
	assert_non_null(strstr(picture.sign[0].seen, "(ffff:0001)"));
}

static void
test_hypervisor(void **state)
{
	struct usb_device device = make(0x0627, 1, ABSOLUTE);

	(void)state;
	assert_int_equal(match(&device), 0);
	assert_non_null(machine.noted);
	/* Its identifiers do not hide what else it is. */
	device.uses.keyboard = true;
	assert_int_equal(match(&device), 1);
	assert_int_equal(picture.sign[0].kind, ENTRY_IP_KVM);
}

static void
test_below(void **state)
{
	static const char hub[] = "devices/pci0000:00/usb1/1-2";

	(void)state;
	assert_true(sys_is_below("devices/pci0000:00/usb1/1-2/1-2:1.0", hub));
	assert_true(sys_is_below("devices/pci0000:00/usb1/1-2/1-2:1.0/x", hub));
	assert_false(sys_is_below(hub, hub));
	assert_false(sys_is_below("devices/pci0000:00/usb1/1-2/1-2.1/1-2.1:1.0",
	    hub));
	assert_false(sys_is_below("devices/pci0000:00/usb1/1-2/1-2.1", hub));
	assert_false(sys_is_below("devices/pci0000:00/usb1/1-21/1-21:1.0",
	    hub));
	assert_false(sys_is_below("devices/pci0000:00/usb2/1-2/1-2:1.0", hub));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, NULL, NULL, NULL }
		TEST(test_composition, "only a KVM is made as one"),
		TEST(test_words, "what is on a device is told, or cut"),
		TEST(test_not_quite, "strings and identifiers are all of it"),
		TEST(test_shared, "identifiers that others have are weak"),
		TEST(test_nothing_to_compare, "an empty rule is no match"),
		TEST(test_quotes, "a device's strings stay in their quotes"),
		TEST(test_hypervisor, "a hypervisor's device is evidence"),
		TEST(test_below, "what is on a hub's port is not the hub's"),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
