/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of bounded size, in which any process may have any place: who asks
 * PAM at numbers of their choice pushes nobody out but by filling all of it. A
 * number that is used again has a place of its own, for what the earlier
 * process left behind may still be there.
 */
#include "policyd/scanner/seen.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policyd/scanner/tie.h"

#define SEEN_LOOKS 8 /* a login waits for that */

static struct seen_process *
seen_at(struct seen *seen, uint32_t place)
{
	return &seen->slot[place - 1];
}

/* Numbers are handed out one after the other, and so are buckets. */
static uint32_t *
seen_bucket(struct seen *seen, int32_t pid)
{
	return &seen->bucket[(uint32_t)pid % SEEN_BUCKETS];
}

static uint32_t
seen_place(const struct seen *seen, int32_t pid, uint64_t start)
{
	uint32_t place = seen->bucket[(uint32_t)pid % SEEN_BUCKETS];
	const struct seen_process *p;

	for (; place != 0; place = p->next) {
		p = &seen->slot[place - 1];
		if (p->process.pid == pid && p->process.start == start)
			break;
	}
	return place;
}

static void
seen_leave_line(struct seen *seen, uint32_t place)
{
	const struct seen_process *p = seen_at(seen, place);

	*(p->older == 0 ? &seen->oldest : &seen_at(seen, p->older)->younger) =
	    p->younger;
	*(p->younger == 0 ? &seen->youngest :
			    &seen_at(seen, p->younger)->older) = p->older;
}

static void
seen_join_line(struct seen *seen, uint32_t place)
{
	struct seen_process *p = seen_at(seen, place);

	p->older = seen->youngest;
	p->younger = 0;
	*(p->older == 0 ? &seen->oldest : &seen_at(seen, p->older)->younger) =
	    place;
	seen->youngest = place;
}

static void
seen_leave_bucket(struct seen *seen, uint32_t place)
{
	struct seen_process *p = seen_at(seen, place);
	uint32_t *link = seen_bucket(seen, p->process.pid);

	while (*link != place)
		link = &seen_at(seen, *link)->next;
	*link = p->next;
}

static bool
seen_lives(const struct seen_process *p)
{
	struct tie_process process;
	bool same;

	if (!tie_look_any(p->process.pid, &process))
		return false;
	same = process.stat.start == p->process.start;
	tie_leave(&process);
	return same;
}

/*
 * For another process: an empty place, or that of the oldest one which has
 * ended. Nobody asks for the session of a leader while that lives.
 */
static uint32_t
seen_take_place(struct seen *seen)
{
	uint32_t place;
	int i;

	if (seen->n < SEEN_MAX)
		return ++seen->n;
	for (i = 0; i < SEEN_LOOKS; i++) {
		place = seen->oldest;
		if (!seen_lives(seen_at(seen, place)))
			break;
		seen_leave_line(seen, place);
		seen_join_line(seen, place);
	}
	place = seen->oldest;
	seen_leave_line(seen, place);
	seen_leave_bucket(seen, place);
	return place;
}

void
seen_add(struct seen *seen, const struct fact_peer *peer)
{
	uint32_t *bucket = seen_bucket(seen, peer->pid), place;
	struct seen_process *p;

	if ((place = seen_place(seen, peer->pid, peer->start)) != 0) {
		seen_leave_line(seen, place);
	} else {
		place = seen_take_place(seen);
		p = seen_at(seen, place);
		p->process.pid = peer->pid;
		p->process.start = peer->start;
		p->next = *bucket;
		*bucket = place;
	}
	seen_join_line(seen, place);
	p = seen_at(seen, place);
	p->audit_session = peer->audit_session;
	memcpy(p->cgroup, peer->cgroup, sizeof(p->cgroup));
}

void
seen_keep(struct seen *seen, const struct fact_process *who)
{
	uint32_t place = seen_place(seen, who->pid, who->start);

	if (place == 0)
		return;
	seen_leave_line(seen, place);
	seen_join_line(seen, place);
}

const struct seen_process *
seen_find(const struct seen *seen, const struct fact_process *who)
{
	uint32_t place;

	if (who->pid <= 1 || who->start == 0 ||
	    (place = seen_place(seen, who->pid, who->start)) == 0)
		return NULL;
	return &seen->slot[place - 1];
}
