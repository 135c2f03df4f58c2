/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with the data that decides, said when it is loaded and again
 * and again as long as it lasts: nobody reads the line of three months ago.
 */
#ifndef FG_RELOAD_WARN_H
#define FG_RELOAD_WARN_H

#include "policyd/daemon.h"

#define RELOAD_WARN_MS 86400000u /* once a day */

struct reload_warn;

/* daemon->rules are looked at when it is said. Fatal without memory. */
struct reload_warn	*reload_warn_new(struct daemon *daemon,
			    unsigned int period_ms);
void	reload_warn_free(struct reload_warn *warn);	/* NULL is fine */

/*
 * Say it now, and again after a period: databases that cannot be used or that
 * were replaced by something that cannot; databases and lists that are older
 * than their max_age. Nothing is said where nothing is wrong.
 */
void	reload_warn_say(struct reload_warn *warn);

#endif
