/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets in the store: what is put in comes out the same, by each of its names;
 * what is damaged is an error, never another asset and never an absence; and an
 * inventory that was lost is missed.
 */
#include <math.h>

#include "policyd/store/store_change.h"
#include "policyd/store/store_sql.h"
#include "tests/unit/storing_assets.h"
#include "tests/unit/storing_other.h"

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

/* ---- an asset there and back -------------------------------------------- */

static void
fill_place(struct asset_place *p, char c)
{
	fill_text(p->text, sizeof(p->text), c);
	p->has_point = true;
	p->latitude = -89.9999999;
	p->longitude = 179.1;
}

static struct asset
the_largest_asset(void)
{
	struct asset a = an_asset("x");
	struct hwid *id;
	size_t i;

	fill_text(a.tag, sizeof(a.tag), '~');
	a.form = ASSET_VIRTUAL;
	a.status = ASSET_ISSUED;
	for (a.nusers = 0; a.nusers < ASSET_USERS_MAX; a.nusers++) {
		fill_text(a.user[a.nusers], sizeof(a.user[0]), 'u');
		a.user[a.nusers][0] = (char)('A' + a.nusers);
	}
	fill_text(a.vendor, sizeof(a.vendor), 'v');
	fill_text(a.model, sizeof(a.model), '\xff');
	for (i = 0; i < HWIDS_MAX; i++) {
		id = &a.ids.list[i];
		fill_text(id->text, sizeof(id->text), ' ');
		id->text[0] = (char)('A' + i);
		id->kind = i < 5 ? (enum hwid_kind)(HWID_TPM + i) :
		    i < 16	 ? HWID_SERIAL :
				   HWID_MAC;
	}
	a.ids.n = HWIDS_MAX;
	fill_text(a.device_key, sizeof(a.device_key), 'd');
	for (a.nkeys = 0; a.nkeys < ASSET_KEYS_MAX; a.nkeys++) {
		fill_text(a.key[a.nkeys], sizeof(a.key[0]), 'k');
		a.key[a.nkeys][0] = (char)('A' + a.nkeys);
	}
	fill_place(&a.location, 'l');
	fill_place(&a.shipped_to, 's');
	return a;
}

struct found {
	struct asset asset;
	unsigned int n;
};

static int
keep_asset(const struct asset *a, void *arg)
{
	struct found *found = arg;

	found->asset = *a;
	found->n++;
	return 0;
}

static void
assert_found(const struct found *found, const struct asset *a)
{
	assert_int_equal(found->n, 1);
	assert_memory_equal(&found->asset, a, sizeof(*a));
}

/* By everything that it has. */
static void
assert_all_names(struct store *store, const struct asset *a)
{
	struct found found;
	size_t i;

	for (i = 0; i < a->nusers; i++) {
		found.n = 0;
		assert_int_equal(store_assets_of_user(store, a->user[i],
				     keep_asset, &found),
		    0);
		assert_found(&found, a);
	}
	for (i = 0; i < a->nkeys; i++) {
		found.n = 0;
		assert_int_equal(store_assets_of_key(store, a->key[i],
				     keep_asset, &found),
		    0);
		assert_found(&found, a);
	}
	for (i = 0; i < a->ids.n; i++) {
		found.n = 0;
		assert_int_equal(store_assets_of_hwid(store, &a->ids.list[i],
				     keep_asset, &found),
		    0);
		assert_found(&found, a);
	}
	found.n = 0;
	assert_int_equal(store_assets_each(store, keep_asset, &found), 0);
	assert_found(&found, a);
}

static void
the_largest_asset_comes_out_as_it_was_put_in(void **state)
{
	struct asset a = the_largest_asset(), b;
	struct store *store = open_store();

	(void)state;
	put_assets(store, &a, 1);
	store_close(store);
	store = open_store();
	assert_int_equal(store_asset_by_tag(store, a.tag, &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(store_asset_by_device_key(store, a.device_key, &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_all_names(store, &a);
	store_close(store);
}

static void
the_smallest_asset_comes_out_as_it_was_put_in(void **state)
{
	struct asset a = an_asset("a"), b;
	struct store *store = open_store();

	(void)state;
	a.status = ASSET_RETIRED;
	put_assets(store, &a, 1);
	assert_int_equal(store_asset_by_tag(store, "a", &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_all_names(store, &a);
	/* What it has not is nobody's name. */
	assert_int_equal(store_asset_by_device_key(store, "", &b),
	    FG_ERR_NOT_FOUND);
	store_close(store);
}

static void
each_form_and_status_and_point_comes_out(void **state)
{
	static const double points[] = { 0, -0.0, 1, -90, 5e-324, 59.913 };
	struct store *store = open_store();
	struct asset a = an_asset("a"), b;
	size_t i;

	(void)state;
	for (i = 0; i < NELEMS(points); i++) {
		a.form = i % 2 == 0 ? ASSET_PHYSICAL : ASSET_VIRTUAL;
		a.status = (enum asset_status)(ASSET_ISSUED + i % 4);
		a.location.has_point = i % 2 == 0;
		a.location.latitude = i % 2 == 0 ? points[i] : 0;
		a.shipped_to.has_point = true;
		a.shipped_to.longitude = points[i];
		put_assets(store, &a, 1);
		assert_int_equal(store_asset_by_tag(store, "a", &b), 0);
		assert_int_equal(b.form, a.form);
		assert_int_equal(b.status, a.status);
		assert_int_equal(b.location.has_point, a.location.has_point);
		assert_true(b.location.latitude == a.location.latitude);
		assert_true(b.shipped_to.has_point);
		assert_true(b.shipped_to.longitude == points[i]);
	}
	store_close(store);
}

static void
what_is_not_found_is_of_no_status(void **state)
{
	struct store *store = open_store();
	struct asset a = an_asset("a"), b = an_asset("b");
	struct tags tags = { .n = 0 };
	struct hwid id = { .kind = HWID_SERIAL, .text = "X" };

	(void)state;
	put_assets(store, &a, 1);
	assert_int_equal(store_asset_by_tag(store, "b", &b), FG_ERR_NOT_FOUND);
	assert_int_equal(b.status, ASSET_STATUS_NONE);
	assert_int_equal(b.form, ASSET_FORM_NONE);
	assert_string_equal(b.tag, "");
	b = an_asset("b");
	assert_int_equal(store_asset_by_device_key(store, "b", &b),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(b.status, ASSET_STATUS_NONE);
	assert_int_equal(store_assets_of_user(store, "b", see_asset, &tags), 0);
	assert_int_equal(store_assets_of_key(store, "b", see_asset, &tags), 0);
	assert_int_equal(store_assets_of_hwid(store, &id, see_asset, &tags), 0);
	id.kind = HWID_NONE;
	assert_int_equal(store_assets_of_hwid(store, &id, see_asset, &tags), 0);
	assert_int_equal(tags.n, 0);
	store_close(store);
}

static void
names_are_compared_byte_by_byte(void **state)
{
	static const char *const others[] = { "a-1", "A-1 ", " A-1", "A-",
		"A-11", "", "A%", "A-1\xc2\xa0" };
	struct store *store = open_store();
	struct asset a = an_asset("A-1"), b;
	struct tags tags = { .n = 0 };
	size_t i;

	(void)state;
	(void)snprintf(a.device_key, sizeof(a.device_key), "A-1");
	give_user(&a, "A-1");
	give_key(&a, "A-1");
	put_assets(store, &a, 1);
	for (i = 0; i < NELEMS(others); i++) {
		assert_int_equal(store_asset_by_tag(store, others[i], &b),
		    FG_ERR_NOT_FOUND);
		assert_int_equal(store_asset_by_device_key(store, others[i],
				     &b),
		    FG_ERR_NOT_FOUND);
		assert_int_equal(store_assets_of_user(store, others[i],
				     see_asset, &tags),
		    0);
		assert_int_equal(store_assets_of_key(store, others[i],
				     see_asset, &tags),
		    0);
	}
	assert_int_equal(tags.n, 0);
	store_close(store);
}

/* What is one thing's is not another's. */
static void
a_name_is_of_one_kind(void **state)
{
	struct store *store = open_store();
	struct hwid id = { .kind = HWID_SERIAL, .text = "same" };
	struct asset a = an_asset("same"), b;
	struct tags tags = { .n = 0 };

	(void)state;
	give_hwid(&a, HWID_BOARD, "same");
	a.shipped_to.text[0] = '5';
	put_assets(store, &a, 1);
	assert_int_equal(store_asset_by_device_key(store, "same", &b),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_assets_of_user(store, "same", see_asset, &tags),
	    0);
	assert_int_equal(store_assets_of_key(store, "same", see_asset, &tags),
	    0);
	assert_int_equal(store_assets_of_hwid(store, &id, see_asset, &tags), 0);
	assert_int_equal(tags.n, 0);
	id.kind = HWID_BOARD;
	assert_int_equal(store_assets_of_hwid(store, &id, see_asset, &tags), 0);
	assert_string_equal(tags.text, "same ");
	store_close(store);
}

static void
hostile_names_are_names(void **state)
{
	struct store *store = open_store();
	struct asset list[HOSTILE_NAMES], b;
	struct tags tags;
	const char *name;
	char tag[16];
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE_NAMES; i++) {
		name = hostile_names[i];
		(void)snprintf(tag, sizeof(tag), "t%zu", i);
		list[i] = an_asset(tag);
		set_text(list[i].device_key, sizeof(list[i].device_key), name);
		set_text(list[i].vendor, sizeof(list[i].vendor), name);
		set_text(list[i].shipped_to.text, ASSET_PLACE_MAX, name);
		if (strchr(name, '\n') != NULL)
			continue; /* no line of a list */
		give_user(&list[i], name);
		give_hwid(&list[i], HWID_CHASSIS, name);
	}
	put_assets(store, list, HOSTILE_NAMES);
	for (i = 0; i < HOSTILE_NAMES; i++) {
		name = hostile_names[i];
		assert_int_equal(store_asset_by_device_key(store, name, &b), 0);
		assert_memory_equal(&b, &list[i], sizeof(b));
		tags = (struct tags){ .n = 0 };
		assert_int_equal(store_assets_of_user(store, name, see_asset,
				     &tags),
		    0);
		assert_int_equal(tags.n, list[i].nusers);
	}
	store_close(store);
	assert_integrity();
}

/* ---- what cannot be stored ---------------------------------------------- */

static int
try(struct store *store, const struct asset *a)
{
	struct store_asset_import *import;
	struct store_asset_other other;
	int r;

	assert_int_equal(store_asset_import_begin(store, &import), 0);
	r = store_asset_import_add(import, a, next_line(), &other);
	assert_string_equal(other.tag, "");
	store_asset_import_free(import);
	return r;
}

static void
spoil_tag(struct asset *a)
{
	a->tag[0] = '\0';
}

static void
spoil_tag_blank(struct asset *a)
{
	(void)snprintf(a->tag, sizeof(a->tag), "a b");
}

static void
spoil_tag_byte(struct asset *a)
{
	(void)snprintf(a->tag, sizeof(a->tag), "a\xe9");
}

static void
spoil_tag_end(struct asset *a)
{
	memset(a->tag, 'a', sizeof(a->tag));
}

static void
spoil_form(struct asset *a)
{
	a->form = ASSET_FORM_NONE;
}

static void
spoil_form_more(struct asset *a)
{
	a->form = (enum asset_form)(ASSET_VIRTUAL + 1);
}

static void
spoil_status(struct asset *a)
{
	a->status = ASSET_STATUS_NONE;
}

static void
spoil_status_more(struct asset *a)
{
	a->status = (enum asset_status)(ASSET_RETIRED + 1);
}

static void
spoil_user(struct asset *a)
{
	a->nusers = 1; /* an empty one */
}

static void
spoil_user_line(struct asset *a)
{
	give_user(a, "a\nroot");
}

static void
spoil_user_end(struct asset *a)
{
	a->nusers = 1;
	memset(a->user[0], 'a', sizeof(a->user[0]));
}

static void
spoil_users(struct asset *a)
{
	a->nusers = ASSET_USERS_MAX + 1;
}

static void
spoil_key(struct asset *a)
{
	give_key(a, "a\nb");
}

static void
spoil_keys(struct asset *a)
{
	a->nkeys = SIZE_MAX;
}

static void
spoil_vendor(struct asset *a)
{
	memset(a->vendor, 'a', sizeof(a->vendor));
}

static void
spoil_model(struct asset *a)
{
	memset(a->model, 'a', sizeof(a->model));
}

static void
spoil_device_key(struct asset *a)
{
	memset(a->device_key, 'a', sizeof(a->device_key));
}

static void
spoil_hwid(struct asset *a)
{
	give_hwid(a, HWID_SERIAL, "");
}

static void
spoil_hwid_line(struct asset *a)
{
	give_hwid(a, HWID_SERIAL, "a\n4 b");
}

static void
spoil_hwid_kind(struct asset *a)
{
	give_hwid(a, HWID_NONE, "a");
}

static void
spoil_hwid_kinds(struct asset *a)
{
	give_hwid(a, HWID_KINDS, "a");
}

static void
spoil_hwid_twice(struct asset *a)
{
	give_hwid(a, HWID_MAC, "a");
	give_hwid(a, HWID_MAC, "a");
}

static void
spoil_hwid_order(struct asset *a)
{
	give_hwid(a, HWID_MAC, "a");
	give_hwid(a, HWID_DISK, "a");
}

static void
spoil_hwid_end(struct asset *a)
{
	give_hwid(a, HWID_DISK, "a");
	memset(a->ids.list[0].text, 'a', sizeof(a->ids.list[0].text));
}

static void
spoil_hwids(struct asset *a)
{
	a->ids.n = HWIDS_MAX + 1;
}

static void
spoil_place(struct asset *a)
{
	memset(a->location.text, 'a', sizeof(a->location.text));
}

static void
spoil_point(struct asset *a)
{
	a->location.has_point = true;
	a->location.latitude = (double)NAN;
}

static void
spoil_point_far(struct asset *a)
{
	a->shipped_to.has_point = true;
	a->shipped_to.longitude = (double)INFINITY;
}

static void
what_could_not_be_read_back_is_refused(void **state)
{
	static void (*const spoils[])(struct asset * a) = { spoil_tag,
		spoil_tag_blank, spoil_tag_byte, spoil_tag_end, spoil_form,
		spoil_form_more, spoil_status, spoil_status_more, spoil_user,
		spoil_user_line, spoil_user_end, spoil_users, spoil_key,
		spoil_keys, spoil_vendor, spoil_model, spoil_device_key,
		spoil_hwid, spoil_hwid_line, spoil_hwid_kind, spoil_hwid_kinds,
		spoil_hwid_twice, spoil_hwid_order, spoil_hwid_end, spoil_hwids,
		spoil_place, spoil_point, spoil_point_far };
	struct store *store = open_store();
	struct asset a;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < NELEMS(spoils); i++) {
		a = an_asset("a");
		assert_int_equal(try(store, &a), 0);
		spoils[i](&a);
		if ((r = try(store, &a)) != FG_ERR_FORMAT)
			fail_msg("%zu: %s", i, fg_strerror(r));
	}
	store_close(store);
}

/* ---- generations -------------------------------------------------------- */

static void
a_store_without_an_inventory_has_none(void **state)
{
	struct store *store = open_store();
	struct tags tags = { .n = 0 };
	struct asset a;
	uint64_t generation = 7;
	int64_t at_s = 7;
	size_t n = 7;

	(void)state;
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_assets_generation(store, &generation, &at_s),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(generation, 0);
	assert_int_equal(at_s, 0);
	assert_int_equal(store_asset_by_tag(store, "a", &a), FG_ERR_NOT_FOUND);
	assert_int_equal(store_assets_each(store, see_asset, &tags), 0);
	assert_int_equal(tags.n, 0);
	assert_false(outline_of(store).assets);
	assert_false(outline_of(store).assets_lost);
	store_close(store);
}

static void
each_import_has_a_number_and_a_time(void **state)
{
	struct store *store = open_store();
	int64_t before = time(NULL), at_s = 7;
	uint64_t first, second;
	size_t n;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_int_equal(store_assets_generation(store, &first, &at_s), 0);
	assert_true(at_s >= before && at_s <= time(NULL));
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_int_equal(n, 3);
	assert_true(outline_of(store).assets);
	assert_int_equal(import_assets(store, 2, "x"), 0);
	assert_int_equal(store_assets_generation(store, &second, &at_s), 0);
	assert_true(second > first);
	store_close(store);
	store = open_store();
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_int_equal(n, 2);
	store_close(store);
}

static void
an_empty_import_empties_the_inventory(void **state)
{
	struct store *store = open_store();
	uint64_t generation;
	struct asset a;
	int64_t at_s;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_int_equal(import_assets(store, 0, "x"), 0);
	assert_int_equal(store_asset_by_tag(store, "A1", &a), FG_ERR_NOT_FOUND);
	assert_int_equal(store_assets_generation(store, &generation, &at_s), 0);
	assert_false(outline_of(store).assets);
	assert_false(outline_of(store).assets_lost);
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_name"), 0);
}

/* ---- several of one name ------------------------------------------------ */

static void
those_of_one_name_come_in_the_order_of_their_tags(void **state)
{
	static const char *const tags_of[] = { "d", "a", "e", "c", "b" };
	struct store *store = open_store();
	struct hwid id = { .kind = HWID_MAC, .text = "02:00" };
	struct asset list[NELEMS(tags_of)];
	struct tags tags = { .n = 0 };
	size_t i;

	(void)state;
	for (i = 0; i < NELEMS(list); i++) {
		list[i] = an_asset(tags_of[i]);
		if (i == 2)
			continue; /* not "e" */
		give_user(&list[i], "zoe");
		give_user(&list[i], "alice");
		give_key(&list[i], "SHA256:x");
		give_hwid(&list[i], HWID_MAC, "02:00");
	}
	put_assets(store, list, NELEMS(list));
	assert_int_equal(store_assets_of_user(store, "alice", see_asset, &tags),
	    0);
	assert_int_equal(store_assets_of_key(store, "SHA256:x", see_asset,
			     &tags),
	    0);
	assert_int_equal(store_assets_of_hwid(store, &id, see_asset, &tags), 0);
	assert_string_equal(tags.text, "a b c d a b c d a b c d ");
	tags = (struct tags){ .stop = 2 };
	assert_int_equal(store_assets_of_user(store, "zoe", see_asset, &tags),
	    0);
	assert_string_equal(tags.text, "a b ");
	tags = (struct tags){ .n = 0 };
	assert_int_equal(store_assets_each(store, see_asset, &tags), 0);
	assert_string_equal(tags.text, "a b c d e ");
	tags = (struct tags){ .stop = 3 };
	assert_int_equal(store_assets_each(store, see_asset, &tags), 0);
	assert_string_equal(tags.text, "a b c ");
	store_close(store);
}

/* ---- where they were shipped to ----------------------------------------- */

struct places {
	char text[512];
	unsigned int n;
	unsigned int stop;
};

static int
see_place(const char *place, size_t assets, size_t users, const char *tags,
    void *arg)
{
	struct places *places = arg;
	size_t len = strlen(places->text);

	(void)snprintf(places->text + len, sizeof(places->text) - len,
	    "%s: %zu of %zu (%s)\n", place, assets, users, tags);
	return ++places->n == places->stop;
}

static struct asset
a_shipped(const char *tag, const char *user, const char *place)
{
	struct asset a = an_asset(tag);

	if (user != NULL)
		give_user(&a, user);
	give_user(&a, "admin"); /* behind the first */
	set_text(a.shipped_to.text, sizeof(a.shipped_to.text), place);
	return a;
}

static void
assert_shipped(struct store *store, size_t at_least, const char *text)
{
	struct places places = { .n = 0 };

	assert_int_equal(store_assets_shipped(store, at_least, see_place,
			     &places),
	    0);
	assert_string_equal(places.text, text);
}

static void
addresses_come_by_how_many_were_shipped_there(void **state)
{
	struct asset list[] = {
		a_shipped("a9", "alice", "12 Oak Rd"),
		a_shipped("a1", "bob", "12 OAK rd"),
		a_shipped("a2", "carol", "12 oak Rd"),
		a_shipped("a3", "alice", "12 oak Rd"),
		a_shipped("b1", "alice", "7 Elm St"),
		a_shipped("b2", "alice", "7 Elm St"),
		a_shipped("c1", "alice", "9 Fir St"),
		a_shipped("c2", "bob", "9 Fir St"),
		a_shipped("d1", "dave", "1 Ash St"),
		a_shipped("d2", "erin", ""),
		a_shipped("d3", "erin", ""),
		/* Not issued: it is at nobody's. */
		a_shipped("e1", "bob", "7 Elm St"),
		a_shipped("e2", "bob", "1 Ash St"),
	};
	struct places places = { .stop = 1 };
	struct store *store = open_store();

	(void)state;
	list[11].status = ASSET_STOCK;
	list[12].status = ASSET_LOST;
	put_assets(store, list, NELEMS(list));
	assert_shipped(store, 2,
	    "12 OAK rd: 4 of 3 (a1 a2 a3 a9)\n"
	    "7 Elm St: 2 of 1 (b1 b2)\n"
	    "9 Fir St: 2 of 2 (c1 c2)\n");
	assert_shipped(store, 3, "12 OAK rd: 4 of 3 (a1 a2 a3 a9)\n");
	assert_shipped(store, 5, "");
	assert_shipped(store, SIZE_MAX, "");
	assert_int_equal(store_assets_shipped(store, 0, see_place, &places), 0);
	assert_string_equal(places.text, "12 OAK rd: 4 of 3 (a1 a2 a3 a9)\n");
	store_close(store);
}

/* Eight tags of the longest, and nobody whose they are. */
static void
of_many_at_one_address_some_are_named(void **state)
{
	struct places places = { .n = 0 };
	struct store *store = open_store();
	struct asset list[20];
	size_t i;

	(void)state;
	for (i = 0; i < NELEMS(list); i++) {
		list[i] = a_shipped("", NULL, "x");
		list[i].nusers = 0;
		fill_text(list[i].tag, sizeof(list[i].tag), 't');
		list[i].tag[0] = (char)('z' - i);
	}
	put_assets(store, list, NELEMS(list));
	assert_int_equal(store_assets_shipped(store, 2, see_place, &places), 0);
	assert_int_equal(places.n, 1);
	assert_int_equal(strncmp(places.text, "x: 20 of 0 (gt", 14), 0);
	store_close(store);
	assert_non_null(strstr(places.text, " nt"));
	assert_null(strstr(places.text, " ot"));
}

/* ---- damage ------------------------------------------------------------- */

static int
is_damaged(const struct asset *a, void *arg)
{
	(void)a;
	(void)arg;
	fail_msg("a damaged asset is shown");
	return 0;
}

static int
is_damaged_place(const char *place, size_t assets, size_t users,
    const char *tags, void *arg)
{
	(void)place;
	(void)assets;
	(void)users;
	(void)tags;
	(void)arg;
	fail_msg("a damaged place is shown");
	return 0;
}

/* Whichever way it is asked for. */
static void
assert_damaged(struct store *store)
{
	struct hwid id = { .kind = HWID_SERIAL, .text = "SN1" };
	struct asset a;

	assert_int_equal(store_asset_by_tag(store, "A1", &a), FG_ERR_FORMAT);
	assert_int_equal(a.status, ASSET_STATUS_NONE);
	assert_string_equal(a.tag, "");
	assert_int_equal(store_asset_by_device_key(store, "ed25519:1", &a),
	    FG_ERR_FORMAT);
	assert_int_equal(a.status, ASSET_STATUS_NONE);
	assert_int_equal(store_assets_of_user(store, "u1", is_damaged, NULL),
	    FG_ERR_FORMAT);
	assert_int_equal(store_assets_of_key(store, "SHA256:1", is_damaged,
			     NULL),
	    FG_ERR_FORMAT);
	assert_int_equal(store_assets_of_hwid(store, &id, is_damaged, NULL),
	    FG_ERR_FORMAT);
	assert_int_equal(store_assets_shipped(store, 1, is_damaged_place, NULL),
	    FG_ERR_FORMAT);
}

/* A1 alone, with all that it is found by. */
static struct store *
put_a1(void)
{
	struct store *store = open_store();
	struct asset a = an_asset_of_many(1, "x");

	a.location.has_point = true;
	put_assets(store, &a, 1);
	return store;
}

static void
a_row_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const spoils[] = { "tag = ''", "tag = 'A2'",
		"tag = x'4131'", "tag = 'A 1'", "form = 0", "form = 3",
		"form = 'x'", "status = 0", "status = 5", "status = 1.5",
		"users = char(10)", "users = 'a' || char(10)", "users = x'00'",
		"users = 'a' || char(10) || 'b' || char(10) || 'c' || char(10)"
		" || 'd' || char(10) || 'e'",
		"vendor = hex(zeroblob(33))", "model = x'00'", "ids = '5'",
		"ids = '5 '", "ids = '0 SN1'", "ids = '8 SN1'",
		"ids = '05 SN1' || char(10)", "ids = ' 5 SN1'",
		"ids = '5 SN1' || char(10) || '2 BOARD7919'",
		"ids = '5 SN1' || char(10) || '5 SN1'",
		"ids = '5 ' || hex(zeroblob(33))", "ids = 'x SN1'",
		"device_key = hex(zeroblob(50))", "device_key = x'00'",
		"keys = 5.5 || char(0)", "keys = char(10)", "location = x'00'",
		"location = hex(zeroblob(50))", "location_latitude = NULL",
		"location_longitude = NULL", "location_latitude = 'north'",
		"location_longitude = 9e999", "shipped_to = x'00'",
		"shipped_latitude = 1.5", "shipped_longitude = 1.5" };
	struct store *store;
	char sql[256];
	size_t i;

	(void)state;
	for (i = 0; i < NELEMS(spoils); i++) {
		store = put_a1();
		(void)snprintf(sql, sizeof(sql), "UPDATE asset SET %s",
		    spoils[i]);
		run_behind(sql);
		assert_damaged(store);
		assert_int_equal(store_assets_each(store, is_damaged, NULL),
		    FG_ERR_FORMAT);
		store_close(store);
		(void)unlink(in_folder(STORE_FILE ".damaged"));
	}
}

/* A name that leads to a row that is not there, or is another one's. */
static void
a_name_that_leads_astray_is_an_error(void **state)
{
	static const char *const spoils[] = { "DELETE FROM asset",
		"UPDATE asset_name SET asset = asset + 1",
		"UPDATE asset_name SET asset = 'x'",
		"UPDATE asset SET id = id + 77",
		/* The row is whole, and it is another asset's. */
		"UPDATE asset SET users = 'u2', device_key = 'ed25519:2',"
		" keys = 'SHA256:2', ids = '5 SN2', tag = 'A2',"
		" shipped_to = 'elsewhere'" };
	struct store *store;
	size_t i;

	(void)state;
	for (i = 0; i < NELEMS(spoils); i++) {
		store = put_a1();
		run_behind(spoils[i]);
		assert_damaged(store);
		assert_int_equal(store_assets_each(store, is_damaged, NULL),
		    FG_ERR_FORMAT);
		store_close(store);
	}
}

/* Each by one name alone that the asset does not have. */
static void
an_asset_that_does_not_have_the_name_is_an_error(void **state)
{
	static const char *const spoils[] = { "users = 'u2'",
		"device_key = 'ed25519:2'", "device_key = ''",
		"keys = 'SHA256:2'", "ids = '2 BOARD7919'", "ids = '6 SN1'",
		"shipped_to = '1 Main St'", "status = 2" };
	struct hwid id = { .kind = HWID_SERIAL, .text = "SN1" };
	unsigned int errors;
	struct store *store;
	char sql[256];
	struct asset a;
	size_t i;

	(void)state;
	for (i = 0; i < NELEMS(spoils); i++) {
		store = put_a1();
		(void)snprintf(sql, sizeof(sql), "UPDATE asset SET %s",
		    spoils[i]);
		run_behind(sql);
		assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
		errors = store_asset_by_device_key(store, "ed25519:1", &a) ==
		    FG_ERR_FORMAT;
		errors += store_assets_of_user(store, "u1", keep_asset,
			      &(struct found){ .n = 0 }) == FG_ERR_FORMAT;
		errors += store_assets_of_key(store, "SHA256:1", keep_asset,
			      &(struct found){ .n = 0 }) == FG_ERR_FORMAT;
		errors += store_assets_of_hwid(store, &id, keep_asset,
			      &(struct found){ .n = 0 }) == FG_ERR_FORMAT;
		errors += store_assets_shipped(store, 1, see_place,
			      &(struct places){ .n = 0 }) == FG_ERR_FORMAT;
		assert_int_equal(errors, 1);
		store_close(store);
	}
}

/* The import refuses that; whoever writes it by hand gets neither. */
static void
a_device_key_that_two_have_is_nobodys(void **state)
{
	struct store *store = open_store();
	struct asset a;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	run_behind("INSERT INTO asset_name"
		   " SELECT generation, kind, 'ed25519:1', 'A2', asset"
		   " FROM asset_name WHERE name = 'ed25519:2';"
		   "UPDATE asset SET device_key = 'ed25519:1'"
		   " WHERE tag = 'A2'");
	assert_int_equal(store_asset_by_device_key(store, "ed25519:1", &a),
	    FG_ERR_FORMAT);
	assert_int_equal(a.status, ASSET_STATUS_NONE);
	assert_int_equal(store_asset_by_device_key(store, "ed25519:0", &a), 0);
	store_close(store);
}

static void
counts_that_make_no_sense_are_errors(void **state)
{
	static const char *const spoils[] = { "assets = -1", "assets = 'x'",
		"assets = 1.5" };
	struct store *store = open_store();
	struct store_outline outline;
	uint64_t generation;
	int64_t at_s;
	char sql[128];
	size_t i, n;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	for (i = 0; i < NELEMS(spoils); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE asset_generation SET %s", spoils[i]);
		run_behind(sql);
		n = 7;
		assert_int_equal(store_assets_count(store, &n), FG_ERR_FORMAT);
		assert_int_equal(n, 0);
		assert_int_equal(store_outline(store, &outline), FG_ERR_FORMAT);
	}
	run_behind("UPDATE asset_generation SET at_s = 'x', assets = 3");
	assert_int_equal(store_assets_generation(store, &generation, &at_s),
	    FG_ERR_FORMAT);
	assert_int_equal(generation, 0);
	store_close(store);
}

/* ---- people and assets leave each other alone ---------------------------- */

static void
neither_inventory_touches_the_other(void **state)
{
	struct store_session s = a_session("A", "u1");
	struct store_exception e = an_exception("u1");
	struct store_revocation r = a_revocation("u2");
	struct store *store = open_store();
	struct person p;
	struct asset a;
	size_t n;

	(void)state;
	assert_int_equal(import_people(store, 5, "x"), 0);
	e.until_s = INT64_MAX;
	assert_int_equal(store_exception_add(store, &e), 0);
	assert_int_equal(store_session_put(store, &s), 0);
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(import_assets(store, 7, "x"), 0);
	assert_int_equal(import_assets(store, 6, "y"), 0);
	assert_int_equal(store_people_count(store, &n), 0);
	assert_int_equal(n, 5);
	assert_int_equal(store_person_by_account(store, "u4", &p), 0);
	assert_int_equal(store_exceptions_of(store, "u1", 1500, &e, 1, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(e.until_s, INT64_MAX);
	n = 0;
	assert_int_equal(store_sessions_each(store, count_session, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_revocation_of(store, "u2", &r), 0);
	assert_int_equal(import_people(store, 0, "x"), 0);
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_int_equal(n, 6);
	assert_int_equal(store_asset_by_tag(store, "A5", &a), 0);
	assert_string_equal(a.model, "y");
	store_close(store);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), 6);
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), 0);
}

/* ---- what was lost ------------------------------------------------------ */

static void
begin_anew(void)
{
	assert_int_equal(unlink(in_folder(STORE_FILE)), 0);
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
}

static void
an_inventory_that_was_lost_is_missed(void **state)
{
	struct store *store = open_store();
	struct store_outline o;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	o = outline_of(store);
	assert_true(o.assets && !o.assets_lost);
	store_close(store);
	begin_anew();
	store = open_store();
	o = outline_of(store);
	assert_true(o.assets_lost && !o.assets);
	/* People have lost nothing by that. */
	assert_false(o.lost || o.older);
	assert_int_equal(import_people(store, 2, "x"), 0);
	assert_true(outline_of(store).assets_lost);
	store_close(store);
	store = open_store();
	assert_true(outline_of(store).assets_lost);
	/* None is an answer as well. */
	assert_int_equal(import_assets(store, 0, "x"), 0);
	o = outline_of(store);
	assert_false(o.assets_lost || o.assets);
	store_close(store);
	store = open_store();
	assert_false(outline_of(store).assets_lost);
	store_close(store);
}

static void
one_that_is_set_aside_is_missed_too(void **state)
{
	struct store *store = open_store();
	const char *why;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	store_close(store);
	run_behind("PRAGMA application_id = 99");
	assert_int_equal(store_open(folder, &store, &why), 0);
	assert_non_null(strstr(why, "import the people and assets again"));
	assert_true(outline_of(store).assets_lost);
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_false(outline_of(store).assets_lost);
	store_close(store);
}

static void
what_never_was_is_not_missed(void **state)
{
	struct store *store = open_store();
	struct store_asset_import *import;

	(void)state;
	assert_int_equal(import_people(store, 2, "x"), 0);
	/* One that is given up was none. */
	assert_int_equal(store_asset_import_begin(store, &import), 0);
	assert_int_equal(fill_assets(import, 10, "x"), 0);
	store_asset_import_free(import);
	store_close(store);
	begin_anew();
	store = open_store();
	assert_true(outline_of(store).lost);
	assert_false(outline_of(store).assets_lost);
	store_close(store);
}

/* An import of none is refused: where there are none to import, it ends so. */
static void
to_accept_a_store_is_to_have_no_assets(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_int_equal(import_people(store, 3, "x"), 0);
	store_close(store);
	begin_anew();
	store = open_store();
	assert_true(outline_of(store).lost);
	assert_int_equal(store_accept(store), 0);
	assert_false(outline_of(store).lost || outline_of(store).assets_lost);
	store_close(store);
	store = open_store();
	assert_false(outline_of(store).lost || outline_of(store).assets_lost);
	store_close(store);
}

/* Without its rows it has lost them, once it has had some. */
static void
a_generation_that_is_gone_is_a_loss(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	run_behind("DELETE FROM asset_generation");
	assert_true(outline_of(store).assets_lost);
	assert_false(outline_of(store).assets);
	store_close(store);
}

/* An asset that was reported stolen since then may be issued in it. */
static void
an_older_copy_has_lost_what_it_lacks(void **state)
{
	struct store_changes changes;
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_int_equal(store_changes(store, &changes), 0);
	assert_int_equal(changes.own, 1);
	store_changes_known(store, changes.own + 1);
	assert_true(outline_of(store).older);
	assert_true(outline_of(store).assets_lost);
	assert_true(outline_of(store).assets);
	/* What else it lacks is not settled by that. */
	assert_int_equal(import_assets(store, 4, "x"), 0);
	assert_true(outline_of(store).older);
	assert_int_equal(store_accept(store), 0);
	assert_false(outline_of(store).older);
	assert_false(outline_of(store).assets_lost);
	store_close(store);
}

static void
an_older_copy_without_assets_lacks_none(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_people(store, 3, "x"), 0);
	store_changes_known(store, 9);
	assert_true(outline_of(store).older);
	assert_false(outline_of(store).assets_lost);
	store_close(store);
}

/* ---- others at the store ------------------------------------------------ */

static void
import_and_wait(void)
{
	struct store *store = child_open();

	CHECK(import_assets(store, 3, "new") == 0);
	child_wait();
	CHECK(import_assets(store, 0, "new") == 0);
	child_wait();
	store_close(store);
}

static void
what_another_process_imports_is_in_the_outline(void **state)
{
	struct store *store = open_store();
	struct store_outline o = outline_of(store);
	struct other other;
	struct asset a;

	(void)state;
	assert_false(o.assets || o.assets_lost);
	other = start_other(import_and_wait);
	hear_other(&other);
	o = outline_of(store);
	assert_true(o.assets && !o.assets_lost);
	assert_int_equal(store_asset_by_tag(store, "A2", &a), 0);
	tell_other(&other);
	hear_other(&other);
	o = outline_of(store);
	assert_false(o.assets || o.assets_lost);
	end_other(&other);
	store_close(store);
}

static struct store *
peek_store(void)
{
	struct store *store;
	const char *why;

	assert_int_equal(store_peek(folder, &store, &why), 0);
	assert_null(why);
	return store;
}

static void
whoever_only_reads_sees_them(void **state)
{
	struct store *store = open_store();
	struct tags tags = { .n = 0 };
	struct asset a;
	unsigned int i;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	for (i = 0; i < 2; i++) {
		store_close(store); /* first beside the other, then alone */
		store = peek_store();
		assert_true(outline_of(store).assets);
		assert_false(outline_of(store).assets_lost);
		assert_int_equal(store_asset_by_tag(store, "A1", &a), 0);
		assert_int_equal(store_assets_each(store, see_asset, &tags), 0);
	}
	assert_int_equal(tags.n, 6);
	store_close(store);
}

static void
whoever_only_reads_is_told_that_they_are_gone(void **state)
{
	struct store *store = open_store();
	const char *why;

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	store_close(store);
	begin_anew();
	assert_int_equal(store_peek(folder, &store, &why), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "is gone"));
	store = open_store();
	store_close(store);
	store = peek_store();
	assert_true(outline_of(store).assets_lost);
	store_close(store);
}

/* ---- the schema --------------------------------------------------------- */

#define BEFORE                                    \
	"DROP TABLE asset;"                       \
	"DROP TABLE asset_name;"                  \
	"DROP TABLE asset_generation;"            \
	"DROP TABLE asset_remembered;"            \
	"DROP TABLE enrolment;"                   \
	"DROP TABLE device_seen;"                 \
	"DROP TABLE enrolment_remembered;"        \
	"DROP TABLE site;"                        \
	"DROP TABLE hold;"                        \
	"ALTER TABLE session DROP COLUMN device;" \
	"PRAGMA user_version = 9"

static void
a_store_of_version_9_gets_the_tables(void **state)
{
	struct store_revocation r = { .user = "bob" };
	struct store *store = open_store();
	struct person p;
	struct asset a;

	(void)state;
	assert_int_equal(store_revocation_put(store, &r), 0);
	assert_int_equal(import_people(store, 3, "x"), 0);
	store_close(store);
	run_behind(BEFORE);
	store = open_store();
	assert_false(outline_of(store).assets);
	assert_false(outline_of(store).assets_lost);
	assert_int_equal(import_assets(store, 3, "x"), 0);
	assert_int_equal(store_asset_by_tag(store, "A2", &a), 0);
	assert_int_equal(store_person_by_account(store, "u2", &p), 0);
	assert_int_equal(store_revocation_of(store, "bob", &r), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("PRAGMA user_version"), store_sql_version);
}

/* An older version's copy that is put back has none, and says so. */
static void
one_of_version_9_that_is_put_back_has_lost_them(void **state)
{
	struct store *store = open_store();

	(void)state;
	assert_int_equal(import_assets(store, 3, "x"), 0);
	store_close(store);
	run_behind(BEFORE);
	store = open_store();
	assert_true(outline_of(store).assets_lost);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(the_largest_asset_comes_out_as_it_was_put_in),
		STORE_TEST(the_smallest_asset_comes_out_as_it_was_put_in),
		STORE_TEST(each_form_and_status_and_point_comes_out),
		STORE_TEST(what_is_not_found_is_of_no_status),
		STORE_TEST(names_are_compared_byte_by_byte),
		STORE_TEST(a_name_is_of_one_kind),
		STORE_TEST(hostile_names_are_names),
		STORE_TEST(what_could_not_be_read_back_is_refused),
		STORE_TEST(a_store_without_an_inventory_has_none),
		STORE_TEST(each_import_has_a_number_and_a_time),
		STORE_TEST(an_empty_import_empties_the_inventory),
		STORE_TEST(those_of_one_name_come_in_the_order_of_their_tags),
		STORE_TEST(addresses_come_by_how_many_were_shipped_there),
		STORE_TEST(of_many_at_one_address_some_are_named),
		STORE_TEST(a_row_that_makes_no_sense_is_an_error),
		STORE_TEST(a_name_that_leads_astray_is_an_error),
		STORE_TEST(an_asset_that_does_not_have_the_name_is_an_error),
		STORE_TEST(a_device_key_that_two_have_is_nobodys),
		STORE_TEST(counts_that_make_no_sense_are_errors),
		STORE_TEST(neither_inventory_touches_the_other),
		STORE_TEST(an_inventory_that_was_lost_is_missed),
		STORE_TEST(one_that_is_set_aside_is_missed_too),
		STORE_TEST(what_never_was_is_not_missed),
		STORE_TEST(to_accept_a_store_is_to_have_no_assets),
		STORE_TEST(a_generation_that_is_gone_is_a_loss),
		STORE_TEST(an_older_copy_has_lost_what_it_lacks),
		STORE_TEST(an_older_copy_without_assets_lacks_none),
		STORE_TEST(what_another_process_imports_is_in_the_outline),
		STORE_TEST(whoever_only_reads_sees_them),
		STORE_TEST(whoever_only_reads_is_told_that_they_are_gone),
		STORE_TEST(a_store_of_version_9_gets_the_tables),
		STORE_TEST(one_of_version_9_that_is_put_back_has_lost_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
