/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of refusals as items: who would have been kept out, and why. Who was
 * kept out for real surprises nobody any more, and is a note.
 */
#include <string.h>

#include "ctl/readiness/joined.h"
#include "ctl/readiness/readiness_parts.h"
#include "policyd/text.h"

#define NAMES_SIZE  (2 * FG_USER_MAX + 32)
#define PLACES_SIZE ((REFUSED_PLACES + 1) * (REFUSED_PLACE_SIZE + 2))

static const char *
names_of(const struct refused_row *row, char buf[NAMES_SIZE])
{
	if (row->user[0] == '\0')
		(void)text_copy(buf, NAMES_SIZE,
		    "users without a passwd entry");
	else if (strcmp(row->who, row->user) == 0)
		(void)text_copy(buf, NAMES_SIZE, row->who);
	else
		(void)text_format(buf, NAMES_SIZE, "%s (account %s)", row->who,
		    row->user);
	return buf;
}

static const char *
places_of(const struct refused_row *row, char buf[PLACES_SIZE])
{
	buf[0] = '\0';
	for (size_t i = 0; i < row->nplaces; i++)
		joined_add(buf, PLACES_SIZE, row->place[i]);
	if (row->more_places)
		joined_add(buf, PLACES_SIZE, "...");
	return buf;
}

static const char *
text_of(const struct readiness *r, const struct refused_row *row,
    char buf[READINESS_TEXT_SIZE])
{
	char names[NAMES_SIZE], places[PLACES_SIZE], last[CTL_TIME_SIZE];
	const char *did = row->enforced ? "refused" : "would have refused";

	if (!row->enforced && row->challenge)
		did = r->has_methods ?
		    "would challenge" :
		    "would have challenged (refused without step_up)";
	(void)text_format(buf, READINESS_TEXT_SIZE,
	    "%s: %s %s %llu login%s for %s, the last %s, from %s; see "
	    "farmgatectl explain %s",
	    names_of(row, names), row->service, did,
	    (unsigned long long)row->count, readiness_plural(row->count),
	    row->codes, ctl_time_text(row->last_s, last),
	    places_of(row, places), row->ref[0] != '\0' ? row->ref : "?");
	return buf;
}

static void
set_members(const struct refused_row *row, struct json *o)
{
	struct json *places;
	size_t i;

	json_set_untrusted(o, "person", row->who);
	json_set_given(o, "user", row->user);
	json_set_untrusted(o, "service", row->service);
	json_set_untrusted(o, "reasons", row->codes);
	json_set_bool(o, "challenge", row->challenge);
	json_set_int(o, "logins", (int64_t)row->count);
	json_set_int(o, "last", row->last_s);
	json_set_untrusted(o, "ref", row->ref);
	places = json_set_array(o, "from");
	for (i = 0; i < row->nplaces; i++)
		if (text_is_utf8(row->place[i], strlen(row->place[i])))
			json_add_string(places, row->place[i]);
	if (row->more_places || row->more_from)
		json_set_bool(o, "more", true);
}

void
readiness_refused(struct readiness *r)
{
	char text[READINESS_TEXT_SIZE];
	const struct refused_row *row;
	uint64_t settled = 0;
	size_t i;

	for (i = 0; i < r->refused.n; i++) {
		row = r->refused.rows[i];
		if (!row->enforced && row->settled)
			settled++;
		else if (row->enforced)
			set_members(row,
			    readiness_note(r, "refused", "%s",
				text_of(r, row, text)));
		else
			set_members(row,
			    readiness_item(r,
				row->challenge ? "challenge" : "observed",
				row->next, "%s", text_of(r, row, text)));
	}
	if (settled > 0)
		readiness_note(r, "settled",
		    "%llu reason%s to refuse somebody in that time %s settled: "
		    "the configuration and the inventory of today let them in",
		    (unsigned long long)settled, readiness_plural(settled),
		    settled == 1 ? "is" : "are");
	if (r->refused.lost > 0)
		readiness_item(r, "observed",
		    "settle what is listed, or name a SERVICE or less of the "
		    "time",
		    "%llu login%s more would have been refused, or were, for "
		    "more reasons than %u",
		    (unsigned long long)r->refused.lost,
		    readiness_plural(r->refused.lost), REFUSED_ROWS);
}
