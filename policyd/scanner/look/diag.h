/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's answers about sockets, as sock_diag(7) has them. Anybody may
 * ask; what is in the answers are numbers, but for names of Unix sockets.
 */
#ifndef FG_DIAG_H
#define FG_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIAG_BUFFER	32768u	/* as much as the kernel gives at once */

struct diag {
	int		 fd;		/* -1: it could not be had */
	uint32_t	 seq;
	bool		 pending;	/* the last answer is not over */
	_Alignas(8) char buf[DIAG_BUFFER];
};

/* One socket: the struct of its family, and attributes behind it. */
typedef void (*diag_fn)(const void *msg, size_t len, void *arg);

/* Sockets that are open stay so under a filter that makes no new one. */
int	diag_open(struct diag *diag);
void	diag_close(struct diag *diag);

/*
 * Ask for all sockets that request is about, and call fn for each until then
 * (walk_now_ns()'s clock). Returns 0, FG_ERR_TIMEOUT (not all of them) or
 * FG_ERR_SYSTEM.
 */
int	diag_dump(struct diag *diag, const void *request, size_t len,
	    int64_t until_ns, diag_fn fn, void *arg);

/* The same for one; FG_ERR_NOT_FOUND if there is none. */
int	diag_one(struct diag *diag, const void *request, size_t len,
	    int64_t until_ns, diag_fn fn, void *arg);

/*
 * An attribute behind a struct of so many bytes. NULL: it is not there, or has
 * less than size bytes.
 */
const void *diag_attribute(const void *msg, size_t len, size_t skip,
	    uint16_t type, size_t size);

#endif
