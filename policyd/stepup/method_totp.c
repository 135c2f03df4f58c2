/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One answer judged: found first, then spent, and only what was spent passes.
 * The store spends in one statement, so that of many who have one code one is
 * let in.
 */
#include "policyd/stepup/method_totp.h"

#include <string.h>

#include "policyd/stepup/recovery.h"
#include "proto/result.h"

/* What the seed of nobody looks like. */
#define DUMMY_DIGITS 6u

struct judged {
	struct store_totp row; /* .person[0] is NUL: not enrolled */
	int64_t step; /* which step's code it is, or -1 */
	bool is_recovery; /* it has the form of one */
	char hash[CRYPTO_HEX_SIZE];
};

int
method_totp_enrolled(struct store *store, const char *person,
    bool *ret_enrolled)
{
	struct store_totp t;
	int r = store_totp_get(store, person, true, &t);

	*ret_enrolled = r == 0;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* Why it is STEPUP_ERROR, or NULL if r is none of the store's. */
static const char *
store_why(int r)
{
	switch (r) {
	case FG_ERR_BUSY:
		return "the store cannot be used: it is locked";
	case FG_ERR_SYSTEM:
		return "the store cannot be used: its disk fails";
	case FG_ERR_FORMAT:
		return "the store cannot be used: it is damaged";
	case FG_ERR_NOMEM:
		return "the store cannot be used: there is no memory";
	default:
		return "the store cannot be used";
	}
}

/* ---- what it is --------------------------------------------------------- */

/* The person's seed, or for somebody without one a seed that nobody has. */
static int
take_seed(const struct totp_login *login, const struct store_totp *row,
    struct totp_seed *ret_seed)
{
	*ret_seed = (struct totp_seed){ .algorithm = TOTP_SHA1,
		.digits = DUMMY_DIGITS };
	if (row->person[0] == '\0') {
		ret_seed->len = totp_seed_len(TOTP_SHA1);
		ret_seed->bytes =
		    keyring_new_seed(login->keyring, ret_seed->len);
		return 0;
	}
	ret_seed->algorithm = row->algorithm;
	ret_seed->digits = row->digits;
	return keyring_unseal(login->keyring, row->sealed, &ret_seed->bytes,
	    &ret_seed->len);
}

/* Returns 0, FG_ERR_NOT_FOUND, or an error after *ret_why was set. */
static int
find_step(const struct totp_login *login, const void *text, size_t len,
    struct judged *j, const char **ret_why)
{
	struct totp_seed seed;
	int r;

	if ((r = take_seed(login, &j->row, &seed)) != 0) {
		*ret_why = "the seed was sealed with another key, or is "
			   "damaged; enrol the user anew";
		return r;
	}
	r = totp_find_step(&seed, text, len, login->at_s, &j->step);
	keyring_wipe(login->keyring);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		*ret_why = "the code could not be computed";
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
judge(const struct totp_login *login, const void *text, size_t len,
    struct judged *j, const char **ret_why)
{
	int r;

	memset(j, 0, sizeof(*j));
	j->step = -1;
	r = store_totp_get(login->store, login->person, true, &j->row);
	if (r != 0 && r != FG_ERR_NOT_FOUND) {
		*ret_why = store_why(r);
		return r;
	}
	j->is_recovery = recovery_hash(text, len, j->hash);
	return find_step(login, text, len, j, ret_why);
}

/* ---- spending it -------------------------------------------------------- */

static enum stepup_result
spend_recovery(const struct totp_login *login, const struct judged *j,
    const char **ret_why)
{
	int r = store_recovery_take(login->store, login->person, j->hash);

	if (r != 0 && r != FG_ERR_NOT_FOUND) {
		*ret_why = store_why(r);
		return STEPUP_ERROR;
	}
	if (r != 0 || j->row.person[0] == '\0') {
		*ret_why = j->row.person[0] == '\0' ?
		    "not enrolled" :
		    "wrong recovery code, or one that was used before";
		return STEPUP_FAILED;
	}
	*ret_why = "a recovery code";
	return STEPUP_PASSED;
}

static enum stepup_result
spend_step(const struct totp_login *login, const struct judged *j,
    const char **ret_why)
{
	int r;

	if (j->step <= j->row.last_step)
		r = FG_ERR_NOT_FOUND;
	else
		r = store_totp_advance(login->store, login->person, j->step);
	if (r == 0) {
		*ret_why = "a one-time code";
		return STEPUP_PASSED;
	}
	*ret_why = r == FG_ERR_NOT_FOUND ?
	    "this code, or a later one, was used before" :
	    store_why(r);
	return r == FG_ERR_NOT_FOUND ? STEPUP_FAILED : STEPUP_ERROR;
}

/* Every code until then would be taken for a replay. */
static bool
is_behind(const struct totp_login *login, const struct judged *j)
{
	return j->row.last_step > totp_step(login->at_s) + TOTP_WINDOW;
}

static enum stepup_result
spend(const struct totp_login *login, const struct judged *j,
    const char **ret_why)
{
	if (j->is_recovery)
		return spend_recovery(login, j, ret_why);
	if (j->row.person[0] == '\0')
		*ret_why = "not enrolled";
	else if (is_behind(login, j))
		*ret_why = "the clock was set back, or ahead before; use "
			   "another method or farmgatectl totp reset";
	else if (j->step < 0)
		*ret_why = "wrong code";
	else
		return spend_step(login, j, ret_why);
	return STEPUP_FAILED;
}

enum stepup_result
method_totp_answer(const struct totp_login *login, const void *text, size_t len,
    const char **ret_why)
{
	enum stepup_result result = STEPUP_ERROR;
	struct judged j;

	if (login->store == NULL) {
		*ret_why = "the store cannot be used: it is not open";
		return STEPUP_ERROR;
	}
	if (login->keyring == NULL) {
		*ret_why = "the key of the seeds cannot be used; see "
			   "farmgatectl status";
		return STEPUP_ERROR;
	}
	if (judge(login, text, len, &j, ret_why) == 0)
		result = spend(login, &j, ret_why);
	crypto_wipe(j.hash, sizeof(j.hash));
	return result;
}
