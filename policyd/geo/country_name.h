/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Countries by their English names, for databases that give nothing else.
 */
#ifndef FG_COUNTRY_NAME_H
#define FG_COUNTRY_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The ISO 3166-1 alpha-2 code of the country that the len bytes at name name
 * in English, by any of its usual names. Case, blanks and punctuation do not
 * matter; a part of a name is none.
 * Returns false, and an empty code, if no country is called that.
 */
bool	country_from_name(const char *name, size_t len, char ret_code[3]);

#endif
