/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an asset is expected to be, and where it was sent. The first is
 * compared with where a login comes from, and so has to be found on a map; the
 * second is also compared as a text with those of other assets.
 */
#include <string.h>

#include "policyd/device/asset_parts.h"
#include "policyd/people/cell.h"
#include "policyd/people/point.h"
#include "proto/result.h"

_Static_assert(POINT_TEXT_MAX <= ASSET_PLACE_MAX, "a place has room for it");

static int
set_place(struct asset_place *place, const char *text, const char **ret_why)
{
	int r;

	memset(place, 0, sizeof(*place));
	if (text[0] == '\0')
		return 0;
	r = point_parse(text, &place->has_point, &place->latitude,
	    &place->longitude, ret_why);
	if (r == 0)
		memcpy(place->text, text, strlen(text));
	return r;
}

int
asset_set_location(struct asset *asset, const char *text, const char **ret_why)
{
	return set_place(&asset->location, text, ret_why);
}

/* Digits and signs alone were meant to be degrees. */
static bool
is_number(const char *text)
{
	return text[strspn(text, "0123456789+-., ")] == '\0';
}

int
asset_set_shipped_to(struct asset *asset, const char *text,
    const char **ret_why)
{
	struct asset_place *place = &asset->shipped_to;
	const char *why;
	int r = set_place(place, text, &why);

	if (r == 0)
		return 0;
	if (r == FG_ERR_LIMIT)
		return cell_too_long("is longer than 96 bytes; write the "
				     "address alone",
		    ret_why);
	if (is_number(text))
		return cell_wrong(why, ret_why);
	if (!cell_is_visible(text))
		return cell_wrong("has a control character or one that is "
				  "not seen; type the address again, on one "
				  "line",
		    ret_why);
	if (cell_is_formula(text))
		return cell_wrong("begins with '=', '+', '-' or '@', as a "
				  "formula does; write the address alone",
		    ret_why);
	memcpy(place->text, text, strlen(text));
	return 0;
}
