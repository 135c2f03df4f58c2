/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From records to rows. Every string of a record is somebody else's, and is
 * cut to its row's room; what is printed of it is escaped there.
 */
#include "ctl/readiness/refused.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/readiness/joined.h"
#include "ctl/readiness/sorted.h"
#include "policyd/failure.h"
#include "policyd/finding.h"
#include "policyd/text.h"
#include "proto/result.h"

static bool
is(const struct json *json, const char *key, const char *value)
{
	return strcmp(json_get_string(json, key, ""), value) == 0;
}

/* ---- why --------------------------------------------------------------- */

/* The present policy decides it alike tomorrow; the hours are as they were. */
static bool
lasts(const char *code)
{
	static const char *const passing[] = { "session.", "remote.", "device.",
		"challenge.", "geo.travel", "net.vpn_client" };

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (strncmp(code, passing[i], strlen(passing[i])) == 0)
			return false;
	return true;
}

static bool
failure_lasts(const char *name)
{
	enum failure failure = failure_by_name(name);

	return failure == FAILURE_NO_POLICY || failure == FAILURE_BUNDLE;
}

/*
 * A challenge that nothing answered was recorded as the deny that it came to.
 * Only a shipped one can be that, as a rule without a method is an error of the
 * configuration.
 */
static bool
is_challenge(const struct json *finding)
{
	const char *grade = json_get_string(finding, "grade", "");
	enum finding_code code;

	if (is(finding, "action", "challenge"))
		return true;
	if (json_get_int(finding, "line", 0) != 0)
		return false;
	code = finding_by_name(json_get_string(finding, "code", ""));
	return code != FINDING_NONE &&
	    finding_shipped(code, grade) == ACTION_CHALLENGE;
}

static void
add_against(struct refused_row *row, const char *code, const char *grade)
{
	struct refused_finding *f = &row->against[row->nagainst];
	enum finding_code found = finding_by_name(code);

	if (found == FINDING_NONE || row->nagainst == REFUSED_AGAINST ||
	    strlen(grade) >= sizeof(f->grade)) {
		row->more_against = true;
		return;
	}
	f->code = found;
	(void)text_copy(f->grade, sizeof(f->grade), grade);
	row->nagainst++;
}

static void
take_finding(const struct json *finding, struct refused_row *row)
{
	const char *code = json_get_string(finding, "code", "?");
	const char *grade = json_get_string(finding, "grade", "");
	char text[REFUSED_CODES_SIZE];

	if (!is(finding, "action", "deny") &&
	    !is(finding, "action", "challenge"))
		return;
	(void)text_format(text, sizeof(text), "%s%s%s", code,
	    grade[0] != '\0' ? ":" : "", grade);
	joined_add(row->codes, sizeof(row->codes), text);
	add_against(row, code, grade);
	row->challenge = row->challenge && is_challenge(finding);
	row->lasting = row->lasting && lasts(code);
}

static void
take_decided(const struct json *decided, struct refused_row *row)
{
	const char *name = json_get_string(decided, "failure", "");
	char text[REFUSED_CODES_SIZE];

	if (is(decided, "by", "failure")) {
		joined_add(row->codes, sizeof(row->codes), name);
		row->challenge = false;
		row->more_against = true;
		row->lasting = row->lasting && failure_lasts(name);
	} else if (is(decided, "by", "combination")) {
		(void)text_format(text, sizeof(text), "combination %s",
		    json_get_string(decided, "combination", "?"));
		(void)text_copy(row->combination, sizeof(row->combination),
		    json_get_string(decided, "combination", "?"));
		joined_add(row->codes, sizeof(row->codes), text);
		row->challenge = false;
		row->lasting = false;
	}
}

static void
set_reasons(const struct json *json, struct refused_row *row)
{
	const struct json *findings = json_get(json, "findings");

	row->challenge = row->lasting = true;
	take_decided(json_get(json, "decided"), row);
	for (size_t i = 0; i < json_length(findings); i++)
		take_finding(json_at(findings, i), row);
	if (is(json, "would", "challenge"))
		row->challenge = true;
	if (row->codes[0] != '\0')
		return;
	row->challenge = row->lasting = false;
	row->more_against = true;
	joined_add(row->codes, sizeof(row->codes),
	    json_get_string(json, "reason", "not recorded"));
}

/* ---- who and from where ------------------------------------------------ */

static void
set_names(const struct json *json, struct refused_row *row)
{
	const struct json *person = json_get(json, "person");
	const char *user = json_get_string(json, "user", "");

	(void)text_copy(row->user, sizeof(row->user), user);
	(void)text_copy(row->service, sizeof(row->service),
	    json_get_string(json, "service", ""));
	(void)text_copy(row->kind, sizeof(row->kind),
	    json_get_string(json, "kind", ""));
	if (is(person, "state", "known") && !json_get_bool(person, "nobody", 0))
		user = json_get_string(person, "user", user);
	(void)text_copy(row->who, sizeof(row->who), user);
	/* Whose a shared account's login is, a key said that is not here. */
	if (user[0] == '\0' || json_get_bool(person, "shared", false))
		row->lasting = false;
}

static void
add_place(struct refused_row *row, const char *text)
{
	size_t i;

	for (i = 0; i < row->nplaces; i++)
		if (strncmp(row->place[i], text, REFUSED_PLACE_SIZE - 1) == 0)
			return;
	if (row->nplaces == REFUSED_PLACES) {
		row->more_places = true;
		return;
	}
	(void)text_copy(row->place[row->nplaces++], REFUSED_PLACE_SIZE, text);
}

static void
add_places(struct refused_row *row, const struct json *json)
{
	const struct json *networks = json_get(json, "networks");
	const struct json *origin = json_get(json, "origin");
	const char *country =
	    json_get_string(json_get(json, "place"), "country", "");
	char text[REFUSED_PLACE_SIZE];
	size_t i;

	if (country[0] != '\0')
		add_place(row, country);
	for (i = 0; i < json_length(networks); i++) {
		(void)text_format(text, sizeof(text), "network %s",
		    json_string_at(networks, i, "?"));
		add_place(row, text);
	}
	if (country[0] != '\0' || json_length(networks) > 0)
		return;
	if (is(origin, "kind", "address"))
		(void)text_format(text, sizeof(text), "%s address",
		    json_get_string(origin, "class", "unknown"));
	else
		(void)text_copy(text, sizeof(text),
		    json_get_string(origin, "kind", "nowhere"));
	add_place(row, text);
}

static void
add_from(struct refused_row *row, const struct record *record)
{
	const struct json *origin = json_get(record->json, "origin");
	const char *text = is(origin, "kind", "address") ?
	    json_get_string(origin, "address", "") :
	    json_get_string(origin, "kind", "");
	size_t i;

	for (i = 0; i < row->nfrom; i++)
		if (strcmp(row->from[i].text, text) == 0)
			break;
	if (i == REFUSED_FROM || strlen(text) >= sizeof(row->from[i].text)) {
		row->more_from = true;
		return;
	}
	if (i == row->nfrom) {
		row->nfrom++;
		(void)text_copy(row->from[i].text, sizeof(row->from[i].text),
		    text);
	}
	row->from[i].last_s = record->at_s;
}

/* ---- rows -------------------------------------------------------------- */

static int
compare(const struct refused_row *a, const struct refused_row *b)
{
	int c;

	if (a->enforced != b->enforced)
		return a->enforced ? 1 : -1;
	if ((c = strcmp(a->who, b->who)) == 0 &&
	    (c = strcmp(a->user, b->user)) == 0 &&
	    (c = strcmp(a->service, b->service)) == 0)
		c = strcmp(a->codes, b->codes);
	return c;
}

static int
with_element(const void *key, const void *element)
{
	const struct refused_row *const *row = element;

	return compare(key, *row);
}

/* The row that is as key, a new one if there is room, or NULL. */
static int
get_row(struct refused *refused, const struct refused_row *key,
    struct refused_row **ret_row)
{
	struct refused_row *row;
	size_t at;

	*ret_row = NULL;
	at = sorted_place(key, refused->rows, refused->n,
	    sizeof(refused->rows[0]), with_element);
	if (at < refused->n && compare(key, refused->rows[at]) == 0) {
		*ret_row = refused->rows[at];
		return 0;
	}
	if (refused->n == REFUSED_ROWS)
		return 0;
	if (refused->rows == NULL &&
	    (refused->rows = calloc(REFUSED_ROWS, sizeof(row))) == NULL)
		return FG_ERR_NOMEM;
	if ((row = malloc(sizeof(*row))) == NULL)
		return FG_ERR_NOMEM;
	*row = *key;
	memmove(&refused->rows[at + 1], &refused->rows[at],
	    (refused->n - at) * sizeof(row));
	refused->rows[at] = row;
	refused->n++;
	*ret_row = row;
	return 0;
}

/* The session's own decision, where it comes to one, is the same login's. */
static bool
is_same_login(const struct refused_row *row, const char *ref)
{
	return row->count > 0 && ref[0] != '\0' && strcmp(row->ref, ref) == 0;
}

int
refused_take(struct refused *refused, const struct record *record)
{
	const struct json *json = record->json;
	const char *ref = json_get_string(json, "ref", "");
	static struct refused_row key;
	struct refused_row *row;
	int r;

	if (record->event != RECORD_DECISION ||
	    (!is(json, "would", "deny") && !is(json, "would", "challenge")) ||
	    is(json, "verdict", "challenge"))
		return 0;
	memset(&key, 0, sizeof(key));
	key.enforced = is(json, "verdict", "deny");
	set_reasons(json, &key);
	set_names(json, &key);
	if ((r = get_row(refused, &key, &row)) != 0)
		return r;
	if (row == NULL) {
		refused->lost++;
		return 0;
	}
	row->challenge = row->challenge && key.challenge;
	row->lasting = row->lasting && key.lasting;
	if (!is_same_login(row, ref))
		row->count++;
	row->last_s = record->at_s;
	(void)text_copy(row->policy, sizeof(row->policy),
	    json_get_string(json_get(json, "policy"), "name", ""));
	(void)text_copy(row->ref, sizeof(row->ref), ref);
	(void)text_copy(row->next, sizeof(row->next),
	    json_get_string(json, "next", ""));
	add_places(row, json);
	add_from(row, record);
	return 0;
}

static int
by_count(const void *a, const void *b)
{
	const struct refused_row *const *x = a, *const *y = b;

	if ((*x)->enforced != (*y)->enforced)
		return (*x)->enforced ? 1 : -1;
	if ((*x)->count != (*y)->count)
		return (*x)->count > (*y)->count ? -1 : 1;
	return compare(*x, *y);
}

void
refused_rank(struct refused *refused)
{
	if (refused->n > 0)
		qsort(refused->rows, refused->n, sizeof(refused->rows[0]),
		    by_count);
}

void
refused_done(struct refused *refused)
{
	while (refused->n > 0)
		free(refused->rows[--refused->n]);
	free(refused->rows);
	memset(refused, 0, sizeof(*refused));
}
