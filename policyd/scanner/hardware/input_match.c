/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules about input devices. Who may open uinput is root, and at a desktop
 * perhaps who sits at it; the name is the maker's.
 */
#include "policyd/scanner/hardware/input_match.h"

#include "policyd/text.h"

static bool
matches(const struct rule *rule, const struct input_device *input)
{
	return (rule->low == RULE_ANY || rule->low == input->bus) &&
	    (rule->high == RULE_ANY || rule->high == input->vendor) &&
	    rule->text[0] != '\0' && rule_glob(rule->text, input->name);
}

void
input_match(const struct input_device *input, const struct rules *rules,
    struct roster *roster)
{
	char name[ROSTER_QUOTE_SIZE], seen[ROSTER_WORDS];
	const struct rule *rule;
	bool exact;
	size_t i;

	roster_quote(name, input->name);
	(void)text_format(seen, sizeof(seen),
	    "input device %s (bus %04x, %04x:%04x)%s", name, input->bus,
	    input->vendor, input->product,
	    input->made_here ? ", made by a program" : "");
	for (i = rules->first[RULE_INPUT]; i < rules->first[RULE_INPUT + 1];
	     i++) {
		rule = &rules->rule[i];
		if (!matches(rule, input))
			continue;
		exact = rule->low != RULE_ANY && rule->high != RULE_ANY;
		roster_add_entry(roster, &rules->entry[rule->entry],
		    input->made_here ? SIGN_RUNNING : SIGN_PRESENT,
		    exact ? SIGN_BY_IDENTITY : SIGN_BY_COMPOSITION, seen);
	}
}
