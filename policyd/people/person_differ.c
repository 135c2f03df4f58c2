/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which columns of two entries differ, by name: never what is in them.
 */
#include <string.h>

#include "policyd/people/person.h"
#include "policyd/text.h"

/* From the first member of a field to the end of its last one. */
#define FIELD(name, first, last)                              \
	{                                                     \
		name, offsetof(struct person, first),         \
		    offsetof(struct person, last) +           \
		    sizeof(((const struct person *)0)->last), \
	}

static const struct {
	const char *name;
	size_t from, to;
} fields[] = {
	FIELD("user", user, user),
	FIELD("name", name, name),
	FIELD("kind", kind, kind),
	FIELD("accounts", naccounts, account),
	FIELD("countries", ncountries, country),
	FIELD("home", home, longitude),
	FIELD("radius", radius_km, radius_km),
	FIELD("hours", hours, span),
	FIELD("zone", zone, zone),
	FIELD("groups", ngroups, group),
	FIELD("networks", nnetworks, network),
	FIELD("keys", nkeys, key),
	FIELD("valid_from", valid_from_s, valid_from_s),
	FIELD("valid_until", valid_until_s, valid_until_s),
	FIELD("status", status, status),
};

void
person_differ(const struct person *a, const struct person *b,
    char ret_fields[PERSON_DIFFER_SIZE])
{
	const char *x = (const char *)a, *y = (const char *)b;
	size_t len = 0;

	ret_fields[0] = '\0';
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (memcmp(x + fields[i].from, y + fields[i].from,
			fields[i].to - fields[i].from) == 0)
			continue;
		(void)text_format(ret_fields + len, PERSON_DIFFER_SIZE - len,
		    "%s%s", len > 0 ? " " : "",
		    fields[i].name); /* all of them fit */
		len += strlen(ret_fields + len);
	}
}
