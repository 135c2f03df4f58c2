/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time zones by their IANA names, daylight saving included: the rules in
 * /usr/share/zoneinfo, those that were used last kept ready. The process's own
 * zone and its environment have no part in it.
 */
#ifndef FG_ZONE_H
#define FG_ZONE_H

#include <stdint.h>
#include <time.h>

#define ZONE_FOLDER	"/usr/share/zoneinfo"

/*
 * The wall clock there at at_s, with tm_gmtoff and without tm_zone; "" is UTC.
 * A name is [A-Za-z0-9_+/-]+ without empty parts, and must exist. A file that
 * was replaced is noticed within a minute.
 * Returns 0, FG_ERR_FORMAT (also for times outside of the years 1 to 9999),
 * FG_ERR_NOT_FOUND or FG_ERR_NOMEM.
 */
int	zone_time(const char *zone, int64_t at_s, struct tm *ret_tm);

/*
 * The other way, for dates that were written down: year to second count, and
 * days to seconds may be out of range, as for mktime(3). Of a time that the
 * clock shows twice it is the first; one that is left out is where the clock
 * goes on. Returns as zone_time().
 */
int	zone_seconds(const char *zone, const struct tm *tm, int64_t *ret_s);

#endif
