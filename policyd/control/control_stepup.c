/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-ups for administrators: who has answered wrongly, and who has passed and
 * is remembered for it; and that all of that is forgotten.
 */
#include "policyd/control/control_parts.h"
#include "policyd/net/addr.h"
#include "policyd/store/store_history.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STEPUP_LIST_MS 10000u

void
control_backoff_set(struct json *json, const struct store_backoff *b)
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

	control_backoff_set(json, b);
	control_out_json(out, json);
	return out->failed;
}

static int
list_remembered(const struct store_proof *p, void *arg)
{
	struct control_out *out = arg;
	struct json *json = json_new();

	control_remembered_set(json, p);
	control_out_json(out, json);
	return out->failed;
}

static int
list_all(struct store *store, void *arg)
{
	int r = store_backoff_each(store, list_one, arg);

	return r != 0 ? r :
			store_proofs_each(store, NULL, daemon_wall_s(),
			    list_remembered, arg);
}

static int
list_run(int out_fd, void *arg)
{
	return control_out_list(out_fd, arg, list_all, "back-off");
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

struct forgotten {
	struct store_backoff b; /* .failures 0: there were none */
	size_t remembered;
};

static int
count_one(const struct store_proof *p, void *arg)
{
	(void)p; /* it is one */
	++*(size_t *)arg;
	return 0;
}

static int
find_of_person(struct store *store, const char *who, struct forgotten *f)
{
	static struct person person;
	int r;

	r = control_find_person(store, who, &person);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	if (r == 0)
		who = person.user;
	r = store_proofs_each(store, who, daemon_wall_s(), count_one,
	    &f->remembered);
	if (r != 0)
		return r;
	r = store_backoff_get(store, STORE_BACKOFF_PERSON, who, &f->b);
	if (r != FG_ERR_NOT_FOUND || f->remembered == 0)
		return r;
	f->b.kind = STORE_BACKOFF_PERSON;
	return text_copy(f->b.name, sizeof(f->b.name), who);
}

/* By a person or one of their accounts, or by an address, or by what the list
 * has in place of one. */
static int
find_forgotten(struct store *store, const char *who, struct forgotten *f)
{
	char source[ADDR_TEXT_SIZE];
	struct addr addr;
	int r;

	if (addr_parse(who, &addr) == 0) {
		store_source_text(&addr, source);
		who = source;
	} else if ((r = find_of_person(store, who, f)) != FG_ERR_NOT_FOUND) {
		return r;
	}
	return store_backoff_get(store, STORE_BACKOFF_SOURCE, who, &f->b);
}

static int
forget(struct store *store, const struct forgotten *f)
{
	int r = store_backoff_remove(store, f->b.kind, f->b.name);

	if (r == 0 && f->b.kind == STORE_BACKOFF_PERSON)
		r = store_proofs_remove(store, f->b.name);
	return r;
}

void
control_stepup_forget(struct control_job *job)
{
	const char *who = json_get_string(job->args, "who", "");
	struct store *store = job->daemon->store;
	struct forgotten f = { .remembered = 0 };
	struct json *json;
	int r;

	if ((r = find_forgotten(store, who, &f)) == FG_ERR_NOT_FOUND) {
		control_problem(job, "no step-ups of %s are known", who);
		control_not_found(job);
		return;
	}
	/* Recorded first: it gives somebody their tries back. */
	if (r == 0 &&
	    control_record_backoff(job, "forget", &f.b, f.remembered) != 0) {
		control_unrecorded(job, "nothing was changed");
		return;
	}
	if (r != 0 || (r = forget(store, &f)) != 0) {
		control_failed(job, "step-ups", r);
		return;
	}
	daemon_changed(job->daemon);
	json = json_new();
	control_backoff_set(json, &f.b);
	json_set_int(json, "remembered", (int64_t)f.remembered);
	control_answer(job, json, CONTROL_OK);
}
