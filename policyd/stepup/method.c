/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which methods there are, and what each is worth. Pure tables.
 */
#include "policyd/stepup/method.h"

#include <string.h>

static const char *const names[METHOD_COUNT] = {
	[METHOD_NONE] = "none",
	[METHOD_TOTP] = "totp",
	[METHOD_APPROVAL] = "approval",
	[METHOD_SERIAL] = "serial",
	[METHOD_DELEGATE] = "delegate",
	[METHOD_DEVICE] = "device",
};

const char *
method_name(enum method method)
{
	return names[method < METHOD_COUNT ? method : METHOD_NONE];
}

enum method
method_by_name(const char *name)
{
	enum method m;

	for (m = METHOD_NONE + 1; m < METHOD_COUNT; m++)
		if (strcmp(names[m], name) == 0)
			return m;
	return METHOD_NONE;
}

/*
 * Whoever sits behind a farm holds the seed and has its facilitator on the
 * telephone: signs of one need somebody else's word.
 */
static bool
needs_second_person(enum finding_code code)
{
	switch (code) {
	case FINDING_GEO_COUNTRY:
	case FINDING_GEO_DISTANCE:
	case FINDING_GEO_TRAVEL:
	case FINDING_GEO_UNKNOWN:
	case FINDING_GEO_STALE:
	case FINDING_NET_ANONYMIZER:
	case FINDING_NET_HOSTING:
	case FINDING_NET_LISTED:
	case FINDING_NET_ASN:
	case FINDING_NET_VPN_CLIENT:
	case FINDING_SESSION_LIMIT:
	case FINDING_SESSION_PLACES:
	case FINDING_TIME_HOURS:
		return false;
	case FINDING_NONE:
	case FINDING_SESSION_SHARED_SOURCE:
	case FINDING_SESSION_SHARED_DEVICE:
	case FINDING_SESSION_SHARED_SITE:
	case FINDING_REMOTE_TOOL:
	case FINDING_REMOTE_DESKTOP:
	case FINDING_REMOTE_TUNNEL:
	case FINDING_REMOTE_KVM:
	case FINDING_REMOTE_DISPLAY:
	case FINDING_REMOTE_JIGGLER:
	case FINDING_REMOTE_SESSION:
	case FINDING_REMOTE_UNKNOWN:
	case FINDING_DEVICE_MISMATCH:
	case FINDING_DEVICE_UNISSUED:
	case FINDING_DEVICE_UNENROLLED:
	case FINDING_DEVICE_VIRTUAL:
	case FINDING_DEVICE_KEY:
	case FINDING_DEVICE_CLONE:
	case FINDING_DEVICE_NEW_INPUT:
	case FINDING_DEVICE_PLACE:
	case FINDING_PERSON_UNKNOWN:
	case FINDING_PERSON_REVOKED:
	case FINDING_PERSON_UNVERIFIED:
	case FINDING_CHALLENGE_FAILED:
	case FINDING_CHALLENGE_IMPOSSIBLE:
	case FINDING_COUNT:
		break;
	}
	return true;
}

/* Which laptop it is an enrolled one says itself. */
static bool
asks_which_device(enum finding_code code)
{
	return code == FINDING_DEVICE_UNENROLLED || code == FINDING_DEVICE_KEY;
}

bool
method_answers(enum method method, enum finding_code code)
{
	switch (method) {
	case METHOD_DEVICE:
		return !needs_second_person(code) || asks_which_device(code);
	case METHOD_TOTP:
	case METHOD_DELEGATE:
		return !needs_second_person(code);
	case METHOD_APPROVAL:
		return true;
	case METHOD_NONE:
	case METHOD_SERIAL:
	case METHOD_COUNT:
		break;
	}
	return false;
}

/* Which are the same: none of remote.*, device.* or session.shared_*. */
bool
method_is_remembered(enum finding_code code)
{
	return !needs_second_person(code);
}

/* Of all of them one has to be enough, and of any each. */
bool
methods_answer(const struct methods *methods, enum finding_code code)
{
	size_t i, n = 0;

	for (i = 0; i < methods->n; i++)
		n += method_answers(methods->list[i], code);
	return methods->all ? n > 0 : n > 0 && n == methods->n;
}

bool
methods_have(const struct methods *methods, enum method method)
{
	size_t i;

	for (i = 0; i < methods->n; i++)
		if (methods->list[i] == method)
			return true;
	return false;
}

void
methods_drop(struct methods *methods, enum method method)
{
	size_t i, n = 0;

	for (i = 0; i < methods->n; i++)
		if (methods->list[i] != method)
			methods->list[n++] = methods->list[i];
	methods->n = n;
}
