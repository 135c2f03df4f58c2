/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session from beginning to open, as a login goes that nothing is in the way
 * of.
 */
#ifndef FG_TESTS_OPENING_H
#define FG_TESTS_OPENING_H

#include "policyd/session/session.h"

/* As session_prepare(), which takes pidfd. */
static inline int
open_session(struct sessions *sessions, const struct facts *facts,
    const char *ref, int pidfd)
{
	struct session *session;
	int r;

	if ((r = session_prepare(sessions, facts, "staff", ref, pidfd,
		 &session)) == 0)
		session_open(session);
	return r;
}

#endif
