/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wrong answers of step-ups for administrators: whose there are, and that they
 * are forgotten.
 */
#include "policyd/control/control_parts.h"
#include "policyd/net/addr.h"
#include "policyd/store/store_history.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STEPUP_LIST_MS 10000u

static void
backoff_set(struct json *json, const struct store_backoff *b)
{
	json_set_untrusted(json,
	    b->kind == STORE_BACKOFF_PERSON ? "user" : "source", b->name);
	json_set_int(json, "failures", b->failures);
	json_set_int(json, "last", b->last_s);
	if (b->until_s > daemon_wall_s())
		json_set_int(json, "until", b->until_s);
}

/* ---- list --------------------------------------------------------------- */

static int
list_one(const struct store_backoff *b, void *arg)
{
	struct control_out *out = arg;
	struct json *json = json_new();

	backoff_set(json, b);
	control_out_json(out, json);
	return out->failed;
}

static int
list_all(struct store *store, void *arg)
{
	return store_backoff_each(store, list_one, arg);
}

static int
list_run(int out_fd, void *arg)
{
	static struct control_out out;
	int r;

	control_out_init(&out, out_fd);
	r = control_out_store(&out, arg, list_all, &out);
	return r == 0 ? CONTROL_OK : control_out_failed(&out, "back-off", r);
}

void
control_stepup_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, STEPUP_LIST_MS);
}

/* ---- forget ------------------------------------------------------------- */

bool
control_stepup_check(struct control_job *job)
{
	return control_text(job, "who", FG_USER_MAX) != NULL;
}

/* By a person or one of their accounts, or by an address. */
static int
find_backoff(struct store *store, const char *who, struct store_backoff *ret_b)
{
	static struct person person;
	char source[ADDR_TEXT_SIZE];
	struct addr addr;
	int r;

	if (addr_parse(who, &addr) == 0) {
		store_source_text(&addr, source);
		return store_backoff_get(store, STORE_BACKOFF_SOURCE, source,
		    ret_b);
	}
	r = control_find_person(store, who, &person);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	return store_backoff_get(store, STORE_BACKOFF_PERSON,
	    r == 0 ? person.user : who, ret_b);
}

void
control_stepup_forget(struct control_job *job)
{
	const char *who = json_get_string(job->args, "who", "");
	struct store *store = job->daemon->store;
	struct store_backoff b;
	struct json *json;
	int r;

	if ((r = find_backoff(store, who, &b)) == FG_ERR_NOT_FOUND) {
		control_problem(job, "no wrong answers of %s are known", who);
		control_not_found(job);
		return;
	}
	/* Recorded first: it gives somebody their tries back. */
	if (r == 0 && control_record_backoff(job, "forget", &b) != 0) {
		control_problem(job,
		    "the audit log cannot be written, so nothing was changed; "
		    "see farmgatectl status");
		control_refuse(job);
		return;
	}
	if (r == 0)
		r = store_backoff_remove(store, b.kind, b.name);
	if (r != 0) {
		control_failed(job, "back-off", r);
		return;
	}
	daemon_changed(job->daemon);
	json = json_new();
	backoff_set(json, &b);
	control_answer(job, json, CONTROL_OK);
}
