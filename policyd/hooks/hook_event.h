/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One event on its way from the daemon to a program: a datagram with one JSON
 * object, of which "event" names the class. Other people's bytes in all the
 * rest of it.
 */
#ifndef FG_HOOK_EVENT_H
#define FG_HOOK_EVENT_H

#include <stddef.h>
#include <sys/queue.h>

#include "policyd/hooks/hook_class.h"

#define HOOK_EVENT_MAX	16384u	/* bytes of a datagram */

struct json;

struct hook_event {
	TAILQ_ENTRY(hook_event) entry;
	enum hook_class	 cls;
	struct json	*json;
	char		*text;	/* as it came, and NUL */
	size_t		 len;
};

/*
 * Returns 0, FG_ERR_FORMAT (no such object, or an unknown class),
 * FG_ERR_LIMIT or FG_ERR_NOMEM.
 */
int	hook_event_parse(const char *data, size_t len,
	    struct hook_event **ret_event);
void	hook_event_free(struct hook_event *event);

/*
 * The whole environment of its program: PATH, and a FARMGATE_ variable for each
 * member that is there, in farmgate-hooks(8)'s list. Each value is one word of
 * printable ASCII, as fg_word() makes it. lost is how many events of the class
 * came to no program before this one. NULL ends the list, which
 * hook_environment_free() frees. Returns 0 or FG_ERR_NOMEM.
 */
int	hook_event_environment(const struct hook_event *event,
	    unsigned int lost, char ***ret_environment);
void	hook_environment_free(char **environment);

#endif
