/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon knows of its own machine: the scanner's last picture, and
 * what administrators have said of what belongs there.
 */
#ifndef FG_MACHINE_H
#define FG_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/daemon.h"
#include "policyd/gather/gather.h"

/* Have the scanner look for what the rules' catalogue has. */
void	machine_set_rules(struct daemon *daemon);

/* Why not all of the catalogue is looked for, static; NULL: it is. */
const char *machine_unsought(const struct daemon *daemon);

/* CLOCK_BOOTTIME. */
int64_t	machine_now_ns(void);

/*
 * All of it, as of now; of who has asked at that time: whatever came after a
 * look that was begun since is of no concern to them. Borrowed until the loop
 * runs again.
 */
void	machine_known(const struct daemon *daemon, const struct conf *conf,
	    struct gather_machine *ret_machine);
void	machine_known_since(const struct daemon *daemon,
	    const struct conf *conf, int64_t asked_ns,
	    struct gather_machine *ret_machine);

/* Whether the last picture is young enough for a login. */
bool	machine_is_fresh(const struct daemon *daemon,
	    const struct conf_machine *machine);

#endif
