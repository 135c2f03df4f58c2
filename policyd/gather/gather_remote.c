/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the scanner's picture of the machine to what counts for one login. Who
 * could deny others' logins by starting a program does not: somebody else's
 * processes, and names that anybody may give, are kept apart here.
 */
#include <stddef.h>
#include <string.h>

#include "policyd/check/check_sign.h"
#include "policyd/gather/gather.h"
#include "policyd/store/store_baseline.h"

bool
gather_is_device(enum entry_kind kind)
{
	return kind >= ENTRY_KEYBOARD && kind <= ENTRY_MONITOR;
}

bool
gather_is_known(const struct gather_machine *from, const struct sign *sign)
{
	return from->known == NULL ||
	    store_baseline_has(from->known, (enum entry_kind)sign->kind,
		sign->what);
}

/* Whoever runs a program chooses its name. What that listens on is told of by
 * its port. */
static bool
is_pretended(const struct sign *sign)
{
	return (sign->owner == SIGN_OF_USER || sign->owner == SIGN_OF_SEAT) &&
	    sign->confidence == SIGN_BY_NAME;
}

bool
gather_is_approved(const struct conf *conf, const struct sign *sign)
{
	return !is_pretended(sign) &&
	    conf_strings_has(&conf->machine.approved, sign_entry(sign));
}

/* Nothing is found by it, whoever logs in. */
static bool
is_nothing(const struct conf *conf, const struct gather_machine *from,
    const struct sign *sign)
{
	if (gather_is_device(sign->kind))
		return gather_is_known(from, sign);
	return sign->kind == ENTRY_ORDINARY || gather_is_approved(conf, sign);
}

/* Nested logins are those of who is in the session already. */
static bool
is_own(const struct facts *facts, uint32_t uid)
{
	return uid == facts->login.uid ||
	    (facts->kind == SERVICE_NESTED && facts->peer.state == FACT_KNOWN &&
		uid == facts->peer.loginuid);
}

static bool
counts(const struct conf *conf, const struct facts *facts,
    const struct sign *sign)
{
	if (sign->confidence <= SIGN_BY_NAME)
		return false;
	return sign->owner != SIGN_OF_USER || conf->machine.everybody ||
	    (sign->uid != (uint32_t)-1 && is_own(facts, sign->uid));
}

/* What found no room in the picture may have counted for this login. */
static bool
is_lost(const struct conf *conf, const struct facts *facts,
    const struct picture *picture)
{
	size_t i;

	for (i = 0; i < picture->nlost_uids; i++)
		if (conf->machine.everybody ||
		    is_own(facts, picture->lost_uid[i]))
			return true;
	return picture->lost > 0;
}

/* A KVM or a jiggler that has a tool's name is none. */
static bool
is_tool(const struct sign *sign)
{
	return sign->kind >= ENTRY_RMM && sign->kind <= ENTRY_TERMINAL_SHARE;
}

uint64_t
gather_support_of(const struct gather_machine *from, const struct sign *sign)
{
	return is_tool(sign) && !is_pretended(sign) ?
	    store_supported_id(&from->support, sign_entry(sign)) :
	    0;
}

unsigned int
gather_sign_weight(const struct fact_sign *s)
{
	return (s->counts ? 1u << 9 : 0) | (s->support == 0 ? 1u << 8 : 0) |
	    s->sign.grade << 4 | s->sign.confidence;
}

/* Each kind has its own room, so that no kind pushes another one out. */
enum room {
	ROOM_COUNTS = 0, /* programs and devices of the catalogue */
	ROOM_DEVICES, /* what is plugged in and new */
	ROOM_MINOR, /* others', the help desk's, and what is no finding */
	ROOMS
};

static const size_t
    rooms[ROOMS] = { [ROOM_COUNTS] = 10, [ROOM_DEVICES] = 4, [ROOM_MINOR] = 4 };

/* As many as there are findings of those, each with its grades. */
#define COUNTS_MAX 17u

_Static_assert(COUNTS_MAX + 4 + 4 == FACT_SIGNS_MAX, "there is room for all");

static enum room
room_of(const struct fact_sign *s)
{
	if (gather_is_device(s->sign.kind))
		return ROOM_DEVICES;
	return s->counts && s->support == 0 &&
		check_sign_code(s->sign.kind) != FINDING_NONE &&
		check_sign_grade(&s->sign) != NULL ?
	    ROOM_COUNTS :
	    ROOM_MINOR;
}

/* They come to the same finding, so that one of them says it. */
static bool
are_alike(const struct fact_sign *a, const struct fact_sign *b)
{
	const char *ga = check_sign_grade(&a->sign);
	const char *gb = check_sign_grade(&b->sign);

	return room_of(a) == room_of(b) &&
	    check_sign_code(a->sign.kind) == check_sign_code(b->sign.kind) &&
	    strcmp(ga == NULL ? "none" : ga, gb == NULL ? "none" : gb) == 0;
}

static size_t
count_alike(const struct fact_remote *remote, const struct fact_sign *s)
{
	size_t i, n = 0;

	for (i = 0; i < remote->count; i++)
		n += are_alike(&remote->list[i], s);
	return n;
}

#define WORTH_LAST (1u << 10)

/* Who starts ten tools does not hide the eleventh behind them. */
static unsigned int
worth(const struct fact_remote *remote, const struct fact_sign *s, size_t alike)
{
	return (count_alike(remote, s) == alike ? WORTH_LAST : 0) |
	    gather_sign_weight(s);
}

/* Of what is in its room; NULL: there is less than its share. */
static struct fact_sign *
lightest(struct fact_remote *remote, enum room room)
{
	struct fact_sign *s, *found = NULL;
	size_t i, n = 0;

	for (i = 0; i < remote->count; i++) {
		s = &remote->list[i];
		if (room_of(s) != room)
			continue;
		n++;
		if (found == NULL ||
		    worth(remote, s, 1) < worth(remote, found, 1))
			found = s;
	}
	return n < rooms[room] ? NULL : found;
}

/* The heaviest ones, the last of a finding and its grade before all others. Of
 * what counts that one is there in any case. */
static void
keep(struct fact_remote *remote, const struct fact_sign *s)
{
	enum room room = room_of(s);
	struct fact_sign *place = lightest(remote, room);
	unsigned int own = worth(remote, s, 0);

	if (place == NULL ||
	    (room == ROOM_COUNTS && (own & WORTH_LAST) != 0 &&
		(worth(remote, place, 1) & WORTH_LAST) != 0 &&
		remote->count < FACT_SIGNS_MAX)) {
		remote->list[remote->count++] = *s;
		return;
	}
	remote->overflow = true;
	if (worth(remote, place, 1) < own)
		*place = *s;
}

bool
gather_sign(const struct conf *conf, const struct gather_machine *from,
    const struct facts *facts, const struct sign *sign,
    struct fact_sign *ret_sign)
{
	if (is_nothing(conf, from, sign))
		return false;
	ret_sign->sign = *sign;
	ret_sign->counts = counts(conf, facts, sign);
	ret_sign->support = gather_support_of(from, sign);
	return true;
}

static void
keep_all(const struct conf *conf, const struct gather_machine *from,
    struct facts *facts)
{
	const struct picture *p = from->picture;
	struct fact_sign s;
	size_t i;

	for (i = 0; i < p->nsigns; i++) {
		if (gather_sign(conf, from, facts, &p->sign[i], &s))
			keep(&facts->remote, &s);
	}
}

void
gather_remote(const struct conf *conf, const struct gather_machine *from,
    struct facts *facts)
{
	struct fact_remote *remote = &facts->remote;

	memset(remote, 0, offsetof(struct fact_remote, list));
	remote->tie = REMOTE_TIE_NONE;
	if (from == NULL || facts->kind == SERVICE_EXEMPT)
		return;
	remote->state = FACT_ERROR;
	remote->blind = from->blind;
	if (from->picture == NULL)
		return;
	remote->number = from->picture->number;
	remote->age_ms = (from->now_ns - from->picture->taken_ns) / 1000000;
	if (remote->age_ms > from->max_age_ms)
		return;
	remote->state = FACT_KNOWN;
	remote->coverage = from->coverage;
	remote->lost = is_lost(conf, facts, from->picture);
	remote->failed = from->picture->failed;
	remote->cut = from->picture->cut;
	keep_all(conf, from, facts);
	gather_tie(conf, from, facts);
}
