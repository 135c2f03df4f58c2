/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of strings with their lines.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

int
conf_strings_add(struct conf_strings *strings, const char *s, unsigned int line)
{
	unsigned int *lines;
	char **v, *copy;
	size_t n = strings->n + 1;

	v = reallocarray(strings->v, n, sizeof(*v));
	if (v == NULL)
		return FG_ERR_NOMEM;
	strings->v = v;
	lines = reallocarray(strings->lines, n, sizeof(*lines));
	if (lines == NULL)
		return FG_ERR_NOMEM;
	strings->lines = lines;
	if ((copy = strdup(s)) == NULL)
		return FG_ERR_NOMEM;
	v[strings->n] = copy;
	lines[strings->n] = line;
	strings->n = n;
	return 0;
}

bool
conf_strings_has(const struct conf_strings *strings, const char *s)
{
	size_t i;

	for (i = 0; i < strings->n; i++)
		if (strcmp(strings->v[i], s) == 0)
			return true;
	return false;
}

void
conf_strings_done(struct conf_strings *strings)
{
	size_t i;

	for (i = 0; i < strings->n; i++)
		free(strings->v[i]);
	free(strings->v);
	free(strings->lines);
	memset(strings, 0, sizeof(*strings));
}

struct entry {
	const char *s;
	unsigned int line;
};

/* By text, and the later one last. */
static int
entry_compare(const void *a, const void *b)
{
	const struct entry *ea = a, *eb = b;
	int order = strcmp(ea->s, eb->s);

	if (order != 0)
		return order;
	return (ea->line > eb->line) - (ea->line < eb->line);
}

void
conf_strings_check(struct conf_reader *reader,
    const struct conf_strings *strings, const char *what)
{
	struct entry *list;
	size_t i;

	if (strings->n < 2)
		return;
	if ((list = reallocarray(NULL, strings->n, sizeof(*list))) == NULL) {
		reader->nomem = true;
		return;
	}
	for (i = 0; i < strings->n; i++) {
		list[i].s = strings->v[i];
		list[i].line = strings->lines[i];
	}
	qsort(list, strings->n, sizeof(*list), entry_compare);
	for (i = 1; i < strings->n; i++)
		if (strcmp(list[i - 1].s, list[i].s) == 0)
			conf_errors_add(reader->errors, reader->file,
			    list[i].line,
			    "\"%.80s\" is in %s twice; remove one", list[i].s,
			    what);
	free(list);
}
