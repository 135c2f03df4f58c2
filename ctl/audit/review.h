/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit review: what somebody who has looked into a decision says
 * of it, as a record of its own.
 */
#ifndef FG_CTL_AUDIT_REVIEW_H
#define FG_CTL_AUDIT_REVIEW_H

#include "ctl/ctl.h"

/* The command, argv[0] being "review". Returns the exit status. */
int	audit_review(const struct ctl *ctl, int argc, char **argv);

#endif
