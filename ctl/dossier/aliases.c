/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A few names, looked for one after the other.
 */
#include "ctl/dossier/aliases.h"

#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

void
aliases_done(struct aliases *names)
{
	for (size_t i = 0; i < names->n; i++) {
		free(names->name[i]);
		free(names->needle[i]);
	}
	names->n = names->people = 0;
}

/* What stands behind the key in {"n":"NAME"}, up to the brace. */
static char *
quoted(const char *name)
{
	struct json *json = json_new();
	char *text, *needle = NULL;

	json_set_untrusted(json, "n", name);
	if ((text = json_text(json)) != NULL) {
		text[strlen(text) - 1] = '\0';
		needle = strdup(text + strlen("{\"n\":"));
	}
	json_text_free(text);
	json_free(json);
	return needle;
}

static int
add(struct aliases *names, const char *name)
{
	if (name[0] == '\0')
		return 0;
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return 0;
	if (names->n == NAMES_MAX)
		return FG_ERR_LIMIT;
	names->name[names->n] = strdup(name);
	names->needle[names->n] = quoted(name);
	names->n++;
	return names->name[names->n - 1] != NULL &&
		names->needle[names->n - 1] != NULL ?
	    0 :
	    FG_ERR_NOMEM;
}

int
aliases_add(struct aliases *names, const char *name)
{
	int r = add(names, name);

	names->people = names->n;
	return r;
}

int
aliases_add_asset(struct aliases *names, const char *tag)
{
	return add(names, tag);
}

bool
aliases_may_be_in(const struct aliases *names, const char *line, size_t len)
{
	for (size_t i = 0; i < names->n; i++)
		if (memmem(line, len, names->needle[i],
			strlen(names->needle[i])) != NULL)
			return true;
	return false;
}

static bool
is_one(const struct aliases *names, size_t from, size_t to, const char *text)
{
	for (size_t i = from; i < to; i++)
		if (strcmp(names->name[i], text) == 0)
			return true;
	return false;
}

static bool
has_one(const struct aliases *names, const struct json *list)
{
	for (size_t i = 0; i < json_length(list); i++)
		if (is_one(names, 0, names->people,
			json_string_at(list, i, "")))
			return true;
	return false;
}

static bool
have(const struct aliases *names, const struct json *o)
{
	const char *person = json_get_string(o, "person",
	    json_get_string(json_get(o, "person"), "user", ""));
	size_t people = names->people;

	if (is_one(names, 0, people, person))
		return true;
	if (person[0] != '\0' && names->is_person)
		return false;
	return is_one(names, 0, people, json_get_string(o, "user", "")) ||
	    has_one(names, json_get(o, "users")) ||
	    has_one(names, json_get(o, "accounts")) ||
	    is_one(names, people, names->n, json_get_string(o, "asset", ""));
}

bool
aliases_have(const struct aliases *names, const struct json *o)
{
	const struct json *named = json_get(o, "named");

	if (have(names, o))
		return true;
	for (size_t i = 0; i < json_length(named); i++)
		if (have(names, json_at(named, i)))
			return true;
	return false;
}
