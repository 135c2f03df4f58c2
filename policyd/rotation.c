/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When, and what is said of it.
 */
#include "policyd/rotation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/anchors.h"
#include "policyd/audit/pack.h"
#include "policyd/audit/rotated_name.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "policyd/worker.h"
#include "proto/result.h"

#define ROTATION_SOON_MS 100u
#define ROTATION_AGAIN_S 60 /* after a failure */
#define PACK_SOON_MS	 1000u
#define PACK_NEXT_MS	 10u
#define PACK_AGAIN_MS	 3600000u
#define PACK_MS		 1800000u /* a worker that takes longer is stuck */
#define WHY_SIZE	 512u

struct rotation {
	struct loop_timer *timer;
	struct loop_timer *pack_timer;
	struct worker *packer; /* at it, or NULL */
	char packing[AUDIT_NAME_SIZE]; /* what */
	char why[WHY_SIZE]; /* what it says */
	bool cleared; /* what an earlier one had left */
	bool due;
	int64_t failed_ns; /* 0: the last one did not */
};

/* ---- compressing -------------------------------------------------------- */

/* In the worker. */
static int
run_pack(int out_fd, void *arg)
{
	const struct daemon *daemon = arg;
	const char *what;
	int r;

	if ((r = pack_file(daemon->rotation->packing, &what)) == 0)
		return 0;
	(void)dprintf(out_fd, "%s: %s", what, text_error(r));
	return 1;
}

static void
on_output(const char *data, size_t len, void *arg)
{
	struct daemon *daemon = arg;
	struct rotation *rotation = daemon->rotation;
	size_t used = strlen(rotation->why);

	(void)text_format(rotation->why + used, WHY_SIZE - used, "%.*s",
	    (int)len, data);
}

static void
on_done(int status, void *arg)
{
	struct daemon *daemon = arg;
	struct rotation *rotation = daemon->rotation;

	rotation->packer = NULL;
	if (status == 0) {
		log_info("audit: %s is compressed", rotation->packing);
		loop_timer_set(rotation->pack_timer, PACK_NEXT_MS);
		return;
	}
	log_warn("audit: %s stays as it is: %s", rotation->packing,
	    rotation->why[0] == '\0' ? "its compression has failed" :
				       rotation->why);
	loop_timer_set(rotation->pack_timer, PACK_AGAIN_MS);
}

static void
on_pack_timer(void *arg)
{
	struct daemon *daemon = arg;
	struct rotation *rotation = daemon->rotation;
	const struct worker_job job = { .name = "audit log",
		.run = run_pack,
		.output = on_output,
		.done = on_done,
		.arg = daemon,
		.timeout_ms = PACK_MS };
	int r;

	if (rotation->packer != NULL)
		return;
	r = rotated_name_plain(daemon->rules->conf->audit, !rotation->cleared,
	    rotation->packing);
	rotation->cleared = true;
	if (r == FG_ERR_NOT_FOUND || !daemon->rules->conf->audit_compress)
		return;
	rotation->why[0] = '\0';
	if (r == 0)
		r = worker_start(daemon->loop, &job, &rotation->packer);
	if (r != 0) {
		log_warn("audit: what it was rotated into is not compressed: "
			 "%s",
		    text_error(r));
		loop_timer_set(rotation->pack_timer, PACK_AGAIN_MS);
	}
}

/* ---- rotating ----------------------------------------------------------- */

static bool
is_time(struct daemon *daemon)
{
	const struct conf *conf = daemon->rules->conf;
	int64_t began_s;

	if (conf->audit_rotate_size != 0 &&
	    audit_size(daemon->audit) >= conf->audit_rotate_size)
		return true;
	if (conf->audit_rotate_age_s == 0)
		return false;
	began_s = audit_began_s(daemon->audit);
	return began_s <= daemon_wall_s() - conf->audit_rotate_age_s;
}

static void
on_timer(void *arg)
{
	struct daemon *daemon = arg;
	struct rotation *rotation = daemon->rotation;
	char name[AUDIT_NAME_SIZE];
	int r;

	rotation->due = false;
	if (!is_time(daemon))
		return; /* somebody else was faster */
	if ((r = daemon_rotate(daemon, name)) != 0) {
		log_err("audit: it cannot be rotated: %s", text_error(r));
		rotation->failed_ns = loop_now_ns();
		return;
	}
	rotation->failed_ns = 0;
	log_info("audit: rotated into %s", name);
	anchors_recorded(daemon);
	anchors_now(daemon);
	loop_timer_set(rotation->pack_timer, PACK_SOON_MS);
}

void
rotation_recorded(struct daemon *daemon)
{
	struct rotation *rotation = daemon->rotation;

	if (rotation == NULL || rotation->due)
		return;
	if (rotation->failed_ns != 0 &&
	    loop_now_ns() - rotation->failed_ns <
		ROTATION_AGAIN_S * INT64_C(1000000000))
		return;
	if (!is_time(daemon))
		return;
	rotation->due = true;
	loop_timer_set(rotation->timer, ROTATION_SOON_MS);
}

void
rotation_again(struct daemon *daemon)
{
	struct rotation *rotation = daemon->rotation;

	if (rotation != NULL)
		loop_timer_set(rotation->pack_timer, PACK_SOON_MS);
}

bool
rotation_is_at_work(const struct daemon *daemon)
{
	return daemon->rotation != NULL && daemon->rotation->packer != NULL;
}

int
rotation_start(struct daemon *daemon)
{
	struct rotation *rotation;
	int r = FG_ERR_NOMEM;

	if ((rotation = calloc(1, sizeof(*rotation))) == NULL)
		return r;
	daemon->rotation = rotation;
	if ((r = loop_timer(daemon->loop, on_timer, daemon,
		 &rotation->timer)) != 0 ||
	    (r = loop_timer(daemon->loop, on_pack_timer, daemon,
		 &rotation->pack_timer)) != 0) {
		rotation_stop(daemon);
		return r;
	}
	loop_timer_set(rotation->pack_timer, PACK_SOON_MS);
	return 0;
}

void
rotation_stop(struct daemon *daemon)
{
	struct rotation *rotation = daemon->rotation;

	if (rotation == NULL)
		return;
	worker_stop(rotation->packer);
	loop_timer_free(rotation->timer);
	loop_timer_free(rotation->pack_timer);
	free(rotation);
	daemon->rotation = NULL;
}
