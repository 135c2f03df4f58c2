/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding rotated audit files by their names: audit-2026-03-01.jsonl, as
 * farmgate-audit(5) advises, and audit.jsonl.1, as logrotate(8) makes them.
 */
#include "ctl/readiness/rotated.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policyd/text.h"
#include "proto/result.h"

static bool
is_compressed(const char *name)
{
	return text_ends_in(name, ".gz") || text_ends_in(name, ".xz") ||
	    text_ends_in(name, ".zst") || text_ends_in(name, ".bz2");
}

/* "audit.jsonl.1" or "audit-2026-03-01.jsonl", beside "audit.jsonl". */
static bool
is_rotated(const char *name, const char *base)
{
	const char *dot = strrchr(base, '.');
	size_t len = strlen(base);
	size_t stem = dot == NULL ? len : (size_t)(dot - base);

	if (text_ends_in(name, ".torn") || text_ends_in(name, ".new"))
		return false;
	return (strncmp(name, base, len) == 0 && name[len] == '.') ||
	    (strncmp(name, base, stem) == 0 && name[stem] == '-');
}

static int
keep(struct rotated *rotated, const char *folder, size_t len, const char *name,
    int64_t since_s)
{
	struct rotated_file *file;
	struct stat st;
	char *path;

	if (rotated->n == ROTATED_MAX)
		return 0;
	if (asprintf(&path, "%.*s%s", (int)len, folder, name) < 0)
		return FG_ERR_NOMEM;
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_mtime < since_s) {
		free(path);
		return 0;
	}
	if (is_compressed(name)) {
		free(path);
		rotated->compressed++;
		return 0;
	}
	file = &rotated->list[rotated->n++];
	file->path = path;
	file->changed_s = st.st_mtime;
	return 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct rotated_file *x = a, *y = b;

	if (x->changed_s != y->changed_s)
		return x->changed_s < y->changed_s ? -1 : 1;
	return strcmp(x->path, y->path);
}

int
rotated_find(const char *path, int64_t since_s, struct rotated *ret)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	const struct dirent *entry;
	char *folder;
	DIR *dir;
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	if ((folder = len > 0 ? strndup(path, len) : strdup(".")) == NULL)
		return FG_ERR_NOMEM;
	dir = opendir(folder);
	free(folder);
	while (r == 0 && dir != NULL && (entry = readdir(dir)) != NULL)
		if (is_rotated(entry->d_name, path + len))
			r = keep(ret, path, len, entry->d_name, since_s);
	if (dir != NULL)
		(void)closedir(dir); /* only read */
	qsort(ret->list, ret->n, sizeof(ret->list[0]), by_time);
	return r;
}

void
rotated_done(struct rotated *rotated)
{
	while (rotated->n > 0)
		free(rotated->list[--rotated->n].path);
}
