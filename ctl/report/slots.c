/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chains of slots that hash to the same bucket.
 */
#include "ctl/report/slots.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "proto/result.h"

struct slots {
	size_t max, mask;
	uint64_t seed;
	char **key; /* of each slot; NULL: none */
	size_t *next; /* in its chain */
	size_t *bucket; /* the first one of a chain */
};

struct slots *
slots_new(size_t max)
{
	struct slots *s = calloc(1, sizeof(*s));
	size_t buckets = 16;

	if (s == NULL)
		return NULL;
	while (buckets < max)
		buckets *= 2;
	s->max = max;
	s->mask = buckets - 1;
	s->key = calloc(max, sizeof(*s->key));
	s->next = calloc(max, sizeof(*s->next));
	s->bucket = calloc(buckets, sizeof(*s->bucket));
	if (s->key == NULL || s->next == NULL || s->bucket == NULL) {
		slots_free(s);
		return NULL;
	}
	for (size_t i = 0; i < buckets; i++)
		s->bucket[i] = SLOTS_NONE;
	crypto_random(&s->seed, sizeof(s->seed));
	return s;
}

void
slots_free(struct slots *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; s->key != NULL && i < s->max; i++)
		free(s->key[i]);
	free(s->key);
	free(s->next);
	free(s->bucket);
	free(s);
}

uint64_t
slots_hash(uint64_t start, const char *key)
{
	uint64_t hash = start;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static size_t *
bucket_of(const struct slots *s, const char *key)
{
	return &s->bucket[(size_t)slots_hash(s->seed, key) & s->mask];
}

size_t
slots_find(const struct slots *s, const char *key)
{
	size_t i = *bucket_of(s, key);

	while (i != SLOTS_NONE && strcmp(s->key[i], key) != 0)
		i = s->next[i];
	return i;
}

/* What has its number: the bucket, or the one before it. */
static size_t *
link_of(struct slots *s, size_t slot)
{
	size_t *at = bucket_of(s, s->key[slot]);

	while (*at != slot)
		at = &s->next[*at];
	return at;
}

void
slots_drop(struct slots *s, size_t slot)
{
	if (s->key[slot] == NULL)
		return;
	*link_of(s, slot) = s->next[slot];
	free(s->key[slot]);
	s->key[slot] = NULL;
}

void
slots_move(struct slots *s, size_t from, size_t to)
{
	*link_of(s, from) = to;
	s->next[to] = s->next[from];
	s->key[to] = s->key[from];
	s->key[from] = NULL;
}

int
slots_put(struct slots *s, size_t slot, const char *key)
{
	char *copy = strdup(key);
	size_t *bucket;

	if (copy == NULL)
		return FG_ERR_NOMEM;
	slots_drop(s, slot);
	bucket = bucket_of(s, copy);
	s->key[slot] = copy;
	s->next[slot] = *bucket;
	*bucket = slot;
	return 0;
}

const char *
slots_key(const struct slots *s, size_t slot)
{
	return s->key[slot];
}
