/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One event on its way from the daemon to a program: a datagram with one JSON
 * object, of which "event" names the class. Other people's bytes in all the
 * rest of it.
 */
#ifndef FG_HOOK_EVENT_H
#define FG_HOOK_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "policyd/hooks/hook_class.h"

#define HOOK_EVENT_MAX	16384u	/* bytes of a datagram */

struct json;

struct hook_event {
	TAILQ_ENTRY(hook_event) entry;
	enum hook_class	 cls;
	struct json	*json;
	char		*text;	/* as it came, and NUL */
	const char	*person; /* whom it is about; "": nobody. Of .json */
	int64_t		 left_s; /* so long it is worth telling; -1: always */
	int64_t		 came_ms; /* CLOCK_MONOTONIC, the caller's to set */
};

/*
 * Returns 0, FG_ERR_FORMAT (no such object, or an unknown class),
 * FG_ERR_LIMIT or FG_ERR_NOMEM.
 */
int	hook_event_parse(const char *data, size_t len,
	    struct hook_event **ret_event);
void	hook_event_free(struct hook_event *event);

/* What is left of .left_s at now_ms, at least 0; -1 where it has no end. */
int64_t	hook_event_left_s(const struct hook_event *event, int64_t now_ms);

/*
 * The whole environment of its program: PATH, and a FARMGATE_ variable for each
 * member that is there, in farmgate-hooks(8)'s list. Each value is one word of
 * printable ASCII, as fg_word() makes it; of left_s what is left at now_ms.
 * lost is how many events of the class came to no program before this one. NULL
 * ends the list, which hook_environment_free() frees. Returns 0 or
 * FG_ERR_NOMEM.
 */
int	hook_event_environment(const struct hook_event *event, int64_t now_ms,
	    unsigned int lost, char ***ret_environment);
void	hook_environment_free(char **environment);

#endif
