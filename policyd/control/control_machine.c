/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of the status what is this machine's: which asset it is and whose, what
 * belongs to it, and which jump hosts it answers.
 */
#include "policyd/control/control_parts.h"
#include "policyd/store/store_asset.h"
#include "policyd/store/store_baseline.h"
#include "policyd/store/store_support.h"
#include "policyd/witness/device_key.h"
#include "proto/result.h"

/* As whom it answers, and whom. */
static void
add_witness(struct json *json, const struct daemon *daemon)
{
	char key[KEY_TEXT_SIZE];

	if (daemon->device_key != NULL) {
		device_key_public(daemon->device_key, key);
		json_set_string(json, "device_key", key);
	}
	if (daemon->device_key_problem != NULL)
		json_set_untrusted(json, "problem", daemon->device_key_problem);
	json_set_int(json, "jumphosts",
	    (int64_t)daemon->rules->conf->njumphosts);
	json_set_bool(json, "socket", daemon->listener[LISTEN_WITNESS] != NULL);
	json_set_int(json, "stated", (int64_t)daemon->stats.stated);
	json_set_int(json, "unstated", (int64_t)daemon->stats.unstated);
}

/* What the inventory has of the tag that the machine is said to have. */
static void
add_asset(struct json *machine, const struct daemon *daemon)
{
	const char *tag = daemon->rules->conf->machine.asset;
	struct store_outline outline;
	struct asset asset;
	struct json *list;
	int r;

	if (tag == NULL || store_outline(daemon->store, &outline) != 0 ||
	    !outline.assets)
		return;
	r = store_asset_by_tag(daemon->store, tag, &asset);
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		json_set_bool(machine, "known", r == 0);
	if (r != 0)
		return;
	json_set_string(machine, "status", asset_status_name(asset.status));
	list = json_set_array(machine, "users");
	for (size_t i = 0; i < asset.nusers; i++)
		json_add_string(list, asset.user[i]);
}

void
control_machine_set(struct json *json, const struct daemon *daemon)
{
	const struct conf *conf = daemon->rules->conf;
	struct json *o = json_set_object(json, "machine"), *known;
	const struct store_baseline *baseline;
	struct store_supported support = { 0 };

	json_set_given(o, "asset",
	    conf->machine.asset == NULL ? "" : conf->machine.asset);
	add_witness(json_set_object(json, "witness"), daemon);
	if (daemon->store == NULL)
		return;
	add_asset(o, daemon);
	if (store_baseline(daemon->store, &baseline) == 0) {
		known = json_set_object(o, "baseline");
		json_set_bool(known, "learned", baseline->learned);
		json_set_int(known, "devices", (int64_t)baseline->n);
		if (baseline->lost)
			json_set_bool(known, "lost", true);
	}
	if (store_support_find(daemon->store, conf->machine.asset,
		daemon_wall_s(), &support) == 0)
		json_set_int(o, "support", (int64_t)support.n);
}
