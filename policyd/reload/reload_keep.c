/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of copies that are mapped.
 */
#include "policyd/reload/reload_keep.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/geo/copy.h"

void
reload_keep_done(struct reload_keep *keep)
{
	free(keep->hashes);
	keep->hashes = NULL;
	keep->n = 0;
	keep->known = false;
	ruleset_release(keep->old);
	keep->old = NULL;
}

static void
add_all(struct reload_keep *keep, const struct geo *geo)
{
	size_t i;

	for (i = 0; i < geo_count(geo); i++)
		memcpy(keep->hashes[keep->n++], geo_info(geo, i)->hash,
		    CONF_HASH_SIZE);
}

void
reload_keep_set(struct reload_keep *keep, const struct ruleset *rules,
    struct ruleset *old)
{
	size_t n = geo_count(rules->geo);

	reload_keep_done(keep);
	/* One hold is the daemon's own, which is about to let go. */
	if (old != NULL && old->users > 1) {
		n += geo_count(old->geo);
		ruleset_hold(old);
		keep->old = old;
	}
	if ((keep->hashes = calloc(n + 1, sizeof(*keep->hashes))) == NULL)
		return;
	keep->known = true;
	add_all(keep, rules->geo);
	if (keep->old != NULL)
		add_all(keep, keep->old->geo);
}

bool
reload_keep_is_used(const struct reload_keep *keep)
{
	return keep->old != NULL && keep->old->users > 1;
}

void
reload_keep_only(const struct reload_keep *keep)
{
	if (keep->known)
		geo_copy_clean(keep->folder,
		    (const char(*)[CONF_HASH_SIZE])keep->hashes, keep->n);
}
