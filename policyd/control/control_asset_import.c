/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Imports of assets: a worker with a store of its own reads what was sent, of
 * which it holds one line at a time, and switches the generation only if no
 * line is wrong. It says how far it is.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/control/control_asset.h"
#include "policyd/control/control_import.h"
#include "policyd/control/control_map.h"
#include "policyd/control/control_named.h"
#include "policyd/crypto.h"
#include "policyd/device/asset_csv.h"
#include "policyd/store/store_asset.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/text.h"
#include "proto/result.h"

#define IMPORT_MS    1800000u /* a million lines take minutes */
#define IMPORT_SHOWN 100u /* changes and warnings that are told one by one */
#define IMPORT_STEP  10000u /* lines from one word of progress to the next */

/* In the child. */
struct import {
	struct control_out out;
	struct control_job *job;
	struct store *store;
	struct store_asset_import *into;
	struct cities *cities;
	struct asset_csv *csv;
	FILE *in;
	bool dry_run, restore;
	int failed; /* of the store, while changes were told */
	uint64_t assets, errors, warnings, warned, shown;
	struct control_asset_changes changes;
	struct control_named named; /* of these */
	bool has_people; /* an inventory of them */
	bool has_enrolled; /* laptops */
	struct control_asset_news news;
	char problem[CONTROL_PROBLEM_MAX]; /* the first error */
	char sha256[CRYPTO_HEX_SIZE];
};

/* ---- lines -------------------------------------------------------------- */

static void
tell(struct import *import, const char *key, unsigned long line,
    const char *text)
{
	struct json *json = json_new();

	json_set_int(json, "line", (int64_t)line);
	json_set_untrusted(json, key, text);
	control_out_json(&import->out, json);
}

static void
on_error(unsigned long line, const char *text, void *arg)
{
	struct import *import = arg;

	if (import->errors++ == 0)
		(void)text_copy(import->problem, sizeof(import->problem), text);
	tell(import, "error", line, text);
}

/* A million placeholders are a million warnings; what is of no line is said. */
static void
on_warning(unsigned long line, const char *text, void *arg)
{
	struct import *import = arg;

	import->warnings++;
	if (line == 0 || import->warned++ < IMPORT_SHOWN)
		tell(import, "warning", line, text);
}

/* percent: of what is written, else 0. */
static void
tell_progress(struct import *import, const char *step, unsigned int percent)
{
	struct json *json = json_new();

	json_set_string(json, "progress", step);
	json_set_int(json, "assets", (int64_t)import->assets);
	if (percent > 0)
		json_set_int(json, "percent", percent);
	control_out_json(&import->out, json);
	control_out_flush(&import->out);
}

/* ---- reading ------------------------------------------------------------ */

static void
refuse_second(struct import *import, const struct asset *asset,
    unsigned long line, const struct store_asset_other *other)
{
	char text[ASSET_TAG_MAX * 2 + 160];

	if (strcmp(asset->tag, other->tag) == 0)
		(void)text_format(text, sizeof(text),
		    "%s is in the file already, in line %u; an asset stands in "
		    "one line",
		    asset->tag, other->line);
	else
		(void)text_format(text, sizeof(text),
		    "%s has the device_key of %s in line %u; a key belongs to "
		    "one asset",
		    asset->tag, other->tag, other->line);
	on_error(line, text, import);
}

static void
warn_same(struct import *import, const struct asset *asset, unsigned long line,
    const struct store_asset_other *other)
{
	char text[ASSET_TAG_MAX * 2 + 160];

	if (other->tag[0] != '\0') {
		(void)text_format(text, sizeof(text),
		    "%s has the same %s as %s; no two machines have one: "
		    "correct it, or leave it out of both",
		    asset->tag,
		    other->kind == HWID_NONE ? "SSH key" :
					       hwid_kind_name(other->kind),
		    other->tag);
		on_warning(line, text, import);
	}
	if (other->alike[0] != '\0') {
		(void)text_format(text, sizeof(text),
		    "%s and %s differ in upper and lower case alone, and are "
		    "two assets; if it is one machine, leave one line",
		    asset->tag, other->alike);
		on_warning(line, text, import);
	}
}

/* Beside people, and beside laptops that are enrolled. */
static int
warn_known(struct import *import, const struct asset *asset, unsigned long line)
{
	const struct control_asset_warner warner = { on_warning, import };
	int r = 0;

	if (import->has_people)
		r = control_asset_warn_users(import->store,
		    import->job->daemon->rules->conf, asset, line, &warner);
	if (r == 0 && import->has_enrolled)
		r = control_asset_warn_key(import->store, asset, line, &warner);
	return r;
}

static int
add(struct import *import, const struct asset *asset, unsigned long line)
{
	struct store_asset_other other;
	int r;

	r = store_asset_import_add(import->into, asset, (uint32_t)line, &other);
	if (r == FG_ERR_LIMIT) {
		refuse_second(import, asset, line, &other);
		return 0;
	}
	if (r != 0)
		return r;
	warn_same(import, asset, line, &other);
	control_asset_see(&import->news, import->job->daemon->rules->conf,
	    asset);
	if ((r = warn_known(import, asset, line)) != 0)
		return r;
	if (++import->assets % IMPORT_STEP == 0)
		tell_progress(import, "read", 0);
	return 0;
}

static int
open_csv(struct import *import)
{
	struct csv_table_map map[CSV_TABLE_MAP_MAX];
	const struct asset_csv_options options = { .map = map,
		.nmap = control_map_read(import->job, map),
		.cities = import->cities,
		.error = on_error,
		.warn = on_warning,
		.arg = import };

	return asset_csv_open(import->in, &options, &import->csv);
}

static int
open_file(struct import *import)
{
	char why[CONTROL_PROBLEM_MAX];
	int r;

	if (crypto_sha256_file(import->job->spool, import->sha256) != 0 ||
	    lseek(import->job->spool, 0, SEEK_SET) != 0 ||
	    (import->in = fdopen(import->job->spool, "r")) == NULL)
		return FG_ERR_SYSTEM;
	if ((r = control_cities_open(&import->cities, why)) != 0)
		return r;
	if (why[0] != '\0')
		on_warning(0, why, import);
	return open_csv(import);
}

static int
read_all(struct import *import)
{
	static struct asset asset;
	unsigned long line;
	int r;

	if ((r = open_file(import)) != 0)
		return r;
	while ((r = asset_csv_next(import->csv, &asset, &line)) == 0)
		if ((r = add(import, &asset, line)) != 0)
			return r;
	if (r == FG_ERR_NOT_FOUND && import->errors == 0 && import->assets == 0)
		on_error(1,
		    "there is no asset in the file; an import replaces the "
		    "whole inventory of assets, and would leave none",
		    import);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* ---- what it would change ---------------------------------------------- */

static int
take_enrolment(const struct store_enrolment *e, void *arg)
{
	bool *is = arg;

	*is = e->revoked_s == STORE_NEVER_S && e->replaced_s == STORE_NEVER_S;
	return *is;
}

/* Whose it is nobody can say any more, and it goes on to be let in. */
static int
warn_enrolled(struct import *import, const char *tag)
{
	char text[ASSET_TAG_MAX * 2 + 160];
	bool is = false;
	int r;

	if ((r = store_enrolments_of(import->store, tag, take_enrolment,
		 &is)) != 0 ||
	    !is)
		return r;
	(void)text_format(text, sizeof(text),
	    "%s is in no line any more, and its laptop is enrolled still: "
	    "farmgatectl device revoke %s, or keep the line with its status",
	    tag, tag);
	on_warning(0, text, import);
	return 0;
}

static int
on_change(const struct store_asset_change *change, void *arg)
{
	struct import *import = arg;

	if (change->what == 'R' &&
	    (import->failed = warn_enrolled(import, change->tag)) != 0)
		return 1;
	control_asset_change_see(&import->changes, change);
	if (import->dry_run || import->shown++ < IMPORT_SHOWN)
		control_out_json(&import->out,
		    control_asset_change_json(change));
	if (control_named_may(&import->named, change->what))
		control_named_add(&import->named, change->what,
		    control_asset_change_named(change));
	return 0;
}

static int
begin(struct import *import)
{
	const char *state = import->job->daemon->rules->conf->state, *why;
	struct store_outline outline;
	int r;

	if ((r = store_open(state, &import->store, &why)) != 0 ||
	    (r = store_outline(import->store, &outline)) != 0)
		return r;
	import->has_people = outline.people;
	import->has_enrolled = outline.enrolments;
	return store_asset_import_begin(import->store, &import->into);
}

static int
compare(struct import *import)
{
	const struct control_asset_warner warner = { on_warning, import };
	char text[CONTROL_PROBLEM_MAX];
	int r;

	if ((r = store_asset_import_changes(import->into, on_change, import)) !=
		0 ||
	    (r = import->failed) != 0)
		return r;
	if (!control_asset_change_judge(&import->changes, import->restore,
		&warner, text))
		on_error(0, text, import);
	return control_asset_warn(&import->news, import->job, import->store,
	    &warner);
}

static void
tell_result(struct import *import)
{
	struct json *json = json_new();

	json_set_int(json, "assets", (int64_t)import->assets);
	json_set_int(json, "added", (int64_t)import->changes.added);
	json_set_int(json, "changed", (int64_t)import->changes.changed);
	json_set_int(json, "removed", (int64_t)import->changes.removed);
	if (import->restore) {
		json_set_int(json, "restored",
		    (int64_t)import->changes.restored);
		control_asset_change_names(&import->changes,
		    json_set_array(json, "restored_names"));
	}
	json_set_int(json, "warnings", (int64_t)import->warnings);
	json_set_int(json, "errors", (int64_t)import->errors);
	if (import->errors > 0)
		json_set_untrusted(json, "problem", import->problem);
	json_set_string(json, "sha256", import->sha256);
	json_set_bool(json, "dry_run", import->dry_run);
	control_named_out(&import->named, &import->out);
	control_out_result(&import->out, json);
}

/* ---- all of it ---------------------------------------------------------- */

static void
on_done(unsigned int percent, void *arg)
{
	tell_progress(arg, "write", percent);
}

/* The result is told before the switch: whatever happens, it is on record. */
static int
import_do(struct import *import)
{
	int r;

	r = begin(import);
	if (r == 0)
		r = read_all(import);
	if (r == 0 && import->errors == 0)
		r = compare(import);
	if (r != 0 && import->errors == 0)
		return control_out_failed(&import->out, "assets", r);
	tell_result(import);
	if (import->errors > 0)
		return CONTROL_NO;
	if (import->dry_run)
		return CONTROL_OK;
	tell_progress(import, "write", 0);
	store_asset_import_watch(import->into, on_done, import);
	if ((r = store_asset_import_commit(import->into)) != 0)
		return control_out_failed(&import->out, "assets", r);
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
	asset_csv_free(import.csv);
	cities_free(import.cities);
	store_asset_import_free(import.into);
	store_close(import.store);
	control_out_flush(&import.out);
	return status;
}

/* ---- in the daemon ------------------------------------------------------ */

/* A generation that was switched is in force, however the worker ended. */
static bool
is_in_force(struct control_job *job, int status)
{
	uint64_t generation = 0;
	int64_t at_s;

	return status == CONTROL_OK ||
	    (store_assets_generation(job->daemon->store, &generation, &at_s) ==
		    0 &&
		generation != job->generation);
}

static void
import_done(struct control_job *job, int status)
{
	bool dry_run = json_get_bool(job->args, "dry_run", false);
	bool ok = dry_run ? status == CONTROL_OK : is_in_force(job, status);
	int recorded = 0;

	if (!dry_run) {
		recorded = control_record_assets(job, ok);
		if (ok)
			daemon_store_mended(job->daemon, "assets are in force");
		control_import_log(job, "assets", ok);
	}
	control_import_report(job, ok, recorded);
	if (ok)
		status = recorded == 0 ? CONTROL_OK : CONTROL_NO;
	control_import_end(job, status);
}

bool
control_asset_import_check(struct control_job *job)
{
	return control_map_check(job, asset_fields) && control_is_alone(job);
}

void
control_asset_import(struct control_job *job)
{
	int64_t at_s;

	/* Once begun it is recorded, also if its client goes away. */
	job->outlives = !json_get_bool(job->args, "dry_run", false);
	if (store_assets_generation(job->daemon->store, &job->generation,
		&at_s) != 0)
		job->generation = 0;
	control_work(job, import_run, import_done, IMPORT_MS);
}
