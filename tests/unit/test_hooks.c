/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events on their way to a program: which are taken, what the program is told,
 * how often it is run, and which file it may be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/hooks/hook_event.h"
#include "policyd/hooks/hook_file.h"
#include "policyd/hooks/hook_queue.h"
#include "policyd/json/json.h"
#include "proto/result.h"

#define APPROVAL "{\"event\":\"approval\",\"ref\":\"7F3K-Q2MN\"}"

static struct hook_event *
event_of(const char *text)
{
	struct hook_event *event;

	assert_int_equal(hook_event_parse(text, strlen(text), &event), 0);
	return event;
}

/* ---- events -------------------------------------------------------------- */

static void
each_class_has_its_name(void **state)
{
	int i;

	(void)state;
	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		assert_int_equal(
		    hook_class_by_name(hook_class_name((enum hook_class)i)), i);
	assert_int_equal(hook_class_by_name("none"), HOOK_NONE);
	assert_int_equal(hook_class_by_name(""), HOOK_NONE);
}

static void
what_is_no_event_is_refused(void **state)
{
	static const char *const bad[] = { "", "{", "[]", "{}", "{\"event\":7}",
		"{\"event\":\"none\"}", "{\"event\":\"../../bin/sh\"}",
		APPROVAL APPROVAL,
		"{\"event\":\"approval\",\"event\":\"approval\"}" };
	struct hook_event *event;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(hook_event_parse(bad[i], strlen(bad[i]),
				     &event),
		    FG_ERR_FORMAT);
		assert_null(event);
	}
	/* Longer than the datagram could be: it was cut. */
	assert_int_equal(hook_event_parse(APPROVAL, HOOK_EVENT_MAX + 1, &event),
	    FG_ERR_LIMIT);
}

static const char *
value_of(char **environment, const char *name)
{
	size_t len = strlen(name);

	for (; *environment != NULL; environment++)
		if (strncmp(*environment, name, len) == 0 &&
		    (*environment)[len] == '=')
			return *environment + len + 1;
	return NULL;
}

/* ALT-03: whatever its sink is. */
static void
a_program_is_told_words(void **state)
{
	struct hook_event *event = event_of(
	    "{\"event\":\"approval\",\"ref\":\"7F3K-Q2MN\","
	    "\"user\":\"a b\\n$(id) \\u001b[2J\",\"left_s\":60,"
	    "\"unheard\":\"x\",\"findings\":[{\"code\":\"geo.country\"},"
	    "{\"code\":\"remote.tool\",\"grade\":\"active\"}]}");
	char **environment, **p, *c;

	(void)state;
	assert_int_equal(hook_event_environment(event, 0, 3, &environment), 0);
	assert_string_equal(value_of(environment, "FARMGATE_EVENT"),
	    "approval");
	assert_string_equal(value_of(environment, "FARMGATE_REF"), "7F3K-Q2MN");
	assert_string_equal(value_of(environment, "FARMGATE_LEFT_S"), "60");
	assert_string_equal(value_of(environment, "FARMGATE_LOST"), "3");
	assert_string_equal(value_of(environment, "FARMGATE_FINDINGS"),
	    "geo.country,remote.tool:active");
	assert_null(value_of(environment, "FARMGATE_COUNTRY"));
	assert_null(value_of(environment, "FARMGATE_UNHEARD"));
	assert_non_null(value_of(environment, "FARMGATE_HOST"));
	assert_non_null(value_of(environment, "PATH"));
	for (p = environment; *p != NULL; p++)
		for (c = *p; *c != '\0'; c++)
			assert_true(*c > ' ' && *c < 0x7f);
	hook_environment_free(environment);
	hook_event_free(event);
}

/* More and longer findings than a variable has room for. */
static void
long_findings_are_cut(void **state)
{
	static char text[HOOK_EVENT_MAX];
	struct hook_event *event;
	char **environment;
	const char *codes;
	size_t used, i;

	(void)state;
	used = (size_t)snprintf(text, sizeof(text),
	    "{\"event\":\"approval\",\"findings\":[");
	for (i = 0; i < 300; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s{\"code\":\"session.shared_source\"}", i > 0 ? "," : "");
	(void)snprintf(text + used, sizeof(text) - used, "]}");
	event = event_of(text);
	assert_int_equal(hook_event_environment(event, 0, 0, &environment), 0);
	codes = value_of(environment, "FARMGATE_FINDINGS");
	assert_non_null(codes);
	assert_true(strlen(codes) > 500);
	hook_environment_free(environment);
	hook_event_free(event);
}

/* ---- how often ---------------------------------------------------------- */

static bool
takes(struct hook_queue *queue, int64_t now_ms, unsigned int lost)
{
	struct hook_event *event;
	unsigned int n;

	if ((event = hook_queue_take(queue, now_ms, &n)) == NULL)
		return false;
	assert_int_equal(n, lost);
	hook_event_free(event);
	return true;
}

static void
runs_are_rationed(void **state)
{
	struct hook_queue queue;
	unsigned int i;

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE, 1000);
	assert_int_equal(hook_queue_wait_ms(&queue, 1000), -1);
	for (i = 0; i < queue.burst + 2; i++)
		hook_queue_put(&queue, event_of(APPROVAL));
	for (i = 0; i < queue.burst; i++) {
		assert_int_equal(hook_queue_wait_ms(&queue, 1000), 0);
		assert_true(takes(&queue, 1000, 0));
	}
	assert_false(takes(&queue, 1000, 0));
	assert_int_equal(hook_queue_wait_ms(&queue, 1000), queue.every_ms);
	assert_int_equal(hook_queue_wait_ms(&queue, 1001), queue.every_ms - 1);
	assert_false(takes(&queue, 1000 + queue.every_ms - 1, 0));
	assert_true(takes(&queue, 1000 + queue.every_ms, 0));
	assert_false(takes(&queue, 1000 + 2 * queue.every_ms - 1, 0));
	assert_true(takes(&queue, 1000 + 2 * queue.every_ms, 0));
	/* Rest long: no more than a burst is saved. */
	for (i = 0; i < queue.burst + 1; i++)
		hook_queue_put(&queue, event_of(APPROVAL));
	for (i = 0; i < queue.burst; i++)
		assert_true(takes(&queue, INT64_MAX / 2, 0));
	assert_false(takes(&queue, INT64_MAX / 2, 0));
	hook_queue_done(&queue);
}

static void
the_oldest_are_left_out_and_counted(void **state)
{
	struct hook_queue queue;
	struct hook_event *event;
	char text[64];
	unsigned int i, lost;

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE, 0);
	for (i = 0; i < HOOK_WAITING_MAX + 5; i++) {
		(void)snprintf(text, sizeof(text),
		    "{\"event\":\"approval\",\"since\":%u}", i);
		hook_queue_put(&queue, event_of(text));
	}
	event = hook_queue_take(&queue, 0, &lost);
	assert_non_null(event);
	assert_int_equal(lost, 5);
	assert_int_equal(json_get_int(event->json, "since", -1), 5);
	hook_event_free(event);
	assert_true(takes(&queue, 0, 0));
	hook_queue_done(&queue);
}

static struct hook_event *
of_person(const char *person, int left_s, int64_t came_ms)
{
	struct hook_event *event;
	char text[128];

	(void)snprintf(text, sizeof(text),
	    "{\"event\":\"approval\",\"person\":\"%s\",\"left_s\":%d}", person,
	    left_s);
	event = event_of(text);
	event->came_ms = came_ms;
	return event;
}

/* However many one of them causes. */
static void
each_person_has_one_place(void **state)
{
	struct hook_queue queue;
	struct hook_event *event;
	unsigned int i, lost;

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE, 0);
	hook_queue_put(&queue, of_person("bob", 60, 0));
	for (i = 0; i < 2 * HOOK_WAITING_MAX; i++)
		hook_queue_put(&queue, of_person("alice", (int)(60 + i), 0));
	assert_int_equal(queue.n, 2);
	event = hook_queue_take(&queue, 0, &lost);
	assert_non_null(event);
	assert_string_equal(event->person, "bob");
	assert_int_equal(lost, 2 * HOOK_WAITING_MAX - 1);
	hook_event_free(event);
	event = hook_queue_take(&queue, 0, &lost);
	assert_non_null(event);
	assert_int_equal(event->left_s, 60 + 2 * HOOK_WAITING_MAX - 1);
	hook_event_free(event);
	hook_queue_done(&queue);
}

static struct hook_event *
of_session(const char *person, unsigned int session)
{
	char text[128];

	(void)snprintf(text, sizeof(text),
	    "{\"event\":\"live\",\"person\":\"%s\",\"ref\":\"AAAA-%04u\"}",
	    person, session);
	return event_of(text);
}

/* The next event, and how many came to nobody before it. */
static void
assert_next(struct hook_queue *queue, const char *ref, unsigned int lost)
{
	struct hook_event *event;
	unsigned int n;

	event = hook_queue_take(queue, 0, &n);
	assert_non_null(event);
	assert_string_equal(json_get_string(event->json, "ref", ""), ref);
	assert_int_equal(n, lost);
	hook_event_free(event);
}

/* What somebody does in one session hides nothing of another, nor others. */
static void
each_session_has_one_place(void **state)
{
	struct hook_queue queue;
	unsigned int i;

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE_MAX, 0);
	hook_queue_put(&queue, of_session("bob", 1));
	hook_queue_put(&queue, of_session("alice", 2));
	hook_queue_put(&queue, of_session("alice", 3));
	hook_queue_put(&queue, of_session("alice", 2));
	assert_int_equal(queue.n, 3);
	assert_next(&queue, "AAAA-0001", 1);
	assert_next(&queue, "AAAA-0003", 0);
	assert_next(&queue, "AAAA-0002", 0);
	hook_queue_put(&queue, of_session("bob", 1));
	for (i = 2; i < 2 + 2 * HOOK_WAITING_MAX; i++)
		hook_queue_put(&queue, of_session("alice", i));
	assert_int_equal(queue.n, HOOK_WAITING_MAX);
	hook_queue_put(&queue, of_session("carol", 1000));
	assert_int_equal(queue.n, HOOK_WAITING_MAX);
	assert_next(&queue, "AAAA-0001", HOOK_WAITING_MAX + 2);
	assert_next(&queue, "AAAA-0036", 0);
	hook_queue_done(&queue);
}

/* Nobody has to be told of those that a later one covers. */
static void
the_newest_anchor_waits(void **state)
{
	struct hook_queue queue;
	struct hook_event *event;
	unsigned int i, lost;
	char text[64];

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE, 0);
	for (i = 1; i <= 2 * HOOK_WAITING_MAX; i++) {
		(void)snprintf(text, sizeof(text),
		    "{\"event\":\"anchor\",\"seq\":%u}", i);
		hook_queue_put(&queue, event_of(text));
	}
	event = hook_queue_take(&queue, 0, &lost);
	assert_non_null(event);
	assert_int_equal(lost, 0);
	assert_int_equal(json_get_int(event->json, "seq", 0),
	    2 * HOOK_WAITING_MAX);
	hook_event_free(event);
	assert_null(hook_queue_take(&queue, 0, &lost));
	hook_queue_done(&queue);
}

static void
assert_anchor(struct hook_queue *queue, int64_t seq, const char *problem)
{
	struct hook_event *event;
	unsigned int lost;

	assert_non_null(event = hook_queue_take(queue, 0, &lost));
	assert_int_equal(json_get_int(event->json, "seq", 0), seq);
	assert_string_equal(json_get_string(event->json, "problem", ""),
	    problem);
	hook_event_free(event);
}

/* While a program runs, anchors go on being made that are kept nowhere. */
static void
no_anchor_covers_that_there_is_none(void **state)
{
	struct hook_queue queue;

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE, 0);
	hook_queue_put(&queue, event_of("{\"event\":\"anchor\",\"seq\":1}"));
	hook_queue_put(&queue,
	    event_of("{\"event\":\"anchor\",\"seq\":0,\"problem\":\"full\"}"));
	hook_queue_put(&queue, event_of("{\"event\":\"anchor\",\"seq\":2}"));
	hook_queue_put(&queue, event_of("{\"event\":\"anchor\",\"seq\":3}"));
	assert_int_equal(queue.n, 2);
	assert_anchor(&queue, 0, "full");
	assert_anchor(&queue, 3, "");
	hook_queue_done(&queue);
}

static void
nobody_is_told_what_is_over(void **state)
{
	struct hook_queue queue;
	struct hook_event *event;
	unsigned int lost;

	(void)state;
	hook_queue_init(&queue, HOOK_A_MINUTE, 0);
	hook_queue_put(&queue, of_person("alice", 60, 0));
	hook_queue_put(&queue, of_person("bob", 60, 30000));
	event = hook_queue_take(&queue, 60000, &lost);
	assert_non_null(event);
	assert_string_equal(event->person, "bob");
	assert_int_equal(lost, 1);
	assert_int_equal(hook_event_left_s(event, 60000), 30);
	assert_int_equal(hook_event_left_s(event, 100000), 0);
	hook_event_free(event);
	assert_null(hook_queue_take(&queue, 60000, &lost));
	/* What has no end is told at any time. */
	hook_queue_put(&queue, of_person("carol", -1, 0));
	assert_true(takes(&queue, INT64_MAX / 2, 0));
	hook_queue_done(&queue);
}

/* ---- its file ----------------------------------------------------------- */

struct folder {
	char name[64];
	char path[80];
};

static void
make_folder(struct folder *f)
{
	FILE *file;

	(void)strcpy(f->name, "/run/farmgate-unit.XXXXXX");
	if (mkdtemp(f->name) == NULL) {
		(void)strcpy(f->name, "/tmp/farmgate-unit.XXXXXX");
		assert_non_null(mkdtemp(f->name));
	}
	(void)snprintf(f->path, sizeof(f->path), "%s/approval", f->name);
	assert_non_null(file = fopen(f->path, "w"));
	assert_true(fputs("#!/bin/sh\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int
find(const struct folder *f, const char *name)
{
	char path[256];
	const char *why;
	int r = hook_file_find(f->name, name, path, sizeof(path), &why);

	assert_true(r != FG_ERR_UNSAFE || why != NULL);
	return r;
}

static void
only_a_safe_file_is_run(void **state)
{
	static const struct {
		mode_t mode;
		int result;
	} modes[] = { { 0755, 0 }, { 0555, 0 }, { 0775, FG_ERR_UNSAFE },
		{ 0757, FG_ERR_UNSAFE }, { 0644, FG_ERR_UNSAFE },
		{ 0711, FG_ERR_UNSAFE } };
	struct folder f;
	char link[96];
	size_t i;

	(void)state;
	make_folder(&f);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(f.path, modes[i].mode), 0);
		assert_int_equal(find(&f, "approval"), modes[i].result);
	}
	assert_int_equal(chmod(f.path, 0755), 0);
	(void)snprintf(link, sizeof(link), "%s/link", f.name);
	assert_int_equal(symlink(f.path, link), 0);
	assert_int_equal(find(&f, "link"), FG_ERR_UNSAFE);
	assert_int_equal(find(&f, "other"), FG_ERR_NOT_FOUND);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(unlink(f.path), 0);
	assert_int_equal(mkdir(f.path, 0755), 0);
	assert_int_equal(find(&f, "approval"), FG_ERR_UNSAFE);
	assert_int_equal(rmdir(f.path), 0);
	assert_int_equal(rmdir(f.name), 0);
	assert_int_equal(find(&f, "approval"), FG_ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_class_has_its_name),
		cmocka_unit_test(what_is_no_event_is_refused),
		cmocka_unit_test(a_program_is_told_words),
		cmocka_unit_test(long_findings_are_cut),
		cmocka_unit_test(runs_are_rationed),
		cmocka_unit_test(the_oldest_are_left_out_and_counted),
		cmocka_unit_test(each_person_has_one_place),
		cmocka_unit_test(each_session_has_one_place),
		cmocka_unit_test(the_newest_anchor_waits),
		cmocka_unit_test(no_anchor_covers_that_there_is_none),
		cmocka_unit_test(nobody_is_told_what_is_over),
		cmocka_unit_test(only_a_safe_file_is_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
