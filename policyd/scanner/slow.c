/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A short list, and mostly an empty one. What finds no room takes the place of
 * what has been there for longest.
 */
#include "policyd/scanner/slow.h"

#include "policyd/scanner/reader.h"
#include "policyd/scanner/walk.h"

#define SLOW_TIMES 2u
#define SLOW_NS	   (READER_AGAIN_S * INT64_C(1000000000))

uint64_t
slow_key(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h;
}

static struct slow_thing *
find(struct slow *slow, uint64_t key)
{
	size_t i;

	for (i = 0; i < slow->n; i++)
		if (slow->thing[i].key == key)
			return &slow->thing[i];
	return NULL;
}

bool
slow_has(const struct slow *slow, uint64_t key)
{
	size_t i;

	for (i = 0; i < slow->n; i++)
		if (slow->thing[i].key == key)
			return slow->thing[i].times >= SLOW_TIMES &&
			    slow->thing[i].until_ns > walk_now_ns();
	return false;
}

bool
slow_is_anybodys(const struct slow *slow)
{
	int64_t now_ns;
	size_t i;

	if (slow->n == 0)
		return false;
	now_ns = walk_now_ns();
	for (i = 0; i < slow->n; i++)
		if (slow->thing[i].owner != SLOW_NOBODY &&
		    slow->thing[i].until_ns > now_ns)
			return true;
	return false;
}

size_t
slow_of(const struct slow *slow, uint32_t owner)
{
	int64_t now_ns = walk_now_ns();
	size_t i, n = 0;

	for (i = 0; i < slow->n; i++)
		n += slow->thing[i].owner == owner &&
		    slow->thing[i].until_ns > now_ns;
	return n;
}

static struct slow_thing *
make_room(struct slow *slow)
{
	struct slow_thing *oldest = &slow->thing[0];
	size_t i;

	if (slow->n < SLOW_MAX)
		return &slow->thing[slow->n++];
	for (i = 1; i < slow->n; i++)
		if (slow->thing[i].until_ns < oldest->until_ns)
			oldest = &slow->thing[i];
	return oldest;
}

uint32_t
slow_add(struct slow *slow, uint64_t key, uint32_t owner)
{
	struct slow_thing *t;

	if ((t = find(slow, key)) == NULL) {
		t = make_room(slow);
		*t = (struct slow_thing){ .key = key };
	}
	t->owner = owner;
	t->until_ns = walk_now_ns() + SLOW_NS;
	return ++t->times;
}

void
slow_remove(struct slow *slow, uint64_t key)
{
	struct slow_thing *t = find(slow, key);

	if (t != NULL)
		*t = slow->thing[--slow->n];
}
