/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where something is, as an inventory says it: a city such as "Oslo, NO", or
 * degrees such as "59.91,10.75". Every why is as in cell.h.
 */
#ifndef FG_POINT_H
#define FG_POINT_H

#include <stdbool.h>

#include "policyd/people/cities.h"

#define POINT_TEXT_MAX	96u	/* bytes */

/*
 * What text says, which is not empty and has no blanks at its ends. A city has
 * no point yet: then *ret_has_point is false.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_LIMIT (above POINT_TEXT_MAX).
 */
int	point_parse(const char *text, bool *ret_has_point,
	    double *ret_latitude, double *ret_longitude, const char **ret_why);

/*
 * The point of a city; cities may be NULL, where there is no list.
 * Returns 0 or FG_ERR_NOT_FOUND.
 */
int	point_find(const struct cities *cities, const char *city,
	    double *ret_latitude, double *ret_longitude, const char **ret_why);

#endif
