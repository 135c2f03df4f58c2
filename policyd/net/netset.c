/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sorted, merged address ranges. A set is filled, sealed once, and then only
 * asked. It knows nothing of names, labels or files.
 */
#include "policyd/net/netset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

#define FIRST_ROOM 16u

struct range {
	uint8_t lo[ADDR_SIZE];
	uint8_t hi[ADDR_SIZE]; /* inclusive */
};

struct netset {
	struct range *list;
	size_t used;
	size_t room;
	size_t added;
	bool sealed;
};

/* The addresses just before and just behind ::ffff:0:0/96. */
static const uint8_t before_v4[ADDR_SIZE] = { [10] = 0xff,
	0xfe,
	0xff,
	0xff,
	0xff,
	0xff };
static const uint8_t behind_v4[ADDR_SIZE] = { [9] = 0x01 };

struct netset *
netset_new(void)
{
	return calloc(1, sizeof(struct netset));
}

void
netset_free(struct netset *set)
{
	if (set == NULL)
		return;
	free(set->list);
	free(set);
}

static int
make_room(struct netset *set, size_t more)
{
	size_t room = set->room == 0 ? FIRST_ROOM : set->room;
	struct range *list;

	if (set->room - set->used >= more)
		return 0;
	while (room - set->used < more) {
		if (room > SIZE_MAX / 2 / sizeof(*list))
			return FG_ERR_NOMEM;
		room *= 2;
	}
	if ((list = realloc(set->list, room * sizeof(*list))) == NULL)
		return FG_ERR_NOMEM;
	set->list = list;
	set->room = room;
	return 0;
}

static void
range_of(const struct addr_prefix *p, struct range *ret_range)
{
	unsigned int whole = p->bits / 8, rest = p->bits % 8;

	memcpy(ret_range->lo, p->addr.b, ADDR_SIZE);
	memcpy(ret_range->hi, p->addr.b, ADDR_SIZE);
	if (whole == ADDR_SIZE)
		return;
	ret_range->hi[whole] |= (uint8_t)(0xffu >> rest);
	memset(ret_range->hi + whole + 1, 0xff, ADDR_SIZE - whole - 1);
}

static void
append(struct netset *set, const uint8_t *lo, const uint8_t *hi)
{
	struct range *r = &set->list[set->used++];

	memcpy(r->lo, lo, ADDR_SIZE);
	memcpy(r->hi, hi, ADDR_SIZE);
}

/*
 * Whoever writes ::/0 means IPv6. That IPv4 is kept inside that range here must
 * not show: such a range is added without it.
 */
static int
add_range(struct netset *set, const struct range *r)
{
	assert(!set->sealed);
	if (make_room(set, 2) != 0)
		return FG_ERR_NOMEM;
	if (memcmp(r->lo, before_v4, ADDR_SIZE) <= 0 &&
	    memcmp(r->hi, before_v4, ADDR_SIZE) > 0) {
		append(set, r->lo, before_v4);
		if (memcmp(r->hi, behind_v4, ADDR_SIZE) >= 0)
			append(set, behind_v4, r->hi);
	} else {
		append(set, r->lo, r->hi);
	}
	set->added++;
	return 0;
}

int
netset_add(struct netset *set, const struct addr_prefix *p)
{
	struct range r;

	assert(p->bits <= ADDR_SIZE * 8);
	range_of(p, &r);
	return add_range(set, &r);
}

int
netset_add_range(struct netset *set, const struct addr *first,
    const struct addr *last)
{
	struct range r;

	if (addr_is_v4(first) != addr_is_v4(last) ||
	    memcmp(first->b, last->b, ADDR_SIZE) > 0)
		return FG_ERR_FORMAT;
	memcpy(r.lo, first->b, ADDR_SIZE);
	memcpy(r.hi, last->b, ADDR_SIZE);
	return add_range(set, &r);
}

static int
range_compare(const void *a, const void *b)
{
	const struct range *ra = a, *rb = b;

	return memcmp(ra->lo, rb->lo, ADDR_SIZE);
}

static bool
touches(const struct range *a, const struct range *b)
{
	return memcmp(b->lo, a->hi, ADDR_SIZE) <= 0;
}

void
netset_seal(struct netset *set)
{
	size_t i, last = 0;

	set->sealed = true;
	if (set->used == 0)
		return;
	qsort(set->list, set->used, sizeof(*set->list), range_compare);
	for (i = 1; i < set->used; i++) {
		struct range *r = &set->list[last];

		if (!touches(r, &set->list[i]))
			set->list[++last] = set->list[i];
		else if (memcmp(set->list[i].hi, r->hi, ADDR_SIZE) > 0)
			memcpy(r->hi, set->list[i].hi, ADDR_SIZE);
	}
	set->used = last + 1;
}

size_t
netset_count(const struct netset *set)
{
	return set->added;
}

bool
netset_contains(const struct netset *set, const struct addr *addr)
{
	size_t lo = 0, hi, mid;

	assert(set->sealed);
	hi = set->used;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(addr->b, set->list[mid].lo, ADDR_SIZE) < 0)
			hi = mid;
		else if (memcmp(addr->b, set->list[mid].hi, ADDR_SIZE) > 0)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}
