/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long, after how many. The clock is the wall's, as it has to outlast a
 * start of the machine; a hold that ends later than BACKOFF_MAX_S from now is
 * of a clock that was ahead, and none.
 */
#include "policyd/stepup/backoff.h"

#include "policyd/net/addr.h"
#include "policyd/store/store_factor.h"
#include "policyd/store/store_history.h"
#include "policyd/text.h"
#include "proto/result.h"

struct key {
	enum store_backoff_kind kind;
	char name[FG_USER_MAX + 1];
	uint32_t nfree;
};

/* "" where there is nobody: that is never counted. */
static struct key
key_of_person(const struct facts *facts)
{
	struct key key = { .kind = STORE_BACKOFF_PERSON,
		.nfree = BACKOFF_PERSON_FREE };

	(void)text_copy(key.name, sizeof(key.name), fact_who(facts));
	return key;
}

/* Without an address they share the one of where they come from. */
static struct key
key_of_source(const struct facts *facts)
{
	struct key key = { .kind = STORE_BACKOFF_SOURCE,
		.nfree = BACKOFF_SOURCE_FREE };
	char text[ADDR_TEXT_SIZE];

	if (facts->origin.kind == ORIGIN_ADDRESS)
		store_source_text(&facts->origin.addr, text);
	else
		(void)text_copy(text, sizeof(text),
		    origin_kind_name(facts->origin.kind));
	(void)text_copy(key.name, sizeof(key.name), text);
	return key;
}

static bool
holds(struct store *store, const struct key *key, int64_t now_s)
{
	struct store_backoff b;
	int r = store_backoff_get(store, key->kind, key->name, &b);

	if (r == FG_ERR_NOT_FOUND)
		return false;
	return r != 0 ||
	    (now_s < b.until_s && b.until_s - now_s <= BACKOFF_MAX_S);
}

bool
backoff_holds(struct store *store, const struct facts *facts)
{
	const struct key person = key_of_person(facts);
	const struct key source = key_of_source(facts);
	bool held;

	if (store == NULL)
		return true;
	held = holds(store, &person, facts->at_s);
	return holds(store, &source, facts->at_s) || held;
}

static int64_t
wait_s(uint32_t failures, uint32_t nfree)
{
	int64_t s = BACKOFF_FIRST_S;

	if (failures < nfree)
		return 0;
	for (; failures > nfree && s < BACKOFF_MAX_S; failures--)
		s *= 2;
	return s < BACKOFF_MAX_S ? s : BACKOFF_MAX_S;
}

static void
count(struct store *store, const struct key *key, int64_t now_s)
{
	struct store_backoff b = { .kind = key->kind };
	int64_t until_s;

	if (key->name[0] == '\0')
		return;
	if (store_backoff_get(store, key->kind, key->name, &b) != 0 ||
	    now_s - b.last_s > BACKOFF_FORGET_S) {
		b.kind = key->kind;
		b.failures = 0;
		b.until_s = 0;
	}
	(void)text_copy(b.name, sizeof(b.name), key->name);
	if (b.failures < UINT32_MAX)
		b.failures++;
	b.last_s = now_s;
	until_s = now_s + wait_s(b.failures, key->nfree);
	/* Two that come at once are not in order; a clock may be set. */
	if (b.until_s < until_s || b.until_s - now_s > BACKOFF_MAX_S)
		b.until_s = until_s;
	/* What cannot be written is looked up in vain the next time. */
	(void)store_backoff_put(store, &b);
}

void
backoff_failed(struct store *store, const struct facts *facts)
{
	const struct key person = key_of_person(facts);
	const struct key source = key_of_source(facts);

	if (store == NULL)
		return;
	count(store, &person, facts->at_s);
	count(store, &source, facts->at_s);
}

void
backoff_passed(struct store *store, const struct facts *facts)
{
	const struct key person = key_of_person(facts);

	if (store != NULL)
		(void)store_backoff_remove(store, person.kind, person.name);
}
