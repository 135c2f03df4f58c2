/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reload as a row of steps: parse (here, it is bounded), copy what is new (a
 * worker), map, check, swap, and tell everybody who asked; then remove the
 * copies that nobody needs (another worker, for that may take long as well).
 */
#include "policyd/reload/reload.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/geo/copy.h"
#include "policyd/live/live.h"
#include "policyd/log.h"
#include "policyd/machine/machine.h"
#include "policyd/policies.h"
#include "policyd/reload/filewatch.h"
#include "policyd/reload/reload_asked.h"
#include "policyd/reload/reload_check.h"
#include "policyd/reload/reload_keep.h"
#include "policyd/reload/reload_warn.h"
#include "policyd/text.h"
#include "policyd/worker.h"
#include "proto/result.h"

#define RELOAD_COPY_MS	300000u /* slow disks, large databases */
#define RELOAD_CLEAN_MS 60000u
#define RELOAD_REST_MS	1000 /* for logins, between two that parse */
#define RELOAD_LOGIN_MS 1000 /* looks at whether the last login has ended */
#define RELOAD_TRIES	3 /* with files that change meanwhile */
#define RELOAD_TEXT_MAX 16384u /* of a worker's errors; the rest is lost */

enum reload_state {
	RELOAD_IDLE = 0,
	RELOAD_RESTING, /* until the next */
	RELOAD_COPYING,
	RELOAD_CLEANING
};

struct reloader {
	struct daemon *daemon;
	reload_done_fn done;
	struct filewatch *watch;
	struct reload_warn *warn;
	struct loop_timer *rest;
	struct loop_timer *later; /* cleans what a login still used */
	int64_t parsed_ns; /* when the last one had; 0: none has */
	struct reload_keep keep; /* copies, and where they are */
	enum reload_state state;
	struct worker *worker;
	struct reload_list waiting; /* for the next run */
	struct reload_list asked; /* of this run */
	struct ruleset *next; /* what it builds */
	struct conf_errors errors; /* of this run */
	struct conf_errors refused; /* of the last one of data alone */
	bool data_only;
	int tries;
	char text[RELOAD_TEXT_MAX]; /* errors, as the worker sends them */
	size_t len;
};

static void reload_next(struct reloader *re);

/* ---- the end of a run ------------------------------------------------- */

static void
reload_log(const struct reloader *re, bool ok)
{
	const struct ruleset *rules = re->daemon->rules;

	if (ok) {
		log_info("reload: %s is in force, sha256 %s", rules->conf->path,
		    rules->conf->hash);
		return;
	}
	conf_errors_log(&re->errors, log_err);
	log_err("reload: %s has errors; the old policy stays",
	    re->data_only ? re->asked.list[0]->watch :
			    re->daemon->options.config);
}

static void
reload_tell(struct reloader *re, const char *old_hash, int r)
{
	const struct reload_asked *asked;
	size_t i;

	reload_list_record(&re->asked, re->daemon, old_hash, r == 0,
	    re->errors.count);
	for (i = 0; i < re->asked.n; i++) {
		asked = re->asked.list[i];
		if (asked->conn != 0)
			re->done(re->daemon, asked->conn, r, &re->errors);
	}
}

/* What status says of it until the next one. */
static void
reload_remember(struct reloader *re, bool ok)
{
	if (ok || re->data_only)
		conf_errors_done(&re->refused);
	if (!re->data_only)
		re->daemon->refused_at_s = ok ? 0 : daemon_wall_s();
	if (!ok && re->data_only) {
		re->refused = re->errors;
		memset(&re->errors, 0, sizeof(re->errors));
	}
}

/* What was tried is not tried again before it changes. */
static void
reload_rebase(struct reloader *re, bool ok)
{
	const struct conf *conf = ok ? re->daemon->rules->conf : NULL;

	if ((ok || re->data_only) && filewatch_adopt(re->watch, conf) != 0)
		log_err("reload: out of memory to notice replaced files");
}

static void
reload_rest(struct reloader *re)
{
	re->state = RELOAD_IDLE;
	if (re->waiting.n > 0) {
		reload_next(re);
		return;
	}
	filewatch_pause(re->watch, false);
	if (re->keep.old != NULL)
		loop_timer_set(re->later, RELOAD_LOGIN_MS);
}

static void
clean_done(int status, void *arg)
{
	struct reloader *re = arg;

	(void)status; /* the next one takes what is left */
	re->worker = NULL;
	reload_rest(re);
}

static int
clean_run(int out_fd, void *arg)
{
	const struct reloader *re = arg;

	(void)out_fd;
	reload_keep_only(&re->keep);
	return 0;
}

static void
reload_clean(struct reloader *re)
{
	const struct worker_job job = { .name = "clean",
		.run = clean_run,
		.done = clean_done,
		.arg = re,
		.timeout_ms = RELOAD_CLEAN_MS };

	re->state = RELOAD_CLEANING;
	if (worker_start(re->daemon->loop, &job, &re->worker) != 0)
		reload_rest(re); /* the next one does it */
}

/* Another reload cleans by itself when it ends. */
static void
reload_clean_later(void *arg)
{
	struct reloader *re = arg;

	if (re->state != RELOAD_IDLE)
		return;
	if (reload_keep_is_used(&re->keep)) {
		loop_timer_set(re->later, RELOAD_LOGIN_MS);
		return;
	}
	reload_keep_set(&re->keep, re->daemon->rules, NULL);
	reload_clean(re);
}

static void
reload_end(struct reloader *re, int r)
{
	struct daemon *daemon = re->daemon;
	struct ruleset *old = daemon->rules;
	char old_hash[CONF_HASH_SIZE];

	memcpy(old_hash, old->conf->hash, sizeof(old_hash));
	if (r == FG_ERR_NOMEM)
		conf_errors_add(&re->errors, daemon->options.config, 0,
		    "out of memory; free some and reload again");
	if (r == 0) {
		daemon->rules = re->next;
		if (strcmp(daemon->rules->catalogue->hash,
			old->catalogue->hash) != 0)
			machine_set_rules(daemon);
		policies_keep(daemon->rules->conf);
		live_reloaded(daemon);
		reload_keep_set(&re->keep, daemon->rules, old);
		ruleset_release(old);
	} else {
		reload_keep_set(&re->keep, old, NULL);
		ruleset_release(re->next);
		r = FG_ERR_CONFIG;
	}
	re->next = NULL;
	reload_log(re, r == 0);
	reload_tell(re, old_hash, r);
	reload_remember(re, r == 0);
	if (r == 0)
		reload_warn_say(re->warn);
	reload_rebase(re, r == 0);
	reload_list_clear(&re->asked);
	conf_errors_done(&re->errors);
	reload_clean(re);
}

/* ---- copying ---------------------------------------------------------- */

/* In the worker, where there is time. */
static int
copy_run(int out_fd, void *arg)
{
	const struct reloader *re = arg;
	const struct conf *conf = re->next->conf;
	struct conf_errors errors = { 0 };
	int status = 0;
	size_t i;

	for (i = 0; i < conf->ndatabases; i++)
		if (geo_copy_make(conf->databases[i].path, re->keep.folder,
			&errors) != 0)
			status = 1;
	if (conf_errors_send(&errors, out_fd) != 0)
		return 2;
	return status;
}

static void
copy_output(const char *data, size_t len, void *arg)
{
	struct reloader *re = arg;

	if (len > sizeof(re->text) - re->len)
		len = sizeof(re->text) - re->len;
	memcpy(re->text + re->len, data, len);
	re->len += len;
}

static void reload_map(struct reloader *re);

static void
copy_done(int status, void *arg)
{
	struct reloader *re = arg;

	re->worker = NULL;
	if (status == 0) {
		reload_map(re);
		return;
	}
	conf_errors_receive(&re->errors, re->text, re->len);
	if (re->errors.count == 0)
		conf_errors_add(&re->errors, re->keep.folder, 0,
		    "databases could not be copied: the worker %s; reload "
		    "again",
		    status == -1 ? "was killed, or took too long" :
				   "ran out of memory");
	reload_end(re, FG_ERR_CONFIG);
}

static int
reload_copy(struct reloader *re)
{
	const struct worker_job job = { .name = "copy",
		.run = copy_run,
		.output = copy_output,
		.done = copy_done,
		.arg = re,
		.timeout_ms = RELOAD_COPY_MS };

	if (re->tries++ == RELOAD_TRIES) {
		conf_errors_add(&re->errors, re->next->conf->path, 0,
		    "a database changes all the time; reload again when it is "
		    "whole");
		return FG_ERR_CONFIG;
	}
	re->state = RELOAD_COPYING;
	re->len = 0;
	if (worker_start(re->daemon->loop, &job, &re->worker) == 0)
		return 0;
	conf_errors_add(&re->errors, re->keep.folder, 0,
	    "databases cannot be copied: no process can be made; reload "
	    "again");
	return FG_ERR_CONFIG;
}

/* ---- a run ------------------------------------------------------------ */

static void
reload_map(struct reloader *re)
{
	const struct geo_from from = { .folder = re->keep.folder,
		.wait = false };
	int r;

	r = ruleset_map(re->next, &from);
	if (r == FG_ERR_BUSY && (r = reload_copy(re)) == 0)
		return; /* it goes on in copy_done() */
	if (r == 0)
		r = reload_check_databases(re->daemon->rules, re->next,
		    &re->errors);
	reload_end(re, r);
}

static int
reload_read(struct reloader *re)
{
	struct daemon *daemon = re->daemon;
	int r;

	if (re->data_only)
		return ruleset_reread(daemon->rules, &re->next, &re->errors);
	r = ruleset_read(daemon->options.config, &re->next, &re->errors);
	if (r != 0)
		return r;
	if ((r = reload_check_fixed(daemon->rules->conf, re->next->conf,
		 &re->errors)) != 0)
		return r;
	return reload_check_folders(daemon->folders, re->next->conf,
	    &re->errors);
}

static int
reload_parse(struct reloader *re)
{
	int r;

	if ((r = reload_read(re)) != 0 ||
	    (r = ruleset_catalogue(re->next, &re->errors)) != 0)
		return r;
	return reload_check_catalogue(re->daemon->rules, re->next, &re->errors);
}

static void
reload_begin(void *arg)
{
	struct reloader *re = arg;
	int r;

	re->asked = re->waiting;
	re->waiting.n = 0;
	re->data_only = reload_list_is_data(&re->asked);
	re->tries = 0;
	filewatch_pause(re->watch, true);
	filewatch_mark(re->watch);
	r = reload_parse(re);
	re->parsed_ns = loop_now_ns();
	if (r != 0)
		reload_end(re, r);
	else
		reload_map(re);
}

/*
 * Large lists take a while to parse, and nobody is decided about meanwhile:
 * whoever asks again and again gets the answer of one that comes later.
 */
static void
reload_next(struct reloader *re)
{
	int64_t past_ms = (loop_now_ns() - re->parsed_ns) / 1000000;

	if (re->parsed_ns == 0 || past_ms >= RELOAD_REST_MS) {
		reload_begin(re);
		return;
	}
	re->state = RELOAD_RESTING;
	loop_timer_set(re->rest, (unsigned int)(RELOAD_REST_MS - past_ms));
}

void
reload(struct daemon *daemon, const struct reload_by *by)
{
	const struct conf_errors none = { 0 };
	struct reloader *re = daemon->reloader;

	if (!reload_list_add(&re->waiting, by)) {
		log_err("reload: out of memory");
		if (by->conn != 0)
			re->done(daemon, by->conn, FG_ERR_NOMEM, &none);
		return;
	}
	if (re->state == RELOAD_IDLE)
		reload_next(re);
}

static void
reload_on_change(const char *path, void *arg)
{
	struct reloader *re = arg;
	const struct reload_by by = { .watch = path };

	log_info("reload: %s was replaced or changed", path);
	reload(re->daemon, &by);
}

/* ---- start and end ---------------------------------------------------- */

static struct reloader *
reloader_new(struct daemon *daemon, reload_done_fn done)
{
	struct reloader *re;

	if ((re = calloc(1, sizeof(*re))) == NULL ||
	    loop_timer(daemon->loop, reload_begin, re, &re->rest) != 0 ||
	    loop_timer(daemon->loop, reload_clean_later, re, &re->later) != 0 ||
	    filewatch_new(daemon->loop, reload_on_change, re, &re->watch) != 0)
		fatal("out of memory");
	re->daemon = daemon;
	re->done = done;
	re->warn = reload_warn_new(daemon, RELOAD_WARN_MS);
	return re;
}

void
reload_start(struct daemon *daemon, reload_done_fn done)
{
	struct reloader *re = reloader_new(daemon, done);
	const struct geo_from from = { .folder = re->keep.folder,
		.wait = true };
	struct conf_errors errors = { 0 };
	struct ruleset *rules = NULL;
	int r;

	daemon->reloader = re;
	r = ruleset_read(daemon->options.config, &rules, &errors);
	if (r == 0 &&
	    text_format(re->keep.folder, sizeof(re->keep.folder),
		"%s/" GEO_COPY_FOLDER, rules->conf->state) != 0)
		r = FG_ERR_LIMIT;
	if (r == 0)
		r = filewatch_adopt(re->watch, rules->conf);
	if (r == 0)
		r = ruleset_catalogue_leniently(rules);
	if (r == 0)
		r = ruleset_map(rules, &from);
	conf_errors_log(&errors, log_err);
	if (r != 0)
		fatal("%s: %s", daemon->options.config, fg_strerror(r));
	conf_errors_done(&errors);
	daemon->rules = rules;
	reload_keep_set(&re->keep, rules, NULL);
	reload_keep_only(&re->keep);
	if ((daemon->folders = reload_folders(rules->conf)) == NULL)
		fatal("out of memory");
	reload_folders_existing(daemon->folders);
	reload_warn_say(re->warn);
}

void
reload_watch(struct daemon *daemon)
{
	filewatch_pause(daemon->reloader->watch, false);
}

const struct conf_errors *
reload_refused_data(const struct daemon *daemon)
{
	const struct reloader *re = daemon->reloader;

	return re != NULL && re->refused.count != 0 ? &re->refused : NULL;
}

void
reload_free(struct daemon *daemon)
{
	struct reloader *re = daemon->reloader;

	daemon->reloader = NULL;
	reload_folders_free(daemon->folders);
	daemon->folders = NULL;
	worker_stop(re->worker);
	loop_timer_free(re->rest);
	loop_timer_free(re->later);
	filewatch_free(re->watch);
	reload_warn_free(re->warn);
	reload_list_clear(&re->waiting);
	reload_list_clear(&re->asked);
	ruleset_release(re->next);
	conf_errors_done(&re->errors);
	conf_errors_done(&re->refused);
	reload_keep_done(&re->keep);
	free(re);
}
