/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose login it is, by the inventory as it is now: nobody remembers what it
 * was.
 */
#ifndef FG_CTL_REPLAY_PEOPLE_H
#define FG_CTL_REPLAY_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"

#define PEOPLE_WHY_SIZE	256u

struct people;

/*
 * Out of the store in the folder, by a child that may read it. One that cannot
 * be read, or is not there, has nobody, and ret_why says so; else that is "".
 * Returns 0 or FG_ERR_NOMEM.
 */
int	people_load(const char *folder, struct people **ret_people,
	    char ret_why[PEOPLE_WHY_SIZE]);
/*
 * Of these lines of JSON, which are taken in any case. Returns 0, FG_ERR_NOMEM
 * or FG_ERR_FORMAT.
 */
int	people_take(char *text, size_t len, struct people **ret_people);
void	people_free(struct people *people);	/* NULL is fine */

/* Whether there is an inventory: else nobody is unknown to it. */
bool	people_are_known(const struct people *people);

/*
 * The account's person at that time; of a shared one who has the key, told: it
 * is known whether there was one. As gather_person() finds it.
 */
void	people_find(struct people *people, const char *account,
	    const char *key, bool told, int64_t at_s,
	    struct fact_person *ret_person);

/* The same of whom the inventory calls so, who has come by that account.
 * False: nobody is. */
bool	people_by_name(struct people *people, const char *user,
	    const char *account, struct person *ret_person);

#endif
