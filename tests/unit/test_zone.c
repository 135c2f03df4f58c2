/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wall clocks of the world, by this program's rules and by the C library's:
 * both have to say the same of every zone that is installed.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <sys/stat.h>

#include "policyd/people/civil.h"
#include "policyd/people/zone.h"
#include "policyd/people/zone_file.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

/* Oslo's first night of summer time in 2026, and its last. */
#define SPRING_S INT64_C(1774746000) /* 2026-03-29T01:00:00Z */
#define AUTUMN_S INT64_C(1792890000) /* 2026-10-25T01:00:00Z */

static uint32_t
next_random(void)
{
	static uint32_t x = 88675123u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static void
want_clock(const char *zone, int64_t at_s, const char *want)
{
	char text[32];
	struct tm tm;

	assert_int_equal(zone_time(zone, at_s, &tm), 0);
	assert_true(strftime(text, sizeof(text), "%a %Y-%m-%d %H:%M:%S", &tm) >
	    0);
	assert_string_equal(text, want);
}

static int64_t
seconds(const char *zone, int year, int month, int day, int hour, int minute)
{
	struct tm tm = { .tm_year = year - 1900,
		.tm_mon = month - 1,
		.tm_mday = day,
		.tm_hour = hour,
		.tm_min = minute };
	int64_t at_s;

	assert_int_equal(zone_seconds(zone, &tm, &at_s), 0);
	return at_s;
}

static void
the_clock_jumps_on_both_switch_days(void **state)
{
	(void)state;
	want_clock("Europe/Oslo", SPRING_S - 1, "Sun 2026-03-29 01:59:59");
	want_clock("Europe/Oslo", SPRING_S, "Sun 2026-03-29 03:00:00");
	want_clock("Europe/Oslo", AUTUMN_S - 1, "Sun 2026-10-25 02:59:59");
	want_clock("Europe/Oslo", AUTUMN_S, "Sun 2026-10-25 02:00:00");
	/* behind the last change that the file lists */
	want_clock("Europe/Oslo", INT64_C(2540246400),
	    "Fri 2050-07-01 02:00:00");
}

static void
summer_in_the_south_goes_over_the_new_year(void **state)
{
	(void)state;
	want_clock("Australia/Sydney", seconds("", 2026, 1, 1, 0, 0),
	    "Thu 2026-01-01 11:00:00");
	want_clock("Australia/Sydney", seconds("", 2026, 7, 1, 0, 0),
	    "Wed 2026-07-01 10:00:00");
	want_clock("Australia/Sydney", seconds("", 2060, 12, 31, 13, 0),
	    "Sat 2061-01-01 00:00:00");
}

static void
rules_that_a_country_gave_up_stay_for_their_years(void **state)
{
	(void)state;
	/* Moscow had summer time until 2010, +04 until 2014, then +03. */
	want_clock("Europe/Moscow", seconds("", 2010, 7, 1, 0, 0),
	    "Thu 2010-07-01 04:00:00");
	want_clock("Europe/Moscow", seconds("", 2013, 1, 1, 0, 0),
	    "Tue 2013-01-01 04:00:00");
	want_clock("Europe/Moscow", seconds("", 2026, 7, 1, 0, 0),
	    "Wed 2026-07-01 03:00:00");
	/* Samoa left out a whole day. */
	want_clock("Pacific/Apia", seconds("", 2011, 12, 30, 9, 59),
	    "Thu 2011-12-29 23:59:00");
	want_clock("Pacific/Apia", seconds("", 2011, 12, 30, 10, 0),
	    "Sat 2011-12-31 00:00:00");
}

static void
an_empty_name_is_utc(void **state)
{
	struct tm tm;

	(void)state;
	want_clock("", 0, "Thu 1970-01-01 00:00:00");
	want_clock("UTC", INT64_C(951782400), "Tue 2000-02-29 00:00:00");
	assert_int_equal(zone_time("", 0, &tm), 0);
	assert_int_equal(tm.tm_gmtoff, 0);
	assert_int_equal(tm.tm_isdst, 0);
}

static void
a_written_time_that_is_there_twice_is_the_first_one(void **state)
{
	(void)state;
	assert_int_equal(seconds("Europe/Oslo", 2026, 10, 25, 2, 30),
	    AUTUMN_S - 1800);
	assert_int_equal(seconds("Europe/Oslo", 2026, 10, 25, 3, 0),
	    AUTUMN_S + 3600);
	assert_int_equal(seconds("Europe/Oslo", 2026, 10, 25, 1, 59),
	    AUTUMN_S - 3660);
}

static void
a_written_time_that_is_left_out_is_where_the_clock_goes_on(void **state)
{
	(void)state;
	assert_int_equal(seconds("Europe/Oslo", 2026, 3, 29, 2, 0), SPRING_S);
	assert_int_equal(seconds("Europe/Oslo", 2026, 3, 29, 2, 59), SPRING_S);
	assert_int_equal(seconds("Europe/Oslo", 2026, 3, 29, 3, 0), SPRING_S);
	/* Beirut's midnight is left out; Samoa's day was. */
	want_clock("Asia/Beirut", seconds("Asia/Beirut", 2026, 3, 29, 0, 0),
	    "Sun 2026-03-29 01:00:00");
	want_clock("Pacific/Apia", seconds("Pacific/Apia", 2011, 12, 30, 0, 0),
	    "Sat 2011-12-31 00:00:00");
}

static void
days_and_hours_may_be_out_of_range(void **state)
{
	(void)state;
	assert_int_equal(seconds("Europe/Oslo", 2026, 1, 32, 0, 0),
	    seconds("Europe/Oslo", 2026, 2, 1, 0, 0));
	assert_int_equal(seconds("Asia/Tokyo", 2026, 3, 0, 24, 0),
	    seconds("Asia/Tokyo", 2026, 3, 1, 0, 0));
}

static void
what_is_no_zone_is_refused(void **state)
{
	static const char *const bad[] = { "/etc/localtime", "../etc/passwd",
		"Europe/../UTC", "Europe//Oslo", "Europe/", "Europe/Oslo ",
		"Europe Oslo", ":UTC", "Europe/Osl\xc3\xb8", "Europe\\Oslo",
		"CET-1CEST,M3.5.0,M10.5.0/3",
		"Europe/OsloEurope/OsloEurope/OsloEurope/OsloEurope" };
	static const char *const missing[] = { "Europe/Atlantis", "europe/oslo",
		"Europe", "tzdata", "+", "-", "Oslo" };
	struct tm tm = { .tm_year = 126, .tm_mday = 1 };
	int64_t at_s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		assert_int_equal(zone_time(bad[i], 0, &tm), FG_ERR_FORMAT);
		assert_int_equal(zone_seconds(bad[i], &tm, &at_s),
		    FG_ERR_FORMAT);
	}
	for (i = 0; i < COUNT(missing); i++)
		assert_int_equal(zone_time(missing[i], 0, &tm),
		    FG_ERR_NOT_FOUND);
}

static void
times_beyond_the_calendar_are_refused(void **state)
{
	static const int64_t at_s[] = { INT64_MIN, INT64_MAX, CIVIL_FIRST_S,
		CIVIL_END_S, CIVIL_END_S - 3600 };
	static const int years[] = { INT_MIN, -2000000000, -1900, 8100,
		2000000000, INT_MAX };
	struct tm tm;
	int64_t s;

	(void)state;
	for (size_t i = 0; i < COUNT(at_s); i++) {
		assert_int_equal(zone_time("", at_s[i], &tm), FG_ERR_FORMAT);
		assert_int_equal(zone_time("Asia/Tokyo", at_s[i], &tm),
		    FG_ERR_FORMAT);
	}
	for (size_t i = 0; i < COUNT(years); i++) {
		memset(&tm, 0, sizeof(tm));
		tm.tm_year = years[i];
		assert_int_equal(zone_seconds("", &tm, &s), FG_ERR_FORMAT);
	}
	memset(&tm, 0, sizeof(tm));
	tm.tm_mon = 12;
	assert_int_equal(zone_seconds("", &tm, &s), FG_ERR_FORMAT);
}

static void
the_processes_own_zone_is_left_alone(void **state)
{
	struct tm before, after;
	time_t now = SPRING_S;

	(void)state;
	assert_int_equal(setenv("TZ", "Asia/Kathmandu", 1), 0);
	tzset();
	assert_non_null(localtime_r(&now, &before));
	for (int i = 0; i < 3; i++) {
		want_clock("America/New_York", SPRING_S,
		    "Sat 2026-03-28 21:00:00");
		(void)seconds("Asia/Tokyo", 2026, 1, 1, 0, 0);
	}
	assert_string_equal(getenv("TZ"), "Asia/Kathmandu");
	assert_string_equal(tzname[0], "+0545");
	assert_non_null(localtime_r(&now, &after));
	assert_int_equal(after.tm_hour, before.tm_hour);
	assert_int_equal(after.tm_min, before.tm_min);
	assert_int_equal(unsetenv("TZ"), 0);
	tzset();
}

/* ---- every zone, against the C library ---- */

static unsigned long zones;

/* From 1970 to 2100, and the minutes around each day of 2026. */
static time_t
some_time(int i)
{
	if (i % 2 == 0)
		return (time_t)(next_random() % 4102444800u);
	return SPRING_S + (time_t)(next_random() % 600) * 43200 - 1800 +
	    (time_t)(next_random() % 3600);
}

static void
compare_at(const char *zone, time_t at_s)
{
	struct tm theirs, ours;
	int64_t back;

	assert_non_null(localtime_r(&at_s, &theirs));
	assert_int_equal(zone_time(zone, at_s, &ours), 0);
	if (ours.tm_gmtoff != theirs.tm_gmtoff ||
	    ours.tm_isdst != theirs.tm_isdst || ours.tm_sec != theirs.tm_sec ||
	    ours.tm_min != theirs.tm_min || ours.tm_hour != theirs.tm_hour ||
	    ours.tm_mday != theirs.tm_mday || ours.tm_mon != theirs.tm_mon ||
	    ours.tm_year != theirs.tm_year || ours.tm_wday != theirs.tm_wday ||
	    ours.tm_yday != theirs.tm_yday)
		fail_msg("%s at %lld: %02d:%02d and %02d:%02d", zone,
		    (long long)at_s, ours.tm_hour, ours.tm_min, theirs.tm_hour,
		    theirs.tm_min);
	assert_int_equal(zone_seconds(zone, &ours, &back), 0);
	/* The second of two hours of one name is the first. */
	if (back != at_s) {
		assert_true(back < at_s);
		assert_int_equal(zone_time(zone, back, &theirs), 0);
		assert_int_equal(theirs.tm_hour, ours.tm_hour);
		assert_int_equal(theirs.tm_min, ours.tm_min);
	}
}

static int
compare_zone(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *zone = path + strlen(ZONE_FOLDER "/");
	char magic[4] = "";
	FILE *in;

	(void)st;
	if (ftw->level == 1 && type == FTW_D &&
	    (strcmp(zone, "right") == 0 || strcmp(zone, "posix") == 0))
		return FTW_SKIP_SUBTREE;
	if (type != FTW_F || strchr(zone, '.') != NULL ||
	    strcmp(zone, "localtime") == 0 || strcmp(zone, "Factory") == 0)
		return FTW_CONTINUE;
	assert_non_null(in = fopen(path, "r"));
	if (fread(magic, 1, 4, in) == 4 && memcmp(magic, "TZif", 4) == 0) {
		assert_int_equal(setenv("TZ", zone, 1), 0);
		tzset();
		for (int i = 0; i < 300; i++)
			compare_at(zone, some_time(i));
		zones++;
	}
	(void)fclose(in);
	return FTW_CONTINUE;
}

static void
every_zone_is_read_as_the_c_library_reads_it(void **state)
{
	(void)state;
	assert_int_equal(nftw(ZONE_FOLDER, compare_zone, 16, FTW_ACTIONRETVAL),
	    0);
	assert_true(zones > 200);
	assert_int_equal(unsetenv("TZ"), 0);
	tzset();
}

/* ---- bytes that are no zone ---- */

static uint8_t *
read_zone(const char *name, size_t *ret_len)
{
	static uint8_t data[ZONE_FILE_MAX + 1];
	char path[128];
	FILE *in;

	(void)snprintf(path, sizeof(path), ZONE_FOLDER "/%s", name);
	assert_non_null(in = fopen(path, "rb"));
	*ret_len = fread(data, 1, sizeof(data), in);
	(void)fclose(in);
	assert_true(*ret_len > 100);
	return data;
}

static void
a_zone_that_is_cut_off_anywhere_is_refused(void **state)
{
	struct zone_file *file;
	size_t len, i;
	uint8_t *data = read_zone("Europe/Oslo", &len), *copy;

	(void)state;
	assert_int_equal(zone_file_parse(data, len, &file), 0);
	zone_file_free(file);
	for (i = 0; i < len; i++) {
		/* Exactly as long, so that a read beyond it is found. */
		assert_non_null(copy = malloc(i + 1));
		memcpy(copy, data, i);
		assert_int_equal(zone_file_parse(copy, i, &file),
		    FG_ERR_FORMAT);
		assert_null(file);
		free(copy);
	}
}

static void
a_damaged_zone_never_does_harm(void **state)
{
	static uint8_t copy[ZONE_FILE_MAX];
	struct zone_file *file;
	size_t len;
	const uint8_t *data = read_zone("America/New_York", &len);
	int good = 0, bad = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		memcpy(copy, data, len);
		for (uint32_t n = 1 + next_random() % 3; n > 0; n--)
			copy[next_random() % (n == 1 ? 200 : len)] =
			    (uint8_t)next_random();
		if (zone_file_parse(copy, len, &file) != 0) {
			bad++;
			continue;
		}
		good++;
		for (int k = 0; k < 4; k++)
			(void)zone_file_at(file, some_time(k));
		zone_file_free(file);
	}
	assert_true(good > 0 && bad > 0);
}

static void
rules_are_of_the_form_or_refused(void **state)
{
	static const char *const good[] = { "UTC0",
		"CET-1CEST,M3.5.0,M10.5.0/3", "<+0330>-3:30",
		"IST-1GMT0,M10.5.0,M3.5.0/1", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
		"EST5EDT,0/0,J365/25", "XXX3EDT4,M4.1.0/-167,J365/167:59:59" };
	static const char *const bad[] = { "", "CE-1", "CET", "CET-1CEST",
		"CET-25", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x",
		"CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,J0,J365", "CET-1CEST,366,J365", "CET-1:60",
		"CET-1CEST,M3.5.0/168,M10.5.0", "<>-1", "<+01-1", "CET-1 ",
		"CET-0001" };
	struct zone_rule rule;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		assert_int_equal(zone_rule_parse(good[i], &rule), 0);
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(zone_rule_parse(bad[i], &rule), FG_ERR_FORMAT);
}

static void
summer_may_last_the_whole_year(void **state)
{
	struct zone_rule rule;

	(void)state;
	assert_int_equal(zone_rule_parse("EST5EDT,0/0,J365/25", &rule), 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(zone_rule_at(&rule, (int64_t)next_random() * 2)
				     .seconds,
		    -4 * 3600);
}

static void
the_calendar_goes_there_and_back(void **state)
{
	struct tm tm;
	time_t t;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t s = CIVIL_FIRST_S +
		    (int64_t)(((uint64_t)next_random() << 32 | next_random()) %
			(uint64_t)(CIVIL_END_S - CIVIL_FIRST_S));

		civil_time(s, &tm);
		t = timegm(&tm);
		assert_int_equal(t, s);
		assert_int_equal(civil_days(tm.tm_year + 1900, tm.tm_mon + 1,
				     tm.tm_mday) *
			    CIVIL_DAY_S +
			tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec,
		    s);
	}
}

static void
a_day_is_written_where_there_is_one(void **state)
{
	char buf[CIVIL_DAY_SIZE];

	(void)state;
	assert_string_equal(civil_day(0, buf), "1970-01-01");
	assert_string_equal(civil_day(-1, buf), "1969-12-31");
	assert_string_equal(civil_day(1767225600, buf), "2026-01-01");
	assert_string_equal(civil_day(CIVIL_END_S - 1, buf), "9999-12-31");
	assert_string_equal(civil_day(CIVIL_END_S, buf), "");
	assert_string_equal(civil_day(CIVIL_FIRST_S - 1, buf), "");
	assert_string_equal(civil_day(INT64_MIN, buf), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_clock_jumps_on_both_switch_days),
		TEST(summer_in_the_south_goes_over_the_new_year),
		TEST(rules_that_a_country_gave_up_stay_for_their_years),
		TEST(an_empty_name_is_utc),
		TEST(a_written_time_that_is_there_twice_is_the_first_one),
		TEST(
		    a_written_time_that_is_left_out_is_where_the_clock_goes_on),
		TEST(days_and_hours_may_be_out_of_range),
		TEST(what_is_no_zone_is_refused),
		TEST(times_beyond_the_calendar_are_refused),
		TEST(the_processes_own_zone_is_left_alone),
		TEST(every_zone_is_read_as_the_c_library_reads_it),
		TEST(a_zone_that_is_cut_off_anywhere_is_refused),
		TEST(a_damaged_zone_never_does_harm),
		TEST(rules_are_of_the_form_or_refused),
		TEST(summer_may_last_the_whole_year),
		TEST(the_calendar_goes_there_and_back),
		TEST(a_day_is_written_where_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
