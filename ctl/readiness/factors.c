/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who would be asked for what they do not have: as good as refused. A second
 * person can always be asked, and of the module that is handed over to nothing
 * is known.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/readiness/readiness_parts.h"
#include "policyd/stepup/stepup.h"
#include "policyd/text.h"

/* How a method is had, of which the daemon has a list. */
struct kind {
	const char *list;
	const char *state;
	const char *flag; /* has to be true as well; NULL: none */
	const char *what; /* they are asked for */
	const char *fix;
};

static const struct kind kinds[METHOD_COUNT] = {
	[METHOD_TOTP] = { "totp.list", "active", NULL,
	    "a one-time code, and has none", "farmgatectl totp enrol" },
	[METHOD_SERIAL] = { "verify.list", "verified", "serial",
	    "the laptop's serial number, and none is recorded",
	    "farmgatectl verify" },
};

struct having {
	const struct kind *kind;
	char **users;
	size_t n, room;
	bool lost; /* out of memory: not all are there */
};

struct havings {
	struct having of[METHOD_COUNT];
	const char *who;
};

static void
havings_done(struct havings *h)
{
	struct having *having;

	for (size_t i = 0; i < METHOD_COUNT; i++) {
		having = &h->of[i];
		while (having->n > 0)
			free(having->users[--having->n]);
		free(having->users);
	}
}

static bool
has_it(const struct kind *kind, const struct json *line)
{
	return strcmp(json_get_string(line, "state", ""), kind->state) == 0 &&
	    (kind->flag == NULL || json_get_bool(line, kind->flag, false));
}

static int
take_line(struct json *line, void *arg)
{
	struct having *h = arg;
	size_t room = h->room == 0 ? 64 : h->room * 2;
	char **users;

	if (!has_it(h->kind, line))
		return CTL_OK;
	if (h->n == h->room) {
		users = realloc(h->users, room * sizeof(*users));
		if (users == NULL) {
			h->lost = true;
			return CTL_OK;
		}
		h->users = users;
		h->room = room;
	}
	h->users[h->n] = strdup(json_get_string(line, "user", ""));
	h->lost |= h->users[h->n] == NULL;
	h->n += h->users[h->n] != NULL;
	return CTL_OK;
}

static bool
ask_for_list(const struct readiness *r, struct having *having)
{
	struct json *command = json_new();

	json_set_string(command, "do", having->kind->list);
	return ctl_ask_lines(r->ctl, command, false, take_line, having) ==
	    CTL_OK &&
	    !having->lost;
}

static bool
ask_for_all(const struct readiness *r, struct havings *h)
{
	if (r->status == NULL)
		return false;
	for (size_t i = 0; i < METHOD_COUNT; i++) {
		h->of[i].kind = &kinds[i];
		if (kinds[i].list != NULL && !ask_for_list(r, &h->of[i]))
			return false;
	}
	return true;
}

/* ---- who has not -------------------------------------------------------- */

static bool
has_method(enum method method, void *arg)
{
	const struct havings *h = arg;
	const struct having *having = &h->of[method];

	for (size_t i = 0; i < having->n; i++)
		if (strcmp(having->users[i], h->who) == 0)
			return true;
	return kinds[method].list == NULL;
}

/* Once for each, however many logins it would be. */
static bool
is_said(const struct refused *refused, size_t at, enum method method)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(refused->rows[i]->who, refused->rows[at]->who) ==
			0 &&
		    (refused->rows[i]->missing & 1u << method) != 0)
			return true;
	return false;
}

static void
say_missing(struct readiness *r, const char *who, enum method method)
{
	char fix[READINESS_TEXT_SIZE];
	struct json *o;

	(void)text_format(fix, sizeof(fix), "%s %s", kinds[method].fix, who);
	o = readiness_item(r, "factor", fix, "%s would be asked for %s", who,
	    kinds[method].what);
	json_set_untrusted(o, "person", who);
	json_set_string(o, "method", method_name(method));
}

static void
report_row(struct readiness *r, size_t at, struct havings *h)
{
	struct refused_row *row = r->refused.rows[at];
	struct stepup plan;
	enum method m;

	h->who = row->who;
	stepup_plan(row->needs, row->nneeds, has_method, h, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		m = plan.steps[i].method;
		if (has_method(m, h))
			continue;
		row->missing |= 1u << m;
		if (!is_said(&r->refused, at, m))
			say_missing(r, row->who, m);
	}
}

static bool
is_anybody_asked(const struct refused *refused, enum method method)
{
	const struct refused_row *row;

	for (size_t i = 0; i < refused->n; i++) {
		row = refused->rows[i];
		for (size_t j = 0; j < row->nneeds; j++)
			if (method == METHOD_NONE ||
			    methods_have(&row->needs[j], method))
				return true;
	}
	return false;
}

void
readiness_factors(struct readiness *r)
{
	static struct havings h;

	if (!r->has_methods)
		readiness_note(r, "factors",
		    "no step_up is configured: nobody is asked for proof, and "
		    "a challenge is a denial");
	if (!is_anybody_asked(&r->refused, METHOD_NONE))
		return;
	if (ask_for_all(r, &h))
		for (size_t i = 0; i < r->refused.n; i++)
			report_row(r, i, &h);
	else
		readiness_note(r, "factors",
		    "whether everybody can answer a challenge is not known");
	if (is_anybody_asked(&r->refused, METHOD_DELEGATE))
		readiness_note(r, "factors",
		    "whether the module that is handed over to knows everybody "
		    "who would be asked is not looked at");
	havings_done(&h);
}
