/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of references with the numbers that are drawn for them.
 */
#include "ctl/report/refusals.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/report/slots.h"
#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TEXT_MAX 255u
#define TEXTS	 4u

struct entry {
	struct refusal r; /* its texts are in .texts */
	char *texts;
	uint64_t drawn;
};

struct refusals {
	struct slots *slots;
	struct entry *list;
	size_t n, max;
	uint64_t seed;
	unsigned int halved; /* how often */
};

struct refusals *
refusals_new(uint64_t seed, size_t max)
{
	struct refusals *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->seed = seed;
	s->max = max;
	s->slots = slots_new(max);
	s->list = calloc(max, sizeof(*s->list));
	if (s->slots == NULL || s->list == NULL) {
		refusals_free(s);
		return NULL;
	}
	return s;
}

void
refusals_free(struct refusals *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i].texts);
	free(s->list);
	slots_free(s->slots);
	free(s);
}

/* The same on every machine. */
static uint64_t
draw(uint64_t seed, const char *ref)
{
	uint8_t digest[CRYPTO_DIGEST_SIZE];
	char text[64];
	uint64_t v = 0;

	(void)text_format(text, sizeof(text), "%llu %s",
	    (unsigned long long)seed, ref);
	crypto_digest("farmgate report sample", text, strlen(text), digest);
	for (size_t i = 0; i < sizeof(v); i++)
		v = v << 8 | digest[i];
	return v;
}

static bool
is_kept(const struct refusals *s, uint64_t drawn)
{
	return s->halved == 0 || drawn >> (64 - s->halved) == 0;
}

static void
leave_out(struct refusals *s, size_t i)
{
	size_t last = --s->n;

	slots_drop(s->slots, i);
	free(s->list[i].texts);
	if (i == last)
		return;
	s->list[i] = s->list[last];
	slots_move(s->slots, last, i);
}

static void
halve(struct refusals *s)
{
	size_t i = 0;

	s->halved++;
	while (i < s->n)
		if (is_kept(s, s->list[i].drawn))
			i++;
		else
			leave_out(s, i);
}

/* All texts in one piece of memory. */
static int
copy_texts(struct entry *e, const struct refusal *given)
{
	const char *texts[TEXTS] = { given->reason, given->person, given->from,
		given->service };
	const char **to[TEXTS] = { &e->r.reason, &e->r.person, &e->r.from,
		&e->r.service };
	size_t len[TEXTS], all = 0;
	char *at;

	for (size_t i = 0; i < TEXTS; i++)
		all += (len[i] = strnlen(texts[i], TEXT_MAX)) + 1;
	if ((at = e->texts = calloc(1, all)) == NULL)
		return FG_ERR_NOMEM;
	for (size_t i = 0; i < TEXTS; i++) {
		memcpy(at, texts[i], len[i]);
		*to[i] = at;
		at += len[i] + 1;
	}
	return 0;
}

static int
add_new(struct refusals *s, const struct refusal *given, uint64_t drawn)
{
	struct entry *e = &s->list[s->n];

	memset(e, 0, sizeof(*e));
	e->r = *given;
	e->r.disposition = DISPOSITION_NONE;
	e->drawn = drawn;
	if (copy_texts(e, given) != 0)
		return FG_ERR_NOMEM;
	if (slots_put(s->slots, s->n, given->ref) != 0) {
		free(e->texts);
		return FG_ERR_NOMEM;
	}
	e->r.ref = slots_key(s->slots, s->n++);
	return 0;
}

int
refusals_add(struct refusals *s, const struct refusal *given)
{
	uint64_t drawn = draw(s->seed, given->ref);
	size_t i;

	if (!is_kept(s, drawn))
		return 0;
	if ((i = slots_find(s->slots, given->ref)) != SLOTS_NONE) {
		if (given->outcome == OUTCOME_DENIED)
			s->list[i].r.outcome = OUTCOME_DENIED;
		return 0;
	}
	while (s->n == s->max && s->halved < 63)
		halve(s);
	return is_kept(s, drawn) ? add_new(s, given, drawn) : 0;
}

bool
refusals_review(struct refusals *s, const char *ref,
    enum disposition disposition)
{
	size_t i = slots_find(s->slots, ref);

	if (i == SLOTS_NONE)
		return false;
	s->list[i].r.disposition = disposition;
	return true;
}

bool
refusals_has(const struct refusals *s, const char *ref)
{
	return slots_find(s->slots, ref) != SLOTS_NONE;
}

uint64_t
refusals_open(const struct refusals *s, enum outcome outcome)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->list[i].r.outcome == outcome &&
		    s->list[i].r.disposition == DISPOSITION_NONE;
	return n;
}

void
refusals_each(const struct refusals *s,
    void (*fn)(const struct refusal *refusal, void *arg), void *arg)
{
	for (size_t i = 0; i < s->n; i++)
		fn(&s->list[i].r, arg);
}

uint64_t
refusals_part(const struct refusals *s)
{
	return (uint64_t)1 << s->halved;
}

/* ---- the sample -------------------------------------------------------- */

static int
by_drawn(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return (*x)->drawn == (*y)->drawn ? 0 :
	    (*x)->drawn < (*y)->drawn	  ? -1 :
					    1;
}

static int
by_seq(const void *a, const void *b)
{
	const struct refusal *x = a, *y = b;

	return x->seq == y->seq ? 0 : x->seq < y->seq ? -1 : 1;
}

size_t
refusals_sample(const struct refusals *s, size_t max, struct refusal *list)
{
	const struct entry **all = calloc(s->n + 1, sizeof(*all));
	size_t n = 0;

	if (all == NULL)
		return 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].r.disposition == DISPOSITION_NONE)
			all[n++] = &s->list[i];
	qsort(all, n, sizeof(*all), by_drawn);
	n = n < max ? n : max;
	for (size_t i = 0; i < n; i++)
		list[i] = all[i]->r;
	free(all);
	qsort(list, n, sizeof(*list), by_seq);
	return n;
}
