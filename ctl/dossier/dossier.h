/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl dossier: all of one person, as one object. What is so now is the
 * daemon's word, what has been the audit log's. Its members are documented in
 * farmgatectl(8).
 */
#ifndef FG_CTL_DOSSIER_H
#define FG_CTL_DOSSIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/ctl.h"
#include "ctl/dossier/aliases.h"

#define DOSSIER_EVENTS_MAX	10000u	/* in one list */

struct dossier {
	const struct ctl *ctl;
	const char	*user;		/* as it was asked for */
	const char	*config, *file;	/* as of struct asked */
	int64_t		 since_s, until_s;
	struct aliases	 names;
	struct json	*json;		/* the dossier; owned */
};

/*
 * dossier_now.c: "inventory", "accounts" and the lists that the daemon has of
 * the person, which also learns their names. Returns CTL_OK, or CTL_ERROR after
 * a complaint: "known" is false, and what follows knows the asked name alone.
 */
int	dossier_now(struct dossier *dossier);

/*
 * dossier_past.c: what the log has of these names. Returns CTL_OK, CTL_NO: it
 * has nothing; or CTL_ERROR after a complaint.
 */
int	dossier_past(struct dossier *dossier);

/* dossier_print.c: for people. */
void	dossier_print(const struct dossier *dossier);

#endif
