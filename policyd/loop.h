/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event loop; loop.c is the only file that knows libevent. Everything in
 * the decider happens in its callbacks, one at a time.
 */
#ifndef FG_LOOP_H
#define FG_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;	/* a descriptor that becomes readable or writable */
struct loop_timer;	/* fires once each time that it is set */

typedef void (*loop_fn)(void *arg);
typedef void (*loop_signal_fn)(int signo, void *arg);

/* Each returns 0 or FG_ERR_NOMEM / FG_ERR_SYSTEM. */
int	loop_new(struct loop **ret_loop);
int	loop_signal(struct loop *loop, int signo, loop_signal_fn fn,
	    void *arg);
int	loop_watch(struct loop *loop, int fd, loop_fn fn, void *arg,
	    struct loop_watch **ret_watch);
/* A descriptor that takes more bytes; off until loop_resume(). */
int	loop_watch_writable(struct loop *loop, int fd, loop_fn fn, void *arg,
	    struct loop_watch **ret_watch);
int	loop_timer(struct loop *loop, loop_fn fn, void *arg,
	    struct loop_timer **ret_timer);
/* One that is over only when nothing else is ready, which may be never. */
int	loop_timer_idle(struct loop *loop, loop_fn fn, void *arg,
	    struct loop_timer **ret_timer);

/* Stop and start a watch; it is on after loop_watch(). */
void	loop_pause(struct loop_watch *watch);
void	loop_resume(struct loop_watch *watch);

/* (Re)arm for ms from now on the monotonic clock, or disarm. */
void	loop_timer_set(struct loop_timer *timer, unsigned int ms);
void	loop_timer_clear(struct loop_timer *timer);

/* NULL is fine here, to pause and to clear. Descriptors stay the caller's. */
void	loop_unwatch(struct loop_watch *watch);
void	loop_timer_free(struct loop_timer *timer);
void	loop_free(struct loop *loop);	/* with its signals, nothing else */

/* Run until loop_stop(). Returns 0 or FG_ERR_SYSTEM. */
int	loop_run(struct loop *loop);
void	loop_stop(struct loop *loop);

/* CLOCK_MONOTONIC in nanoseconds. */
int64_t	loop_now_ns(void);

#endif
