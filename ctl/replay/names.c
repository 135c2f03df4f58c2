/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table that is twice as large as what it may hold, with another seed in each
 * run: names are strangers', who should not choose where they meet.
 */
#include "ctl/replay/names.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"

#define SLOTS (2u * NAMES_MAX)

struct names {
	char *text[NAMES_MAX];
	uint32_t n;
	uint32_t slot[SLOTS]; /* the number and 1; 0: free */
	uint64_t seed;
};

struct names *
names_new(void)
{
	struct names *names = calloc(1, sizeof(*names));

	if (names != NULL)
		crypto_random(&names->seed, sizeof(names->seed));
	return names;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	for (uint32_t i = 0; i < names->n; i++)
		free(names->text[i]);
	free(names);
}

/* FNV-1a, stirred by the seed at both ends. */
static uint32_t
slot_of(const struct names *names, const char *name)
{
	uint64_t h = names->seed;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= names->seed >> 17;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 40) % SLOTS;
}

/* Its own slot, or the free one where it would be. */
static uint32_t
place_of(const struct names *names, const char *name)
{
	uint32_t i = slot_of(names, name);

	while (names->slot[i] != 0 &&
	    strcmp(names->text[names->slot[i] - 1], name) != 0)
		i = (i + 1) % SLOTS;
	return i;
}

uint32_t
names_find(const struct names *names, const char *name)
{
	uint32_t i = place_of(names, name);

	return names->slot[i] == 0 ? NAMES_NONE : names->slot[i] - 1;
}

uint32_t
names_add(struct names *names, const char *name)
{
	uint32_t i = place_of(names, name);

	if (names->slot[i] != 0)
		return names->slot[i] - 1;
	if (names->n == NAMES_MAX ||
	    (names->text[names->n] = strdup(name)) == NULL)
		return NAMES_NONE;
	names->slot[i] = ++names->n;
	return names->n - 1;
}

const char *
names_text(const struct names *names, uint32_t i)
{
	return names->text[i];
}

size_t
names_count(const struct names *names)
{
	return names->n;
}
