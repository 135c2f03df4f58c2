/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signs of hardware on their way into the picture. The scanner alone knows
 * since when a thing is plugged in, and only of what came while it ran.
 */
#include "policyd/scanner/hardware/roster.h"

#include <string.h>

void
roster_begin(struct roster *roster, struct picture *picture)
{
	size_t i;

	roster->picture = picture;
	for (i = 0; i < roster->nlines; i++)
		roster->line[i].here = false;
}

void
roster_end(struct roster *roster, bool whole)
{
	size_t i, kept = 0;

	if (whole)
		roster->last = (uint64_t)roster->picture->rules + 1;
	roster->picture = NULL;
	for (i = 0; i < roster->nlines; i++)
		if (!whole || roster->line[i].here)
			roster->line[kept++] = roster->line[i];
	roster->nlines = kept;
}

/* When it has come; 0: nobody has looked for it before. */
static int64_t
came_at(const struct roster *roster)
{
	const struct picture *p = roster->picture;

	return roster->last == (uint64_t)p->rules + 1 ? p->taken_s : 0;
}

/* As long as it is there. Of what finds no room that is not known. */
static int64_t
since(struct roster *roster, uint32_t kind, const char *what)
{
	struct roster_line *line;
	size_t i;

	for (i = 0; i < roster->nlines; i++) {
		line = &roster->line[i];
		if (line->kind != kind || strcmp(line->what, what) != 0)
			continue;
		line->here = true;
		return line->since_s;
	}
	if (roster->nlines == ROSTER_MAX)
		return 0;
	line = &roster->line[roster->nlines++];
	line->kind = kind;
	line->here = true;
	line->since_s = came_at(roster);
	sign_text(line->what, sizeof(line->what), what);
	return line->since_s;
}

void
roster_add(struct roster *roster, const struct roster_sign *sign)
{
	struct sign s;

	memset(&s, 0, sizeof(s)); /* with its padding: it is sent */
	s.kind = sign->kind;
	s.grade = sign->grade;
	s.confidence = sign->confidence;
	s.steers = sign->steers;
	s.owner = SIGN_OF_MACHINE;
	s.uid = (uint32_t)-1;
	s.audit_session = (uint32_t)-1;
	s.serial = sign->serial ? 1 : 0;
	sign_text(s.what, sizeof(s.what), sign->what);
	sign_text(s.seen, sizeof(s.seen), sign->seen);
	s.since_s = since(roster, s.kind, s.what);
	picture_add(roster->picture, &s);
}

void
roster_add_entry(struct roster *roster, const struct rule_entry *entry,
    enum sign_grade grade, enum sign_confidence confidence, const char *seen)
{
	const struct roster_sign sign = { .kind = (enum entry_kind)entry->kind,
		.grade = grade,
		.confidence = confidence,
		.steers = (enum entry_steers)entry->steers,
		.what = entry->name,
		.seen = seen };

	if (entry->kind != ENTRY_ORDINARY)
		roster_add(roster, &sign);
}

bool
roster_has(const struct roster *roster, enum entry_kind kind, const char *what)
{
	const struct picture *picture = roster->picture;
	size_t i;

	for (i = 0; i < picture->nsigns; i++)
		if (picture->sign[i].kind == kind &&
		    strcmp(picture->sign[i].what, what) == 0)
			return true;
	return false;
}

void
roster_quote(char ret_quote[ROSTER_QUOTE_SIZE], const char *s)
{
	size_t len;
	char *p;

	ret_quote[0] = '"';
	sign_text(ret_quote + 1, ROSTER_QUOTE_SIZE - 2, s);
	for (p = ret_quote + 1; *p != '\0'; p++)
		if (*p == '"')
			*p = '\'';
	len = strlen(ret_quote);
	ret_quote[len] = '"';
	ret_quote[len + 1] = '\0';
}
