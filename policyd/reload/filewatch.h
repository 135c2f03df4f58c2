/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether files that the daemon has read are still the ones that it read. A
 * timer looks at what they are, never into them; a change counts once it has
 * come to rest.
 */
#ifndef FG_FILEWATCH_H
#define FG_FILEWATCH_H

#include "policyd/conf.h"
#include "policyd/loop.h"

struct filewatch;

/* One of the files has changed. path is borrowed, and never NULL. */
typedef void (*filewatch_fn)(const char *path, void *arg);

/* Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM. It watches nothing as yet. */
int	filewatch_new(struct loop *loop, filewatch_fn changed, void *arg,
	    struct filewatch **ret_watch);
void	filewatch_free(struct filewatch *watch);

/* Before files are read: remember what they are now. */
void	filewatch_mark(struct filewatch *watch);

/*
 * They were read as they were marked. conf NULL: the same files as before;
 * else those that conf names, of which new ones are taken as they are now.
 * Without memory the old ones stay, and FG_ERR_NOMEM is returned.
 */
int	filewatch_adopt(struct filewatch *watch, const struct conf *conf);

/* Look no more, or look again after a while. */
void	filewatch_pause(struct filewatch *watch, bool pause);

/*
 * The paths of the databases and lists that conf names, in the order of the
 * file; the i-th, or NULL. Borrowed from conf.
 */
const char *filewatch_path(const struct conf *conf, size_t i);

#endif
