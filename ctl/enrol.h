/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of farmgatectl enrol: what is done on a laptop, what each laptop is
 * told of a jump host, and a laptop that is enrolled there.
 */
#ifndef FG_CTL_ENROL_H
#define FG_CTL_ENROL_H

#include "ctl/ctl.h"
#include "policyd/witness/enrolment_code.h"

/* enrol_add.c */
int	enrol_add(const struct ctl *ctl, int argc, char **argv);
/*
 * enrol_line.c: the line out of an argument, a file or standard input, "-",
 * without what mail, terminals and editors add to it. Returns CTL_OK, or
 * CTL_ERROR after a complaint.
 */
int	enrol_line(const char *from, char code[ENROLMENT_CODE_SIZE]);
/* enrol_host.c */
int	enrol_host(const struct ctl *ctl, int argc, char **argv);

#endif
