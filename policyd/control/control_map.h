/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "--map COLUMN=FIELD" of imports, and cities, for policyd/control alone.
 */
#ifndef FG_CONTROL_MAP_H
#define FG_CONTROL_MAP_H

#include "policyd/control/control_parts.h"
#include "policyd/people/cities.h"
#include "policyd/people/csv_table.h"

/* Whether each names one of these fields; false after control_problem(). */
bool	control_map_check(struct control_job *job, const char *const *fields);

/* What was checked; borrowed from the job. Returns how many. */
size_t	control_map_read(const struct control_job *job,
	    struct csv_table_map map[CSV_TABLE_MAP_MAX]);

/*
 * The list of cities, NULL if there is none; ret_why: why it cannot be used, or
 * "". Returns 0 or FG_ERR_NOMEM.
 */
int	control_cities_open(struct cities **ret_cities,
	    char ret_why[CONTROL_PROBLEM_MAX]);

#endif
