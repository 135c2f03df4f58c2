/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the ssh that is found in PATH says of itself.
 */
#ifndef FG_SSH_H
#define FG_SSH_H

#include <stdbool.h>
#include <stddef.h>

enum ssh_fitness {
	SSH_ABSENT,	/* none is found, or it cannot be run */
	SSH_STRANGE,	/* it is not OpenSSH's */
	SSH_OLD,	/* before 8.5: it does not say whose a prompt is */
	SSH_FIT
};

#define SSH_VERSION_SIZE 64u

/* ret_version is the first line of "ssh -V", cut, or "". */
enum ssh_fitness	ssh_fitness(char ret_version[SSH_VERSION_SIZE]);

/* The same for that line, without running anything. */
enum ssh_fitness	ssh_fitness_of(const char *version);

/* What ssh_config(5) comes to for a host, as far as it matters here. */
struct ssh_options {
	char	 host[257];	/* what ssh calls it in a prompt */
	bool	 batch;		/* it asks nobody */
	bool	 interactive;	/* keyboard-interactive is on */
};

/* Returns 0, FG_ERR_NOT_FOUND if ssh says nothing, or FG_ERR_SYSTEM. */
int	ssh_options(const char *host, struct ssh_options *ret_options);

/* The same out of the output of "ssh -G", which is cut up by it. */
int	ssh_options_of(char *output, struct ssh_options *ret_options);

#endif
