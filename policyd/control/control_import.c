/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Imports of people: a worker with a store of its own reads what was sent, and
 * switches the generation only if no line is wrong. The daemon records who did
 * it, and ends what those have open who may not come in any more. What the
 * lines are is the business of control_import_csv.c and
 * control_import_bundle.c.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "policyd/control/control_import.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define IMPORT_MS 900000u /* a million lines take a minute or two */

/* ---- one at a time ----------------------------------------------------- */

/* What gets bytes, or sends a bundle, is at work on the inventory. */
static struct control_job *
import_other(const struct control_job *job)
{
	struct control_job *other;

	LIST_FOREACH(other, &job->daemon->jobs, entry)
		if (other != job && other->command != NULL &&
		    (other->command->uploads != 0 ||
			other->command->start == control_bundle_export ||
			other->command->start == control_bundle_forget))
			return other;
	return NULL;
}

/* Who sends and sends keeps everybody else from importing, but not root. */
static bool
import_gives_way(struct control_job *other, const struct control_job *job)
{
	if (job->uid != 0 || job->command->uploads == 0 || other->uid == 0 ||
	    other->conn == NULL || other->conn->state != CONN_WANT_DATA)
		return false;
	control_problem(other,
	    "root has begun an import, and this one had not come yet; try "
	    "again when that is over");
	control_refuse(other);
	return true;
}

bool
control_is_alone(struct control_job *job)
{
	struct control_job *other = import_other(job);

	if (other == NULL || import_gives_way(other, job))
		return true;
	control_problem(job,
	    "%s is under way, by uid %u, pid %d; try again when it is over",
	    other->command->uploads != 0 ? "another import" :
					   "another command for bundles",
	    other->uid,
	    other->conn != NULL ? other->conn->facts.peer.pid : other->by.pid);
	return false;
}

bool
control_import_check(struct control_job *job)
{
	return control_ending_check(job) && control_is_alone(job);
}

/* ---- in the child: lines ----------------------------------------------- */

void
control_import_error(struct control_import *import, unsigned long line,
    const char *text)
{
	struct json *json = json_new();

	if (import->errors++ == 0)
		(void)text_copy(import->problem, sizeof(import->problem), text);
	json_set_int(json, "line", (int64_t)line);
	json_set_untrusted(json, "error", text);
	control_out_json(&import->out, json);
}

void
control_import_warn(struct control_import *import, unsigned long line,
    const char *text)
{
	struct json *json = json_new();

	json_set_int(json, "line", (int64_t)line);
	json_set_untrusted(json, "warning", text);
	control_out_json(&import->out, json);
}

static void
warn_networks(struct control_import *import, const struct person *person,
    unsigned long line)
{
	const struct conf *conf = import->job->daemon->rules->conf;
	char text[256];
	size_t i, n;

	for (i = 0; i < person->nnetworks; i++) {
		for (n = 0; n < conf->nnetworks; n++)
			if (strcmp(conf->networks[n].name,
				person->network[i]) == 0)
				break;
		if (n < conf->nnetworks)
			continue;
		(void)text_format(text, sizeof(text),
		    "the configuration has no network %s; %s cannot come from "
		    "it until it has",
		    person->network[i], person->user);
		control_import_warn(import, line, text);
	}
}

int
control_import_add(struct control_import *import, const struct person *person,
    unsigned long line)
{
	char other[FG_USER_MAX + 1], text[2 * FG_USER_MAX + 128];
	int r;

	r = store_import_add(import->into, person, other);
	if (r == 0) {
		import->people++;
		warn_networks(import, person, line);
	} else if (r == FG_ERR_LIMIT) {
		(void)text_format(text, sizeof(text),
		    "%s or one of the accounts is in %s's entry already; a "
		    "name stands in one entry",
		    person->user, other);
		control_import_error(import, line, text);
		return 0;
	}
	return r;
}

/* ---- in the child: the result ------------------------------------------ */

/* What is open of people whom it would dismiss; only of one that is right. */
static int
import_list_sessions(struct control_import *import, struct json *json)
{
	if (!import->dry_run || import->errors > 0)
		return 0;
	return control_list_dismissed(import->job, import->store,
	    store_import_people(import->into), import->bundle.serial != 0,
	    json);
}

static int
import_result(struct control_import *import)
{
	struct json *json = import->about;
	int r;

	import->about = NULL;
	json_set_int(json, "people", (int64_t)import->people);
	json_set_int(json, "added", (int64_t)import->added);
	json_set_int(json, "changed", (int64_t)import->changed);
	json_set_int(json, "removed", (int64_t)import->removed);
	json_set_int(json, "dismissed", (int64_t)import->dismissed);
	json_set_int(json, "restored", (int64_t)import->restored);
	if (import->kept_out > 0)
		json_set_int(json, "kept_out", (int64_t)import->kept_out);
	json_set_int(json, "errors", (int64_t)import->errors);
	if (import->errors > 0)
		json_set_untrusted(json, "problem", import->problem);
	json_set_string(json, "sha256", import->sha256);
	json_set_bool(json, "dry_run", import->dry_run);
	control_import_about_bundle(import, json);
	control_named_out(&import->named, &import->out);
	r = import_list_sessions(import, json);
	control_out_result(&import->out, json);
	return r;
}

/* ---- in the child: all of it ------------------------------------------- */

static int
import_open(struct control_import *import)
{
	const char *state = import->job->daemon->rules->conf->state, *why;
	int r;

	import->bytes = "";
	if ((import->len = import->job->spooled) > 0) {
		import->bytes = mmap(NULL, import->len, PROT_READ, MAP_PRIVATE,
		    import->job->spool, 0);
		if (import->bytes == MAP_FAILED)
			return FG_ERR_SYSTEM;
	}
	crypto_sha256_hex(import->bytes, import->len, import->sha256);
	if ((r = store_open(state, &import->store, &why)) != 0)
		return r;
	return store_import_begin(import->store, &import->into);
}

static int
import_read(struct control_import *import, control_import_fn read)
{
	int r;

	if ((r = read(import)) != 0)
		return r;
	if (import->errors == 0 && import->people == 0)
		control_import_error(import, 1,
		    "there is no person in the file; an import replaces the "
		    "whole inventory, and would leave nobody");
	return 0;
}

/* The result is told before the switch: whatever happens, it is on record. */
static int
import_do(struct control_import *import, control_import_fn read)
{
	int r;

	r = import_open(import);
	if (r == 0)
		r = import_read(import, read);
	if (r != 0 && import->errors == 0)
		return control_out_failed(&import->out, "inventory", r);
	if (import->errors == 0 && (r = control_import_compare(import)) != 0)
		return control_out_failed(&import->out, "inventory", r);
	if ((r = import_result(import)) != 0)
		return control_out_failed(&import->out, "sessions", r);
	if (import->errors > 0)
		return CONTROL_NO;
	if (!import->dry_run && (r = store_import_commit(import->into)) != 0)
		return control_out_failed(&import->out, "inventory", r);
	return CONTROL_OK;
}

int
control_import_run(struct control_job *job, int out_fd, control_import_fn read)
{
	static struct control_import import;
	int status;

	import.job = job;
	import.dry_run = json_get_bool(job->args, "dry_run", false);
	import.restore = json_get_bool(job->args, "restore", false);
	import.about = json_new();
	(void)json_set_array(import.about, "restored_names");
	control_out_init(&import.out, out_fd);
	status = import_do(&import, read);
	json_free(import.about);
	store_import_free(import.into);
	store_close(import.store);
	control_out_flush(&import.out);
	return status;
}

/* ---- in the daemon ----------------------------------------------------- */

/* A generation that was switched is in force, however the worker ended. */
static bool
import_is_in_force(struct control_job *job, int status)
{
	uint64_t generation = 0;
	int64_t at_s;

	if (status == CONTROL_OK)
		return true;
	if (store_people_generation(job->daemon->store, &generation, &at_s) !=
	    0)
		return false;
	return generation != job->generation;
}

void
control_import_report(struct control_job *job, bool ok, int recorded)
{
	if (job->result == NULL)
		job->result = json_new();
	json_set_bool(job->result, "ok", ok);
	if (job->status < 0 && !ok)
		json_set_string(job->result, "error", CONTROL_UNFINISHED);
	if (recorded != 0)
		json_set_string(job->result, "error", CONTROL_UNRECORDED);
}

void
control_import_log(const struct control_job *job, const char *what, bool ok)
{
	log_info("%s by uid %u, login uid %d: %s%s%s", what, job->by.uid,
	    (int)job->by.loginuid, ok ? "in force" : "refused", ok ? "" : ": ",
	    ok ? "" :
		 json_get_string(job->result, "problem", "see its report"));
}

void
control_import_end(struct control_job *job, int status)
{
	struct json *json = job->result;

	job->result = NULL;
	control_answer(job, json,
	    status == CONTROL_OK || status == CONTROL_NO ? status :
							   CONTROL_ERROR);
}

/* Also of one whose client has gone: then as well they are to end. */
static void
import_done(struct control_job *job, int status)
{
	int recorded;
	bool ok;

	if (json_get_bool(job->args, "dry_run", false)) {
		control_import_report(job, status == CONTROL_OK, 0);
		control_import_end(job, status);
		return;
	}
	ok = import_is_in_force(job, status);
	recorded = control_record_import(job, ok);
	control_import_log(job, job->command->name, ok);
	control_import_report(job, ok, recorded);
	if (ok &&
	    (json_get_int(job->result, "dismissed", 0) > 0 ||
		json_get_int(job->result, "revoked", 0) > 0))
		control_warn_observe(job);
	if (!ok) {
		control_import_end(job, status);
		return;
	}
	daemon_store_mended(job->daemon, "an import is in force");
	control_end_dismissed(job, job->command->start == control_bundle_import,
	    recorded == 0 ? CONTROL_OK : CONTROL_NO);
}

void
control_import(struct control_job *job, int (*run)(int out_fd, void *arg))
{
	int64_t at_s;

	/* Once begun it is recorded, also if its client goes away. */
	job->outlives = !json_get_bool(job->args, "dry_run", false);
	if (store_people_generation(job->daemon->store, &job->generation,
		&at_s) != 0)
		job->generation = 0;
	control_work(job, run, import_done, IMPORT_MS);
}
