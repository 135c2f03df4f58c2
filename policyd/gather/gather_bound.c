/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To which asset the SSH key is bound that was used. sshd says so to account
 * only of the keys before the last one; of a login by key alone it is known at
 * its open.
 */
#include "policyd/gather/gather.h"

#include <stddef.h>
#include <string.h>

#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

struct search {
	struct store *store;
	struct facts *facts;
	struct fact_asset best; /* of one name's */
	size_t n; /* how many it has */
};

/* Of several the person's own counts, and before the others' what is nobody's;
 * but a key that is on a lost laptop is whoever's who has found it. */
static unsigned int
worth(const struct fact_asset *asset)
{
	if (asset->status == ASSET_LOST)
		return 5;
	switch (asset->standing) {
	case ASSET_OWN:
		return 4;
	case ASSET_NOBODYS:
		return 3;
	case ASSET_OTHERS:
		return 2;
	case ASSET_STANDING_NONE:
		break;
	}
	return 1;
}

static int
take_bound(const struct asset *asset, void *arg)
{
	struct search *search = arg;
	struct fact_asset found;

	gather_asset(asset, search->facts, &found);
	if (search->n == 0 || worth(&found) > worth(&search->best))
		search->best = found;
	search->n++;
	return search->n > FACT_BOUND_MAX;
}

/* A login waits for it: what many have, as the key of an image that they were
 * made from, tells none of them. */
static int
take_name(struct search *search, const char *name)
{
	struct fact_bound *fact = &search->facts->bound;
	int r;

	search->n = 0;
	if (name[0] == '\0')
		return 0;
	if ((r = store_assets_of_key(search->store, name, take_bound,
		 search)) != 0)
		return r;
	if (search->n > FACT_BOUND_MAX) {
		fact->many = true;
		return 0;
	}
	if (search->n > 0 &&
	    (fact->state != FACT_KNOWN ||
		worth(&search->best) > worth(&fact->asset))) {
		fact->asset = search->best;
		fact->state = FACT_KNOWN;
	}
	return 0;
}

/* By the key itself, its certificate's id, and each of its principals. */
static int
take_key(struct search *search, const struct ssh_key *key)
{
	char name[sizeof(SSH_PRINCIPAL_PREFIX) + PERSON_KEY_MAX];
	int r;

	if ((r = take_name(search, key->fingerprint)) != 0 ||
	    (r = take_name(search, key->id)) != 0)
		return r;
	for (size_t i = 0; i < key->nprincipals; i++) {
		(void)text_format(name, sizeof(name), SSH_PRINCIPAL_PREFIX "%s",
		    key->principal[i]);
		if ((r = take_name(search, name)) != 0)
			return r;
	}
	return 0;
}

static int
count_own(const struct asset *asset, void *arg)
{
	struct fact_bound *fact = arg;

	if (asset->status != ASSET_ISSUED)
		return 0;
	fact->assets++;
	if (asset->nkeys > 0)
		fact->with_keys++;
	return fact->assets == FACT_BOUND_OWN_MAX;
}

static int
look_up(struct store *store, struct facts *facts)
{
	struct search search = { .store = store, .facts = facts };
	struct fact_bound *fact = &facts->bound;
	const struct ssh_keys *keys = &facts->login.keys;
	int r;

	fact->state = FACT_UNKNOWN;
	for (size_t i = 0; i < keys->n; i++)
		if ((r = take_key(&search, &keys->list[i])) != 0)
			return r;
	if (fact->state == FACT_KNOWN &&
	    (r = gather_shipped(store, facts, &fact->asset)) != 0)
		return r;
	if (keys->n > 0)
		memcpy(fact->key, keys->list[0].fingerprint, sizeof(fact->key));
	fact->unread = facts->login.key_state == FACT_ERROR;
	if (facts->person.state != FACT_KNOWN)
		return 0;
	return store_assets_of_user(store, facts->person.person.user, count_own,
	    fact);
}

/* Only what sshd says counts, and it says which connection it is of. */
static bool
is_told(const struct facts *facts)
{
	return facts->kind == SERVICE_REMOTE &&
	    facts->login.ssh_connection[0] != '\0' &&
	    gather_is_told_of_keys(facts);
}

void
gather_bound(struct store *store, struct facts *facts)
{
	struct fact_bound *fact = &facts->bound;
	enum fact_state state;

	memset(fact, 0, sizeof(*fact));
	if (store == NULL || !is_told(facts) ||
	    (state = gather_assets(store)) == FACT_NONE)
		return;
	if (state == FACT_KNOWN && look_up(store, facts) == 0)
		return;
	memset(fact, 0, sizeof(*fact));
	fact->state = FACT_ERROR;
}
