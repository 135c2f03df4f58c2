/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of the Open Cybersecurity Schema Framework, 1.5.0: what is somebody's
 * login is of the class Authentication, all else a base event. What the schema
 * has no place for is in "unmapped", as the record has it.
 */
#include <string.h>

#include "ctl/audit/export.h"

#define OCSF_VERSION	   "1.5.0"
#define CLASS_BASE	   0
#define CLASS_LOGIN	   3002
#define CATEGORY_IAM	   3
#define OTHER		   99
#define FACTOR_OTP	   7
#define NO_SUCH_USER	   "invalid user" /* as no account is called */
#define OBSERVABLE_IP	   2
#define OBSERVABLE_USER	   4
#define OBSERVABLE_COUNTRY 14

struct number {
	int id;
	const char *name;
};

static bool
is_login(const struct exported *e)
{
	return e->kind != EXPORT_OTHER;
}

static void
set_number(struct json *json, const char *id, const char *name,
    const struct number *number)
{
	json_set_int(json, id, number->id);
	json_set_string(json, name, number->name);
}

/* ---- what it is --------------------------------------------------------- */

static struct number
activity_of(const struct exported *e)
{
	switch (e->kind) {
	case EXPORT_LOGIN:
		return (struct number){ 1, "Logon" };
	case EXPORT_STEP_UP:
		return (struct number){ 6, "Preauth" };
	case EXPORT_CLOSE:
		return (struct number){ 2, "Logoff" };
	case EXPORT_OPEN:
	case EXPORT_OTHER:
		break;
	}
	return (struct number){ OTHER, e->event };
}

static void
set_class(struct json *json, const struct exported *e)
{
	struct number activity = activity_of(e);
	int class = is_login(e) ? CLASS_LOGIN : CLASS_BASE;

	set_number(json, "activity_id", "activity_name", &activity);
	json_set_int(json, "category_uid", is_login(e) ? CATEGORY_IAM : 0);
	json_set_int(json, "class_uid", class);
	json_set_int(json, "type_uid", class * 100 + activity.id);
}

static void
set_weight(struct json *json, const struct exported *e)
{
	static const struct number numbers[] = {
		[EXPORT_INFO] = { 1, "Informational" },
		[EXPORT_LOW] = { 2, "Low" },
		[EXPORT_MEDIUM] = { 3, "Medium" },
		[EXPORT_HIGH] = { 4, "High" },
	};

	set_number(json, "severity_id", "severity", &numbers[e->weight]);
}

static void
set_status(struct json *json, const struct exported *e)
{
	const struct number numbers[] = {
		[EXPORT_NONE] = { 0, "Unknown" },
		[EXPORT_SUCCESS] = { 1, "Success" },
		[EXPORT_FAILURE] = { 2, "Failure" },
		[EXPORT_UNKNOWN] = { OTHER, e->verdict },
	};

	set_number(json, "status_id", "status", &numbers[e->outcome]);
	export_set(json, "status_detail", e->reason);
}

static void
set_metadata(struct json *json, const struct exported *e)
{
	struct json *metadata = json_set_object(json, "metadata"), *product;

	json_set_string(metadata, "version", OCSF_VERSION);
	product = json_set_object(metadata, "product");
	json_set_string(product, "name", "Farmgate");
	json_set_string(product, "vendor_name", "Farmgate");
	json_set_string(product, "version", FG_PACKAGE_VERSION);
	export_set(metadata, "uid", e->hash);
	json_set_int(metadata, "sequence", json_get_int(e->record, "seq", 0));
	export_set(metadata, "correlation_uid", e->ref);
	json_set_string(metadata, "event_code", e->event);
	json_set_string(metadata, "log_name", "audit");
	json_set_string(metadata, "log_provider", "farmgate-policyd");
	export_set(metadata, "original_time", e->ts);
}

/* ---- who, whence, whither ----------------------------------------------- */

static struct number
type_of_user(int64_t uid)
{
	if (uid == 0)
		return (struct number){ 2, "Admin" };
	if (uid > 0)
		return (struct number){ 1, "User" };
	return (struct number){ 0, "Unknown" };
}

/* There has to be a name; what was typed in its place is not kept. */
static void
set_user(struct json *json, const struct exported *e)
{
	struct json *user = json_set_object(json, "user");
	int64_t uid = json_get_int(e->record, "uid", -1);
	struct number type = type_of_user(uid);

	json_set_string(user, "name",
	    e->user[0] != '\0' ? e->user : NO_SUCH_USER);
	export_set_id(user, "uid", uid);
	export_set(user, "uid_alt", e->person);
	set_number(user, "type_id", "type", &type);
}

static void
set_place(struct json *endpoint, const struct exported *e)
{
	const struct json *asn = json_get(e->record, "asn");
	struct json *o;

	if (e->country[0] != '\0') {
		o = json_set_object(endpoint, "location");
		json_set_string(o, "country", e->country);
		export_set(o, "city", e->city);
	}
	if (json_get_int(asn, "number", 0) <= 0)
		return;
	o = json_set_object(endpoint, "autonomous_system");
	json_set_int(o, "number", json_get_int(asn, "number", 0));
	export_set(o, "name", json_get_string(asn, "org", ""));
}

static void
set_endpoints(struct json *json, const struct exported *e)
{
	struct json *endpoint;

	if (e->address[0] != '\0' || e->rhost[0] != '\0') {
		endpoint = json_set_object(json, "src_endpoint");
		export_set(endpoint, "ip", e->address);
		export_set(endpoint, "name", e->rhost);
		set_place(endpoint, e);
	}
	endpoint = json_set_object(json, "dst_endpoint");
	json_set_string(endpoint, "hostname", e->host);
	if (e->service[0] != '\0')
		json_set_string(json_set_object(json, "service"), "name",
		    e->service);
}

static void
add_observable(struct json *list, const char *name, int id, const char *type,
    const char *value)
{
	struct json *o;

	if (value[0] == '\0')
		return;
	o = json_add_object(list);
	json_set_string(o, "name", name);
	json_set_int(o, "type_id", id);
	json_set_string(o, "type", type);
	json_set_string(o, "value", value);
}

static void
set_observables(struct json *json, const struct exported *e)
{
	struct json *list;

	if (e->address[0] == '\0' && e->user[0] == '\0')
		return;
	list = json_set_array(json, "observables");
	add_observable(list, "src_endpoint.ip", OBSERVABLE_IP, "IP Address",
	    e->address);
	add_observable(list, "user.name", OBSERVABLE_USER, "User Name",
	    e->user);
	add_observable(list, "src_endpoint.location.country",
	    OBSERVABLE_COUNTRY, "Country", e->country);
}

/* ---- how ---------------------------------------------------------------- */

static void
add_factor(struct json *list, const char *method)
{
	struct json *o = json_add_object(list);
	bool is_totp = strcmp(method, "totp") == 0;

	json_set_int(o, "factor_type_id", is_totp ? FACTOR_OTP : OTHER);
	json_set_string(o, "factor_type", is_totp ? "OTP" : method);
	if (is_totp)
		json_set_bool(o, "is_totp", true);
}

/* What was passed now, or before in the same login. */
static void
set_factors(struct json *json, const struct exported *e)
{
	const struct json *steps = json_get(e->record, "step_up"), *o;
	const struct json *methods =
	    json_get(json_get(e->record, "proof"), "methods");
	struct json *list;
	bool passed = json_length(methods) > 0;

	if (!passed && json_length(steps) == 0)
		return;
	list = json_set_array(json, "auth_factors");
	for (size_t i = 0; i < json_length(methods); i++)
		add_factor(list, json_string_at(methods, i, "-"));
	for (size_t i = 0; i < json_length(steps); i++) {
		o = json_at(steps, i);
		add_factor(list, json_get_string(o, "method", "-"));
		passed = passed ||
		    strcmp(json_get_string(o, "result", ""), "passed") == 0;
	}
	json_set_bool(json, "is_mfa", passed);
}

static struct number
logon_type_of(const struct exported *e)
{
	if (strcmp(e->service_kind, "remote") == 0)
		return (struct number){ 3, "Network" };
	if (strcmp(e->service_kind, "console") == 0)
		return (struct number){ 2, "Interactive" };
	if (e->service_kind[0] != '\0')
		return (struct number){ OTHER, e->service_kind };
	return (struct number){ 0, "Unknown" };
}

static void
set_session(struct json *json, const struct exported *e)
{
	const char *tty = json_get_string(e->record, "tty", "");
	struct json *session;

	if (e->ref[0] == '\0')
		return;
	session = json_set_object(json, "session");
	json_set_string(session, "uid", e->ref);
	export_set(session, "terminal", tty);
}

static void
set_login(struct json *json, const struct exported *e)
{
	const char *key =
	    json_get_string(json_get(e->record, "key"), "fingerprint", "");
	struct number protocol = { 0, "Unknown" };
	struct number logon = logon_type_of(e);
	int64_t open_s = json_get_int(e->record, "open_s", 0);

	if (key[0] != '\0')
		protocol = (struct number){ OTHER, "SSH public key" };
	set_user(json, e);
	set_endpoints(json, e);
	set_number(json, "auth_protocol_id", "auth_protocol", &protocol);
	set_number(json, "logon_type_id", "logon_type", &logon);
	if (e->service_kind[0] != '\0')
		json_set_bool(json, "is_remote", logon.id == 3);
	set_factors(json, e);
	set_session(json, e);
	if (open_s > 0)
		json_set_int(json, "duration", open_s * 1000);
}

/* ---- the whole ---------------------------------------------------------- */

/* All that is not said elsewhere. */
static void
set_rest(struct json *json, const struct exported *e)
{
	static const char *const everywhere[] = { "v", "seq", "ts", "event",
		"ref", "hash", NULL };
	static const char *const logins[] = { "v", "seq", "ts", "event", "ref",
		"hash", "user", "uid", "service", "reason", "open_s", "tty",
		NULL };

	json_copy_rest(json_set_object(json, "unmapped"), e->record,
	    is_login(e) ? logins : everywhere);
}

int
export_ocsf(const struct exported *e, FILE *out)
{
	struct json *json = json_new();

	set_class(json, e);
	json_set_int(json, "time", e->at_ms);
	set_weight(json, e);
	set_status(json, e);
	json_set_string(json, "message", e->message);
	set_metadata(json, e);
	if (is_login(e)) {
		set_login(json, e);
		set_observables(json, e);
	}
	set_rest(json, e);
	return export_print(json, out);
}
