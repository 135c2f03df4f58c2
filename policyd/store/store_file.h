/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store's folder and files before a database is made of them: whose they
 * are, who else has them open, and moving damaged ones aside. For policyd/store
 * alone. No SQLite and no SQL here.
 */
#ifndef FG_STORE_FILE_H
#define FG_STORE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#define STORE_WHY_SIZE 400

/* Beside STORE_FILE: one that is made, and what an import gathers. */
#define STORE_FRESH_FILE STORE_FILE ".new"
#define STORE_STAGE_FILE STORE_FILE ".import"

struct store_files {
	int		 dir;		/* the folder, checked */
	int		 lock;		/* farmgate.lock; -1: not held */
	int		 import;	/* the same while this store imports */
	bool		 alone;		/* nobody else has the store open */
	bool		 exists;	/* there is a database */
	bool		 still;		/* to peek: it has no log, no writer */
	char		 path[PATH_MAX];	/* of it, without links */
	char		 fresh[PATH_MAX];	/* of one that is being made */
	char		 stage[PATH_MAX];	/* of what an import gathers */
	char		 why[STORE_WHY_SIZE];	/* for people; "" if nothing */
};

/*
 * Check the folder and the files in it, and lock them: alone if nobody else
 * has them open, else together with the others. What only somebody with the
 * daemon's own rights can have done, such as a directory in the database's
 * place, is not unsafe but damaged.
 * Returns 0; FG_ERR_FORMAT: damaged, .why says how; FG_ERR_UNSAFE: .why says
 * what, and how to mend it; FG_ERR_BUSY: somebody is opening it; or
 * FG_ERR_SYSTEM. To be closed in any case.
 */
int	store_file_open(const char *folder, struct store_files *f);
void	store_file_close(struct store_files *f);

/*
 * The same for somebody who only reads, without a lock: .alone says whether
 * there is one. FG_ERR_NOT_FOUND: there is no database, and there was none.
 */
int	store_file_peek(const char *folder, struct store_files *f);

/*
 * store_folder.c: the first step of that, the folder alone; .dir, and what the
 * files in it are called. Returns 0, FG_ERR_UNSAFE or FG_ERR_SYSTEM.
 */
int	store_file_folder(struct store_files *f, const char *folder);
/* Say why. Returns result. */
int	store_file_why(struct store_files *f, int result, const char *text);
/* What was said, for longer than f lasts: until the next call. Or NULL. */
const char *store_file_said(const struct store_files *f);

/* Let others in; what only one may do is done. Returns 0 or FG_ERR_SYSTEM. */
int	store_file_share(struct store_files *f);

/*
 * Move the database and what belongs to it aside; alone only. what says what
 * is wrong with it and becomes part of .why. Returns 0 or FG_ERR_SYSTEM.
 */
int	store_file_set_aside(struct store_files *f, const char *what);

/* An empty file for .fresh, and its way to its place. As above. */
int	store_file_begin(struct store_files *f);
int	store_file_finish(struct store_files *f);

/* An empty file for .stage, and the end of it. Returns 0 or FG_ERR_SYSTEM. */
int	store_file_stage(struct store_files *f);
void	store_file_unstage(struct store_files *f);

/* Leave a mark in the folder that the database is damaged. errno is kept. */
void	store_file_mark(int dir);

/* Bring the folder's names to the disk. Returns 0 or FG_ERR_SYSTEM. */
int	store_file_sync(struct store_files *f);

/*
 * store_folder.c: marks in the folder of what there was once, which a database
 * that is begun anew does not know: an inventory or a revocation; one of
 * assets; a baseline of devices; laptops that were enrolled. Remembering
 * returns 0 or FG_ERR_SYSTEM, and is synced. What cannot be looked at counts as
 * there.
 */
#define STORE_HAD_PEOPLE STORE_FILE ".people"
#define STORE_HAD_ASSETS STORE_FILE ".assets"
#define STORE_HAD_BASELINE STORE_FILE ".baseline"
#define STORE_HAD_ENROLMENTS STORE_FILE ".enrolments"
int	store_file_remember(struct store_files *f, const char *mark);
bool	store_file_remembers(const struct store_files *f, const char *mark);

/*
 * Wait a moment for a lock. In short naps, because an import leaves it for a
 * moment only. Returns whether to look again: false STORE_BUSY_MS after the
 * first call.
 */
bool	store_file_wait(int64_t *since_ms, bool first);

/* One import at a time: 0, FG_ERR_BUSY or FG_ERR_SYSTEM. */
int	store_file_import_lock(struct store_files *f);
void	store_file_import_unlock(struct store_files *f);

/* stat(2) and fstat(2); see keep_processes_apart() in store_sqlite.c. */
int	store_file_stat(const char *path, struct stat *st);
int	store_file_fstat(int fd, struct stat *st);

#endif
