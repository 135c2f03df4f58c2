/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mistakes in PAM stacks: a list of them, in the order in which they were
 * found, as text and as JSON.
 */
#ifndef FG_CTL_PAM_MISTAKES_H
#define FG_CTL_PAM_MISTAKES_H

#include <stddef.h>
#include <stdio.h>

#include "policyd/json/json.h"

enum severity {
	SEVERITY_NONE = 0,
	SEVERITY_WARNING,
	SEVERITY_ERROR,		/* leaves the gate open, or locks people out */
};

struct mistake {
	enum severity	 severity;
	const char	*code;		/* static; as in farmgatectl(8) */
	const char	*service;
	const char	*file;
	unsigned int	 line;		/* 0: the file as a whole */
	const char	*what;
	const char	*fix;
};

struct mistakes {
	struct mistake	*list;		/* their texts are the list's */
	size_t		 n;
	size_t		 errors;	/* of them */
};

/*
 * Take copies of what it points to. One that is there already, in a file that
 * several services bring in, counts once. Returns 0 or FG_ERR_NOMEM.
 */
int	 mistakes_add(struct mistakes *mistakes, const struct mistake *mistake);

/* "FILE:LINE: error: WHAT; FIX (CODE)" each, fit for a terminal. */
void	 mistakes_print(const struct mistakes *mistakes, FILE *out);

/* As objects of an array. */
void	 mistakes_to_json(const struct mistakes *mistakes, struct json *array);

void	 mistakes_done(struct mistakes *mistakes);

#endif
