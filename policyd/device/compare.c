/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kind by kind, then all together. IDs are compared by their digests, in
 * whichever order they come.
 */
#include "policyd/device/compare.h"

#include <stdbool.h>
#include <string.h>

static bool
is_in(const struct hwid_digests *digests, const struct hwid_digest *digest)
{
	for (size_t i = 0; i < digests->n; i++)
		if (digests->list[i].kind == digest->kind &&
		    memcmp(digests->list[i].bytes, digest->bytes,
			HWID_DIGEST_SIZE) == 0)
			return true;
	return false;
}

static bool
has_common(const struct hwid_digests *machine, const struct hwid_digests *asset,
    enum hwid_kind kind)
{
	for (size_t i = 0; i < machine->n; i++)
		if (machine->list[i].kind == kind &&
		    is_in(asset, &machine->list[i]))
			return true;
	return false;
}

/* What was not read could be the one that would have been alike. */
static enum compare_standing
stand(const struct hwid_digests *machine, const struct hwid_digests *asset,
    enum hwid_kind kind)
{
	if (!hwid_digests_have(asset, kind))
		return COMPARE_NONE;
	if ((machine->unread & UINT32_C(1) << kind) != 0)
		return COMPARE_UNREAD;
	if (!hwid_digests_have(machine, kind))
		return COMPARE_ABSENT;
	return has_common(machine, asset, kind) ? COMPARE_AGREE :
						  COMPARE_DIFFER;
}

/* The weight of all kinds that stand so. */
static unsigned int
weigh(const struct comparison *c, enum compare_standing standing)
{
	unsigned int weight = 0;
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (c->standing[kind] == standing)
			weight += hwid_weight(kind);
	return weight;
}

/* The inventory has no IDs of it. */
static bool
is_empty(const struct comparison *c)
{
	for (enum hwid_kind kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (c->standing[kind] != COMPARE_NONE)
			return false;
	return true;
}

static bool
differs(const struct comparison *c, enum hwid_kind kind)
{
	return c->standing[kind] == COMPARE_DIFFER;
}

static bool
has_other_board(const struct comparison *c)
{
	return differs(c, HWID_BOARD) || differs(c, HWID_UUID) ||
	    differs(c, HWID_SERIAL) || differs(c, HWID_CHASSIS);
}

/*
 * Whoever hides what would differ is not better off. A TPM weighs more than any
 * other, and is nothing that a laptop ceases to have.
 */
static bool
hides(const struct comparison *c)
{
	return c->standing[HWID_TPM] == COMPARE_ABSENT ||
	    weigh(c, COMPARE_ABSENT) >
	    weigh(c, COMPARE_AGREE) + weigh(c, COMPARE_DIFFER);
}

static enum compare_grade
grade_shown(const struct comparison *c, const struct compare_limits *limits)
{
	if (!has_other_board(c) &&
	    !(differs(c, HWID_DISK) && differs(c, HWID_MAC)))
		return COMPARE_SAME;
	if (c->percent >= limits->strong)
		return COMPARE_STRONG;
	return c->percent >= limits->weak || has_other_board(c) ? COMPARE_WEAK :
								  COMPARE_SAME;
}

enum compare_grade
compare_grade(const struct comparison *c, const struct compare_limits *limits)
{
	enum compare_grade grade;

	if (is_empty(c))
		return COMPARE_NOTHING;
	if (differs(c, HWID_TPM))
		return COMPARE_STRONG;
	if (weigh(c, COMPARE_AGREE) == 0)
		return c->percent >= limits->strong ? COMPARE_STRONG :
						      COMPARE_WEAK;
	grade = grade_shown(c, limits);
	return grade == COMPARE_SAME && hides(c) ? COMPARE_WEAK : grade;
}

void
compare_hwids(const struct hwid_digests *machine,
    const struct hwid_digests *asset, struct comparison *ret_comparison)
{
	struct comparison *c = ret_comparison;
	unsigned int agree, differ;
	enum hwid_kind kind;

	memset(c, 0, sizeof(*c));
	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		c->standing[kind] = stand(machine, asset, kind);
	agree = weigh(c, COMPARE_AGREE);
	differ = weigh(c, COMPARE_DIFFER);
	if (agree + differ > 0)
		c->percent = differ * 100 / (agree + differ);
}

const char *
compare_standing_name(enum compare_standing standing)
{
	switch (standing) {
	case COMPARE_AGREE:
		return "agree";
	case COMPARE_DIFFER:
		return "differ";
	case COMPARE_ABSENT:
		return "absent";
	case COMPARE_UNREAD:
		return "unread";
	case COMPARE_NONE:
		break;
	}
	return "none";
}

const char *
compare_grade_name(enum compare_grade grade)
{
	switch (grade) {
	case COMPARE_SAME:
		return "same";
	case COMPARE_WEAK:
		return "weak";
	case COMPARE_STRONG:
		return "strong";
	case COMPARE_NOTHING:
		break;
	}
	return "nothing";
}
