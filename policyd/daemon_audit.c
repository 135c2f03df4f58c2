/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's audit log from its first record to its last.
 */
#include <time.h>
#include <unistd.h>

#include "policyd/anchors.h"
#include "policyd/daemon.h"
#include "policyd/log.h"
#include "policyd/machine/scanlink.h"
#include "policyd/text.h"
#include "proto/result.h"

void
daemon_open_audit(struct daemon *daemon)
{
	const char *path = daemon->rules->conf->audit;
	int r;

	if ((r = audit_open(path, &daemon->audit)) == FG_ERR_BUSY)
		fatal("audit: %s: another farmgate-policyd writes it", path);
	if (r != 0)
		fatal("audit: %s: %s", path, text_error(r));
}

int
daemon_rotate(struct daemon *daemon, char *ret_name)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	return audit_rotate(daemon->audit,
	    (int64_t)now.tv_sec * 1000000000 + now.tv_nsec, ret_name);
}

void
daemon_record_life(struct daemon *daemon, enum audit_event event)
{
	struct json *record;

	record = daemon_record(daemon, event);
	json_set_string(record, "version", FG_PACKAGE_VERSION);
	json_set_int(record, "pid", getpid());
	json_set_string(record, "scanner", scanlink_state(daemon->scanlink));
	json_set_string(record, "sha256", daemon->rules->conf->hash);
	anchors_set_key(daemon, record);
	if (daemon_audit(daemon, record, true) != 0)
		log_warn("audit: the record of the %s is missing",
		    audit_event_name(event));
}
