/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where somebody is and since when, in words: for findings about two places,
 * whose evidence names both.
 */
#ifndef FG_CHECK_END_H
#define FG_CHECK_END_H

#include <stdint.h>

#include "policyd/check/check_source.h"
#include "policyd/facts.h"

#define CHECK_END_SIZE	144u
#define CHECK_SPAN_SIZE	32u

/*
 * "192.0.2.1 (NO, AS64500, office)"; what is not known is left out. Returns
 * buf.
 */
const char *check_end_text(const struct fact_origin *origin,
	    const struct fact_where *where, char buf[CHECK_END_SIZE]);

/* "45 s", "2 h 10 min", "3 d"; less than none is none. Returns buf. */
const char *check_span_text(int64_t seconds, char buf[CHECK_SPAN_SIZE]);

/* "7F3K-Q2MN by sshd from 192.0.2.1 (NO), 2 h 10 min ago"; with device also
 * " with LT-0042", if it is known. */
void	check_end_add(struct check_source *source,
	    const struct fact_other *other, bool device, int64_t now_s);

#endif
