/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a picture of the machine to what counts for one login, and to findings:
 * whose programs may keep whom out, and which logins are in others' hands.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/check/check_sign.h"
#include "policyd/gather/gather.h"
#include "policyd/store/store_baseline.h"
#include "policyd/scanner/unit.h"
#include "tests/unit/deciding.h"

#define UID	1001u
#define OTHER	1002u
#define SCOPE	"/user.slice/user-1001.slice/session-7.scope"
#define SEAT	"/user.slice/user-1001.slice/session-2.scope"
#define MANAGER "/user.slice/user-1001.slice/user@1001.service/app.slice/a"

/* Strict, so that whatever counts shows in the verdict. */
static const char strict[] =
    "policy all { actions = {\"remote.tool = deny\", "
    "\"remote.desktop = deny\", \"remote.tunnel = deny\", "
    "\"remote.kvm = deny\", \"remote.display = deny\", "
    "\"remote.jiggler = deny\", \"remote.session = deny\", "
    "\"net.vpn_client = deny\", \"device.new_input = deny\", "
    "\"remote.tool:hidden = deny\"} }\n";

static struct picture picture;
static struct gather_machine machine;

static struct sign *
add(enum entry_kind kind, const char *what)
{
	struct sign *s = &picture.sign[picture.nsigns++];

	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->grade = SIGN_ACTIVE;
	s->confidence = SIGN_BY_IDENTITY;
	s->owner = SIGN_OF_USER;
	s->uid = UID;
	s->audit_session = (uint32_t)-1;
	s->pid = 812;
	s->since_s = 1767225600; /* 2026-01-01 00:00 UTC */
	(void)snprintf(s->what, sizeof(s->what), "%s", what);
	(void)snprintf(s->seen, sizeof(s->seen), "/usr/bin/%s, pid 812", what);
	return s;
}

static void
set_machine(struct facts *f)
{
	memset(&picture, 0, sizeof(picture));
	memset(&machine, 0, sizeof(machine));
	picture.number = 1;
	picture.taken_ns = 1000000000;
	picture.seat_uid = (uint32_t)-1;
	machine.picture = &picture;
	machine.now_ns = 1500000000;
	machine.max_age_ms = 2000;
	set_facts(f);
	f->login.uid = UID;
	f->peer.state = FACT_KNOWN;
	f->peer.loginuid = UID;
	f->peer.audit_session = 7;
}

static void
decide_with(const char *text, struct facts *f, struct decision *d)
{
	static struct conf *conf;

	conf_free(conf); /* of the one before: the decision borrows from it */
	conf = parse(text);
	gather_remote(conf, &machine, f);
	decide(f, conf, d);
}

static const struct finding *
find(const struct decision *d, enum finding_code code)
{
	size_t i;

	for (i = 0; i < d->findings.count; i++)
		if (d->findings.list[i].code == code)
			return &d->findings.list[i];
	return NULL;
}

static void
test_every_kind_makes_its_finding_in_its_grade(void **state)
{
	static const struct {
		enum entry_kind kind;
		enum sign_grade grade;
		enum sign_confidence confidence;
		const char *code; /* NULL: none */
		const char *as;
	} cases[] = {
		{ ENTRY_RMM, SIGN_INSTALLED, SIGN_BY_IDENTITY, "remote.tool",
		    "installed" },
		{ ENTRY_RMM, SIGN_RUNNING, SIGN_BY_IDENTITY, "remote.tool",
		    "running" },
		{ ENTRY_RMM, SIGN_ACTIVE, SIGN_BY_IDENTITY, "remote.tool",
		    "active" },
		{ ENTRY_INPUT_SHARE, SIGN_ACTIVE, SIGN_BY_IDENTITY,
		    "remote.tool", "active" },
		{ ENTRY_HIDDEN, SIGN_RUNNING, SIGN_BY_BEHAVIOUR, "remote.tool",
		    "hidden" },
		{ ENTRY_VNC, SIGN_INSTALLED, SIGN_BY_IDENTITY, NULL, NULL },
		{ ENTRY_VNC, SIGN_RUNNING, SIGN_BY_IDENTITY, "remote.desktop",
		    "running" },
		{ ENTRY_RDP, SIGN_ACTIVE, SIGN_BY_IDENTITY, "remote.desktop",
		    "active" },
		{ ENTRY_STREAMING, SIGN_ACTIVE, SIGN_BY_IDENTITY,
		    "remote.desktop", "active" },
		{ ENTRY_TUNNEL, SIGN_INSTALLED, SIGN_BY_IDENTITY, NULL, NULL },
		{ ENTRY_TUNNEL, SIGN_RUNNING, SIGN_BY_IDENTITY, "remote.tunnel",
		    "running" },
		{ ENTRY_TERMINAL_SHARE, SIGN_ACTIVE, SIGN_BY_IDENTITY,
		    "remote.tunnel", "active" },
		{ ENTRY_JIGGLER, SIGN_RUNNING, SIGN_BY_IDENTITY,
		    "remote.jiggler", "" },
		{ ENTRY_JIGGLER, SIGN_PRESENT, SIGN_BY_IDENTITY,
		    "remote.jiggler", "" },
		{ ENTRY_JIGGLER, SIGN_INSTALLED, SIGN_BY_IDENTITY, NULL, NULL },
		{ ENTRY_VPN_CLIENT, SIGN_INSTALLED, SIGN_BY_IDENTITY,
		    "net.vpn_client", "installed" },
		{ ENTRY_VPN_CLIENT, SIGN_ACTIVE, SIGN_BY_IDENTITY,
		    "net.vpn_client", "default_route" },
		{ ENTRY_IP_KVM, SIGN_PRESENT, SIGN_BY_IDENTITY, "remote.kvm",
		    "identity" },
		{ ENTRY_IP_KVM, SIGN_PRESENT, SIGN_BY_COMPOSITION, "remote.kvm",
		    "composition" },
		{ ENTRY_CAPTURE, SIGN_PRESENT, SIGN_BY_IDENTITY,
		    "remote.display", "identity" },
		{ ENTRY_DUMMY_PLUG, SIGN_PRESENT, SIGN_BY_COMPOSITION,
		    "remote.display", "weak" },
		{ ENTRY_ORDINARY, SIGN_PRESENT, SIGN_BY_IDENTITY, NULL, NULL },
		/* Without a baseline, and where no asset was issued. */
		{ ENTRY_KEYBOARD, SIGN_PRESENT, SIGN_BY_IDENTITY, NULL, NULL },
		{ ENTRY_HYPERVISOR, SIGN_PRESENT, SIGN_BY_IDENTITY, NULL,
		    NULL },
	};
	struct decision d;
	struct facts f;
	struct sign *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_machine(&f);
		s = add(cases[i].kind, "thing");
		s->grade = cases[i].grade;
		s->confidence = cases[i].confidence;
		decide_with(strict, &f, &d);
		assert_int_equal(d.findings.count, cases[i].code != NULL);
		if (cases[i].code == NULL)
			continue;
		assert_string_equal(finding_info(d.findings.list[0].code)->name,
		    cases[i].code);
		assert_string_equal(d.findings.list[0].grade, cases[i].as);
		assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	}
}

static void
test_what_was_seen_is_said_in_words(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	(void)add(ENTRY_VNC, "x11vnc");
	decide_with(strict, &f, &d);
	assert_string_equal(d.findings.list[0].text,
	    "x11vnc: /usr/bin/x11vnc, pid 812; by identity, since "
	    "2026-01-01 00:00Z");
}

/* Or any local user keeps everybody out by the name of a program. */
static void
test_other_peoples_programs_are_no_reason(void **state)
{
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add(ENTRY_RMM, "anydesk");
	s->uid = OTHER;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_int_equal(d.findings.count, 1);
	assert_int_equal(d.applied[0].action, ACTION_LOG);
	assert_non_null(strstr(d.findings.list[0].text, "of another user"));

	s->owner = SIGN_OF_SEAT; /* who sits at the machine is everybody's */
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);

	s->owner = SIGN_OF_MACHINE;
	s->uid = 0;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);

	s->owner = SIGN_OF_USER;
	s->uid = OTHER;
	decide_with("scan { scope = machine }\n"
		    "policy all { actions = {\"remote.tool = deny\"} }\n",
	    &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
}

static void
test_a_name_alone_is_no_reason_whoever_gave_it(void **state)
{
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add(ENTRY_RMM, "anydesk");
	s->owner = SIGN_OF_MACHINE;
	s->confidence = SIGN_BY_NAME;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_non_null(strstr(d.findings.list[0].text,
	    "by name, which anybody may give"));
	s->confidence = SIGN_BY_COMPOSITION;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
}

/* Weak signals count together, but not those that others can make. */
static void
test_nobody_makes_up_a_combination_for_others(void **state)
{
	static const char text[] =
	    "policy all { actions = {\"remote.tool:running = log\"} "
	    "combination both { findings = {\"remote.tool\", "
	    "\"remote.desktop\"} action = deny } }\n";
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	add(ENTRY_RMM, "anydesk")->grade = SIGN_RUNNING;
	s = add(ENTRY_VNC, "x11vnc");
	decide_with(text, &f, &d);
	assert_int_equal(d.by, DECIDED_BY_COMBINATION);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	s->uid = OTHER;
	decide_with(text, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
}

static void
test_sudo_counts_what_the_person_who_asked_runs(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	(void)add(ENTRY_RMM, "anydesk");
	f.kind = SERVICE_NESTED;
	f.login.uid = 0;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	f.peer.loginuid = (uint32_t)-1;
	picture.sign[0].uid = (uint32_t)-1; /* nobody's is not nobody's own */
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
}

static void
test_what_is_approved_is_nothing(void **state)
{
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add(ENTRY_VPN_CLIENT, "openvpn");
	s->owner = SIGN_OF_MACHINE;
	decide_with("scan { approved = {\"wireguard\"} }\n"
		    "policy all { actions = {\"net.vpn_client = deny\"} }\n",
	    &f, &d);
	assert_reason(&d, "net.vpn_client:default_route");
	decide_with("scan { approved = {\"openvpn\"} }\n"
		    "policy all { actions = {\"net.vpn_client = deny\"} }\n",
	    &f, &d);
	assert_reason(&d, "none");
}

static const char approving[] =
    "scan { approved = {\"anydesk\"} }\n"
    "policy all { actions = {\"remote.tool = deny\"} }\n";

/* Whoever runs a program chooses its name. */
static void
test_a_mere_name_is_not_approved(void **state)
{
	static const struct {
		enum sign_owner owner;
		enum sign_confidence confidence;
		bool is;
	} cases[] = {
		{ SIGN_OF_USER, SIGN_BY_NAME, false },
		{ SIGN_OF_USER, SIGN_BY_COMPOSITION, true },
		{ SIGN_OF_USER, SIGN_BY_BEHAVIOUR, true },
		{ SIGN_OF_USER, SIGN_BY_IDENTITY, true },
		{ SIGN_OF_SEAT, SIGN_BY_NAME, false },
		{ SIGN_OF_SEAT, SIGN_BY_BEHAVIOUR, true },
		{ SIGN_OF_SEAT, SIGN_BY_IDENTITY, true },
		{ SIGN_OF_MACHINE, SIGN_BY_NAME, true },
		{ SIGN_OF_MACHINE, SIGN_BY_COMPOSITION, true },
	};
	struct decision d;
	struct facts f;
	struct sign *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_machine(&f);
		s = add(ENTRY_RMM, "anydesk");
		s->owner = cases[i].owner;
		s->confidence = cases[i].confidence;
		decide_with(approving, &f, &d);
		assert_int_equal(find(&d, FINDING_REMOTE_TOOL) == NULL,
		    cases[i].is);
		machine.support.n = 1;
		machine.support.by[0].id = 3;
		(void)strcpy(machine.support.by[0].tool, "anydesk");
		assert_int_equal(gather_support_of(&machine, s),
		    cases[i].is ? 3 : 0);
		machine.support.n = 0;
	}
}

static void
test_what_the_help_desk_uses_is_logged(void **state)
{
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add(ENTRY_RMM, "anydesk");
	s->steers = ENTRY_STEERS_SEAT;
	f.kind = SERVICE_CONSOLE;
	machine.support.n = 1;
	machine.support.by[0].id = 3;
	(void)strcpy(machine.support.by[0].tool, "anydesk");
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_non_null(find(&d, FINDING_REMOTE_SESSION));
	assert_non_null(strstr(find(&d, FINDING_REMOTE_TOOL)->text,
	    "the help desk's (support 3)"));
	machine.support.n = 0;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
}

static void
test_devices_are_new_against_a_baseline(void **state)
{
	static struct store_baseline known;
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add(ENTRY_KEYBOARD, "usb 046d:c52b 1");
	s->grade = SIGN_PRESENT;
	s->owner = SIGN_OF_MACHINE;
	decide_with(strict, &f, &d);
	assert_reason(&d, "none");
	known.learned = true;
	known.n = 2;
	known.device[0].kind = ENTRY_MONITOR;
	(void)strcpy(known.device[0].what, "edid DEL:2013 1");
	known.device[1].kind = ENTRY_KEYBOARD;
	(void)strcpy(known.device[1].what, "usb 046d:c52b 1");
	machine.known = &known;
	decide_with(strict, &f, &d);
	assert_reason(&d, "none");
	known.n = 1;
	decide_with(strict, &f, &d);
	assert_reason(&d, "device.new_input");
	known.n = 0; /* an empty baseline is one */
	decide_with(strict, &f, &d);
	assert_reason(&d, "device.new_input");
}

static void
test_a_machine_is_virtual_where_a_real_one_was_issued(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	add(ENTRY_HYPERVISOR, "kvm")->owner = SIGN_OF_MACHINE;
	picture.sign[0].grade = SIGN_PRESENT;
	decide_with("policy all { }\n", &f, &d);
	assert_reason(&d, "none");
	decide_with("asset = \"LT-7\"\npolicy all { }\n", &f, &d);
	assert_reason(&d, "device.virtual");
}

/* ---- remote.session ----------------------------------------------------- */

static struct sign *
add_desktop(enum entry_steers steers)
{
	struct sign *s = add(ENTRY_VNC, "x11vnc");

	s->steers = steers;
	return s;
}

static void
expect_tie(struct facts *f, enum remote_tie tie)
{
	struct decision d;

	decide_with(strict, f, &d);
	assert_int_equal(f->remote.tie, tie);
	assert_int_equal(find(&d, FINDING_REMOTE_SESSION) != NULL,
	    tie != REMOTE_TIE_NONE);
}

static void
test_a_session_is_tied_by_the_kernels_words(void **state)
{
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add_desktop(ENTRY_STEERS_OWN);
	s->audit_session = 7;
	/* The service may be the tool itself, whose login this is. */
	expect_tie(&f, REMOTE_TIE_NONE);
	f.kind = SERVICE_NESTED;
	expect_tie(&f, REMOTE_TIE_SESSION);
	s->grade = SIGN_RUNNING; /* nobody looks at it now */
	expect_tie(&f, REMOTE_TIE_NONE);
	/* Of the service manager's word that is not known. */
	(void)strcpy(s->what, "session-7");
	(void)strcpy(s->cgroup, SCOPE);
	(void)strcpy(f.peer.cgroup, SCOPE);
	expect_tie(&f, REMOTE_TIE_SESSION);
	(void)strcpy(s->what, "x11vnc");
	s->cgroup[0] = f.peer.cgroup[0] = '\0';
	s->grade = SIGN_ACTIVE;
	s->audit_session = 8;
	expect_tie(&f, REMOTE_TIE_NONE);
	(void)strcpy(s->cgroup, SCOPE);
	(void)strcpy(f.peer.cgroup, SCOPE "/sub");
	expect_tie(&f, REMOTE_TIE_SESSION);
	(void)strcpy(f.peer.cgroup, SCOPE "2");
	expect_tie(&f, REMOTE_TIE_NONE);
	/* Desktops start programs in the user's manager as well. */
	(void)strcpy(f.peer.cgroup, MANAGER);
	expect_tie(&f, REMOTE_TIE_SESSION);
	picture.seat_uid = UID; /* who is at the seat, too */
	expect_tie(&f, REMOTE_TIE_NONE);
	picture.seat_uid = (uint32_t)-1;
	/* Everything that a service holds is no session. */
	(void)strcpy(s->cgroup, "/system.slice/ssh.service");
	(void)strcpy(f.peer.cgroup, "/system.slice/ssh.service");
	expect_tie(&f, REMOTE_TIE_NONE);
	s->cgroup[0] = f.peer.cgroup[0] = '\0';
	s->audit_session = f.peer.audit_session = (uint32_t)-1;
	expect_tie(&f, REMOTE_TIE_NONE);
	f.peer.state = FACT_ERROR;
	expect_tie(&f, REMOTE_TIE_NONE);
}

/* What has lost its parents is in the tool's own unit still. */
static void
test_a_tools_own_unit_ties_what_is_in_it(void **state)
{
	static const struct {
		const char *tool;
		const char *login;
		bool tied;
	} cases[] = {
		{ "/system.slice/ttyd.service", "/system.slice/ttyd.service",
		    true },
		{ "/system.slice/ttyd.service", "/system.slice/ttyd.service/a",
		    true },
		{ "/system.slice/ttyd.service", "/system.slice/ttyd.service2",
		    false },
		{ "/system.slice/ttyd.service", "/system.slice/b.service",
		    false },
		{ "/system.slice/system-x.slice/x@1.service",
		    "/system.slice/system-x.slice/x@1.service", true },
		/* Of many people's logins and jobs. */
		{ "/system.slice/ssh.service", "/system.slice/ssh.service",
		    false },
		{ "/system.slice/sshd.service", "/system.slice/sshd.service",
		    false },
		{ "/system.slice/cron.service", "/system.slice/cron.service",
		    false },
		{ "/system.slice/gdm.service", "/system.slice/gdm.service",
		    false },
		{ "/system.slice/getty@tty1.service",
		    "/system.slice/getty@tty1.service", false },
		{ "/system.slice", "/system.slice", false },
		{ "/.service", "/.service", false },
		{ "", "", false },
	};
	struct facts f;
	struct sign *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_machine(&f);
		s = add_desktop(ENTRY_STEERS_OWN);
		s->owner = SIGN_OF_MACHINE;
		(void)strcpy(s->cgroup, cases[i].tool);
		(void)strcpy(f.peer.cgroup, cases[i].login);
		f.kind = SERVICE_NESTED;
		expect_tie(&f,
		    cases[i].tied ? REMOTE_TIE_SESSION : REMOTE_TIE_NONE);
		/* ssh to this machine, typed in there */
		f.kind = SERVICE_REMOTE;
		expect_tie(&f, REMOTE_TIE_NONE);
		f.client.state = FACT_KNOWN;
		(void)strcpy(f.client.cgroup, cases[i].login);
		expect_tie(&f,
		    cases[i].tied ? REMOTE_TIE_CLIENT : REMOTE_TIE_NONE);
	}
}

static void
test_a_unit_ties_by_what_is_certain_and_in_use(void **state)
{
	struct decision d;
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	f.kind = SERVICE_NESTED;
	s = add_desktop(ENTRY_STEERS_OWN);
	(void)strcpy(s->cgroup, "/system.slice/ttyd.service");
	(void)strcpy(f.peer.cgroup, "/system.slice/ttyd.service");
	expect_tie(&f, REMOTE_TIE_SESSION);
	s->grade = SIGN_RUNNING;
	expect_tie(&f, REMOTE_TIE_NONE);
	s->grade = SIGN_ACTIVE;
	s->confidence = SIGN_BY_COMPOSITION;
	expect_tie(&f, REMOTE_TIE_NONE);
	s->confidence = SIGN_BY_IDENTITY;
	s->audit_session = 3; /* somebody has started it in a login */
	expect_tie(&f, REMOTE_TIE_NONE);
	s->audit_session = (uint32_t)-1;
	/* Another user's keeps nobody out. */
	s->uid = OTHER;
	expect_tie(&f, REMOTE_TIE_SESSION);
	decide_with("policy all { actions = {\"remote.session = deny\"} }\n",
	    &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	s->owner = SIGN_OF_MACHINE;
	decide_with("policy all { actions = {\"remote.session = deny\"} }\n",
	    &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
}

/* The service manager's word is of no entry, but of the service's. */
static void
test_a_session_is_approved_by_its_services_name(void **state)
{
	static const char text[] =
	    "scan { approved = {\"%s\"} }\n"
	    "policy all { actions = {\"remote.session = deny\"} }\n";
	struct decision d;
	char conf[128];
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	f.kind = SERVICE_NESTED;
	s = add(ENTRY_RDP, "session-7");
	s->grade = SIGN_RUNNING;
	s->steers = ENTRY_STEERS_OWN;
	(void)strcpy(s->cgroup, SCOPE);
	(void)strcpy(s->entry, "xrdp");
	(void)strcpy(f.peer.cgroup, SCOPE);
	(void)snprintf(conf, sizeof(conf), text, "tigervnc");
	decide_with(conf, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	assert_non_null(find(&d, FINDING_REMOTE_SESSION));
	machine.support.n = 1;
	machine.support.by[0].id = 3;
	(void)strcpy(machine.support.by[0].tool, "xrdp");
	decide_with(conf, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	assert_int_equal(f.remote.by.support, 3);
	machine.support.n = 0;
	(void)snprintf(conf, sizeof(conf), text, "xrdp");
	decide_with(conf, &f, &d);
	assert_int_equal(f.remote.tie, REMOTE_TIE_NONE);
	assert_int_equal(f.remote.count, 0);
	assert_reason(&d, "none");
}

static void
test_who_steers_the_seat_has_its_logins(void **state)
{
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add_desktop(ENTRY_STEERS_SEAT);
	expect_tie(&f, REMOTE_TIE_NONE); /* from elsewhere */
	f.kind = SERVICE_CONSOLE;
	expect_tie(&f, REMOTE_TIE_SEAT);
	s->steers = ENTRY_STEERS_OWN;
	expect_tie(&f, REMOTE_TIE_NONE);
	s->steers = ENTRY_STEERS_NONE;
	s->audit_session = 7;
	expect_tie(&f, REMOTE_TIE_NONE);
	s->audit_session = (uint32_t)-1;
	s->steers = ENTRY_STEERS_SEAT;
	f.kind = SERVICE_NESTED;
	picture.seat_uid = UID;
	(void)strcpy(picture.seat_scope, SEAT);
	expect_tie(&f, REMOTE_TIE_NONE);
	(void)strcpy(f.peer.cgroup, SEAT);
	expect_tie(&f, REMOTE_TIE_SEAT);
	(void)strcpy(f.peer.cgroup, MANAGER);
	expect_tie(&f, REMOTE_TIE_SEAT);
	picture.seat_uid = (uint32_t)-1;
	expect_tie(&f, REMOTE_TIE_NONE);
}

static void
test_an_ancestor_may_be_the_tool(void **state)
{
	static const char approved[] =
	    "scan { approved = {\"xrdp\"} }\npolicy all { }\n";
	struct fact_steered *st;
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	f.kind = SERVICE_NESTED;
	st = &f.peer.steered;
	st->kind = ENTRY_RDP;
	st->confidence = SIGN_BY_IDENTITY;
	st->owner = SIGN_OF_USER;
	st->pid = 40;
	(void)strcpy(st->what, "xrdp");
	expect_tie(&f, REMOTE_TIE_ANCESTOR);
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	assert_string_equal(find(&d, FINDING_REMOTE_SESSION)->text,
	    "it was started from xrdp, pid 40; by identity");
	st->confidence = SIGN_BY_NAME;
	decide_with(strict, &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	decide_with(approved, &f, &d);
	assert_non_null(find(&d, FINDING_REMOTE_SESSION));
	st->owner = SIGN_OF_MACHINE;
	decide_with(approved, &f, &d);
	assert_reason(&d, "none");
	st->owner = SIGN_OF_USER;
	st->confidence = SIGN_BY_IDENTITY;
	decide_with(approved, &f, &d);
	assert_reason(&d, "none");
	f.peer.state = FACT_ERROR;
	decide_with(strict, &f, &d);
	assert_null(find(&d, FINDING_REMOTE_SESSION));
}

/* ssh to this machine, typed in a desktop of it. */
static void
test_the_other_end_may_be_in_a_tools_session(void **state)
{
	struct facts f;
	struct sign *s;

	(void)state;
	set_machine(&f);
	s = add_desktop(ENTRY_STEERS_OWN);
	(void)strcpy(s->cgroup, SCOPE);
	f.client.state = FACT_KNOWN;
	f.client.uid = UID;
	(void)strcpy(f.client.cgroup, SCOPE);
	expect_tie(&f, REMOTE_TIE_CLIENT);
	(void)strcpy(f.client.cgroup, SEAT);
	expect_tie(&f, REMOTE_TIE_NONE);
	s->steers = ENTRY_STEERS_SEAT;
	picture.seat_uid = UID;
	(void)strcpy(picture.seat_scope, SEAT);
	expect_tie(&f, REMOTE_TIE_CLIENT);
	f.client.state = FACT_UNKNOWN;
	expect_tie(&f, REMOTE_TIE_NONE);
}

/* ---- what could not be seen --------------------------------------------- */

static void
test_an_ancestor_that_could_not_be_seen_is_an_error(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	f.kind = SERVICE_NESTED;
	f.peer.steered.late = 1;
	decide_with(strict, &f, &d);
	assert_reason(&d, "remote.unknown:partial");
	assert_string_equal(d.findings.list[0].text,
	    "not all is known of the programs that it was started from");
	f.kind = SERVICE_REMOTE;
	decide_with(strict, &f, &d);
	assert_null(find(&d, FINDING_REMOTE_UNKNOWN));
}

static void
test_what_could_not_be_seen_is_an_error(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	(void)add(ENTRY_RMM, "anydesk");
	machine.now_ns = picture.taken_ns + INT64_C(2001) * 1000000;
	decide_with(strict, &f, &d);
	assert_reason(&d, "remote.unknown:partial");
	assert_string_equal(d.findings.list[0].text,
	    "nothing is known of the machine");
	machine.picture = NULL;
	decide_with(strict, &f, &d);
	assert_reason(&d, "remote.unknown:partial");
	f.peer.state = FACT_ERROR;
	decide_with(strict, &f, &d);
	assert_string_equal(d.findings.list[0].text,
	    "nothing is known of the calling process; nothing is known of "
	    "the machine");
}

static void
test_what_is_missing_of_a_look_is_said(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	picture.failed = PICTURE_USB | PICTURE_DISPLAYS;
	picture.cut = PICTURE_PROCESSES;
	decide_with(strict, &f, &d);
	assert_string_equal(d.findings.list[0].text,
	    "could not look at usb, displays; had no time for all processes");
	picture.failed = picture.cut = 0;
	decide_with(strict, &f, &d);
	assert_reason(&d, "none");
	machine.coverage = "only this pid namespace";
	decide_with(strict, &f, &d);
	assert_string_equal(d.findings.list[0].text,
	    "the whole machine is not seen: only this pid namespace");
}

/* Who runs many processes makes a look slow, old or cut, and no more. */
static void
test_no_users_doing_makes_it_blind(void **state)
{
	static const char only_blind[] =
	    "policy all { actions = {\"remote.unknown:blind = deny\"} }\n";
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	picture.cut = PICTURE_PROCESSES;
	picture.failed = PICTURE_SOCKETS;
	picture.nlost_uids = 1;
	picture.lost_uid[0] = UID;
	machine.coverage = "only this pid namespace";
	f.peer.state = f.client.state = FACT_ERROR;
	decide_with(only_blind, &f, &d);
	assert_reason(&d, "remote.unknown:partial");
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	machine.now_ns = picture.taken_ns + INT64_C(2001) * 1000000;
	decide_with(only_blind, &f, &d);
	assert_reason(&d, "remote.unknown:partial");
	machine.blind = true;
	decide_with(only_blind, &f, &d);
	assert_reason(&d, "remote.unknown:blind");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	machine.picture = NULL;
	machine.coverage = NULL;
	f.peer.state = f.client.state = FACT_NONE;
	decide_with(only_blind, &f, &d);
	assert_reason(&d, "remote.unknown:blind");
	/* one rule for both is as it was */
	decide_with("policy all { actions = {\"remote.unknown = deny\"} }\n",
	    &f, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	decide_with("policy all { }\n", &f, &d);
	assert_verdict(&d, FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
}

static void
test_what_others_lost_is_nothing_of_this_login(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	picture.nlost_uids = 1;
	picture.lost_uid[0] = OTHER;
	decide_with(strict, &f, &d);
	assert_reason(&d, "none");
	picture.nlost_uids = 2;
	picture.lost_uid[1] = UID;
	decide_with(strict, &f, &d);
	assert_string_equal(d.findings.list[0].text,
	    "there were more signs than find room");
	/* What was lost of the machine's or the seat's is everybody's. */
	picture.nlost_uids = 0;
	picture.lost = 1;
	decide_with(strict, &f, &d);
	assert_reason(&d, "remote.unknown:partial");
}

static void
test_nobody_looks_for_what_is_exempt_or_only_thought_of(void **state)
{
	struct conf *conf = parse("policy all { }\n");
	struct facts f;

	(void)state;
	set_machine(&f);
	f.kind = SERVICE_EXEMPT;
	gather_remote(conf, &machine, &f);
	assert_int_equal(f.remote.state, FACT_NONE);
	f.kind = SERVICE_REMOTE;
	gather_remote(conf, NULL, &f);
	assert_int_equal(f.remote.state, FACT_NONE);
	conf_free(conf);
}

static void
test_no_kind_of_sign_pushes_another_out(void **state)
{
	static struct store_baseline known = { .learned = true };
	struct decision d;
	struct facts f;
	char name[32];
	size_t i;

	(void)state;
	set_machine(&f);
	machine.known = &known;
	for (i = 0; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "tool-%zu", i);
		add(ENTRY_RMM, name)->uid = OTHER;
	}
	for (i = 0; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "device-%zu", i);
		add(ENTRY_KEYBOARD, name)->owner = SIGN_OF_MACHINE;
		picture.sign[picture.nsigns - 1].grade = SIGN_PRESENT;
	}
	(void)add(ENTRY_RMM, "own");
	decide_with(strict, &f, &d);
	assert_int_equal(f.remote.count, 4 + 4 + 1);
	assert_true(f.remote.overflow);
	assert_false(d.findings.overflow);
	assert_string_equal(find(&d, FINDING_REMOTE_TOOL)->grade, "active");
	for (i = 0; i < d.findings.count; i++)
		if (strncmp(d.findings.list[i].text, "own:", 4) == 0)
			break;
	assert_true(i < d.findings.count);
	assert_int_equal(d.applied[i].action, ACTION_DENY);
}

static void
add_graded(enum entry_kind kind, enum sign_grade grade,
    enum sign_confidence confidence, const char *what)
{
	struct sign *s = add(kind, what);

	s->grade = grade;
	s->confidence = confidence;
}

static bool
is_denied(const struct decision *d, enum finding_code code, const char *grade)
{
	const struct finding *f;
	size_t i;

	for (i = 0; i < d->findings.count; i++) {
		f = &d->findings.list[i];
		if (f->code == code && strcmp(f->grade, grade) == 0 &&
		    !f->minor)
			return true;
	}
	return false;
}

/* Each that there can be of a program or of a device of the catalogue. */
static void
add_each(void)
{
	enum sign_confidence by;
	enum sign_grade grade;
	enum entry_kind kind;

	for (kind = ENTRY_RMM; kind < ENTRY_HYPERVISOR; kind++) {
		for (grade = SIGN_INSTALLED; grade <= SIGN_PRESENT; grade++) {
			by = grade == SIGN_PRESENT ? SIGN_BY_IDENTITY :
						     SIGN_BY_BEHAVIOUR;
			add_graded(kind, grade, by, "real");
		}
	}
}

/* Signs of one finding, before and behind those. */
static void
check_decoys(enum sign_grade decoy, size_t before, size_t after)
{
	struct decision d;
	struct facts f;
	char name[32];
	size_t i;

	set_machine(&f);
	for (i = 0; i < before + after; i++) {
		if (i == before)
			add_each();
		(void)snprintf(name, sizeof(name), "tool-%zu", i);
		add_graded(ENTRY_RMM, decoy, SIGN_BY_IDENTITY, name);
	}
	decide_with(strict, &f, &d);
	assert_false(d.findings.overflow);
	assert_true(f.remote.overflow);
	assert_false(f.remote.lost); /* as each finding has its sign */
	assert_null(find(&d, FINDING_REMOTE_UNKNOWN));
	for (i = 0; i < picture.nsigns; i++) {
		const struct sign *s = &picture.sign[i];
		const char *grade = check_sign_grade(s);

		if (grade != NULL)
			assert_true(is_denied(&d, check_sign_code(s->kind),
			    grade));
	}
}

static void
test_decoys_hide_no_finding_and_no_grade(void **state)
{
	(void)state;
	check_decoys(SIGN_ACTIVE, 40, 1);
	check_decoys(SIGN_ACTIVE, 1, 40);
	check_decoys(SIGN_INSTALLED, 40, 1);
	check_decoys(SIGN_RUNNING, 20, 20);
}

static void
test_a_time_that_is_none_is_not_told(void **state)
{
	static const int64_t none[] = { INT64_MIN, -1, 0, INT64_MAX,
		INT64_C(253402300800) };
	char why[CHECK_SIGN_SIZE];
	struct fact_sign s;
	size_t i;

	(void)state;
	memset(&s, 0, sizeof(s));
	s.counts = true;
	s.sign.confidence = SIGN_BY_IDENTITY;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		s.sign.since_s = none[i];
		assert_string_equal(check_sign_why(&s, why), "by identity");
	}
	s.sign.since_s = INT64_C(253402300799);
	assert_string_equal(check_sign_why(&s, why),
	    "by identity, since 9999-12-31 23:59Z");
}

static void
where_is(const char *cgroup, uint8_t apart, const char *want)
{
	char why[CHECK_SIGN_SIZE];
	struct fact_sign s;

	memset(&s, 0, sizeof(s));
	s.counts = true;
	s.sign.confidence = SIGN_BY_IDENTITY;
	s.sign.apart = apart;
	sign_text(s.sign.cgroup, sizeof(s.sign.cgroup), cgroup);
	assert_string_equal(check_sign_why(&s, why), want);
}

/* A tool in a container is not the host's, and one of a unit is known by it. */
static void
test_unit_and_namespaces_are_told(void **state)
{
	char path[SIGN_CGROUP_MAX + 1], unit[UNIT_SIZE];

	(void)state;
	where_is("/", 0, "by identity");
	where_is("/system.slice", 0, "by identity");
	where_is("/system.slice/.service", 0, "by identity");
	where_is("/system.slice/x.service", 0, "by identity, of x.service");
	where_is("/system.slice/x.service/payload", 0,
	    "by identity, of x.service");
	where_is("/user.slice/user-1000.slice/session-3.scope", 0,
	    "by identity, of session-3.scope");
	where_is("/user.slice/user-1000.slice/user@1000.service", 0,
	    "by identity, of user@1000.service");
	/* Whose name its user chooses. */
	where_is("/user.slice/user-1000.slice/user@1000.service/app.slice/"
		 "sshd.service",
	    0, "by identity, of user@1000.service/sshd.service");
	where_is("", SIGN_APART_NET,
	    "by identity, in a namespace of its own "
	    "(net)");
	where_is("/system.slice/docker-1.scope",
	    SIGN_APART_PID | SIGN_APART_USER | SIGN_APART_NET,
	    "by identity, of docker-1.scope, in a namespace of its own (pid, "
	    "user, net)");
	memset(path, 'a', sizeof(path));
	memcpy(path, "/user@1.service/", 16);
	memcpy(path + sizeof(path) - 7, ".scope", 7);
	unit_of(path, unit);
	assert_int_equal(strlen(unit), UNIT_SIZE - 1);
	assert_int_equal(strncmp(unit, "user@1.service/aaa", 18), 0);
}

static void
test_what_is_not_excused_explains(void **state)
{
	struct decision d;
	struct facts f;

	(void)state;
	set_machine(&f);
	f.kind = SERVICE_CONSOLE;
	add(ENTRY_RMM, "anydesk")->steers = ENTRY_STEERS_SEAT;
	add(ENTRY_VNC, "x11vnc")->steers = ENTRY_STEERS_SEAT;
	machine.support.n = 1;
	machine.support.by[0].id = 3;
	(void)strcpy(machine.support.by[0].tool, "anydesk");
	decide_with("policy all { actions = {\"remote.session = deny\"} }\n",
	    &f, &d);
	assert_string_equal(f.remote.by.sign.what, "x11vnc");
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_every_kind_makes_its_finding_in_its_grade),
		cmocka_unit_test(test_what_was_seen_is_said_in_words),
		cmocka_unit_test(test_other_peoples_programs_are_no_reason),
		cmocka_unit_test(
		    test_a_name_alone_is_no_reason_whoever_gave_it),
		cmocka_unit_test(test_nobody_makes_up_a_combination_for_others),
		cmocka_unit_test(
		    test_sudo_counts_what_the_person_who_asked_runs),
		cmocka_unit_test(test_what_is_approved_is_nothing),
		cmocka_unit_test(test_a_mere_name_is_not_approved),
		cmocka_unit_test(test_what_the_help_desk_uses_is_logged),
		cmocka_unit_test(test_devices_are_new_against_a_baseline),
		cmocka_unit_test(
		    test_a_machine_is_virtual_where_a_real_one_was_issued),
		cmocka_unit_test(test_a_session_is_tied_by_the_kernels_words),
		cmocka_unit_test(test_a_tools_own_unit_ties_what_is_in_it),
		cmocka_unit_test(
		    test_a_unit_ties_by_what_is_certain_and_in_use),
		cmocka_unit_test(
		    test_a_session_is_approved_by_its_services_name),
		cmocka_unit_test(test_who_steers_the_seat_has_its_logins),
		cmocka_unit_test(test_an_ancestor_may_be_the_tool),
		cmocka_unit_test(test_the_other_end_may_be_in_a_tools_session),
		cmocka_unit_test(test_what_could_not_be_seen_is_an_error),
		cmocka_unit_test(
		    test_an_ancestor_that_could_not_be_seen_is_an_error),
		cmocka_unit_test(test_what_is_missing_of_a_look_is_said),
		cmocka_unit_test(test_no_users_doing_makes_it_blind),
		cmocka_unit_test(
		    test_what_others_lost_is_nothing_of_this_login),
		cmocka_unit_test(
		    test_nobody_looks_for_what_is_exempt_or_only_thought_of),
		cmocka_unit_test(test_no_kind_of_sign_pushes_another_out),
		cmocka_unit_test(test_decoys_hide_no_finding_and_no_grade),
		cmocka_unit_test(test_a_time_that_is_none_is_not_told),
		cmocka_unit_test(test_unit_and_namespaces_are_told),
		cmocka_unit_test(test_what_is_not_excused_explains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
