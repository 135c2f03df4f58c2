/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a long reading is, on standard error, and only if that is a terminal.
 */
#ifndef FG_CTL_PAST_BAR_H
#define FG_CTL_PAST_BAR_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl/past/past_all.h"

struct bar {
	bool		 shown;
	uint64_t	 turns;
	int64_t		 next_ms;	/* when it is drawn again */
};

void	bar_init(struct bar *bar);
/* After each login; mostly nothing is done. */
void	bar_step(struct bar *bar, const struct past_all *all);
/* It goes away. */
void	bar_done(struct bar *bar);

#endif
