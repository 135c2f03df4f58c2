/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule at the end of a zone's file, for the time behind its last listed
 * change: "CET-1CEST,M3.5.0,M10.5.0/3" (RFC 9636, 3.3.1).
 */
#ifndef FG_ZONE_RULE_H
#define FG_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zone_day {
	ZONE_DAY_NONE = 0,
	ZONE_DAY_MONTH,		/* Mm.w.d: the w-th weekday d of month m */
	ZONE_DAY_NO_LEAP,	/* Jn: 1 to 365, 29 February never counts */
	ZONE_DAY_OF_YEAR	/* n: 0 to 365 */
};

/* When one of the two kinds of time begins, by the clock before it. */
struct zone_change {
	enum zone_day	 kind;
	int		 month, week, day;
	int32_t		 time_s;	/* may be negative or beyond a day */
};

struct zone_offset {
	int32_t		 seconds;	/* east of UTC */
	bool		 dst;
};

struct zone_rule {
	struct zone_offset standard;
	bool		 has_dst;	/* else the rest is unused */
	struct zone_offset daylight;
	struct zone_change to_daylight;
	struct zone_change to_standard;
};

/* Returns 0 or FG_ERR_FORMAT. */
int	zone_rule_parse(const char *text, struct zone_rule *ret_rule);

/* at_s within the years 1 to 9999. */
struct zone_offset zone_rule_at(const struct zone_rule *rule, int64_t at_s);

#endif
