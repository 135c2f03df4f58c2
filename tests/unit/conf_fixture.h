/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations from text, for tests: what parses, and what is said about
 * what does not. Include after cmocka.h.
 */
#ifndef FG_TEST_CONF_FIXTURE_H
#define FG_TEST_CONF_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "proto/result.h"

/* Rules about places need one, and a policy that asks for it. */
#define CONF_DB "database country { files = \"/nonexistent.mmdb\" }\n"

/* For a group of tests: what configurations are hashed with. */
static inline int
set_up(void **state)
{
	(void)state;
	return crypto_init();
}

struct parsed {
	struct conf *conf;
	struct conf_errors errors;
	int r;
};

static inline struct parsed
parse_bytes(const void *data, size_t len)
{
	struct parsed p;

	memset(&p, 0, sizeof(p));
	p.r = conf_parse("t.conf", data, len, &p.conf, &p.errors);
	/* An error and a configuration exclude each other. */
	assert_true((p.r == 0) == (p.conf != NULL));
	assert_true((p.r == 0) == (p.errors.count == 0));
	assert_false(p.errors.lost);
	return p;
}

static inline struct parsed
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static inline void
parsed_done(struct parsed *p)
{
	conf_free(p->conf);
	conf_errors_done(&p->errors);
}

static inline void
show(const struct parsed *p, const char *text)
{
	print_error("in: %s\n", text);
	conf_errors_print(&p->errors, stderr);
}

static inline bool
has_error(const struct parsed *p, unsigned int line, const char *part)
{
	size_t i;

	for (i = 0; i < p->errors.count; i++)
		if (p->errors.list[i].line == line &&
		    strstr(p->errors.list[i].text, part) != NULL)
			return true;
	return false;
}

/* Exactly one error, on this line, and it says this and how to mend it. */
static inline void
refused(const char *text, unsigned int line, const char *part)
{
	struct parsed p = parse(text);

	if (p.errors.count != 1 || !has_error(&p, line, part) ||
	    strstr(p.errors.list[0].text, "; ") == NULL) {
		show(&p, text);
		fail_msg("wanted line %u: %s", line, part);
	}
	assert_int_equal(p.r, FG_ERR_CONFIG);
	parsed_done(&p);
}

/* Among other errors. */
static inline void
complains(const char *text, unsigned int line, const char *part)
{
	struct parsed p = parse(text);

	if (!has_error(&p, line, part)) {
		show(&p, text);
		fail_msg("wanted line %u: %s", line, part);
	}
	parsed_done(&p);
}

static inline struct conf *
accepted(const char *text)
{
	struct parsed p = parse(text);

	if (p.r != 0) {
		show(&p, text);
		fail_msg("refused");
	}
	conf_errors_done(&p.errors);
	return p.conf;
}

static inline void
is_accepted(const char *text)
{
	conf_free(accepted(text));
}

#endif
