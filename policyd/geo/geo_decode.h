/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a MaxMind DB file's data section, as the file format's
 * specification 2.0 has them. Nothing is believed: from here on every byte is
 * whoever's who could write the file.
 */
#ifndef FG_GEO_DECODE_H
#define FG_GEO_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum geo_type {
	GEO_TYPE_EXTENDED = 0,
	GEO_TYPE_POINTER = 1,
	GEO_TYPE_STRING = 2,
	GEO_TYPE_DOUBLE = 3,
	GEO_TYPE_BYTES = 4,
	GEO_TYPE_UINT16 = 5,
	GEO_TYPE_UINT32 = 6,
	GEO_TYPE_MAP = 7,
	GEO_TYPE_INT32 = 8,
	GEO_TYPE_UINT64 = 9,
	GEO_TYPE_UINT128 = 10,
	GEO_TYPE_ARRAY = 11,
	GEO_TYPE_BOOL = 14,
	GEO_TYPE_FLOAT = 15
};

/*
 * A data section. seen has one bit an offset, so that what many pointers
 * share is walked once; without it (metadata) pointers are followed each time,
 * as a reader would, and budget ends a fan-out.
 */
struct geo_section {
	const uint8_t *base;
	size_t size;
	uint8_t *seen;
	size_t budget; /* values that may still be walked */
};

/* One decoded control byte. next is behind the value's header. */
struct geo_item {
	unsigned int type;
	size_t size; /* bytes, elements, pairs, or the pointer's target */
	size_t next;
};

/*
 * The n bytes at offset as a number, and the value's head there. Each of these
 * functions returns false if there is no such thing, or not the whole of it.
 */
bool	geo_decode_number(const struct geo_section *s, size_t offset, size_t n,
	    size_t *ret_v);
bool	geo_decode_item(const struct geo_section *s, size_t offset,
	    struct geo_item *ret_item);

/* A string, there or through one pointer; and the one that name is. */
bool	geo_decode_is_string(const struct geo_section *s, size_t offset);
bool	geo_decode_key_is(const struct geo_section *s, size_t offset,
	    const char *name);

/* Walk one value with all that it holds; *ret_next is behind it. */
bool	geo_decode_walk(struct geo_section *s, size_t offset,
	    unsigned int depth, size_t *ret_next);

/* Mark an offset. True if it was marked before. */
bool	geo_decode_seen(struct geo_section *s, size_t offset);

#endif
