/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The import of an inventory: a worker with a store of its own reads the file,
 * which may have a million lines, and switches the generation only if no line
 * is wrong. The daemon records who did it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "policyd/control/control_parts.h"
#include "policyd/crypto.h"
#include "policyd/log.h"
#include "policyd/people/person_csv.h"
#include "policyd/text.h"
#include "proto/result.h"

#define IMPORT_MS    900000u /* a million lines take a minute or two */
#define IMPORT_SHOWN 100u /* changes that are told one by one */

/* An import at work, in the child. */
struct import {
	struct control_out out;
	struct control_job *job;
	struct store *store;
	struct store_import *into;
	struct cities *cities;
	struct person_csv *csv;
	FILE *in;
	uint64_t errors;
	uint64_t people;
	uint64_t shown;
	uint64_t added, changed, removed;
	uint64_t restored; /* accounts; without .restore they are errors */
	bool dry_run;
	bool restore;
	char sha256[CRYPTO_HEX_SIZE];
};

/* ---- import: the arguments -------------------------------------------- */

static bool
import_field_exists(const char *field)
{
	size_t i;

	for (i = 0; person_fields[i] != NULL; i++)
		if (strcmp(person_fields[i], field) == 0)
			return true;
	return field[0] == '\0';
}

static bool
import_check_map(struct control_job *job)
{
	const struct json *list = json_get(job->args, "map");
	const char *column, *field;
	size_t i;

	if (json_length(list) > PERSON_CSV_MAP_MAX) {
		control_problem(job, "more than %u maps", PERSON_CSV_MAP_MAX);
		return false;
	}
	for (i = 0; i < json_length(list); i++) {
		column = json_get_string(json_at(list, i), "column", "");
		field = json_get_string(json_at(list, i), "field", NULL);
		if (column[0] != '\0' && field != NULL &&
		    import_field_exists(field))
			continue;
		control_problem(job,
		    "map %s=%s: there is no field %s; the fields are those of "
		    "farmgatectl inventory export, and none leaves the column "
		    "out",
		    column, field != NULL ? field : "",
		    field != NULL ? field : "");
		return false;
	}
	return true;
}

static struct control_job *
import_other(const struct control_job *job)
{
	struct control_job *other;

	LIST_FOREACH(other, &job->daemon->jobs, entry)
		if (other != job && other->command != NULL &&
		    other->command->uploads)
			return other;
	return NULL;
}

/* Who sends and sends keeps everybody else from importing, but not root. */
static bool
import_gives_way(struct control_job *other, const struct control_job *job)
{
	if (job->uid != 0 || other->uid == 0 || other->conn == NULL ||
	    other->conn->state != CONN_WANT_DATA)
		return false;
	control_problem(other,
	    "root has begun an import, and this one had not come yet; try "
	    "again when that is over");
	control_refuse(other);
	return true;
}

bool
control_inventory_import_check(struct control_job *job)
{
	struct control_job *other = import_other(job);

	if (!import_check_map(job) || !control_ending_check(job))
		return false;
	if (other != NULL && !import_gives_way(other, job)) {
		control_problem(job,
		    "another import is under way, by uid %u, pid %d; try "
		    "again when it is over",
		    other->uid,
		    other->conn != NULL ? other->conn->facts.peer.pid :
					  other->by.pid);
		return false;
	}
	return true;
}

/* ---- import: in the child --------------------------------------------- */

static void
import_error(unsigned long line, const char *text, void *arg)
{
	struct import *import = arg;
	struct json *json = json_new();

	import->errors++;
	json_set_int(json, "line", (int64_t)line);
	json_set_untrusted(json, "error", text);
	control_out_json(&import->out, json);
}

/* What an administrator may have meant otherwise; the import goes on. */
static void
import_warn_networks(struct import *import, const struct person *person,
    unsigned long line)
{
	const struct conf *conf = import->job->daemon->rules->conf;
	struct json *json;
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
		json = json_new();
		json_set_int(json, "line", (int64_t)line);
		json_set_untrusted(json, "warning", text);
		control_out_json(&import->out, json);
	}
}

static int
import_hash(struct import *import)
{
	size_t len = import->job->spooled;
	void *p;

	if (len == 0) {
		crypto_sha256_hex("", 0, import->sha256);
		return 0;
	}
	p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, import->job->spool, 0);
	if (p == MAP_FAILED)
		return FG_ERR_SYSTEM;
	crypto_sha256_hex(p, len, import->sha256);
	(void)munmap(p, len); /* ours alone */
	return 0;
}

static void
import_warn_cities(struct import *import, int r)
{
	struct json *json = json_new();
	char text[256];

	(void)text_format(text, sizeof(text),
	    CITIES_FILE ": %s; homes need coordinates without it",
	    r == FG_ERR_SYSTEM ? strerror(errno) : fg_strerror(r));
	json_set_int(json, "line", 0);
	json_set_string(json, "warning", text);
	control_out_json(&import->out, json);
}

static int
import_open_csv(struct import *import)
{
	const struct json *list = json_get(import->job->args, "map");
	struct person_csv_map map[PERSON_CSV_MAP_MAX];
	struct person_csv_options options = {
		.map = map, .error = import_error, .arg = import
	};
	int r;

	for (; options.nmap < json_length(list); options.nmap++) {
		map[options.nmap].column =
		    json_get_string(json_at(list, options.nmap), "column", "");
		map[options.nmap].field =
		    json_get_string(json_at(list, options.nmap), "field", "");
	}
	if ((r = cities_open(CITIES_FILE, &import->cities)) == FG_ERR_NOMEM)
		return r;
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		import_warn_cities(import, r);
	options.cities = import->cities;
	return person_csv_open(import->in, &options, &import->csv);
}

static int
import_open(struct import *import)
{
	const char *state = import->job->daemon->rules->conf->state, *why;
	int r;

	if ((r = import_hash(import)) != 0)
		return r;
	if (lseek(import->job->spool, 0, SEEK_SET) != 0 ||
	    (import->in = fdopen(import->job->spool, "r")) == NULL)
		return FG_ERR_SYSTEM;
	if ((r = store_open(state, &import->store, &why)) != 0 ||
	    (r = store_import_begin(import->store, &import->into)) != 0)
		return r;
	return import_open_csv(import);
}

static int
import_add(struct import *import, const struct person *person,
    unsigned long line)
{
	char other[FG_USER_MAX + 1], text[2 * FG_USER_MAX + 128];
	int r;

	r = store_import_add(import->into, person, other);
	if (r == 0) {
		import->people++;
		import_warn_networks(import, person, line);
	} else if (r == FG_ERR_LIMIT) {
		(void)text_format(text, sizeof(text),
		    "%s or one of the accounts is in %s's entry already; a "
		    "name stands in one entry",
		    person->user, other);
		import_error(line, text, import);
		return 0;
	}
	return r;
}

static int
import_read(struct import *import)
{
	struct person person;
	unsigned long line;
	int r;

	while ((r = person_csv_next(import->csv, &person, &line)) == 0)
		if ((r = import_add(import, &person, line)) != 0)
			return r;
	if (r != FG_ERR_NOT_FOUND)
		return r;
	if (import->errors == 0 && import->people == 0)
		import_error(1,
		    "there is no person in the file; an import replaces the "
		    "whole inventory, and would leave nobody",
		    import);
	return 0;
}

static void
import_tell(struct import *import, const char *change, const char *user)
{
	struct json *json;

	if (!import->dry_run && import->shown++ >= IMPORT_SHOWN)
		return;
	json = json_new();
	json_set_string(json, "change", change);
	json_set_untrusted(json, "user", user);
	control_out_json(&import->out, json);
}

static int
import_change(char change, const char *user, void *arg)
{
	struct import *import = arg;

	import->added += change == 'A';
	import->changed += change == 'C';
	import->removed += change == 'R';
	import_tell(import,
	    change == 'A'     ? "added" :
		change == 'C' ? "changed" :
				"removed",
	    user);
	return 0;
}

/* A line that is missing must not let anybody in who was dismissed. */
static int
import_restored(const char *account, bool on_purpose, void *arg)
{
	struct import *import = arg;
	char text[FG_USER_MAX + 128];

	(void)on_purpose; /* what a file says, it says for good */
	if (import->restore) {
		import->restored++;
		import_tell(import, "restored", account);
		return store_import_give_back(import->into, account,
		    (int64_t)time(NULL));
	}
	(void)text_format(text, sizeof(text),
	    "access of %s was taken back and would come back; keep the line "
	    "with status revoked, or give --restore",
	    account);
	import_error(0, text, import);
	return 0;
}

/* A dry run tells all of it, and what forbids it too. */
static int
import_compare(struct import *import)
{
	int r;

	r = store_import_restored(import->into, (int64_t)time(NULL),
	    import_restored, import);
	if (r == 0 && (import->errors == 0 || import->dry_run))
		r = store_import_changes(import->into, import_change, import);
	return r;
}

/* What is open of people whom it would dismiss; only of one that is right. */
static int
import_list_sessions(struct import *import, struct json *json)
{
	if (!import->dry_run || import->errors > 0)
		return 0;
	return control_list_dismissed(import->job, import->store,
	    store_import_people(import->into), json);
}

static int
import_result(struct import *import)
{
	struct json *json = json_new();
	int r;

	json_set_int(json, "people", (int64_t)import->people);
	json_set_int(json, "added", (int64_t)import->added);
	json_set_int(json, "changed", (int64_t)import->changed);
	json_set_int(json, "removed", (int64_t)import->removed);
	json_set_int(json, "restored", (int64_t)import->restored);
	json_set_int(json, "errors", (int64_t)import->errors);
	json_set_string(json, "sha256", import->sha256);
	json_set_bool(json, "dry_run", import->dry_run);
	r = import_list_sessions(import, json);
	control_out_result(&import->out, json);
	return r;
}

/* The result is told before the switch: whatever happens, it is on record. */
static int
import_do(struct import *import)
{
	int r;

	r = import_open(import);
	if (r == 0)
		r = import_read(import);
	if (r != 0 && import->errors == 0)
		return control_out_failed(&import->out, "inventory", r);
	if (import->errors == 0 && (r = import_compare(import)) != 0)
		return control_out_failed(&import->out, "inventory", r);
	if ((r = import_result(import)) != 0)
		return control_out_failed(&import->out, "sessions", r);
	if (import->errors > 0)
		return CONTROL_NO;
	if (!import->dry_run && (r = store_import_commit(import->into)) != 0)
		return control_out_failed(&import->out, "inventory", r);
	return CONTROL_OK;
}

static int
import_run(int out_fd, void *arg)
{
	static struct import import;
	int status;

	import.job = arg;
	import.dry_run = json_get_bool(import.job->args, "dry_run", false);
	import.restore = json_get_bool(import.job->args, "restore", false);
	control_out_init(&import.out, out_fd);
	status = import_do(&import);
	person_csv_free(import.csv);
	cities_free(import.cities);
	store_import_free(import.into);
	store_close(import.store);
	control_out_flush(&import.out);
	return status;
}

/* ---- import: in the daemon -------------------------------------------- */

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

/* The worker's word, with what the daemon knows better. */
static void
import_report(struct control_job *job, bool ok, int recorded)
{
	if (job->result == NULL)
		job->result = json_new();
	json_set_bool(job->result, "ok", ok);
	if (job->status < 0 && !ok)
		json_set_string(job->result, "error", CONTROL_UNFINISHED);
	if (recorded != 0)
		json_set_string(job->result, "error",
		    "done, but the audit log could not be written; see "
		    "farmgatectl status");
}

static void
import_not_done(struct control_job *job, int status)
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
		import_report(job, status == CONTROL_OK, 0);
		import_not_done(job, status);
		return;
	}
	ok = import_is_in_force(job, status);
	recorded = control_record_import(job, ok);
	log_info("inventory: import by uid %u, login uid %d: %s", job->by.uid,
	    (int)job->by.loginuid, ok ? "in force" : "refused");
	import_report(job, ok, recorded);
	if (!ok) {
		import_not_done(job, status);
		return;
	}
	daemon_store_mended(job->daemon);
	control_end_dismissed(job, false,
	    recorded == 0 ? CONTROL_OK : CONTROL_NO);
}

void
control_inventory_import(struct control_job *job)
{
	int64_t at_s;

	/* Once begun it is recorded, also if its client goes away. */
	job->outlives = !json_get_bool(job->args, "dry_run", false);
	if (store_people_generation(job->daemon->store, &job->generation,
		&at_s) != 0)
		job->generation = 0;
	control_work(job, import_run, import_done, IMPORT_MS);
}
