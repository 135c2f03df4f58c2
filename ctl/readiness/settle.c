/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was refused last week may be mended by now. Each origin of a row is
 * supposed to log in again, at the time when it did, and decided by the rules
 * and the people of today.
 */
#include <string.h>

#include "ctl/readiness/readiness_parts.h"
#include "ctl/supposed.h"
#include "ctl/what_if.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SETTLE_MAX 256u /* logins that are supposed, a process each */

struct settling {
	const struct ruleset *ruleset;
	size_t left;
};

/* An address that the service gave may have made another kind of it. */
static bool
would_be_let_in(const struct refused_row *row, const struct json *record)
{
	return strcmp(json_get_string(record, "kind", ""), row->kind) == 0 &&
	    strcmp(json_get_string(record, "would", ""),
		fg_verdict_name(FG_VERDICT_ALLOW)) == 0;
}

/* Returns CTL_OK, CTL_NO, or CTL_ERROR after a complaint. */
static int
ask(struct settling *s, const struct refused_row *row,
    const struct refused_from *from)
{
	static struct supposed login;
	struct what_if w = { .ruleset = s->ruleset, .command = "readiness" };
	struct fact_login *l = &login.facts.login;
	struct json *record;
	int status;

	memset(&login, 0, sizeof(login));
	login.facts.at_s = from->last_s;
	l->phase = FG_PHASE_ACCOUNT;
	(void)text_copy(l->user, sizeof(l->user), row->user);
	(void)text_copy(l->service, sizeof(l->service), row->service);
	if (supposed_look_up(&login, s->ruleset->conf) != 0 ||
	    supposed_come_from(&login, s->ruleset->conf, from->text) != 0)
		return CTL_NO;
	w.parent = &login.parent;
	w.facts = &login.facts;
	if ((status = what_if_decide(&w, &record)) != CTL_OK)
		return status;
	status = would_be_let_in(row, record) ? CTL_OK : CTL_NO;
	json_free(record);
	return status;
}

/* All of its origins, or it is none. */
static int
settle(struct settling *s, struct refused_row *row)
{
	int status = CTL_OK;
	size_t i;

	if (row->enforced || !row->lasting || row->more_from ||
	    row->nfrom == 0 || row->nfrom > s->left)
		return CTL_NO;
	for (i = 0; i < row->nfrom && status == CTL_OK; i++, s->left--)
		status = ask(s, row, &row->from[i]);
	row->settled = status == CTL_OK;
	return status;
}

static void
settle_rows(struct readiness *r, const struct ruleset *ruleset)
{
	struct settling s = { ruleset, SETTLE_MAX };

	for (size_t i = 0; i < r->refused.n; i++)
		if (settle(&s, r->refused.rows[i]) == CTL_ERROR)
			return; /* the next one would fail alike */
}

void
readiness_settle(struct readiness *r)
{
	struct conf_errors errors = { 0 };
	struct ruleset *ruleset = NULL;
	char text[CTL_TEXT_SIZE];

	if (ruleset_load(r->o->config, &ruleset, &errors) == 0) {
		r->has_methods = conf_has_methods(ruleset->conf);
		settle_rows(r, ruleset);
		readiness_ask(&r->refused, ruleset->conf);
	} else if (errors.count > 0) {
		conf_error_text(&errors.list[0], text, sizeof(text));
		readiness_item(r, "config",
		    "farmgatectl check prints all of its errors",
		    "the configuration cannot be used: %s", text);
	} else {
		readiness_item(r, "config", "farmgatectl check says more",
		    "the configuration cannot be used: %s", r->o->config);
	}
	ruleset_release(ruleset);
	conf_errors_done(&errors);
}
