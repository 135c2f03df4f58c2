/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How files of /sys are read by root, and what is noted of them. /etc holds
 * one more.
 */
#include "policyd/device/identity_parts.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/hardware/sys.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define READ_NS	  INT64_C(2000000000) /* for all of it */
#define READ_SIZE 256u /* of a file: blanks may stand in front */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
identity_trim(char buf[IDENTITY_RAW_TEXT], const char *text, size_t len)
{
	len = strnlen(text, len);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	while (len > 0 && is_blank(*text)) {
		text++;
		len--;
	}
	if (len > IDENTITY_RAW_TEXT - 1)
		len = IDENTITY_RAW_TEXT - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
}

/* What goes while it is looked at was not there. */
static int
absent_or(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
	case EINVAL: /* an attribute that this device does not have */
	case ENODATA:
	case EOPNOTSUPP:
		return FG_ERR_NOT_FOUND;
	default:
		errno = error;
		return FG_ERR_SYSTEM;
	}
}

/* A FIFO opens without waiting, and is none of what is wanted. */
static int
open_file(int folder, const char *name, int *ret_fd)
{
	struct stat st;
	int fd;

	*ret_fd = -1;
	fd = openat(folder, name,
	    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (fd == -1)
		return errno == ELOOP ? FG_ERR_FORMAT : absent_or(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* nothing was read */
		return FG_ERR_FORMAT;
	}
	*ret_fd = fd;
	return 0;
}

int
identity_text(int folder, const char *name, char buf[IDENTITY_RAW_TEXT])
{
	char bytes[READ_SIZE];
	ssize_t n;
	int fd, r;

	*buf = '\0';
	if ((r = open_file(folder, name, &fd)) != 0)
		return r;
	do {
		n = read(fd, bytes, sizeof(bytes));
	} while (n == -1 && errno == EINTR);
	r = n == -1 ? absent_or(errno) : 0;
	(void)close(fd); /* was only read */
	if (r == 0)
		identity_trim(buf, bytes, (size_t)n);
	return r;
}

bool
identity_is(int folder, const char *name, const char *text)
{
	char buf[IDENTITY_RAW_TEXT];

	return identity_text(folder, name, buf) == 0 && strcmp(buf, text) == 0;
}

void
identity_add(struct identity_bytes *bytes, enum hwid_kind kind,
    const char *where, const char *text)
{
	struct identity_raw *raw = &bytes->list[bytes->n];

	for (size_t i = 0; i < bytes->n; i++)
		if (bytes->list[i].kind == kind &&
		    strcmp(bytes->list[i].text, text) == 0)
			return;
	if (bytes->n == IDENTITY_RAW_MAX) {
		bytes->overflow = true;
		return;
	}
	raw->kind = kind;
	(void)text_copy(raw->where, sizeof(raw->where), where);
	(void)text_copy(raw->text, sizeof(raw->text), text);
	bytes->n++;
}

void
identity_note(struct identity_bytes *bytes, enum hwid_kind kind, int r)
{
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		bytes->unread |= UINT32_C(1) << kind;
}

/* ".../usb1/1-2/...": prefix and a digit begin a folder of the path. */
static bool
has_folder(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	while ((path = strchr(path, '/')) != NULL) {
		path++;
		if (strncmp(path, prefix, len) == 0 && path[len] >= '0' &&
		    path[len] <= '9')
			return true;
	}
	return false;
}

/* iSCSI's disks are below its sessions. */
bool
identity_is_inside(int folder, const char *link)
{
	char path[SYS_PATH_MAX + 1];

	return sys_read_link(folder, link, path, sizeof(path)) == 0 &&
	    !has_folder(path, "usb") && !has_folder(path, "session") &&
	    strstr(path, "/nvme-fabrics/") == NULL;
}

/* A disk's device is a controller, at times, whose device it is. */
bool
identity_is_removable(int folder)
{
	return identity_is(folder, "device/removable", "removable") ||
	    identity_is(folder, "device/device/removable", "removable");
}

/* A file of 32 digits: machine-id(5). */
static void
read_machine_id(struct identity_bytes *bytes)
{
	(void)identity_text(AT_FDCWD, "/etc/machine-id", bytes->machine_id);
}

void
identity_read(struct identity_bytes *ret_bytes)
{
	struct identity_reader reader = { .sys = sys_open(),
		.until_ns = walk_now_ns() + READ_NS,
		.bytes = ret_bytes };
	enum hwid_kind kind;

	memset(ret_bytes, 0, sizeof(*ret_bytes));
	read_machine_id(ret_bytes);
	if (reader.sys == -1) {
		for (kind = HWID_BOARD; kind < HWID_KINDS; kind++)
			identity_note(ret_bytes, kind, FG_ERR_SYSTEM);
		return;
	}
	identity_read_dmi(&reader);
	identity_read_disks(&reader);
	identity_read_nics(&reader);
	(void)close(reader.sys); /* was only read */
}
