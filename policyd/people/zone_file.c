/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a compiled zone: a block with times of 32 bits, which is passed over,
 * the same with 64 bits, and a rule for the time behind it. The counts in a
 * header are compared with the bytes that are there before they are used.
 */
#include "policyd/people/zone_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/people/civil.h"
#include "proto/result.h"

#define HEADER_SIZE 44u
#define TYPE_SIZE   6u
#define TYPES_MAX   256u
#define RULE_MAX    127u
#define OFFSET_MAX  (26 * 3600) /* RFC 9636: between -25 and 26 hours */

struct zone_file {
	struct zone_offset before; /* the first change */
	size_t n;
	int64_t *at; /* ascending */
	struct zone_offset *offset; /* from then on */
	bool has_rule; /* behind the last change */
	struct zone_rule rule;
};

/* What a header says that its block has. */
struct block {
	size_t isut, isstd, leaps, times, types, chars;
	size_t time_size;
};

struct reader {
	const uint8_t *data;
	size_t left;
};

static uint64_t
get_big(const uint8_t *data, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *data++;
	return v;
}

static const uint8_t *
take(struct reader *r, size_t n)
{
	const uint8_t *data = r->data;

	if (n > r->left)
		return NULL;
	r->data += n;
	r->left -= n;
	return data;
}

static int
read_header(struct reader *r, size_t time_size, struct block *ret_block)
{
	const uint8_t *h = take(r, HEADER_SIZE);

	if (h == NULL || memcmp(h, "TZif", 4) != 0 || h[4] < '2')
		return FG_ERR_FORMAT;
	ret_block->isut = get_big(h + 20, 4);
	ret_block->isstd = get_big(h + 24, 4);
	ret_block->leaps = get_big(h + 28, 4);
	ret_block->times = get_big(h + 32, 4);
	ret_block->types = get_big(h + 36, 4);
	ret_block->chars = get_big(h + 40, 4);
	ret_block->time_size = time_size;
	/* None has more than bytes in the file: the sums stay small. */
	if (ret_block->isut > ZONE_FILE_MAX ||
	    ret_block->isstd > ZONE_FILE_MAX ||
	    ret_block->leaps > ZONE_FILE_MAX ||
	    ret_block->times > ZONE_FILE_MAX || ret_block->types > TYPES_MAX ||
	    ret_block->chars > ZONE_FILE_MAX)
		return FG_ERR_FORMAT;
	return 0;
}

/* Bytes behind the times, their types and the types themselves. */
static size_t
rest_size(const struct block *b)
{
	return b->chars + b->leaps * (b->time_size + 4) + b->isstd + b->isut;
}

static int
read_type(const uint8_t *data, size_t i, struct zone_offset *ret_offset)
{
	int64_t seconds;

	data += i * TYPE_SIZE;
	seconds = (int32_t)(uint32_t)get_big(data, 4);
	if (seconds < -OFFSET_MAX || seconds > OFFSET_MAX || data[4] > 1)
		return FG_ERR_FORMAT;
	ret_offset->seconds = (int32_t)seconds;
	ret_offset->dst = data[4] == 1;
	return 0;
}

static int
read_changes(struct reader *r, const struct block *b, struct zone_file *file)
{
	const uint8_t *times = take(r, b->times * b->time_size);
	const uint8_t *index = take(r, b->times);
	const uint8_t *types = take(r, b->types * TYPE_SIZE);
	int result;

	if (times == NULL || index == NULL || types == NULL || b->types == 0 ||
	    b->leaps != 0 || take(r, rest_size(b)) == NULL)
		return FG_ERR_FORMAT;
	if ((file->at = calloc(b->times + 1, sizeof(*file->at))) == NULL ||
	    (file->offset = calloc(b->times + 1, sizeof(*file->offset))) ==
		NULL)
		return FG_ERR_NOMEM;
	if ((result = read_type(types, 0, &file->before)) != 0)
		return result;
	for (size_t i = 0; i < b->times; i++) {
		file->at[i] =
		    (int64_t)get_big(times + i * b->time_size, b->time_size);
		if ((i > 0 && file->at[i] <= file->at[i - 1]) ||
		    index[i] >= b->types ||
		    read_type(types, index[i], &file->offset[i]) != 0)
			return FG_ERR_FORMAT;
	}
	file->n = b->times;
	return 0;
}

/* "\nRULE\n"; an empty rule says nothing. */
static int
read_rule(struct reader *r, struct zone_file *file)
{
	char text[RULE_MAX + 1];
	const uint8_t *end;
	size_t len;

	if (r->left < 2 || r->data[0] != '\n')
		return FG_ERR_FORMAT;
	(void)take(r, 1);
	end = memchr(r->data, '\n', r->left);
	if (end == NULL || (len = (size_t)(end - r->data)) > RULE_MAX ||
	    memchr(r->data, '\0', len) != NULL)
		return FG_ERR_FORMAT;
	memcpy(text, r->data, len);
	text[len] = '\0';
	file->has_rule = len > 0;
	return len > 0 ? zone_rule_parse(text, &file->rule) : 0;
}

static int
skip_block(struct reader *r)
{
	struct block b;

	if (read_header(r, 4, &b) != 0 ||
	    take(r,
		b.times * (b.time_size + 1) + b.types * TYPE_SIZE +
		    rest_size(&b)) == NULL)
		return FG_ERR_FORMAT;
	return 0;
}

int
zone_file_parse(const uint8_t *data, size_t len, struct zone_file **ret_file)
{
	struct reader reader = { data, len };
	struct zone_file *file = NULL;
	struct block b;
	int r;

	*ret_file = NULL;
	if (len > ZONE_FILE_MAX)
		return FG_ERR_FORMAT;
	if ((file = calloc(1, sizeof(*file))) == NULL)
		return FG_ERR_NOMEM;
	if ((r = skip_block(&reader)) != 0 ||
	    (r = read_header(&reader, 8, &b)) != 0 ||
	    (r = read_changes(&reader, &b, file)) != 0 ||
	    (r = read_rule(&reader, file)) != 0)
		goto out;
	*ret_file = file;
	file = NULL;
out:
	zone_file_free(file);
	return r;
}

void
zone_file_free(struct zone_file *file)
{
	if (file == NULL)
		return;
	free(file->at);
	free(file->offset);
	free(file);
}

struct zone_offset
zone_file_at(const struct zone_file *file, int64_t at_s)
{
	size_t low = 0, high = file->n, mid;

	if (file->has_rule && (file->n == 0 || at_s >= file->at[file->n - 1]))
		return zone_rule_at(&file->rule, at_s);
	/* The number of changes that are not after at_s. */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (file->at[mid] <= at_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low == 0 ? file->before : file->offset[low - 1];
}
