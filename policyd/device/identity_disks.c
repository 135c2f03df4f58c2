/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Serial numbers of disks that are built in: no USB stick, no card in a reader,
 * nothing on another machine, and nothing that a program makes of files.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "policyd/device/identity_parts.h"
#include "policyd/scanner/hardware/sys.h"
#include "proto/result.h"

/*
 * SPC-6, 7.7.19: type, page 0x80, the length in two bytes, and the serial
 * number. Blanks stand at its ends.
 */
#define PAGE_HEAD 4u
#define PAGE_MAX  255u

/* Those of programs, as loop and dm, have no device. */
static bool
has_device(int disk)
{
	int device = sys_open_folder(disk, "device");

	if (device == -1)
		return false;
	(void)close(device); /* was only looked for */
	return true;
}

/* An SD card is no removable disk to the kernel, but its reader's guest. */
static bool
is_built_in(int block, const char *name, int disk)
{
	return identity_is_inside(block, name) && has_device(disk) &&
	    !identity_is(disk, "removable", "1") &&
	    !identity_is(disk, "hidden", "1") &&
	    !identity_is(disk, "device/type", "SD") &&
	    !identity_is_removable(disk);
}

static int
read_page(int disk, char text[IDENTITY_RAW_TEXT])
{
	unsigned char page[PAGE_HEAD + PAGE_MAX];
	size_t len;

	*text = '\0';
	if (sys_read(disk, "device/vpd_pg80", page, sizeof(page), &len) != 0)
		return errno == EACCES || errno == EPERM || errno == EIO ?
		    FG_ERR_SYSTEM :
		    FG_ERR_NOT_FOUND;
	if (len < PAGE_HEAD || page[1] != 0x80)
		return FG_ERR_NOT_FOUND;
	len -= PAGE_HEAD;
	if (len > page[3] && page[2] == 0)
		len = page[3];
	identity_trim(text, (const char *)page + PAGE_HEAD, len);
	return 0;
}

/* NVMe and eMMC; virtio; SCSI and ATA; what is left. */
static int
read_source(int disk, int source, char text[IDENTITY_RAW_TEXT])
{
	switch (source) {
	case 0:
		return identity_text(disk, "device/serial", text);
	case 1:
		return identity_text(disk, "serial", text);
	case 2:
		return read_page(disk, text);
	case 3:
		return identity_text(disk, "device/wwid", text);
	default:
		return identity_text(disk, "wwid", text);
	}
}

#define SOURCES 5

/* It is unread only if no source has it, and one could not be read. */
static void
read_serial(struct identity_bytes *bytes, const char *name, int disk)
{
	char text[IDENTITY_RAW_TEXT];
	int failed = 0, r;

	for (int source = 0; source < SOURCES; source++) {
		r = read_source(disk, source, text);
		if (r == 0 && text[0] != '\0') {
			identity_add(bytes, HWID_DISK, name, text);
			return;
		}
		if (r != 0 && r != FG_ERR_NOT_FOUND)
			failed = r;
	}
	identity_note(bytes, HWID_DISK, failed);
}

static void
read_disk(struct identity_bytes *bytes, int block, const char *name)
{
	int disk = sys_open_folder(block, name);

	if (disk == -1)
		return; /* it has gone */
	if (is_built_in(block, name, disk))
		read_serial(bytes, name, disk);
	(void)close(disk); /* was only read */
}

void
identity_read_disks(struct identity_reader *reader)
{
	struct sys_list list;
	const char *name;

	if (sys_list_open(&list, reader->sys, "block", reader->until_ns) != 0) {
		if (errno != ENOENT)
			identity_note(reader->bytes, HWID_DISK, FG_ERR_SYSTEM);
		return;
	}
	while ((name = sys_list_next(&list)) != NULL)
		read_disk(reader->bytes, list.fd, name);
	if (list.cut)
		identity_note(reader->bytes, HWID_DISK, FG_ERR_TIMEOUT);
	sys_list_close(&list);
}
