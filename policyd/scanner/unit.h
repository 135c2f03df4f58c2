/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the service manager calls a process's cgroup: people know its units.
 */
#ifndef FG_UNIT_H
#define FG_UNIT_H

#include <stddef.h>

#define UNIT_SIZE 96u

/*
 * "x.service" or "x.scope", the last one of the path; one of a user's own
 * manager, who names it as they like, behind that manager:
 * "user@1000.service/x.service". "" where there is none; cut to size.
 */
void	unit_of(const char *cgroup, char ret_unit[UNIT_SIZE]);

#endif
