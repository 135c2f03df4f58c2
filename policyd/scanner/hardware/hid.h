/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a HID report descriptor says that a device is: of its application
 * collections, by the usages in them (HID 1.11, section 6.2.2). The bytes are
 * the device's.
 */
#ifndef FG_HID_H
#define FG_HID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HID_REPORT_MAX	4096u	/* bytes; no more are read of one */

struct hid_uses {
	bool keyboard;		/* with letters */
	bool relative_mouse;	/* says by how much it moves */
	bool absolute_mouse;	/* says where it is, and has a button */
	bool touch_screen;	/* of a finger */
	bool digitizer;		/* of any kind: pen, touch pad, touch screen */
};

/*
 * Returns 0, or FG_ERR_FORMAT where it is not well formed; what it says up to
 * there is in *ret_uses then, as a driver may live with it, too.
 */
int	hid_parse(const uint8_t *report, size_t len, struct hid_uses *ret_uses);

/* Add what more says. */
void	hid_uses_add(struct hid_uses *uses, const struct hid_uses *more);

#endif
