/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a login comes from, by what PAM says: which strings are believed for
 * which kind of service, what hostile ones become, and in which networks and
 * places the result lies.
 */
#include "policyd/gather/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/gathering.h"

struct expected {
	const char *service, *rhost, *ssh;
	enum service_kind kind;
	enum origin_kind origin;
	enum origin_source source;
	const char *addr; /* "" if none */
};

static void
assert_origins(const struct expected *t, size_t n)
{
	char buf[ADDR_TEXT_SIZE];
	struct facts f;
	size_t i;

	for (i = 0; i < n; i++) {
		gather(&f, t[i].service, t[i].rhost, t[i].ssh);
		if (f.kind != t[i].kind || f.origin.kind != t[i].origin ||
		    f.origin.source != t[i].source)
			fail_msg("%s rhost \"%s\" ssh \"%s\" gives %s, %s, %s",
			    t[i].service, t[i].rhost, t[i].ssh,
			    service_kind_name(f.kind),
			    origin_kind_name(f.origin.kind),
			    origin_source_name(f.origin.source));
		if (t[i].origin == ORIGIN_ADDRESS) {
			assert_string_equal(addr_text(&f.origin.addr, buf),
			    t[i].addr);
			assert_int_equal(f.origin.cls,
			    addr_classify(&f.origin.addr));
			assert_null(f.origin.problem);
		} else {
			assert_int_equal(f.origin.cls, ADDR_NONE);
		}
		assert_int_equal(f.origin.problem != NULL,
		    t[i].origin == ORIGIN_NO_ADDRESS);
		assert_string_equal(f.origin.inherited, "");
	}
}

#define REMOTE	SERVICE_REMOTE, ORIGIN_ADDRESS
#define NOWHERE SERVICE_REMOTE, ORIGIN_NO_ADDRESS, ORIGIN_FROM_NOTHING, ""

static void
test_ssh_connection_is_believed_for_remote_services(void **state)
{
	static const struct expected t[] = {
		{ "sshd", "203.0.113.7", "203.0.113.7 50022 192.0.2.1 22",
		    REMOTE, ORIGIN_FROM_SSH_CONNECTION, "203.0.113.7" },
		{ "sshd", "", "2001:db8::7 50022 2001:db8::1 22", REMOTE,
		    ORIGIN_FROM_SSH_CONNECTION, "2001:db8::7" },
		{ "sshd", "::ffff:203.0.113.7",
		    "203.0.113.7 50022 192.0.2.1 22", REMOTE,
		    ORIGIN_FROM_SSH_CONNECTION, "203.0.113.7" },
		{ "sshd", "fe80::1%eth0", "fe80::1%eth0 5 fe80::2%eth0 22",
		    REMOTE, ORIGIN_FROM_SSH_CONNECTION, "fe80::1%eth0" },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

/* IN-02: with UseDNS the rhost is whatever the peer's PTR record says. */
static void
test_a_name_from_the_dns_changes_nothing(void **state)
{
	static const char *const names[] = { "liar.example", "all", "console",
		"tty1", "localhost", "LOCAL", "203.0.113.9.example", "10.0.0",
		"UNKNOWN", "office" };
	struct expected t = { "sshd", NULL, "203.0.113.7 50022 192.0.2.1 22",
		REMOTE, ORIGIN_FROM_SSH_CONNECTION, "203.0.113.7" };
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(names); i++) {
		t.rhost = names[i];
		assert_origins(&t, 1);
	}
}

static void
test_two_addresses_that_differ_are_none(void **state)
{
	static const struct expected t[] = {
		{ "sshd", "203.0.113.8", "203.0.113.7 50022 192.0.2.1 22",
		    NOWHERE },
		{ "sshd", "127.0.0.1", "203.0.113.7 50022 192.0.2.1 22",
		    NOWHERE },
		{ "sshd", "203.0.113.7", "127.0.0.1 50022 127.0.0.1 22",
		    NOWHERE },
		{ "sshd", "2001:db8::7", "203.0.113.7 50022 192.0.2.1 22",
		    NOWHERE },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

static void
test_a_malformed_ssh_connection_is_no_absence(void **state)
{
	static const char *const bad[] = { " ", "203.0.113.7",
		"203.0.113.7 50022", "203.0.113.7 50022 192.0.2.1",
		"203.0.113.7 50022 192.0.2.1 ",
		"203.0.113.7 50022 192.0.2.1 22 ",
		"203.0.113.7 50022 192.0.2.1 22 x",
		" 203.0.113.7 50022 192.0.2.1 22",
		"203.0.113.7  50022 192.0.2.1 22",
		"203.0.113.7\t50022\t192.0.2.1\t22",
		"203.0.113.7 50022 192.0.2.1 22\n",
		"203.0.113.7 x 192.0.2.1 22", "203.0.113.7 0 192.0.2.1 22",
		"203.0.113.7 65536 192.0.2.1 22", "203.0.113.7 -1 192.0.2.1 22",
		"203.0.113.7 5 192.0.2.1 0x16", "203.0.113.7 5 server 22",
		"client 5 192.0.2.1 22", "203.0.113 5 192.0.2.1 22",
		"0x7f.1 5 192.0.2.1 22", "UNKNOWN 65535 UNKNOWN 65535",
		"203.0.113.7,203.0.113.8 5 192.0.2.1 22" };
	struct expected t = { "sshd", "203.0.113.7", NULL, NOWHERE };
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		t.ssh = bad[i];
		assert_origins(&t, 1);
	}
}

/* IN-11, IN-12: only sshd's own PAM environment is sshd's word. */
static void
test_ssh_connection_counts_for_no_other_service(void **state)
{
	static const char ssh[] = "10.1.0.1 50022 192.0.2.1 22";
	static const struct expected t[] = {
		{ "sudo", "", ssh, SERVICE_NESTED, ORIGIN_LOCAL,
		    ORIGIN_FROM_SERVICE, "" },
		{ "su", "", ssh, SERVICE_NESTED, ORIGIN_LOCAL,
		    ORIGIN_FROM_SERVICE, "" },
		{ "login", "", ssh, SERVICE_CONSOLE, ORIGIN_CONSOLE,
		    ORIGIN_FROM_SERVICE, "" },
		{ "cron", "", ssh, SERVICE_EXEMPT, ORIGIN_LOCAL,
		    ORIGIN_FROM_SERVICE, "" },
		{ "unlisted", "", ssh, NOWHERE },
		{ "unlisted", "203.0.113.9", ssh, REMOTE, ORIGIN_FROM_RHOST,
		    "203.0.113.9" },
		{ "SSHD", "", ssh, NOWHERE },
		{ "sshd ", "", ssh, NOWHERE },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

/* IN-03: a remote service without a numeric address is remote all the same. */
static void
test_a_remote_service_without_an_address_is_not_local(void **state)
{
	static const struct expected t[] = {
		{ "sshd", "", "", NOWHERE },
		{ "sshd", "UNKNOWN", "", NOWHERE },
		{ "vsftpd", "client.example", "", NOWHERE },
		{ "cockpit", "", "", NOWHERE },
		{ "remote", "", "", NOWHERE },
		{ "unlisted", "", "", NOWHERE },
		{ "", "", "", NOWHERE },
		{ "vsftpd", "203.0.113.7", "", REMOTE, ORIGIN_FROM_RHOST,
		    "203.0.113.7" },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

/* IN-04 */
static void
test_hostile_remote_hosts_are_canonical_or_refused(void **state)
{
	static const struct expected t[] = {
		{ "unlisted", "::ffff:192.0.2.1", "", REMOTE, ORIGIN_FROM_RHOST,
		    "192.0.2.1" },
		{ "unlisted", "::FFFF:c000:201", "", REMOTE, ORIGIN_FROM_RHOST,
		    "192.0.2.1" },
		{ "unlisted", "::192.0.2.1", "", REMOTE, ORIGIN_FROM_RHOST,
		    "192.0.2.1" },
		{ "unlisted", "2001:db8::1", "", REMOTE, ORIGIN_FROM_RHOST,
		    "2001:db8::1" },
		{ "unlisted", "fe80::1%eth0", "", REMOTE, ORIGIN_FROM_RHOST,
		    "fe80::1%eth0" },
		{ "unlisted", "fe80::1%zone;rm", "", NOWHERE },
		{ "unlisted", "127.1", "", NOWHERE },
		{ "unlisted", "0x7f.1", "", NOWHERE },
		{ "unlisted", "010.0.0.1", "", NOWHERE },
		{ "unlisted", "1.2.3.4 ", "", NOWHERE },
		{ "unlisted", " 1.2.3.4", "", NOWHERE },
		{ "unlisted", "1.2.3.4\n5.6.7.8", "", NOWHERE },
		{ "unlisted", "\x1b[2J", "", NOWHERE },
		{ "unlisted", "\xff\xfe", "", NOWHERE },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

static void
test_a_string_that_was_cut_is_no_address(void **state)
{
	struct facts f;
	char rhost[FG_RHOST_MAX + 1];

	(void)state;
	memset(rhost, '1', sizeof(rhost) - 1);
	rhost[sizeof(rhost) - 1] = '\0';
	set_login(&f, "unlisted", rhost, "");
	f.login.flags = FG_LOGIN_CUT;
	gather_origin(conf, NULL, &f);
	assert_int_equal(f.origin.kind, ORIGIN_NO_ADDRESS);
	assert_non_null(strstr(f.origin.problem, "longer"));

	/* sshd's own word is whole and counts, whatever else was cut */
	set_login(&f, "sshd", rhost, "203.0.113.7 50022 192.0.2.1 22");
	f.login.flags = FG_LOGIN_CUT;
	gather_origin(conf, NULL, &f);
	assert_int_equal(f.origin.kind, ORIGIN_ADDRESS);

	set_login(&f, "sshd", "203.0.113.7", "");
	memset(f.login.ssh_connection, '2', FG_SSH_CONNECTION_MAX);
	f.login.flags = FG_LOGIN_CUT;
	gather_origin(conf, NULL, &f);
	assert_int_equal(f.origin.kind, ORIGIN_NO_ADDRESS);
}

/* IN-05, IN-06: "login -h", and what has no remote host at all. */
static void
test_a_console_with_a_remote_host_is_remote(void **state)
{
	static const struct expected t[] = {
		{ "login", "", "", SERVICE_CONSOLE, ORIGIN_CONSOLE,
		    ORIGIN_FROM_SERVICE, "" },
		{ "gdm-password", "", "", SERVICE_CONSOLE, ORIGIN_CONSOLE,
		    ORIGIN_FROM_SERVICE, "" },
		{ "login", "203.0.113.9", "", REMOTE, ORIGIN_FROM_RHOST,
		    "203.0.113.9" },
		{ "login", "client.example", "", NOWHERE },
		{ "login", "localhost", "", NOWHERE },
		{ "login", " ", "", NOWHERE },
		{ "su", "203.0.113.9", "", REMOTE, ORIGIN_FROM_RHOST,
		    "203.0.113.9" },
		/* sudo's pam_rhost: its own machine's name */
		{ "sudo", "laptop", "", SERVICE_NESTED, ORIGIN_LOCAL,
		    ORIGIN_FROM_SERVICE, "" },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

static void
test_an_exempt_service_stays_exempt(void **state)
{
	static const struct expected t[] = {
		{ "cron", "", "", SERVICE_EXEMPT, ORIGIN_LOCAL,
		    ORIGIN_FROM_SERVICE, "" },
		{ "cron", "203.0.113.9", "", SERVICE_EXEMPT, ORIGIN_ADDRESS,
		    ORIGIN_FROM_RHOST, "203.0.113.9" },
		{ "systemd-user", "name", "", SERVICE_EXEMPT, ORIGIN_LOCAL,
		    ORIGIN_FROM_SERVICE, "" },
	};

	(void)state;
	assert_origins(t, N_ELEMENTS(t));
}

/* IN-13, IN-14: inherited from a session that the daemon knows, or local. */
static void
test_a_nested_service_inherits_or_is_local(void **state)
{
	struct fact_origin from = { 0 };
	struct gather_parent parent = { &from, "7F3K-Q2MN", "alice", NULL };
	struct facts f;

	(void)state;
	from.kind = ORIGIN_ADDRESS;
	from.source = ORIGIN_FROM_SSH_CONNECTION;
	assert_int_equal(addr_parse("198.51.100.7", &from.addr), 0);
	from.cls = addr_classify(&from.addr);

	set_login(&f, "sudo", "", "");
	(void)snprintf(f.login.ref, sizeof(f.login.ref), "AAAA-AAAA");
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.kind, SERVICE_NESTED);
	assert_int_equal(f.origin.kind, ORIGIN_ADDRESS);
	assert_int_equal(f.origin.source, ORIGIN_FROM_SESSION);
	assert_string_equal(f.origin.inherited, "7F3K-Q2MN");
	assert_string_equal(f.whose, "alice");
	assert_memory_equal(&f.origin.addr, &from.addr, sizeof(from.addr));
	gather_net(conf, &f.origin, &f.networks);
	gather_place(conf, geo, &f.origin, &f.networks, &f.place);
	assert_int_equal(f.place.state, FACT_KNOWN);
	assert_string_equal(f.place.country, "DE");

	from.kind = ORIGIN_CONSOLE;
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.origin.kind, ORIGIN_CONSOLE);
	assert_int_equal(f.origin.source, ORIGIN_FROM_SESSION);

	/* the reference alone proves nothing */
	from.kind = ORIGIN_NONE;
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.origin.kind, ORIGIN_LOCAL);
	assert_string_equal(f.origin.inherited, "");
	parent.origin = NULL;
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.origin.kind, ORIGIN_LOCAL);
	assert_int_equal(f.origin.source, ORIGIN_FROM_SERVICE);
}

static void
test_a_parent_counts_for_nested_services_only(void **state)
{
	struct fact_origin from = { .kind = ORIGIN_CONSOLE };
	struct gather_parent parent = { &from, "7F3K-Q2MN", "alice", NULL };
	struct facts f;

	(void)state;
	set_login(&f, "sshd", "", "");
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.origin.kind, ORIGIN_NO_ADDRESS);
	set_login(&f, "su", "203.0.113.7", "");
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.kind, SERVICE_REMOTE);
	assert_int_equal(f.origin.source, ORIGIN_FROM_RHOST);
	assert_string_equal(f.whose, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_ssh_connection_is_believed_for_remote_services),
		cmocka_unit_test(test_a_name_from_the_dns_changes_nothing),
		cmocka_unit_test(test_two_addresses_that_differ_are_none),
		cmocka_unit_test(test_a_malformed_ssh_connection_is_no_absence),
		cmocka_unit_test(
		    test_ssh_connection_counts_for_no_other_service),
		cmocka_unit_test(
		    test_a_remote_service_without_an_address_is_not_local),
		cmocka_unit_test(
		    test_hostile_remote_hosts_are_canonical_or_refused),
		cmocka_unit_test(test_a_string_that_was_cut_is_no_address),
		cmocka_unit_test(test_a_console_with_a_remote_host_is_remote),
		cmocka_unit_test(test_an_exempt_service_stays_exempt),
		cmocka_unit_test(test_a_nested_service_inherits_or_is_local),
		cmocka_unit_test(test_a_parent_counts_for_nested_services_only),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
