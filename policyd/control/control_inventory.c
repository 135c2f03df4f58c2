/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inventory as it is, for administrators: export and show, by workers with
 * a store of their own, as there may be a million people; and accept, which
 * says that it is right as it is.
 */

#include "policyd/control/control_parts.h"
#include "policyd/people/person_csv.h"
#include "policyd/people/person_json.h"
#include "proto/result.h"

#define EXPORT_MS 900000u
#define SHOW_MS	  10000u

struct inventory {
	struct control_out out;
	const struct json *args;
	FILE *csv;
};

static int
put_csv(const struct person *person, void *arg)
{
	struct inventory *inventory = arg;

	return person_csv_write(inventory->csv, person);
}

static int
put_json(const struct person *person, void *arg)
{
	struct inventory *inventory = arg;
	struct json *json = json_new();

	person_to_json(person, json);
	control_out_json(&inventory->out, json);
	return inventory->out.failed ? FG_ERR_SYSTEM : 0;
}

static int
put_all(struct store *store, void *arg)
{
	struct inventory *inventory = arg;
	int r;

	if (json_get_bool(inventory->args, "json", false))
		return store_people_each(store, put_json, inventory);
	if ((inventory->csv = control_out_stream(&inventory->out)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = person_csv_header(inventory->csv)) == 0)
		r = store_people_each(store, put_csv, inventory);
	if (fclose(inventory->csv) != 0 && r == 0)
		r = FG_ERR_SYSTEM;
	return r;
}

static int
export_run(int out_fd, void *arg)
{
	static struct inventory inventory;
	struct control_job *job = arg;
	int r;

	control_out_init(&inventory.out, out_fd);
	inventory.args = job->args;
	r = control_out_store(&inventory.out, job, put_all, &inventory);
	return r == 0 ? CONTROL_OK :
			control_out_failed(&inventory.out, "inventory", r);
}

/* Who took all of it away is recorded before anything goes out. */
void
control_inventory_export(struct control_job *job)
{
	if (control_record_export(job) != 0) {
		control_unrecorded(job, "nothing is exported");
		return;
	}
	control_work(job, export_run, control_finished, EXPORT_MS);
}

bool
control_inventory_show_check(struct control_job *job)
{
	return control_text(job, "user", FG_USER_MAX) != NULL;
}

static int
put_one(struct store *store, void *arg)
{
	struct inventory *inventory = arg;
	static struct person person;
	int r;

	r = control_find_person(store,
	    json_get_string(inventory->args, "user", ""), &person);
	return r != 0 ? r : put_json(&person, inventory);
}

static int
show_run(int out_fd, void *arg)
{
	static struct inventory inventory;
	struct control_job *job = arg;
	int r;

	control_out_init(&inventory.out, out_fd);
	inventory.args = job->args;
	r = control_out_store(&inventory.out, job, put_one, &inventory);
	if (r == FG_ERR_NOT_FOUND)
		return CONTROL_NO;
	return r == 0 ? CONTROL_OK :
			control_out_failed(&inventory.out, "inventory", r);
}

void
control_inventory_show(struct control_job *job)
{
	control_work(job, show_run, control_finished, SHOW_MS);
}

/* ---- accept ------------------------------------------------------------ */

bool
control_inventory_accept_check(struct control_job *job)
{
	struct store_outline outline;
	int r;

	if (!control_is_alone(job))
		return false;
	if ((r = store_outline(job->daemon->store, &outline)) != 0)
		control_problem(job, "inventory: %s", fg_strerror(r));
	else if (!outline.lost && !outline.assets_lost)
		control_problem(job,
		    "nothing was lost here, and the store is no older copy: "
		    "there is nothing to accept");
	return r == 0 && (outline.lost || outline.assets_lost);
}

/* Recorded first: nobody gets in again without a trace. */
void
control_inventory_accept(struct control_job *job)
{
	struct daemon *daemon = job->daemon;
	struct store_changes changes;
	struct json *json;
	int r;

	if ((r = store_changes(daemon->store, &changes)) != 0) {
		control_failed(job, "inventory", r);
		return;
	}
	if (control_record_accept(job, &changes) != 0) {
		control_unrecorded(job, "nothing is accepted");
		return;
	}
	if ((r = store_accept(daemon->store)) != 0) {
		control_failed(job, "inventory", r);
		return;
	}
	daemon_changed(daemon);
	daemon_store_mended(daemon, "it was accepted as it is");
	json = json_new();
	json_set_int(json, "own", (int64_t)changes.own);
	json_set_int(json, "known", (int64_t)changes.known);
	control_answer(job, json, CONTROL_OK);
}
