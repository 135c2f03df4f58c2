/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of everything that is wrong with a configuration.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ERRORS_FIRST	 16u
#define ERRORS_TEXT_SIZE 2048u

/* The list grows when the count reaches a power of two. */
static struct conf_error *
make_room(struct conf_errors *errors)
{
	struct conf_error *list;
	size_t room = errors->count == 0 ? ERRORS_FIRST : errors->count * 2;

	if (errors->count != 0 &&
	    (errors->count < ERRORS_FIRST ||
		(errors->count & (errors->count - 1)) != 0))
		return &errors->list[errors->count];
	if (room > SIZE_MAX / sizeof(*list))
		return NULL;
	if ((list = realloc(errors->list, room * sizeof(*list))) == NULL)
		return NULL;
	errors->list = list;
	return &list[errors->count];
}

void
conf_errors_add(struct conf_errors *errors, const char *file, unsigned int line,
    const char *fmt, ...)
{
	struct conf_error *e;
	int n, saved = errno;
	va_list ap;

	if ((e = make_room(errors)) == NULL) {
		errors->lost = true;
		return;
	}
	memset(e, 0, sizeof(*e));
	e->line = line;
	e->file = strdup(file);
	va_start(ap, fmt);
	n = vasprintf(&e->text, fmt, ap);
	va_end(ap);
	if (n == -1 || e->file == NULL) {
		free(e->file);
		if (n != -1)
			free(e->text);
		errors->lost = true;
	} else {
		errors->count++;
	}
	errno = saved;
}

/* Names of files and values are whatever somebody wrote. */
void
conf_error_text(const struct conf_error *error, char *buf, size_t size)
{
	char raw[ERRORS_TEXT_SIZE];
	int n;

	if (error->line != 0)
		n = snprintf(raw, sizeof(raw), "%s:%u: %s", error->file,
		    error->line, error->text);
	else
		n = snprintf(raw, sizeof(raw), "%s: %s", error->file,
		    error->text);
	if (n < 0)
		raw[0] = '\0';
	(void)text_escape_utf8(buf, size, raw, strlen(raw));
}

void
conf_errors_print(const struct conf_errors *errors, FILE *out)
{
	char text[ERRORS_TEXT_SIZE];
	size_t i;

	for (i = 0; i < errors->count; i++) {
		conf_error_text(&errors->list[i], text, sizeof(text));
		(void)fprintf(out, "%s\n", text);
	}
	if (errors->lost)
		(void)fputs("more errors were lost; out of memory\n", out);
}

/* By file, the named one first, then by line; arg is its name. */
static int
compare_errors(const void *a, const void *b, void *arg)
{
	const struct conf_error *ea = a, *eb = b;
	const char *first = arg;
	int order = strcmp(ea->file, eb->file);

	if (order != 0 && strcmp(ea->file, first) == 0)
		return -1;
	if (order != 0 && strcmp(eb->file, first) == 0)
		return 1;
	if (order != 0)
		return order;
	if (ea->line != eb->line)
		return ea->line < eb->line ? -1 : 1;
	return strcmp(ea->text, eb->text);
}

void
conf_errors_sort(struct conf_errors *errors, const char *first)
{
	char *name = strdup(first);

	if (name == NULL || errors->count < 2) {
		free(name);
		return; /* the order is a comfort only */
	}
	qsort_r(errors->list, errors->count, sizeof(*errors->list),
	    compare_errors, name);
	free(name);
}

void
conf_errors_log(const struct conf_errors *errors,
    void (*log)(const char *fmt, ...))
{
	char text[ERRORS_TEXT_SIZE];
	size_t i;

	for (i = 0; i < errors->count; i++) {
		conf_error_text(&errors->list[i], text, sizeof(text));
		log("%s", text);
	}
}

int
conf_errors_send(const struct conf_errors *errors, int fd)
{
	size_t i;

	for (i = 0; i < errors->count; i++)
		if (dprintf(fd, "%s%c%s%c", errors->list[i].file, '\0',
			errors->list[i].text, '\0') < 0)
			return FG_ERR_SYSTEM;
	return 0;
}

void
conf_errors_receive(struct conf_errors *errors, const char *data, size_t len)
{
	const char *file, *text, *end, *stop = data + len;

	while (data < stop) {
		file = data;
		if ((end = memchr(file, '\0', (size_t)(stop - file))) == NULL)
			return;
		text = end + 1;
		if ((end = memchr(text, '\0', (size_t)(stop - text))) == NULL)
			return;
		conf_errors_add(errors, file, 0, "%s", text);
		data = end + 1;
	}
}

void
conf_errors_done(struct conf_errors *errors)
{
	size_t i;

	for (i = 0; i < errors->count; i++) {
		free(errors->list[i].file);
		free(errors->list[i].text);
	}
	free(errors->list);
	memset(errors, 0, sizeof(*errors));
}
