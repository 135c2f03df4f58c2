/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets for the tests of the store of them.
 */
#ifndef FG_TESTS_STORING_ASSETS_H
#define FG_TESTS_STORING_ASSETS_H

#include "policyd/store/store_asset.h"
#include "tests/unit/storing.h"

/* Behind those that it has: kinds and texts come in their order. */
static inline void
give_hwid(struct asset *a, enum hwid_kind kind, const char *text)
{
	struct hwid *id = &a->ids.list[a->ids.n++];

	id->kind = kind;
	(void)snprintf(id->text, sizeof(id->text), "%s", text);
}

static inline void
give_user(struct asset *a, const char *user)
{
	(void)snprintf(a->user[a->nusers++], sizeof(a->user[0]), "%s", user);
}

static inline void
give_key(struct asset *a, const char *key)
{
	(void)snprintf(a->key[a->nkeys++], sizeof(a->key[0]), "%s", key);
}

/* A physical one that is issued to nobody, and has nothing else. */
static inline struct asset
an_asset(const char *tag)
{
	struct asset a;

	memset(&a, 0, sizeof(a));
	(void)snprintf(a.tag, sizeof(a.tag), "%s", tag);
	a.form = ASSET_PHYSICAL;
	a.status = ASSET_ISSUED;
	return a;
}

/* "A0".."A(n-1)", each of one model, u0's and so on, with IDs of its own. */
static inline struct asset
an_asset_of_many(unsigned int i, const char *model)
{
	struct asset a = an_asset("");
	char text[32];

	(void)snprintf(a.tag, sizeof(a.tag), "A%u", i);
	(void)snprintf(a.model, sizeof(a.model), "%s", model);
	(void)snprintf(text, sizeof(text), "BOARD%u", i * 7919u);
	give_hwid(&a, HWID_BOARD, text);
	(void)snprintf(text, sizeof(text), "SN%u", i);
	give_hwid(&a, HWID_SERIAL, text);
	(void)snprintf(text, sizeof(text), "u%u", i);
	give_user(&a, text);
	(void)snprintf(a.device_key, sizeof(a.device_key), "ed25519:%u", i);
	(void)snprintf(text, sizeof(text), "SHA256:%u", i);
	give_key(&a, text);
	(void)snprintf(a.shipped_to.text, sizeof(a.shipped_to.text),
	    "%u Main St", i / 2);
	return a;
}

/* Of an asset, greater each time. */
static inline uint32_t
next_line(void)
{
	static uint32_t line;

	return ++line;
}

/* Returns the first error. */
static inline int
fill_assets(struct store_asset_import *import, unsigned int n,
    const char *model)
{
	struct store_asset_other other;
	struct asset a;
	unsigned int i;
	int r;

	for (i = 0; i < n; i++) {
		a = an_asset_of_many(i, model);
		if ((r = store_asset_import_add(import, &a, next_line(),
			 &other)) != 0)
			return r;
	}
	return 0;
}

static inline int
import_assets(struct store *store, unsigned int n, const char *model)
{
	struct store_asset_import *import;
	int r;

	if ((r = store_asset_import_begin(store, &import)) != 0)
		return r;
	if ((r = fill_assets(import, n, model)) == 0)
		r = store_asset_import_commit(import);
	store_asset_import_free(import);
	return r;
}

/* These and no others, which must be taken. */
static inline void
put_assets(struct store *store, const struct asset *list, size_t n)
{
	struct store_asset_other other;
	struct store_asset_import *import;
	size_t i;

	assert_int_equal(store_asset_import_begin(store, &import), 0);
	for (i = 0; i < n; i++)
		assert_int_equal(store_asset_import_add(import, &list[i],
				     next_line(), &other),
		    0);
	assert_int_equal(store_asset_import_commit(import), 0);
	store_asset_import_free(import);
}

/* The tags that come, each with a blank behind it. */
struct tags {
	char text[512];
	unsigned int n;
	unsigned int stop; /* at this one; 0: at none */
};

static inline int
see_asset(const struct asset *a, void *arg)
{
	struct tags *tags = arg;
	size_t len = strlen(tags->text);

	(void)snprintf(tags->text + len, sizeof(tags->text) - len, "%s ",
	    a->tag);
	return ++tags->n == tags->stop;
}

#endif
