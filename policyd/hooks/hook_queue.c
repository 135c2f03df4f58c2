/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded queue with a bucket of runs that fills again with time. */
#include "policyd/hooks/hook_queue.h"

void
hook_queue_init(struct hook_queue *queue, int64_t now_ms)
{
	*queue =
	    (struct hook_queue){ .runs = HOOK_BURST, .counted_ms = now_ms };
	TAILQ_INIT(&queue->waiting);
}

static struct hook_event *
first(struct hook_queue *queue)
{
	struct hook_event *event = TAILQ_FIRST(&queue->waiting);

	TAILQ_REMOVE(&queue->waiting, event, entry);
	queue->n--;
	return event;
}

void
hook_queue_done(struct hook_queue *queue)
{
	while (queue->n > 0)
		hook_event_free(first(queue));
}

void
hook_queue_put(struct hook_queue *queue, struct hook_event *event)
{
	if (queue->n == HOOK_WAITING_MAX) {
		hook_event_free(first(queue));
		queue->lost++;
	}
	TAILQ_INSERT_TAIL(&queue->waiting, event, entry);
	queue->n++;
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
	if (queue->n == 0 || queue->runs == 0)
		return NULL;
	queue->runs--;
	*ret_lost = queue->lost;
	queue->lost = 0;
	return first(queue);
}

int64_t
hook_queue_wait_ms(struct hook_queue *queue, int64_t now_ms)
{
	fill(queue, now_ms);
	if (queue->n == 0)
		return -1;
	return queue->runs > 0 ? 0 : queue->counted_ms + HOOK_EVERY_MS - now_ms;
}
