/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cities by their names, however people type them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "policyd/people/cities.h"
#include "policyd/people/fold.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

static char folder[] = "/tmp/farmgate-cities-XXXXXX";
static char path[64];
static const char *why;

static int
open_text(const char *text, size_t len, struct cities **ret_cities)
{
	FILE *out;

	assert_non_null(out = fopen(path, "wb"));
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0644), 0);
	return cities_open(path, ret_cities, &why);
}

static const char world[] =
    "# attribution\n"
    "NO\tOslo\t59.91273\t10.74609\t580000\n"
    "US\tSpringfield\t39.80172\t-89.64371\t116250\n"
    "US\tSpringfield\t37.21533\t-93.29824\t166810\n"
    "US\tSpringfield\t44.04624\t-123.02203\t\n"
    "BR\tS\xc3\xa3o Paulo\t-23.5475\t-46.63611\t10021295\n"
    "FR\tSaint-Denis\t48.93564\t2.35387\t96128\n"
    "FR\tL'Ha\xc3\xbf-les-Roses\t48.77644\t2.33768\t30000\n"
    "DE\tGie\xc3\x9f"
    "en\t50.58727\t8.67554\t74411\n"
    "DE\tM\xc3\xbcnchen\t48.13743\t11.57549\t1260391\r\n"
    "PL\t\xc5\x81\xc3\xb3"
    "d\xc5\xba\t51.75\t19.46667\t768755\n"
    "VN\tH\xe1\xbb\x93 Ch\xc3\xad Minh\t10.82302\t106.62965\t8993082\n"
    "RU\t\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0\t55.75222\t37.61556"
    "\t10381222\n"
    "GR\t\xce\x91\xce\xb8\xce\xae\xce\xbd\xce\xb1\t37.98376\t23.72784\t664046\n"
    "JP\t\xe6\x9d\xb1\xe4\xba\xac\t35.6895\t139.69171\t8336599\n"
    "TR\tD\xc3\xbczce\t40.83889\t31.16389\t1\n"
    "XX\tNowhere\t0\t0\t1\n"
    "US\t...\t0\t0\t1\n"
    "SE\tG\xc3\xb6teborg\t57.70716\t11.96679\t572799\tanother column\n";

static void
want_city(const char *home, double latitude)
{
	double north, east;
	struct cities *cities;

	assert_int_equal(open_text(world, sizeof(world) - 1, &cities), 0);
	if (cities_find(cities, home, &north, &east) != 0)
		fail_msg("%s", home);
	assert_true(north == latitude);
	cities_free(cities);
}

static void
case_and_accents_do_not_matter(void **state)
{
	(void)state;
	want_city("Oslo, NO", 59.91273);
	want_city("OSLO,no", 59.91273);
	want_city(" oslo ,  NO", 59.91273);
	want_city("Sao Paulo, BR", -23.5475);
	want_city("S\xc3\x83O PAULO, BR", -23.5475);
	/* an accent as a character of its own */
	want_city("Sa\xcc\x83o Paulo, BR", -23.5475);
	want_city("Munchen, DE", 48.13743);
	want_city("Giessen, DE", 50.58727);
	want_city("GIE\xe1\xba\x9e"
		  "EN, DE",
	    50.58727);
	want_city("lodz, PL", 51.75);
	want_city("Ho Chi Minh, VN", 10.82302);
	want_city("\xd0\x9c\xd0\x9e\xd0\xa1\xd0\x9a\xd0\x92\xd0\x90, RU",
	    55.75222);
	want_city("\xe6\x9d\xb1\xe4\xba\xac, JP", 35.6895);
	want_city("Goteborg, SE", 57.70716);
}

static void
hyphens_and_apostrophes_do_not_matter(void **state)
{
	(void)state;
	want_city("Saint Denis, FR", 48.93564);
	want_city("saint--denis, FR", 48.93564);
	want_city("L\xe2\x80\x99Ha\xc3\xbf les Roses, FR", 48.77644);
	want_city("LHay-les-Roses, FR", 48.77644);
}

static void
of_several_the_most_populous_is_meant(void **state)
{
	(void)state;
	want_city("Springfield, US", 37.21533);
}

static void
what_is_not_there_is_not_found(void **state)
{
	static const char *const missing[] = { "Oslo, SE", "Osl, NO",
		"Osloo, NO", "Atlantis, GR", "Springfield, IL, US", "Zzz, ZW",
		"Aaa, AD" };
	static const char *const bad[] = { "Oslo", "Oslo, Norway", "Oslo, XX",
		", NO", "., NO", "Oslo,", "", "Osl\xff, NO", "Nowhere, XX" };
	struct cities *cities;
	double north, east;

	(void)state;
	assert_int_equal(open_text(world, sizeof(world) - 1, &cities), 0);
	for (size_t i = 0; i < COUNT(missing); i++)
		assert_int_equal(cities_find(cities, missing[i], &north, &east),
		    FG_ERR_NOT_FOUND);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(cities_find(cities, bad[i], &north, &east),
		    FG_ERR_FORMAT);
	cities_free(cities);
}

static void
a_name_of_any_length_is_refused(void **state)
{
	char home[1024];
	struct cities *cities;
	double north, east;

	(void)state;
	assert_int_equal(open_text(world, sizeof(world) - 1, &cities), 0);
	for (size_t n = 1; n < 600; n++) {
		/* Each becomes two bytes. */
		for (size_t i = 0; i < n; i++)
			memcpy(home + 2 * i % 1000, "\xc3\xa6", 2);
		memcpy(home + (2 * n < 1000 ? 2 * n : 1000), ", NO", 5);
		assert_int_not_equal(cities_find(cities, home, &north, &east),
		    0);
	}
	cities_free(cities);
}

static void
a_file_that_is_not_of_the_form_is_refused(void **state)
{
	static const char *const bad[] = { "NO\tOslo\t59.9\n",
		"NO\tOslo\t59.9\t10.7\n", "NOR\tOslo\t59.9\t10.7\t1\n",
		"NO\tOslo\t91\t10.7\t1\n", "NO\tOslo\t59.9\t181\t1\n",
		"NO\tOslo\tnan\t10.7\t1\n", "NO\tOslo\t59,9\t10,7\t1\n",
		"NO\tOslo\t59.9\t10.7\t-1\n", "NO\tOslo\t59.9\t10.7\t1e6\n",
		"NO\tOslo\t59.9\t10.7\t99999999999999999999999\n",
		"NO\tOsl\xff\t59.9\t10.7\t1\n", "NO;Oslo;59.9;10.7;1\n",
		"<html>\n" };
	struct cities *cities;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (open_text(bad[i], strlen(bad[i]), &cities) != FG_ERR_FORMAT)
			fail_msg("%s", bad[i]);
		assert_null(cities);
	}
	assert_int_equal(open_text("NO\tA\0B\t1\t1\t1\n", 12, &cities),
	    FG_ERR_FORMAT);
}

static void
files_are_opened_with_care(void **state)
{
	struct cities *cities;
	char other[80];

	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(cities_open(path, &cities, &why), FG_ERR_NOT_FOUND);
	assert_null(why);
	(void)snprintf(other, sizeof(other), "%s/link", folder);
	assert_int_equal(open_text(world, sizeof(world) - 1, &cities), 0);
	cities_free(cities);
	assert_int_equal(symlink(path, other), 0);
	assert_int_equal(cities_open(other, &cities, &why), FG_ERR_UNSAFE);
	assert_non_null(strstr(why, "is a symbolic link"));
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(cities_open(path, &cities, &why), FG_ERR_UNSAFE);
	assert_non_null(strstr(why, "can be written by others"));
	assert_int_equal(cities_open(folder, &cities, &why), FG_ERR_UNSAFE);
	assert_int_equal(unlink(other), 0);
}

static void
an_empty_file_has_no_city(void **state)
{
	struct cities *cities;
	double north, east;

	(void)state;
	assert_int_equal(open_text("", 0, &cities), 0);
	assert_int_equal(cities_find(cities, "Oslo, NO", &north, &east),
	    FG_ERR_NOT_FOUND);
	cities_free(cities);
}

static void
many_cities_are_all_found(void **state)
{
	char *text = NULL, home[32];
	struct cities *cities;
	double north, east;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (int i = 0; i < 50000; i++)
		(void)fprintf(out, "%s\tCity %d\t%d.5\t%d.25\t%d\n",
		    i % 2 ? "NO" : "SE", i, i % 90, i % 180, i);
	(void)fclose(out);
	assert_int_equal(open_text(text, size, &cities), 0);
	for (int i = 0; i < 50000; i++) {
		(void)snprintf(home, sizeof(home), "city-%d, %s", i,
		    i % 2 ? "NO" : "SE");
		assert_int_equal(cities_find(cities, home, &north, &east), 0);
		assert_true(north == i % 90 + 0.5 && east == i % 180 + 0.25);
	}
	cities_free(cities);
	free(text);
}

/* Whatever it is, it never takes more than twice the room, nor any beyond. */
static void
folding_keeps_within_its_room(void **state)
{
	char src[64], dst[128];
	uint32_t x = 2463534242u;
	size_t n, len;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		len = 0;
		while (len < 12) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			/* two and three bytes of a code point */
			if (x & 1) {
				src[len++] = (char)(0xc2 + (x >> 8) % 0x1e);
			} else {
				src[len++] = (char)0xe1;
				src[len++] = (char)(0xb8 + (x >> 20) % 3);
			}
			src[len++] = (char)(0x80 + (x >> 16) % 0x40);
		}
		n = fold_name(src, len, dst, sizeof(dst));
		assert_true(n <= 2 * len);
		for (size_t room = 0; room < n; room++)
			assert_int_equal(fold_name(src, len, dst, room), 0);
	}
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/cities.tsv", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(case_and_accents_do_not_matter),
		TEST(hyphens_and_apostrophes_do_not_matter),
		TEST(of_several_the_most_populous_is_meant),
		TEST(what_is_not_there_is_not_found),
		TEST(a_name_of_any_length_is_refused),
		TEST(a_file_that_is_not_of_the_form_is_refused),
		TEST(files_are_opened_with_care),
		TEST(an_empty_file_has_no_city),
		TEST(many_cities_are_all_found),
		TEST(folding_keeps_within_its_room),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
