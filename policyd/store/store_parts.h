/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the store's files share, for policyd/store alone.
 */
#ifndef FG_STORE_PARTS_H
#define FG_STORE_PARTS_H

#include "policyd/store/store.h"
#include "policyd/store/store_file.h"
#include "policyd/store/store_sql.h"

struct store {
	struct store_files files;
	struct store_db	*db;		/* reads; what may be lost or redone */
	struct store_db	*synced;	/* what must not be lost */
};

/* A column of text into buf: too long is FG_ERR_FORMAT of the query. */
void	store_column_text(struct store_query *q, int n, char *buf,
	    size_t size);

/* ---- store_row.c: a person as a row ---- */

#define STORE_ROW_COLUMNS 18

/* The columns of the lists, joined; bound as long as the query runs. */
struct store_row {
	char		 accounts[PERSON_ACCOUNTS_MAX * (FG_USER_MAX + 1) + 1];
	char		 countries[PERSON_COUNTRIES_MAX * 3 + 1];
	char		 spans[PERSON_SPANS_MAX * 16 + 1];
	char		 groups[PERSON_GROUPS_MAX * (PERSON_GROUP_MAX + 1) + 1];
	char		 networks[PERSON_NETWORKS_MAX *
			    (PERSON_NETWORK_MAX + 1) + 1];
	char		 keys[PERSON_KEYS_MAX * (PERSON_KEY_MAX + 1) + 1];
};

/* FG_ERR_FORMAT if the person could not be read back as it is. */
int	store_row_make(const struct person *person, struct store_row *ret_row);
/* Binds parameters 1 to STORE_ROW_COLUMNS. */
void	store_row_bind(struct store_query *q, const struct person *person,
	    const struct store_row *row);
/* Reads the current row; errors are the query's. */
void	store_row_read(struct store_query *q, struct person *ret_person);

#endif
