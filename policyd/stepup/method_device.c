/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One answer opened, held against its challenge, and its laptop looked up. From
 * the first line on every byte is the user's, until the signature is right.
 */
#include "policyd/stepup/method_device.h"

#include <string.h>
#include <time.h>

#include "policyd/gather/gather.h"
#include "policyd/store/store_asset.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/witness/answer.h"
#include "policyd/witness/host_key.h"
#include "proto/result.h"

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* always there */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- whether there is anything to ask ----------------------------------- */

struct search {
	struct store *store;
	int64_t at_s;
	bool lost;
	bool found;
	int r;
};

static int
take_enrolment(const struct store_enrolment *e, void *arg)
{
	struct search *search = arg;

	switch (store_enrolment_state(e, search->at_s, search->lost)) {
	case STORE_ENROLMENT_ENROLLED:
	case STORE_ENROLMENT_PENDING:
		search->found = true;
		return 1;
	case STORE_ENROLMENT_NONE:
	case STORE_ENROLMENT_REPLACED:
	case STORE_ENROLMENT_REVOKED:
	case STORE_ENROLMENT_UNCERTAIN:
		break;
	}
	return 0;
}

static int
take_asset(const struct asset *asset, void *arg)
{
	struct search *search = arg;

	search->r = store_enrolments_of(search->store, asset->tag,
	    take_enrolment, search);
	return search->r != 0 || search->found;
}

int
method_device_enrolled(struct store *store, const char *person, int64_t at_s,
    bool *ret_enrolled)
{
	struct search search = { .store = store, .at_s = at_s };
	struct store_outline outline;
	int r;

	*ret_enrolled = false;
	if ((r = store_outline(store, &outline)) != 0)
		return r;
	search.lost = outline.enrolments_lost;
	if ((r = store_assets_of_user(store, person, take_asset, &search)) != 0)
		return r;
	*ret_enrolled = search.found;
	return search.r;
}

struct revoked {
	struct store *store;
	struct store_enrolment *e; /* the latest as yet; no .key: none */
	int r;
};

static int
take_revoked(const struct store_enrolment *e, void *arg)
{
	struct revoked *revoked = arg;

	if (e->revoked_s != STORE_NEVER_S &&
	    (revoked->e->key[0] == '\0' ||
		e->revoked_s > revoked->e->revoked_s))
		*revoked->e = *e;
	return 0;
}

static int
take_revoked_of(const struct asset *asset, void *arg)
{
	struct revoked *revoked = arg;

	revoked->r = store_enrolments_of(revoked->store, asset->tag,
	    take_revoked, revoked);
	return revoked->r;
}

int
method_device_revoked(struct store *store, const char *person,
    struct store_enrolment *ret_e)
{
	struct revoked revoked = { .store = store, .e = ret_e };
	int r;

	memset(ret_e, 0, sizeof(*ret_e));
	if ((r = store_assets_of_user(store, person, take_revoked_of,
		 &revoked)) != 0)
		return r;
	if (revoked.r != 0)
		return revoked.r;
	return ret_e->key[0] == '\0' ? FG_ERR_NOT_FOUND : 0;
}

static bool
counts(enum store_enrolment_state state)
{
	return state == STORE_ENROLMENT_ENROLLED ||
	    state == STORE_ENROLMENT_PENDING;
}

/* ---- asking -------------------------------------------------------------- */

const char *
method_device_prompt(struct device_login *login, char buf[TOKEN_PROMPT_SIZE])
{
	memset(&login->token, 0, sizeof(login->token));
	login->issued_ms = now_ms();
	if (login->host != NULL && key_file_public(login->host) != NULL)
		(void)token_make(key_file_public(login->host),
		    &login->token); /* it is zero, which nobody can answer */
	token_prompt(&login->token, buf);
	return buf;
}

/* ---- judging ------------------------------------------------------------- */

/* It is the challenge's, which is over with that whatever it says. */
static int
open_statement(struct device_login *login, const char *text, size_t len,
    struct statement *ret_statement, const char **ret_why)
{
	struct answer_wanted wanted = { .token = login->token,
		.user = login->facts->login.user,
		.issued_ms = login->issued_ms };
	int r;

	memset(&login->token, 0, sizeof(login->token));
	if (login->host == NULL || key_file_secret(login->host) == NULL) {
		*ret_why = "this host has no key that laptops seal to";
		return FG_ERR_NOT_FOUND;
	}
	r = answer_open(text, len, key_file_secret(login->host), ret_statement,
	    ret_why);
	return r != 0 ? r :
			answer_check(ret_statement, &wanted, now_ms(), ret_why);
}

static const char *
state_why(enum store_enrolment_state state)
{
	switch (state) {
	case STORE_ENROLMENT_ENROLLED:
		return "an enrolled laptop has signed";
	case STORE_ENROLMENT_PENDING:
		return "a laptop has signed that is enrolled anew, and does "
		       "not count yet";
	case STORE_ENROLMENT_REPLACED:
		return "the laptop was enrolled anew since, with another key";
	case STORE_ENROLMENT_REVOKED:
		return "the laptop was revoked";
	case STORE_ENROLMENT_UNCERTAIN:
		return "enrolments were lost: enrol the laptop anew, or accept "
		       "the store as it is";
	case STORE_ENROLMENT_NONE:
		break;
	}
	return "the laptop is not enrolled";
}

struct ownership {
	const char *tag;
	bool any;
	bool this;
};

static int
take_own(const struct asset *asset, void *arg)
{
	struct ownership *own = arg;

	if (asset->status != ASSET_ISSUED)
		return 0;
	own->any = true;
	own->this = own->this || strcmp(asset->tag, own->tag) == 0;
	return 0;
}

/*
 * Whose a laptop is that has users is found with the person, and decided by the
 * policy. Of an account that the inventory of people does not have nobody knows
 * that, and of a laptop that is in no inventory: who has some there comes with
 * one of those.
 */
static int
check_owner(struct store *store, const struct facts *facts,
    const struct fact_attested *attested)
{
	struct ownership own = { .tag = attested->asset.tag };
	int r;

	if (!attested->unlisted &&
	    (attested->asset.standing != ASSET_STANDING_NONE ||
		attested->asset.user[0] == '\0'))
		return 0;
	if ((r = store_assets_of_user(store, fact_who(facts), take_own,
		 &own)) != 0)
		return r;
	return own.any && !own.this ? FG_ERR_PEER : 0;
}

bool
method_device_renew(struct store *store, const struct facts *facts,
    struct fact_attested *attested)
{
	struct store_enrolment enrolment;
	enum store_enrolment_state state;

	if (attested->state == FACT_NONE)
		return true;
	return store != NULL &&
	    store_enrolment_find(store, attested->key, facts->at_s, &enrolment,
		&state) == 0 &&
	    counts(state) &&
	    gather_attested_again(store, &enrolment, facts, attested) == 0 &&
	    check_owner(store, facts, attested) == 0;
}

static enum stepup_result
look_up(struct device_login *login, const struct statement *statement,
    const char **ret_why)
{
	const struct facts *facts = login->facts;
	enum store_enrolment_state state;
	struct store_enrolment enrolment;
	struct fact_attested attested;
	char key[KEY_TEXT_SIZE];
	int r;

	key_text(KEY_DEVICE, statement->device_key, key);
	*ret_why = "the store cannot be used";
	if (login->store == NULL)
		return STEPUP_ERROR;
	r = store_enrolment_find(login->store, key, facts->at_s, &enrolment,
	    &state);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return STEPUP_ERROR;
	if (r != 0 || !counts(state)) {
		*ret_why = state_why(r != 0 ? STORE_ENROLMENT_NONE : state);
		return STEPUP_ERROR;
	}
	if ((r = gather_attested(login->store, &enrolment, statement, facts,
		 &attested)) != 0) {
		if (r == FG_ERR_PEER)
			*ret_why = "the inventory has another device key of it";
		return STEPUP_ERROR;
	}
	if ((r = check_owner(login->store, facts, &attested)) != 0) {
		if (r == FG_ERR_PEER)
			*ret_why = attested.unlisted ?
			    "the laptop is in no inventory, where the person "
			    "has others" :
			    "the laptop was issued to somebody else";
		return STEPUP_ERROR;
	}
	gather_site(login->store, statement, facts, login->window_s, &attested);
	attested.pending = state == STORE_ENROLMENT_PENDING;
	login->attested = attested;
	*ret_why = state_why(state);
	return STEPUP_PASSED;
}

enum stepup_result
method_device_answer(struct device_login *login, const char *text, size_t len,
    const char **ret_why)
{
	struct statement statement;

	if (open_statement(login, text, len, &statement, ret_why) != 0)
		return STEPUP_ERROR;
	return look_up(login, &statement, ret_why);
}
