/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A picture and its signs. There is room for so many: what may decide a login
 * keeps its place, and what anybody can make up does not push it out.
 */
#include "policyd/scanner/picture.h"

#include <string.h>

#include "policyd/facts.h"
#include "policyd/people/civil.h"

_Static_assert(SIGN_CGROUP_MAX == FACT_CGROUP_MAX, "one cgroup, one size");

size_t
picture_size(const struct picture *picture)
{
	return offsetof(struct picture, sign) +
	    picture->nsigns * sizeof(picture->sign[0]);
}

static bool
is_name(const struct sign *sign)
{
	return sign->confidence == SIGN_BY_NAME;
}

/*
 * What outweighs what: how far, then how sure. A mere name comes last however
 * far it goes: else who runs a tool would hide it behind a namesake that does
 * more.
 */
static unsigned int
weight(const struct sign *sign)
{
	unsigned int sure = is_name(sign) ? 0 : 1;

	return sure << 8 | sign->grade << 4 | sign->confidence;
}

static bool
is_tied(const struct sign *sign)
{
	return sign->steers != ENTRY_STEERS_NONE && sign->grade == SIGN_ACTIVE;
}

/* A cgroup of the user's own manager they name as they like. */
static bool
are_of_one_session(const struct sign *a, const struct sign *b)
{
	if (a->audit_session != b->audit_session || a->uid != b->uid)
		return false;
	return strcmp(a->cgroup, b->cgroup) == 0 ||
	    (strstr(a->cgroup, "/user@") != NULL &&
		strstr(b->cgroup, "/user@") != NULL);
}

static bool
is_same(const struct sign *a, const struct sign *b)
{
	if (a->kind != b->kind || a->owner != b->owner || a->uid != b->uid ||
	    strcmp(a->what, b->what) != 0)
		return false;
	return !is_tied(a) || !is_tied(b) || are_of_one_session(a, b);
}

/* The strongest of those that are the same as this one. */
static struct sign *
find_same(struct picture *picture, const struct sign *sign)
{
	struct sign *s, *found = NULL;
	size_t i;

	for (i = 0; i < picture->nsigns; i++) {
		s = &picture->sign[i];
		if (is_same(s, sign) &&
		    (found == NULL || weight(s) > weight(found)))
			found = s;
	}
	return found;
}

/* ---- Room --------------------------------------------------------------- */

static bool
is_users(const struct sign *sign)
{
	return sign->owner == SIGN_OF_USER;
}

/* Whose room it takes: each other user has their own. */
static bool
is_beside(const struct sign *a, const struct sign *b)
{
	return a->owner == b->owner && (!is_users(a) || a->uid == b->uid);
}

/* They come to the same finding, and tie the same logins. */
static bool
are_alike(const struct sign *a, const struct sign *b)
{
	return is_beside(a, b) && a->kind == b->kind && a->grade == b->grade &&
	    is_name(a) == is_name(b) && is_tied(a) == is_tied(b) &&
	    (!is_tied(a) || are_of_one_session(a, b));
}

#define WORTH_LAST (1u << 12)

/* The last of those that are alike outweighs all of which there are more: else
 * who runs a tool would hide it behind many of another kind. */
static unsigned int
worth(const struct picture *picture, const struct sign *sign)
{
	const struct sign *s;
	size_t i;

	for (i = 0; i < picture->nsigns && !is_name(sign); i++) {
		s = &picture->sign[i];
		if (s != sign && are_alike(s, sign))
			return weight(sign);
	}
	return is_name(sign) ? weight(sign) : WORTH_LAST | weight(sign);
}

static struct sign *
weakest_beside(struct picture *picture, const struct sign *sign)
{
	struct sign *found = NULL;
	unsigned int w, least = 0;
	size_t i;

	for (i = 0; i < picture->nsigns; i++) {
		if (!is_beside(&picture->sign[i], sign))
			continue;
		w = worth(picture, &picture->sign[i]);
		if (found == NULL || w < least) {
			found = &picture->sign[i];
			least = w;
		}
	}
	return found;
}

static size_t
count_beside(const struct picture *picture, const struct sign *sign)
{
	size_t i, n = 0;

	for (i = 0; i < picture->nsigns; i++)
		n += is_beside(&picture->sign[i], sign);
	return n;
}

struct crowd {
	uint32_t uid;
	size_t n;
	struct sign *one;
};

/* How many signs each user has. */
static size_t
count_users(struct picture *picture, struct crowd crowd[PICTURE_SIGNS_MAX])
{
	size_t i, k, users = 0;
	struct sign *s;

	for (i = 0; i < picture->nsigns; i++) {
		s = &picture->sign[i];
		if (!is_users(s))
			continue;
		for (k = 0; k < users && crowd[k].uid != s->uid; k++)
			continue;
		if (k == users)
			crowd[users++] = (struct crowd){ .uid = s->uid };
		crowd[k].n++;
		crowd[k].one = s;
	}
	return users;
}

/* The weakest of those users who have the most; NULL: no user has one. */
static struct sign *
find_users(struct picture *picture, size_t *ret_n)
{
	struct crowd crowd[PICTURE_SIGNS_MAX];
	size_t i, users = count_users(picture, crowd);
	struct sign *s, *found = NULL;
	unsigned int w, least = 0;

	*ret_n = 0;
	for (i = 0; i < users; i++)
		if (crowd[i].n > *ret_n)
			*ret_n = crowd[i].n;
	for (i = 0; i < users; i++) {
		if (crowd[i].n < *ret_n)
			continue;
		s = crowd[i].one;
		if (crowd[i].n > 1)
			s = weakest_beside(picture, s);
		w = worth(picture, s);
		if (found == NULL || w < least) {
			found = s;
			least = w;
		}
	}
	return found;
}

/* One that is not heavier, or none. */
static struct sign *
if_lighter(const struct picture *picture, struct sign *place,
    const struct sign *sign)
{
	return place != NULL && worth(picture, place) < worth(picture, sign) ?
	    place :
	    NULL;
}

/* Who has fewer than others goes before them, whatever those have. */
static struct sign *
place_of_user(struct picture *picture, const struct sign *sign, size_t own)
{
	struct sign *place;
	size_t n;

	place = find_users(picture, &n);
	if (place != NULL && n > own + 1)
		return place;
	return if_lighter(picture,
	    own > 0 ? weakest_beside(picture, sign) : place, sign);
}

/* In a full picture; NULL: none. */
static struct sign *
place_among(struct picture *picture, const struct sign *sign, size_t own)
{
	const struct sign seat = { .owner = SIGN_OF_SEAT };
	struct sign *place;
	size_t n;

	if (is_users(sign))
		return place_of_user(picture, sign, own);
	place = find_users(picture, &n);
	if (place == NULL && sign->owner == SIGN_OF_MACHINE)
		place = weakest_beside(picture, &seat);
	return place != NULL ?
	    place :
	    if_lighter(picture, weakest_beside(picture, sign), sign);
}

static size_t
limit_of(const struct sign *sign)
{
	if (is_users(sign))
		return PICTURE_SIGNS_OF_USER;
	return sign->owner == SIGN_OF_SEAT ? PICTURE_SIGNS_OF_SEAT :
					     PICTURE_SIGNS_MAX;
}

static struct sign *
make_room(struct picture *picture, const struct sign *sign)
{
	size_t own = count_beside(picture, sign);

	if (own >= limit_of(sign))
		return if_lighter(picture, weakest_beside(picture, sign), sign);
	if (picture->nsigns < PICTURE_SIGNS_MAX)
		return &picture->sign[picture->nsigns++];
	return place_among(picture, sign, own);
}

/* Who makes signs up without end says by that nothing of others' logins. */
static void
note_lost(struct picture *picture, const struct sign *sign)
{
	size_t i;

	if (!is_users(sign)) {
		picture->lost++;
		return;
	}
	for (i = 0; i < picture->nlost_uids; i++)
		if (picture->lost_uid[i] == sign->uid)
			return;
	if (picture->nlost_uids < PICTURE_LOST_UIDS)
		picture->lost_uid[picture->nlost_uids++] = sign->uid;
}

/* Times are of processes and files, and those of some are anybody's word. */
static struct sign
tidy(const struct sign *sign)
{
	struct sign s = *sign;

	if (s.since_s < 0 || s.since_s >= CIVIL_END_S)
		s.since_s = 0;
	sign_text(s.what, sizeof(s.what), sign->what);
	sign_text(s.seen, sizeof(s.seen), sign->seen);
	sign_text(s.cgroup, sizeof(s.cgroup), sign->cgroup);
	sign_text(s.entry, sizeof(s.entry), sign->entry);
	return s;
}

static void
add(struct picture *picture, const struct sign *sign)
{
	struct sign *place = find_same(picture, sign);
	size_t n = picture->nsigns;

	if (place != NULL) {
		if (weight(place) < weight(sign))
			*place = *sign;
		return;
	}
	if ((place = make_room(picture, sign)) == NULL) {
		note_lost(picture, sign);
		return;
	}
	if (picture->nsigns == n)
		note_lost(picture, place);
	*place = *sign;
}

void
picture_add(struct picture *picture, const struct sign *sign)
{
	const struct sign s = tidy(sign);

	add(picture, &s);
}

static bool
ends(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static bool
is_text(const char *s, size_t size)
{
	size_t i;

	for (i = 0; i < size && s[i] != '\0'; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return i < size;
}

static bool
is_time(int64_t seconds)
{
	return seconds >= 0 && seconds < CIVIL_END_S;
}

static bool
sign_is_valid(const struct sign *s)
{
	return s->kind > ENTRY_NONE && s->kind < ENTRY_KINDS &&
	    s->grade > SIGN_GRADE_NONE && s->grade <= SIGN_PRESENT &&
	    s->confidence > SIGN_CONFIDENCE_NONE &&
	    s->confidence <= SIGN_BY_IDENTITY && s->owner > SIGN_OWNER_NONE &&
	    s->owner <= SIGN_OF_USER && s->steers <= ENTRY_STEERS_SEAT &&
	    s->pid >= 0 && s->serial <= 1 && s->apart >> SIGN_APARTS == 0 &&
	    is_time(s->since_s) && is_text(s->what, sizeof(s->what)) &&
	    is_text(s->seen, sizeof(s->seen)) &&
	    is_text(s->cgroup, sizeof(s->cgroup)) &&
	    is_text(s->entry, sizeof(s->entry));
}

bool
picture_is_valid(const struct picture *picture, size_t len)
{
	size_t i;

	if (len < offsetof(struct picture, sign) ||
	    picture->nsigns > PICTURE_SIGNS_MAX ||
	    picture->nlost_uids > PICTURE_LOST_UIDS ||
	    picture->naddresses > PICTURE_ADDRESSES_MAX ||
	    len != picture_size(picture) || !is_time(picture->taken_s) ||
	    (picture->failed | picture->cut) >> PICTURE_PARTS != 0 ||
	    !ends(picture->seat_scope, sizeof(picture->seat_scope)))
		return false;
	for (i = 0; i < picture->nsigns; i++)
		if (!sign_is_valid(&picture->sign[i]))
			return false;
	return true;
}

bool
picture_may_own(const struct picture *picture, const uint8_t address[16])
{
	uint32_t i;

	for (i = 0; i < picture->naddresses; i++)
		if (memcmp(picture->address[i], address, 16) == 0)
			return true;
	return picture->naddresses == 0;
}

const char *
picture_part_name(unsigned int part)
{
	static const char *const names[PICTURE_PARTS] = { "processes",
		"sockets", "sessions", "files", "interfaces", "usb", "displays",
		"machine" };

	return part < PICTURE_PARTS ? names[part] : "none";
}

const char *
sign_grade_name(enum sign_grade grade)
{
	switch (grade) {
	case SIGN_GRADE_NONE:
		break;
	case SIGN_INSTALLED:
		return "installed";
	case SIGN_RUNNING:
		return "running";
	case SIGN_ACTIVE:
		return "active";
	case SIGN_PRESENT:
		return "present";
	}
	return "none";
}

const char *
sign_confidence_name(enum sign_confidence confidence)
{
	switch (confidence) {
	case SIGN_CONFIDENCE_NONE:
		break;
	case SIGN_BY_NAME:
		return "name";
	case SIGN_BY_BEHAVIOUR:
		return "behaviour";
	case SIGN_BY_COMPOSITION:
		return "composition";
	case SIGN_BY_IDENTITY:
		return "identity";
	}
	return "none";
}

const char *
sign_owner_name(enum sign_owner owner)
{
	switch (owner) {
	case SIGN_OWNER_NONE:
		break;
	case SIGN_OF_MACHINE:
		return "machine";
	case SIGN_OF_SEAT:
		return "seat";
	case SIGN_OF_USER:
		return "user";
	}
	return "none";
}

const char *
sign_entry(const struct sign *sign)
{
	return sign->entry[0] != '\0' ? sign->entry : sign->what;
}

const char *
sign_apart_name(unsigned int bit)
{
	static const char *const names[SIGN_APARTS] = { "pid", "user", "net" };

	return bit < SIGN_APARTS ? names[bit] : "none";
}

void
sign_text(char *dst, size_t size, const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0' && i < size - 1; i++)
		dst[i] = s[i] >= ' ' && s[i] <= '~' ? s[i] : '?';
	dst[i] = '\0';
}
