/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of "sshd -T", kept as they came and looked up by keyword. It knows
 * no keyword but the two by which such a text is told from another one.
 */
#include "ctl/sshd/effective.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

struct setting {
	const char *keyword; /* both in the text */
	const char *value;
};

struct effective {
	char *text;
	struct setting *settings;
	size_t n;
};

static const char keyword_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789";

/* Every version has printed these. */
static const char *const always[] = { "port", "permitrootlogin" };

/* Cut a line in two. Returns 0 or FG_ERR_FORMAT. */
static int
parse_line(char *line, struct setting *ret_setting)
{
	size_t len = strspn(line, keyword_bytes);

	if (len == 0 || (line[len] != ' ' && line[len] != '\0'))
		return FG_ERR_FORMAT;
	ret_setting->keyword = line;
	ret_setting->value = line + len;
	if (line[len] == ' ') {
		line[len] = '\0';
		ret_setting->value = line + len + 1;
	}
	return 0;
}

/* The text's lines into the settings, for which there is room. */
static int
parse_lines(struct effective *e, size_t room, unsigned int *ret_line)
{
	char *line, *rest = e->text;

	for (*ret_line = 1; (line = strsep(&rest, "\n")) != NULL; ++*ret_line) {
		if (*line == '\0' && rest == NULL)
			break; /* behind the last one's end */
		if (e->n == room)
			return FG_ERR_LIMIT;
		if (parse_line(line, &e->settings[e->n]) != 0)
			return FG_ERR_FORMAT;
		e->n++;
	}
	*ret_line = 0;
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (effective_get(e, always[i], 0) == NULL)
			return FG_ERR_FORMAT;
	return 0;
}

int
effective_parse(const char *text, size_t len, struct effective **ret_settings,
    unsigned int *ret_line)
{
	struct effective *e = NULL;
	int r = FG_ERR_NOMEM;

	*ret_settings = NULL;
	*ret_line = 0;
	if ((e = calloc(1, sizeof(*e))) == NULL ||
	    (e->text = malloc(len + 1)) == NULL ||
	    (e->settings = calloc(EFFECTIVE_LINES_MAX, sizeof(*e->settings))) ==
		NULL)
		goto out;
	memcpy(e->text, text, len);
	e->text[len] = '\0';
	if (memchr(text, '\0', len) != NULL) {
		r = FG_ERR_FORMAT;
		goto out;
	}
	if ((r = parse_lines(e, EFFECTIVE_LINES_MAX, ret_line)) != 0)
		goto out;
	*ret_settings = e;
	e = NULL;
out:
	effective_free(e);
	return r;
}

void
effective_free(struct effective *settings)
{
	if (settings == NULL)
		return;
	free(settings->text);
	free(settings->settings);
	free(settings);
}

const char *
effective_get(const struct effective *settings, const char *keyword, size_t i)
{
	for (size_t at = 0; at < settings->n; at++)
		if (strcmp(settings->settings[at].keyword, keyword) == 0 &&
		    i-- == 0)
			return settings->settings[at].value;
	return NULL;
}

bool
effective_is(const struct effective *settings, const char *keyword,
    const char *value)
{
	const char *v = effective_get(settings, keyword, 0);

	return v != NULL && strcmp(v, value) == 0;
}

int
effective_uint(const struct effective *settings, const char *keyword,
    uint64_t *ret_v)
{
	const char *v = effective_get(settings, keyword, 0);

	*ret_v = 0;
	if (v == NULL)
		return FG_ERR_NOT_FOUND;
	return text_parse_uint(v, 0, INT32_MAX, ret_v) == 0 ? 0 : FG_ERR_FORMAT;
}
