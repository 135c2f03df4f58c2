/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of the PAM line. farmgatectl reads them by the same table.
 */
#ifndef FG_ARGS_H
#define FG_ARGS_H

#include <security/pam_modules.h>

#include <stdbool.h>

struct args {
	const char	*socket;	/* borrowed from argv, or the default */
	const char	*breakglass;	/* likewise, the file */
	unsigned int	 timeout_ms;
	bool		 allow_on_error;
	bool		 observe;
	bool		 nogroups;
	bool		 nonroot_deny;
	bool		 delegated;	/* of auth: the module before passed */
	bool		 debug;
};

/* One argument is wrong: the i-th, from 1; it as one printable word; and what
 * is wrong with it, static. */
typedef void (*args_wrong_fn)(int i, const char *shown, const char *wrong,
	    void *arg);

/*
 * Parse argv into *ret_args, which starts from the defaults. fn is called for
 * each argument that is unknown, empty, given twice, too long or out of range:
 * all of them, not only the first.
 * Returns 0, or FG_ERR_CONFIG if there was any; *ret_args then holds the
 * defaults, which fail closed.
 */
int	args_read(int argc, const char *const *argv, args_wrong_fn fn,
	    void *arg, struct args *ret_args);

/* args_log.c: the same for the module, with a LOG_ERR line for each of them. */
int	args_parse(pam_handle_t *pamh, int argc, const char **argv,
	    struct args *ret_args);

#endif
