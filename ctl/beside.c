/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A name that nobody else has, and rename(2).
 */
#include "ctl/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

int
beside_open(const char *path, mode_t mode, struct beside *b)
{
	int fd, saved;

	b->out = NULL;
	if (text_format(b->fresh, sizeof(b->fresh), "%s.XXXXXX", path) != 0) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	if ((fd = mkostemp(b->fresh, O_CLOEXEC)) == -1)
		return FG_ERR_SYSTEM;
	if (fchmod(fd, mode) == 0 && (b->out = fdopen(fd, "w")) != NULL)
		return 0;
	saved = errno;
	(void)close(fd); /* nothing was written */
	(void)unlink(b->fresh);
	errno = saved;
	return FG_ERR_SYSTEM;
}

int
beside_close(struct beside *b, const char *path)
{
	bool good = fflush(b->out) == 0 && !ferror(b->out) &&
	    fsync(fileno(b->out)) == 0;
	int saved = errno;

	if (fclose(b->out) != 0 && good) {
		saved = errno;
		good = false;
	}
	if (good && rename(b->fresh, path) == 0)
		return disk_sync_folder_of(path);
	saved = good ? errno : saved;
	(void)unlink(b->fresh);
	errno = saved;
	return FG_ERR_SYSTEM;
}

void
beside_drop(struct beside *b)
{
	(void)fclose(b->out); /* nobody wants it */
	(void)unlink(b->fresh);
}
