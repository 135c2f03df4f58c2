/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An asset as JSON: the columns' own text.
 */
#include "policyd/device/asset_json.h"

#include <string.h>

#include "policyd/people/degrees.h"
#include "policyd/text.h"

static void
set_point(struct json *json, const char *key, const struct asset_place *place)
{
	char point[DEGREES_PAIR_MAX];

	if (place->has_point)
		json_set_string(json, key,
		    degrees_format_pair(place->latitude, place->longitude,
			point));
}

void
asset_to_json(const struct asset *asset, struct json *json)
{
	char value[ASSET_FIELD_MAX];

	for (size_t i = 0; asset_fields[i] != NULL; i++) {
		(void)asset_get(asset, asset_fields[i], value);
		if (value[0] == '\0')
			continue;
		if (text_is_utf8(value, strlen(value)))
			json_set_string(json, asset_fields[i], value);
		else /* no asset that was set; a damaged one is shown */
			json_set_untrusted(json, asset_fields[i], value);
	}
	set_point(json, "location_point", &asset->location);
	set_point(json, "shipped_to_point", &asset->shipped_to);
}
