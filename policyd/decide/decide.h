/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision: a pure function of facts and configuration (the time is one
 * of the facts). The live login and the what-if call the same function, which
 * is what makes every decision explainable.
 */
#ifndef FG_DECIDE_H
#define FG_DECIDE_H

#include "policyd/check/check.h"
#include "policyd/conf.h"
#include "policyd/facts.h"

enum decided_by {
	DECIDED_NONE = 0,
	DECIDED_BY_FINDING,	/* .index: which of the findings */
	DECIDED_BY_COMBINATION,	/* .index: which of the policy's */
	DECIDED_BY_FAILURE,	/* .failure */
	DECIDED_BY_POLICY,	/* nothing denies; the policy's own line */
	DECIDED_BY_EXEMPTION	/* the service's kind is exempt */
};

#define DECISION_NEEDS_MAX 16u

struct decision {
	enum fg_verdict	 verdict;	/* what happens */
	enum fg_verdict	 would;		/* what enforcing would do */
	enum conf_mode	 mode;
	const struct conf_policy *policy; /* borrowed from conf; may be NULL */
	struct finding_list findings;
	struct {
		enum action	 action;
		unsigned int	 line;	/* 0: shipped default */
		uint64_t	 exception; /* that made it milder, 0: none */
		bool		 bypass;	/* and it is for a challenge */
		bool		 proved;	/* the step-up answers it */
		uint64_t	 remembered; /* an earlier one does, 0: none */
		bool		 combined; /* with others it is a challenge */
	} applied[FINDING_LIST_MAX];	/* one a finding */
	enum decided_by	 by;
	size_t		 index;
	enum failure	 failure;
	bool		 challenge;	/* nothing but a proof is missing */
	/* What would have to be proved, each of them; if there is more than
	 * fits, it cannot be. */
	size_t		 nneeds;
	struct methods	 needs[DECISION_NEEDS_MAX];
	bool		 unseen;	/* an approval would answer it, and who
					 * gave it was not asked about it */
	bool		 alone;		/* it is a failure that denies, one of
					 * fg_failing_names, and nothing else
					 * does: break-glass is for that */
	unsigned int	 line;		/* of the deciding rule, 0: default */
};

/* Decide. Everything in *ret_decision is set, whatever the facts. */
void	decide(const struct facts *facts, const struct conf *conf,
	    struct decision *ret_decision);

/*
 * Decide under a failure that became known after decide(): the verdict can
 * only become stricter, and the failure is what explains it.
 */
void	decide_failed(const struct facts *facts, const struct conf *conf,
	    enum failure failure, struct decision *decision);

/*
 * Whether that no entry of the inventory is this login's, which is the finding,
 * keeps it out: by the action that its policy has for that, where it is neither
 * excepted nor only observed, or because it has no policy then. Where groups
 * are not known, and leave open whose policy it is, only if each that it may be
 * keeps it out.
 */
bool	decide_keeps_out(const struct facts *facts, const struct conf *conf,
	    const struct finding *unknown);

/* Whether who is asked to approve is shown this finding. */
bool	decide_shows(const struct decision *decision, size_t i);

/* What an approval of this decision answers, and no more. */
void	decide_approved(const struct decision *decision,
	    struct fact_approved *ret_approved);

/* The methods (1 << enum method) of the login's step-up that answer this. */
uint32_t	decide_passed(const struct facts *facts,
		    const struct finding *finding);

#define DECIDE_WHY_SIZE	512u

/*
 * Say in one line which line of the configuration decided, for audit, explain
 * and test: "farmgate.conf:41: geo.country = deny". Returns buf.
 */
const char	*decide_why(const struct decision *decision,
		    const struct conf *conf, char buf[DECIDE_WHY_SIZE]);

/*
 * The codes behind the verdict for a syslog line: "geo.country,net.listed:vpn",
 * or "none". Findings whose action is ignore are left out; so are all of them
 * where a failure is .alone, and only then it is the whole text. Returns buf.
 */
const char	*decide_reason(const struct decision *decision,
		    char buf[FG_REASON_MAX + 1]);

/* The command or change that would help; static text from the registries. */
const char	*decide_next(const struct decision *decision);

#define DECIDE_NEXT_SIZE 1024u

/*
 * The same for this login, with its names: of a step-up that failed by why it
 * did, and where nobody was asked by what would have asked. first goes before
 * it, or NULL. The names are other people's bytes. Returns buf.
 */
const char	*decide_next_of(const struct decision *decision,
		    const struct facts *facts, const char *first,
		    char buf[DECIDE_NEXT_SIZE]);

#endif
