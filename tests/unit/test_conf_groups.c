/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The groups that all policies name together: each once, and never more than
 * one message can ask for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/unit/conf_fixture.h"

#define TEST(name) cmocka_unit_test(name)
#define TOO_MANY   "more groups than can be asked for"

static char text[1024 * 1024];

/* Line 1 opens a policy; from line 2 on, a group of length len on each. */
static void
write_groups(size_t n, size_t len)
{
	size_t used;

	used = (size_t)snprintf(text, sizeof(text), "policy p { users = {\n");
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "\"@%0*zu\",\n", (int)len, i);
	(void)snprintf(text + used, sizeof(text) - used, "} }\n");
}

static void
each_group_is_kept_once_in_the_order_of_the_file(void **state)
{
	struct conf *conf =
	    accepted("policy a { users = {\"@staff\", \"alice\", \"@ops\"}\n"
		     " services = {\"sshd\"} }\n"
		     "policy b { users = {\"bob\", \"@ops\", \"@www\",\n"
		     " \"@staff\"} }\n");

	(void)state;
	assert_int_equal(conf->groups.n, 3);
	assert_string_equal(conf->groups.v[0], "staff");
	assert_string_equal(conf->groups.v[1], "ops");
	assert_string_equal(conf->groups.v[2], "www");
	assert_int_equal(conf->groups.lines[2], 3);
	assert_true(conf_wants_groups(conf));
	conf_free(conf);
}

static void
without_a_group_none_is_wanted(void **state)
{
	struct conf *conf = accepted("policy a { users = {\"staff\"} }\n"
				     "policy b { }\n");

	(void)state;
	assert_int_equal(conf->groups.n, 0);
	assert_false(conf_wants_groups(conf));
	conf_free(conf);
}

static void
one_group_more_than_can_be_asked_for_is_refused(void **state)
{
	struct conf *conf;

	(void)state;
	write_groups(FG_NEED_GROUPS_MAX, 8);
	conf = accepted(text);
	assert_int_equal(conf->groups.n, FG_NEED_GROUPS_MAX);
	conf_free(conf);
	write_groups(FG_NEED_GROUPS_MAX + 1, 8);
	refused(text, FG_NEED_GROUPS_MAX + 2, TOO_MANY);
	write_groups(4000, 8);
	refused(text, FG_NEED_GROUPS_MAX + 2, TOO_MANY);
}

/* Whatever the configuration may hold, the message does too. */
static void
names_are_refused_where_the_message_is_full(void **state)
{
	static const struct fg_header hdr = { .sequence = 2 };
	static uint8_t data[FG_MSG_MAX];
	static struct fg_need m = { .what = FG_NEED_GROUPS };
	const size_t lens[] = { 61, 100, FG_GROUP_MAX };
	struct conf *conf;
	size_t len, n;

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		n = FG_NEED_ROOM / (lens[i] + FG_NEED_GROUP_EXTRA);
		assert_true(n < FG_NEED_GROUPS_MAX);
		write_groups(n, lens[i]);
		conf = accepted(text);
		m.count = (uint16_t)conf->groups.n;
		assert_int_equal(m.count, n);
		for (size_t k = 0; k < n; k++)
			m.groups[k] = conf->groups.v[k];
		assert_int_equal(fg_msg_put_need(data, sizeof(data), &hdr, &m,
				     &len),
		    0);
		conf_free(conf);
		write_groups(n + 1, lens[i]);
		refused(text, (unsigned int)n + 2, TOO_MANY);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_group_is_kept_once_in_the_order_of_the_file),
		TEST(without_a_group_none_is_wanted),
		TEST(one_group_more_than_can_be_asked_for_is_refused),
		TEST(names_are_refused_where_the_message_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
