/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check of a database file's structure, by the MaxMind DB file format
 * specification 2.0. It believes nothing: from here on every byte is whoever's
 * who could write the file. It keeps nothing and looks no address up.
 */
#include "policyd/geo/geo_verify.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

#define MARKER		"\xab\xcd\xefMaxMind.com"
#define MARKER_LEN	14u
#define METADATA_MAX	(128u * 1024u) /* the marker is in the last so many */
#define SEPARATOR	16u /* zero bytes between tree and data */
#define DEPTH_MAX	16u /* real records have less than five */
#define METADATA_VALUES 4096u /* real metadata has about thirty */
#define NAME_MAX_BYTES	64u /* of a member that is told of */

enum {
	TYPE_EXTENDED = 0,
	TYPE_POINTER = 1,
	TYPE_STRING = 2,
	TYPE_DOUBLE = 3,
	TYPE_BYTES = 4,
	TYPE_UINT16 = 5,
	TYPE_UINT32 = 6,
	TYPE_MAP = 7,
	TYPE_INT32 = 8,
	TYPE_UINT64 = 9,
	TYPE_UINT128 = 10,
	TYPE_ARRAY = 11,
	TYPE_BOOL = 14,
	TYPE_FLOAT = 15
};

/*
 * A data section. seen has one bit an offset, so that what many pointers
 * share is walked once; without it (metadata) pointers are followed each time,
 * as a reader would, and budget ends a fan-out.
 */
struct section {
	const uint8_t *base;
	size_t size;
	uint8_t *seen;
	size_t budget; /* values that may still be walked */
};

/* One decoded control byte. next is behind the value's header. */
struct value {
	unsigned int type;
	size_t size; /* bytes, elements, pairs, or the pointer's target */
	size_t next;
};

static bool
get_number(const struct section *s, size_t offset, size_t n, size_t *ret_v)
{
	size_t i;

	*ret_v = 0;
	if (offset > s->size || n > s->size - offset)
		return false;
	for (i = 0; i < n; i++)
		*ret_v = (*ret_v << 8) | s->base[offset + i];
	return true;
}

static bool
get_pointer(const struct section *s, unsigned int ctrl, struct value *v)
{
	static const size_t bias[] = { 0, 2048, 526336, 0 };
	size_t n = ((ctrl >> 3) & 3u) + 1, low;

	if (!get_number(s, v->next, n, &low))
		return false;
	v->size = low + bias[n - 1];
	if (n < 4)
		v->size += (size_t)(ctrl & 7u) << (8 * n);
	v->next += n;
	return true;
}

static bool
get_size(const struct section *s, unsigned int ctrl, struct value *v)
{
	static const size_t bias[] = { 29, 285, 65821 };
	size_t n, low;

	v->size = ctrl & 0x1fu;
	if (v->size < bias[0])
		return true;
	n = v->size - bias[0] + 1;
	if (!get_number(s, v->next, n, &low))
		return false;
	v->size = low + bias[n - 1];
	v->next += n;
	return true;
}

static bool
get_value(const struct section *s, size_t offset, struct value *v)
{
	size_t ctrl, type;

	if (!get_number(s, offset, 1, &ctrl))
		return false;
	v->next = offset + 1;
	v->type = (unsigned int)ctrl >> 5;
	if (v->type == TYPE_POINTER)
		return get_pointer(s, (unsigned int)ctrl, v);
	if (v->type == TYPE_EXTENDED) {
		if (!get_number(s, v->next, 1, &type) ||
		    type + 7 < TYPE_INT32 || type + 7 > TYPE_FLOAT)
			return false;
		v->type = (unsigned int)type + 7;
		v->next++;
	}
	return get_size(s, (unsigned int)ctrl, v);
}

/* The size of a scalar is right for its type, and its bytes are there. */
static bool
scalar_is_whole(const struct section *s, const struct value *v)
{
	size_t max;

	switch (v->type) {
	case TYPE_STRING:
	case TYPE_BYTES:
		max = s->size;
		break;
	case TYPE_DOUBLE:
		if (v->size != 8)
			return false;
		max = 8;
		break;
	case TYPE_FLOAT:
		if (v->size != 4)
			return false;
		max = 4;
		break;
	case TYPE_BOOL:
		return v->size <= 1;
	case TYPE_UINT16:
		max = 2;
		break;
	case TYPE_INT32:
	case TYPE_UINT32:
		max = 4;
		break;
	case TYPE_UINT64:
		max = 8;
		break;
	case TYPE_UINT128:
		max = 16;
		break;
	default: /* a number from the file, no enum: unknown ones are refused */
		return false;
	}
	return v->size <= max && v->size <= s->size - v->next;
}

/* True if the bit was set before. */
static bool
mark_seen(struct section *s, size_t offset)
{
	uint8_t bit = (uint8_t)(1u << (offset % 8));

	if (s->seen == NULL)
		return false;
	if ((s->seen[offset / 8] & bit) != 0)
		return true;
	s->seen[offset / 8] |= bit;
	return false;
}

static bool walk(struct section *s, size_t offset, unsigned int depth,
    size_t *ret_next);

static bool
walk_pointer(struct section *s, const struct value *v, unsigned int depth)
{
	struct value target;
	size_t end;

	if (!get_value(s, v->size, &target) || target.type == TYPE_POINTER)
		return false;
	return mark_seen(s, v->size) || walk(s, v->size, depth + 1, &end);
}

static bool
is_string(const struct section *s, size_t offset)
{
	struct value v;

	return get_value(s, offset, &v) &&
	    (v.type != TYPE_POINTER || get_value(s, v.size, &v)) &&
	    v.type == TYPE_STRING;
}

static bool
walk_container(struct section *s, const struct value *v, unsigned int depth,
    size_t *ret_next)
{
	size_t next = v->next, i;

	for (i = 0; i < v->size; i++) {
		if (v->type == TYPE_MAP &&
		    (!is_string(s, next) || !walk(s, next, depth + 1, &next)))
			return false;
		if (!walk(s, next, depth + 1, &next))
			return false;
	}
	*ret_next = next;
	return true;
}

/* Walk one value with all that it holds; *ret_next is behind it. */
static bool
walk(struct section *s, size_t offset, unsigned int depth, size_t *ret_next)
{
	struct value v;

	*ret_next = offset;
	if (depth > DEPTH_MAX || s->budget == 0 || !get_value(s, offset, &v))
		return false;
	s->budget--;
	if (v.type == TYPE_MAP || v.type == TYPE_ARRAY)
		return walk_container(s, &v, depth, ret_next);
	*ret_next = v.next;
	if (v.type == TYPE_POINTER)
		return walk_pointer(s, &v, depth);
	/* A boolean's size is its value. */
	*ret_next = v.type == TYPE_BOOL ? v.next : v.next + v.size;
	return scalar_is_whole(s, &v);
}

/* The string at offset, through at most one pointer, is name. */
static bool
key_is(const struct section *s, size_t offset, const char *name)
{
	struct value v;

	return get_value(s, offset, &v) &&
	    (v.type != TYPE_POINTER || get_value(s, v.size, &v)) &&
	    v.type == TYPE_STRING && v.size == strlen(name) &&
	    v.size <= s->size - v.next &&
	    memcmp(s->base + v.next, name, v.size) == 0;
}

/*
 * A number in the metadata's map, which walk() has accepted. A key that is
 * there twice is refused: two readers might take different ones.
 */
static bool
metadata_number(struct section *s, const char *name, size_t *ret_v)
{
	struct value map, v;
	size_t next, i, found = 0;

	if (!get_value(s, 0, &map) || map.type != TYPE_MAP)
		return false;
	next = map.next;
	for (i = 0; i < map.size; i++) {
		bool wanted = key_is(s, next, name);

		s->budget = METADATA_VALUES;
		if (!walk(s, next, 0, &next))
			return false;
		if (wanted &&
		    (++found > 1 || !get_value(s, next, &v) ||
			(v.type != TYPE_UINT16 && v.type != TYPE_UINT32) ||
			!get_number(s, v.next, v.size, ret_v)))
			return false;
		if (!walk(s, next, 0, &next))
			return false;
	}
	return found == 1;
}

/* The last marker counts, as the specification says. */
static const uint8_t *
find_marker(const uint8_t *data, size_t len)
{
	size_t back = len < METADATA_MAX ? len : METADATA_MAX;
	const uint8_t *p = data + len - back, *hit, *last = NULL;

	while ((hit = memmem(p, (size_t)(data + len - p), MARKER,
		    MARKER_LEN)) != NULL) {
		last = hit;
		p = hit + 1;
	}
	return last;
}

static const char *
read_metadata(struct section *s, struct geo_layout *l)
{
	size_t nodes, bits, version, end;

	if (!walk(s, 0, 0, &end) || !metadata_number(s, "node_count", &nodes) ||
	    !metadata_number(s, "record_size", &bits) ||
	    !metadata_number(s, "ip_version", &version))
		return "its metadata is damaged";
	if ((bits != 24 && bits != 28 && bits != 32) || nodes == 0 ||
	    (version != 4 && version != 6))
		return "its metadata is of no form that is known";
	l->nodes = (uint32_t)nodes;
	l->record_bits = (unsigned int)bits;
	l->ip_version = (unsigned int)version;
	return NULL;
}

static uint32_t
get_record(const uint8_t *node, unsigned int bits, unsigned int side)
{
	const uint8_t *p = node + (side != 0 ? bits / 8 : 0);

	if (bits == 32)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	if (bits == 24)
		return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
	/* 28: the middle byte holds the upper half-bytes of both */
	if (side == 0)
		return (uint32_t)(node[3] >> 4) << 24 |
		    (uint32_t)node[0] << 16 | (uint32_t)node[1] << 8 | node[2];
	return (uint32_t)(node[3] & 0x0fu) << 24 | (uint32_t)node[4] << 16 |
	    (uint32_t)node[5] << 8 | node[6];
}

static const char *
check_record(struct section *s, struct geo_layout *l, uint32_t record)
{
	size_t offset, end;

	if (record <= l->nodes)
		return NULL; /* a node, or nothing */
	if (record - l->nodes < SEPARATOR)
		return "its search tree points between tree and data";
	offset = record - l->nodes - SEPARATOR;
	if (offset >= s->size)
		return "its search tree points behind the data";
	if (mark_seen(s, offset))
		return NULL;
	if (!walk(s, offset, 0, &end))
		return "its data is damaged";
	l->records++;
	if (l->samples < GEO_SAMPLES_MAX)
		l->sample[l->samples++] = (uint32_t)offset;
	return NULL;
}

static const char *
check_tree(const uint8_t *tree, struct section *s, struct geo_layout *l)
{
	size_t bytes = l->record_bits / 4;
	const char *why;
	uint32_t i;

	for (i = 0; i < l->nodes; i++) {
		const uint8_t *node = tree + i * bytes;

		if ((why = check_record(s, l,
			 get_record(node, l->record_bits, 0))) != NULL ||
		    (why = check_record(s, l,
			 get_record(node, l->record_bits, 1))) != NULL)
			return why;
	}
	return l->records == 0 ? "it holds no record" : NULL;
}

/* The data section lies between the search tree and the metadata's marker. */
static bool
find_data(const uint8_t *data, const uint8_t *marker,
    const struct geo_layout *l, struct section *s)
{
	size_t before = (size_t)(marker - data);
	size_t tree = (size_t)l->nodes * (l->record_bits / 4);

	if (before < SEPARATOR || tree > before - SEPARATOR)
		return false;
	s->base = data + tree + SEPARATOR;
	s->size = before - tree - SEPARATOR;
	/* Real data is walked about once; twice leaves room for sharing. */
	s->budget = 2 * s->size;
	return true;
}

int
geo_verify(const uint8_t *data, size_t len, struct geo_layout *ret_layout,
    const char **ret_why)
{
	struct section meta = { 0 }, s = { 0 };
	const uint8_t *marker;

	memset(ret_layout, 0, sizeof(*ret_layout));
	*ret_why = "it is no MaxMind DB file";
	if ((marker = find_marker(data, len)) == NULL)
		return FG_ERR_FORMAT;
	meta.base = marker + MARKER_LEN;
	meta.size = len - (size_t)(marker - data) - MARKER_LEN;
	meta.budget = METADATA_VALUES;
	if ((*ret_why = read_metadata(&meta, ret_layout)) != NULL)
		return FG_ERR_FORMAT;

	*ret_why = "it ends before its search tree does";
	if (!find_data(data, marker, ret_layout, &s))
		return FG_ERR_FORMAT;
	if ((s.seen = calloc(s.size / 8 + 1, 1)) == NULL)
		return FG_ERR_NOMEM;
	*ret_why = check_tree(data, &s, ret_layout);
	free(s.seen);
	return *ret_why == NULL ? 0 : FG_ERR_FORMAT;
}

/* Add the string at offset to a list in names, unless it is in there. */
static void
add_name(const struct section *s, size_t offset, char *names, size_t size)
{
	size_t used = strlen(names), n;
	struct value v;
	char name[NAME_MAX_BYTES + 1];
	const char *hit = names;

	if (!get_value(s, offset, &v) ||
	    (v.type == TYPE_POINTER && !get_value(s, v.size, &v)) ||
	    v.type != TYPE_STRING || v.size > NAME_MAX_BYTES ||
	    v.size > s->size - v.next)
		return;
	memcpy(name, s->base + v.next, v.size);
	name[v.size] = '\0';
	/* A NUL in a name ends it here; strstr() finds nothing everywhere. */
	if ((n = strlen(name)) == 0 || used + n + sizeof(", ") > size)
		return;
	while ((hit = strstr(hit, name)) != NULL) {
		if ((hit == names || hit[-1] == ' ') &&
		    (hit[n] == '\0' || hit[n] == ','))
			return;
		hit++;
	}
	if (used > 0) {
		memcpy(names + used, ", ", 2);
		used += 2;
	}
	memcpy(names + used, name, n + 1);
}

void
geo_members(const uint8_t *data, size_t len, const struct geo_layout *layout,
    char *ret_names, size_t size)
{
	const uint8_t *marker = find_marker(data, len);
	struct section s = { 0 };
	struct value map;
	size_t i, k, next;

	ret_names[0] = '\0';
	if (marker == NULL || !find_data(data, marker, layout, &s))
		return;
	for (i = 0; i < layout->samples; i++) {
		if (!get_value(&s, layout->sample[i], &map) ||
		    (map.type == TYPE_POINTER &&
			!get_value(&s, map.size, &map)) ||
		    map.type != TYPE_MAP)
			continue;
		next = map.next;
		for (k = 0; k < map.size; k++) {
			s.budget = METADATA_VALUES;
			add_name(&s, next, ret_names, size);
			if (!walk(&s, next, 0, &next) ||
			    !walk(&s, next, 0, &next))
				break;
		}
	}
}
