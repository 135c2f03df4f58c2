/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in the form of farmgate.conf, whatever their keys are: their grammar,
 * their structure, their values with the lines they stand on, and what is said
 * about what is wrong. farmgate.conf and the catalogue are read with it.
 */
#ifndef FG_CONF_FORM_H
#define FG_CONF_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/conf.h"

#define CONF_VALUE_MAX		4096u	/* bytes of one value */
#define CONF_LIST_MAX		4096u	/* values of one list */
#define CONF_SECTIONS_MAX	5000u	/* sections of one file */
#define CONF_SCAN_ERRORS_MAX	100u	/* then the scan gives up */
#define CONF_NEAR_SIZE		96u
#define CONF_FIX_SIZE		512u

/*
 * The keys of each kind of section: the one table that both the scan and the
 * parser are made from.
 */
enum conf_key_kind {
	CONF_KEY_NONE = 0,
	CONF_KEY_STRING,
	CONF_KEY_LIST,
	CONF_KEY_SECTION,	/* NAME { ... }, once */
	CONF_KEY_TITLED		/* NAME TITLE { ... } */
};

struct conf_key {
	const char	*name;		/* NULL ends a table */
	enum conf_key_kind kind;
	const struct conf_key *keys;	/* of the section */
};

struct conf_grammar {
	const struct conf_key *keys;	/* outside of all sections */
	/* What to do about a list of more than CONF_LIST_MAX values, and about
	 * more than CONF_SECTIONS_MAX sections. */
	const char	*values_fix;
	const char	*sections_fix;
};

/*
 * conf_schema.c: what to do about a word that is no key here. Returns buf or a
 * static text.
 */
const char *conf_schema_fix(const struct conf_grammar *grammar,
	    const struct conf_key *keys, const char *word,
	    char buf[CONF_FIX_SIZE]);

/* True for [a-z0-9_-]{1,32}: titles and labels. */
bool	conf_name_is_valid(const char *s, size_t len);

/*
 * conf_scan.c: report everything that is wrong with the structure of text,
 * and blank it out, together with all comments, so that the rest still can be
 * parsed: text then has the same lines and no comment, no unknown or repeated
 * key, and no byte that the parser would treat leniently.
 * Returns 0, or FG_ERR_CONFIG if nothing useful is left.
 */
struct conf_title {
	const struct conf_key *key;	/* which kind of section */
	unsigned int	 number;	/* of this section, from 1 */
	unsigned int	 scope;		/* number of the one around it, or 0 */
	unsigned int	 line;
	const char	*s;		/* borrowed from text, no NUL */
	size_t		 len;
};

struct conf_scan {
	struct conf_title *titles;	/* the caller frees */
	size_t		 ntitles;
	/*
	 * False if more had to be blanked than unknown keys, and sections of a
	 * name that is there already, so that what is left may miss something.
	 */
	bool		 whole;
};

int	conf_scan(const struct conf_grammar *grammar, const char *file,
	    char *text, size_t len, struct conf_errors *errors,
	    struct conf_scan *ret_scan);

/* NULL if there is none. */
const struct conf_title *conf_scan_find(const struct conf_scan *scan,
	    const char *kind, unsigned int scope, const char *title);

/* A value as it was written, unquoted. */
struct conf_value {
	unsigned int	 line;
	char		 text[];
};

/* Where errors about values go. */
struct conf_reader {
	const char	*file;
	struct conf_errors *errors;
	bool		 nomem;		/* sticks; the result is unusable */
	size_t		 entries;	/* of all lists that were read */
};

/*
 * conf.c: a section as the parser knows it, opaque to everybody else. Counts
 * are values of a string or list, or sections; indexes must be below them.
 */
struct cfg_t;
size_t		 conf_section_count(struct cfg_t *section, const char *key);
const struct conf_value *conf_section_value(struct cfg_t *section,
		    const char *key, size_t i);
struct cfg_t	*conf_section_at(struct cfg_t *section, const char *key,
		    size_t i);
const char	*conf_section_title(struct cfg_t *section);

/*
 * conf.c: scan and parse text, which is changed; text[len] is NUL. fill gets
 * what could be read, with *scan set, also where errors were found. The caller
 * frees scan->titles.
 * Returns what fill returns, FG_ERR_CONFIG or FG_ERR_NOMEM.
 */
typedef int (*conf_fill_fn)(struct cfg_t *root, void *arg);

int	conf_form_parse(const struct conf_grammar *grammar, const char *file,
	    char *text, size_t len, struct conf_errors *errors,
	    struct conf_scan *scan, conf_fill_fn fill, void *arg);
/*
 * Read a whole file through safeopen. Returns 0, FG_ERR_NOMEM, or FG_ERR_CONFIG
 * after it was told why not.
 */
int	conf_form_read(const char *path, size_t max, char **ret_data,
	    size_t *ret_len, struct conf_errors *errors);

/* conf_value.c: a copy; NULL without memory, which the reader remembers. */
char	*conf_value_dup(struct conf_reader *reader, const char *s);
/* "yes" or "no". */
bool	 conf_value_yes(struct conf_reader *reader, const struct conf_value *v);

/*
 * conf_strings.c. Adding takes a copy; 0 or FG_ERR_NOMEM. Duplicates are
 * reported with what a value is called, on their own lines.
 */
int	conf_strings_add(struct conf_strings *strings, const char *s,
	    unsigned int line);
void	conf_strings_done(struct conf_strings *strings);
void	conf_strings_check(struct conf_reader *reader,
	    const struct conf_strings *strings, const char *what);

/* conf_errors.c: bring errors into the order of lines, those of first first. */
void	conf_errors_sort(struct conf_errors *errors, const char *first);

/*
 * conf_near.c: the candidate nearest to a word, for "did you mean". Start
 * with {.word = ...}, offer every candidate, then ask for the text: "did you
 * mean \"x\"?", or otherwise if none is near. Returns buf or otherwise.
 */
struct conf_near {
	const char	*word;
	const char	*best;		/* borrowed from the caller's offers */
	size_t		 distance;
};

void		 conf_near_offer(struct conf_near *near, const char *name);
const char	*conf_near_text(const struct conf_near *near,
		    const char *otherwise, char buf[CONF_NEAR_SIZE]);

#endif
