/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder is the daemon's own: what stands in it under whichever name is
 * looked at and never trusted.
 */
#include "ctl/audit/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/audit/source.h"
#include "ctl/ctl.h"
#include "policyd/audit/rotated_name.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PATH_SIZE 4096u
#define SEQ_LAST  (UINT64_MAX - 1) /* of one that does not say */
#define HEAD_SIZE 160u /* in which a record has "clock_back", if it does */

static int
refuse(char why[FILES_WHY_SIZE], const char *path, const char *what)
{
	(void)text_format(why, FILES_WHY_SIZE, "%s: %s", path, what);
	return FG_ERR_SYSTEM;
}

int
files_open(const char *path, struct stat *ret_st, struct stream **ret_stream,
    char why[FILES_WHY_SIZE])
{
	const char *what;
	int fd, r;

	*ret_stream = NULL;
	if ((fd = ctl_open_regular(path, &what)) < 0)
		return refuse(why, path, what);
	if (fstat(fd, ret_st) != 0) {
		(void)close(fd); /* only read */
		return refuse(why, path, strerror(errno));
	}
	if ((r = stream_open(fd, ret_stream)) != 0)
		(void)text_format(why, FILES_WHY_SIZE, "%s: %s", path,
		    text_error(r));
	return r;
}

/* ---- what a file is ---------------------------------------------------- */

/* Where a file stands that does not say so itself: what the daemon has rotated
 * has it in its name. */
static uint64_t
sequence_of_name(const char *name, const char *own)
{
	uint64_t first;

	return rotated_name_kind(name, own, &first) == ROTATED_NONE ? SEQ_LAST :
								      first;
}

/* "ts", and whether the clock was set back just then, of the first record. */
static void
read_time(const char *head, size_t len, struct audit_file *file)
{
	static const char key[] = ",\"ts\":\"", back[] = ",\"clock_back\":true";
	const char *ts = memmem(head, len, key, sizeof(key) - 1), *end;
	char text[CTL_TIME_SIZE];

	if (ts == NULL)
		return;
	ts += sizeof(key) - 1;
	end = memchr(ts, '"', (size_t)(head + len - ts));
	if (end == NULL ||
	    text_format(text, sizeof(text), "%.*s", (int)(end - ts), ts) != 0 ||
	    ctl_parse_time(text, &file->begun_s) != 0)
		return;
	file->clock_back = memmem(end, (size_t)(head + len - end), back,
			       sizeof(back) - 1) != NULL;
}

/*
 * What the file begins with: a record's sequence number; 0: it is empty, or is
 * the present one by another name. FG_ERR_FORMAT: it is somebody else's.
 */
static int
look(const char *path, const char *own, const struct stat *present,
    struct stat *ret_st, struct audit_file *ret_file)
{
	char head[HEAD_SIZE], why[FILES_WHY_SIZE];
	struct stream *stream;
	size_t len = 0;
	int r;

	ret_file->seq = sequence_of_name(strrchr(path, '/') + 1, own);
	ret_file->begun_s = INT64_MAX;
	ret_file->clock_back = false;
	if (lstat(path, ret_st) != 0)
		return errno == ENOENT ? FG_ERR_NOT_FOUND : 0;
	if (!S_ISREG(ret_st->st_mode) && !S_ISLNK(ret_st->st_mode))
		return FG_ERR_FORMAT; /* nothing was rotated into it */
	if ((r = files_open(path, ret_st, &stream, why)) != 0)
		return r == FG_ERR_NOMEM ? r : 0;
	if (ret_st->st_dev == present->st_dev &&
	    ret_st->st_ino == present->st_ino)
		ret_file->seq = 0;
	else if (stream_read_head(stream, head, sizeof(head), &len) == 0 ||
	    len >= 32)
		ret_file->seq = len == 0 ? 0 : source_sequence(head, len);
	else
		len = 0; /* damaged: it stands where its name says */
	if (ret_file->seq == 0 && len > 0)
		r = FG_ERR_FORMAT;
	read_time(head, len, ret_file);
	stream_free(stream);
	return r;
}

/* Of the present one, if nothing has taken its name meanwhile. */
static int
look_at_present(const char *path, const struct stat *present,
    struct audit_file *ret_file)
{
	char head[HEAD_SIZE], why[FILES_WHY_SIZE];
	struct stream *stream;
	size_t len = 0;
	struct stat st;
	int r;

	if ((r = files_open(path, &st, &stream, why)) != 0)
		return r == FG_ERR_NOMEM ? r : 0;
	if (st.st_dev == present->st_dev && st.st_ino == present->st_ino &&
	    stream_read_head(stream, head, sizeof(head), &len) == 0)
		read_time(head, len, ret_file);
	stream_free(stream);
	return 0;
}

static int
add(struct audit_files *files, const char *path, const struct audit_file *as,
    const struct stat *st)
{
	struct audit_file *file;

	file = realloc(files->list, (files->n + 1) * sizeof(*file));
	if (file == NULL)
		return FG_ERR_NOMEM;
	files->list = file;
	file += files->n;
	*file = *as;
	if ((file->path = strdup(path)) == NULL)
		return FG_ERR_NOMEM;
	file->size = st->st_size < 0 ? 0 : (uint64_t)st->st_size;
	files->n++;
	return 0;
}

int
files_add(struct audit_files *files, const char *path, const struct stat *st)
{
	const struct audit_file last = { .seq = UINT64_MAX,
		.begun_s = INT64_MAX };

	return add(files, path, &last, st);
}

/* ---- the folder -------------------------------------------------------- */

static bool
is_beside(const char *name, const char *own)
{
	const char *dot = strrchr(own, '.');
	size_t len = strlen(own);
	size_t stem = dot == NULL ? len : (size_t)(dot - own);

	if (strstr(name, ".torn") != NULL || text_ends_in(name, ".new"))
		return false;
	if (strncmp(name, own, len) == 0 &&
	    (name[len] == '.' || name[len] == '-'))
		return true;
	return stem > 0 && dot != NULL && strncmp(name, own, stem) == 0 &&
	    name[stem] == '-' && strstr(name + stem, dot) != NULL;
}

static int
add_beside(struct audit_files *files, const char *folder, const char *name,
    const char *own, const struct stat *present)
{
	char path[PATH_SIZE];
	struct stat st = { .st_size = 0 };
	struct audit_file file = { .path = NULL };
	int r;

	if (text_format(path, sizeof(path), "%s/%s", folder, name) != 0)
		return 0;
	r = look(path, own, present, &st, &file);
	if (r == FG_ERR_FORMAT)
		files->foreign++;
	if (r == FG_ERR_FORMAT || r == FG_ERR_NOT_FOUND)
		return 0;
	return r != 0 || file.seq == 0 ? r : add(files, path, &file, &st);
}

static int
compare(const void *a, const void *b)
{
	const struct audit_file *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* The daemon removes what it has compressed only when that is on the disk. */
static void
drop_compressed_twins(struct audit_files *files)
{
	size_t i, n = 0, len;

	for (i = 0; i < files->n; i++) {
		len = n == 0 ? 0 : strlen(files->list[n - 1].path);
		if (len > 0 &&
		    strncmp(files->list[i].path, files->list[n - 1].path,
			len) == 0 &&
		    (strcmp(files->list[i].path + len, ".zst") == 0 ||
			strcmp(files->list[i].path + len, ".gz") == 0))
			free(files->list[i].path);
		else
			files->list[n++] = files->list[i];
	}
	files->n = n;
}

static int
list_beside(struct audit_files *files, const char *path,
    const struct stat *present, char why[FILES_WHY_SIZE])
{
	const char *own = strrchr(path, '/');
	char folder[PATH_SIZE];
	struct dirent *entry;
	int r = 0;
	DIR *dir;

	if (text_format(folder, sizeof(folder), "%.*s",
		own == NULL ? 1 : (int)(own - path),
		own == NULL ? "." : path) != 0)
		return refuse(why, path, strerror(ENAMETOOLONG));
	own = own == NULL ? path : own + 1;
	if ((dir = opendir(folder[0] == '\0' ? "/" : folder)) == NULL)
		return refuse(why, folder, strerror(errno));
	while (r == 0 && (entry = readdir(dir)) != NULL)
		if (is_beside(entry->d_name, own))
			r = add_beside(files, folder, entry->d_name, own,
			    present);
	(void)closedir(dir); /* only read */
	return r;
}

int
files_find(const char *path, const struct stat *present,
    struct audit_files *ret_files, char why[FILES_WHY_SIZE])
{
	int r;

	memset(ret_files, 0, sizeof(*ret_files));
	why[0] = '\0';
	if ((r = list_beside(ret_files, path, present, why)) == 0)
		r = files_add(ret_files, path, present);
	if (r == 0)
		r = look_at_present(path, present,
		    &ret_files->list[ret_files->n - 1]);
	if (r == FG_ERR_NOMEM)
		(void)refuse(why, path, "no memory");
	if (r != 0)
		return r;
	qsort(ret_files->list, ret_files->n, sizeof(ret_files->list[0]),
	    compare);
	drop_compressed_twins(ret_files);
	return 0;
}

void
files_done(struct audit_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		free(files->list[i].path);
	free(files->list);
	memset(files, 0, sizeof(*files));
}
