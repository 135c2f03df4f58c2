/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What administrators are told of a login, in the same members by farmgatectl
 * and by hooks.
 */
#ifndef FG_TOLD_H
#define FG_TOLD_H

#include "policyd/json/json.h"
#include "policyd/stepup/approvals.h"

/* Where from. */
void	told_origin(struct json *json, const struct fact_origin *origin,
	    const struct fact_where *where);

/* What was found: codes, grades and texts. */
void	told_findings(struct json *json, const struct finding_list *findings);

/* A login that waits for an approval: everything but the number, which its
 * user alone can tell. */
void	told_approval(struct json *json, const struct approval *approval,
	    int64_t now_s);

/* "waiting", "approved", ... Static. */
const char	*told_approval_state(enum approval_state state);

#endif
