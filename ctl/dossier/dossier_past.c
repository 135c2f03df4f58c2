/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One way through the log: records that have one of the names in them are
 * parsed, and counted or listed if they are the person's.
 */
#include <string.h>

#include "ctl/audit/asked.h"
#include "ctl/audit/line.h"
#include "ctl/dossier/dossier.h"
#include "ctl/dossier/counts.h"
#include "policyd/crypto.h"
#include "policyd/text.h"

#define WHAT "dossier"

struct past {
	struct dossier *dossier;
	struct counts countries, networks, devices, services, findings;
	struct json *events, *changes; /* lists */
	uint64_t in, refused, would, asked, more;
	char counted[CRYPTO_REF_SIZE + 1]; /* ref of the last login */
	char seen_on[CRYPTO_REF_SIZE + 1]; /* and of whose device is known */
	bool failed;
};

static const char *
text(const struct json *json, const char *key)
{
	return json_get_string(json, key, "");
}

static bool
is(const struct json *json, const char *key, const char *value)
{
	return strcmp(text(json, key), value) == 0;
}

/* ---- lists -------------------------------------------------------------- */

static struct json *
add_to(struct past *p, struct json *list)
{
	if (json_length(list) < DOSSIER_EVENTS_MAX)
		return json_add_object(list);
	p->more++;
	return NULL;
}

static void
add_event(struct past *p, const struct json *record, const char *what)
{
	const struct json *origin = json_get(record, "origin");
	struct json *o = add_to(p, p->events);

	json_set_string(o, "what", what);
	json_set_given(o, "ref", text(record, "ref"));
	json_set_given(o, "ts", text(record, "ts"));
	json_set_given(o, "phase", text(record, "phase"));
	json_set_given(o, "user", text(record, "user"));
	json_set_given(o, "service", text(record, "service"));
	json_set_given(o, "from",
	    json_get_string(origin, "address",
		json_get_string(record, "from", text(origin, "kind"))));
	json_set_given(o, "country",
	    text(json_get(record, "place"), "country"));
	json_set_given(o, "reason",
	    json_get_string(record, "reason", text(record, "action")));
	json_set_given(o, "why", text(json_get(record, "decided"), "why"));
}

/* Of an import: what it changed of others is not this person's. */
static void
copy_named(const struct past *p, struct json *o, const struct json *named)
{
	struct json *list = NULL;

	for (size_t i = 0; i < json_length(named); i++) {
		if (!aliases_have(&p->dossier->names, json_at(named, i)))
			continue;
		if (list == NULL)
			list = json_set_array(o, "named");
		json_copy_all(json_add_object(list), json_at(named, i));
	}
}

static void
add_change(struct past *p, const struct json *record)
{
	static const char *const without[] = { "v", "prev", "hash", "by",
		"named", NULL };
	const struct json *by = json_get(record, "by");
	struct json *o = add_to(p, p->changes);
	int64_t login = json_get_int(by, "loginuid", -1);

	json_copy_rest(o, record, without);
	copy_named(p, o, json_get(record, "named"));
	if (json_get_int(by, "uid", -1) < 0)
		return;
	json_set_int(o, "by_uid", json_get_int(by, "uid", -1));
	if (login >= 0)
		json_set_int(o, "by_loginuid", login);
}

/* Of an event that is listed; the last one counts. */
static void
add_review(struct past *p, const struct json *record)
{
	static const char *const without[] = { "v", "prev", "hash", "by",
		"event", "of", NULL };
	struct json *o;

	for (size_t i = 0; i < json_length(p->events); i++) {
		o = json_at(p->events, i);
		if (is(o, "ref", text(record, "of")))
			json_copy_rest(json_set_object(o, "review"), record,
			    without);
	}
}

/* ---- counts ------------------------------------------------------------- */

static void
count(struct past *p, struct counts *counts, const char *name, bool refused,
    const struct json *record)
{
	if (counts_add(counts, name[0] != '\0' ? name : "-", refused,
		text(record, "ts")) != 0)
		p->failed = true;
}

static void
count_network(struct past *p, const struct json *record, bool refused)
{
	const struct json *asn = json_get(record, "asn");
	char name[COUNTS_NAME_SIZE];

	if (json_get_int(asn, "number", 0) > 0)
		(void)text_format(name, sizeof(name), "AS%lld %s",
		    (long long)json_get_int(asn, "number", 0),
		    text(asn, "org"));
	else
		(void)text_copy(name, sizeof(name),
		    json_string_at(json_get(record, "networks"), 0, ""));
	count(p, &p->networks, name, refused, record);
}

/* What the login says of its device: a laptop that states it, else one that
 * the key is bound to, else the key. */
static const char *
device_of(const struct json *record)
{
	const char *asset = text(json_get(record, "attested"), "asset");

	if (asset[0] == '\0')
		asset = text(json_get(record, "bound"), "asset");
	return asset[0] != '\0' ? asset :
				  text(json_get(record, "key"), "fingerprint");
}

/* Some are known only when the session opens. */
static void
count_device(struct past *p, const struct json *record, bool refused)
{
	const char *device = device_of(record), *ref = text(record, "ref");

	if (device[0] == '\0' || strcmp(ref, p->seen_on) == 0)
		return;
	(void)text_copy(p->seen_on, sizeof(p->seen_on), ref);
	count(p, &p->devices, device, refused, record);
}

static void
count_findings(struct past *p, const struct json *record, bool refused)
{
	const struct json *list = json_get(record, "findings"), *o;
	char name[COUNTS_NAME_SIZE];

	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		(void)text_format(name, sizeof(name), "%s%s%s", text(o, "code"),
		    text(o, "grade")[0] != '\0' ? ":" : "", text(o, "grade"));
		count(p, &p->findings, name, refused, record);
	}
}

/* Each login once, however many phases have asked. */
static void
count_login(struct past *p, const struct json *record, bool refused)
{
	if (is(record, "ref", p->counted))
		return;
	(void)text_copy(p->counted, sizeof(p->counted), text(record, "ref"));
	p->in += !refused;
	p->refused += refused;
	count(p, &p->countries, text(json_get(record, "place"), "country"),
	    refused, record);
	count(p, &p->services, text(record, "service"), refused, record);
	count_network(p, record, refused);
	count_device(p, record, refused);
	count_findings(p, record, refused);
}

static void
take_decision(struct past *p, const struct json *record)
{
	bool refused = is(record, "verdict", "deny");
	bool asked = json_length(json_get(record, "step_up")) > 0;

	p->asked += asked;
	if (refused || !is(record, "phase", "auth"))
		count_login(p, record, refused);
	if (refused)
		add_event(p, record, "refused");
	else if (is(record, "would", "deny")) {
		p->would++;
		add_event(p, record, "would_be_refused");
	} else if (asked)
		add_event(p, record, "proved");
}

/* ---- records ------------------------------------------------------------ */

static void
take_record(struct past *p, const struct json *record)
{
	const char *event = text(record, "event");

	if (strcmp(event, "decision") == 0)
		take_decision(p, record);
	else if (strcmp(event, "open") == 0)
		count_device(p, record, false);
	else if (strcmp(event, "live") == 0)
		add_event(p, record, "found");
	else if (strcmp(event, "breakglass") == 0)
		add_event(p, record, "breakglass");
	else if (json_get(record, "by") != NULL)
		add_change(p, record);
}

/* What is later is not of the period, and reviews of what was are. */
static bool
is_in_period(const struct past *p, const struct json *record)
{
	int64_t at_s;

	return ctl_parse_time(text(record, "ts"), &at_s) == 0 &&
	    at_s < p->dossier->until_s;
}

static bool
take_line(const struct source_line *line, const struct json *unused, void *arg)
{
	struct past *p = arg;
	const struct aliases *names = &p->dossier->names;
	struct line_parts at;
	struct json *record;
	bool is_review;

	(void)unused;
	is_review = line_parse(line->text, line->len, &at) &&
	    line_is_event(&at, "review");
	if ((!is_review && !aliases_may_be_in(names, line->text, line->len)) ||
	    (record = json_parse(line->text, line->len)) == NULL)
		return true;
	if (is_review)
		add_review(p, record);
	else if (aliases_have(names, record) && is_in_period(p, record))
		take_record(p, record);
	json_free(record);
	return !p->failed;
}

static void
set_counts(struct past *p)
{
	struct json *json = p->dossier->json;

	json_set_int(json, "let_in", (int64_t)p->in);
	json_set_int(json, "refused", (int64_t)p->refused);
	json_set_int(json, "would_be_refused", (int64_t)p->would);
	json_set_int(json, "asked", (int64_t)p->asked);
	json_set_int(json, "not_listed", (int64_t)p->more);
	counts_set(&p->countries, json, "by_country");
	counts_set(&p->networks, json, "by_network");
	counts_set(&p->devices, json, "by_device");
	counts_set(&p->services, json, "by_service");
	counts_set(&p->findings, json, "by_finding");
	counts_done(&p->countries);
	counts_done(&p->networks);
	counts_done(&p->devices);
	counts_done(&p->services);
	counts_done(&p->findings);
}

int
dossier_past(struct dossier *d)
{
	struct past p = { .dossier = d };
	struct asked asked;
	int r;

	p.events = json_set_array(d->json, "events");
	p.changes = json_set_array(d->json, "changes");
	if ((r = asked_init(&asked, WHAT)) == CTL_OK) {
		asked.config = d->config;
		asked.file = d->file;
		asked.since_s = d->since_s; /* older files are not read */
		filter_time(asked.filter, d->since_s, INT64_MAX);
		r = asked_records(&asked, false, take_line, &p);
	}
	asked_done(&asked);
	json_set_bool(d->json, "log_whole", !p.failed && r != CTL_ERROR);
	set_counts(&p);
	if (p.failed)
		ctl_complain(WHAT ": out of memory");
	if (p.failed || r == CTL_ERROR)
		return CTL_ERROR;
	return p.in + p.refused + json_length(p.events) +
		    json_length(p.changes) ==
		0 ?
	    CTL_NO :
	    CTL_OK;
}
