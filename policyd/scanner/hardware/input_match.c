/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules about input devices. Who may open uinput is root, and where some rule
 * of udev's says so whoever sits at the machine, or is in a group; name and
 * numbers of a device are its maker's choice.
 */
#include "policyd/scanner/hardware/input_match.h"

#include <string.h>

#include "policyd/text.h"

static bool
matches(const struct rule *rule, const struct input_device *input)
{
	return (rule->low == RULE_ANY || rule->low == input->bus) &&
	    (rule->high == RULE_ANY || rule->high == input->vendor) &&
	    rule->text[0] != '\0' && rule_glob(rule->text, input->name);
}

/* Its process runs, and says by itself whose it is. */
static bool
is_told(const struct rule_entry *entry, const struct picture *picture)
{
	const struct sign *s;
	size_t i;

	for (i = 0; i < picture->nsigns; i++) {
		s = &picture->sign[i];
		if (s->kind == entry->kind && s->confidence > SIGN_BY_NAME &&
		    s->pid != 0 && strcmp(s->what, entry->name) == 0)
			return true;
	}
	return false;
}

/* Bus and vendor are of a device that is plugged in as sure as its strings. */
static enum sign_confidence
confidence_of(const struct input_device *input, const struct rule *rule)
{
	if (input->made_here)
		return SIGN_BY_NAME;
	return rule->low != RULE_ANY && rule->high != RULE_ANY ?
	    SIGN_BY_IDENTITY :
	    SIGN_BY_COMPOSITION;
}

void
input_words(const struct input_device *input, char *dst, size_t size)
{
	char name[ROSTER_QUOTE_SIZE];

	roster_quote(name, input->name);
	(void)text_format(dst, size, "input device %s (bus %04x, %04x:%04x)%s",
	    name, input->bus, input->vendor, input->product,
	    input->made_here ? ", made by a program" : "");
}

bool
input_match(const struct input_device *input, const struct rules *rules,
    struct roster *roster)
{
	const struct rule_entry *entry;
	const struct rule *rule;
	char seen[ROSTER_WORDS];
	bool matched = false;
	size_t i;

	input_words(input, seen, sizeof(seen));
	for (i = rules->first[RULE_INPUT]; i < rules->first[RULE_INPUT + 1];
	     i++) {
		rule = &rules->rule[i];
		if (!matches(rule, input))
			continue;
		matched = true;
		entry = &rules->entry[rule->entry];
		if (input->made_here && is_told(entry, roster->picture))
			continue;
		roster_add_entry(roster, entry,
		    input->made_here ? SIGN_RUNNING : SIGN_PRESENT,
		    confidence_of(input, rule), seen);
	}
	return matched;
}
