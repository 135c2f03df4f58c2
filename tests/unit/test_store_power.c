/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-02: the power goes at each write, cut and sync. What was not synced is
 * lost, all of it or some. Afterwards the store opens without a word, is whole
 * and goes on, and what was acknowledged is there: people, exceptions, bundles,
 * assets and revocations. Of sessions and the history the last ones may be
 * missing, and nothing in between.
 */
#include "policyd/store/store_log.h"
#include "tests/unit/storing_jobs.h"
#include "tests/unit/storing_power.h"

static char home[sizeof(folder)], left[sizeof(folder)];
static pid_t worker;
static int to_parent[2], to_worker[2];

static int
set_up(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	memcpy(left, folder, sizeof(left));
	if (make_folder(state) != 0)
		return -1;
	memcpy(home, folder, sizeof(home));
	worker = 0;
	return pipe2(to_parent, O_CLOEXEC) != 0 ||
		pipe2(to_worker, O_CLOEXEC) != 0 ?
	    -1 :
	    0;
}

/* After a failure the worker still waits: it ends when nobody is there. */
static int
tear_down(void **state)
{
	int r;

	(void)close(to_worker[1]);
	if (worker != 0)
		(void)waitpid(worker, NULL, 0);
	(void)close(to_parent[0]);
	memcpy(folder, left, sizeof(folder));
	r = remove_folder(state);
	memcpy(folder, home, sizeof(folder));
	return remove_folder(state) != 0 ? -1 : r;
}

#define POWER_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* ---- the worker -------------------------------------------------------- */

/* It waits while what it would leave is looked at. */
static void
wait_for_parent(void)
{
	char c = 'x';

	CHECK(write(to_parent[1], &c, 1) == 1);
	if (read(to_worker[0], &c, 1) != 1)
		_exit(1);
}

static void
begin(int (*work)(void))
{
	(void)fflush(NULL);
	assert_true((worker = fork()) != -1);
	if (worker != 0) {
		(void)close(to_parent[1]);
		(void)close(to_worker[0]);
		return;
	}
	(void)close(to_parent[0]);
	(void)close(to_worker[1]);
	power_start(left, wait_for_parent, done, sizeof(*done));
	CHECK(work() == 0);
	power_goes();
	_exit(0);
}

/* ---- at each step ------------------------------------------------------ */

static void
lose_power_at_each(int (*work)(void), void (*assert_left)(void))
{
	unsigned int losses = 0;
	int status;
	char c;

	begin(work);
	while (read(to_parent[0], &c, 1) == 1) {
		memcpy(folder, left, sizeof(folder));
		assert_left();
		memcpy(folder, home, sizeof(folder));
		losses++;
		assert_int_equal(write(to_worker[1], &c, 1), 1);
	}
	assert_int_equal(waitpid(worker, &status, 0), worker);
	worker = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(losses > 20);
}

static void
test_people_and_exceptions_stay(void **state)
{
	(void)state;
	people.prepare();
	lose_power_at_each(people.work, people.assert_whole);
	assert_true(done->committed);
}

static void
test_a_bundle_stays_whole(void **state)
{
	(void)state;
	bundles.prepare();
	lose_power_at_each(bundles.work, bundles.assert_whole);
	assert_true(done->committed);
}

static void
test_assets_stay_whole(void **state)
{
	(void)state;
	assets.prepare();
	lose_power_at_each(assets.work, assets.assert_whole);
	assert_true(done->committed);
}

/* ---- a first import of assets ------------------------------------------ */

static void
prepare_none(void)
{
	memset(done, 0, sizeof(*done));
	disk_set(DISK_WORKS, 0, 0);
	store_close(open_store());
}

/* Never half of them, never lost; and what is there is known beside it. */
static void
assert_first_assets(void)
{
	struct store *store;
	struct store_outline o;
	size_t n;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_true(n == NEW || (n == 0 && !done->committed));
	o = outline_of(store);
	assert_int_equal(o.assets, n == NEW);
	assert_false(o.assets_lost || o.lost || o.people);
	if (n == NEW)
		assert_int_equal(access(in_folder(STORE_FILE ".assets"), F_OK),
		    0);
	assert_int_equal(import_assets(store, OLD, "old"), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), OLD);
}

static void
test_first_assets_are_there_or_not(void **state)
{
	(void)state;
	prepare_none();
	lose_power_at_each(assets.work, assert_first_assets);
	assert_true(done->committed);
}

/* ---- what logins leave ------------------------------------------------- */

struct remains {
	bool a, orphan, b, alice, bob;
	size_t logins, old;
};

/* After so many of the steps. */
static struct remains
remains_of(unsigned int steps)
{
	struct remains r = { .a = steps > PUT_A && steps <= REMOVE_A,
		.b = steps > PUT_B,
		.alice = steps > REVOKE_ALICE && steps <= RESTORE_ALICE,
		.bob = steps > REVOKE_BOB,
		.logins = (size_t)(steps > LOGIN_1) + (steps > LOGIN_2),
		.old = steps > EXPIRE ? 1 : 1 + EXPIRED };

	r.orphan = r.a && steps > ORPHAN_A;
	return r;
}

static struct remains
remains_in(struct store *store)
{
	struct found found = { .n = 0 };
	struct store_revocation revocation;
	struct remains r;

	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, found.a + found.b);
	r.a = found.a;
	r.orphan = found.orphan;
	r.b = found.b;
	r.alice = store_revocation_of(store, "alice", &revocation) == 0;
	r.bob = store_revocation_of(store, "bob", &revocation) == 0;
	r.logins = count_logins(store, "alice");
	r.old = count_logins(store, "old");
	return r;
}

static bool
is_same(const struct remains *a, const struct remains *b)
{
	return a->a == b->a && a->orphan == b->orphan && a->b == b->b &&
	    a->alice == b->alice && a->bob == b->bob &&
	    a->logins == b->logins && a->old == b->old;
}

/*
 * What is on the disk when it is said: revocations, and all before them; what
 * was moved out of the log; and all of it when the store is closed.
 */
static unsigned int
steps_for_sure(void)
{
	static const enum step synced[] = { RESTORE_ALICE, REVOKE_BOB,
		REVOKE_ALICE };
	unsigned int n = done->closed ? STEPS : done->moved;
	size_t i;

	for (i = 0; i < sizeof(synced) / sizeof(synced[0]); i++)
		if (did(synced[i]) && n <= synced[i])
			n = synced[i] + 1u;
	return n;
}

static void
assert_steps(struct store *store, unsigned int least)
{
	const struct remains found = remains_in(store);
	struct store_outline outline = outline_of(store);
	struct remains r;
	unsigned int n;

	for (n = least; n <= STEPS; n++) {
		r = remains_of(n);
		if ((n == 0 || tried((enum step)(n - 1))) &&
		    is_same(&r, &found))
			break;
	}
	assert_true(n <= STEPS);
	assert_false(outline.lost);
	assert_int_equal(outline.revocations, found.alice || found.bob);
	/* That there are any is known beside it. */
	if (outline.revocations)
		assert_int_equal(access(in_folder(STORE_FILE ".people"), F_OK),
		    0);
}

static void
assert_logins_left(void)
{
	struct store *store;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_steps(store, steps_for_sure());
	assert_logins_go_on(store);
}

/* As the daemon has it done when the log is long. */
static int
move_log(struct store *store, enum step step)
{
	uint64_t bytes, rest;

	if (step != PUT_B && step != EXPIRE)
		return 0;
	CHECK(store_log_move(store, &bytes, &rest) == 0 && rest == 0);
	done->moved = step + 1u;
	return 0;
}

static void
test_of_what_logins_leave_the_last_is_missing_at_most(void **state)
{
	(void)state;
	prepare_logins();
	after_step = move_log;
	lose_power_at_each(work_logins, assert_logins_left);
	assert_int_equal(done->did, (1u << STEPS) - 1);
	assert_true(done->closed);
}

/* ---- a new one, and one that is damaged -------------------------------- */

/* Whatever is there; and it is told something at once. */
static int
begin_one(void)
{
	struct store *store;
	const char *why;
	int r;

	if ((r = store_open(folder, &store, &why)) != 0)
		return r;
	if ((r = take_back(store, "bob")) == 0)
		done->did = 1u << REVOKE_BOB;
	store_close(store);
	return r;
}

static void
assert_begun(void)
{
	struct store *store = open_store();
	struct store_outline outline = outline_of(store);

	assert_false(outline.people || outline.lost);
	if (did(REVOKE_BOB))
		assert_true(outline.revocations);
	store_close(store);
	assert_integrity();
}

static void
test_one_that_is_made_is_made_again_or_is_there(void **state)
{
	(void)state;
	memset(done, 0, sizeof(*done));
	lose_power_at_each(begin_one, assert_begun);
	assert_true(did(REVOKE_BOB));
}

/* It is not closed, so that the last words are in the log alone. */
static void
revoke_alice(void *arg)
{
	struct store *store;
	const char *why;

	(void)arg;
	_exit(store_open(folder, &store, &why) != 0 ||
	    take_back(store, "alice") != 0);
}

static void
damage_log(void)
{
	int fd = open(in_folder(STORE_FILE "-wal"), O_WRONLY | O_CLOEXEC);

	assert_int_equal(pwrite(fd, "damaged", 7, 0), 7);
	assert_int_equal(close(fd), 0);
}

/* What was known is never taken for whole, and what is new is there. */
static void
assert_set_aside(void)
{
	struct store_outline outline;
	struct store_revocation r;
	struct store *store;
	const char *why;

	assert_int_equal(store_open(folder, &store, &why), 0);
	outline = outline_of(store);
	assert_true(outline.lost);
	assert_false(outline.people);
	assert_int_equal(store_revocation_of(store, "alice", &r),
	    FG_ERR_NOT_FOUND);
	if (did(REVOKE_BOB))
		assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	store_close(store);
	assert_integrity();
}

static void
test_one_that_is_damaged_is_moved_aside_as_a_whole(void **state)
{
	(void)state;
	prepare_people();
	child_passes(revoke_alice, NULL);
	damage_log();
	lose_power_at_each(begin_one, assert_set_aside);
	assert_true(did(REVOKE_BOB));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		POWER_TEST(test_people_and_exceptions_stay),
		POWER_TEST(test_a_bundle_stays_whole),
		POWER_TEST(test_assets_stay_whole),
		POWER_TEST(test_first_assets_are_there_or_not),
		POWER_TEST(
		    test_of_what_logins_leave_the_last_is_missing_at_most),
		POWER_TEST(test_one_that_is_made_is_made_again_or_is_there),
		POWER_TEST(test_one_that_is_damaged_is_moved_aside_as_a_whole),
	};

	return cmocka_run_group_tests(tests, share_report, NULL);
}
