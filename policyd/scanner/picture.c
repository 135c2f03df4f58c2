/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A picture and its signs. There is room for so many: what may decide a login
 * keeps its place, and what anybody can make up does not push it out.
 */
#include "policyd/scanner/picture.h"

#include <string.h>

#include "policyd/facts.h"

_Static_assert(SIGN_CGROUP_MAX == FACT_CGROUP_MAX, "one cgroup, one size");

size_t
picture_size(const struct picture *picture)
{
	return offsetof(struct picture, sign) +
	    picture->nsigns * sizeof(picture->sign[0]);
}

/*
 * What outweighs what: first whose it is, then how far and how sure. A mere
 * name comes last however far it goes: else who runs a tool would hide it
 * behind a namesake that does more.
 */
static unsigned int
weight(const struct sign *sign)
{
	unsigned int own = sign->owner == SIGN_OF_USER ? 0 : 1;
	unsigned int sure = sign->confidence == SIGN_BY_NAME ? 0 : 1;

	return own << 9 | sure << 8 | sign->grade << 4 | sign->confidence;
}

static bool
is_same(const struct sign *a, const struct sign *b)
{
	return a->kind == b->kind && a->owner == b->owner && a->uid == b->uid &&
	    strcmp(a->what, b->what) == 0;
}

/* The weakest of those that could make room; of one user, or of all. */
static struct sign *
weakest(struct picture *picture, const struct sign *of)
{
	struct sign *s, *found = NULL;
	size_t i;

	for (i = 0; i < picture->nsigns; i++) {
		s = &picture->sign[i];
		if (of != NULL &&
		    (s->owner != SIGN_OF_USER || s->uid != of->uid))
			continue;
		if (found == NULL || weight(s) < weight(found))
			found = s;
	}
	return found;
}

static size_t
count_user(const struct picture *picture, uint32_t uid)
{
	size_t i, n = 0;

	for (i = 0; i < picture->nsigns; i++)
		n += picture->sign[i].owner == SIGN_OF_USER &&
		    picture->sign[i].uid == uid;
	return n;
}

static void
displace(struct picture *picture, struct sign *place, const struct sign *sign)
{
	picture->lost++;
	if (place != NULL && weight(place) < weight(sign))
		*place = *sign;
}

void
picture_add(struct picture *picture, const struct sign *sign)
{
	size_t i;

	for (i = 0; i < picture->nsigns; i++) {
		if (!is_same(&picture->sign[i], sign))
			continue;
		if (weight(&picture->sign[i]) < weight(sign))
			picture->sign[i] = *sign;
		return;
	}
	if (sign->owner == SIGN_OF_USER &&
	    count_user(picture, sign->uid) >= PICTURE_SIGNS_OF_USER)
		displace(picture, weakest(picture, sign), sign);
	else if (picture->nsigns >= PICTURE_SIGNS_MAX)
		displace(picture, weakest(picture, NULL), sign);
	else
		picture->sign[picture->nsigns++] = *sign;
}

static bool
ends(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static bool
sign_is_valid(const struct sign *s)
{
	return s->kind > ENTRY_NONE && s->kind < ENTRY_KINDS &&
	    s->grade > SIGN_GRADE_NONE && s->grade <= SIGN_PRESENT &&
	    s->confidence > SIGN_CONFIDENCE_NONE &&
	    s->confidence <= SIGN_BY_IDENTITY && s->owner > SIGN_OWNER_NONE &&
	    s->owner <= SIGN_OF_USER && s->steers <= ENTRY_STEERS_SEAT &&
	    ends(s->what, sizeof(s->what)) && ends(s->seen, sizeof(s->seen)) &&
	    ends(s->cgroup, sizeof(s->cgroup));
}

bool
picture_is_valid(const struct picture *picture, size_t len)
{
	size_t i;

	if (len < offsetof(struct picture, sign) ||
	    picture->nsigns > PICTURE_SIGNS_MAX ||
	    len != picture_size(picture) ||
	    !ends(picture->seat_scope, sizeof(picture->seat_scope)))
		return false;
	for (i = 0; i < picture->nsigns; i++)
		if (!sign_is_valid(&picture->sign[i]))
			return false;
	return true;
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

void
sign_text(char *dst, size_t size, const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0' && i < size - 1; i++)
		dst[i] = s[i] >= ' ' && s[i] <= '~' ? s[i] : '?';
	dst[i] = '\0';
}
