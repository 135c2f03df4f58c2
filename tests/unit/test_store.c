/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People and exceptions in the store: what is put in comes out the same, what
 * is not there is not found, and nobody's name is anything but a name.
 */
#include "policyd/crypto.h"
#include "policyd/store/store_sql.h"
#include "tests/unit/storing.h"

/* ---- a person there and back ------------------------------------------- */

#define FILL_LIST(array, n)                                              \
	do {                                                             \
		size_t i_;                                               \
		(n) = sizeof(array) / sizeof((array)[0]);                \
		for (i_ = 0; i_ < (n); i_++) {                           \
			fill_text((array)[i_], sizeof((array)[0]), 'z'); \
			(array)[i_][0] = (char)('A' + i_);               \
		}                                                        \
	} while (0)

static struct person
the_largest_person(void)
{
	struct person p = a_person("x");
	size_t i;

	fill_text(p.user, sizeof(p.user), 'u');
	fill_text(p.name, sizeof(p.name), 'n');
	p.kind = PERSON_KIND_VENDOR;
	p.status = PERSON_STATUS_REVOKED;
	FILL_LIST(p.account, p.naccounts);
	FILL_LIST(p.country, p.ncountries);
	FILL_LIST(p.group, p.ngroups);
	FILL_LIST(p.network, p.nnetworks);
	FILL_LIST(p.key, p.nkeys);
	fill_text(p.home, sizeof(p.home), 'h');
	fill_text(p.hours, sizeof(p.hours), 't');
	fill_text(p.zone, sizeof(p.zone), 'o');
	p.has_point = true;
	p.latitude = 59.913;
	p.longitude = -179.99999;
	p.radius_km = 0.1;
	p.nspans = PERSON_SPANS_MAX;
	for (i = 0; i < p.nspans; i++)
		p.span[i] = (struct person_span){ 0x7f, 1440, (uint16_t)i };
	p.valid_from_s = -1;
	p.valid_until_s = 253402300800;
	return p;
}

static void
assert_same(const struct person *a, const struct person *b)
{
	size_t i;

	assert_string_equal(a->user, b->user);
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->naccounts, b->naccounts);
	assert_memory_equal(a->account, b->account, sizeof(a->account));
	assert_int_equal(a->ncountries, b->ncountries);
	assert_memory_equal(a->country, b->country, sizeof(a->country));
	assert_string_equal(a->home, b->home);
	assert_int_equal(a->has_point, b->has_point);
	assert_true(a->latitude == b->latitude);
	assert_true(a->longitude == b->longitude);
	assert_true(a->radius_km == b->radius_km);
	assert_string_equal(a->hours, b->hours);
	assert_int_equal(a->nspans, b->nspans);
	for (i = 0; i < a->nspans; i++) {
		assert_int_equal(a->span[i].days, b->span[i].days);
		assert_int_equal(a->span[i].from, b->span[i].from);
		assert_int_equal(a->span[i].to, b->span[i].to);
	}
	assert_string_equal(a->zone, b->zone);
	assert_int_equal(a->ngroups, b->ngroups);
	assert_memory_equal(a->group, b->group, sizeof(a->group));
	assert_int_equal(a->nnetworks, b->nnetworks);
	assert_memory_equal(a->network, b->network, sizeof(a->network));
	assert_int_equal(a->nkeys, b->nkeys);
	assert_memory_equal(a->key, b->key, sizeof(a->key));
	assert_int_equal(a->valid_from_s, b->valid_from_s);
	assert_int_equal(a->valid_until_s, b->valid_until_s);
}

static void
put(struct store *store, const struct person *people, size_t n)
{
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	size_t i;

	assert_int_equal(store_import_begin(store, &import), 0);
	for (i = 0; i < n; i++)
		assert_int_equal(store_import_add(import, &people[i], other),
		    0);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
}

static void
test_the_largest_person_comes_out_as_it_was_put_in(void **state)
{
	struct person p = the_largest_person(), q;
	struct store *store = open_store();

	(void)state;
	put(store, &p, 1);
	assert_int_equal(store_person_by_user(store, p.user, &q), 0);
	assert_same(&p, &q);
	assert_int_equal(store_person_by_account(store, p.account[15], &q), 0);
	assert_same(&p, &q);
	assert_int_equal(store_person_by_key(store, p.key[7], &q), 0);
	assert_same(&p, &q);
	store_close(store);
}

static void
test_the_smallest_person_comes_out_as_it_was_put_in(void **state)
{
	struct person p = a_person("alice"), q;
	struct store *store = open_store();

	(void)state;
	p.naccounts = 0;
	p.account[0][0] = '\0';
	memset(p.account, 0, sizeof(p.account));
	put(store, &p, 1);
	assert_int_equal(store_person_by_user(store, "alice", &q), 0);
	assert_same(&p, &q);
	assert_int_equal(store_person_by_account(store, "alice", &q),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
test_who_is_not_found_is_of_no_kind(void **state)
{
	struct store *store = open_store();
	struct person p = a_person("alice"), q = a_person("mallory");

	(void)state;
	put(store, &p, 1);
	assert_int_equal(store_person_by_account(store, "mallory", &q),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(q.kind, PERSON_KIND_NONE);
	assert_int_equal(q.status, PERSON_STATUS_NONE);
	assert_string_equal(q.user, "");
	store_close(store);
}

static void
test_names_are_compared_byte_by_byte(void **state)
{
	static const char *const others[] = { "Alice", "alice ", " alice",
		"alic", "alicee", "", "ALICE", "al%", "alice\xc2\xa0" };
	struct person p = a_person("alice"), q;
	struct store *store = open_store();
	size_t i;

	(void)state;
	put(store, &p, 1);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(store_person_by_account(store, others[i], &q),
		    FG_ERR_NOT_FOUND);
		assert_int_equal(store_person_by_user(store, others[i], &q),
		    FG_ERR_NOT_FOUND);
	}
	store_close(store);
}

static void
test_a_name_that_is_sql_is_a_name(void **state)
{
	static const char *const names[] = { "'; DROP TABLE person; --",
		"\" OR 1=1 --", "?1", ":user", "x' UNION SELECT 1 --", "%s%n",
		"\xff\xfe", "NULL" };
	struct store *store = open_store();
	struct person list[8], q;
	struct store_exception e;
	size_t i, n;

	(void)state;
	for (i = 0; i < 8; i++)
		list[i] = a_person(names[i]);
	put(store, list, 8);
	for (i = 0; i < 8; i++) {
		assert_int_equal(store_person_by_account(store, names[i], &q),
		    0);
		assert_string_equal(q.user, names[i]);
		e = an_exception(names[i]);
		(void)snprintf(e.reason, sizeof(e.reason), "%s", names[i]);
		assert_int_equal(store_exception_add(store, &e), 0);
		assert_int_equal(store_exceptions_of(store, names[i], 1500, &e,
				     1, &n),
		    0);
		assert_int_equal(n, 1);
		assert_string_equal(e.reason, names[i]);
	}
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 8);
	store_close(store);
}

/* ---- people that cannot be stored -------------------------------------- */

static int
try(struct store *store, const struct person *p)
{
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	int r;

	assert_int_equal(store_import_begin(store, &import), 0);
	r = store_import_add(import, p, other);
	store_import_free(import);
	return r;
}

static void
test_a_person_that_could_not_be_read_back_is_refused(void **state)
{
	struct store *store = open_store();
	struct person p;

	(void)state;
	p = a_person("");
	assert_int_equal(try(store, &p), FG_ERR_FORMAT);
	p = a_person("a");
	p.kind = PERSON_KIND_NONE;
	assert_int_equal(try(store, &p), FG_ERR_FORMAT);
	p = a_person("a");
	p.status = PERSON_STATUS_NONE;
	assert_int_equal(try(store, &p), FG_ERR_FORMAT);
	p = a_person("a");
	(void)snprintf(p.account[0], sizeof(p.account[0]), "a\nroot");
	assert_int_equal(try(store, &p), FG_ERR_FORMAT);
	p = a_person("a");
	p.naccounts = 2; /* the second one is empty */
	assert_int_equal(try(store, &p), FG_ERR_FORMAT);
	p = a_person("a");
	p.naccounts = PERSON_ACCOUNTS_MAX + 1;
	assert_int_equal(try(store, &p), FG_ERR_LIMIT);
	p = a_person("a");
	p.nspans = PERSON_SPANS_MAX + 1;
	assert_int_equal(try(store, &p), FG_ERR_LIMIT);
	p = a_person("a");
	memset(p.account[0], 'a', sizeof(p.account[0])); /* no end */
	assert_int_equal(try(store, &p), FG_ERR_FORMAT);
	store_close(store);
}

static void
test_an_import_goes_on_after_a_refused_person(void **state)
{
	struct store *store = open_store();
	struct person bad = a_person(""), good = a_person("bob");
	char other[FG_USER_MAX + 1];
	struct store_import *import;

	(void)state;
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_add(import, &bad, other), FG_ERR_FORMAT);
	assert_int_equal(store_import_add(import, &good, other), 0);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	assert_int_equal(store_person_by_user(store, "bob", &bad), 0);
	store_close(store);
}

/* ---- two of one name --------------------------------------------------- */

/* The second person after the first: whose name it has. */
static void
assert_conflict(const struct person *a, const struct person *b)
{
	struct store *store = open_store();
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	struct person c = a_person("carol"), q;
	size_t n;

	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(store_import_add(import, a, other), 0);
	assert_string_equal(other, "");
	assert_int_equal(store_import_add(import, b, other), FG_ERR_LIMIT);
	assert_string_equal(other, a->user);
	assert_int_equal(store_import_add(import, &c, other), 0);
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	/* Nothing of the second one is there. */
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_person_by_account(store, "only-b", &q),
	    FG_ERR_NOT_FOUND);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 2);
}

static void
test_two_people_with_one_user_conflict(void **state)
{
	struct person a = a_person("alice"), b = a_person("alice");

	(void)state;
	(void)snprintf(b.account[0], sizeof(b.account[0]), "only-b");
	assert_conflict(&a, &b);
}

static void
test_two_people_with_one_account_conflict(void **state)
{
	struct person a = a_person("alice"), b = a_person("bob");

	(void)state;
	b.naccounts = 3;
	(void)snprintf(b.account[1], sizeof(b.account[1]), "only-b");
	(void)snprintf(b.account[2], sizeof(b.account[2]), "alice");
	assert_conflict(&a, &b);
}

static void
test_two_people_with_one_key_conflict(void **state)
{
	struct person a = a_person("alice"), b = a_person("only-b");

	(void)state;
	a.nkeys = b.nkeys = 1;
	(void)snprintf(a.key[0], sizeof(a.key[0]), "SHA256:x");
	(void)snprintf(b.key[0], sizeof(b.key[0]), "SHA256:x");
	assert_conflict(&a, &b);
}

static void
test_one_person_may_say_an_account_twice(void **state)
{
	struct store *store = open_store();
	struct person p = a_person("alice"), q;

	(void)state;
	p.naccounts = 2;
	(void)snprintf(p.account[1], sizeof(p.account[1]), "alice");
	put(store, &p, 1);
	assert_int_equal(store_person_by_account(store, "alice", &q), 0);
	assert_same(&p, &q);
	store_close(store);
}

/* ---- generations ------------------------------------------------------- */

static void
test_a_store_without_an_inventory_has_nobody(void **state)
{
	struct store *store = open_store();
	struct person q;
	size_t n = 7;

	(void)state;
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_person_by_account(store, "root", &q),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
test_each_import_has_a_number_and_a_time(void **state)
{
	struct store *store = open_store();
	int64_t before = time(NULL), at_s = 7;
	uint64_t first, second = 7;

	(void)state;
	assert_int_equal(store_people_generation(store, &second, &at_s),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(second, 0);
	assert_int_equal(at_s, 0);
	assert_int_equal(import_people(store, 1, "x"), 0);
	assert_int_equal(store_people_generation(store, &first, &at_s), 0);
	assert_true(at_s >= before && at_s <= time(NULL));
	assert_int_equal(import_people(store, 1, "x"), 0);
	assert_int_equal(store_people_generation(store, &second, &at_s), 0);
	assert_true(second > first);
	store_close(store);
}

static void
test_an_empty_import_empties_the_inventory(void **state)
{
	struct store *store = open_store();
	struct person q;
	size_t n;

	(void)state;
	assert_int_equal(import_people(store, 3, "x"), 0);
	assert_int_equal(import_people(store, 0, "x"), 0);
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_person_by_account(store, "u1", &q),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
test_a_new_import_leaves_nothing_of_the_old_one(void **state)
{
	struct store *store = open_store();
	struct person q;

	(void)state;
	assert_int_equal(import_people(store, 2500, "old"), 0);
	assert_int_equal(import_people(store, 2, "new"), 0);
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_string_equal(q.name, "new");
	assert_int_equal(store_person_by_account(store, "u2", &q),
	    FG_ERR_NOT_FOUND);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 2);
	assert_int_equal(ask_behind("SELECT count(*) FROM person_name"), 4);
	assert_int_equal(ask_behind("SELECT count(*) FROM generation"), 1);
}

static void
test_an_import_that_is_not_committed_changes_nothing(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct person q;

	(void)state;
	assert_int_equal(import_people(store, 2, "old"), 0);
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(fill(import, 50, "new"), 0);
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_string_equal(q.name, "old");
	assert_int_equal(store_person_by_account(store, "u9", &q),
	    FG_ERR_NOT_FOUND);
	store_import_free(import);
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	assert_string_equal(q.name, "old");
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 2);
}

static void
test_an_abandoned_import_is_removed_by_the_next(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_people(store, 2, "x"), 0);
	store_close(store);
	run_behind("INSERT INTO generation VALUES (77, 0, 0, 0);"
		   "INSERT INTO person_name VALUES"
		   " (77, 1, 'ghost', 77 << 32), (77, 2, 'ghost', 77 << 32),"
		   " (77, 3, 'ghost', 77 << 32);"
		   "INSERT INTO person SELECT 77 << 32, 'ghost', name, kind,"
		   " status, accounts, countries, home, latitude, longitude,"
		   " radius_km, hours, spans, zone, in_groups, networks, keys,"
		   " valid_from_s, valid_until_s FROM person LIMIT 1");
	store = open_store();
	assert_int_equal(import_people(store, 3, "y"), 0);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 3);
	assert_int_equal(ask_behind("SELECT count(*) FROM person_name"), 6);
	assert_int_equal(ask_behind("SELECT count(*) FROM generation"), 1);
}

static void
test_there_is_one_import_at_a_time(void **state)
{
	struct store *one = open_store(), *two = open_store();
	struct store_import *first, *second;

	(void)state;
	assert_int_equal(store_import_begin(one, &first), 0);
	assert_int_equal(store_import_begin(one, &second), FG_ERR_BUSY);
	assert_null(second);
	assert_int_equal(store_import_begin(two, &second), FG_ERR_BUSY);
	store_import_free(first);
	assert_int_equal(store_import_begin(two, &second), 0);
	store_import_free(second);
	store_close(one);
	store_close(two);
}

static void
test_people_survive_closing(void **state)
{
	struct store *store = open_store();
	struct person q;
	size_t n;

	(void)state;
	assert_int_equal(import_people(store, 3, "x"), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(store_person_by_account(store, "u2", &q), 0);
	store_close(store);
}

struct seen {
	char text[256];
	char fields[PERSON_DIFFER_SIZE]; /* of the last change */
	unsigned int n;
	unsigned int stop;
};

static int
see_person(const struct person *p, void *arg)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	(void)snprintf(seen->text + len, sizeof(seen->text) - len, "%s ",
	    p->user);
	return ++seen->n == seen->stop;
}

static void
test_all_people_come_in_the_order_of_their_names(void **state)
{
	struct person list[4] = { a_person("dave"), a_person("alice"),
		a_person("carol"), a_person("bob") };
	struct store *store = open_store();
	struct seen seen = { .n = 0 };

	(void)state;
	put(store, list, 4);
	assert_int_equal(store_people_each(store, see_person, &seen), 0);
	assert_string_equal(seen.text, "alice bob carol dave ");
	seen = (struct seen){ .stop = 2 };
	assert_int_equal(store_people_each(store, see_person, &seen), 0);
	assert_string_equal(seen.text, "alice bob ");
	store_close(store);
}

/* ---- changes ----------------------------------------------------------- */

static int
see_change(const struct store_person_change *change, void *arg)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	(void)snprintf(seen->text + len, sizeof(seen->text) - len, "%c%s ",
	    change->what, change->user);
	(void)snprintf(seen->fields, sizeof(seen->fields), "%s",
	    change->fields);
	return ++seen->n == seen->stop;
}

static void
test_changes_are_told_before_they_are_in_force(void **state)
{
	struct person old[3] = { a_person("alice"), a_person("bob"),
		a_person("carol") };
	struct person new[3] = { a_person("dave"), a_person("bob"),
		a_person("carol") };
	struct store *store = open_store();
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	struct seen seen = { .n = 0 };
	size_t i;

	(void)state;
	put(store, old, 3);
	(void)snprintf(new[1].home, sizeof(new[1].home), "Oslo, NO");
	assert_int_equal(store_import_begin(store, &import), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(store_import_add(import, &new[i], other), 0);
	assert_int_equal(store_import_changes(import, see_change, &seen), 0);
	assert_string_equal(seen.text, "Ralice Cbob Adave ");
	seen = (struct seen){ .stop = 1 };
	assert_int_equal(store_import_changes(import, see_change, &seen), 0);
	assert_string_equal(seen.text, "Ralice ");
	store_import_free(import);
	store_close(store);
}

static void
test_each_field_makes_a_change(void **state)
{
	static const char *const fields[] = { "", "name", "kind", "status",
		"accounts", "countries", "home", "home", "home", "radius",
		"hours", "hours", "zone", "groups", "networks", "keys",
		"valid_from" };
	struct person p = the_largest_person(), variant[17];
	struct store *store = open_store();
	char other[FG_USER_MAX + 1];
	struct store_import *import;
	struct seen seen;
	size_t i;

	(void)state;
	put(store, &p, 1);
	for (i = 0; i < 17; i++)
		variant[i] = p;
	variant[1].name[0] = 'X';
	variant[2].kind = PERSON_KIND_SHARED;
	variant[3].status = PERSON_STATUS_ACTIVE;
	variant[4].account[3][0] = '!';
	variant[5].ncountries--;
	variant[6].home[0] = '\0';
	variant[7].has_point = false;
	variant[8].longitude = 0;
	variant[9].radius_km = 0;
	variant[10].hours[0] = 'X';
	variant[11].span[7].days = 1;
	variant[12].zone[0] = 'X';
	variant[13].ngroups = 0;
	variant[14].network[0][0] = '!';
	variant[15].key[7][0] = '!';
	variant[16].valid_from_s = INT64_MIN;
	for (i = 0; i < 17; i++) {
		assert_int_equal(store_import_begin(store, &import), 0);
		assert_int_equal(store_import_add(import, &variant[i], other),
		    0);
		seen = (struct seen){ .n = 0 };
		assert_int_equal(store_import_changes(import, see_change,
				     &seen),
		    0);
		assert_int_equal(seen.n, i == 0 ? 0 : 1);
		assert_string_equal(seen.fields, fields[i]);
		store_import_free(import);
	}
	store_close(store);
}

/* ---- exceptions -------------------------------------------------------- */

static void
test_an_exception_comes_out_as_it_was_put_in(void **state)
{
	struct store_exception e = an_exception("alice"), f;
	struct store *store = open_store();
	size_t n;

	(void)state;
	fill_text(e.user, sizeof(e.user), 'u');
	e.code = FINDING_NET_LISTED;
	fill_text(e.grade, sizeof(e.grade), 'g');
	fill_text(e.country, sizeof(e.country), 'J');
	fill_text(e.reason, sizeof(e.reason), 'r');
	e.from_s = -5;
	e.until_s = INT64_MAX;
	e.by_uid = UINT32_MAX;
	e.by_loginuid = UINT32_MAX - 1;
	e.at_s = 1767225600;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(e.id, 1);
	store_close(store);
	store = open_store();
	assert_int_equal(store_exceptions_of(store, e.user, 0, &f, 1, &n), 0);
	assert_int_equal(n, 1);
	assert_memory_equal(&e, &f, sizeof(e));
	store_close(store);
}

static void
test_an_exception_begins_and_ends_to_the_second(void **state)
{
	struct store_exception e = an_exception("alice"), f;
	struct store *store = open_store();
	size_t n;

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exceptions_of(store, "alice", 999, &f, 1, &n),
	    0);
	assert_int_equal(n, 0);
	assert_int_equal(store_exceptions_of(store, "alice", 1000, &f, 1, &n),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(store_exceptions_of(store, "alice", 1999, &f, 1, &n),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(store_exceptions_of(store, "alice", 2000, &f, 1, &n),
	    0);
	assert_int_equal(n, 0);
	assert_int_equal(store_exceptions_of(store, "bob", 1500, &f, 1, &n), 0);
	assert_int_equal(n, 0);
	store_close(store);
}

static void
test_an_incomplete_exception_is_refused(void **state)
{
	struct store *store = open_store();
	struct store_exception e;
	size_t n;

	(void)state;
	e = an_exception("");
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	e = an_exception("alice");
	e.code = FINDING_NONE;
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	e = an_exception("alice");
	e.code = FINDING_COUNT;
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	e = an_exception("alice");
	e.until_s = e.from_s;
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	e = an_exception("alice");
	memset(e.reason, 'r', sizeof(e.reason)); /* no end */
	assert_int_equal(store_exception_add(store, &e), FG_ERR_FORMAT);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, &e, 1, &n),
	    0);
	assert_int_equal(n, 0);
	store_close(store);
}

static void
test_more_exceptions_than_asked_for_are_told(void **state)
{
	struct store_exception e = an_exception("alice"), list[2];
	struct store *store = open_store();
	size_t n;

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 2, &n),
	    0);
	assert_int_equal(n, 2);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 2, &n),
	    FG_ERR_LIMIT);
	assert_int_equal(n, 2);
	store_close(store);
}

static void
test_a_removed_exception_is_gone_and_its_number_too(void **state)
{
	struct store_exception e = an_exception("alice"), f;
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(e.id, 2);
	assert_int_equal(store_exception_remove(store, 2, &f), 0);
	assert_memory_equal(&e, &f, sizeof(e));
	assert_int_equal(store_exception_remove(store, 2, &f),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(f.id, 0);
	assert_int_equal(store_exception_remove(store, 0, &f),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_exception_remove(store, UINT64_MAX, &f),
	    FG_ERR_NOT_FOUND);
	store_close(store);
	store = open_store();
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(e.id, 3);
	store_close(store);
}

static int
see_exception(const struct store_exception *e, void *arg)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	(void)snprintf(seen->text + len, sizeof(seen->text) - len, "%s%u ",
	    e->user, (unsigned int)e->id);
	return ++seen->n == seen->stop;
}

static const char *
list_exceptions(struct store *store, const char *user, bool expired)
{
	static struct seen seen;

	seen = (struct seen){ .n = 0 };
	assert_int_equal(store_exceptions_each(store, user, expired, 2500,
			     see_exception, &seen),
	    0);
	return seen.text;
}

static void
test_exceptions_are_listed_as_asked(void **state)
{
	struct store *store = open_store();
	struct store_exception e;
	struct seen seen = { .stop = 1 };

	(void)state;
	e = an_exception("bob"); /* expired */
	assert_int_equal(store_exception_add(store, &e), 0);
	e = an_exception("alice");
	e.until_s = 3000;
	assert_int_equal(store_exception_add(store, &e), 0);
	e.from_s = 2900; /* not yet */
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_string_equal(list_exceptions(store, NULL, true),
	    "bob1 alice2 alice3 ");
	assert_string_equal(list_exceptions(store, NULL, false),
	    "alice2 alice3 ");
	assert_string_equal(list_exceptions(store, "bob", true), "bob1 ");
	assert_string_equal(list_exceptions(store, "bob", false), "");
	assert_string_equal(list_exceptions(store, "carol", true), "");
	assert_int_equal(store_exceptions_each(store, NULL, true, 0,
			     see_exception, &seen),
	    0);
	assert_int_equal(seen.n, 1);
	store_close(store);
}

static void
test_exceptions_are_counted_as_asked(void **state)
{
	struct store *store = open_store();
	struct store_exception e;
	size_t n;

	(void)state;
	e = an_exception("bob");
	assert_int_equal(store_exception_add(store, &e), 0);
	e = an_exception("alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	e.until_s = 3000;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exceptions_count(store, NULL, 1999, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(store_exceptions_count(store, NULL, 2000, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_exceptions_count(store, "alice", 0, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_exceptions_count(store, "carol", 0, &n), 0);
	assert_int_equal(n, 0);
	store_close(store);
}

static void
test_what_ended_long_ago_is_forgotten_when_one_is_added(void **state)
{
	struct store *store = open_store();
	struct store_exception e = an_exception("bob"); /* ends at 2000 */

	(void)state;
	assert_int_equal(store_exception_add(store, &e), 0);
	e.until_s = 2001;
	assert_int_equal(store_exception_add(store, &e), 0);
	e = an_exception("alice");
	e.at_s = 1999 + INT64_C(90) * 86400;
	e.until_s = e.at_s + 1;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_string_equal(list_exceptions(store, NULL, true),
	    "bob1 bob2 alice3 ");
	e.at_s++;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_string_equal(list_exceptions(store, NULL, true),
	    "bob2 alice3 alice4 ");
	store_close(store);
}

/* ---- rows that somebody changed ---------------------------------------- */

/* With a row changed behind the store's back, nobody is read. */
static void
assert_row_is_refused(const char *sql)
{
	struct store *store = open_store();
	struct seen seen = { .n = 0 };
	struct person q;

	assert_int_equal(import_people(store, 1, "x"), 0);
	store_close(store);
	run_behind(sql);
	store = open_store();
	assert_int_equal(store_person_by_account(store, "u0", &q),
	    FG_ERR_FORMAT);
	assert_int_equal(q.kind, PERSON_KIND_NONE);
	assert_int_equal(store_people_each(store, see_person, &seen),
	    FG_ERR_FORMAT);
	assert_int_equal(seen.n, 0);
	store_close(store);
}

static void
test_a_row_that_makes_no_sense_is_an_error(void **state)
{
	(void)state;
	assert_row_is_refused("UPDATE person SET kind = 0");
	assert_row_is_refused("UPDATE person SET kind = 5");
	assert_row_is_refused("UPDATE person SET kind = 'person'");
	assert_row_is_refused("UPDATE person SET status = 3");
	assert_row_is_refused("UPDATE person SET name = x'00'");
	assert_row_is_refused("UPDATE person SET name = 'a' || char(0) || 'b'");
	assert_row_is_refused("UPDATE person SET name = printf('%.500c', 'n')");
	assert_row_is_refused("UPDATE person SET user = ''");
	assert_row_is_refused("UPDATE person SET accounts = char(10)");
	assert_row_is_refused("UPDATE person SET accounts = 'a' || char(10)");
	assert_row_is_refused(
	    "UPDATE person SET accounts = 'a' || char(10) || char(10) || 'b'");
	assert_row_is_refused(
	    "UPDATE person SET accounts = replace(printf('%.17c', 'a'), 'a',"
	    " 'a' || char(10)) || 'a'");
	assert_row_is_refused("UPDATE person SET countries = 'NOR'");
	assert_row_is_refused("UPDATE person SET latitude = 1.5");
	assert_row_is_refused("UPDATE person SET latitude = 1.5,"
			      " longitude = 9e999");
	assert_row_is_refused("UPDATE person SET radius_km = 'far'");
	assert_row_is_refused("UPDATE person SET spans = '1 2'");
	assert_row_is_refused("UPDATE person SET spans = '128 0 1'");
	assert_row_is_refused("UPDATE person SET spans = '1 0 1441'");
	assert_row_is_refused("UPDATE person SET spans = '1 -1 5'");
	assert_row_is_refused("UPDATE person SET valid_from_s = 1.5");
}

/* They are what it mends. */
static void
test_rows_that_make_no_sense_stop_no_import(void **state)
{
	struct store *store = open_store();
	struct store_import *import;
	struct seen seen = { .n = 0 };
	struct person q;

	(void)state;
	assert_int_equal(import_people(store, 4, "x"), 0);
	store_close(store);
	run_behind("UPDATE person SET kind = 0 WHERE user = 'u1'");
	run_behind("UPDATE person SET name = x'00' WHERE user = 'u3'");
	run_behind("UPDATE person SET user = 5 WHERE user = 'u0'");
	store = open_store();
	assert_int_equal(store_import_begin(store, &import), 0);
	assert_int_equal(fill(import, 3, "x"), 0);
	assert_int_equal(store_import_changes(import, see_change, &seen), 0);
	assert_string_equal(seen.text, "Cu0 Cu1 Ru3 ");
	assert_int_equal(store_import_commit(import), 0);
	store_import_free(import);
	assert_int_equal(store_person_by_account(store, "u1", &q), 0);
	store_close(store);
}

static void
test_an_exception_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const changes[] = {
		"UPDATE exception SET finding = printf('%.64c', 'f')",
		"UPDATE exception SET country = 'JPN'",
		"UPDATE exception SET by_uid = -1",
		"UPDATE exception SET reason = printf('%.201c', 'r')",
		"UPDATE exception SET grade = 5.5",
	};
	struct store_exception e, f;
	struct store *store;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		store = open_store();
		e = an_exception("alice");
		assert_int_equal(store_exception_add(store, &e), 0);
		store_close(store);
		run_behind(changes[i]);
		store = open_store();
		assert_int_equal(store_exceptions_of(store, "alice", 1500, &f,
				     1, &n),
		    i == 4 ? 0 : FG_ERR_FORMAT);
		assert_int_equal(store_exception_remove(store, e.id, &f),
		    i == 4 ? 0 : FG_ERR_FORMAT);
		store_close(store);
		run_behind("DELETE FROM exception");
	}
}

static int
see_unknown(const struct store_exception *e, void *arg)
{
	assert_int_equal(e->code, FINDING_NONE);
	assert_string_equal(store_exception_finding(e), "geo.moon");
	(*(unsigned int *)arg)++;
	return 0;
}

/* Left by a newer version, which an older one took the place of. */
static void
test_an_exception_of_another_version_does_nothing(void **state)
{
	struct store *store = open_store();
	struct store_exception e, list[1];
	struct store_outline outline;
	unsigned int seen = 0;
	size_t n;

	(void)state;
	e = an_exception("alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
	run_behind("UPDATE exception SET finding = 'geo.moon'");
	store = open_store();
	assert_int_equal(store_outline(store, &outline), 0);
	assert_true(outline.exceptions);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 1, &n),
	    0);
	assert_int_equal(n, 0);
	/* it can be seen, and taken away, and does not hide the others */
	assert_int_equal(store_exceptions_each(store, NULL, true, 0,
			     see_unknown, &seen),
	    0);
	assert_int_equal(seen, 1);
	e = an_exception("alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 1, &n),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].code, FINDING_GEO_COUNTRY);
	assert_string_equal(store_exception_finding(&list[0]), "geo.country");
	assert_int_equal(store_exception_remove(store, 1, &e), 0);
	assert_string_equal(store_exception_finding(&e), "geo.moon");
	assert_int_equal(ask_behind("SELECT count(*) FROM exception"), 1);
	store_close(store);
}

/* Nor does one that cannot be read touch anybody but its person. */
static void
test_a_wrong_exception_is_its_persons_alone(void **state)
{
	struct store *store = open_store();
	struct store_exception e, list[1];
	struct store_outline outline;
	size_t n;

	(void)state;
	e = an_exception("alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
	run_behind("UPDATE exception SET by_uid = -1");
	store = open_store();
	assert_int_equal(store_outline(store, &outline), 0);
	assert_true(outline.exceptions);
	assert_int_equal(store_exceptions_of(store, "bob", 1500, list, 1, &n),
	    0);
	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 1, &n),
	    FG_ERR_FORMAT);
	store_close(store);
}

/* ---- the schema -------------------------------------------------------- */

static void
test_an_older_file_is_brought_up_to_date(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store;
	struct person q;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(in_folder(STORE_FILE), &db), SQLITE_OK);
	run_sql(db, store_sql_steps[0]);
	run_sql(db,
	    "INSERT INTO generation VALUES (4, 1, 1, 5);"
	    "INSERT INTO person VALUES (9, 'alice', 'Alice', 1, 1,"
	    " 'alice', 'NO', '', NULL, NULL, 0.0, '', '', '', '', '', '',"
	    " 0, 1);"
	    "INSERT INTO person_name VALUES (4, 2, 'alice', 9)");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(chmod(in_folder(STORE_FILE), 0600), 0);
	store = open_store();
	assert_int_equal(store_person_by_account(store, "alice", &q), 0);
	assert_string_equal(q.name, "Alice");
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

/* As version 2 left it: with people, and nothing of what came later. */
static void
make_version_2(void)
{
	struct store_exception e = an_exception("u7");
	struct store *store = open_store();

	assert_int_equal(import_people(store, 2000, "old"), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
	run_behind(UNDO_11);
	run_behind("DROP TABLE session; DROP TABLE history;"
		   "DROP TABLE revocation; DROP TABLE remembered;"
		   "DROP TABLE bundle; DROP TABLE bundled;"
		   "DROP TABLE given_back; DROP TABLE serial;"
		   "DROP TABLE change; DROP TABLE totp; DROP TABLE recovery;"
		   "DROP TABLE backoff; DROP TABLE proof; DROP TABLE verified;"
		   "DROP TABLE baseline; DROP TABLE learned;"
		   "DROP TABLE support; ALTER TABLE exception DROP COLUMN kind;"
		   "DROP TABLE asset; DROP TABLE asset_name;"
		   "DROP TABLE asset_generation; DROP TABLE asset_remembered;"
		   "PRAGMA user_version = 2");
	assert_int_equal(unlink(in_folder(STORE_FILE ".changes")), 0);
}

static void
test_people_of_version_2_are_kept(void **state)
{
	struct store_session s = a_session("A", "u7");
	struct store_login l = a_login("u7", "192.0.2.1", 1000);
	struct store_revocation r = a_revocation("u7");
	struct store_outline outline;
	struct store_exception e;
	struct store *store;
	struct person q;
	size_t n;

	(void)state;
	make_version_2();
	store = open_store();
	assert_int_equal(store_outline(store, &outline), 0);
	assert_true(outline.people && outline.exceptions);
	assert_false(outline.lost || outline.revocations);
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 2000);
	assert_int_equal(store_person_by_account(store, "u1999", &q), 0);
	assert_string_equal(q.name, "old");
	assert_int_equal(store_exceptions_of(store, "u7", 1500, &e, 1, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_session_put(store, &s), 0);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(store_history_last(store, "u7", &l), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

/* What it had lost before, it still has. */
static void
test_a_loss_of_version_2_stays_one(void **state)
{
	struct store_outline outline;
	struct store *store;

	(void)state;
	make_version_2();
	run_behind("DELETE FROM generation; DELETE FROM person_name;"
		   "DELETE FROM person");
	store = open_store();
	assert_int_equal(store_outline(store, &outline), 0);
	assert_true(outline.lost);
	store_close(store);
}

/* Files of them exist: a change to one would be a change of history. */
static void
test_released_steps_of_the_schema_stay_as_they_are(void **state)
{
	static const char *const hashes[] = {
		"78cb70c72f0b38b50c48ff67e9143b577660b68a16b02d4216658c1bee1720"
		"93",
		"97ecbd11bf8b07aa94c67069e4dfaf6506f31be3b99bd3a8f279ca573763fb"
		"75",
		"cb5ddf46936e83e5a266f40a14eb6efbc7ef3cf18f3baf975c7a84fd1fc36f"
		"c8",
		"93d61b04123ef9b89d7ef1040c59548ec05ecf79140abbd776dc850a8fe8a0"
		"dd",
		"e592035b53c7eab97475055d9f3e2d85c76582c998b796178f431109d30f1d"
		"64",
		"04c66369efdf2db80aca533a9a8cadeaef5ffdbc18b648774133472ca8e380"
		"b4",
		"86355e992c41e660523f66b5fbfe82663c3998e2fcc0f503bd982316db7de9"
		"8d",
		"e788b5b084cc9bceddf3f0cdcbc6b1decf90242977ce5def4b13b6769208cf"
		"51",
		"e2661c39151d7df9c94b45f59fcabce847ec48ef9ecb1c843bc108421669f8"
		"ca"
	};
	char hex[CRYPTO_HEX_SIZE];
	int i;

	(void)state;
	assert_int_equal(crypto_init(), 0);
	for (i = 0; i < (int)(sizeof(hashes) / sizeof(hashes[0])); i++) {
		crypto_sha256_hex(store_sql_steps[i],
		    strlen(store_sql_steps[i]), hex);
		assert_string_equal(hex, hashes[i]);
	}
}

/* Whether these are among the words of what SQLite would do for a statement. */
static bool
plan_has(sqlite3 *db, enum store_sql which, const char *words)
{
	sqlite3_stmt *stmt;
	const char *detail;
	bool has = false;
	char sql[2048];

	(void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s",
	    store_sql_text(which));
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		detail = (const char *)sqlite3_column_text(stmt, 3);
		has = has ||
		    (strstr(detail, words) != NULL &&
			strstr(detail, "SCAN generation") == NULL);
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return has;
}

static void
assert_plan_lacks(sqlite3 *db, enum store_sql which, const char *words)
{
	if (plan_has(db, which, words))
		fail_msg("%s: %s", store_sql_text(which), words);
}

static void
test_no_query_reads_or_sorts_a_whole_table(void **state)
{
	static const enum store_sql direct[] = { STORE_SQL_BY_NAME,
		STORE_SQL_PEOPLE, STORE_SQL_EXCEPTIONS_OF,
		STORE_SQL_EXCEPTIONS_USER, STORE_SQL_EXCEPTIONS_COUNT_USER,
		STORE_SQL_USER_OF, STORE_SQL_TAKEN_BACK, STORE_SQL_REMOVE_NAMES,
		STORE_SQL_REMOVE_PEOPLE, STORE_SQL_SESSION_REMOVE,
		STORE_SQL_LOGIN_LAST, STORE_SQL_HISTORY_EXPIRE,
		STORE_SQL_REVOCATION_OF, STORE_SQL_REVOCATION_OWN,
		STORE_SQL_REVOCATION_BUNDLED, STORE_SQL_REVOCATION_REMOVE,
		STORE_SQL_BUNDLED, STORE_SQL_REMOVE_BUNDLED,
		STORE_SQL_GIVEN_BACK_OF, STORE_SQL_GIVEN_BACK_REMOVE,
		STORE_SQL_SERIAL_OF, STORE_SQL_TOTP_OF, STORE_SQL_TOTP_ADVANCE,
		STORE_SQL_RECOVERY_TAKE, STORE_SQL_RECOVERY_COUNT,
		STORE_SQL_BACKOFF_OF, STORE_SQL_ASSET_BY_NAME,
		STORE_SQL_ASSETS_BY_NAME, STORE_SQL_ASSETS,
		STORE_SQL_ASSETS_SHIPPED_USERS, STORE_SQL_ASSET_TAG_OF,
		STORE_SQL_REMOVE_ASSET_NAMES, STORE_SQL_REMOVE_ASSETS,
		STORE_SQL_SITE_PUT, STORE_SQL_SITE_TRIM_PERSON,
		STORE_SQL_SITE_TRIM_PEOPLE, STORE_SQL_SITES_EXPIRE };
	static const enum store_sql sorted[] = { STORE_SQL_PEOPLE,
		STORE_SQL_TAKEN_BACK, STORE_SQL_ALL_PEOPLE, STORE_SQL_ALL_NAMES,
		STORE_SQL_LOGIN_LAST, STORE_SQL_DAYS_ASN, STORE_SQL_SHARERS,
		STORE_SQL_SOURCES, STORE_SQL_HISTORY_EXPIRE,
		STORE_SQL_REVOCATIONS, STORE_SQL_BUNDLED, STORE_SQL_ALL_BUNDLED,
		STORE_SQL_GIVEN_BACK, STORE_SQL_TOTPS, STORE_SQL_ASSET_BY_NAME,
		STORE_SQL_ASSETS_BY_NAME, STORE_SQL_ASSETS,
		STORE_SQL_ASSET_TAG_OF, STORE_SQL_ALL_ASSETS,
		STORE_SQL_ALL_ASSET_NAMES, STORE_SQL_REMOVE_ASSET_NAMES,
		STORE_SQL_SITES, STORE_SQL_SITES_EXPIRE };
	/* What they scan is what they made themselves. */
	static const enum store_sql stepping[] = { STORE_SQL_DAYS_ASN,
		STORE_SQL_SHARERS };
	sqlite3 *db;
	size_t i;

	(void)state;
	store_close(open_store());
	db = open_behind();
	for (i = 0; i < sizeof(direct) / sizeof(direct[0]); i++)
		assert_plan_lacks(db, direct[i], "SCAN");
	for (i = 0; i < sizeof(sorted) / sizeof(sorted[0]); i++)
		assert_plan_lacks(db, sorted[i], "TEMP B-TREE");
	for (i = 0; i < sizeof(stepping) / sizeof(stepping[0]); i++)
		assert_plan_lacks(db, stepping[i], "SCAN history");
	/* A piece of many must not look at all of them. */
	assert_true(plan_has(db, STORE_SQL_REMOVE_ASSET_NAMES,
	    "name=? AND tag=?"));
	assert_plan_lacks(db, STORE_SQL_SITE_OTHERS, "SCAN site");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_largest_person_comes_out_as_it_was_put_in),
		STORE_TEST(test_the_smallest_person_comes_out_as_it_was_put_in),
		STORE_TEST(test_who_is_not_found_is_of_no_kind),
		STORE_TEST(test_names_are_compared_byte_by_byte),
		STORE_TEST(test_a_name_that_is_sql_is_a_name),
		STORE_TEST(
		    test_a_person_that_could_not_be_read_back_is_refused),
		STORE_TEST(test_an_import_goes_on_after_a_refused_person),
		STORE_TEST(test_two_people_with_one_user_conflict),
		STORE_TEST(test_two_people_with_one_account_conflict),
		STORE_TEST(test_two_people_with_one_key_conflict),
		STORE_TEST(test_one_person_may_say_an_account_twice),
		STORE_TEST(test_a_store_without_an_inventory_has_nobody),
		STORE_TEST(test_each_import_has_a_number_and_a_time),
		STORE_TEST(test_an_empty_import_empties_the_inventory),
		STORE_TEST(test_a_new_import_leaves_nothing_of_the_old_one),
		STORE_TEST(
		    test_an_import_that_is_not_committed_changes_nothing),
		STORE_TEST(test_an_abandoned_import_is_removed_by_the_next),
		STORE_TEST(test_there_is_one_import_at_a_time),
		STORE_TEST(test_people_survive_closing),
		STORE_TEST(test_all_people_come_in_the_order_of_their_names),
		STORE_TEST(test_changes_are_told_before_they_are_in_force),
		STORE_TEST(test_each_field_makes_a_change),
		STORE_TEST(test_an_exception_comes_out_as_it_was_put_in),
		STORE_TEST(test_an_exception_begins_and_ends_to_the_second),
		STORE_TEST(test_an_incomplete_exception_is_refused),
		STORE_TEST(test_more_exceptions_than_asked_for_are_told),
		STORE_TEST(test_a_removed_exception_is_gone_and_its_number_too),
		STORE_TEST(test_exceptions_are_listed_as_asked),
		STORE_TEST(test_exceptions_are_counted_as_asked),
		STORE_TEST(
		    test_what_ended_long_ago_is_forgotten_when_one_is_added),
		STORE_TEST(test_a_row_that_makes_no_sense_is_an_error),
		STORE_TEST(test_rows_that_make_no_sense_stop_no_import),
		STORE_TEST(test_an_exception_that_makes_no_sense_is_an_error),
		STORE_TEST(test_an_exception_of_another_version_does_nothing),
		STORE_TEST(test_a_wrong_exception_is_its_persons_alone),
		STORE_TEST(test_an_older_file_is_brought_up_to_date),
		STORE_TEST(test_people_of_version_2_are_kept),
		STORE_TEST(test_a_loss_of_version_2_stays_one),
		cmocka_unit_test(
		    test_released_steps_of_the_schema_stay_as_they_are),
		STORE_TEST(test_no_query_reads_or_sorts_a_whole_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
