/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Displays that are connected, by their EDID. An ordinary monitor's that a
 * capture device has copied is that monitor's: only a rule with its serial
 * number finds it.
 */
#ifndef FG_DISPLAY_H
#define FG_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/hardware/edid.h"
#include "policyd/scanner/hardware/machine.h"
#include "policyd/scanner/hardware/roster.h"
#include "policyd/scanner/rule.h"

struct display {
	char	 connector[SIGN_WHAT_MAX + 1];	/* "HDMI-A-1" */
	bool	 has_edid;
	struct edid edid;		/* .has_edid: as far as it is good */
};

/*
 * Signs of what the rules say, and of each monitor that is plugged in. The
 * machine's own panel is nothing. .failed and .cut of the picture are set.
 */
void	display_look(int sys, const struct rules *rules, int64_t until_ns,
	    struct machine *machine, struct roster *roster);

/* What the rules say of one. */
void	display_match(const struct display *display, const struct rules *rules,
	    struct machine *machine, struct roster *roster);

#endif
