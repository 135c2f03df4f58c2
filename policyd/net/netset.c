/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sorted, merged address ranges. A set is filled, sealed once, and then only
 * asked. It knows nothing of names, labels or files. The families are apart:
 * most entries are IPv4 and need a quarter of the room, and ::/0 holds none.
 */
#include "policyd/net/netset.h"

#include <assert.h>
#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

#define FIRST_ROOM 16u
#define V4_AT	   12u /* where the four bytes of IPv4 stand */
#define WIDE_4	   0xffffffu /* from one end to the other of a /8 */
#define WIDE_6	   2u /* bytes that both ends of a /16 have alike */

/* Both ends belong to it. */
struct range4 {
	uint32_t lo;
	uint32_t hi;
};

struct range6 {
	uint8_t lo[ADDR_SIZE];
	uint8_t hi[ADDR_SIZE];
};

struct netset {
	struct range4 *v4;
	size_t n4;
	size_t room4;
	struct range6 *v6;
	size_t n6;
	size_t room6;
	size_t added;
	bool sealed;
};

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
	free(set->v4);
	free(set->v6);
	free(set);
}

/* Room for one more of size bytes: the list, grown; NULL if there is none. */
static void *
grow(void *list, size_t used, size_t *room, size_t size)
{
	size_t more = *room == 0 ? FIRST_ROOM : 2 * *room;

	if (used < *room)
		return list;
	if (more < *room || (list = reallocarray(list, more, size)) == NULL)
		return NULL;
	*room = more;
	return list;
}

static uint32_t
v4_number(const uint8_t *b)
{
	uint32_t number;

	memcpy(&number, b + V4_AT, sizeof(number));
	return be32toh(number);
}

static int
add_v4(struct netset *set, const uint8_t *lo, const uint8_t *hi)
{
	struct range4 *list;

	list = grow(set->v4, set->n4, &set->room4, sizeof(*list));
	if (list == NULL)
		return FG_ERR_NOMEM;
	set->v4 = list;
	list[set->n4].lo = v4_number(lo);
	list[set->n4++].hi = v4_number(hi);
	set->added++;
	return 0;
}

static int
add_v6(struct netset *set, const uint8_t *lo, const uint8_t *hi)
{
	struct range6 *list;

	list = grow(set->v6, set->n6, &set->room6, sizeof(*list));
	if (list == NULL)
		return FG_ERR_NOMEM;
	set->v6 = list;
	memcpy(list[set->n6].lo, lo, ADDR_SIZE);
	memcpy(list[set->n6++].hi, hi, ADDR_SIZE);
	set->added++;
	return 0;
}

static void
last_of(const struct addr_prefix *p, uint8_t hi[ADDR_SIZE])
{
	unsigned int whole = p->bits / 8, rest = p->bits % 8;

	memcpy(hi, p->addr.b, ADDR_SIZE);
	if (whole == ADDR_SIZE)
		return;
	hi[whole] |= (uint8_t)(0xffu >> rest);
	memset(hi + whole + 1, 0xff, ADDR_SIZE - whole - 1);
}

/* A prefix that begins within IPv4 ends there, as its host bits are zero. */
int
netset_add(struct netset *set, const struct addr_prefix *p)
{
	uint8_t hi[ADDR_SIZE];

	assert(!set->sealed && p->bits <= ADDR_SIZE * 8);
	last_of(p, hi);
	return addr_is_v4(&p->addr) ? add_v4(set, p->addr.b, hi) :
				      add_v6(set, p->addr.b, hi);
}

int
netset_add_range(struct netset *set, const struct addr *first,
    const struct addr *last)
{
	assert(!set->sealed);
	if (addr_is_v4(first) != addr_is_v4(last) ||
	    memcmp(first->b, last->b, ADDR_SIZE) > 0)
		return FG_ERR_FORMAT;
	return addr_is_v4(first) ? add_v4(set, first->b, last->b) :
				   add_v6(set, first->b, last->b);
}

static int
compare4(const void *a, const void *b)
{
	const struct range4 *ra = a, *rb = b;

	return (ra->lo > rb->lo) - (ra->lo < rb->lo);
}

static int
compare6(const void *a, const void *b)
{
	const struct range6 *ra = a, *rb = b;

	return memcmp(ra->lo, rb->lo, ADDR_SIZE);
}

static void
merge4(struct netset *set)
{
	struct range4 *list = set->v4;
	size_t i, last = 0;

	qsort(list, set->n4, sizeof(*list), compare4);
	for (i = 1; i < set->n4; i++) {
		if (list[i].lo > list[last].hi)
			list[++last] = list[i];
		else if (list[i].hi > list[last].hi)
			list[last].hi = list[i].hi;
	}
	set->n4 = last + 1;
}

static void
merge6(struct netset *set)
{
	struct range6 *list = set->v6;
	size_t i, last = 0;

	qsort(list, set->n6, sizeof(*list), compare6);
	for (i = 1; i < set->n6; i++) {
		if (memcmp(list[i].lo, list[last].hi, ADDR_SIZE) > 0)
			list[++last] = list[i];
		else if (memcmp(list[i].hi, list[last].hi, ADDR_SIZE) > 0)
			memcpy(list[last].hi, list[i].hi, ADDR_SIZE);
	}
	set->n6 = last + 1;
}

/* What was grown for more is given back; it stays as it is if that fails. */
static void *
fit(void *list, size_t n, size_t size)
{
	void *smaller = reallocarray(list, n, size);

	return smaller == NULL ? list : smaller;
}

void
netset_seal(struct netset *set)
{
	set->sealed = true;
	if (set->n4 > 0) {
		merge4(set);
		set->v4 = fit(set->v4, set->n4, sizeof(*set->v4));
	}
	if (set->n6 > 0) {
		merge6(set);
		set->v6 = fit(set->v6, set->n6, sizeof(*set->v6));
	}
}

size_t
netset_count(const struct netset *set)
{
	return set->added;
}

/* Within fc00::/7 or fe80::/10. */
static bool
is_local(const struct range6 *r)
{
	return ((r->lo[0] & 0xfe) == 0xfc && (r->hi[0] & 0xfe) == 0xfc) ||
	    (r->lo[0] == 0xfe && r->hi[0] == 0xfe &&
		(r->lo[1] & 0xc0) == 0x80 && (r->hi[1] & 0xc0) == 0x80);
}

bool
netset_is_wide(const struct netset *set)
{
	size_t i;

	assert(set->sealed);
	for (i = 0; i < set->n4; i++)
		if (set->v4[i].hi - set->v4[i].lo > WIDE_4)
			return true;
	for (i = 0; i < set->n6; i++)
		if (memcmp(set->v6[i].lo, set->v6[i].hi, WIDE_6) != 0 &&
		    !is_local(&set->v6[i]))
			return true;
	return false;
}

static bool
contains4(const struct netset *set, uint32_t number)
{
	size_t lo = 0, hi = set->n4, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (number < set->v4[mid].lo)
			hi = mid;
		else if (number > set->v4[mid].hi)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}

static bool
contains6(const struct netset *set, const uint8_t *b)
{
	size_t lo = 0, hi = set->n6, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(b, set->v6[mid].lo, ADDR_SIZE) < 0)
			hi = mid;
		else if (memcmp(b, set->v6[mid].hi, ADDR_SIZE) > 0)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}

bool
netset_contains(const struct netset *set, const struct addr *addr)
{
	assert(set->sealed);
	return addr_is_v4(addr) ? contains4(set, v4_number(addr->b)) :
				  contains6(set, addr->b);
}
