/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom break-glass lets into a service: the entries of its file, as text.
 */
#ifndef FG_CTL_KEYHOLDERS_H
#define FG_CTL_KEYHOLDERS_H

#include <stddef.h>

/*
 * "root console, ops 192.0.2.0/24", the entries of the file for the service and
 * for the user (NULL: all users); "nobody" if there are none.
 */
void	keyholders_list(const char *path, const char *service,
	    const char *user, char *buf, size_t size);

#endif
