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
#include "policyd/witness/host_key.h"
#include "proto/result.h"

#define STORE_TROUBLE_SIZE 400u

/* What beside people was lost; NULL: nothing. */
static const char *
daemon_store_lost(const struct store_outline *outline)
{
	if (outline->assets_lost)
		return "what was known of assets is lost: import them again, "
		       "or "
		       "run farmgatectl inventory accept if there are none";
	if (outline->enrolments_lost)
		return "what was known of enrolled laptops is lost: enrol them "
		       "again, with farmgatectl enrol add, or run farmgatectl "
		       "inventory accept if there are none";
	return NULL;
}

static const char *
daemon_store_older(struct store *store, char text[STORE_TROUBLE_SIZE])
{
	struct store_changes changes = { .own = 0 };

	(void)store_changes(store, &changes); /* else it says 0 */
	(void)text_format(text, STORE_TROUBLE_SIZE,
	    STORE_FILE " is an older copy that was put back: of %llu changes "
		       "that administrators made it has had %llu; do again "
		       "those of the audit log with changes above that, then "
		       "import the people again and, if this is said still, "
		       "run farmgatectl inventory accept",
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
	if (outline.lost)
		return "what was known of people is lost: import them again, "
		       "add their exceptions, and revoke again what was "
		       "revoked; or run farmgatectl inventory accept";
	return daemon_store_lost(&outline);
}

/* why is text, or NULL for none. */
static void
daemon_set_store_problem(struct daemon *daemon, const char *why)
{
	const char *folder = daemon->rules->conf->state;
	char text[4096 + 512];

	free(daemon->store_problem);
	daemon->store_problem = NULL;
	if (why == NULL)
		return;
	(void)text_format(text, sizeof(text), "%s: %s", folder, why);
	daemon->store_problem = strdup(text);
	log_crit("store: %s", text);
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
	char trouble[STORE_TROUBLE_SIZE];
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
	daemon_set_store_problem(daemon, why);
}

static void
open_keyring(struct daemon *daemon)
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

/* Laptops are challenged here, and would answer to a key that is not there. */
static bool
misses_host_key(struct daemon *daemon)
{
	struct store_outline outline;

	return key_file_public(daemon->host_key) == NULL &&
	    daemon->store != NULL &&
	    store_outline(daemon->store, &outline) == 0 && outline.enrolments;
}

static void
open_host_key(struct daemon *daemon)
{
	const char *folder = daemon->rules->conf->state;
	char why[HOST_KEY_WHY_SIZE];

	if (host_key_open(folder, &daemon->host_key, why) == 0) {
		if (!misses_host_key(daemon))
			return;
		(void)text_format(why, sizeof(why),
		    "%s/" HOST_KEY_FILE " is missing, and laptops are enrolled "
		    "here: put it back from a backup and restart the daemon, "
		    "or give each laptop the section that farmgatectl enrol "
		    "host prints now",
		    folder);
	}
	daemon->host_key_problem = strdup(why);
	log_crit("host key: %s", why);
}

void
daemon_host_key_made(struct daemon *daemon)
{
	free(daemon->host_key_problem);
	daemon->host_key_problem = NULL;
}

void
daemon_open_keys(struct daemon *daemon)
{
	open_keyring(daemon);
	open_host_key(daemon);
}

void
daemon_store_mended(struct daemon *daemon, const char *why)
{
	struct store_outline outline;
	const char *rest;

	if (daemon->store == NULL || daemon->store_problem == NULL ||
	    store_outline(daemon->store, &outline) != 0 || outline.lost)
		return;
	/* All of it may be lost together, and comes back apart. */
	rest = daemon_store_lost(&outline);
	if (rest != NULL && strstr(daemon->store_problem, rest) != NULL)
		return;
	log_info("store: %s; what was wrong is over: %s", why,
	    daemon->store_problem);
	daemon_set_store_problem(daemon, rest);
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
	record = daemon_record(daemon, AUDIT_ROLLBACK);
	json_set_int(record, "own", (int64_t)changes.own);
	json_set_int(record, "known", (int64_t)changes.known);
	(void)daemon_audit(daemon, record, true); /* reported there */
}
