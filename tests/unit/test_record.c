/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a record says and how it is shown: golden lines, the largest and the
 * most hostile decision there can be, and records that nobody of ours wrote.
 */
#include "policyd/record/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/audit/audit.h"
#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ZEROS	 "00000000000000000000000000000000"
#define NOT_UTF8 "\xff\xfe\xe2\x80"
#define ESCAPE	 "\x1b[2J\n\r\x7f\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\""

static char path[] = "/etc/farmgate/farmgate.conf";
static char office[] = "office", vpn[] = "vpn", workers[] = "workers";
static char weak[] = "weak-signs", no_help[] = "";

static struct conf_network networks[] = {
	{ .name = office, .country = "DE", .line = 7 },
	{ .name = vpn, .label = vpn, .line = 12 },
};

static struct conf_combination combinations[] = {
	{ .name = weak, .action = ACTION_DENY, .line = 45 },
};

static struct conf_policy policy = { .name = workers,
	.mode = CONF_MODE_ENFORCE,
	.combinations = combinations,
	.ncombinations = 1,
	.line = 40 };

static struct conf conf = { .path = path,
	.hash = ZEROS ZEROS,
	.mode = CONF_MODE_ENFORCE,
	.help = no_help,
	.networks = networks,
	.nnetworks = 2,
	.policies = &policy,
	.npolicies = 1 };

static struct ruleset ruleset = { .conf = &conf, .users = 1 };

static int
open_databases(void **state)
{
	static struct conf_errors errors;

	(void)state;
	return crypto_init() != 0 ||
	    geo_open(&conf, NULL, &ruleset.geo, &errors) != 0;
}

static int
close_databases(void **state)
{
	(void)state;
	geo_free(ruleset.geo);
	return 0;
}

#define SET(field, value) \
	assert_int_equal(text_format(field, sizeof(field), "%s", value), 0)

/* A login over SSH, and what a policy made of it. */
static void
remote_login(struct facts *f, struct decision *d)
{
	memset(f, 0, sizeof(*f));
	memset(d, 0, sizeof(*d));
	f->at_s = 1767225600;
	f->kind = SERVICE_REMOTE;
	f->login.phase = FG_PHASE_ACCOUNT;
	f->login.pid = 4711;
	f->login.uid = 1000;
	SET(f->login.service, "sshd");
	SET(f->login.user, "alice");
	SET(f->login.tty, "ssh");
	SET(f->login.rhost, "host.example.com");
	f->origin.kind = ORIGIN_ADDRESS;
	f->origin.source = ORIGIN_FROM_SSH_CONNECTION;
	assert_int_equal(addr_parse("192.0.2.7", &f->origin.addr), 0);
	f->origin.cls = addr_classify(&f->origin.addr);
	f->networks.count = 2;
	f->networks.index[1] = 1;
	f->place.state = FACT_KNOWN;
	f->place.source = PLACE_FROM_NETWORK;
	SET(f->place.country, "DE");
	f->groups.state = FACT_KNOWN;
	f->peer.state = FACT_KNOWN;
	f->peer.pid = 4711;
	f->peer.start = 123456;
	f->peer.loginuid = (uint32_t)-1;
	f->peer.audit_session = 3;
	SET(f->peer.comm, "sshd");
	SET(f->peer.cgroup, "/system.slice/ssh.service");
	f->peer.ancestors = 2;
	f->peer.ancestor[0].pid = 812;
	f->peer.ancestor[1].pid = 1;
	finding_add(&d->findings, FINDING_NET_LISTED, "vpn",
	    "192.0.2.7 is in the network %s", "vpn");
	finding_add(&d->findings, FINDING_GEO_COUNTRY, "",
	    "country DE is not among US");
	d->applied[0].action = ACTION_LOG;
	d->applied[1].action = ACTION_DENY;
	d->applied[1].line = 41;
	d->verdict = FG_VERDICT_DENY;
	d->would = FG_VERDICT_DENY;
	d->mode = CONF_MODE_ENFORCE;
	d->policy = &policy;
	d->by = DECIDED_BY_FINDING;
	d->index = 1;
	d->line = 41;
}

/* A user who does not exist, from nowhere, while no policy matches. */
static void
invalid_login(struct facts *f, struct decision *d)
{
	memset(f, 0, sizeof(*f));
	memset(d, 0, sizeof(*d));
	f->kind = SERVICE_REMOTE;
	f->login.phase = FG_PHASE_SESSION;
	f->login.flags = FG_LOGIN_FLAGS;
	f->login.pid = 99;
	f->login.uid = (uint32_t)-1;
	SET(f->login.service, "sshd");
	SET(f->login.user, "hunter2");
	SET(f->login.ssh_connection, "192.0.2.7 22");
	f->origin.kind = ORIGIN_NO_ADDRESS;
	f->origin.problem = "SSH_CONNECTION is malformed";
	f->place.state = FACT_ERROR;
	f->place.problem = "no address";
	f->peer.state = FACT_ERROR;
	f->peer.pid = 4711;
	d->verdict = FG_VERDICT_ALLOW;
	d->would = FG_VERDICT_DENY;
	d->mode = CONF_MODE_OBSERVE;
	d->by = DECIDED_BY_FAILURE;
	d->failure = FAILURE_NO_POLICY;
}

/* sudo in a session, allowed by the policy's own line. */
static void
nested_login(struct facts *f, struct decision *d)
{
	remote_login(f, d);
	memset(&d->findings, 0, sizeof(d->findings));
	f->kind = SERVICE_NESTED;
	SET(f->login.service, "sudo");
	SET(f->login.ruser, "bob");
	f->login.rhost[0] = '\0';
	f->origin.source = ORIGIN_FROM_SESSION;
	SET(f->origin.inherited, "0000-0001");
	f->networks.count = 0;
	d->verdict = FG_VERDICT_ALLOW;
	d->would = FG_VERDICT_ALLOW;
	d->by = DECIDED_BY_POLICY;
	d->line = 40;
}

static struct json *
record_of(const struct facts *f, const struct decision *d)
{
	const struct record_decision r = { .facts = f,
		.ruleset = &ruleset,
		.decision = d,
		.ref = "7F3K-Q2MN",
		.latency_us = 123 };
	struct json *json = json_new();

	assert_non_null(json);
	record_decision(json, &r);
	return json;
}

static char *
text_of(const struct facts *f, const struct decision *d)
{
	struct json *json = record_of(f, d);
	char *text = json_text(json);

	assert_non_null(text);
	json_free(json);
	return text;
}

static void
assert_printable(const char *text, bool lines)
{
	for (; *text != '\0'; text++)
		if ((*text < 0x20 || *text > 0x7e) && !(lines && *text == '\n'))
			fail_msg("byte 0x%02x", (unsigned char)*text);
}

/* What record_print() makes of it; the caller frees. */
static char *
printed(const struct json *json)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	assert_non_null(out = open_memstream(&text, &len));
	assert_int_equal(record_print(json, NULL, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* What the record of a decision is printed as; the caller frees. */
static char *
explained(const struct facts *f, const struct decision *d)
{
	struct json *json = record_of(f, d);
	char *text = printed(json);

	json_free(json);
	return text;
}

static const char *
last_line(char *text)
{
	size_t len = strlen(text);
	char *newline;

	assert_true(len > 0 && text[len - 1] == '\n');
	text[len - 1] = '\0';
	newline = strrchr(text, '\n');
	return newline == NULL ? text : newline + 1;
}

/* Compare with the golden file, which is all of want. */
static void
assert_golden(const char *name, const char *got)
{
	char *want = NULL;
	size_t size = 0;
	FILE *in;

	assert_non_null(in = fopen(name, "re"));
	assert_true(getdelim(&want, &size, '\0', in) > 0);
	fclose(in);
	assert_string_equal(got, want);
	free(want);
}

static void
test_golden_records(void **state)
{
	void (*const cases[])(struct facts *,
	    struct decision *) = { remote_login, invalid_login, nested_login };
	struct decision d;
	struct facts f;
	char *text, *all = NULL;
	size_t len;
	FILE *out;

	(void)state;
	assert_non_null(out = open_memstream(&all, &len));
	for (size_t i = 0; i < 3; i++) {
		cases[i](&f, &d);
		text = text_of(&f, &d);
		assert_true(strlen(text) < 4096);
		fprintf(out, "%s\n", text);
		free(text);
	}
	assert_int_equal(fclose(out), 0);
	assert_golden("tests/golden/audit_decisions.jsonl", all);
	free(all);
}

static void
test_golden_explanation(void **state)
{
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	text = explained(&f, &d);
	assert_golden("tests/golden/audit_explain.txt", text);
	free(text);
}

/* The first reason explains; whoever repairs it has to know of the others. */
static void
test_every_finding_that_denies_is_named_in_next(void **state)
{
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	d.applied[0].action = ACTION_DENY;
	d.applied[0].line = 3;
	text = explained(&f, &d);
	assert_non_null(strstr(last_line(text),
	    "farmgatectl reload; net.listed:vpn (line 3) denies as well"));
	free(text);

	finding_add(&d.findings, FINDING_NET_LISTED, "tor", "%s", "x");
	d.applied[2].action = ACTION_DENY;
	text = explained(&f, &d);
	assert_non_null(strstr(last_line(text),
	    "; net.listed:vpn (line 3), net.listed:tor (shipped default) deny "
	    "as well"));
	free(text);

	d.by = DECIDED_BY_FAILURE;
	d.failure = FAILURE_OVERFLOW;
	text = explained(&f, &d);
	assert_non_null(strstr(last_line(text), ", geo.country (line 41), "));
	free(text);
}

/* Fewer are listed than there are; a reader who counts is told why. */
static void
test_other_sessions_are_one_of_each_place(void **state)
{
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	f.sessions.state = FACT_KNOWN;
	f.sessions.count = f.sessions.nlisted = 1;
	f.sessions.list[0].origin = f.origin;
	text = explained(&f, &d);
	assert_non_null(strstr(text, "sessions   1 other\n"));
	free(text);
	f.sessions.count = 3;
	text = explained(&f, &d);
	assert_non_null(strstr(text,
	    "sessions   3 others, the newest of each place:\n"));
	free(text);
}

static void
test_finding_that_is_only_logged_is_not_in_next(void **state)
{
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	text = explained(&f, &d);
	assert_null(strstr(text, "as well"));
	free(text);
}

static void
test_name_that_is_no_user_is_nowhere(void **state)
{
	struct decision d;
	struct facts f;
	struct json *json;
	char *text;

	(void)state;
	invalid_login(&f, &d);
	text = text_of(&f, &d);
	assert_null(strstr(text, "hunter2"));
	assert_non_null(strstr(text, "\"user\":null,\"invalid_user\":true"));
	assert_null(strstr(text, "\"uid\":-1"));
	json = json_parse(text, strlen(text));
	free(text);
	text = printed(json);
	assert_null(strstr(text, "hunter2"));
	assert_non_null(strstr(text, "no such user"));
	free(text);
	json_free(json);
}

static void
test_observed_decision_says_what_would_be(void **state)
{
	struct decision d;
	struct facts f;
	struct json *json;
	char *text;

	(void)state;
	invalid_login(&f, &d);
	json = record_of(&f, &d);
	assert_string_equal(json_get_string(json, "verdict", ""), "allow");
	assert_string_equal(json_get_string(json, "would", ""), "deny");
	assert_true(json_get_bool(json, "observe_argument", false));
	text = printed(json);
	assert_non_null(strstr(text, "observe: enforcing would be deny"));
	free(text);
	json_free(json);
}

static void
test_each_way_to_decide_is_named(void **state)
{
	struct decision d;
	struct facts f;
	struct json *json, *decided;

	(void)state;
	remote_login(&f, &d);
	d.by = DECIDED_BY_COMBINATION;
	d.index = 0;
	json = record_of(&f, &d);
	decided = json_get(json, "decided");
	assert_string_equal(json_get_string(decided, "by", ""), "combination");
	assert_string_equal(json_get_string(decided, "combination", ""),
	    "weak-signs");
	json_free(json);
	d.by = DECIDED_BY_FAILURE;
	d.failure = FAILURE_GROUPS;
	json = record_of(&f, &d);
	decided = json_get(json, "decided");
	assert_string_equal(json_get_string(decided, "by", ""), "failure");
	assert_string_equal(json_get_string(decided, "failure", ""),
	    failure_info(FAILURE_GROUPS)->name);
	json_free(json);
	d.by = DECIDED_BY_EXEMPTION;
	json = record_of(&f, &d);
	decided = json_get(json, "decided");
	assert_string_equal(json_get_string(decided, "by", ""), "exemption");
	json_free(json);
}

/* IPC-04 */
static void
test_claimed_pid_is_recorded_if_the_kernel_says_otherwise(void **state)
{
	struct decision d;
	struct facts f;
	struct json *json;

	(void)state;
	remote_login(&f, &d);
	json = record_of(&f, &d);
	assert_int_equal(json_get_int(json_get(json, "peer"), "claimed_pid",
			     -1),
	    -1);
	json_free(json);
	f.login.pid = 1;
	json = record_of(&f, &d);
	assert_int_equal(json_get_int(json_get(json, "peer"), "pid", -1), 4711);
	assert_int_equal(json_get_int(json_get(json, "peer"), "claimed_pid",
			     -1),
	    1);
	json_free(json);
}

/* SSH-06 */
static void
test_each_key_of_a_login_is_recorded(void **state)
{
	const struct json *key, *also;
	struct decision d;
	struct facts f;
	struct json *json;
	char *text;

	(void)state;
	remote_login(&f, &d);
	SET(f.login.keys.list[0].fingerprint, "SHA256:abc");
	f.login.keys.n = 1;
	json = record_of(&f, &d);
	key = json_get(json, "key");
	assert_string_equal(json_get_string(key, "fingerprint", ""),
	    "SHA256:abc");
	assert_null(json_get(key, "also"));
	assert_null(json_get(key, "more"));
	json_free(json);
	SET(f.login.keys.list[1].fingerprint, "SHA256:def");
	SET(f.login.keys.list[1].id, "eve");
	SET(f.login.keys.list[2].fingerprint, "SHA256:ghi");
	f.login.keys.n = 3;
	f.login.keys.more = 2;
	json = record_of(&f, &d);
	also = json_get(json_get(json, "key"), "also");
	assert_int_equal(json_length(also), 2);
	assert_string_equal(json_get_string(json_at(also, 0), "fingerprint",
				""),
	    "SHA256:def");
	assert_string_equal(json_get_string(json_at(also, 0), "id", ""), "eve");
	assert_string_equal(json_get_string(json_at(also, 1), "fingerprint",
				""),
	    "SHA256:ghi");
	text = printed(json);
	assert_non_null(strstr(text,
	    "  key        SHA256:abc\n  also       SHA256:def, id eve\n"
	    "  also       SHA256:ghi\n  also       2 more, not named\n"));
	free(text);
	json_free(json);
}

static void
test_open_and_close_name_their_decision(void **state)
{
	const struct store_session session = { .ref = "7F3K-Q2MN",
		.state = STORE_SESSION_ORPHAN,
		.person = "alice",
		.user = "alice" };
	struct json *json;
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	/* by a key that only now is known, and nobody's */
	f.person.state = FACT_KNOWN;
	f.person.shared = f.person.nobody = true;
	f.person.person.kind = PERSON_KIND_SHARED;
	SET(f.person.person.user, "deploy");
	memset(&d.findings, 0, sizeof(d.findings));
	finding_add(&d.findings, FINDING_PERSON_UNKNOWN, "shared", "nobody's");
	json = json_new();
	record_open(json, &f, &d, "7F3K-Q2MN");
	assert_true(json_get_bool(json_get(json, "person"), "shared", false));
	assert_true(json_get_bool(json_get(json, "person"), "nobody", false));
	assert_string_equal(json_get_string(json_at(json_get(json, "findings"),
						0),
				"grade", ""),
	    "shared");
	assert_string_equal(json_get_string(json, "ref", ""), "7F3K-Q2MN");
	assert_string_equal(json_get_string(json, "user", ""), "alice");
	assert_int_equal(json_get_int(json_get(json, "peer"), "pid", 0), 4711);
	json_free(json);
	json = json_new();
	json_set_string(json, "event", "open");
	SET(f.login.keys.list[0].fingerprint, "SHA256:abc");
	SET(f.login.keys.list[0].id, "eve");
	f.login.keys.n = 1;
	record_open(json, &f, &d, "7F3K-Q2MN");
	text = printed(json);
	assert_non_null(strstr(text, "  key        SHA256:abc, id eve\n"));
	assert_non_null(strstr(text,
	    "  person     deploy (shared), by nobody who is known\n"));
	assert_non_null(strstr(text, "  findings   person.unknown:shared = "));
	free(text);
	json_free(json);
	json = json_new();
	json_set_string(json, "event", "close");
	record_close(json, &session, 3600, "gone");
	assert_int_equal(json_get_int(json, "open_s", 0), 3600);
	text = printed(json);
	assert_string_equal(text,
	    "close  7F3K-Q2MN\n  user       alice\n  open for   3600 s\n"
	    "  ended      gone\n");
	free(text);
	json_free(json);
	json = json_new();
	json_set_string(json, "event", "left");
	record_left(json, &session, 2);
	text = printed(json);
	assert_string_equal(text,
	    "left  7F3K-Q2MN\n  user       alice\n"
	    "  left       orphan, 2 processes\n");
	free(text);
	json_free(json);
}

static void
fill(char *field, size_t size, const char *unit)
{
	size_t n = strlen(unit);

	for (size_t i = 0; i + 1 < size; i++)
		field[i] = unit[i % n];
	field[size - 1] = '\0';
}

/* As much as other sessions, earlier logins and other people can be. */
static void
hostile_history(struct facts *f, const char *unit)
{
	struct fact_history *h = &f->history;
	struct fact_other *other;
	size_t i;

	f->revocation.state = f->sessions.state = FACT_KNOWN;
	fill(f->revocation.reason, sizeof(f->revocation.reason), unit);
	f->sessions.count = SIZE_MAX;
	f->sessions.overflow = true;
	for (i = 0; i < FACT_OTHERS_MAX; i++) {
		other = &f->sessions.list[f->sessions.nlisted++];
		fill(other->ref, sizeof(other->ref), unit);
		fill(other->service, sizeof(other->service), unit);
		fill(other->where.network, sizeof(other->where.network), unit);
		fill(other->device, sizeof(other->device), "\"");
		other->origin = f->origin;
		other->since_s = INT64_MIN;
		other->reserved = true;
	}
	h->last.state = h->asn_state = h->sharers_state = FACT_KNOWN;
	fill(h->last.ref, sizeof(h->last.ref), unit);
	fill(h->last.place.city, sizeof(h->last.place.city), unit);
	h->last.at_s = INT64_MAX;
	h->nsharers = FACT_SHARERS_MAX;
	for (i = 0; i < FACT_SHARERS_MAX; i++)
		fill(h->sharer[i], sizeof(h->sharer[i]), unit);
}

/* Every string of others' as long as it can be and made of unit. */
static void
hostile_login(struct facts *f, struct decision *d, const char *unit)
{
	char evidence[4 * FINDING_TEXT_MAX];

	remote_login(f, d);
	fill(f->login.service, sizeof(f->login.service), unit);
	fill(f->login.user, sizeof(f->login.user), unit);
	fill(f->login.ruser, sizeof(f->login.ruser), unit);
	fill(f->login.tty, sizeof(f->login.tty), unit);
	fill(f->login.rhost, sizeof(f->login.rhost), unit);
	fill(f->login.ssh_connection, sizeof(f->login.ssh_connection), unit);
	fill(f->origin.inherited, sizeof(f->origin.inherited), unit);
	fill(f->peer.comm, sizeof(f->peer.comm), unit);
	fill(f->peer.cgroup, sizeof(f->peer.cgroup), unit);
	f->origin.problem = "SSH_CONNECTION and PAM_RHOST differ";
	f->networks.count = FACT_NETWORKS_MAX;
	f->peer.ancestors = FACT_ANCESTORS_MAX;
	for (size_t i = 0; i < FACT_ANCESTORS_MAX; i++)
		f->peer.ancestor[i].pid = INT32_MAX;
	hostile_history(f, unit);
	f->remote.state = FACT_KNOWN;
	f->remote.failed = f->remote.cut = UINT32_MAX;
	f->remote.overflow = true;
	f->remote.tie = REMOTE_TIE_ANCESTOR;
	fill(f->remote.by.sign.what, sizeof(f->remote.by.sign.what), unit);
	fill(evidence, sizeof(evidence), unit);
	memset(&d->findings, 0, sizeof(d->findings));
	for (size_t i = 0; i < FINDING_LIST_MAX; i++) {
		finding_add(&d->findings, FINDING_NET_LISTED,
		    "a-label-as-long-as-it-can-be-012", "%s", evidence);
		d->applied[i].action = ACTION_DENY;
		d->applied[i].line = 4000000000u;
	}
}

static const char *const units[] = { "x", "\"", "\\", "\n", NOT_UTF8, "\xff",
	ESCAPE, "\xc3\xa9", "\x7f",
	"x\nnov 23 sshd: Accepted publickey for root " };

#define UNITS (sizeof(units) / sizeof(units[0]))

static void
test_largest_record_fits_in_a_line(void **state)
{
	char name[] = "/tmp/test_record.XXXXXX";
	struct audit *audit;
	struct json *json;
	struct decision d;
	struct facts f;
	const struct record_decision r = { .facts = &f,
		.ruleset = &ruleset,
		.decision = &d,
		.ref = "7F3K-Q2MN",
		.latency_us = INT64_MAX };
	int fd;

	(void)state;
	assert_int_not_equal(fd = mkstemp(name), -1);
	close(fd);
	assert_int_equal(audit_open(name, &audit), 0);
	for (size_t i = 0; i < UNITS; i++) {
		hostile_login(&f, &d, units[i]);
		json = audit_record(audit, AUDIT_DECISION, INT64_MAX);
		record_decision(json, &r);
		assert_int_equal(audit_write(audit, json, false), 0);
	}
	audit_free(audit);
	unlink(name);
}

/* AUD-05, AUD-06: jq and python3 read each line as one object. */
static void
test_hostile_record_is_one_line_for_other_parsers(void **state)
{
	char name[] = "/tmp/test_record.XXXXXX", command[512], *text;
	struct decision d;
	struct facts f;
	FILE *out;
	int fd;

	(void)state;
	assert_int_not_equal(fd = mkstemp(name), -1);
	assert_non_null(out = fdopen(fd, "we"));
	for (size_t i = 0; i < UNITS; i++) {
		hostile_login(&f, &d, units[i]);
		text = text_of(&f, &d);
		assert_printable(text, false);
		fprintf(out, "%s\n", text);
		free(text);
	}
	assert_int_equal(fclose(out), 0);
	(void)text_format(command, sizeof(command),
	    "python3 -c 'import json,sys\n"
	    "n=[json.loads(l)[\"peer\"][\"pid\"] for l in open(\"%s\")]\n"
	    "sys.exit(n != [4711] * %zu)'",
	    name, UNITS);
	assert_int_equal(system(command), 0);
	(void)text_format(command, sizeof(command),
	    "test \"$(jq -c .peer.pid <%s | sort | uniq -c | tr -d ' ')\" = "
	    "%zu4711",
	    name, UNITS);
	assert_int_equal(system(command), 0);
	unlink(name);
}

/* AUD-13 */
static void
test_explanation_is_safe_on_a_terminal(void **state)
{
	struct json *json, *back;
	struct decision d;
	struct facts f;
	char *text, *other, *line;

	(void)state;
	for (size_t i = 0; i < UNITS; i++) {
		hostile_login(&f, &d, units[i]);
		json = record_of(&f, &d);
		text = printed(json);
		if (strcmp(units[i], "\xc3\xa9") != 0)
			assert_printable(text, true);
		line = json_text(json);
		back = json_parse(line, strlen(line));
		other = printed(back);
		assert_string_equal(text, other);
		assert_int_equal(strncmp(last_line(text), "next: ", 6), 0);
		free(text);
		free(other);
		free(line);
		json_free(json);
		json_free(back);
	}
}

static void
test_who_announces_the_address_is_printed(void **state)
{
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	text = explained(&f, &d);
	assert_null(strstr(text, "  network    AS"));
	free(text);
	f.asn.state = FACT_KNOWN;
	f.asn.number = 64500;
	SET(f.asn.org, "Example");
	text = explained(&f, &d);
	assert_non_null(strstr(text, "\n  network    AS64500 Example\n"));
	free(text);
}

static void
test_text_that_is_no_utf8_is_escaped_once(void **state)
{
	struct decision d;
	struct facts f;
	char *text;

	(void)state;
	remote_login(&f, &d);
	SET(f.login.user, "al\\ice\xff");
	text = explained(&f, &d);
	assert_non_null(strstr(text, " al\\\\ice\\xff (uid 1000)\n"));
	free(text);
}

/* A file that somebody else wrote: every member missing or of a wrong type. */
static void
test_mangled_records_are_printed_without_harm(void **state)
{
	static const char *const values[] = { "null", "-1", "\"\"", "[]", "{}",
		"\"\\u001b[2J\"", "[[],{},1,\"\\n\"]", "true", "1.5",
		"{\"sha256\":5,\"parents\":[\"x\"],\"name\":[]}",
		"{\"fingerprint\":\"x\",\"also\":[1,{\"id\":2}],\"more\":-1}",
		"{\"fingerprint\":\"\\n\",\"also\":{},\"more\":\"x\"}",
		"9223372036854775807" };
	static const char *const keys[] = { "ref", "ts", "verdict", "would",
		"mode", "user", "user_hex", "uid", "invalid_user", "ruser",
		"service", "kind", "tty", "origin", "place", "networks",
		"policy", "findings", "decided", "next", "peer", "config",
		"key", "person", "asn", "anonymous", "databases",
		"latency_us" };
	char text[256], *shown;
	struct json *json;

	(void)state;
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		for (size_t v = 0; v < sizeof(values) / sizeof(values[0]);
		     v++) {
			(void)text_format(text, sizeof(text), "{\"%s\":%s}",
			    keys[k], values[v]);
			assert_non_null(json = json_parse(text, strlen(text)));
			shown = printed(json);
			assert_printable(shown, true);
			assert_int_equal(strncmp(last_line(shown), "next: ", 6),
			    0);
			free(shown);
			json_free(json);
		}
}

static void
test_broken_hex_is_shown_as_the_text_beside_it(void **state)
{
	static const char *const hexes[] = { "f", "zz", "6", "ff0", "FF",
		"\\u001b[2J" };
	char text[128], *shown;
	struct json *json;

	(void)state;
	for (size_t i = 0; i < sizeof(hexes) / sizeof(hexes[0]); i++) {
		(void)text_format(text, sizeof(text),
		    "{\"user\":\"beside\",\"user_hex\":\"%s\"}", hexes[i]);
		assert_non_null(json = json_parse(text, strlen(text)));
		shown = printed(json);
		assert_non_null(strstr(shown, "beside"));
		free(shown);
		json_free(json);
	}
}

static void
test_long_lists_are_cut(void **state)
{
	struct json *json = json_new(), *list;
	char *shown;

	(void)state;
	list = json_set_array(json, "networks");
	for (int i = 0; i < 100000; i++)
		json_add_string(list, "n");
	shown = printed(json);
	assert_true(strlen(shown) < 2048);
	assert_non_null(strstr(shown, ", ..."));
	free(shown);
	json_free(json);
}

static void
test_full_disk_is_reported(void **state)
{
	struct json *json = json_new();
	FILE *out;

	(void)state;
	assert_non_null(out = fopen("/dev/full", "we"));
	setbuf(out, NULL);
	assert_int_equal(record_print(json, NULL, out), FG_ERR_SYSTEM);
	fclose(out);
	json_free(json);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_records),
		cmocka_unit_test(test_golden_explanation),
		cmocka_unit_test(
		    test_every_finding_that_denies_is_named_in_next),
		cmocka_unit_test(
		    test_finding_that_is_only_logged_is_not_in_next),
		cmocka_unit_test(test_other_sessions_are_one_of_each_place),
		cmocka_unit_test(test_name_that_is_no_user_is_nowhere),
		cmocka_unit_test(test_observed_decision_says_what_would_be),
		cmocka_unit_test(test_each_way_to_decide_is_named),
		cmocka_unit_test(
		    test_claimed_pid_is_recorded_if_the_kernel_says_otherwise),
		cmocka_unit_test(test_each_key_of_a_login_is_recorded),
		cmocka_unit_test(test_open_and_close_name_their_decision),
		cmocka_unit_test(test_largest_record_fits_in_a_line),
		cmocka_unit_test(
		    test_hostile_record_is_one_line_for_other_parsers),
		cmocka_unit_test(test_explanation_is_safe_on_a_terminal),
		cmocka_unit_test(test_who_announces_the_address_is_printed),
		cmocka_unit_test(test_text_that_is_no_utf8_is_escaped_once),
		cmocka_unit_test(test_mangled_records_are_printed_without_harm),
		cmocka_unit_test(
		    test_broken_hex_is_shown_as_the_text_beside_it),
		cmocka_unit_test(test_long_lists_are_cut),
		cmocka_unit_test(test_full_disk_is_reported),
	};

	return cmocka_run_group_tests(tests, open_databases, close_databases);
}
