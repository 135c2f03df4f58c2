/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times of lines. A log has a million of them, which mostly differ in their
 * seconds: the rest is worked out once.
 */
#include "ctl/past/stamp.h"

#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/people/civil.h"

#define SHORT_LEN  (sizeof("Mar  1 08:30:00") - 1)
#define MINUTE_LEN (sizeof("2026-03-01T08:30") - 1)
#define ZONE_MAX   6u /* "+01:00" */

_Static_assert(sizeof(((struct stamp *)0)->known) >= MINUTE_LEN + ZONE_MAX,
    "a minute and its zone fit");
_Static_assert(sizeof(((struct stamp *)0)->last) == SHORT_LEN, "one fits");

/* "Mar  1 08:30:00", as numbers. */
struct parts {
	int year; /* 0: it has none */
	int month, day, hour, minute, second;
};

void
stamp_init(struct stamp *stamp)
{
	memset(stamp, 0, sizeof(*stamp));
}

/* ---- the words of it --------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 1 to 12, or 0. */
static int
month_of(const char *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(text, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* Up to max digits at *at. */
static bool
take_digits(const char *text, size_t len, size_t *at, size_t max, int *ret)
{
	size_t i = *at;

	*ret = 0;
	while (i < len && i - *at < max && is_digit(text[i]))
		*ret = *ret * 10 + (text[i++] - '0');
	if (i == *at)
		return false;
	*at = i;
	return true;
}

static bool
take_blank(const char *text, size_t len, size_t *at)
{
	if (*at >= len || text[*at] != ' ')
		return false;
	(*at)++;
	return true;
}

/* "2026 ", in front of the month or behind the day. */
static bool
take_year(const char *text, size_t len, size_t *at, int *year)
{
	size_t i = *at;

	if (*year != 0 || len - i < 5 || text[i + 4] != ' ' ||
	    !take_digits(text, len, &i, 4, year) || i != *at + 4)
		return false;
	*at = i + 1;
	return true;
}

/* Two digits; -1: there are none. */
static int
two_digits(const char *text)
{
	return is_digit(text[0]) && is_digit(text[1]) ?
	    (text[0] - '0') * 10 + (text[1] - '0') :
	    -1;
}

static bool
take_clock(const char *text, size_t len, size_t *at, struct parts *parts)
{
	const char *clock = text + *at;

	if (len - *at < 8 || clock[2] != ':' || clock[5] != ':')
		return false;
	parts->hour = two_digits(clock);
	parts->minute = two_digits(clock + 3);
	parts->second = two_digits(clock + 6);
	*at += 8;
	if (*at < len && text[*at] == '.')
		for ((*at)++; *at < len && is_digit(text[*at]);)
			(*at)++;
	return parts->hour >= 0 && parts->hour < 24 && parts->minute >= 0 &&
	    parts->minute < 60 && parts->second >= 0 && parts->second < 61;
}

/* Its length, or 0. */
static size_t
split(const char *text, size_t len, struct parts *parts)
{
	size_t at = 0;

	memset(parts, 0, sizeof(*parts));
	if (len < SHORT_LEN)
		return 0;
	(void)take_year(text, len, &at, &parts->year); /* mostly none */
	if (len - at < SHORT_LEN || (parts->month = month_of(text + at)) == 0)
		return 0;
	at += 3;
	if (!take_blank(text, len, &at))
		return 0;
	(void)take_blank(text, len, &at); /* of a day with one digit */
	if (!take_digits(text, len, &at, 2, &parts->day) ||
	    !take_blank(text, len, &at))
		return 0;
	(void)take_year(text, len, &at, &parts->year);
	return at < len && take_clock(text, len, &at, parts) ? at : 0;
}

static size_t
long_length(const char *text, size_t len)
{
	const char *end;

	if (len <= MINUTE_LEN + 3 || text[4] != '-' || text[7] != '-' ||
	    text[10] != 'T' || text[13] != ':' || text[16] != ':')
		return 0;
	end = memchr(text + MINUTE_LEN, ' ', len - MINUTE_LEN);
	return (size_t)((end == NULL ? text + len : end) - text);
}

size_t
stamp_length(const char *text, size_t len)
{
	struct parts parts;
	size_t n = long_length(text, len);

	return n > 0 ? n : split(text, len, &parts);
}

bool
stamp_is_short(const char *text, size_t len)
{
	struct parts parts;

	return long_length(text, len) == 0 && split(text, len, &parts) > 0 &&
	    parts.year == 0;
}

/* ---- which year -------------------------------------------------------- */

/* Lines are not quite in order: one of the year before may come late. */
static bool
is_late(const char *text, const char *last)
{
	return text[4] == '3' && last[4] == ' ' && last[5] <= '2';
}

void
stamp_pass(struct stamp *stamp, const char *text, size_t len)
{
	int month, apart;

	if (len < SHORT_LEN || is_digit(text[0]))
		return;
	if (memcmp(text, stamp->last, 3) != 0) {
		if ((month = month_of(text)) == 0)
			return;
		apart = stamp->month == 0 ? 0 : month - stamp->month;
		if (apart <= -2)
			stamp->turns++;
		else if (apart == 11 && is_late(text, stamp->last))
			stamp->turns--;
		stamp->month = month;
	}
	memcpy(stamp->last, text, SHORT_LEN);
}

/* By the clock of this machine, in that year. False: there is no such day. */
static bool
time_of(const struct parts *parts, int year, int64_t *ret_s)
{
	struct tm tm = { .tm_year = year - 1900,
		.tm_mon = parts->month - 1,
		.tm_mday = parts->day,
		.tm_hour = parts->hour,
		.tm_isdst = -1 };
	time_t t;

	if (parts->day < 1 || parts->day > 31 || year < 1970 ||
	    (t = mktime(&tm)) == (time_t)-1 || tm.tm_mday != parts->day ||
	    tm.tm_mon != parts->month - 1)
		return false;
	*ret_s = (int64_t)t;
	return true;
}

/* The latest year in which the line was not written after its file was. */
static int
year_of(const char *last, int64_t written_s)
{
	time_t t = (time_t)written_s;
	struct parts parts;
	int64_t at_s;
	struct tm tm;
	int year;

	if (localtime_r(&t, &tm) == NULL)
		return 1970;
	if (split(last, SHORT_LEN, &parts) == 0)
		return tm.tm_year + 1900;
	for (year = tm.tm_year + 1901; year > tm.tm_year + 1892; year--)
		if (time_of(&parts, year, &at_s) &&
		    at_s <= written_s + CIVIL_DAY_S)
			return year;
	return tm.tm_year + 1900;
}

void
stamp_from(struct stamp *stamp, int64_t written_s)
{
	int year = year_of(stamp->last, written_s) - stamp->turns;

	stamp_init(stamp);
	stamp->year = year;
}

/* ---- which time -------------------------------------------------------- */

/* "+0100" is "+01:00" to RFC 3339. False: it is too long. */
static bool
copy_zone(const char *zone, size_t len, char dst[ZONE_MAX + 1])
{
	if (len == 0 || len > ZONE_MAX)
		return false;
	memcpy(dst, zone, len);
	if (len == 5) {
		memmove(dst + 4, dst + 3, 2);
		dst[3] = ':';
		len++;
	}
	dst[len] = '\0';
	return true;
}

/* The minute, at its beginning. */
static bool
read_minute(const char *text, const char *zone, size_t zone_len, int64_t *ret_s)
{
	char whole[MINUTE_LEN + sizeof(":00") + ZONE_MAX];

	memcpy(whole, text, MINUTE_LEN);
	memcpy(whole + MINUTE_LEN, ":00", 3);
	return copy_zone(zone, zone_len, whole + MINUTE_LEN + 3) &&
	    ctl_parse_time(whole, ret_s) == 0;
}

static bool
read_long(struct stamp *stamp, const char *text, size_t len, int64_t *ret_s)
{
	size_t at = MINUTE_LEN + 1, zone;
	int second;

	if (!take_digits(text, len, &at, 2, &second) || at != MINUTE_LEN + 3 ||
	    second > 60)
		return false;
	if (at < len && text[at] == '.')
		for (at++; at < len && is_digit(text[at]);)
			at++;
	zone = len - at;
	if (zone > ZONE_MAX || zone == 0)
		return false;
	if (stamp->known_len != MINUTE_LEN + zone ||
	    memcmp(stamp->known, text, MINUTE_LEN) != 0 ||
	    memcmp(stamp->known + MINUTE_LEN, text + at, zone) != 0) {
		stamp->known_len = 0;
		if (!read_minute(text, text + at, zone, &stamp->known_s))
			return false;
		memcpy(stamp->known, text, MINUTE_LEN);
		memcpy(stamp->known + MINUTE_LEN, text + at, zone);
		stamp->known_len = MINUTE_LEN + zone;
	}
	*ret_s = stamp->known_s + second;
	return true;
}

static bool
read_short(struct stamp *stamp, const char *text, size_t len, int64_t *ret_s)
{
	struct parts parts;
	int hour[4];

	if (split(text, len, &parts) == 0)
		return false;
	if (parts.year == 0 && stamp->year == 0)
		return false;
	hour[0] = parts.year != 0 ? parts.year : stamp->year + stamp->turns;
	hour[1] = parts.month;
	hour[2] = parts.day;
	hour[3] = parts.hour;
	if (memcmp(hour, stamp->hour_of, sizeof(hour)) != 0) {
		memset(stamp->hour_of, 0, sizeof(stamp->hour_of));
		if (!time_of(&parts, hour[0], &stamp->hour_s))
			return false;
		memcpy(stamp->hour_of, hour, sizeof(hour));
	}
	*ret_s = stamp->hour_s + parts.minute * 60 + parts.second;
	return true;
}

bool
stamp_read(struct stamp *stamp, const char *text, size_t len, int64_t *ret_s)
{
	if (long_length(text, len) == len)
		return read_long(stamp, text, len, ret_s);
	return read_short(stamp, text, len, ret_s);
}
