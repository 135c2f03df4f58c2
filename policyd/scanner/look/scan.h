/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One scan while it lasts: what its parts are given.
 */
#ifndef FG_SCAN_H
#define FG_SCAN_H

#include <stdint.h>

#include "policyd/scanner/look/carry.h"
#include "policyd/scanner/look/match.h"
#include "policyd/scanner/picture.h"

struct scan {
	const struct match *match;	/* borrowed */
	struct picture	*picture;	/* borrowed; .seat_uid is known */
	struct carry	*carry;		/* borrowed */
	uint64_t	 round;		/* of this scanner, from 1 */
	uint64_t	 rules;		/* which ones: another after a change */
	int64_t		 until_ns;	/* of the part; walk_now_ns()'s clock */
};

#endif
