/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the catalogue, put together. Nothing of it is used before all of it
 * is there and right.
 */
#include "policyd/scanner/parts.h"

#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

size_t
scanner_part_size(const struct scanner_part *part)
{
	if (part->n > SCANNER_PART_MAX)
		return 0;
	return offsetof(struct scanner_part, entry) +
	    part->n *
	    (part->are_rules == 0 ? sizeof(part->entry[0]) :
				    sizeof(part->rule[0]));
}

void
parts_done(struct parts *parts)
{
	free(parts->entry);
	free(parts->rule);
	memset(parts, 0, sizeof(*parts));
}

static int
begin(struct parts *parts, const struct scanner_part *part)
{
	parts_done(parts);
	if (part->nentries > RULE_ENTRIES_MAX || part->nrules > RULE_RULES_MAX)
		return FG_ERR_LIMIT;
	parts->entry =
	    calloc((size_t)part->nentries + 1, sizeof(parts->entry[0]));
	parts->rule = calloc((size_t)part->nrules + 1, sizeof(parts->rule[0]));
	if (parts->entry == NULL || parts->rule == NULL)
		return FG_ERR_NOMEM;
	parts->nentries = part->nentries;
	parts->nrules = part->nrules;
	return 0;
}

static int
add(struct parts *parts, const struct scanner_part *part)
{
	if (part->nentries != parts->nentries || part->nrules != parts->nrules)
		return FG_ERR_FORMAT;
	if (part->are_rules == 0) {
		if (part->n > parts->nentries - parts->entries)
			return FG_ERR_FORMAT;
		memcpy(&parts->entry[parts->entries], part->entry,
		    part->n * sizeof(part->entry[0]));
		parts->entries += part->n;
		return 0;
	}
	if (part->n > parts->nrules - parts->rules)
		return FG_ERR_FORMAT;
	memcpy(&parts->rule[parts->rules], part->rule,
	    part->n * sizeof(part->rule[0]));
	parts->rules += part->n;
	return 0;
}

int
parts_take(struct parts *parts, const struct scanner_part *part,
    struct rules *ret_rules)
{
	int r;

	memset(ret_rules, 0, sizeof(*ret_rules));
	if (part->first == 0 && parts->entry == NULL)
		r = FG_ERR_FORMAT;
	else if (part->first == 0 || (r = begin(parts, part)) == 0)
		r = add(parts, part);
	if (r == 0 &&
	    (parts->entries < parts->nentries || parts->rules < parts->nrules))
		return FG_ERR_BUSY;
	if (r == 0)
		r = rules_make(parts->entry, parts->nentries, parts->rule,
		    parts->nrules, ret_rules);
	parts_done(parts);
	return r;
}

void
parts_fill(const struct rules *rules, size_t at, struct scanner_part *ret_part)
{
	struct scanner_part *part = ret_part;
	size_t left;

	memset(part, 0, sizeof(*part));
	part->query = SCANNER_QUERY_RULES;
	part->first = at == 0;
	part->nentries = (uint32_t)rules->nentries;
	part->nrules = (uint32_t)rules->nrules;
	part->are_rules = at >= rules->nentries;
	if (part->are_rules)
		at -= rules->nentries;
	left = (part->are_rules ? rules->nrules : rules->nentries) - at;
	part->n = (uint32_t)(left < SCANNER_PART_MAX ? left : SCANNER_PART_MAX);
	if (part->n > 0 && part->are_rules)
		memcpy(part->rule, rules->rule + at,
		    part->n * sizeof(part->rule[0]));
	else if (part->n > 0)
		memcpy(part->entry, rules->entry + at,
		    part->n * sizeof(part->entry[0]));
}
