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
	int r; /* of what went wrong */
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
	struct fact_bound *fact = &search->facts->bound;
	struct fact_asset found;

	search->r = gather_asset(search->store, asset, search->facts, &found);
	if (search->r != 0)
		return 1;
	if (fact->state != FACT_KNOWN || worth(&found) > worth(&fact->asset))
		fact->asset = found;
	fact->state = FACT_KNOWN;
	return 0;
}

static int
take_name(struct search *search, const char *name)
{
	int r;

	if (name[0] == '\0')
		return 0;
	r = store_assets_of_key(search->store, name, take_bound, search);
	return r != 0 ? r : search->r;
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
	return 0;
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
