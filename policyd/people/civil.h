/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Gregorian calendar without zones. The C library's gmtime(3) reads the
 * machine's zone from a file when it is first used; this reads nothing.
 */
#ifndef FG_CIVIL_H
#define FG_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Seconds since 1970 of the first and behind the last time: years 1 to 9999. */
#define CIVIL_FIRST_S	INT64_C(-62135596800)
#define CIVIL_END_S	INT64_C(253402300800)
#define CIVIL_DAY_S	86400

/* Of days that people write; the last one ends in a year that there is. */
#define CIVIL_YEAR_MIN	1970
#define CIVIL_YEAR_MAX	9998

/* month 1 to 12; day may be any number, counted from the month's first. */
int64_t	civil_days(int64_t year, int month, int64_t day);
bool	civil_is_leap(int64_t year);
int	civil_month_days(int64_t year, int month);

/* seconds within the limits above, in UTC; all but isdst and the zone. */
void	civil_time(int64_t seconds, struct tm *ret_tm);

/* "2026-03-31" of that; "" outside of the limits. Returns buf. */
#define CIVIL_DAY_SIZE	16u
const char *civil_day(int64_t seconds, char buf[CIVIL_DAY_SIZE]);

/*
 * n digits, and a day as in 2026-03-31 with its days since 1970; *s moves
 * behind them, or to what is wrong. Returns false then.
 */
bool	civil_take_digits(const char **s, size_t n, int *ret_v);
bool	civil_take_day(const char **s, int64_t *ret_days);

#endif
