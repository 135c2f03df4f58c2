/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the catalogue says of an input device, above all of one that a program
 * has made: through it somebody types who does not sit here.
 */
#ifndef FG_INPUT_MATCH_H
#define FG_INPUT_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/scanner/hardware/input.h"
#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/rule.h"

/*
 * SIGN_PRESENT for what is plugged in: by identity where the rule names bus and
 * vendor as well, else by composition. SIGN_RUNNING for one that a program has
 * made, as that runs for as long: by name, which is whatever the program likes;
 * and nothing where the entry's own process is known by more than a name, as
 * that one tells whose it is. Returns whether any rule is of it.
 */
bool	input_match(const struct input_device *input,
	    const struct rules *rules, struct roster *roster);

/* What it calls itself, in ROSTER_WORDS bytes. */
void	input_words(const struct input_device *input, char *dst, size_t size);

#endif
