/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Coordinates as text, in decimal degrees, the same under every locale.
 */
#ifndef FG_DEGREES_H
#define FG_DEGREES_H

#include <stddef.h>

#define DEGREES_PAIR_MAX 32u	/* bytes of "-59.913868,-110.752245" */

/* "[+-]D[.dd]" of len bytes, from -max to max. Returns 0 or FG_ERR_FORMAT. */
int	degrees_parse(const char *text, size_t len, unsigned int max,
	    double *ret_degrees);

/* "LATITUDE,LONGITUDE", blanks behind the comma. Returns 0 or FG_ERR_FORMAT. */
int	degrees_parse_pair(const char *text, double *ret_latitude,
	    double *ret_longitude);

/* The same, written with six decimals. Returns buf. */
const char	*degrees_format_pair(double latitude, double longitude,
		    char buf[DEGREES_PAIR_MAX]);

#endif
