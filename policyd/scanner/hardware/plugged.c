/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of devices for a baseline. Devices choose their strings: who copies
 * all of them from a known one has its name.
 */
#include "policyd/scanner/hardware/plugged.h"

#include <linux/input.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/device/hwid.h"
#include "policyd/scanner/hardware/input_match.h"
#include "policyd/scanner/hardware/usb_match.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PLUGGED_DIGITS	16 /* of the SHA-256 */
#define PLUGGED_SAME	9 /* of one kind and name are told apart */
#define PLUGGED_DEVICES 48u /* signs; the rest of the room is for findings */
#define PLUGGED_MADE	8u /* and those by programs */

/* What a name is made of, one piece after the other. */
struct pieces {
	size_t len;
	uint8_t buf[3 * SYS_TEXT_SIZE + 3 * USB_INTERFACES_MAX];
};

static void
add_piece(struct pieces *pieces, const void *data, size_t len)
{
	if (len > sizeof(pieces->buf) - pieces->len)
		len = sizeof(pieces->buf) - pieces->len;
	memcpy(pieces->buf + pieces->len, data, len);
	pieces->len += len;
}

/* With its NUL, so that "a" "bc" is not "ab" "c". */
static void
add_string(struct pieces *pieces, const char *s)
{
	add_piece(pieces, s, strlen(s) + 1);
}

static void
hash(const struct pieces *pieces, char ret_digits[PLUGGED_DIGITS + 1])
{
	char hex[CRYPTO_HEX_SIZE];

	crypto_sha256_hex(pieces->buf, pieces->len, hex);
	memcpy(ret_digits, hex, PLUGGED_DIGITS);
	ret_digits[PLUGGED_DIGITS] = '\0';
}

static size_t
count_devices(const struct picture *picture, bool made_here)
{
	const struct sign *s;
	size_t i, n = 0;

	for (i = 0; i < picture->nsigns; i++) {
		s = &picture->sign[i];
		n += s->kind >= ENTRY_KEYBOARD && s->kind <= ENTRY_MONITOR &&
		    (s->confidence == SIGN_BY_NAME) == made_here;
	}
	return n;
}

/* What no hub or dock has ports for is not listed, but said to be lacking. */
static void
add(struct roster *roster, enum entry_kind kind, const char *what,
    const char *seen, bool serial)
{
	const struct roster_sign sign = { .kind = kind,
		.grade = SIGN_PRESENT,
		.confidence = SIGN_BY_IDENTITY,
		.what = what,
		.seen = seen,
		.serial = serial };

	if (count_devices(roster->picture, false) >= PLUGGED_DEVICES)
		roster->picture->lost++;
	else
		roster_add(roster, &sign);
}

static void
tell_apart(const struct roster *roster, enum entry_kind kind, const char *name,
    char ret_what[SIGN_WHAT_MAX + 1])
{
	int n;

	(void)text_copy(ret_what, SIGN_WHAT_MAX + 1, name);
	for (n = 2; n <= PLUGGED_SAME && roster_has(roster, kind, ret_what);
	     n++)
		(void)text_format(ret_what, SIGN_WHAT_MAX + 1, "%s #%d", name,
		    n);
}

static void
add_another(struct roster *roster, enum entry_kind kind, const char *name,
    const char *seen, bool serial)
{
	char what[SIGN_WHAT_MAX + 1];

	tell_apart(roster, kind, name, what);
	add(roster, kind, what, seen, serial);
}

/* What makers write where they number nothing is none; a long one is. */
static bool
is_serial(const char *text)
{
	struct hwid id;
	const char *why;
	int r = hwid_make(HWID_SERIAL, text, &id, &why);

	return r == 0 || r == FG_ERR_LIMIT;
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct usb_interface));
}

static void
name_usb(const struct usb_device *device, char *dst, size_t size)
{
	struct usb_interface sorted[USB_INTERFACES_MAX];
	char digits[PLUGGED_DIGITS + 1];
	struct pieces pieces = { 0 };

	memcpy(sorted, device->interface, sizeof(sorted));
	qsort(sorted, device->ninterfaces, sizeof(sorted[0]), compare);
	add_string(&pieces, device->manufacturer);
	add_string(&pieces, device->product);
	add_string(&pieces, device->serial);
	add_piece(&pieces, sorted, device->ninterfaces * sizeof(sorted[0]));
	hash(&pieces, digits);
	(void)text_format(dst, size, "usb %04x:%04x %s", device->vendor_id,
	    device->product_id, digits);
}

void
plugged_add_usb(struct roster *roster, const struct usb_device *device)
{
	const struct hid_uses *uses = &device->uses;
	char name[SIGN_WHAT_MAX + 1], seen[ROSTER_WORDS];
	bool pointer, serial = is_serial(device->serial);

	pointer = uses->relative_mouse || uses->absolute_mouse ||
	    uses->touch_screen || uses->digitizer;
	if (device->internal)
		return;
	name_usb(device, name, sizeof(name));
	usb_words(device, seen, sizeof(seen));
	if (uses->keyboard)
		add_another(roster, ENTRY_KEYBOARD, name, seen, serial);
	if (pointer)
		add_another(roster, ENTRY_POINTER, name, seen, serial);
	if (!uses->keyboard && !pointer && device->other_input)
		add_another(roster, ENTRY_OTHER_INPUT, name, seen, serial);
}

/* One that is paired is several input devices, of one address. */
void
plugged_add_bluetooth(struct roster *roster, const struct input_device *input)
{
	char name[SIGN_WHAT_MAX + 1], seen[ROSTER_WORDS];
	char digits[PLUGGED_DIGITS + 1], quote[ROSTER_QUOTE_SIZE];
	struct pieces pieces = { 0 };
	bool pointer, serial = is_serial(input->unique);

	pointer =
	    input->relative_mouse || input->absolute_mouse || input->digitizer;
	if (input->bus != BUS_BLUETOOTH || input->made_here)
		return;
	add_string(&pieces,
	    input->unique[0] != '\0' ? input->unique : input->name);
	hash(&pieces, digits);
	(void)text_format(name, sizeof(name), "bluetooth %04x:%04x %s",
	    input->vendor & 0xffffu, input->product & 0xffffu, digits);
	roster_quote(quote, input->name);
	(void)text_format(seen, sizeof(seen), "%s (%04x:%04x) by Bluetooth",
	    quote, input->vendor & 0xffffu, input->product & 0xffffu);
	if (input->keyboard)
		add(roster, ENTRY_KEYBOARD, name, seen, serial);
	if (pointer)
		add(roster, ENTRY_POINTER, name, seen, serial);
	if (!input->keyboard && !pointer && input->axes)
		add(roster, ENTRY_OTHER_INPUT, name, seen, serial);
}

static void
add_made(struct roster *roster, enum entry_kind kind, const char *name,
    const char *seen)
{
	char what[SIGN_WHAT_MAX + 1];
	const struct roster_sign sign = { .kind = kind,
		.grade = SIGN_PRESENT,
		.confidence = SIGN_BY_NAME,
		.what = what,
		.seen = seen };

	if (count_devices(roster->picture, true) >= PLUGGED_MADE)
		return;
	tell_apart(roster, kind, name, what);
	roster_add(roster, &sign);
}

void
plugged_add_made(struct roster *roster, const struct input_device *input)
{
	char name[SIGN_WHAT_MAX + 1], seen[ROSTER_WORDS];
	char digits[PLUGGED_DIGITS + 1];
	struct pieces pieces = { 0 };

	if (!input->made_here)
		return;
	add_string(&pieces, input->name);
	hash(&pieces, digits);
	(void)text_format(name, sizeof(name), "made %04x:%04x:%04x %s",
	    input->bus & 0xffffu, input->vendor & 0xffffu,
	    input->product & 0xffffu, digits);
	input_words(input, seen, sizeof(seen));
	if (input->keyboard)
		add_made(roster, ENTRY_KEYBOARD, name, seen);
	if (input->relative_mouse || input->absolute_mouse)
		add_made(roster, ENTRY_POINTER, name, seen);
}

/* 0x01010101, for one, is what EDIDs are shipped with that nobody numbers. */
static bool
is_number(uint32_t number)
{
	char digits[16];

	(void)text_format(digits, sizeof(digits), "%lu", (unsigned long)number);
	return number != (number & 0xffu) * UINT32_C(0x01010101) &&
	    is_serial(digits);
}

void
plugged_add_monitor(struct roster *roster, const struct edid *edid,
    const char *connector)
{
	char name[SIGN_WHAT_MAX + 1], seen[ROSTER_WORDS];
	char digits[PLUGGED_DIGITS + 1], quote[ROSTER_QUOTE_SIZE];
	struct pieces pieces = { 0 };

	if (edid == NULL) {
		(void)text_format(seen, sizeof(seen),
		    "a monitor without EDID on %s", connector);
		add_another(roster, ENTRY_MONITOR, "edid none", seen, false);
		return;
	}
	add_piece(&pieces, &edid->serial_number, sizeof(edid->serial_number));
	add_string(&pieces, edid->serial);
	add_string(&pieces, edid->name);
	hash(&pieces, digits);
	(void)text_format(name, sizeof(name), "edid %s:%04x %s", edid->maker,
	    edid->product, digits);
	roster_quote(quote, edid->name);
	(void)text_format(seen, sizeof(seen), "%s (%s:%04x) on %s",
	    edid->name[0] == '\0' ? "a monitor without a name" : quote,
	    edid->maker, edid->product, connector);
	add_another(roster, ENTRY_MONITOR, name, seen,
	    edid->checksum &&
		(is_serial(edid->serial) || is_number(edid->serial_number)));
}
