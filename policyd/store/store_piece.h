/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What imports of every kind have in common, for policyd/store alone: a file of
 * its own in which one gathers, in whatever order things come, and the way from
 * there to a new generation of the store, in small transactions. Whoever uses
 * this holds the import's lock (store_file.h), of which there is one.
 */
#ifndef FG_STORE_PIECE_H
#define FG_STORE_PIECE_H

#include "policyd/store/store_file.h"
#include "policyd/store/store_sql.h"

/* The generation in the import's own file, and what else there is one of. */
#define STORE_STAGED 1

/*
 * Begin the file, with the schema of the store, and in one transaction that
 * stays open. add adds its generation, in force as far as the file goes.
 */
int	store_piece_stage(struct store_files *files, enum store_sql add,
	    struct store_db **ret_stage);
/* The end of it, and of the file; NULL: there is only that. errno is kept. */
void	store_piece_unstage(struct store_files *files, struct store_db *stage);

/*
 * Begin a transaction. Once it has begun, an import rather waits than loses its
 * work: 100 times as long as others. It is a process of its own, for which no
 * login waits.
 */
int	store_piece_begin(struct store_db *db);

/* Add a generation that is not in force. *ret_id is 0 on error. */
int	store_piece_add(struct store_db *db, enum store_sql add,
	    int64_t *ret_id);
/* What has this number in an import's file, in the store's generation. */
int64_t	store_piece_id(int64_t generation, int64_t staged);

/*
 * Call fn for each row of from, which ends; what it does with db happens in
 * small transactions, between which others get their turn. Returns the first
 * error.
 */
typedef int (*store_piece_fn)(struct store_query *from, void *arg);
int	store_piece_copy(struct store_query *from, struct store_db *db,
	    store_piece_fn fn, void *arg);

/*
 * Keep in mind that there is going to be an inventory, before it is in force:
 * in the database, synced, by a statement, and then beside it (store_file.h).
 */
int	store_piece_remember(struct store_db *synced, enum store_sql remember,
	    struct store_files *files, const char *mark);

/* What a generation consists of, by the statements that remove some of it. */
struct store_part {
	enum store_sql	 sql;
	int		 kind;	/* 0: has none */
};

/*
 * Remove what is left over of generations, one after the other, as small pieces
 * of its parts; left says which is the next. What hangs on a part comes before
 * it, and STORE_SQL_COUNT ends them.
 */
int	store_piece_remove(struct store_db *db, enum store_sql left,
	    const struct store_part *parts);

#endif
