/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records that are no decisions: most of them what administrators have done.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/report/collect.h"
#include "ctl/report/login.h"
#include "ctl/report/said.h"
#include "policyd/record/show.h"
#include "policyd/text.h"

#define KEY_SIZE 600u
#define HASH_LEN 12 /* of a configuration's that are shown */

static bool
is_event(const struct collect_record *record, const char *event)
{
	return strcmp(json_get_string(record->json, "event", ""), event) == 0;
}

/* ---- the policy -------------------------------------------------------- */

static void
add_policy_row(struct collect *c, const struct collect_record *record,
    const char *what, const char *before, const char *after)
{
	struct grid *g = &c->events[EVENTS_POLICY];
	char time[SAID_TIME_SIZE], by[LOGIN_TEXT];
	struct shown a;

	grid_add(g, "%s", said_time(record->at_s, time));
	grid_add(g, "%llu", (unsigned long long)record->seq);
	grid_add(g, "%s", what);
	grid_add(g, "%s",
	    json_get(record->json, "by") == NULL ?
		"-" :
		said_by(record->json, by, sizeof(by)));
	grid_add(g, "%.*s", HASH_LEN, before[0] == '\0' ? "-" : before);
	grid_add(g, "%.*s", HASH_LEN, after[0] == '\0' ? "-" : after);
	grid_add(g, "%s", show_member(&a, record->json, "file", "-"));
}

/* One that changes nothing, or fails once more, pushes out none that does. */
static bool
is_folded(struct collect *c, bool ok, bool same)
{
	bool again = !ok && c->refused;

	c->refused = !ok;
	c->same += ok && same;
	c->refused_again += again;
	return again || (ok && same);
}

static void
take_reload(struct collect *c, const struct collect_record *record)
{
	struct shown before, after;
	bool ok = json_get_bool(record->json, "ok", false), same;

	(void)show_member(&before, record->json, "old_sha256", c->config);
	(void)show_member(&after, record->json, "sha256", "");
	same = strcmp(before.text, after.text) == 0;
	if (record->counts && !is_folded(c, ok, same))
		add_policy_row(c, record,
		    ok ? "changed by a reload" : "reload refused: errors",
		    before.text, after.text);
	(void)text_copy(c->config, sizeof(c->config), after.text);
}

/* Another configuration than at the last reload or start is a change, too. */
static void
take_start(struct collect *c, const struct collect_record *record)
{
	struct shown after;

	(void)show_member(&after, record->json, "sha256", "");
	if (record->counts) {
		c->starts++;
		c->refused = false;
		if (strcmp(c->config, after.text) != 0)
			add_policy_row(c, record,
			    c->config[0] == '\0' ? "in force at a start" :
						   "changed before a start",
			    c->config, after.text);
	}
	(void)text_copy(c->config, sizeof(c->config), after.text);
}

/* ---- what administrators have done ------------------------------------- */

static int
take_action(struct collect *c, const struct collect_record *record)
{
	char key[KEY_SIZE], by[LOGIN_TEXT];
	struct shown event, action;

	if (json_get(record->json, "by") == NULL || is_event(record, "rotated"))
		return 0;
	(void)text_format(key, sizeof(key), "%s%s%s by %s",
	    show_member(&event, record->json, "event", "-"),
	    show_has(record->json, "action") ? " " : "",
	    show_member(&action, record->json, "action", ""),
	    said_by(record->json, by, sizeof(by)));
	return tally_add(c->by[BY_ACTION], key, OUTCOME_DENIED, record->at_s,
	    0);
}

static void
take_enrolment(struct collect *c, const struct collect_record *record)
{
	struct grid *g = &c->events[EVENTS_DEVICES];
	char time[SAID_TIME_SIZE], by[LOGIN_TEXT], users[LOGIN_TEXT];
	const struct json *json = record->json;
	struct shown asset, key, grade;

	if (strcmp(json_get_string(json, "action", ""), "add") != 0)
		return;
	grid_add(g, "%s", said_time(record->at_s, time));
	grid_add(g, "%s, hardware %s",
	    json_get_bool(json, "before", false) ? "enrolled again" :
						   "enrolled",
	    show_member(&grade, json, "grade", "not compared"));
	grid_add(g, "%s",
	    said_list(json_get(json, "users"), users, sizeof(users)));
	grid_add(g, "%s, %s", show_member(&asset, json, "asset", "-"),
	    show_member(&key, json, "key", "-"));
	grid_add(g, "%s", said_by(json, by, sizeof(by)));
}

static void
take_glass(struct collect *c, const struct collect_record *record)
{
	static const char *const members[] = { "ref", "user", "target",
		"service", "from", "reason", "entry" };
	struct grid *g = &c->events[EVENTS_GLASS];
	char time[SAID_TIME_SIZE];
	struct shown a;

	grid_add(g, "%s",
	    said_time(json_get_int(record->json, "at", record->at_s), time));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		grid_add(g, "%s",
		    show_member(&a, record->json, members[i],
			i == 0 ? json_get_string(record->json, "line", "-") :
				 "-"));
}

/* ---- other things ------------------------------------------------------ */

static void
take_review(struct collect *c, const struct collect_record *record)
{
	enum disposition disposition;
	bool refused, asked;
	struct shown ref;

	disposition = disposition_by_name(json_get_string(record->json,
	    "disposition", ""));
	if (disposition == DISPOSITION_NONE) {
		c->odd_reviews += record->counts;
		return;
	}
	(void)show_member(&ref, record->json, "of", "");
	refused = refusals_review(c->refusals, ref.text, disposition);
	asked = refusals_review(c->challenges, ref.text, disposition);
	if (!refused && !asked)
		c->other_reviews += record->counts;
}

/* Each finding with what became of the session. */
static int
take_live(struct collect *c, const struct collect_record *record)
{
	const struct json *json = record->json;
	const struct json *list = json_get(json, "findings"), *o;
	struct shown code, grade, became;
	char key[KEY_SIZE];
	int r = 0;

	(void)show_member(&became, json, "outcome",
	    json_get_string(json, "action", "-"));
	for (size_t i = 0; r == 0 && i < json_length(list); i++) {
		o = json_at(list, i);
		(void)text_format(key, sizeof(key), "%.100s%s%.100s: %.100s",
		    show_member(&code, o, "code", "-"),
		    show_has(o, "grade") ? ":" : "",
		    show_member(&grade, o, "grade", ""), became.text);
		r = tally_add(c->by[BY_LIVE], key, OUTCOME_DENIED, record->at_s,
		    0);
	}
	return r;
}

static int
take_counted(struct collect *c, const struct collect_record *record)
{
	if (is_event(record, "live"))
		return take_live(c, record);
	if (is_event(record, "enrolment"))
		take_enrolment(c, record);
	else if (is_event(record, "breakglass"))
		take_glass(c, record);
	return take_action(c, record);
}

int
collect_event(struct collect *c, const struct collect_record *record)
{
	int r = 0;

	if (is_event(record, "reload"))
		take_reload(c, record);
	else if (is_event(record, "start"))
		take_start(c, record);
	else if (is_event(record, "review"))
		take_review(c, record);
	else if (is_event(record, "exception"))
		r = exceptions_take(c->exceptions, record->json, record->at_s);
	return r == 0 && record->counts ? take_counted(c, record) : r;
}
