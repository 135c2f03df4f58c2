/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-ups that were passed, each for one finding of one person, with one
 * device, from one network: they answer the same again for a time. Their
 * person's go with a revocation, an import that dismisses and an enrolment.
 */
#ifndef FG_STORE_PROOF_H
#define FG_STORE_PROOF_H

#include "policyd/net/addr.h"
#include "policyd/store/store.h"

struct store_proof {
	uint64_t	 id;		/* from 1, never reused */
	char		 person[FG_USER_MAX + 1];
	/* NONE: another version's, which answers nothing here. */
	enum finding_code code;
	char		 grade[FINDING_GRADE_MAX + 1];
	char		 device[PERSON_KEY_MAX + 1];	/* of its key, or "" */
	char		 source[ADDR_TEXT_SIZE]; /* a network, or a kind */
	uint32_t	 methods;	/* 1 << enum method: what was passed */
	int64_t		 made_s;
	int64_t		 until_s;	/* exclusive */
	char		 ref[FG_REF_MAX + 1];	/* of the step-up's record */
};

/*
 * Add it, or replace the one for the same; .id is set. On the disk when it
 * returns. FG_ERR_FORMAT: it could not be read back.
 */
int	store_proof_put(struct store *store, struct store_proof *p);
/* Those that end after at_s; at most max, and of more the newest. */
int	store_proofs_of(struct store *store, const struct store_proof *like,
	    int64_t at_s, struct store_proof *ret_list, size_t max,
	    size_t *ret_n);
/* All, or one person's (NULL: everybody's), that end after at_s, in the order
 * of the persons. fn returns non-zero to stop. */
typedef int (*store_proof_fn)(const struct store_proof *p, void *arg);
int	store_proofs_each(struct store *store, const char *person,
	    int64_t at_s, store_proof_fn fn, void *arg);
/* All of a person. None is no error. */
int	store_proofs_remove(struct store *store, const char *person);
/* Some of those that ended before. */
int	store_proofs_forget(struct store *store, int64_t before_s);

#endif
