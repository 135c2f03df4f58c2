/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Laptops that were enrolled, for administrators: listed with what they were
 * seen with, revoked when one is lost, and forgotten. By the key, or by the tag
 * for all keys of an asset.
 */
#include <string.h>

#include "policyd/control/control_enrol.h"
#include "policyd/session/session.h"
#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DEVICE_LIST_MS 60000u

/* ---- as objects --------------------------------------------------------- */

static void
set_revoked(struct json *json, const struct store_enrolment *e)
{
	json_set_int(json, "revoked", e->revoked_s);
	json_set_untrusted(json, "reason", e->reason);
	json_set_int(json, "revoked_by_uid", e->revoked_by_uid);
	json_set_id(json, "revoked_by_loginuid", e->revoked_by_loginuid);
}

/* One as an object; lost as of store_enrolment_state(). */
void
control_enrolment_set(struct json *json, const struct store_enrolment *e,
    bool lost)
{
	json_set_string(json, "asset", e->asset);
	json_set_string(json, "key", e->key);
	json_set_string(json, "state",
	    store_enrolment_state_name(store_enrolment_state(e, daemon_wall_s(),
		lost)));
	json_set_int(json, "made", e->made_s);
	json_set_int(json, "from", e->from_s);
	json_set_int(json, "by_uid", e->by_uid);
	json_set_id(json, "by_loginuid", e->by_loginuid);
	if (e->replaced_s != STORE_NEVER_S)
		json_set_int(json, "replaced", e->replaced_s);
	if (e->revoked_s != STORE_NEVER_S)
		set_revoked(json, e);
}

/* ---- list --------------------------------------------------------------- */

struct device_list {
	struct control_out *out;
	struct store *store;
	bool lost;
	int error;
};

static void
set_users(struct json *json, const struct asset *asset)
{
	struct json *users = json_set_array(json, "users");

	for (size_t i = 0; i < asset->nusers; i++)
		json_add_string(users, asset->user[i]);
	json_set_string(json, "status", asset_status_name(asset->status));
}

/* What it was seen with, and when last since it was enrolled; damage is an
 * error and not a good laptop. */
static int
set_seen(struct json *json, struct store *store,
    const struct store_enrolment *e)
{
	const struct clone_machine *latest;
	struct clone clone;
	int r;

	if ((r = store_seen(store, e->key, &clone)) != 0)
		return r;
	json_set_int(json, "machines", (int64_t)clone.n);
	json_set_bool(json, "clone", clone_is(&clone));
	latest = clone_latest(&clone);
	if (latest != NULL && (clone.n > 1 || latest->last_s > e->made_s))
		json_set_int(json, "seen", latest->last_s);
	return 0;
}

static int
list_one(const struct store_enrolment *e, void *arg)
{
	static struct asset asset;
	struct device_list *list = arg;
	struct json *json = json_new();
	int r;

	control_enrolment_set(json, e, list->lost);
	r = store_asset_by_tag(list->store, e->asset, &asset);
	if (r == 0)
		set_users(json, &asset);
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		r = set_seen(json, list->store, e);
	list->error = r;
	control_out_json(list->out, json);
	return r != 0 || list->out->failed;
}

static int
list_all(struct store *store, void *arg)
{
	struct device_list list = { .out = arg, .store = store };
	struct store_outline outline;
	int r;

	if ((r = store_outline(store, &outline)) != 0)
		return r;
	list.lost = outline.enrolments_lost;
	r = store_enrolments_each(store, list_one, &list);
	return r != 0 ? r : list.error;
}

static int
list_run(int out_fd, void *arg)
{
	return control_out_list(out_fd, arg, list_all, "enrolments");
}

void
control_device_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, DEVICE_LIST_MS);
}

/* ---- which of them ------------------------------------------------------ */

struct device_set {
	bool open; /* those alone that were not revoked */
	size_t n;
	struct store_enrolment list[STORE_ENROLMENTS_EACH_MAX];
};

static int
gather_one(const struct store_enrolment *e, void *arg)
{
	struct device_set *set = arg;

	if (set->open && e->revoked_s != STORE_NEVER_S)
		return 0;
	set->list[set->n++] = *e;
	return set->n == STORE_ENROLMENTS_EACH_MAX;
}

static bool
check_name(struct control_job *job)
{
	return control_text(job, "name",
		   KEY_TEXT_SIZE > ASSET_TAG_MAX ? KEY_TEXT_SIZE :
						   ASSET_TAG_MAX) != NULL;
}

/* False after an answer. */
static bool
gather(struct control_job *job, bool open, struct device_set *set)
{
	const char *name = json_get_string(job->args, "name", "");
	int r;

	memset(set, 0, sizeof(*set));
	set->open = open;
	r = store_enrolments_of(job->daemon->store, name, gather_one, set);
	if (r != 0) {
		control_failed(job, "enrolments", r);
		return false;
	}
	if (set->n > 0)
		return true;
	control_problem(job,
	    "%s is no key that is enrolled%s, and no asset that has one; "
	    "farmgatectl device list shows all",
	    name, open ? " and not revoked" : "");
	control_not_found(job);
	return false;
}

/* What the inventory has of each, if it has: who revokes one may forget it. */
static void
set_listed(struct json *json, struct store *store,
    const struct store_enrolment *e)
{
	static struct asset asset;

	if (store_asset_by_tag(store, e->asset, &asset) == 0)
		set_users(json, &asset);
}

/* Done to all of them; a record that is missing undoes nothing. */
static void
finish(struct control_job *job, struct json *json, const char *action,
    const char *done, const struct device_set *set)
{
	struct json *list = json_set_array(json, done), *one;
	int status = CONTROL_OK;

	daemon_changed(job->daemon);
	for (size_t i = 0; i < set->n; i++) {
		one = json_add_object(list);
		control_enrolment_set(one, &set->list[i], false);
		set_listed(one, job->daemon->store, &set->list[i]);
		if (control_record_enrolment(job, action, &set->list[i]) == 0)
			continue;
		json_set_string(json, "error", CONTROL_UNRECORDED);
		status = CONTROL_ERROR;
	}
	control_answer(job, json, status);
}

/* ---- revoke ------------------------------------------------------------- */

bool
control_device_revoke_check(struct control_job *job)
{
	return check_name(job) &&
	    control_text(job, "reason", STORE_REASON_MAX) != NULL;
}

static void
stamp(struct device_set *set, const struct store_enrolment_end *end)
{
	struct store_enrolment *e;

	for (e = set->list; e < set->list + set->n; e++) {
		e->revoked_s = end->at_s;
		e->revoked_by_uid = end->by_uid;
		e->revoked_by_loginuid = end->by_loginuid;
		(void)text_copy(e->reason, sizeof(e->reason), end->reason);
	}
}

struct open_with {
	struct json *report;
	const struct device_set *set;
};

static int
list_open(const struct store_session *s, bool reserved, void *arg)
{
	const struct open_with *with = arg;

	for (size_t i = 0; i < with->set->n && !reserved; i++) {
		if (strcmp(s->device, with->set->list[i].asset) != 0)
			continue;
		control_ending_list(with->report, s, NULL);
		break;
	}
	return 0;
}

/* Who is in with it stays in: somebody else has to look whether that is they
 * who had it. */
static struct json *
open_with(struct control_job *job, const struct device_set *set)
{
	struct open_with with = { .report = json_new(), .set = set };

	(void)json_set_array(with.report, "sessions");
	sessions_each(job->daemon->sessions, list_open, &with);
	return with.report;
}

/* It stands without its record: it permits nothing. */
void
control_device_revoke(struct control_job *job)
{
	static struct device_set set;
	const struct store_enrolment_end end = {
		.name = json_get_string(job->args, "name", ""),
		.at_s = daemon_wall_s(),
		.by_uid = job->by.uid,
		.by_loginuid = job->by.loginuid,
		.reason = json_get_string(job->args, "reason", "")
	};
	int r;

	if (!gather(job, true, &set))
		return;
	if ((r = store_enrolment_revoke(job->daemon->store, &end)) != 0) {
		control_failed(job, "enrolments", r);
		return;
	}
	stamp(&set, &end);
	finish(job, open_with(job, &set), "revoke", "revoked", &set);
}

/* ---- remove ------------------------------------------------------------- */

bool
control_device_remove_check(struct control_job *job)
{
	return check_name(job);
}

/* Those that were revoked, which could be enrolled again. False after an
 * answer: somebody has to want that. */
static bool
may_forget(struct control_job *job, const struct device_set *set)
{
	struct json *json, *list, *one;
	size_t i, n = 0;

	for (i = 0; i < set->n; i++)
		n += set->list[i].revoked_s != STORE_NEVER_S;
	if (n == 0 || json_get_bool(job->args, "yes", false))
		return true;
	json = json_new();
	list = json_set_array(json, "revoked");
	for (i = 0; i < set->n; i++) {
		if (set->list[i].revoked_s == STORE_NEVER_S)
			continue;
		one = json_add_object(list);
		control_enrolment_set(one, &set->list[i], false);
		set_listed(one, job->daemon->store, &set->list[i]);
	}
	control_answer(job, json, CONTROL_NO);
	return false;
}

/* Likewise. */
void
control_device_remove(struct control_job *job)
{
	static struct device_set set;
	int r;

	if (!gather(job, false, &set) || !may_forget(job, &set))
		return;
	if ((r = store_enrolment_remove(job->daemon->store,
		 json_get_string(job->args, "name", ""), daemon_wall_s())) !=
	    0) {
		control_failed(job, "enrolments", r);
		return;
	}
	finish(job, json_new(), "remove", "removed", &set);
}
