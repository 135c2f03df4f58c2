/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets that are kept, or were sent, far from the home of somebody whom they
 * were issued to: what a login with one would find (check_device_place.c), of
 * all of them, and before there is any.
 */
#include "policyd/control/control_asset.h"
#include "policyd/device/home.h"
#include "policyd/store/store_person.h"
#include "proto/result.h"

struct looking {
	struct store *store;
	control_asset_far_fn fn;
	void *arg;
	int failed;
};

/* The first place is one enough. */
static bool
find_far(const struct asset *asset, const struct person *person,
    struct control_asset_far *far)
{
	far->asset = asset;
	far->user = person->user;
	far->sent = !home_is_far(person, &asset->location, 0, &far->km);
	far->place = far->sent ? &asset->shipped_to : &asset->location;
	return !far->sent || home_is_far(person, far->place, 0, &far->km);
}

static int
look_at(struct looking *looking, const struct asset *asset, const char *user)
{
	struct control_asset_far far;
	static struct person person;
	int r;

	r = store_person_by_user(looking->store, user, &person);
	if (r == FG_ERR_NOT_FOUND)
		return 0;
	if (r == 0 && find_far(asset, &person, &far))
		r = looking->fn(&far, looking->arg);
	return r;
}

static int
look(const struct asset *asset, void *arg)
{
	struct looking *looking = arg;

	if (asset->status != ASSET_ISSUED ||
	    (!asset->location.has_point && !asset->shipped_to.has_point))
		return 0;
	for (size_t i = 0; i < asset->nusers && looking->failed == 0; i++)
		looking->failed = look_at(looking, asset, asset->user[i]);
	return looking->failed;
}

int
control_asset_each_far(struct store *store, control_asset_far_fn fn, void *arg)
{
	struct looking looking = { .store = store, .fn = fn, .arg = arg };
	int r = store_assets_each(store, look, &looking);

	return r != 0 ? r : looking.failed;
}
