/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine of four states over the bytes of a file. The first thing that is
 * wrong in a record is kept, and the rest read for its end only. A quote that
 * never ends would swallow the file: it is given up where a record is full.
 */
#include "policyd/people/csv_record.h"

#include <string.h>

#include "proto/result.h"

enum state {
	STATE_BEGIN, /* of a field */
	STATE_PLAIN,
	STATE_QUOTED,
	STATE_BEHIND /* the closing quote */
};

struct machine {
	struct csv_reader *reader;
	enum state state;
	unsigned long quote; /* the line where the quoted field begins */
	bool full; /* nothing is kept any more */
};

void
csv_reader_init(struct csv_reader *reader, FILE *in)
{
	memset(reader, 0, sizeof(*reader));
	reader->in = in;
	reader->line = 1;
}

static void
wrong(struct csv_reader *reader, const char *why)
{
	if (reader->why == NULL)
		reader->why = why;
}

static void
keep(struct machine *m, char c)
{
	if (m->full)
		return;
	if (m->reader->used == CSV_RECORD_MAX) {
		m->full = true;
		wrong(m->reader,
		    "the line is longer than 65536 bytes; "
		    "shorten or remove it");
		return;
	}
	m->reader->data[m->reader->used++] = c;
}

static void
begin_field(struct machine *m)
{
	struct csv_reader *r = m->reader;

	m->state = STATE_BEGIN;
	if (r->nfields == CSV_FIELDS_MAX) {
		wrong(r, "the line has more than 64 columns; remove some");
		return;
	}
	r->field[r->nfields++] = r->used;
}

static bool
is_delimiter(struct csv_reader *r, char c)
{
	if (r->delimiter == '\0' && (c == ',' || c == ';' || c == '\t'))
		r->delimiter = c;
	return r->delimiter != '\0' && c == r->delimiter;
}

/* One byte outside of quotes, no end of a line. */
static void
step_plain(struct machine *m, char c)
{
	if (is_delimiter(m->reader, c)) {
		keep(m, '\0');
		begin_field(m);
		return;
	}
	if (m->state == STATE_BEHIND)
		wrong(m->reader,
		    "there is text behind a closing quote; "
		    "write a quote inside of a value as two");
	else if (c == '"')
		wrong(m->reader,
		    "there is a quote inside of a value without "
		    "quotes; put the whole value in quotes, and "
		    "write the quote as two");
	else if (c == '\r')
		wrong(m->reader,
		    "there is a carriage return inside of the "
		    "line; save the file with LF or CRLF line "
		    "ends");
	m->state = STATE_PLAIN;
	keep(m, c);
}

/* One byte of a record. Returns false behind its end. */
static bool
step(struct machine *m, char c)
{
	if (c == '\0')
		wrong(m->reader,
		    "there is a NUL byte; save the file as CSV "
		    "UTF-8");
	if (c == '\n')
		m->reader->line++;
	if (m->state == STATE_QUOTED) {
		if (c == '"')
			m->state = STATE_BEHIND;
		else
			keep(m, c);
		return !m->full;
	}
	if (c == '\n')
		return false;
	if (c == '"' && !m->full &&
	    (m->state == STATE_BEGIN || m->state == STATE_BEHIND)) {
		/* Behind a closing quote, the second of two is one. */
		if (m->state == STATE_BEHIND)
			keep(m, c);
		else
			m->quote = m->reader->line;
		m->state = STATE_QUOTED;
		return true;
	}
	step_plain(m, c);
	return true;
}

/* The first three bytes of the file, unless they are a byte order mark. */
static void
read_mark(struct csv_reader *r)
{
	static const unsigned char mark[] = { 0xef, 0xbb, 0xbf };
	int c;

	do {
		if ((c = getc_unlocked(r->in)) == EOF)
			return;
		r->start[r->nstart++] = (unsigned char)c;
	} while (c == mark[r->nstart - 1] && r->nstart < sizeof(mark));
	if (memcmp(r->start, mark, sizeof(mark)) == 0)
		r->at_start = sizeof(mark);
}

static int
read_byte(struct csv_reader *r)
{
	if (r->at_start < r->nstart)
		return r->start[r->at_start++];
	return getc_unlocked(r->in);
}

/* A carriage return before a newline or at the end belongs to that. */
static int
next_byte(struct machine *m)
{
	int c = read_byte(m->reader), next;

	if (c != '\r' || m->state == STATE_QUOTED)
		return c;
	next = read_byte(m->reader);
	if (next == '\n' || next == EOF)
		return next;
	(void)ungetc(next, m->reader->in); /* one byte always fits */
	return c;
}

/* The record ends where it does, or the file does, or it is given up. */
static int
end_record(struct machine *m, bool at_end, bool nothing)
{
	struct csv_reader *r = m->reader;

	r->data[r->used] = '\0';
	if (at_end && ferror(r->in))
		return FG_ERR_SYSTEM;
	if (m->state == STATE_QUOTED) {
		r->quote = m->quote;
		r->why = "a quote begins here that never ends; end it, or "
			 "write a quote inside of a value as two";
	}
	r->ended = at_end || r->quote != 0;
	return nothing ? FG_ERR_NOT_FOUND : 0;
}

int
csv_reader_next(struct csv_reader *r)
{
	struct machine m = { .reader = r };
	bool nothing = true;
	int c;

	if (r->ended)
		return FG_ERR_NOT_FOUND;
	if (r->line == 1 && r->nstart == 0)
		read_mark(r);
	r->begins = r->line;
	r->nfields = r->used = 0;
	r->why = NULL;
	begin_field(&m);
	while ((c = next_byte(&m)) != EOF) {
		nothing = false;
		if (!step(&m, (char)c))
			break;
	}
	return end_record(&m, c == EOF, nothing);
}

bool
csv_reader_is_empty(const struct csv_reader *reader)
{
	const char *text;

	for (size_t i = 0; i < reader->nfields; i++) {
		text = reader->data + reader->field[i];
		if (text[strspn(text, " \t\r\n")] != '\0')
			return false;
	}
	return true;
}

void
csv_write_field(FILE *out, const char *text)
{
	size_t len = strlen(text);

	if (text[strcspn(text, ",;\"\t\r\n")] == '\0' &&
	    (len == 0 || (text[0] != ' ' && text[len - 1] != ' '))) {
		(void)fputs(text, out); /* errors stay in the stream */
		return;
	}
	(void)putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			(void)putc('"', out);
		(void)putc(*text, out);
	}
	(void)putc('"', out);
}
