/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of libarchive's formats the one that every tar(1) reads, and that has no
 * limit to what a file's size is.
 */
#include "ctl/audit/tar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "proto/result.h"

#define BLOCK 65536u

struct tar {
	struct archive *archive;
	const char *why; /* NULL: libarchive has it */
};

static bool
begin(struct tar *tar, int fd, bool gzip)
{
	struct archive *a = tar->archive;

	if (archive_write_set_format_pax_restricted(a) != ARCHIVE_OK)
		return false;
	/* When it was compressed is nothing that it tells. */
	if (gzip &&
	    (archive_write_add_filter_gzip(a) != ARCHIVE_OK ||
		archive_write_set_filter_option(a, "gzip", "timestamp", NULL) !=
		    ARCHIVE_OK))
		return false;
	return archive_write_open_fd(a, fd) == ARCHIVE_OK;
}

struct tar *
tar_new(int fd, bool gzip)
{
	struct tar *tar = calloc(1, sizeof(*tar));

	if (tar == NULL)
		return NULL;
	if ((tar->archive = archive_write_new()) == NULL ||
	    !begin(tar, fd, gzip)) {
		tar_free(tar);
		return NULL;
	}
	return tar;
}

void
tar_free(struct tar *tar)
{
	if (tar == NULL)
		return;
	if (tar->archive != NULL)
		(void)archive_write_free(tar->archive); /* ended, or given up */
	free(tar);
}

static int
fail(struct tar *tar, const char *why)
{
	tar->why = why;
	return FG_ERR_SYSTEM;
}

static int
add_bytes(struct tar *tar, int from, int64_t size)
{
	char block[BLOCK];
	int64_t at = 0;
	ssize_t n;

	while (at < size) {
		if ((n = pread(from, block, sizeof(block), at)) < 0)
			return fail(tar, strerror(errno));
		if (n == 0 || n > size - at)
			return fail(tar, "its size has changed");
		if (archive_write_data(tar->archive, block, (size_t)n) != n)
			return fail(tar, NULL);
		at += n;
	}
	return 0;
}

int
tar_add(struct tar *tar, const char *name, int from, int64_t at_s)
{
	struct archive_entry *entry;
	struct stat st;
	int r;

	if (fstat(from, &st) != 0)
		return fail(tar, strerror(errno));
	if ((entry = archive_entry_new()) == NULL)
		return fail(tar, strerror(ENOMEM));
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_size(entry, st.st_size);
	archive_entry_set_mtime(entry, (time_t)at_s, 0);
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	r = archive_write_header(tar->archive, entry) == ARCHIVE_OK ?
	    add_bytes(tar, from, st.st_size) :
	    fail(tar, NULL);
	archive_entry_free(entry);
	return r;
}

int
tar_end(struct tar *tar)
{
	return archive_write_close(tar->archive) == ARCHIVE_OK ?
	    0 :
	    fail(tar, NULL);
}

const char *
tar_why(const struct tar *tar)
{
	const char *why = tar->why;

	if (why == NULL)
		why = archive_error_string(tar->archive);
	return why == NULL ? "no archive could be made" : why;
}
