/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose it is, by what its user cannot change: uids, the login uid, and the
 * cgroup that the service manager has put it into.
 */
#include "policyd/scanner/look/owner.h"

#include <stdbool.h>
#include <string.h>

#include "policyd/scanner/look/cgroups.h"
#include "policyd/text.h"

#define OWNER_SYSTEM_UNITS "/system.slice/"
#define OWNER_SLICES	   "/user.slice/user-"
#define OWNER_FIRST_PERSON 1000u
#define OWNER_FIRST_LENT   61184u
#define OWNER_LAST_LENT	   65519u
#define OWNER_FIRST_SUB	   100000u /* of subuid(5) */

static bool
is_unit(const char *cgroup)
{
	return strncmp(cgroup, OWNER_SYSTEM_UNITS,
		   strlen(OWNER_SYSTEM_UNITS)) == 0;
}

bool
owner_is_units(uint32_t uid)
{
	return uid < OWNER_FIRST_PERSON ||
	    (uid >= OWNER_FIRST_LENT && uid <= OWNER_LAST_LENT);
}

/* By the slice that the service manager has for them; 0: by none. */
static uint32_t
person_of_slice(const char *cgroup)
{
	const char *s = cgroup + strlen(OWNER_SLICES);
	char text[16] = "";
	uint64_t uid;
	size_t len;

	if (strncmp(cgroup, OWNER_SLICES, strlen(OWNER_SLICES)) != 0)
		return 0;
	len = strspn(s, "0123456789");
	if (len >= sizeof(text) || strncmp(s + len, ".slice/", 7) != 0)
		return 0;
	memcpy(text, s, len);
	return text_parse_uint(text, 1, UINT32_MAX - 1, &uid) == 0 ?
	    (uint32_t)uid :
	    0;
}

/* 0: nobody is known to have. */
static uint32_t
who_started(const struct owner_of *of)
{
	if (of->login_uid != 0 && of->login_uid != (uint32_t)-1)
		return of->login_uid;
	return person_of_slice(of->cgroup);
}

/*
 * A set-uid program is its caller's, a daemon that took a uid on is not. In a
 * container that is a user's own its uids are nobody who logs in.
 */
static uint32_t
uid_of(const struct owner_of *of)
{
	uint32_t person;

	if (of->lent && (person = who_started(of)) != 0)
		return person;
	return of->real_uid == 0 ? of->effective_uid : of->real_uid;
}

uint32_t
owner_person(const struct owner_of *of)
{
	uint32_t uid = uid_of(of);

	return uid != 0 ? uid : who_started(of);
}

void
owner_set(const struct owner_of *of, uint32_t seat_uid, struct sign *sign)
{
	uint32_t uid = of->said ? owner_person(of) : uid_of(of);

	owner_set_uid(uid, seat_uid, sign);
	if (of->login_uid == (uint32_t)-1 && owner_is_units(uid) &&
	    is_unit(of->cgroup))
		sign->owner = SIGN_OF_MACHINE;
}

static bool
has_slice(uint32_t uid)
{
	char path[64];

	return text_format(path, sizeof(path), "%s%u.slice", OWNER_SLICES,
		   (unsigned int)uid) == 0 &&
	    cgroup_id(path) != 0;
}

/*
 * A uid that was lent to a container of a person's is told by that person's
 * slice. A person with such a uid, out of a directory, has a slice as well.
 */
static uint32_t
uid_of_socket(uint32_t uid, const char *cgroup)
{
	uint32_t person = person_of_slice(cgroup);

	if (uid < OWNER_FIRST_SUB || person == 0 || has_slice(uid))
		return uid;
	return person;
}

void
owner_set_socket(uint32_t uid, const char *cgroup, uint32_t seat_uid,
    struct sign *sign)
{
	owner_set_uid(uid_of_socket(uid, cgroup), seat_uid, sign);
	if (owner_is_units(uid) && is_unit(cgroup))
		sign->owner = SIGN_OF_MACHINE;
}

void
owner_set_uid(uint32_t uid, uint32_t seat_uid, struct sign *sign)
{
	sign->uid = uid;
	if (uid == 0)
		sign->owner = SIGN_OF_MACHINE;
	else
		sign->owner = uid == seat_uid && uid != (uint32_t)-1 ?
		    SIGN_OF_SEAT :
		    SIGN_OF_USER;
}

void
owner_lose(struct picture *picture, uint32_t uid, uint32_t part)
{
	size_t i;

	for (i = 0; i < picture->nlost_uids; i++)
		if (picture->lost_uid[i] == uid)
			return;
	if (uid == picture->seat_uid || owner_is_units(uid) ||
	    picture->nlost_uids == PICTURE_LOST_UIDS)
		picture->cut |= part;
	else
		picture->lost_uid[picture->nlost_uids++] = uid;
}
