/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A configuration with its catalogue and databases: what one decision is made
 * from. The daemon swaps whole rulesets on reload; a request keeps the one that
 * it started with, and the last user of a replaced one frees it.
 */
#ifndef FG_RULESET_H
#define FG_RULESET_H

#include "policyd/catalogue/catalogue.h"
#include "policyd/conf.h"
#include "policyd/counters.h"
#include "policyd/decide/decide.h"
#include "policyd/gather/gather.h"
#include "policyd/geo/geo.h"

struct ruleset {
	struct conf	*conf;
	struct catalogue *catalogue;
	struct geo	*geo;
	bool		 partial;	/* what is loaded of it is not all */
	struct conf_errors catalogue_warnings;	/* the first of ... */
	struct conf_errors warnings;	/* ... what could not be used */
	int64_t		 loaded_at_s;
	struct counters	*counters;	/* of decisions since then */
	unsigned int	 users;		/* the daemon's own hold included */
};

/*
 * In three steps: the configuration, of the file or of the text that an old
 * ruleset was made from; its catalogue; its databases. Nothing can be decided
 * before ruleset_map() has returned 0; after FG_ERR_BUSY it may be called
 * again. Return as conf_load(), as catalogue_load(), and as geo_open().
 */
int	ruleset_read(const char *path, struct ruleset **ret_ruleset,
	    struct conf_errors *errors);
int	ruleset_reread(const struct ruleset *old,
	    struct ruleset **ret_ruleset, struct conf_errors *errors);
int	ruleset_catalogue(struct ruleset *ruleset, struct conf_errors *errors);
/* With what of it is right, for a daemon that has to start; the rest is among
 * the warnings. Returns 0 or FG_ERR_NOMEM. */
int	ruleset_catalogue_leniently(struct ruleset *ruleset);
/* What is missing or wrong of it, and names that are approved and in none of
 * its entries. Each text begins with "warning: ", or is an error's. */
void	ruleset_warn_catalogue(const struct ruleset *ruleset,
	    struct conf_errors *warnings);
int	ruleset_map(struct ruleset *ruleset, const struct geo_from *from);

/*
 * Load conf, catalogue and databases, the last into memory. On FG_ERR_CONFIG
 * errors says all that is wrong.
 * Returns 0, FG_ERR_CONFIG or FG_ERR_NOMEM. The new ruleset has one user.
 */
int	ruleset_load(const char *path, struct ruleset **ret_ruleset,
	    struct conf_errors *errors);

/*
 * Lists and databases that are older at now_s than their max_age; that comes
 * to be while nothing is loaded.
 */
void	ruleset_warn_old(const struct ruleset *ruleset, int64_t now_s,
	    struct conf_errors *warnings);

void	ruleset_hold(struct ruleset *ruleset);
void	ruleset_release(struct ruleset *ruleset);	/* NULL is fine */

/* Where facts come from beside the ruleset; each may be NULL: not known. */
struct ruleset_sources {
	struct store	*store;		/* people, exceptions, history */
	const struct sessions *sessions;
	const struct gather_parent *parent;
	const char	*boot_id;	/* if there is a store */
	const struct gather_machine *machine; /* by the scanner */
	const struct identity *identity; /* of this machine */
};

/*
 * Everything that is known beside facts' login, groups, peer, at_s and boot_s,
 * which are set: step 1 of every decision.
 */
void	ruleset_gather(const struct ruleset *ruleset,
	    const struct ruleset_sources *from, struct facts *facts);

/* That, and the decision. */
void	ruleset_decide(const struct ruleset *ruleset,
	    const struct ruleset_sources *from, struct facts *facts,
	    struct decision *ret_decision);

#endif
