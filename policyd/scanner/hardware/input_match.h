/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the catalogue says of an input device, above all of one that a program
 * has made: through it somebody types who does not sit here.
 */
#ifndef FG_INPUT_MATCH_H
#define FG_INPUT_MATCH_H

#include "policyd/scanner/hardware/input.h"
#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/rule.h"

/*
 * By identity where the rule names bus and vendor as well, else by
 * composition. SIGN_RUNNING for one that a program has made, as that runs for
 * as long; SIGN_PRESENT for what is plugged in. One without an entry is
 * nothing: programs that help to type make such devices, too.
 */
void	input_match(const struct input_device *input,
	    const struct rules *rules, struct roster *roster);

#endif
