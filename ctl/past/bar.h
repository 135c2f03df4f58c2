/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a long reading is, on standard error, and only if that is a terminal.
 */
#ifndef FG_CTL_PAST_BAR_H
#define FG_CTL_PAST_BAR_H

#include <stdbool.h>
#include <stdint.h>

/* What there is to read, and what of it is done. */
struct bar_at {
	uint64_t	 done, all;	/* bytes */
	uint64_t	 lines;		/* done */
};

struct bar {
	bool		 shown;
	int64_t		 next_ms;	/* when it is drawn again */
	void		(*ask)(void *arg, struct bar_at *ret_at);
	void		*arg;
};

/* ask says how far it is. */
void	bar_init(struct bar *bar, void (*ask)(void *arg, struct bar_at *ret_at),
	    void *arg);
/* Every now and then while it is read; mostly it is not yet time. It takes a
 * struct bar, as past_all_watch() gives it. */
void	bar_tick(void *arg);
/* It goes away, until the next tick. */
void	bar_hide(struct bar *bar);
/* And for good. */
void	bar_done(struct bar *bar);

#endif
