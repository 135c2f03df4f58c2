/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether the machine is one: DMI, the CPU's word, PCI devices. None of it
 * changes while the machine runs.
 */
#ifndef FG_MACHINE_H
#define FG_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/rule.h"

#define MACHINE_TEXT_MAX  63u
#define MACHINE_PCI_MAX	  32u	/* vendors */

enum machine_field {
	MACHINE_PRODUCT = 0,
	MACHINE_SYSTEM,		/* its vendor */
	MACHINE_BOARD,
	MACHINE_BIOS,
	MACHINE_VERSION,
	MACHINE_FIELDS
};

/* Zeroed has not been looked at. */
struct machine {
	bool	 looked;
	bool	 failed;	/* could not look */
	char	 field[MACHINE_FIELDS][MACHINE_TEXT_MAX + 1];
	bool	 hypervisor;	/* the CPU says that there is one */
	char	 signature[13];	/* ... its name, or "" */
	size_t	 npci;
	uint32_t pci[MACHINE_PCI_MAX];
	/* Of a device that hypervisors give their machines, in this scan. */
	const struct rule_entry *noted;	/* borrowed until the scan's end */
	char	 note[ROSTER_WORDS];
};

/* Look, the first time; sys is sys_open()'s. False: the time was over. */
bool	machine_look(struct machine *machine, int sys, int64_t until_ns);

/* Keep evidence beside others: a USB device or display of a hypervisor's. */
void	machine_note(struct machine *machine, const struct rule_entry *entry,
	    const char *words);

/*
 * At most one sign, and what was noted is forgotten: by identity if DMI or the
 * CPU names it, by composition if only the CPU's bit or a device tells.
 */
void	machine_match(struct machine *machine, const struct rules *rules,
	    struct roster *roster);

#endif
