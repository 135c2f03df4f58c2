/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a USB device is made of. Every condition here stands in the header.
 */
#include "policyd/scanner/hardware/composition.h"

#include <stdint.h>
#include <string.h>

/* Of these makers an IP-KVM offers identifiers to pose with. */
static bool
is_of_keyboards(uint32_t vendor_id)
{
	static const uint32_t makers[] = { 0x045e /* Microsoft */,
		0x046d /* Logitech */, 0x413c /* Dell */ };
	size_t i;

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (vendor_id == makers[i])
			return true;
	return false;
}

bool
composition_is_kvm(const struct usb_device *device)
{
	const struct hid_uses *uses = &device->uses;

	if (!uses->keyboard)
		return false;
	if (uses->absolute_mouse && !uses->digitizer)
		return true;
	if (uses->touch_screen && device->storage)
		return true;
	if (device->storage && is_of_keyboards(device->vendor_id))
		return true;
	return (usb_is_gadget(device) || device->hid_gadget) &&
	    (uses->absolute_mouse || uses->relative_mouse || uses->digitizer ||
		device->storage);
}

static void
add_word(char *dst, size_t size, bool has, const char *word)
{
	size_t len = strlen(dst);

	if (!has || size - len <= strlen(word) + 2)
		return;
	if (len > 0)
		len = (size_t)(stpcpy(dst + len, ", ") - dst);
	(void)stpcpy(dst + len, word);
}

void
composition_words(const struct usb_device *device, char *dst, size_t size)
{
	const struct hid_uses *uses = &device->uses;

	*dst = '\0';
	add_word(dst, size, uses->keyboard, "keyboard");
	add_word(dst, size, uses->absolute_mouse, "absolute mouse");
	add_word(dst, size, uses->relative_mouse, "mouse");
	add_word(dst, size, uses->touch_screen, "touch screen");
	add_word(dst, size, uses->digitizer && !uses->touch_screen,
	    "tablet or touch pad");
	add_word(dst, size, device->storage, "disk");
	add_word(dst, size, *dst == '\0', "nothing");
	add_word(dst, size, device->hid_gadget,
	    "\"HID Interface\" as of Linux");
}
