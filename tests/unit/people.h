/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of people share: people from fields, people by chance, and
 * whether two are the same.
 */
#ifndef FG_TESTS_PEOPLE_H
#define FG_TESTS_PEOPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/people/person.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

static inline uint32_t
next_random(void)
{
	static uint32_t x = 88675123u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static inline void
set(struct person *p, const char *field, const char *text)
{
	const char *why = NULL;
	int r = person_set(p, field, text, &why);

	if (r != 0)
		fail_msg("%s = \"%s\": %s", field, text, why);
	assert_null(why);
}

static inline void
finish(struct person *p)
{
	const char *why = NULL;

	if (person_finish(p, &why) != 0)
		fail_msg("%s", why);
}

/* Each text is refused, with a fix, and nothing of it is kept. */
static inline void
refused(const char *field, int want, const char *text, const char *part)
{
	char buf[PERSON_FIELD_MAX];
	const char *why = NULL;
	struct person p;
	int r;

	person_init(&p);
	r = person_set(&p, field, text, &why);
	if (r != want)
		fail_msg("%s = \"%s\": %d", field, text, r);
	assert_non_null(why);
	assert_non_null(strstr(why, "; "));
	if (strstr(why, part) == NULL)
		fail_msg("%s = \"%s\": %s", field, text, why);
	if (strcmp(field, "status") != 0 && strcmp(field, "kind") != 0)
		assert_string_equal(person_get(&p, field, buf), "");
}

static inline const char *
got(const struct person *p, const char *field)
{
	static char buf[PERSON_FIELD_MAX];

	return person_get(p, field, buf);
}

/* By every field, and by what the fields' texts do not say. */
static inline void
same_person(const struct person *a, const struct person *b)
{
	char text[PERSON_FIELD_MAX], other[PERSON_FIELD_MAX];

	for (size_t i = 0; person_fields[i] != NULL; i++)
		assert_string_equal(person_get(a, person_fields[i], text),
		    person_get(b, person_fields[i], other));
	assert_int_equal(a->naccounts, b->naccounts);
	assert_int_equal(a->has_point, b->has_point);
	assert_true(a->latitude == b->latitude);
	assert_true(a->longitude == b->longitude);
	assert_true(a->valid_from_s == b->valid_from_s);
	assert_true(a->valid_until_s == b->valid_until_s);
	assert_int_equal(a->nspans, b->nspans);
	assert_memory_equal(a->span, b->span, sizeof(a->span));
	assert_memory_equal(a, b, sizeof(*a));
}

static inline const char *
one_of(const char *const *list, size_t n)
{
	return list[next_random() % n];
}

/* Fields that fit together, each of them empty now and then. */
static inline void
random_person(struct person *p, unsigned int number)
{
	static const char *const names[] = { "", "Alice",
		"Bj\xc3\xb8rn \xc3\x85s",
		"\xe5\xb1\xb1\xe7\x94\xb0 \xe5\xa4\xaa\xe9\x83\x8e",
		"O'Neil, \"Bob\"", "a;b", "\\", "x=1",
		"Name, with; all\\ \"\"" };
	static const char *const homes[] = { "", "59.91,10.75",
		"-33.868, 151.2093", "0,0", "-90,-180", "90.000,180" };
	static const char *const zones[] = { "", "Europe/Oslo", "Asia/Tokyo",
		"Australia/Sydney", "America/Santiago", "Asia/Beirut" };
	static const char *const hours[] = { "", "mon-fri 08:00-18:00",
		"mon,wed 22:00-06:00; sat-mon 00:00-24:00" };
	static const char *const dates[] = { "", "2026-03-29", "2025-01-01",
		"2025-10-05", "2025-06-01T12:00:00Z",
		"2026-02-28T23:59:59-07:30" };
	static const char *const ends[] = { "", "2030-12-31", "2031-03-30",
		"2040-09-07", "2031-01-01T00:00:00+09:00" };
	static const char *const lists[] = { "", "one", "two three",
		"a;b;c d", "x_1 y-2 z_3" };
	static const char *const keys[] = { "", "alice@example.com",
		"SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM key-7" };
	static const char *const countries[] = { "", "NO", "no se;JP" };
	char user[32];
	bool service = next_random() % 5 == 0;

	person_init(p);
	(void)snprintf(user, sizeof(user), "user%u", number);
	set(p, "user", user);
	set(p, "name", one_of(names, COUNT(names)));
	set(p, "accounts", one_of(lists, COUNT(lists)));
	set(p, "zone", one_of(zones, COUNT(zones)));
	set(p, "groups", one_of(lists, COUNT(lists)));
	set(p, "keys", one_of(keys, COUNT(keys)));
	set(p, "valid_from", one_of(dates, COUNT(dates)));
	set(p, "valid_until", one_of(ends, COUNT(ends)));
	set(p, "status", next_random() % 2 ? "revoked" : "");
	if (service) {
		set(p, "kind", "service");
		set(p, "networks", "office vpn_2");
	} else {
		set(p, "kind", next_random() % 2 ? "vendor" : "");
		set(p, "networks", one_of(lists, COUNT(lists)));
		set(p, "countries", one_of(countries, COUNT(countries)));
		set(p, "home", one_of(homes, COUNT(homes)));
		set(p, "radius", p->home[0] != '\0' ? "100 km" : "");
		set(p, "hours", one_of(hours, COUNT(hours)));
	}
	finish(p);
}

#endif
