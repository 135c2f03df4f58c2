/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of Farmgate's own audit log. Of a login the decision in the phase
 * account counts, and a refusal before or after that.
 */
#include <string.h>

#include "ctl/audit/line.h"
#include "ctl/ctl.h"
#include "ctl/past/member.h"
#include "ctl/past/past_parts.h"
#include "policyd/text.h"

#define WORD_MAX 32u

struct words {
	char ts[WORD_MAX], phase[WORD_MAX], verdict[WORD_MAX];
	char address[ADDR_TEXT_SIZE];
};

static void
take_origin(struct member *m, struct past_login *login, struct words *words)
{
	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (member_is(m, "address"))
			(void)member_text(m, words->address, ADDR_TEXT_SIZE);
		else if (member_is(m, "rhost"))
			(void)member_text(m, login->from, sizeof(login->from));
		else
			member_skip(m);
	}
}

static void
take_parents(struct member *m, struct past_login *login)
{
	bool first = true;

	if (!member_array(m))
		return;
	for (; member_item(m); first = false) {
		if (first)
			(void)member_int(m, &login->parent);
		else
			member_skip(m);
	}
}

static void
take_peer(struct member *m, struct past_login *login)
{
	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (member_is(m, "pid"))
			(void)member_int(m, &login->pid);
		else if (member_is(m, "parents"))
			take_parents(m, login);
		else
			member_skip(m);
	}
}

static void
take_member(struct member *m, struct past_login *login, struct words *words)
{
	if (member_is(m, "ts"))
		(void)member_text(m, words->ts, WORD_MAX);
	else if (member_is(m, "ref"))
		(void)member_text(m, login->ref, sizeof(login->ref));
	else if (member_is(m, "phase"))
		(void)member_text(m, words->phase, WORD_MAX);
	else if (member_is(m, "verdict"))
		(void)member_text(m, words->verdict, WORD_MAX);
	else if (member_is(m, "user"))
		(void)member_text(m, login->user, sizeof(login->user));
	else if (member_is(m, "invalid_user"))
		login->invalid_user = member_true(m);
	else if (member_is(m, "service"))
		(void)member_text(m, login->service, sizeof(login->service));
	else if (member_is(m, "tty"))
		(void)member_text(m, login->tty, sizeof(login->tty));
	else if (member_is(m, "origin"))
		take_origin(m, login, words);
	else if (member_is(m, "key"))
		member_inner(m, "fingerprint", login->key, sizeof(login->key));
	else if (member_is(m, "peer"))
		take_peer(m, login);
	else
		member_skip(m);
}

/* What is no login, or not yet: a step-up that went well, a session. Who shares
 * an account is mostly known in the session alone, and may be refused there. */
static bool
is_the_one(const struct words *words, bool denied)
{
	return strcmp(words->phase, "account") == 0 || denied;
}

enum past_found
past_audit_line(const char *text, size_t len, struct past_login *login,
    const char **ret_why)
{
	struct words words = { .ts = "" };
	struct line_parts parts;
	struct member m;
	bool denied;

	*ret_why = "no record of the audit log";
	if (!line_parse(text, len, &parts))
		return PAST_BAD;
	if (!line_is_event(&parts, "decision"))
		return PAST_NOTHING;
	member_init(&m, text, len);
	if (member_object(&m))
		while (member_next(&m))
			take_member(&m, login, &words);
	if (!member_is_whole(&m))
		return PAST_BAD;
	denied = strcmp(words.verdict, "deny") == 0;
	if (!is_the_one(&words, denied))
		return PAST_NOTHING;
	*ret_why = "the record has no time";
	if (ctl_parse_time(words.ts, &login->at_s) != 0)
		return PAST_BAD;
	if (words.address[0] != '\0')
		(void)past_set_from(login, words.address,
		    strlen(words.address));
	login->event = denied ? PAST_FAILED : PAST_ACCEPTED;
	login->record = text;
	login->record_len = len;
	return PAST_LOGIN;
}
