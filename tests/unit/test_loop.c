/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which comes first in the loop: what is ready, or what can wait for it.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/loop.h"

struct order {
	struct loop *loop;
	struct loop_timer *timer;
	struct loop_watch *watch;
	int fd[2];
	char seen[16];
};

static void
saw(struct order *order, const char *what)
{
	assert_true(strlen(order->seen) + 1 < sizeof(order->seen));
	(void)strcat(order->seen, what);
}

static void
on_timer(void *arg)
{
	struct order *order = arg;

	saw(order, "t");
	if (strlen(order->seen) > 3)
		loop_stop(order->loop);
}

/* One a turn; with the last one the timer has its chance. */
static void
on_byte(void *arg)
{
	struct order *order = arg;
	char byte;

	assert_int_equal(read(order->fd[0], &byte, 1), 1);
	saw(order, "r");
	if (strlen(order->seen) > 3)
		loop_stop(order->loop);
}

static void
order_begin(struct order *order)
{
	memset(order, 0, sizeof(*order));
	assert_int_equal(pipe2(order->fd, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(loop_new(&order->loop), 0);
	assert_int_equal(loop_watch(order->loop, order->fd[0], on_byte, order,
			     &order->watch),
	    0);
	assert_int_equal(write(order->fd[1], "abc", 3), 3);
}

static void
order_end(struct order *order)
{
	loop_unwatch(order->watch);
	loop_timer_free(order->timer);
	loop_free(order->loop);
	(void)close(order->fd[0]);
	(void)close(order->fd[1]);
}

static void
test_a_timer_does_not_wait_for_what_is_ready(void **state)
{
	struct order order;

	(void)state;
	order_begin(&order);
	assert_int_equal(loop_timer(order.loop, on_timer, &order, &order.timer),
	    0);
	loop_timer_set(order.timer, 0);
	assert_int_equal(loop_run(order.loop), 0);
	assert_string_equal(order.seen, "rtrr");
	order_end(&order);
}

static void
test_an_idle_timer_waits_for_what_is_ready(void **state)
{
	struct order order;

	(void)state;
	order_begin(&order);
	assert_int_equal(loop_timer_idle(order.loop, on_timer, &order,
			     &order.timer),
	    0);
	loop_timer_set(order.timer, 0);
	assert_int_equal(loop_run(order.loop), 0);
	assert_string_equal(order.seen, "rrrt");
	order_end(&order);
}

static void
test_a_cleared_idle_timer_is_not_over(void **state)
{
	struct order order;

	(void)state;
	order_begin(&order);
	assert_int_equal(loop_timer_idle(order.loop, on_timer, &order,
			     &order.timer),
	    0);
	loop_timer_set(order.timer, 0);
	loop_timer_clear(order.timer);
	assert_int_equal(write(order.fd[1], "d", 1), 1);
	assert_int_equal(loop_run(order.loop), 0);
	assert_string_equal(order.seen, "rrrr");
	order_end(&order);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_timer_does_not_wait_for_what_is_ready),
		cmocka_unit_test(test_an_idle_timer_waits_for_what_is_ready),
		cmocka_unit_test(test_a_cleared_idle_timer_is_not_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
