/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins of the past: the last one of a person, how many came from an
 * autonomous system, who else came from a source, and what expires.
 */
#include "tests/unit/storing.h"

static void
add(struct store *store, const char *person, const char *addr, int64_t at_s)
{
	struct store_login l = a_login(person, addr, at_s);

	assert_int_equal(store_history_add(store, &l), 0);
}

/* ---- the last one ------------------------------------------------------ */

static void
assert_there_and_back(const struct store_login *l)
{
	struct store *store = open_store();
	struct store_login m;

	assert_int_equal(store_history_add(store, l), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_history_last(store, l->person, &m), 0);
	assert_memory_equal(l, &m, sizeof(m));
	store_close(store);
}

static void
test_a_login_comes_out_as_it_was_put_in(void **state)
{
	struct store_login l = a_login("alice", "203.0.113.7", 1000);

	(void)state;
	assert_there_and_back(&l);
	fill_text(l.person, sizeof(l.person), '\xff');
	fill_text(l.ref, sizeof(l.ref), 'r');
	fill_text(l.service, sizeof(l.service), 's');
	l.addr = an_addr(
	    "fe80::ffff:ffff:ffff:ffff%abcdefghijklmnopqrstuvwxyz01234");
	fill_text(l.country, sizeof(l.country), 'N');
	l.asn = UINT32_MAX;
	l.at_s = INT64_MAX;
	fill_text(l.boot_id, sizeof(l.boot_id), 'b');
	l.boot_s = INT64_MIN;
	assert_there_and_back(&l);
	l.at_s = INT64_MIN;
	memset(l.ref, 0, sizeof(l.ref));
	memset(l.boot_id, 0, sizeof(l.boot_id));
	assert_there_and_back(&l);
}

static void
test_a_name_that_is_sql_is_a_name(void **state)
{
	char others[HOSTILE_NAMES + 1][FG_USER_MAX + 1];
	struct addr addr = an_addr("203.0.113.7");
	struct store *store;
	struct store_login l;
	size_t i, n;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++) {
		l = a_login(hostile_names[i], "203.0.113.7", 1000);
		set_text(l.service, sizeof(l.service), hostile_names[i]);
		assert_there_and_back(&l);
	}
	store = open_store();
	for (i = 0; i < HOSTILE_NAMES; i++) {
		assert_int_equal(store_history_sharers(store, &addr,
				     hostile_names[i], 1000, others,
				     HOSTILE_NAMES + 1, &n),
		    0);
		assert_int_equal(n, HOSTILE_NAMES - 1);
	}
	store_close(store);
	assert_int_equal(history_rows(), HOSTILE_NAMES);
}

static void
test_the_last_login_is_the_one_that_was_added_last(void **state)
{
	struct store *store = open_store();
	struct store_login l;

	(void)state;
	assert_int_equal(store_history_last(store, "alice", &l),
	    FG_ERR_NOT_FOUND);
	add(store, "alice", "192.0.2.1", 5000);
	add(store, "alice", "192.0.2.2", 1000); /* the clock was set back */
	add(store, "bob", "192.0.2.3", 9000);
	add(store, "alicee", "192.0.2.4", 9000);
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_int_equal(l.at_s, 1000);
	add(store, "alice", "192.0.2.5", 1000); /* equal times */
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_int_equal(l.addr.b[15], 5);
	l = a_login("x", "192.0.2.1", 1);
	assert_int_equal(store_history_last(store, "Alice", &l),
	    FG_ERR_NOT_FOUND);
	assert_string_equal(l.person, "");
	store_close(store);
}

static void
test_a_login_that_could_not_be_read_back_is_refused(void **state)
{
	struct store *store = open_store();
	struct store_login bad[8];
	size_t i;

	(void)state;
	for (i = 0; i < 8; i++)
		bad[i] = a_login("alice", "203.0.113.7", 1000);
	bad[0].person[0] = '\0';
	memset(bad[1].person, 'p', sizeof(bad[1].person)); /* no end */
	memset(bad[2].ref, 'r', sizeof(bad[2].ref));
	memset(bad[3].service, 's', sizeof(bad[3].service));
	memset(bad[4].country, 'N', sizeof(bad[4].country));
	memset(bad[5].boot_id, 'b', sizeof(bad[5].boot_id));
	memset(bad[6].addr.zone, 'z', sizeof(bad[6].addr.zone));
	bad[7].country[0] = 'N';
	for (i = 0; i < 8; i++)
		if (store_history_add(store, &bad[i]) != FG_ERR_FORMAT)
			fail_msg("%zu", i);
	assert_int_equal(history_rows(), 0);
	store_close(store);
}

/* ---- which of them are there ------------------------------------------- */

static void
add_in(struct store *store, const char *boot_id, int64_t boot_s, int64_t at_s,
    const char *ref)
{
	struct store_login l = a_login("alice", "203.0.113.7", at_s);

	set_text(l.boot_id, sizeof(l.boot_id), boot_id);
	set_text(l.ref, sizeof(l.ref), ref);
	l.boot_s = boot_s;
	assert_int_equal(store_history_add(store, &l), 0);
}

static bool
has(struct store *store, const char *boot_id, int64_t boot_s, int64_t at_s,
    const char *ref)
{
	struct store_login l = a_login("alice", "203.0.113.7", at_s);
	bool is;

	set_text(l.boot_id, sizeof(l.boot_id), boot_id);
	set_text(l.ref, sizeof(l.ref), ref);
	l.boot_s = boot_s;
	assert_int_equal(store_history_has(store, &l, &is), 0);
	return is;
}

static void
test_a_login_that_was_never_added_is_told(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_false(has(store, "boot", 50, 1000, "AAAA-0001"));
	add_in(store, "boot", 50, 1000, "AAAA-0001");
	assert_true(has(store, "boot", 50, 1000, "AAAA-0001"));
	/* At the same second, or later, or after a boot. */
	assert_false(has(store, "boot", 50, 1000, "AAAA-0002"));
	assert_false(has(store, "boot", 51, 900, "AAAA-0002"));
	assert_false(has(store, "other", 3, 1100, "AAAA-0002"));
	/* Earlier than one that is there: it was, and expired. */
	assert_true(has(store, "boot", 49, 999, "AAAA-0000"));
	add_in(store, "other", 3, 1100, "AAAA-0003");
	assert_true(has(store, "other", 2, 1099, "AAAA-0002"));
	store_close(store);
}

/* ---- what time it was -------------------------------------------------- */

static void
test_the_latest_of_a_time_tells_what_came_after_it(void **state)
{
	struct store *store = open_store();
	struct store_moment m;

	(void)state;
	assert_int_equal(store_history_before(store, INT64_MAX, &m),
	    FG_ERR_NOT_FOUND);
	add_in(store, "one", 50, 5000, "");
	add_in(store, "two", 60, 9000, ""); /* a clock that was wrong */
	add_in(store, "two", 70, 6000, "");
	assert_int_equal(store_history_before(store, 4999, &m),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(m.at_s, 0);
	assert_int_equal(store_history_before(store, 5999, &m), 0);
	assert_int_equal(m.at_s, 5000);
	assert_int_equal(m.boot_s, 50);
	assert_string_equal(m.boot_id, "one");
	assert_int_equal(m.next_s, 9000);
	assert_int_equal(store_history_before(store, 9000, &m), 0);
	assert_int_equal(m.boot_s, 60);
	assert_int_equal(m.next_s, 6000);
	assert_int_equal(store_history_before(store, 8999, &m), 0);
	assert_int_equal(m.boot_s, 70);
	assert_true(m.next_s == INT64_MAX);
	run_behind("UPDATE history SET boot_s = 'late'");
	assert_int_equal(store_history_before(store, 9000, &m), FG_ERR_FORMAT);
	assert_int_equal(m.at_s, 0);
	store_close(store);
}

/* ---- autonomous systems ------------------------------------------------ */

#define DAY INT64_C(86400)

static uint32_t
days(struct store *store, const char *person, uint32_t asn, int64_t until_s,
    uint32_t max)
{
	uint32_t n = 77;

	assert_int_equal(store_history_days(store, person, asn, until_s, max,
			     &n),
	    0);
	return n;
}

static void
add_asn(struct store *store, const char *person, uint32_t asn, int64_t at_s)
{
	struct store_login l = a_login(person, "203.0.113.7", at_s);

	l.asn = asn;
	assert_int_equal(store_history_add(store, &l), 0);
}

/* However many there are on one of them, and in which order they came. */
static void
test_days_from_an_autonomous_system_are_counted(void **state)
{
	static const int64_t at_s[] = { 20 * DAY, 20 * DAY + 1, 21 * DAY - 1,
		25 * DAY, 21 * DAY, 20 * DAY + 5, 400 * DAY, 19 * DAY };
	static const uint32_t want[] = { 1, 1, 1, 2, 3, 3, 4, 5 };
	struct store *store = open_store();
	size_t i;

	(void)state;
	assert_int_equal(days(store, "alice", 64500, INT64_MAX, 9), 0);
	for (i = 0; i < sizeof(at_s) / sizeof(at_s[0]); i++) {
		add_asn(store, "alice", 64500, at_s[i]);
		if (days(store, "alice", 64500, INT64_MAX, 9) != want[i])
			fail_msg("%zu", i);
	}
	add_asn(store, "alice", UINT32_MAX, 20 * DAY);
	add_asn(store, "bob", 64500, 22 * DAY);
	assert_int_equal(days(store, "alice", 64500, INT64_MAX, 0), 0);
	assert_int_equal(days(store, "alice", 64500, INT64_MAX, 3), 3);
	assert_int_equal(days(store, "alice", 64500, INT64_MAX, UINT32_MAX), 5);
	assert_int_equal(days(store, "alice", UINT32_MAX, INT64_MAX, 9), 1);
	assert_int_equal(days(store, "alice", 64501, INT64_MAX, 9), 0);
	assert_int_equal(days(store, "alice", 0, INT64_MAX, 9), 0);
	assert_int_equal(days(store, "bob", 64500, INT64_MAX, 9), 1);
	assert_int_equal(days(store, "", 64500, INT64_MAX, 9), 0);
	/* What is to come by a clock that was wrong. */
	assert_int_equal(days(store, "alice", 64500, 400 * DAY, 9), 4);
	assert_int_equal(days(store, "alice", 64500, 20 * DAY + 1, 9), 2);
	assert_int_equal(days(store, "alice", 64500, 19 * DAY, 9), 0);
	store_close(store);
}

/* Before 1970 days begin at midnight, too, and the last one has an end. */
static void
test_days_of_a_clock_that_was_wrong_are_days(void **state)
{
	struct store *store = open_store();

	(void)state;
	add_asn(store, "alice", 1, -1);
	add_asn(store, "alice", 1, -DAY);
	add_asn(store, "alice", 1, 0);
	assert_int_equal(days(store, "alice", 1, INT64_MAX, 9), 2);
	add_asn(store, "alice", 1, -DAY - 1);
	assert_int_equal(days(store, "alice", 1, INT64_MAX, 9), 3);
	add_asn(store, "alice", 1, INT64_MIN);
	add_asn(store, "alice", 1, INT64_MAX - 1);
	assert_in_range(days(store, "alice", 1, INT64_MAX, 9), 3, 5);
	store_close(store);
}

/* ---- who else came from there ------------------------------------------ */

/* Their names in order, each with a blank behind. */
static const char *
sharers(struct store *store, const char *addr, const char *person,
    int64_t since_s, size_t max)
{
	char people[16][FG_USER_MAX + 1];
	struct addr a = an_addr(addr);
	static char text[16 * (FG_USER_MAX + 2)];
	size_t i, n, len = 0;

	assert_true(max <= 16);
	assert_int_equal(store_history_sharers(store, &a, person, since_s,
			     people, max, &n),
	    0);
	text[0] = '\0';
	for (i = 0; i < n; i++) {
		(void)snprintf(text + len, sizeof(text) - len, "%s ",
		    people[i]);
		len += strlen(text + len);
	}
	return text;
}

static void
test_others_from_the_same_source_are_each_told_once(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 0, 8), "");
	add(store, "bob", "192.0.2.1", 1000);
	add(store, "bob", "192.0.2.1", 1001);
	add(store, "alice", "192.0.2.1", 1002);
	add(store, "carol", "192.0.2.1", 1003);
	add(store, "dave", "192.0.2.2", 1004);
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 0, 8),
	    "bob carol ");
	assert_string_equal(sharers(store, "192.0.2.1", "carol", 0, 8),
	    "alice bob ");
	assert_string_equal(sharers(store, "192.0.2.1", "eve", 0, 8),
	    "alice bob carol ");
	assert_string_equal(sharers(store, "192.0.2.2", "dave", 0, 8), "");
	assert_string_equal(sharers(store, "192.0.2.1", "eve", 0, 2),
	    "alice bob ");
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 0, 1), "bob ");
	assert_string_equal(sharers(store, "192.0.2.1", "eve", 0, 0), "");
	store_close(store);
}

static void
test_the_window_begins_to_the_second(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "bob", "192.0.2.1", 1000);
	add(store, "bob", "192.0.2.1", 500);
	add(store, "carol", "192.0.2.1", 400);
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 400, 8),
	    "bob carol ");
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 401, 8),
	    "bob ");
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 1000, 8),
	    "bob ");
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 1001, 8), "");
	assert_string_equal(sharers(store, "192.0.2.1", "alice", INT64_MIN, 8),
	    "bob carol ");
	assert_string_equal(sharers(store, "192.0.2.1", "alice", INT64_MAX, 8),
	    "");
	store_close(store);
}

static void
test_a_mapped_address_is_the_same_source(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "bob", "192.0.2.1", 1000);
	add(store, "carol", "::ffff:192.0.2.1", 1000);
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 0, 8),
	    "bob carol ");
	assert_string_equal(sharers(store, "::ffff:c000:201", "alice", 0, 8),
	    "bob carol ");
	assert_string_equal(sharers(store, "192.0.2.0", "alice", 0, 8), "");
	assert_string_equal(sharers(store, "::", "alice", 0, 8), "");
	store_close(store);
}

static void
test_of_ipv6_the_64_is_the_source(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "bob", "2001:db8:1:2::1", 1000);
	add(store, "carol", "2001:db8:1:2:ffff:ffff:ffff:ffff", 1000);
	add(store, "dave", "2001:db8:1:3::1", 1000);
	add(store, "eve", "2001:db8:1:1:ffff:ffff:ffff:ffff", 1000);
	assert_string_equal(sharers(store, "2001:db8:1:2::", "alice", 0, 8),
	    "bob carol ");
	assert_string_equal(sharers(store, "2001:db8:1:2:8000::", "bob", 0, 8),
	    "carol ");
	assert_string_equal(sharers(store, "2001:db8:1:3::2", "alice", 0, 8),
	    "dave ");
	assert_string_equal(sharers(store, "2001:db8:1:1::", "alice", 0, 8),
	    "eve ");
	assert_string_equal(sharers(store, "2001:db8:1::", "alice", 0, 8), "");
	store_close(store);
}

static void
test_a_zone_makes_no_other_source(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "bob", "fe80::1%eth0", 1000);
	add(store, "carol", "fe80::2%eth1", 1000);
	add(store, "dave", "fe80::3", 1000);
	assert_string_equal(sharers(store, "fe80::1", "alice", 0, 8),
	    "bob carol dave ");
	store_close(store);
}

/* All of IPv4 is in one /64 there. */
static void
test_behind_nat64_the_ipv4_address_is_the_source(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "bob", "64:ff9b::192.0.2.1", 1000);
	add(store, "carol", "64:ff9b::192.0.2.2", 1000);
	add(store, "dave", "192.0.2.1", 1000);
	assert_string_equal(sharers(store, "192.0.2.1", "alice", 0, 8),
	    "bob dave ");
	assert_string_equal(sharers(store, "64:ff9b::192.0.2.2", "alice", 0, 8),
	    "carol ");
	store_close(store);
}

/* ---- all sources ------------------------------------------------------- */

struct sources {
	char text[512];
	size_t n;
	size_t stop;
};

static int
see_source(const struct store_source *s, void *arg)
{
	struct sources *seen = arg;
	size_t len = strlen(seen->text);
	char addr[ADDR_TEXT_SIZE];

	(void)snprintf(seen->text + len, sizeof(seen->text) - len,
	    "%s %s %s %u %u %d %d\n", addr_text(&s->addr, addr), s->person,
	    s->country, (unsigned int)s->asn, (unsigned int)s->logins,
	    (int)s->first_s, (int)s->last_s);
	return ++seen->n == seen->stop;
}

static const char *
sources(struct store *store, int64_t since_s, size_t stop)
{
	static struct sources seen;

	seen = (struct sources){ .stop = stop };
	assert_int_equal(store_history_sources_each(store, since_s, see_source,
			     &seen),
	    0);
	return seen.text;
}

static void
test_sources_are_told_person_by_person(void **state)
{
	struct store *store = open_store();
	struct store_login l;

	(void)state;
	assert_string_equal(sources(store, 0, 0), "");
	add(store, "bob", "192.0.2.1", 1000);
	add(store, "bob", "192.0.2.1", 3000);
	add(store, "alice", "2001:db8::7", 1500);
	l = a_login("alice", "192.0.2.1", 2000);
	l.asn = 64500;
	(void)snprintf(l.country, sizeof(l.country), "NO");
	assert_int_equal(store_history_add(store, &l), 0);
	l = a_login("alice", "192.0.2.1", 1999);
	l.asn = 64501;
	(void)snprintf(l.country, sizeof(l.country), "SE");
	assert_int_equal(store_history_add(store, &l), 0);
	assert_string_equal(sources(store, 0, 0),
	    "192.0.2.1 alice NO 64500 2 1999 2000\n"
	    "192.0.2.1 bob  0 2 1000 3000\n"
	    "2001:db8:: alice  0 1 1500 1500\n");
	assert_string_equal(sources(store, 2000, 0),
	    "192.0.2.1 alice NO 64500 1 2000 2000\n"
	    "192.0.2.1 bob  0 1 3000 3000\n");
	assert_string_equal(sources(store, 0, 1),
	    "192.0.2.1 alice NO 64500 2 1999 2000\n");
	assert_string_equal(sources(store, 3001, 0), "");
	store_close(store);
}

/* ---- how long ---------------------------------------------------------- */

static void
assert_expires(struct store *store, int64_t before_s, size_t max, size_t gone,
    bool more)
{
	size_t n = 77;
	bool m = !more;

	assert_int_equal(store_history_expire(store, before_s, max, &n, &m), 0);
	assert_int_equal(n, gone);
	assert_int_equal(m, more);
}

static void
test_the_oldest_expire_in_pieces(void **state)
{
	struct store *store = open_store();
	unsigned int i;

	(void)state;
	assert_expires(store, INT64_MAX, 10, 0, false);
	for (i = 0; i < 25; i++)
		add(store, "alice", "192.0.2.1", 1000 + i);
	assert_int_equal(history_rows(), 25);
	assert_expires(store, 1000, 10, 0, false);
	assert_expires(store, 1023, 10, 10, true);
	assert_int_equal(history_rows(), 15);
	assert_expires(store, 1023, 10, 10, true);
	assert_expires(store, 1023, 10, 3, false);
	assert_expires(store, 1023, 10, 0, false);
	assert_int_equal(history_rows(), 2);
	assert_expires(store, INT64_MAX, SIZE_MAX, 2, false);
	assert_int_equal(history_rows(), 0);
	store_close(store);
	assert_int_equal(history_rows(), 0);
	assert_integrity();
}

static void
test_the_oldest_expire_first(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "alice", "192.0.2.1", 3000);
	add(store, "bob", "192.0.2.1", 1000);
	add(store, "carol", "192.0.2.1", 2000);
	assert_expires(store, 9000, 1, 1, true);
	assert_string_equal(sharers(store, "192.0.2.1", "eve", 0, 8),
	    "alice carol ");
	assert_expires(store, 9000, 1, 1, true);
	assert_string_equal(sharers(store, "192.0.2.1", "eve", 0, 8), "alice ");
	store_close(store);
}

static void
test_the_future_keeps_nothing_behind_it(void **state)
{
	struct store *store = open_store();
	struct store_login l;
	unsigned int i;

	(void)state;
	for (i = 0; i < 30; i++)
		add(store, "alice", "192.0.2.1",
		    i < 10 ? INT64_C(4000000000) + i : 1000 + i);
	assert_expires(store, 1020, 5, 5, true);
	assert_expires(store, 1020, 5, 5, true);
	assert_expires(store, 1020, 5, 0, false);
	assert_int_equal(history_rows(), 20);
	assert_expires(store, 2000, 100, 10, false);
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_int_equal(l.at_s, INT64_C(4000000009));
	store_close(store);
	assert_int_equal(history_rows(), 10);
}

/* Whatever was removed: what is added next is the last. */
static void
test_what_is_added_after_all_expired_is_the_last(void **state)
{
	struct store *store = open_store();
	struct store_login l;

	(void)state;
	add(store, "alice", "192.0.2.1", 2000);
	add(store, "alice", "192.0.2.2", 1000); /* the clock was set back */
	assert_expires(store, 1500, 10, 1, false);
	add(store, "alice", "192.0.2.3", 1700);
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_int_equal(l.at_s, 1700);
	store_close(store);
}

/* ---- rows that somebody changed ---------------------------------------- */

static void
assert_row_is_refused(struct store *store, const char *change)
{
	struct store_login l;
	char sql[128];

	add(store, "alice", "192.0.2.1", 1000);
	(void)snprintf(sql, sizeof(sql), "UPDATE history SET %s", change);
	run_behind(sql);
	if (store_history_last(store, "alice", &l) != FG_ERR_FORMAT)
		fail_msg("%s", sql);
	assert_string_equal(l.person, "");
	assert_int_equal(l.at_s, 0);
	run_behind("DELETE FROM history");
}

static void
test_a_row_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const columns[] = { "ref", "service", "addr",
		"country", "boot_id" };
	static const char *const numbers[] = { "asn", "at_s", "boot_s" };
	struct store *store = open_store();
	char change[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		(void)snprintf(change, sizeof(change), "%s = x'4142'",
		    columns[i]);
		assert_row_is_refused(store, change);
		(void)snprintf(change, sizeof(change), "%s = 'N' || char(0)",
		    columns[i]);
		assert_row_is_refused(store, change);
		(void)snprintf(change, sizeof(change),
		    "%s = printf('%%.300c', 'x')", columns[i]);
		assert_row_is_refused(store, change);
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)snprintf(change, sizeof(change), "%s = 'one'",
		    numbers[i]);
		assert_row_is_refused(store, change);
		(void)snprintf(change, sizeof(change), "%s = 1.5", numbers[i]);
		assert_row_is_refused(store, change);
	}
	assert_row_is_refused(store, "addr = ''");
	assert_row_is_refused(store, "addr = '192.0.2.01'");
	assert_row_is_refused(store, "addr = 'localhost'");
	assert_row_is_refused(store, "country = 'N'");
	assert_row_is_refused(store, "asn = -1");
	assert_row_is_refused(store, "asn = 4294967296");
	store_close(store);
}

static int
stop_at_once(const struct store_source *s, void *arg)
{
	(void)s;
	*(bool *)arg = true;
	return 1;
}

static void
test_a_source_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const changes[] = { "person = x'616263'",
		"person = 'a' || char(0)", "person = printf('%.257c', 'p')",
		"at_s = 'late'", "at_s = 1e300", "at_s = x'00'",
		/* of the list of all sources alone */
		"source = source || '.1'", "source = ''", "country = 'NOR'",
		"asn = -1" };
	char sql[128], people[8][FG_USER_MAX + 1];
	struct addr addr = an_addr("192.0.2.1");
	struct store *store = open_store();
	size_t i, n;
	bool seen = false;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		add(store, "alice", "192.0.2.1", 1000);
		(void)snprintf(sql, sizeof(sql), "UPDATE history SET %s",
		    changes[i]);
		run_behind(sql);
		if (store_history_sharers(store, &addr, "bob", 0, people, 8,
			&n) != (i < 6 ? FG_ERR_FORMAT : 0) ||
		    (i < 6 && n != 0))
			fail_msg("%s", sql);
		if (store_history_sources_each(store, 0, stop_at_once, &seen) !=
			FG_ERR_FORMAT ||
		    seen)
			fail_msg("%s", sql);
		run_behind("DELETE FROM history");
	}
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_login_comes_out_as_it_was_put_in),
		STORE_TEST(test_a_name_that_is_sql_is_a_name),
		STORE_TEST(test_the_last_login_is_the_one_that_was_added_last),
		STORE_TEST(test_a_login_that_could_not_be_read_back_is_refused),
		STORE_TEST(test_a_login_that_was_never_added_is_told),
		STORE_TEST(test_the_latest_of_a_time_tells_what_came_after_it),
		STORE_TEST(test_days_from_an_autonomous_system_are_counted),
		STORE_TEST(test_days_of_a_clock_that_was_wrong_are_days),
		STORE_TEST(test_others_from_the_same_source_are_each_told_once),
		STORE_TEST(test_the_window_begins_to_the_second),
		STORE_TEST(test_a_mapped_address_is_the_same_source),
		STORE_TEST(test_of_ipv6_the_64_is_the_source),
		STORE_TEST(test_a_zone_makes_no_other_source),
		STORE_TEST(test_behind_nat64_the_ipv4_address_is_the_source),
		STORE_TEST(test_sources_are_told_person_by_person),
		STORE_TEST(test_the_oldest_expire_in_pieces),
		STORE_TEST(test_the_oldest_expire_first),
		STORE_TEST(test_the_future_keeps_nothing_behind_it),
		STORE_TEST(test_what_is_added_after_all_expired_is_the_last),
		STORE_TEST(test_a_row_that_makes_no_sense_is_an_error),
		STORE_TEST(test_a_source_that_makes_no_sense_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
