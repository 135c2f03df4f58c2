/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From when and until when a person may come: days in their zone, or times as
 * RFC 3339 has them. The last day counts whole.
 */
#include <string.h>
#include <time.h>

#include "policyd/people/civil.h"
#include "policyd/people/person_parts.h"
#include "policyd/people/zone.h"
#include "proto/result.h"

static const char why_date[] = "is no date; write a day such as 2026-03-31, "
			       "or a time with its zone such as "
			       "2026-03-31T18:00:00Z";

static bool
take(const char **s, const char *set)
{
	if (**s == '\0' || strchr(set, **s) == NULL)
		return false;
	(*s)++;
	return true;
}

/* "Z" or "+02:00". */
static bool
take_offset(const char **s, int64_t *ret_s)
{
	int hours, minutes;
	bool west = **s == '-';

	*ret_s = 0;
	if (take(s, "Zz"))
		return true;
	if (!take(s, "+-") || !civil_take_digits(s, 2, &hours) ||
	    !take(s, ":") || !civil_take_digits(s, 2, &minutes) || hours > 23 ||
	    minutes > 59)
		return false;
	*ret_s = (hours * 60 + minutes) * 60;
	if (west)
		*ret_s = -*ret_s;
	return true;
}

static bool
take_time(const char **s, int64_t *ret_s)
{
	int hours, minutes, seconds;
	int64_t offset_s;

	if (!civil_take_digits(s, 2, &hours) || !take(s, ":") ||
	    !civil_take_digits(s, 2, &minutes) || !take(s, ":") ||
	    !civil_take_digits(s, 2, &seconds) || hours > 23 || minutes > 59 ||
	    seconds > 59 || !take_offset(s, &offset_s))
		return false;
	*ret_s = (hours * 60 + minutes) * 60 + seconds - offset_s;
	return true;
}

static int
parse_date(const char *text, int64_t *ret_s, bool *ret_is_day)
{
	int64_t days, seconds = 0, at_s;

	if (!civil_take_day(&text, &days))
		return FG_ERR_FORMAT;
	*ret_is_day = *text == '\0';
	if (!*ret_is_day &&
	    (!take(&text, "Tt ") || !take_time(&text, &seconds) ||
		*text != '\0'))
		return FG_ERR_FORMAT;
	at_s = days * CIVIL_DAY_S + seconds;
	/* An offset may lead out of the years that can be written. */
	if (at_s < 0 || at_s > civil_days(CIVIL_YEAR_MAX, 12, 31) * CIVIL_DAY_S)
		return FG_ERR_FORMAT;
	*ret_s = at_s;
	return 0;
}

int
person_set_from(struct person *person, const char *text, const char **ret_why)
{
	person->valid_from_s = INT64_MIN;
	person->from_is_day = false;
	if (parse_date(text, &person->valid_from_s, &person->from_is_day) != 0)
		return cell_wrong(why_date, ret_why);
	return 0;
}

int
person_set_until(struct person *person, const char *text, const char **ret_why)
{
	person->valid_until_s = INT64_MAX;
	person->until_is_day = false;
	if (parse_date(text, &person->valid_until_s, &person->until_is_day) !=
	    0)
		return cell_wrong(why_date, ret_why);
	return 0;
}

/* The first moment of a day, or of one some days later. */
static int
day_begins(const char *zone, int64_t day_s, int later, int64_t *ret_s)
{
	struct tm tm;

	civil_time(day_s, &tm);
	tm.tm_mday += later;
	return zone_seconds(zone, &tm, ret_s);
}

int
person_finish_dates(struct person *person, const char **ret_why)
{
	if ((person->from_is_day &&
		day_begins(person->zone, person->valid_from_s, 0,
		    &person->valid_from_s) != 0) ||
	    (person->until_is_day &&
		day_begins(person->zone, person->valid_until_s, 1,
		    &person->valid_until_s) != 0))
		return cell_wrong(PERSON_WHY_ZONE, ret_why);
	person->from_is_day = person->until_is_day = false;
	if (person->valid_from_s >= person->valid_until_s)
		return cell_wrong("valid_until is before valid_from; "
				  "exchange or correct them",
		    ret_why);
	return 0;
}

/* As a day, where it is the first moment of one or, for an end, behind it. */
static void
write_date(const struct person *person, int64_t at_s, int later,
    char buf[PERSON_FIELD_MAX])
{
	int64_t day_s, begins_s;
	struct tm tm;

	if (zone_time(person->zone, at_s, &tm) == 0) {
		day_s =
		    (civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) -
			later) *
		    CIVIL_DAY_S;
		if (day_begins(person->zone, day_s, later, &begins_s) == 0 &&
		    begins_s == at_s) {
			(void)civil_day(day_s, buf);
			return;
		}
	}
	/* Nothing that was set is outside of these; a damaged one may be. */
	at_s = at_s < CIVIL_FIRST_S ? CIVIL_FIRST_S : at_s;
	at_s = at_s >= CIVIL_END_S ? CIVIL_END_S - 1 : at_s;
	civil_time(at_s, &tm);
	(void)strftime(buf, PERSON_FIELD_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void
person_get_from(const struct person *person, char buf[PERSON_FIELD_MAX])
{
	buf[0] = '\0';
	if (person->valid_from_s != INT64_MIN)
		write_date(person, person->valid_from_s, 0, buf);
}

void
person_get_until(const struct person *person, char buf[PERSON_FIELD_MAX])
{
	buf[0] = '\0';
	if (person->valid_until_s != INT64_MAX)
		write_date(person, person->valid_until_s, 1, buf);
}
