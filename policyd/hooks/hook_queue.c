/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded queue with a bucket of runs that fills again with time. */
#include "policyd/hooks/hook_queue.h"

#include <string.h>

#include "policyd/json/json.h"

#define MINUTE_MS 60000

/*
 * A full bucket and what comes to it until a minute is over: burst, and the
 * others at equal distances, the last of them before its end.
 */
void
hook_queue_init(struct hook_queue *queue, unsigned int a_minute, int64_t now_ms)
{
	unsigned int burst = (a_minute + 1) / 2, others = a_minute - burst + 1;

	*queue = (struct hook_queue){ .burst = burst,
		.every_ms = (MINUTE_MS + others - 1) / others,
		.runs = burst,
		.counted_ms = now_ms };
	TAILQ_INIT(&queue->waiting);
}

static struct hook_event *
take_out(struct hook_queue *queue, struct hook_event *event)
{
	TAILQ_REMOVE(&queue->waiting, event, entry);
	queue->n--;
	return event;
}

static void
lose(struct hook_queue *queue, struct hook_event *event)
{
	hook_event_free(take_out(queue, event));
	queue->lost++;
}

void
hook_queue_done(struct hook_queue *queue)
{
	while (queue->n > 0)
		lose(queue, TAILQ_FIRST(&queue->waiting));
}

uint64_t
hook_queue_events(const struct hook_queue *queue)
{
	const struct hook_event *e;
	uint64_t n = 0;

	TAILQ_FOREACH(e, &queue->waiting, entry)
		n += e->count;
	return n;
}

static struct hook_event *
of_same_person(const struct hook_queue *queue, const struct hook_event *event)
{
	struct hook_event *e;

	TAILQ_FOREACH(e, &queue->waiting, entry) {
		if (event->person[0] != '\0' &&
		    strcmp(e->person, event->person) == 0)
			break;
	}
	return e;
}

static bool
is_same_session(const struct hook_event *a, const struct hook_event *b)
{
	return a->nrefs > 0 && b->nrefs > 0 &&
	    strcmp(a->refs[0], b->refs[0]) == 0;
}

static struct hook_event *
of_same_session(const struct hook_queue *queue, const struct hook_event *event)
{
	struct hook_event *e;

	TAILQ_FOREACH(e, &queue->waiting, entry) {
		if (is_same_session(e, event))
			break;
	}
	return e;
}

/* The oldest of those whose person has another one. */
static struct hook_event *
one_of_several(const struct hook_queue *queue)
{
	struct hook_event *e, *first;

	TAILQ_FOREACH(e, &queue->waiting, entry) {
		first = of_same_person(queue, e);
		if (first != NULL && first != e)
			return first;
	}
	return TAILQ_FIRST(&queue->waiting);
}

/*
 * A person waits for one approval. What is found on one of their sessions says
 * nothing of another, and pushes nobody else's out.
 */
static struct hook_event *
in_the_way(const struct hook_queue *queue, const struct hook_event *event)
{
	struct hook_event *e;

	e = event->cls == HOOK_LIVE ? of_same_session(queue, event) :
				      of_same_person(queue, event);
	if (e != NULL || queue->n < HOOK_WAITING_MAX)
		return e;
	e = of_same_person(queue, event);
	return e != NULL ? e : one_of_several(queue);
}

static bool
is_anchor(const struct hook_event *e)
{
	return e->cls == HOOK_ANCHOR &&
	    json_get_string(e->json, "problem", NULL) == NULL;
}

/* An anchor says what the one before it has said, but not that there was none
 * for long. */
static void
drop_covered(struct hook_queue *queue, const struct hook_event *event)
{
	struct hook_event *e;

	if (!is_anchor(event))
		return;
	TAILQ_FOREACH(e, &queue->waiting, entry) {
		if (is_anchor(e)) {
			hook_event_free(take_out(queue, e));
			return;
		}
	}
}

static struct hook_event *
of_same_source(const struct hook_queue *queue, const struct hook_event *event)
{
	struct hook_event *e;

	TAILQ_FOREACH(e, &queue->waiting, entry) {
		if (e->sources == 1 && strcmp(e->source, event->source) == 0)
			break;
	}
	return e;
}

/* The second oldest stands for the oldest, too, in its place. */
static void
fold(struct hook_queue *queue)
{
	struct hook_event *oldest = TAILQ_FIRST(&queue->waiting);
	struct hook_event *next = TAILQ_NEXT(oldest, entry);

	hook_event_gather(next, take_out(queue, oldest));
}

/* In the place of the older one: it has waited for both. */
static void
put_gathered(struct hook_queue *queue, struct hook_event *event)
{
	struct hook_event *older = of_same_source(queue, event);

	if (older != NULL) {
		TAILQ_INSERT_BEFORE(older, event, entry);
		hook_event_gather(event, take_out(queue, older));
	} else {
		if (queue->n == HOOK_WAITING_MAX)
			fold(queue);
		TAILQ_INSERT_TAIL(&queue->waiting, event, entry);
	}
	queue->n++;
}

void
hook_queue_put(struct hook_queue *queue, struct hook_event *event)
{
	struct hook_event *older;

	if (hook_class_gathers(event->cls)) {
		put_gathered(queue, event);
		return;
	}
	drop_covered(queue, event);
	if ((older = in_the_way(queue, event)) != NULL)
		lose(queue, older);
	TAILQ_INSERT_TAIL(&queue->waiting, event, entry);
	queue->n++;
}

/* A flood is one event, and not a long row of old ones. */
static void
fold_flood(struct hook_queue *queue)
{
	const struct hook_event *first = TAILQ_FIRST(&queue->waiting);

	if (first == NULL || !hook_class_gathers(first->cls) ||
	    hook_class_rank(first->cls) != HOOK_LOW || queue->n <= queue->runs)
		return;
	while (queue->n > 1)
		fold(queue);
}

/* Nobody is called for what is over. */
static void
drop_late(struct hook_queue *queue, int64_t now_ms)
{
	struct hook_event *e, *next;

	for (e = TAILQ_FIRST(&queue->waiting); e != NULL; e = next) {
		next = TAILQ_NEXT(e, entry);
		if (hook_event_left_s(e, now_ms) == 0)
			lose(queue, e);
	}
}

static void
fill(struct hook_queue *queue, int64_t now_ms)
{
	int64_t more = (now_ms - queue->counted_ms) / queue->every_ms;

	if (more >= queue->burst - queue->runs) {
		queue->runs = queue->burst;
		queue->counted_ms = now_ms;
	} else {
		queue->runs += (unsigned int)more;
		queue->counted_ms += more * queue->every_ms;
	}
}

struct hook_event *
hook_queue_take(struct hook_queue *queue, int64_t now_ms,
    unsigned int *ret_lost)
{
	*ret_lost = 0;
	fill(queue, now_ms);
	drop_late(queue, now_ms);
	if (queue->n == 0 || queue->runs == 0)
		return NULL;
	fold_flood(queue);
	queue->runs--;
	*ret_lost = queue->lost;
	queue->lost = 0;
	return take_out(queue, TAILQ_FIRST(&queue->waiting));
}

int64_t
hook_queue_wait_ms(struct hook_queue *queue, int64_t now_ms)
{
	fill(queue, now_ms);
	if (queue->n == 0)
		return -1;
	return queue->runs > 0 ? 0 :
				 queue->counted_ms + queue->every_ms - now_ms;
}
