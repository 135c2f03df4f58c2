/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anchors of the audit log out of any files that have them in their lines, held
 * against the records that the log has now.
 */
#ifndef FG_CTL_AUDIT_ANCHORS_H
#define FG_CTL_AUDIT_ANCHORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/audit/source.h"
#include "policyd/key.h"

#define ANCHORS_KEYS_MAX 16u

struct anchors;

struct anchors_place {
	uint64_t	 seq;	/* of the record that it has seen; 0: none */
	const char	*file;
	uint64_t	 line;
};

struct anchors_count {
	uint64_t	 good;	 /* that count */
	uint64_t	 others; /* of keys that were not asked for */
	uint64_t	 wrong;	 /* their signature is */
	uint64_t	 odd;	 /* not of the form */
};

struct anchors	*anchors_new(void);	/* NULL: no memory */
void		 anchors_free(struct anchors *anchors);	/* NULL is fine */

/*
 * Only anchors by this key count, and by others that are given so.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_LIMIT.
 */
int		 anchors_key(struct anchors *anchors, const char *text);

/* Whether this one counts. */
bool		 anchors_has_key(const struct anchors *anchors,
		    const uint8_t key[CRYPTO_KEY_SIZE]);

/*
 * Take all that are in the lines of a file, which may be compressed; its name
 * has to stay. Returns 0, or what source_next() does, with why.
 */
int		 anchors_read(struct anchors *anchors, const char *file,
		    char ret_why[SOURCE_WHY_SIZE]);

/* Of those that were read; more than one key only if none was asked for. */
const struct anchors_count *anchors_count(const struct anchors *anchors);
size_t		 anchors_keys(const struct anchors *anchors);
/* The key at i; returns buf. */
const char	*anchors_key_text(const struct anchors *anchors, size_t i,
		    char buf[KEY_TEXT_SIZE]);

/*
 * A record of the log, by its number and what its line says is its hash. False
 * if an anchor has seen another one; *ret_place says which, and of one that has
 * seen the same, else .seq is 0.
 */
bool		 anchors_take(struct anchors *anchors, uint64_t seq,
		    const char *hash, struct anchors_place *ret_place);

/*
 * The last anchor of one of the records from first to before last that was made
 * later than after_s: what came behind it is younger than that. *ret_place says
 * which, .seq is 0 if there is none. Returns when it was made.
 */
int64_t		 anchors_after(const struct anchors *anchors, uint64_t first,
		    uint64_t last, int64_t after_s,
		    struct anchors_place *ret_place);

/*
 * After all records, first to last of them: the first anchor of a record from
 * first on that was not there. False if there is one. *ret_older: how many are
 * of records before first.
 */
bool		 anchors_all_seen(const struct anchors *anchors,
		    uint64_t first, struct anchors_place *ret_place,
		    uint64_t *ret_older);

#endif
