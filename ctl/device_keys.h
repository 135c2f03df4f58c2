/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The subcommands of farmgatectl device that are about laptops which a jump
 * host has enrolled.
 */
#ifndef FG_CTL_DEVICE_KEYS_H
#define FG_CTL_DEVICE_KEYS_H

#include "ctl/ctl.h"

int	device_keys_list(const struct ctl *ctl, int argc, char **argv);
int	device_keys_revoke(const struct ctl *ctl, int argc, char **argv);
int	device_keys_remove(const struct ctl *ctl, int argc, char **argv);

#endif
