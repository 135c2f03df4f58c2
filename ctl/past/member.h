/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON read member by member, straight from its bytes: of a million lines of
 * which a few members each are wanted a tree would cost more than all else.
 * What is skipped is only looked at as far as it takes to find its end. For
 * everything else there is policyd/json.
 */
#ifndef FG_CTL_PAST_MEMBER_H
#define FG_CTL_PAST_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct member {
	const char	*at, *end;
	const char	*key;		/* of the present one, escaped */
	size_t		 key_len;
	bool		 first;		/* of an object or an array */
	bool		 bad;		/* it is no JSON: no more comes */
};

void	member_init(struct member *m, const char *text, size_t len);

/*
 * Step into an object, or an array. False: the value is something else, and is
 * skipped. Then member_next(), or member_item(), until that is false; each time
 * the value has to be taken by one of those below, or skipped.
 */
bool	member_object(struct member *m);
bool	member_array(struct member *m);
bool	member_next(struct member *m);
bool	member_item(struct member *m);

/* The present member's name is that. Here, so that a literal's length is known
 * when it is compiled: there are dozens of names for each member. */
static inline bool
member_is(const struct member *m, const char *key)
{
	return strlen(key) == m->key_len &&
	    memcmp(key, m->key, m->key_len) == 0;
}

/*
 * A string, with its escapes undone, in UTF-8. False: it is none, has a NUL, or
 * does not fit; it is skipped, and buf is "".
 */
bool	member_text(struct member *m, char *buf, size_t size);
/* False, and 0: it is no whole number that fits. */
bool	member_int(struct member *m, int64_t *ret);
/* True for true; whatever else it is, it is skipped. */
bool	member_true(struct member *m);
void	member_skip(struct member *m);
/* The text of a member of an object. buf stays as it is if there is none. */
void	member_inner(struct member *m, const char *key, char *buf, size_t size);

/* Nothing is behind the outermost value, and all of it was JSON. */
bool	member_is_whole(const struct member *m);

#endif
