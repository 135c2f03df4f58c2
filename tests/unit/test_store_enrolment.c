/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Laptops that were enrolled, in a real store: which of their keys counts when,
 * what they were seen with, and that neither damage nor loss enrols anybody.
 */
#include "policyd/store/store_enrolment.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_sql.h"

#include "tests/unit/machines.h"
#include "tests/unit/storing.h"

#define DAY INT64_C(86400)

/* ed25519 of 32 bytes that are all which. */
static const char *
key_of(uint8_t which)
{
	static char text[4][KEY_TEXT_SIZE];
	static unsigned int next;
	uint8_t key[CRYPTO_KEY_SIZE];
	char *p = text[next++ % 4];

	memset(key, which, sizeof(key));
	key_text(KEY_DEVICE, key, p);
	return p;
}

static struct store_enrolment
an_enrolment(uint8_t which, const char *asset)
{
	struct store_enrolment e;

	memset(&e, 0, sizeof(e));
	(void)snprintf(e.key, sizeof(e.key), "%s", key_of(which));
	(void)snprintf(e.asset, sizeof(e.asset), "%s", asset);
	e.digests = make_machine("bduscm");
	e.made_s = e.from_s = 1000;
	e.by_uid = 0;
	e.by_loginuid = 1001;
	e.replaced_s = e.revoked_s = STORE_NEVER_S;
	return e;
}

/* Made and in force from then on. */
static void
enrol(struct store *store, uint8_t which, const char *asset, int64_t made_s,
    int64_t from_s)
{
	struct store_enrolment e = an_enrolment(which, asset);

	e.made_s = made_s;
	e.from_s = from_s;
	assert_int_equal(store_enrolment_add(store, &e), 0);
}

static enum store_enrolment_state
state_of(struct store *store, uint8_t which, int64_t now_s)
{
	enum store_enrolment_state state = STORE_ENROLMENT_ENROLLED;
	struct store_enrolment e;
	int r;

	r = store_enrolment_find(store, key_of(which), now_s, &e, &state);
	if (r == FG_ERR_NOT_FOUND)
		assert_int_equal(state, STORE_ENROLMENT_NONE);
	else
		assert_int_equal(r, 0);
	return state;
}

static int
revoke_it(struct store *store, const char *name, int64_t at_s)
{
	const struct store_enrolment_end end = { .name = name,
		.at_s = at_s,
		.by_uid = 0,
		.by_loginuid = 1002,
		.reason = "stolen" };

	return store_enrolment_revoke(store, &end);
}

/* ---- one of them -------------------------------------------------------- */

static void
it_comes_out_as_it_was_put_in(void **state)
{
	struct store_enrolment e = an_enrolment(1, "LT-0042"), back;
	struct store *store = open_store();
	enum store_enrolment_state s;

	(void)state;
	e.digests.unread = 1u << HWID_TPM;
	assert_false(outline_of(store).enrolments);
	assert_int_equal(store_enrolment_add(store, &e), 0);
	assert_true(outline_of(store).enrolments);
	store_close(store);
	store = open_store();
	assert_int_equal(store_enrolment_find(store, e.key, 1000, &back, &s),
	    0);
	assert_memory_equal(&back, &e, sizeof(e));
	assert_int_equal(s, STORE_ENROLMENT_ENROLLED);
	store_close(store);
}

static void
nobody_else_is_enrolled_by_it(void **state)
{
	struct store *store = open_store();
	struct store_enrolment back;
	enum store_enrolment_state s;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	assert_int_equal(state_of(store, 2, 1000), STORE_ENROLMENT_NONE);
	assert_int_equal(store_enrolment_find(store, "LT-0042", 1000, &back,
			     &s),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(s, STORE_ENROLMENT_NONE);
	assert_int_equal(back.key[0], '\0');
	store_close(store);
}

static void
what_could_not_be_read_back_is_refused(void **state)
{
	static const char *const tags[] = { "", " ", "LT 42", "=LT", "LT\n" };
	struct store_enrolment e;
	struct store *store = open_store();

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		e = an_enrolment(1, tags[i]);
		assert_int_equal(store_enrolment_add(store, &e), FG_ERR_FORMAT);
	}
	e = an_enrolment(1, "LT-0042");
	e.key[10] ^= 0x40;
	e.key[11] = ' ';
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_FORMAT);
	e = an_enrolment(1, "LT-0042");
	e.key[0] = '\0';
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_FORMAT);
	e = an_enrolment(1, "LT-0042");
	e.from_s = e.made_s - 1;
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_FORMAT);
	e = an_enrolment(1, "LT-0042");
	e.digests.list[0].kind = HWID_NONE;
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_FORMAT);
	assert_int_equal(ask_behind("SELECT count(*) FROM enrolment"), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM device_seen"), 0);
	store_close(store);
}

static void
a_key_is_enrolled_once(void **state)
{
	struct store_enrolment e = an_enrolment(1, "LT-0043");
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_LIMIT);
	assert_int_equal(revoke_it(store, e.key, 2000), 0);
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_LIMIT);
	assert_int_equal(state_of(store, 1, 3000), STORE_ENROLMENT_REVOKED);
	assert_int_equal(ask_behind("SELECT count(*) FROM enrolment"), 1);
	store_close(store);
}

static void
an_asset_has_so_many_and_no_more(void **state)
{
	struct store_enrolment e = an_enrolment(200, "LT-0042");
	struct store *store = open_store();

	(void)state;
	for (uint8_t i = 0; i < STORE_ENROLMENTS_EACH_MAX; i++)
		enrol(store, i, "LT-0042", 1000, 1000);
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_LIMIT);
	assert_int_equal(state_of(store, 200, 1000), STORE_ENROLMENT_NONE);
	(void)snprintf(e.asset, sizeof(e.asset), "LT-0043");
	assert_int_equal(store_enrolment_add(store, &e), 0);
	store_close(store);
}

/* ---- when it counts ----------------------------------------------------- */

static void
one_that_is_made_anew_waits_and_then_takes_the_place(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0042", 2000, 2000 + 3 * DAY);
	enrol(store, 3, "LT-0043", 2000, 2000);
	assert_int_equal(state_of(store, 1, 2000), STORE_ENROLMENT_ENROLLED);
	assert_int_equal(state_of(store, 2, 2000), STORE_ENROLMENT_PENDING);
	assert_int_equal(state_of(store, 1, 1999 + 3 * DAY),
	    STORE_ENROLMENT_ENROLLED);
	assert_int_equal(state_of(store, 2, 1999 + 3 * DAY),
	    STORE_ENROLMENT_PENDING);
	assert_int_equal(state_of(store, 1, 2000 + 3 * DAY),
	    STORE_ENROLMENT_REPLACED);
	assert_int_equal(state_of(store, 2, 2000 + 3 * DAY),
	    STORE_ENROLMENT_ENROLLED);
	assert_int_equal(state_of(store, 3, 2000 + 3 * DAY),
	    STORE_ENROLMENT_ENROLLED);
	store_close(store);
}

/* The laptop that is there already goes on as it was. */
static void
one_that_is_revoked_before_its_time_replaces_nothing(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0042", 2000, 2000 + 3 * DAY);
	assert_int_equal(revoke_it(store, key_of(2), 3000), 0);
	assert_int_equal(state_of(store, 1, 2000 + 4 * DAY),
	    STORE_ENROLMENT_ENROLLED);
	assert_int_equal(state_of(store, 2, 2000 + 4 * DAY),
	    STORE_ENROLMENT_REVOKED);
	enrol(store, 3, "LT-0042", 4000, 4000 + 3 * DAY);
	enrol(store, 4, "LT-0042", 5000, 5000 + 3 * DAY);
	assert_int_equal(store_enrolment_remove(store, key_of(3), 6000), 0);
	assert_int_equal(state_of(store, 1, 4999 + 3 * DAY),
	    STORE_ENROLMENT_ENROLLED);
	assert_int_equal(state_of(store, 1, 5000 + 3 * DAY),
	    STORE_ENROLMENT_REPLACED);
	store_close(store);
}

/* What is taken back never gives anything to somebody else. */
static void
what_was_replaced_stays_so(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0042", 2000, 2000);
	assert_int_equal(state_of(store, 1, 2000), STORE_ENROLMENT_REPLACED);
	assert_int_equal(revoke_it(store, key_of(2), 3000), 0);
	assert_int_equal(state_of(store, 1, 3000), STORE_ENROLMENT_REPLACED);
	assert_int_equal(store_enrolment_remove(store, key_of(2), 4000), 0);
	assert_int_equal(state_of(store, 1, 4000), STORE_ENROLMENT_REPLACED);
	/* the clock goes back */
	assert_int_equal(state_of(store, 1, 1500), STORE_ENROLMENT_ENROLLED);
	store_close(store);
}

static void
a_revoked_one_never_counts_again(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	assert_int_equal(revoke_it(store, key_of(1), 2000), 0);
	assert_int_equal(state_of(store, 1, 2000), STORE_ENROLMENT_REVOKED);
	assert_int_equal(state_of(store, 1, 0), STORE_ENROLMENT_REVOKED);
	assert_int_equal(state_of(store, 1, INT64_MAX),
	    STORE_ENROLMENT_REVOKED);
	assert_int_equal(revoke_it(store, key_of(1), 3000), FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
an_asset_that_is_revoked_is_so_with_all_its_keys(void **state)
{
	struct store_enrolment e;
	enum store_enrolment_state s;
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0042", 2000, 2000);
	enrol(store, 3, "LT-0042", 3000, 3000 + DAY);
	enrol(store, 4, "LT-004", 3000, 3000);
	assert_int_equal(revoke_it(store, "LT-0042", 4000), 0);
	for (uint8_t i = 1; i <= 3; i++)
		assert_int_equal(state_of(store, i, 5000),
		    STORE_ENROLMENT_REVOKED);
	assert_int_equal(state_of(store, 4, 5000), STORE_ENROLMENT_ENROLLED);
	assert_int_equal(store_enrolment_find(store, key_of(1), 5000, &e, &s),
	    0);
	assert_int_equal(e.revoked_s, 4000);
	assert_int_equal(e.revoked_by_loginuid, 1002);
	assert_int_equal(e.by_loginuid, 1001);
	assert_string_equal(e.reason, "stolen");
	assert_int_equal(revoke_it(store, "LT-0042", 5000), FG_ERR_NOT_FOUND);
	assert_int_equal(revoke_it(store, "LT-9999", 5000), FG_ERR_NOT_FOUND);
	assert_int_equal(revoke_it(store, "", 5000), FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
one_is_removed_with_what_it_was_seen_with(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0042", 2000, 2000);
	enrol(store, 3, "LT-0043", 2000, 2000);
	assert_int_equal(store_enrolment_remove(store, key_of(1), 3000), 0);
	assert_int_equal(store_enrolment_remove(store, key_of(1), 3000),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(state_of(store, 1, 3000), STORE_ENROLMENT_NONE);
	assert_int_equal(ask_behind("SELECT count(*) FROM device_seen"), 2);
	assert_int_equal(store_enrolment_remove(store, "LT-0042", 3000), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM device_seen"), 1);
	assert_int_equal(state_of(store, 3, 3000), STORE_ENROLMENT_ENROLLED);
	enrol(store, 1, "LT-0042", 4000, 4000);
	store_close(store);
}

static int
list(const struct store_enrolment *e, void *arg)
{
	uint8_t key[CRYPTO_KEY_SIZE];
	char *text = arg;

	assert_int_equal(key_parse(KEY_DEVICE, e->key, key), 0);
	(void)sprintf(text + strlen(text), "%s%s:%u", *text == '\0' ? "" : " ",
	    e->asset, key[0]);
	return 0;
}

static void
they_are_listed_the_latest_first(void **state)
{
	struct store *store = open_store();
	char text[256] = "", some[256] = "", one[256] = "", none[8] = "";

	(void)state;
	enrol(store, 3, "LT-2", 1000, 1000);
	enrol(store, 1, "LT-1", 1000, 1000);
	enrol(store, 2, "LT-1", 1000, 1000);
	assert_int_equal(store_enrolments_each(store, list, text), 0);
	assert_string_equal(text, "LT-1:2 LT-1:1 LT-2:3");
	assert_int_equal(store_enrolments_of(store, "LT-1", list, some), 0);
	assert_string_equal(some, "LT-1:2 LT-1:1");
	assert_int_equal(store_enrolments_of(store, key_of(3), list, one), 0);
	assert_string_equal(one, "LT-2:3");
	assert_int_equal(store_enrolments_of(store, "LT-3", list, none), 0);
	assert_string_equal(none, "");
	store_close(store);
}

static void
each_is_a_change(void **state)
{
	struct store_enrolment e = an_enrolment(1, "LT-0042");
	struct store_changes before, after;
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_changes(store, &before), 0);
	assert_int_equal(store_enrolment_add(store, &e), 0);
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_LIMIT);
	assert_int_equal(revoke_it(store, e.key, 2000), 0);
	assert_int_equal(revoke_it(store, e.key, 2000), FG_ERR_NOT_FOUND);
	assert_int_equal(store_enrolment_remove(store, e.key, 3000), 0);
	assert_int_equal(store_changes(store, &after), 0);
	assert_int_equal(after.own, before.own + 3);
	store_close(store);
}

/* ---- what it was seen with ---------------------------------------------- */

static struct clone
seen(struct store *store, uint8_t which, const char *machine, int64_t at_s)
{
	struct hwid_digests digests = make_machine(machine);
	struct clone clone, kept;

	assert_int_equal(store_see(store, key_of(which), &digests, at_s,
			     &clone),
	    0);
	assert_int_equal(store_seen(store, key_of(which), &kept), 0);
	assert_int_equal(kept.n, clone.n);
	assert_int_equal(clone_is(&kept), clone_is(&clone));
	return clone;
}

static void
the_old_machine_after_the_new_one_is_a_clone(void **state)
{
	struct store *store = open_store();
	struct clone clone;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	clone = seen(store, 1, "bduscm", 1100);
	assert_int_equal(clone.n, 1);
	assert_int_equal(clone.list[0].first_s, 1000);
	clone = seen(store, 1, "BDUSCM", 1200);
	assert_int_equal(clone.n, 2);
	assert_false(clone_is(&clone));
	store_close(store);
	store = open_store();
	clone = seen(store, 1, "bduscm", 1300);
	assert_true(clone_is(&clone));
	store_close(store);
	store = open_store();
	clone = seen(store, 1, "BDUSCM", 1400);
	assert_true(clone_is(&clone));
	store_close(store);
}

static void
each_key_has_machines_of_its_own(void **state)
{
	struct store *store = open_store();
	struct clone clone;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0042", 1000, 1000);
	(void)seen(store, 1, "BDUSCM", 1200);
	clone = seen(store, 2, "bduscm", 1300);
	assert_int_equal(clone.n, 1);
	clone = seen(store, 1, "BDUSCM", 1400);
	assert_false(clone_is(&clone));
	store_close(store);
}

static void
the_same_again_writes_nothing(void **state)
{
	struct store *store = open_store();
	int64_t last;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	(void)seen(store, 1, "bduscm", 1000 + DAY);
	last = ask_behind("SELECT last_s FROM device_seen");
	assert_int_equal(last, 1000 + DAY);
	run_behind("CREATE TRIGGER no BEFORE INSERT ON device_seen"
		   " BEGIN SELECT raise(ABORT, 'written'); END");
	(void)seen(store, 1, "bduscm", 1000 + 2 * DAY - 1);
	store_close(store);
}

static void
who_is_not_enrolled_leaves_nothing(void **state)
{
	struct hwid_digests digests = make_machine("bduscm");
	struct store *store = open_store();
	struct clone clone;

	(void)state;
	assert_int_equal(store_see(store, key_of(1), &digests, 1000, &clone),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(clone.n, 0);
	assert_int_equal(store_see(store, "LT-0042", &digests, 1000, &clone),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(ask_behind("SELECT count(*) FROM device_seen"), 0);
	store_close(store);
}

static void
it_grows_to_its_bound_and_no_further(void **state)
{
	struct store *store = open_store();
	struct hwid_digests digests;
	struct clone clone;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	for (uint8_t i = 10; i < 60; i++) {
		digests = make_machine("");
		add_digest(&digests, HWID_BOARD, i);
		assert_int_equal(store_see(store, key_of(1), &digests, 1000 + i,
				     &clone),
		    0);
	}
	assert_true(clone_is(&clone));
	assert_int_equal(ask_behind("SELECT count(*) FROM device_seen"),
	    CLONE_MACHINES_MAX);
	store_close(store);
}

/* ---- damage and loss ---------------------------------------------------- */

/* It is an error, and nothing is returned that could be used. */
static void
assert_unreadable(const char *sql)
{
	struct store_enrolment e;
	enum store_enrolment_state s = STORE_ENROLMENT_ENROLLED;
	struct store *store;

	run_behind(sql);
	store = open_store();
	if (store_enrolment_find(store, key_of(1), 1000, &e, &s) !=
	    FG_ERR_FORMAT)
		fail_msg("%s", sql);
	assert_int_equal(s, STORE_ENROLMENT_NONE);
	assert_int_equal(e.key[0], '\0');
	store_close(store);
	(void)unlink(in_folder(STORE_FILE ".damaged"));
}

static void
a_damaged_row_is_an_error_and_no_enrolment(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	store_close(store);
	assert_unreadable("UPDATE enrolment SET asset = ''");
	assert_unreadable("UPDATE enrolment SET asset = 'LT 42'");
	assert_unreadable("UPDATE enrolment SET asset = 'LT', ids = '9:-'");
	assert_unreadable("UPDATE enrolment SET ids = '2:- 1:-'");
	assert_unreadable("UPDATE enrolment SET ids = x'00'");
	assert_unreadable("UPDATE enrolment SET ids = '', from_s = 999");
	assert_unreadable("UPDATE enrolment SET from_s = 'soon'");
	assert_unreadable("UPDATE enrolment SET from_s = 1000,"
			  " revoked_s = 'never'");
	assert_unreadable("UPDATE enrolment SET revoked_s = 1,"
			  " replaced_s = 0.5");
	assert_unreadable("UPDATE enrolment SET replaced_s = 1, by_uid = -1");
	/* one by one it can be taken out, and another one is enrolled */
	store = open_store();
	assert_int_equal(store_enrolment_remove(store, key_of(1), 2000), 0);
	enrol(store, 1, "LT-0042", 1000, 1000);
	store_close(store);
}

/* The others of the table are as they were. */
static void
a_damaged_row_is_its_own_matter(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0043", 1000, 1000);
	store_close(store);
	run_behind("UPDATE enrolment SET ids = 'x' WHERE asset = 'LT-0042'");
	store = open_store();
	assert_int_equal(state_of(store, 2, 1000), STORE_ENROLMENT_ENROLLED);
	store_close(store);
}

static void
damaged_sightings_are_an_error_and_no_answer(void **state)
{
	static const char *const spoils[] = {
		"UPDATE device_seen SET ids = '2'",
		"UPDATE device_seen SET ids = '', last_n = 0",
		"UPDATE device_seen SET last_n = 'x'",
		"UPDATE device_seen SET last_n = 1, last_s = 0.5",
		"UPDATE device_seen SET last_s = 1, first_n = 0",
		"UPDATE device_seen SET first_n = 4294967296, "
		"last_n = 4294967296"
	};
	struct hwid_digests digests = make_machine("bduscm");
	struct store *store = open_store();
	struct clone clone;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	store_close(store);
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		run_behind(spoils[i]);
		store = open_store();
		if (store_see(store, key_of(1), &digests, 1000, &clone) !=
			FG_ERR_FORMAT ||
		    clone.n != 0)
			fail_msg("%s", spoils[i]);
		assert_int_equal(store_seen(store, key_of(1), &clone),
		    FG_ERR_FORMAT);
		store_close(store);
		(void)unlink(in_folder(STORE_FILE ".damaged"));
	}
}

static void
more_sightings_than_there_can_be_are_an_error(void **state)
{
	struct store *store = open_store();
	struct clone clone;

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	store_close(store);
	run_behind("INSERT INTO device_seen SELECT key, i + 1, i + 1, ids, 1, 1"
		   " FROM device_seen, (WITH RECURSIVE n (i) AS (SELECT 1"
		   " UNION ALL SELECT i + 1 FROM n WHERE i < 8)"
		   " SELECT i FROM n)");
	store = open_store();
	assert_int_equal(store_seen(store, key_of(1), &clone), FG_ERR_FORMAT);
	assert_int_equal(clone.n, 0);
	store_close(store);
}

static void
begin_anew(void)
{
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
}

static void
enrolments_that_were_lost_are_missed(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_false(outline_of(store).enrolments_lost);
	enrol(store, 1, "LT-0042", 1000, 1000);
	assert_false(outline_of(store).enrolments_lost);
	store_close(store);
	begin_anew();
	store = open_store();
	assert_true(outline_of(store).enrolments_lost);
	assert_false(outline_of(store).enrolments);
	/* People and assets have lost nothing by that. */
	assert_false(outline_of(store).lost);
	assert_false(outline_of(store).assets_lost);
	assert_int_equal(state_of(store, 1, 1000), STORE_ENROLMENT_NONE);
	store_close(store);
	store = open_store();
	assert_true(outline_of(store).enrolments_lost);
	enrol(store, 2, "LT-0042", 2000, 2000);
	assert_false(outline_of(store).enrolments_lost);
	assert_int_equal(state_of(store, 1, 2000), STORE_ENROLMENT_NONE);
	assert_int_equal(state_of(store, 2, 2000), STORE_ENROLMENT_ENROLLED);
	store_close(store);
}

static void
that_there_are_none_left_can_be_accepted(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	store_close(store);
	begin_anew();
	store = open_store();
	assert_true(outline_of(store).enrolments_lost);
	assert_int_equal(store_accept(store), 0);
	assert_false(outline_of(store).enrolments_lost);
	assert_int_equal(state_of(store, 1, 1000), STORE_ENROLMENT_NONE);
	store_close(store);
	store = open_store();
	assert_false(outline_of(store).enrolments_lost);
	store_close(store);
}

static void
those_that_were_all_removed_are_not_lost(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	assert_int_equal(store_enrolment_remove(store, "LT-0042", 2000), 0);
	store_close(store);
	store = open_store();
	assert_false(outline_of(store).enrolments_lost);
	assert_false(outline_of(store).enrolments);
	store_close(store);
}

/* One that could not leave its mark has enrolled nobody. */
static void
nobody_is_enrolled_whom_a_loss_would_hide(void **state)
{
	struct store_enrolment e = an_enrolment(1, "LT-0042");
	struct store *store = open_store();

	(void)state;
	assert_int_equal(mkdir(in_folder(STORE_FILE ".enrolments"), 0700), 0);
	assert_int_equal(store_enrolment_add(store, &e), FG_ERR_SYSTEM);
	assert_int_equal(state_of(store, 1, 1000), STORE_ENROLMENT_NONE);
	store_close(store);
}

static void
copy_file(const char *from, const char *to)
{
	static char bytes[1 << 20];
	ssize_t n;
	int fd;

	fd = open(in_folder(from), O_RDONLY);
	assert_true((n = read(fd, bytes, sizeof(bytes))) > 0);
	assert_int_equal(close(fd), 0);
	(void)unlink(in_folder(to));
	fd = open(in_folder(to), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, bytes, (size_t)n), n);
	assert_int_equal(close(fd), 0);
}

/* In it nobody was revoked yet. */
static void
an_older_copy_enrols_nobody_until_that_is_settled(void **state)
{
	struct store *store = open_store();

	(void)state;
	enrol(store, 1, "LT-0042", 1000, 1000);
	enrol(store, 2, "LT-0043", 1000, 1000);
	assert_int_equal(revoke_it(store, key_of(2), 1500), 0);
	store_close(store);
	copy_file(STORE_FILE, "backup");
	store = open_store();
	assert_int_equal(revoke_it(store, key_of(1), 2000), 0);
	store_close(store);
	begin_anew();
	copy_file("backup", STORE_FILE);
	store = open_store();
	assert_true(outline_of(store).older);
	assert_true(outline_of(store).enrolments_lost);
	assert_int_equal(state_of(store, 1, 2000), STORE_ENROLMENT_UNCERTAIN);
	assert_int_equal(state_of(store, 2, 2000), STORE_ENROLMENT_REVOKED);
	assert_int_equal(revoke_it(store, key_of(1), 3000), 0);
	/* Nor does an inventory of people say anything of laptops. */
	assert_int_equal(import_people(store, 2, "x"), 0);
	assert_true(outline_of(store).older);
	assert_true(outline_of(store).enrolments_lost);
	assert_int_equal(store_accept(store), 0);
	assert_false(outline_of(store).older);
	assert_false(outline_of(store).enrolments_lost);
	assert_int_equal(state_of(store, 1, 3000), STORE_ENROLMENT_REVOKED);
	store_close(store);
}

/* ---- the schema --------------------------------------------------------- */

static void
a_store_of_version_10_gets_the_tables(void **state)
{
	struct store_revocation r = { .user = "bob" };
	struct store *store = open_store();

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	store_close(store);
	run_behind(UNDO_11 "PRAGMA user_version = 10");
	store = open_store();
	assert_false(outline_of(store).enrolments);
	assert_false(outline_of(store).enrolments_lost);
	enrol(store, 1, "LT-0042", 1000, 1000);
	assert_int_equal(state_of(store, 1, 1000), STORE_ENROLMENT_ENROLLED);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	store_close(store);
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_comes_out_as_it_was_put_in),
		STORE_TEST(nobody_else_is_enrolled_by_it),
		STORE_TEST(what_could_not_be_read_back_is_refused),
		STORE_TEST(a_key_is_enrolled_once),
		STORE_TEST(an_asset_has_so_many_and_no_more),
		STORE_TEST(
		    one_that_is_made_anew_waits_and_then_takes_the_place),
		STORE_TEST(
		    one_that_is_revoked_before_its_time_replaces_nothing),
		STORE_TEST(what_was_replaced_stays_so),
		STORE_TEST(a_revoked_one_never_counts_again),
		STORE_TEST(an_asset_that_is_revoked_is_so_with_all_its_keys),
		STORE_TEST(one_is_removed_with_what_it_was_seen_with),
		STORE_TEST(they_are_listed_the_latest_first),
		STORE_TEST(each_is_a_change),
		STORE_TEST(the_old_machine_after_the_new_one_is_a_clone),
		STORE_TEST(each_key_has_machines_of_its_own),
		STORE_TEST(the_same_again_writes_nothing),
		STORE_TEST(who_is_not_enrolled_leaves_nothing),
		STORE_TEST(it_grows_to_its_bound_and_no_further),
		STORE_TEST(a_damaged_row_is_an_error_and_no_enrolment),
		STORE_TEST(a_damaged_row_is_its_own_matter),
		STORE_TEST(damaged_sightings_are_an_error_and_no_answer),
		STORE_TEST(more_sightings_than_there_can_be_are_an_error),
		STORE_TEST(enrolments_that_were_lost_are_missed),
		STORE_TEST(that_there_are_none_left_can_be_accepted),
		STORE_TEST(those_that_were_all_removed_are_not_lost),
		STORE_TEST(nobody_is_enrolled_whom_a_loss_would_hide),
		STORE_TEST(an_older_copy_enrols_nobody_until_that_is_settled),
		STORE_TEST(a_store_of_version_10_gets_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
