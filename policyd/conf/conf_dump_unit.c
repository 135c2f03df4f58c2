/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sizes and times of a configuration as they are written: in the largest unit
 * that each is a number of.
 */
#include <stdio.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"

void
conf_dump_duration(FILE *out, const char *indent, const char *key,
    int64_t seconds)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { CIVIL_DAY_S, 'd' }, { 3600, 'h' }, { 60, 'm' },
		{ 1, 's' } };
	size_t i = 0;

	if (seconds == 0)
		return;
	while (seconds % units[i].seconds != 0)
		i++;
	(void)fprintf(out, "%s%s = \"%lld%c\"\n", indent, key,
	    (long long)(seconds / units[i].seconds), units[i].unit);
}

void
conf_dump_age(FILE *out, const char *key, int64_t seconds)
{
	if (seconds == 0)
		(void)fprintf(out, "%s = \"off\"\n", key);
	conf_dump_duration(out, "", key, seconds);
}

void
conf_dump_size(FILE *out, const char *key, uint64_t n)
{
	static const char units[] = "KMG";
	size_t i = 0;

	if (n == 0) {
		(void)fprintf(out, "%s = \"off\"\n", key);
		return;
	}
	for (n >>= 10; i < 2 && n % 1024 == 0; i++)
		n >>= 10;
	(void)fprintf(out, "%s = \"%llu%c\"\n", key, (unsigned long long)n,
	    units[i]);
}
