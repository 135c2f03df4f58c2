/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One-time codes for administrators: enrol, verify, remove, new recovery codes,
 * reset. A seed is made here, and goes out once, to whoever enrols. It is worth
 * nothing before a code of it was seen; and without a record nobody gets
 * anything that lets them in.
 */
#include <string.h>
#include <sys/utsname.h>

#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/stepup/keyring.h"
#include "policyd/stepup/recovery.h"
#include "policyd/text.h"
#include "proto/result.h"

_Static_assert(KEYRING_SEALED_SIZE <= STORE_SEALED_MAX + 1,
    "a sealed seed does not fit the store");

/* ---- whose -------------------------------------------------------------- */

static bool
totp_has_keyring(struct control_job *job)
{
	const struct daemon *daemon = job->daemon;

	if (daemon->keyring != NULL)
		return true;
	control_problem(job, "the key of one-time codes cannot be used: %s",
	    daemon->keyring_problem != NULL ? daemon->keyring_problem :
					      "out of memory");
	return false;
}

/* As fact_who() has it: the entry's name, else the account's. */
static bool
totp_find_who(struct control_job *job, char ret_who[FG_USER_MAX + 1],
    bool *ret_known)
{
	const char *user = json_get_string(job->args, "user", "");
	static struct person person;
	int r;

	r = control_find_person(job->daemon->store, user, &person);
	*ret_known = r == 0;
	if (r != 0 && r != FG_ERR_NOT_FOUND) {
		control_problem(job, "inventory: %s", text_error(r));
		return false;
	}
	(void)text_copy(ret_who, FG_USER_MAX + 1, r == 0 ? person.user : user);
	return true;
}

/* The one in use, else the one that waits. */
static int
totp_get_any(struct store *store, const char *who, struct store_totp *ret_t)
{
	int r = store_totp_get(store, who, true, ret_t);

	return r == FG_ERR_NOT_FOUND ?
	    store_totp_get(store, who, false, ret_t) :
	    r;
}

/*
 * What there is of them. The inventory may have named them otherwise when they
 * were enrolled: then it is found by that name. False: that was answered.
 */
static bool
totp_find(struct control_job *job, struct store_totp *ret_t)
{
	const char *user = json_get_string(job->args, "user", "");
	char who[FG_USER_MAX + 1];
	bool known;
	int r;

	if (!totp_find_who(job, who, &known)) {
		control_refuse(job);
		return false;
	}
	r = totp_get_any(job->daemon->store, who, ret_t);
	if (r == FG_ERR_NOT_FOUND)
		r = totp_get_any(job->daemon->store, user, ret_t);
	if (r == 0)
		return true;
	if (r == FG_ERR_NOT_FOUND) {
		control_problem(job,
		    "%s is not enrolled; farmgatectl totp list shows who is",
		    who);
		control_not_found(job);
	} else {
		control_failed(job, "enrolments", r);
	}
	return false;
}

/* The same where only one in use will do. */
static bool
totp_find_active(struct control_job *job, struct store_totp *ret_t)
{
	if (!totp_find(job, ret_t))
		return false;
	if (ret_t->active)
		return true;
	control_problem(job,
	    "the enrolment of %s waits for its first code; run farmgatectl "
	    "totp enrol again",
	    ret_t->person);
	control_refuse(job);
	return false;
}

bool
control_totp_check(struct control_job *job)
{
	return control_text(job, "user", FG_USER_MAX) != NULL;
}

/* ---- enrol -------------------------------------------------------------- */

static bool
enrol_take(struct control_job *job, struct store_totp *t)
{
	const char *name = json_get_string(job->args, "algorithm", "sha1");
	int64_t digits = json_get_int(job->args, "digits", 6);

	memset(t, 0, sizeof(*t));
	t->last_step = -1;
	t->made_s = daemon_wall_s();
	t->algorithm = totp_algorithm_by_name(name);
	t->digits = digits == 6 || digits == 8 ? (unsigned int)digits : 0;
	if (t->algorithm == TOTP_NONE)
		control_problem(job,
		    "there is no algorithm %s; write sha1, sha256 or sha512",
		    name);
	else if (t->digits == 0)
		control_problem(job, "codes have 6 digits, or 8");
	else
		return true;
	return false;
}

bool
control_totp_enrol_check(struct control_job *job)
{
	struct store_totp t;

	return control_totp_check(job) && enrol_take(job, &t);
}

/* One in use is replaced on purpose only: it may be the user's own. */
static bool
enrol_is_free(struct control_job *job, const char *who)
{
	struct store_totp t;
	int r;

	if (json_get_bool(job->args, "replace", false))
		return true;
	r = store_totp_get(job->daemon->store, who, true, &t);
	if (r == FG_ERR_NOT_FOUND)
		return true;
	if (r == 0)
		control_problem(job,
		    "%s is enrolled already; with --replace the new one takes "
		    "its place as soon as its first code is verified",
		    who);
	else
		control_problem(job, "enrolments: %s", text_error(r));
	return false;
}

/* What is told once. The seed is in the keyring's room. */
static int
enrol_answer(struct json *json, const struct store_totp *t,
    const struct totp_seed *seed)
{
	char uri[TOTP_URI_SIZE], base32[TOTP_BASE32_SIZE];
	struct utsname host;
	int r;

	if (uname(&host) != 0)
		return FG_ERR_SYSTEM;
	if ((r = totp_base32(seed->bytes, seed->len, base32)) == 0 &&
	    (r = totp_uri(seed, host.nodename, t->person, uri)) == 0) {
		json_set_string(json, "uri", uri);
		json_set_string(json, "secret", base32);
	}
	crypto_wipe(uri, sizeof(uri));
	crypto_wipe(base32, sizeof(base32));
	return r;
}

static int
enrol_make(struct control_job *job, struct store_totp *t, struct json *json)
{
	struct keyring *keyring = job->daemon->keyring;
	struct totp_seed seed = { .algorithm = t->algorithm,
		.digits = t->digits };
	int r;

	seed.len = totp_seed_len(t->algorithm);
	seed.bytes = keyring_new_seed(keyring, seed.len);
	keyring_seal(keyring, t->sealed);
	r = enrol_answer(json, t, &seed);
	keyring_wipe(keyring);
	return r != 0 ? r : store_totp_put(job->daemon->store, t);
}

static void
enrol_made(struct control_job *job, const struct store_totp *t,
    struct json *json, bool known)
{
	if (control_record_totp(job, "enrol", t) != 0) {
		json_free(json);
		if (store_totp_withdraw(job->daemon->store, t->person) != 0)
			log_crit("totp: the enrolment of %s waits, and is not "
				 "in the audit log",
			    t->person);
		control_unrecorded(job, "nobody is enrolled");
		return;
	}
	control_totp_set(json, t);
	json_set_int(json, "until", t->made_s + CONTROL_TOTP_WAIT_S);
	control_set_known(json, known, "the enrolment is for");
	control_answer(job, json, CONTROL_OK);
}

void
control_totp_enrol(struct control_job *job)
{
	struct store_totp t;
	struct json *json;
	bool known;
	int r;

	if (!totp_has_keyring(job) || !enrol_take(job, &t) ||
	    !totp_find_who(job, t.person, &known) ||
	    !enrol_is_free(job, t.person)) {
		control_refuse(job);
		return;
	}
	t.by_uid = job->by.uid;
	t.by_loginuid = job->by.loginuid;
	json = json_new();
	if ((r = enrol_make(job, &t, json)) == 0) {
		enrol_made(job, &t, json, known);
		return;
	}
	json_free(json);
	control_failed(job, "enrolments", r);
}

/* ---- recovery codes ----------------------------------------------------- */

/* New ones: into json what is told once, their hashes for the store. */
static void
recovery_make(struct json *json, struct store_recovery *ret_hashes)
{
	struct json *list = json_set_array(json, "recovery");
	char code[RECOVERY_CODE_SIZE];

	ret_hashes->n = STORE_RECOVERY_CODES;
	for (size_t i = 0; i < STORE_RECOVERY_CODES; i++) {
		recovery_new(code, ret_hashes->hash[i]);
		json_add_string(list, code);
	}
	crypto_wipe(code, sizeof(code));
}

/* Recorded first, as all that lets somebody in. */
static void
recovery_hand_out(struct control_job *job, const char *action,
    const struct store_totp *t, int64_t step)
{
	struct store *store = job->daemon->store;
	struct store_recovery hashes;
	struct json *json;
	size_t old;
	int r;

	if (control_record_totp(job, action, t) != 0) {
		control_unrecorded(job, "nothing was changed");
		return;
	}
	json = json_new();
	control_totp_set(json, t);
	recovery_make(json, &hashes);
	r = store_recovery_count(store, t->person, &old);
	if (r == 0)
		r = step < 0 ?
		    store_recovery_replace(store, t->person, &hashes) :
		    store_totp_activate(store, t->person, step, &hashes);
	json_set_int(json, "replaced", (int64_t)old);
	if (r != 0) {
		json_free(json);
		control_failed(job, "enrolments", r);
		return;
	}
	daemon_changed(job->daemon);
	control_answer(job, json, CONTROL_OK);
}

void
control_totp_recovery(struct control_job *job)
{
	struct store_totp t;

	if (totp_find_active(job, &t))
		recovery_hand_out(job, "recovery", &t, -1);
}

/* ---- verify ------------------------------------------------------------- */

bool
control_totp_verify_check(struct control_job *job)
{
	return control_totp_check(job) && control_text(job, "code", 64) != NULL;
}

/* The enrolment that waits. False after control_problem(). */
static bool
verify_find(struct control_job *job, struct store_totp *ret_t)
{
	char who[FG_USER_MAX + 1];
	bool known;
	int r;

	if (!totp_has_keyring(job) || !totp_find_who(job, who, &known))
		return false;
	r = store_totp_get(job->daemon->store, who, false, ret_t);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		control_problem(job, "enrolments: %s", text_error(r));
	else if (r != 0)
		control_problem(job,
		    "no enrolment of %s waits for a code; begin anew", who);
	else if (!control_totp_waits(ret_t))
		control_problem(job,
		    "the enrolment of %s is older than 10 minutes and worth "
		    "nothing; begin anew",
		    ret_t->person);
	else
		return true;
	return false;
}

static int
verify_code(struct control_job *job, const struct store_totp *t,
    int64_t *ret_step)
{
	const char *code = json_get_string(job->args, "code", "");
	struct keyring *keyring = job->daemon->keyring;
	struct totp_seed seed = { .algorithm = t->algorithm,
		.digits = t->digits };
	int r;

	*ret_step = -1;
	if ((r = keyring_unseal(keyring, t->sealed, &seed.bytes, &seed.len)) ==
	    0)
		r = totp_find_step(&seed, code, strlen(code), daemon_wall_s(),
		    ret_step);
	keyring_wipe(keyring);
	return r;
}

void
control_totp_verify(struct control_job *job)
{
	struct store_totp t;
	int64_t step;
	int r;

	if (!verify_find(job, &t)) {
		control_refuse(job);
		return;
	}
	if ((r = verify_code(job, &t, &step)) == FG_ERR_NOT_FOUND) {
		control_problem(job,
		    "this is not the code of now; are the clocks of this host "
		    "and of the application right?");
		control_not_found(job);
	} else if (r != 0) {
		control_failed(job, "the seed", r);
	} else {
		t.active = true;
		recovery_hand_out(job, "verify", &t, step);
	}
}

/* ---- withdraw ----------------------------------------------------------- */

/*
 * The enrolment that was made then was given up. No record: it was worth
 * nothing yet, and one that grows too old leaves none, either.
 */
void
control_totp_withdraw(struct control_job *job)
{
	struct store *store = job->daemon->store;
	struct store_totp t;
	char who[FG_USER_MAX + 1];
	struct json *json;
	bool known;
	int r;

	if (!totp_find_who(job, who, &known)) {
		control_refuse(job);
		return;
	}
	r = store_totp_get(store, who, false, &t);
	if (r == FG_ERR_NOT_FOUND ||
	    (r == 0 && t.made_s != json_get_int(job->args, "made", -1))) {
		control_problem(job, "that enrolment does not wait any more");
		control_not_found(job);
	} else if (r != 0 || (r = store_totp_withdraw(store, who)) != 0) {
		control_failed(job, "enrolments", r);
	} else {
		json = json_new();
		control_totp_set(json, &t);
		json_set_string(json, "state", "withdrawn");
		control_answer(job, json, CONTROL_OK);
	}
}

/* ---- remove, reset ------------------------------------------------------ */

/* It stands without its record: it permits nothing. */
void
control_totp_remove(struct control_job *job)
{
	struct store_totp t;
	struct json *json;
	int r;

	if (!totp_find(job, &t))
		return;
	if ((r = store_totp_remove(job->daemon->store, t.person)) != 0) {
		control_failed(job, "enrolments", r);
		return;
	}
	json = json_new();
	control_totp_set(json, &t);
	control_set_removed(job, json);
	if ((r = control_record_totp(job, "remove", &t)) != 0)
		json_set_string(json, "error", CONTROL_UNRECORDED);
	control_answer(job, json, r == 0 ? CONTROL_OK : CONTROL_ERROR);
}

/* Codes that were spent while the clock was ahead count again later. */
void
control_totp_reset(struct control_job *job)
{
	struct store_totp t;
	struct json *json;
	int r;

	if (!totp_find_active(job, &t))
		return;
	if (control_record_totp(job, "reset", &t) != 0) {
		control_unrecorded(job, "nothing was changed");
		return;
	}
	r = store_totp_reset(job->daemon->store, t.person,
	    totp_step(daemon_wall_s()));
	if (r != 0) {
		control_failed(job, "enrolments", r);
		return;
	}
	daemon_changed(job->daemon);
	json = json_new();
	control_totp_set(json, &t);
	control_answer(job, json, CONTROL_OK);
}
