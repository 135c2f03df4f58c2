/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small catalogue of hardware for tests, by hand: what tells these devices,
 * and rules that are too wide. hardware_catalogue() is the one that is shipped.
 */
#ifndef FG_TESTS_HARDWARE_RULES_H
#define FG_TESTS_HARDWARE_RULES_H

#include <glob.h>
#include <stdio.h>

#include "policyd/catalogue/catalogue.h"
#include "policyd/scanner/rule.h"
#include "proto/result.h"

enum {
	HW_PIKVM, HW_TINYPILOT, HW_NANOKVM, HW_JETKVM, HW_BLIKVM, HW_WIEBETECH,
	HW_BOARD, HW_QEMU, HW_KVM, HW_YDOTOOL, HW_RUSTDESK, HW_CAPTURE,
	HW_GADGET, HW_WEAK, HW_HYPERV, HW_EC2, HW_VIRTUALBOX, HW_SCREENXPERT,
	HW_ENTRIES
};

static const struct rule_entry hw_entries[HW_ENTRIES] = {
	[HW_PIKVM] = { "pikvm", ENTRY_IP_KVM, ENTRY_STEERS_SEAT, 0 },
	[HW_TINYPILOT] = { "tinypilot", ENTRY_IP_KVM, ENTRY_STEERS_SEAT, 0 },
	[HW_NANOKVM] = { "nanokvm", ENTRY_IP_KVM, ENTRY_STEERS_SEAT, 0 },
	[HW_JETKVM] = { "jetkvm", ENTRY_IP_KVM, ENTRY_STEERS_SEAT, 0 },
	[HW_BLIKVM] = { "blikvm", ENTRY_IP_KVM, ENTRY_STEERS_SEAT, 0 },
	[HW_WIEBETECH] = { "wiebetech", ENTRY_JIGGLER, 0, 0 },
	[HW_BOARD] = { "hid-board", ENTRY_JIGGLER, 0, 0 },
	[HW_QEMU] = { "qemu", ENTRY_HYPERVISOR, 0, 0 },
	[HW_KVM] = { "kvm", ENTRY_HYPERVISOR, 0, 0 },
	[HW_YDOTOOL] = { "ydotool", ENTRY_JIGGLER, 0, 0 },
	[HW_RUSTDESK] = { "rustdesk", ENTRY_RMM, ENTRY_STEERS_SEAT, 0 },
	[HW_CAPTURE] = { "hdmi-capture", ENTRY_CAPTURE, 0, 0 },
	[HW_GADGET] = { "gadget", ENTRY_IP_KVM, ENTRY_STEERS_SEAT, 0 },
	[HW_WEAK] = { "toshiba-bridge", ENTRY_CAPTURE, 0, 0 },
	[HW_HYPERV] = { "hyper-v", ENTRY_HYPERVISOR, 0, 0 },
	[HW_EC2] = { "ec2", ENTRY_HYPERVISOR, 0, 0 },
	[HW_VIRTUALBOX] = { "virtualbox", ENTRY_HYPERVISOR, 0, 0 },
	[HW_SCREENXPERT] = { "screenxpert", ENTRY_ORDINARY, 0, 0 },
};

#define HW_DEVICE(k, e, lo, hi, ...)                                \
	{                                                           \
		.kind = (k), .entry = (e), .low = (lo), .high = (hi), \
		.device = { __VA_ARGS__ }                           \
	}
#define HW_TEXT(k, e, lo, hi, t)                                    \
	{                                                           \
		.kind = (k), .entry = (e), .low = (lo), .high = (hi), \
		.text = t                                           \
	}

static const struct rule hw_rules[] = {
	HW_DEVICE(RULE_USB, HW_PIKVM, RULE_ANY, RULE_ANY, "PiKVM",
	    "PiKVM Composite Device", ""),
	HW_DEVICE(RULE_STORAGE, HW_PIKVM, RULE_ANY, RULE_ANY, "PiKVM",
	    "Optical Drive", ""),
	HW_DEVICE(RULE_USB, HW_TINYPILOT, 0x1d6b, 0x0104, "tinypilot",
	    "Multifunction USB Device", ""),
	HW_DEVICE(RULE_USB, HW_NANOKVM, 0x3346, 0x1009, "", "", ""),
	HW_DEVICE(RULE_STORAGE, HW_NANOKVM, RULE_ANY, RULE_ANY, "NanoKVM",
	    "USB Mass Storage", ""),
	HW_DEVICE(RULE_USB, HW_JETKVM, 0x1d6b, 0x0104, "JetKVM",
	    "USB Emulation Device", ""),
	HW_DEVICE(RULE_STORAGE, HW_JETKVM, RULE_ANY, RULE_ANY, "",
	    "Virtual Media", ""),
	HW_DEVICE(RULE_USB, HW_BLIKVM, RULE_ANY, RULE_ANY, "smart-kvm", "",
	    ""),
	HW_DEVICE(RULE_USB, HW_WIEBETECH, 0x0e90, 0x0045, "", "", ""),
	/* Too wide: every Linux board that poses as a device. */
	HW_DEVICE(RULE_USB, HW_GADGET, 0x1d6b, 0x0104, "", "", ""),
	HW_DEVICE(RULE_USB_HID, HW_BOARD, 0x2341, RULE_ANY, "", "", ""),
	HW_DEVICE(RULE_USB_HID, HW_BOARD, 0x04d8, RULE_ANY, "", "", ""),
	HW_DEVICE(RULE_USB, HW_QEMU, 0x0627, 0x0001, "", "", ""),
	HW_DEVICE(RULE_DISPLAY, HW_PIKVM, 0x7770, 0x7773, "LNX", "", ""),
	HW_DEVICE(RULE_DISPLAY, HW_PIKVM, 0x7773, 0x7773, "LNX",
	    "PiKVM V4 Plus", ""),
	HW_DEVICE(RULE_DISPLAY, HW_TINYPILOT, 0x9876, 0x9876, "TSB",
	    "TinyPilot", ""),
	HW_DEVICE(RULE_DISPLAY, HW_NANOKVM, 0x3301, 0x3301, "SPD", "", ""),
	HW_DEVICE(RULE_DISPLAY, HW_JETKVM, 0x8801, 0x8801, "TSB",
	    "T749-fHD720", ""),
	HW_DEVICE(RULE_DISPLAY, HW_BLIKVM, 0x8888, 0x8888, "TSB",
	    "Toshiba-H2C", ""),
	HW_DEVICE(RULE_DISPLAY, HW_JETKVM, 0x2013, 0x2013, "DEL", "",
	    "3S5GQ23"),
	HW_DEVICE(RULE_DISPLAY_WEAK, HW_CAPTURE, RULE_ANY, RULE_ANY, "DEX", "",
	    ""),
	/* Too wide: a second screen of some laptops has this, too. */
	HW_DEVICE(RULE_DISPLAY_WEAK, HW_WEAK, 0x8888, 0x8888, "TSB", "", ""),
	HW_DEVICE(RULE_DISPLAY, HW_SCREENXPERT, 0x8888, 0x8888, "TSB",
	    "ScreenXpert-", ""),
	HW_DEVICE(RULE_DISPLAY, HW_QEMU, 0x1234, 0x1234, "RHT",
	    "QEMU Monitor", ""),
	HW_TEXT(RULE_INPUT, HW_YDOTOOL, 0x0006, 0x2333,
	    "ydotoold virtual device"),
	HW_TEXT(RULE_INPUT, HW_RUSTDESK, RULE_ANY, RULE_ANY,
	    "RustDesk UInput *"),
	HW_TEXT(RULE_DMI, HW_QEMU, 0, 0, "QEMU"),
	HW_TEXT(RULE_DMI, HW_HYPERV, 0, 0, "Microsoft Corporation"),
	HW_TEXT(RULE_DMI, HW_EC2, 0, 0, "Amazon EC2"),
	HW_TEXT(RULE_DMI, HW_VIRTUALBOX, 0, 0, "Oracle Corporation"),
	HW_TEXT(RULE_DMI, HW_VIRTUALBOX, 0, 0, "innotek GmbH"),
	HW_TEXT(RULE_CPUID, HW_KVM, 0, 0, "KVMKVMKVM"),
	HW_TEXT(RULE_PCI, HW_QEMU, 0x1af4, 0, ""),
};

/* For rules_done(). Returns as rules_make(). */
static inline int
hardware_rules(struct rules *ret_rules)
{
	return rules_make(hw_entries, HW_ENTRIES, hw_rules,
	    sizeof(hw_rules) / sizeof(hw_rules[0]), ret_rules);
}

/* All of its files as one. FG_ERR_NOT_FOUND: there are none here. */
static inline int
hardware_catalogue(struct rules *ret_rules)
{
	static char text[CATALOGUE_FILE_MAX];
	struct conf_errors errors = { 0 };
	struct catalogue *catalogue = NULL;
	size_t i, len = 0;
	glob_t found;
	FILE *fp;
	int r;

	if (glob("conf/catalogue/*.conf", 0, NULL, &found) != 0)
		return FG_ERR_NOT_FOUND;
	for (i = 0; i < found.gl_pathc; i++) {
		if ((fp = fopen(found.gl_pathv[i], "rb")) == NULL)
			continue;
		len += fread(text + len, 1, sizeof(text) - len, fp);
		(void)fclose(fp);
	}
	globfree(&found);
	if ((r = catalogue_parse("catalogue", text, len, &catalogue,
	    &errors)) == 0)
		r = catalogue_rules(catalogue, ret_rules);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	catalogue_free(catalogue);
	return r;
}

#endif
