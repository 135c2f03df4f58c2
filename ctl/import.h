/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The imports of people, which are one command but for what is in the file.
 */
#ifndef FG_CTL_IMPORT_H
#define FG_CTL_IMPORT_H

#include "ctl/ctl.h"

/* command: "inventory" or "bundle". Returns the exit status. */
int ctl_import(const struct ctl *ctl, const char *command, int argc,
    char **argv);

#endif
