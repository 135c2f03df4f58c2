/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sightings become at most a handful of machines. Nothing is ever dropped for
 * another one: a copy that shows new IDs each time would push out the machine
 * that it was copied from.
 */
#include "policyd/device/clone.h"

#include <string.h>

#include "policyd/device/compare.h"

/* ---- one machine or two ------------------------------------------------- */

static bool
has_standing(const struct comparison *c, enum compare_standing standing)
{
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (c->standing[kind] == standing)
			return true;
	return false;
}

/*
 * Where nothing differs, what was not read may be what would agree; and who
 * shows less than before is not somebody else for that.
 */
static bool
differs(const struct hwid_digests *machine, const struct hwid_digests *from)
{
	static const struct compare_limits limits = { COMPARE_WEAK_DEFAULT,
		COMPARE_STRONG_DEFAULT };
	struct comparison c;

	compare_hwids(machine, from, &c);
	switch (compare_grade(&c, &limits)) {
	case COMPARE_NOTHING:
	case COMPARE_SAME:
		break;
	case COMPARE_WEAK:
	case COMPARE_STRONG:
		return has_standing(&c, COMPARE_DIFFER) ||
		    (!has_standing(&c, COMPARE_AGREE) &&
			!has_standing(&c, COMPARE_UNREAD));
	}
	return false;
}

bool
clone_is_another(const struct hwid_digests *a, const struct hwid_digests *b)
{
	return differs(a, b) || differs(b, a);
}

/* ---- what was seen ------------------------------------------------------ */

/* Index of the one that was seen last; .n is not 0. */
static size_t
find_latest(const struct clone *clone)
{
	size_t i, at = 0;

	for (i = 1; i < clone->n; i++)
		if (clone->list[i].last_n > clone->list[at].last_n)
			at = i;
	return at;
}

const struct clone_machine *
clone_latest(const struct clone *clone)
{
	return clone->n == 0 ? NULL : &clone->list[find_latest(clone)];
}

/* Of those that are this machine, the one that was seen last; .n: none. */
static size_t
find_machine(const struct clone *clone, const struct hwid_digests *machine)
{
	size_t i, at = clone->n;

	for (i = 0; i < clone->n; i++)
		if (!clone_is_another(machine, &clone->list[i].digests) &&
		    (at == clone->n ||
			clone->list[i].last_n > clone->list[at].last_n))
			at = i;
	return at;
}

static bool
is_equal(const struct hwid_digests *a, const struct hwid_digests *b)
{
	if (a->n != b->n || a->unread != b->unread)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].kind != b->list[i].kind ||
		    memcmp(a->list[i].bytes, b->list[i].bytes,
			HWID_DIGEST_SIZE) != 0)
			return false;
	return true;
}

/* It shows this now, if it was looked at no worse than before. */
static bool
take_digests(struct clone_machine *m, const struct hwid_digests *digests)
{
	if (digests->n == 0 || (digests->unread & ~m->digests.unread) != 0 ||
	    is_equal(digests, &m->digests))
		return false;
	m->digests = *digests;
	return true;
}

static bool
see_again(struct clone *clone, size_t at, const struct hwid_digests *digests,
    int64_t at_s)
{
	struct clone_machine *m = &clone->list[at];
	size_t latest = find_latest(clone);
	bool changed = take_digests(m, digests);

	if (at != latest) {
		m->last_n = clone->list[latest].last_n + 1;
		changed = true;
	}
	/* The first login is told apart from the enrolment. */
	if (changed || at_s - m->last_s >= CLONE_SEEN_S || at_s < m->last_s ||
	    (clone->n == 1 && m->last_s == m->first_s && at_s > m->last_s)) {
		m->last_s = at_s;
		changed = true;
	}
	return changed;
}

bool
clone_see(struct clone *clone, const struct hwid_digests *machine, int64_t at_s)
{
	size_t at = find_machine(clone, machine);
	struct clone_machine *m;
	uint32_t n;

	if (at < clone->n)
		return see_again(clone, at, machine, at_s);
	if (clone->n == CLONE_MACHINES_MAX)
		return false; /* it is known for one already */
	n = clone->n == 0 ? 1 : clone->list[find_latest(clone)].last_n + 1;
	m = &clone->list[clone->n++];
	*m = (struct clone_machine){ .digests = *machine,
		.first_n = n,
		.last_n = n,
		.first_s = at_s,
		.last_s = at_s };
	return true;
}

bool
clone_is(const struct clone *clone)
{
	size_t i, k;

	for (i = 0; i < clone->n; i++)
		for (k = i + 1; k < clone->n; k++)
			if (clone->list[k].first_n < clone->list[i].last_n)
				return true;
	return clone->n == CLONE_MACHINES_MAX;
}
