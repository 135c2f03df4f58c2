/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verified people, for administrators: one is added by somebody who has looked
 * at the person, and is listed and removed. The serial number goes in, and
 * never out.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/stepup/serial.h"
#include "policyd/text.h"
#include "proto/result.h"

#define VERIFY_LIST_MS	 10000u
#define VERIFY_LONGEST_S INT64_C(63244800) /* 732 days: two years */
#define VERIFY_DEFAULT_S INT64_C(31536000) /* 365 days */

_Static_assert(SERIAL_SALT_SIZE == STORE_SALT_MAX + 1, "a salt fits");

void
control_verified_set(struct json *json, const struct store_verified *v)
{
	json_set_untrusted(json, "user", v->person);
	json_set_untrusted(json, "asset", v->asset);
	json_set_bool(json, "serial", v->hash[0] != '\0');
	json_set_string(json, "state",
	    daemon_wall_s() < v->until_s ? "verified" : "expired");
	json_set_int(json, "made", v->made_s);
	json_set_int(json, "until", v->until_s);
	json_set_int(json, "by_uid", v->by_uid);
	json_set_id(json, "by_loginuid", v->by_loginuid);
}

/* ---- add ---------------------------------------------------------------- */

static bool
take_serial(struct control_job *job, struct store_verified *v)
{
	const char *serial = json_get_string(job->args, "serial", NULL);

	if (serial == NULL)
		return true;
	serial_salt(v->salt);
	if (serial_hash(v->salt, serial, strlen(serial), v->hash))
		return true;
	control_problem(job,
	    "that is no serial number: up to %u letters, digits and signs",
	    SERIAL_MAX);
	return false;
}

static bool
verify_take(struct control_job *job, struct store_verified *v)
{
	const char *asset;

	memset(v, 0, sizeof(*v));
	if (control_text(job, "user", FG_USER_MAX) == NULL ||
	    (asset = control_text(job, "asset", STORE_ASSET_MAX)) == NULL ||
	    !take_serial(job, v))
		return false;
	(void)text_copy(v->asset, sizeof(v->asset), asset);
	v->made_s = daemon_wall_s();
	v->until_s =
	    json_get_int(job->args, "until", v->made_s + VERIFY_DEFAULT_S);
	if (v->until_s <= v->made_s)
		control_problem(job, "that time is over");
	else if (v->until_s - v->made_s > VERIFY_LONGEST_S)
		control_problem(job,
		    "a verification holds for at most two years");
	else
		return true;
	return false;
}

bool
control_verify_check(struct control_job *job)
{
	struct store_verified v;

	return verify_take(job, &v);
}

/* As fact_who() has it: the entry's name, else the account's. */
static bool
find_who(struct control_job *job, struct store_verified *v, bool *ret_known)
{
	const char *user = json_get_string(job->args, "user", "");
	static struct person person;
	int r;

	r = control_find_person(job->daemon->store, user, &person);
	*ret_known = r == 0;
	(void)text_copy(v->person, sizeof(v->person),
	    r == 0 ? person.user : user);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		control_problem(job, "inventory: %s", text_error(r));
	else if (r == 0 && person.kind != PERSON_KIND_PERSON)
		control_problem(job,
		    "%s is no person by the inventory, and never unverified",
		    person.user);
	else
		return true;
	return false;
}

static void
put(struct control_job *job, struct store_verified *v, bool known)
{
	struct json *json;
	int r;

	v->by_uid = job->by.uid;
	v->by_loginuid = job->by.loginuid;
	/* Recorded first: it may let somebody in. */
	if (control_record_verified(job, "add", v) != 0) {
		control_unrecorded(job, "nothing was changed");
		return;
	}
	if ((r = store_verified_put(job->daemon->store, v)) != 0) {
		control_failed(job, "verifications", r);
		return;
	}
	daemon_changed(job->daemon);
	json = json_new();
	control_verified_set(json, v);
	json_set_bool(json, "known", known);
	control_answer(job, json, CONTROL_OK);
}

static bool
may_verify(struct control_job *job, struct store_verified *v, bool *ret_known)
{
	return verify_take(job, v) && control_asker_is_somebody(job) &&
	    find_who(job, v, ret_known) &&
	    control_asker_is_another(job, v->person,
		"nobody verifies themselves: ask another administrator");
}

/* Before anybody reads a serial number out. */
void
control_verify_may(struct control_job *job)
{
	struct store_verified v;
	struct json *json;
	bool known;

	if (!may_verify(job, &v, &known)) {
		control_refuse(job);
		return;
	}
	json = json_new();
	control_set_known(json, known, "the verification is for");
	control_answer(job, json, CONTROL_OK);
}

void
control_verify(struct control_job *job)
{
	struct store_verified v;
	bool known;

	if (!may_verify(job, &v, &known))
		control_refuse(job);
	else
		put(job, &v, known);
}

/* ---- list --------------------------------------------------------------- */

struct verify_list {
	struct control_out *out;
	struct store *store;
};

static int
list_one(const struct store_verified *v, void *arg)
{
	struct verify_list *list = arg;
	struct json *json = json_new();

	control_verified_set(json, v);
	control_set_listed(json, list->store, v->person);
	control_out_json(list->out, json);
	return list->out->failed;
}

static int
list_all(struct store *store, void *arg)
{
	struct verify_list list = { .out = arg, .store = store };

	return store_verified_each(store, list_one, &list);
}

static int
list_run(int out_fd, void *arg)
{
	return control_out_list(out_fd, arg, list_all, "verifications");
}

void
control_verify_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, VERIFY_LIST_MS);
}

/* ---- remove ------------------------------------------------------------- */

bool
control_verify_remove_check(struct control_job *job)
{
	return control_text(job, "user", FG_USER_MAX) != NULL;
}

/* By the name it was made for, else by an account of that person. */
static int
find_verified(struct control_job *job, struct store_verified *ret_v)
{
	const char *user = json_get_string(job->args, "user", "");
	struct store *store = job->daemon->store;
	static struct person person;
	int r;

	r = control_find_person(store, user, &person);
	if (r == 0)
		r = store_verified_get(store, person.user, ret_v);
	return r == FG_ERR_NOT_FOUND ? store_verified_get(store, user, ret_v) :
				       r;
}

/* It stands without its record: it permits nothing. */
void
control_verify_remove(struct control_job *job)
{
	struct store_verified v;
	struct json *json;
	int r;

	r = find_verified(job, &v);
	if (r == 0)
		r = store_verified_remove(job->daemon->store, v.person);
	if (r == FG_ERR_NOT_FOUND) {
		control_problem(job, "nobody has verified %s",
		    json_get_string(job->args, "user", ""));
		control_not_found(job);
		return;
	}
	if (r != 0) {
		control_failed(job, "verifications", r);
		return;
	}
	json = json_new();
	control_verified_set(json, &v);
	control_set_removed(job, json);
	r = control_record_verified(job, "remove", &v);
	if (r != 0)
		json_set_string(json, "error", CONTROL_UNRECORDED);
	control_answer(job, json, r == 0 ? CONTROL_OK : CONTROL_ERROR);
}
