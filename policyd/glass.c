/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of break-glass is root's, and only read here. What was recorded of
 * it is marked before and behind each record, so that neither a crash nor a
 * full disk records a use twice or forgets it.
 */
#include "policyd/glass.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/alerts.h"
#include "policyd/glass_mark.h"
#include "policyd/log.h"
#include "policyd/people/person.h"
#include "policyd/record/record.h"
#include "policyd/text.h"
#include "proto/result.h"

#define GLASS_MS      30000u
#define GLASS_MORE_MS 1000u
#define GLASS_LINES   32u /* recorded at once: each waits for the disk */
#define GLASS_NEARLY  (FG_GLASS_LOG_MAX - FG_GLASS_LOG_MAX / 8u) /* full */

struct glass {
	struct daemon *daemon;
	struct loop_timer *timer;
	char path[4096]; /* of the log */
	struct glass_mark mark;
	bool unsaved; /* the mark on the disk is an older one */
	bool was_recorded; /* the next line was, by a daemon that crashed */
	size_t waiting; /* lines that are not recorded */
	size_t told; /* before it there is no line untold */
	bool full; /* or nearly so: uses will not be counted */
	char problem[256]; /* why; or "" */
};

static const char full[] =
    "it is full or nearly so, and what does not fit is not counted; remove it "
    "when nothing waits";

/* The bytes of the log, as far as its last line is whole. */
struct notes {
	char *data;
	size_t len;
};

static void
fail(struct glass *glass, const char *what, int r)
{
	(void)text_format(glass->problem, sizeof(glass->problem), "%s: %s",
	    what, text_error(r));
}

static void
save(struct glass *glass)
{
	int r;

	r = glass_mark_write(glass->daemon->rules->conf->state, &glass->mark);
	glass->unsaved = r != 0;
	if (r != 0)
		fail(glass, "its mark in the state folder", r);
}

/* ---- the log ----------------------------------------------------------- */

static int
open_log(struct glass *glass, int *ret_fd, struct stat *ret_st)
{
	*ret_fd = open(glass->path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*ret_fd == -1)
		return errno == ENOENT ? FG_ERR_NOT_FOUND : FG_ERR_SYSTEM;
	if (fstat(*ret_fd, ret_st) != 0)
		return FG_ERR_SYSTEM;
	if (!S_ISREG(ret_st->st_mode) || ret_st->st_uid != 0 ||
	    (ret_st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return FG_ERR_UNSAFE;
	return 0;
}

/* Another file, or one that was cut: nothing of it is recorded. */
static void
adopt_log(struct glass *glass, const struct stat *st)
{
	struct glass_mark *mark = &glass->mark;
	const char *boot_id = glass->daemon->boot_id;

	if (strcmp(mark->boot_id, boot_id) == 0 &&
	    mark->ino == (uint64_t)st->st_ino &&
	    mark->offset <= (uint64_t)st->st_size)
		return;
	(void)text_copy(mark->boot_id, sizeof(mark->boot_id), boot_id);
	mark->ino = (uint64_t)st->st_ino;
	mark->offset = mark->pending = 0;
	glass->was_recorded = false;
	glass->told = 0;
}

static int
read_notes(int fd, size_t size, struct notes *notes)
{
	ssize_t n;

	if (size > FG_GLASS_LOG_MAX)
		size = FG_GLASS_LOG_MAX; /* no module writes behind it */
	if ((notes->data = malloc(size + 1)) == NULL)
		return FG_ERR_NOMEM;
	while (notes->len < size) {
		n = read(fd, notes->data + notes->len, size - notes->len);
		if (n < 0)
			return FG_ERR_SYSTEM;
		if (n == 0)
			break;
		notes->len += (size_t)n;
	}
	while (notes->len > 0 && notes->data[notes->len - 1] != '\n')
		notes->len--;
	return 0;
}

static int
load(struct glass *glass, struct notes *notes)
{
	struct stat st;
	int fd, r;

	if ((r = open_log(glass, &fd, &st)) == 0) {
		adopt_log(glass, &st);
		glass->full = st.st_size > (off_t)GLASS_NEARLY;
		if (glass->mark.offset < (uint64_t)st.st_size)
			r = read_notes(fd, (size_t)st.st_size, notes);
	}
	if (fd != -1)
		(void)close(fd); /* it was only read */
	return r;
}

/* ---- its lines --------------------------------------------------------- */

/* The session of a login that account has noted: the same use. */
static bool
is_repeated(const struct notes *notes, size_t offset, const struct json *note)
{
	const char *ref = json_get_string(note, "ref", "");
	char text[64];

	if (strcmp(json_get_string(note, "phase", ""), "session") != 0 ||
	    text_format(text, sizeof(text),
		"\"ref\":\"%s\",\"phase\":\"account\"", ref) != 0)
		return false;
	return memmem(notes->data, offset, text, strlen(text)) != NULL;
}

/* A time of before the clock was set. */
static bool
is_unset(int64_t at_s)
{
	return at_s < PERSON_CLOCK_FIRST_S;
}

/*
 * A use at a time that cannot be, or is not known, is one of now. Where that
 * is not known either it is the last one, until settle_clock() knows better.
 */
static void
count(struct glass_mark *mark, const char *line, const struct json *note,
    int64_t now_s)
{
	int64_t at_s = json_get_int(note, "at", now_s);

	if (is_unset(at_s) || at_s > now_s)
		at_s = now_s;
	if (mark->count == 0 ||
	    (!is_unset(mark->last_s) && at_s - GLASS_SHOWN_S > mark->last_s)) {
		mark->count = 0;
		mark->since_s = at_s;
	}
	mark->count++;
	if (is_unset(at_s) || at_s > mark->last_s)
		mark->last_s = at_s;
	(void)text_copy(mark->last, sizeof(mark->last),
	    note != NULL ? line : ""); /* what is no JSON may be anything */
}

/* Between the two marks the record is written; see glass_start(). */
static int
record(struct glass *glass, const char *line, const struct json *note)
{
	struct daemon *daemon = glass->daemon;
	struct json *json;
	int r;

	glass->mark.pending = audit_sequence(daemon->audit) + 1;
	save(glass);
	if (glass->unsaved)
		return FG_ERR_SYSTEM;
	json = daemon_record(daemon, AUDIT_BREAKGLASS);
	record_breakglass(json, note, line);
	if ((r = daemon_audit(daemon, json, true)) != 0)
		fail(glass, "the audit log", r);
	else if (glass->mark.offset >= glass->told)
		alerts_breakglass(daemon, note, line);
	glass->mark.pending = 0;
	glass->unsaved = true;
	return r;
}

/* The line that begins at the mark, and ends before next. */
static int
take_line(struct glass *glass, const struct notes *notes, size_t next)
{
	size_t offset = (size_t)glass->mark.offset;
	char *line = notes->data + offset;
	struct json *note;
	int r = 0;

	notes->data[next - 1] = '\0';
	note = json_parse(line, next - 1 - offset);
	if (!is_repeated(notes, offset, note)) {
		if (!glass->was_recorded)
			r = record(glass, line, note);
		if (r == 0)
			count(&glass->mark, line, note, daemon_wall_s());
	}
	json_free(note);
	notes->data[next - 1] = '\n';
	if (r == 0) {
		glass->mark.offset = next;
		glass->mark.pending = 0;
		glass->was_recorded = false;
		glass->unsaved = true;
	}
	return r;
}

/* Who is to hear of it need not wait for a disk with room for the record. */
static void
tell_waiting(struct glass *glass, const struct notes *notes)
{
	size_t offset = (size_t)glass->mark.offset, n;
	struct json *note;
	char *line, *end;

	if (offset < glass->told)
		offset = glass->told;
	for (n = 0; n < GLASS_LINES && offset < notes->len; n++) {
		line = notes->data + offset;
		end = memchr(line, '\n', notes->len - offset);
		*end = '\0'; /* the last line is whole */
		note = json_parse(line, strlen(line));
		if (!is_repeated(notes, offset, note))
			alerts_breakglass(glass->daemon, note, line);
		json_free(note);
		*end = '\n';
		offset = (size_t)(end - notes->data) + 1;
		glass->told = offset;
	}
}

static size_t
count_lines(const struct notes *notes, size_t from)
{
	size_t n = 0;

	for (; from < notes->len; from++)
		n += notes->data[from] == '\n';
	return n;
}

static void
take_lines(struct glass *glass, const struct notes *notes)
{
	const char *end;
	size_t n, offset;

	for (n = 0; n < GLASS_LINES && glass->mark.offset < notes->len; n++) {
		offset = (size_t)glass->mark.offset;
		end = memchr(notes->data + offset, '\n', notes->len - offset);
		if (end == NULL ||
		    take_line(glass, notes, (size_t)(end - notes->data) + 1) !=
			0)
			break;
	}
	tell_waiting(glass, notes);
	glass->waiting = count_lines(notes, (size_t)glass->mark.offset);
}

/* Uses of before the clock was set are shown from when it is. */
static void
settle_clock(struct glass *glass, int64_t now_s)
{
	struct glass_mark *mark = &glass->mark;

	if (mark->count == 0 || !is_unset(mark->last_s) || is_unset(now_s))
		return;
	mark->last_s = now_s;
	glass->unsaved = true;
}

void
glass_take(struct daemon *daemon)
{
	struct glass *glass = daemon->glass;
	struct notes notes = { .data = NULL };
	int r;

	glass->problem[0] = '\0';
	glass->waiting = 0;
	glass->full = false;
	settle_clock(glass, daemon_wall_s());
	r = load(glass, &notes);
	if (r == 0 && notes.len > 0)
		take_lines(glass, &notes);
	else if (r != 0 && r != FG_ERR_NOT_FOUND)
		fail(glass, glass->path, r);
	if (glass->unsaved)
		save(glass);
	free(notes.data);
}

/* ---- in the daemon ----------------------------------------------------- */

static void
on_timer(void *arg)
{
	struct daemon *daemon = arg;
	struct glass *glass = daemon->glass;

	glass_take(daemon);
	if (glass->problem[0] != '\0')
		log_client("breakglass: %s", glass->problem);
	loop_timer_set(glass->timer,
	    glass->waiting > 0 && glass->problem[0] == '\0' ? GLASS_MORE_MS :
							      GLASS_MS);
}

/*
 * A mark that says that a record was about to be written is true of a record
 * that is there. What the opening of the log has put behind it does not count.
 */
static void
settle_pending(struct glass *glass)
{
	const struct audit *audit = glass->daemon->audit;
	uint64_t seq = audit_sequence(audit);

	if (seq > 0 && audit_recovered(audit) == seq)
		seq--;
	glass->was_recorded =
	    glass->mark.pending != 0 && seq >= glass->mark.pending;
}

int
glass_start(struct daemon *daemon)
{
	struct glass *glass;
	int r;

	if ((glass = calloc(1, sizeof(*glass))) == NULL)
		return FG_ERR_NOMEM;
	glass->daemon = daemon;
	if ((r = text_format(glass->path, sizeof(glass->path), "%s/%s",
		 daemon->options.rundir, FG_GLASS_LOG)) != 0 ||
	    (r = loop_timer(daemon->loop, on_timer, daemon, &glass->timer)) !=
		0) {
		free(glass);
		return r;
	}
	daemon->glass = glass;
	glass_mark_read(daemon->rules->conf->state, &glass->mark);
	settle_pending(glass);
	loop_timer_set(glass->timer, 0);
	return 0;
}

void
glass_stop(struct daemon *daemon)
{
	if (daemon->glass == NULL)
		return;
	loop_timer_free(daemon->glass->timer);
	free(daemon->glass);
	daemon->glass = NULL;
}

bool
glass_is_settled(const struct daemon *daemon)
{
	const struct glass *glass = daemon->glass;

	return glass->problem[0] == '\0' && glass->waiting == 0 && !glass->full;
}

void
glass_status(const struct daemon *daemon, int64_t now_s, struct json *status)
{
	const struct glass *glass = daemon->glass;
	const struct glass_mark *mark = &glass->mark;
	bool shown = mark->count > 0 &&
	    (is_unset(mark->last_s) || mark->last_s + GLASS_SHOWN_S > now_s);
	struct json *o, *last;

	if (!shown && glass_is_settled(daemon))
		return;
	o = json_set_object(status, "breakglass");
	if (shown) {
		json_set_int(o, "count", (int64_t)mark->count);
		json_set_int(o, "since", mark->since_s);
		last = json_parse(mark->last, strlen(mark->last));
		record_breakglass(json_set_object(o, "last"), last, mark->last);
		json_free(last);
	}
	json_set_int(o, "waiting", (int64_t)glass->waiting);
	json_set_given(o, "problem",
	    glass->problem[0] == '\0' && glass->full ? full : glass->problem);
}
