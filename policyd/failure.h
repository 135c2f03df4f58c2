/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Failure is policy, written down: what the daemon does when it cannot do its
 * work. One table of reasons, each with its shipped action per kind of
 * service; the configuration may change it, decide.c and request.c consult it.
 */
#ifndef FG_FAILURE_H
#define FG_FAILURE_H

#include "policyd/facts.h"
#include "policyd/finding.h"

enum failure {
	FAILURE_NONE = 0,
	FAILURE_NO_POLICY,	/* no policy matches */
	FAILURE_GROUPS,		/* a group rule could not be evaluated */
	FAILURE_AUDIT,		/* the record could not be written */
	FAILURE_USER,		/* the user has no passwd entry */
	FAILURE_STORE,		/* people and what holds for them not read */
	FAILURE_HISTORY,	/* earlier logins or sessions not read */
	FAILURE_OVERFLOW,	/* more networks or findings than fit */
	FAILURE_SESSION,	/* a session could not be kept */
	FAILURE_BUNDLE,		/* the bundle in force is stale */
	FAILURE_CLOCK,		/* the clock was never set */
	FAILURE_COUNT
};

struct failure_info {
	const char	*name;		/* "audit_unwritable" */
	const char	*summary;	/* one line for people */
	enum action	 remote;	/* ACTION_DENY or ACTION_LOG */
	enum action	 local;		/* nested and console services */
	const char	*next;		/* what an administrator can do */
};

const struct failure_info *failure_info(enum failure failure);
enum failure	 failure_by_name(const char *name);

/* The shipped action: ACTION_DENY, or ACTION_LOG (allowed and recorded). */
enum action	 failure_shipped(enum failure failure,
		    enum service_kind kind);

#endif
