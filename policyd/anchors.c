/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making anchors, keeping them, and saying so when that does not work.
 */
#include "policyd/anchors.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/audit/anchor.h"
#include "policyd/audit/anchor_due.h"
#include "policyd/audit/anchor_file.h"
#include "policyd/audit/audit_key.h"
#include "policyd/hooklink.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PROBLEM_SIZE 512u

struct anchors {
	struct key_file *key; /* NULL: .problem says why */
	struct anchor_file *file; /* NULL: the configuration has none */
	struct loop_timer *timer;
	struct anchor_due due;
	uint64_t kept; /* the record of the last one, 0: none yet */
	int64_t kept_at_s;
	char problem[PROBLEM_SIZE]; /* "": the last one was kept */
	bool told; /* that there is none for long */
};

/* ---- opening ------------------------------------------------------------ */

static void
open_key(struct daemon *daemon, struct anchors *anchors)
{
	char text[KEY_TEXT_SIZE], why[AUDIT_KEY_WHY_SIZE];
	bool is_new;

	if (audit_key_open(daemon->rules->conf->state, &anchors->key, &is_new,
		why) != 0) {
		(void)text_copy(anchors->problem, PROBLEM_SIZE, why);
		log_crit("audit key: %s", why);
		return;
	}
	if (!is_new)
		return;
	key_text(KEY_AUDIT, key_file_public(anchors->key), text);
	log_info("audit key: made, anchors are signed by %s", text);
}

void
anchors_open(struct daemon *daemon)
{
	const char *path = daemon->rules->conf->anchors;
	struct anchors *anchors;

	if ((anchors = calloc(1, sizeof(*anchors))) == NULL ||
	    (path != NULL && anchor_file_new(path, &anchors->file) != 0))
		fatal("out of memory");
	open_key(daemon, anchors);
	daemon->anchors = anchors;
}

/* ---- making and keeping ------------------------------------------------- */

/* Into .problem, with the path of the configuration's file. */
static void
fail(struct anchors *anchors, const char *what, int r)
{
	const char *why = text_error(r);

	(void)text_format(anchors->problem, PROBLEM_SIZE, "%s: %s", what, why);
}

/* What the disk may still lose has no anchor: it could be taken for a cut. */
static bool
fill(struct daemon *daemon, struct anchor *anchor)
{
	struct anchors *anchors = daemon->anchors;
	int r;

	if (anchors->key == NULL)
		return false;
	if ((r = audit_sync(daemon->audit)) != 0) {
		fail(anchors, daemon->rules->conf->audit, r);
		return false;
	}
	memset(anchor, 0, sizeof(*anchor));
	anchor->seq = audit_sequence(daemon->audit);
	(void)text_copy(anchor->hash, sizeof(anchor->hash),
	    audit_head(daemon->audit));
	anchor->at_s = daemon_wall_s();
	anchor_host(anchor->host);
	memcpy(anchor->key, key_file_public(anchors->key), sizeof(anchor->key));
	return true;
}

static void
tell(struct daemon *daemon, const struct anchor *anchor, const char *text)
{
	struct json *event = hooklink_event(HOOK_ANCHOR);

	log_info("audit: %s", text);
	json_set_int(event, "seq", (int64_t)anchor->seq);
	json_set_string(event, "hash", anchor->hash);
	json_set_int(event, "at", anchor->at_s);
	json_set_string(event, "anchor", text);
	hooklink_offer(daemon->hooks, event);
}

static bool
keep(struct daemon *daemon, const struct anchor *anchor, const char *text)
{
	struct anchors *anchors = daemon->anchors;
	int r;

	if (anchors->file != NULL &&
	    (r = anchor_file_add(anchors->file, text)) != 0) {
		fail(anchors, daemon->rules->conf->anchors, r);
		return false;
	}
	anchors->kept = anchor->seq;
	anchors->kept_at_s = anchor->at_s;
	anchors->problem[0] = '\0';
	return true;
}

/* Once, and once when it is over. */
static void
tell_late(struct daemon *daemon)
{
	struct anchors *anchors = daemon->anchors;
	bool late = anchor_due_late(&anchors->due, loop_now_ns());
	struct json *event;

	if (late == anchors->told)
		return;
	anchors->told = late;
	if (!late) {
		log_info("audit: it is anchored again");
		return;
	}
	log_crit("audit: records have had no anchor for more than %d minutes: "
		 "%s",
	    ANCHOR_LATE_MS / 60000, anchors->problem);
	event = hooklink_event(HOOK_ANCHOR);
	json_set_int(event, "seq", (int64_t)anchors->kept);
	json_set_string(event, "problem", anchors->problem);
	hooklink_offer(daemon->hooks, event);
}

static void
make(struct daemon *daemon)
{
	struct anchors *anchors = daemon->anchors;
	uint64_t before = anchors->due.made;
	char text[ANCHOR_TEXT_SIZE];
	struct anchor anchor;
	bool kept;

	if (!fill(daemon, &anchor)) {
		anchor_due_tried(&anchors->due, 0, false, loop_now_ns());
	} else {
		anchor_text(&anchor, key_file_secret(anchors->key), text);
		if (anchor.seq != before)
			tell(daemon, &anchor, text);
		kept = keep(daemon, &anchor, text);
		anchor_due_tried(&anchors->due, anchor.seq, kept,
		    loop_now_ns());
	}
	tell_late(daemon);
}

static void
set_timer(struct anchors *anchors)
{
	int64_t ms = anchor_due_ms(&anchors->due, loop_now_ns());

	if (anchors->timer == NULL)
		return;
	if (ms < 0)
		loop_timer_clear(anchors->timer);
	else
		loop_timer_set(anchors->timer, (unsigned int)ms);
}

static void
on_timer(void *arg)
{
	struct daemon *daemon = arg;

	make(daemon);
	set_timer(daemon->anchors);
}

void
anchors_recorded(struct daemon *daemon)
{
	struct anchors *anchors = daemon->anchors;
	bool armed, many;

	if (anchors == NULL)
		return;
	armed = anchors->due.unkept_ns != 0;
	many = anchors->due.many_ns != 0;
	anchor_due_record(&anchors->due, audit_sequence(daemon->audit),
	    loop_now_ns());
	/* What is due then does not change with any record but these. */
	if (!armed || many != (anchors->due.many_ns != 0) ||
	    anchors->due.head == anchors->due.made + 1)
		set_timer(anchors);
}

void
anchors_now(struct daemon *daemon)
{
	struct anchors *anchors = daemon->anchors;

	if (anchors == NULL || anchors->due.head <= anchors->due.kept)
		return;
	make(daemon);
	set_timer(anchors);
}

/* ---- in the daemon ------------------------------------------------------ */

int
anchors_start(struct daemon *daemon)
{
	struct anchors *anchors = daemon->anchors;
	int r;

	if ((r = loop_timer(daemon->loop, on_timer, daemon, &anchors->timer)) ==
	    0)
		set_timer(anchors);
	return r;
}

void
anchors_stop(struct daemon *daemon)
{
	struct anchors *anchors = daemon->anchors;

	if (anchors == NULL)
		return;
	anchors_now(daemon);
	loop_timer_free(anchors->timer);
	key_file_free(anchors->key);
	anchor_file_free(anchors->file);
	free(anchors);
	daemon->anchors = NULL;
}

void
anchors_set_key(const struct daemon *daemon, struct json *record)
{
	const struct anchors *anchors = daemon->anchors;
	char text[KEY_TEXT_SIZE];

	if (anchors == NULL || anchors->key == NULL)
		return;
	key_text(KEY_AUDIT, key_file_public(anchors->key), text);
	json_set_string(record, "audit_key", text);
}

bool
anchors_can_sign(const struct daemon *daemon)
{
	return daemon->anchors != NULL && daemon->anchors->key != NULL;
}

void
anchors_sign(const struct daemon *daemon, struct tombstone *t,
    struct json *record)
{
	const struct key_file *key = daemon->anchors->key;

	memcpy(t->key, key_file_public(key), sizeof(t->key));
	tombstone_set(record, t, key_file_secret(key));
}

bool
anchors_are_late(const struct daemon *daemon)
{
	return daemon->anchors != NULL &&
	    anchor_due_late(&daemon->anchors->due, loop_now_ns());
}

void
anchors_status(const struct daemon *daemon, struct json *audit)
{
	const struct anchors *anchors = daemon->anchors;

	if (anchors == NULL)
		return;
	anchors_set_key(daemon, audit);
	if (daemon->rules->conf->anchors != NULL)
		json_set_untrusted(audit, "anchors",
		    daemon->rules->conf->anchors);
	if (anchors->kept != 0) {
		json_set_int(audit, "anchored", (int64_t)anchors->kept);
		json_set_int(audit, "anchored_at", anchors->kept_at_s);
		json_set_int(audit, "anchor_age_s",
		    daemon_wall_s() - anchors->kept_at_s);
	}
	if (anchors->problem[0] != '\0')
		json_set_untrusted(audit, "anchor_problem", anchors->problem);
	if (anchors_are_late(daemon))
		json_set_bool(audit, "anchor_late", true);
}
