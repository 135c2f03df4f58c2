/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inventory of assets as it is, for administrators: export, show, and what
 * is odd about it; by workers with a store of their own.
 */
#include "policyd/control/control_asset.h"
#include "policyd/device/asset_csv.h"
#include "policyd/device/asset_json.h"
#include "policyd/store/store_asset.h"
#include "proto/result.h"

#define EXPORT_MS 1800000u
#define SHOW_MS	  10000u
#define CHECK_MS  600000u

struct assets {
	struct control_out out;
	const struct control_job *job;
	int (*read)(struct store *store, void *arg);
	FILE *csv;
	size_t found;
	bool none; /* there is no inventory of them */
	char alike[ASSET_TAG_MAX + 1]; /* what may be meant; or "" */
};

static int
put_csv(const struct asset *asset, void *arg)
{
	struct assets *assets = arg;

	return asset_csv_write(assets->csv, asset);
}

static int
put_json(const struct asset *asset, void *arg)
{
	struct assets *assets = arg;
	struct json *json = json_new();

	asset_to_json(asset, json);
	control_out_json(&assets->out, json);
	assets->found++;
	return assets->out.failed ? FG_ERR_SYSTEM : 0;
}

static int
put_all(struct store *store, void *arg)
{
	struct assets *assets = arg;
	int r;

	if (json_get_bool(assets->job->args, "json", false))
		return store_assets_each(store, put_json, assets);
	if ((assets->csv = control_out_stream(&assets->out)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = asset_csv_header(assets->csv)) == 0)
		r = store_assets_each(store, put_csv, assets);
	if (fclose(assets->csv) != 0 && r == 0)
		r = FG_ERR_SYSTEM;
	return r;
}

/* One by its tag, or all of a person. */
static int
put_some(struct store *store, void *arg)
{
	struct assets *assets = arg;
	const char *name = json_get_string(assets->job->args, "name", "");
	static struct asset asset;
	int r;

	r = store_asset_by_tag(store, name, &asset);
	if (r == 0)
		return put_json(&asset, assets);
	if (r != FG_ERR_NOT_FOUND ||
	    (r = store_assets_of_user(store, name, put_json, assets)) != 0 ||
	    assets->found > 0)
		return r;
	r = store_asset_alike(store, name, assets->alike);
	return r == 0 ? FG_ERR_NOT_FOUND : r;
}

static int
put_shipped(const char *place, size_t count, size_t users, const char *tags,
    void *arg)
{
	struct assets *assets = arg;
	struct json *json = json_new();

	json_set_untrusted(json, "shipped_to", place);
	json_set_int(json, "assets", (int64_t)count);
	json_set_int(json, "people", (int64_t)users);
	json_set_untrusted(json, "tags", tags);
	control_out_json(&assets->out, json);
	assets->found++;
	return assets->out.failed ? FG_ERR_SYSTEM : 0;
}

static int
put_key(const struct asset *asset, const char *key, void *arg)
{
	struct assets *assets = arg;
	struct json *json = json_new();

	json_set_untrusted(json, "asset", asset->tag);
	json_set_untrusted(json, "device_key", asset->device_key);
	json_set_untrusted(json, "enrolled_key", key);
	control_out_json(&assets->out, json);
	return assets->out.failed ? FG_ERR_SYSTEM : 0;
}

static int
put_far(const struct control_asset_far *far, void *arg)
{
	struct assets *assets = arg;
	struct json *json = json_new();

	json_set_untrusted(json, "asset", far->asset->tag);
	json_set_untrusted(json, "user", far->user);
	json_set_string(json, "why", far->sent ? "sent" : "kept");
	json_set_untrusted(json, "place", far->place->text);
	/* points are within the earth's, and so is this */
	json_set_int(json, "km", (int64_t)(far->km + 0.5));
	control_out_json(&assets->out, json);
	return assets->out.failed ? FG_ERR_SYSTEM : 0;
}

static int
put_odd(struct store *store, void *arg)
{
	struct assets *assets = arg;
	int r;

	if ((r = control_asset_other_keys(store, put_key, assets)) != 0 ||
	    (r = control_asset_each_far(store, put_far, assets)) != 0)
		return r;
	return store_assets_shipped(store, 2, put_shipped, assets);
}

/* Without an inventory nothing is odd, and nobody has any: no answer. */
static int
read_any(struct store *store, void *arg)
{
	struct assets *assets = arg;
	size_t n;
	int r;

	if ((r = store_assets_count(store, &n)) != 0)
		return r;
	assets->none = n == 0;
	return n == 0 ? FG_ERR_NOT_FOUND : assets->read(store, assets);
}

static int
end_without(struct assets *assets)
{
	struct json *json = json_new();

	json_set_bool(json, "inventory", !assets->none);
	if (assets->alike[0] != '\0')
		json_set_untrusted(json, "alike", assets->alike);
	control_out_result(&assets->out, json);
	return CONTROL_NO;
}

static int
run(int out_fd, struct control_job *job,
    int (*read)(struct store *store, void *arg))
{
	static struct assets assets;
	int r;

	assets.job = job;
	control_out_init(&assets.out, out_fd);
	assets.read = read;
	r = control_out_store(&assets.out, job, read_any, &assets);
	if (r == FG_ERR_NOT_FOUND)
		return end_without(&assets);
	return r == 0 ? CONTROL_OK :
			control_out_failed(&assets.out, "assets", r);
}

static int
export_run(int out_fd, void *arg)
{
	return run(out_fd, arg, put_all);
}

static int
show_run(int out_fd, void *arg)
{
	return run(out_fd, arg, put_some);
}

static int
check_run(int out_fd, void *arg)
{
	return run(out_fd, arg, put_odd);
}

/* Who took all of it away is recorded before anything goes out. */
void
control_asset_export(struct control_job *job)
{
	if (control_record_assets_export(job) != 0) {
		control_unrecorded(job, "nothing is exported");
		return;
	}
	control_work(job, export_run, control_finished, EXPORT_MS);
}

bool
control_asset_show_check(struct control_job *job)
{
	return control_text(job, "name", FG_USER_MAX) != NULL;
}

void
control_asset_show(struct control_job *job)
{
	control_work(job, show_run, control_finished, SHOW_MS);
}

void
control_asset_check(struct control_job *job)
{
	control_work(job, check_run, control_finished, CHECK_MS);
}
