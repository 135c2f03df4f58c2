/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place where the scanner's words are doubted. Nobody behind it does.
 */
#include "policyd/scanlink_valid.h"

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

static bool
steered_is_valid(const struct fact_steered *s)
{
	return (unsigned int)s->kind < ENTRY_KINDS &&
	    (unsigned int)s->confidence <= SIGN_BY_IDENTITY &&
	    ends(s->what, sizeof(s->what));
}

static bool
peer_is_valid(const struct fact_peer *peer)
{
	return state_is_valid(peer->state) &&
	    peer->ancestors <= FACT_ANCESTORS_MAX &&
	    ends(peer->comm, sizeof(peer->comm)) &&
	    ends(peer->cgroup, sizeof(peer->cgroup)) &&
	    steered_is_valid(&peer->steered);
}

bool
scanlink_answer_is_valid(const struct scanner_answer *answer)
{
	return peer_is_valid(&answer->peer) &&
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
