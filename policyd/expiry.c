/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the timer to the tombstone, and only then to the file. What the file
 * costs, reading and removing it, workers do.
 */
#include "policyd/expiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/anchors.h"
#include "policyd/audit/expired.h"
#include "policyd/log.h"
#include "policyd/rotation.h"
#include "policyd/store/store_hold.h"
#include "policyd/text.h"
#include "policyd/worker.h"
#include "proto/result.h"

#define EXPIRY_FIRST_MS 1500u /* after the start */
#define EXPIRY_MS	60000u
#define EXPIRY_MORE_MS	500u /* there was one */
#define EXPIRY_WORK_MS	1800000u /* a worker that takes longer is stuck */
#define EXPIRY_AGAIN_S	3600 /* after a problem */
#define EXPIRY_TEXT_MAX 4096u /* of a worker */

struct expiry {
	struct loop_timer *timer;
	struct worker *worker; /* at it, or NULL */
	struct retention witness; /* the history's word about the clock */
	struct expiry_clock clock;
	int64_t before_s; /* what the worker holds times against */
	int64_t young_s; /* the oldest file has a record of then */
	struct tombstone going; /* the file that the worker removes */
	int64_t again_s; /* CLOCK_BOOTTIME; not before, after a problem */
	uint64_t files; /* that have expired since the start */
	char text[EXPIRY_TEXT_MAX]; /* what the worker says */
	size_t used;
	char problem[EXPIRED_WHY_SIZE]; /* "": there is none */
	bool stuck; /* and it keeps a file that should have expired */
	bool held;
};

/* ---- whether ------------------------------------------------------------ */

static void
set_problem(struct expiry *expiry, const char *why, bool stuck)
{
	if (strcmp(expiry->problem, why) != 0)
		log_warn("audit: nothing expires: %s", why);
	(void)text_copy(expiry->problem, sizeof(expiry->problem), why);
	expiry->stuck = stuck;
	expiry->again_s = session_now_s() + EXPIRY_AGAIN_S;
}

static void
clear_problem(struct expiry *expiry)
{
	expiry->problem[0] = '\0';
	expiry->stuck = false;
	expiry->again_s = 0;
}

/* In the loop, as the store may have changed since the last look. */
static bool
is_held(struct daemon *daemon)
{
	struct expiry *expiry = daemon->expiry;
	int r;

	r = store_holds_any(daemon->store, daemon_wall_s(), &expiry->held);
	if (r == 0)
		return expiry->held;
	expiry->held = false;
	if (r != FG_ERR_BUSY)
		set_problem(expiry,
		    "the store cannot tell whether there is a "
		    "hold",
		    false);
	return true;
}

static bool
is_clock_right(struct daemon *daemon)
{
	struct expiry *expiry = daemon->expiry;
	int64_t now_s = daemon_wall_s(), boot_s = session_now_s();
	bool wrong = true;

	/* Both are asked each time: one of them only learns from that. */
	if (!expiry_clock_is_right(&expiry->clock, now_s, boot_s) ||
	    retention_clock_is_wrong(&expiry->witness,
		daemon->rules->conf->audit_keep_s, now_s, boot_s,
		&wrong) != 0 ||
	    wrong)
		return false;
	return true;
}

/* What can be said without looking at a file. */
static bool
may_expire(struct daemon *daemon)
{
	struct expiry *expiry = daemon->expiry;

	if (daemon->rules->conf->audit_keep_s == 0)
		return false;
	if (daemon->store == NULL || daemon->store_problem != NULL) {
		set_problem(expiry,
		    "what holds there are is not known: see the store in "
		    "farmgatectl status",
		    false);
		return false;
	}
	if (!anchors_can_sign(daemon)) {
		set_problem(expiry, "there is no audit key to sign that with",
		    false);
		return false;
	}
	return !is_held(daemon) && is_clock_right(daemon);
}

static bool
may_look(struct daemon *daemon)
{
	struct expiry *expiry = daemon->expiry;
	int64_t keep_s = daemon->rules->conf->audit_keep_s;

	if (expiry->worker != NULL || rotation_is_at_work(daemon) ||
	    session_now_s() < expiry->again_s || !may_expire(daemon))
		return false;
	expiry->before_s = daemon_wall_s() - keep_s;
	return true;
}

/* No record has it, and so none has to say that it is gone. */
static void
expire_torn(struct daemon *daemon)
{
	const char *path = daemon->rules->conf->audit;
	int r = expired_torn(path, daemon->expiry->before_s);

	if (r == 0)
		log_info("audit: %s.torn has expired", path);
	else if (r != FG_ERR_NOT_FOUND)
		log_client("audit: %s.torn does not expire: %s", path,
		    text_error(r));
}

/* ---- workers ------------------------------------------------------------ */

static void
on_output(const char *data, size_t len, void *arg)
{
	struct daemon *daemon = arg;
	struct expiry *expiry = daemon->expiry;

	if (len > sizeof(expiry->text) - expiry->used)
		len = sizeof(expiry->text) - expiry->used;
	memcpy(expiry->text + expiry->used, data, len);
	expiry->used += len;
}

static void
start(struct daemon *daemon, int (*run)(int, void *), void (*done)(int, void *))
{
	struct expiry *expiry = daemon->expiry;
	const struct worker_job job = { .name = "expiry",
		.run = run,
		.output = on_output,
		.done = done,
		.arg = daemon,
		.timeout_ms = EXPIRY_WORK_MS };

	expiry->used = 0;
	if (worker_start(daemon->loop, &job, &expiry->worker) != 0)
		set_problem(expiry, "no process can be made", false);
}

/* ---- removing ----------------------------------------------------------- */

/* In the worker: the blocks of a large file take their time. */
static int
run_remove(int out_fd, void *arg)
{
	const struct daemon *daemon = arg;
	const char *file = daemon->expiry->going.file;
	int r;

	r = expired_remove(daemon->rules->conf->audit, file);
	if (r != 0)
		(void)dprintf(out_fd, "%s: %s", file, text_error(r));
	return r != 0;
}

static void
on_removed(int status, void *arg)
{
	struct daemon *daemon = arg;
	struct expiry *expiry = daemon->expiry;
	const struct tombstone *stone = &expiry->going;
	char why[EXPIRED_WHY_SIZE];

	expiry->worker = NULL;
	if (status != 0) {
		(void)text_format(why, sizeof(why), "%.*s", (int)expiry->used,
		    expiry->text);
		set_problem(expiry,
		    expiry->used > 0 ? why :
				       "the worker that removes it has "
				       "failed",
		    true);
		return;
	}
	clear_problem(expiry);
	expiry->files++;
	log_info("audit: %s has expired, with records %llu to %llu",
	    stone->file, (unsigned long long)stone->first,
	    (unsigned long long)stone->last);
	loop_timer_set(expiry->timer, EXPIRY_MORE_MS);
}

static void
remove_it(struct daemon *daemon, const struct tombstone *stone)
{
	daemon->expiry->going = *stone;
	start(daemon, run_remove, on_removed);
}

/* The record first, and on the disk: what is gone without one is a gap. */
static void
expire(struct daemon *daemon, struct expired *expired)
{
	struct json *record;

	if (expired->told) { /* by a daemon that was killed then */
		remove_it(daemon, &expired->stone);
		return;
	}
	record = daemon_record(daemon, AUDIT_EXPIRED);
	expired->stone.at_s = daemon_wall_s();
	anchors_sign(daemon, &expired->stone, record);
	if (daemon_audit(daemon, record, true) != 0) {
		set_problem(daemon->expiry, "the audit log cannot be written",
		    true);
		return;
	}
	anchors_now(daemon);
	remove_it(daemon, &expired->stone);
}

/* The worker has taken its time, and there may be another configuration. */
static bool
is_old(const struct daemon *daemon, const struct tombstone *stone)
{
	return stone->newest_s <
	    daemon_wall_s() - daemon->rules->conf->audit_keep_s;
}

static void
judge(struct daemon *daemon, const struct json *json)
{
	const char *why = json_get_string(json, "problem", NULL);
	struct expiry *expiry = daemon->expiry;
	struct expired expired;

	if (json_get_bool(json, "none", false)) {
		clear_problem(expiry);
	} else if (why != NULL || expired_get(json, &expired) != 0) {
		set_problem(expiry,
		    why != NULL ? why : "the worker was not understood", true);
	} else if (expired.young) {
		clear_problem(expiry);
		expiry->young_s = expired.stone.newest_s;
	} else if (may_expire(daemon) && is_old(daemon, &expired.stone)) {
		expire(daemon, &expired);
	}
}

/* ---- looking ------------------------------------------------------------ */

static int
run_look(int out_fd, void *arg)
{
	const struct daemon *daemon = arg;
	char why[EXPIRED_WHY_SIZE], *text;
	struct json *json = json_new();
	struct expired expired;
	int r;

	r = expired_look(daemon->rules->conf->audit, audit_head(daemon->audit),
	    daemon->expiry->before_s, &expired, why);
	if (r == FG_ERR_NOT_FOUND)
		json_set_bool(json, "none", true);
	else if (r != 0)
		json_set_untrusted(json, "problem", why);
	else
		expired_set(json, &expired);
	if ((text = json_text(json)) != NULL)
		(void)dprintf(out_fd, "%s", text);
	free(text);
	json_free(json);
	return text == NULL;
}

static void
on_looked(int status, void *arg)
{
	struct daemon *daemon = arg;
	struct expiry *expiry = daemon->expiry;
	struct json *json;

	expiry->worker = NULL;
	json = status == 0 ? json_parse(expiry->text, expiry->used) : NULL;
	if (json != NULL)
		judge(daemon, json);
	else
		set_problem(expiry,
		    "the worker that looks at the oldest file has failed",
		    true);
	json_free(json);
}

static void
on_timer(void *arg)
{
	struct daemon *daemon = arg;

	rotation_recorded(daemon); /* there may be no record for long */
	loop_timer_set(daemon->expiry->timer, EXPIRY_MS);
	if (!may_look(daemon))
		return;
	expire_torn(daemon);
	if (daemon->expiry->young_s < daemon->expiry->before_s)
		start(daemon, run_look, on_looked);
}

/* ---- in the daemon ------------------------------------------------------ */

int
expiry_start(struct daemon *daemon)
{
	struct expiry *expiry;
	int r;

	if ((expiry = calloc(1, sizeof(*expiry))) == NULL)
		return FG_ERR_NOMEM;
	daemon->expiry = expiry;
	expiry->young_s = INT64_MIN;
	expiry->witness.store = daemon->store;
	expiry->witness.boot_id = daemon->boot_id;
	expiry->witness.what = "audit";
	expiry_clock_start(&expiry->clock, audit_opened_s(daemon->audit),
	    daemon_wall_s(), session_now_s());
	if (expiry->clock.doubted)
		log_warn("audit: nothing expires for a week: the clock is far "
			 "ahead of the last record");
	if ((r = loop_timer(daemon->loop, on_timer, daemon, &expiry->timer)) !=
	    0) {
		expiry_stop(daemon);
		return r;
	}
	loop_timer_set(expiry->timer, EXPIRY_FIRST_MS);
	return 0;
}

void
expiry_stop(struct daemon *daemon)
{
	struct expiry *expiry = daemon->expiry;

	if (expiry == NULL)
		return;
	worker_stop(expiry->worker);
	loop_timer_free(expiry->timer);
	free(expiry);
	daemon->expiry = NULL;
}

void
expiry_again(struct daemon *daemon)
{
	struct expiry *expiry = daemon->expiry;

	if (expiry == NULL || expiry->problem[0] == '\0')
		return;
	expiry->again_s = 0;
	loop_timer_set(expiry->timer, EXPIRY_MORE_MS);
}

bool
expiry_is_stuck(const struct daemon *daemon)
{
	return daemon->expiry != NULL && daemon->expiry->stuck;
}

void
expiry_status(const struct daemon *daemon, struct json *audit)
{
	const struct expiry *expiry = daemon->expiry;
	const struct conf *conf = daemon->rules->conf;
	struct json *o;

	if (expiry == NULL)
		return;
	o = json_set_object(audit, "expiry");
	json_set_int(o, "keep", conf->audit_keep_s);
	if (conf->audit_keep_s == 0)
		return;
	if (conf->audit_rotate_size == 0 && conf->audit_rotate_age_s == 0)
		json_set_bool(o, "not_rotated", true);
	json_set_int(o, "files", (int64_t)expiry->files);
	if (expiry->held)
		json_set_bool(o, "held", true);
	if (expiry->clock.doubted || expiry->witness.doubted)
		json_set_bool(o, "clock_doubted", true);
	if (expiry->problem[0] != '\0')
		json_set_untrusted(o, "problem", expiry->problem);
	if (expiry->stuck)
		json_set_bool(o, "stuck", true);
}
