/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of farmgatectl enrol: what is done on a laptop, what each laptop is
 * told of a jump host, and a laptop that is enrolled there.
 */
#ifndef FG_CTL_ENROL_H
#define FG_CTL_ENROL_H

#include "ctl/ctl.h"

/* enrol_add.c */
int	enrol_add(const struct ctl *ctl, int argc, char **argv);
/* enrol_host.c */
int	enrol_host(const struct ctl *ctl, int argc, char **argv);

#endif
