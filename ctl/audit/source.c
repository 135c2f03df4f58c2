/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which files there are, and in which order; then one after the other, a line
 * at a time out of a large buffer.
 */
#include "ctl/audit/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/audit/stream.h"
#include "ctl/ctl.h"
#include "policyd/audit/audit.h"
#include "policyd/text.h"
#include "proto/result.h"

#define BUFFER_SIZE (1024u * 1024)

_Static_assert(BUFFER_SIZE >= 2 * AUDIT_LINE_MAX, "a line fits");

struct file {
	char *path;
	uint64_t seq; /* of its first record; 0: it is empty */
	uint64_t size;
};

struct source {
	struct file *file;
	size_t n;
	size_t foreign;
	uint64_t all, done; /* bytes, of whole files */

	size_t at; /* which file is next */
	struct stream *stream; /* of the one before; or NULL */
	uint64_t number; /* of its last line */
	char *buf;
	size_t from, to; /* what was read and not given yet */
	bool ended; /* there is no more of it */
	bool skipping; /* the rest of a line that was too long */
};

/* ---- what a record begins with ----------------------------------------- */

uint64_t
source_sequence(const char *text, size_t len)
{
	static const char begin[] = "{\"v\":1,\"seq\":";
	uint64_t seq = 0;
	size_t i = sizeof(begin) - 1;

	if (len <= i || memcmp(text, begin, i) != 0)
		return 0;
	for (; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
		if (seq > (uint64_t)INT64_MAX / 10)
			return 0;
		seq = seq * 10 + (uint64_t)(text[i] - '0');
	}
	return i < len && text[i] == ',' && seq <= INT64_MAX ? seq : 0;
}

/* ---- files -------------------------------------------------------------- */

static int
refuse(char why[SOURCE_WHY_SIZE], const char *path, const char *what)
{
	(void)text_format(why, SOURCE_WHY_SIZE, "%s: %s", path, what);
	return FG_ERR_SYSTEM;
}

static int
open_stream(const char *path, struct stream **ret_stream,
    char why[SOURCE_WHY_SIZE])
{
	const char *what;
	int fd, r;

	*ret_stream = NULL;
	if ((fd = ctl_open_regular(path, &what)) < 0)
		return refuse(why, path, what);
	if ((r = stream_open(fd, ret_stream)) != 0)
		(void)text_format(why, SOURCE_WHY_SIZE, "%s: %s", path,
		    fg_strerror(r));
	return r;
}

/* Its first record's number: 0 if it is empty; FG_ERR_FORMAT: it begins with
 * something else. */
static int
first_sequence(const char *path, uint64_t *ret_seq)
{
	char head[64], why[SOURCE_WHY_SIZE];
	struct stream *stream;
	size_t len;
	int r;

	*ret_seq = 0;
	if ((r = open_stream(path, &stream, why)) != 0)
		return r;
	if ((r = stream_read(stream, head, sizeof(head), &len)) == 0 &&
	    len > 0 && (*ret_seq = source_sequence(head, len)) == 0)
		r = FG_ERR_FORMAT;
	stream_free(stream);
	return r;
}

static int
add(struct source *s, const char *path, uint64_t seq)
{
	struct stat st = { .st_size = 0 };
	struct file *file;

	if ((file = realloc(s->file, (s->n + 1) * sizeof(*file))) == NULL)
		return FG_ERR_NOMEM;
	s->file = file;
	file += s->n;
	if ((file->path = strdup(path)) == NULL)
		return FG_ERR_NOMEM;
	(void)lstat(path, &st); /* else it counts as empty */
	file->seq = seq;
	file->size = st.st_size < 0 ? 0 : (uint64_t)st.st_size;
	s->all += file->size;
	s->n++;
	return 0;
}

static bool
is_beside(const char *name, const char *own)
{
	size_t len = strlen(own), n = strlen(name);

	return strncmp(name, own, len) == 0 &&
	    (name[len] == '.' || name[len] == '-') &&
	    !(n >= 5 && strcmp(name + n - 5, ".torn") == 0);
}

/* One that is there and cannot be read has its place last but for the present
 * one, where reading it says why. */
static int
add_beside(struct source *s, const char *folder, const char *name)
{
	char path[4096];
	uint64_t seq;
	int r;

	if (text_format(path, sizeof(path), "%s/%s", folder, name) != 0)
		return 0;
	if ((r = first_sequence(path, &seq)) == FG_ERR_FORMAT) {
		s->foreign++;
		return 0;
	}
	if (r == 0 && seq == 0)
		return 0;
	return add(s, path, r == 0 ? seq : UINT64_MAX - 1);
}

static int
compare_files(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int
list_beside(struct source *s, const char *path, char why[SOURCE_WHY_SIZE])
{
	char folder[4096];
	const char *own = strrchr(path, '/');
	struct dirent *entry;
	int r = 0;
	DIR *dir;

	(void)text_format(folder, sizeof(folder), "%.*s",
	    own == NULL ? 1 : (int)(own - path), own == NULL ? "." : path);
	own = own == NULL ? path : own + 1;
	if ((dir = opendir(folder[0] == '\0' ? "/" : folder)) == NULL)
		return refuse(why, folder, strerror(errno));
	while (r == 0 && (entry = readdir(dir)) != NULL)
		if (is_beside(entry->d_name, own))
			r = add_beside(s, folder, entry->d_name);
	(void)closedir(dir); /* only read */
	return r;
}

int
source_open(const char *path, bool rotated, struct source **ret_source,
    char ret_why[SOURCE_WHY_SIZE])
{
	struct stream *stream;
	struct source *s;
	int r;

	*ret_source = NULL;
	ret_why[0] = '\0';
	if ((r = open_stream(path, &stream, ret_why)) != 0)
		return r;
	stream_free(stream);
	if ((s = calloc(1, sizeof(*s))) == NULL ||
	    (s->buf = malloc(BUFFER_SIZE)) == NULL)
		r = FG_ERR_NOMEM;
	if (r == 0 && rotated)
		r = list_beside(s, path, ret_why);
	if (r == 0)
		r = add(s, path, UINT64_MAX);
	if (r != 0) {
		if (r == FG_ERR_NOMEM)
			(void)refuse(ret_why, path, "no memory");
		source_free(s);
		return r;
	}
	qsort(s->file, s->n, sizeof(s->file[0]), compare_files);
	*ret_source = s;
	return 0;
}

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	stream_free(s->stream);
	for (size_t i = 0; i < s->n; i++)
		free(s->file[i].path);
	free(s->file);
	free(s->buf);
	free(s);
}

size_t
source_files(const struct source *s)
{
	return s->n;
}

size_t
source_foreign(const struct source *s)
{
	return s->foreign;
}

void
source_progress(const struct source *s, uint64_t *ret_done, uint64_t *ret_all)
{
	*ret_done = s->done;
	*ret_all = s->all;
}

/* ---- lines -------------------------------------------------------------- */

static int
begin_file(struct source *s, char why[SOURCE_WHY_SIZE])
{
	struct file *file = &s->file[s->at++];

	s->done += file->size;
	s->from = s->to = 0;
	s->number = 0;
	s->ended = s->skipping = false;
	return open_stream(file->path, &s->stream, why);
}

static void
end_file(struct source *s)
{
	stream_free(s->stream);
	s->stream = NULL;
}

static int
fill(struct source *s, char why[SOURCE_WHY_SIZE])
{
	size_t len;
	int r;

	if (s->from > 0) {
		memmove(s->buf, s->buf + s->from, s->to - s->from);
		s->to -= s->from;
		s->from = 0;
	}
	r = stream_read(s->stream, s->buf + s->to, BUFFER_SIZE - s->to, &len);
	if (r != 0) {
		(void)text_format(why, SOURCE_WHY_SIZE, "%s: %s",
		    s->file[s->at - 1].path,
		    r == FG_ERR_FORMAT ?
			"what is compressed is damaged, or cut" :
			fg_strerror(r));
		return r;
	}
	s->to += len;
	s->ended = len == 0;
	return 0;
}

/* What there is of a line, up to its newline, the file's end, or its limit. */
static bool
take_line(struct source *s, struct source_line *line)
{
	char *text = s->buf + s->from, *end;
	size_t have = s->to - s->from;

	end = memchr(text, '\n', have);
	if (end == NULL && !s->ended && have <= AUDIT_LINE_MAX)
		return false;
	if (end == NULL && have == 0)
		return false;
	line->text = text;
	line->len = end != NULL ? (size_t)(end - text) : have;
	line->torn = end == NULL && s->ended;
	line->cut = line->len > AUDIT_LINE_MAX;
	s->skipping = end == NULL && !s->ended;
	s->from += line->len + (end != NULL ? 1 : 0);
	if (line->cut)
		line->len = AUDIT_LINE_MAX;
	return true;
}

/* The rest of a line that was given already. */
static bool
skip_rest(struct source *s)
{
	char *end = memchr(s->buf + s->from, '\n', s->to - s->from);

	s->from = end == NULL ? s->to : (size_t)(end - s->buf) + 1;
	s->skipping = end == NULL && !s->ended;
	return !s->skipping;
}

static int
next_of_file(struct source *s, struct source_line *line,
    char why[SOURCE_WHY_SIZE])
{
	int r;

	for (;;) {
		if ((!s->skipping || skip_rest(s)) && take_line(s, line))
			break;
		if (s->ended)
			return FG_ERR_NOT_FOUND;
		if ((r = fill(s, why)) != 0)
			return r;
	}
	line->file = s->file[s->at - 1].path;
	line->number = ++s->number;
	line->first = s->number == 1;
	return 0;
}

int
source_next(struct source *s, struct source_line *ret_line,
    char ret_why[SOURCE_WHY_SIZE])
{
	int r = FG_ERR_NOT_FOUND;

	memset(ret_line, 0, sizeof(*ret_line));
	ret_why[0] = '\0';
	while (s->stream != NULL || s->at < s->n) {
		if (s->stream == NULL && (r = begin_file(s, ret_why)) != 0)
			return r;
		if ((r = next_of_file(s, ret_line, ret_why)) == 0)
			return 0;
		end_file(s);
		if (r != FG_ERR_NOT_FOUND)
			return r;
	}
	return r;
}
