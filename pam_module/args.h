/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of the PAM line.
 */
#ifndef FG_ARGS_H
#define FG_ARGS_H

#include <security/pam_modules.h>

#include <stdbool.h>

struct args {
	const char	*socket;	/* borrowed from argv, or the default */
	unsigned int	 timeout_ms;
	bool		 allow_on_error;
	bool		 observe;
	bool		 nogroups;
	bool		 nonroot_deny;
	bool		 debug;
};

/*
 * Parse argv into *ret_args, which starts from the defaults. Each argument
 * that is unknown, empty, given twice, too long or out of range is named in
 * one LOG_ERR line: all of them, not only the first.
 * Returns 0, or FG_ERR_CONFIG if there was any; *ret_args then holds the
 * defaults, which fail closed.
 */
int	args_parse(pam_handle_t *pamh, int argc, const char **argv,
	    struct args *ret_args);

#endif
