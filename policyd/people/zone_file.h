/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One compiled zone (RFC 9636), of version 2 or later and without leap
 * seconds, as everything in /usr/share/zoneinfo but right/ is.
 */
#ifndef FG_ZONE_FILE_H
#define FG_ZONE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/people/zone_rule.h"

#define ZONE_FILE_MAX	65536u	/* bytes */

struct zone_file;

/* Returns 0, FG_ERR_FORMAT or FG_ERR_NOMEM. data is not kept. */
int	zone_file_parse(const uint8_t *data, size_t len,
	    struct zone_file **ret_file);
void	zone_file_free(struct zone_file *file);

/* at_s within the years 1 to 9999. */
struct zone_offset zone_file_at(const struct zone_file *file, int64_t at_s);

#endif
