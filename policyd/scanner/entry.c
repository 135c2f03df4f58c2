/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of the catalogue's words.
 */
#include "policyd/scanner/entry.h"

#include <string.h>

/* Those of the catalogue's files; the others never stand in one. */
static const char *const kinds[ENTRY_KINDS] = {
	[ENTRY_NONE] = "none",
	[ENTRY_RMM] = "rmm",
	[ENTRY_INPUT_SHARE] = "input-share",
	[ENTRY_HIDDEN] = "hidden",
	[ENTRY_VNC] = "vnc",
	[ENTRY_RDP] = "rdp",
	[ENTRY_STREAMING] = "streaming",
	[ENTRY_TUNNEL] = "tunnel",
	[ENTRY_TERMINAL_SHARE] = "terminal-share",
	[ENTRY_JIGGLER] = "jiggler",
	[ENTRY_VPN_CLIENT] = "vpn-client",
	[ENTRY_IP_KVM] = "ip-kvm",
	[ENTRY_CAPTURE] = "hdmi-capture",
	[ENTRY_DUMMY_PLUG] = "dummy-plug",
	[ENTRY_HYPERVISOR] = "hypervisor",
	[ENTRY_ORDINARY] = "ordinary",
	[ENTRY_KEYBOARD] = "keyboard",
	[ENTRY_POINTER] = "pointer",
	[ENTRY_OTHER_INPUT] = "other-input",
	[ENTRY_MONITOR] = "monitor",
};

const char *
entry_kind_name(enum entry_kind kind)
{
	return kind < ENTRY_KINDS ? kinds[kind] : "none";
}

enum entry_kind
entry_kind_by_name(const char *name)
{
	enum entry_kind kind;

	for (kind = ENTRY_RMM; kind <= ENTRY_ORDINARY; kind++)
		if (kind != ENTRY_HIDDEN && strcmp(kinds[kind], name) == 0)
			return kind;
	return ENTRY_NONE;
}

const char *
entry_steers_name(enum entry_steers steers)
{
	switch (steers) {
	case ENTRY_STEERS_NONE:
		break;
	case ENTRY_STEERS_OWN:
		return "own";
	case ENTRY_STEERS_SEAT:
		return "seat";
	}
	return "none";
}
