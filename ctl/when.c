/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times as people write them, and as they read them. Nothing is guessed: what
 * is no time of a known form is an error.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/text.h"
#include "proto/result.h"

/* n digits at *p, which moves behind them. */
static bool
take_number(const char **p, size_t n, int *ret_v)
{
	char digits[5];
	uint64_t v;

	if (strnlen(*p, n) < n)
		return false;
	memcpy(digits, *p, n);
	digits[n] = '\0';
	if (text_parse_uint(digits, 0, 9999, &v) != 0)
		return false;
	*p += n;
	*ret_v = (int)v;
	return true;
}

static bool
take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* "Z", "z", "+HH:MM" or "-HH:MM" */
static bool
take_zone(const char **p, int *ret_s)
{
	int sign = **p == '-' ? -1 : 1, hours, minutes;

	*ret_s = 0;
	if (take_char(p, 'Z') || take_char(p, 'z'))
		return true;
	if ((!take_char(p, '+') && !take_char(p, '-')) ||
	    !take_number(p, 2, &hours) || !take_char(p, ':') ||
	    !take_number(p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool
take_date(const char **p, struct tm *tm)
{
	if (!take_number(p, 4, &tm->tm_year) || !take_char(p, '-') ||
	    !take_number(p, 2, &tm->tm_mon) || !take_char(p, '-') ||
	    !take_number(p, 2, &tm->tm_mday))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return true;
}

static bool
take_clock(const char **p, struct tm *tm)
{
	if (!take_number(p, 2, &tm->tm_hour) || !take_char(p, ':') ||
	    !take_number(p, 2, &tm->tm_min) || !take_char(p, ':') ||
	    !take_number(p, 2, &tm->tm_sec) || tm->tm_sec > 59)
		return false;
	if (!take_char(p, '.'))
		return true;
	/* parts of a second are read and not used */
	if (**p < '0' || **p > '9')
		return false;
	*p += strspn(*p, "0123456789");
	return true;
}

int
ctl_parse_time(const char *text, int64_t *ret_s)
{
	struct tm tm = { 0 }, given;
	const char *p = text;
	int offset;

	if (strcmp(text, "now") == 0) {
		*ret_s = (int64_t)time(NULL);
		return 0;
	}
	if (!take_date(&p, &tm) ||
	    (!take_char(&p, 'T') && !take_char(&p, 't') &&
		!take_char(&p, ' ')) ||
	    !take_clock(&p, &tm) || !take_zone(&p, &offset) || *p != '\0')
		return FG_ERR_FORMAT;
	/* timegm(3) makes another day of the 31st of February */
	given = tm;
	*ret_s = (int64_t)timegm(&tm) - offset;
	return tm.tm_mon == given.tm_mon && tm.tm_mday == given.tm_mday &&
		tm.tm_hour == given.tm_hour && tm.tm_min == given.tm_min ?
	    0 :
	    FG_ERR_FORMAT;
}

/* Midnight here, at the beginning of the day or, with days 1, at its end. */
static int
parse_day(const char *text, int days, int64_t *ret_s)
{
	struct tm tm = { 0 }, given;
	const char *p = text;
	time_t t;

	if (!take_date(&p, &tm) || *p != '\0')
		return FG_ERR_FORMAT;
	given = tm;
	t = timegm(&tm);
	if (t == (time_t)-1 || tm.tm_mon != given.tm_mon ||
	    tm.tm_mday != given.tm_mday)
		return FG_ERR_FORMAT;
	given.tm_mday += days;
	given.tm_isdst = -1;
	if ((t = mktime(&given)) == (time_t)-1)
		return FG_ERR_FORMAT;
	*ret_s = (int64_t)t;
	return 0;
}

/* "+8h": seconds, minutes, hours, days or weeks after base_s. */
static int
parse_span(const char *text, int64_t base_s, int64_t *ret_s)
{
	static const char units[] = "smhdw";
	static const int seconds[] = { 1, 60, 3600, 86400, 604800 };
	size_t len = strlen(text);
	const char *unit;
	char digits[8];
	uint64_t n;

	if (text[0] != '+' || len < 3 || len - 2 >= sizeof(digits) ||
	    (unit = strchr(units, text[len - 1])) == NULL)
		return FG_ERR_FORMAT;
	memcpy(digits, text + 1, len - 2);
	digits[len - 2] = '\0';
	if (text_parse_uint(digits, 1, 999999, &n) != 0)
		return FG_ERR_FORMAT;
	*ret_s = base_s + (int64_t)n * seconds[unit - units];
	return 0;
}

int
ctl_parse_when(const char *text, int64_t base_s, bool end, int64_t *ret_s)
{
	if (text[0] == '+')
		return parse_span(text, base_s, ret_s);
	if (parse_day(text, end ? 1 : 0, ret_s) == 0)
		return 0;
	return ctl_parse_time(text, ret_s);
}

static const char *
time_text(int64_t at_s, bool seconds, char buf[CTL_TIME_SIZE])
{
	time_t t = (time_t)at_s;
	struct tm tm;

	if (at_s < 0 || localtime_r(&t, &tm) == NULL ||
	    strftime(buf, CTL_TIME_SIZE,
		seconds ? "%Y-%m-%d %H:%M:%S %z" : "%Y-%m-%d %H:%M %z",
		&tm) == 0)
		(void)text_format(buf, CTL_TIME_SIZE, "not known");
	return buf;
}

const char *
ctl_time_text(int64_t at_s, char buf[CTL_TIME_SIZE])
{
	return time_text(at_s, false, buf);
}

const char *
ctl_second_text(int64_t at_s, char buf[CTL_TIME_SIZE])
{
	return time_text(at_s, true, buf);
}
