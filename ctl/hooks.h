/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The administrator's hooks, as farmgatectl check looks at them.
 */
#ifndef FG_CTL_HOOKS_H
#define FG_CTL_HOOKS_H

#include "policyd/conf.h"

/*
 * Warn of what lies in the folder "hooks" beside the configuration and would
 * never be run, of a hook service that is not there, and of rules of while_open
 * that run a hook which is not there. Else there is nothing to say.
 */
void hooks_check(const struct conf *conf);

#endif
