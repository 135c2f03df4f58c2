/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One picture of farmgatectl scan, as the daemon gave it, and how it is
 * printed; and what --watch tells behind it.
 */
#ifndef FG_CTL_SCAN_H
#define FG_CTL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/ctl.h"

struct scan {
	struct json	**sign;
	size_t		 n;
	struct json	*head;	/* all that is no sign */
};

/* cmd_scan.c. To be freed, whatever is returned: CTL_*. */
int	scan_take(const struct ctl *ctl, struct scan *ret_scan);
void	scan_free(struct scan *scan);

/* The user's name, or "uid N". Returns buf. */
const char *scan_name_of(int64_t uid, char *buf, size_t size);
/* In two lines. */
void	scan_print_sign(const struct json *sign);
/* As JSON; the first without its end, but with the key of what comes next.
 * Return CTL_OK or CTL_ERROR. */
int	scan_print_open(const struct json *json, const char *key);
int	scan_print_json(const struct json *json);

/* scan_watch.c: what is another than in last from now on, until it fails. */
int	scan_watch(const struct ctl *ctl, struct scan *last, bool json);

#endif
