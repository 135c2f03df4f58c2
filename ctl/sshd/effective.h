/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is in force in an sshd, as "sshd -T" prints it: a keyword in lower case
 * and its value on each line, some keywords on several. Which keywords there
 * are is the version's business: an unknown one is no error.
 */
#ifndef FG_CTL_SSHD_EFFECTIVE_H
#define FG_CTL_SSHD_EFFECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EFFECTIVE_LINES_MAX 4096u

struct effective;

/*
 * Parse len bytes. *ret_line is the line that is none of sshd's, or 0: all of
 * them could be, and what every sshd prints is not there.
 * Returns 0, FG_ERR_FORMAT, FG_ERR_LIMIT (too many lines) or FG_ERR_NOMEM.
 */
int	 effective_parse(const char *text, size_t len,
	    struct effective **ret_settings, unsigned int *ret_line);

void	 effective_free(struct effective *settings);

/*
 * The keyword's i-th value, from 0; NULL: there are not so many. Borrowed from
 * settings; not escaped.
 */
const char	*effective_get(const struct effective *settings,
		    const char *keyword, size_t i);

/* Whether the keyword's first value is this one. */
bool	 effective_is(const struct effective *settings, const char *keyword,
	    const char *value);

/* The keyword's number. Returns 0, FG_ERR_NOT_FOUND or FG_ERR_FORMAT. */
int	 effective_uint(const struct effective *settings, const char *keyword,
	    uint64_t *ret_v);

#endif
