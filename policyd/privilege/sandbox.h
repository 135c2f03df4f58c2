/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is left of the kernel for each process after start-up: seccomp allow
 * lists (sandbox.c, the only file that knows libseccomp) and a landlock
 * ruleset where the kernel has it (landlock.c). Applied after priv_drop(),
 * landlock first: the filter forbids its calls.
 */
#ifndef FG_SANDBOX_H
#define FG_SANDBOX_H

enum sandbox_role {
	SANDBOX_NONE = 0,
	SANDBOX_DECIDER,
	SANDBOX_SCANNER,
	SANDBOX_SCANNER_TERMINATE	/* may end other processes as well */
};

enum sandbox_mode {
	SANDBOX_ERRNO = 0,	/* anything else gets EPERM */
	SANDBOX_KILL		/* ... kills the process: for tests */
};

/* Returns 0 or FG_ERR_SYSTEM. The caller treats that as fatal. */
int	sandbox_apply(enum sandbox_role role, enum sandbox_mode mode);

struct landlock_paths {
	const char	*const *read;	/* NULL-terminated folders or files */
	const char	*const *write;	/* ... also written and created */
	const char	*const *own;	/* ... and renamed, and removed */
	const char	*const *data;	/* as read: what the system provides */
};

/*
 * Confine file access to paths. Missing ones are passed over.
 * Returns the ABI version in force, 0 where the kernel has no landlock, or
 * FG_ERR_SYSTEM. No landlock is no failure: status says so.
 */
int	landlock_apply(const struct landlock_paths *paths);

#endif
