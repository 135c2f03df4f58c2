/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a login is decided by: all that can be gathered, and what was proved in
 * the phase before.
 */
#include <string.h>

#include "policyd/machine/machine.h"
#include "policyd/request/request.h"
#include "policyd/stepup/method_device.h"
#include "policyd/stepup/proofs.h"
#include "policyd/text.h"

/* Of the phase before, which the same login went through. */
static void
request_gather_proof(struct conn *conn)
{
	struct facts *facts = &conn->facts;

	switch (facts->login.phase) {
	case FG_PHASE_ACCOUNT:
		proofs_find(conn->daemon->proofs, facts, &facts->proof);
		break;
	case FG_PHASE_SESSION:
		session_proof(conn->daemon->sessions, facts, &facts->proof);
		if (facts->proof.state == FACT_UNKNOWN) /* no account phase */
			proofs_find(conn->daemon->proofs, facts, &facts->proof);
		break;
	case FG_PHASE_AUTH: /* it is about to be made */
	case FG_PHASE_NONE:
		break;
	}
	if (method_device_renew(conn->daemon->store, facts,
		&facts->proof.attested))
		return;
	memset(&facts->proof, 0, sizeof(facts->proof));
	facts->proof.state = FACT_ERROR;
	(void)text_copy(facts->proof.why, sizeof(facts->proof.why),
	    "device: the laptop does not count any more");
}

/* A store that cannot be opened is no empty one. */
void
request_gather(struct conn *conn, const struct gather_parent *parent)
{
	struct daemon *daemon = conn->daemon;
	struct gather_machine machine;
	const struct ruleset_sources from = { .store = daemon->store,
		.sessions = daemon->sessions,
		.parent = parent,
		.boot_id = daemon->boot_id,
		.machine = &machine,
		.identity = &daemon->identity };
	struct facts *facts = &conn->facts;

	machine_known_since(daemon, conn->rules->conf, conn->asked_ns,
	    &machine);
	facts->at_s = daemon_wall_s();
	facts->boot_s = session_now_s();
	ruleset_gather(conn->rules, &from, facts);
	if (daemon->store == NULL)
		facts_store_failed(facts);
	request_gather_proof(conn);
}
