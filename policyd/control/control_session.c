/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is in, for farmgatectl sessions: seats, open sessions, and what is left
 * of some. A worker lists them, from the memory that it has of its parent.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/session/session.h"
#include "policyd/told.h"

#define LIST_MS 10000u

/* The first one, and how many there are beside it: the audit log has them. */
static void
set_keys(struct json *json, const struct ssh_keys *keys)
{
	if (keys->n == 0)
		return;
	json_set_string(json, "key", keys->list[0].fingerprint);
	json_set_given(json, "key_id", keys->list[0].id);
	if (keys->n > 1 || keys->more > 0)
		json_set_int(json, "more_keys",
		    (int64_t)keys->n - 1 + keys->more);
}

void
control_session_set(struct json *json, const struct store_session *s,
    bool reserved)
{
	int64_t age_s = session_now_s() - s->opened_boot_s;

	json_set_untrusted(json, "ref", s->ref);
	json_set_string(json, "state",
	    reserved ? "reserved" : session_state_name(s->state));
	json_set_untrusted(json, "person", s->person);
	json_set_untrusted(json, "user", s->user);
	json_set_untrusted(json, "service", s->service);
	json_set_string(json, "kind", service_kind_name(s->kind));
	told_origin(json, &s->origin, &s->where);
	json_set_given(json, "device", s->device);
	set_keys(json, &s->keys);
	json_set_int(json, "since", s->opened_s);
	json_set_int(json, "age_s", age_s < 0 ? 0 : age_s);
	if (!reserved)
		json_set_int(json, "pid", s->process.pid);
}

struct session_list_job {
	struct control_out out;
	const char *user; /* "": everybody's */
};

static int
list_one(const struct store_session *s, bool reserved, void *arg)
{
	struct session_list_job *list = arg;
	struct json *json;

	if (list->user[0] != '\0' && strcmp(s->user, list->user) != 0 &&
	    strcmp(s->person, list->user) != 0)
		return 0;
	json = json_new();
	control_session_set(json, s, reserved);
	control_out_json(&list->out, json);
	return list->out.failed;
}

static int
list_run(int out_fd, void *arg)
{
	static struct session_list_job list;
	struct control_job *job = arg;

	control_out_init(&list.out, out_fd);
	list.user = json_get_string(job->args, "user", "");
	sessions_each(job->daemon->sessions, list_one, &list);
	control_out_flush(&list.out);
	return list.out.failed ? CONTROL_ERROR : CONTROL_OK;
}

void
control_session_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, LIST_MS);
}
