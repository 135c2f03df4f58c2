/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access taken back and given again. It is in the store, synced, before
 * anything else happens; then the sessions that are open are listed or, if
 * that is wanted, ended.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/session/session.h"
#include "policyd/store/store_bundle.h"
#include "policyd/text.h"
#include "proto/result.h"

#define REVOKE_LIST_MS 10000u

/*
 * Who it is about: an entry of the inventory, else the account of that name,
 * which ret_person then has as its only one. False after control_problem().
 */
static bool
find_person(struct control_job *job, struct person *ret_person, bool *ret_known)
{
	const char *user = json_get_string(job->args, "user", "");
	int r;

	r = control_find_person(job->daemon->store, user, ret_person);
	*ret_known = r == 0;
	if (r != 0 && r != FG_ERR_NOT_FOUND) {
		control_problem(job, "inventory: %s", fg_strerror(r));
		return false;
	}
	if (r == 0)
		return true;
	person_init(ret_person);
	(void)text_copy(ret_person->user, sizeof(ret_person->user), user);
	memcpy(ret_person->account[0], ret_person->user,
	    sizeof(ret_person->account[0]));
	ret_person->naccounts = 1;
	return true;
}

void
control_revocation_set(struct json *json, const struct store_revocation *r)
{
	int64_t now_s = daemon_wall_s();

	json_set_untrusted(json, "user", r->user);
	json_set_int(json, "at", r->at_s);
	json_set_string(json, "state",
	    store_revocation_since(r, now_s) <= now_s ? "in force" : "later");
	json_set_untrusted(json, "reason", r->reason);
	json_set_int(json, "made", r->made_s);
	if (r->bundled) {
		json_set_bool(json, "bundle", true);
		return;
	}
	json_set_int(json, "by_uid", r->by_uid);
	json_set_id(json, "by_loginuid", r->by_loginuid);
}

/* ---- revoke ------------------------------------------------------------ */

bool
control_revoke_check(struct control_job *job)
{
	int64_t at_s = json_get_int(job->args, "at", 0);

	if (control_text(job, "user", FG_USER_MAX) == NULL)
		return false;
	if (strlen(json_get_string(job->args, "reason", "")) >
	    STORE_REASON_MAX) {
		control_problem(job, "reason has more than %u bytes",
		    STORE_REASON_MAX);
		return false;
	}
	if (json_get_bool(job->args, "kill", false) && at_s > daemon_wall_s()) {
		control_problem(job,
		    "sessions are ended now or not at all; leave out --kill, "
		    "or the time to come");
		return false;
	}
	return control_ending_check(job);
}

static int
is_of_person(const struct store_session *s, void *arg, bool *ret_is,
    const char **ret_why)
{
	(void)ret_why; /* the revocation says it */
	*ret_is = session_is_of(s, arg);
	return 0;
}

static void
revoke_sessions(struct control_job *job, const struct person *person,
    int status)
{
	const struct control_meant meant = {
		.fn = is_of_person, .arg = person, .arg_size = sizeof(*person)
	};

	/* Whose session is not open yet is decided anew when it opens. */
	if (json_get_bool(job->args, "kill", false))
		session_unreserve(job->daemon->sessions, person);
	control_end_sessions(job, &meant, status);
}

static void
revoke_done(struct control_job *job, const struct store_revocation *r,
    const struct person *person, bool known)
{
	int status = CONTROL_OK;
	struct json *accounts;

	job->result = json_new();
	control_revocation_set(job->result, r);
	accounts = json_set_array(job->result, "accounts");
	for (size_t i = 0; i < person->naccounts; i++)
		json_add_string(accounts, person->account[i]);
	control_set_known(job->result, known, "revoked is");
	if (r->at_s <= r->made_s)
		control_approvals_refuse(job, person);
	control_warn_observe(job);
	/* It stands without its record: it permits nothing. */
	if (control_record_revocation(job, "revoke", r, person) != 0) {
		json_set_string(job->result, "error", CONTROL_UNRECORDED);
		status = CONTROL_ERROR;
	}
	revoke_sessions(job, person, status);
}

/*
 * The person, and each account by itself as well: it stays revoked if a later
 * import has no such person, as of somebody who left.
 */
static int
revoke_all(struct store *store, const struct store_revocation *r,
    const struct person *person)
{
	struct store_revocation of = *r;
	size_t i;
	int e;

	e = store_revocation_put(store, r);
	for (i = 0; e == 0 && i < person->naccounts; i++) {
		if (strcmp(person->account[i], r->user) == 0)
			continue;
		memcpy(of.user, person->account[i], sizeof(of.user));
		e = store_revocation_put(store, &of);
	}
	return e;
}

typedef int (*name_fn)(struct store *store, const char *name, void *arg);

/* By the name that was given as well: the entry may be a new one. */
static int
each_name(struct control_job *job, const struct person *person, name_fn fn,
    void *arg)
{
	struct store *store = job->daemon->store;
	size_t i;
	int e;

	if ((e = fn(store, person->user, arg)) == 0)
		e = fn(store, json_get_string(job->args, "user", ""), arg);
	for (i = 0; e == 0 && i < person->naccounts; i++)
		e = fn(store, person->account[i], arg);
	return e;
}

/* The first of the person's names that is out now; NULL if none is. */
struct out_now {
	int64_t now_s;
	const char *name;
};

static int
find_out_now(struct store *store, const char *name, void *arg)
{
	struct out_now *out = arg;
	struct store_revocation own;
	int e;

	if (out->name != NULL)
		return 0;
	e = store_revocation_own(store, name, &own);
	if (e == 0 && store_revocation_since(&own, out->now_s) <= out->now_s)
		out->name = name;
	return e == FG_ERR_NOT_FOUND ? 0 : e;
}

/* One that begins later must not let anybody in until then who is out now. */
static bool
gives_access_back(struct control_job *job, const struct person *person)
{
	struct out_now out = { .now_s = daemon_wall_s() };
	int e;

	if (json_get_int(job->args, "at", out.now_s) <= out.now_s)
		return false;
	e = each_name(job, person, find_out_now, &out);
	if (e == 0 && out.name == NULL)
		return false;
	if (e != 0)
		control_problem(job, "revocations: %s", text_error(e));
	else
		control_problem(job,
		    "%s is revoked already, and would get in again until "
		    "then; if that is meant, run farmgatectl unrevoke %s "
		    "first",
		    out.name, person->user);
	return true;
}

void
control_revoke(struct control_job *job)
{
	static struct person person;
	struct store_revocation r;
	bool known;
	int e;

	memset(&r, 0, sizeof(r));
	if (!find_person(job, &person, &known) ||
	    gives_access_back(job, &person)) {
		control_refuse(job);
		return;
	}
	memcpy(r.user, person.user, sizeof(r.user));
	r.made_s = daemon_wall_s();
	r.at_s = json_get_int(job->args, "at", r.made_s);
	r.by_uid = job->by.uid;
	r.by_loginuid = job->by.loginuid;
	(void)text_copy(r.reason, sizeof(r.reason),
	    json_get_string(job->args, "reason", ""));
	if ((e = revoke_all(job->daemon->store, &r, &person)) != 0)
		control_failed(job, "revocations", e);
	else
		revoke_done(job, &r, &person, known);
}

/* ---- unrevoke ---------------------------------------------------------- */

bool
control_unrevoke_check(struct control_job *job)
{
	return control_text(job, "user", FG_USER_MAX) != NULL;
}

/* The first of the person's names that is revoked, here and by a bundle. */
struct unrevoke {
	struct store_revocation own;
	bool is_own;
	bool is_bundled;
};

static int
find_name(struct store *store, const char *name, void *arg)
{
	struct unrevoke *u = arg;
	struct store_revocation r;
	int e;

	if (!u->is_own) {
		e = store_revocation_own(store, name, &r);
		if (e != 0 && e != FG_ERR_NOT_FOUND)
			return e;
		u->is_own = e == 0;
		if (u->is_own)
			u->own = r;
	}
	if ((e = store_revocation_bundled(store, name, &r)) == 0)
		u->is_bundled = true;
	return e == FG_ERR_NOT_FOUND ? 0 : e;
}

/* A name that is not revoked is none to worry about. */
static int
remove_name(struct store *store, const char *name, void *arg)
{
	struct store_revocation removed;
	int e = store_revocation_remove(store, name, daemon_wall_s(), &removed);

	(void)arg;
	return e == FG_ERR_NOT_FOUND ? 0 : e;
}

#define UNREVOKE_ELSEWHERE                                                 \
	"by the bundle in force: unrevoke on the host that signs it, and " \
	"import its next one"

/* As of an exception that is not there. */
static void
unrevoke_not_found(struct control_job *job, const struct unrevoke *u)
{
	const char *user = json_get_string(job->args, "user", "");

	if (u->is_bundled)
		control_problem(job, "%s is revoked " UNREVOKE_ELSEWHERE, user);
	else
		control_problem(job,
		    "%s is not revoked by farmgatectl revoke; see farmgatectl "
		    "person for the status in the inventory",
		    user);
	control_not_found(job);
}

/*
 * Recorded first: nobody gets in again without a trace. False: it was not done,
 * and that was answered.
 */
static bool
unrevoke_names(struct control_job *job, const struct store_revocation *r,
    const struct person *person, name_fn fn)
{
	int e;

	if (control_record_revocation(job, "unrevoke", r, person) != 0) {
		control_unrecorded(job, "the revocation stays");
		return false;
	}
	if ((e = each_name(job, person, fn, NULL)) != 0) {
		control_failed(job, "revocations", e);
		return false;
	}
	daemon_changed(job->daemon);
	return true;
}

static void
unrevoke_found(struct control_job *job, const struct unrevoke *u,
    const struct person *person)
{
	struct json *json;

	if (!unrevoke_names(job, &u->own, person, remove_name))
		return;
	json = json_new();
	control_revocation_set(json, &u->own);
	if (u->is_bundled)
		json_set_string(json, "warning",
		    "access stays revoked " UNREVOKE_ELSEWHERE);
	control_warn_kept(json, job->daemon->store, person->user);
	control_answer(job, json, CONTROL_OK);
}

static int
say_none(struct store *store, const char *name, void *arg)
{
	(void)arg;
	return store_revocation_none(store, name, daemon_wall_s());
}

/* Others may keep out whom this host knows nothing of any more. */
static void
unrevoke_for_others(struct control_job *job, const struct person *person)
{
	struct store_revocation none = { .at_s = daemon_wall_s() };
	struct json *json;

	memcpy(none.user, person->user, sizeof(none.user));
	if (!unrevoke_names(job, &none, person, say_none))
		return;
	json = json_new();
	json_set_untrusted(json, "user", person->user);
	json_set_string(json, "warning",
	    "not revoked here; the next bundle says that access was given "
	    "back");
	control_answer(job, json, CONTROL_OK);
}

void
control_unrevoke(struct control_job *job)
{
	static struct person person;
	struct unrevoke u = { .is_own = false };
	bool known, signs;
	int e;

	if (!find_person(job, &person, &known)) {
		control_refuse(job);
		return;
	}
	if ((e = each_name(job, &person, find_name, &u)) != 0 ||
	    (e = store_has_signed(job->daemon->store, &signs)) != 0)
		control_failed(job, "revocations", e);
	else if (u.is_own)
		unrevoke_found(job, &u, &person);
	else if (signs && !u.is_bundled)
		unrevoke_for_others(job, &person);
	else
		unrevoke_not_found(job, &u);
}

/* ---- list -------------------------------------------------------------- */

static int
list_one(const struct store_revocation *r, void *arg)
{
	struct control_out *out = arg;
	struct json *json = json_new();

	control_revocation_set(json, r);
	control_out_json(out, json);
	return out->failed ? FG_ERR_SYSTEM : 0;
}

static int
list_all(struct store *store, void *arg)
{
	return store_revocations_each(store, list_one, arg);
}

static int
list_run(int out_fd, void *arg)
{
	return control_out_list(out_fd, arg, list_all, "revocations");
}

void
control_revocations(struct control_job *job)
{
	control_work(job, list_run, control_finished, REVOKE_LIST_MS);
}
