/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an enrolled laptop has said of itself, as a fact: which asset it is, how
 * its hardware compares with that, and what it has found. Its signature is
 * right, and it is what it was asked for.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store_asset.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/text.h"
#include "policyd/witness/statement.h"
#include "policyd/witness/statement_names.h"
#include "proto/result.h"

_Static_assert(FACT_ATTESTED_MAX == STATEMENT_FINDINGS_MAX, "all fit");
_Static_assert(STATEMENT_OF_MAX <= SIGN_WHAT_MAX, "a name fits");
_Static_assert(STATEMENT_RELEASE_MAX == FACT_RELEASE_MAX, "so does a release");

static void
take_finding(const struct statement_finding *f, struct fact_attested *fact)
{
	const char *grade = statement_grade_name(f->grade);
	enum finding_code code = statement_finding_code(f->finding);

	/* A grade that has no name makes a finding that has none. */
	fact->list[fact->count].code = grade == NULL ? FINDING_NONE : (int)code;
	(void)text_copy(fact->list[fact->count].grade,
	    sizeof(fact->list[0].grade), grade == NULL ? "" : grade);
	fact->list[fact->count].minor = f->minor;
	(void)text_copy(fact->list[fact->count].of, sizeof(fact->list[0].of),
	    f->of);
	fact->count++;
}

static void
take_said(const struct statement *statement, struct fact_attested *fact)
{
	fact->remote = (statement->flags & STATEMENT_REMOTE) != 0;
	fact->blind = (statement->flags & STATEMENT_BLIND) != 0;
	fact->partial = (statement->flags & STATEMENT_PARTIAL) != 0;
	fact->cut = (statement->flags & STATEMENT_CUT) != 0;
	fact->virtual = (statement->flags & STATEMENT_VIRTUAL) != 0;
	(void)text_copy(fact->release, sizeof(fact->release),
	    statement->release);
	fact->said_s =
	    statement->at_s > INT64_MAX ? INT64_MAX : (int64_t)statement->at_s;
	for (size_t i = 0; i < statement->nfindings; i++)
		take_finding(&statement->finding[i], fact);
}

static bool
has_other_key(const struct asset *asset,
    const struct store_enrolment *enrolment)
{
	return asset->device_key[0] != '\0' &&
	    strcmp(asset->device_key, enrolment->key) != 0;
}

/* *ret_asset is without IDs if no inventory has it. */
static int
find_asset(struct store *store, const struct store_enrolment *enrolment,
    const struct facts *facts, struct fact_attested *fact,
    struct asset *ret_asset)
{
	enum fact_state state;
	int r = FG_ERR_NOT_FOUND;

	memset(ret_asset, 0, sizeof(*ret_asset));
	memset(&fact->asset, 0, sizeof(fact->asset));
	fact->unlisted = false;
	(void)text_copy(fact->asset.tag, sizeof(fact->asset.tag),
	    enrolment->asset);
	if (enrolment->asset[0] != '\0')
		r = store_asset_by_tag(store, enrolment->asset, ret_asset);
	if (r == 0 && has_other_key(ret_asset, enrolment))
		return FG_ERR_PEER;
	if (r == 0) {
		gather_asset(ret_asset, facts, &fact->asset);
		r = gather_shipped(store, facts, &fact->asset);
	}
	if (r != FG_ERR_NOT_FOUND)
		return r;
	state = gather_assets(store);
	fact->unlisted = state == FACT_KNOWN;
	return state == FACT_ERROR ? FG_ERR_FORMAT : 0;
}

int
gather_attested_again(struct store *store,
    const struct store_enrolment *enrolment, const struct facts *facts,
    struct fact_attested *attested)
{
	struct asset asset;

	return find_asset(store, enrolment, facts, attested, &asset);
}

/*
 * With what was issued; of the kinds that no inventory has of it, with what the
 * laptop has shown when it was enrolled: a serial number is copied easily, and
 * often is all that an inventory has.
 */
static int
take_asset(struct store *store, const struct store_enrolment *enrolment,
    const struct statement *statement, const struct facts *facts,
    struct fact_attested *fact)
{
	struct hwid_digests issued;
	struct asset asset;
	int r;

	if ((r = find_asset(store, enrolment, facts, fact, &asset)) != 0)
		return r;
	hwids_digest(&asset.ids, &issued);
	(void)hwid_digests_complete(&issued, &enrolment->digests);
	compare_hwids(&statement->hwids, &issued, &fact->compared);
	return 0;
}

int
gather_attested(struct store *store, const struct store_enrolment *enrolment,
    const struct statement *statement, const struct facts *facts,
    struct fact_attested *ret_attested)
{
	struct fact_attested *fact = ret_attested;
	struct clone clone;
	int r;

	memset(fact, 0, sizeof(*fact));
	if ((r = take_asset(store, enrolment, statement, facts, fact)) != 0 ||
	    (r = store_see(store, enrolment->key, &statement->hwids,
		 facts->at_s, &clone)) != 0) {
		memset(fact, 0, sizeof(*fact));
		return r;
	}
	fact->state = FACT_KNOWN;
	(void)text_copy(fact->key, sizeof(fact->key), enrolment->key);
	fact->clone = clone_is(&clone);
	take_said(statement, fact);
	return 0;
}
