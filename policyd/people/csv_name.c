/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of columns and of fields. What is only nearly one is never taken for
 * it: who has written it is asked.
 */
#include "policyd/people/csv_name.h"

#include <stddef.h>

#include "policyd/conf/conf_form.h"
#include "policyd/text.h"

#define NAME_MAX_LEN 64u /* longer ones are near to none */

static char
fold(char c)
{
	if (c == ' ' || c == '-')
		return '_';
	return text_lower(c);
}

bool
csv_name_is(const char *name, const char *field)
{
	while (*name != '\0' && fold(*name) == fold(*field)) {
		name++;
		field++;
	}
	return *name == '\0' && *field == '\0';
}

const char *
csv_name_near(const struct csv_table_kind *kind, const char *name)
{
	const struct csv_table_alias *alias = kind->aliases;
	char word[NAME_MAX_LEN + 1];
	struct conf_near near = { .word = word };
	size_t i;

	for (; alias != NULL && alias->name != NULL; alias++)
		if (csv_name_is(name, alias->name))
			return alias->field;
	for (i = 0; name[i] != '\0' && i < NAME_MAX_LEN; i++)
		word[i] = fold(name[i]);
	word[i] = '\0';
	for (i = 0; kind->fields[i] != NULL; i++)
		conf_near_offer(&near, kind->fields[i]);
	return near.best;
}
