/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An asset of the inventory, seen from a login: what it is, where it should be,
 * and whether it was issued to the person. What the machine and the key have in
 * common.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store_asset.h"
#include "policyd/text.h"

_Static_assert(FACT_ASSET_MAX == ASSET_TAG_MAX, "a tag fits");

bool
gather_may_have_assets(const struct fact_person *fact)
{
	return fact->state == FACT_KNOWN && !fact->nobody &&
	    (fact->person.kind == PERSON_KIND_PERSON ||
		fact->person.kind == PERSON_KIND_VENDOR);
}

static enum asset_standing
standing_of(const struct asset *asset, const struct fact_person *person)
{
	if (asset->status != ASSET_ISSUED)
		return ASSET_NOBODYS;
	if (asset->nusers == 0 || !gather_may_have_assets(person))
		return ASSET_STANDING_NONE;
	return asset_has_user(asset, person->person.user) ? ASSET_OWN :
							    ASSET_OTHERS;
}

void
gather_asset(const struct asset *asset, const struct facts *facts,
    struct fact_asset *ret_asset)
{
	memset(ret_asset, 0, sizeof(*ret_asset));
	(void)text_copy(ret_asset->tag, sizeof(ret_asset->tag), asset->tag);
	ret_asset->form = asset->form;
	ret_asset->status = asset->status;
	ret_asset->standing = standing_of(asset, &facts->person);
	if (asset->nusers > 0)
		(void)text_copy(ret_asset->user, sizeof(ret_asset->user),
		    asset->user[0]);
	ret_asset->location = asset->location;
	ret_asset->shipped_to = asset->shipped_to;
}

int
gather_shipped(struct store *store, const struct facts *facts,
    struct fact_asset *asset)
{
	if (asset->shipped_to.text[0] == '\0')
		return 0;
	return store_assets_shipped_beside(store, asset->shipped_to.text,
	    fact_who(facts), &asset->shipped_people);
}

enum fact_state
gather_assets(struct store *store)
{
	struct store_outline outline;

	if (store_outline(store, &outline) != 0 || outline.assets_lost)
		return FACT_ERROR;
	return outline.assets ? FACT_KNOWN : FACT_NONE;
}
