/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One value of a database's record, and what it means. Vendors write the same
 * thing as a number, a text or a truth value: a country may be a code or a
 * name, an AS 13335 or "AS13335", a flag true, 1 or "true". Nothing here is
 * believed: what has no sensible meaning has none.
 */
#ifndef FG_GEO_VALUE_H
#define FG_GEO_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum geo_value_type {
	GEO_VALUE_NONE = 0,
	GEO_VALUE_TEXT,
	GEO_VALUE_NUMBER,
	GEO_VALUE_BOOL,
	GEO_VALUE_MAP,
	GEO_VALUE_OTHER		/* a list, bytes, more than 64 bits */
};

struct geo_value {
	enum geo_value_type type;
	const char	*text;		/* borrowed, not terminated */
	size_t		 len;
	double		 number;	/* a truth value is 0 or 1 */
	uint32_t	 at;		/* a map's place in its file */
};

/*
 * Each returns false, and an empty *ret_x, where the value is nothing of that
 * kind. Texts are decimal, without exponent.
 */
bool	geo_value_number(const struct geo_value *v, double *ret_number);
/* A flag: *ret_set says whether it is raised. "" is one that is not. */
bool	geo_value_flag(const struct geo_value *v, bool *ret_set);
/* ISO 3166-1 alpha-2 in upper case, from a code or an English name. */
bool	geo_value_country(const struct geo_value *v, char ret_country[3]);
/* An AS number that is not 0. */
bool	geo_value_asn(const struct geo_value *v, uint32_t *ret_asn);
/* The first second (UTC) of a day "2025-04-14" after 1970. */
bool	geo_value_day(const struct geo_value *v, int64_t *ret_s);
/* A non-empty text of valid UTF-8, cut to size at a whole character. */
bool	geo_value_text(const struct geo_value *v, char *ret_text, size_t size);

#endif
