/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floods of events: how often a program is run for them, what of them is left,
 * and what a stranger's choice of names changes of that: nothing. The clock is
 * the tests' own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/hooks/hook_event.h"
#include "policyd/hooks/hook_queue.h"
#include "policyd/json/json.h"
#include "proto/result.h"

#define MINUTE_MS 60000

/* What has come out of a queue. */
struct told {
	unsigned int runs;
	unsigned int widest; /* runs within any 60 seconds */
	int64_t at_ms[1024];
	uint64_t events; /* that they stand for */
	unsigned int lost;
};

static struct hook_event *
event_of(const char *cls, const char *user, const char *address, int64_t at_s)
{
	struct hook_event *event;
	char text[256];

	(void)snprintf(text, sizeof(text),
	    "{\"event\":\"%s\",\"ref\":\"7F3K-Q2MN\",\"user\":\"%s\","
	    "\"address\":\"%s\",\"at\":%lld}",
	    cls, user, address, (long long)at_s);
	assert_int_equal(hook_event_parse(text, strlen(text), &event), 0);
	return event;
}

static void
note_run(struct told *told, int64_t now_ms, uint64_t events)
{
	unsigned int i, n = 1;

	assert_true(told->runs < 1024);
	for (i = 0; i < told->runs; i++)
		n += told->at_ms[i] > now_ms - MINUTE_MS;
	told->at_ms[told->runs++] = now_ms;
	told->events += events;
	if (n > told->widest)
		told->widest = n;
}

/* Whatever may be told now, as by a program that takes no time. */
static void
take_all(struct hook_queue *queue, int64_t now_ms, struct told *told)
{
	struct hook_event *event;
	unsigned int lost;

	while ((event = hook_queue_take(queue, now_ms, &lost)) != NULL) {
		note_run(told, now_ms, event->count);
		told->lost += lost;
		hook_event_free(event);
	}
}

static void
take_rest(struct hook_queue *queue, int64_t now_ms, struct told *told)
{
	int64_t wait_ms;

	while ((wait_ms = hook_queue_wait_ms(queue, now_ms)) >= 0) {
		now_ms += wait_ms;
		take_all(queue, now_ms, told);
	}
}

/* 10,000 of a class in 60 s, from so many addresses, each by another name. */
static void
flood(const char *cls, unsigned int sources, unsigned int a_minute,
    struct told *told)
{
	struct hook_queue queue;
	char user[32], address[32];
	unsigned int i, source;
	int64_t now_ms = 0;

	memset(told, 0, sizeof(*told));
	hook_queue_init(&queue, a_minute, 0);
	for (i = 0; i < 10000; i++) {
		now_ms = (int64_t)i * 6;
		source = i % sources;
		(void)snprintf(user, sizeof(user), "name%u", i);
		(void)snprintf(address, sizeof(address), "10.%u.%u.%u",
		    source / 256, source % 256, 1 + i % 250);
		hook_queue_put(&queue,
		    event_of(cls, user, address, 1000 + now_ms / 1000));
		assert_true(queue.n <= HOOK_WAITING_MAX);
		take_all(&queue, now_ms, told);
	}
	take_rest(&queue, now_ms, told);
	hook_queue_done(&queue);
}

/* ALT-01 */
static void
a_flood_makes_as_many_as_may_be(void **state)
{
	static const unsigned int a_minute[] = { 1, 2, 3, 7, 10, 60 };
	static const unsigned int sources[] = { 1, 5000 };
	static const char *const classes[] = { "denied", "new_device",
		"revoked_login" };
	struct told told;
	size_t i, j, k;

	(void)state;
	for (i = 0; i < sizeof(a_minute) / sizeof(a_minute[0]); i++)
		for (j = 0; j < 2; j++)
			for (k = 0; k < 3; k++) {
				flood(classes[k], sources[j], a_minute[i],
				    &told);
				assert_true(told.widest <= a_minute[i]);
				assert_true(told.widest >=
				    (a_minute[i] + 1) / 2);
				assert_int_equal(told.events, 10000);
				assert_int_equal(told.lost, 0);
			}
}

/* ALT-01: a flood that is over is not told of for long. */
static void
a_flood_of_the_lowest_is_one_event(void **state)
{
	struct hook_queue queue;
	struct hook_event *event;
	struct told told = { .runs = 0 };
	char address[32], *text;
	unsigned int i, lost;

	(void)state;
	hook_queue_init(&queue, 10, 0);
	for (i = 0; i < 5; i++) {
		hook_queue_put(&queue,
		    event_of("denied", "x", "192.0.2.1", 100));
		take_all(&queue, 0, &told);
	}
	assert_int_equal(told.runs, 5);
	for (i = 0; i < 5000; i++) {
		(void)snprintf(address, sizeof(address), "10.%u.%u.1", i / 256,
		    i % 256);
		hook_queue_put(&queue,
		    event_of("denied", "x", address, 200 + i));
	}
	assert_null(hook_queue_take(&queue, 0, &lost));
	event = hook_queue_take(&queue, queue.every_ms, &lost);
	assert_non_null(event);
	assert_int_equal(event->count, 5000);
	assert_int_equal(event->sources, 5000);
	assert_int_equal(event->first_s, 200);
	assert_int_equal(event->last_s, 5199);
	assert_string_equal(event->source, "");
	assert_int_equal(event->nrefs, HOOK_REFS_MAX);
	text = hook_event_text(event);
	assert_non_null(strstr(text,
	    "\"count\":5000,\"first\":200,\"last\":5199,\"sources\":5000,"
	    "\"refs\":["));
	assert_null(strstr(text, "\"source\":"));
	free(text);
	hook_event_free(event);
	assert_int_equal(hook_queue_wait_ms(&queue, queue.every_ms), -1);
	hook_queue_done(&queue);
}

/* ALT-01: each class has its own runs, whatever happens in another one. */
static void
noise_starves_nobody(void **state)
{
	struct hook_queue noise, critical;
	struct told told = { .runs = 0 };
	struct hook_event *event;
	unsigned int i, lost;

	(void)state;
	hook_queue_init(&noise, 1, 0);
	hook_queue_init(&critical, 1, 0);
	for (i = 0; i < 10000; i++) {
		hook_queue_put(&noise,
		    event_of("denied", "x", "192.0.2.1", 100));
		take_all(&noise, 0, &told);
	}
	assert_int_equal(told.runs, 1);
	hook_queue_put(&critical, event_of("breakglass", "x", "", 100));
	event = hook_queue_take(&critical, 0, &lost);
	assert_non_null(event);
	assert_int_equal(event->cls, HOOK_BREAKGLASS);
	assert_true(hook_class_rank(event->cls) == HOOK_CRITICAL);
	hook_event_free(event);
	hook_queue_done(&noise);
	hook_queue_done(&critical);
}

static struct hook_event *
take(struct hook_queue *queue)
{
	struct hook_event *event;
	unsigned int lost;

	event = hook_queue_take(queue, 0, &lost);
	assert_non_null(event);
	return event;
}

/* ALT-05: one source is one place, whatever name it tries. */
static void
names_do_not_make_sources(void **state)
{
	static const struct {
		const char *one, *other;
		const char *source; /* "": they are two */
	} pairs[] = {
		{ "192.0.2.1", "192.0.2.254", "192.0.2.0/24" },
		{ "192.0.2.1", "::ffff:192.0.2.9", "192.0.2.0/24" },
		{ "192.0.2.1", "192.0.3.1", "" },
		{ "2001:db8:1::1", "2001:db8:1:ffff::9", "2001:db8:1::/48" },
		{ "2001:db8:1::1", "2001:db8:2::1", "" },
		{ "fe80::1%eth0", "fe80::2%eth1", "fe80::/48" },
	};
	struct hook_queue queue;
	struct hook_event *event;
	char user[32];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		hook_queue_init(&queue, 10, 0);
		for (j = 0; j < 1000; j++) {
			(void)snprintf(user, sizeof(user), "name%zu", j);
			hook_queue_put(&queue,
			    event_of("revoked_login", user,
				j % 2 == 0 ? pairs[i].one : pairs[i].other, 1));
		}
		assert_int_equal(queue.n, pairs[i].source[0] == '\0' ? 2 : 1);
		if (queue.n == 1) {
			event = take(&queue);
			assert_string_equal(event->source, pairs[i].source);
			assert_int_equal(event->sources, 1);
			assert_int_equal(event->count, 1000);
			assert_string_equal(json_get_string(event->json, "user",
						""),
			    "name999");
			hook_event_free(event);
		}
		hook_queue_done(&queue);
	}
}

/* ALT-05: who comes again and again keeps its place, and takes no other's. */
static void
the_order_is_that_of_the_first(void **state)
{
	struct hook_queue queue;
	struct hook_event *event;
	unsigned int i;

	(void)state;
	hook_queue_init(&queue, 10, 0);
	hook_queue_put(&queue, event_of("new_device", "a", "192.0.2.1", 1));
	hook_queue_put(&queue, event_of("new_device", "b", "198.51.100.1", 2));
	for (i = 0; i < 100; i++)
		hook_queue_put(&queue,
		    event_of("new_device", "c", "192.0.2.2", 3 + i));
	event = take(&queue);
	assert_string_equal(event->source, "192.0.2.0/24");
	assert_int_equal(event->count, 101);
	assert_int_equal(event->first_s, 1);
	assert_int_equal(event->last_s, 102);
	hook_event_free(event);
	event = take(&queue);
	assert_string_equal(event->source, "198.51.100.0/24");
	hook_event_free(event);
	hook_queue_done(&queue);
}

/* What has no address is one by its kind; of a kind of its own, by nothing. */
static void
without_an_address_it_is_its_kind(void **state)
{
	static const char *const texts[] = {
		"{\"event\":\"denied\",\"from\":\"console\"}",
		"{\"event\":\"denied\",\"from\":\"console\",\"user\":\"x\"}",
		"{\"event\":\"denied\",\"from\":\"no_address\"}",
		"{\"event\":\"denied\"}",
	};
	struct hook_queue queue;
	struct hook_event *event;
	size_t i;

	(void)state;
	hook_queue_init(&queue, 10, 0);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(hook_event_parse(texts[i], strlen(texts[i]),
				     &event),
		    0);
		hook_queue_put(&queue, event);
	}
	assert_int_equal(queue.n, 3);
	hook_queue_done(&queue);
}

/* What the daemon could not tell is added up, and never less than it was. */
static void
what_was_lost_is_added_up(void **state)
{
	static const char text[] = "{\"event\":\"lost\",\"lost\":7}";
	struct hook_queue queue;
	struct hook_event *event;
	char *line;
	int i;

	(void)state;
	hook_queue_init(&queue, 1, 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(hook_event_parse(text, strlen(text), &event),
		    0);
		hook_queue_put(&queue, event);
	}
	event = take(&queue);
	assert_int_equal(event->lost, 21);
	line = hook_event_text(event);
	assert_string_equal(line,
	    "{\"event\":\"lost\",\"lost\":21,\"count\":3,\"sources\":1}");
	free(line);
	hook_event_free(event);
	hook_queue_done(&queue);
}

/* Whoever stops the service is told of what they have stopped. */
static void
what_waits_is_known(void **state)
{
	struct hook_queue queue;
	int i;

	(void)state;
	hook_queue_init(&queue, 10, 0);
	assert_int_equal(hook_queue_events(&queue), 0);
	for (i = 0; i < 70; i++)
		hook_queue_put(&queue,
		    event_of("denied", "bob",
			i % 2 == 0 ? "192.0.2.7" : "198.51.100.7", 1000));
	assert_int_equal(queue.n, 2);
	assert_int_equal(hook_queue_events(&queue), 70);
	hook_queue_done(&queue);
	assert_int_equal(hook_queue_events(&queue), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_makes_as_many_as_may_be),
		cmocka_unit_test(a_flood_of_the_lowest_is_one_event),
		cmocka_unit_test(noise_starves_nobody),
		cmocka_unit_test(names_do_not_make_sources),
		cmocka_unit_test(the_order_is_that_of_the_first),
		cmocka_unit_test(without_an_address_it_is_its_kind),
		cmocka_unit_test(what_was_lost_is_added_up),
		cmocka_unit_test(what_waits_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
