/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the values of inventories have in common, those of people and those of
 * assets: how a text is taken, what may be in none of them, and lists of items.
 * Every why is static, and says what is wrong and how to mend it.
 */
#ifndef FG_CELL_H
#define FG_CELL_H

#include <stdbool.h>
#include <stddef.h>

#define CELL_BLANKS	" \t\r\n"

/* Sets *ret_why and returns FG_ERR_FORMAT or FG_ERR_LIMIT. */
int	cell_wrong(const char *why, const char **ret_why);
int	cell_too_long(const char *why, const char **ret_why);

/* Every character of it is seen; ZWJ and ZWNJ pass, which names need. */
bool	cell_is_visible(const char *text);
/* It begins with '=', '+', '-' or '@', which spreadsheets run. */
bool	cell_is_formula(const char *text);

/*
 * Copy text without the blanks at its ends to buf, which becomes "" on error.
 * Returns 0, FG_ERR_LIMIT, or FG_ERR_FORMAT if it is not in UTF-8.
 */
int	cell_take(const char *text, char *buf, size_t size,
	    const char **ret_why);

/* ---- lists (cell_list.c) ---- */

/* One item; NULL, or why it is none. Its letters may be changed. */
typedef const char *(*cell_item_fn)(char *item);

/* Items, separated by blanks or ';'; each array has a length of its own. */
struct cell_list {
	char		*items;		/* max items of size bytes each */
	size_t		 size;		/* FG_USER_MAX + 1 at most */
	size_t		 max;
	size_t		*count;
	cell_item_fn	 check;
	const char	*why_long;	/* one item is */
	const char	*why_many;
};

/*
 * What is in the text twice counts once. The list is empty on error.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_LIMIT.
 */
int	cell_list_set(const struct cell_list *list, const char *text,
	    const char **ret_why);

/*
 * Add an item to the list in buf, behind separator if it is not the first one;
 * not at all where it does not fit.
 */
void	cell_list_append(char *buf, size_t size, const char *separator,
	    const char *item);

/* The name of an account. */
const char	*cell_check_account(char *item);
/* A SHA-256 fingerprint, or the key id of a certificate. */
const char	*cell_check_key(char *item);

#endif
