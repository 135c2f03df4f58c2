/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of /sys, read within bounds. They are read here and not with libudev,
 * whose enumeration asks access(2) of each device, a call that the confined
 * scanner lacks.
 * What is in them is often a device's own: other people's bytes.
 */
#ifndef FG_SYS_H
#define FG_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYS_PATH_MAX	383u	/* bytes of a device's path below /sys */
#define SYS_NAME_MAX	63u	/* of a device's name */
#define SYS_TEXT_SIZE	512u	/* a USB string at its longest, and NUL */

/* /sys, for the caller to close; -1 if it cannot be opened. */
int	sys_open(void);
/* A folder or device below it; -1 with errno. For the caller to close. */
int	sys_open_folder(int folder, const char *path);
/* What is open is the kernel's file system and no empty folder. */
bool	sys_is_real(int sys);

/*
 * At most size bytes of a file. Returns 0 or FG_ERR_SYSTEM; what is longer is
 * cut.
 */
int	sys_read(int folder, const char *name, void *buf, size_t size,
	    size_t *ret_len);
/*
 * The same as a string without its newline. One with NUL in it ends there.
 * On error it is "".
 */
int	sys_read_text(int folder, const char *name, char *buf, size_t size);
/* Of what was read: as a string without its newline. buf has len + 1. */
void	sys_end_text(char *buf, size_t len);
/* "046d", or with "0x". Returns 0, FG_ERR_SYSTEM or FG_ERR_FORMAT. */
int	sys_read_hex(int folder, const char *name, uint32_t *ret_v);

/*
 * Where a link in folder leads, from the root of /sys:
 * "devices/pci0000:00/...". Returns 0, FG_ERR_SYSTEM or FG_ERR_LIMIT.
 */
int	sys_read_link(int folder, const char *name, char *buf, size_t size);

/* Whether path is below the folder of the device of USB that parent is. */
bool	sys_is_below(const char *path, const char *parent);

/* ---- what is in a folder ---- */

struct sys_list {
	int		 fd;
	size_t		 len;
	size_t		 pos;
	int64_t		 until_ns;
	bool		 cut;	/* the time was over, or it could not be read */
	_Alignas(8) char buf[2048];
};

/* until_ns: of walk_now_ns()'s clock. Returns 0 or FG_ERR_SYSTEM. */
int	sys_list_open(struct sys_list *list, int folder, const char *path,
	    int64_t until_ns);
/* Borrowed until the next call; NULL: there are no more, or .cut. */
const char *sys_list_next(struct sys_list *list);
void	sys_list_close(struct sys_list *list);

#endif
