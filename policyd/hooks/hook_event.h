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
#include "policyd/net/addr.h"

#define HOOK_EVENT_MAX	16384u	/* bytes of a datagram */
#define HOOK_SOURCE_MAX	(ADDR_TEXT_SIZE - 1u)
#define HOOK_REFS_MAX	16u	/* references that one event names */
#define HOOK_REF_MAX	16u	/* FG_REF_MAX */

struct json;

struct hook_event {
	TAILQ_ENTRY(hook_event) entry;
	enum hook_class	 cls;
	struct json	*json;
	const char	*person; /* whom it is about; "": nobody. Of .json */
	int64_t		 left_s; /* so long it is worth telling; -1: always */
	int64_t		 came_ms; /* CLOCK_MONOTONIC, the caller's to set */
	/* Of a class that gathers: what it stands for. */
	char		 source[ADDR_TEXT_SIZE]; /* "192.0.2.0/24", "console";
						  * "": none, or several */
	uint64_t	 sources; /* at most so many; they may have met twice */
	uint64_t	 count;
	uint64_t	 lost;	/* that came to nobody, by the daemon */
	int64_t		 first_s, last_s; /* wall clock; 0: not said */
	size_t		 nrefs;
	char		 refs[HOOK_REFS_MAX][HOOK_REF_MAX + 1]; /* the first */
};

/*
 * Returns 0, FG_ERR_FORMAT (no such object, or an unknown class),
 * FG_ERR_LIMIT or FG_ERR_NOMEM.
 */
int	hook_event_parse(const char *data, size_t len,
	    struct hook_event **ret_event);
void	hook_event_free(struct hook_event *event);

/* The newer one stands for both from now on. Takes older. */
void	hook_event_gather(struct hook_event *event, struct hook_event *older);

/*
 * What its program reads: the object in one line, with count, first, last,
 * source, sources and refs where its class gathers. The caller frees. NULL
 * without memory.
 */
char	*hook_event_text(struct hook_event *event);

/* What is left of .left_s at now_ms, at least 0; -1 where it has no end. */
int64_t	hook_event_left_s(const struct hook_event *event, int64_t now_ms);

/*
 * The whole environment of its program: PATH, and a FARMGATE_ variable for each
 * member that is there (what was gathered is there after hook_event_text()), in
 * farmgate-hooks(8)'s list. Each value is one word of printable ASCII, as
 * fg_word() makes it; of left_s what is left at now_ms. lost is how many events
 * of the class came to no program before this one. NULL ends the list, which
 * hook_environment_free() frees. Returns 0 or FG_ERR_NOMEM.
 */
int	hook_event_environment(const struct hook_event *event, int64_t now_ms,
	    unsigned int lost, char ***ret_environment);
void	hook_environment_free(char **environment);

#endif
