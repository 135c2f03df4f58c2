/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a named city is, from a file that farmgate-geodata makes: lines of
 * "country<TAB>name<TAB>latitude<TAB>longitude<TAB>population", UTF-8, with
 * '#' in front of a comment. Nothing is asked over a network.
 */
#ifndef FG_CITIES_H
#define FG_CITIES_H

#include <stddef.h>

#define CITIES_FOLDER	"/var/lib/farmgate-geo"
#define CITIES_FILE	CITIES_FOLDER "/cities.tsv"
#define CITIES_FILE_MAX	(64u * 1024u * 1024u)	/* bytes */

struct cities;

/*
 * Read the whole file, as safeopen_read_any() does. On FG_ERR_UNSAFE and
 * FG_ERR_LIMIT *ret_why says why, as there; NULL otherwise.
 * Returns 0, FG_ERR_NOT_FOUND (no such file), FG_ERR_NOMEM, FG_ERR_SYSTEM,
 * FG_ERR_UNSAFE, FG_ERR_LIMIT or FG_ERR_FORMAT.
 */
int	cities_open(const char *path, struct cities **ret_cities,
	    const char **ret_why);
void	cities_free(struct cities *cities);

/*
 * "Oslo, NO": the most populous city of that name in that country. Case,
 * accents, hyphens and apostrophes do not matter.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_NOT_FOUND.
 */
int	cities_find(const struct cities *cities, const char *home,
	    double *ret_latitude, double *ret_longitude);

#endif
