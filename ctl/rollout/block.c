/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Marked blocks: a file is taken apart into what is the administrator's and
 * what is ours, and joined again. A mark is a whole line, so that a comment
 * which quotes one is none.
 */
#include "ctl/rollout/block.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

/* A line with its newline, if it has one. */
struct line {
	const char *at;
	size_t len;
};

static bool
next_line(const char **at, const char *end, struct line *ret_line)
{
	const char *nl;

	if (*at == end)
		return false;
	nl = memchr(*at, '\n', (size_t)(end - *at));
	ret_line->at = *at;
	ret_line->len = (size_t)((nl == NULL ? end : nl + 1) - *at);
	*at += ret_line->len;
	return true;
}

static bool
is_mark(const struct line *line, const char *mark)
{
	size_t len = strlen(mark);

	return line->len == len + 1 && memcmp(line->at, mark, len) == 0 &&
	    line->at[len] == '\n';
}

/* ---- taking apart ------------------------------------------------------ */

struct splitting {
	struct block_text *text;
	FILE *rest;
	const char *body; /* of the open block; NULL outside of one */
	unsigned int opened; /* on this line */
	unsigned int outside; /* lines so far that are in no block */
};

static int
close_block(struct splitting *s, const char *end)
{
	struct block *b = &s->text->blocks[s->text->n];

	b->before = s->outside + 1;
	b->lines = strndup(s->body, (size_t)(end - s->body));
	s->body = NULL;
	if (b->lines == NULL)
		return FG_ERR_NOMEM;
	s->text->n++;
	return 0;
}

static int
take_line(struct splitting *s, const struct line *line, unsigned int number)
{
	if (is_mark(line, BLOCK_BEGIN)) {
		if (s->body != NULL || s->text->n == BLOCKS_MAX)
			return FG_ERR_FORMAT;
		s->body = line->at + line->len;
		s->opened = number;
		return 0;
	}
	if (is_mark(line, BLOCK_END))
		return s->body == NULL ? FG_ERR_FORMAT :
					 close_block(s, line->at);
	if (s->body != NULL)
		return 0;
	s->outside++;
	return fwrite(line->at, 1, line->len, s->rest) == line->len ?
	    0 :
	    FG_ERR_NOMEM;
}

static int
take_lines(struct splitting *s, const char *bytes, size_t len,
    unsigned int *ret_line)
{
	const char *at = bytes, *end = bytes + len;
	struct line line;
	int r;

	while (next_line(&at, end, &line)) {
		(*ret_line)++;
		if ((r = take_line(s, &line, *ret_line)) != 0)
			return r;
	}
	if (s->body == NULL)
		return 0;
	*ret_line = s->opened;
	return FG_ERR_FORMAT;
}

int
block_split(const char *bytes, size_t len, struct block_text *ret_text,
    unsigned int *ret_line)
{
	struct splitting s = { .text = ret_text };
	int r;

	memset(ret_text, 0, sizeof(*ret_text));
	*ret_line = 0;
	s.rest = open_memstream(&ret_text->rest, &ret_text->len);
	if (s.rest == NULL)
		return FG_ERR_NOMEM;
	r = take_lines(&s, bytes, len, ret_line);
	if (fclose(s.rest) != 0 && r == 0)
		r = FG_ERR_NOMEM;
	if (r != 0)
		block_done(ret_text);
	return r;
}

/* ---- putting in and joining -------------------------------------------- */

static unsigned int
count_lines(const struct block_text *text)
{
	const char *at = text->rest, *end = at + text->len;
	struct line line;
	unsigned int n = 0;

	while (next_line(&at, end, &line))
		n++;
	return n;
}

int
block_add(struct block_text *text, unsigned int before, const char *lines)
{
	struct block *b = text->blocks;
	size_t i = text->n;
	char *copy;

	if (text->n == BLOCKS_MAX)
		return FG_ERR_LIMIT;
	/* In front of a line: so a last one without a newline stays last. */
	if (before == 0 || before > count_lines(text))
		return FG_ERR_NOT_FOUND;
	if ((copy = strdup(lines)) == NULL)
		return FG_ERR_NOMEM;
	for (; i > 0 && b[i - 1].before > before; i--)
		b[i] = b[i - 1];
	b[i] = (struct block){ before, copy };
	text->n++;
	return 0;
}

int
block_join(const struct block_text *text, char **ret_bytes, size_t *ret_len)
{
	const char *at = text->rest, *end = at + text->len;
	unsigned int number = 1;
	struct line line;
	size_t i = 0;
	FILE *out;

	*ret_bytes = NULL;
	if ((out = open_memstream(ret_bytes, ret_len)) == NULL)
		return FG_ERR_NOMEM;
	for (; next_line(&at, end, &line); number++) {
		for (; i < text->n && text->blocks[i].before == number; i++)
			fprintf(out, "%s\n%s%s\n", BLOCK_BEGIN,
			    text->blocks[i].lines, BLOCK_END);
		(void)fwrite(line.at, 1, line.len, out); /* fclose(3) says */
	}
	/* Whoever cut the lines behind a block off has left it at the end. */
	for (; i < text->n; i++)
		fprintf(out, "%s\n%s%s\n", BLOCK_BEGIN, text->blocks[i].lines,
		    BLOCK_END);
	if (fclose(out) == 0)
		return 0;
	free(*ret_bytes);
	*ret_bytes = NULL;
	return FG_ERR_NOMEM;
}

void
block_clear(struct block_text *text)
{
	while (text->n > 0)
		free(text->blocks[--text->n].lines);
}

void
block_done(struct block_text *text)
{
	block_clear(text);
	free(text->rest);
	memset(text, 0, sizeof(*text));
}
