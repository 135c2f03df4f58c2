/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who would be asked for a one-time code and has none: as good as refused.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/readiness/readiness_parts.h"
#include "policyd/text.h"

struct enrolled {
	char **users;
	size_t n, room;
	bool lost; /* out of memory: not all are there */
};

static void
enrolled_done(struct enrolled *e)
{
	while (e->n > 0)
		free(e->users[--e->n]);
	free(e->users);
}

static int
take_line(struct json *line, void *arg)
{
	struct enrolled *e = arg;
	size_t room = e->room == 0 ? 64 : e->room * 2;
	char **users;

	if (strcmp(json_get_string(line, "state", ""), "active") != 0)
		return CTL_OK;
	if (e->n == e->room) {
		users = realloc(e->users, room * sizeof(*users));
		if (users == NULL) {
			e->lost = true;
			return CTL_OK;
		}
		e->users = users;
		e->room = room;
	}
	e->users[e->n] = strdup(json_get_string(line, "user", ""));
	e->lost |= e->users[e->n] == NULL;
	e->n += e->users[e->n] != NULL;
	return CTL_OK;
}

static bool
has_codes(const struct enrolled *e, const char *who)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcmp(e->users[i], who) == 0)
			return true;
	return false;
}

/* One item for each, however many logins it would be. */
static void
report(struct readiness *r, const struct enrolled *e)
{
	char fix[READINESS_TEXT_SIZE];
	const struct refused_row *row;
	const char *last = "";

	for (size_t i = 0; i < r->refused.n; i++) {
		row = r->refused.rows[i];
		if (row->enforced || row->settled || !row->challenge ||
		    strcmp(row->who, last) == 0 || has_codes(e, row->who))
			continue;
		last = row->who;
		(void)text_format(fix, sizeof(fix), "farmgatectl totp enrol %s",
		    row->who);
		readiness_item(r, "factor", fix,
		    "%s would be asked for a one-time code, and has none",
		    row->who);
	}
}

static int
ask(const struct readiness *r, struct enrolled *e)
{
	struct json *command = json_new();

	json_set_string(command, "do", "totp.list");
	return ctl_ask_lines(r->ctl, command, false, take_line, e);
}

void
readiness_factors(struct readiness *r)
{
	struct enrolled e = { .n = 0 };

	if (!r->has_methods)
		readiness_note(r, "factors",
		    "no step_up is configured: nobody is asked for proof, and "
		    "a challenge is a denial");
	if (!r->wants_codes)
		return;
	if (r->status != NULL && ask(r, &e) == CTL_OK && !e.lost)
		report(r, &e);
	else
		readiness_note(r, "factors",
		    "whether everybody can answer a challenge is not known");
	enrolled_done(&e);
}
