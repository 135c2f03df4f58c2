/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether access was taken back: of the person, of the account, or in sudo and
 * su of the account that asks. Of several the earliest one counts.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store.h"
#include "policyd/store/store_revocation.h"
#include "policyd/text.h"
#include "proto/result.h"

/* False if it could not be looked up. */
static bool
look_up(struct store *store, const char *user, struct facts *facts)
{
	struct fact_revocation *fact = &facts->revocation;
	struct store_revocation r;
	int error = FG_ERR_NOT_FOUND;
	int64_t since_s;

	if (user[0] != '\0')
		error = store_revocation_of(store, user, &r);
	if (error != 0)
		return error == FG_ERR_NOT_FOUND;
	since_s = store_revocation_since(&r, facts->at_s);
	if (fact->state == FACT_KNOWN && fact->at_s <= since_s)
		return true;
	fact->state = FACT_KNOWN;
	fact->at_s = since_s;
	(void)text_copy(fact->reason, sizeof(fact->reason), r.reason);
	return true;
}

/* Each of the names, whatever becomes of the others. */
static bool
look_up_all(struct store *store, struct facts *facts)
{
	bool all = look_up(store, facts->login.user, facts);

	if (facts->kind == SERVICE_NESTED)
		all = look_up(store, facts->login.ruser, facts) && all;
	if (facts->person.state == FACT_KNOWN)
		all = look_up(store, facts->person.person.user, facts) && all;
	return all;
}

void
gather_revocation(struct store *store, struct facts *facts)
{
	struct fact_revocation *fact = &facts->revocation;
	struct store_outline outline;
	bool all = false;

	memset(fact, 0, sizeof(*fact));
	if (store == NULL)
		return;
	if (store_outline(store, &outline) == 0)
		/* Who is not found may be among those that are lost. */
		all = (!outline.revocations || look_up_all(store, facts)) &&
		    !outline.lost;
	/* One that holds stays one, whatever else may be. */
	if (fact->state == FACT_KNOWN && (all || fact->at_s <= facts->at_s))
		return;
	memset(fact, 0, sizeof(*fact));
	fact->state = all ? FACT_UNKNOWN : FACT_ERROR;
}
