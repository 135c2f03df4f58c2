/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The structure of a configuration, held against the schema before the parser
 * sees it: the parser stops at the first error, and everything that is wrong
 * is to be told at once. What is wrong is blanked out, so that the values of
 * the rest can still be read and checked. No value is interpreted here.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_lex.h"
#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

struct scan {
	const struct conf_grammar *grammar;
	struct conf_lex lex;
	struct conf_scan *result;
	unsigned int sections;
	size_t end; /* of the last token that was passed */
	unsigned int end_line;
	bool bad; /* a token of this statement was reported */
	bool whole; /* nothing but unknown and second ones was blanked */
	bool hopeless; /* cannot be parsed even after blanking */
};

/* A section that is being read: the file itself, or NAME TITLE { ... }. */
struct level {
	const struct conf_key *key; /* NULL: the file itself */
	unsigned int number;
	unsigned int line;
	uint64_t seen; /* one bit for each key */
};

static void
pass(struct scan *s)
{
	s->end = s->lex.at;
	s->end_line = s->lex.line;
	s->bad = s->bad || s->lex.bad;
	conf_lex_next(&s->lex);
}

static bool
at(const struct scan *s, enum conf_token token)
{
	return s->lex.token == token;
}

static bool
at_value(const struct scan *s)
{
	return at(s, CONF_TOKEN_WORD) || at(s, CONF_TOKEN_STRING);
}

/* A bare word on a new line is the next key: the value was forgotten. */
static bool
at_single_value(const struct scan *s)
{
	return at(s, CONF_TOKEN_STRING) ||
	    (at(s, CONF_TOKEN_WORD) && s->lex.line == s->end_line);
}

/* The end of the current token belongs to lex.at until it is passed. */
static bool
word_is(const struct scan *s, const char *word)
{
	size_t len = strlen(word);

	return s->lex.at - s->lex.start == len &&
	    memcmp(s->lex.text + s->lex.start, word, len) == 0;
}

static const char *
level_name(const struct level *level)
{
	return level->key == NULL ? "the file" : level->key->name;
}

/*
 * Pass the rest of a list or an unknown section, whose { was passed. A key on
 * a new line, directly inside, shows that the } was forgotten.
 */
static void
skip_braces(struct scan *s, bool list)
{
	size_t depth = 1;

	while (!at(s, CONF_TOKEN_END)) {
		if (list && depth == 1 && at(s, CONF_TOKEN_WORD) &&
		    s->lex.line != s->end_line)
			return;
		if (at(s, CONF_TOKEN_OPEN))
			depth++;
		if (at(s, CONF_TOKEN_CLOSE))
			depth--;
		pass(s);
		if (depth == 0)
			return;
	}
}

/* Pass what seems to belong to a statement whose key was passed. */
static void
skip_statement(struct scan *s)
{
	if (at(s, CONF_TOKEN_EQUALS) || at(s, CONF_TOKEN_PLUS)) {
		pass(s);
		if (at_single_value(s)) {
			pass(s);
			return;
		}
		if (at(s, CONF_TOKEN_OPEN)) {
			pass(s);
			skip_braces(s, true);
		}
		return;
	}
	while (at_value(s) && s->lex.line == s->end_line)
		pass(s);
	if (at(s, CONF_TOKEN_OPEN)) {
		pass(s);
		skip_braces(s, false);
	}
}

static bool
scan_equals(struct scan *s, const struct conf_key *key)
{
	if (at(s, CONF_TOKEN_EQUALS)) {
		pass(s);
		return true;
	}
	if (at(s, CONF_TOKEN_PLUS))
		conf_lex_error(&s->lex, s->lex.line,
		    "+= after %s; write all values in one list, with =",
		    key->name);
	else
		conf_lex_error(&s->lex, s->end_line, "no = after %s; write %s",
		    key->name,
		    key->kind == CONF_KEY_LIST ? "KEY = {\"VALUE\", ...}" :
						 "KEY = \"VALUE\"");
	skip_statement(s);
	return false;
}

/* Returns false if the statement has to be blanked. */
static bool
scan_string(struct scan *s, const struct conf_key *key)
{
	if (!scan_equals(s, key))
		return false;
	if (at_single_value(s)) {
		pass(s);
		return true;
	}
	if (at(s, CONF_TOKEN_OPEN)) {
		conf_lex_error(&s->lex, s->lex.line,
		    "a list after %s; write one value without braces",
		    key->name);
		pass(s);
		skip_braces(s, true);
	} else {
		conf_lex_error(&s->lex, s->end_line,
		    "no value after %s; write %s = \"VALUE\"", key->name,
		    key->name);
	}
	return false;
}

/* Behind the { of a list. */
static bool
scan_values(struct scan *s, const struct conf_key *key)
{
	unsigned int opened = s->end_line;
	size_t n = 0;

	while (at_value(s)) {
		n++;
		pass(s);
		if (!at(s, CONF_TOKEN_COMMA))
			break;
		pass(s);
	}
	if (!at(s, CONF_TOKEN_CLOSE)) {
		conf_lex_error(&s->lex, s->lex.line,
		    "the list %s of line %u goes wrong here; write "
		    "%s = {\"VALUE\", \"VALUE\"}",
		    key->name, opened, key->name);
		skip_braces(s, true);
		return false;
	}
	pass(s);
	if (n == 0)
		conf_lex_error(&s->lex, opened,
		    "the list %s is empty; leave the key out", key->name);
	if (n > CONF_LIST_MAX)
		conf_lex_error(&s->lex, opened,
		    "the list %s has %zu values and may have %u; %s", key->name,
		    n, CONF_LIST_MAX, s->grammar->values_fix);
	return n > 0 && n <= CONF_LIST_MAX;
}

static bool
scan_list(struct scan *s, const struct conf_key *key)
{
	if (!scan_equals(s, key))
		return false;
	if (at_single_value(s)) {
		pass(s);
		return true;
	}
	if (!at(s, CONF_TOKEN_OPEN)) {
		conf_lex_error(&s->lex, s->end_line,
		    "no value after %s; write %s = {\"VALUE\", \"VALUE\"}",
		    key->name, key->name);
		return false;
	}
	pass(s);
	return scan_values(s, key);
}

/* Returns false if the title is there already. */
static bool
remember_title(struct scan *s, const struct conf_title *title)
{
	struct conf_title *list;
	size_t i;

	for (i = 0; i < s->result->ntitles; i++) {
		list = &s->result->titles[i];
		if (list->key != title->key || list->scope != title->scope ||
		    list->len != title->len ||
		    memcmp(list->s, title->s, title->len) != 0)
			continue;
		conf_lex_error(&s->lex, title->line,
		    "%s %.*s was defined in line %u already; rename or merge "
		    "one of them",
		    title->key->name, (int)title->len, title->s, list->line);
		return false;
	}
	list = reallocarray(s->result->titles, s->result->ntitles + 1,
	    sizeof(*list));
	if (list == NULL) {
		s->lex.errors->lost = true;
		s->hopeless = true;
		return false;
	}
	s->result->titles = list;
	list[s->result->ntitles++] = *title;
	return true;
}

/* The title of a section; false if it is missing, wrong, or there already. */
static bool
scan_title(struct scan *s, const struct level *outer,
    const struct conf_key *key, bool *ret_twice)
{
	struct conf_title title = {
		.key = key, .number = s->sections + 1, .scope = outer->number
	};
	size_t quoted = at(s, CONF_TOKEN_STRING) ? 1 : 0;

	*ret_twice = false;
	if (!at_value(s)) {
		conf_lex_error(&s->lex, s->end_line,
		    "%s without a name; write %s NAME { ... }", key->name,
		    key->name);
		return false;
	}
	title.line = s->lex.line;
	title.s = s->lex.text + s->lex.start + quoted;
	title.len = s->lex.at - s->lex.start - 2 * quoted;
	if (s->lex.bad) {
		pass(s);
		return false;
	}
	pass(s);
	if (!conf_name_is_valid(title.s, title.len)) {
		conf_lex_error(&s->lex, title.line,
		    "\"%.*s\" is no name for a%s %s; use 1 to %u of a-z, "
		    "0-9, _ and -",
		    title.len > 80 ? 80 : (int)title.len, title.s,
		    strchr("ai", key->name[0]) != NULL ? "n" : "", key->name,
		    CONF_NAME_MAX);
		return false;
	}
	*ret_twice = !remember_title(s, &title);
	return !*ret_twice;
}

static void scan_section(struct scan *s, struct level *level);

static bool
scan_subsection(struct scan *s, const struct level *outer,
    const struct conf_key *key)
{
	struct level level = { .key = key };
	size_t start = s->end - strlen(key->name);
	bool ok = true, twice = false;

	if (key->kind == CONF_KEY_TITLED)
		ok = scan_title(s, outer, key, &twice);
	if (!at(s, CONF_TOKEN_OPEN)) {
		conf_lex_error(&s->lex, s->end_line,
		    "no { after %s; write %s%s { ... }", key->name, key->name,
		    key->kind == CONF_KEY_TITLED ? " NAME" : "");
		skip_statement(s);
		return false;
	}
	level.line = s->lex.line;
	level.number = ++s->sections;
	if (s->sections > CONF_SECTIONS_MAX) {
		conf_lex_error(&s->lex, s->lex.line,
		    "more than %u sections; %s", CONF_SECTIONS_MAX,
		    s->grammar->sections_fix);
		s->hopeless = true;
		s->lex.at = s->lex.len;
	}
	pass(s);
	scan_section(s, &level);
	if (!twice)
		return ok;
	/* The one that stays makes the file a whole one. */
	conf_lex_blank(&s->lex, start, s->end);
	return true;
}

static void
report_unknown(struct scan *s, const struct level *level,
    const struct conf_key *keys)
{
	char word[CONF_NEAR_SIZE], fix[CONF_FIX_SIZE];

	(void)snprintf(word, sizeof(word), "%.*s",
	    (int)(s->lex.at - s->lex.start), s->lex.text + s->lex.start);
	conf_lex_error(&s->lex, s->lex.line, "unknown key \"%s\" in %s; %s",
	    word, level_name(level),
	    conf_schema_fix(s->grammar, keys, word, fix));
}

/* One statement of a known key; false if it has to be blanked. */
static bool
scan_known(struct scan *s, const struct level *level,
    const struct conf_key *key)
{
	bool ok = false;

	s->bad = false;
	pass(s);
	switch (key->kind) {
	case CONF_KEY_STRING:
		ok = scan_string(s, key) && !s->bad;
		break;
	case CONF_KEY_LIST:
		ok = scan_list(s, key) && !s->bad;
		break;
	case CONF_KEY_SECTION:
	case CONF_KEY_TITLED:
		ok = scan_subsection(s, level, key);
		break;
	case CONF_KEY_NONE:
		break;
	}
	return ok;
}

static void
scan_statement(struct scan *s, struct level *level)
{
	const struct conf_key *key, *keys;
	size_t start = s->lex.start;
	unsigned int line = s->lex.line;
	uint64_t bit;

	keys = level->key == NULL ? s->grammar->keys : level->key->keys;
	for (key = keys; key->name != NULL && !word_is(s, key->name); key++)
		continue;
	if (key->name == NULL) {
		report_unknown(s, level, keys);
		pass(s);
		skip_statement(s);
		conf_lex_blank(&s->lex, start, s->end);
		return;
	}
	bit = UINT64_C(1) << (unsigned int)(key - keys);
	if (key->kind != CONF_KEY_TITLED && (level->seen & bit) != 0) {
		conf_lex_error(&s->lex, line,
		    "%s is in %s twice; keep one of them", key->name,
		    level_name(level));
		(void)scan_known(s, level, key);
		conf_lex_blank(&s->lex, start, s->end);
		return;
	}
	level->seen |= bit;
	if (scan_known(s, level, key))
		return;
	s->result->whole = false;
	conf_lex_blank(&s->lex, start, s->end);
}

static void
scan_misplaced(struct scan *s)
{
	size_t start = s->lex.start;
	unsigned int line = s->lex.line;

	s->result->whole = false;
	if (at(s, CONF_TOKEN_CLOSE)) {
		conf_lex_error(&s->lex, line,
		    "} closes nothing; remove it, or look for a missing { "
		    "above");
		pass(s);
	} else {
		conf_lex_error(&s->lex, line,
		    "no key here; write KEY = \"VALUE\" or NAME { ... }");
		if (at(s, CONF_TOKEN_OPEN)) {
			pass(s);
			skip_braces(s, false);
		} else {
			pass(s);
		}
		/* One error is enough for the rest of the line. */
		while (!at(s, CONF_TOKEN_END) && s->lex.line == line &&
		    !at(s, CONF_TOKEN_CLOSE))
			pass(s);
	}
	conf_lex_blank(&s->lex, start, s->end);
}

/* Until the } of the section, or the end of the file. */
static void
scan_section(struct scan *s, struct level *level)
{
	while (!at(s, CONF_TOKEN_END)) {
		if (at(s, CONF_TOKEN_CLOSE) && level->key != NULL) {
			pass(s);
			return;
		}
		if (at(s, CONF_TOKEN_WORD))
			scan_statement(s, level);
		else
			scan_misplaced(s);
	}
	if (level->key == NULL || s->hopeless)
		return;
	s->hopeless = true;
	conf_lex_error(&s->lex, level->line,
	    "%s is not closed; add } behind its last line", level_name(level));
}

int
conf_scan(const struct conf_grammar *grammar, const char *file, char *text,
    size_t len, struct conf_errors *errors, struct conf_scan *ret_scan)
{
	struct level root = { .key = NULL };
	struct scan s = { .grammar = grammar, .result = ret_scan };

	memset(ret_scan, 0, sizeof(*ret_scan));
	ret_scan->whole = true;
	s.lex.file = file;
	s.lex.text = text;
	s.lex.len = len;
	s.lex.at_line = 1;
	s.lex.errors = errors;
	conf_lex_next(&s.lex);
	scan_section(&s, &root);
	return s.hopeless || s.lex.too_many ? FG_ERR_CONFIG : 0;
}

const struct conf_title *
conf_scan_find(const struct conf_scan *scan, const char *kind,
    unsigned int scope, const char *title)
{
	const struct conf_title *t;
	size_t i, len = strlen(title);

	for (i = 0; i < scan->ntitles; i++) {
		t = &scan->titles[i];
		if (t->scope == scope && t->len == len &&
		    memcmp(t->s, title, len) == 0 &&
		    strcmp(t->key->name, kind) == 0)
			return t;
	}
	return NULL;
}
