/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the decision share: configurations from text, one
 * ordinary login to start from, and what is asserted of the outcome.
 */
#ifndef FG_TESTS_DECIDING_H
#define FG_TESTS_DECIDING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/decide/decide.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

/* A rule for countries needs something that knows them; it comes last. */
static inline struct conf *
parse(const char *policies)
{
	struct conf_errors errors = { 0 };
	struct conf *conf = NULL;
	char text[4096];
	int n;

	n = snprintf(text, sizeof(text), "%s%s\n", policies,
	    strstr(policies, "countries") != NULL ?
		"\ndatabase country { files = \"/nonexistent/a.mmdb\" }" :
		"");
	assert_true(n > 0 && (size_t)n < sizeof(text));
	if (conf_parse("/etc/farmgate/test.conf", text, (size_t)n, &conf,
		&errors) != 0) {
		conf_errors_print(&errors, stderr);
		conf_errors_done(&errors);
		fail_msg("cannot be parsed: %s", text);
	}
	conf_errors_done(&errors);
	return conf;
}

static inline void
set_address(struct fact_origin *origin, const char *text)
{
	assert_int_equal(addr_parse(text, &origin->addr), 0);
}

static inline void
set_place(struct facts *f, const char *country)
{
	memset(&f->place, 0, sizeof(f->place));
	f->place.state = FACT_KNOWN;
	f->place.source = PLACE_FROM_DATABASE;
	(void)snprintf(f->place.country, sizeof(f->place.country), "%s",
	    country);
}

/* Somebody from a public address in Germany, by ssh. */
static inline void
set_facts(struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->at_s = 1767225600;
	f->login.phase = FG_PHASE_ACCOUNT;
	f->login.uid = 1000;
	(void)snprintf(f->login.user, sizeof(f->login.user), "alice");
	(void)snprintf(f->login.service, sizeof(f->login.service), "sshd");
	f->kind = SERVICE_REMOTE;
	f->peer.state = FACT_KNOWN;
	f->origin.kind = ORIGIN_ADDRESS;
	f->origin.source = ORIGIN_FROM_SSH_CONNECTION;
	set_address(&f->origin, "5.1.80.1");
	f->origin.cls = ADDR_PUBLIC;
	set_place(f, "DE");
}

static inline void
set_kind(struct facts *f, enum service_kind kind, const char *service)
{
	f->kind = kind;
	(void)snprintf(f->login.service, sizeof(f->login.service), "%s",
	    service);
	if (kind == SERVICE_REMOTE)
		return;
	memset(&f->origin, 0, sizeof(f->origin));
	memset(&f->place, 0, sizeof(f->place));
	f->origin.kind = kind == SERVICE_NESTED ? ORIGIN_LOCAL : ORIGIN_CONSOLE;
	f->origin.source = ORIGIN_FROM_SERVICE;
}

static inline void
set_no_address(struct facts *f)
{
	memset(&f->origin, 0, sizeof(f->origin));
	memset(&f->place, 0, sizeof(f->place));
	f->origin.kind = ORIGIN_NO_ADDRESS;
	f->origin.problem = "the remote host is a name";
}

/* Whose account it is; it is in their hours. */
static inline void
set_owner(struct facts *f, const char *user, enum person_kind kind)
{
	struct person *p = &f->person.person;

	f->person.state = FACT_KNOWN;
	f->person.in_hours = true;
	person_init(p);
	p->kind = kind;
	(void)snprintf(p->user, sizeof(p->user), "%s", user);
}

/* For a second more; the first one has the number 41. */
static inline struct fact_exception *
add_exception(struct facts *f, enum finding_code code, const char *grade,
    const char *country)
{
	struct fact_exception *e = &f->exceptions.list[f->exceptions.count++];

	f->exceptions.state = FACT_KNOWN;
	e->id = 40 + f->exceptions.count;
	e->code = (int)code;
	(void)snprintf(e->grade, sizeof(e->grade), "%s", grade);
	(void)snprintf(e->country, sizeof(e->country), "%s", country);
	e->until_s = f->at_s + 1;
	return e;
}

static inline void
assert_verdict(const struct decision *d, enum fg_verdict verdict,
    enum fg_verdict would)
{
	char reason[FG_REASON_MAX + 1];

	if (d->verdict != verdict || d->would != would)
		fail_msg("%s, would %s (%s)", fg_verdict_name(d->verdict),
		    fg_verdict_name(d->would), decide_reason(d, reason));
}

static inline void
assert_why(const struct decision *d, const struct conf *conf, const char *want)
{
	char why[DECIDE_WHY_SIZE];

	assert_string_equal(decide_why(d, conf, why), want);
}

static inline void
assert_reason(const struct decision *d, const char *want)
{
	char reason[FG_REASON_MAX + 1];

	assert_string_equal(decide_reason(d, reason), want);
}

/* What is decided is also what would be; the rest of it is in d. */
static inline void
assert_decided(const struct facts *f, const struct conf *conf,
    struct decision *d, enum fg_verdict verdict)
{
	decide(f, conf, d);
	assert_verdict(d, verdict, verdict);
}

/* What is found, with the rules of this text. */
static inline void
assert_found(const struct facts *f, const char *text, const char *reason)
{
	struct conf *conf = parse(text);
	struct decision d;

	decide(f, conf, &d);
	assert_reason(&d, reason);
	conf_free(conf);
}

#endif
