/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person's hours and dates, by the clock on their wall.
 */
#include <time.h>

#include "tests/unit/people.h"

/* "2026-03-29T01:00:00Z" and the like, in UTC. */
static int64_t
utc(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm));
	return timegm(&tm);
}

static void
with_hours(struct person *p, const char *zone, const char *hours)
{
	person_init(p);
	set(p, "user", "alice");
	set(p, "zone", zone);
	set(p, "hours", hours);
	finish(p);
}

static void
want_in(const struct person *p, const char *at, bool want)
{
	bool in = !want;

	assert_int_equal(person_in_hours(p, utc(at), &in), 0);
	if (in != want)
		fail_msg("%s in %s at %s", p->hours, p->zone, at);
}

static void
spans_begin_in_time_and_end_before_it(void **state)
{
	struct person p;

	(void)state;
	with_hours(&p, "", "mon-fri 08:00-18:00; sat 10:00-14:00");
	assert_int_equal(p.nspans, 2);
	want_in(&p, "2026-11-23T07:59:59Z", false); /* a Monday */
	want_in(&p, "2026-11-23T08:00:00Z", true);
	want_in(&p, "2026-11-23T17:59:59Z", true);
	want_in(&p, "2026-11-23T18:00:00Z", false);
	want_in(&p, "2026-11-27T12:00:00Z", true);
	want_in(&p, "2026-11-28T09:59:59Z", false);
	want_in(&p, "2026-11-28T10:00:00Z", true);
	want_in(&p, "2026-11-28T14:00:00Z", false);
	want_in(&p, "2026-11-29T12:00:00Z", false);
}

static void
nights_belong_to_the_day_on_which_they_begin(void **state)
{
	struct person p;

	(void)state;
	with_hours(&p, "", "fri,sun 22:00-06:00");
	want_in(&p, "2026-11-27T03:00:00Z", false); /* Friday morning */
	want_in(&p, "2026-11-27T21:59:59Z", false);
	want_in(&p, "2026-11-27T22:00:00Z", true);
	want_in(&p, "2026-11-28T05:59:59Z", true);
	want_in(&p, "2026-11-28T06:00:00Z", false);
	want_in(&p, "2026-11-28T23:00:00Z", false);
	/* over the end of the week */
	want_in(&p, "2026-11-29T23:00:00Z", true);
	want_in(&p, "2026-11-30T05:59:00Z", true);
	want_in(&p, "2026-11-30T22:30:00Z", false);
}

static void
whole_days_and_the_turn_of_the_week(void **state)
{
	struct person p;

	(void)state;
	with_hours(&p, "", "sat-mon 00:00-24:00");
	assert_int_equal(p.span[0].days, 0x61);
	want_in(&p, "2026-11-27T23:59:59Z", false);
	want_in(&p, "2026-11-28T00:00:00Z", true);
	want_in(&p, "2026-11-30T23:59:59Z", true);
	want_in(&p, "2026-12-01T00:00:00Z", false);
	with_hours(&p, "", "mon-sun 12:00-12:00");
	want_in(&p, "2026-12-01T00:00:00Z", true);
	want_in(&p, "2026-12-01T12:00:00Z", true);
	with_hours(&p, "", "tue 20:00-00:00");
	want_in(&p, "2026-12-01T23:59:59Z", true);
	want_in(&p, "2026-12-02T00:00:00Z", false);
}

static void
hours_follow_the_wall_through_both_switches(void **state)
{
	struct person p;

	(void)state;
	with_hours(&p, "Europe/Oslo", "mon-sun 08:00-16:00");
	want_in(&p, "2026-03-28T06:59:59Z", false); /* 07:59 in winter */
	want_in(&p, "2026-03-28T07:00:00Z", true);
	want_in(&p, "2026-03-29T05:59:59Z", false); /* 07:59 in summer */
	want_in(&p, "2026-03-29T06:00:00Z", true);
	want_in(&p, "2026-03-29T14:00:00Z", false);
	want_in(&p, "2026-10-24T06:00:00Z", true);
	want_in(&p, "2026-10-25T06:59:59Z", false);
	want_in(&p, "2026-10-25T07:00:00Z", true);
	/* 02:30 is not there in spring, and twice in autumn. */
	with_hours(&p, "Europe/Oslo", "sun 02:00-03:00");
	want_in(&p, "2026-03-29T00:59:59Z", false);
	want_in(&p, "2026-03-29T01:00:00Z", false);
	want_in(&p, "2026-10-25T00:30:00Z", true);
	want_in(&p, "2026-10-25T01:30:00Z", true);
	want_in(&p, "2026-10-25T02:00:00Z", false);
}

static void
the_day_is_the_persons_too(void **state)
{
	struct person p;

	(void)state;
	with_hours(&p, "Pacific/Auckland", "mon 08:00-10:00");
	want_in(&p, "2026-11-22T19:30:00Z", true); /* 08:30 on Monday */
	want_in(&p, "2026-11-23T08:30:00Z", false);
	with_hours(&p, "America/Los_Angeles", "sun 20:00-22:00");
	want_in(&p, "2026-11-23T05:00:00Z", true);
}

static void
no_hours_are_all_hours_whatever_the_zone(void **state)
{
	struct person p;
	bool in = false;

	(void)state;
	person_init(&p);
	set(&p, "zone", "Europe/Atlantis");
	assert_int_equal(person_in_hours(&p, 0, &in), 0);
	assert_true(in);
}

static void
hours_in_a_zone_that_is_not_there_are_an_error(void **state)
{
	struct person p;
	bool in = true;

	(void)state;
	person_init(&p);
	set(&p, "zone", "Europe/Atlantis");
	set(&p, "hours", "mon-sun 00:00-24:00");
	assert_int_equal(person_in_hours(&p, 0, &in), FG_ERR_NOT_FOUND);
	assert_false(in);
	set(&p, "zone", "");
	assert_int_equal(person_in_hours(&p, INT64_MAX, &in), FG_ERR_NOT_FOUND);
	assert_false(in);
}

static void
hours_are_of_the_form_or_refused(void **state)
{
	static const char *const bad[] = { "08:00-18:00", "mon", "mon-fri",
		"mon-fri 8:00-18:00", "mon-fri 08-18", "mon-fri 08:00",
		"mon-fri 08:00-25:00", "mon-fri 08:60-18:00",
		"mon-fri 24:00-06:00", "mon-fri 08:00-24:01",
		"mon-fri 08:00 - 18:00", "mon-fri08:00-18:00",
		"monday 08:00-18:00", "mon- 08:00-18:00", "mon, 08:00-18:00",
		"mon-fri 08:00-18:00, sat 10:00-14:00",
		"mon-fri 08:00-18:00 sat 10:00-14:00", "mon 08.00-18.00",
		"man-fre 08:00-18:00", ";", "mon 08:00-18:00;; tue 08:00-09:00",
		"=mon 08:00-18:00", "mon 08:00-18:00x" };
	struct person p;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refused("hours", FG_ERR_FORMAT, bad[i], "; ");
	with_hours(&p, "", "Mon-FRI 08:00-18:00 ;sat 10:00-14:00; ");
	assert_int_equal(p.nspans, 2);
	refused("hours", FG_ERR_LIMIT,
	    "mon 00:01-00:02;tue 00:01-00:02;wed 00:01-00:02;thu 00:01-00:02;"
	    "fri 00:01-00:02;sat 00:01-00:02;sun 00:01-00:02",
	    "96 bytes");
	with_hours(&p, "", "mon 00:01-00:02");
	assert_int_equal(p.nspans, 1);
}

static void
with_dates(struct person *p, const char *zone, const char *from,
    const char *until)
{
	person_init(p);
	/* The zone comes last, and still counts. */
	set(p, "valid_from", from);
	set(p, "valid_until", until);
	set(p, "user", "alice");
	set(p, "zone", zone);
	finish(p);
	assert_false(p->from_is_day);
	assert_false(p->until_is_day);
}

static void
days_begin_and_end_in_the_persons_zone(void **state)
{
	struct person p;

	(void)state;
	with_dates(&p, "Asia/Tokyo", "2026-04-01", "2026-04-30");
	assert_false(person_is_valid(&p, utc("2026-03-31T14:59:59Z")));
	assert_true(person_is_valid(&p, utc("2026-03-31T15:00:00Z")));
	assert_true(person_is_valid(&p, utc("2026-04-30T14:59:59Z")));
	assert_false(person_is_valid(&p, utc("2026-04-30T15:00:00Z")));
	assert_string_equal(got(&p, "valid_from"), "2026-04-01");
	assert_string_equal(got(&p, "valid_until"), "2026-04-30");
	with_dates(&p, "", "2026-04-01", "2026-04-01");
	assert_true(p.valid_from_s == utc("2026-04-01T00:00:00Z"));
	assert_true(p.valid_until_s == utc("2026-04-02T00:00:00Z"));
}

static void
days_without_a_midnight_are_whole_days(void **state)
{
	struct person p;

	(void)state;
	/* 23 hours, from 01:00 on. */
	with_dates(&p, "Asia/Beirut", "2026-03-29", "2026-03-29");
	assert_true(p.valid_until_s - p.valid_from_s == 23 * 3600);
	assert_string_equal(got(&p, "valid_from"), "2026-03-29");
	assert_string_equal(got(&p, "valid_until"), "2026-03-29");
	with_dates(&p, "Asia/Beirut", "2026-03-28", "2026-03-28");
	assert_true(p.valid_until_s - p.valid_from_s == 24 * 3600);
	with_dates(&p, "Europe/Oslo", "2026-10-25", "2026-10-25");
	assert_true(p.valid_until_s - p.valid_from_s == 25 * 3600);
}

static void
times_have_their_own_zone(void **state)
{
	struct person p;

	(void)state;
	with_dates(&p, "Asia/Tokyo", "2026-04-01T08:00:00+02:00",
	    "2026-04-30 18:30:00Z");
	assert_true(p.valid_from_s == utc("2026-04-01T06:00:00Z"));
	assert_true(p.valid_until_s == utc("2026-04-30T18:30:00Z"));
	assert_string_equal(got(&p, "valid_from"), "2026-04-01T06:00:00Z");
	assert_string_equal(got(&p, "valid_until"), "2026-04-30T18:30:00Z");
	with_dates(&p, "", "2026-04-01T00:00:00-00:30", "");
	assert_true(p.valid_from_s == utc("2026-04-01T00:30:00Z"));
}

static void
dates_are_of_the_form_or_refused(void **state)
{
	static const char *const bad[] = { "2026-02-29", "2026-13-01",
		"2026-00-10", "2026-04-31", "2026-4-1", "01.04.2026",
		"04/01/2026", "2026-04", "20260401", "26-04-01", "1969-12-31",
		"9999-01-01", "10000-01-01", "2026-04-01T08:00:00",
		"2026-04-01T08:00Z", "2026-04-01T24:00:00Z",
		"2026-04-01T08:60:00Z", "2026-04-01T08:00:60Z",
		"2026-04-01T08:00:00.5Z", "2026-04-01T08:00:00+0200",
		"2026-04-01T08:00:00+24:00", "2026-04-01T08:00:00ZZ",
		"2026-04-01x", "tomorrow", "-2026-04-01", "=2026-04-01",
		"1970-01-01T00:00:00+00:01", "9998-12-31T23:59:59Z" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		refused("valid_from", FG_ERR_FORMAT, bad[i], "2026-03-31");
		refused("valid_until", FG_ERR_FORMAT, bad[i], "2026-03-31");
	}
}

static void
what_ends_before_it_begins_is_refused(void **state)
{
	const char *why = NULL;
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "user", "alice");
	set(&p, "valid_from", "2026-04-02");
	set(&p, "valid_until", "2026-04-01");
	assert_int_equal(person_finish(&p, &why), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "before valid_from; "));
}

static void
days_in_a_zone_that_is_not_there_are_refused(void **state)
{
	const char *why = NULL;
	struct person p;

	(void)state;
	person_init(&p);
	set(&p, "user", "alice");
	set(&p, "zone", "Europe/Atlantis");
	finish(&p);
	set(&p, "valid_until", "2026-04-01T00:00:00Z");
	finish(&p);
	set(&p, "valid_until", "2026-04-01");
	assert_int_equal(person_finish(&p, &why), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "tzdata"));
}

static void
revoked_is_revoked_on_every_day(void **state)
{
	struct person p;

	(void)state;
	with_dates(&p, "", "2026-04-01", "2026-04-30");
	set(&p, "status", "revoked");
	assert_false(person_is_valid(&p, utc("2026-04-15T00:00:00Z")));
	p.status = PERSON_STATUS_NONE;
	assert_false(person_is_valid(&p, utc("2026-04-15T00:00:00Z")));
}

static void
damaged_dates_are_shown_and_do_no_harm(void **state)
{
	struct person p;

	(void)state;
	person_init(&p);
	p.valid_from_s = INT64_MIN + 1;
	p.valid_until_s = INT64_MAX - 1;
	assert_string_not_equal(got(&p, "valid_from"), "");
	assert_string_equal(got(&p, "valid_until"), "9999-12-31T23:59:59Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(spans_begin_in_time_and_end_before_it),
		TEST(nights_belong_to_the_day_on_which_they_begin),
		TEST(whole_days_and_the_turn_of_the_week),
		TEST(hours_follow_the_wall_through_both_switches),
		TEST(the_day_is_the_persons_too),
		TEST(no_hours_are_all_hours_whatever_the_zone),
		TEST(hours_in_a_zone_that_is_not_there_are_an_error),
		TEST(hours_are_of_the_form_or_refused),
		TEST(days_begin_and_end_in_the_persons_zone),
		TEST(days_without_a_midnight_are_whole_days),
		TEST(times_have_their_own_zone),
		TEST(dates_are_of_the_form_or_refused),
		TEST(what_ends_before_it_begins_is_refused),
		TEST(days_in_a_zone_that_is_not_there_are_refused),
		TEST(revoked_is_revoked_on_every_day),
		TEST(damaged_dates_are_shown_and_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
