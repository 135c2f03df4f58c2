/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the store's log is moved, and by whom. See checkpoint.h; what moving is
 * stands in store/store_log.h.
 */
#include "policyd/checkpoint.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/log.h"
#include "policyd/store/store_log.h"
#include "policyd/text.h"
#include "policyd/worker.h"
#include "proto/result.h"

#define CHECKPOINT_MS	     60000u /* a worker that takes longer is stuck */
#define CHECKPOINT_TRIES     16
#define CHECKPOINT_REST_MS   500u /* between one and the next */
#define CHECKPOINT_FAILED_MS 1000u
#define CHECKPOINT_STUCK_MS  10000u /* somebody reads for long */

/* What a worker says. */
enum {
	CHECKPOINT_ALL = 0,
	CHECKPOINT_SOME, /* others read or write meanwhile */
	CHECKPOINT_FAILED
};

struct checkpoint {
	struct loop *loop;
	struct loop_timer *timer;
	struct store *store;
	struct worker *worker; /* at it, or NULL */
	char *folder;
	uint64_t bytes; /* of the log, at the last commit; 0: all is moved */
	bool waiting; /* for the timer */
	bool failing; /* the last worker did */
};

/* ---- in the worker ----------------------------------------------------- */

/* What is written meanwhile is moved next, and is less and less. */
static int
move(struct store *store)
{
	uint64_t before, bytes = 0, left = 0;
	int i, r = 0;

	for (i = 0; i < CHECKPOINT_TRIES; i++) {
		before = bytes;
		if ((r = store_log_move(store, &bytes, &left)) != 0 || left > 0)
			break;
		if (bytes == before)
			return CHECKPOINT_ALL;
	}
	return r == 0 || r == FG_ERR_BUSY ? CHECKPOINT_SOME : CHECKPOINT_FAILED;
}

static int
checkpoint_run(int out_fd, void *arg)
{
	const struct checkpoint *cp = arg;
	struct store *store;
	const char *why;
	int status;

	(void)out_fd;
	if (store_open(cp->folder, &store, &why) != 0)
		return CHECKPOINT_FAILED;
	status = move(store);
	store_close(store);
	return status;
}

/* ---- in the daemon ----------------------------------------------------- */

static void
checkpoint_wait(struct checkpoint *cp, unsigned int ms)
{
	cp->waiting = true;
	loop_timer_set(cp->timer, ms);
}

/* Told when it begins and when it ends. */
static void
checkpoint_failed(struct checkpoint *cp, bool failed, const char *why)
{
	if (failed && !cp->failing)
		log_err("store: its log is not moved into the database: %s",
		    why);
	else if (!failed && cp->failing)
		log_info("store: its log is moved into the database again");
	cp->failing = failed;
}

/*
 * The log is not begun anew before all of it is moved, and workers come to no
 * end while a storm of logins is written, or fail. In this moment nobody
 * writes: better that logins wait for the rest than that the disk is full.
 */
static void
checkpoint_here(struct checkpoint *cp)
{
	uint64_t bytes, left;

	if (store_log_move(cp->store, &bytes, &left) == 0 && left == 0) {
		cp->bytes = 0;
		checkpoint_wait(cp, CHECKPOINT_REST_MS);
	} else {
		checkpoint_wait(cp, CHECKPOINT_STUCK_MS);
	}
}

static void
checkpoint_done(int status, void *arg)
{
	struct checkpoint *cp = arg;

	cp->worker = NULL;
	checkpoint_failed(cp,
	    status != CHECKPOINT_ALL && status != CHECKPOINT_SOME,
	    "the worker failed");
	if (cp->bytes >= CHECKPOINT_TOO_LONG) {
		checkpoint_here(cp);
		return;
	}
	/* If it was not all, the next commit will say so. */
	if (status == CHECKPOINT_ALL)
		cp->bytes = 0;
	checkpoint_wait(cp,
	    cp->failing ? CHECKPOINT_FAILED_MS : CHECKPOINT_REST_MS);
}

static void
checkpoint_send(struct checkpoint *cp)
{
	const struct worker_job job = { .name = "checkpoint",
		.run = checkpoint_run,
		.done = checkpoint_done,
		.arg = cp,
		.timeout_ms = CHECKPOINT_MS };
	int r;

	if ((r = worker_start(cp->loop, &job, &cp->worker)) == 0)
		return;
	checkpoint_failed(cp, true, text_error(r));
	checkpoint_wait(cp, CHECKPOINT_FAILED_MS);
}

static void
checkpoint_on_timer(void *arg)
{
	struct checkpoint *cp = arg;

	cp->waiting = false;
	if (cp->bytes < CHECKPOINT_LONG)
		return;
	if (cp->failing && cp->bytes >= CHECKPOINT_TOO_LONG)
		checkpoint_here(cp);
	else
		checkpoint_send(cp);
}

static void
checkpoint_on_log(uint64_t bytes, void *arg)
{
	struct checkpoint *cp = arg;

	cp->bytes = bytes;
	if (bytes >= CHECKPOINT_LONG && !cp->waiting && cp->worker == NULL)
		checkpoint_wait(cp, 0); /* when this turn is over */
}

int
checkpoint_new(struct loop *loop, struct store *store, const char *folder,
    struct checkpoint **ret_checkpoint)
{
	struct checkpoint *cp;
	int r;

	*ret_checkpoint = NULL;
	if ((cp = calloc(1, sizeof(*cp))) == NULL)
		return FG_ERR_NOMEM;
	cp->loop = loop;
	cp->store = store;
	if ((cp->folder = strdup(folder)) == NULL)
		r = FG_ERR_NOMEM;
	else
		r = loop_timer(loop, checkpoint_on_timer, cp, &cp->timer);
	if (r != 0) {
		checkpoint_free(cp);
		return r;
	}
	store_log_watch(store, checkpoint_on_log, cp);
	*ret_checkpoint = cp;
	return 0;
}

void
checkpoint_free(struct checkpoint *checkpoint)
{
	if (checkpoint == NULL)
		return;
	store_log_watch(checkpoint->store, NULL, NULL);
	worker_stop(checkpoint->worker);
	loop_timer_free(checkpoint->timer);
	free(checkpoint->folder);
	free(checkpoint);
}
