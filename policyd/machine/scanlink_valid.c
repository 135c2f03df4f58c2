/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place where the scanner's words are doubted. Nobody behind it does.
 */
#include "policyd/machine/scanlink_valid.h"

#include <string.h>

static bool
ends(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static bool
state_is_valid(enum fact_state state)
{
	return (unsigned int)state <= FACT_ERROR;
}

/* Who was looked at is known, or could not be. */
static bool
state_is_answer(const struct scanner_answer *answer)
{
	switch ((enum scanner_query)answer->query) {
	case SCANNER_QUERY_PEER:
	case SCANNER_QUERY_PARENT:
		return answer->peer.state == FACT_KNOWN ||
		    answer->peer.state == FACT_ERROR;
	case SCANNER_QUERY_CLIENT:
		return answer->client.state != FACT_NONE;
	case SCANNER_QUERY_NONE:
	case SCANNER_QUERY_COVERAGE:
	case SCANNER_QUERY_REMAINS:
	case SCANNER_QUERY_TERMINATE:
	case SCANNER_QUERY_RULES:
	case SCANNER_QUERY_LOOK:
	case SCANNER_NEWS:
		break;
	}
	return true;
}

static bool
steered_is_valid(const struct fact_steered *s)
{
	return (unsigned int)s->kind < ENTRY_KINDS &&
	    (unsigned int)s->confidence <= SIGN_BY_IDENTITY &&
	    (unsigned int)s->owner <= SIGN_OF_USER && s->pid >= 0 &&
	    s->late <= 1 && ends(s->what, sizeof(s->what));
}

static bool
peer_is_valid(const struct fact_peer *peer)
{
	size_t i;

	if (peer->ancestors > FACT_ANCESTORS_MAX || peer->cut > 1)
		return false;
	for (i = 0; i < peer->ancestors; i++)
		if (peer->ancestor[i].pid < 0)
			return false;
	return state_is_valid(peer->state) &&
	    ends(peer->comm, sizeof(peer->comm)) &&
	    ends(peer->cgroup, sizeof(peer->cgroup)) &&
	    steered_is_valid(&peer->steered);
}

bool
scanlink_answer_is_valid(const struct scanner_answer *answer)
{
	return peer_is_valid(&answer->peer) && state_is_answer(answer) &&
	    (answer->degraded & ~SCANNER_DEGRADED_ALL) == 0 &&
	    state_is_valid(answer->client.state) &&
	    ends(answer->client.cgroup, sizeof(answer->client.cgroup)) &&
	    answer->picture <= 1 && answer->refused <= 1 &&
	    answer->refusal <= SCANNER_REFUSED_LAST;
}

bool
scanlink_picture_is_valid(const struct picture *picture, size_t len,
    int64_t now_ns)
{
	return picture_is_valid(picture, len) && picture->number != 0 &&
	    picture->taken_ns >= 0 && picture->taken_ns <= now_ns;
}
