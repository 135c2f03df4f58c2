/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that hold one entry a line, as other people's tools write them: opened
 * safely, cut into lines, errors told with the file and the line. What a line
 * means is known to conf_netfile.c and conf_asnfile.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"
#include "policyd/privilege/safeopen.h"
#include "proto/result.h"

#define LIST_BLANKS " \t"

char *
conf_list_word(char *line)
{
	size_t len = strcspn(line, LIST_BLANKS);

	if (line[len] == '\0')
		return line + len;
	line[len++] = '\0';
	return line + len + strspn(line + len, LIST_BLANKS);
}

/*
 * "# date: 2026-03-31" before the first entry. Other people's lists write their
 * dates in other ways: what is none is a comment.
 */
static void
read_date(struct conf_list *list, const char *line)
{
	static const char key[] = "# date: ";
	const char *day = line + sizeof(key) - 1;
	int64_t days;

	if (list->entries == 0 && strncmp(line, key, sizeof(key) - 1) == 0 &&
	    civil_take_day(&day, &days) && *day == '\0')
		list->dated_s = days * CIVIL_DAY_S;
}

/* One line, without its newline; it is changed. */
static void
read_line(struct conf_list *list, conf_line_fn parse_line, char *line,
    size_t len, unsigned int number)
{
	const char *entry = line, *why;

	if (memchr(line, '\0', len) != NULL) {
		list->entries++;
		why = "holds a NUL byte; this is no text file";
	} else {
		while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
			line[--len] = '\0';
		line += strspn(line, LIST_BLANKS);
		entry = line;
		if (*line == '\0')
			return;
		read_date(list, line);
		why = parse_line(list, line, &entry);
	}
	if (why != NULL && ++list->bad <= CONF_NETFILE_ERRORS_MAX)
		conf_errors_add(list->reader->errors, list->path, number,
		    "\"%.80s\" %s", entry, why);
}

static bool
is_full(const struct conf_list *list)
{
	return list->entries > CONF_ENTRIES_MAX ||
	    list->reader->entries > CONF_ENTRIES_MAX - list->entries;
}

/* Nobody is decided about while a list is read. */
static void
report_full(const struct conf_list *list)
{
	conf_errors_add(list->reader->errors, list->path, 0,
	    "with this file the lists have more than %u entries together; "
	    "leave out what you can do without, or name larger networks",
	    CONF_ENTRIES_MAX);
}

void
conf_list_parse(struct conf_list *list, conf_line_fn parse_line, char *data,
    size_t len)
{
	static const char mark[] = "\xef\xbb\xbf"; /* U+FEFF: from editors */
	char *end, *line = data, *stop = data + len;
	unsigned int number = 0;

	if (len >= sizeof(mark) - 1 &&
	    memcmp(data, mark, sizeof(mark) - 1) == 0)
		line += sizeof(mark) - 1;
	while (line < stop && !is_full(list)) {
		number++;
		end = memchr(line, '\n', (size_t)(stop - line));
		if (end == NULL)
			end = stop;
		*end = '\0';
		read_line(list, parse_line, line, (size_t)(end - line), number);
		line = end + 1;
	}
	if (is_full(list))
		report_full(list);
	if (list->bad > CONF_NETFILE_ERRORS_MAX)
		conf_errors_add(list->reader->errors, list->path, 0,
		    "%zu of %zu entries are wrong, the first %u are listed; "
		    "mend the file, or remove it from the configuration",
		    list->bad, list->entries, CONF_NETFILE_ERRORS_MAX);
}

static void
report_unread(const struct conf_list *list, const struct conf_value *v, int r,
    const char *why)
{
	switch (r) {
	case FG_ERR_NOMEM:
		list->reader->nomem = true;
		break;
	case FG_ERR_SYSTEM:
		conf_errors_add(list->reader->errors, list->reader->file,
		    v->line,
		    "cannot read %.200s: %s; create it, or remove it here",
		    v->text, strerror(errno));
		break;
	case FG_ERR_LIMIT:
		conf_errors_add(list->reader->errors, list->reader->file,
		    v->line,
		    "%.200s has more than %u bytes; leave out what you can do "
		    "without, or make several files of it",
		    v->text, CONF_NETFILE_MAX);
		break;
	default:
		conf_errors_add(list->reader->errors, list->reader->file,
		    v->line, "%.200s %s", v->text, why);
	}
}

void
conf_list_read(struct conf_list *list, conf_line_fn parse_line,
    const struct conf_value *v, int64_t *listed_at_s)
{
	struct stat st = { 0 };
	int64_t at_s;
	const char *why;
	char *data;
	size_t len;
	int r;

	if (list->reader->entries > CONF_ENTRIES_MAX)
		return; /* as is told already */
	if (v->text[0] != '/') {
		conf_errors_add(list->reader->errors, list->reader->file,
		    v->line, "\"%.80s\" is no absolute path; begin it with /",
		    v->text);
		return;
	}
	/* Before it is read: one replaced meanwhile looks older, not newer. */
	(void)stat(v->text, &st); /* what is wrong shows below */
	r = safeopen_read(v->text, CONF_NETFILE_MAX, &data, &len, &why);
	if (r != 0) {
		report_unread(list, v, r, why);
		return;
	}
	list->path = v->text;
	list->entries = list->bad = 0;
	list->dated_s = 0;
	list->headed = false;
	conf_list_parse(list, parse_line, data, len);
	free(data);
	list->reader->entries += list->entries;
	/* Nothing in it is how an update that failed looks. */
	if (list->entries == 0)
		conf_errors_add(list->reader->errors, list->reader->file,
		    v->line, "%.200s holds no %s; fill it, or remove it here",
		    v->text, list->what);
	/* A copy is newer than what is in it. */
	at_s = list->dated_s != 0 ? list->dated_s : st.st_mtim.tv_sec;
	if (*listed_at_s == 0 || at_s < *listed_at_s)
		*listed_at_s = at_s;
}
