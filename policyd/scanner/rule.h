/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The catalogue as the scanner gets it: entries, and rules that each know one
 * sign of one entry. The decider makes them from the catalogue's files and
 * sends them at its start and after each reload; the scanner trusts neither
 * numbers nor texts of them. Fixed sizes, so that they go over as they are.
 */
#ifndef FG_RULE_H
#define FG_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/entry.h"

#define RULE_ENTRIES_MAX 512u	/* of one catalogue */
#define RULE_RULES_MAX	 8192u
#define RULE_TEXT_MAX	 191u	/* bytes */
#define RULE_STRING_MAX	 63u	/* of a device's */
#define RULE_ANY	 0xffffffffu /* a number that is not looked at */

/* How an entry that runs is known to be in use; bits. */
#define RULE_ACTIVE_LISTEN  0x01u /* established to a port of RULE_LISTEN */
#define RULE_ACTIVE_RELAY   0x02u /* established to a port of RULE_RELAY */
#define RULE_ACTIVE_CHILD   0x04u /* it has a child that is not of its own */
#define RULE_ACTIVE_RUNNING 0x08u /* it runs only while it is in use */
#define RULE_ACTIVE_FORK    0x10u /* it has a child of its own program */

struct rule_entry {
	char		 name[ENTRY_NAME_MAX + 1];
	uint32_t	 kind;		/* enum entry_kind */
	uint32_t	 steers;	/* enum entry_steers */
	uint32_t	 active;	/* RULE_ACTIVE_* */
};

/*
 * Texts of paths, names and arguments are globs: '*' is any run of bytes and
 * '?' any one, there is nothing else, and matching takes no more than
 * the product of both lengths. A rule
 * that names a process without an absolute path matches by name alone.
 */
enum rule_kind {
	RULE_NONE = 0,
	/* A process: .text */
	RULE_EXE,		/* glob of /proc/PID/exe */
	RULE_COMM,		/* glob of its name, at most 15 bytes of it */
	RULE_SCRIPT,		/* glob of what an interpreter runs: the path
				 * as it stands, or its last component */
	/* ... which shows that somebody is connected: .text */
	RULE_ACTIVE_EXE,
	RULE_ACTIVE_COMM,
	RULE_ACTIVE_ARGUMENT,	/* glob of one argument of a process of the
				 * entry's RULE_EXE or RULE_SCRIPT */
	/* Sockets: .low to .high are ports, .text is "tcp" or "udp" */
	RULE_LISTEN,		/* of this machine */
	RULE_RELAY,		/* of the other side, from here */
	/* .text is the name of an argument of a process of the entry's RULE_EXE
	 * or RULE_SCRIPT: what follows is a tcp port as of RULE_LISTEN */
	RULE_LISTEN_ARGUMENT,
	/* Unix sockets: .text is a glob of the path that the server has given
	 * its own; somebody is connected */
	RULE_SOCKET,
	/* Files: .text is an absolute path, globs allowed for each component:
	 * neither '*' nor '?' is a '/', or a '.' that begins a name */
	RULE_FILE,		/* installed */
	/* Network interfaces: .text is a glob */
	RULE_INTERFACE,		/* up while connected */
	RULE_LINK,		/* of the kind that the kernel says, "tun", and
				 * no RULE_INTERFACE is of its name */
	/*
	 * USB devices: .low vendor, .high product (RULE_ANY), and of .device
	 * what is not "" has to be equal: its strings.
	 */
	RULE_USB,
	RULE_USB_HID,		/* the same, and it has a HID interface */
	/* The same strings, of the disk that such a device shows: vendor and
	 * model of SCSI's inquiry (.manufacturer, .product). */
	RULE_STORAGE,
	/* .text: SHA-256 of a HID report descriptor, in hex */
	RULE_REPORT,
	/*
	 * Displays by EDID: .device.manufacturer is the three letters, .low to
	 * .high the product code (RULE_ANY each: any), .device.product the
	 * name, .device.serial the serial text; "" is not looked at.
	 */
	RULE_DISPLAY,
	RULE_DISPLAY_WEAK,	/* others have it as well */
	/* Input devices: .text glob of the name, .low bus, .high vendor,
	 * or RULE_ANY */
	RULE_INPUT,
	/* Virtual machines */
	RULE_DMI,		/* .text: a DMI vendor or product begins so */
	RULE_CPUID,		/* .text: the CPU's hypervisor signature */
	RULE_PCI,		/* .low: vendor of a PCI device */
	RULE_KINDS
};

struct rule_device {
	char		 manufacturer[RULE_STRING_MAX + 1];
	char		 product[RULE_STRING_MAX + 1];
	char		 serial[RULE_STRING_MAX + 1];
};

struct rule {
	uint32_t	 kind;		/* enum rule_kind */
	uint32_t	 entry;		/* index of its entry */
	uint32_t	 low;
	uint32_t	 high;
	union {
		char	 text[RULE_TEXT_MAX + 1];
		struct rule_device device;
	};
};

/* A whole catalogue; zeroed is an empty one. */
struct rules {
	size_t		 nentries;
	size_t		 nrules;
	struct rule_entry *entry;	/* owned */
	struct rule	*rule;		/* owned, grouped by .kind, rising */
	/* Those of a kind are rule[first[kind]] to rule[first[kind + 1]]. */
	size_t		 first[RULE_KINDS + 1];
};

/* An entry that may be sent: known numbers, a text that ends. */
bool	rule_entry_is_valid(const struct rule_entry *entry);
/* A rule that may be, of a catalogue with so many entries. */
bool	rule_is_valid(const struct rule *rule, size_t nentries);

/*
 * Take a copy of both. Returns 0, FG_ERR_NOMEM, FG_ERR_LIMIT, or
 * FG_ERR_FORMAT: one of them is not valid, which *ret_rules never has.
 */
int	rules_make(const struct rule_entry *entry, size_t nentries,
	    const struct rule *rule, size_t nrules, struct rules *ret_rules);
void	rules_done(struct rules *rules);

/* Whether all of s is as the glob says. */
bool	rule_glob(const char *glob, const char *s);

/* By its name alone: it does not begin with "/". */
bool	rule_is_bare(const char *glob);

#endif
