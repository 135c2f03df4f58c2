/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two clocks held against each other, and nothing else.
 */
#include "policyd/expiry.h"

static void
set(struct expiry_clock *clock, int64_t now_s, int64_t boot_s, bool doubted)
{
	clock->wall_s = now_s;
	clock->boot_s = boot_s;
	clock->doubted = doubted;
}

void
expiry_clock_start(struct expiry_clock *clock, int64_t opened_s, int64_t now_s,
    int64_t boot_s)
{
	bool known = opened_s != INT64_MIN;

	set(clock, now_s, boot_s, known && opened_s < now_s - RETENTION_GAP_S);
}

bool
expiry_clock_is_right(struct expiry_clock *clock, int64_t now_s, int64_t boot_s)
{
	int64_t drift = (now_s - clock->wall_s) - (boot_s - clock->boot_s);

	if (drift > RETENTION_DAY_S || drift < -RETENTION_DAY_S)
		set(clock, now_s, boot_s, true);
	else if (boot_s - clock->boot_s >= RETENTION_PROOF_S)
		set(clock, now_s, boot_s, false);
	return !clock->doubted;
}
