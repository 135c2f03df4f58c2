/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins that enforcing would have refused, and those that it did, put
 * together: one row for each person, account, service and reason. Bounded,
 * whatever the records say.
 */
#ifndef FG_CTL_REFUSED_H
#define FG_CTL_REFUSED_H

#include "ctl/readiness/records.h"
#include "policyd/finding.h"
#include "policyd/net/addr.h"
#include "policyd/stepup/method.h"
#include "proto/msg.h"

#define REFUSED_ROWS	   1024u
#define REFUSED_PLACES	   6u
#define REFUSED_FROM	   8u
#define REFUSED_PLACE_SIZE 48u
#define REFUSED_CODES_SIZE 256u
#define REFUSED_NEXT_SIZE  512u
#define REFUSED_AGAINST	   8u
#define REFUSED_NAME_SIZE  128u /* of a policy, a combination */

/* An origin: an address, or what stands in its place for a console login. */
struct refused_from {
	char text[ADDR_TEXT_SIZE];
	int64_t last_s;
};

/* A finding that denied or challenged. */
struct refused_finding {
	enum finding_code code;
	char grade[FINDING_GRADE_MAX + 1];
};

struct refused_row {
	char who[FG_USER_MAX + 1]; /* the inventory's name, or the account */
	char user[FG_USER_MAX + 1]; /* "": there is no such user */
	char service[FG_SERVICE_MAX + 1];
	char kind[16]; /* of the service, as it was decided */
	char codes[REFUSED_CODES_SIZE]; /* what was against it */
	bool enforced; /* refused for real; else only observed */
	bool challenge; /* a challenge; refused if no method answered it */
	/* Whether the same would be decided again by the configuration and the
	 * inventory alone, so that those can settle it. */
	bool lasting;
	bool settled; /* by those of today: let in */
	/* What decided it; not all is there if something else did, too. */
	char policy[REFUSED_NAME_SIZE]; /* of the last one */
	char combination[REFUSED_NAME_SIZE]; /* "": none */
	struct refused_finding against[REFUSED_AGAINST];
	size_t nagainst;
	bool more_against;
	/* What each of these asks for by the configuration of today; none
	 * where one of them denies. */
	struct methods needs[REFUSED_AGAINST + 1];
	size_t nneeds;
	uint32_t missing; /* 1 << enum method of those they do not have */
	uint64_t count;
	int64_t last_s;
	char ref[FG_REF_MAX + 1]; /* of the last one */
	char next[REFUSED_NEXT_SIZE]; /* as recorded then */
	size_t nplaces;
	char place[REFUSED_PLACES][REFUSED_PLACE_SIZE];
	bool more_places;
	size_t nfrom;
	struct refused_from from[REFUSED_FROM];
	bool more_from;
};

struct refused {
	struct refused_row **rows; /* by their key; refused_rank(): the most
				    * frequent first */
	size_t n;
	uint64_t lost; /* logins for which there was no row left */
};

/* A record of a decision that was against it. Returns 0 or FG_ERR_NOMEM. */
int refused_take(struct refused *refused, const struct record *record);

/* No more records: the rows come into the order in which they are shown. */
void refused_rank(struct refused *refused);

void refused_done(struct refused *refused);

#endif
