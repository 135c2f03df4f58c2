/* SPDX-License-Identifier: BSD-2-Clause */
/* The file is replaced as a whole, so that nobody reads half of it. */
#include "policyd/hooks/hook_status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/disk.h"
#include "policyd/json/json.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STATUS_FILE "status"
#define STATUS_NEW  "status.new"

static int
open_folder(const char *folder)
{
	return open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* ---- writing ------------------------------------------------------------ */

static void
set_count(struct json *json, const char *key, uint64_t n)
{
	if (n > 0)
		json_set_int(json, key, (int64_t)n);
}

static void
set_tally(struct json *json, const struct hook_tally *tally)
{
	set_count(json, "told", tally->events);
	set_count(json, "done", tally->done);
	set_count(json, "failed", tally->failed);
	set_count(json, "killed", tally->killed);
	set_count(json, "late", tally->late);
	set_count(json, "lost", tally->lost);
	if (tally->ended_s == 0)
		return;
	json_set_int(json, "ended", tally->ended_s);
	if (WIFSIGNALED(tally->status))
		json_set_int(json, "signal", WTERMSIG(tally->status));
	else
		json_set_int(json, "status", WEXITSTATUS(tally->status));
}

static char *
status_text(int64_t since_s, const struct hook_tally *const *tallies)
{
	struct json *json = json_new(), *events;
	char *text;
	int i;

	json_set_int(json, "since", since_s);
	events = json_set_object(json, "events");
	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		if (tallies[i]->events > 0)
			set_tally(json_set_object(events,
				      hook_class_name((enum hook_class)i)),
			    tallies[i]);
	text = json_text(json);
	json_free(json);
	return text;
}

static int
settle(int dir, int fd, const char *text)
{
	size_t len = strlen(text);
	int r;

	if (len > HOOK_STATUS_MAX)
		return FG_ERR_LIMIT;
	if ((r = disk_write(fd, text, len)) != 0)
		return r;
	/* For whoever may run farmgatectl: there is no event in it. */
	if (fchmod(fd, 0644) != 0 ||
	    renameat(dir, STATUS_NEW, dir, STATUS_FILE) != 0)
		return FG_ERR_SYSTEM;
	return 0;
}

int
hook_status_write(const char *folder, int64_t since_s,
    const struct hook_tally *const *tallies)
{
	char *text = NULL;
	int dir = -1, fd = -1, saved, r = FG_ERR_NOMEM;

	if ((text = status_text(since_s, tallies)) == NULL)
		goto out;
	r = FG_ERR_SYSTEM;
	if ((dir = open_folder(folder)) == -1 ||
	    (fd = openat(dir, STATUS_NEW,
		 O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		 0600)) == -1)
		goto out;
	r = settle(dir, fd, text);
out:
	saved = errno;
	if (fd != -1)
		(void)close(fd); /* it is gone with the machine in any case */
	if (dir != -1)
		(void)close(dir); /* likewise */
	free(text);
	errno = saved;
	return r;
}

/* ---- reading ------------------------------------------------------------ */

static int
read_status(int fd, struct json **ret_json)
{
	char text[HOOK_STATUS_MAX];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return FG_ERR_SYSTEM;
	if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return FG_ERR_UNSAFE;
	if ((n = read(fd, text, sizeof(text))) < 0)
		return FG_ERR_SYSTEM;
	*ret_json = json_parse(text, (size_t)n);
	return *ret_json == NULL ? FG_ERR_FORMAT : 0;
}

int
hook_status_read(const char *folder, struct json **ret_json)
{
	int dir = -1, fd = -1, saved, r;

	*ret_json = NULL;
	r = FG_ERR_SYSTEM;
	if ((dir = open_folder(folder)) == -1 ||
	    (fd = openat(dir, STATUS_FILE,
		 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) == -1) {
		if (errno == ENOENT)
			r = FG_ERR_NOT_FOUND;
		goto out;
	}
	r = read_status(fd, ret_json);
out:
	saved = errno;
	if (fd != -1)
		(void)close(fd); /* it was only read */
	if (dir != -1)
		(void)close(dir); /* likewise */
	errno = saved;
	return r;
}
