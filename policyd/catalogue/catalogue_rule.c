/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of an entry: adding them, within the limits of a catalogue, and
 * bringing those of all entries together for the scanner.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"
#include "proto/result.h"

#define RULE_ROOM_FIRST 16u

/* The list grows when the count reaches a power of two. */
static bool
make_room(struct catalogue_build *b)
{
	struct catalogue_entry *e = b->entry;
	size_t room = e->nrules == 0 ? RULE_ROOM_FIRST : e->nrules * 2;
	struct rule *rules;

	if (e->nrules != 0 &&
	    (e->nrules < RULE_ROOM_FIRST || (e->nrules & (e->nrules - 1)) != 0))
		return true;
	if ((rules = reallocarray(e->rules, room, sizeof(*rules))) == NULL) {
		b->reader.nomem = true;
		return false;
	}
	e->rules = rules;
	return true;
}

void
catalogue_add(struct catalogue_build *b, const struct rule *rule)
{
	struct catalogue_entry *e = b->entry;
	size_t i;

	if (b->full || b->reader.nomem)
		return;
	for (i = 0; i < e->nrules; i++)
		if (memcmp(&e->rules[i], rule, sizeof(*rule)) == 0)
			return;
	if (b->catalogue->nrules + e->nrules >= RULE_RULES_MAX) {
		b->full = true;
		CATALOGUE_ERROR(b, e->line,
		    "%s %s brings the catalogue to more than %u signs; take "
		    "out entries that you do not look for",
		    catalogue_section_name(e->section), e->name,
		    RULE_RULES_MAX);
		return;
	}
	if (make_room(b))
		e->rules[e->nrules++] = *rule;
}

void
catalogue_add_text(struct catalogue_build *b, enum rule_kind kind,
    const char *text)
{
	struct rule rule = { .kind = kind };

	(void)snprintf(rule.text, sizeof(rule.text), "%s", text);
	catalogue_add(b, &rule);
}

void
catalogue_add_file(struct catalogue_build *b, unsigned int line,
    const char *prefix, const char *name, const char *suffix)
{
	struct rule rule = { .kind = RULE_FILE };
	int n;

	n = snprintf(rule.text, sizeof(rule.text), "%s%s%s", prefix, name,
	    suffix);
	if (n < 0 || (size_t)n >= sizeof(rule.text))
		CATALOGUE_ERROR(b, line, "\"%.80s\" is too long; shorten it",
		    name);
	else
		catalogue_add(b, &rule);
}

/* The scanner's entries: those that are not another one's. */
static size_t
fill_entries(const struct catalogue *catalogue, struct rule_entry *list,
    uint32_t *index)
{
	const struct catalogue_entry *e;
	size_t i, n = 0;

	for (i = 0; i < catalogue->nentries; i++) {
		e = &catalogue->entries[i];
		if (e->of != i)
			continue;
		index[i] = (uint32_t)n;
		(void)snprintf(list[n].name, sizeof(list[n].name), "%s",
		    e->name);
		list[n].kind = e->kind;
		list[n].steers = e->steers;
		list[n++].active = e->active;
	}
	return n;
}

static size_t
fill_rules(const struct catalogue *catalogue, struct rule *list,
    const uint32_t *index)
{
	const struct catalogue_entry *e;
	size_t i, k, n = 0;

	for (i = 0; i < catalogue->nentries; i++) {
		e = &catalogue->entries[i];
		for (k = 0; k < e->nrules; k++) {
			list[n] = e->rules[k];
			list[n++].entry = index[e->of];
		}
	}
	return n;
}

int
catalogue_rules(const struct catalogue *catalogue, struct rules *ret_rules)
{
	struct rule_entry *entries;
	struct rule *rules;
	uint32_t *index;
	size_t nentries, nrules;
	int r = FG_ERR_NOMEM;

	memset(ret_rules, 0, sizeof(*ret_rules));
	entries = calloc(catalogue->nentries + 1, sizeof(*entries));
	index = calloc(catalogue->nentries + 1, sizeof(*index));
	rules = calloc(catalogue->nrules + 1, sizeof(*rules));
	if (entries == NULL || index == NULL || rules == NULL)
		goto out;
	nentries = fill_entries(catalogue, entries, index);
	nrules = fill_rules(catalogue, rules, index);
	r = rules_make(entries, nentries, rules, nrules, ret_rules);
out:
	free(entries);
	free(index);
	free(rules);
	return r;
}
