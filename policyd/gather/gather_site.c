/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who else was where an enrolled laptop says that it is, and with it. A laptop
 * that is stated for by a login is somewhere, whatever becomes of the login.
 */
#include "policyd/gather/gather.h"

#include <stdio.h>
#include <string.h>

#include "policyd/store/store_site.h"
#include "policyd/text.h"
#include "policyd/witness/statement.h"

_Static_assert(STATEMENT_PERIPHERALS_MAX + 2 == STORE_VISIT_MAX, "all fit");

/* One that is zero is not known. */
static void
add_digest(struct store_visit *visit, enum store_site_kind kind,
    const uint8_t digest[STATEMENT_SITE_SIZE])
{
	static const uint8_t none[STATEMENT_SITE_SIZE];
	struct store_site *site = &visit->at[visit->n];
	size_t i;

	if (memcmp(digest, none, sizeof(none)) == 0)
		return;
	site->kind = kind;
	for (i = 0; i < STATEMENT_SITE_SIZE; i++)
		(void)snprintf(site->name + 2 * i, 3, "%02x", digest[i]);
	visit->n++;
}

static void
make_visit(const struct statement *statement, const struct facts *facts,
    const char *key, struct store_visit *ret_visit)
{
	struct store_visit *visit = ret_visit;
	size_t i;

	memset(visit, 0, sizeof(*visit));
	(void)text_copy(visit->person, sizeof(visit->person), fact_who(facts));
	visit->has_addr = facts->origin.kind == ORIGIN_ADDRESS;
	visit->addr = facts->origin.addr;
	visit->at_s = facts->at_s;
	add_digest(visit, STORE_SITE_GATEWAY, statement->gateway);
	for (i = 0; i < statement->nperipherals; i++)
		add_digest(visit, STORE_SITE_PERIPHERAL,
		    statement->peripheral[i]);
	visit->at[visit->n].kind = STORE_SITE_DEVICE;
	(void)text_copy(visit->at[visit->n].name, sizeof(visit->at[0].name),
	    key);
	visit->n++;
}

void
gather_site(struct store *store, const struct statement *statement,
    const struct facts *facts, int64_t window_s, struct fact_attested *fact)
{
	int64_t since_s = facts->at_s - window_s;
	struct store_visit visit;

	memset(&fact->site, 0, sizeof(fact->site));
	memset(&fact->device, 0, sizeof(fact->device));
	fact->company_state = FACT_ERROR;
	if (facts->person.state == FACT_ERROR)
		return; /* nobody knows whose it is */
	make_visit(statement, facts, fact->key, &visit);
	if (store_visit_others(store, &visit, false, since_s, &fact->site) ==
		0 &&
	    store_visit_others(store, &visit, true, since_s, &fact->device) ==
		0 &&
	    store_visit(store, &visit) == 0)
		fact->company_state = FACT_KNOWN;
}
