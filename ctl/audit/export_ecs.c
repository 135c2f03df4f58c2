/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Documents of the Elastic Common Schema, 8.17. What it has no place for is
 * below "farmgate"; members of a record below "record" and a name of their
 * event's, as a member of that name has not the same type in all of them.
 */
#include <string.h>

#include "ctl/audit/export.h"
#include "policyd/text.h"

#define ECS_VERSION "8.17.0"
#define SECOND_NS   INT64_C(1000000000)

static void
set_one(struct json *json, const char *key, const char *value)
{
	json_add_string(json_set_array(json, key), value);
}

/* ---- event -------------------------------------------------------------- */

/* Of what is nobody's login: the categories and types that ECS has for it. */
static const struct {
	const char *event, *category, *type;
} others[] = {
	{ "live", "session", "info" },
	{ "left", "session", "info" },
	{ "terminate", "session", "info" },
	{ "approval", "authentication", "info" },
	{ "stepup", "authentication", "info" },
	{ "review", "authentication", "info" },
	{ "inventory", "iam", "user" },
	{ "person", "iam", "user" },
	{ "assets", "iam", "admin" },
	{ "exception", "iam", "admin" },
	{ "revocation", "iam", "user" },
	{ "totp", "iam", "user" },
	{ "verification", "iam", "user" },
	{ "enrolment", "iam", "admin" },
	{ "baseline", "iam", "admin" },
	{ "support", "iam", "admin" },
	{ "bundle", "iam", "admin" },
	{ "reload", "configuration", "change" },
	{ "rollout", "configuration", "change" },
	{ "hold", "configuration", "change" },
	{ "read", "database", "access" },
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

static void
set_other(struct json *event, const struct exported *e)
{
	size_t i;

	for (i = 0; i < OTHERS && strcmp(others[i].event, e->event) != 0; i++)
		continue;
	set_one(event, "category", i < OTHERS ? others[i].category : "host");
	set_one(event, "type", i < OTHERS ? others[i].type : "info");
}

static void
set_category(struct json *event, const struct exported *e)
{
	switch (e->kind) {
	case EXPORT_LOGIN:
		set_one(event, "category", "authentication");
		set_one(event, "type", "start");
		break;
	case EXPORT_STEP_UP:
		set_one(event, "category", "authentication");
		set_one(event, "type", "info");
		break;
	case EXPORT_OPEN:
		set_one(event, "category", "session");
		set_one(event, "type", "start");
		break;
	case EXPORT_CLOSE:
		set_one(event, "category", "session");
		set_one(event, "type", "end");
		break;
	case EXPORT_OTHER:
		set_other(event, e);
		break;
	}
}

static const char *
outcome_of(const struct exported *e)
{
	switch (e->outcome) {
	case EXPORT_SUCCESS:
		return "success";
	case EXPORT_FAILURE:
		return "failure";
	case EXPORT_NONE:
	case EXPORT_UNKNOWN:
		break;
	}
	return "unknown";
}

/* "login", "exception-add", "reload" */
static void
set_action(struct json *event, const struct exported *e)
{
	const char *action = json_get_string(e->record, "action", "");
	char text[128];

	if (e->kind == EXPORT_LOGIN)
		action = "login";
	else if (e->kind == EXPORT_STEP_UP)
		action = "step-up";
	else if (e->kind == EXPORT_OPEN || e->kind == EXPORT_CLOSE)
		action =
		    e->kind == EXPORT_OPEN ? "session-open" : "session-close";
	else if (text_format(text, sizeof(text), "%s%s%s", e->event,
		     action[0] != '\0' ? "-" : "", action) == 0)
		action = text;
	json_set_string(event, "action", action);
}

static void
set_event(struct json *json, const struct exported *e)
{
	struct json *event = json_set_object(json, "event");
	int64_t open_s = json_get_int(e->record, "open_s", 0);

	json_set_string(event, "kind",
	    e->weight == EXPORT_HIGH ? "alert" : "event");
	set_category(event, e);
	json_set_string(event, "outcome", outcome_of(e));
	set_action(event, e);
	export_set(event, "reason", e->reason);
	json_set_string(event, "code", e->event);
	export_set(event, "id", e->hash);
	export_set(event, "hash", e->hash);
	json_set_int(event, "sequence", json_get_int(e->record, "seq", 0));
	json_set_int(event, "severity", (int64_t)e->weight + 1);
	json_set_string(event, "module", "farmgate");
	json_set_string(event, "dataset", "farmgate.audit");
	json_set_string(event, "provider", "farmgate-policyd");
	if (open_s > 0 && open_s <= INT64_MAX / SECOND_NS)
		json_set_int(event, "duration", open_s * SECOND_NS);
}

/* ---- who, whence, whither ----------------------------------------------- */

static bool
is_asked_for(const struct exported *e)
{
	return e->kind == EXPORT_OTHER &&
	    json_get_int(json_get(e->record, "by"), "uid", -1) >= 0;
}

/* Who has done it, and whom it was done to. */
static void
set_asker(struct json *json, const struct exported *e)
{
	const struct json *by = json_get(e->record, "by");
	int64_t uid = json_get_int(by, "uid", -1);
	int64_t login = json_get_int(by, "loginuid", -1);
	struct json *user = json_set_object(json, "user");

	export_set_id(user, "id", login >= 0 ? login : uid);
	if (login >= 0 && login != uid)
		export_set_id(json_set_object(user, "effective"), "id", uid);
	if (e->user[0] != '\0')
		json_set_string(json_set_object(user, "target"), "name",
		    e->user);
}

static void
set_user(struct json *json, const struct exported *e)
{
	struct json *o;

	if (is_asked_for(e)) {
		set_asker(json, e);
	} else if (e->user[0] != '\0') {
		o = json_set_object(json, "user");
		json_set_string(o, "name", e->user);
		export_set_id(o, "id", json_get_int(e->record, "uid", -1));
	}
	if (e->user[0] == '\0' && e->address[0] == '\0')
		return;
	o = json_set_object(json, "related");
	if (e->user[0] != '\0')
		set_one(o, "user", e->user);
	if (e->address[0] != '\0')
		set_one(o, "ip", e->address);
}

static void
set_source(struct json *json, const struct exported *e)
{
	const struct json *asn = json_get(e->record, "asn");
	const char *org = json_get_string(asn, "org", "");
	struct json *source, *o;

	if (e->address[0] == '\0' && e->rhost[0] == '\0')
		return;
	source = json_set_object(json, "source");
	json_set_string(source, "address",
	    e->rhost[0] != '\0' ? e->rhost : e->address);
	export_set(source, "ip", e->address);
	if (e->country[0] != '\0') {
		o = json_set_object(source, "geo");
		json_set_string(o, "country_iso_code", e->country);
		export_set(o, "city_name", e->city);
	}
	if (json_get_int(asn, "number", 0) <= 0)
		return;
	o = json_set_object(source, "as");
	json_set_int(o, "number", json_get_int(asn, "number", 0));
	if (org[0] != '\0')
		json_set_string(json_set_object(o, "organization"), "name",
		    org);
}

static void
set_around(struct json *json, const struct exported *e)
{
	const struct json *policy = json_get(e->record, "policy");
	const struct json *peer = json_get(e->record, "peer");
	struct json *o;

	o = json_set_object(json, "host");
	json_set_string(o, "hostname", e->host);
	json_set_string(o, "name", e->host);
	o = json_set_object(json, "observer");
	json_set_string(o, "vendor", "Farmgate");
	json_set_string(o, "product", "Farmgate");
	json_set_string(o, "version", FG_PACKAGE_VERSION);
	if (e->service[0] != '\0')
		json_set_string(json_set_object(json, "service"), "name",
		    e->service);
	if (policy != NULL)
		json_set_string(json_set_object(json, "rule"), "name",
		    json_get_string(policy, "name", "-"));
	if (json_get_int(peer, "pid", 0) <= 0)
		return;
	o = json_set_object(json, "process");
	json_set_int(o, "pid", json_get_int(peer, "pid", 0));
	export_set(o, "name", json_get_string(peer, "comm", ""));
}

/* ---- our own ------------------------------------------------------------ */

static void
set_own(struct json *json, const struct exported *e)
{
	static const char *const elsewhere[] = { "v", "seq", "ts", "event",
		"ref", "hash", "user", "uid", "service", "reason", "verdict",
		"would", "mode", "phase", "open_s", NULL };
	static const char *const own[] = { "verdict", "would", "mode",
		"phase" };
	struct json *farmgate = json_set_object(json, "farmgate");

	export_set(farmgate, "ref", e->ref);
	export_set(farmgate, "person", e->person);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		export_set(farmgate, own[i],
		    json_get_string(e->record, own[i], ""));
	exported_findings(e, farmgate, "findings");
	json_copy_rest(json_set_object(json_set_object(farmgate, "record"),
			   e->event),
	    e->record, elsewhere);
}

int
export_ecs(const struct exported *e, FILE *out)
{
	struct json *json = json_new();

	json_set_string(json, "@timestamp", e->ts);
	json_set_string(json_set_object(json, "ecs"), "version", ECS_VERSION);
	json_set_string(json, "message", e->message);
	set_event(json, e);
	set_user(json, e);
	set_source(json, e);
	set_around(json, e);
	set_own(json, e);
	return export_print(json, out);
}
