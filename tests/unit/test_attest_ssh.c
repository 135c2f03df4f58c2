/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an ssh's own words say of it: whether it says whose a prompt is, what it
 * calls a host, and whether it would ask at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest/ssh.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define NELEMS(a)  (sizeof(a) / sizeof((a)[0]))

static int
options_of(const char *output, struct ssh_options *ret_options)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "%s", output);
	return ssh_options_of(text, ret_options);
}

static void
openssh_is_fit_from_8_5_on(void **state)
{
	static const struct {
		const char *version;
		enum ssh_fitness fitness;
	} cases[] = {
		{ "OpenSSH_8.5p1", SSH_FIT },
		{ "OpenSSH_8.5", SSH_FIT },
		{ "OpenSSH_8.10p1", SSH_FIT },
		{ "OpenSSH_9.2p1 Debian-2+deb12u6", SSH_FIT },
		{ "OpenSSH_9.0p1", SSH_FIT },
		{ "OpenSSH_10.0p2", SSH_FIT },
		{ "OpenSSH_100.1", SSH_FIT },
		{ "OpenSSH_8.4p1 Debian-5+deb11u3", SSH_OLD },
		{ "OpenSSH_7.9p1", SSH_OLD },
		{ "OpenSSH_7.10p1", SSH_OLD },
		{ "OpenSSH_0.0", SSH_OLD },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(cases); i++)
		assert_int_equal(ssh_fitness_of(cases[i].version),
		    cases[i].fitness);
}

static void
what_is_not_openssh_is_strange(void **state)
{
	static const char *const versions[] = { "", "OpenSSH", "OpenSSH_",
		"OpenSSH_9", "OpenSSH_9.", "OpenSSH_.5", "OpenSSH_9p1",
		"OpenSSH_9,2", "OpenSSH_-9.2", "OpenSSH_ 9.2", "OpenSSH_1000.2",
		"OpenSSH_99999999999999999999.1", "openssh_9.2", " OpenSSH_9.2",
		"Dropbear v2022.83", "Sun_SSH_1.1.4" };

	(void)state;
	for (size_t i = 0; i < NELEMS(versions); i++)
		assert_int_equal(ssh_fitness_of(versions[i]), SSH_STRANGE);
}

static void
a_host_is_what_ssh_calls_it(void **state)
{
	struct ssh_options o;

	(void)state;
	assert_int_equal(options_of("host jump\nuser alice\n"
				    "hostname 192.0.2.1\nport 22\n"
				    "batchmode no\n"
				    "kbdinteractiveauthentication yes\n",
			     &o),
	    0);
	assert_string_equal(o.host, "192.0.2.1");
	assert_false(o.batch);
	assert_true(o.interactive);
}

static void
an_alias_of_its_key_comes_first(void **state)
{
	struct ssh_options o;

	(void)state;
	assert_int_equal(options_of("hostkeyalias jump\nhostname 192.0.2.1\n",
			     &o),
	    0);
	assert_string_equal(o.host, "jump");
	assert_int_equal(options_of("hostname 192.0.2.1\nhostkeyalias jump\n",
			     &o),
	    0);
	assert_string_equal(o.host, "jump");
	assert_int_equal(options_of("hostkeyalias none\nhostname x\n", &o), 0);
	assert_string_equal(o.host, "x");
}

static void
who_is_not_asked_is_told(void **state)
{
	struct ssh_options o;

	(void)state;
	assert_int_equal(options_of("hostname x\nbatchmode yes\n"
				    "kbdinteractiveauthentication no\n",
			     &o),
	    0);
	assert_true(o.batch);
	assert_false(o.interactive);
	/* What is not said is not there. */
	assert_int_equal(options_of("hostname x\n", &o), 0);
	assert_false(o.interactive);
}

static void
no_host_is_no_answer(void **state)
{
	static const char *const outputs[] = { "", "\n", "hostname",
		"hostname ", "hostname \n", "hostnames x\n", "\n\n\nuser alice",
		"hostkeyalias none\n" };
	struct ssh_options o;

	(void)state;
	for (size_t i = 0; i < NELEMS(outputs); i++) {
		assert_int_equal(options_of(outputs[i], &o), FG_ERR_NOT_FOUND);
		assert_string_equal(o.host, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(openssh_is_fit_from_8_5_on),
		TEST(what_is_not_openssh_is_strange),
		TEST(a_host_is_what_ssh_calls_it),
		TEST(an_alias_of_its_key_comes_first),
		TEST(who_is_not_asked_is_told),
		TEST(no_host_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
