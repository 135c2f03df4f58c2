/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sums as one object. What it is made of others have written: names go
 * through json_set_untrusted().
 */
#include <stdlib.h>

#include "ctl/ctl.h"
#include "ctl/replay/replay.h"

static void
set_count(struct json *json, const char *key, uint64_t n)
{
	json_set_int(json, key, (int64_t)n);
}

static void
set_judgements(struct json *json, const uint64_t by[JUDGEMENTS])
{
	for (int i = 0; i < JUDGEMENTS; i++)
		set_count(json, judgement_name((enum judgement)i), by[i]);
}

static void
add_flips(struct json *json, const uint64_t flip[JUDGEMENTS][JUDGEMENTS])
{
	struct json *list = json_set_array(json, "flips"), *o;

	for (int was = 0; was < JUDGEMENTS; was++)
		for (int is = 0; is < JUDGEMENTS; is++) {
			if (was == is || flip[was][is] == 0)
				continue;
			o = json_add_object(list);
			json_set_string(o, "was",
			    judgement_name((enum judgement)was));
			json_set_string(o, "is",
			    judgement_name((enum judgement)is));
			set_count(o, "logins", flip[was][is]);
		}
}

static void
add_rows(struct json *json, const char *key, const struct sums_rows *rows,
    bool actions)
{
	struct json *list = json_set_array(json, key), *o;
	enum action action;

	for (size_t i = 0; i < rows->n; i++) {
		o = json_add_object(list);
		json_set_untrusted(o, "name", rows->row[i].name);
		if (!actions)
			set_judgements(o, rows->row[i].by);
		for (action = ACTION_IGNORE; actions && action <= ACTION_DENY;
		     action++)
			set_count(o, action_name(action),
			    rows->row[i].by[action]);
	}
}

static void
add_example(struct json *json, const struct sums_example *e)
{
	struct json *o = json_set_object(json, "example");

	json_set_untrusted(o, "where", e->where);
	json_set_int(o, "at", e->at_s);
	json_set_untrusted(o, "user", e->user);
	json_set_given(o, "from", e->from);
	json_set_untrusted(o, "service", e->service);
	json_set_string(o, "was", judgement_name(e->was));
	json_set_given(o, "was_why", e->was_why);
	json_set_string(o, "is", judgement_name(e->is));
	json_set_untrusted(o, "is_why", e->is_why);
	json_set_given(o, "found", e->is_text);
	json_set_untrusted(o, "next", e->next);
}

static void
add_people(struct json *json, const struct replay *replay,
    const struct sums *sums, const struct names *names)
{
	struct json *list = json_set_array(json, "most_affected"), *o;
	uint32_t *who = calloc(replay->top + 1, sizeof(*who));
	const struct sums_person *person;
	size_t n;

	n = who == NULL ? 0 : replay_most(sums, names, replay->top, who);
	for (size_t i = 0; i < n; i++) {
		person = &sums->person[who[i]];
		o = json_add_object(list);
		json_set_untrusted(o, "person", names_text(names, who[i]));
		set_count(o, "logins", person->logins);
		add_flips(o, person->flip);
		if (person->example != NULL)
			add_example(o, person->example);
	}
	free(who);
}

static void
add_bad(struct json *json, const struct past_bad *bad)
{
	struct json *list, *o;

	set_count(json, "unread", bad->count);
	list = json_set_array(json, "unread_first");
	for (size_t i = 0; i < bad->named; i++) {
		o = json_add_object(list);
		json_set_untrusted(o, "file", bad->first[i].file);
		set_count(o, "line", bad->first[i].line);
		json_set_string(o, "why", bad->first[i].why);
	}
}

static void
add_notes(struct json *json, const struct sums *sums,
    const struct replay_notes *notes)
{
	set_count(json, "lines", notes->lines);
	set_count(json, "failed", sums->failed);
	set_count(json, "undated", sums->undated);
	set_count(json, "other_services", sums->other);
	add_bad(json, notes->bad);
	json_set_bool(json, "from_logs", notes->logs);
	json_set_bool(json, "from_records", notes->records);
	json_set_bool(json, "sessions_known", !notes->no_ends);
	if (notes->by_device)
		json_set_bool(json, "laptops_known", false);
	json_set_bool(json, "inventory", notes->people[0] == '\0');
	set_count(json, "no_account", notes->strangers);
	set_count(json, "no_entry", notes->gone);
	json_set_bool(json, "observes", notes->observes);
}

int
replay_print_json(const struct replay *replay, const struct sums *sums,
    const struct names *names, const struct replay_notes *notes)
{
	struct json *json = json_new();
	int status;

	json_set_untrusted(json, "config", replay->config);
	json_set_untrusted(json, "against",
	    replay->against == NULL ? "happened" : replay->against);
	set_count(json, "logins", sums->logins);
	set_count(json, "people", sums->people);
	if (sums->logins > 0) {
		json_set_int(json, "first", sums->first_s);
		json_set_int(json, "last", sums->last_s);
	}
	set_judgements(json_set_object(json, "is"), sums->is);
	set_judgements(json_set_object(json, "was"), sums->was);
	set_count(json, "flipped", sums->flips);
	add_flips(json, sums->flip);
	add_rows(json, "policies", &sums->policies, false);
	add_rows(json, "findings", &sums->findings, true);
	add_rows(json, "decided_by", &sums->decided, false);
	add_people(json, replay, sums, names);
	add_notes(json, sums, notes);
	status = ctl_print_json(json);
	json_free(json);
	return status;
}
