/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the daemon did not run, as its records say, and as they do not.
 */
#include <stdlib.h>

#include "ctl/audit/reconcile.h"

static void
add(struct reconcile *r, const struct down *down)
{
	if (r->down == NULL)
		r->down = calloc(RECONCILE_LIST_MAX, sizeof(*r->down));
	if (r->down == NULL || r->ndowns == RECONCILE_LIST_MAX)
		r->downs_more++;
	else
		r->down[r->ndowns++] = *down;
}

void
down_start(struct reconcile *r, int64_t at_s, int64_t before_s, bool counts)
{
	struct runs *runs = &r->runs;
	const struct down down = {
		.from_s = runs->stopped ? runs->stopped_s : before_s,
		.until_s = at_s,
		.crashed = !runs->stopped,
	};

	if (runs->seen && counts)
		add(r, &down);
	runs->stopped = false;
}

void
down_stop(struct reconcile *r, int64_t at_s)
{
	r->runs.stopped = true;
	r->runs.stopped_s = at_s;
}

void
down_end(struct reconcile *r)
{
	const struct down down = { .from_s = r->runs.stopped_s,
		.until_s = INT64_MAX };

	r->runs.ended = true;
	if (r->runs.stopped)
		add(r, &down);
}

/*
 * One that was killed, and has not started again, says nothing. Nor does one
 * that runs if it is gone by: so these logins stay what they are.
 */
void
down_suppose(struct reconcile *r)
{
	const struct down down = { .from_s = r->last_s,
		.until_s = INT64_MAX,
		.crashed = true,
		.supposed = true };

	if (!r->runs.ended || !r->runs.seen || r->runs.stopped)
		return;
	for (size_t i = 0; i < r->ngaps; i++)
		if (r->gap[i].at_s > r->last_s && r->gap[i].kind != GAP_GLASS) {
			add(r, &down);
			return;
		}
}

bool
down_was(const struct reconcile *r, int64_t at_s)
{
	for (size_t i = 0; i < r->ndowns; i++)
		if (!r->down[i].supposed && at_s >= r->down[i].from_s &&
		    at_s < r->down[i].until_s)
			return true;
	return false;
}
