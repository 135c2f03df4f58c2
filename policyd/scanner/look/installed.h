/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that tell that a tool is installed. They seldom change, and are looked
 * for seldom.
 */
#ifndef FG_INSTALLED_H
#define FG_INSTALLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/look/scan.h"

#define INSTALLED_MAX	 512u
#define INSTALLED_EACH_S 60
#define INSTALLED_PATH	 191u

struct installed_file {
	uint32_t	 rule;		/* its index */
	uint32_t	 uid;		/* whose the file is */
	int64_t		 since_s;	/* its last change of status */
	char		 path[INSTALLED_PATH + 1];
};

struct installed {
	uint64_t	 rules;		/* for which ones it is */
	size_t		 next;		/* rule that is due; .end: none is */
	bool		 whole;		/* each rule had its turn once */
	unsigned int	 tries;		/* of the rule that is due */
	bool		 torn;		/* one took longer than there is time */
	int64_t		 again_ns;	/* when to begin anew */
	size_t		 n;
	struct installed_file file[INSTALLED_MAX];
};

/*
 * A sign for each entry of which a file is there. Looks until .until_ns of the
 * scan, goes on next time, and sets PICTURE_FILES of .cut until all were looked
 * for. Zeroed is one that has not looked yet. '*' and '?' stand for no '/',
 * and for no '.' that begins a name.
 */
void	installed_look(struct installed *installed, const struct scan *scan);

#endif
