/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a process, a socket or a file is, as far as logins are concerned.
 */
#ifndef FG_OWNER_H
#define FG_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/picture.h"

struct owner_of {
	uint32_t	 real_uid;
	uint32_t	 effective_uid;
	uint32_t	 login_uid;	/* audit's; (uint32_t)-1: never set */
	const char	*cgroup;	/* borrowed; "" if it is not known */
	bool		 lent;		/* the uids, by procs_has_lent_uids() */
	/* By its name and its arguments alone: who starts a set-uid program
	 * chooses those. */
	bool		 said;
};

/*
 * Whose it is by what it says of itself. A process of root's that a person
 * has started, by the login uid or by a cgroup of that person's, is that
 * person's then. One with a uid that was lent is that person's always.
 */
uint32_t owner_person(const struct owner_of *of);

/*
 * Sets .owner and .uid of a sign. What root's and a system unit's is counts
 * for everybody's login, and nobody else may bring it there: a person's program
 * may run in a system unit too, as a job of cron(8) or a filter of mail, and
 * is told by its uid or a login uid.
 */
void	owner_set(const struct owner_of *of, uint32_t seat_uid,
	    struct sign *sign);

/*
 * The same of a socket, whose login uid is not known. A lent uid is its
 * person's, by the cgroup, where nobody with that uid is logged in.
 */
void	owner_set_socket(uint32_t uid, const char *cgroup, uint32_t seat_uid,
	    struct sign *sign);

/* A uid that no person has: of packages, or lent to a unit. Root's is one. */
bool	owner_is_units(uint32_t uid);

/* The same of what has one uid, and no more is known. */
void	owner_set_uid(uint32_t uid, uint32_t seat_uid, struct sign *sign);

/*
 * Say in a picture that not all was seen of what one uid has. It is told of
 * that one, as it says nothing of others' logins; of who counts for everybody,
 * and of too many, it is .cut that gets the part (PICTURE_*).
 */
void	owner_lose(struct picture *picture, uint32_t uid, uint32_t part);

#endif
