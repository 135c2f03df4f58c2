/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By which names records and lists speak of a person: the inventory's entry,
 * its accounts, and the laptops that were issued.
 */
#ifndef FG_CTL_NAMES_H
#define FG_CTL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/json/json.h"

#define NAMES_MAX	128u

struct names {
	char	*name[NAMES_MAX];	/* owned */
	char	*needle[NAMES_MAX];	/* the same as JSON has it, quoted */
	size_t	 n;
	size_t	 people;	/* of these are no laptops; they come first */
	bool	 is_person;	/* all names of one person are known: what
				 * somebody else has done by an account of
				 * several people is not theirs */
};

void	names_done(struct names *names);

/* Returns 0, FG_ERR_NOMEM or FG_ERR_LIMIT. One that is there is not added. */
int	names_add(struct names *names, const char *name);
int	names_add_asset(struct names *names, const char *tag);

/* Whether bytes of the line are one of them: if not, it is nobody's here. */
bool	names_may_be_in(const struct names *names, const char *line,
	    size_t len);

/* Whether an object is about the person: its person is one of them or, where
 * that is not said, its user, users, accounts or asset. */
bool	names_have(const struct names *names, const struct json *object);

#endif
