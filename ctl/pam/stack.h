/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A service's PAM stack as libpam reads it: the lines of /etc/pam.d/SERVICE in
 * their order, with what @include, include and substack bring in. Nothing is
 * loaded or run. The grammar is pam.conf(5)'s.
 */
#ifndef FG_CTL_PAM_STACK_H
#define FG_CTL_PAM_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/conf.h"

#define STACK_CONFDIR	"/etc/pam.d"
#define STACK_GATE	"pam_farmgate.so" /* the name of its file */
/* The control of its line that hands over to the module behind it. */
#define STACK_HANDS_OVER \
	"[success=2 ignore=2 cred_insufficient=ignore default=die]"
#define STACK_VENDORDIR	"/usr/lib/pam.d" /* where libpam looks as well */

enum stack_type {
	STACK_NONE = 0,
	STACK_AUTH,
	STACK_ACCOUNT,
	STACK_SESSION,
	STACK_PASSWORD,
};

#define STACK_TYPES 5
#define STACK_CODES 32	/* PAM's return codes: _PAM_RETURN_VALUES */

/* What a code leads to: one of these, or a jump over that many lines. */
#define STACK_IGNORE 0
#define STACK_OK     (-1)
#define STACK_DONE   (-2)
#define STACK_BAD    (-3)
#define STACK_DIE    (-4)
#define STACK_RESET  (-5)
#define STACK_UNDEF  (-6) /* of no line that was read; for its reader */

struct stack_line {
	enum stack_type	 type;
	char		*file;		/* in which it stands */
	unsigned int	 line;		/* there, from 1; a continued one's
					 * first */
	unsigned int	 own_line;	/* of the service's own file: itself, or
					 * what brings it in */
	unsigned int	 depth;		/* of substacks around it */
	bool		 is_substack;	/* begins one; no module then. What has
					 * a greater depth behind it is its */
	bool		 is_optional;	/* "-account": may be missing */
	char		*control;	/* as written: "required", "[...]" */
	int		 actions[STACK_CODES];
	char		*module;	/* as written; NULL in a substack */
	char		**argv;		/* its arguments, with NULL */
	int		 argc;
};

struct stack {
	char		*service;
	char		*path;		/* the service's own file */
	struct stack_line *lines;
	size_t		 n;
};

/*
 * Read the stack of service in the folder confdir. What libpam refuses or makes
 * fail always, and files that cannot be read, are in errors with file, line and
 * fix; such a line is left out, or is one that nothing passes. A stack without
 * an account line, say, has the lines of "other" for it in libpam: they are not
 * in here.
 * Files that it brings in are looked for in confdir as well. libpam 1.5.2 takes
 * them from /etc/pam.d even after pam_start_confdir(3), which heeds its folder
 * for the service's own file and for "other" alone.
 * Returns 0, FG_ERR_NOT_FOUND (there is no such file), FG_ERR_CONFIG (errors
 * says what; *ret_stack is set all the same), FG_ERR_SYSTEM or FG_ERR_NOMEM.
 */
int	 stack_read(const char *confdir, const char *service,
	    struct stack **ret_stack, struct conf_errors *errors);

void	 stack_free(struct stack *stack);

/* Whether it is that module's, "pam_env.so", in whatever folder. */
bool	 stack_is_module(const struct stack_line *line, const char *name);

/* The same for the gate's. */
bool	 stack_is_gate(const struct stack_line *line);

/* "account"; "none" for the zero. Static. */
const char	*stack_type_name(enum stack_type type);

/* By these, a successful line ends the stack, or others are jumped over. */
bool	 stack_ends(const struct stack_line *line);
bool	 stack_jumps(const struct stack_line *line);

#endif
