/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundles to other hosts, and the end of one that came from another host. What
 * is signed is signed by farmgatectl: the daemon has no secret key. How one is
 * imported stands in control_import_bundle.c.
 */
#include <string.h>

#include "policyd/bundle/bundle_line.h"
#include "policyd/control/control_parts.h"
#include "proto/result.h"

#define EXPORT_MS 900000u

/* ---- export: in the child ---------------------------------------------- */

struct making {
	struct control_out out;
	struct bundle_head head;
	struct bundle_counts counts;
	/* The one that was read last; "": none, or it went out. */
	struct store_revocation last;
};

static int
put(struct making *making, struct json *line)
{
	control_out_json(&making->out, line);
	return making->out.failed ? FG_ERR_SYSTEM : 0;
}

static int
put_person(const struct person *person, void *arg)
{
	struct making *making = arg;

	making->counts.people++;
	return put(making, bundle_person_line(person));
}

static int
put_last(struct making *making)
{
	if (making->last.user[0] == '\0')
		return 0;
	making->counts.revocations++;
	return put(making, bundle_revocation_line(&making->last));
}

/* One's own and a bundle's stand together: the one that begins first counts. */
static int
put_revocation(const struct store_revocation *r, void *arg)
{
	struct making *making = arg;
	int e;

	if (strcmp(making->last.user, r->user) == 0) {
		if (r->at_s < making->last.at_s)
			making->last = *r;
		return 0;
	}
	e = put_last(making);
	making->last = *r;
	return e;
}

static int
put_given_back(const char *name, int64_t at_s, void *arg)
{
	struct making *making = arg;

	making->counts.given_back++;
	return put(making, bundle_given_back_line(name, at_s));
}

/* At one moment, which is not before the serial was given. */
static int
put_all(struct store *store, void *arg)
{
	struct making *making = arg;
	int r, s;

	if ((r = store_read_begin(store)) != 0)
		return r;
	r = put(making, bundle_head_line(&making->head));
	if (r == 0)
		r = store_people_each(store, put_person, making);
	if (r == 0)
		r = store_revocations_each(store, put_revocation, making);
	if (r == 0)
		r = put_last(making);
	if (r == 0)
		r = store_given_back_each(store, put_given_back, making);
	s = store_read_end(store);
	r = r != 0 ? r : s;
	if (r == 0)
		r = put(making, bundle_end_line(&making->counts));
	return making->out.failed ? FG_ERR_SYSTEM : r;
}

static void
export_result(struct making *making)
{
	struct json *json = json_new();

	json_set_int(json, "serial", (int64_t)making->head.serial);
	json_set_int(json, "made", making->head.made_s);
	json_set_int(json, "people", (int64_t)making->counts.people);
	json_set_int(json, "revocations", (int64_t)making->counts.revocations);
	json_set_int(json, "given_back", (int64_t)making->counts.given_back);
	control_out_result(&making->out, json);
}

static int
export_run(int out_fd, void *arg)
{
	static struct making making;
	struct control_job *job = arg;
	int r;

	control_out_init(&making.out, out_fd);
	making.head = job->bundle_head;
	r = control_out_store(&making.out, job, put_all, &making);
	if (r != 0)
		return control_out_failed(&making.out, "bundle", r);
	export_result(&making);
	return CONTROL_OK;
}

/* ---- export: in the daemon --------------------------------------------- */

/*
 * One after the other: the bundle with the higher serial is the one that was
 * read later, and what an import gives back is in the next one.
 */
bool
control_bundle_export_check(struct control_job *job)
{
	struct store_outline outline;
	int r;

	if (!control_is_alone(job))
		return false;
	if ((r = store_outline(job->daemon->store, &outline)) != 0) {
		control_problem(job, "inventory: %s", fg_strerror(r));
		return false;
	}
	if (outline.lost)
		control_problem(job,
		    "people and revocations were lost here, and a bundle "
		    "would bring that to other hosts; see farmgatectl status "
		    "for what to do first");
	else if (!outline.people)
		control_problem(job,
		    "there is no inventory here, and a bundle would leave "
		    "other hosts with nobody; import one first");
	return !outline.lost && outline.people;
}

/* Recorded before anything goes out: with it goes all of the inventory. */
void
control_bundle_export(struct control_job *job)
{
	struct store_bundle bundle;
	int r;

	memset(&bundle, 0, sizeof(bundle));
	bundle.made_s = daemon_wall_s();
	r = store_serial_next(job->daemon->store, bundle.made_s,
	    &bundle.serial);
	if (r == FG_ERR_LIMIT) {
		control_problem(job,
		    "the clock stands before the serial of the last bundle: "
		    "set it, or if it was ahead then, run farmgatectl bundle "
		    "forget");
		control_refuse(job);
		return;
	}
	if (r != 0) {
		control_failed(job, "bundle", r);
		return;
	}
	if (control_record_bundle(job, "export", &bundle) != 0) {
		control_unrecorded(job, "nothing is exported");
		return;
	}
	job->bundle_head.serial = bundle.serial;
	job->bundle_head.made_s = bundle.made_s;
	control_work(job, export_run, control_finished, EXPORT_MS);
}

/* ---- forget ------------------------------------------------------------ */

/*
 * What there is to forget. Without a bundle in force it is a serial alone,
 * which is 0 if it cannot be read. FG_ERR_NOT_FOUND: nothing.
 */
static int
forget_what(struct control_job *job, struct store_bundle *ret_bundle,
    bool *ret_in_force)
{
	struct store *store = job->daemon->store;
	int r;

	r = store_bundle(store, ret_bundle);
	*ret_in_force = r == 0;
	if (r != FG_ERR_NOT_FOUND)
		return r;
	r = store_serial_ahead(store, daemon_wall_s(), &ret_bundle->serial);
	return r == FG_ERR_FORMAT ? 0 : r;
}

bool
control_bundle_forget_check(struct control_job *job)
{
	struct store_bundle bundle;
	bool in_force;
	int r;

	if (!control_is_alone(job))
		return false;
	r = forget_what(job, &bundle, &in_force);
	if (r == FG_ERR_NOT_FOUND)
		control_problem(job,
		    "no bundle is in force, and no serial is ahead of the "
		    "clock: there is nothing to forget");
	else if (r != 0)
		control_problem(job, "bundle: %s", fg_strerror(r));
	if (r != 0)
		return false;
	if (bundle.revocations == 0 ||
	    json_get_bool(job->args, "restore", false))
		return true;
	control_problem(job,
	    "it revokes the access of %zu names, which would come back: "
	    "farmgatectl revoke --list shows them; import a newer bundle, "
	    "revoke here who must stay out, or give --restore",
	    bundle.revocations);
	return false;
}

static void
forget_answer(struct control_job *job, const struct store_bundle *bundle,
    bool in_force)
{
	struct json *json = json_new();

	json_set_bool(json, "in_force", in_force);
	json_set_int(json, "serial", (int64_t)bundle->serial);
	json_set_int(json, "revocations", (int64_t)bundle->revocations);
	control_answer(job, json, CONTROL_OK);
}

/* Recorded first: nobody gets in again without a trace. */
void
control_bundle_forget(struct control_job *job)
{
	struct store_bundle bundle;
	bool in_force;
	int r;

	if ((r = forget_what(job, &bundle, &in_force)) != 0) {
		control_failed(job, "bundle", r);
		return;
	}
	if (control_record_bundle(job, "forget", &bundle) != 0) {
		control_unrecorded(job, "the bundle stays");
		return;
	}
	r = store_bundle_forget(job->daemon->store, daemon_wall_s());
	if (r != 0) {
		control_failed(job, "bundle", r);
		return;
	}
	daemon_changed(job->daemon);
	forget_answer(job, &bundle, in_force);
}

/* ---- status ------------------------------------------------------------ */

const char *
control_bundle_problem(const struct daemon *daemon,
    struct store_bundle *ret_bundle)
{
	const struct conf *conf = daemon->rules->conf;
	int r;

	memset(ret_bundle, 0, sizeof(*ret_bundle));
	if (daemon->store == NULL)
		return NULL; /* which is told by itself */
	r = store_bundle(daemon->store, ret_bundle);
	if (r == FG_ERR_NOT_FOUND)
		return conf->bundle_keys.n == 0 ?
		    NULL :
		    "bundle_keys is set, and none is in force; import one with "
		    "farmgatectl bundle import";
	if (r != 0)
		return "it cannot be read; see the store's state";
	if (!conf_trusts_bundle_key(conf, ret_bundle->key))
		return "the key that has signed it is not in bundle_keys any "
		       "more; import a bundle of another key, or run "
		       "farmgatectl bundle forget";
	if (conf_bundle_is_stale(conf, ret_bundle->made_s, daemon_wall_s()))
		return "it is older than bundle_max_age, or the clock stands "
		       "long before it was made; set the clock, or import a "
		       "newer one "
		       "with farmgatectl bundle import, and see whether the "
		       "host that signs it still does";
	return NULL;
}
