/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking an sshd for what is in force in it: "sshd -T", run without a shell,
 * in an environment of our own, for a bounded time.
 */
#ifndef FG_CTL_SSHD_RUN_H
#define FG_CTL_SSHD_RUN_H

#include <stddef.h>

struct run {
	const char *program;	/* an absolute path, as sshd wants it */
	const char *config;	/* its file; NULL: its own */
	const char *connection;	/* "user=...,addr=..." of -C */
};

/* The sshd that is installed, at one of its fixed places, or NULL. Static. */
const char	*run_program(void);

/*
 * Returns CTL_OK and the settings, CTL_NO and what sshd complained of, or as
 * child_run() does. The caller frees *ret_text, of *ret_len bytes and a NUL.
 */
int	 run_sshd(const struct run *run, char **ret_text, size_t *ret_len);

#endif
