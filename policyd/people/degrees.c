/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decimal degrees by hand: strtod(3) takes hexadecimal numbers, "nan", and the
 * decimal comma of a locale.
 */
#include "policyd/people/degrees.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "proto/result.h"

#define DECIMALS_MAX 9u /* a tenth of a millimetre */

int
degrees_parse(const char *text, size_t len, unsigned int max,
    double *ret_degrees)
{
	static const double scale[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9 };
	size_t i = 0, digits = 0, decimals = 0;
	uint64_t v = 0;
	bool point = false, negative;

	*ret_degrees = 0;
	negative = len > 0 && text[0] == '-';
	if (len > 0 && (text[0] == '-' || text[0] == '+'))
		i++;
	for (; i < len; i++) {
		if (text[i] == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return FG_ERR_FORMAT;
		if (point ? ++decimals > DECIMALS_MAX : ++digits > 3)
			return FG_ERR_FORMAT;
		v = v * 10 + (uint64_t)(text[i] - '0');
	}
	if (digits == 0 || (point && decimals == 0) ||
	    v > (uint64_t)max * (uint64_t)scale[decimals])
		return FG_ERR_FORMAT;
	/* Both are exact: the quotient is what strtod(3) would give. */
	*ret_degrees = (double)v / scale[decimals];
	if (negative && v != 0)
		*ret_degrees = -*ret_degrees;
	return 0;
}

int
degrees_parse_pair(const char *text, double *ret_latitude,
    double *ret_longitude)
{
	const char *comma = strchr(text, ',');
	const char *second;

	*ret_latitude = *ret_longitude = 0;
	if (comma == NULL)
		return FG_ERR_FORMAT;
	second = comma + 1 + strspn(comma + 1, " \t");
	if (degrees_parse(text, (size_t)(comma - text), 90, ret_latitude) !=
		0 ||
	    degrees_parse(second, strlen(second), 180, ret_longitude) != 0) {
		*ret_latitude = *ret_longitude = 0;
		return FG_ERR_FORMAT;
	}
	return 0;
}

const char *
degrees_format_pair(double latitude, double longitude,
    char buf[DEGREES_PAIR_MAX])
{
	(void)snprintf(buf, DEGREES_PAIR_MAX, "%.6f,%.6f", latitude, longitude);
	return buf;
}
