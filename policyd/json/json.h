/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON objects for audit records, reports and their readers; json.c is the
 * only file that knows jansson. Setters on a NULL object do nothing, and an
 * allocation that fails is remembered: json_text() then returns NULL.
 */
#ifndef FG_JSON_H
#define FG_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;	/* one object or array, with the failures of its children */

/*
 * Draw the seed of the hash tables. Needed only before a sandbox that forbids
 * opening /dev/urandom; audit_open() does it.
 */
void		 json_init(void);

/* A new, empty object. */
struct json	*json_new(void);
void		 json_free(struct json *json);

/* A new child; owned by its parent, valid until json_free(parent). */
struct json	*json_set_object(struct json *json, const char *key);
struct json	*json_set_array(struct json *json, const char *key);
struct json	*json_add_object(struct json *array);
void		 json_add_string(struct json *array, const char *value);
void		 json_add_int(struct json *array, int64_t v);
/*
 * Keep as many of its first values as are written in size bytes, brackets and
 * all. Returns how many are gone, with what was borrowed from them.
 */
size_t		 json_cut(struct json *array, size_t size);

void		 json_set_bool(struct json *json, const char *key, bool v);
void		 json_set_int(struct json *json, const char *key, int64_t v);
void		 json_set_null(struct json *json, const char *key);

/* An id of the kernel's; the last one says that there is none: null. */
void		 json_set_id(struct json *json, const char *key, uint32_t id);

/* For text of our own: must be valid UTF-8. NULL is written as null. */
void		 json_set_string(struct json *json, const char *key,
		    const char *value);

/*
 * For other people's bytes: valid UTF-8 is written as it is; anything else as
 * printable text under key (text_escape) and all its bytes in hex under
 * "KEY_hex", so that nothing is lost and no reader is deceived. Of a value
 * longer than JSON_UNTRUSTED_MAX bytes that many are written, and "KEY_bytes"
 * says how many there were. NULL is written as null.
 */
#define JSON_UNTRUSTED_MAX	1024u
void		 json_set_untrusted(struct json *json, const char *key,
		    const char *value);
/* The same, and no member for NULL or an empty value. */
void		 json_set_given(struct json *json, const char *key,
		    const char *value);

/*
 * Copies of all members of the object from, but for those that without names,
 * which NULL ends.
 */
void		 json_copy_rest(struct json *json, const struct json *from,
		    const char *const *without);

/* The same of all members. */
void		 json_copy_all(struct json *json, const struct json *from);

/*
 * One line, ASCII only (\uXXXX), members in the order of setting. The caller
 * frees. NULL when out of memory at any step.
 */
char		*json_text(const struct json *json);
/* How many bytes that are; 0: out of memory, or json is NULL. */
size_t		 json_text_length(const struct json *json);
/* Wipe and free it: it may have a secret in it. NULL is fine. */
void		 json_text_free(char *text);

/*
 * Parse one object of len bytes; NULL if it is none. A repeated member, a NUL
 * in a string or bytes behind the object are refused.
 */
struct json	*json_parse(const char *text, size_t len);

/* Readers: borrowed from json; def where the member is missing or not so. */
const char	*json_get_string(const struct json *json, const char *key,
		    const char *def);
int64_t		 json_get_int(const struct json *json, const char *key,
		    int64_t def);
bool		 json_get_bool(const struct json *json, const char *key,
		    bool def);
/* True for a member that is there and null. */
bool		 json_get_null(const struct json *json, const char *key);
/* NULL if there is none; owned by json. */
struct json	*json_get(const struct json *json, const char *key);
size_t		 json_length(const struct json *array);
size_t		 json_members(const struct json *object);
struct json	*json_at(const struct json *array, size_t i);
const char	*json_string_at(const struct json *array, size_t i,
		    const char *def);
int64_t		 json_int_at(const struct json *array, size_t i, int64_t def);

#endif
