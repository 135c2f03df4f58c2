/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What administrators are told of at once, beside what the audit log has of it:
 * events for the hook service, of which farmgate-hooks(8) says what each is
 * about. Nothing here takes part in a decision, and no login waits for it.
 */
#ifndef FG_ALERTS_H
#define FG_ALERTS_H

#include "policyd/daemon.h"
#include "policyd/decide/decide.h"
#include "policyd/hooks/hook_class.h"

/* What a decision is about: the most telling class, or HOOK_NONE. */
enum hook_class alerts_class(const struct facts *facts,
	    const struct decision *decision);

/* It was recorded under ref. */
void	alerts_decision(struct daemon *daemon, const struct facts *facts,
	    const struct decision *decision, const char *ref);

/* note is as for record_breakglass(), or line. */
void	alerts_breakglass(struct daemon *daemon, const struct json *note,
	    const char *line);

/* A laptop's key was enrolled. */
void	alerts_enrolled(struct daemon *daemon, const char *key,
	    const char *asset, uint32_t uid);

/* The audit log was damaged or replaced, as its record seq says; it cannot be
 * written. */
void	alerts_chain_broken(struct daemon *daemon, uint64_t seq);
void	alerts_unwritable(struct daemon *daemon, const char *why);

#endif
