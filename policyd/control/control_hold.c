/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds, for administrators: while one is in force nothing expires, and nobody
 * is forgotten. One that cannot be recorded holds all the same, for it takes
 * nothing away; its end is recorded first.
 */
#include "policyd/control/control_parts.h"
#include "policyd/store/store_hold.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HOLD_LIST_MS 10000u

static void
hold_set(struct json *json, const struct store_hold *hold)
{
	json_set_string(json, "name", hold->name);
	json_set_untrusted(json, "reason", hold->reason);
	if (hold->until_s != 0)
		json_set_int(json, "until", hold->until_s);
	json_set_string(json, "state",
	    store_hold_is_over(hold, daemon_wall_s()) ? "over" : "in force");
	json_set_int(json, "by_uid", hold->by_uid);
	json_set_id(json, "by_loginuid", hold->by_loginuid);
	json_set_int(json, "at", hold->at_s);
}

static const char *
take_name(struct control_job *job)
{
	const char *name = control_text(job, "name", STORE_HOLD_NAME_MAX);

	if (name == NULL || store_hold_is_name(name))
		return name;
	control_problem(job,
	    "%s is no name of a hold; use letters, digits and . - _, and "
	    "begin with one of the first two",
	    name);
	return NULL;
}

/* ---- add ---------------------------------------------------------------- */

static bool
hold_take(struct control_job *job, struct store_hold *hold)
{
	const char *name = take_name(job), *reason;

	*hold = (struct store_hold){ .at_s = daemon_wall_s(),
		.until_s = json_get_int(job->args, "until", 0) };
	if (name == NULL ||
	    (reason = control_text(job, "reason", STORE_REASON_MAX)) == NULL)
		return false;
	if (hold->until_s < 0 || store_hold_is_over(hold, hold->at_s)) {
		control_problem(job,
		    "until is over already; it has to be in the future");
		return false;
	}
	(void)text_copy(hold->name, sizeof(hold->name), name);
	(void)text_copy(hold->reason, sizeof(hold->reason), reason);
	return true;
}

bool
control_hold_add_check(struct control_job *job)
{
	struct store_hold hold;

	return hold_take(job, &hold);
}

static void
refuse_add(struct control_job *job, const struct store_hold *hold, int r)
{
	if (r == FG_ERR_TRAILING)
		control_problem(job,
		    "there is a hold %s; remove it first, or choose another "
		    "name",
		    hold->name);
	else if (r == FG_ERR_LIMIT)
		control_problem(job,
		    "there are %u holds, and more are not kept; remove one "
		    "with farmgatectl hold remove",
		    STORE_HOLDS_MAX);
	else {
		control_failed(job, "hold", r);
		return;
	}
	control_refuse(job);
}

void
control_hold_add(struct control_job *job)
{
	struct store_hold hold;
	struct json *json;
	int r;

	if (!hold_take(job, &hold)) { /* its time may be over by now */
		control_refuse(job);
		return;
	}
	hold.by_uid = job->by.uid;
	hold.by_loginuid = job->by.loginuid;
	if ((r = store_hold_add(job->daemon->store, &hold)) != 0) {
		refuse_add(job, &hold, r);
		return;
	}
	r = control_record_hold(job, "add", &hold);
	json = json_new();
	hold_set(json, &hold);
	if (r != 0)
		json_set_string(json, "error", CONTROL_UNRECORDED);
	control_answer(job, json, r == 0 ? CONTROL_OK : CONTROL_ERROR);
}

/* ---- remove ------------------------------------------------------------- */

bool
control_hold_remove_check(struct control_job *job)
{
	return take_name(job) != NULL;
}

void
control_hold_remove(struct control_job *job)
{
	const char *name = json_get_string(job->args, "name", "");
	struct store *store = job->daemon->store;
	struct store_hold hold;
	struct json *json;
	int r;

	if ((r = store_hold_get(store, name, &hold)) == FG_ERR_NOT_FOUND) {
		control_problem(job,
		    "there is no hold %s; farmgatectl hold list shows them",
		    name);
		control_not_found(job);
		return;
	}
	if (r == 0 && control_record_hold(job, "remove", &hold) != 0) {
		control_unrecorded(job, "it holds still");
		return;
	}
	if (r != 0 || (r = store_hold_remove(store, name)) != 0) {
		control_failed(job, "hold", r);
		return;
	}
	daemon_changed(job->daemon);
	json = json_new();
	hold_set(json, &hold);
	control_set_removed(job, json);
	control_answer(job, json, CONTROL_OK);
}

/* ---- list --------------------------------------------------------------- */

static int
list_one(const struct store_hold *hold, void *arg)
{
	struct control_out *out = arg;
	struct json *json = json_new();

	hold_set(json, hold);
	control_out_json(out, json);
	return out->failed;
}

static int
list_all(struct store *store, void *arg)
{
	return store_holds_each(store, list_one, arg);
}

static int
list_run(int out_fd, void *arg)
{
	return control_out_list(out_fd, arg, list_all, "holds");
}

void
control_hold_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, HOLD_LIST_MS);
}

/* ---- the status --------------------------------------------------------- */

static int
add_one(const struct store_hold *hold, void *arg)
{
	struct json *list = arg, *json;

	if (store_hold_is_over(hold, daemon_wall_s()))
		return 0;
	json = json_add_object(list);
	json_set_string(json, "name", hold->name);
	json_set_untrusted(json, "reason", hold->reason);
	if (hold->until_s != 0)
		json_set_int(json, "until", hold->until_s);
	json_set_int(json, "at", hold->at_s);
	return 0;
}

void
control_holds_set(struct json *json, struct store *store)
{
	(void)store_holds_each(store, add_one, json_set_array(json, "holds"));
}

bool
control_is_not_held(struct control_job *job)
{
	bool any;
	int r;

	r = store_holds_any(job->daemon->store, daemon_wall_s(), &any);
	if (r != 0)
		control_problem(job, "holds: %s", text_error(r));
	else if (any)
		control_problem(job,
		    "there is a hold, and nothing is removed meanwhile; "
		    "farmgatectl hold list shows it, and who has added it");
	return r == 0 && !any;
}
