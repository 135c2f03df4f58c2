/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what this machine knows of itself to a statement about it, for one jump
 * host and one process that asks. What counts, and what a session is tied to,
 * is what would for a login of the same user from that process, as by sudo.
 * Pure, but for the store.
 */
#ifndef FG_WITNESS_H
#define FG_WITNESS_H

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/ruleset.h"
#include "policyd/witness/statement.h"

/*
 * The facts, of which .peer is set: of whom asks, at .at_s. Of from the store,
 * the machine and the identity are used; each may be NULL: nothing is known.
 */
void	witness_gather(const struct conf *conf,
	    const struct ruleset_sources *from, struct facts *facts);

/* All of it borrowed. */
struct witness_of {
	const struct conf *conf;
	const struct facts *facts;	/* gathered as above */
	const struct picture *picture;	/* or NULL */
	const struct identity *identity;
	const struct conf_jumphost *host;
	const struct fg_token *token;	/* of that host's */
	const char	*user;		/* as ssh says it */
};

/*
 * What is found, and what is said of it. No finding is minor: what could keep
 * nobody out here is nobody's business there. The statement's device key is
 * for answer_seal() to set.
 */
void	witness_state(const struct witness_of *of,
	    struct finding_list *ret_findings,
	    struct statement *ret_statement);

#endif
