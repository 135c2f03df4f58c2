/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the firmware says, in the kernel's copy. Its serial numbers are root's
 * alone to read (mode 0400).
 */
#include <errno.h>
#include <unistd.h>

#include "policyd/device/identity_parts.h"
#include "policyd/scanner/hardware/sys.h"
#include "proto/result.h"

static const struct {
	const char *name;
	enum hwid_kind kind;
} fields[] = {
	{ "product_serial", HWID_SERIAL },
	{ "product_uuid", HWID_UUID },
	{ "board_serial", HWID_BOARD },
	{ "chassis_serial", HWID_CHASSIS },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static void
read_fields(struct identity_bytes *bytes, int folder)
{
	char text[IDENTITY_RAW_TEXT];
	int r;

	for (size_t i = 0; i < FIELDS; i++) {
		r = identity_text(folder, fields[i].name, text);
		identity_note(bytes, fields[i].kind, r);
		if (r == 0)
			identity_add(bytes, fields[i].kind, fields[i].name,
			    text);
	}
	/* For people; that one of them is missing says nothing. */
	(void)identity_text(folder, "sys_vendor", bytes->vendor);
	(void)identity_text(folder, "product_name", bytes->model);
}

void
identity_read_dmi(struct identity_reader *reader)
{
	int folder = sys_open_folder(reader->sys, "class/dmi/id");

	if (folder != -1) {
		read_fields(reader->bytes, folder);
		(void)close(folder); /* was only read */
		return;
	}
	if (errno == ENOENT)
		return; /* not every machine has DMI */
	for (size_t i = 0; i < FIELDS; i++)
		identity_note(reader->bytes, fields[i].kind, FG_ERR_SYSTEM);
}
