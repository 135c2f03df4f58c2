/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-up as text: an action that names its methods, "challenge all totp
 * serial", and the list step_up. Names are looked up in the registry here;
 * whether a method is worth enough is conf_check_methods.c's business.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"

#define METHODS_WORD_SIZE   81u /* longer ones are cut, and no name */
#define METHODS_LIST_SIZE   80u
#define METHODS_LIMITS_SIZE 32u

/* The next word of *at; false if there is none. */
static bool
take_word(const char **at, char word[METHODS_WORD_SIZE])
{
	size_t len, n;

	*at += strspn(*at, " ");
	len = strcspn(*at, " ");
	n = len < METHODS_WORD_SIZE ? len : METHODS_WORD_SIZE - 1;
	memcpy(word, *at, n);
	word[n] = '\0';
	*at += len;
	return len > 0;
}

static void
report_method(struct conf_reader *reader, unsigned int line, const char *name)
{
	struct conf_near near = { .word = name };
	char buf[CONF_NEAR_SIZE], all[METHODS_LIST_SIZE];
	enum method m;
	size_t n;

	(void)snprintf(all, sizeof(all), "the methods are");
	for (m = METHOD_NONE + 1; m < METHOD_COUNT; m++) {
		conf_near_offer(&near, method_name(m));
		n = strlen(all);
		(void)snprintf(all + n, sizeof(all) - n, "%s %s",
		    m == METHOD_NONE + 1 ? "" : ",", method_name(m));
	}
	conf_errors_add(reader->errors, reader->file, line,
	    "unknown method \"%.80s\"; %s", name,
	    conf_near_text(&near, all, buf));
}

/* False after a report. */
static bool
add_method(struct conf_reader *reader, unsigned int line, const char *name,
    struct methods *methods)
{
	enum method method = method_by_name(name);

	if (method == METHOD_NONE) {
		report_method(reader, line, name);
		return false;
	}
	if (methods_have(methods, method)) {
		conf_errors_add(reader->errors, reader->file, line,
		    "method %s is named twice; remove one", name);
		return false;
	}
	methods->list[methods->n++] = method;
	return true;
}

/* Where the methods are one, there is nothing to choose and nothing to join. */
static bool
check_form(struct conf_reader *reader, const struct conf_value *v, bool bound,
    struct methods *methods)
{
	if (methods->n == 0)
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\" names no method; write one or more behind it",
		    v->text);
	else if (methods->n > 1 && !bound)
		conf_errors_add(reader->errors, reader->file, v->line,
		    "several methods in \"%.80s\"; write any in front of them "
		    "if one is enough, or all",
		    v->text);
	else
		return true;
	return false;
}

/* "METHOD", "any METHOD ...", "all METHOD ...". False after a report. */
static bool
read_methods(struct conf_reader *reader, const struct conf_value *v,
    const char *at, struct methods *methods)
{
	char word[METHODS_WORD_SIZE];
	bool good = true, bound, more;

	more = take_word(&at, word);
	methods->all = strcmp(word, "all") == 0;
	bound = methods->all || strcmp(word, "any") == 0;
	if (bound)
		more = take_word(&at, word);
	for (; more && good; more = take_word(&at, word))
		good = add_method(reader, v->line, word, methods);
	if (!good || !check_form(reader, v, bound, methods))
		return false;
	methods->all = methods->all && methods->n > 1;
	return true;
}

enum action
conf_methods_action(struct conf_reader *reader, const struct conf_value *v,
    const char *text, struct methods *ret_methods)
{
	struct methods methods = { 0 };
	char word[METHODS_WORD_SIZE];
	enum action action;

	memset(ret_methods, 0, sizeof(*ret_methods));
	(void)take_word(&text, word);
	action = conf_value_action(reader, v, word);
	if (action == ACTION_NONE || text[strspn(text, " ")] == '\0')
		return action;
	if (action != ACTION_CHALLENGE) {
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\": only challenge takes methods; write %s alone",
		    v->text, word);
		return ACTION_NONE;
	}
	if (!read_methods(reader, v, text, &methods))
		return ACTION_NONE;
	*ret_methods = methods;
	return action;
}

/* False after a report. */
static bool
add_default(struct conf_reader *reader, const struct conf_value *v,
    struct methods *methods)
{
	if (!add_method(reader, v->line, v->text, methods))
		return false;
	if (methods->list[methods->n - 1] != METHOD_SERIAL)
		return true;
	conf_errors_add(reader->errors, reader->file, v->line,
	    "serial proves nothing alone; take it out of step_up, and write it "
	    "beside another method, as in \"challenge all totp serial\"");
	return false;
}

void
conf_methods_step_up(struct conf_build *b, struct cfg_t *section,
    struct methods *ret_methods, unsigned int *ret_line)
{
	size_t i, n = conf_section_count(section, "step_up");
	struct methods methods = { 0 };
	const struct conf_value *v;
	bool good = true;

	memset(ret_methods, 0, sizeof(*ret_methods));
	*ret_line = 0;
	for (i = 0; i < n; i++) {
		v = conf_section_value(section, "step_up", i);
		if (i == 0)
			*ret_line = v->line;
		if (!add_default(&b->reader, v, &methods))
			good = false;
	}
	if (good)
		*ret_methods = methods;
}

static void
read_step_up_time(struct conf_build *b, const struct conf_value *v)
{
	char limits[METHODS_LIMITS_SIZE];
	int64_t s;

	(void)snprintf(limits, sizeof(limits), "\"%ds\" to \"%dm\"",
	    CONF_STEP_UP_MIN_S, CONF_STEP_UP_MAX_S / 60);
	s = conf_value_duration_within(&b->reader, v, limits);
	if (s != 0 && (s < CONF_STEP_UP_MIN_S || s > CONF_STEP_UP_MAX_S))
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "\"%.80s\" is no time for a step-up; write one from %s",
		    v->text, limits);
	b->conf->step_up_s = s;
	b->conf->step_up_time_line = v->line;
}

static void
read_remember(struct conf_build *b, const struct conf_value *v)
{
	char limits[METHODS_LIMITS_SIZE];

	(void)snprintf(limits, sizeof(limits), "\"1s\" to \"%dd\"",
	    CONF_REMEMBER_MAX_D);
	b->conf->remember_line = v->line;
	b->conf->remember_s = conf_value_duration_within(&b->reader, v, limits);
	if (b->conf->remember_s > CONF_REMEMBER_MAX_D * CIVIL_DAY_S)
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "\"%.80s\" is too long to remember a step-up; write "
		    "\"%dd\" or less",
		    v->text, CONF_REMEMBER_MAX_D);
}

void
conf_methods_times(struct conf_build *b, struct cfg_t *root)
{
	const struct conf_value *v;

	if ((v = conf_read_value(root, "step_up_time")) != NULL)
		read_step_up_time(b, v);
	if ((v = conf_read_value(root, "remember")) != NULL)
		read_remember(b, v);
}
