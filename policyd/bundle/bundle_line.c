/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in the lines of a bundle, written and read. Whoever reads has
 * checked the seal; what is read is still held to the form.
 */
#include "policyd/bundle/bundle_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/people/person_json.h"
#include "proto/result.h"

/* Of a line; a person's is the longest. */
#define LINE_MAX_BYTES (256u * 1024u)

/* ---- to write ----------------------------------------------------------- */

struct json *
bundle_head_line(const struct bundle_head *head)
{
	struct json *json = json_new();

	json_set_int(json, "farmgate_bundle", BUNDLE_VERSION);
	json_set_int(json, "serial", (int64_t)head->serial);
	json_set_int(json, "made", head->made_s);
	return json;
}

struct json *
bundle_person_line(const struct person *person)
{
	struct json *json = json_new();

	person_to_json(person, json_set_object(json, "person"));
	return json;
}

struct json *
bundle_revocation_line(const struct store_revocation *r)
{
	struct json *json = json_new(), *o;

	o = json_set_object(json, "revocation");
	json_set_string(o, "user", r->user);
	json_set_int(o, "at", r->at_s);
	json_set_string(o, "reason", r->reason);
	json_set_int(o, "made", r->made_s);
	return json;
}

struct json *
bundle_given_back_line(const char *name, int64_t at_s)
{
	struct json *json = json_new(), *o;

	o = json_set_object(json, "given_back");
	json_set_string(o, "name", name);
	json_set_int(o, "at", at_s);
	return json;
}

struct json *
bundle_end_line(const struct bundle_counts *counts)
{
	struct json *json = json_new(), *o;

	o = json_set_object(json, "end");
	json_set_int(o, "people", (int64_t)counts->people);
	json_set_int(o, "revocations", (int64_t)counts->revocations);
	json_set_int(o, "given_back", (int64_t)counts->given_back);
	return json;
}

/* ---- to read ------------------------------------------------------------ */

static int wrong(struct bundle_reader *reader, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static int
wrong(struct bundle_reader *reader, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(reader->why, sizeof(reader->why), fmt, ap);
	va_end(ap);
	return FG_ERR_FORMAT;
}

static int
next_line(struct bundle_reader *reader, struct json **ret_json)
{
	size_t left = (size_t)(reader->end - reader->at);
	const char *nl = memchr(reader->at, '\n', left);

	*ret_json = NULL;
	reader->line++;
	if (nl == NULL)
		return wrong(reader, "it ends before its end line");
	if ((size_t)(nl - reader->at) > LINE_MAX_BYTES)
		return wrong(reader, "the line has more than %u bytes",
		    LINE_MAX_BYTES);
	*ret_json = json_parse(reader->at, (size_t)(nl - reader->at));
	reader->at = nl + 1;
	if (*ret_json == NULL)
		return wrong(reader, "the line is no JSON object");
	return 0;
}

/* A string that has its place; false if it has none. */
static bool
take_string(const struct json *json, const char *key, char *buf, size_t size)
{
	const char *text = json_get_string(json, key, NULL);

	if (text == NULL || strlen(text) >= size)
		return false;
	(void)snprintf(buf, size, "%s", text);
	return true;
}

/* There and a number, which is not negative. */
static bool
take_number(const struct json *json, const char *key, int64_t *ret)
{
	*ret = json_get_int(json, key, -1);
	return *ret >= 0;
}

static int
read_person(struct bundle_reader *reader, const struct json *o,
    struct bundle_item *item)
{
	if (person_from_json(o, &item->person) != 0)
		return wrong(reader, "a value of the person %.64s is wrong",
		    json_get_string(o, "user", "-"));
	/* What this version would leave out is no part of what it writes. */
	if (!person_json_is_all(o, &item->person))
		return wrong(reader,
		    "the person has a field that this version does not know");
	item->kind = BUNDLE_PERSON;
	reader->counts.people++;
	return 0;
}

static int
read_revocation(struct bundle_reader *reader, const struct json *o,
    struct bundle_item *item)
{
	struct store_revocation *r = &item->revocation;

	memset(r, 0, sizeof(*r));
	r->at_s = json_get_int(o, "at", INT64_MIN);
	if (json_members(o) != 4 || r->at_s == INT64_MIN ||
	    !take_string(o, "user", r->user, sizeof(r->user)) ||
	    r->user[0] == '\0' ||
	    !take_string(o, "reason", r->reason, sizeof(r->reason)) ||
	    !take_number(o, "made", &r->made_s))
		return wrong(reader, "a value of the revocation is wrong");
	r->by_uid = r->by_loginuid = UINT32_MAX;
	r->bundled = true;
	item->kind = BUNDLE_REVOCATION;
	reader->counts.revocations++;
	return 0;
}

static int
read_given_back(struct bundle_reader *reader, const struct json *o,
    struct bundle_item *item)
{
	if (json_members(o) != 2 ||
	    !take_string(o, "name", item->name, sizeof(item->name)) ||
	    item->name[0] == '\0' || !take_number(o, "at", &item->at_s))
		return wrong(reader, "a value of what is given back is wrong");
	item->kind = BUNDLE_GIVEN_BACK;
	reader->counts.given_back++;
	return 0;
}

static int
read_end(struct bundle_reader *reader, const struct json *o)
{
	const struct bundle_counts *c = &reader->counts;

	if (json_members(o) != 3 ||
	    json_get_int(o, "people", -1) != (int64_t)c->people ||
	    json_get_int(o, "revocations", -1) != (int64_t)c->revocations ||
	    json_get_int(o, "given_back", -1) != (int64_t)c->given_back)
		return wrong(reader, "the end line has counted other lines");
	if (reader->at != reader->end)
		return wrong(reader, "there are lines behind the end line");
	return FG_ERR_NOT_FOUND;
}

int
bundle_read_head(const char *bytes, size_t len, struct bundle_reader *reader,
    struct bundle_head *ret_head)
{
	struct json *json;
	int64_t serial;
	int r;

	memset(reader, 0, sizeof(*reader));
	memset(ret_head, 0, sizeof(*ret_head));
	reader->at = bytes;
	reader->end = bytes + len;
	if ((r = next_line(reader, &json)) != 0)
		return r;
	if (json_get_int(json, "farmgate_bundle", 0) != BUNDLE_VERSION)
		r = wrong(reader,
		    "it is no bundle of version %d, the only one that this "
		    "version of Farmgate knows",
		    BUNDLE_VERSION);
	else if (json_members(json) != 3 ||
	    !take_number(json, "serial", &serial) || serial < 1 ||
	    !take_number(json, "made", &ret_head->made_s))
		r = wrong(reader, "a value of the head is wrong");
	else
		ret_head->serial = (uint64_t)serial;
	json_free(json);
	return r;
}

int
bundle_read(struct bundle_reader *reader, struct bundle_item *ret_item)
{
	struct json *json, *o;
	int r;

	ret_item->kind = BUNDLE_NOTHING;
	if ((r = next_line(reader, &json)) != 0)
		return r;
	if (json_members(json) != 1)
		r = wrong(reader, "the line says not one thing");
	else if ((o = json_get(json, "person")) != NULL)
		r = read_person(reader, o, ret_item);
	else if ((o = json_get(json, "revocation")) != NULL)
		r = read_revocation(reader, o, ret_item);
	else if ((o = json_get(json, "given_back")) != NULL)
		r = read_given_back(reader, o, ret_item);
	else if ((o = json_get(json, "end")) != NULL)
		r = read_end(reader, o);
	else
		r = wrong(reader,
		    "the line says what this version does not know");
	json_free(json);
	return r;
}
