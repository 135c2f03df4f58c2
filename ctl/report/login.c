/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of a record, each of which may be missing or anything else.
 */
#include "ctl/report/login.h"

#include <string.h>

#include "policyd/net/addr.h"
#include "policyd/record/show.h"
#include "policyd/text.h"

static bool
is(const struct json *json, const char *key, const char *value)
{
	return strcmp(json_get_string(json, key, ""), value) == 0;
}

/* What is too long is cut. */
static void
copy_member(char to[LOGIN_TEXT], const struct json *json, const char *key,
    const char *def)
{
	struct shown a;

	(void)text_copy(to, LOGIN_TEXT, show_member(&a, json, key, def));
}

static void
take_person(const struct json *record, struct login *l)
{
	const struct json *person = json_get(record, "person");

	l->named = true;
	if (is(person, "state", "known") && show_has(person, "user"))
		copy_member(l->person, person, "user", "");
	else if (show_has(record, "person")) /* of some events, its name */
		copy_member(l->person, record, "person", "");
	else if (show_has(record, "user"))
		copy_member(l->person, record, "user", "");
	else {
		l->named = false;
		(void)text_copy(l->person, LOGIN_TEXT, "(no such user)");
	}
}

void
login_place(struct login *l)
{
	struct addr addr;
	char text[ADDR_TEXT_SIZE];
	bool v4;

	if (addr_parse(l->address, &addr) != 0) {
		l->address[0] = '\0';
		return;
	}
	v4 = addr_is_v4(&addr);
	(void)text_copy(l->source, LOGIN_TEXT, l->address);
	memset(addr.b + (v4 ? 15 : 8), 0, v4 ? 1 : 8);
	(void)addr_text(&addr, text);
	if (!v4)
		(void)text_copy(l->source, LOGIN_TEXT, text);
	(void)text_format(l->prefix, LOGIN_TEXT, "%s/%d", text, v4 ? 24 : 64);
}

/* Why something is not known that goes by the address. */
static const char *
unknown(const struct login *l)
{
	return l->address[0] == '\0' ? "(no address)" : "(not known)";
}

static void
take_place(const struct json *record, struct login *l)
{
	const struct json *asn = json_get(record, "asn");
	int64_t number = json_get_int(asn, "number", 0);
	struct shown a;

	copy_member(l->address, json_get(record, "origin"), "address", "");
	login_place(l);
	copy_member(l->country, json_get(record, "place"), "country",
	    unknown(l));
	if (number <= 0 || number > UINT32_MAX) {
		(void)text_copy(l->as, LOGIN_TEXT, unknown(l));
		return;
	}
	l->asn = (uint32_t)number;
	(void)text_format(l->as, LOGIN_TEXT, "AS%lld%s%s", (long long)number,
	    show_has(asn, "org") ? " " : "", show_member(&a, asn, "org", ""));
}

static void
take_device(const struct json *record, struct login *l)
{
	const struct json *attested = json_get(record, "attested");
	const struct json *bound = json_get(record, "bound");
	const struct json *own = json_get(record, "device");

	copy_member(l->fingerprint, json_get(record, "key"), "fingerprint", "");
	copy_member(l->asset, attested, "asset", "");
	if (l->asset[0] == '\0')
		copy_member(l->asset, bound, "asset", "");
	(void)text_copy(l->device, LOGIN_TEXT, l->asset);
	if (l->device[0] == '\0')
		copy_member(l->device, attested, "device", l->fingerprint);
	if (l->device[0] == '\0')
		copy_member(l->device, own, "asset", "(not known)");
}

void
login_of(const struct json *record, struct login *l)
{
	memset(l, 0, sizeof(*l));
	take_person(record, l);
	take_place(record, l);
	take_device(record, l);
}
