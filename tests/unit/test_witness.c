/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From facts to a statement: what counts for who asks is what would for a
 * login of theirs, what is minor is nobody's business, and what is said is for
 * one jump host.
 */
#include "policyd/witness/witness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "policyd/device/identity.h"
#include "policyd/gather/gather.h"
#include "policyd/store/store_baseline.h"
#include "policyd/witness/answer.h"
#include "policyd/witness/statement_fill.h"
#include "policyd/witness/statement_names.h"
#include "policyd/witness/token.h"

#define UID   1001u
#define OTHER 1002u
#define SCOPE "/user.slice/user-1001.slice/session-7.scope"

static const char config[] =
    "jumphost a { names = {\"jump.example.org\"}\n"
    " key = \"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M=\" }\n"
    "jumphost b { names = {\"other\"}\n"
    " key = \"x25519:CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }\n"
    "scan { approved = {\"helpdesk\"} }\n";

static struct conf *conf;
static struct picture picture;
static struct gather_machine machine;
static struct identity identity;
static struct facts facts;
static struct finding_list findings;
static struct statement st;

static struct sign *
add(enum entry_kind kind, const char *what)
{
	struct sign *s = &picture.sign[picture.nsigns++];

	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->grade = SIGN_ACTIVE;
	s->confidence = SIGN_BY_IDENTITY;
	s->owner = SIGN_OF_MACHINE;
	s->steers = ENTRY_STEERS_NONE;
	s->uid = (uint32_t)-1;
	s->audit_session = (uint32_t)-1;
	(void)snprintf(s->what, sizeof(s->what), "%s", what);
	(void)snprintf(s->seen, sizeof(s->seen), "%s", what);
	return s;
}

static struct sign *
add_of(uint32_t uid, enum entry_kind kind, const char *what)
{
	struct sign *s = add(kind, what);

	s->owner = SIGN_OF_USER;
	s->uid = uid;
	return s;
}

static struct sign *
add_device(enum entry_kind kind, const char *what, uint8_t serial)
{
	struct sign *s = add(kind, what);

	s->grade = SIGN_PRESENT;
	s->serial = serial;
	return s;
}

static struct conf *
parse(const char *text)
{
	struct conf_errors errors = { 0 };
	struct conf *parsed = NULL;

	if (conf_parse("test", text, strlen(text), &parsed, &errors) != 0) {
		conf_errors_print(&errors, stderr);
		fail_msg("%s", text);
	}
	conf_errors_done(&errors);
	return parsed;
}

/* Nothing is found, and alice asks. */
static int
begin(void **state)
{
	(void)state;
	conf = parse(config);
	memset(&picture, 0, sizeof(picture));
	memset(&machine, 0, sizeof(machine));
	memset(&identity, 0, sizeof(identity));
	memset(&facts, 0, sizeof(facts));
	picture.number = 1;
	picture.taken_ns = 1000000000;
	picture.seat_uid = (uint32_t)-1;
	machine.picture = &picture;
	machine.now_ns = 1500000000;
	machine.max_age_ms = 2000;
	facts.at_s = 1767225600;
	facts.peer.state = FACT_KNOWN;
	facts.peer.uid = UID;
	facts.peer.loginuid = UID;
	facts.peer.audit_session = 7;
	(void)snprintf(facts.peer.cgroup, sizeof(facts.peer.cgroup), SCOPE);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	conf_free(conf);
	return 0;
}

/* By the n-th jump host. */
static void
make(size_t host)
{
	const struct ruleset_sources from = { .machine = &machine,
		.identity = &identity };
	struct fg_token token;
	struct witness_of of = { .conf = conf,
		.facts = &facts,
		.picture = machine.picture,
		.identity = &identity,
		.host = &conf->jumphosts[host],
		.token = &token,
		.user = "alice" };
	uint8_t bytes[STATEMENT_SIZE];
	struct statement again;

	memset(&token, 7, sizeof(token));
	memcpy(token.host_id, of.host->id, sizeof(token.host_id));
	witness_gather(conf, &from, &facts);
	witness_state(&of, &findings, &st);
	/* Whatever is stated can be said. */
	assert_int_equal(statement_encode(&st, bytes), 0);
	assert_int_equal(statement_decode(bytes, sizeof(bytes), &again), 0);
}

/* "remote.tool:active anydesk" is stated, once. */
static void
expect(const char *want)
{
	char text[128];
	const char *grade;
	size_t i, n = 0;

	for (i = 0; i < st.nfindings; i++) {
		grade = statement_grade_name(st.finding[i].grade);
		(void)snprintf(text, sizeof(text), "%s%s%s%s%s",
		    finding_info(statement_finding_code(st.finding[i].finding))
			->name,
		    grade[0] == '\0' ? "" : ":", grade,
		    st.finding[i].of[0] == '\0' ? "" : " ", st.finding[i].of);
		n += strcmp(text, want) == 0;
		assert_false(st.finding[i].minor);
	}
	if (n != 1)
		fail_msg("%s is stated %zu times of %zu", want, n,
		    st.nfindings);
}

static void
expect_nothing(void)
{
	assert_int_equal(st.nfindings, 0);
	assert_int_equal(findings.count, 0);
	assert_int_equal(st.flags, 0);
}

/* ---- what is asked ------------------------------------------------------ */

static void
it_is_about_the_challenge_and_the_user(void **state)
{
	uint8_t digest[STATEMENT_USER_SIZE];

	(void)state;
	make(0);
	assert_memory_equal(st.host_id, conf->jumphosts[0].id,
	    sizeof(st.host_id));
	assert_memory_equal(st.nonce, "\7\7\7\7\7\7\7\7\7\7\7\7\7\7\7\7",
	    sizeof(st.nonce));
	statement_user_digest("alice", digest);
	assert_memory_equal(st.user_digest, digest, sizeof(digest));
	assert_int_equal(st.at_s, 1767225600);
	assert_string_equal(st.release, FG_PACKAGE_VERSION);
	expect_nothing();
}

/* ---- what is found ------------------------------------------------------ */

static void
each_check_that_is_about_the_machine_is_made(void **state)
{
	struct store_baseline known = { .learned = true };

	(void)state;
	conf_free(conf);
	conf = parse("asset = \"LT-1\"\n"
		     "jumphost a { names = {\"jump.example.org\"}\n"
		     " key = \"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3c"
		     "G1M=\" }\n");
	machine.known = &known;
	(void)add(ENTRY_RMM, "anydesk");
	(void)add(ENTRY_VNC, "x11vnc");
	(void)add(ENTRY_TUNNEL, "ngrok");
	(void)add(ENTRY_VPN_CLIENT, "astrill");
	make(0);
	expect("remote.tool:active anydesk");
	expect("remote.desktop:active x11vnc");
	expect("remote.tunnel:active ngrok");
	expect("net.vpn_client:default_route astrill");
	picture.nsigns = 0;
	(void)add_device(ENTRY_IP_KVM, "pikvm", 0);
	(void)add_device(ENTRY_CAPTURE, "grabber", 0);
	(void)add_device(ENTRY_JIGGLER, "wiebetech", 0);
	(void)add_device(ENTRY_HYPERVISOR, "qemu", 0);
	(void)add_device(ENTRY_KEYBOARD, "usb 046d:c52b 0123456789abcdef", 1);
	make(0);
	expect("remote.kvm:identity pikvm");
	expect("remote.display:identity grabber");
	expect("remote.jiggler wiebetech");
	expect("device.virtual qemu");
	expect("device.new_input usb 046d:c52b 0123456789abcdef");
	assert_int_equal(st.nfindings, 5);
	assert_int_equal(st.flags, STATEMENT_VIRTUAL);
}

static void
what_is_minor_or_nothing_is_not_said(void **state)
{
	(void)state;
	(void)add_of(OTHER, ENTRY_RMM, "anydesk");
	add_of(UID, ENTRY_VNC, "x11vnc")->confidence = SIGN_BY_NAME;
	add(ENTRY_VNC, "tigervnc")->grade = SIGN_INSTALLED;
	(void)add(ENTRY_RMM, "helpdesk");
	(void)add(ENTRY_ORDINARY, "gnome-shell");
	(void)add_device(ENTRY_KEYBOARD, "usb 046d:c52b 0123456789abcdef", 0);
	make(0);
	expect_nothing();
}

static void
who_asks_is_whose_login_it_would_be(void **state)
{
	(void)state;
	(void)add_of(UID, ENTRY_RMM, "anydesk");
	make(0);
	expect("remote.tool:active anydesk");
	facts.peer.uid = OTHER;
	facts.peer.loginuid = OTHER;
	make(0);
	expect_nothing();
	/* By sudo it is yet whose session that is. */
	facts.peer.uid = 0;
	facts.peer.loginuid = UID;
	make(0);
	expect("remote.tool:active anydesk");
	facts.peer.state = FACT_ERROR;
	make(0);
	assert_int_equal(st.flags, STATEMENT_PARTIAL);
	expect("remote.unknown:partial");
	assert_int_equal(st.nfindings, 1);
}

static void
a_session_in_others_hands_is_said(void **state)
{
	struct sign *s = add_of(UID, ENTRY_VNC, "x11vnc");

	(void)state;
	s->steers = ENTRY_STEERS_OWN;
	s->audit_session = 7;
	make(0);
	assert_int_equal(st.flags, STATEMENT_REMOTE);
	expect("remote.session");
	expect("remote.desktop:active x11vnc");
	/* Another session of the same user is not. */
	s->audit_session = 8;
	make(0);
	assert_int_equal(st.flags, 0);
	assert_int_equal(st.nfindings, 1);
	/* Nor is what anybody may call so, or the help desk's. */
	s->audit_session = 7;
	s->confidence = SIGN_BY_NAME;
	make(0);
	expect_nothing();
	s->confidence = SIGN_BY_IDENTITY;
	(void)snprintf(s->what, sizeof(s->what), "helpdesk");
	make(0);
	expect_nothing();
}

static void
one_of_whose_processes_a_tool_is_comes_out_of_it(void **state)
{
	(void)state;
	facts.peer.steered.kind = ENTRY_RMM;
	facts.peer.steered.confidence = SIGN_BY_IDENTITY;
	facts.peer.steered.owner = SIGN_OF_MACHINE;
	(void)snprintf(facts.peer.steered.what, sizeof(facts.peer.steered.what),
	    "anydesk");
	make(0);
	assert_int_equal(st.flags, STATEMENT_REMOTE);
	expect("remote.session");
}

static void
what_could_not_be_seen_is_said(void **state)
{
	(void)state;
	picture.failed = PICTURE_SOCKETS;
	make(0);
	assert_int_equal(st.flags, STATEMENT_PARTIAL);
	expect("remote.unknown:partial");
	picture.failed = 0;
	machine.now_ns = 60000000000;
	machine.blind = true;
	picture.gateway[0] = 0x3c;
	(void)add_device(ENTRY_HYPERVISOR, "qemu", 0);
	(void)add_device(ENTRY_MONITOR, "edid DEL:a0b1 0123456789abcdef", 1);
	make(0);
	assert_int_equal(st.flags, STATEMENT_BLIND);
	expect("remote.unknown:blind");
	/* What was seen long ago is not there now. */
	assert_int_equal(st.nperipherals, 0);
	assert_memory_equal(st.gateway, "\0\0\0\0\0\0\0\0", 8);
	machine.picture = NULL;
	make(0);
	assert_int_equal(st.flags, STATEMENT_BLIND);
}

static void
of_too_many_the_weightiest_are_said(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof(name), "tunnel%d", i);
		add(ENTRY_TUNNEL, name)->grade = SIGN_RUNNING;
	}
	for (int i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof(name), "vnc%d", i);
		add(ENTRY_VNC, name)->grade = SIGN_RUNNING;
	}
	make(0);
	assert_int_equal(st.flags, 0);
	assert_int_equal(st.nfindings, STATEMENT_FINDINGS_MAX);
	(void)add(ENTRY_RMM, "anydesk");
	make(0);
	assert_int_equal(st.flags, STATEMENT_CUT);
	assert_int_equal(st.nfindings, STATEMENT_FINDINGS_MAX);
	expect("remote.tool:active anydesk");
	assert_int_equal(findings.count, STATEMENT_FINDINGS_MAX + 1);
}

/* Who starts many harmless programs cuts nothing by it. */
static void
what_is_minor_cuts_nothing(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "tool%d", i);
		(void)add_of(OTHER, ENTRY_RMM, name);
	}
	(void)add(ENTRY_RMM, "anydesk");
	make(0);
	assert_int_equal(st.flags, 0);
	assert_int_equal(st.nfindings, 1);
	expect("remote.tool:active anydesk");
}

/* ---- what is seen ------------------------------------------------------- */

static void
devices_with_a_number_are_digested_once(void **state)
{
	struct statement want = { 0 };
	static const char keyboard[] = "usb 046d:c52b 0123456789abcdef";
	static const char monitor[] = "edid DEL:a0b1 00112233aabbccdd";

	(void)state;
	(void)add_device(ENTRY_KEYBOARD, keyboard, 1);
	(void)add_device(ENTRY_POINTER, keyboard, 1); /* the same one's */
	(void)add_device(ENTRY_MONITOR, monitor, 1);
	(void)add_device(ENTRY_MONITOR, "edid DEL:a0b1 00112233aabbccdd #2", 1);
	(void)add_device(ENTRY_MONITOR, "edid none", 0);
	(void)add_device(ENTRY_OTHER_INPUT, "usb 1532:0001 ffffffffffffffff",
	    0);
	(void)add_device(ENTRY_IP_KVM, "pikvm", 1); /* no peripheral's name */
	make(0);
	statement_add_peripheral(&want, conf->jumphosts[0].key, keyboard);
	statement_add_peripheral(&want, conf->jumphosts[0].key, monitor);
	assert_int_equal(st.nperipherals, 2);
	assert_memory_equal(st.peripheral, want.peripheral,
	    sizeof(want.peripheral));
}

/* Also those of the baseline, which are no finding. */
static void
a_device_that_belongs_there_is_seen_all_the_same(void **state)
{
	struct store_baseline known = { .learned = true };

	(void)state;
	machine.known = NULL;
	(void)add_device(ENTRY_MONITOR, "edid DEL:a0b1 00112233aabbccdd", 1);
	make(0);
	expect_nothing();
	assert_int_equal(st.nperipherals, 1);
	machine.known = &known;
	make(0);
	assert_int_equal(st.nfindings, 1);
	assert_int_equal(st.nperipherals, 1);
}

static void
no_two_jump_hosts_hear_the_same(void **state)
{
	uint8_t peripheral[STATEMENT_SITE_SIZE], gateway[STATEMENT_SITE_SIZE];
	static const uint8_t none[STATEMENT_SITE_SIZE];

	(void)state;
	memcpy(picture.gateway, "\x3c\x37\x12\x01\x02\x03", 6);
	(void)add_device(ENTRY_MONITOR, "edid DEL:a0b1 00112233aabbccdd", 1);
	make(0);
	assert_int_equal(st.nperipherals, 1);
	memcpy(peripheral, st.peripheral[0], sizeof(peripheral));
	memcpy(gateway, st.gateway, sizeof(gateway));
	assert_memory_not_equal(gateway, none, sizeof(none));
	make(1);
	assert_memory_not_equal(st.peripheral[0], peripheral,
	    sizeof(peripheral));
	assert_memory_not_equal(st.gateway, gateway, sizeof(gateway));
	make(0);
	assert_memory_equal(st.peripheral[0], peripheral, sizeof(peripheral));
	assert_memory_equal(st.gateway, gateway, sizeof(gateway));
	memset(picture.gateway, 0, sizeof(picture.gateway));
	make(0);
	assert_memory_equal(st.gateway, none, sizeof(none));
}

static void
a_virtual_machine_is_one_whatever_was_issued(void **state)
{
	(void)state;
	(void)add_device(ENTRY_HYPERVISOR, "qemu", 0);
	make(0);
	assert_int_equal(st.flags, STATEMENT_VIRTUAL);
	assert_int_equal(st.nfindings, 0);
}

static void
hardware_ids_are_the_machines(void **state)
{
	struct hwids ids = { 0 };
	struct hwid id;
	const char *why;

	(void)state;
	assert_int_equal(hwid_make(HWID_SERIAL, "5JT0K93", &id, &why), 0);
	assert_int_equal(hwids_add(&ids, &id), 0);
	hwids_digest(&ids, &identity.digests);
	identity.digests.unread = 1u << HWID_TPM;
	make(0);
	assert_int_equal(st.hwids.n, 1);
	assert_int_equal(st.hwids.unread, 1u << HWID_TPM);
	assert_memory_equal(&st.hwids.list[0], &identity.digests.list[0],
	    sizeof(st.hwids.list[0]));
}

static int
init(void **state)
{
	(void)state;
	return crypto_init();
}

#define WITNESS_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		WITNESS_TEST(it_is_about_the_challenge_and_the_user),
		WITNESS_TEST(each_check_that_is_about_the_machine_is_made),
		WITNESS_TEST(what_is_minor_or_nothing_is_not_said),
		WITNESS_TEST(who_asks_is_whose_login_it_would_be),
		WITNESS_TEST(a_session_in_others_hands_is_said),
		WITNESS_TEST(one_of_whose_processes_a_tool_is_comes_out_of_it),
		WITNESS_TEST(what_could_not_be_seen_is_said),
		WITNESS_TEST(of_too_many_the_weightiest_are_said),
		WITNESS_TEST(what_is_minor_cuts_nothing),
		WITNESS_TEST(devices_with_a_number_are_digested_once),
		WITNESS_TEST(a_device_that_belongs_there_is_seen_all_the_same),
		WITNESS_TEST(no_two_jump_hosts_hear_the_same),
		WITNESS_TEST(a_virtual_machine_is_one_whatever_was_issued),
		WITNESS_TEST(hardware_ids_are_the_machines),
	};

	return cmocka_run_group_tests(tests, init, NULL);
}
