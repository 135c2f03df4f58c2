/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check of a database file's structure, by the MaxMind DB file format
 * specification 2.0. It believes nothing: from here on every byte is whoever's
 * who could write the file. It keeps nothing and looks no address up.
 */
#include "policyd/geo/geo_verify.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/geo/geo_decode.h"
#include "proto/result.h"

#define MARKER		"\xab\xcd\xefMaxMind.com"
#define MARKER_LEN	14u
#define METADATA_MAX	(128u * 1024u) /* the marker is in the last so many */
#define SEPARATOR	16u /* zero bytes between tree and data */
#define METADATA_VALUES 4096u /* real metadata has about thirty */
#define NAME_MAX_BYTES	64u /* of a member that is told of */

/*
 * Where the value of a key of the metadata's map is, which walking has
 * accepted. Returns how often the key is there.
 */
static size_t
metadata_find(struct geo_section *s, const char *name, size_t *ret_at)
{
	struct geo_item map;
	size_t next, i, found = 0;

	*ret_at = 0;
	if (!geo_decode_item(s, 0, &map) || map.type != GEO_TYPE_MAP)
		return 0;
	next = map.next;
	for (i = 0; i < map.size; i++) {
		bool wanted = geo_decode_key_is(s, next, name);

		s->budget = METADATA_VALUES;
		if (!geo_decode_walk(s, next, 0, &next))
			return 0;
		if (wanted) {
			found++;
			*ret_at = next;
		}
		if (!geo_decode_walk(s, next, 0, &next))
			return 0;
	}
	return found;
}

/* A key that is there twice is refused: two readers might take two values. */
static bool
metadata_number(struct geo_section *s, const char *name, size_t *ret_v)
{
	struct geo_item v;
	size_t at;

	return metadata_find(s, name, &at) == 1 && geo_decode_item(s, at, &v) &&
	    (v.type == GEO_TYPE_UINT16 || v.type == GEO_TYPE_UINT32) &&
	    geo_decode_number(s, v.next, v.size, ret_v);
}

/*
 * All elements of a list, or values of a map, are strings: libmaxminddb 1.7.1
 * refuses others too, but not without losing memory.
 */
static bool
metadata_strings(struct geo_section *s, const char *name, enum geo_type type)
{
	struct geo_item list;
	size_t at, next, i, found = metadata_find(s, name, &at);

	if (found != 1)
		return found == 0;
	if (!geo_decode_item(s, at, &list) ||
	    (list.type == GEO_TYPE_POINTER &&
		!geo_decode_item(s, list.size, &list)) ||
	    list.type != type)
		return false;
	next = list.next;
	for (i = 0; i < list.size; i++) {
		s->budget = METADATA_VALUES;
		if ((type == GEO_TYPE_MAP &&
			!geo_decode_walk(s, next, 0, &next)) ||
		    !geo_decode_is_string(s, next) ||
		    !geo_decode_walk(s, next, 0, &next))
			return false;
	}
	return true;
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
read_metadata(struct geo_section *s, struct geo_layout *l)
{
	size_t nodes, bits, version, end;

	if (!geo_decode_walk(s, 0, 0, &end) ||
	    !metadata_number(s, "node_count", &nodes) ||
	    !metadata_number(s, "record_size", &bits) ||
	    !metadata_number(s, "ip_version", &version) ||
	    !metadata_strings(s, "languages", GEO_TYPE_ARRAY) ||
	    !metadata_strings(s, "description", GEO_TYPE_MAP))
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
check_record(struct geo_section *s, struct geo_layout *l, uint32_t record)
{
	size_t offset, end;

	if (record <= l->nodes)
		return NULL; /* a node, or nothing */
	if (record - l->nodes < SEPARATOR)
		return "its search tree points between tree and data";
	offset = record - l->nodes - SEPARATOR;
	if (offset >= s->size)
		return "its search tree points behind the data";
	if (geo_decode_seen(s, offset))
		return NULL;
	if (!geo_decode_walk(s, offset, 0, &end))
		return "its data is damaged";
	l->records++;
	if (l->samples < GEO_SAMPLES_MAX)
		l->sample[l->samples++] = (uint32_t)offset;
	return NULL;
}

static const char *
check_tree(const uint8_t *tree, struct geo_section *s, struct geo_layout *l)
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
    const struct geo_layout *l, struct geo_section *s)
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
	struct geo_section meta = { 0 }, s = { 0 };
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
add_name(const struct geo_section *s, size_t offset, char *names, size_t size)
{
	size_t used = strlen(names), n;
	struct geo_item v;
	char name[NAME_MAX_BYTES + 1];
	const char *hit = names;

	if (!geo_decode_item(s, offset, &v) ||
	    (v.type == GEO_TYPE_POINTER && !geo_decode_item(s, v.size, &v)) ||
	    v.type != GEO_TYPE_STRING || v.size > NAME_MAX_BYTES ||
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
	struct geo_section s = { 0 };
	struct geo_item map;
	size_t i, k, next;

	ret_names[0] = '\0';
	if (marker == NULL || !find_data(data, marker, layout, &s))
		return;
	for (i = 0; i < layout->samples; i++) {
		if (!geo_decode_item(&s, layout->sample[i], &map) ||
		    (map.type == GEO_TYPE_POINTER &&
			!geo_decode_item(&s, map.size, &map)) ||
		    map.type != GEO_TYPE_MAP)
			continue;
		next = map.next;
		for (k = 0; k < map.size; k++) {
			s.budget = METADATA_VALUES;
			add_name(&s, next, ret_names, size);
			if (!geo_decode_walk(&s, next, 0, &next) ||
			    !geo_decode_walk(&s, next, 0, &next))
				break;
		}
	}
}
