/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scan's look at hardware: what is on USB, what is an input device, what
 * is a display, and what the machine itself is. Each part marks for itself
 * what it could not see.
 */
#include "policyd/scanner/hardware/hardware.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/hardware/display.h"
#include "policyd/scanner/hardware/input.h"
#include "policyd/scanner/hardware/input_match.h"
#include "policyd/scanner/hardware/machine.h"
#include "policyd/scanner/hardware/plugged.h"
#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/hardware/sys.h"
#include "policyd/scanner/hardware/udev.h"
#include "policyd/scanner/hardware/usb.h"
#include "policyd/scanner/hardware/usb_match.h"
#include "proto/result.h"

struct hardware {
	struct udev_news *news; /* NULL: there is none */
	struct machine machine;
	struct roster roster;
	struct usb usb; /* of one scan */
};

int
hardware_new(struct hardware **ret_hardware)
{
	*ret_hardware = calloc(1, sizeof(**ret_hardware));
	if (*ret_hardware == NULL)
		return FG_ERR_NOMEM;
	(*ret_hardware)->news = udev_news_new();
	return 0;
}

void
hardware_free(struct hardware *hardware)
{
	if (hardware == NULL)
		return;
	udev_news_free(hardware->news);
	free(hardware);
}

int
hardware_fd(const struct hardware *hardware)
{
	return udev_news_fd(hardware->news);
}

bool
hardware_news(struct hardware *hardware)
{
	return udev_news_take(hardware->news);
}

/* "input12" is a device; "event3" and "mouse0" are its files. */
static bool
is_input(const char *name)
{
	static const char prefix[] = "input";

	return strncmp(name, prefix, strlen(prefix)) == 0 &&
	    name[strlen(prefix)] != '\0' &&
	    name[strlen(prefix) +
		strspn(name + strlen(prefix), "0123456789")] == '\0';
}

/* What the catalogue knows is found as that, and nobody's own. */
static void
add_input(struct hardware *hardware, const struct rules *rules,
    const struct input_device *input)
{
	bool matched = input_match(input, rules, &hardware->roster);

	if (usb_add_input(&hardware->usb, input) != NULL)
		return;
	plugged_add_bluetooth(&hardware->roster, input);
	if (!matched)
		plugged_add_made(&hardware->roster, input);
}

/* Input devices are counted in with what they are on, before it is judged. */
static void
look_at_inputs(struct hardware *hardware, int sys, const struct rules *rules,
    int64_t until_ns)
{
	struct picture *picture = hardware->roster.picture;
	struct input_device input;
	struct sys_list list;
	const char *name;

	if (sys_list_open(&list, sys, "class/input", until_ns) != 0) {
		if (errno != ENOENT || !sys_is_real(sys))
			picture->failed |= PICTURE_USB;
		return;
	}
	while ((name = sys_list_next(&list)) != NULL) {
		/* One that is gone by now is not there. */
		if (!is_input(name) || input_read(list.fd, name, &input) != 0)
			continue;
		add_input(hardware, rules, &input);
	}
	if (list.cut)
		picture->cut |= PICTURE_USB;
	sys_list_close(&list);
}

static void
look_at_usb(struct hardware *hardware, int sys, const struct rules *rules,
    int64_t until_ns)
{
	struct picture *picture = hardware->roster.picture;
	struct usb *usb = &hardware->usb;
	size_t i;

	usb_look(sys, until_ns, usb);
	look_at_inputs(hardware, sys, rules, until_ns);
	if (usb->failed)
		picture->failed |= PICTURE_USB;
	if (usb->cut)
		picture->cut |= PICTURE_USB;
	for (i = 0; i < usb->ndevices; i++)
		usb_match(&usb->device[i], rules, &hardware->machine,
		    &hardware->roster);
	for (i = 0; i < usb->ndevices; i++)
		if (!usb->device[i].late)
			plugged_add_usb(&hardware->roster, &usb->device[i]);
}

static void
look_at_machine(struct hardware *hardware, int sys, const struct rules *rules,
    int64_t until_ns)
{
	struct picture *picture = hardware->roster.picture;

	if (!machine_look(&hardware->machine, sys, until_ns))
		picture->cut |= PICTURE_MACHINE;
	if (hardware->machine.failed)
		picture->failed |= PICTURE_MACHINE;
	machine_match(&hardware->machine, rules, &hardware->roster);
}

void
hardware_look(struct hardware *hardware, const struct rules *rules,
    int64_t until_ns, struct picture *picture)
{
	static const uint32_t all =
	    PICTURE_USB | PICTURE_DISPLAYS | PICTURE_MACHINE;
	int sys;

	if ((sys = sys_open()) == -1) {
		picture->failed |= all;
		return;
	}
	roster_begin(&hardware->roster, picture);
	look_at_usb(hardware, sys, rules, until_ns);
	display_look(sys, rules, until_ns, &hardware->machine,
	    &hardware->roster);
	look_at_machine(hardware, sys, rules, until_ns);
	roster_end(&hardware->roster,
	    ((picture->failed | picture->cut) & all) == 0);
	(void)close(sys); /* was only read */
}
