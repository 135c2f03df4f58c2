/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration's bytes as tokens, for conf_scan.c alone. Values are read
 * by the parser, not from here. Why there is a look at the bytes before the
 * parser's own (libconfuse 3.3): it drops stray bytes silently, replaces
 * ${NAME} from the environment, lets "\0" cut a string, counts a line too many
 * after a C comment, and recurses for every brace that a file opens.
 */
#ifndef FG_CONF_LEX_H
#define FG_CONF_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/conf.h"

enum conf_token {
	CONF_TOKEN_NONE = 0,
	CONF_TOKEN_END,
	CONF_TOKEN_WORD,	/* [A-Za-z0-9_.:@/-]+ */
	CONF_TOKEN_STRING,	/* "...", on one line */
	CONF_TOKEN_EQUALS,
	CONF_TOKEN_PLUS,	/* += */
	CONF_TOKEN_OPEN,
	CONF_TOKEN_CLOSE,
	CONF_TOKEN_COMMA
};

struct conf_lex {
	const char	*file;
	char		*text;		/* borrowed; comments are blanked */
	size_t		 len;
	size_t		 at;		/* behind the current token */
	unsigned int	 at_line;
	struct conf_errors *errors;
	bool		 too_many;	/* gave up: the rest reads as the end */
	/* The current token. */
	enum conf_token	 token;
	size_t		 start;
	unsigned int	 line;
	bool		 bad;		/* a string that was reported */
};

/* Go to the next token, reporting and blanking what is none. */
void	conf_lex_next(struct conf_lex *lex);

/* Report an error, unless there were too many; sets too_many then. */
void	conf_lex_error(struct conf_lex *lex, unsigned int line,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Overwrite start..end with blanks; lines stay as they are. */
void	conf_lex_blank(struct conf_lex *lex, size_t start, size_t end);

#endif
