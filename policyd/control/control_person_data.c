/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that is held on one person: as lines, for who asks for it, by a worker
 * with a store of its own; and to be forgotten. Nothing of a seed, a code or a
 * hash of a serial number goes out.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/device/asset_json.h"
#include "policyd/people/person_json.h"
#include "policyd/session/session.h"
#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

#define EXPORT_MS     900000u
#define SET_ASIDE_MAX 16u /* stores that are named */

struct held {
	struct control_out out;
	const struct control_job *job;
	struct store *store;
	struct person person;
	bool known; /* in the inventory */
	bool lost; /* of enrolments, see store_enrolment.h */
	int error; /* of what was read for a row */
};

/* ---- rows --------------------------------------------------------------- */

static struct json *
row_of(const char *what)
{
	struct json *json = json_new();

	json_set_string(json, "of", what);
	return json;
}

static int
put(struct held *held, struct json *json)
{
	control_out_json(&held->out, json);
	return held->out.failed;
}

static int
put_login(const struct store_login *l, void *arg)
{
	struct json *json = row_of("history");
	char addr[ADDR_TEXT_SIZE];

	json_set_untrusted(json, "person", l->person);
	json_set_untrusted(json, "ref", l->ref);
	json_set_untrusted(json, "service", l->service);
	json_set_string(json, "address", addr_text(&l->addr, addr));
	json_set_given(json, "country", l->country);
	if (l->asn != 0)
		json_set_int(json, "asn", l->asn);
	json_set_int(json, "at", l->at_s);
	json_set_untrusted(json, "boot_id", l->boot_id);
	json_set_int(json, "boot", l->boot_s);
	return put(arg, json);
}

static int
put_site(const struct store_site_row *row, void *arg)
{
	struct json *json = row_of("site");
	char addr[ADDR_TEXT_SIZE];

	json_set_string(json, "kind",
	    row->site.kind == STORE_SITE_GATEWAY	? "gateway" :
		row->site.kind == STORE_SITE_PERIPHERAL ? "peripheral" :
							  "device");
	json_set_untrusted(json, "name", row->site.name);
	json_set_untrusted(json, "person", row->person);
	if (row->has_addr)
		json_set_string(json, "address", addr_text(&row->addr, addr));
	json_set_int(json, "last", row->last_s);
	return put(arg, json);
}

static int
put_exception(const struct store_exception *e, void *arg)
{
	struct json *json = row_of("exception");

	control_exception_set(json, e, daemon_wall_s());
	return put(arg, json);
}

static int
put_proof(const struct store_proof *p, void *arg)
{
	struct json *json = row_of("proof");

	control_remembered_set(json, p);
	return put(arg, json);
}

static int
put_enrolment(const struct store_enrolment *e, void *arg)
{
	struct json *json = row_of("enrolment");
	struct held *held = arg;

	control_enrolment_set(json, e, held->lost);
	return put(held, json);
}

static int
put_asset(const struct asset *asset, void *arg)
{
	struct json *json = row_of("asset");
	struct held *held = arg;

	asset_to_json(asset, json);
	if (put(held, json) != 0)
		return 1;
	held->error =
	    store_enrolments_of(held->store, asset->tag, put_enrolment, held);
	return held->error;
}

static int
put_session(const struct store_session *s, bool reserved, void *arg)
{
	struct held *held = arg;
	struct json *json;

	if (!session_is_of(s, &held->person))
		return 0;
	json = row_of("session");
	control_session_set(json, s, reserved);
	return put(held, json);
}

/* ---- of one name -------------------------------------------------------- */

/* Nothing is no error. */
static int
or_nothing(int r)
{
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
put_revocations(struct held *held, const char *name)
{
	struct store_revocation revocation;
	struct json *json;
	int r;

	if ((r = store_revocation_own(held->store, name, &revocation)) == 0) {
		json = row_of("revocation");
		control_revocation_set(json, &revocation);
		(void)put(held, json); /* the end tells */
	} else if (r != FG_ERR_NOT_FOUND)
		return r;
	if ((r = store_revocation_bundled(held->store, name, &revocation)) ==
	    0) {
		json = row_of("revocation");
		control_revocation_set(json, &revocation);
		(void)put(held, json); /* likewise */
	}
	return or_nothing(r);
}

static int
put_totp(struct held *held, const char *name, bool active)
{
	struct store_totp t;
	struct json *json;
	size_t codes = 0;
	int r;

	if ((r = store_totp_get(held->store, name, active, &t)) != 0)
		return or_nothing(r);
	if (active &&
	    (r = store_recovery_count(held->store, name, &codes)) != 0)
		return r;
	json = row_of("totp");
	control_totp_set(json, &t);
	if (active && t.last_step >= 0)
		json_set_int(json, "used", t.last_step * TOTP_STEP_S);
	if (active)
		json_set_int(json, "recovery", (int64_t)codes);
	crypto_wipe(&t, sizeof(t));
	(void)put(held, json); /* the end tells */
	return 0;
}

static int
put_factors(struct held *held, const char *name)
{
	struct store_verified v;
	struct store_backoff b;
	struct json *json;
	int r;

	if ((r = put_totp(held, name, true)) != 0 ||
	    (r = put_totp(held, name, false)) != 0)
		return r;
	if ((r = store_verified_get(held->store, name, &v)) == 0) {
		json = row_of("verification");
		control_verified_set(json, &v);
		(void)put(held, json); /* the end tells */
	} else if (r != FG_ERR_NOT_FOUND)
		return r;
	r = store_backoff_get(held->store, STORE_BACKOFF_PERSON, name, &b);
	if (r == 0) {
		json = row_of("backoff");
		control_backoff_set(json, &b);
		(void)put(held, json); /* likewise */
	}
	return or_nothing(r);
}

static int
put_name(struct held *held, const char *name)
{
	struct store *store = held->store;
	int r;

	if ((r = store_history_each(store, name, put_login, held)) != 0 ||
	    (r = store_sites_of(store, name, put_site, held)) != 0 ||
	    (r = store_exceptions_each(store, name, true, 0, put_exception,
		 held)) != 0 ||
	    (r = put_revocations(held, name)) != 0 ||
	    (r = put_factors(held, name)) != 0 ||
	    (r = store_proofs_each(store, name, INT64_MIN, put_proof, held)) !=
		0)
		return r;
	return store_assets_of_user(store, name, put_asset, held);
}

/* ---- export ------------------------------------------------------------- */

static void
put_person(struct held *held)
{
	struct json *json = row_of("inventory"), *accounts;

	json_set_bool(json, "known", held->known);
	accounts = json_set_array(json, "names");
	json_add_string(accounts, held->person.user);
	for (size_t i = 0; i < held->person.naccounts; i++)
		json_add_string(accounts, held->person.account[i]);
	if (held->known)
		person_to_json(&held->person, json_set_object(json, "entry"));
	(void)put(held, json); /* the end tells */
}

static int
find(struct held *held, const char *user)
{
	int r = control_find_person(held->store, user, &held->person);

	held->known = r == 0;
	if (r != FG_ERR_NOT_FOUND)
		return r;
	person_init(&held->person);
	(void)text_copy(held->person.user, sizeof(held->person.user), user);
	memcpy(held->person.account[0], held->person.user,
	    sizeof(held->person.account[0]));
	held->person.naccounts = 1;
	return 0;
}

static int
put_all(struct store *store, void *arg)
{
	struct held *held = arg;
	struct store_outline outline;
	const char *name;
	int r;

	held->store = store;
	if ((r = store_outline(store, &outline)) != 0 ||
	    (r = find(held, json_get_string(held->job->args, "user", ""))) != 0)
		return r;
	held->lost = outline.enrolments_lost;
	put_person(held);
	sessions_each(held->job->daemon->sessions, put_session, held);
	r = put_name(held, held->person.user);
	for (size_t i = 0; r == 0 && i < held->person.naccounts; i++) {
		name = held->person.account[i];
		if (strcmp(name, held->person.user) != 0)
			r = put_name(held, name);
	}
	if (r == 0 && held->error != 0)
		r = held->error;
	return r == 0 && held->out.failed ? FG_ERR_SYSTEM : r;
}

static int
export_run(int out_fd, void *arg)
{
	static struct held held;
	int r;

	held.job = arg;
	control_out_init(&held.out, out_fd);
	r = control_out_store(&held.out, held.job, put_all, &held);
	return r == 0 ? CONTROL_OK : control_out_failed(&held.out, "person", r);
}

bool
control_person_name_check(struct control_job *job)
{
	return control_text(job, "user", FG_USER_MAX) != NULL;
}

/* Who took it away is recorded before anything goes out. */
void
control_person_export(struct control_job *job)
{
	if (control_record_person_export(job) != 0) {
		control_unrecorded(job, "nothing is exported");
		return;
	}
	control_work(job, export_run, control_finished, EXPORT_MS);
}

/* ---- forget ------------------------------------------------------------- */

bool
control_person_forget_check(struct control_job *job)
{
	return control_text(job, "user", FG_USER_MAX) != NULL &&
	    control_text(job, "reason", STORE_REASON_MAX) != NULL;
}

static int
is_theirs(const struct store_session *s, bool reserved, void *arg)
{
	struct held *held = arg;

	(void)reserved; /* that one is about to open */
	held->known = held->known || session_is_of(s, &held->person);
	return held->known;
}

/* Nobody who may still log in, or is in. */
static bool
may_be_forgotten(struct control_job *job, const char *user)
{
	static struct held held;
	int r;

	held.store = job->daemon->store;
	if ((r = find(&held, user)) != 0) {
		control_problem(job, "inventory: %s", text_error(r));
		return false;
	}
	if (held.known) {
		control_problem(job,
		    "%s is in the inventory, as %s; take them out of it with "
		    "the next farmgatectl inventory import, and then run this "
		    "again",
		    user, held.person.user);
		return false;
	}
	sessions_each(job->daemon->sessions, is_theirs, &held);
	if (held.known)
		control_problem(job,
		    "%s has a session that is open; end it first, as by "
		    "farmgatectl revoke --kill %s",
		    user, user);
	return !held.known && control_is_not_held(job);
}

/* When the last record of before has expired, at the latest; 0: never. */
static int64_t
log_until_s(const struct conf *conf)
{
	if (conf->audit_keep_s == 0 || conf->audit_rotate_age_s == 0)
		return 0;
	return daemon_wall_s() + conf->audit_keep_s + conf->audit_rotate_age_s;
}

/* They are read no more, so nothing in them can be forgotten here. */
static void
tell_set_aside(const struct control_job *job, struct json *json)
{
	char names[SET_ASIDE_MAX][STORE_ASIDE_SIZE];
	struct json *list;
	size_t n;

	if (store_set_aside(job->daemon->store, SET_ASIDE_MAX, names, &n) !=
		0 ||
	    n == 0)
		return;
	json_set_untrusted(json, "folder", job->daemon->rules->conf->state);
	list = json_set_array(json, "set_aside");
	for (size_t i = 0; i < n && i < SET_ASIDE_MAX; i++)
		json_add_string(list, names[i]);
}

static struct json *
told(const struct control_job *job, const struct store_forgotten *f)
{
	struct json *json = json_new(), *rows;
	int64_t until_s = log_until_s(job->daemon->rules->conf);

	json_set_untrusted(json, "user",
	    json_get_string(job->args, "user", ""));
	rows = json_set_object(json, "removed");
	json_set_int(rows, "history", (int64_t)f->history);
	json_set_int(rows, "site", (int64_t)f->sites);
	json_set_int(rows, "exception", (int64_t)f->exceptions);
	json_set_int(rows, "totp", (int64_t)f->totp);
	json_set_int(rows, "recovery", (int64_t)f->recovery);
	json_set_int(rows, "backoff", (int64_t)f->backoff);
	json_set_int(rows, "proof", (int64_t)f->proofs);
	json_set_int(rows, "verification", (int64_t)f->verified);
	json_set_int(rows, "reason", (int64_t)f->reasons);
	if (until_s != 0)
		json_set_int(json, "log_until", until_s);
	else
		json_set_null(json, "log_until");
	tell_set_aside(job, json);
	return json;
}

struct forgetting {
	struct control_job *job;
	bool asked; /* for a record of it */
	bool recorded;
};

static int
record_it(const struct store_forgotten *f, void *arg)
{
	struct forgetting *now = arg;
	int r = control_record_person_forget(now->job, f);

	now->asked = true;
	now->recorded = r == 0;
	return r;
}

/* Nothing is removed, and no record may say that something is. */
static void
not_forgotten(const struct forgetting *now, int r)
{
	if (now->asked && !now->recorded) {
		control_unrecorded(now->job, "nothing is removed");
		return;
	}
	control_problem(now->job, "person: %s", text_error(r));
	if (now->recorded)
		(void)control_record_person_forget(now->job, NULL);
	control_refuse(now->job); /* the log says it if the record failed */
}

void
control_person_forget(struct control_job *job)
{
	const char *user = json_get_string(job->args, "user", "");
	struct forgetting now = { .job = job };
	struct store_revocation revocation;
	struct store_forgotten f;
	struct json *json;
	int r;

	if (!may_be_forgotten(job, user)) {
		control_refuse(job);
		return;
	}
	r = store_person_forget(job->daemon->store, user, record_it, &now, &f);
	if (r != 0) {
		not_forgotten(&now, r);
		return;
	}
	if (store_forgotten_rows(&f) > 0)
		daemon_changed(job->daemon);
	json = told(job, &f);
	if (store_revocation_of(job->daemon->store, user, &revocation) == 0)
		json_set_bool(json, "revoked", true);
	control_answer(job, json,
	    store_forgotten_rows(&f) == 0 ? CONTROL_NO : CONTROL_OK);
}
