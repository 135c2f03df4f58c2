/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file after the other, a line at a time out of a large buffer.
 */
#include "ctl/audit/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/audit/files.h"
#include "ctl/audit/stream.h"
#include "policyd/audit/audit.h"
#include "policyd/text.h"
#include "proto/result.h"

#define BUFFER_SIZE (1024u * 1024)
#define WRITE_NS    20000000 /* more than the daemon's write(2) takes */
#define CLOCK_S	    2 /* a clock that goes back no further goes on */

_Static_assert(BUFFER_SIZE >= 2 * AUDIT_LINE_MAX, "a line fits");
_Static_assert(SOURCE_WHY_SIZE == FILES_WHY_SIZE, "the same");

struct source {
	char *path; /* of the present file */
	struct audit_files files;
	struct stream *present; /* until its turn comes */
	uint64_t all, done; /* bytes, of whole files */
	bool follow; /* the present file has no end */

	size_t at; /* which file is next */
	struct stream *stream; /* of the one before; or NULL */
	uint64_t number; /* of its last line */
	char *buf;
	size_t from, to; /* what was read and not given yet */
	bool ended; /* there was no more of it */
	bool waited; /* and that was looked at twice */
	bool final; /* and there will be none */
	bool moved; /* another file has its name */
	bool skipping; /* the rest of a line that was too long */
};

/* ---- what a record begins with ----------------------------------------- */

/* Of any version: what it begins with stays. The length of that, or 0. */
static size_t
skip_version(const char *text, size_t len)
{
	static const char begin[] = "{\"v\":", then[] = ",\"seq\":";
	size_t i = sizeof(begin) - 1, n = sizeof(then) - 1;

	if (len <= i || memcmp(text, begin, i) != 0)
		return 0;
	while (i < len && text[i] >= '0' && text[i] <= '9')
		i++;
	if (i == sizeof(begin) - 1 || len - i <= n ||
	    memcmp(text + i, then, n) != 0)
		return 0;
	return i + n;
}

uint64_t
source_sequence(const char *text, size_t len)
{
	size_t i = skip_version(text, len);
	uint64_t seq = 0;

	if (i == 0)
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
open_source(struct source *s, const char *path, bool rotated,
    char why[SOURCE_WHY_SIZE])
{
	struct stat st;
	int r;

	if ((s->buf = malloc(BUFFER_SIZE)) == NULL ||
	    (s->path = strdup(path)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = files_open(path, &st, &s->present, why)) != 0)
		return r;
	r = rotated ? files_find(path, &st, &s->files, why) :
		      files_add(&s->files, path, &st);
	for (size_t i = 0; r == 0 && i < s->files.n; i++)
		s->all += s->files.list[i].size;
	return r;
}

int
source_open(const char *path, bool rotated, struct source **ret_source,
    char ret_why[SOURCE_WHY_SIZE])
{
	struct source *s = calloc(1, sizeof(*s));
	int r;

	*ret_source = NULL;
	ret_why[0] = '\0';
	r = s == NULL ? FG_ERR_NOMEM : open_source(s, path, rotated, ret_why);
	if (r == FG_ERR_NOMEM)
		(void)text_format(ret_why, SOURCE_WHY_SIZE, "%s: no memory",
		    path);
	if (r != 0)
		source_free(s);
	else
		*ret_source = s;
	return r;
}

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	stream_free(s->stream);
	stream_free(s->present);
	files_done(&s->files);
	free(s->path);
	free(s->buf);
	free(s);
}

/* All that is in a file was written before what follows it. */
static bool
is_older(const struct source *s, size_t i, int64_t since_s)
{
	const struct audit_file *file = &s->files.list[i], *next = file;

	while (i + 1 < s->files.n && next->seq == file->seq)
		next = &s->files.list[++i];
	return next->seq != file->seq && !next->clock_back &&
	    next->begun_s < since_s - CLOCK_S &&
	    file->begun_s <= next->begun_s + CLOCK_S;
}

/* The last one is the present one, whose stream is open. */
void
source_since(struct source *s, int64_t since_s)
{
	struct audit_file *list = s->files.list;
	size_t i, n = 0;

	if (since_s < INT64_MIN + CLOCK_S)
		return;
	for (i = 0; i < s->files.n; i++) {
		if (is_older(s, i, since_s)) {
			s->all -= list[i].size;
			free(list[i].path);
		} else
			list[n++] = list[i];
	}
	s->files.n = n;
}

void
source_follow(struct source *s)
{
	s->follow = true;
}

size_t
source_files(const struct source *s)
{
	return s->files.n;
}

size_t
source_foreign(const struct source *s)
{
	return s->files.foreign;
}

void
source_progress(const struct source *s, uint64_t *ret_done, uint64_t *ret_all)
{
	uint64_t at = s->stream == NULL ? 0 : stream_position(s->stream);

	*ret_all = s->all;
	*ret_done = at > s->all - s->done ? s->all : s->done + at;
}

/* ---- one after the other ----------------------------------------------- */

static bool
is_last(const struct source *s)
{
	return s->at == s->files.n;
}

/* The daemon may have compressed it since it was found. */
static int
open_next(struct source *s, const char *path, char why[SOURCE_WHY_SIZE])
{
	static const char *const ends[] = { "", ".zst", ".gz" };
	char name[4096];
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (text_format(name, sizeof(name), "%s%s", path, ends[i]) ==
			0 &&
		    lstat(name, &st) == 0)
			return files_open(name, &st, &s->stream, why);
	return files_open(path, &st, &s->stream, why);
}

static int
begin_file(struct source *s, char why[SOURCE_WHY_SIZE])
{
	struct audit_file *file = &s->files.list[s->at++];

	s->from = s->to = 0;
	s->number = 0;
	s->ended = s->waited = s->final = false;
	s->moved = s->skipping = false;
	if (!is_last(s) || s->present == NULL)
		return open_next(s, file->path, why);
	s->stream = s->present;
	s->present = NULL;
	return 0;
}

static void
end_file(struct source *s)
{
	uint64_t size = s->files.list[s->at - 1].size;

	stream_free(s->stream);
	s->stream = NULL;
	s->done += size > s->all - s->done ? s->all - s->done : size;
}

/* ---- lines -------------------------------------------------------------- */

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
		    s->files.list[s->at - 1].path,
		    r == FG_ERR_FORMAT ?
			"what is compressed is damaged, or cut" :
			text_error(r));
		return r;
	}
	s->to += len;
	s->ended = len == 0;
	if (len > 0)
		s->waited = false;
	return 0;
}

/* What there is of a line, up to its newline, the file's end, or its limit. */
static bool
take_line(struct source *s, struct source_line *line)
{
	char *text = s->buf + s->from, *end;
	size_t have = s->to - s->from;

	end = memchr(text, '\n', have);
	if (end == NULL && (have == 0 || (!s->final && have <= AUDIT_LINE_MAX)))
		return false;
	line->text = text;
	line->len = end != NULL ? (size_t)(end - text) : have;
	line->torn = end == NULL && s->final;
	line->cut = line->len > AUDIT_LINE_MAX;
	s->skipping = end == NULL && !s->final;
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
	s->skipping = end == NULL && !s->final;
	return !s->skipping;
}

static bool
is_followed(const struct source *s)
{
	return s->follow && is_last(s) && stream_kind(s->stream)[0] == '\0';
}

/* Until another file has its name, and something in it, the daemon writes to
 * this one. It may also have been cut. */
static bool
is_moved(const struct source *s)
{
	struct stat own, st;

	if (stream_stat(s->stream, &own) != 0)
		return false;
	if ((uint64_t)own.st_size < stream_position(s->stream))
		return true;
	return lstat(s->path, &st) == 0 && st.st_size > 0 &&
	    (st.st_dev != own.st_dev || st.st_ino != own.st_ino);
}

/* What looks like its end may be the middle of a record that is being written,
 * or the last one of it was written just before the file was moved. */
static bool
is_at_end(struct source *s)
{
	if (!is_last(s) || stream_kind(s->stream)[0] != '\0' || s->waited ||
	    s->moved)
		return true;
	if (is_followed(s)) {
		s->moved = is_moved(s);
		return false;
	}
	s->waited = true;
	if (s->from < s->to || s->skipping)
		(void)nanosleep(&(struct timespec){ 0, WRITE_NS },
		    NULL); /* too short is as good */
	return false;
}

static int
next_of_file(struct source *s, struct source_line *line,
    char why[SOURCE_WHY_SIZE])
{
	int r;

	while ((s->skipping && !skip_rest(s)) || !take_line(s, line)) {
		if (s->final)
			return FG_ERR_NOT_FOUND;
		if ((r = fill(s, why)) != 0)
			return r;
		if (s->ended && is_at_end(s))
			s->final = true;
		else if (s->ended && is_followed(s) && !s->moved)
			return FG_ERR_NOT_FOUND;
	}
	line->file = s->files.list[s->at - 1].path;
	line->number = ++s->number;
	line->first = s->number == 1;
	return 0;
}

/* What has followed the present file under its name. */
static int
go_on(struct source *s, char why[SOURCE_WHY_SIZE])
{
	struct stat st = { .st_size = 0 };

	if (files_add(&s->files, s->path, &st) == 0)
		return 0;
	(void)text_format(why, SOURCE_WHY_SIZE, "%s: no memory", s->path);
	return FG_ERR_NOMEM;
}

int
source_next(struct source *s, struct source_line *ret_line,
    char ret_why[SOURCE_WHY_SIZE])
{
	int r = FG_ERR_NOT_FOUND;

	memset(ret_line, 0, sizeof(*ret_line));
	ret_why[0] = '\0';
	while (s->stream != NULL || s->at < s->files.n) {
		if (s->stream == NULL && (r = begin_file(s, ret_why)) != 0)
			return r;
		if ((r = next_of_file(s, ret_line, ret_why)) == 0 ||
		    (r == FG_ERR_NOT_FOUND && !s->final))
			return r;
		if (is_followed(s) && r == FG_ERR_NOT_FOUND &&
		    (r = go_on(s, ret_why)) == 0)
			r = FG_ERR_NOT_FOUND;
		end_file(s);
		if (r != FG_ERR_NOT_FOUND)
			return r;
	}
	return r;
}
