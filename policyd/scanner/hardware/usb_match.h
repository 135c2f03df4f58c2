/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the catalogue, or else the composition, says of a USB device.
 */
#ifndef FG_USB_MATCH_H
#define FG_USB_MATCH_H

#include "policyd/scanner/hardware/machine.h"
#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/hardware/usb.h"
#include "policyd/scanner/rule.h"

/*
 * By identity: an entry's own strings, or its own two identifiers; or the
 * strings of its disk. By composition: identifiers that others share, such as
 * a vendor's alone, and a report descriptor that is known. One whose
 * identifiers are shared and that has no keyboard or mouse is nothing; of one
 * that is known by identity only that is told. An IP-KVM by composition
 * (composition.h) is told of each that is not known as one already: an
 * ordinary entry's strings, which any device may have, do not hide it.
 * Hypervisors' devices are noted for machine.h, as evidence beside others.
 */
void	usb_match(const struct usb_device *device, const struct rules *rules,
	    struct machine *machine, struct roster *roster);

/* The device in words: its strings, identifiers and port. */
void	usb_words(const struct usb_device *device, char *dst, size_t size);

#endif
