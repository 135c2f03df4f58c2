/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An asset as JSON, for farmgatectl. Members are the columns of the file with
 * their text; empty ones are left out. "location_point" and "shipped_to_point"
 * have the coordinates, which a city's name alone does not say.
 */
#ifndef FG_ASSET_JSON_H
#define FG_ASSET_JSON_H

#include "policyd/device/asset.h"
#include "policyd/json/json.h"

void	asset_to_json(const struct asset *asset, struct json *json);

#endif
