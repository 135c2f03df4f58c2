/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tools whose network is another one, as in a container of a user's: the
 * kernel's list of sockets is about the scanner's network alone.
 */
#ifndef FG_NETNS_H
#define FG_NETNS_H

#include "policyd/scanner/look/scan.h"
#include "policyd/scanner/look/socket.h"
#include "policyd/scanner/look/tools.h"

#define NETNS_OF_PERSON 8u	/* tools that are asked about in one scan */

/*
 * Add the TCP sockets at the ports of such tools, until .until_ns of the scan,
 * and set .net of all tools. What is not seen is told by owner_lose() of the
 * tool's person, and by PICTURE_SOCKETS of .cut where there was no time.
 */
void	netns_look(const struct scan *scan, struct tools *tools,
	    struct sockets *sockets);

#endif
