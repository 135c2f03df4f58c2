/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device that is plugged in says of itself: an EDID or a HID report
 * descriptor, and with the last bytes of it as its name, what is told of it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/scanner/hardware/composition.h"
#include "policyd/scanner/hardware/display.h"
#include "policyd/scanner/hardware/plugged.h"
#include "policyd/scanner/hardware/usb_match.h"
#include "tests/unit/hardware_rules.h"

#define FUZZ_NAME "fuzz_hardware"
#define FUZZ_MAX  1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rules rules;
static struct picture picture;
static struct roster roster;
static struct machine machine;

static void
expect(bool cond)
{
	if (!cond)
		abort();
}

static void
as_name(const uint8_t *data, size_t size, char *dst, size_t dst_size)
{
	size_t len = size < dst_size ? size : dst_size - 1;

	memcpy(dst, data + size - len, len);
	dst[len] = '\0';
}

static void
as_device(const uint8_t *data, size_t size)
{
	static struct usb_device device;

	memset(&device, 0, sizeof(device));
	(void)hid_parse(data, size, &device.uses);
	as_name(data, size, device.manufacturer, sizeof(device.manufacturer));
	as_name(data, size / 2, device.product, sizeof(device.product));
	as_name(data, size / 3, device.serial, sizeof(device.serial));
	device.vendor_id = size > 1 ? data[0] * 256u + data[1] : 0;
	device.storage = size % 2 == 1;
	device.hid = true;
	(void)strcpy(device.name, "1-2");
	usb_match(&device, &rules, &machine, &roster);
	plugged_add_usb(&roster, &device);
	expect(picture.nsigns > 0 ||
	    (!device.uses.keyboard && !device.uses.relative_mouse));
}

static void
as_display(const uint8_t *data, size_t size)
{
	struct display display = { .connector = "HDMI-A-1" };

	display.has_edid = edid_parse(data, size, &display.edid) == 0;
	expect(strlen(display.edid.maker) == (display.has_edid ? 3 : 0));
	expect(strlen(display.edid.name) <= EDID_TEXT_MAX);
	display_match(&display, &rules, &machine, &roster);
	plugged_add_monitor(&roster, display.has_edid ? &display.edid : NULL,
	    display.connector);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i;
	const char *s;

	if (rules.nrules == 0)
		expect(hardware_rules(&rules) == 0);
	memset(&picture, 0, sizeof(picture));
	roster_begin(&roster, &picture);
	as_device(data, size);
	as_display(data, size);
	machine_match(&machine, &rules, &roster);
	roster_end(&roster, true);
	expect(picture_is_valid(&picture, picture_size(&picture)));
	for (i = 0; i < picture.nsigns; i++)
		for (s = picture.sign[i].seen; *s != '\0'; s++)
			expect(*s >= ' ' && *s <= '~');
	return 0;
}

#ifdef FUZZ_STANDALONE

#include "tests/fuzz/standalone.h"

/* A boot keyboard, and a mouse that points at places. */
static const uint8_t keyboard[] = { 0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05,
	0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95,
	0x08, 0x81, 0x02, 0x95, 0x06, 0x75, 0x08, 0x25, 0x65, 0x19, 0x00, 0x29,
	0x65, 0x81, 0x00, 0xc0 };
static const uint8_t mouse[] = { 0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01,
	0xa1, 0x00, 0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x25, 0x01, 0x95, 0x03,
	0x75, 0x01, 0x81, 0x02, 0x05, 0x01, 0x09, 0x30, 0x09, 0x31, 0x26, 0xff,
	0x7f, 0x75, 0x10, 0x95, 0x02, 0x81, 0x02, 0xc0, 0xc0 };

/* The EDID of a PiKVM, as far as it is looked at. */
static void
make_edid(uint8_t block[EDID_BLOCK])
{
	static const uint8_t head[] = { 0, 255, 255, 255, 255, 255, 255, 0,
		0x31, 0xd8, 0x73, 0x77, 1, 1, 1, 1 };
	static const char name[] = "\0\0\0\xfc\0PiKVM V4 Plus";
	static const char serial[] = "\0\0\0\xff\0CAFEBABE\n    ";

	memset(block, 0, EDID_BLOCK);
	memcpy(block, head, sizeof(head));
	memcpy(block + 72, name, sizeof(name) - 1);
	memcpy(block + 90, serial, sizeof(serial) - 1);
}

static size_t
seed(uint8_t *buf, uint32_t which)
{
	switch (which % 4) {
	case 0:
		make_edid(buf);
		return EDID_BLOCK;
	case 1:
		memcpy(buf, keyboard, sizeof(keyboard));
		return sizeof(keyboard);
	case 2:
		memcpy(buf, mouse, sizeof(mouse));
		return sizeof(mouse);
	default:
		memcpy(buf, keyboard, sizeof(keyboard));
		memcpy(buf + sizeof(keyboard), mouse, sizeof(mouse));
		return sizeof(keyboard) + sizeof(mouse);
	}
}

static int
write_seeds(const char *dir)
{
	uint8_t buf[FUZZ_MAX];
	int r = 0;

	for (uint32_t i = 0; i < 4 && r == 0; i++)
		r = write_seed(dir, "hardware", i, buf, seed(buf, i));
	return r;
}

/* A seed with up to seven changes; pieces are doubled, so that some grow. */
static size_t
mutate(uint8_t *buf)
{
	size_t len = seed(buf, next_random()), at, n;

	for (uint32_t i = next_random() % 8; i > 0 && len > 1; i--) {
		at = next_random() % len;
		switch (next_random() % 5) {
		case 0:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 1:
			buf[at] = (uint8_t)next_random();
			break;
		case 2:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		case 3:
			len = at + 1;
			break;
		default:
			n = next_random() % (len - at);
			if (n > FUZZ_MAX - len)
				n = FUZZ_MAX - len;
			memmove(buf + at + n, buf + at, len - at);
			len += n;
			break;
		}
	}
	return len;
}

int
main(int argc, char **argv)
{
	return standalone(argc, argv);
}

#endif
