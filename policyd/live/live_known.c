/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is there from one picture to the next is told once. What was away, and
 * be it that it only went back from active to running, is news again for who
 * was opened meanwhile; and for everybody, if it was away for long.
 */
#include "policyd/live/live_known.h"

#include <string.h>

#include "policyd/check/check_sign.h"

/* So long something that is gone is no news for those who know of it. */
#define LIVE_FORGET_NS INT64_C(60000000000)

static size_t
far(const struct sign *sign)
{
	switch ((enum sign_grade)sign->grade) {
	case SIGN_GRADE_NONE:
	case SIGN_INSTALLED:
		break;
	case SIGN_RUNNING:
	case SIGN_PRESENT:
		return 1;
	case SIGN_ACTIVE:
		return 2;
	}
	return 0;
}

static size_t
sure(const struct sign *sign)
{
	return sign->confidence == SIGN_CONFIDENCE_NONE ? 0 :
							  sign->confidence - 1;
}

/* What is one user's alone is nothing that the others know of. */
static bool
is_users(const struct sign *sign)
{
	return sign->owner == SIGN_OF_USER;
}

static struct live_known *
find(struct live_memory *memory, const struct sign *sign, bool users)
{
	struct live_known *k;
	size_t i;

	for (i = 0; i < memory->n; i++) {
		k = &memory->known[i];
		if (k->kind == sign->kind && k->uid == sign->uid &&
		    k->users == users && strcmp(k->what, sign->what) == 0)
			return k;
	}
	return NULL;
}

/* NULL: there is no room. */
static struct live_known *
add(struct live_memory *memory, const struct sign *sign)
{
	struct live_known *k;

	if (memory->n == LIVE_KNOWN_MAX)
		return NULL;
	k = &memory->known[memory->n++];
	memset(k, 0, sizeof(*k));
	k->kind = sign->kind;
	k->uid = sign->uid;
	k->users = is_users(sign);
	memcpy(k->what, sign->what, sizeof(k->what));
	return k;
}

/*
 * The levels of one at the time of a picture: those that the one before had are
 * known to whoever was opened since, too. False: nothing is left of it.
 */
static bool
settle(struct live_known *k, uint64_t before, const struct picture *p,
    uint64_t opened)
{
	struct live_level *l;
	bool left = false;
	size_t i;

	for (i = 0; i < LIVE_FAR * LIVE_SURE; i++) {
		l = &k->level[i / LIVE_SURE][i % LIVE_SURE];
		if (l->picture == 0)
			continue;
		if (l->picture == before)
			l->told = opened;
		else if (p->taken_ns - l->taken_ns >= LIVE_FORGET_NS)
			memset(l, 0, sizeof(*l));
		left |= l->picture != 0;
	}
	return left;
}

static void
settle_all(struct live_memory *memory, const struct picture *p, uint64_t opened)
{
	size_t i = 0;

	while (i < memory->n) {
		if (settle(&memory->known[i], memory->picture, p, opened))
			i++;
		else
			memory->known[i] = memory->known[--memory->n];
	}
}

/*
 * Whether it was in the picture before, or is in this one twice, at least as
 * far and as sure; else *told is at least the last session that knows of it.
 */
static bool
was_there(const struct live_known *k, const struct sign *sign, uint64_t before,
    uint64_t now, uint64_t *told)
{
	const struct live_level *l;
	size_t f, s;

	for (f = far(sign); f < LIVE_FAR; f++) {
		for (s = sure(sign); s < LIVE_SURE; s++) {
			l = &k->level[f][s];
			if (l->picture == 0)
				continue;
			if (l->picture == before || l->picture == now)
				return true;
			if (l->told > *told)
				*told = l->told;
		}
	}
	return false;
}

/* Without room to remember it, it is told each time. */
static bool
is_news(struct live_memory *memory, const struct sign *sign,
    const struct picture *p, uint64_t *ret_told)
{
	struct live_known *k, *all;
	struct live_level *l;
	bool was;

	*ret_told = 0;
	if ((k = find(memory, sign, is_users(sign))) == NULL &&
	    (k = add(memory, sign)) == NULL)
		return true;
	was = was_there(k, sign, memory->picture, p->number, ret_told);
	/* What everybody knows of, that user does. */
	if (is_users(sign) && (all = find(memory, sign, false)) != NULL)
		was |=
		    was_there(all, sign, memory->picture, p->number, ret_told);
	l = &k->level[far(sign)][sure(sign)];
	l->picture = p->number;
	l->taken_ns = p->taken_ns;
	return !was;
}

/* By the clock that nobody sets, of which a picture knows both. */
static int64_t
since_boot_s(const struct picture *p, const struct sign *sign)
{
	return sign->since_s <= 0 ?
	    INT64_MAX :
	    p->taken_ns / 1000000000 - (p->taken_s - sign->since_s);
}

static bool
had_room(const struct live_memory *memory, const struct sign *sign)
{
	size_t i;

	if (sign->owner != SIGN_OF_USER)
		return memory->lost == 0;
	for (i = 0; i < memory->nlost_uids; i++)
		if (memory->lost_uid[i] == sign->uid)
			return false;
	return memory->nlost_uids < PICTURE_LOST_UIDS;
}

/* The picture before may be without it, and it was there all the same. */
static bool
was_missed(const struct live_memory *memory, const struct sign *sign)
{
	uint32_t parts = PICTURE_PROCESSES | PICTURE_SOCKETS;

	if (sign->pid == 0)
		parts |= PICTURE_SESSIONS | PICTURE_INTERFACES;
	return memory->picture == 0 || (memory->unseen & parts) != 0 ||
	    !had_room(memory, sign);
}

static void
remember(struct live_memory *memory, const struct picture *p)
{
	memory->first = memory->picture == 0 || memory->rules != p->rules;
	memory->picture = p->number;
	memory->rules = p->rules;
	memory->unseen = p->failed | p->cut;
	memory->lost = p->lost;
	memory->nlost_uids = p->nlost_uids;
	memcpy(memory->lost_uid, p->lost_uid, sizeof(memory->lost_uid));
}

void
live_known_take(struct live_memory *memory, const struct picture *p,
    uint64_t opened)
{
	const struct sign *sign;
	struct live_fresh *fresh;
	size_t i;

	settle_all(memory, p, opened);
	memory->nfresh = 0;
	for (i = 0; i < p->nsigns; i++) {
		sign = &p->sign[i];
		fresh = &memory->fresh[memory->nfresh];
		if (!finding_is_live(check_sign_code(sign->kind)) ||
		    check_sign_grade(sign) == NULL ||
		    !is_news(memory, sign, p, &fresh->told))
			continue;
		fresh->sign = *sign;
		fresh->since_boot_s = since_boot_s(p, sign);
		fresh->missed = was_missed(memory, sign);
		memory->nfresh++;
	}
	remember(memory, p);
}
