/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules of daylight saving in the form of POSIX's TZ. Each step of the parser
 * moves *s behind what it has read, or returns false.
 */
#include "policyd/people/zone_rule.h"

#include <string.h>
#include <time.h>

#include "policyd/people/civil.h"
#include "proto/result.h"

#define HOURS_OFFSET 24
#define HOURS_CHANGE 167 /* a week: version 3 of the format */

static bool
take(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* Up to three digits, min to max. */
static bool
take_number(const char **s, int min, int max, int *ret_n)
{
	int n = 0, digits = 0;

	for (; **s >= '0' && **s <= '9' && digits < 3; digits++, (*s)++)
		n = n * 10 + (**s - '0');
	*ret_n = n;
	return digits > 0 && n >= min && n <= max;
}

/* "CET" or "<+0330>"; what it is called does not matter here. */
static bool
take_name(const char **s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz";
	size_t n;

	if (take(s, '<')) {
		n = strcspn(*s, ">");
		*s += n;
		return n > 0 && take(s, '>');
	}
	n = strspn(*s, letters);
	*s += n;
	return n >= 3;
}

/* "[+-]hh[:mm[:ss]]". */
static bool
take_clock(const char **s, int max_hours, int32_t *ret_s)
{
	bool negative = **s == '-';
	int hours, minutes = 0, seconds = 0;

	if (**s == '-' || **s == '+')
		(*s)++;
	if (!take_number(s, 0, max_hours, &hours) ||
	    (take(s, ':') &&
		(!take_number(s, 0, 59, &minutes) ||
		    (take(s, ':') && !take_number(s, 0, 59, &seconds)))))
		return false;
	*ret_s = hours * 3600 + minutes * 60 + seconds;
	if (negative)
		*ret_s = -*ret_s;
	return true;
}

/* West is positive in there. */
static bool
take_offset(const char **s, int32_t *ret_east_s)
{
	if (!take_clock(s, HOURS_OFFSET, ret_east_s))
		return false;
	*ret_east_s = -*ret_east_s;
	return true;
}

static bool
take_day(const char **s, struct zone_change *ret_change)
{
	if (take(s, 'M')) {
		ret_change->kind = ZONE_DAY_MONTH;
		return take_number(s, 1, 12, &ret_change->month) &&
		    take(s, '.') && take_number(s, 1, 5, &ret_change->week) &&
		    take(s, '.') && take_number(s, 0, 6, &ret_change->day);
	}
	if (take(s, 'J')) {
		ret_change->kind = ZONE_DAY_NO_LEAP;
		return take_number(s, 1, 365, &ret_change->day);
	}
	ret_change->kind = ZONE_DAY_OF_YEAR;
	return take_number(s, 0, 365, &ret_change->day);
}

/* ",day[/time]". */
static bool
take_change(const char **s, struct zone_change *ret_change)
{
	ret_change->time_s = 2 * 3600;
	return take(s, ',') && take_day(s, ret_change) &&
	    (!take(s, '/') || take_clock(s, HOURS_CHANGE, &ret_change->time_s));
}

int
zone_rule_parse(const char *text, struct zone_rule *ret_rule)
{
	struct zone_rule *r = ret_rule;
	const char *s = text;

	memset(r, 0, sizeof(*r));
	if (!take_name(&s) || !take_offset(&s, &r->standard.seconds))
		return FG_ERR_FORMAT;
	if (*s == '\0')
		return 0;
	r->has_dst = r->daylight.dst = true;
	r->daylight.seconds = r->standard.seconds + 3600;
	if (!take_name(&s) ||
	    (*s != ',' && !take_offset(&s, &r->daylight.seconds)) ||
	    !take_change(&s, &r->to_daylight) ||
	    !take_change(&s, &r->to_standard) || *s != '\0')
		return FG_ERR_FORMAT;
	return 0;
}

/* Days since 1970 of the w-th weekday of a month; the fifth is the last. */
static int64_t
month_day(int64_t year, const struct zone_change *change)
{
	int64_t first = civil_days(year, change->month, 1);
	int weekday = (int)((first % 7 + 11) % 7);
	int day = (change->day - weekday + 7) % 7 + 7 * (change->week - 1);

	if (day >= civil_month_days(year, change->month))
		day -= 7;
	return first + day;
}

/* When the change is in a year; before_s is the offset until then. */
static int64_t
change_at(int64_t year, const struct zone_change *change, int32_t before_s)
{
	int64_t days = 0;

	switch (change->kind) {
	case ZONE_DAY_MONTH:
		days = month_day(year, change);
		break;
	case ZONE_DAY_NO_LEAP:
		days = civil_days(year, 1, change->day);
		if (civil_is_leap(year) && change->day >= 60)
			days++;
		break;
	case ZONE_DAY_NONE:
	case ZONE_DAY_OF_YEAR:
		days = civil_days(year, 1, change->day + 1);
		break;
	}
	return days * CIVIL_DAY_S + change->time_s - before_s;
}

struct zone_offset
zone_rule_at(const struct zone_rule *rule, int64_t at_s)
{
	int64_t summer, winter, local = at_s + rule->standard.seconds;
	struct tm tm;
	bool dst;

	if (!rule->has_dst || local < CIVIL_FIRST_S || local >= CIVIL_END_S)
		return rule->standard;
	civil_time(local, &tm);
	summer = change_at(tm.tm_year + 1900, &rule->to_daylight,
	    rule->standard.seconds);
	winter = change_at(tm.tm_year + 1900, &rule->to_standard,
	    rule->daylight.seconds);
	/* South of the equator, summer goes over the turn of the year. */
	if (summer < winter)
		dst = at_s >= summer && at_s < winter;
	else
		dst = at_s >= summer || at_s < winter;
	return dst ? rule->daylight : rule->standard;
}
