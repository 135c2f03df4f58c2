/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of identity_*.c that know each other. They run as root, before
 * privileges are dropped: they copy bytes and look into none of them further
 * than to find out whether a device is built in.
 */
#ifndef FG_IDENTITY_PARTS_H
#define FG_IDENTITY_PARTS_H

#include "policyd/device/identity.h"

/* One reading of the machine. */
struct identity_reader {
	int		 sys;		/* /sys, or -1 */
	int64_t		 until_ns;	/* walk_now_ns()'s clock */
	struct identity_bytes *bytes;
};

/*
 * A regular file without the blanks and the newline at its ends; what does not
 * fit is cut.
 * Returns 0; FG_ERR_NOT_FOUND: it, or its device, is not there;
 * FG_ERR_SYSTEM: it could not be read; FG_ERR_FORMAT: it is no regular file.
 * On error buf is "".
 */
int	identity_text(int folder, const char *name,
	    char buf[IDENTITY_RAW_TEXT]);

/* Whether the file has this text, and no other. */
bool	identity_is(int folder, const char *name, const char *text);

/* Copy a text into buf without the blanks at its ends, cut to fit. */
void	identity_trim(char buf[IDENTITY_RAW_TEXT], const char *text,
	    size_t len);

/* A value; one that is there already from another place is not added again. */
void	identity_add(struct identity_bytes *bytes, enum hwid_kind kind,
	    const char *where, const char *text);

/* What a reading has come to: r is identity_text()'s or sys_list_open()'s. */
void	identity_note(struct identity_bytes *bytes, enum hwid_kind kind,
	    int r);

/*
 * Whether the device of a folder's link is built in, by where the link leads:
 * not on USB, and not on another machine.
 */
bool	identity_is_inside(int folder, const char *link);
/*
 * Whether the kernel knows that its "device", or that one's, can be unplugged,
 * as what is in a Thunderbolt dock.
 */
bool	identity_is_removable(int folder);

void	identity_read_dmi(struct identity_reader *reader);
void	identity_read_disks(struct identity_reader *reader);
void	identity_read_nics(struct identity_reader *reader);

/*
 * The permanent address in an answer to RTM_GETLINK, of len bytes, as text.
 * False: there is none.
 */
bool	identity_take_address(const void *msg, size_t len,
	    char buf[IDENTITY_RAW_TEXT]);

#endif
