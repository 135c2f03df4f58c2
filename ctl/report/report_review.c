/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What nobody has looked at yet, a sample of it, and how often who has looked
 * found the gate wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/report/report.h"
#include "ctl/report/said.h"
#include "ctl/report/slots.h"
#include "policyd/text.h"

#define CODES_MAX  512u
#define CODES_SIZE 512u

typedef unsigned long long ull;

/* Of one finding: what reviews say. */
struct rate {
	const char *code;
	uint64_t n[DISPOSITIONS]; /* of both */
	uint64_t denials, challenges;
	uint64_t open; /* denials without a review */
};

struct rates {
	const struct refusals *refusals;
	struct slots *slots;
	struct rate list[CODES_MAX];
	size_t n;
	bool cut;
	uint64_t reviewed, challenges, challenges_reviewed;
};

/* ---- counting ---------------------------------------------------------- */

static void
count_code(struct rates *rates, const char *code, const struct refusal *refusal)
{
	size_t i = slots_find(rates->slots, code);
	struct rate *rate;

	if (i == SLOTS_NONE) {
		i = rates->n;
		if (i == CODES_MAX || slots_put(rates->slots, i, code) != 0) {
			rates->cut = true;
			return;
		}
		rates->list[i].code = slots_key(rates->slots, i);
		rates->n++;
	}
	rate = &rates->list[i];
	rate->n[refusal->disposition]++;
	if (refusal->outcome == OUTCOME_CHALLENGED) {
		rate->challenges++;
		return;
	}
	rate->denials++;
	rate->open += refusal->disposition == DISPOSITION_NONE;
}

static void
count_codes(struct rates *rates, const struct refusal *refusal)
{
	char codes[CODES_SIZE], *at = codes, *code;

	(void)text_copy(codes, sizeof(codes), refusal->reason);
	while ((code = strsep(&at, ",")) != NULL)
		count_code(rates, code, refusal);
}

static void
count_refusal(const struct refusal *refusal, void *arg)
{
	struct rates *rates = arg;

	rates->reviewed += refusal->disposition != DISPOSITION_NONE;
	count_codes(rates, refusal);
}

/* One that was refused in the end is among the denials. */
static void
count_challenge(const struct refusal *challenge, void *arg)
{
	struct rates *rates = arg;

	if (refusals_has(rates->refusals, challenge->ref))
		return;
	rates->challenges++;
	rates->challenges_reviewed +=
	    challenge->disposition != DISPOSITION_NONE;
	count_codes(rates, challenge);
}

static uint64_t
reviews_of(const struct rate *rate)
{
	return rate->denials + rate->challenges - rate->n[DISPOSITION_NONE];
}

/* Those with the most reviews first, then with the most. */
static int
by_reviews(const void *a, const void *b)
{
	const struct rate *x = a, *y = b;

	if (reviews_of(x) != reviews_of(y))
		return reviews_of(x) > reviews_of(y) ? -1 : 1;
	if (x->denials != y->denials)
		return x->denials > y->denials ? -1 : 1;
	if (x->challenges != y->challenges)
		return x->challenges > y->challenges ? -1 : 1;
	return strcmp(x->code, y->code);
}

/* ---- showing ----------------------------------------------------------- */

static void
add_rate(struct grid *g, const struct rate *rate)
{
	uint64_t clear = rate->n[DISPOSITION_TRUE_POSITIVE] +
	    rate->n[DISPOSITION_FALSE_POSITIVE] + rate->n[DISPOSITION_EXPECTED];

	grid_add(g, "%s", rate->code);
	grid_add(g, "%llu", (ull)rate->denials);
	grid_add(g, "%llu", (ull)rate->open);
	grid_add(g, "%llu", (ull)rate->challenges);
	for (size_t i = DISPOSITION_TRUE_POSITIVE; i < DISPOSITIONS; i++)
		grid_add(g, "%llu", (ull)rate->n[i]);
	if (clear == 0)
		grid_add(g, "-");
	else
		grid_add(g, "%.1f %% (%llu of %llu)",
		    100.0 * (double)rate->n[DISPOSITION_FALSE_POSITIVE] /
			(double)clear,
		    (ull)rate->n[DISPOSITION_FALSE_POSITIVE], (ull)clear);
}

static void
show_rates(const struct report *r, struct page *page, struct rates *rates)
{
	static const struct grid_column columns[] = {
		{ "Finding", false },
		{ "Denials", true },
		{ "Unreviewed", true },
		{ "Challenges", true },
		{ "True positive", true },
		{ "False positive", true },
		{ "Expected", true },
		{ "Unclear", true },
		{ "False-positive rate", true },
		{ NULL, false },
	};
	size_t n = rates->n < r->o->top ? rates->n : r->o->top;
	struct grid g;

	qsort(rates->list, rates->n, sizeof(rates->list[0]), by_reviews);
	grid_init(&g, "What reviews say of each finding", columns, CODES_MAX);
	for (size_t i = 0; i < n; i++)
		add_rate(&g, &rates->list[i]);
	page_grid(page, &g);
	grid_done(&g);
	if (rates->cut || n < rates->n)
		page_say(page, PAGE_WARNING,
		    "Cut: there are more findings than are shown.");
	page_say(page, PAGE_PLAIN,
	    "Denials here are those that would be as well, and challenges "
	    "those that were not refused, each once by its reference; the last "
	    "review of each counts, whenever it was made. "
	    "The rate is that of false positives among true ones, false ones "
	    "and expected ones.");
}

static void
show_sample(const struct report *r, struct page *page)
{
	static const struct grid_column columns[] = {
		{ "Reference", false },
		{ "Record", true },
		{ "Time, UTC", false },
		{ "What", false },
		{ "Person", false },
		{ "From", false },
		{ "Service", false },
		{ "Reason", false },
		{ NULL, false },
	};
	size_t max = r->o->sample, n;
	struct refusal *list = calloc(max + 1, sizeof(*list));
	char time[SAID_TIME_SIZE];
	struct grid g;

	if (list == NULL)
		return;
	n = refusals_sample(r->c.refusals, max, list);
	grid_init(&g, "Random sample of what is not reviewed", columns, max);
	for (size_t i = 0; i < n; i++) {
		grid_add(&g, "%s", list[i].ref);
		grid_add(&g, "%llu", (ull)list[i].seq);
		grid_add(&g, "%s", said_time(list[i].at_s, time));
		grid_add(&g, "%s", outcome_name(list[i].outcome));
		grid_add(&g, "%s", list[i].person);
		grid_add(&g, "%s", list[i].from);
		grid_add(&g, "%s", list[i].service);
		grid_add(&g, "%s", list[i].reason);
	}
	page_grid(page, &g);
	grid_done(&g);
	free(list);
	page_say(page, PAGE_PLAIN,
	    "Drawn with --sample %llu --seed %llu: the same log, period and "
	    "seed give the same sample. farmgatectl explain REFERENCE tells "
	    "all "
	    "of one.",
	    (ull)max, (ull)r->o->seed);
}

static void
say_unreviewed(const struct report *r, struct page *page,
    const struct rates *rates)
{
	uint64_t part = refusals_part(r->c.refusals);
	uint64_t denied = refusals_open(r->c.refusals, OUTCOME_DENIED);
	uint64_t would = refusals_open(r->c.refusals, OUTCOME_WOULD);

	if (part > 1)
		page_say(page, PAGE_WARNING,
		    "Cut: there are too many to remember each, and about one "
		    "in %llu is, drawn at random: numbers in this section are "
		    "of these, and in all it is about %llu times as much.",
		    (ull)part, (ull)part);
	page_say(page, denied > 0 ? PAGE_WARNING : PAGE_PLAIN,
	    "Not reviewed: denials %llu, would-be denials %llu. Reviewed: "
	    "%llu.",
	    (ull)denied, (ull)would, (ull)rates->reviewed);
	if (refusals_part(r->c.challenges) > 1)
		page_say(page, PAGE_WARNING,
		    "Cut: there are too many challenges to remember each, and "
		    "about one in %llu is, drawn at random.",
		    (ull)refusals_part(r->c.challenges));
	page_say(page, PAGE_PLAIN, "Challenges reviewed: %llu of %llu.",
	    (ull)rates->challenges_reviewed, (ull)rates->challenges);
	if (r->c.other_reviews > 0)
		page_say(page, PAGE_PLAIN,
		    "Reviews in the period that are of other records: %llu.",
		    (ull)r->c.other_reviews);
	if (r->c.odd_reviews > 0)
		page_say(page, PAGE_WARNING,
		    "Reviews with a disposition that is not known here: %llu.",
		    (ull)r->c.odd_reviews);
}

void
report_review(const struct report *r, struct page *page)
{
	struct rates *rates = calloc(1, sizeof(*rates));

	if (rates == NULL || (rates->slots = slots_new(CODES_MAX)) == NULL) {
		page_say(page, PAGE_BAD, "Out of memory: nothing is told.");
		free(rates);
		return;
	}
	rates->refusals = r->c.refusals;
	refusals_each(r->c.refusals, count_refusal, rates);
	refusals_each(r->c.challenges, count_challenge, rates);
	say_unreviewed(r, page, rates);
	show_sample(r, page);
	show_rates(r, page, rates);
	slots_free(rates->slots);
	free(rates);
}
