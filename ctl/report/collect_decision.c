/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A decision, in everything that it is counted in.
 */
#include <string.h>

#include "ctl/audit/filter.h"
#include "ctl/ctl.h"
#include "ctl/report/collect.h"
#include "ctl/report/login.h"
#include "ctl/report/said.h"
#include "policyd/record/show.h"
#include "policyd/text.h"
#include "proto/result.h"

#define KEY_SIZE (2 * LOGIN_TEXT + 2)

/* A decision that is counted, and what is known of it. */
struct counted {
	struct collect *c;
	const struct collect_record *record;
	struct login login;
	enum outcome outcome;
};

static int
count(const struct counted *d, enum by by, const char *key)
{
	return tally_add(d->c->by[by], key, d->outcome, d->record->at_s, 0);
}

/* ---- why --------------------------------------------------------------- */

/* "code" or "code:grade" of a finding. */
static void
finding_name(const struct json *finding, char name[LOGIN_TEXT])
{
	struct shown a, b;

	(void)text_format(name, LOGIN_TEXT, "%s%s%s",
	    show_member(&a, finding, "code", "-"),
	    show_has(finding, "grade") ? ":" : "",
	    show_member(&b, finding, "grade", ""));
}

/* What a challenge was for, whether the answer has settled it or not; as many
 * as there is room for. */
static const char *
asked_names(const struct counted *d, char names[KEY_SIZE])
{
	const struct json *list = json_get(d->record->json, "findings"), *o;
	char name[LOGIN_TEXT];
	size_t len = 0;

	names[0] = '\0';
	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		if (!json_get_bool(o, "proved", false) &&
		    strcmp(json_get_string(o, "action", ""), "challenge") != 0)
			continue;
		finding_name(o, name);
		if (text_format(names + len, KEY_SIZE - len, "%s%s",
			len > 0 ? "," : "", name) != 0) {
			names[len] = '\0';
			break;
		}
		len += strlen(names + len);
	}
	return names;
}

/* The codes of a list with commas between them. */
static int
count_reasons(const struct counted *d)
{
	char reason[KEY_SIZE], *at = reason, *code;
	struct shown a;
	int r = 0;

	(void)text_copy(reason, sizeof(reason),
	    show_member(&a, d->record->json, "reason", "none"));
	if (strcmp(reason, "none") == 0 && d->outcome != OUTCOME_CHALLENGED)
		return count(d, BY_REASON, "(not said)");
	if (strcmp(reason, "none") == 0 && asked_names(d, reason)[0] == '\0')
		return 0;
	while (r == 0 && (code = strsep(&at, ",")) != NULL)
		r = count(d, BY_REASON, code);
	return r;
}

/* ---- where ------------------------------------------------------------- */

static int
count_names(const struct counted *d, const char *what, const struct json *list)
{
	char key[KEY_SIZE];
	struct shown a;
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_length(list); i++) {
		(void)text_format(key, sizeof(key), "%s %s", what,
		    show_text(&a, json_string_at(list, i, "-")));
		r = count(d, BY_NETWORK, key);
	}
	return r;
}

static int
count_networks(const struct counted *d)
{
	const struct json *json = d->record->json;
	int r;

	if ((r = count_names(d, "network", json_get(json, "networks"))) != 0 ||
	    (r = count_names(d, "list",
		 json_get(json_get(json, "asn"), "lists"))) != 0)
		return r;
	return count_names(d, "anonymizer",
	    json_get(json_get(json, "anonymous"), "is"));
}

static int
count_where(const struct counted *d)
{
	const struct login *l = &d->login;
	int r;

	if ((r = count(d, BY_COUNTRY, l->country)) != 0 ||
	    (r = count(d, BY_AS, l->as)) != 0 || (r = count_networks(d)) != 0)
		return r;
	return l->prefix[0] == '\0' ? 0 : count(d, BY_PREFIX, l->prefix);
}

/* ---- by what ----------------------------------------------------------- */

static int
keep_refusal(const struct counted *d)
{
	const struct json *json = d->record->json;
	struct refusal refusal = { .outcome = d->outcome,
		.at_s = d->record->at_s,
		.seq = d->record->seq,
		.person = d->login.person };
	struct shown ref, reason, service;
	char from[KEY_SIZE];

	if (!show_has(json, "ref"))
		return 0;
	(void)text_format(from, sizeof(from), "%s%s%s",
	    d->login.address[0] == '\0' ? "-" : d->login.address,
	    d->login.country[0] == '(' ? "" : " ",
	    d->login.country[0] == '(' ? "" : d->login.country);
	refusal.from = from;
	refusal.ref = show_member(&ref, json, "ref", "");
	refusal.reason = show_member(&reason, json, "reason", "none");
	refusal.service = show_member(&service, json, "service", "-");
	return refusals_add(d->c->refusals, &refusal);
}

/* With its own codes, or those that were asked for. */
static int
keep_challenge(const struct counted *d)
{
	const struct json *json = d->record->json;
	struct refusal challenge = { .outcome = d->outcome,
		.at_s = d->record->at_s,
		.seq = d->record->seq,
		.person = "",
		.from = "",
		.service = "" };
	char asked[KEY_SIZE];
	struct shown ref, reason;

	if (!show_has(json, "ref"))
		return 0;
	challenge.ref = show_member(&ref, json, "ref", "");
	challenge.reason = show_member(&reason, json, "reason", "none");
	if (strcmp(reason.text, "none") == 0)
		challenge.reason = asked_names(d, asked);
	return refusals_add(d->c->challenges, &challenge);
}

static int
count_odd(const struct counted *d)
{
	const struct json *json = d->record->json;
	struct shown a;
	int r;

	if ((r = count_reasons(d)) != 0 || (r = count_where(d)) != 0 ||
	    (r = count(d, BY_PERSON, d->login.person)) != 0 ||
	    (r = count(d, BY_DEVICE, d->login.device)) != 0 ||
	    (r = count(d, BY_SERVICE, show_member(&a, json, "service", "-"))) !=
		0 ||
	    (r = count(d, BY_POLICY,
		 show_member(&a, json_get(json, "policy"), "name",
		     "(no policy)"))) != 0)
		return r;
	return d->outcome == OUTCOME_CHALLENGED ? keep_challenge(d) :
						  keep_refusal(d);
}

/* ---- what was set aside ------------------------------------------------ */

static int
take_exceptions(const struct counted *d)
{
	const struct json *list = json_get(d->record->json, "findings");
	int64_t id;
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_length(list); i++)
		if ((id = json_get_int(json_at(list, i), "exception", 0)) != 0)
			r = exceptions_use(d->c->exceptions, id,
			    d->record->at_s);
	return r;
}

static int
take_let_in(const struct counted *d)
{
	const struct json *decided = json_get(d->record->json, "decided");
	struct shown a;
	int r;

	if (d->outcome == OUTCOME_DENIED || d->outcome == OUTCOME_WOULD)
		return 0;
	if ((r = take_exceptions(d)) != 0 || !show_has(decided, "failure"))
		return r;
	return tally_add(d->c->by[BY_FAILURE],
	    show_member(&a, decided, "failure", "-"), OUTCOME_DENIED,
	    d->record->at_s, 0);
}

/* ---- who with whom ----------------------------------------------------- */

static int
meet(const struct counted *d, enum farm_why why, const char *source)
{
	char none[1] = "", text[LOGIN_TEXT], person[LOGIN_TEXT];
	char country[LOGIN_TEXT];
	struct farm_login l = { .why = why,
		.source = text,
		.person = person,
		.host = none,
		.asset = why == FARM_DEVICE ? text : none,
		.country = why == FARM_ADDRESS ? country : none,
		.excused = none,
		.asn = why == FARM_ADDRESS ? d->login.asn : 0,
		.first_s = d->record->at_s };

	if (source[0] == '\0' || !d->login.named)
		return 0;
	(void)text_copy(text, sizeof(text), source);
	(void)text_copy(person, sizeof(person), d->login.person);
	(void)text_copy(country, sizeof(country),
	    d->login.country[0] == '(' ? "" : d->login.country);
	return meetings_add(d->c->meetings, &l);
}

/* What this person's laptop says of others'. */
static int
take_site(const struct counted *d)
{
	const struct json *attested = json_get(d->record->json, "attested");
	int64_t people = json_get_int(attested, "site_people", 0);
	int64_t device = json_get_int(attested, "device_people", 0);

	people = people > device ? people : device;
	if (people <= 0)
		return 0;
	return tally_add(d->c->by[BY_SITE], d->login.person, OUTCOME_DENIED,
	    d->record->at_s, (uint64_t)people);
}

/* Nobody has a person's key before it is used; the first one of all is told
 * apart from another one. */
static int
take_key(struct collect *c, const struct collect_record *record,
    const struct login *l)
{
	bool person_new = false, key_new = false;
	char key[KEY_SIZE], time[SAID_TIME_SIZE];
	int r;

	if (l->fingerprint[0] == '\0' || !l->named)
		return 0;
	(void)text_format(key, sizeof(key), "%s\n%s", l->person,
	    l->fingerprint);
	if ((r = seen_take(c->keys, l->person, &person_new)) == 0)
		r = seen_take(c->keys, key, &key_new);
	if (r == FG_ERR_LIMIT) {
		c->keys_lost++;
		return 0;
	}
	if (r != 0 || !key_new || !record->counts)
		return r;
	grid_add(&c->events[EVENTS_DEVICES], "%s",
	    said_time(record->at_s, time));
	grid_add(&c->events[EVENTS_DEVICES], "%s",
	    person_new ? "first key of a person" : "another key");
	grid_add(&c->events[EVENTS_DEVICES], "%s", l->person);
	grid_add(&c->events[EVENTS_DEVICES], "%s%s%s", l->fingerprint,
	    l->asset[0] == '\0' ? "" : ", ", l->asset);
	grid_add(&c->events[EVENTS_DEVICES], "%s",
	    l->address[0] == '\0' ? "-" : l->address);
	return 0;
}

int
collect_key(struct collect *c, const struct collect_record *record)
{
	struct login login;

	login_of(record->json, &login);
	return take_key(c, record, &login);
}

/* ---- all of it --------------------------------------------------------- */

/* Where they were, and with which laptop. */
static int
take_meetings(const struct counted *d)
{
	int r = meet(d, FARM_ADDRESS, d->login.source);

	return r != 0 ? r : meet(d, FARM_DEVICE, d->login.asset);
}

static int
take_counted(const struct counted *d)
{
	int r;

	d->c->n[d->outcome]++;
	d->c->asked += filter_is_challenge(d->record->json);
	timeline_add(&d->c->timeline, d->record->at_s, d->outcome);
	if (d->outcome < OUTCOME_ODD && (r = count_odd(d)) != 0)
		return r;
	if ((r = take_let_in(d)) != 0 || (r = take_site(d)) != 0)
		return r;
	return take_meetings(d);
}

int
collect_plain(struct collect *c, const struct collect_record *record,
    bool *ret_done)
{
	struct counted d = {
		.c = c, .record = record, .outcome = OUTCOME_ALLOWED
	};
	int r;

	*ret_done = login_glance(record->line, record->len, &d.login);
	if (!*ret_done)
		return 0;
	if ((r = take_key(c, record, &d.login)) != 0 || !record->counts)
		return r;
	c->n[OUTCOME_ALLOWED]++;
	timeline_add(&c->timeline, record->at_s, OUTCOME_ALLOWED);
	return take_meetings(&d);
}

int
collect_decision(struct collect *c, const struct collect_record *record)
{
	struct counted d = { .c = c, .record = record };
	int r;

	if (strcmp(json_get_string(record->json, "tty", ""), CTL_PROOF_TTY) ==
	    0) {
		c->tries += record->counts;
		return 0;
	}
	login_of(record->json, &d.login);
	if ((r = take_key(c, record, &d.login)) != 0 || !record->counts)
		return r;
	d.outcome = outcome_of(record->json);
	return take_counted(&d);
}
