/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anchors in the order of their records. The files are other programs' logs,
 * and hold anything.
 */
#include "ctl/audit/anchors.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/audit/line.h"
#include "policyd/audit/anchor.h"
#include "proto/result.h"

struct item {
	uint64_t seq;
	int64_t at_s;
	const char *file;
	uint64_t line;
	char hash[LINE_HASH_LEN];
	bool seen;
};

struct anchors {
	struct item *list;
	size_t n, size;
	size_t at; /* those before are of smaller numbers than the last one */
	bool sorted;
	uint8_t key[ANCHORS_KEYS_MAX][CRYPTO_KEY_SIZE];
	size_t keys;
	bool asked; /* for these keys */
	struct anchors_count count;
};

struct anchors *
anchors_new(void)
{
	return calloc(1, sizeof(struct anchors));
}

void
anchors_free(struct anchors *a)
{
	if (a == NULL)
		return;
	free(a->list);
	free(a);
}

int
anchors_key(struct anchors *a, const char *text)
{
	int r;

	if (a->keys == ANCHORS_KEYS_MAX)
		return FG_ERR_LIMIT;
	if ((r = key_parse(KEY_AUDIT, text, a->key[a->keys])) != 0)
		return r;
	a->asked = true;
	a->keys++;
	return 0;
}

bool
anchors_has_key(const struct anchors *a, const uint8_t key[CRYPTO_KEY_SIZE])
{
	for (size_t i = 0; i < a->keys; i++)
		if (memcmp(a->key[i], key, CRYPTO_KEY_SIZE) == 0)
			return true;
	return false;
}

/* ---- reading ----------------------------------------------------------- */

/* Without being asked for one, each that comes is noted. */
static bool
is_by_key(struct anchors *a, const uint8_t key[CRYPTO_KEY_SIZE])
{
	if (anchors_has_key(a, key))
		return true;
	if (a->asked || a->keys == ANCHORS_KEYS_MAX)
		return false;
	memcpy(a->key[a->keys++], key, CRYPTO_KEY_SIZE);
	return true;
}

static int
keep(struct anchors *a, const struct anchor *anchor, const char *file,
    uint64_t number)
{
	size_t size = a->size == 0 ? 256 : 2 * a->size;
	struct item *item;

	if (a->n == a->size) {
		item = reallocarray(a->list, size, sizeof(*item));
		if (item == NULL)
			return FG_ERR_NOMEM;
		a->list = item;
		a->size = size;
	}
	item = &a->list[a->n++];
	item->seq = anchor->seq;
	item->at_s = anchor->at_s;
	item->file = file;
	item->line = number;
	item->seen = false;
	memcpy(item->hash, anchor->hash, LINE_HASH_LEN);
	a->sorted = false;
	a->count.good++;
	return 0;
}

static int
take_line(struct anchors *a, const struct source_line *line, const char *file)
{
	struct anchor anchor;
	int r;

	if (!line_has(line->text, line->len, "farmgate-anchor-v1 "))
		return 0;
	r = anchor_read(line->text, line->len, &anchor);
	if (r == FG_ERR_UNSAFE)
		a->count.wrong++;
	else if (r == FG_ERR_FORMAT)
		a->count.odd++;
	else if (r == 0 && !is_by_key(a, anchor.key))
		a->count.others++;
	else if (r == 0)
		return keep(a, &anchor, file, line->number);
	return 0;
}

int
anchors_read(struct anchors *a, const char *file, char ret_why[SOURCE_WHY_SIZE])
{
	struct source_line line;
	struct source *source;
	int r;

	if ((r = source_open(file, false, &source, ret_why)) != 0)
		return r;
	while ((r = source_next(source, &line, ret_why)) == 0)
		if ((r = take_line(a, &line, file)) != 0)
			break;
	source_free(source);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

const struct anchors_count *
anchors_count(const struct anchors *a)
{
	return &a->count;
}

size_t
anchors_keys(const struct anchors *a)
{
	return a->keys;
}

const char *
anchors_key_text(const struct anchors *a, size_t i, char buf[KEY_TEXT_SIZE])
{
	key_text(KEY_AUDIT, a->key[i], buf);
	return buf;
}

/* ---- against the log --------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->file, y->file);
}

/* Records come in order, but for what is wrong with them. */
static void
move_to(struct anchors *a, uint64_t seq)
{
	if (!a->sorted && a->n > 0)
		qsort(a->list, a->n, sizeof(a->list[0]), compare);
	a->sorted = true;
	while (a->at > 0 && a->list[a->at - 1].seq >= seq)
		a->at--;
	while (a->at < a->n && a->list[a->at].seq < seq)
		a->at++;
}

static void
set_place(struct anchors_place *place, const struct item *item)
{
	place->seq = item->seq;
	place->file = item->file;
	place->line = item->line;
}

bool
anchors_take(struct anchors *a, uint64_t seq, const char *hash,
    struct anchors_place *place)
{
	struct item *item;

	memset(place, 0, sizeof(*place));
	move_to(a, seq);
	for (size_t i = a->at; i < a->n && a->list[i].seq == seq; i++) {
		item = &a->list[i];
		item->seen = true;
		set_place(place, item);
		if (memcmp(item->hash, hash, LINE_HASH_LEN) != 0)
			return false;
	}
	return true;
}

int64_t
anchors_after(const struct anchors *a, uint64_t first, uint64_t last,
    int64_t after_s, struct anchors_place *place)
{
	const struct item *item;

	memset(place, 0, sizeof(*place));
	for (size_t i = 0; i < a->n; i++) {
		item = &a->list[i];
		if (item->seq < first || item->seq >= last ||
		    item->at_s <= after_s)
			continue;
		after_s = item->at_s;
		set_place(place, item);
	}
	return after_s;
}

bool
anchors_all_seen(const struct anchors *a, uint64_t first,
    struct anchors_place *place, uint64_t *ret_older)
{
	memset(place, 0, sizeof(*place));
	*ret_older = 0;
	for (size_t i = 0; i < a->n; i++) {
		if (a->list[i].seq < first)
			++*ret_older;
		else if (!a->list[i].seen &&
		    (place->seq == 0 || a->list[i].seq < place->seq))
			set_place(place, &a->list[i]);
	}
	return place->seq == 0;
}
