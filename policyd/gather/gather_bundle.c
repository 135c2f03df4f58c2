/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bundle that is in force, by which other hosts say who was dismissed, and
 * whether it is too old to be relied on.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store.h"

void
gather_bundle(const struct conf *conf, struct store *store, struct facts *facts)
{
	struct fact_bundle *fact = &facts->bundle;
	struct store_outline outline;

	memset(fact, 0, sizeof(*fact));
	if (store == NULL)
		return;
	if (store_outline(store, &outline) != 0) {
		fact->state = FACT_ERROR;
		return;
	}
	if (!outline.bundle)
		return;
	fact->state = FACT_KNOWN;
	fact->serial = outline.bundle_serial;
	fact->made_s = outline.bundle_made_s;
	fact->stale = conf_bundle_is_stale(conf, fact->made_s, facts->at_s);
}
