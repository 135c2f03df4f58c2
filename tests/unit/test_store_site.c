/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where laptops were: who else was there, what of it is kept, and that nobody
 * pushes out what others have said.
 */
#include "policyd/store/store_site.h"
#include "policyd/store/store_sql.h"
#include "tests/unit/storing.h"

#define NOW INT64_C(1800000000)

static struct store *store;

static int
set_up(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	store = open_store();
	return 0;
}

static int
tear_down(void **state)
{
	store_close(store);
	return remove_folder(state);
}

#define SITE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static struct store_visit
a_visit(const char *person, int64_t at_s)
{
	struct store_visit v;

	memset(&v, 0, sizeof(v));
	set_text(v.person, sizeof(v.person), person);
	v.at_s = at_s;
	return v;
}

static void
at(struct store_visit *v, enum store_site_kind kind, const char *name)
{
	v->at[v->n].kind = kind;
	set_text(v->at[v->n].name, sizeof(v->at[0].name), name);
	v->n++;
}

static void
visits(const char *person, enum store_site_kind kind, const char *name,
    int64_t at_s)
{
	struct store_visit v = a_visit(person, at_s);

	at(&v, kind, name);
	assert_int_equal(store_visit(store, &v), 0);
}

/* "2/1 bob carol": people, those beside a peripheral, and names. */
static void
others(const struct store_visit *v, bool device, int64_t since_s,
    const char *want)
{
	struct fact_company company;
	char text[4096];
	size_t i, len;

	assert_int_equal(store_visit_others(store, v, device, since_s,
			     &company),
	    0);
	len = (size_t)snprintf(text, sizeof(text), "%zu/%zu", company.people,
	    company.beside);
	for (i = 0; i < company.named; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %s",
		    company.name[i]);
	assert_string_equal(text, want);
}

static int64_t
rows(void)
{
	return ask_behind("SELECT count(*) FROM site");
}

/* ---- who else ------------------------------------------------------------ */

static void
nobody_else_was_where_one_is_alone(void **state)
{
	struct store_visit v = a_visit("alice", NOW);

	(void)state;
	others(&v, false, 0, "0/0");
	at(&v, STORE_SITE_GATEWAY, "g1");
	at(&v, STORE_SITE_PERIPHERAL, "p1");
	at(&v, STORE_SITE_DEVICE, "d1");
	others(&v, false, 0, "0/0");
	assert_int_equal(store_visit(store, &v), 0);
	assert_int_equal(store_visit(store, &v), 0);
	others(&v, false, 0, "0/0");
	others(&v, true, 0, "0/0");
	assert_int_equal(rows(), 3);
}

static void
people_meet_at_a_gateway_and_beside_a_peripheral(void **state)
{
	struct store_visit v = a_visit("alice", NOW);

	(void)state;
	visits("bob", STORE_SITE_GATEWAY, "g1", NOW);
	visits("carol", STORE_SITE_PERIPHERAL, "p2", NOW);
	visits("dave", STORE_SITE_GATEWAY, "g2", NOW);
	visits("dave", STORE_SITE_PERIPHERAL, "p9", NOW);
	at(&v, STORE_SITE_GATEWAY, "g1");
	others(&v, false, 0, "1/0 bob");
	at(&v, STORE_SITE_PERIPHERAL, "p1");
	at(&v, STORE_SITE_PERIPHERAL, "p2");
	others(&v, false, 0, "2/1 carol bob");
	/* once, however often they met */
	visits("bob", STORE_SITE_PERIPHERAL, "p1", NOW);
	visits("bob", STORE_SITE_PERIPHERAL, "p2", NOW);
	others(&v, false, 0, "2/2 bob carol");
	assert_int_equal(rows(), 6);
}

/* What is a gateway's digest is no peripheral's, nor a key. */
static void
kinds_are_apart(void **state)
{
	struct store_visit v = a_visit("alice", NOW);

	(void)state;
	visits("bob", STORE_SITE_GATEWAY, "x", NOW);
	visits("carol", STORE_SITE_PERIPHERAL, "x", NOW);
	visits("dave", STORE_SITE_DEVICE, "x", NOW);
	at(&v, STORE_SITE_DEVICE, "x");
	others(&v, false, 0, "0/0");
	others(&v, true, 0, "1/0 dave");
	v.n = 0;
	at(&v, STORE_SITE_GATEWAY, "x");
	others(&v, false, 0, "1/0 bob");
	others(&v, true, 0, "0/0");
	v.n = 0;
	at(&v, STORE_SITE_PERIPHERAL, "x");
	others(&v, false, 0, "1/1 carol");
}

static void
the_window_begins_where_it_is_said(void **state)
{
	struct store_visit v = a_visit("alice", NOW);

	(void)state;
	at(&v, STORE_SITE_GATEWAY, "g1");
	visits("bob", STORE_SITE_GATEWAY, "g1", NOW - 100);
	others(&v, false, NOW - 100, "1/0 bob");
	others(&v, false, NOW - 99, "0/0");
	/* the last time counts, also by a clock that was set back */
	visits("bob", STORE_SITE_GATEWAY, "g1", NOW);
	others(&v, false, NOW, "1/0 bob");
	visits("bob", STORE_SITE_GATEWAY, "g1", NOW - 200);
	others(&v, false, NOW - 199, "0/0");
	assert_int_equal(rows(), 1);
}

/* All are counted, and some have names: those beside, then the latest. */
static void
some_of_many_are_named(void **state)
{
	struct store_visit v = a_visit("alice", NOW);
	char name[16];
	unsigned int i;

	(void)state;
	visits("zoe", STORE_SITE_PERIPHERAL, "p1", NOW);
	for (i = 0; i < 10; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		visits(name, STORE_SITE_GATEWAY, "g1", NOW - i);
	}
	visits("u3", STORE_SITE_GATEWAY, "g1", NOW - 99);
	at(&v, STORE_SITE_GATEWAY, "g1");
	at(&v, STORE_SITE_PERIPHERAL, "p1");
	others(&v, false, 0, "11/1 zoe u3 u9 u8");
}

static void
names_are_no_more_than_names(void **state)
{
	struct store_visit v = a_visit("alice", NOW);
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++) {
		v.n = 0;
		at(&v, STORE_SITE_GATEWAY, hostile_names[i]);
		visits(hostile_names[i], STORE_SITE_GATEWAY, hostile_names[i],
		    NOW);
		set_text(v.person, sizeof(v.person), hostile_names[i]);
		others(&v, false, 0, "0/0");
	}
	assert_int_equal(rows(), HOSTILE_NAMES);
}

/* ---- what is kept -------------------------------------------------------- */

static void
what_could_not_be_read_back_is_refused(void **state)
{
	struct fact_company company = { .people = 7 };
	struct store_visit v = a_visit("", NOW);

	(void)state;
	at(&v, STORE_SITE_GATEWAY, "g1");
	assert_int_equal(store_visit(store, &v), FG_ERR_FORMAT);
	assert_int_equal(store_visit_others(store, &v, false, 0, &company),
	    FG_ERR_FORMAT);
	assert_int_equal(company.people, 0);
	set_text(v.person, sizeof(v.person), "alice");
	v.at[0].kind = STORE_SITE_NONE;
	assert_int_equal(store_visit(store, &v), FG_ERR_FORMAT);
	v.at[0].kind = STORE_SITE_DEVICE + 1;
	assert_int_equal(store_visit(store, &v), FG_ERR_FORMAT);
	v.at[0].kind = STORE_SITE_GATEWAY;
	v.at[0].name[0] = '\0';
	assert_int_equal(store_visit(store, &v), FG_ERR_FORMAT);
	memset(v.at[0].name, 'x', sizeof(v.at[0].name));
	assert_int_equal(store_visit(store, &v), FG_ERR_FORMAT);
	v.n = STORE_VISIT_MAX + 1;
	assert_int_equal(store_visit(store, &v), FG_ERR_FORMAT);
	assert_int_equal(rows(), 0);
}

/* Of two of which one cannot be kept nothing is. */
static void
a_visit_is_kept_whole_or_not_at_all(void **state)
{
	struct store_visit v = a_visit("alice", NOW);

	(void)state;
	run_behind("CREATE UNIQUE INDEX odd ON site (last_s)");
	at(&v, STORE_SITE_GATEWAY, "g1");
	at(&v, STORE_SITE_PERIPHERAL, "p1");
	assert_int_not_equal(store_visit(store, &v), 0);
	assert_int_equal(rows(), 0);
	v.n = 1;
	assert_int_equal(store_visit(store, &v), 0);
	assert_int_equal(rows(), 1);
}

/* Who says something else each time pushes out their own alone. */
static void
one_person_has_so_many_and_no_more(void **state)
{
	char name[32];
	unsigned int i;

	(void)state;
	visits("bob", STORE_SITE_GATEWAY, "g0", NOW);
	visits("alice", STORE_SITE_DEVICE, "d", NOW);
	for (i = 0; i < STORE_SITES_PERSON_MAX + 20; i++) {
		(void)snprintf(name, sizeof(name), "g%u", i);
		/* by a clock that runs backwards */
		visits("alice", STORE_SITE_GATEWAY, name, NOW - i);
	}
	assert_int_equal(rows(), STORE_SITES_PERSON_MAX + 2);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " person = 'alice' AND name IN ('g0',"
				    " 'g19')"),
	    0);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " name IN ('g20', 'g83')"),
	    2);
	/* what is said again is no older for it */
	visits("alice", STORE_SITE_GATEWAY, "g20", NOW);
	visits("alice", STORE_SITE_GATEWAY, "new", NOW);
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " name IN ('g20', 'g21', 'new')"),
	    2);
}

static void
one_place_has_so_many_people_and_no_more(void **state)
{
	struct store_visit v = a_visit("alice", NOW);
	char name[16];
	unsigned int i;

	(void)state;
	visits("zoe", STORE_SITE_GATEWAY, "g2", NOW);
	for (i = 0; i < STORE_SITES_PEOPLE_MAX + 20; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		visits(name, STORE_SITE_GATEWAY, "g1", NOW);
	}
	assert_int_equal(rows(), STORE_SITES_PEOPLE_MAX + 1);
	at(&v, STORE_SITE_GATEWAY, "g1");
	others(&v, false, 0, "256/0 u275 u274 u273 u272");
	assert_int_equal(ask_behind("SELECT count(*) FROM site WHERE"
				    " person IN ('u0', 'u19')"),
	    0);
}

static void
what_is_old_goes_a_little_at_a_time(void **state)
{
	char name[16];
	unsigned int i;
	bool more;

	(void)state;
	for (i = 0; i < 10; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		visits(name, STORE_SITE_GATEWAY, "g1", NOW + i);
	}
	assert_int_equal(store_sites_expire(store, NOW, 4, &more), 0);
	assert_false(more);
	assert_int_equal(rows(), 10);
	assert_int_equal(store_sites_expire(store, NOW + 6, 4, &more), 0);
	assert_true(more);
	assert_int_equal(ask_behind("SELECT min(last_s) FROM site"), NOW + 4);
	assert_int_equal(store_sites_expire(store, NOW + 6, 4, &more), 0);
	assert_false(more);
	assert_int_equal(ask_behind("SELECT min(last_s) FROM site"), NOW + 6);
}

/* ---- all of them --------------------------------------------------------- */

struct listed {
	char text[512];
	size_t stop_after;
	size_t n;
};

static int
list_row(const struct store_site_row *row, void *arg)
{
	struct listed *l = arg;
	char addr[ADDR_TEXT_SIZE] = "-";
	size_t len = strlen(l->text);

	if (row->has_addr)
		(void)addr_text(&row->addr, addr);
	(void)snprintf(l->text + len, sizeof(l->text) - len, "%d %s %s %s %d\n",
	    (int)row->site.kind, row->site.name, row->person, addr,
	    (int)(row->last_s - NOW));
	return ++l->n == l->stop_after;
}

static void
they_are_listed_in_order(void **state)
{
	struct listed all = { .n = 0 }, first = { .stop_after = 1 };
	struct store_visit v = a_visit("bob", NOW + 1);

	(void)state;
	visits("zoe", STORE_SITE_DEVICE, "d1", NOW);
	visits("carol", STORE_SITE_GATEWAY, "g1", NOW - 1);
	v.has_addr = true;
	v.addr = an_addr("2001:db8::7");
	at(&v, STORE_SITE_GATEWAY, "g1");
	at(&v, STORE_SITE_PERIPHERAL, "p1");
	assert_int_equal(store_visit(store, &v), 0);
	visits("alice", STORE_SITE_GATEWAY, "g1", NOW + 2);
	assert_int_equal(store_sites_each(store, NOW, list_row, &all), 0);
	assert_string_equal(all.text,
	    "1 g1 alice - 2\n"
	    "1 g1 bob 2001:db8::7 1\n"
	    "2 p1 bob 2001:db8::7 1\n"
	    "3 d1 zoe - 0\n");
	assert_int_equal(store_sites_each(store, NOW, list_row, &first), 0);
	assert_int_equal(first.n, 1);
}

static void
a_damaged_row_is_an_error(void **state)
{
	static const char *const damage[] = { "kind = 4", "kind = 'x'",
		"addr = 'nowhere'", "last_s = 'never'", "name = x'610062'" };
	struct listed all = { .n = 0 };
	char sql[128];
	size_t i;

	(void)state;
	visits("alice", STORE_SITE_GATEWAY, "g1", NOW);
	for (i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		(void)snprintf(sql, sizeof(sql), "UPDATE site SET %s",
		    damage[i]);
		run_behind(sql);
		assert_int_equal(store_sites_each(store, 0, list_row, &all),
		    FG_ERR_FORMAT);
		run_behind("DELETE FROM site");
		visits("alice", STORE_SITE_GATEWAY, "g1", NOW);
	}
	assert_int_equal(all.n, 0);
}

static void
a_store_of_version_11_gets_the_table(void **state)
{
	struct store_visit v = a_visit("alice", NOW);

	(void)state;
	store_close(store);
	run_behind(UNDO_12 "PRAGMA user_version = 11");
	store = open_store();
	at(&v, STORE_SITE_GATEWAY, "g1");
	visits("bob", STORE_SITE_GATEWAY, "g1", NOW);
	others(&v, false, 0, "1/0 bob");
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
	assert_integrity();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SITE_TEST(nobody_else_was_where_one_is_alone),
		SITE_TEST(people_meet_at_a_gateway_and_beside_a_peripheral),
		SITE_TEST(kinds_are_apart),
		SITE_TEST(the_window_begins_where_it_is_said),
		SITE_TEST(some_of_many_are_named),
		SITE_TEST(names_are_no_more_than_names),
		SITE_TEST(what_could_not_be_read_back_is_refused),
		SITE_TEST(a_visit_is_kept_whole_or_not_at_all),
		SITE_TEST(one_person_has_so_many_and_no_more),
		SITE_TEST(one_place_has_so_many_people_and_no_more),
		SITE_TEST(what_is_old_goes_a_little_at_a_time),
		SITE_TEST(they_are_listed_in_order),
		SITE_TEST(a_damaged_row_is_an_error),
		SITE_TEST(a_store_of_version_11_gets_the_table),
	};

	return cmocka_run_group_tests_name("store_site", tests, NULL, NULL);
}
