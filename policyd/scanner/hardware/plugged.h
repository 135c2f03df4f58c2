/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody has plugged in from outside, or paired: keyboards, pointers,
 * other input devices and monitors, each under a name that stays the same on
 * another port and after the next start. A baseline knows them by it.
 *
 *	usb 046d:c52b 0123456789abcdef
 *	bluetooth 046d:b342 0123456789abcdef
 *	edid DEL:a0b1 0123456789abcdef
 *	made 0006:2333:6666 0123456789abcdef
 *
 * The last word is the beginning of a SHA-256, of a USB device's strings and
 * the classes of its interfaces, of a Bluetooth device's address, of a
 * monitor's serial numbers and name, and of what a program calls the device
 * that it makes. Of two that are the same in all of this, but of Bluetooth, the
 * second is " #2". Where a serial number or an
 * address is in it that is one, the sign says so (.serial): such a name is that
 * of one device on every machine, and jump hosts compare what laptops have.
 */
#ifndef FG_PLUGGED_H
#define FG_PLUGGED_H

#include "policyd/scanner/hardware/edid.h"
#include "policyd/scanner/hardware/input.h"
#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/hardware/usb.h"

/* A keyboard, a pointer, both, or another input device; or nothing. */
void	plugged_add_usb(struct roster *roster,
	    const struct usb_device *device);

/* The same of one that is paired; nothing for one of another bus. */
void	plugged_add_bluetooth(struct roster *roster,
	    const struct input_device *input);

/*
 * A keyboard or a pointer that a program has made, by name: to make one is not
 * root's alone everywhere. Of the first eight, so that whoever makes many takes
 * no room from what is plugged in. Nothing for what is no such device.
 */
void	plugged_add_made(struct roster *roster,
	    const struct input_device *input);

/* A monitor on this connector; edid is NULL for one without. */
void	plugged_add_monitor(struct roster *roster, const struct edid *edid,
	    const char *connector);

#endif
