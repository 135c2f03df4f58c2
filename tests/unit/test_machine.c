/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is amiss with what is known of the machine, with the test as the
 * scanner: it is not there, has not looked since a device came, or has not all
 * of the catalogue to look for.
 */
#include "policyd/machine/machine.h"

#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/machine/scanlink.h"

#define PATIENCE 10000u /* ms; only a failure takes that long */

static char folder[] = "/tmp/fg-machine-XXXXXX";
static struct daemon daemon_;
static struct conf conf;
static struct catalogue catalogue;
static struct ruleset rules;
static struct loop_timer *patience;
static int scanner; /* its end */

static void
stop(void *arg)
{
	loop_stop(arg);
}

static void
on_looked(uint64_t id, void *arg)
{
	(void)id;
	loop_stop(arg);
}

static int
set_up(void **state)
{
	struct scanlink_calls calls = {
		.looked = on_looked, .news = stop, .lost = stop
	};
	int fd[2];

	(void)state;
	memset(&catalogue, 0, sizeof(catalogue));
	catalogue.nentries = 1;
	rules = (struct ruleset){ .conf = &conf, .catalogue = &catalogue };
	conf.machine.max_age_s = 60;
	daemon_.rules = &rules;
	(void)strcpy(strrchr(folder, '-'), "-XXXXXX");
	if (mkdtemp(folder) == NULL || loop_new(&daemon_.loop) != 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) != 0 ||
	    loop_timer(daemon_.loop, stop, daemon_.loop, &patience) != 0)
		return -1;
	scanner = fd[1];
	calls.arg = daemon_.loop;
	return scanlink_new(daemon_.loop, fd[0], folder, &calls,
	    &daemon_.scanlink);
}

static int
tear_down(void **state)
{
	char path[64];

	(void)state;
	scanlink_free(daemon_.scanlink);
	loop_timer_free(patience);
	loop_free(daemon_.loop);
	(void)close(scanner);
	(void)snprintf(path, sizeof(path), "%s/scanner.deaths", folder);
	(void)unlink(path);
	return rmdir(folder);
}

static void
say(const void *msg, size_t len)
{
	assert_int_equal(send(scanner, msg, len, MSG_NOSIGNAL), len);
}

static void
listen_once(void)
{
	loop_timer_set(patience, PATIENCE);
	assert_int_equal(loop_run(daemon_.loop), 0);
}

static void
say_picture_of(uint64_t number, int64_t age_ns)
{
	const struct scanner_answer answer = {
		.id = 1, .query = SCANNER_QUERY_LOOK, .picture = 1
	};
	static struct picture p;
	struct timespec ts;

	assert_int_equal(scanlink_look(daemon_.scanlink, 1, 0), 0);
	assert_int_equal(clock_gettime(CLOCK_BOOTTIME, &ts), 0);
	p.number = number;
	p.taken_ns = (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec - age_ns;
	p.rules = 1;
	p.seat_uid = (uint32_t)-1;
	say(&answer, sizeof(answer));
	say(&p, picture_size(&p));
	listen_once();
}

static void
say_picture(uint64_t number)
{
	say_picture_of(number, 0);
}

static void
say_news(void)
{
	const struct scanner_answer news = { .query = SCANNER_NEWS };

	say(&news, sizeof(news));
	listen_once();
}

static void
is_known(bool blind, const char *coverage)
{
	struct gather_machine m;

	machine_known(&daemon_, &conf, &m);
	assert_int_equal(m.blind, blind);
	if (coverage == NULL)
		assert_null(m.coverage);
	else
		assert_string_equal(m.coverage, coverage);
}

static void
test_before_the_first_look_nothing_is_known(void **state)
{
	(void)state;
	is_known(true, NULL);
	say_picture(1);
	is_known(false, NULL);
}

/* However young it is: what has come is not in it. */
static void
test_a_look_of_before_a_device_came_is_none(void **state)
{
	(void)state;
	say_picture(1);
	say_news();
	is_known(true, "a device came or went since the last look");
	assert_false(machine_is_fresh(&daemon_, &conf.machine));
	say_picture(2);
	is_known(false, NULL);
	assert_true(machine_is_fresh(&daemon_, &conf.machine));
}

/* Too old for the next login, though nothing has come since. */
static void
test_a_look_is_fresh_for_so_long(void **state)
{
	(void)state;
	conf.machine.max_age_s = 2;
	assert_false(machine_is_fresh(&daemon_, &conf.machine));
	say_picture_of(1, INT64_C(2100000000));
	assert_false(machine_is_fresh(&daemon_, &conf.machine));
	conf.machine.max_age_s = 60;
	assert_true(machine_is_fresh(&daemon_, &conf.machine));
	conf.machine.max_age_s = 1;
	say_picture(2);
	assert_true(machine_is_fresh(&daemon_, &conf.machine));
}

/* The next one came before there was time for another look. */
static void
test_what_came_after_ones_own_look_is_no_concern(void **state)
{
	struct gather_machine m;
	int64_t asked_ns;

	(void)state;
	say_picture(1);
	say_news();
	asked_ns = machine_now_ns();
	machine_known_since(&daemon_, &conf, asked_ns, &m);
	assert_true(m.blind);
	say_picture(2);
	say_news();
	machine_known_since(&daemon_, &conf, asked_ns, &m);
	assert_false(m.blind);
	assert_null(m.coverage);
	/* It is for who asks now. */
	assert_false(machine_is_fresh(&daemon_, &conf.machine));
	machine_known_since(&daemon_, &conf, machine_now_ns(), &m);
	assert_true(m.blind);
	is_known(true, "a device came or went since the last look");
}

static void
test_a_catalogue_that_is_not_whole_is_said(void **state)
{
	(void)state;
	say_picture(1);
	rules.partial = true;
	is_known(false, "not all of the catalogue can be read");
	catalogue.nentries = 0;
	is_known(false, "there is no catalogue");
}

static void
test_without_a_scanner_an_old_look_is_none(void **state)
{
	(void)state;
	say_picture(1);
	assert_int_equal(shutdown(scanner, SHUT_RDWR), 0);
	listen_once();
	is_known(true, "there is no scanner");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_before_the_first_look_nothing_is_known, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    test_a_look_of_before_a_device_came_is_none, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    test_a_look_is_fresh_for_so_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    test_what_came_after_ones_own_look_is_no_concern, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    test_a_catalogue_that_is_not_whole_is_said, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    test_without_a_scanner_an_old_look_is_none, set_up,
		    tear_down),
	};

	log_init("test_machine", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
