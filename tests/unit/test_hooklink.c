/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's end of hooks.sock, with a service that is not there, does not
 * read, and reads again: nothing waits, and what is lost is known. ALT-02
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/finding.h"
#include "policyd/hooklink.h"
#include "policyd/loop.h"

struct fixture {
	char dir[64];
	char path[96];
	int fd; /* the service's, or -1 */
	struct loop *loop;
	struct loop_timer *timer;
	struct hooklink *link;
};

static void
listen_there(struct fixture *f)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%.95s", f->path);
	f->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(f->fd >= 0);
	assert_int_equal(bind(f->fd, (struct sockaddr *)&addr, sizeof(addr)),
	    0);
}

static void
on_over(void *arg)
{
	loop_stop(arg);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->fd = -1;
	(void)snprintf(f->dir, sizeof(f->dir), "/tmp/farmgate-unit.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	(void)snprintf(f->path, sizeof(f->path), "%s/hooks.sock", f->dir);
	assert_int_equal(loop_new(&f->loop), 0);
	assert_int_equal(loop_timer(f->loop, on_over, f->loop, &f->timer), 0);
	assert_int_equal(hooklink_new(f->loop, f->dir, &f->link), 0);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	hooklink_free(f->link);
	loop_timer_free(f->timer);
	loop_free(f->loop);
	if (f->fd >= 0)
		(void)close(f->fd);
	(void)unlink(f->path);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static void
tell(const struct fixture *f, enum hook_class cls, int64_t n)
{
	struct json *event = hooklink_event(cls);

	json_set_int(event, "seq", n);
	hooklink_tell(f->link, event);
}

static int64_t
status(const struct fixture *f, const char *key)
{
	struct json *report = json_new();
	int64_t n;

	hooklink_status(f->link, report);
	n = json_get_int(json_get(report, "hooks"), key, -1);
	json_free(report);
	return n;
}

/* The next one that was sent, or NULL. */
static struct json *
next(const struct fixture *f)
{
	char text[4096];
	ssize_t n = recv(f->fd, text, sizeof(text), 0);

	return n < 0 ? NULL : json_parse(text, (size_t)n);
}

/* As many as the kernel keeps. */
static int64_t
fill(const struct fixture *f)
{
	int64_t n = 0;

	while (status(f, "waiting") == 0)
		tell(f, HOOK_DENIED, n++);
	return n - 1;
}

static void
run_a_while(struct fixture *f)
{
	loop_timer_set(f->timer, 150);
	assert_int_equal(loop_run(f->loop), 0);
}

static void
nobody_is_no_loss_of_what_is_offered(void **state)
{
	struct fixture *f = *state;
	struct json *event;

	hooklink_offer(f->link, hooklink_event(HOOK_DENIED));
	assert_int_equal(status(f, "lost"), 0);
	tell(f, HOOK_APPROVAL, 1);
	assert_int_equal(status(f, "lost"), 1);
	assert_int_equal(status(f, "told"), 0);
	/* Somebody comes, and hears of it behind the first event. */
	listen_there(f);
	tell(f, HOOK_APPROVAL, 2);
	event = next(f);
	assert_string_equal(json_get_string(event, "event", ""), "approval");
	json_free(event);
	event = next(f);
	assert_string_equal(json_get_string(event, "event", ""), "lost");
	assert_int_equal(json_get_int(event, "lost", 0), 1);
	json_free(event);
	assert_null(next(f));
	assert_int_equal(status(f, "told"), 2);
}

static void
what_waits_is_told_later(void **state)
{
	struct fixture *f = *state;
	struct json *event;
	int64_t sent, i;

	listen_there(f);
	sent = fill(f);
	tell(f, HOOK_BREAKGLASS, 1);
	assert_int_equal(status(f, "waiting"), 2);
	assert_int_equal(status(f, "lost"), 0);
	for (i = 0; i < sent; i++)
		json_free(next(f));
	assert_null(next(f));
	run_a_while(f);
	assert_int_equal(status(f, "waiting"), 0);
	/* Of what waited, what is critical is first. */
	event = next(f);
	assert_string_equal(json_get_string(event, "event", ""), "breakglass");
	json_free(event);
	event = next(f);
	assert_string_equal(json_get_string(event, "event", ""), "denied");
	json_free(event);
	assert_null(next(f));
}

static void
noise_is_dropped_first_and_counted(void **state)
{
	struct fixture *f = *state;
	struct json *event;
	int64_t sent, i;

	listen_there(f);
	sent = fill(f);
	for (i = 1; i < 10000; i++)
		tell(f, HOOK_DENIED, i);
	assert_int_equal(status(f, "waiting"), HOOKLINK_WAITING_MAX);
	for (i = 0; i < HOOKLINK_WAITING_MAX; i++)
		tell(f, HOOK_REVOKED_LOGIN, i);
	assert_int_equal(status(f, "waiting"), HOOKLINK_WAITING_MAX);
	/* Nor does it find room among what is critical. */
	tell(f, HOOK_DENIED, i);
	assert_int_equal(status(f, "waiting"), HOOKLINK_WAITING_MAX);
	assert_int_equal(status(f, "lost"), 10000 + 1);
	for (i = 0; i < sent; i++)
		json_free(next(f));
	for (i = 0; i < HOOKLINK_WAITING_MAX;) {
		run_a_while(f);
		while ((event = next(f)) != NULL) {
			if (json_get_int(event, "lost", 0) > 0)
				break;
			assert_int_equal(json_get_int(event, "seq", -1), i++);
			assert_string_equal(json_get_string(event, "event", ""),
			    "revoked_login");
			json_free(event);
		}
	}
	if (event == NULL) {
		run_a_while(f);
		event = next(f);
	}
	assert_int_equal(json_get_int(event, "lost", 0), 10000 + 1);
	json_free(event);
}

/* Whoever has all of it found on their machine is told of all the same. */
static void
what_is_too_long_is_told_without_its_texts(void **state)
{
	struct json *event = hooklink_event(HOOK_REMOTE_CONTROL), *list, *o;
	char text[FINDING_TEXT_MAX + 1];
	struct fixture *f = *state;

	listen_there(f);
	memset(text, '\\', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	list = json_set_array(event, "findings");
	for (size_t i = 0; i < FINDING_LIST_MAX; i++) {
		o = json_add_object(list);
		json_set_string(o, "code", "remote.tool");
		json_set_untrusted(o, "text", text);
	}
	hooklink_tell(f->link, event);
	assert_int_equal(status(f, "lost"), 0);
	event = next(f);
	assert_non_null(event);
	list = json_get(event, "findings");
	assert_int_equal(json_length(list), FINDING_LIST_MAX);
	for (size_t i = 0; i < json_length(list); i++) {
		assert_string_equal(json_get_string(json_at(list, i), "code",
					""),
		    "remote.tool");
		assert_true(json_get_null(json_at(list, i), "text"));
	}
	json_free(event);
}

/* Somebody else's, until there is room for one more. */
static void
fill_but_one(const struct fixture *f)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%.95s", f->path);
	assert_true(fd >= 0);
	while (sendto(fd, "{}", 2, 0, (struct sockaddr *)&addr, sizeof(addr)) ==
	    2)
		continue;
	(void)close(fd);
	json_free(next(f));
}

static void
a_loss_is_told_though_nothing_comes_after_it(void **state)
{
	struct fixture *f = *state;
	struct json *event;

	tell(f, HOOK_APPROVAL, 1);
	assert_int_equal(status(f, "lost"), 1);
	listen_there(f);
	fill_but_one(f);
	/* It takes the last room. */
	tell(f, HOOK_APPROVAL, 2);
	assert_int_equal(status(f, "told"), 1);
	assert_int_equal(status(f, "waiting"), 0);
	while ((event = next(f)) != NULL)
		json_free(event);
	run_a_while(f);
	event = next(f);
	assert_non_null(event);
	assert_string_equal(json_get_string(event, "event", ""), "lost");
	assert_int_equal(json_get_int(event, "lost", 0), 1);
	json_free(event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    nobody_is_no_loss_of_what_is_offered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_waits_is_told_later,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    noise_is_dropped_first_and_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_is_too_long_is_told_without_its_texts, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    a_loss_is_told_though_nothing_comes_after_it, set_up,
		    tear_down),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
