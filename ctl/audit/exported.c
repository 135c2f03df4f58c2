/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an event is to others: a login, a session's beginning or end, or
 * something else; whether it went well, and whether somebody has to look.
 */
#include <string.h>

#include "ctl/audit/export.h"
#include "ctl/ctl.h"
#include "policyd/text.h"
#include "proto/result.h"

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const char *
text(const struct json *json, const char *key)
{
	return json_get_string(json, key, "");
}

/* Of a record's time, whose form is its writer's. */
static int64_t
milliseconds(const char *ts)
{
	uint64_t ms = 0;
	char digits[4];
	int64_t s;

	if (ctl_parse_time(ts, &s) != 0)
		return 0;
	if (strlen(ts) > 23 && ts[19] == '.') {
		memcpy(digits, ts + 20, 3);
		digits[3] = '\0';
		if (text_parse_uint(digits, 0, 999, &ms) != 0)
			ms = 0;
	}
	return s * 1000 + (int64_t)ms;
}

static enum export_kind
kind_of(const struct exported *e)
{
	if (is(e->event, "decision"))
		return is(text(e->record, "phase"), "auth") ? EXPORT_STEP_UP :
							      EXPORT_LOGIN;
	if (is(e->event, "breakglass"))
		return EXPORT_LOGIN;
	if (is(e->event, "open"))
		return EXPORT_OPEN;
	return is(e->event, "close") ? EXPORT_CLOSE : EXPORT_OTHER;
}

/* What is no verdict is no success. */
static enum export_outcome
decided(const char *verdict)
{
	if (is(verdict, "allow") || is(verdict, "exempt"))
		return EXPORT_SUCCESS;
	return is(verdict, "deny") ? EXPORT_FAILURE : EXPORT_UNKNOWN;
}

static enum export_outcome
outcome_of(const struct exported *e)
{
	if (is(e->event, "decision"))
		return decided(e->verdict);
	if (e->kind != EXPORT_OTHER)
		return EXPORT_SUCCESS;
	if (json_get_bool(e->record, "ok", true) ==
	    json_get_bool(e->record, "ok", false))
		return json_get_bool(e->record, "ok", false) ? EXPORT_SUCCESS :
							       EXPORT_FAILURE;
	return EXPORT_NONE;
}

static bool
is_alarming(const char *event)
{
	static const char *const alarming[] = { "breakglass", "live",
		"recovered", "rollback", "terminate" };

	for (size_t i = 0; i < sizeof(alarming) / sizeof(alarming[0]); i++)
		if (is(event, alarming[i]))
			return true;
	return false;
}

static enum export_weight
weight_of(const struct exported *e)
{
	if (is_alarming(e->event))
		return EXPORT_HIGH;
	if (e->outcome == EXPORT_FAILURE)
		return EXPORT_MEDIUM;
	return is(text(e->record, "would"), "deny") ? EXPORT_LOW : EXPORT_INFO;
}

/* "deny alice by sshd from 192.0.2.1: geo.country" */
static void
write_message(struct exported *e)
{
	const char *what = e->verdict[0] != '\0' ? e->verdict : e->event;
	const char *action = text(e->record, "action");
	bool reason = e->reason[0] != '\0' && !is(e->reason, "none");

	(void)text_format(e->message, sizeof(e->message),
	    "%s%s%s%s%s%s%s%s%s%s%s", what, action[0] != '\0' ? " " : "",
	    action, e->user[0] != '\0' ? " " : "", e->user,
	    e->service[0] != '\0' ? " by " : "", e->service,
	    e->address[0] != '\0' ? " from " : "", e->address,
	    reason ? ": " : "", reason ? e->reason : "");
}

static void
read_texts(struct exported *e, const struct json *record)
{
	const struct json *origin = json_get(record, "origin");
	const struct json *place = json_get(record, "place");

	e->event = text(record, "event");
	e->ts = text(record, "ts");
	e->hash = text(record, "hash");
	e->verdict = text(record, "verdict");
	e->reason = text(record, "reason");
	e->ref = json_get_string(record, "ref", text(record, "of"));
	e->user = text(record, "user");
	e->person = json_get_string(record, "person",
	    text(json_get(record, "person"), "user"));
	e->service = text(record, "service");
	e->service_kind = text(record, "kind");
	e->address = text(origin, "address");
	e->rhost = text(origin, "rhost");
	e->country = text(place, "country");
	e->city = text(place, "city");
}

void
exported_read(struct exported *e, const struct json *record, const char *host)
{
	memset(e, 0, sizeof(*e));
	e->record = record;
	e->host = host;
	read_texts(e, record);
	if (is(e->event, "breakglass") && strpbrk(text(record, "from"), ".:"))
		e->address = text(record, "from");
	e->at_ms = milliseconds(e->ts);
	e->kind = kind_of(e);
	e->outcome = outcome_of(e);
	e->weight = weight_of(e);
	write_message(e);
}

void
exported_findings(const struct exported *e, struct json *json, const char *key)
{
	const struct json *list = json_get(e->record, "findings"), *o;
	char finding[CTL_TEXT_SIZE];
	struct json *codes;
	const char *grade;

	if (json_length(list) == 0)
		return;
	codes = json_set_array(json, key);
	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		grade = text(o, "grade");
		(void)text_format(finding, sizeof(finding), "%s%s%s",
		    text(o, "code"), grade[0] != '\0' ? ":" : "", grade);
		json_add_string(codes, finding);
	}
}

void
export_set(struct json *json, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_set_string(json, key, value);
}

void
export_set_id(struct json *json, const char *key, int64_t id)
{
	char value[32];

	if (id >= 0 &&
	    text_format(value, sizeof(value), "%lld", (long long)id) == 0)
		json_set_string(json, key, value);
}

int
export_print(struct json *json, FILE *out)
{
	char *line = json_text(json);

	json_free(json);
	if (line == NULL)
		return FG_ERR_NOMEM;
	(void)fprintf(out, "%s\n", line); /* errors stay in the stream */
	json_text_free(line);
	return 0;
}
