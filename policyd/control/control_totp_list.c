/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enrolments for one-time codes as administrators see them: in reports, and all
 * of them in a list. Nothing of a seed or of a code is in these.
 */
#include "policyd/control/control_parts.h"

#define TOTP_LIST_MS 10000u

bool
control_totp_waits(const struct store_totp *t)
{
	int64_t age_s = daemon_wall_s() - t->made_s;

	/* One of the future is no younger. */
	return !t->active && age_s >= 0 && age_s <= CONTROL_TOTP_WAIT_S;
}

void
control_totp_set(struct json *json, const struct store_totp *t)
{
	json_set_untrusted(json, "user", t->person);
	json_set_string(json, "algorithm", totp_algorithm_name(t->algorithm));
	json_set_int(json, "digits", t->digits);
	json_set_string(json, "state",
	    t->active		      ? "active" :
		control_totp_waits(t) ? "waiting" :
					"expired");
	json_set_int(json, "made", t->made_s);
	json_set_int(json, "by_uid", t->by_uid);
	json_set_id(json, "by_loginuid", t->by_loginuid);
}

struct totp_list {
	struct control_out out;
	struct store *store;
	int error; /* of what was looked up for a line */
};

static int
list_one(const struct store_totp *t, void *arg)
{
	struct totp_list *list = arg;
	struct json *json = json_new();
	size_t codes;

	control_totp_set(json, t);
	control_set_listed(json, list->store, t->person);
	if (t->active && t->last_step >= 0)
		json_set_int(json, "used", t->last_step * TOTP_STEP_S);
	if (t->active) {
		list->error =
		    store_recovery_count(list->store, t->person, &codes);
		json_set_int(json, "recovery", (int64_t)codes);
	}
	control_out_json(&list->out, json);
	return list->error != 0 || list->out.failed;
}

static int
list_all(struct store *store, void *arg)
{
	struct totp_list *list = arg;

	int r;

	list->store = store;
	r = store_totp_each(store, list_one, list);
	return r != 0 ? r : list->error;
}

static int
list_run(int out_fd, void *arg)
{
	static struct totp_list list;
	int r;

	control_out_init(&list.out, out_fd);
	r = control_out_store(&list.out, arg, list_all, &list);
	return r == 0 ? CONTROL_OK :
			control_out_failed(&list.out, "enrolments", r);
}

void
control_totp_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, TOTP_LIST_MS);
}
