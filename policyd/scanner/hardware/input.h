/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An input device as the kernel has it: what it is called, and what keys and
 * axes it has.
 */
#ifndef FG_INPUT_H
#define FG_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/hardware/sys.h"

#define INPUT_TEXT_MAX	127u

struct input_device {
	char	 path[SYS_PATH_MAX + 1];	/* below /sys */
	char	 name[INPUT_TEXT_MAX + 1];	/* as it gives it, any bytes */
	char	 unique[INPUT_TEXT_MAX + 1];	/* its own address, or "" */
	uint32_t bus;			/* BUS_* of linux/input.h */
	uint32_t vendor;
	uint32_t product;
	bool	 keyboard;		/* with letters */
	bool	 relative_mouse;
	bool	 absolute_mouse;	/* a button, and axes of no screen */
	bool	 digitizer;		/* pen, touch pad, touch screen */
	bool	 axes;			/* any */
	bool	 made_here;		/* by a program: uinput, uhid */
};

/*
 * The one of this name in folder, /sys/class/input. Returns 0, or FG_ERR_*: it
 * is not there any more, or cannot be read.
 */
int	input_read(int folder, const char *name,
	    struct input_device *ret_device);

#endif
