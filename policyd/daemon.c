/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every part of the decider may ask of it: the wall clock, a record in
 * the audit log, and its end.
 */
#include "policyd/daemon.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/alerts.h"
#include "policyd/anchors.h"
#include "policyd/expiry.h"
#include "policyd/listen.h"
#include "policyd/log.h"
#include "policyd/rotation.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DAEMON_SYNC_MS 1000u /* group sync of allows */
#define DAEMON_STOP_MS 1500u /* for what is under way at the end */
#define DAEMON_WARN_NS INT64_C(60000000000) /* audit trouble, again */

static int64_t
daemon_wall_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t
daemon_wall_s(void)
{
	return daemon_wall_ns() / 1000000000;
}

struct json *
daemon_record(struct daemon *daemon, enum audit_event event)
{
	return audit_record(daemon->audit, event, daemon_wall_ns());
}

static void
daemon_audit_trouble(struct daemon *daemon, int r)
{
	const char *why = text_error(r); /* errno is of now */
	int64_t now = loop_now_ns();

	daemon->stats.audit_errors++;
	daemon->audit_failing = true;
	if (daemon->stats.audit_warned_ns != 0 &&
	    now - daemon->stats.audit_warned_ns < DAEMON_WARN_NS)
		return;
	daemon->stats.audit_warned_ns = now;
	log_crit("audit: write %s: %s", daemon->rules->conf->audit, why);
	alerts_unwritable(daemon, why);
}

/* Once for each record that says so. */
static void
daemon_audit_recovered(struct daemon *daemon)
{
	uint64_t seq = audit_recovered(daemon->audit);

	if (seq == daemon->stats.audit_recovered)
		return;
	daemon->stats.audit_recovered = seq;
	if (audit_renamed(daemon->audit)) {
		log_warn("audit: %s was renamed and is continued in a new "
			 "file: see its record %llu",
		    daemon->rules->conf->audit, (unsigned long long)seq);
		return;
	}
	daemon->stats.audit_damaged = seq;
	if (!audit_whole(daemon->audit))
		daemon->stats.audit_broken = seq;
	log_crit("audit: %s was damaged, replaced or not brought to the disk: "
		 "see its record %llu",
	    daemon->rules->conf->audit, (unsigned long long)seq);
	alerts_chain_broken(daemon, seq);
}

int
daemon_audit(struct daemon *daemon, struct json *record, bool sync)
{
	int r = FG_ERR_NOMEM;

	if (record != NULL)
		r = audit_write(daemon->audit, record, sync);
	daemon_audit_recovered(daemon);
	if (r != 0) {
		daemon_audit_trouble(daemon, r);
		return r;
	}
	if (daemon->audit_failing) {
		daemon->audit_failing = false;
		expiry_again(daemon);
		rotation_again(daemon);
	}
	anchors_recorded(daemon);
	rotation_recorded(daemon);
	if (!sync && !daemon->sync_wanted) {
		daemon->sync_wanted = true;
		loop_timer_set(daemon->sync_timer, DAEMON_SYNC_MS);
	}
	return 0;
}

int
daemon_sync(struct daemon *daemon)
{
	int r;

	if ((r = audit_sync(daemon->audit)) != 0)
		daemon_audit_trouble(daemon, r);
	return r;
}

void
daemon_on_sync(void *arg)
{
	struct daemon *daemon = arg;

	daemon->sync_wanted = false;
	(void)daemon_sync(daemon); /* reported there */
}

void
daemon_stop(struct daemon *daemon, int status)
{
	if (daemon->stopping)
		return;
	daemon->stopping = true;
	daemon->exit_status = status;
	notify_send(&daemon->notify, "STOPPING=1");
	listen_stop(daemon);
	if (LIST_EMPTY(&daemon->conns))
		loop_stop(daemon->loop);
	else
		loop_timer_set(daemon->stop_timer, DAEMON_STOP_MS);
}
