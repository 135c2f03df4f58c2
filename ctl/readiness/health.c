/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with the daemon now, by its own word: what is missing when a
 * login is decided refuses people who were let in while it was there.
 */
#include <string.h>

#include "ctl/readiness/readiness_parts.h"
#include "ctl/status.h"

#define STATUS_MS 5000u

static void
no_daemon(struct readiness *r)
{
	readiness_item(r, "daemon",
	    "start it: systemctl start farmgate-policyd.service; what each "
	    "service does without it: farmgatectl test --fault daemon-down",
	    "the daemon gives no status: enforcing, each login is a failure");
}

/* A warning has its own remedy. */
static void
warnings(struct readiness *r)
{
	const struct json *list = json_get(r->status, "warnings");

	for (size_t i = 0; i < json_length(list); i++)
		readiness_item(r, "status", NULL, "%s",
		    json_string_at(list, i, ""));
	if (status_more(r->status, "warnings") > 0)
		readiness_item(r, "status", "farmgatectl check shows all",
		    "%lld more warnings", status_more(r->status, "warnings"));
}

/* A member that says what is wrong with a part of it. */
static void
problem(struct readiness *r, const char *part, const char *member,
    const char *fix)
{
	const char *text =
	    json_get_string(json_get(r->status, part), member, "");

	if (text[0] != '\0')
		readiness_item(r, "status", fix, "%s: %s",
		    strcmp(part, "audit") == 0 ? "the audit log" : part, text);
}

static void
numbers(struct readiness *r)
{
	const struct json *audit = json_get(r->status, "audit");
	int64_t unsaved =
	    json_get_int(json_get(r->status, "store"), "unsaved", 0);

	if (json_get_int(json_get(r->status, "config"), "refused_at", 0) > 0)
		readiness_item(r, "status", "farmgatectl check says where",
		    "the configuration on disk was refused: the daemon would "
		    "not start with it");
	if (json_get_int(audit, "damaged", 0) > 0)
		readiness_item(r, "status",
		    "farmgatectl audit verify says what is wrong; restart the "
		    "daemon once somebody has looked",
		    "the audit log was damaged: see its record %lld",
		    (long long)json_get_int(audit, "damaged", 0));
	if (unsaved > 0)
		readiness_item(r, "status",
		    "make room on the disk of the store, or repair its owner "
		    "and mode",
		    "the store cannot be written: %lld change%s of sessions "
		    "wait in memory",
		    (long long)unsaved, readiness_plural((uint64_t)unsaved));
}

static void
scanner(struct readiness *r)
{
	const char *state =
	    json_get_string(json_get(r->status, "scanner"), "state", "");

	if (strcmp(state, "running") != 0 && state[0] != '\0')
		readiness_item(r, "status",
		    "see journalctl -u farmgate-policyd.service, and restart "
		    "it",
		    "the scanner is %s: each login has remote.unknown", state);
}

void
readiness_status(struct readiness *r)
{
	size_t before;
	int status;

	if (ctl_call(r->ctl, FG_MSG_STATUS, STATUS_MS, &r->status, &status) !=
	    CTL_OK) {
		no_daemon(r);
		return;
	}
	before = r->count;
	warnings(r);
	numbers(r);
	problem(r, "store", "problem", "see STORE in farmgate-policyd(8)");
	problem(r, "bundle", "problem",
	    "import a newer one: farmgatectl bundle import");
	problem(r, "audit", "error",
	    "make room on its disk, or repair its owner and mode");
	problem(r, "audit", "anchor_problem",
	    "make room where its anchors are kept, or repair owner and mode");
	scanner(r);
	if (r->count == before && json_get_bool(r->status, "degraded", false))
		readiness_item(r, "status", "farmgatectl status says why",
		    "the daemon is degraded");
}
