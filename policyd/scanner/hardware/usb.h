/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * USB devices, each with what is below it: interfaces, HID report
 * descriptors, input devices, disks. Its strings are the device's own.
 */
#ifndef FG_USB_H
#define FG_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/scanner/hardware/hid.h"
#include "policyd/scanner/hardware/input.h"
#include "policyd/scanner/hardware/sys.h"

#define USB_DEVICES_MAX	   64u		/* hubs are not counted */
#define USB_INTERFACES_MAX 32u		/* the kernel's own limit */
#define USB_REPORTS_MAX	   8u
#define USB_DISKS_MAX	   4u

#define USB_CLASS_HID	   0x03u
#define USB_CLASS_STORAGE  0x08u
#define USB_CLASS_HUB	   0x09u

struct usb_interface {
	uint8_t	 class;
	uint8_t	 subclass;
	uint8_t	 protocol;
};

/* As SCSI's inquiry has it, without the spaces that fill it up. */
struct usb_disk {
	char	 vendor[9];
	char	 model[17];
};

struct usb_device {
	char	 name[SYS_NAME_MAX + 1];	/* the port: "1-2.1" */
	char	 path[SYS_PATH_MAX + 1];	/* below /sys */
	char	 manufacturer[SYS_TEXT_SIZE];	/* any bytes, or "" */
	char	 product[SYS_TEXT_SIZE];
	char	 serial[SYS_TEXT_SIZE];
	uint32_t vendor_id;
	uint32_t product_id;
	bool	 late;			/* its strings are not known yet */
	bool	 internal;		/* wired in, all the way */
	bool	 hid;			/* it has such an interface */
	bool	 hid_gadget;		/* which Linux says it is of a gadget */
	bool	 storage;
	bool	 other_input;		/* input that is none of .uses */
	struct hid_uses uses;		/* reports and input devices together */
	size_t	 ninterfaces;
	struct usb_interface interface[USB_INTERFACES_MAX];
	size_t	 nreports;
	char	 report[USB_REPORTS_MAX][CRYPTO_HEX_SIZE];	/* SHA-256 */
	size_t	 ndisks;
	struct usb_disk disk[USB_DISKS_MAX];
};

struct usb {
	size_t	 ndevices;
	bool	 failed;	/* something could not be looked at */
	bool	 cut;		/* for time, or there are more */
	struct usb_device device[USB_DEVICES_MAX];
};

/* Look at all of them, until then; sets all of *usb. sys is sys_open()'s. */
void	usb_look(int sys, int64_t until_ns, struct usb *usb);

/* Count an input device in where it belongs; NULL: to none of these. */
struct usb_device *usb_add_input(struct usb *usb,
	    const struct input_device *input);

/* Of the identifiers that Linux boards have which pose as a device. */
bool	usb_is_gadget(const struct usb_device *device);

#endif
