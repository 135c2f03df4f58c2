/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One person in a real store: all of it is found, and when it is forgotten the
 * bytes are gone from the files, but that access was taken back holds.
 */
#include "policyd/store/store_change.h"
#include "policyd/store/store_factor.h"
#include "policyd/store/store_person.h"
#include "policyd/store/store_proof.h"
#include "policyd/store/store_revocation.h"
#include "policyd/store/store_verified.h"
#include "tests/unit/storing.h"

#define NAME "zebediah"

static int
count_login(const struct store_login *l, void *arg)
{
	assert_string_equal(l->person, NAME);
	++*(unsigned int *)arg;
	return 0;
}

static int
count_site(const struct store_site_row *row, void *arg)
{
	assert_string_equal(row->person, NAME);
	++*(unsigned int *)arg;
	return 0;
}

static void
add_all(struct store *store, const char *name)
{
	struct store_login l = a_login(name, "192.0.2.1", 1000);
	struct store_exception e = an_exception(name);
	struct store_revocation r = a_revocation(name);
	struct store_visit v = { .at_s = 1000, .n = 1 };
	struct store_backoff b = { .kind = STORE_BACKOFF_PERSON,
		.failures = 3,
		.last_s = 1000,
		.until_s = 2000 };

	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_history_add(store, &l), 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	(void)snprintf(r.reason, sizeof(r.reason), "reason of %s", name);
	assert_int_equal(store_revocation_put(store, &r), 0);
	(void)snprintf(v.person, sizeof(v.person), "%s", name);
	v.at[0].kind = STORE_SITE_GATEWAY;
	(void)snprintf(v.at[0].name, sizeof(v.at[0].name), "site of %s", name);
	assert_int_equal(store_visit(store, &v), 0);
	(void)snprintf(b.name, sizeof(b.name), "%s", name);
	assert_int_equal(store_backoff_put(store, &b), 0);
}

/* Whether the bytes are in one of the store's files. */
static bool
is_in_file(const char *end, const char *bytes)
{
	char name[64], *data;
	struct stat st;
	bool found = false;
	int fd;

	(void)snprintf(name, sizeof(name), "%s%s", STORE_FILE, end);
	if ((fd = open(in_folder(name), O_RDONLY)) == -1)
		return false;
	assert_int_equal(fstat(fd, &st), 0);
	if (st.st_size > 0) {
		assert_non_null(data = malloc((size_t)st.st_size));
		assert_int_equal(read(fd, data, (size_t)st.st_size),
		    st.st_size);
		found = memmem(data, (size_t)st.st_size, bytes,
			    strlen(bytes)) != NULL;
		free(data);
	}
	close(fd);
	return found;
}

static void
test_all_of_one_person_is_found(void **state)
{
	struct store *store = open_store();
	unsigned int logins = 0, sites = 0;

	(void)state;
	add_all(store, NAME);
	add_all(store, "bob");
	assert_int_equal(store_history_each(store, NAME, count_login, &logins),
	    0);
	assert_int_equal(store_sites_of(store, NAME, count_site, &sites), 0);
	assert_int_equal(logins, 2);
	assert_int_equal(sites, 1);
	store_close(store);
}

static int
recorded(const struct store_forgotten *f, void *arg)
{
	memcpy(arg, f, sizeof(*f));
	return 0;
}

static int
unrecorded(const struct store_forgotten *f, void *arg)
{
	(void)f;
	(void)arg;
	return FG_ERR_SYSTEM;
}

static void
test_who_is_forgotten_is_in_no_file_but_as_revoked(void **state)
{
	struct store *store = open_store();
	struct store_changes before, after;
	struct store_revocation r;
	struct store_forgotten f, told = { 0 };
	unsigned int n = 0;

	(void)state;
	add_all(store, NAME);
	add_all(store, "bob");
	assert_int_equal(store_changes(store, &before), 0);
	assert_int_equal(store_person_forget(store, NAME, recorded, &told, &f),
	    0);
	assert_int_equal(f.history, 2);
	assert_int_equal(f.sites, 1);
	assert_int_equal(f.exceptions, 1);
	assert_int_equal(f.backoff, 1);
	assert_int_equal(f.reasons, 1);
	assert_int_equal(store_forgotten_rows(&f), 6);
	assert_memory_equal(&told, &f, sizeof(f));
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own + 1);
	assert_int_equal(store_history_each(store, NAME, count_login, &n), 0);
	assert_int_equal(n, 0);
	/* access revoked has to hold */
	assert_int_equal(store_revocation_of(store, NAME, &r), 0);
	assert_string_equal(r.reason, "");
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	assert_string_equal(r.reason, "reason of bob");
	assert_int_equal(history_rows(), 2);
	assert_false(is_in_file("-wal", "reason of " NAME));
	assert_false(is_in_file("-wal", "site of " NAME));
	store_close(store);
	assert_false(is_in_file("", "reason of " NAME));
	assert_false(is_in_file("", "site of " NAME));
	assert_true(is_in_file("", "site of bob"));
	assert_integrity();
}

static void
test_nobody_is_no_change(void **state)
{
	struct store *store = open_store();
	struct store_changes before, after;
	struct store_forgotten f, told = { .history = 7 };

	(void)state;
	add_all(store, "bob");
	assert_int_equal(store_changes(store, &before), 0);
	assert_int_equal(store_person_forget(store, NAME, recorded, &told, &f),
	    0);
	assert_int_equal(store_forgotten_rows(&f), 0);
	assert_int_equal(told.history, 7);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own);
	store_close(store);
}

static void
test_what_cannot_be_recorded_is_not_removed(void **state)
{
	struct store *store = open_store();
	struct store_changes before, after;
	struct store_forgotten f;
	unsigned int n = 0;

	(void)state;
	add_all(store, NAME);
	assert_int_equal(store_changes(store, &before), 0);
	assert_int_equal(store_person_forget(store, NAME, unrecorded, NULL, &f),
	    FG_ERR_SYSTEM);
	assert_int_equal(store_forgotten_rows(&f), 0);
	assert_int_equal(store_history_each(store, NAME, count_login, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own);
	store_close(store);
}

#define PERSON_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PERSON_TEST(test_all_of_one_person_is_found),
		PERSON_TEST(test_who_is_forgotten_is_in_no_file_but_as_revoked),
		PERSON_TEST(test_nobody_is_no_change),
		PERSON_TEST(test_what_cannot_be_recorded_is_not_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
