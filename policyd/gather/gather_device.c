/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine that the daemon runs on, held against the asset that the
 * configuration says it is: whose it is, and which of its hardware IDs are
 * those that were issued.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

/* By what another asset would be told: what no two machines have. */
static bool
is_telling(enum hwid_kind kind)
{
	return hwid_weight(kind) > hwid_weight(HWID_MAC);
}

struct twin {
	const char *own; /* the tag that the machine is said to have */
	char *tag; /* of another asset, or "" */
};

static int
take_twin(const struct asset *asset, void *arg)
{
	struct twin *twin = arg;

	if (strcmp(asset->tag, twin->own) == 0)
		return 0;
	(void)text_copy(twin->tag, FACT_ASSET_MAX + 1, asset->tag);
	return 1;
}

/* The strongest ID comes first: they are in the order of their kinds. */
static int
find_twin(struct store *store, const struct identity *identity,
    struct fact_device *fact)
{
	struct twin twin = { .own = fact->asset.tag, .tag = fact->twin };
	int r = 0;

	for (size_t i = 0; i < identity->ids.n && r == 0 && twin.tag[0] == '\0';
	     i++)
		if (is_telling(identity->ids.list[i].kind))
			r = store_assets_of_hwid(store, &identity->ids.list[i],
			    take_twin, &twin);
	return r;
}

/* All of it or nothing: an error leaves no half of a fact. */
static int
look_up(struct store *store, const struct identity *identity, const char *tag,
    struct facts *facts)
{
	struct fact_device *fact = &facts->device;
	struct hwid_digests issued;
	struct asset asset;
	int r;

	if ((r = store_asset_by_tag(store, tag, &asset)) != 0)
		return r;
	gather_asset(&asset, facts, &fact->asset);
	if ((r = gather_shipped(store, facts, &fact->asset)) != 0)
		return r;
	hwids_digest(&asset.ids, &issued);
	compare_hwids(&identity->digests, &issued, &fact->compared);
	/* Root and services get it ready, and wipe one that was found again. */
	if (!gather_may_have_assets(&facts->person))
		fact->asset.standing = ASSET_STANDING_NONE;
	return find_twin(store, identity, fact);
}

void
gather_device(const struct conf *conf, struct store *store,
    const struct identity *identity, struct facts *facts)
{
	struct fact_device *fact = &facts->device;
	const char *tag = conf->machine.asset;
	enum fact_state state;
	int r = 0;

	memset(fact, 0, sizeof(*fact));
	if (store == NULL || tag == NULL || identity == NULL ||
	    facts->kind == SERVICE_EXEMPT ||
	    (state = gather_assets(store)) == FACT_NONE)
		return;
	if (state == FACT_KNOWN &&
	    (r = look_up(store, identity, tag, facts)) != 0)
		memset(fact, 0, sizeof(*fact));
	(void)text_copy(fact->asset.tag, sizeof(fact->asset.tag), tag);
	fact->state = state;
	if (r != 0)
		fact->state = r == FG_ERR_NOT_FOUND ? FACT_UNKNOWN : FACT_ERROR;
}
