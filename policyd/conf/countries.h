/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ISO 3166-1 alpha-2: the codes that stand for countries in configuration and
 * databases. XK is among them, because databases use it for Kosovo.
 */
#ifndef FG_COUNTRIES_H
#define FG_COUNTRIES_H

#include <stdbool.h>

/* True for an assigned code in upper case. */
bool	country_is_known(const char *code);

/* The code that text should have been, in upper or static; or NULL. */
const char *country_corrected(const char *text, char upper[3]);

#endif
