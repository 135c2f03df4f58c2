/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The catalogue as it comes in, part by part, until it is whole.
 */
#ifndef FG_PARTS_H
#define FG_PARTS_H

#include <stddef.h>

#include "policyd/scanner/rule.h"
#include "policyd/scanner/scanner.h"

/* Zeroed is nothing yet. */
struct parts {
	uint32_t	 nentries;	/* that the whole has */
	uint32_t	 nrules;
	size_t		 entries;	/* that are here */
	size_t		 rules;
	struct rule_entry *entry;
	struct rule	*rule;
};

/*
 * Take a part. Returns 0 when the whole is in *ret_rules, FG_ERR_BUSY while
 * more is to come, or what rules_make() returns for one that is none; also
 * FG_ERR_FORMAT for a part out of its order. Only after 0 and FG_ERR_BUSY is
 * there anything left of those before.
 */
int	parts_take(struct parts *parts, const struct scanner_part *part,
	    struct rules *ret_rules);
/* The part that begins at the at-th of all entries and rules: entries come
 * before the first rule, and no part has both. */
void	parts_fill(const struct rules *rules, size_t at,
	    struct scanner_part *ret_part);
void	parts_done(struct parts *parts);

#endif
