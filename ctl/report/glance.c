/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of a record's line, found as bytes. Of lines that have no backslash:
 * then no string has a quotation mark in it, what looks like a member is one,
 * and a value is what a terminal may show.
 */
#include <string.h>

#include "ctl/audit/line.h"
#include "ctl/report/login.h"
#include "policyd/text.h"

/* A part of a line. */
struct piece {
	const char *at;
	size_t len;
};

/* Behind these bytes; false if they are not there. */
static bool
find(struct piece in, const char *bytes, struct piece *ret)
{
	const char *at = memmem(in.at, in.len, bytes, strlen(bytes));

	if (at == NULL)
		return false;
	ret->at = at + strlen(bytes);
	ret->len = in.len - (size_t)(ret->at - in.at);
	return true;
}

/* Up to this character. */
static struct piece
up_to(struct piece in, char c)
{
	const char *end = memchr(in.at, c, in.len);

	if (end != NULL)
		in.len = (size_t)(end - in.at);
	return in;
}

/* The text of a member that stands before the next brace; false: too long. */
static bool
take_text(struct piece in, const char *member, char to[LOGIN_TEXT])
{
	struct piece value;

	if (!find(up_to(in, '}'), member, &value))
		return true;
	value = up_to(value, '"');
	if (value.len >= LOGIN_TEXT)
		return false;
	memcpy(to, value.at, value.len);
	to[value.len] = '\0';
	return true;
}

/* The same of an object's member; nothing where there is no such object. */
static bool
take_of(struct piece line, const char *object, const char *member,
    char to[LOGIN_TEXT])
{
	struct piece in;

	return !find(line, object, &in) || take_text(in, member, to);
}

/* Nothing of it has to be counted beside that it was allowed. */
static bool
is_plain(struct piece line)
{
	static const char *const others[] = { "challenge", "\"step_up\":[",
		"\"exception\":", "\"failure\":", "_people\":",
		"\"tty\":\"farmgatectl\"" };
	struct piece rest;

	if (memchr(line.at, '\\', line.len) != NULL ||
	    !find(line, ",\"verdict\":\"allow\",\"would\":\"allow\",", &rest))
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (find(line, others[i], &rest))
			return false;
	return true;
}

static bool
take_person(struct piece line, struct login *l)
{
	/* The account's own comes before any object. */
	if (!take_text(line, ",\"user\":\"", l->person) ||
	    !take_of(line, ",\"person\":{\"state\":\"known\"", ",\"user\":\"",
		l->person))
		return false;
	l->named = l->person[0] != '\0';
	return l->named;
}

static bool
take_place(struct piece line, struct login *l)
{
	char digits[LOGIN_TEXT] = "";
	struct piece in;
	uint64_t asn;

	if (!take_of(line, ",\"origin\":{", ",\"address\":\"", l->address) ||
	    !take_of(line, ",\"place\":{", ",\"country\":\"", l->country))
		return false;
	login_place(l);
	if (!find(line, ",\"asn\":{\"state\":\"known\",\"number\":", &in))
		return true;
	in.len = strspn(in.at, "0123456789");
	if (in.len >= 16)
		return false;
	memcpy(digits, in.at, in.len);
	if (text_parse_uint(digits, 1, UINT32_MAX, &asn) == 0)
		l->asn = (uint32_t)asn;
	return true;
}

bool
login_glance(const char *text, size_t len, struct login *l)
{
	struct piece line = { text, len };

	memset(l, 0, sizeof(*l));
	if (!is_plain(line) || !take_person(line, l) || !take_place(line, l) ||
	    !take_of(line, ",\"attested\":{", "\"asset\":\"", l->asset))
		return false;
	if (l->asset[0] == '\0' &&
	    !take_of(line, ",\"bound\":{", "\"asset\":\"", l->asset))
		return false;
	return take_of(line, ",\"key\":{", "\"fingerprint\":\"",
	    l->fingerprint);
}
