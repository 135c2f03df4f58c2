/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads that somebody else can make wait for ever: of a process's memory,
 * whose lock it may hold, of devices, which drivers lock while they look at
 * them, and of folders that a server is behind. Only SIGKILL ends such a wait.
 * Hence a child does them, the reader: with the scanner's user, capability
 * and filter, and killed when it does not answer. There is one for the process
 * that calls these functions, made when it is first needed.
 *
 * Two results stand for what could not be read in time:
 * FG_ERR_BUSY	  it blocks: twice it was waited for in vain, and it is not
 *		  asked again within READER_AGAIN_S
 * FG_ERR_TIMEOUT for want of time, or it has blocked once: the next one may
 *		  know more
 */
#ifndef FG_READER_H
#define FG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/scanner/procs_net.h"

#define READER_WAIT_MS	30u	/* for one answer */
#define READER_AGAIN_S	60u
#define READER_FORKS	8u	/* for one scan */
#define READER_BYTES	4096u	/* of one answer */

/*
 * What the reads that follow may take: so many new readers, and until then
 * (walk_now_ns()'s clock). At first it is READER_FORKS, and no end.
 */
void	reader_allow(unsigned int forks, int64_t until_ns);
void	reader_until(int64_t until_ns);

/* End it, and forget what was slow; the next read makes another. */
void	reader_stop(void);

/* It is the reader, or one that was killed and has not ended yet. */
bool	reader_is(int32_t pid);

/*
 * At most size bytes, and READER_BYTES, of a process's command line, with a
 * NUL after them. Returns 0, FG_ERR_BUSY, FG_ERR_TIMEOUT or FG_ERR_SYSTEM.
 */
int	reader_arguments(const struct fact_process *who, char *buf,
	    size_t size, size_t *ret_len);

/*
 * What a process has mapped to run it, but libraries, as procs_programs().
 * Returns as reader_arguments(), or FG_ERR_NOT_FOUND: it has ended.
 */
int	reader_programs(const struct fact_process *who, char *buf,
	    size_t size, size_t *ret_len);

/*
 * Whether a process has a file of this name mapped, as procs_maps(). Returns
 * 0, FG_ERR_BUSY, FG_ERR_TIMEOUT, or FG_ERR_NOT_FOUND: it has ended.
 */
int	reader_maps(const struct fact_process *who, const char *file,
	    bool *ret_has);

/*
 * Whether a path is as place_is_roots() wants it: at a process's own root; or
 * here, and on the device of its program. Returns 0 or as reader_maps();
 * FG_ERR_LIMIT: it is too long.
 */
int	reader_is_roots(const struct fact_process *who, const char *path,
	    bool *ret_is);
int	reader_is_upgraded(const struct fact_process *who, const char *path,
	    bool *ret_is);

/*
 * The sockets of a process's network namespace, as procs_sockets(); of ports
 * the last one is of no role. Returns as reader_programs(), or FG_ERR_LIMIT
 * with some of them.
 */
#define READER_SOCKETS_MAX (READER_BYTES / sizeof(struct procs_socket))
int	reader_sockets(const struct fact_process *who,
	    const struct procs_ports ports[PROCS_PORTS_MAX],
	    struct procs_socket buf[READER_SOCKETS_MAX], size_t *ret_n);

/* As sys_read(), with a path below /sys; and FG_ERR_BUSY, FG_ERR_TIMEOUT. */
int	reader_sys(const char *path, void *buf, size_t size, size_t *ret_len);

#endif
