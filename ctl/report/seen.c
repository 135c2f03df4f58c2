/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of hashes that grows to twice its size when it is half full.
 */
#include "ctl/report/seen.h"

#include <stdint.h>
#include <stdlib.h>

#include "ctl/report/slots.h"
#include "policyd/crypto.h"
#include "proto/result.h"

#define FIRST_SIZE 1024u

struct seen {
	uint64_t *table; /* 0: free */
	uint64_t seed;
	size_t n, size, max;
};

struct seen *
seen_new(size_t max)
{
	struct seen *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->max = max;
	s->size = FIRST_SIZE;
	if ((s->table = calloc(s->size, sizeof(*s->table))) == NULL) {
		free(s);
		return NULL;
	}
	crypto_random(&s->seed, sizeof(s->seed));
	return s;
}

void
seen_free(struct seen *s)
{
	if (s == NULL)
		return;
	free(s->table);
	free(s);
}

/* Where it is, or belongs. */
static uint64_t *
place_of(uint64_t *table, size_t size, uint64_t hash)
{
	size_t i = (size_t)hash & (size - 1);

	while (table[i] != 0 && table[i] != hash)
		i = (i + 1) & (size - 1);
	return &table[i];
}

static int
grow(struct seen *s)
{
	uint64_t *table = calloc(2 * s->size, sizeof(*table));

	if (table == NULL)
		return FG_ERR_NOMEM;
	for (size_t i = 0; i < s->size; i++)
		if (s->table[i] != 0)
			*place_of(table, 2 * s->size, s->table[i]) =
			    s->table[i];
	free(s->table);
	s->table = table;
	s->size *= 2;
	return 0;
}

int
seen_take(struct seen *s, const char *text, bool *ret_new)
{
	uint64_t hash = slots_hash(s->seed, text);
	int r;

	*ret_new = false;
	hash += hash == 0; /* that is a free place */
	if (*place_of(s->table, s->size, hash) == hash)
		return 0;
	if (s->n == s->max)
		return FG_ERR_LIMIT;
	if (2 * s->n >= s->size && (r = grow(s)) != 0)
		return r;
	*place_of(s->table, s->size, hash) = hash;
	s->n++;
	*ret_new = true;
	return 0;
}
