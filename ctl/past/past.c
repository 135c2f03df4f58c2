/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file of any kind: what it is, and one login after the other. How a line
 * is read is its kind's own.
 */
#include "ctl/past/past.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/audit/files.h"
#include "ctl/audit/source.h"
#include "ctl/ctl.h"
#include "ctl/past/past_parts.h"
#include "ctl/wtmp.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HEAD_SIZE  8192u
#define TICK_LINES 256u /* a power of 2 */

_Static_assert(PAST_WHY_SIZE >= SOURCE_WHY_SIZE &&
	PAST_WHY_SIZE >= FILES_WHY_SIZE,
    "what is said of a file fits");

struct past {
	char *path; /* as it was named */
	char *real; /* without links */
	enum past_format format;
	bool rotated;
	struct source *source; /* lines; or */
	struct past_csv *csv; /* records; or */
	struct wtmp *wtmp;
	uint64_t size; /* of the file */
	uint64_t lines;
	struct past_bad bad;
	struct stamp stamp;
	bool dated; /* the year of the first line is known */
	const struct source *dating; /* what is read for that; or NULL */
	uint64_t dating_size; /* bytes; 0: nothing was */
	void (*tick)(void *arg); /* or NULL */
	void *tick_arg;
	uint64_t ticks; /* lines */
};

static const char *const formats[] = { "", "audit", "sshd", "journal", "wtmp",
	"csv" };

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const char *
past_format_name(enum past_format format)
{
	return (size_t)format < FORMATS ? formats[format] : "";
}

enum past_format
past_format_by_name(const char *name)
{
	for (size_t i = 1; i < FORMATS; i++)
		if (strcmp(name, formats[i]) == 0)
			return (enum past_format)i;
	return PAST_ANY;
}

enum past_format
past_format(const struct past *past)
{
	return past->format;
}

const struct past_bad *
past_bad(const struct past *past)
{
	return &past->bad;
}

uint64_t
past_lines(const struct past *past)
{
	return past->lines;
}

/* ---- what a login has -------------------------------------------------- */

void
past_clear(struct past_login *login)
{
	memset(login, 0, offsetof(struct past_login, user));
	login->times = 1;
	login->user[0] = login->from[0] = login->service[0] = '\0';
	login->method[0] = login->key[0] = login->tty[0] = '\0';
	login->ref[0] = '\0';
	login->has_addr = false;
	login->record = NULL;
	login->record_len = 0;
}

bool
past_copy(char *dst, size_t size, const char *text, size_t len)
{
	if (len >= size || memchr(text, '\0', len) != NULL) {
		dst[0] = '\0';
		return false;
	}
	memcpy(dst, text, len);
	dst[len] = '\0';
	return true;
}

bool
past_set_from(struct past_login *login, const char *text, size_t len)
{
	if (!past_copy(login->from, sizeof(login->from), text, len))
		return false;
	login->has_addr = addr_parse(login->from, &login->addr) == 0;
	return true;
}

/* ---- what a file is ---------------------------------------------------- */

/* The first line that is one of syslog's, or that journalctl(1) has put there
 * itself; a log may begin with the rest of one. */
static bool
is_syslog(const char *head, size_t len)
{
	struct past_login login;
	struct stamp stamp;
	const char *why, *end;

	stamp_init(&stamp);
	while (len > 0) {
		end = memchr(head, '\n', len);
		past_clear(&login);
		if (past_sshd_line(head,
			end == NULL ? len : (size_t)(end - head), &stamp,
			&login, &why) != PAST_BAD)
			return true;
		if (end == NULL)
			break;
		len -= (size_t)(end + 1 - head);
		head = end + 1;
	}
	return false;
}

static enum past_format
format_of(const char *head, size_t len)
{
	if (len == 0)
		return PAST_SSHD; /* it says nothing in any of them */
	if (wtmp_is(head, len))
		return PAST_WTMP;
	if (source_sequence(head, len) > 0)
		return PAST_AUDIT;
	if (head[0] == '{')
		return PAST_JOURNAL;
	if (past_csv_is(head, len))
		return PAST_CSV;
	return is_syslog(head, len) ? PAST_SSHD : PAST_ANY;
}

static void
say(const struct past *past, int r, char why[PAST_WHY_SIZE])
{
	(void)text_format(why, PAST_WHY_SIZE, "%s: %s", past->path,
	    r == FG_ERR_FORMAT ? "what is compressed is damaged, or cut" :
				 text_error(r));
}

static int
detect(struct past *past, char why[PAST_WHY_SIZE])
{
	char head[HEAD_SIZE];
	struct stream *stream;
	struct stat st;
	size_t len;
	int r;

	if ((r = files_open(past->real, &st, &stream, why)) != 0)
		return r;
	past->size = (uint64_t)st.st_size;
	r = stream_read_head(stream, head, sizeof(head), &len);
	stream_free(stream);
	if (r != 0 && len == 0) {
		say(past, r, why);
		return r;
	}
	if (past->format == PAST_ANY)
		past->format = format_of(head, len);
	if (past->format != PAST_ANY)
		return 0;
	(void)text_format(why, PAST_WHY_SIZE,
	    "%s: neither an audit log, lines of syslog or of journalctl -o "
	    "json, wtmp, nor CSV",
	    past->path);
	return FG_ERR_NOT_FOUND;
}

/* ---- from its beginning to its end ------------------------------------- */

static int
open_stream(struct past *past, char why[PAST_WHY_SIZE])
{
	const char *what = NULL;
	struct stream *stream;
	struct stat st;
	int r;

	if ((r = files_open(past->real, &st, &stream, why)) != 0)
		return r;
	if (past->format == PAST_WTMP) {
		past->wtmp = wtmp_new(stream);
		r = past->wtmp == NULL ? FG_ERR_NOMEM : 0;
	} else {
		r = past_csv_open(stream, &past->csv, &what);
	}
	if (r != 0)
		(void)text_format(why, PAST_WHY_SIZE, "%s: %s", past->path,
		    r == FG_ERR_FORMAT && what != NULL ? what : text_error(r));
	return r;
}

static int
open_past(struct past *past, const char *path, char why[PAST_WHY_SIZE])
{
	int r;

	if ((past->path = strdup(path)) == NULL)
		return FG_ERR_NOMEM;
	/* The audit log's folder is the daemon's: no link counts there. */
	past->real = past->rotated ? strdup(path) : realpath(path, NULL);
	if (past->real == NULL) {
		(void)text_format(why, PAST_WHY_SIZE, "%s: %s", path,
		    strerror(errno));
		return FG_ERR_SYSTEM;
	}
	if ((r = detect(past, why)) != 0)
		return r;
	if (past->format == PAST_WTMP || past->format == PAST_CSV)
		return open_stream(past, why);
	return source_open(past->real, past->rotated, &past->source, why);
}

int
past_open(const char *path, enum past_format format, bool rotated,
    struct past **ret_past, char ret_why[PAST_WHY_SIZE])
{
	struct past *past = calloc(1, sizeof(*past));
	int r = FG_ERR_NOMEM;

	*ret_past = NULL;
	ret_why[0] = '\0';
	if (past != NULL) {
		past->format = rotated ? PAST_AUDIT : format;
		past->rotated = rotated;
		stamp_init(&past->stamp);
		r = open_past(past, path, ret_why);
	}
	if (r == FG_ERR_NOMEM)
		(void)text_format(ret_why, PAST_WHY_SIZE, "%s: no memory",
		    path);
	if (r != 0)
		past_free(past);
	else
		*ret_past = past;
	return r;
}

void
past_free(struct past *past)
{
	if (past == NULL)
		return;
	source_free(past->source);
	past_csv_free(past->csv);
	wtmp_free(past->wtmp);
	free(past->real);
	free(past->path);
	free(past);
}

void
past_progress(const struct past *past, uint64_t *ret_done, uint64_t *ret_all)
{
	uint64_t dated = past->dating_size, all;

	*ret_all = past->size;
	if (past->source != NULL)
		source_progress(past->source, ret_done, ret_all);
	else
		*ret_done = stream_position(past->csv != NULL ?
			past_csv_stream(past->csv) :
			wtmp_stream(past->wtmp));
	if (past->dating != NULL)
		source_progress(past->dating, &dated, &all);
	*ret_done += dated;
	*ret_all += past->dating_size;
}

void
past_watch(struct past *past, void (*tick)(void *arg), void *arg)
{
	past->tick = tick;
	past->tick_arg = arg;
}

static void
tick(struct past *past)
{
	if (past->tick != NULL && past->ticks++ % TICK_LINES == 0)
		past->tick(past->tick_arg);
}

/* ---- lines ------------------------------------------------------------- */

/* The first line of a file says nothing of its year: the last one does. */
static int
find_year(struct past *past, char why[PAST_WHY_SIZE])
{
	struct source_line line;
	struct source *source;
	struct stat st;
	int r;

	past->dated = true;
	if ((r = source_open(past->real, false, &source, why)) != 0)
		return r;
	past->dating = source;
	past->dating_size = past->size;
	while ((r = source_next(source, &line, why)) == 0) {
		past_sshd_pass(line.text, line.len, &past->stamp);
		tick(past);
	}
	past->dating = NULL;
	source_free(source);
	if (stat(past->real, &st) != 0)
		st.st_mtime = 0;
	/* What is damaged is read up to there again, and told then. */
	stamp_from(&past->stamp, (int64_t)st.st_mtime);
	return r == FG_ERR_NOMEM ? r : 0;
}

static enum past_found
read_line(struct past *past, const struct source_line *line,
    struct past_login *login, const char **why)
{
	if (line->cut) {
		*why = "the line is too long";
		if (memmem(line->text, line->len, "Accepted ", 9) != NULL)
			login->event = PAST_ACCEPTED;
		return PAST_BAD;
	}
	switch (past->format) {
	case PAST_AUDIT:
		*why = "the line has no end";
		return line->torn ?
		    PAST_BAD :
		    past_audit_line(line->text, line->len, login, why);
	case PAST_JOURNAL:
		return past_journal_line(line->text, line->len, login, why);
	case PAST_ANY:
	case PAST_SSHD:
	case PAST_WTMP:
	case PAST_CSV:
		break;
	}
	return past_sshd_line(line->text, line->len, &past->stamp, login, why);
}

static int
next_line(struct past *past, struct past_login *login, enum past_found *found,
    const char **bad, char why[PAST_WHY_SIZE])
{
	struct source_line line;
	int r;

	if ((r = source_next(past->source, &line, why)) != 0)
		return r;
	if (past->format == PAST_SSHD && !past->dated &&
	    past_sshd_is_short(line.text, line.len) &&
	    (r = find_year(past, why)) != 0)
		return r;
	login->file = past->rotated ? line.file : past->path;
	login->line = line.number;
	*found = read_line(past, &line, login, bad);
	return 0;
}

/* ---- records ----------------------------------------------------------- */

/* How somebody comes to be at a terminal. Without an address it is not known,
 * but at the machine's own. */
static const char *
service_of(const struct wtmp_login *w)
{
	if (strncmp(w->line, "tty", 3) == 0 && w->host[0] == '\0')
		return "login";
	return w->host[0] != '\0' && w->host[0] != ':' &&
		strpbrk(w->host, " (") == NULL ?
	    "sshd" :
	    "";
}

static int
next_terminal(struct past *past, struct past_login *login,
    enum past_found *found, const char **bad)
{
	struct wtmp_login w;
	int r;

	if ((r = wtmp_next(past->wtmp, &w)) != 0)
		return r;
	login->file = past->path;
	login->line = w.number;
	login->event = w.ended ? PAST_ENDED : PAST_ACCEPTED;
	login->at_s = w.at_s;
	login->pid = w.pid;
	(void)text_copy(login->user, sizeof(login->user), w.user);
	(void)text_copy(login->tty, sizeof(login->tty), w.line);
	(void)text_copy(login->service, sizeof(login->service), service_of(&w));
	(void)past_set_from(login, w.host, strlen(w.host));
	*bad = "the record names no user";
	*found = w.ended || w.user[0] != '\0' ? PAST_LOGIN : PAST_BAD;
	return 0;
}

static int
next_record(struct past *past, struct past_login *login, enum past_found *found,
    const char **bad)
{
	int r;

	login->file = past->path;
	r = past_csv_next(past->csv, login, found, &login->line, bad);
	if (r == 0 && login->line == 0)
		return FG_ERR_NOT_FOUND;
	return r;
}

/* ---- one after the other ----------------------------------------------- */

static void
add_bad(struct past_bad *bad, const struct past_login *login, const char *why)
{
	bad->count++;
	bad->accepted += login->event == PAST_ACCEPTED;
	if (bad->named == PAST_BAD_NAMED)
		return;
	bad->first[bad->named].file = login->file;
	bad->first[bad->named].line = login->line;
	bad->first[bad->named++].why = why;
}

static int
next_any(struct past *past, struct past_login *login, enum past_found *found,
    const char **bad, char why[PAST_WHY_SIZE])
{
	int r;

	if (past->source != NULL)
		return next_line(past, login, found, bad, why);
	r = past->csv != NULL ? next_record(past, login, found, bad) :
				next_terminal(past, login, found, bad);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		say(past, r, why);
	return r;
}

int
past_next(struct past *past, struct past_login *ret_login,
    char ret_why[PAST_WHY_SIZE])
{
	enum past_found found;
	const char *bad = "";
	int r;

	ret_why[0] = '\0';
	for (;;) {
		past_clear(ret_login);
		if ((r = next_any(past, ret_login, &found, &bad, ret_why)) != 0)
			return r;
		past->lines++;
		tick(past);
		if (found == PAST_LOGIN)
			return 0;
		if (found == PAST_BAD)
			add_bad(&past->bad, ret_login, bad);
	}
}
