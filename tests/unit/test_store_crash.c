/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-01 and DB-03: the process ends, or the disk fails, at each single write,
 * cut and sync. Afterwards the file is whole, one generation is in force as a
 * whole, and what was acknowledged is there.
 */
#include <sys/mman.h>

#include "tests/unit/storing.h"
#include "tests/unit/storing_disk.h"

#define OLD 30u
#define NEW 45u

/* What the work reported before it ended, seen by parent and child. */
static struct {
	uint64_t acknowledged[8];
	unsigned int n;
	uint64_t removed;
	bool committed;
} * done;

static int
share_report(void **state)
{
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return done == MAP_FAILED ? -1 : disk_install(state);
}

static void
prepare(void)
{
	struct store *store;

	disk_set(DISK_WORKS, 0, 0);
	memset(done, 0, sizeof(*done));
	store = open_store();
	assert_int_equal(import_people(store, OLD, "old"), 0);
	store_close(store);
}

static int
add_exception(struct store *store)
{
	struct store_exception e = an_exception("alice");
	int r;

	if ((r = store_exception_add(store, &e)) == 0)
		done->acknowledged[done->n++] = e.id;
	return r;
}

/* Everything that writes, from opening to closing. The first error. */
static int
work(void)
{
	struct store_exception gone;
	struct store *store;
	const char *why;
	int r, first;

	if ((first = store_open(folder, &store, &why)) != 0)
		return first;
	first = add_exception(store);
	if ((r = import_people(store, NEW, "new")) == 0)
		done->committed = true;
	first = first != 0 ? first : r;
	r = add_exception(store);
	first = first != 0 ? first : r;
	if (done->n == 2) {
		done->n--; /* from here on it may be there or not */
		r = store_exception_remove(store, done->acknowledged[1], &gone);
		if (r == 0)
			done->removed = gone.id;
		first = first != 0 ? first : r;
	}
	store_close(store);
	return first;
}

static int
check_name(const struct person *p, void *arg)
{
	const char **name = arg;

	if (*name == NULL)
		*name = strcmp(p->name, "old") == 0 ? "old" : "new";
	assert_string_equal(p->name, *name);
	return 0;
}

/* One that was not acknowledged may be there all the same. */
static void
assert_exceptions(struct store *store)
{
	struct store_exception list[8];
	size_t n, i, k;

	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 8, &n),
	    0);
	assert_true(n <= 2);
	for (i = 0; i < done->n; i++) {
		for (k = 0; k < n; k++)
			if (list[k].id == done->acknowledged[i])
				break;
		assert_true(k < n);
	}
	for (k = 0; k < n; k++)
		assert_true(list[k].id != done->removed);
}

static void
assert_whole(void)
{
	const char *name = NULL;
	struct store *store;
	size_t n;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_int_equal(store_people_count(store, &n), 0);
	assert_true(n == OLD || n == NEW);
	assert_int_equal(store_people_each(store, check_name, &name), 0);
	assert_string_equal(name, n == OLD ? "old" : "new");
	if (done->committed)
		assert_int_equal(n, NEW);
	assert_exceptions(store);
	/* And it goes on. */
	assert_int_equal(import_people(store, OLD, "old"), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), OLD);
	assert_int_equal(ask_behind("SELECT count(*) FROM generation"), 1);
}

static void
begin_anew(void)
{
	(void)unlink(in_folder(STORE_FILE));
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
}

static void
work_in_child(void *arg)
{
	(void)arg;
	_exit(work() == 0 ? 0 : 1);
}

static void
test_killed_at_each_write_nothing_is_lost(void **state)
{
	unsigned int k;
	int status;

	(void)state;
	for (k = 1;; k++) {
		begin_anew();
		prepare();
		disk_set(DISK_KILLS, 0, k);
		status = child_run(work_in_child, NULL);
		if (WIFEXITED(status))
			break;
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		assert_whole();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(k > 20);
	assert_whole();
}

static void
create_in_child(void *arg)
{
	struct store *store;
	const char *why;

	(void)arg;
	if (store_open(folder, &store, &why) != 0 || why != NULL)
		_exit(1);
	store_close(store);
	_exit(0);
}

static void
test_killed_while_it_is_made_it_is_made_again(void **state)
{
	struct store *store;
	unsigned int k;
	int status;
	size_t n;

	(void)state;
	for (k = 1;; k++) {
		begin_anew();
		disk_set(DISK_KILLS, 0, k);
		status = child_run(create_in_child, NULL);
		disk_set(DISK_WORKS, 0, 0);
		store = open_store(); /* without a word */
		assert_int_equal(store_people_count(store, &n), 0);
		store_close(store);
		assert_integrity();
		if (WIFEXITED(status))
			break;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(k > 5);
}

/* Errors, never a crash; and when the disk works again, so does the store. */
static void
fail_at_each(enum disk_fault fault, int code)
{
	unsigned int k, errors = 0;
	int r;

	for (k = 1;; k++) {
		begin_anew();
		prepare();
		disk_set(fault, code, k);
		r = work();
		if (disk.faults == 0)
			break;
		errors += r != 0;
		if (r != 0)
			assert_true(r == FG_ERR_SYSTEM || r == FG_ERR_NOMEM);
		assert_whole();
	}
	assert_int_equal(r, 0);
	assert_true(k > 20);
	assert_true(errors > k / 2);
}

static void
test_a_write_that_fails_once_is_an_error(void **state)
{
	(void)state;
	fail_at_each(DISK_FAILS, SQLITE_IOERR_WRITE);
}

static void
test_a_broken_disk_is_an_error(void **state)
{
	(void)state;
	fail_at_each(DISK_BROKEN, SQLITE_IOERR_FSYNC);
}

static void
test_a_full_disk_is_an_error(void **state)
{
	(void)state;
	fail_at_each(DISK_BROKEN, SQLITE_FULL);
}

static void
test_a_full_disk_is_said_to_be_full(void **state)
{
	struct store_exception e = an_exception("alice");
	struct store *store;
	struct person q;

	(void)state;
	prepare();
	store = open_store();
	disk_set(DISK_BROKEN, SQLITE_FULL, 1);
	errno = 0;
	assert_int_equal(store_exception_add(store, &e), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(e.id, 0);
	/* Reading needs no room, and one that is open recovers by itself. */
	assert_int_equal(store_person_by_account(store, "u3", &q), 0);
	disk_set(DISK_WORKS, 0, 0);
	assert_int_equal(store_exception_add(store, &e), 0);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_killed_at_each_write_nothing_is_lost),
		STORE_TEST(test_killed_while_it_is_made_it_is_made_again),
		STORE_TEST(test_a_write_that_fails_once_is_an_error),
		STORE_TEST(test_a_broken_disk_is_an_error),
		STORE_TEST(test_a_full_disk_is_an_error),
		STORE_TEST(test_a_full_disk_is_said_to_be_full),
	};

	return cmocka_run_group_tests(tests, share_report, NULL);
}
