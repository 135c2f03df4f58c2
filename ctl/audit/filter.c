/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes first, then members. What is looked for is written by the daemon's own
 * writer, so that it looks as in a record; a string cannot look like a member,
 * as its quotation marks have a backslash before them.
 */
#include "ctl/audit/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/audit/line.h"
#include "policyd/net/addr.h"
#include "policyd/text.h"
#include "proto/result.h"

#define NEEDLES	   (FILTER_TEXTS + 2u)
#define TS_SIZE	   32u
#define TS_LEN	   19u /* up to the second */
#define TS_AFTER   64u /* bytes of a record, within which it begins */
#define BREAKGLASS "\"event\":\"breakglass\""

enum verdict {
	ANY,
	AS_TOLD,
	CHALLENGE,
	WOULD_DENY
};

struct filter {
	char *needle[NEEDLES]; /* each has to be in the line */
	size_t needles;
	char *text[FILTER_TEXTS]; /* as it is in a record; or NULL */
	char *grade; /* of the finding; or NULL */
	bool from; /* there is a prefix */
	struct addr_prefix prefix;
	char origin[ADDR_TEXT_SIZE + 16]; /* the member, of one address */
	enum verdict verdict;
	char told[8];
	char since[TS_SIZE], until[TS_SIZE]; /* "": no limit */
};

struct filter *
filter_new(void)
{
	return calloc(1, sizeof(struct filter));
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->needles; i++)
		free(f->needle[i]);
	for (size_t i = 0; i < FILTER_TEXTS; i++)
		free(f->text[i]);
	free(f->grade);
	free(f);
}

/* ---- what is asked for ------------------------------------------------- */

static int
add_needle(struct filter *f, char *needle)
{
	if (needle == NULL)
		return FG_ERR_NOMEM;
	f->needle[f->needles++] = needle;
	return 0;
}

/*
 * Under any key: what stands between the braces of {"KEY":"VALUE"}, without its
 * key; of bytes that are no UTF-8 the first member is enough.
 */
static int
set_value(struct filter *f, const char *key, const char *value, bool with_key,
    char **ret_text)
{
	struct json *json = json_new();
	char *line, *needle = NULL, *end;
	size_t from = with_key ? 1 : strlen(key) + 3;

	json_set_untrusted(json, key, value);
	*ret_text = strdup(json_get_string(json, key, ""));
	if ((line = json_text(json)) != NULL) {
		if ((end = strstr(line + from + 1, "\",\"")) != NULL)
			end[1] = '\0';
		else
			line[strlen(line) - 1] = '\0';
		needle = strdup(line + from);
	}
	json_text_free(line);
	json_free(json);
	if (*ret_text == NULL) {
		free(needle);
		return FG_ERR_NOMEM;
	}
	return add_needle(f, needle);
}

/* As a list of findings has it: the grade follows the code. */
static int
set_finding(struct filter *f, const char *text)
{
	const char *colon = strchr(text, ':');
	char *code, *needle;
	int r;

	code = strndup(text,
	    colon == NULL ? strlen(text) : (size_t)(colon - text));
	if (code == NULL)
		return FG_ERR_NOMEM;
	r = set_value(f, "code", code, true, &f->text[FILTER_FINDING]);
	free(code);
	if (r != 0 || colon == NULL)
		return r;
	r = set_value(f, "grade", colon + 1, true, &f->grade);
	if (r != 0)
		return r;
	if (asprintf(&needle, "%s,%s", f->needle[f->needles - 2],
		f->needle[f->needles - 1]) < 0)
		return FG_ERR_NOMEM;
	free(f->needle[--f->needles]);
	free(f->needle[--f->needles]);
	return add_needle(f, needle);
}

int
filter_text(struct filter *f, enum filter_text which, const char *text)
{
	static const char *const keys[FILTER_TEXTS] = {
		[FILTER_USER] = "user",
		[FILTER_COUNTRY] = "country",
		[FILTER_FINDING] = "code",
		[FILTER_SERVICE] = "service",
		[FILTER_EVENT] = "event",
		[FILTER_REF] = "ref",
	};
	bool any_key = which == FILTER_USER || which == FILTER_REF;

	if (which == FILTER_FINDING)
		return set_finding(f, text);
	return set_value(f, keys[which], text, !any_key, &f->text[which]);
}

int
filter_from(struct filter *f, const char *text)
{
	char addr[ADDR_TEXT_SIZE];

	if (addr_parse_prefix(text, &f->prefix) != 0)
		return FG_ERR_FORMAT;
	f->from = true;
	if (f->prefix.bits == 128)
		(void)text_format(f->origin, sizeof(f->origin),
		    "\"address\":\"%s\"", addr_text(&f->prefix.addr, addr));
	return 0;
}

int
filter_verdict(struct filter *f, const char *text)
{
	static const char *const told[] = { "allow", "deny", "exempt" };
	char *needle;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (strcmp(text, told[i]) != 0)
			continue;
		f->verdict = AS_TOLD;
		(void)text_copy(f->told, sizeof(f->told), text);
		return asprintf(&needle, "\"verdict\":\"%s\"", text) < 0 ?
		    FG_ERR_NOMEM :
		    add_needle(f, needle);
	}
	if (strcmp(text, "challenge") == 0) {
		f->verdict = CHALLENGE;
		return 0;
	}
	if (strcmp(text, "would-deny") != 0)
		return FG_ERR_FORMAT;
	f->verdict = WOULD_DENY;
	return add_needle(f, strdup("\"would\":\"deny\""));
}

static void
time_text(int64_t at_s, char ts[TS_SIZE])
{
	time_t t = (time_t)at_s;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(ts, TS_SIZE, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		ts[0] = '\0';
}

void
filter_time(struct filter *f, int64_t since_s, int64_t until_s)
{
	f->since[0] = f->until[0] = '\0';
	if (since_s != INT64_MIN)
		time_text(since_s, f->since);
	if (until_s != INT64_MAX)
		time_text(until_s, f->until);
}

/* ---- bytes ------------------------------------------------------------- */

/* The text of a time has the order of the time. */
static bool
is_in_time(const struct filter *f, const char *text, size_t len)
{
	static const char key[] = "\"ts\":\"";
	const char *ts;

	if (f->since[0] == '\0' && f->until[0] == '\0')
		return true;
	ts =
	    memmem(text, len < TS_AFTER ? len : TS_AFTER, key, sizeof(key) - 1);
	if (ts == NULL)
		return false;
	ts += sizeof(key) - 1;
	if ((size_t)(text + len - ts) < TS_LEN)
		return false;
	return (f->since[0] == '\0' || memcmp(ts, f->since, TS_LEN) >= 0) &&
	    (f->until[0] == '\0' || memcmp(ts, f->until, TS_LEN) < 0);
}

static bool
is_from(const struct filter *f, const char *address)
{
	size_t whole = f->prefix.bits / 8, rest = f->prefix.bits % 8;
	const uint8_t *want = f->prefix.addr.b;
	struct addr addr;

	return addr_parse(address, &addr) == 0 &&
	    memcmp(addr.b, want, whole) == 0 &&
	    (rest == 0 || (addr.b[whole] ^ want[whole]) >> (8 - rest) == 0);
}

/* The first member that begins so, key with its quotation marks. */
static bool
is_from_in(const struct filter *f, const char *text, size_t len,
    const char *key)
{
	char address[ADDR_TEXT_SIZE];
	const char *at = memmem(text, len, key, strlen(key)), *end;

	if (at == NULL)
		return false;
	at += strlen(key);
	end = memchr(at, '"', (size_t)(text + len - at));
	if (end == NULL || (size_t)(end - at) >= sizeof(address))
		return false;
	memcpy(address, at, (size_t)(end - at));
	address[end - at] = '\0';
	return is_from(f, address);
}

/*
 * Of the origin, which comes before any other address and has one spelling;
 * that of break-glass is as the module was told it.
 */
static bool
may_be_from(const struct filter *f, const char *text, size_t len)
{
	if (!f->from ||
	    (f->origin[0] == '\0' ? is_from_in(f, text, len, "\"address\":\"") :
				    line_has(text, len, f->origin)))
		return true;
	return line_has(text, len, BREAKGLASS) &&
	    is_from_in(f, text, len, "\"from\":\"");
}

static bool
may_be_wanted(const struct filter *f, const char *text, size_t len)
{
	if (!is_in_time(f, text, len))
		return false;
	for (size_t i = 0; i < f->needles; i++)
		if (memmem(text, len, f->needle[i], strlen(f->needle[i])) ==
		    NULL)
			return false;
	return (f->verdict != CHALLENGE || line_has(text, len, "challenge") ||
		   line_has(text, len, "\"step_up\":[")) &&
	    may_be_from(f, text, len);
}

/* ---- members ----------------------------------------------------------- */

static bool
has(const struct json *json, const char *key, const char *want)
{
	return want == NULL ||
	    strcmp(json_get_string(json, key, ""), want) == 0;
}

/* Some events have the person's name, others an object. */
static bool
is_users(const struct json *record, const char *want)
{
	return has(record, "user", want) || has(record, "person", want) ||
	    has(json_get(record, "person"), "user", want);
}

static bool
is_about(const struct json *record, const char *want)
{
	const struct json *list = json_get(record, "step_up");

	if (has(record, "ref", want) || has(record, "request", want) ||
	    has(record, "of", want))
		return true;
	for (size_t i = 0; i < json_length(list); i++)
		if (has(json_at(list, i), "request", want))
			return true;
	return false;
}

static bool
has_finding(const struct json *record, const char *code, const char *grade)
{
	const struct json *list = json_get(record, "findings");

	for (size_t i = 0; i < json_length(list); i++)
		if (has(json_at(list, i), "code", code) &&
		    has(json_at(list, i), "grade", grade))
			return true;
	return false;
}

bool
filter_is_challenge(const struct json *record)
{
	const char *why =
	    json_get_string(json_get(record, "decided"), "why", "");
	const char *action = strstr(why, " = challenge");

	return json_get(record, "challenge") != NULL ||
	    json_length(json_get(record, "step_up")) > 0 ||
	    (action != NULL && strcmp(action, " = challenge") == 0);
}

static bool
is_verdict(const struct filter *f, const struct json *record)
{
	if (f->verdict == AS_TOLD)
		return has(record, "verdict", f->told);
	if (f->verdict == CHALLENGE)
		return filter_is_challenge(record);
	return f->verdict == ANY ||
	    (has(record, "would", "deny") && !has(record, "verdict", "deny"));
}

static const char *
address_of(const struct json *record)
{
	return has(record, "event", "breakglass") ?
	    json_get_string(record, "from", "") :
	    json_get_string(json_get(record, "origin"), "address", "");
}

static bool
is_wanted(const struct filter *f, const struct json *record)
{
	const char *const *text = (const char *const *)f->text;

	return (text[FILTER_USER] == NULL ||
		   is_users(record, text[FILTER_USER])) &&
	    (text[FILTER_REF] == NULL || is_about(record, text[FILTER_REF])) &&
	    (text[FILTER_FINDING] == NULL ||
		has_finding(record, text[FILTER_FINDING], f->grade)) &&
	    has(json_get(record, "place"), "country", text[FILTER_COUNTRY]) &&
	    has(record, "service", text[FILTER_SERVICE]) &&
	    has(record, "event", text[FILTER_EVENT]) && is_verdict(f, record) &&
	    (!f->from || is_from(f, address_of(record)));
}

enum filter_answer
filter_line(const struct filter *f, const char *text, size_t len,
    struct json **ret_record)
{
	struct json *record;
	bool wanted;

	if (ret_record != NULL)
		*ret_record = NULL;
	if (len == 0 || text[0] != '{')
		return FILTER_NO_RECORD;
	if (!may_be_wanted(f, text, len))
		return FILTER_NO;
	if (!line_is_printable(text, len) ||
	    (record = json_parse(text, len)) == NULL)
		return FILTER_NO_RECORD;
	wanted = is_wanted(f, record);
	if (wanted && ret_record != NULL)
		*ret_record = record;
	else
		json_free(record);
	return wanted ? FILTER_YES : FILTER_NO;
}
