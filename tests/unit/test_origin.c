/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a login comes from, by what PAM says: which strings are believed for
 * which kind of service, what hostile ones become, and in which networks and
 * places the result lies.
 */
#include "policyd/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/text.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static const char config[] =
    "network office {\n"
    "	cidr = {\"198.51.100.0/24\", \"2001:db8:1::/48\"}\n"
    "	place = \"DE\"\n"
    "}\n"
    "network lab { cidr = {\"198.51.100.128/25\"} place = \"FR\" }\n"
    "network vpn { cidr = {\"198.51.0.0/16\"} label = \"vpn\" }\n"
    "network home { cidr = {\"10.1.0.0/16\", \"127.0.0.0/8\"} place = \"SE\" "
    "}\n"
    "policy all { }\n";

static struct conf *conf;
static struct geo *geo;

static void
set_login(struct facts *facts, const char *service, const char *rhost,
    const char *ssh)
{
	struct fact_login *l = &facts->login;

	memset(facts, 0, sizeof(*facts));
	l->phase = FG_PHASE_ACCOUNT;
	(void)snprintf(l->user, sizeof(l->user), "alice");
	(void)snprintf(l->service, sizeof(l->service), "%s", service);
	(void)snprintf(l->rhost, sizeof(l->rhost), "%s", rhost);
	(void)snprintf(l->ssh_connection, sizeof(l->ssh_connection), "%s", ssh);
}

static void
gather(struct facts *facts, const char *service, const char *rhost,
    const char *ssh)
{
	set_login(facts, service, rhost, ssh);
	gather_origin(conf, NULL, facts);
}

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
		{ "sudo", "laptop", "", NOWHERE },
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
	struct gather_parent parent = { &from, "7F3K-Q2MN" };
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
	assert_memory_equal(&f.origin.addr, &from.addr, sizeof(from.addr));
	gather_net(conf, &f);
	gather_place(conf, geo, &f);
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
	struct gather_parent parent = { &from, "7F3K-Q2MN" };
	struct facts f;

	(void)state;
	set_login(&f, "sshd", "", "");
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.origin.kind, ORIGIN_NO_ADDRESS);
	set_login(&f, "su", "203.0.113.7", "");
	gather_origin(conf, &parent, &f);
	assert_int_equal(f.kind, SERVICE_REMOTE);
	assert_int_equal(f.origin.source, ORIGIN_FROM_RHOST);
}

static void
test_named_networks_come_in_order(void **state)
{
	struct facts f;

	(void)state;
	gather(&f, "sshd", "198.51.100.200", "");
	gather_net(conf, &f);
	assert_int_equal(f.networks.count, 3);
	assert_string_equal(conf->networks[f.networks.index[0]].name, "office");
	assert_string_equal(conf->networks[f.networks.index[1]].name, "lab");
	assert_string_equal(conf->networks[f.networks.index[2]].name, "vpn");
	assert_false(f.networks.overflow);

	gather(&f, "sshd", "name", "");
	gather_net(conf, &f);
	assert_int_equal(f.networks.count, 0);
	gather(&f, "login", "", "");
	gather_net(conf, &f);
	assert_int_equal(f.networks.count, 0);
}

static void
test_too_many_networks_are_told(void **state)
{
	struct conf_errors errors = { 0 };
	struct conf *many;
	struct facts f;
	char text[4096] = "";
	size_t used, i;

	(void)state;
	for (i = 0; i <= FACT_NETWORKS_MAX; i++) {
		used = strlen(text);
		(void)snprintf(text + used, sizeof(text) - used,
		    "network n%zu { cidr = {\"198.51.100.0/%zu\"} "
		    "label = \"many\" }\n",
		    i, i + 8 < 24 ? (size_t)24 : i + 8);
	}
	used = strlen(text);
	(void)snprintf(text + used, sizeof(text) - used, "policy all { }\n");
	if (conf_parse("many", text, strlen(text), &many, &errors) != 0) {
		conf_errors_print(&errors, stderr);
		fail();
	}
	set_login(&f, "sshd", "198.51.100.0", "");
	gather_origin(many, NULL, &f);
	gather_net(many, &f);
	assert_int_equal(f.networks.count, FACT_NETWORKS_MAX);
	assert_true(f.networks.overflow);
	conf_free(many);
	conf_errors_done(&errors);
}

/* GEO-08: no address is "abroad" because of its class. */
static void
test_the_class_of_an_address_comes_before_the_databases(void **state)
{
	static const struct {
		const char *rhost;
		enum fact_state state;
		const char *country;
	} t[] = {
		{ "198.51.100.1", FACT_KNOWN, "DE" },
		{ "198.51.100.200", FACT_KNOWN, "DE" },
		{ "::ffff:198.51.100.1", FACT_KNOWN, "DE" },
		{ "2001:db8:1::5", FACT_KNOWN, "DE" },
		{ "10.1.0.5", FACT_KNOWN, "SE" },
		{ "127.0.0.1", FACT_KNOWN, "SE" },
		{ "10.2.0.5", FACT_NONE, "" },
		{ "172.31.255.255", FACT_NONE, "" },
		{ "192.168.1.1", FACT_NONE, "" },
		{ "fd00::1", FACT_NONE, "" },
		{ "::1", FACT_NONE, "" },
		{ "100.64.0.1", FACT_NONE, "" },
		{ "169.254.1.1", FACT_NONE, "" },
		{ "fe80::1%eth0", FACT_NONE, "" },
		{ "64:ff9b::10.2.0.1", FACT_NONE, "" },
		{ "2002:c0a8:0101::1", FACT_NONE, "" },
		/* the network of the address inside is not this one's */
		{ "64:ff9b::10.1.0.5", FACT_NONE, "" },
		{ "64:ff9b::198.51.100.1", FACT_UNKNOWN, "" },
		{ "203.0.113.1", FACT_UNKNOWN, "" },
		{ "2001:db8:2::1", FACT_UNKNOWN, "" },
		{ "224.0.0.1", FACT_UNKNOWN, "" },
		{ "ff02::1", FACT_UNKNOWN, "" },
		{ "240.0.0.1", FACT_UNKNOWN, "" },
		{ "0.0.0.0", FACT_UNKNOWN, "" },
		{ "198.18.0.1", FACT_UNKNOWN, "" },
		{ "2001:0:5102:458e::1", FACT_UNKNOWN, "" },
		{ "64:ff9b::240.0.0.1", FACT_UNKNOWN, "" },
		{ "2002:e000:0001::1", FACT_UNKNOWN, "" },
		/* public ones, and no database here */
		{ "81.2.69.142", FACT_ERROR, "" },
		{ "2a02:2e0::1", FACT_ERROR, "" },
		{ "64:ff9b::81.2.69.142", FACT_ERROR, "" },
		{ "2002:5102:458e::1", FACT_ERROR, "" },
	};
	struct facts f;
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(t); i++) {
		gather(&f, "sshd", t[i].rhost, "");
		gather_net(conf, &f);
		gather_place(conf, geo, &f);
		if (f.place.state != t[i].state)
			fail_msg("the place of %s is %s", t[i].rhost,
			    fact_state_name(f.place.state));
		assert_string_equal(f.place.country, t[i].country);
		assert_int_equal(f.place.problem != NULL,
		    t[i].state == FACT_UNKNOWN || t[i].state == FACT_ERROR);
	}
}

static void
test_without_an_address_there_is_no_place(void **state)
{
	struct facts f;

	(void)state;
	gather(&f, "sshd", "name", "");
	gather_net(conf, &f);
	gather_place(conf, geo, &f);
	assert_int_equal(f.place.state, FACT_NONE);
	gather(&f, "login", "", "");
	gather_place(conf, geo, &f);
	assert_int_equal(f.place.state, FACT_NONE);
}

static int
set_up(void **state)
{
	struct conf_errors errors = { 0 };
	int r;

	(void)state;
	r = conf_parse("test", config, sizeof(config) - 1, &conf, &errors);
	if (r == 0)
		r = geo_open(conf, &geo, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	return r;
}

static int
tear_down(void **state)
{
	(void)state;
	geo_free(geo);
	conf_free(conf);
	return 0;
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
		cmocka_unit_test(test_named_networks_come_in_order),
		cmocka_unit_test(test_too_many_networks_are_told),
		cmocka_unit_test(
		    test_the_class_of_an_address_comes_before_the_databases),
		cmocka_unit_test(test_without_an_address_there_is_no_place),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
