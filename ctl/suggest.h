/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory suggest: a draft of people.csv from what this machine
 * knows of its logins.
 */
#ifndef FG_SUGGEST_H
#define FG_SUGGEST_H

#include "ctl/ctl.h"

int cmd_suggest(const struct ctl *ctl, int argc, char **argv);

#endif
