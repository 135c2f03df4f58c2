/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes and walks values. It ends whatever the bytes are: by depth, by a
 * budget of values, and by walking what many pointers share once.
 */
#include "policyd/geo/geo_decode.h"

#include <string.h>

#define DEPTH_MAX 16u /* real records have less than five */

bool
geo_decode_number(const struct geo_section *s, size_t offset, size_t n,
    size_t *ret_v)
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
get_pointer(const struct geo_section *s, unsigned int ctrl, struct geo_item *v)
{
	static const size_t bias[] = { 0, 2048, 526336, 0 };
	size_t n = ((ctrl >> 3) & 3u) + 1, low;

	if (!geo_decode_number(s, v->next, n, &low))
		return false;
	v->size = low + bias[n - 1];
	if (n < 4)
		v->size += (size_t)(ctrl & 7u) << (8 * n);
	v->next += n;
	return true;
}

static bool
get_size(const struct geo_section *s, unsigned int ctrl, struct geo_item *v)
{
	static const size_t bias[] = { 29, 285, 65821 };
	size_t n, low;

	v->size = ctrl & 0x1fu;
	if (v->size < bias[0])
		return true;
	n = v->size - bias[0] + 1;
	if (!geo_decode_number(s, v->next, n, &low))
		return false;
	v->size = low + bias[n - 1];
	v->next += n;
	return true;
}

bool
geo_decode_item(const struct geo_section *s, size_t offset, struct geo_item *v)
{
	size_t ctrl, type;

	if (!geo_decode_number(s, offset, 1, &ctrl))
		return false;
	v->next = offset + 1;
	v->type = (unsigned int)ctrl >> 5;
	if (v->type == GEO_TYPE_POINTER)
		return get_pointer(s, (unsigned int)ctrl, v);
	if (v->type == GEO_TYPE_EXTENDED) {
		if (!geo_decode_number(s, v->next, 1, &type) ||
		    type + 7 < GEO_TYPE_INT32 || type + 7 > GEO_TYPE_FLOAT)
			return false;
		v->type = (unsigned int)type + 7;
		v->next++;
	}
	return get_size(s, (unsigned int)ctrl, v);
}

/* The size of a scalar is right for its type, and its bytes are there. */
static bool
scalar_is_whole(const struct geo_section *s, const struct geo_item *v)
{
	size_t max;

	switch (v->type) {
	case GEO_TYPE_STRING:
	case GEO_TYPE_BYTES:
		max = s->size;
		break;
	case GEO_TYPE_DOUBLE:
		if (v->size != 8)
			return false;
		max = 8;
		break;
	case GEO_TYPE_FLOAT:
		if (v->size != 4)
			return false;
		max = 4;
		break;
	case GEO_TYPE_BOOL:
		return v->size <= 1;
	case GEO_TYPE_UINT16:
		max = 2;
		break;
	case GEO_TYPE_INT32:
	case GEO_TYPE_UINT32:
		max = 4;
		break;
	case GEO_TYPE_UINT64:
		max = 8;
		break;
	case GEO_TYPE_UINT128:
		max = 16;
		break;
	default: /* a number from the file, no enum: unknown ones are refused */
		return false;
	}
	return v->size <= max && v->size <= s->size - v->next;
}

bool
geo_decode_seen(struct geo_section *s, size_t offset)
{
	uint8_t bit = (uint8_t)(1u << (offset % 8));

	if (s->seen == NULL)
		return false;
	if ((s->seen[offset / 8] & bit) != 0)
		return true;
	s->seen[offset / 8] |= bit;
	return false;
}

static bool
walk_pointer(struct geo_section *s, const struct geo_item *v,
    unsigned int depth)
{
	struct geo_item target;
	size_t end;

	if (!geo_decode_item(s, v->size, &target) ||
	    target.type == GEO_TYPE_POINTER)
		return false;
	return geo_decode_seen(s, v->size) ||
	    geo_decode_walk(s, v->size, depth + 1, &end);
}

bool
geo_decode_is_string(const struct geo_section *s, size_t offset)
{
	struct geo_item v;

	return geo_decode_item(s, offset, &v) &&
	    (v.type != GEO_TYPE_POINTER || geo_decode_item(s, v.size, &v)) &&
	    v.type == GEO_TYPE_STRING;
}

static bool
walk_container(struct geo_section *s, const struct geo_item *v,
    unsigned int depth, size_t *ret_next)
{
	size_t next = v->next, i;

	for (i = 0; i < v->size; i++) {
		if (v->type == GEO_TYPE_MAP &&
		    (!geo_decode_is_string(s, next) ||
			!geo_decode_walk(s, next, depth + 1, &next)))
			return false;
		if (!geo_decode_walk(s, next, depth + 1, &next))
			return false;
	}
	*ret_next = next;
	return true;
}

bool
geo_decode_walk(struct geo_section *s, size_t offset, unsigned int depth,
    size_t *ret_next)
{
	struct geo_item v;

	*ret_next = offset;
	if (depth > DEPTH_MAX || s->budget == 0 ||
	    !geo_decode_item(s, offset, &v))
		return false;
	s->budget--;
	if (v.type == GEO_TYPE_MAP || v.type == GEO_TYPE_ARRAY)
		return walk_container(s, &v, depth, ret_next);
	*ret_next = v.next;
	if (v.type == GEO_TYPE_POINTER)
		return walk_pointer(s, &v, depth);
	/* A boolean's size is its value. */
	*ret_next = v.type == GEO_TYPE_BOOL ? v.next : v.next + v.size;
	return scalar_is_whole(s, &v);
}

bool
geo_decode_key_is(const struct geo_section *s, size_t offset, const char *name)
{
	struct geo_item v;

	return geo_decode_item(s, offset, &v) &&
	    (v.type != GEO_TYPE_POINTER || geo_decode_item(s, v.size, &v)) &&
	    v.type == GEO_TYPE_STRING && v.size == strlen(name) &&
	    v.size <= s->size - v.next &&
	    memcmp(s->base + v.next, name, v.size) == 0;
}
