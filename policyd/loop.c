/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libevent behind the few calls that the daemon needs. Nothing here knows what
 * a descriptor or a timer is for.
 */
#include "policyd/loop.h"

#include <stdlib.h>
#include <time.h>

#include <event2/event.h>

#include "proto/result.h"

#define LOOP_SIGNALS_MAX 8u
#define LOOP_PRIORITIES	 3 /* libevent takes the middle one */
#define LOOP_IDLE	 2

struct loop_signal_slot {
	struct event *event;
	loop_signal_fn fn;
	void *arg;
	int signo;
};

struct loop {
	struct event_base *base;
	struct loop_signal_slot signals[LOOP_SIGNALS_MAX];
	size_t nsignals;
};

struct loop_watch {
	struct event *event;
	loop_fn fn;
	void *arg;
};

struct loop_timer {
	struct event *event;
	loop_fn fn;
	void *arg;
};

int
loop_new(struct loop **ret_loop)
{
	struct event_config *config = NULL;
	struct loop *loop = NULL;
	int r = FG_ERR_NOMEM;

	*ret_loop = NULL;
	if ((loop = calloc(1, sizeof(*loop))) == NULL ||
	    (config = event_config_new()) == NULL)
		goto out;
	/* One thread: no locks. The environment has no say in the method. */
	if (event_config_set_flag(config,
		EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV) != 0 ||
	    (loop->base = event_base_new_with_config(config)) == NULL ||
	    event_base_priority_init(loop->base, LOOP_PRIORITIES) != 0)
		goto out;
	*ret_loop = loop;
	loop = NULL;
	r = 0;
out:
	if (config != NULL)
		event_config_free(config);
	loop_free(loop);
	return r;
}

void
loop_free(struct loop *loop)
{
	size_t i;

	if (loop == NULL)
		return;
	for (i = 0; i < loop->nsignals; i++)
		event_free(loop->signals[i].event);
	if (loop->base != NULL)
		event_base_free(loop->base);
	free(loop);
}

static void
loop_on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct loop_signal_slot *slot = arg;

	(void)fd;
	(void)what;
	slot->fn(slot->signo, slot->arg);
}

int
loop_signal(struct loop *loop, int signo, loop_signal_fn fn, void *arg)
{
	struct loop_signal_slot *slot;

	if (loop->nsignals == LOOP_SIGNALS_MAX)
		return FG_ERR_LIMIT;
	slot = &loop->signals[loop->nsignals];
	slot->fn = fn;
	slot->arg = arg;
	slot->signo = signo;
	slot->event = evsignal_new(loop->base, signo, loop_on_signal, slot);
	if (slot->event == NULL)
		return FG_ERR_NOMEM;
	if (event_add(slot->event, NULL) != 0) {
		event_free(slot->event);
		return FG_ERR_SYSTEM;
	}
	loop->nsignals++;
	return 0;
}

static void
loop_on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *watch = arg;

	(void)fd;
	(void)what;
	watch->fn(watch->arg);
}

static struct loop_watch *
loop_watch_new(struct loop *loop, int fd, short what)
{
	struct loop_watch *watch;

	if ((watch = calloc(1, sizeof(*watch))) == NULL)
		return NULL;
	watch->event =
	    event_new(loop->base, fd, what | EV_PERSIST, loop_on_ready, watch);
	if (watch->event == NULL) {
		free(watch);
		return NULL;
	}
	return watch;
}

int
loop_watch(struct loop *loop, int fd, loop_fn fn, void *arg,
    struct loop_watch **ret_watch)
{
	struct loop_watch *watch;

	*ret_watch = NULL;
	if ((watch = loop_watch_new(loop, fd, EV_READ)) == NULL)
		return FG_ERR_NOMEM;
	watch->fn = fn;
	watch->arg = arg;
	if (event_add(watch->event, NULL) != 0) {
		loop_unwatch(watch);
		return FG_ERR_SYSTEM;
	}
	*ret_watch = watch;
	return 0;
}

int
loop_watch_writable(struct loop *loop, int fd, loop_fn fn, void *arg,
    struct loop_watch **ret_watch)
{
	struct loop_watch *watch;

	*ret_watch = NULL;
	if ((watch = loop_watch_new(loop, fd, EV_WRITE)) == NULL)
		return FG_ERR_NOMEM;
	watch->fn = fn;
	watch->arg = arg;
	*ret_watch = watch;
	return 0;
}

void
loop_pause(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	(void)event_del(watch->event); /* off already is fine */
}

void
loop_resume(struct loop_watch *watch)
{
	(void)event_add(watch->event, NULL); /* was possible before */
}

void
loop_unwatch(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	event_free(watch->event);
	free(watch);
}

static void
loop_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *timer = arg;

	(void)fd;
	(void)what;
	timer->fn(timer->arg);
}

int
loop_timer(struct loop *loop, loop_fn fn, void *arg,
    struct loop_timer **ret_timer)
{
	struct loop_timer *timer;

	*ret_timer = NULL;
	if ((timer = calloc(1, sizeof(*timer))) == NULL)
		return FG_ERR_NOMEM;
	timer->fn = fn;
	timer->arg = arg;
	if ((timer->event = evtimer_new(loop->base, loop_on_timer, timer)) ==
	    NULL) {
		free(timer);
		return FG_ERR_NOMEM;
	}
	*ret_timer = timer;
	return 0;
}

int
loop_timer_idle(struct loop *loop, loop_fn fn, void *arg,
    struct loop_timer **ret_timer)
{
	int r;

	if ((r = loop_timer(loop, fn, arg, ret_timer)) == 0)
		(void)event_priority_set((*ret_timer)->event, LOOP_IDLE);
	return r;
}

void
loop_timer_set(struct loop_timer *timer, unsigned int ms)
{
	struct timeval tv = { .tv_sec = (time_t)(ms / 1000u),
		.tv_usec = (suseconds_t)(ms % 1000u) * 1000 };

	(void)evtimer_add(timer->event, &tv); /* fails only without memory */
}

void
loop_timer_clear(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	(void)evtimer_del(timer->event);
}

void
loop_timer_free(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	event_free(timer->event);
	free(timer);
}

int
loop_run(struct loop *loop)
{
	return event_base_dispatch(loop->base) < 0 ? FG_ERR_SYSTEM : 0;
}

void
loop_stop(struct loop *loop)
{
	(void)event_base_loopbreak(loop->base);
}

int64_t
loop_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}
