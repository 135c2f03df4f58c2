/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether the name of what is plugged in is that of one device on every
 * machine: where it has a number of its own, and not what makers write who
 * number nothing.
 */
#include "policyd/scanner/hardware/plugged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <linux/input.h>

static struct picture picture;
static struct roster roster;

static void
begin(void)
{
	memset(&picture, 0, sizeof(picture));
	memset(&roster, 0, sizeof(roster));
	roster_begin(&roster, &picture);
}

/* Of all that was added. */
static bool
is_serial(void)
{
	size_t i, n = 0;

	assert_true(picture.nsigns > 0);
	assert_true(picture_is_valid(&picture, picture_size(&picture)));
	for (i = 0; i < picture.nsigns; i++)
		n += picture.sign[i].serial;
	assert_true(n == 0 || n == picture.nsigns);
	return n > 0;
}

static const char *const numbers[] = { "8C7F1A2B", "CN0A1B2C7426018H", "4071",
	"210417000192", "A-1002-77", "5JT0K93", "\"x7\" 0012" };

static const char *const none[] = { "", "0", "1", "12", "000", "00000000",
	"0000000000000001", "00000001", "01010101", "123456", "1234567890",
	"0123456789ABCDEF", "FFFFFFFF", "none", "None", "N/A", "Default string",
	"To be filled by O.E.M.", "serial", "unknown", "System board",
	"\xff\xfe"
	"1234",
	"J\xc3\xb8rn 42" };

static bool
usb_is_serial(const char *serial)
{
	static struct usb_device device;

	memset(&device, 0, sizeof(device));
	device.vendor_id = 0x046d;
	device.product_id = 0xc52b;
	device.uses.keyboard = true;
	device.uses.relative_mouse = true;
	(void)snprintf(device.manufacturer, sizeof(device.manufacturer),
	    "Logitech");
	(void)snprintf(device.serial, sizeof(device.serial), "%s", serial);
	begin();
	plugged_add_usb(&roster, &device);
	return is_serial();
}

static bool
bluetooth_is_serial(const char *unique)
{
	struct input_device input = { .bus = BUS_BLUETOOTH, .keyboard = true };

	(void)snprintf(input.unique, sizeof(input.unique), "%s", unique);
	(void)snprintf(input.name, sizeof(input.name), "Keyboard");
	begin();
	plugged_add_bluetooth(&roster, &input);
	return is_serial();
}

static bool
monitor_is_serial(const char *serial, uint32_t number)
{
	struct edid edid = { .maker = "DEL",
		.product = 0xa0b1,
		.serial_number = number,
		.checksum = true };

	(void)snprintf(edid.serial, sizeof(edid.serial), "%s", serial);
	begin();
	plugged_add_monitor(&roster, &edid, "DP-1");
	return is_serial();
}

static void
test_a_number_of_its_own_tells_it(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!usb_is_serial(numbers[i]))
			fail_msg("USB: %s", numbers[i]);
		if (strlen(numbers[i]) <= EDID_TEXT_MAX &&
		    !monitor_is_serial(numbers[i], 0))
			fail_msg("EDID: %s", numbers[i]);
	}
	assert_true(bluetooth_is_serial("34:88:5d:51:a2:0c"));
	assert_true(monitor_is_serial("", 809054539));
	assert_true(monitor_is_serial("00000000", 809054539));
	/* Nobody makes up a long one. */
	assert_true(usb_is_serial("0123456789ABCDEF0123456789ABCDEF0123456789"
				  "ABCDEF0123456789ABCDEF-7"));
}

static void
test_what_many_devices_show_does_not(void **state)
{
	static const uint32_t same[] = { 0, 1, 42, 0x01010101, 0xffffffff,
		0x20202020, 1234567890, 123456789 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (usb_is_serial(none[i]))
			fail_msg("USB: %s", none[i]);
		if (strlen(none[i]) <= EDID_TEXT_MAX &&
		    monitor_is_serial(none[i], 0))
			fail_msg("EDID: %s", none[i]);
	}
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (monitor_is_serial("", same[i]))
			fail_msg("EDID: %lu", (unsigned long)same[i]);
	assert_false(bluetooth_is_serial(""));
	assert_false(bluetooth_is_serial("00:00:00:00:00:00"));
}

static void
test_a_damaged_edid_or_none_tells_nothing(void **state)
{
	struct edid edid = {
		.maker = "DEL", .serial = "8C7F1A2B", .serial_number = 809054539
	};

	(void)state;
	begin();
	plugged_add_monitor(&roster, &edid, "DP-1");
	assert_false(is_serial());
	begin();
	plugged_add_monitor(&roster, NULL, "DP-1");
	assert_false(is_serial());
}

static void
test_a_sign_says_yes_or_no(void **state)
{
	(void)state;
	assert_true(usb_is_serial("8C7F1A2B"));
	picture.sign[0].serial = 2;
	assert_false(picture_is_valid(&picture, picture_size(&picture)));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_number_of_its_own_tells_it),
		cmocka_unit_test(test_what_many_devices_show_does_not),
		cmocka_unit_test(test_a_damaged_edid_or_none_tells_nothing),
		cmocka_unit_test(test_a_sign_says_yes_or_no),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
