/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's store: whether it is what it was when the last daemon ended, as
 * far as the store itself, the files beside it and the audit log know, and what
 * operators are told if it is not.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/daemon.h"
#include "policyd/log.h"
#include "policyd/stepup/keyring.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_factor.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STORE_TROUBLE_SIZE 400u

static const char *
daemon_store_older(struct store *store, char text[STORE_TROUBLE_SIZE])
{
	struct store_changes changes = { .own = 0 };

	(void)store_changes(store, &changes); /* else it says 0 */
	(void)text_format(text, STORE_TROUBLE_SIZE,
	    STORE_FILE " is an older copy that was put back: of %llu changes "
		       "that administrators made it has had %llu; do again "
		       "those of the audit log with changes above that, then "
		       "import the people again, or run farmgatectl inventory "
		       "accept",
	    (unsigned long long)changes.known, (unsigned long long)changes.own);
	return text;
}

/* What can be opened may still not be readable, or not be what it was. */
static const char *
daemon_store_trouble(struct store *store, char text[STORE_TROUBLE_SIZE])
{
	struct store_outline outline;
	int r;

	if ((r = store_outline(store, &outline)) != 0)
		return text_error(r);
	if (outline.older)
		return daemon_store_older(store, text);
	return !outline.lost ? NULL :
			       "what was known of people is lost: import them "
			       "again, add their exceptions, and revoke again "
			       "what was revoked; or run farmgatectl inventory "
			       "accept";
}

void
daemon_changed(struct daemon *daemon)
{
	struct store_changes changes;

	if (daemon->store != NULL &&
	    store_changes(daemon->store, &changes) == 0)
		audit_set_changes(daemon->audit, changes.known);
}

/* Each of the two, the store and the audit log, knows if the other is older. */
void
daemon_open_store(struct daemon *daemon)
{
	const char *folder = daemon->rules->conf->state, *why;
	char text[4096 + 512], trouble[STORE_TROUBLE_SIZE];
	int r;

	r = store_open(folder, &daemon->store, &why);
	if (r == 0) {
		store_changes_known(daemon->store,
		    audit_changes(daemon->audit));
		daemon_changed(daemon);
	}
	if (r == 0 && why == NULL)
		why = daemon_store_trouble(daemon->store, trouble);
	if (r == FG_ERR_UNSAFE)
		why = "it and what is in it have to be the daemon's own and "
		      "nobody else's: chown and chmod 0700 it";
	else if (r != 0 && r != FG_ERR_VERSION)
		why = text_error(r);
	if (why == NULL)
		return;
	(void)text_format(text, sizeof(text), "%s: %s", folder, why);
	daemon->store_problem = strdup(text);
	log_crit("store: %s", text);
}

void
daemon_open_keyring(struct daemon *daemon)
{
	const char *folder = daemon->rules->conf->state;
	char why[KEYRING_WHY_SIZE];
	bool enrolled;
	int r;

	if (daemon->store == NULL)
		return; /* which says why */
	if ((r = store_totp_any(daemon->store, &enrolled)) != 0)
		(void)text_format(why, sizeof(why), "enrolments: %s",
		    text_error(r));
	else if (keyring_open(folder, enrolled, &daemon->keyring, why) == 0)
		return;
	daemon->keyring_problem = strdup(why);
	log_crit("totp: %s", why);
}

void
daemon_store_mended(struct daemon *daemon, const char *why)
{
	struct store_outline outline;

	if (daemon->store == NULL || daemon->store_problem == NULL ||
	    store_outline(daemon->store, &outline) != 0 || outline.lost)
		return;
	log_info("store: %s; what was wrong is over: %s", why,
	    daemon->store_problem);
	free(daemon->store_problem);
	daemon->store_problem = NULL;
}

void
daemon_record_older(struct daemon *daemon)
{
	struct store_outline outline;
	struct store_changes changes;
	struct json *record;

	if (daemon->store == NULL ||
	    store_outline(daemon->store, &outline) != 0 || !outline.older ||
	    store_changes(daemon->store, &changes) != 0)
		return;
	record = daemon_record(daemon, "rollback");
	json_set_int(record, "own", (int64_t)changes.own);
	json_set_int(record, "known", (int64_t)changes.known);
	(void)daemon_audit(daemon, record, true); /* reported there */
}
