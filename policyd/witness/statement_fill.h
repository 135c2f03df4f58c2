/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a laptop puts into its statement of what it knows, cut to what there is
 * room for so that what is left out is the mildest. Pure; a statement that is
 * all zero is where one begins.
 */
#ifndef FG_STATEMENT_FILL_H
#define FG_STATEMENT_FILL_H

#include "policyd/finding.h"
#include "policyd/witness/statement.h"

/* The name as ssh has it, and as PAM has it at the jump host. */
void	statement_user_digest(const char *user,
	    uint8_t ret_digest[STATEMENT_USER_SIZE]);

/*
 * All of the findings that it has; what no number is for is one without a
 * name. Of more than there is room for, those that are not minor come first,
 * then one of each finding, one of each of its grades, and the strictest by the
 * shipped actions; STATEMENT_CUT is set then, and where the list itself has
 * overflowed.
 */
void	statement_set_findings(struct statement *statement,
	    const struct finding_list *findings);

/*
 * The hardware IDs and what could not be read. Of too many, kinds that have
 * most of them lose theirs, first network cards: each kind keeps some.
 */
void	statement_set_hwids(struct statement *statement,
	    const struct hwid_digests *digests);

/*
 * Digests of where it is, for the jump host with that public key: two hosts
 * cannot join what they hear. They hide nothing from whoever has the statement
 * and can guess what was digested. Of more monitors and inputs than there is
 * room for those with the lowest digests stay, so that each laptop at one site
 * keeps the same ones; one that is there already is not added again.
 */
void	statement_set_gateway(struct statement *statement,
	    const uint8_t host_key[CRYPTO_KEY_SIZE], const uint8_t mac[6]);
void	statement_add_peripheral(struct statement *statement,
	    const uint8_t host_key[CRYPTO_KEY_SIZE], const char *serial);

#endif
