/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hours of the week: "mon-fri 08:00-18:00; sat 10:00-14:00", by the clock on
 * the person's wall. A span that ends before it begins ends on the next day.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "policyd/people/person_parts.h"
#include "policyd/people/zone.h"
#include "proto/result.h"

#define DAY_MINUTES 1440
#define WEEK	    7u

static void
skip_blanks(const char **s)
{
	*s += strspn(*s, CELL_BLANKS);
}

static bool
take(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool
take_day(const char **s, unsigned int *ret_day)
{
	static const char names[WEEK][4] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun" };

	for (unsigned int i = 0; i < WEEK; i++) {
		if (strncasecmp(*s, names[i], 3) == 0) {
			*s += 3;
			*ret_day = i;
			return true;
		}
	}
	return false;
}

/* "mon", "mon-fri", "sat-mon", and several of these with commas. */
static bool
take_days(const char **s, uint8_t *ret_days)
{
	unsigned int first, last;

	*ret_days = 0;
	do {
		if (!take_day(s, &first))
			return false;
		last = first;
		if (take(s, '-') && !take_day(s, &last))
			return false;
		for (; first != last; first = (first + 1) % WEEK)
			*ret_days = (uint8_t)(*ret_days | 1u << first);
		*ret_days = (uint8_t)(*ret_days | 1u << last);
	} while (take(s, ','));
	return true;
}

static bool
take_two(const char **s, unsigned int *ret_n)
{
	const char *d = *s;

	if (d[0] < '0' || d[0] > '9' || d[1] < '0' || d[1] > '9')
		return false;
	*ret_n = (unsigned int)(d[0] - '0') * 10 + (unsigned int)(d[1] - '0');
	*s += 2;
	return true;
}

/* "00:00" to "24:00". */
static bool
take_minutes(const char **s, uint16_t *ret_minutes)
{
	unsigned int hours, minutes;

	if (!take_two(s, &hours) || !take(s, ':') || !take_two(s, &minutes) ||
	    minutes > 59 || hours * 60 + minutes > DAY_MINUTES)
		return false;
	*ret_minutes = (uint16_t)(hours * 60 + minutes);
	return true;
}

static const char *
take_span(const char **s, struct person_span *ret_span)
{
	size_t blanks;

	if (!take_days(s, &ret_span->days))
		return "has no days; begin each span with some of mon, tue, "
		       "wed, thu, fri, sat and sun, such as mon-fri "
		       "08:00-18:00";
	blanks = strspn(*s, CELL_BLANKS);
	*s += blanks;
	if (blanks == 0 || !take_minutes(s, &ret_span->from) || !take(s, '-') ||
	    !take_minutes(s, &ret_span->to) || ret_span->from == DAY_MINUTES)
		return "has no times behind its days; write them with two "
		       "digits each, such as 08:00-18:00 or 22:00-06:00";
	skip_blanks(s);
	if (**s != '\0' && !take(s, ';'))
		return "has something else behind a span; separate spans by "
		       "';', such as mon-fri 08:00-18:00; sat 10:00-14:00";
	return NULL;
}

static void
empty_hours(struct person *person)
{
	memset(person->hours, 0, sizeof(person->hours));
	memset(person->span, 0, sizeof(person->span));
	person->nspans = 0;
}

int
person_set_hours(struct person *person, const char *text, const char **ret_why)
{
	const char *s = text, *why = NULL;

	empty_hours(person);
	if (strlen(text) > PERSON_HOURS_MAX)
		return cell_too_long("is longer than 96 bytes; write days "
				     "together, such as mon-fri or "
				     "mon,wed,fri",
		    ret_why);
	for (; *s != '\0' && why == NULL; skip_blanks(&s)) {
		if (person->nspans == PERSON_SPANS_MAX) {
			empty_hours(person);
			return cell_too_long("has more than 8 spans; write "
					     "days together, such as "
					     "mon-fri or mon,wed,fri",
			    ret_why);
		}
		why = take_span(&s, &person->span[person->nspans++]);
	}
	if (why != NULL) {
		empty_hours(person);
		return cell_wrong(why, ret_why);
	}
	memcpy(person->hours, text, strlen(text));
	return 0;
}

/* day 0 is Monday. */
static bool
in_span(const struct person_span *span, unsigned int day, int minute)
{
	unsigned int yesterday = (day + WEEK - 1) % WEEK;
	bool today = (span->days >> day & 1u) != 0;

	if (span->from < span->to)
		return today && minute >= span->from && minute < span->to;
	return (today && minute >= span->from) ||
	    ((span->days >> yesterday & 1u) != 0 && minute < span->to);
}

int
person_in_hours(const struct person *person, int64_t at_s, bool *ret_in)
{
	struct tm tm;
	unsigned int day;

	*ret_in = person->nspans == 0;
	if (*ret_in)
		return 0;
	if (zone_time(person->zone, at_s, &tm) != 0)
		return FG_ERR_NOT_FOUND;
	day = ((unsigned int)tm.tm_wday + WEEK - 1) % WEEK;
	for (size_t i = 0; i < person->nspans && !*ret_in; i++)
		*ret_in =
		    in_span(&person->span[i], day, tm.tm_hour * 60 + tm.tm_min);
	return 0;
}
