/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the audit log says of administrators: farmgate-audit(5) documents each
 * member. Every record is on the disk before the report goes out.
 */
#include <string.h>

#include "policyd/alerts.h"
#include "policyd/control/control_enrol.h"
#include "policyd/control/control_named.h"
#include "policyd/control/control_parts.h"
#include "policyd/crypto.h"
#include "policyd/record/record.h"
#include "policyd/text.h"

#define RECORD_SALT_SIZE 16u

static struct json *
job_record(struct control_job *job, enum audit_event event, const char *action)
{
	struct json *record = daemon_record(job->daemon, event);

	json_set_string(record, "action", action);
	return record;
}

/* Takes record, with the number of changes that the store has had by now. */
static int
end(struct control_job *job, struct json *record)
{
	daemon_changed(job->daemon);
	record_by(json_set_object(record, "by"), &job->by);
	return daemon_audit(job->daemon, record, true);
}

/* The first of those whose access came back. */
static void
record_names(struct json *record, const struct json *names)
{
	struct json *list;
	size_t i;

	if (json_length(names) == 0)
		return;
	list = json_set_array(record, "restored_names");
	for (i = 0; i < json_length(names); i++)
		json_add_string(list,
		    json_get_string(json_at(names, i), "name", ""));
}

/* The first thing that was wrong. */
static void
record_problem(struct json *record, const struct json *result)
{
	if (json_get_string(result, "problem", NULL) != NULL)
		json_set_untrusted(record, "problem",
		    json_get_string(result, "problem", NULL));
}

/* What was sent. */
static void
record_file(struct json *record, const struct control_job *job)
{
	json_set_untrusted(record, "file",
	    json_get_string(job->args, "file", "-"));
	json_set_int(record, "bytes", (int64_t)job->spooled);
	json_set_string(record, "sha256",
	    json_get_string(job->result, "sha256", NULL));
}

/* Who was changed; of one that is not in force nobody was. */
static void
record_named(struct json *record, const struct control_job *job, bool ok)
{
	if (ok)
		control_named_record(record, job->named);
}

/* The worker's word, or nothing where it had none. */
static void
record_counts(struct json *record, const struct json *result)
{
	json_set_int(record, "people", json_get_int(result, "people", 0));
	json_set_int(record, "added", json_get_int(result, "added", 0));
	json_set_int(record, "changed", json_get_int(result, "changed", 0));
	json_set_int(record, "removed", json_get_int(result, "removed", 0));
	json_set_int(record, "dismissed", json_get_int(result, "dismissed", 0));
	json_set_int(record, "restored", json_get_int(result, "restored", 0));
	record_names(record, json_get(result, "restored_names"));
	if (json_get_int(result, "kept_out", 0) > 0)
		json_set_int(record, "kept_out",
		    json_get_int(result, "kept_out", 0));
	json_set_int(record, "errors", json_get_int(result, "errors", 0));
	record_problem(record, result);
}

/* Nothing of one whose seal or serial was refused. */
static void
record_which(struct json *record, const struct json *result)
{
	if (json_get_int(result, "serial", 0) == 0)
		return;
	json_set_int(record, "serial", json_get_int(result, "serial", 0));
	json_set_int(record, "made", json_get_int(result, "made", 0));
	json_set_string(record, "key", json_get_string(result, "key", NULL));
	json_set_int(record, "revocations",
	    json_get_int(result, "revocations", 0));
	json_set_int(record, "revoked", json_get_int(result, "revoked", 0));
}

int
control_record_import(struct control_job *job, bool ok)
{
	bool is_bundle = job->command->start == control_bundle_import;
	const struct json *result = job->result;
	struct json *record;

	record = job_record(job, is_bundle ? AUDIT_BUNDLE : AUDIT_INVENTORY,
	    "import");
	json_set_bool(record, "ok", ok);
	record_file(record, job);
	record_counts(record, result);
	record_named(record, job, ok);
	if (is_bundle)
		record_which(record, result);
	json_set_bool(record, "kill", json_get_bool(job->args, "kill", false));
	return end(job, record);
}

int
control_record_assets(struct control_job *job, bool ok)
{
	static const char *const counts[] = { "assets", "added", "changed",
		"removed", "errors" };
	const struct json *result = job->result;
	struct json *record = job_record(job, AUDIT_ASSETS, "import");

	json_set_bool(record, "ok", ok);
	record_file(record, job);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_set_int(record, counts[i],
		    json_get_int(result, counts[i], 0));
	if (json_get(result, "restored_names") != NULL) {
		json_set_int(record, "restored",
		    json_get_int(result, "restored", 0));
		record_names(record, json_get(result, "restored_names"));
	}
	record_named(record, job, ok);
	record_problem(record, result);
	return end(job, record);
}

int
control_record_accept(struct control_job *job,
    const struct store_changes *changes)
{
	struct json *record = job_record(job, AUDIT_INVENTORY, "accept");

	json_set_int(record, "own", (int64_t)changes->own);
	json_set_int(record, "known", (int64_t)changes->known);
	return end(job, record);
}

int
control_record_export(struct control_job *job)
{
	return end(job, job_record(job, AUDIT_INVENTORY, "export"));
}

int
control_record_assets_export(struct control_job *job)
{
	return end(job, job_record(job, AUDIT_ASSETS, "export"));
}

int
control_record_rollout(struct control_job *job)
{
	const struct json *services = json_get(job->args, "services");
	const char *mode = json_get_string(job->args, "mode", "");
	struct json *record, *list;
	size_t i;

	record = job_record(job, AUDIT_ROLLOUT,
	    json_get_string(job->args, "action", NULL));
	json_set_given(record, "mode", mode);
	list = json_set_array(record, "services");
	for (i = 0; i < json_length(services); i++)
		json_add_string(list, json_string_at(services, i, ""));
	return end(job, record);
}

int
control_record_review(struct control_job *job)
{
	struct json *record = daemon_record(job->daemon, AUDIT_REVIEW);
	const struct json *args = job->args;

	json_set_string(record, "of", json_get_string(args, "of", NULL));
	json_set_string(record, "disposition",
	    json_get_string(args, "disposition", NULL));
	json_set_given(record, "ticket", json_get_string(args, "ticket", NULL));
	json_set_given(record, "note", json_get_string(args, "note", NULL));
	if (json_get_bool(args, "unseen", false))
		json_set_bool(record, "unseen", true);
	return end(job, record);
}

int
control_record_bundle(struct control_job *job, const char *action,
    const struct store_bundle *bundle)
{
	struct json *record = job_record(job, AUDIT_BUNDLE, action);

	/* A serial that is forgotten without a bundle has no more than that. */
	if (bundle->serial != 0)
		json_set_int(record, "serial", (int64_t)bundle->serial);
	if (bundle->made_s != 0)
		json_set_int(record, "made", bundle->made_s);
	json_set_given(record, "key", bundle->key);
	json_set_int(record, "revocations", (int64_t)bundle->revocations);
	return end(job, record);
}

int
control_record_exception(struct control_job *job, const char *action,
    const struct store_exception *e)
{
	struct json *record = job_record(job, AUDIT_EXCEPTION, action);

	json_set_int(record, "id", (int64_t)e->id);
	json_set_untrusted(record, "user", e->user);
	json_set_untrusted(record, "code", store_exception_finding(e));
	json_set_given(record, "grade", e->grade);
	json_set_given(record, "country", e->country);
	json_set_int(record, "from", e->from_s);
	json_set_int(record, "until", e->until_s);
	json_set_untrusted(record, "reason", e->reason);
	return end(job, record);
}

/* Never a seed, a code, or a hash of one. */
int
control_record_totp(struct control_job *job, const char *action,
    const struct store_totp *t)
{
	struct json *record = job_record(job, AUDIT_TOTP, action);

	json_set_untrusted(record, "user", t->person);
	if (t->algorithm != TOTP_NONE) {
		json_set_string(record, "algorithm",
		    totp_algorithm_name(t->algorithm));
		json_set_int(record, "digits", t->digits);
	}
	return end(job, record);
}

int
control_record_verified(struct control_job *job, const char *action,
    const struct store_verified *v)
{
	struct json *record = job_record(job, AUDIT_VERIFICATION, action);

	json_set_untrusted(record, "user", v->person);
	json_set_untrusted(record, "asset", v->asset);
	json_set_bool(record, "serial", v->hash[0] != '\0');
	json_set_int(record, "until", v->until_s);
	return end(job, record);
}

/* What can be learned is so short that all of it is one record. */
int
control_record_baseline(struct control_job *job, const char *action,
    const struct store_device *list, size_t n)
{
	struct json *record = job_record(job, AUDIT_BASELINE, action), *devices;
	char text[SIGN_WHAT_MAX + 32u];
	size_t i;

	devices = json_set_array(record, "devices");
	for (i = 0; i < n; i++) {
		(void)text_format(text, sizeof(text), "%s %s",
		    entry_kind_name(list[i].kind), list[i].what);
		json_add_string(devices, text);
	}
	json_set_given(record, "file",
	    json_get_string(job->args, "file", NULL));
	return end(job, record);
}

int
control_record_support(struct control_job *job, const char *action,
    const struct store_support *s)
{
	struct json *record = job_record(job, AUDIT_SUPPORT, action);

	json_set_int(record, "id", (int64_t)s->id);
	json_set_untrusted(record, "asset", s->asset);
	json_set_untrusted(record, "tool", s->tool);
	json_set_int(record, "from", s->from_s);
	json_set_int(record, "until", s->until_s);
	json_set_untrusted(record, "reason", s->reason);
	return end(job, record);
}

int
control_record_person_export(struct control_job *job)
{
	struct json *record = job_record(job, AUDIT_PERSON, "export");

	json_set_untrusted(record, "user",
	    json_get_string(job->args, "user", ""));
	return end(job, record);
}

/* A salt in hexadecimal with the name behind it; and the hash of that. */
static void
record_name(struct json *record, const char *name)
{
	char text[2 * RECORD_SALT_SIZE + FG_USER_MAX + 1];
	uint8_t salt[RECORD_SALT_SIZE];
	char digest[CRYPTO_HEX_SIZE];

	crypto_random(salt, sizeof(salt));
	for (size_t i = 0; i < sizeof(salt); i++)
		(void)text_format(text + 2 * i, 3, "%02x", salt[i]);
	json_set_string(record, "salt", text);
	(void)text_copy(text + 2 * sizeof(salt), FG_USER_MAX + 1, name);
	crypto_sha256_hex(text, strlen(text), digest);
	json_set_string(record, "digest", digest);
}

int
control_record_person_forget(struct control_job *job,
    const struct store_forgotten *forgotten)
{
	struct json *record = job_record(job, AUDIT_PERSON, "forget");

	if (forgotten == NULL)
		json_set_bool(record, "ok", false);
	record_name(record, json_get_string(job->args, "user", ""));
	json_set_int(record, "rows",
	    forgotten == NULL ? 0 : (int64_t)store_forgotten_rows(forgotten));
	json_set_untrusted(record, "reason",
	    json_get_string(job->args, "reason", ""));
	return end(job, record);
}

int
control_record_hold(struct control_job *job, const char *action,
    const struct store_hold *hold)
{
	struct json *record = job_record(job, AUDIT_HOLD, action);

	json_set_string(record, "name", hold->name);
	if (hold->until_s != 0)
		json_set_int(record, "until", hold->until_s);
	json_set_untrusted(record, "reason", hold->reason);
	return end(job, record);
}

int
control_record_backoff(struct control_job *job, const char *action,
    const struct store_backoff *b, size_t remembered)
{
	struct json *record = job_record(job, AUDIT_STEPUP, action);

	json_set_untrusted(record,
	    b->kind == STORE_BACKOFF_PERSON ? "user" : "source", b->name);
	json_set_int(record, "failures", b->failures);
	json_set_int(record, "remembered", (int64_t)remembered);
	return end(job, record);
}

/* Never the number, right or wrong. */
int
control_record_approval(struct control_job *job, const char *action,
    const struct approval *a, const char *why)
{
	struct json *record = daemon_record(job->daemon, AUDIT_APPROVAL);

	json_set_string(record, "action", action);
	json_set_string(record, "ref", a->ref);
	json_set_bool(record, "ok", why == NULL);
	if (why != NULL)
		json_set_string(record, "why", why);
	json_set_untrusted(record, "user", a->user);
	json_set_untrusted(record, "person", a->person);
	json_set_untrusted(record, "service", a->service);
	record_by(json_set_object(record, "by"), &job->by);
	return daemon_audit(job->daemon, record, true);
}

int
control_record_terminate(struct control_job *job, const struct store_session *s,
    const char *why)
{
	struct json *record = daemon_record(job->daemon, AUDIT_TERMINATE);

	json_set_untrusted(record, "ref", s->ref);
	json_set_untrusted(record, "person", s->person);
	json_set_untrusted(record, "user", s->user);
	json_set_string(record, "command", job->command->name);
	if (why != NULL)
		json_set_string(record, "why", why);
	record_by(json_set_object(record, "by"), &job->by);
	return daemon_audit(job->daemon, record, false);
}

int
control_record_revocation(struct control_job *job, const char *action,
    const struct store_revocation *r, const struct person *person)
{
	struct json *record = job_record(job, AUDIT_REVOCATION, action),
		    *accounts;
	size_t i;

	json_set_untrusted(record, "user", r->user);
	accounts = json_set_array(record, "accounts");
	for (i = 0; i < person->naccounts; i++)
		json_add_string(accounts, person->account[i]);
	json_set_int(record, "at", r->at_s);
	json_set_untrusted(record, "reason", r->reason);
	json_set_bool(record, "kill", json_get_bool(job->args, "kill", false));
	return end(job, record);
}

int
control_record_host_key(struct control_job *job, const char *key)
{
	struct json *record = job_record(job, AUDIT_ENROLMENT, "host");

	json_set_string(record, "key", key);
	return end(job, record);
}

int
control_record_enrolment(struct control_job *job, const char *action,
    const struct store_enrolment *e)
{
	struct json *record = job_record(job, AUDIT_ENROLMENT, action);

	json_set_string(record, "key", e->key);
	json_set_untrusted(record, "asset", e->asset);
	json_set_given(record, "reason", e->reason);
	return end(job, record);
}

/* Kinds of hardware IDs have standings; the IDs themselves are nowhere. */
int
control_record_enrolling(struct control_job *job, const struct enrolling *x)
{
	struct json *record = job_record(job, AUDIT_ENROLMENT, "add"), *users;

	json_set_string(record, "key", x->e.key);
	json_set_untrusted(record, "asset", x->e.asset);
	json_set_given(record, "claimed", x->claimed);
	users = json_set_array(record, "users");
	for (size_t i = 0; i < x->asset.nusers; i++)
		json_add_string(users, x->asset.user[i]);
	json_set_string(record, "against", x->against);
	json_set_string(record, "grade", compare_grade_name(x->grade));
	json_set_int(record, "percent", x->compared.percent);
	json_set_bool(record, "before", x->before);
	json_set_int(record, "from", x->e.from_s);
	alerts_enrolled(job->daemon, x->e.key, x->e.asset, job->by.uid);
	return end(job, record);
}

void
control_unrecorded(struct control_job *job, const char *so)
{
	control_problem(job,
	    "the audit log cannot be written, so %s; see farmgatectl status",
	    so);
	control_refuse(job);
}
