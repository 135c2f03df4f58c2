/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines are looked through for bytes, and not parsed: a quotation mark within a
 * string has a backslash before it, so that what looks like a value is one.
 */
#include "ctl/audit/naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/json/json.h"
#include "proto/result.h"

struct naming {
	char *needle[NAMING_NAMES_MAX]; /* with its quotation marks */
	bool is_id[NAMING_NAMES_MAX];
	size_t n;
};

/* Members whose value is somebody's name. */
static const char *const keys[] = { "\"user\":", "\"person\":", "\"ruser\":",
	"\"target\":", "\"to\":", "\"about\":", "\"user_hex\":",
	"\"person_hex\":", "\"ruser_hex\":", "\"about_hex\":" };

struct naming *
naming_new(void)
{
	return calloc(1, sizeof(struct naming));
}

void
naming_free(struct naming *naming)
{
	if (naming == NULL)
		return;
	for (size_t i = 0; i < naming->n; i++)
		free(naming->needle[i]);
	free(naming);
}

static int
add(struct naming *naming, char *needle, bool is_id)
{
	if (needle == NULL)
		return FG_ERR_NOMEM;
	if (naming->n == NAMING_NAMES_MAX) {
		free(needle);
		return FG_ERR_LIMIT;
	}
	naming->is_id[naming->n] = is_id;
	naming->needle[naming->n++] = needle;
	return 0;
}

/* Of bytes that are no UTF-8 all of them stand in the second member. */
int
naming_add(struct naming *naming, const char *name)
{
	struct json *json = json_new();
	char *line, *needle = NULL, *from;
	static const char hex[] = "\"n_hex\":";

	json_set_untrusted(json, "n", name);
	if ((line = json_text(json)) != NULL) {
		line[strlen(line) - 1] = '\0'; /* the brace */
		from = strstr(line, hex);
		needle = strdup(from != NULL ? from + sizeof(hex) - 1 :
					       line + sizeof("{\"n\":") - 1);
	}
	json_text_free(line);
	json_free(json);
	return add(naming, needle, false);
}

int
naming_add_id(struct naming *naming, uint32_t loginuid)
{
	char *needle;

	if (asprintf(&needle, "\"loginuid\":%lu", (unsigned long)loginuid) < 0)
		needle = NULL;
	return add(naming, needle, true);
}

/* Is the value at the end of text one of a member of people? */
static bool
is_of_people(const char *text, size_t len)
{
	size_t n;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		n = strlen(keys[i]);
		if (len > n && memcmp(text + len - n, keys[i], n) == 0 &&
		    (text[len - n - 1] == '{' || text[len - n - 1] == ','))
			return true;
	}
	return false;
}

/* What stands before and behind it; all of it is within a record. */
static bool
is_name(const char *text, size_t len, const char *at, size_t n)
{
	size_t before = (size_t)(at - text);
	char next;

	if (before == 0 || before + n >= len)
		return false;
	next = at[n];
	if (next != ',' && next != '}' && next != ']')
		return false;
	if (at[-1] == ':')
		return is_of_people(text, before);
	return (at[-1] == '[' || at[-1] == ',') && next != '}';
}

static bool
has(const struct naming *naming, size_t i, const char *text, size_t len)
{
	const char *needle = naming->needle[i], *at = text, *end = text + len;
	size_t n = strlen(needle);

	while ((at = memmem(at, (size_t)(end - at), needle, n)) != NULL) {
		if (naming->is_id[i] ?
			at + n < end && (at[n] == ',' || at[n] == '}') :
			is_name(text, len, at, n))
			return true;
		at += n;
	}
	return false;
}

bool
naming_has(const struct naming *naming, const char *text, size_t len)
{
	for (size_t i = 0; i < naming->n; i++)
		if (has(naming, i, text, len))
			return true;
	return false;
}
