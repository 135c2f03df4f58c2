/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far places of assets are from the home of whom they were issued to, and
 * what is too far: further than the person's radius, or than what is assumed
 * for those who have none.
 */
#ifndef FG_HOME_H
#define FG_HOME_H

#include "policyd/device/asset.h"
#include "policyd/people/person.h"

double	home_reach_km(const struct person *person);

/*
 * Whether the place, which may be off by doubt_km, is too far from the person's
 * home; false if one of the two has no point. *ret_km is set where it is true.
 */
bool	home_is_far(const struct person *person,
	    const struct asset_place *place, double doubt_km, double *ret_km);

#endif
