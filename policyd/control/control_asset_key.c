/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets whose device key in the inventory is another one than what is enrolled
 * for them: the laptop that signs is then nobody's, whoever is right.
 */
#include <string.h>
#include <time.h>

#include "policyd/control/control_asset.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/text.h"
#include "proto/result.h"

struct keys {
	const struct asset *asset;
	int64_t now_s;
	bool same; /* one that counts is the inventory's */
	char other[KEY_TEXT_SIZE]; /* one that counts, the latest; or "" */
};

/* While a laptop is made anew it has two. */
static int
take_key(const struct store_enrolment *e, void *arg)
{
	enum store_enrolment_state state;
	struct keys *keys = arg;

	state = store_enrolment_state(e, keys->now_s, false);
	if ((state != STORE_ENROLMENT_ENROLLED &&
		state != STORE_ENROLMENT_PENDING) ||
	    strcmp(e->asset, keys->asset->tag) != 0)
		return 0;
	keys->same = strcmp(e->key, keys->asset->device_key) == 0;
	if (keys->other[0] == '\0')
		(void)text_copy(keys->other, sizeof(keys->other), e->key);
	return keys->same;
}

int
control_asset_other_key(struct store *store, const struct asset *asset,
    char ret_key[KEY_TEXT_SIZE])
{
	struct keys keys = { .asset = asset, .now_s = (int64_t)time(NULL) };
	int r;

	ret_key[0] = '\0';
	if (asset->device_key[0] == '\0')
		return 0;
	if ((r = store_enrolments_of(store, asset->tag, take_key, &keys)) != 0)
		return r;
	if (!keys.same)
		memcpy(ret_key, keys.other, sizeof(keys.other));
	return 0;
}

int
control_asset_warn_key(struct store *store, const struct asset *asset,
    unsigned long line, const struct control_asset_warner *warner)
{
	char key[KEY_TEXT_SIZE], text[ASSET_TAG_MAX + KEY_TEXT_SIZE + 192];
	int r;

	if ((r = control_asset_other_key(store, asset, key)) != 0 ||
	    key[0] == '\0')
		return r;
	(void)text_format(text, sizeof(text),
	    "device_key: the key that is enrolled for %s is another one, %s: "
	    "what its laptop signs counts for nobody; write that, or leave it "
	    "empty, or enrol the laptop anew",
	    asset->tag, key);
	warner->warn(line, text, warner->arg);
	return 0;
}

/* ---- all of them --------------------------------------------------------- */

struct looking {
	struct store *store;
	char tag[ASSET_TAG_MAX + 1]; /* of the last one; they come by tags */
	control_asset_key_fn fn;
	void *arg;
	int failed;
};

static int
look(const struct store_enrolment *e, void *arg)
{
	struct looking *looking = arg;
	static struct asset asset;
	char key[KEY_TEXT_SIZE];
	int r;

	if (strcmp(e->asset, looking->tag) == 0)
		return 0;
	(void)text_copy(looking->tag, sizeof(looking->tag), e->asset);
	if ((r = store_asset_by_tag(looking->store, e->asset, &asset)) == 0)
		r = control_asset_other_key(looking->store, &asset, key);
	if (r == FG_ERR_NOT_FOUND)
		return 0;
	if (r == 0 && key[0] != '\0')
		r = looking->fn(&asset, key, looking->arg);
	looking->failed = r;
	return r != 0;
}

int
control_asset_other_keys(struct store *store, control_asset_key_fn fn,
    void *arg)
{
	struct looking looking = { .store = store, .fn = fn, .arg = arg };
	int r = store_enrolments_each(store, look, &looking);

	return r != 0 ? r : looking.failed;
}
