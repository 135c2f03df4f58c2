/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gather and decide, in a child: the store's folder belongs to the daemon's
 * user, who may have put anything there, so root reads nothing of it. What the
 * child says is taken for what the daemon might have written.
 */
#include "ctl/what_if.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/child.h"
#include "ctl/ctl.h"
#include "ctl/keeper.h"
#include "ctl/warn.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/record/record.h"
#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

/* What the parent found out for the child. */
struct question {
	const struct what_if *what;
	const char *hidden; /* a database that the caller may not read */
	bool as_daemon; /* root has become its user */
	bool has_store; /* there may be one */
	const struct identity_bytes *bytes; /* NULL: root alone reads them */
};

/* ---- in the child: what has no answer ---------------------------------- */

static const char *
folder_of(const struct question *q)
{
	return q->what->ruleset->conf->state;
}

/* A folder of somebody else's, to whom the caller is nobody. */
static bool
is_closed(const char *folder)
{
	struct stat st;

	return stat(folder, &st) != 0 || st.st_uid != geteuid();
}

static int
no_store(const struct question *q, int r, const char *why, FILE *out)
{
	const char *folder = folder_of(q);

	if (!q->as_daemon && is_closed(folder)) {
		fprintf(out,
		    "%s: not readable for you; use sudo, or farmgatectl person",
		    folder);
		return CTL_ERROR;
	}
	if (r == FG_ERR_SYSTEM)
		why = strerror(errno);
	else if (r == FG_ERR_BUSY)
		why = "somebody else is at work there; try again";
	else if (why == NULL)
		why = fg_strerror(r);
	fprintf(out, "%s%s: %s; or ask the daemon with farmgatectl person",
	    folder, r == FG_ERR_FORMAT ? "/" STORE_FILE : "", why);
	return CTL_ERROR;
}

/*
 * An inventory that is lost is an error to a live login too. Anything else
 * that could not be read is our own, who came at a bad time.
 */
static bool
could_read(struct store *store, const struct facts *facts)
{
	struct store_outline outline;

	if (facts->person.state != FACT_ERROR &&
	    facts->exceptions.state != FACT_ERROR)
		return true;
	return store_outline(store, &outline) == 0 && outline.lost;
}

/*
 * The daemon may read what the caller may not. Where such a database has a say
 * the answer here would be another one.
 */
static bool
could_look_up(const struct question *q, const struct decision *decision)
{
	const struct fact_place *place = &q->what->facts->place;

	return q->hidden == NULL || decision->verdict == FG_VERDICT_EXEMPT ||
	    (place->state != FACT_ERROR &&
		place->source != PLACE_FROM_DATABASE);
}

/* What the machine is would have a say, and only root can read it. */
static bool
could_identify(const struct question *q, struct store *store)
{
	const struct conf *conf = q->what->ruleset->conf;

	return q->bytes != NULL || store == NULL ||
	    conf->machine.asset == NULL ||
	    q->what->facts->kind == SERVICE_EXEMPT ||
	    gather_assets(store) == FACT_NONE;
}

/* ---- in the child: the decision ---------------------------------------- */

/* The time that was asked for, as audit records have theirs. */
static void
set_time(struct json *json, int64_t at_s)
{
	time_t t = (time_t)at_s;
	char text[32];
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		json_set_string(json, "ts", text);
}

static int
count_keyed(const struct asset *asset, void *arg)
{
	size_t *n = arg;

	*n += asset->status == ASSET_ISSUED && asset->nkeys > 0;
	return 0;
}

/* With which key somebody comes only a live login knows, and device.key is
 * found by it: of how many assets it would have to be. */
static void
add_keyed(struct json *json, const struct facts *facts, struct store *store)
{
	size_t n = 0;

	if (store != NULL && facts->kind == SERVICE_REMOTE &&
	    facts->person.state == FACT_KNOWN &&
	    store_assets_of_user(store, facts->person.person.user, count_keyed,
		&n) == 0 &&
	    n > 0)
		json_set_int(json, "keyed", (int64_t)n);
}

static int
write_record(const struct question *q, const struct decision *decision,
    const struct outlook *outlook, struct store *store, FILE *out)
{
	/* no reference: nothing of this is on record */
	const struct record_decision r = { .facts = q->what->facts,
		.ruleset = q->what->ruleset,
		.decision = decision,
		.outlook = decision->challenge ? outlook : NULL,
		.ref = "-" };
	struct json *json = json_new();
	int status = CTL_ERROR;
	char *text;

	set_time(json, r.facts->at_s);
	record_decision(json, &r);
	add_keyed(json, r.facts, store);
	if ((text = json_text(json)) != NULL)
		status = fputs(text, out) < 0 ? CTL_ERROR : CTL_OK;
	else
		fputs("out of memory", out);
	free(text);
	json_free(json);
	return status;
}

/* What fails after the decision has no part in the facts. */
static void
decide_with_fault(const struct what_if *w, struct decision *ret_decision)
{
	const struct conf *conf = w->ruleset->conf;
	enum failure failure = fault_failure(w->fault);

	fault_inject(w->fault, w->facts);
	decide(w->facts, conf, ret_decision);
	if (w->fault == FAULT_AUDIT_FULL)
		decide_failed(w->facts, conf, failure, ret_decision);
}

static int
answer_by(const struct question *q, struct store *store, FILE *out)
{
	static struct identity identity;
	/* Whose sessions are open only the daemon knows. */
	const struct ruleset_sources from = { .store = store,
		.parent = q->what->parent,
		.identity = q->bytes == NULL ? NULL : &identity };
	struct facts *facts = q->what->facts;
	struct decision decision;
	struct outlook outlook;

	if (q->bytes != NULL)
		identity_make(q->bytes, &identity);
	fault_begin(q->what->fault, facts);
	ruleset_gather(q->what->ruleset, &from, facts);
	if (!could_read(store, facts))
		return no_store(q, FG_ERR_BUSY, NULL, out);
	if (!could_identify(q, store)) {
		fputs("what identifies this machine is not readable for you; "
		      "use sudo",
		    out);
		return CTL_ERROR;
	}
	decide_with_fault(q->what, &decision);
	if (!could_look_up(q, &decision)) {
		fprintf(out, "%s: not readable for you; use sudo", q->hidden);
		return CTL_ERROR;
	}
	if (decision.challenge)
		outlook_take(facts, q->what->ruleset->conf, &decision, store,
		    &outlook);
	return write_record(q, &decision, &outlook, store, out);
}

static int
answer(FILE *out, void *arg)
{
	const struct question *q = arg;
	struct store *store = NULL;
	const char *why = NULL;
	int r = FG_ERR_NOT_FOUND, status;

	if (q->as_daemon)
		safeopen_only_root(); /* as the daemon does */
	if (q->has_store)
		r = store_peek(folder_of(q), &store, &why);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return no_store(q, r, why, out);
	status = answer_by(q, store, out);
	store_close(store);
	return status;
}

/* ---- outside of it ----------------------------------------------------- */

/* Bytes alone, of which the child makes something: as the daemon does. */
static const struct identity_bytes *
read_identity(const struct conf *conf)
{
	static struct identity_bytes bytes;
	static bool done;

	if (geteuid() != 0 || conf->machine.asset == NULL)
		return NULL;
	if (!done)
		identity_read(&bytes);
	done = true;
	return &bytes;
}

static const char *
say_loss(int r)
{
	if (r == FG_ERR_CLOSED)
		return "who reads it came to no end";
	return text_error(r);
}

int
what_if_decide(const struct what_if *w, struct json **ret_record)
{
	const struct conf *conf = w->ruleset->conf;
	struct question q = { .what = w,
		.hidden = warn_hidden_database(conf),
		.has_store = conf_service_kind(conf, w->facts->login.service) !=
		    SERVICE_EXEMPT };
	struct priv_ids ids;
	struct child child = { .run = answer, .arg = &q };
	size_t len;
	char *text;
	int r;

	*ret_record = NULL;
	if (q.has_store &&
	    keeper_find(w->command, conf->state, &ids, &q.as_daemon,
		&q.has_store) != CTL_OK)
		return CTL_ERROR;
	q.bytes = read_identity(conf);
	if (q.as_daemon)
		child.ids = &ids;
	r = child_run(&child, &text, &len);
	if (r == CTL_OK && (*ret_record = json_parse(text, len)) == NULL)
		r = FG_ERR_FORMAT;
	if (r < 0)
		ctl_complain("%s: cannot answer: reading %s: %s; use "
			     "farmgatectl person",
		    w->command, conf->state, say_loss(r));
	else if (r != CTL_OK)
		ctl_complain("%s: cannot answer: %s", w->command, text);
	free(text);
	return r == CTL_OK ? CTL_OK : CTL_ERROR;
}
