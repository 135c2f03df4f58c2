/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mark's file: replaced as a whole, so that it is never half of one. What
 * it says is believed as far as it can be: it is the daemon's own.
 */
#include "policyd/glass_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/json/json.h"
#include "policyd/text.h"
#include "proto/result.h"

#define MARK_NEW  GLASS_MARK_FILE ".new"
#define MARK_SIZE 16384u /* of the file: a line, each byte escaped, and more */

static int
open_folder(const char *folder)
{
	return open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static uint64_t
get_count(const struct json *json, const char *key)
{
	int64_t v = json_get_int(json, key, 0);

	return v < 0 ? 0 : (uint64_t)v;
}

static void
take(const struct json *json, struct glass_mark *mark)
{
	(void)text_copy(mark->boot_id, sizeof(mark->boot_id),
	    json_get_string(json, "boot", ""));
	(void)text_copy(mark->last, sizeof(mark->last),
	    json_get_string(json, "last", ""));
	mark->ino = get_count(json, "ino");
	mark->offset = get_count(json, "offset");
	mark->pending = get_count(json, "pending");
	mark->count = get_count(json, "count");
	mark->since_s = json_get_int(json, "since", 0);
	mark->last_s = json_get_int(json, "last_at", 0);
}

void
glass_mark_read(const char *folder, struct glass_mark *ret_mark)
{
	char text[MARK_SIZE];
	struct json *json;
	ssize_t n = -1;
	int dir, fd;

	memset(ret_mark, 0, sizeof(*ret_mark));
	if ((dir = open_folder(folder)) == -1)
		return;
	fd = openat(dir, GLASS_MARK_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd != -1) {
		n = read(fd, text, sizeof(text));
		(void)close(fd); /* it was only read */
	}
	(void)close(dir); /* likewise */
	if (n > 0 && (json = json_parse(text, (size_t)n)) != NULL) {
		take(json, ret_mark);
		json_free(json);
	}
}

static char *
mark_text(const struct glass_mark *mark)
{
	struct json *json = json_new();
	char *text;

	json_set_string(json, "boot", mark->boot_id);
	json_set_int(json, "ino", (int64_t)mark->ino);
	json_set_int(json, "offset", (int64_t)mark->offset);
	json_set_int(json, "pending", (int64_t)mark->pending);
	json_set_int(json, "count", (int64_t)mark->count);
	json_set_int(json, "since", mark->since_s);
	json_set_int(json, "last_at", mark->last_s);
	json_set_string(json, "last", mark->last);
	text = json_text(json);
	json_free(json);
	return text;
}

/* All of it, on the disk, under its own name. */
static int
settle(int dir, int fd, const char *text)
{
	size_t len = strlen(text);

	if (write(fd, text, len) != (ssize_t)len || fsync(fd) != 0 ||
	    renameat(dir, MARK_NEW, dir, GLASS_MARK_FILE) != 0 ||
	    fsync(dir) != 0)
		return FG_ERR_SYSTEM;
	return 0;
}

int
glass_mark_write(const char *folder, const struct glass_mark *mark)
{
	char *text = NULL;
	int dir = -1, fd = -1, saved, r = FG_ERR_SYSTEM;

	if ((text = mark_text(mark)) == NULL) {
		r = FG_ERR_NOMEM;
		goto out;
	}
	if ((dir = open_folder(folder)) == -1)
		goto out;
	fd = openat(dir, MARK_NEW,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		goto out;
	errno = ENOSPC; /* a short write has none */
	r = settle(dir, fd, text);
out:
	saved = errno;
	if (fd != -1)
		(void)close(fd); /* what counts was synced */
	if (dir != -1)
		(void)close(dir); /* likewise */
	free(text);
	errno = saved;
	return r;
}
