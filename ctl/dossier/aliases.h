/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By which names records and lists speak of a person: the inventory's entry,
 * its accounts, and the laptops that were issued.
 */
#ifndef FG_CTL_ALIASES_H
#define FG_CTL_ALIASES_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/json/json.h"

#define NAMES_MAX	128u

struct aliases {
	char	*name[NAMES_MAX];	/* owned */
	char	*needle[NAMES_MAX];	/* the same as JSON has it, quoted */
	size_t	 n;
	size_t	 people;	/* of these are no laptops; they come first */
	bool	 is_person;	/* all names of one person are known: what
				 * somebody else has done by an account of
				 * several people is not theirs */
};

void	aliases_done(struct aliases *names);

/* Returns 0, FG_ERR_NOMEM or FG_ERR_LIMIT. One that is there is not added. */
int	aliases_add(struct aliases *names, const char *name);
int	aliases_add_asset(struct aliases *names, const char *tag);

/* Whether bytes of the line are one of them: if not, it is nobody's here. */
bool	aliases_may_be_in(const struct aliases *names, const char *line,
	    size_t len);

/* Whether an object is about the person: its person is one of them or, where
 * that is not said, its user, users, accounts or asset; or one of those that
 * it has named is, as an import's record has. */
bool	aliases_have(const struct aliases *names, const struct json *object);

#endif
