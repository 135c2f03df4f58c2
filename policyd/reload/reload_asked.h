/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who waits for a reload, for reload.c alone.
 */
#ifndef FG_RELOAD_ASKED_H
#define FG_RELOAD_ASKED_H

#include <stdbool.h>

#include "policyd/reload/reload.h"

#define RELOAD_ASKED_MAX 64u /* more than there can be connections */

struct reload_asked {
	struct fact_peer peer;
	bool has_peer;
	uint64_t conn;
	char *watch;
};

struct reload_list {
	struct reload_asked *list[RELOAD_ASKED_MAX];
	size_t n;
};

/* A second signal or replaced file changes nothing. False without memory. */
bool	reload_list_add(struct reload_list *list, const struct reload_by *by);
void	reload_list_clear(struct reload_list *list);

/* The end of the reload that they asked for, a record for each. */
void	reload_list_record(const struct reload_list *list,
	    struct daemon *daemon, const char *old_hash, bool ok,
	    size_t errors);

/* Nobody in it has asked for the configuration, but for its data. */
bool	reload_list_is_data(const struct reload_list *list);

#endif
