/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A configuration with its databases, and the one order in which a decision
 * is made from them. It owns both; it knows nothing of connections or files
 * of the audit.
 */
#include "policyd/ruleset.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "proto/result.h"

static void
ruleset_free(struct ruleset *rs)
{
	if (rs == NULL)
		return;
	geo_free(rs->geo);
	conf_free(rs->conf);
	conf_errors_done(&rs->warnings);
	free(rs);
}

int
ruleset_load(const char *path, struct ruleset **ret_ruleset,
    struct conf_errors *errors)
{
	struct ruleset *rs;
	int r;

	*ret_ruleset = NULL;
	if ((rs = calloc(1, sizeof(*rs))) == NULL)
		return FG_ERR_NOMEM;
	if ((r = conf_load(path, &rs->conf, errors)) != 0 ||
	    (r = geo_open(rs->conf, NULL, &rs->geo, &rs->warnings)) != 0)
		goto out;
	rs->loaded_at_s = (int64_t)time(NULL);
	rs->users = 1;
	*ret_ruleset = rs;
	rs = NULL;
out:
	ruleset_free(rs);
	return r;
}

void
ruleset_hold(struct ruleset *ruleset)
{
	assert(ruleset->users > 0);
	ruleset->users++;
}

void
ruleset_release(struct ruleset *ruleset)
{
	if (ruleset == NULL)
		return;
	assert(ruleset->users > 0);
	if (--ruleset->users == 0)
		ruleset_free(ruleset);
}

void
ruleset_decide(const struct ruleset *ruleset,
    const struct gather_parent *parent, struct facts *facts,
    struct decision *ret_decision)
{
	gather_origin(ruleset->conf, parent, facts);
	gather_net(ruleset->conf, facts);
	gather_place(ruleset->conf, ruleset->geo, facts);
	gather_asn(ruleset->conf, ruleset->geo, facts);
	gather_anonymous(ruleset->geo, facts);
	decide(facts, ruleset->conf, ret_decision);
}
