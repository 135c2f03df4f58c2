/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is plugged in, and whether the machine is one: USB devices, input
 * devices, displays, DMI and CPU. libudev's whole use is in udev.c.
 */
#ifndef FG_HARDWARE_H
#define FG_HARDWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/picture.h"
#include "policyd/scanner/rule.h"

struct hardware;

/*
 * Open what the sandbox no longer lets open: the kernel's news of devices.
 * Without them (a container may have none) only the scans tell.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	hardware_new(struct hardware **ret_hardware);
void	hardware_free(struct hardware *hardware);

/* Readable when there is news; -1: there will be none. */
int	hardware_fd(const struct hardware *hardware);
/* Take all the news. True if a device came or went that could be a sign. */
bool	hardware_news(struct hardware *hardware);

/*
 * Add signs of rules' entries, by composition, and of everything plugged in
 * from outside (ENTRY_KEYBOARD to ENTRY_MONITOR), until then
 * (walk_now_ns()'s clock). .failed and .cut of the picture say what is missing.
 */
void	hardware_look(struct hardware *hardware, const struct rules *rules,
	    int64_t until_ns, struct picture *picture);

#endif
