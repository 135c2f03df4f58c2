/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules: whether they may be, in what order they are kept, and the one way in
 * which a glob is matched. They come from another process and are not trusted.
 */
#include "policyd/scanner/rule.h"

#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

#define RULE_ACTIVE_ALL                                               \
	(RULE_ACTIVE_LISTEN | RULE_ACTIVE_RELAY | RULE_ACTIVE_CHILD | \
	    RULE_ACTIVE_RUNNING | RULE_ACTIVE_FORK)

static bool
ends(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

bool
rule_entry_is_valid(const struct rule_entry *entry)
{
	return ends(entry->name, sizeof(entry->name)) &&
	    entry->name[0] != '\0' && entry->kind > ENTRY_NONE &&
	    entry->kind <= ENTRY_ORDINARY && entry->kind != ENTRY_HIDDEN &&
	    entry->steers <= ENTRY_STEERS_SEAT &&
	    (entry->active & ~RULE_ACTIVE_ALL) == 0;
}

static bool
has_device(uint32_t kind)
{
	switch ((enum rule_kind)kind) {
	case RULE_USB:
	case RULE_USB_HID:
	case RULE_STORAGE:
	case RULE_DISPLAY:
	case RULE_DISPLAY_WEAK:
		return true;
	case RULE_NONE:
	case RULE_EXE:
	case RULE_COMM:
	case RULE_SCRIPT:
	case RULE_ACTIVE_EXE:
	case RULE_ACTIVE_COMM:
	case RULE_ACTIVE_ARGUMENT:
	case RULE_LISTEN:
	case RULE_RELAY:
	case RULE_LISTEN_ARGUMENT:
	case RULE_SOCKET:
	case RULE_FILE:
	case RULE_INTERFACE:
	case RULE_LINK:
	case RULE_REPORT:
	case RULE_INPUT:
	case RULE_DMI:
	case RULE_CPUID:
	case RULE_PCI:
	case RULE_KINDS:
		break;
	}
	return false;
}

bool
rule_is_valid(const struct rule *rule, size_t nentries)
{
	const struct rule_device *d = &rule->device;

	if (rule->kind <= RULE_NONE || rule->kind >= RULE_KINDS ||
	    rule->entry >= nentries)
		return false;
	if (has_device(rule->kind))
		return ends(d->manufacturer, sizeof(d->manufacturer)) &&
		    ends(d->product, sizeof(d->product)) &&
		    ends(d->serial, sizeof(d->serial));
	return ends(rule->text, sizeof(rule->text));
}

/* By kind, and within one kind as they came. */
static void
sort_rules(const struct rule *rule, size_t n, struct rules *rules)
{
	uint32_t kind;
	size_t i;

	for (kind = 0; kind < RULE_KINDS; kind++) {
		rules->first[kind] = rules->nrules;
		for (i = 0; i < n; i++)
			if (rule[i].kind == kind)
				rules->rule[rules->nrules++] = rule[i];
	}
	rules->first[RULE_KINDS] = rules->nrules;
}

int
rules_make(const struct rule_entry *entry, size_t nentries,
    const struct rule *rule, size_t nrules, struct rules *ret_rules)
{
	size_t i;

	memset(ret_rules, 0, sizeof(*ret_rules));
	if (nentries > RULE_ENTRIES_MAX || nrules > RULE_RULES_MAX)
		return FG_ERR_LIMIT;
	for (i = 0; i < nentries; i++)
		if (!rule_entry_is_valid(&entry[i]))
			return FG_ERR_FORMAT;
	for (i = 0; i < nrules; i++)
		if (!rule_is_valid(&rule[i], nentries))
			return FG_ERR_FORMAT;
	ret_rules->entry = calloc(nentries + 1, sizeof(*entry));
	ret_rules->rule = calloc(nrules + 1, sizeof(*rule));
	if (ret_rules->entry == NULL || ret_rules->rule == NULL) {
		rules_done(ret_rules);
		return FG_ERR_NOMEM;
	}
	if (nentries > 0)
		memcpy(ret_rules->entry, entry, nentries * sizeof(*entry));
	ret_rules->nentries = nentries;
	sort_rules(rule, nrules, ret_rules);
	return 0;
}

void
rules_done(struct rules *rules)
{
	free(rules->entry);
	free(rules->rule);
	memset(rules, 0, sizeof(*rules));
}

/*
 * After a star the rest is tried at each later place; only the last star has to
 * be come back to, so that no glob costs more than its length times s's.
 */
bool
rule_glob(const char *glob, const char *s)
{
	const char *star = NULL, *again = NULL;

	while (*s != '\0') {
		if (*glob == '*') {
			star = ++glob;
			again = s;
		} else if (*glob == '?' || *glob == *s) {
			glob++;
			s++;
		} else if (star != NULL) {
			glob = star;
			s = ++again;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

bool
rule_is_bare(const char *glob)
{
	return glob[0] != '/';
}
