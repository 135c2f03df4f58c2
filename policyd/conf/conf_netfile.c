/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses of a named network, from the configuration and from files with
 * one a line. An entry that is no address or prefix is an error, never a
 * name to be looked up.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/privilege/safeopen.h"
#include "proto/result.h"

#define NETFILE_LINE_MAX 200u /* bytes of an entry, without comment */

struct netfile {
	struct conf_reader *reader;
	struct netset *set;
	const char *path;
	size_t entries;
	size_t bad;
};

/* Why text is no prefix, with the fix; NULL if it was added. */
static const char *
add_prefix(struct conf_reader *reader, struct netset *set, const char *text)
{
	struct addr_prefix prefix;

	switch (addr_parse_prefix(text, &prefix)) {
	case 0:
		if (netset_add(set, &prefix) != 0)
			reader->nomem = true;
		return NULL;
	case FG_ERR_LIMIT:
		return "has bits behind its prefix, or too long a prefix; "
		       "write the network's first address and its length";
	default:
		return "is no address; write one such as 192.0.2.0/24, "
		       "2001:db8::/32 or 192.0.2.1";
	}
}

void
conf_netfile_cidr(struct conf_reader *reader, const struct conf_value *v,
    struct netset *set)
{
	const char *why = add_prefix(reader, set, v->text);

	if (why != NULL)
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\" %s", v->text, why);
}

/* One line, without its newline; it is changed. */
static void
read_line(struct netfile *file, char *line, size_t len, unsigned int number)
{
	const char *why = NULL;
	char *hash;

	if (memchr(line, '\0', len) != NULL)
		why = "holds a NUL byte; this is no text file";
	if (why == NULL && (hash = strchr(line, '#')) != NULL)
		*hash = '\0';
	if (why == NULL) {
		line += strspn(line, " \t");
		len = strcspn(line, " \t\r");
		if (len == 0 && line[strspn(line, " \t\r")] == '\0')
			return;
		if (line[len + strspn(line + len, " \t\r")] != '\0')
			why = "is followed by something else; write one "
			      "address a line";
		line[len] = '\0';
	}
	file->entries++;
	if (why == NULL && len > NETFILE_LINE_MAX)
		why = "is too long to be an address";
	if (why == NULL)
		why = add_prefix(file->reader, file->set, line);
	if (why != NULL && ++file->bad <= CONF_NETFILE_ERRORS_MAX)
		conf_errors_add(file->reader->errors, file->path, number,
		    "\"%.80s\" %s", line, why);
}

static void
read_lines(struct netfile *file, char *data, size_t len)
{
	unsigned int number = 0;
	char *end, *line = data, *stop = data + len;

	while (line < stop) {
		number++;
		end = memchr(line, '\n', (size_t)(stop - line));
		if (end == NULL)
			end = stop;
		*end = '\0';
		read_line(file, line, (size_t)(end - line), number);
		line = end + 1;
	}
}

static void
report_unread(struct conf_reader *reader, const struct conf_value *v, int r,
    const char *why)
{
	switch (r) {
	case FG_ERR_NOMEM:
		reader->nomem = true;
		break;
	case FG_ERR_SYSTEM:
		conf_errors_add(reader->errors, reader->file, v->line,
		    "cannot read %.200s: %s; create it, or remove it here",
		    v->text, strerror(errno));
		break;
	default:
		conf_errors_add(reader->errors, reader->file, v->line,
		    "%.200s %s", v->text, why);
	}
}

void
conf_netfile_read(struct conf_reader *reader, const struct conf_value *v,
    struct netset *set)
{
	struct netfile file = { .reader = reader, .set = set, .path = v->text };
	const char *why;
	char *data;
	size_t len;
	int r;

	if (v->text[0] != '/') {
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\" is no absolute path; begin it with /", v->text);
		return;
	}
	r = safeopen_read(v->text, CONF_NETFILE_MAX, &data, &len, &why);
	if (r != 0) {
		report_unread(reader, v, r, why);
		return;
	}
	read_lines(&file, data, len);
	free(data);
	if (file.bad > CONF_NETFILE_ERRORS_MAX)
		conf_errors_add(reader->errors, v->text, 0,
		    "%zu of %zu entries are wrong; the first %u are listed",
		    file.bad, file.entries, CONF_NETFILE_ERRORS_MAX);
	/* Nothing in it is how an update that failed looks. */
	if (file.entries == 0)
		conf_errors_add(reader->errors, reader->file, v->line,
		    "%.200s holds no address; fill it, or remove it here",
		    v->text);
}
