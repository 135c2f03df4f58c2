/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table with twice as many slots as it has room for names, with another seed
 * in each run: names are strangers', who should not choose where they meet.
 */
#include "ctl/replay/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"

#define ROOM_FIRST 1024u /* a power of 2 */

struct names {
	char **text;
	uint32_t *slot; /* the number and 1; 0: free */
	uint32_t n, room, max;
	uint64_t seed;
};

/* FNV-1a, stirred by the seed at both ends. */
static uint32_t
slot_of(const struct names *names, const char *name)
{
	uint64_t h = names->seed;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= names->seed >> 17;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32) & (2 * names->room - 1);
}

/* Its own slot, or the free one where it would be. */
static uint32_t
place_of(const struct names *names, const char *name)
{
	uint32_t i = slot_of(names, name);

	while (names->slot[i] != 0 &&
	    strcmp(names->text[names->slot[i] - 1], name) != 0)
		i = (i + 1) & (2 * names->room - 1);
	return i;
}

/* Each name finds its slot anew. */
static bool
enlarge(struct names *names, uint32_t room)
{
	uint32_t *slot = calloc(2 * (size_t)room, sizeof(*slot));
	char **text = reallocarray(names->text, room, sizeof(*text));

	if (text != NULL)
		names->text = text;
	if (slot == NULL || text == NULL) {
		free(slot);
		return false;
	}
	free(names->slot);
	names->slot = slot;
	names->room = room;
	for (uint32_t i = 0; i < names->n; i++)
		names->slot[place_of(names, names->text[i])] = i + 1;
	return true;
}

struct names *
names_new(uint32_t max)
{
	struct names *names = calloc(1, sizeof(*names));

	if (names == NULL)
		return NULL;
	crypto_random(&names->seed, sizeof(names->seed));
	names->max = max;
	if (enlarge(names, ROOM_FIRST))
		return names;
	names_free(names);
	return NULL;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	for (uint32_t i = 0; i < names->n; i++)
		free(names->text[i]);
	free(names->text);
	free(names->slot);
	free(names);
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
	if (names->n == names->max)
		return NAMES_NONE;
	if (names->n == names->room) {
		if (!enlarge(names, 2 * names->room))
			return NAMES_NONE;
		i = place_of(names, name);
	}
	if ((names->text[names->n] = strdup(name)) == NULL)
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
