/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether somebody has verified who the person is, or whether that was done for
 * nobody here.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store_verified.h"
#include "policyd/text.h"
#include "proto/result.h"

_Static_assert(sizeof(((struct fact_verified *)0)->asset) >=
	STORE_ASSET_MAX + 1,
    "an asset fits");

/* Accounts of services are nobody to look at, nor are shared ones. */
static bool
is_person(const struct fact_person *fact)
{
	switch (fact->state) {
	case FACT_NONE:
	case FACT_UNKNOWN:
		return true;
	case FACT_KNOWN:
		return fact->person.kind == PERSON_KIND_PERSON;
	case FACT_ERROR:
		break;
	}
	return false;
}

void
gather_verified(struct store *store, struct facts *facts)
{
	struct fact_verified *fact = &facts->verified;
	struct store_verified v;
	bool any;
	int r;

	memset(fact, 0, sizeof(*fact));
	if (store == NULL || !is_person(&facts->person) ||
	    fact_who(facts)[0] == '\0')
		return;
	fact->state = FACT_ERROR;
	if (store_verified_any(store, &any) != 0)
		return;
	if (!any) {
		fact->state = FACT_NONE;
		return;
	}
	r = store_verified_get(store, fact_who(facts), &v);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return;
	fact->state = r == 0 ? FACT_KNOWN : FACT_UNKNOWN;
	(void)text_copy(fact->asset, sizeof(fact->asset), v.asset);
	fact->until_s = v.until_s;
}
