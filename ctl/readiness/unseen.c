/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins that the gate has not seen: its heartbeat. A gate that is never asked
 * reports no trouble either.
 */
#include <string.h>

#include "ctl/readiness/readiness_parts.h"

static void
report(struct readiness *r, const struct terminal *last, uint64_t n)
{
	char text[ADDR_TEXT_SIZE], when[CTL_TIME_SIZE];
	struct json *o;

	o = readiness_item(r, "login",
	    "see that /etc/pam.d/sshd names the gate in account and session, "
	    "and that sshd has UsePAM yes: farmgatectl check-sshd",
	    "%s: %llu login%s at a terminal without a decision of the gate, "
	    "the last %s%s%s",
	    last->user, (unsigned long long)n, readiness_plural(n),
	    ctl_time_text(last->at_s, when), last->has_addr ? " from " : "",
	    last->has_addr ? addr_text(&last->addr, text) : "");
	json_set_untrusted(o, "user", last->user);
	json_set_int(o, "logins", (int64_t)n);
	json_set_int(o, "last", last->at_s);
}

void
readiness_terminals(struct readiness *r)
{
	const struct terminal *list = r->terminals.list;
	size_t i, from = 0, n;

	if (!r->has_terminals)
		return;
	terminals_undecided(&r->terminals, &n);
	for (i = 0; i < n; i++) {
		if (i + 1 < n && strcmp(list[i].user, list[i + 1].user) == 0)
			continue;
		report(r, &list[i], i + 1 - from);
		from = i + 1;
	}
}
