/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is different where an inventory to be imported is one of assets.
 */
#ifndef FG_CTL_IMPORT_ASSETS_H
#define FG_CTL_IMPORT_ASSETS_H

#include "ctl/ctl.h"

/*
 * Whether the file is one of assets: the line of its columns, or a map, names
 * asset_tag. map: an array of "column" and "field". fd is of a regular file,
 * and where it was afterwards.
 */
bool import_is_of_assets(int fd, const struct json *map);

/* is_all: every change is shown, else the first max. */
struct import_assets {
	bool is_all;
	unsigned int max;
	unsigned int changes;
	unsigned int warnings; /* that were shown */
	bool in_progress; /* a line on the terminal waits for its end */
};

/* One line of the daemon's that is no problem: a change, or how far it is. */
void import_assets_line(struct import_assets *import, const struct json *line);
/* Before a problem is told; is_warning: it is one. */
void import_assets_problem(struct import_assets *import, bool is_warning);
void import_assets_report(struct import_assets *import,
    const struct json *report, bool dry_run);

#endif
