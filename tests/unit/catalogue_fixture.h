/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Catalogues from text, for tests: what becomes of it, and what is said about
 * what is wrong. Include after cmocka.h.
 */
#ifndef FG_TEST_CATALOGUE_FIXTURE_H
#define FG_TEST_CATALOGUE_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policyd/catalogue/catalogue.h"
#include "policyd/crypto.h"
#include "proto/result.h"

/* What every tool needs, beside its signs. */
#define CAT_TOOL "title = \"T\" kind = rmm "
#define CAT_USB	 "title = \"U\" kind = \"ip-kvm\" "
#define CAT_EDID "title = \"D\" kind = \"hdmi-capture\" "

static inline int
set_up(void **state)
{
	(void)state;
	return crypto_init();
}

struct parsed {
	struct catalogue *catalogue;
	struct conf_errors errors;
	int r;
};

static inline struct parsed
parse(const char *text)
{
	struct parsed p;

	memset(&p, 0, sizeof(p));
	p.r = catalogue_parse("t.conf", text, strlen(text), &p.catalogue,
	    &p.errors);
	/* An error and a catalogue exclude each other. */
	assert_true((p.r == 0) == (p.catalogue != NULL));
	assert_true((p.r == 0) == (p.errors.count == 0));
	assert_false(p.errors.lost);
	return p;
}

static inline void
parsed_done(struct parsed *p)
{
	catalogue_free(p->catalogue);
	conf_errors_done(&p->errors);
}

static inline void
show(const struct conf_errors *errors, const char *text)
{
	print_error("in: %s\n", text);
	conf_errors_print(errors, stderr);
}

static inline bool
has_error(const struct conf_errors *errors, unsigned int line, const char *part)
{
	size_t i;

	for (i = 0; i < errors->count; i++)
		if (errors->list[i].line == line &&
		    strstr(errors->list[i].text, part) != NULL)
			return true;
	return false;
}

/* Exactly one error, on this line, and it says this and how to mend it. */
static inline void
refused(const char *text, unsigned int line, const char *part)
{
	struct parsed p = parse(text);

	if (p.errors.count != 1 || !has_error(&p.errors, line, part) ||
	    strstr(p.errors.list[0].text, "; ") == NULL) {
		show(&p.errors, text);
		fail_msg("wanted line %u: %s", line, part);
	}
	assert_int_equal(p.r, FG_ERR_CONFIG);
	parsed_done(&p);
}

static inline struct catalogue *
accepted(const char *text)
{
	struct parsed p = parse(text);

	if (p.r != 0) {
		show(&p.errors, text);
		fail_msg("refused");
	}
	conf_errors_done(&p.errors);
	return p.catalogue;
}

static inline void
is_accepted(const char *text)
{
	catalogue_free(accepted(text));
}

/* How many rules of the kind there are, with that text or any. */
static inline size_t
count_rules(const struct rules *rules, enum rule_kind kind, const char *text)
{
	size_t i, n = 0;

	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++)
		n += text == NULL || strcmp(rules->rule[i].text, text) == 0;
	return n;
}

#endif
