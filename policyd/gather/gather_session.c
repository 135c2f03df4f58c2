/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The person's other sessions, for logins that take a seat themselves.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/session/session.h"

void
gather_session(const struct sessions *sessions, struct facts *facts)
{
	memset(&facts->sessions, 0, sizeof(facts->sessions));
	if (sessions != NULL && service_has_sessions(facts->kind))
		session_others(sessions, facts, &facts->sessions);
}
