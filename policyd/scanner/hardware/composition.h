/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a USB device is by what it is made of, whatever it calls itself.
 */
#ifndef FG_COMPOSITION_H
#define FG_COMPOSITION_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/scanner/hardware/usb.h"

/*
 * Whether it is made as an IP-KVM is: somebody elsewhere types and points
 * through it. It has a keyboard, and on the same device
 *
 *  - an absolute mouse: who sees a picture of the screen points at a place in
 *    it, where a hand at a desk moves a mouse by so much. Pen tablets and
 *    touch pads, which have places, too, do not count: they say what they
 *    are. Neither do receivers of wireless mice, which are relative;
 *  - or a touch screen, and a disk;
 *  - or a disk, and identifiers of a maker of ordinary keyboards, none of
 *    which has a disk;
 *  - or a pointer of any kind or a disk, and the identifiers of a Linux
 *    board that poses as a device, or the name that Linux gives the interface
 *    of such a board by whatever identifiers.
 *
 * What a hub has on its ports are several devices, so that docks and KVM
 * switches with an ordinary keyboard and mouse are nothing. So is a keyboard
 * alone, and a mouse alone.
 */
bool	composition_is_kvm(const struct usb_device *device);

/* "keyboard, absolute mouse, disk": what is on it, or "nothing"; and behind it
 * that an interface has Linux's name. */
void	composition_words(const struct usb_device *device, char *dst,
	    size_t size);

#endif
