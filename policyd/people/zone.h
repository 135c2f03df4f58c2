/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time zones by their IANA names, daylight saving included: the C library's
 * rules from /usr/share/zoneinfo, the last zone kept ready.
 */
#ifndef FG_ZONE_H
#define FG_ZONE_H

#include <stdint.h>
#include <time.h>

/*
 * The wall clock there at at_s; "" is UTC. A name is [A-Za-z0-9_+/-]+ without
 * ".." and a leading '/', and must exist.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_NOT_FOUND.
 */
int	zone_time(const char *zone, int64_t at_s, struct tm *ret_tm);

/* The other way, for dates that were written down. Returns as zone_time(). */
int	zone_seconds(const char *zone, const struct tm *tm, int64_t *ret_s);

#endif
