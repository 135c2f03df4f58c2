/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is held on one person, for that person: a copy of all of it, and its
 * end. Subcommands of farmgatectl person; argv[0] is the subcommand.
 */
#ifndef FG_CTL_PERSON_H
#define FG_CTL_PERSON_H

#include "ctl/ctl.h"

int person_export(const struct ctl *ctl, int argc, char **argv);
int person_forget(const struct ctl *ctl, int argc, char **argv);

#endif
