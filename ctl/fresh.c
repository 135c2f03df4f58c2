/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is written is on the disk before it has its name.
 */
#include "ctl/fresh.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/disk.h"
#include "policyd/text.h"

static int
complain(const struct fresh *fresh)
{
	ctl_complain("%s: %s: %m", fresh->what, fresh->path);
	return CTL_ERROR;
}

int
fresh_begin(struct fresh *fresh, const char *what, const char *path)
{
	int fd;

	memset(fresh, 0, sizeof(*fresh));
	fresh->what = what;
	fresh->path = path;
	if (text_format(fresh->name, sizeof(fresh->name), "%s.XXXXXX", path) !=
	    0) {
		ctl_complain("%s: the path is too long", what);
		return CTL_ERROR;
	}
	/* 0600, and nobody's file before */
	if ((fd = mkostemp(fresh->name, O_CLOEXEC)) < 0 ||
	    (fresh->out = fdopen(fd, "w+")) == NULL) {
		(void)complain(fresh);
		if (fd >= 0) {
			(void)close(fd); /* nothing was written */
			(void)unlink(fresh->name);
		}
		return CTL_ERROR;
	}
	return CTL_OK;
}

int
fresh_finish(struct fresh *fresh)
{
	if (fflush(fresh->out) != 0 || ferror(fresh->out) ||
	    fsync(fileno(fresh->out)) != 0 ||
	    rename(fresh->name, fresh->path) != 0)
		return complain(fresh);
	fresh->name[0] = '\0';
	return disk_sync_folder_of(fresh->path) == 0 ? CTL_OK : complain(fresh);
}

void
fresh_end(struct fresh *fresh)
{
	if (fresh->out == NULL)
		return;
	(void)fclose(fresh->out); /* synced, or not wanted */
	fresh->out = NULL;
	if (fresh->name[0] != '\0')
		(void)unlink(fresh->name);
}
