/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of the status what is this machine's: which asset it is and whose, what
 * belongs to it, and which jump hosts it answers.
 */
#include "policyd/control/control_parts.h"
#include "policyd/store/store_asset.h"
#include "policyd/store/store_baseline.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/store/store_support.h"
#include "policyd/witness/device_key.h"
#include "proto/result.h"

const char *
control_device_key_problem(const struct daemon *daemon)
{
	struct device_key_file now;

	device_key_look(DEVICE_KEY_FILE, &now);
	if (!device_key_is_same(&now, &daemon->device_key_file))
		return DEVICE_KEY_FILE " is another one than at the daemon's "
				       "start: systemctl restart "
				       "farmgate-policyd.service";
	if (daemon->device_key_problem != NULL)
		return daemon->device_key_problem;
	if (daemon->device_key == NULL && daemon->rules->conf->njumphosts > 0)
		return "there is none, so that no jump host is answered: "
		       "farmgatectl enrol init";
	return NULL;
}

/* As whom it answers, and whom. */
static void
add_witness(struct json *json, const struct daemon *daemon)
{
	const char *problem = control_device_key_problem(daemon);
	char key[KEY_TEXT_SIZE];

	if (daemon->device_key != NULL) {
		device_key_public(daemon->device_key, key);
		json_set_string(json, "device_key", key);
	}
	if (problem != NULL)
		json_set_untrusted(json, "problem", problem);
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

/* Those that are known here. */
static void
add_laptops(struct json *json, const struct daemon *daemon)
{
	struct store_enrolment_counts n;
	struct json *o;

	if (store_enrolments_count(daemon->store, daemon_wall_s(), &n) != 0 ||
	    n.enrolled + n.pending + n.revoked == 0)
		return;
	o = json_set_object(json, "laptops");
	json_set_int(o, "enrolled", (int64_t)n.enrolled);
	json_set_int(o, "pending", (int64_t)n.pending);
	json_set_int(o, "revoked", (int64_t)n.revoked);
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
	add_laptops(json, daemon);
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
