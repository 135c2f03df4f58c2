/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From rows to assets, and back. Other inventories have a text wherever a
 * machine shows one: what identifies nothing is told, and left out.
 */
#include "policyd/device/asset_csv.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/device/asset_parts.h"
#include "policyd/people/cell.h"
#include "policyd/people/point.h"
#include "policyd/text.h"
#include "proto/result.h"

#define WHY_MAX 160u

_Static_assert(CSV_TABLE_VALUE_MAX >= ASSET_FIELD_MAX, "a value fits");

/* What Snipe-IT, Fleet and spreadsheets call them. */
static const struct csv_table_alias aliases[] = {
	{ "asset", "asset_tag" },
	{ "tag", "asset_tag" },
	{ "hostname", "asset_tag" },
	{ "host_name", "asset_tag" },
	{ "username", "user" },
	{ "owner", "user" },
	{ "manufacturer", "vendor" },
	{ "make", "vendor" },
	{ "hardware_vendor", "vendor" },
	{ "model_name", "model" },
	{ "hardware_model", "model" },
	{ "serial_number", "serial" },
	{ "hardware_serial", "serial" },
	{ "service_tag", "serial" },
	{ "hardware_uuid", "uuid" },
	{ "mac_address", "macs" },
	{ "mac_addresses", "macs" },
	{ "primary_mac", "macs" },
	{ NULL, NULL },
};

static const struct csv_table_kind assets = { .fields = asset_fields,
	.required = "asset_tag",
	.page = "farmgate-assets(5)",
	.example = "asset_tag,user,serial",
	.aliases = aliases };

struct asset_csv {
	struct csv_table *table;
	const struct cities *cities;
};

/* What is being read. */
struct row {
	struct csv_table *table;
	struct asset *asset;
};

int
asset_csv_open(FILE *in, const struct asset_csv_options *options,
    struct asset_csv **ret_csv)
{
	const struct csv_table_options table = { .kind = &assets,
		.map = options->map,
		.nmap = options->nmap,
		.error = options->error,
		.warn = options->warn,
		.arg = options->arg };
	struct asset_csv *csv;
	int r;

	*ret_csv = NULL;
	if ((csv = calloc(1, sizeof(*csv))) == NULL)
		return FG_ERR_NOMEM;
	csv->cities = options->cities;
	if ((r = csv_table_open(in, &table, &csv->table)) != 0) {
		asset_csv_free(csv);
		return r;
	}
	*ret_csv = csv;
	return 0;
}

/* Which of a field's IDs are none, and why. */
static void
warn_ids(struct csv_table *table, enum hwid_kind kind, const char *text)
{
	char value[ASSET_FIELD_MAX], item[ASSET_FIELD_MAX], whole[WHY_MAX];
	const char *at = value, *why;
	struct hwid id;

	if (cell_take(text, value, sizeof(value), &why) != 0)
		return;
	while (asset_next_id(kind, &at, item)) {
		if (hwid_make(kind, item, &id, &why) != FG_ERR_NOT_FOUND)
			continue;
		(void)text_format(whole, sizeof(whole), "%s; it is left out",
		    why);
		csv_table_warn(table, item, whole);
	}
}

/* "1.23E+11": digits are lost that were in the number. */
static bool
is_cut(const char *text)
{
	size_t n = strspn(text, "0123456789.,");

	if (n == 0 || (text[n] != 'E' && text[n] != 'e') || text[n + 1] != '+')
		return false;
	text += n + 2;
	n = strspn(text, "0123456789");
	return n > 0 && text[n] == '\0';
}

/* Of what names a machine, and may be digits alone. */
static void
warn_cut(struct csv_table *table, const char *field, const char *text)
{
	enum hwid_kind kind = asset_field_kind(field);
	char value[ASSET_FIELD_MAX], item[ASSET_FIELD_MAX];
	const char *at = value, *why;

	if ((kind == HWID_NONE && strcmp(field, "asset_tag") != 0) ||
	    cell_take(text, value, sizeof(value), &why) != 0)
		return;
	while (asset_next_id(kind, &at, item))
		if (is_cut(item))
			csv_table_warn(table, item,
			    "is what a spreadsheet makes of a long number; "
			    "format the column as text, and write all digits");
}

static int
set_field(void *arg, const char *field, const char *text, const char **ret_why)
{
	struct row *row = arg;
	int r = asset_set(row->asset, field, text, ret_why);

	if (r == 0)
		warn_cut(row->table, field, text);
	if (r == 0 && *ret_why != NULL)
		warn_ids(row->table, asset_field_kind(field), text);
	return r;
}

/* A city's point, if it has none yet. Returns false if that is in no list. */
static bool
find_point(struct asset_csv *csv, struct asset_place *place,
    const char **ret_why)
{
	if (place->text[0] == '\0' || place->has_point)
		return true;
	place->has_point =
	    point_find(csv->cities, place->text, &place->latitude,
		&place->longitude, ret_why) == 0;
	return place->has_point;
}

static bool
place_asset(struct asset_csv *csv, struct asset *asset)
{
	const char *why;

	/* An address has none, and that is no error. */
	(void)find_point(csv, &asset->shipped_to, &why);
	if (find_point(csv, &asset->location, &why))
		return true;
	csv_table_wrong_value(csv->table, "location", asset->location.text,
	    why);
	return false;
}

static bool
read_asset(struct asset_csv *csv, struct asset *asset)
{
	struct row row = { .table = csv->table, .asset = asset };
	const char *why;

	asset_init(asset);
	if (!csv_table_fill(csv->table, set_field, &row) ||
	    !place_asset(csv, asset))
		return false;
	if (asset_finish(asset, &why) != 0) {
		csv_table_wrong(csv->table, why);
		return false;
	}
	return true;
}

int
asset_csv_next(struct asset_csv *csv, struct asset *ret_asset,
    unsigned long *ret_line)
{
	int r;

	while ((r = csv_table_next(csv->table, ret_line)) == 0)
		if (read_asset(csv, ret_asset))
			return 0;
	asset_init(ret_asset);
	return r;
}

void
asset_csv_free(struct asset_csv *csv)
{
	if (csv == NULL)
		return;
	csv_table_free(csv->table);
	free(csv);
}

/* ---- writing ---- */

int
asset_csv_header(FILE *out)
{
	return csv_table_write_header(out, asset_fields);
}

static const char *
get_field(const void *row, const char *field, char buf[CSV_TABLE_VALUE_MAX])
{
	return asset_get(row, field, buf);
}

int
asset_csv_write(FILE *out, const struct asset *asset)
{
	return csv_table_write(out, asset_fields, get_field, asset);
}
