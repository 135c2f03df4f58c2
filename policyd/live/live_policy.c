/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which policy a session was opened under. Groups are not asked for again, so
 * that nobody else can tell; after a restart of the daemon what is known of
 * the session decides, and else the file's own rules.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/live/live_parts.h"
#include "policyd/log.h"
#include "policyd/text.h"

static size_t
bucket(const char *ref)
{
	size_t h = 5381;

	for (; *ref != '\0'; ref++)
		h = h * 33 + (unsigned char)*ref;
	return h & (LIVE_BUCKETS - 1);
}

static struct live_opened *
find(const struct live *live, const char *ref)
{
	struct live_opened *o;

	LIST_FOREACH(o, &live->opened[bucket(ref)], entry) {
		if (strcmp(o->ref, ref) == 0)
			return o;
	}
	return NULL;
}

const char *
live_policy_name(const struct live *live, const char *ref)
{
	const struct live_opened *o = find(live, ref);

	return o == NULL ? NULL : o->policy;
}

void
live_opened(struct daemon *daemon, const char *ref,
    const struct conf_policy *policy)
{
	struct live *live = daemon->live;
	struct live_opened *o;

	if (live == NULL || policy == NULL)
		return;
	if ((o = find(live, ref)) == NULL) {
		if ((o = calloc(1, sizeof(*o))) == NULL) {
			log_warn("live: out of memory: session %s goes by the "
				 "rules outside of all policies",
			    ref);
			return;
		}
		(void)text_copy(o->ref, sizeof(o->ref), ref);
		LIST_INSERT_HEAD(&live->opened[bucket(ref)], o, entry);
	}
	(void)text_copy(o->policy, sizeof(o->policy), policy->name);
}

void
live_ended(struct daemon *daemon, const char *ref)
{
	struct live_opened *o;

	if (daemon->live == NULL || (o = find(daemon->live, ref)) == NULL)
		return;
	LIST_REMOVE(o, entry);
	free(o);
}

void
live_policies_free(struct live *live)
{
	struct live_opened *o;
	size_t i;

	for (i = 0; i < LIVE_BUCKETS; i++) {
		while ((o = LIST_FIRST(&live->opened[i])) != NULL) {
			LIST_REMOVE(o, entry);
			free(o);
		}
	}
}
