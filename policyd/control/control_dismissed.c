/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open sessions of people whom a command has dismissed, or would dismiss.
 */
#include "policyd/control/control_parts.h"
#include "policyd/dismissal.h"
#include "policyd/session/session.h"

struct dismissed {
	struct daemon *daemon;
	bool revocations;
};

/* By what is in force now: each turn of the loop may have something new. */
static int
is_dismissed(const struct store_session *s, void *arg, bool *ret_is,
    const char **ret_why)
{
	const struct dismissed *dismissed = arg;
	const struct dismissal d = { .conf = dismissed->daemon->rules->conf,
		.store = dismissed->daemon->store,
		.revocations = dismissed->revocations,
		.at_s = daemon_wall_s() };
	int r = dismissal_of(&d, s, ret_why);

	*ret_is = *ret_why != NULL;
	return r;
}

void
control_end_dismissed(struct control_job *job, bool revocations, int status)
{
	const struct dismissed dismissed = { job->daemon, revocations };
	const struct control_meant meant = { .fn = is_dismissed,
		.arg = &dismissed,
		.arg_size = sizeof(dismissed) };

	control_end_sessions(job, &meant, status);
}

/* ---- in a worker ------------------------------------------------------- */

struct listing {
	struct dismissal d;
	struct json *report;
	int error;
};

static int
list_one(const struct store_session *s, bool reserved, void *arg)
{
	struct listing *listing = arg;
	const char *why = NULL;

	/* A login that has no session yet is decided anew when it opens. */
	if (reserved)
		return 0;
	listing->error = dismissal_of(&listing->d, s, &why);
	if (why != NULL)
		control_ending_list(listing->report, s, why);
	return listing->error;
}

int
control_list_dismissed(struct control_job *job, struct store *store,
    struct store *staged, bool revocations, struct json *report)
{
	struct listing listing = { .report = report };

	listing.d.conf = job->daemon->rules->conf;
	listing.d.store = store;
	listing.d.staged = staged;
	listing.d.revocations = revocations;
	listing.d.at_s = daemon_wall_s();
	(void)json_set_array(report, "sessions");
	sessions_each(job->daemon->sessions, list_one, &listing);
	return listing.error;
}
