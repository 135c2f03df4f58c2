/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Imports of assets: what two cannot both have, what they would change, and one
 * import at a time, which stops nobody and grows with nothing.
 */
#include <signal.h>
#include <sys/wait.h>

#include "policyd/store/store_change.h"
#include "tests/unit/storing_assets.h"
#include "tests/unit/storing_other.h"

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

static struct store_asset_import *
begin(struct store *store)
{
	struct store_asset_import *import;

	assert_int_equal(store_asset_import_begin(store, &import), 0);
	return import;
}

static void
commit(struct store_asset_import *import)
{
	assert_int_equal(store_asset_import_commit(import), 0);
	store_asset_import_free(import);
}

/* What it says of others, and as what. */
static void
assert_add(struct store_asset_import *import, const struct asset *a, int r,
    const char *other, enum hwid_kind kind)
{
	struct store_asset_other same;

	memset(&same, 'x', sizeof(same));
	assert_int_equal(store_asset_import_add(import, a, next_line(), &same),
	    r);
	assert_string_equal(same.tag, other);
	assert_int_equal(same.kind, kind);
}

static void
add(struct store_asset_import *import, const struct asset *a)
{
	assert_add(import, a, 0, "", HWID_NONE);
}

/* ---- two of one name ---------------------------------------------------- */

/* The second one after the first is refused, and nothing of it is there. */
static void
assert_conflict(const struct asset *a, const struct asset *b)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	struct asset c = an_asset("third");
	struct tags tags = { .n = 0 };
	size_t n;

	add(import, a);
	assert_add(import, b, FG_ERR_LIMIT, a->tag, HWID_NONE);
	add(import, &c);
	commit(import);
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_assets_of_user(store, "only-b", see_asset,
			     &tags),
	    0);
	assert_int_equal(tags.n, 0);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 2);
}

static void
two_assets_with_one_tag_conflict(void **state)
{
	struct asset a = an_asset("A-1"), b = an_asset("A-1");

	(void)state;
	give_user(&b, "only-b");
	assert_conflict(&a, &b);
}

static void
two_assets_with_one_device_key_conflict(void **state)
{
	struct asset a = an_asset("A-1"), b = an_asset("A-2");

	(void)state;
	give_user(&b, "only-b");
	/* What both have beside that is not what is told. */
	give_hwid(&a, HWID_TPM, "same");
	give_hwid(&b, HWID_TPM, "same");
	set_text(a.device_key, sizeof(a.device_key), "ed25519:x");
	set_text(b.device_key, sizeof(b.device_key), "ed25519:x");
	assert_conflict(&a, &b);
}

/* An asset that is not issued has its key as well. */
static void
a_device_key_of_the_stock_is_taken_too(void **state)
{
	struct asset a = an_asset("A-1"), b = an_asset("A-2");

	(void)state;
	a.status = ASSET_RETIRED;
	set_text(a.device_key, sizeof(a.device_key), "ed25519:x");
	set_text(b.device_key, sizeof(b.device_key), "ed25519:x");
	assert_conflict(&a, &b);
}

static void
no_device_key_is_no_conflict(void **state)
{
	struct asset a = an_asset("A-1"), b = an_asset("A-2");
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);

	(void)state;
	add(import, &a);
	add(import, &b);
	commit(import);
	store_close(store);
}

static void
what_others_have_as_well_is_told(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	struct asset a = an_asset("A-2"), b = an_asset("B");
	struct asset c = an_asset("C"), d = an_asset("D");
	struct tags tags = { .n = 0 };

	(void)state;
	give_hwid(&a, HWID_DISK, "d");
	give_hwid(&a, HWID_SERIAL, "s");
	give_key(&a, "SHA256:a");
	add(import, &a);
	set_text(a.tag, sizeof(a.tag), "A-1");
	assert_add(import, &a, 0, "A-2", HWID_DISK);
	give_hwid(&b, HWID_BOARD, "d"); /* of another kind */
	give_hwid(&b, HWID_SERIAL, "s");
	give_key(&b, "SHA256:a");
	assert_add(import, &b, 0, "A-1", HWID_SERIAL);
	give_key(&c, "SHA256:c");
	give_key(&c, "SHA256:a");
	assert_add(import, &c, 0, "A-1", HWID_NONE);
	/* People and places are shared by many. */
	give_user(&d, "alice");
	set_text(d.shipped_to.text, sizeof(d.shipped_to.text), "1 Main St");
	add(import, &d);
	set_text(d.tag, sizeof(d.tag), "E");
	add(import, &d);
	commit(import);
	/* And all of them are there. */
	assert_int_equal(store_assets_of_key(store, "SHA256:a", see_asset,
			     &tags),
	    0);
	assert_string_equal(tags.text, "A-1 A-2 B C ");
	store_close(store);
}

/* The first one's line, whichever of the two it is. */
static void
the_line_of_the_other_is_told(void **state)
{
	struct asset a = an_asset("A-1"), b = an_asset("A-2");
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	struct store_asset_other other;

	(void)state;
	set_text(a.device_key, sizeof(a.device_key), "ed25519:x");
	set_text(b.device_key, sizeof(b.device_key), "ed25519:x");
	give_hwid(&a, HWID_SERIAL, "s");
	assert_int_equal(store_asset_import_add(import, &a, 7, &other), 0);
	assert_int_equal(other.line, 0);
	assert_int_equal(store_asset_import_add(import, &a, 9, &other),
	    FG_ERR_LIMIT);
	assert_string_equal(other.tag, "A-1");
	assert_int_equal(other.line, 7);
	assert_int_equal(store_asset_import_add(import, &b, 10, &other),
	    FG_ERR_LIMIT);
	assert_string_equal(other.tag, "A-1");
	assert_int_equal(other.line, 7);
	b.device_key[0] = '\0';
	give_hwid(&b, HWID_SERIAL, "s");
	assert_int_equal(store_asset_import_add(import, &b, 11, &other), 0);
	assert_int_equal(other.line, 7);
	/* no line comes twice */
	b = an_asset("A-3");
	assert_int_equal(store_asset_import_add(import, &b, 11, &other),
	    FG_ERR_FORMAT);
	assert_int_equal(store_asset_import_add(import, &b, UINT32_MAX, &other),
	    0);
	commit(import);
	assert_int_equal(store_asset_by_tag(store, "A-3", &a), 0);
	store_close(store);
}

static void
assert_alike(struct store_asset_import *import, const char *tag,
    const char *alike)
{
	struct asset a = an_asset(tag);
	struct store_asset_other other;

	assert_int_equal(store_asset_import_add(import, &a, next_line(),
			     &other),
	    0);
	assert_string_equal(other.tag, "");
	assert_string_equal(other.alike, alike);
}

/* Both are taken; and nothing but the tags is in the store. */
static void
tags_that_differ_in_case_alone_are_told(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	char tag[ASSET_TAG_MAX + 1];

	(void)state;
	assert_alike(import, "LT-1", "");
	assert_alike(import, "lt-1", "LT-1");
	assert_alike(import, "lt-2", "");
	assert_alike(import, "LT-2", "lt-2");
	assert_alike(import, "Lt-3", "");
	assert_alike(import, "lT-3", "Lt-3");
	assert_alike(import, "LT_3", "");
	commit(import);
	assert_int_equal(store_asset_alike(store, "Lt-1", tag), 0);
	assert_true(strcasecmp(tag, "LT-1") == 0);
	assert_int_equal(store_asset_alike(store, "lt_3", tag), 0);
	assert_string_equal(tag, "LT_3");
	assert_int_equal(store_asset_alike(store, "lt-4", tag),
	    FG_ERR_NOT_FOUND);
	assert_string_equal(tag, "");
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_name"), 7);
}

static void
see_done(unsigned int percent, void *arg)
{
	unsigned int *last = arg;

	assert_true(percent >= *last && percent < 100);
	*last = percent + 1;
}

static void
how_much_is_written_is_told(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	unsigned int last = 0;

	(void)state;
	assert_int_equal(fill_assets(import, 6000, "x"), 0);
	store_asset_import_watch(import, see_done, &last);
	commit(import);
	assert_true(last > 50);
	store_close(store);
}

static void
one_asset_may_say_a_name_twice(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	struct asset a = an_asset("A-1"), b;
	struct tags tags = { .n = 0 };

	(void)state;
	give_user(&a, "alice");
	give_user(&a, "alice");
	give_key(&a, "SHA256:a");
	give_key(&a, "SHA256:a");
	add(import, &a);
	commit(import);
	assert_int_equal(store_asset_by_tag(store, "A-1", &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(store_assets_of_user(store, "alice", see_asset, &tags),
	    0);
	assert_int_equal(tags.n, 1);
	store_close(store);
}

static void
an_import_goes_on_after_a_refused_asset(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	struct asset bad = an_asset(""), good = an_asset("A-1");
	size_t n;

	(void)state;
	assert_add(import, &bad, FG_ERR_FORMAT, "", HWID_NONE);
	add(import, &good);
	bad = an_asset("A-2");
	bad.nkeys = 1;
	assert_add(import, &bad, FG_ERR_FORMAT, "", HWID_NONE);
	commit(import);
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_int_equal(n, 1);
	store_close(store);
}

/* ---- generations -------------------------------------------------------- */

static void
an_import_that_is_not_committed_changes_nothing(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import;
	struct store_changes changes;
	struct asset a;

	(void)state;
	assert_int_equal(import_assets(store, 2, "old"), 0);
	import = begin(store);
	assert_int_equal(fill_assets(import, 50, "new"), 0);
	assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
	assert_string_equal(a.model, "old");
	assert_int_equal(store_asset_by_tag(store, "A9", &a), FG_ERR_NOT_FOUND);
	store_asset_import_free(import);
	assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
	assert_string_equal(a.model, "old");
	assert_int_equal(store_changes(store, &changes), 0);
	assert_int_equal(changes.own, 1);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 2);
}

static void
a_new_import_leaves_nothing_of_the_old_one(void **state)
{
	struct store *store = open_store();
	struct store_changes changes;
	struct asset a;

	(void)state;
	assert_int_equal(import_assets(store, 2500, "old"), 0);
	assert_int_equal(import_assets(store, 2, "new"), 0);
	assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
	assert_string_equal(a.model, "new");
	assert_int_equal(store_asset_by_tag(store, "A2", &a), FG_ERR_NOT_FOUND);
	/* Each is a change. */
	assert_int_equal(store_changes(store, &changes), 0);
	assert_int_equal(changes.own, 2);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 2);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_name"), 14);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_generation"),
	    1);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_remembered"),
	    0);
	assert_integrity();
}

/* Of its own kind: what is left of the other is the other's to remove. */
static void
an_abandoned_import_is_removed_by_the_next(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_assets(store, 2, "x"), 0);
	store_close(store);
	run_behind("INSERT INTO asset_generation VALUES (77, 0, 0, 0);"
		   "INSERT INTO asset_name"
		   " SELECT 77, kind, name, tag, asset FROM asset_name;"
		   "INSERT INTO asset SELECT (77 << 32) + id % 3, tag, form,"
		   " status, users, vendor, model, ids, device_key, keys,"
		   " location, location_latitude, location_longitude,"
		   " shipped_to, shipped_latitude, shipped_longitude"
		   " FROM asset;"
		   "INSERT INTO generation VALUES (77, 0, 0, 0)");
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 4);
	store = open_store();
	assert_int_equal(import_people(store, 3, "x"), 0);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 4);
	assert_int_equal(ask_behind("SELECT count(*) FROM generation"), 1);
	run_behind("INSERT INTO generation VALUES (99, 0, 0, 0)");
	assert_int_equal(import_assets(store, 3, "y"), 0);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 3);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_name"), 21);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_generation"),
	    1);
	assert_int_equal(ask_behind("SELECT count(*) FROM generation"), 2);
}

/* ---- one at a time ------------------------------------------------------ */

static void
there_is_one_import_of_either_kind_at_a_time(void **state)
{
	struct store *one = open_store(), *two = open_store();
	struct store_asset_import *first, *second;
	struct store_import *people;

	(void)state;
	first = begin(one);
	assert_int_equal(store_asset_import_begin(one, &second), FG_ERR_BUSY);
	assert_null(second);
	assert_int_equal(store_asset_import_begin(two, &second), FG_ERR_BUSY);
	assert_int_equal(store_import_begin(one, &people), FG_ERR_BUSY);
	assert_null(people);
	assert_int_equal(store_import_begin(two, &people), FG_ERR_BUSY);
	/* Who was refused took nothing away from the one that is there. */
	assert_int_equal(fill_assets(first, 10, "x"), 0);
	commit(first);
	assert_int_equal(store_import_begin(two, &people), 0);
	assert_int_equal(store_asset_import_begin(one, &second), FG_ERR_BUSY);
	assert_int_equal(store_asset_import_begin(two, &second), FG_ERR_BUSY);
	assert_int_equal(fill(people, 10, "x"), 0);
	assert_int_equal(store_import_commit(people), 0);
	store_import_free(people);
	second = begin(two);
	store_asset_import_free(second);
	store_close(one);
	store_close(two);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 10);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 10);
}

static void
import_half(void)
{
	struct store *store = child_open();
	struct store_asset_import *import;

	CHECK(store_asset_import_begin(store, &import) == 0);
	CHECK(fill_assets(import, 100, "half") == 0);
	child_wait();
	(void)raise(SIGKILL);
}

/* The lock ends with the process, and the file is the next one's. */
static void
one_that_was_killed_holds_up_nobody(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import;
	struct other other;
	int status;

	(void)state;
	other = start_other(import_half);
	hear_other(&other);
	assert_int_equal(store_asset_import_begin(store, &import), FG_ERR_BUSY);
	tell_other(&other);
	assert_int_equal(waitpid(other.pid, &status, 0), other.pid);
	assert_true(WIFSIGNALED(status));
	(void)close(other.to);
	(void)close(other.from);
	assert_int_equal(import_people(store, 3, "x"), 0);
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_int_equal(access(in_folder(STORE_FILE ".import"), F_OK), -1);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 3);
}

static void
hold_write_lock(void)
{
	sqlite3 *db;

	CHECK(sqlite3_open(in_folder(STORE_FILE), &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) ==
	    SQLITE_OK);
	child_wait();
	CHECK(sqlite3_close(db) == SQLITE_OK);
}

/* It is gathered apart, and read while somebody writes. */
static void
a_held_write_lock_stops_the_commit_alone(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import;
	struct tags tags = { .n = 0 };
	struct other other;
	struct asset a;

	(void)state;
	assert_int_equal(import_assets(store, 3, "old"), 0);
	import = begin(store);
	other = start_other(hold_write_lock);
	hear_other(&other);
	assert_int_equal(fill_assets(import, 10, "new"), 0);
	assert_int_equal(store_asset_import_commit(import), FG_ERR_BUSY);
	assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
	assert_string_equal(a.model, "old");
	assert_int_equal(store_assets_each(store, see_asset, &tags), 0);
	assert_int_equal(tags.n, 3);
	assert_true(outline_of(store).assets);
	end_other(&other);
	commit(import);
	assert_int_equal(store_asset_by_tag(store, "A9", &a), 0);
	assert_string_equal(a.model, "new");
	store_close(store);
	assert_integrity();
}

/* ---- nobody is in the way ------------------------------------------------ */

static void
import_much(void)
{
	struct store *store = child_open();

	CHECK(import_assets(store, 5000, "new") == 0);
	store_close(store);
}

static void
an_import_stops_neither_logins_nor_administrators(void **state)
{
	struct store *store = open_store();
	unsigned int reads = 0, writes = 0;
	struct store_exception e;
	struct other other;
	struct asset a;
	int status = 0, r;

	(void)state;
	assert_int_equal(import_assets(store, 5000, "old"), 0);
	other = start_other(import_much);
	while (waitpid(other.pid, &status, WNOHANG) == 0) {
		assert_int_equal(store_asset_by_device_key(store,
				     "ed25519:4999", &a),
		    0);
		assert_true(strcmp(a.model, "old") == 0 ||
		    strcmp(a.model, "new") == 0);
		reads++;
		if (reads % 64 != 0)
			continue;
		e = an_exception("alice");
		r = store_exception_add(store, &e);
		/* On a machine that has no time to spare. */
		assert_true(r == 0 || r == FG_ERR_BUSY);
		writes += r == 0;
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	(void)close(other.to);
	(void)close(other.from);
	assert_true(reads > 0 && writes > 0);
	assert_int_equal(store_asset_by_tag(store, "A4999", &a), 0);
	assert_string_equal(a.model, "new");
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM exception"), writes);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 5000);
}

/*
 * The mark beside the database comes before the switch; whoever looks in
 * between, or at any time, must not find an inventory lost.
 */
static void
a_first_import_loses_nothing(void **state)
{
	struct store *store = open_store();
	struct store_outline o;
	struct other other;
	bool marked = false;
	int status = 0;

	(void)state;
	other = start_other(import_much);
	while (waitpid(other.pid, &status, WNOHANG) == 0) {
		o = outline_of(store);
		assert_false(o.assets_lost || o.lost);
		marked = marked ||
		    (!o.assets &&
			access(in_folder(STORE_FILE ".assets"), F_OK) == 0);
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	(void)close(other.to);
	(void)close(other.from);
	assert_true(outline_of(store).assets);
	assert_int_equal(access(in_folder(STORE_FILE ".assets"), F_OK), 0);
	/* As it is in between, which is seldom met. */
	run_behind("DELETE FROM asset_generation;"
		   "INSERT INTO asset_remembered VALUES (1)");
	o = outline_of(store);
	assert_false(o.assets_lost || o.assets);
	run_behind("DELETE FROM asset_remembered");
	assert_true(outline_of(store).assets_lost);
	if (!marked)
		print_message("nobody looked in between\n");
	store_close(store);
}

/* What was lost stays so until the switch, and not until an import begins. */
static void
a_loss_lasts_until_the_switch(void **state)
{
	struct store *store = open_store();
	struct store_outline o;
	unsigned int looks = 0;
	struct other other;
	int status = 0;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	run_behind("DELETE FROM asset_generation");
	other = start_other(import_much);
	while (waitpid(other.pid, &status, WNOHANG) == 0) {
		o = outline_of(store);
		assert_true(o.assets_lost != o.assets);
		looks += o.assets_lost;
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	(void)close(other.to);
	(void)close(other.from);
	assert_true(looks > 0);
	o = outline_of(store);
	assert_true(o.assets && !o.assets_lost);
	store_close(store);
}

/* ---- changes ------------------------------------------------------------ */

struct seen {
	char text[512];
	unsigned int n;
	unsigned int stop;
};

static int
see_change(const struct store_asset_change *change, void *arg)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	(void)snprintf(seen->text + len, sizeof(seen->text) - len, "%c%s(%s) ",
	    change->what, change->tag, change->fields);
	assert_true((change->old != NULL) == (change->fields[0] != '\0'));
	if (change->old != NULL) {
		assert_string_equal(change->old->tag, change->tag);
		assert_string_equal(change->new->tag, change->tag);
		assert_memory_not_equal(change->old, change->new,
		    sizeof(*change->old));
	}
	return ++seen->n == seen->stop;
}

static void
assert_changes(struct store_asset_import *import, const char *text)
{
	struct seen seen = { .n = 0 };

	assert_int_equal(store_asset_import_changes(import, see_change, &seen),
	    0);
	assert_string_equal(seen.text, text);
}

static void
changes_are_told_before_they_are_in_force(void **state)
{
	struct asset old[] = { an_asset("c"), an_asset("a"), an_asset("b"),
		an_asset("e") };
	struct asset new[] = { an_asset("d"), an_asset("c"), an_asset("b"),
		an_asset("B") };
	struct store *store = open_store();
	struct seen seen = { .stop = 2 };
	struct store_asset_import *import;
	size_t i;

	(void)state;
	put_assets(store, old, NELEMS(old));
	set_text(new[2].vendor, sizeof(new[2].vendor), "Acme");
	new[2].status = ASSET_LOST;
	import = begin(store);
	for (i = 0; i < NELEMS(new); i++)
		add(import, &new[i]);
	assert_changes(import, "AB() Ra() Cb(vendor status) Ad() Re() ");
	assert_int_equal(store_asset_import_changes(import, see_change, &seen),
	    0);
	assert_string_equal(seen.text, "AB() Ra() ");
	commit(import);
	import = begin(store);
	assert_changes(import, "RB() Rb() Rc() Rd() ");
	for (i = 0; i < NELEMS(new); i++)
		add(import, &new[i]);
	assert_changes(import, "");
	store_asset_import_free(import);
	store_close(store);
}

/* One that has some of everything. */
static struct asset
a_full_asset(void)
{
	struct asset a = an_asset("A-1");

	give_user(&a, "alice");
	give_user(&a, "bob");
	set_text(a.vendor, sizeof(a.vendor), "Acme");
	set_text(a.model, sizeof(a.model), "Book 14");
	give_hwid(&a, HWID_TPM,
	    "00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff");
	give_hwid(&a, HWID_BOARD, "L1HF");
	give_hwid(&a, HWID_DISK, "DISK 1");
	give_hwid(&a, HWID_DISK, "DISK2");
	give_hwid(&a, HWID_UUID, "0c1d2e3f-1111-4222-8333-444455556666");
	give_hwid(&a, HWID_SERIAL, "PF2ABCDE");
	give_hwid(&a, HWID_CHASSIS, "CH1");
	give_hwid(&a, HWID_MAC, "3c:52:82:00:00:01");
	set_text(a.device_key, sizeof(a.device_key), "ed25519:x");
	give_key(&a, "SHA256:a");
	set_text(a.location.text, sizeof(a.location.text), "Oslo, NO");
	a.location.has_point = true;
	a.location.latitude = 59.9;
	set_text(a.shipped_to.text, sizeof(a.shipped_to.text), "1 Main St");
	return a;
}

static struct hwid *
hwid_of(struct asset *a, enum hwid_kind kind)
{
	size_t i;

	for (i = 0; i < a->ids.n; i++)
		if (a->ids.list[i].kind == kind)
			return &a->ids.list[i];
	fail();
	return a->ids.list;
}

/* variant[i] differs in the i-th field, as a file's columns have them. */
static size_t
make_variants(struct asset variant[20], const char *field[20])
{
	static const struct {
		enum hwid_kind kind;
		const char *field;
	} ids[] = { { HWID_TPM, "tpm_ek" }, { HWID_BOARD, "board_serial" },
		{ HWID_DISK, "disk_serials" }, { HWID_UUID, "uuid" },
		{ HWID_SERIAL, "serial" }, { HWID_CHASSIS, "chassis_serial" },
		{ HWID_MAC, "macs" } };
	size_t i, n = NELEMS(ids);

	for (i = 0; i < 20; i++)
		variant[i] = a_full_asset();
	for (i = 0; i < n; i++) {
		field[i] = ids[i].field;
		hwid_of(&variant[i], ids[i].kind)->text[0] = '1';
	}
	variant[n].nusers = 1;
	memset(variant[n].user[1], 0, sizeof(variant[n].user[1]));
	field[n++] = "user";
	variant[n].vendor[0] = 'X';
	field[n++] = "vendor";
	variant[n].model[0] = 'X';
	field[n++] = "model";
	variant[n].form = ASSET_VIRTUAL;
	field[n++] = "form";
	variant[n].status = ASSET_STOCK;
	field[n++] = "status";
	variant[n].device_key[0] = 'X';
	field[n++] = "device_key";
	variant[n].key[0][0] = 'X';
	field[n++] = "ssh_keys";
	variant[n].location.text[0] = 'X';
	field[n++] = "location";
	variant[n].location.longitude = 7;
	field[n++] = "location";
	variant[n].shipped_to.text[0] = '2';
	field[n++] = "shipped_to";
	variant[n].shipped_to.has_point = true;
	field[n++] = "shipped_to";
	return n;
}

static void
each_field_makes_a_change_by_its_name(void **state)
{
	struct asset a = a_full_asset(), variant[20];
	struct store *store = open_store();
	struct store_asset_import *import;
	const char *field[20];
	char text[64];
	size_t i, n;

	(void)state;
	put_assets(store, &a, 1);
	n = make_variants(variant, field);
	for (i = 0; i < n; i++) {
		import = begin(store);
		add(import, &variant[i]);
		(void)snprintf(text, sizeof(text), "CA-1(%s) ", field[i]);
		assert_changes(import, text);
		store_asset_import_free(import);
	}
	/* All of them at once have room. */
	import = begin(store);
	a = an_asset("A-1");
	a.form = ASSET_VIRTUAL;
	a.status = ASSET_LOST;
	add(import, &a);
	assert_changes(import,
	    "CA-1(user vendor model form status serial uuid board_serial "
	    "chassis_serial disk_serials macs tpm_ek device_key ssh_keys "
	    "location shipped_to) ");
	store_asset_import_free(import);
	store_close(store);
}

/* Who cannot be read is changed, or removed; and the import mends it. */
static void
rows_that_make_no_sense_stop_no_import(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import;
	struct asset a;

	(void)state;
	assert_int_equal(import_assets(store, 4, "x"), 0);
	run_behind("UPDATE asset SET form = 9 WHERE tag IN ('A1', 'A3');"
		   "UPDATE asset SET tag = 'A1' WHERE tag = 'A2'");
	assert_int_equal(store_asset_by_tag(store, "A2", &a), FG_ERR_FORMAT);
	import = begin(store);
	assert_int_equal(fill_assets(import, 3, "x"), 0);
	assert_changes(import, "CA1() CA2() RA3() ");
	commit(import);
	assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
	assert_int_equal(store_asset_by_tag(store, "A2", &a), 0);
	assert_int_equal(store_asset_by_tag(store, "A3", &a), FG_ERR_NOT_FOUND);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 3);
}

/* ---- bounds ------------------------------------------------------------- */

static int
count_change(const struct store_asset_change *change, void *arg)
{
	assert_int_equal(change->what, 'C');
	assert_string_equal(change->fields, "model");
	++*(size_t *)arg;
	return 0;
}

static int
count_asset(const struct asset *a, void *arg)
{
	(void)a;
	++*(size_t *)arg;
	return 0;
}

#define MANY 20000u

static void
memory_does_not_grow_with_the_assets(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import;
	size_t n = 0;

	(void)state;
	(void)sqlite3_memory_highwater(1);
	assert_int_equal(import_assets(store, MANY, "old"), 0);
	import = begin(store);
	assert_int_equal(fill_assets(import, MANY, "new"), 0);
	assert_int_equal(store_asset_import_changes(import, count_change, &n),
	    0);
	assert_int_equal(n, MANY);
	commit(import);
	n = 0;
	assert_int_equal(store_assets_each(store, count_asset, &n), 0);
	assert_int_equal(n, MANY);
	store_close(store);
	/* The caches of an import and of the other connection. */
	assert_true(sqlite3_memory_highwater(0) < 24 * 1024 * 1024);
}

/* A million of the stock with one user, from which one is asked for. */
static void
a_name_of_many_costs_what_is_read_of_it(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import = begin(store);
	struct asset a = an_asset("");
	struct tags tags = { .stop = 2 };
	unsigned int i;

	(void)state;
	give_user(&a, "stock");
	for (i = MANY; i > 0; i--) {
		(void)snprintf(a.tag, sizeof(a.tag), "T%05u", i);
		add(import, &a);
	}
	commit(import);
	(void)sqlite3_memory_highwater(1);
	assert_int_equal(store_assets_of_user(store, "stock", see_asset, &tags),
	    0);
	assert_string_equal(tags.text, "T00001 T00002 ");
	assert_true(sqlite3_memory_highwater(0) < 8 * 1024 * 1024);
	/* And all of it is removed in pieces. */
	assert_int_equal(import_assets(store, 1, "x"), 0);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_name"), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(two_assets_with_one_tag_conflict),
		STORE_TEST(two_assets_with_one_device_key_conflict),
		STORE_TEST(a_device_key_of_the_stock_is_taken_too),
		STORE_TEST(no_device_key_is_no_conflict),
		STORE_TEST(what_others_have_as_well_is_told),
		STORE_TEST(the_line_of_the_other_is_told),
		STORE_TEST(tags_that_differ_in_case_alone_are_told),
		STORE_TEST(how_much_is_written_is_told),
		STORE_TEST(one_asset_may_say_a_name_twice),
		STORE_TEST(an_import_goes_on_after_a_refused_asset),
		STORE_TEST(an_import_that_is_not_committed_changes_nothing),
		STORE_TEST(a_new_import_leaves_nothing_of_the_old_one),
		STORE_TEST(an_abandoned_import_is_removed_by_the_next),
		STORE_TEST(there_is_one_import_of_either_kind_at_a_time),
		STORE_TEST(one_that_was_killed_holds_up_nobody),
		STORE_TEST(a_held_write_lock_stops_the_commit_alone),
		STORE_TEST(an_import_stops_neither_logins_nor_administrators),
		STORE_TEST(a_first_import_loses_nothing),
		STORE_TEST(a_loss_lasts_until_the_switch),
		STORE_TEST(changes_are_told_before_they_are_in_force),
		STORE_TEST(each_field_makes_a_change_by_its_name),
		STORE_TEST(rows_that_make_no_sense_stop_no_import),
		STORE_TEST(memory_does_not_grow_with_the_assets),
		STORE_TEST(a_name_of_many_costs_what_is_read_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
