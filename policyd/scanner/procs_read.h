/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the scanner's files read of /proc, parsed. folder is /proc, or a
 * process's folder (procs_open()), which stays that process's even if its
 * number is used again; name is relative to it.
 */
#ifndef FG_PROCS_READ_H
#define FG_PROCS_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"

#define PROCS_PID_MAX	4194304	/* 2^22, the kernel's own limit */
#define PROCS_NAME_SIZE	32	/* "4194304/sessionid" and room */

struct procs_stat {
	char		 state;
	int32_t		 ppid;	/* 0: pid 1, or outside of our view */
	int32_t		 session; /* setsid(2)'s; 0: not known */
	bool		 kernel; /* a thread of the kernel's */
	uint32_t	 threads; /* the first one too, if that has ended */
	uint64_t	 start;
	/* Another one after each execve(2), as the addresses of the stack and
	 * the arguments are; the same where those are not told. */
	uint64_t	 exec;
	char		 comm[FACT_COMM_MAX + 1];
};

/* /proc, opened once; -1 if it cannot be. */
int	procs_folder(void);

/* /proc/PID, for the caller to close; -1: there is no such process. */
int	procs_open(int32_t pid);

/* Each returns 0, FG_ERR_SYSTEM, FG_ERR_FORMAT, FG_ERR_LIMIT or _SHORT. */
int	procs_read_stat(int folder, const char *name,
	    struct procs_stat *ret_st);
/* (uint32_t)-1 also where the kernel has no audit subsystem. */
int	procs_read_audit_id(int folder, const char *name, uint32_t *ret_id);
/* The real and the effective uid, out of /proc/PID/status. */
int	procs_read_uids(int folder, uint32_t *ret_real,
	    uint32_t *ret_effective);
/*
 * Its uids are not those of pid 1's user namespace: some were lent, and who
 * made the namespace has chosen which of them it has.
 */
bool	procs_has_lent_uids(int folder);
/* Which of its namespaces are not pid 1's, SIGN_APART_* of picture.h. One that
 * cannot be told is none. */
uint8_t	procs_apart(int folder);
/* Whether a file of this name, in whatever folder, is mapped. */
bool	procs_maps(int folder, const char *file);
/*
 * The files that are mapped to be run, but no "*.so*", each with its NUL: as
 * many as fit. Returns the bytes of them.
 */
size_t	procs_programs(int folder, char *buf, size_t size);
/* The unified cgroup, else systemd's, printable and cut to size. */
int	procs_read_cgroup(int folder, char *dst, size_t size);
/* The unified hierarchy's alone, as it stands; "" where there is none. */
int	procs_read_unified(int folder, char *dst, size_t size);
/* What a link says; FG_ERR_LIMIT: not all of it. */
int	procs_read_link(int folder, const char *name, char *buf, size_t size);
/* The first bytes of a command line, with NULs and one more at the end. */
int	procs_read_arguments(int folder, const char *name, char *buf,
	    size_t size, size_t *ret_len);

/*
 * It has ended, and only waits to be reaped. One whose first thread has ended
 * looks so, and goes on as long as there are others.
 */
bool	procs_is_dead(const struct procs_stat *st);

#endif
