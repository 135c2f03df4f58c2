/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of the command line: subcommands, options, and
 * arguments that go on to the daemon. Whoever mistypes one is told which there
 * are.
 */
#include <assert.h>
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"

#define LIST_SIZE   128u
#define OPTIONS_MAX 16 /* less than ':', which getopt(3) returns */

/* "add, list or remove" */
static const char *
list_names(const char *const *names, char *buf, size_t size)
{
	const char *between = "";
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; names[i] != NULL && len < size; i++) {
		(void)text_format(buf + len, size - len, "%s%s", between,
		    names[i]);
		len += strlen(buf + len);
		if (names[i + 1] != NULL)
			between = names[i + 2] != NULL ? ", " : " or ";
	}
	return buf;
}

int
ctl_subcommand(const char *command, int argc, char **argv,
    const char *const *names)
{
	struct conf_near near = { .word = argc > 1 ? argv[1] : "" };
	char text[CONF_NEAR_SIZE], list[LIST_SIZE];
	int i;

	if (argc < 2) {
		(void)ctl_misuse(command, "%s: what? Write %s", command,
		    list_names(names, list, sizeof(list)));
		return -1;
	}
	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], argv[1]) == 0)
			return i;
		conf_near_offer(&near, names[i]);
	}
	(void)ctl_misuse(command, "%s: there is no %s %s; %s", command, command,
	    argv[1], conf_near_text(&near, "see below", text));
	return -1;
}

bool
ctl_is_argument(const char *what, const char *text, size_t max)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (len == 0)
		ctl_complain("%s is needed", what);
	else if (len > max)
		ctl_complain("%s has more than %zu bytes", what, max);
	else if (!text_is_utf8(text, len))
		ctl_complain("%s is no UTF-8", what);
	else
		return true;
	return false;
}

bool
ctl_put_argument(struct json *json, const char *key, const char *what,
    const char *text, size_t max)
{
	if (!ctl_is_argument(what, text, max))
		return false;
	json_set_string(json, key, text);
	return true;
}

int
ctl_take_options(const char *command, int argc, char **argv,
    const struct ctl_option *list)
{
	struct option options[OPTIONS_MAX + 1] = { { NULL, 0, NULL, 0 } };
	int c;

	for (int i = 0; list[i].name != NULL; i++) {
		assert(i < OPTIONS_MAX);
		options[i].name = list[i].name;
		options[i].has_arg =
		    list[i].text != NULL ? required_argument : no_argument;
		options[i].val = i;
	}
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c >= OPTIONS_MAX)
			return ctl_bad_option(command, c, argv);
		if (list[c].text != NULL)
			*list[c].text = optarg;
		else
			*list[c].flag = true;
	}
	return CTL_OK;
}

int
ctl_take_json(const char *command, int argc, char **argv, bool *ret_json)
{
	const struct ctl_option options[] = {
		{ "json", NULL, ret_json },
		{ NULL, NULL, NULL },
	};

	*ret_json = false;
	return ctl_take_options(command, argc, argv, options);
}

int
ctl_parse_since(const char *command, const char *text, int64_t *ret_s)
{
	size_t len = strlen(text);
	char digits[8] = "";
	uint64_t days;

	if (len >= 2 && len <= sizeof(digits) && text[len - 1] == 'd') {
		memcpy(digits, text, len - 1);
		digits[len - 1] = '\0';
	}
	if (text_parse_uint(digits, 1, 36500, &days) != 0)
		return ctl_misuse(command,
		    "%s: --since %s is no time; write days, such as 30d",
		    command, text);
	*ret_s = (int64_t)time(NULL) - (int64_t)days * CIVIL_DAY_S;
	return CTL_OK;
}

int
ctl_take_when(const char *command, const char *option, const char *text,
    bool end, int64_t *s)
{
	if (ctl_parse_when(text, *s, end, s) == 0)
		return CTL_OK;
	return ctl_misuse(command,
	    "%s: %s %s is no time; write now, +8h, a day such as 2026-03-01, "
	    "or "
	    "2026-03-01T08:30:00+01:00",
	    command, option, text);
}

static bool
is_days(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && strcmp(text + len, "d") == 0;
}

int
ctl_take_period(const char *command, bool until, const char *text, int64_t *s)
{
	if (text == NULL)
		return CTL_OK;
	if (!until && is_days(text))
		return ctl_parse_since(command, text, s);
	*s = (int64_t)time(NULL);
	if (ctl_parse_when(text, *s, until, s) == 0)
		return CTL_OK;
	return ctl_misuse(command,
	    "%s: --%s %s is no time; write %sa day such as 2026-03-01, "
	    "2026-03-01T08:30:00+01:00, or now",
	    command, until ? "until" : "since", text,
	    until ? "" : "30d for the last 30 days, ");
}

/* What people hear and type: lower case, O for 0, I or L for 1, no hyphen. */
static char
canonical_digit(char c)
{
	c = text_upper(c);
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';
	return c;
}

bool
ctl_parse_reference(const char *typed, char *ret_ref, size_t size)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	size_t n = 0;
	char c;

	for (; *typed != '\0'; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		c = canonical_digit(*typed);
		if (strchr(digits, c) == NULL || n == size - 1)
			return false;
		if (n == size - 6)
			ret_ref[n++] = '-';
		ret_ref[n++] = c;
	}
	ret_ref[n] = '\0';
	return n == size - 1;
}
