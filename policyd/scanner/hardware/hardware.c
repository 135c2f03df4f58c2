/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing is known of the hardware yet, and each picture says so.
 */
#include "policyd/scanner/hardware/hardware.h"

#include <stddef.h>

int
hardware_new(struct hardware **ret_hardware)
{
	*ret_hardware = NULL;
	return 0;
}

void
hardware_free(struct hardware *hardware)
{
	(void)hardware;
}

int
hardware_fd(const struct hardware *hardware)
{
	(void)hardware;
	return -1;
}

bool
hardware_news(struct hardware *hardware)
{
	(void)hardware;
	return false;
}

void
hardware_look(struct hardware *hardware, const struct rules *rules,
    int64_t until_ns, struct picture *picture)
{
	(void)hardware;
	(void)rules;
	(void)until_ns;
	picture->failed |= PICTURE_USB | PICTURE_DISPLAYS | PICTURE_MACHINE;
}
