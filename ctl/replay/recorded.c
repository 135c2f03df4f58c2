/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record's members, each into its fact: the other direction of
 * policyd/record. What is null could not be found out then, either.
 */
#include "ctl/replay/recorded.h"

#include <string.h>

#include "ctl/ctl.h"
#include "ctl/past/member.h"
#include "ctl/replay/recorded_parts.h"
#include "policyd/check/check.h"
#include "proto/result.h"

#define WORD_MAX 64u

bool
recorded_keeps(enum finding_code code)
{
	const char *name = finding_info(code)->name;

	return strncmp(name, "remote.", 7) == 0 ||
	    strncmp(name, "device.", 7) == 0 || code == FINDING_GEO_STALE ||
	    code == FINDING_NET_VPN_CLIENT ||
	    code == FINDING_SESSION_SHARED_DEVICE ||
	    code == FINDING_SESSION_SHARED_SITE ||
	    code == FINDING_PERSON_UNVERIFIED;
}

/* ---- what the login has said ------------------------------------------- */

static void
take_key(struct member *m, struct fact_login *login)
{
	struct ssh_key *key = &login->keys.list[0];

	memset(key, 0, sizeof(*key));
	login->keys.n = 1;
	login->key_state = FACT_KNOWN;
	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (member_is(m, "fingerprint"))
			(void)member_text(m, key->fingerprint,
			    sizeof(key->fingerprint));
		else if (member_is(m, "id"))
			(void)member_text(m, key->id, sizeof(key->id));
		else
			member_skip(m);
	}
}

static void
set_flag(struct member *m, struct fact_login *login, uint32_t flag)
{
	if (member_true(m))
		login->flags |= flag;
}

static bool
take_login(struct member *m, struct fact_login *login)
{
	int64_t v;

	if (member_is(m, "user"))
		(void)member_text(m, login->user, sizeof(login->user));
	else if (member_is(m, "uid"))
		login->uid = member_int(m, &v) ? (uint32_t)v : UINT32_MAX;
	else if (member_is(m, "ruser"))
		(void)member_text(m, login->ruser, sizeof(login->ruser));
	else if (member_is(m, "service"))
		(void)member_text(m, login->service, sizeof(login->service));
	else if (member_is(m, "tty"))
		(void)member_text(m, login->tty, sizeof(login->tty));
	else if (member_is(m, "invalid_user"))
		set_flag(m, login, FG_LOGIN_INVALID_USER);
	else if (member_is(m, "cut"))
		set_flag(m, login, FG_LOGIN_CUT);
	else if (member_is(m, "nogroups"))
		set_flag(m, login, FG_LOGIN_NOGROUPS);
	else if (member_is(m, "key"))
		take_key(m, login);
	else
		return false;
	return true;
}

static enum service_kind
kind_of(const char *name)
{
	for (int kind = SERVICE_REMOTE; kind <= SERVICE_EXEMPT; kind++)
		if (strcmp(name, service_kind_name((enum service_kind)kind)) ==
		    0)
			return (enum service_kind)kind;
	return SERVICE_NONE;
}

/* ---- what was found ---------------------------------------------------- */

static void
add_exception(struct facts *facts, const struct finding *f, int64_t id)
{
	struct fact_exceptions *list = &facts->exceptions;
	struct fact_exception *e;

	if (list->count == FACT_EXCEPTIONS_MAX)
		return;
	e = &list->list[list->count++];
	memset(e, 0, sizeof(*e));
	e->id = (uint64_t)id;
	e->code = (int)f->code;
	memcpy(e->grade, f->grade, sizeof(e->grade));
	e->until_s = INT64_MAX;
	list->state = FACT_KNOWN;
}

static void
take_finding(struct member *m, struct recorded *r)
{
	char code[WORD_MAX] = "";
	struct finding f = { .code = FINDING_NONE };
	int64_t exception = 0, remembered = 0;

	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (member_is(m, "code"))
			(void)member_text(m, code, sizeof(code));
		else if (member_is(m, "grade"))
			(void)member_text(m, f.grade, sizeof(f.grade));
		else if (member_is(m, "text"))
			(void)member_text(m, f.text, sizeof(f.text));
		else if (member_is(m, "exception"))
			(void)member_int(m, &exception);
		else if (member_is(m, "minor"))
			f.minor = member_true(m);
		else if (member_is(m, "proved"))
			r->proved = member_true(m) || r->proved;
		else if (member_is(m, "remembered"))
			(void)member_int(m, &remembered);
		else
			member_skip(m);
	}
	f.code = finding_by_name(code);
	if (f.code == FINDING_NONE)
		return; /* another version's */
	r->proved = r->proved || remembered > 0;
	if (f.code == FINDING_CHALLENGE_FAILED ||
	    f.code == FINDING_CHALLENGE_IMPOSSIBLE)
		r->unproved = true;
	/* What an administrator took back is a member of its own. */
	if (f.code == FINDING_PERSON_REVOKED && !check_is_taken_back(f.text))
		r->left = true;
	if (exception > 0)
		add_exception(&r->facts, &f, exception);
	if (recorded_keeps(f.code) && r->findings.count < FINDING_LIST_MAX)
		r->findings.list[r->findings.count++] = f;
}

static void
take_findings(struct member *m, struct recorded *r)
{
	if (!member_array(m))
		return;
	while (member_item(m))
		take_finding(m, r);
}

/* ---- what came of it --------------------------------------------------- */

static void
take_proof(struct member *m, struct recorded *r)
{
	if (!member_object(m))
		return;
	r->proved = true;
	while (member_next(m))
		member_skip(m);
}

static bool
take_decision(struct member *m, struct recorded *r)
{
	if (member_is(m, "findings"))
		take_findings(m, r);
	else if (member_is(m, "decided"))
		member_inner(m, "why", r->why, sizeof(r->why));
	else if (member_is(m, "proof"))
		take_proof(m, r);
	else
		return false;
	return true;
}

static void
take_member(struct member *m, struct recorded *r, char ts[WORD_MAX])
{
	char kind[WORD_MAX];

	if (member_is(m, "ts")) {
		(void)member_text(m, ts, WORD_MAX);
	} else if (member_is(m, "kind")) {
		(void)member_text(m, kind, sizeof(kind));
		r->facts.kind = kind_of(kind);
	} else if (!take_login(m, &r->facts.login) && !take_decision(m, r) &&
	    !recorded_take_fact(m, r)) {
		member_skip(m);
	}
}

/* All that is set below, and nothing that is large and counted. */
static void
clear(struct recorded *r)
{
	struct facts *facts = &r->facts;
	struct fact_login *login = &facts->login;

	login->phase = FG_PHASE_ACCOUNT;
	login->flags = 0;
	login->uid = UINT32_MAX;
	login->user[0] = login->ruser[0] = login->service[0] = '\0';
	login->tty[0] = login->rhost[0] = login->ssh_connection[0] = '\0';
	login->key_state = FACT_NONE;
	login->keys.n = 0;
	login->keys.more = 0;
	facts->kind = SERVICE_NONE;
	recorded_clear_facts(facts);
	r->findings.count = 0;
	r->findings.overflow = false;
	r->has_asn = r->has_anonymous = r->has_person = false;
	r->from_network = r->proved = r->unproved = r->left = false;
	r->why[0] = '\0';
}

int
recorded_read(const char *text, size_t len, struct recorded *ret_recorded)
{
	char ts[WORD_MAX] = "";
	struct member m;

	clear(ret_recorded);
	member_init(&m, text, len);
	if (member_object(&m))
		while (member_next(&m))
			take_member(&m, ret_recorded, ts);
	if (!member_is_whole(&m) ||
	    ctl_parse_time(ts, &ret_recorded->facts.at_s) != 0)
		return FG_ERR_FORMAT;
	return 0;
}
