/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the catalogue's entries are: the words that the catalogue, the scanner
 * and the decider share. conf/catalogue has the entries, and
 * farmgate-catalogue(5) their form.
 */
#ifndef FG_ENTRY_H
#define FG_ENTRY_H

#define ENTRY_NAME_MAX	32u	/* bytes: [a-z0-9_-]+ */

/* What a thing in the catalogue is for. Its finding follows from that. */
enum entry_kind {
	ENTRY_NONE = 0,
	/* remote.tool */
	ENTRY_RMM,		/* remote support and management */
	ENTRY_INPUT_SHARE,	/* keyboard and mouse of another machine */
	ENTRY_HIDDEN,		/* no entry: a process that hides what it is */
	/* remote.desktop */
	ENTRY_VNC,
	ENTRY_RDP,
	ENTRY_STREAMING,	/* games and remote frame buffers */
	/* remote.tunnel */
	ENTRY_TUNNEL,
	ENTRY_TERMINAL_SHARE,
	/* remote.jiggler */
	ENTRY_JIGGLER,
	/* net.vpn_client */
	ENTRY_VPN_CLIENT,
	/* remote.kvm */
	ENTRY_IP_KVM,
	/* remote.display */
	ENTRY_CAPTURE,		/* the screen is a capture device's */
	ENTRY_DUMMY_PLUG,	/* the screen is nobody's */
	/* device.virtual */
	ENTRY_HYPERVISOR,
	/* no finding by itself: ordinary, and named so that it is no other */
	ENTRY_ORDINARY,
	/* device.new_input: no entry, what is plugged in from outside */
	ENTRY_KEYBOARD,
	ENTRY_POINTER,
	ENTRY_OTHER_INPUT,
	ENTRY_MONITOR,
	ENTRY_KINDS
};

/* Whose screen, keyboard or shell a tool has in its hands. */
enum entry_steers {
	ENTRY_STEERS_NONE = 0,	/* nobody's: a tunnel, a VPN client */
	ENTRY_STEERS_OWN,	/* of a session that it makes or serves */
	ENTRY_STEERS_SEAT	/* of who sits at the machine */
};

/* "rmm", "terminal-share", "ip-kvm", ...; "none" for the zero. Static. */
const char	*entry_kind_name(enum entry_kind kind);
/* ENTRY_NONE for anything that no file may name. */
enum entry_kind	 entry_kind_by_name(const char *name);

/* "none", "own", "seat". Static. */
const char	*entry_steers_name(enum entry_steers steers);

#endif
