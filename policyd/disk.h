/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes and names that are on the disk when somebody is told so.
 */
#ifndef FG_DISK_H
#define FG_DISK_H

#include <stddef.h>

/* All len bytes, whatever is interrupted. Returns 0 or FG_ERR_SYSTEM. */
int	disk_write(int fd, const void *bytes, size_t len);

/*
 * The folder that path stands in: so its name there outlives a power failure.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	disk_sync_folder_of(const char *path);

#endif
