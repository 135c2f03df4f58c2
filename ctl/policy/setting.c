/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads what conf_dump() has written, and nothing else: a line is a setting, a
 * section's begin or its end, or the begin, a value or the end of a list.
 */
#include "ctl/policy/setting.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define WHERE_SIZE 600u

static const char shipped_actions[] = "shipped actions";
static const char shipped_failures[] = "shipped failures";

struct reader {
	struct settings *to;
	char where[2][WHERE_SIZE]; /* of the section, and of one in it */
	size_t depth;
	char key[WHERE_SIZE]; /* of the list that is open; or "" */
	const char *shipped; /* the comments that follow; or NULL */
};

static char *
copy(const char *text, size_t len)
{
	char *s = malloc(len + 1);

	if (s != NULL) {
		memcpy(s, text, len);
		s[len] = '\0';
	}
	return s;
}

static const char *
where(const struct reader *rd)
{
	if (rd->shipped != NULL)
		return rd->shipped;
	return rd->depth == 0 ? "" : rd->where[rd->depth - 1];
}

static int
add(struct reader *rd, const char *key, size_t key_len, const char *value,
    size_t value_len)
{
	struct settings *to = rd->to;
	struct setting *list, s;

	list = realloc(to->list, (to->n + 1) * sizeof(*list));
	if (list == NULL)
		return FG_ERR_NOMEM;
	to->list = list;
	s.where = copy(where(rd), strlen(where(rd)));
	s.key = copy(key, key_len);
	s.value = copy(value, value_len);
	to->list[to->n++] = s;
	return s.where != NULL && s.key != NULL && s.value != NULL ?
	    0 :
	    FG_ERR_NOMEM;
}

static int
add_section(struct settings *to, const char *name)
{
	char **list;

	list = realloc(to->section, (to->nsections + 1) * sizeof(*list));
	if (list == NULL)
		return FG_ERR_NOMEM;
	to->section = list;
	if ((list[to->nsections] = copy(name, strlen(name))) == NULL)
		return FG_ERR_NOMEM;
	to->nsections++;
	return 0;
}

/* "policy staff {" */
static int
begin_section(struct reader *rd, const char *line, size_t len)
{
	char *name = rd->depth < 2 ? rd->where[rd->depth] : NULL;
	int r;

	if (name == NULL)
		return FG_ERR_FORMAT;
	if (rd->depth == 0)
		r = text_format(name, WHERE_SIZE, "%.*s", (int)len, line);
	else
		r = text_format(name, WHERE_SIZE, "%s, %.*s", rd->where[0],
		    (int)len, line);
	if (r != 0)
		return FG_ERR_FORMAT;
	rd->depth++;
	return add_section(rd->to, name);
}

/* "#<tab>"geo.country = deny"", "#<tab>no_policy: deny, allow" */
static int
take_comment(struct reader *rd, const char *line)
{
	const char *end, *value;

	if (strncmp(line, "#\t", 2) != 0) {
		rd->shipped = strstr(line, "findings") != NULL ?
		    shipped_actions :
		    shipped_failures;
		return 0;
	}
	line += 2;
	if (line[0] == '"')
		line++;
	end = line + strcspn(line, " :");
	if (end[0] == ':' && end[1] != ' ') /* a grade's */
		end += strcspn(end, " ");
	if (end[0] == '\0')
		return FG_ERR_FORMAT;
	value = end + strspn(end, " :=");
	return add(rd, line, (size_t)(end - line), value, strcspn(value, "\""));
}

static int
take_value(struct reader *rd, const char *line)
{
	size_t len = strlen(line);

	if (len > 0 && line[len - 1] == ',')
		len--;
	return add(rd, rd->key, strlen(rd->key), line, len);
}

/* Of "KEY = VALUE", where a value may have the same in its text. */
static int
take_setting(struct reader *rd, const char *line)
{
	const char *sign = strstr(line, " = ");

	if (sign == NULL)
		return FG_ERR_FORMAT;
	if (strcmp(sign, " = {") == 0)
		return text_format(rd->key, sizeof(rd->key), "%.*s",
			   (int)(sign - line), line) == 0 ?
		    0 :
		    FG_ERR_FORMAT;
	return add(rd, line, (size_t)(sign - line), sign + 3, strlen(sign + 3));
}

static int
take_line(struct reader *rd, const char *line)
{
	line += strspn(line, "\t");
	if (line[0] == '#')
		return take_comment(rd, line);
	rd->shipped = NULL;
	if (line[0] == '\0')
		return 0;
	if (strcmp(line, "}") == 0) {
		if (rd->key[0] != '\0')
			rd->key[0] = '\0';
		else if (rd->depth == 0)
			return FG_ERR_FORMAT;
		else
			rd->depth--;
		return 0;
	}
	if (rd->key[0] != '\0')
		return take_value(rd, line);
	if (text_ends_in(line, " {") && strstr(line, " = ") == NULL)
		return begin_section(rd, line, strlen(line) - 2);
	return take_setting(rd, line);
}

int
settings_read(const char *dump, struct settings *ret_settings)
{
	struct reader rd = { .to = ret_settings };
	char *text, *rest, *line;
	int r = 0;

	memset(ret_settings, 0, sizeof(*ret_settings));
	if ((text = rest = strdup(dump)) == NULL)
		return FG_ERR_NOMEM;
	while (r == 0 && (line = strsep(&rest, "\n")) != NULL)
		r = take_line(&rd, line);
	free(text);
	return r != 0 || (rd.depth == 0 && rd.key[0] == '\0') ? r :
								FG_ERR_FORMAT;
}

void
settings_done(struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->n; i++) {
		free(settings->list[i].where);
		free(settings->list[i].key);
		free(settings->list[i].value);
	}
	for (i = 0; i < settings->nsections; i++)
		free(settings->section[i]);
	free(settings->list);
	free(settings->section);
	memset(settings, 0, sizeof(*settings));
}
