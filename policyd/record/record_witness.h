/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an audit record says about a statement of this machine (event
 * "witness"). There is no serial number in it and no digest of one: who reads
 * the log need not know what the machine is plugged into.
 */
#ifndef FG_RECORD_WITNESS_H
#define FG_RECORD_WITNESS_H

#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/finding.h"
#include "policyd/json/json.h"

struct record_witness {
	const char	*host;		/* the jump host's section */
	const char	*user;		/* for whom, as ssh says it */
	const struct facts *facts;	/* .peer has asked */
	const struct finding_list *findings;
	uint8_t		 flags;		/* STATEMENT_* */
};

void	record_witness(struct json *json, const struct record_witness *r);

#endif
