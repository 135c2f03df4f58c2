/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Days from dates and dates from days. Years begin with March in here, so
 * that the leap day is the last one of a year.
 */
#include "policyd/people/civil.h"

#include <assert.h>
#include <string.h>

#define ERA_DAYS   146097 /* 400 years */
#define EPOCH_DAYS 719468 /* from 0000-03-01 to 1970-01-01 */

int64_t
civil_days(int64_t year, int month, int64_t day)
{
	int64_t era, of_era, of_year;

	assert(month >= 1 && month <= 12);
	year -= month <= 2 ? 1 : 0;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year + day - 1 - EPOCH_DAYS;
}

bool
civil_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
civil_month_days(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	assert(month >= 1 && month <= 12);
	return days[month - 1] + (month == 2 && civil_is_leap(year) ? 1 : 0);
}

static void
civil_date(int64_t days, struct tm *tm)
{
	int64_t era, of_era, year, of_year, month;

	tm->tm_wday = (int)((days % 7 + 11) % 7); /* 1970 began on Thursday */
	days += EPOCH_DAYS;
	era = (days >= 0 ? days : days - ERA_DAYS + 1) / ERA_DAYS;
	of_era = days - era * ERA_DAYS;
	year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	tm->tm_mday = (int)(of_year - (153 * month + 2) / 5 + 1);
	tm->tm_mon = (int)(month < 10 ? month + 2 : month - 10);
	year += era * 400 + (tm->tm_mon <= 1 ? 1 : 0);
	tm->tm_year = (int)(year - 1900);
	tm->tm_yday = (int)(days - EPOCH_DAYS - civil_days(year, 1, 1));
}

void
civil_time(int64_t seconds, struct tm *ret_tm)
{
	int64_t days, rest;

	assert(seconds >= CIVIL_FIRST_S && seconds < CIVIL_END_S);
	memset(ret_tm, 0, sizeof(*ret_tm));
	rest = seconds % CIVIL_DAY_S;
	days = seconds / CIVIL_DAY_S;
	if (rest < 0) {
		rest += CIVIL_DAY_S;
		days--;
	}
	civil_date(days, ret_tm);
	ret_tm->tm_hour = (int)(rest / 3600);
	ret_tm->tm_min = (int)(rest / 60 % 60);
	ret_tm->tm_sec = (int)(rest % 60);
}

const char *
civil_day(int64_t seconds, char buf[CIVIL_DAY_SIZE])
{
	struct tm tm;

	buf[0] = '\0';
	if (seconds < CIVIL_FIRST_S || seconds >= CIVIL_END_S)
		return buf;
	civil_time(seconds, &tm);
	(void)strftime(buf, CIVIL_DAY_SIZE, "%Y-%m-%d", &tm); /* it fits */
	return buf;
}

bool
civil_take_digits(const char **s, size_t n, int *ret_v)
{
	*ret_v = 0;
	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*ret_v = *ret_v * 10 + (**s - '0');
	}
	return true;
}

static bool
take_dash(const char **s)
{
	if (**s != '-')
		return false;
	(*s)++;
	return true;
}

bool
civil_take_day(const char **s, int64_t *ret_days)
{
	int year, month, day;

	*ret_days = 0;
	if (!civil_take_digits(s, 4, &year) || !take_dash(s) ||
	    !civil_take_digits(s, 2, &month) || !take_dash(s) ||
	    !civil_take_digits(s, 2, &day) || year < CIVIL_YEAR_MIN ||
	    year > CIVIL_YEAR_MAX || month < 1 || month > 12 || day < 1 ||
	    day > civil_month_days(year, month))
		return false;
	*ret_days = civil_days(year, month, day);
	return true;
}
