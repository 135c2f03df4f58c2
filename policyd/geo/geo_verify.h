/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proves that the bytes of a MaxMind DB file are well formed before a library
 * is let at them: every tree node points to a node, to nothing or to a record,
 * every record is whole, nothing nests deeply, and metadata does not fan out.
 * A file that passes cannot make a reader that asks for fixed paths leave the
 * file's bytes, recurse without end or hang.
 */
#ifndef FG_GEO_VERIFY_H
#define FG_GEO_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#define GEO_SAMPLES_MAX	512u

struct geo_layout {
	uint32_t	 nodes;
	unsigned int	 record_bits;	/* 24, 28 or 32 */
	unsigned int	 ip_version;	/* 4 or 6 */
	size_t		 records;	/* distinct ones */
	size_t		 samples;	/* how many of them are in .sample */
	uint32_t	 sample[GEO_SAMPLES_MAX]; /* offsets in the data */
};

/*
 * Time and memory are bounded by len.
 * Returns 0, FG_ERR_NOMEM, or FG_ERR_FORMAT and a static *ret_why for people.
 */
int	geo_verify(const uint8_t *data, size_t len,
	    struct geo_layout *ret_layout, const char **ret_why);

/*
 * The names of the members of the sampled records of a file that passed, with
 * commas, as many as fit; as they are in the file, NUL-terminated.
 */
void	geo_members(const uint8_t *data, size_t len,
	    const struct geo_layout *layout, char *ret_names, size_t size);

#endif
