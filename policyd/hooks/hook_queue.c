/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded queue with a bucket of runs that fills again with time. */
#include "policyd/hooks/hook_queue.h"

#include <string.h>

void
hook_queue_init(struct hook_queue *queue, int64_t now_ms)
{
	*queue =
	    (struct hook_queue){ .runs = HOOK_BURST, .counted_ms = now_ms };
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

/* An anchor says what the one before it has said. */
static void
drop_covered(struct hook_queue *queue, const struct hook_event *event)
{
	if (event->cls == HOOK_ANCHOR && queue->n > 0)
		hook_event_free(take_out(queue, TAILQ_FIRST(&queue->waiting)));
}

void
hook_queue_put(struct hook_queue *queue, struct hook_event *event)
{
	struct hook_event *older;

	drop_covered(queue, event);
	if ((older = of_same_person(queue, event)) != NULL)
		lose(queue, older);
	else if (queue->n == HOOK_WAITING_MAX)
		lose(queue, TAILQ_FIRST(&queue->waiting));
	TAILQ_INSERT_TAIL(&queue->waiting, event, entry);
	queue->n++;
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
	int64_t more = (now_ms - queue->counted_ms) / HOOK_EVERY_MS;

	if (more >= HOOK_BURST - queue->runs) {
		queue->runs = HOOK_BURST;
		queue->counted_ms = now_ms;
	} else {
		queue->runs += (unsigned int)more;
		queue->counted_ms += more * HOOK_EVERY_MS;
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
	return queue->runs > 0 ? 0 : queue->counted_ms + HOOK_EVERY_MS - now_ms;
}
