/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows jansson. Its errors are collected in the tree, so
 * that a record is built without a check after each member and refused as a
 * whole if anything is missing in it.
 */
#include "policyd/json/json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "policyd/json/json_out.h"
#include "policyd/json/json_pool.h"
#include "policyd/text.h"

/* gcc and clang have different ways to say this. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define JSON_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define JSON_ASAN
#endif

#define TREE_NODES 24u /* as many as a usual record has */

/* One object or array; value is borrowed from the tree's root. */
struct json {
	json_t *value;
	struct json_tree *tree;
};

/*
 * Everything that is freed together. Nodes come in blocks, so that a usual
 * record costs one allocation for all of its objects.
 */
struct json_tree {
	struct json node[TREE_NODES]; /* [0] is the root */
	size_t used;
	struct json_tree *more;
	bool failed;
};

static struct json *
tree_node(struct json_tree *tree, json_t *value)
{
	struct json_tree *block = tree, *more;
	struct json *node;

	if (tree->more != NULL)
		block = tree->more; /* the newest block is the first one */
	if (block->used == TREE_NODES) {
		if ((more = calloc(1, sizeof(*more))) == NULL) {
			tree->failed = true;
			return NULL;
		}
		more->more = tree->more;
		tree->more = more;
		block = more;
	}
	node = &block->node[block->used++];
	node->value = value;
	node->tree = tree;
	return node;
}

static struct json *
tree_new(json_t *root)
{
	struct json_tree *tree;

	if (root == NULL)
		return NULL;
	if ((tree = calloc(1, sizeof(*tree))) == NULL) {
		json_decref(root);
		return NULL;
	}
	return tree_node(tree, root);
}

/* Take value, which may be NULL, as the member key. */
static void
member_take(struct json *json, const char *key, json_t *value)
{
	if (json == NULL) {
		json_decref(value);
		return;
	}
	if (json_object_set_new_nocheck(json->value, key, value) != 0)
		json->tree->failed = true;
}

/* A child that its parent already owns. */
static struct json *
child_node(struct json *parent, json_t *value, int failed)
{
	if (failed) {
		parent->tree->failed = true;
		return NULL;
	}
	return tree_node(parent->tree, value);
}

void
json_init(void)
{
#ifndef JSON_ASAN /* which sees more when each piece is malloc(3)'s own */
	/* A record is some two hundred pieces, in the path of each login. */
	json_set_alloc_funcs(json_pool_take, json_pool_give);
#endif
	json_object_seed(0);
}

struct json *
json_new(void)
{
	return tree_new(json_object());
}

/* Only the root owns anything; a child is freed with it. */
void
json_free(struct json *json)
{
	struct json_tree *tree, *more;

	if (json == NULL || json != &json->tree->node[0])
		return;
	tree = json->tree;
	json_decref(json->value);
	while (tree != NULL) {
		more = tree->more;
		free(tree);
		tree = more;
	}
}

struct json *
json_set_object(struct json *json, const char *key)
{
	json_t *value;

	if (json == NULL)
		return NULL;
	value = json_object();
	return child_node(json, value,
	    json_object_set_new_nocheck(json->value, key, value));
}

struct json *
json_set_array(struct json *json, const char *key)
{
	json_t *value;

	if (json == NULL)
		return NULL;
	value = json_array();
	return child_node(json, value,
	    json_object_set_new_nocheck(json->value, key, value));
}

struct json *
json_add_object(struct json *array)
{
	json_t *value;

	if (array == NULL)
		return NULL;
	value = json_object();
	return child_node(array, value,
	    json_array_append_new(array->value, value));
}

void
json_add_string(struct json *array, const char *value)
{
	if (array == NULL)
		return;
	if (json_array_append_new(array->value,
		value == NULL ? json_null() : json_string(value)) != 0)
		array->tree->failed = true;
}

void
json_add_int(struct json *array, int64_t v)
{
	if (array == NULL)
		return;
	if (json_array_append_new(array->value, json_integer(v)) != 0)
		array->tree->failed = true;
}

void
json_set_bool(struct json *json, const char *key, bool v)
{
	member_take(json, key, json_boolean(v));
}

void
json_set_int(struct json *json, const char *key, int64_t v)
{
	member_take(json, key, json_integer(v));
}

void
json_set_null(struct json *json, const char *key)
{
	member_take(json, key, json_null());
}

void
json_set_string(struct json *json, const char *key, const char *value)
{
	member_take(json, key,
	    value == NULL ? json_null() : json_string(value));
}

void
json_copy_rest(struct json *json, const struct json *from,
    const char *const *without)
{
	const char *const *key;
	void *at;

	if (json == NULL || from == NULL)
		return;
	for (at = json_object_iter(from->value); at != NULL;
	     at = json_object_iter_next(from->value, at)) {
		for (key = without; *key != NULL; key++)
			if (strcmp(*key, json_object_iter_key(at)) == 0)
				break;
		if (*key == NULL)
			member_take(json, json_object_iter_key(at),
			    json_deep_copy(json_object_iter_value(at)));
	}
}

void
json_copy_all(struct json *json, const struct json *from)
{
	static const char *const without[] = { NULL };

	json_copy_rest(json, from, without);
}

/*
 * The writer is our own: jansson's takes several times as long, which each
 * login would wait for, and leaves DEL as it is.
 */
static void out_value(struct json_out *out, json_t *value);

static void
out_object(struct json_out *out, json_t *object)
{
	bool first = true;
	void *at;

	json_out_bytes(out, "{", 1);
	for (at = json_object_iter(object); at != NULL;
	     at = json_object_iter_next(object, at)) {
		if (!first)
			json_out_bytes(out, ",", 1);
		first = false;
		json_out_string(out, json_object_iter_key(at),
		    json_object_iter_key_len(at));
		json_out_bytes(out, ":", 1);
		out_value(out, json_object_iter_value(at));
	}
	json_out_bytes(out, "}", 1);
}

static void
out_array(struct json_out *out, json_t *array)
{
	json_out_bytes(out, "[", 1);
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i > 0)
			json_out_bytes(out, ",", 1);
		out_value(out, json_array_get(array, i));
	}
	json_out_bytes(out, "]", 1);
}

/* Numbers with a fraction are never ours; they come from parsed text. */
static void
out_number(struct json_out *out, json_t *value)
{
	char text[32];
	size_t len;

	if (json_is_integer(value)) {
		json_out_int(out, json_integer_value(value));
		return;
	}
	len = json_dumpb(value, text, sizeof(text), JSON_ENCODE_ANY);
	if (len == 0 || len > sizeof(text))
		out->failed = true;
	else
		json_out_bytes(out, text, len);
}

/* json_parse() has bounded the depth. */
static void
out_value(struct json_out *out, json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		out_object(out, value);
		break;
	case JSON_ARRAY:
		out_array(out, value);
		break;
	case JSON_STRING:
		json_out_string(out, json_string_value(value),
		    json_string_length(value));
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		out_number(out, value);
		break;
	case JSON_TRUE:
		json_out_bytes(out, "true", 4);
		break;
	case JSON_FALSE:
		json_out_bytes(out, "false", 5);
		break;
	case JSON_NULL:
		json_out_bytes(out, "null", 4);
		break;
	}
}

char *
json_text(const struct json *json)
{
	struct json_out out;

	if (json == NULL || json->tree->failed)
		return NULL;
	json_out_init(&out);
	out_value(&out, json->value);
	return json_out_end(&out);
}

size_t
json_text_length(const struct json *json)
{
	char *text = json_text(json);
	size_t len = text == NULL ? 0 : strlen(text);

	json_text_free(text);
	return len;
}

/* How many of its first values are written in size bytes. */
static size_t
count_fitting(json_t *array, size_t size)
{
	size_t n = json_array_size(array), i;
	struct json_out out;

	json_out_init(&out);
	json_out_bytes(&out, "[", 1);
	for (i = 0; i < n; i++) {
		out_value(&out, json_array_get(array, i));
		json_out_bytes(&out, ",", 1); /* or the bracket */
		if (out.failed || out.len > size)
			break;
	}
	free(json_out_end(&out));
	return i;
}

size_t
json_cut(struct json *array, size_t size)
{
	size_t n = 0;

	if (array == NULL)
		return 0;
	for (size_t keep = count_fitting(array->value, size);
	     json_array_size(array->value) > keep; n++)
		(void)json_array_remove(array->value,
		    json_array_size(array->value) - 1);
	return n;
}

void
json_text_free(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

struct json *
json_parse(const char *text, size_t len)
{
	json_error_t error;
	json_t *root;

	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (root != NULL && !json_is_object(root)) {
		json_decref(root);
		return NULL;
	}
	return tree_new(root);
}

static json_t *
member(const struct json *json, const char *key)
{
	return json == NULL ? NULL : json_object_get(json->value, key);
}

const char *
json_get_string(const struct json *json, const char *key, const char *def)
{
	json_t *value = member(json, key);

	return json_is_string(value) ? json_string_value(value) : def;
}

int64_t
json_get_int(const struct json *json, const char *key, int64_t def)
{
	json_t *value = member(json, key);

	return json_is_integer(value) ? json_integer_value(value) : def;
}

bool
json_get_bool(const struct json *json, const char *key, bool def)
{
	json_t *value = member(json, key);

	return json_is_boolean(value) ? json_is_true(value) : def;
}

struct json *
json_get(const struct json *json, const char *key)
{
	json_t *value = member(json, key);

	if (!json_is_object(value) && !json_is_array(value))
		return NULL;
	return tree_node(json->tree, value);
}

bool
json_get_null(const struct json *json, const char *key)
{
	return json_is_null(member(json, key));
}

size_t
json_length(const struct json *array)
{
	return array == NULL ? 0 : json_array_size(array->value);
}

size_t
json_members(const struct json *object)
{
	return object == NULL ? 0 : json_object_size(object->value);
}

struct json *
json_at(const struct json *array, size_t i)
{
	json_t *value;

	if (array == NULL)
		return NULL;
	value = json_array_get(array->value, i);
	if (!json_is_object(value) && !json_is_array(value))
		return NULL;
	return tree_node(array->tree, value);
}

const char *
json_string_at(const struct json *array, size_t i, const char *def)
{
	json_t *value;

	value = array == NULL ? NULL : json_array_get(array->value, i);
	return json_is_string(value) ? json_string_value(value) : def;
}

int64_t
json_int_at(const struct json *array, size_t i, int64_t def)
{
	json_t *value;

	value = array == NULL ? NULL : json_array_get(array->value, i);
	return json_is_integer(value) ? json_integer_value(value) : def;
}
