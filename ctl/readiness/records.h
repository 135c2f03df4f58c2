/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of the audit log over a time: of the file that is written, and of
 * those that it was rotated into. They may hold anything; what is no record is
 * passed over, and counted.
 */
#ifndef FG_CTL_RECORDS_H
#define FG_CTL_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/json/json.h"

enum record_event {
	RECORD_NONE = 0,
	RECORD_DECISION,
	RECORD_OPEN,
	RECORD_CLOSE,
};

struct record {
	const struct json *json;
	enum record_event event;
	int64_t at_s;
};

struct records {
	const char *const *files; /* in this order; none: as configured */
	size_t nfiles;
	const char *config;
	int64_t since_s;
	/* What was met. */
	uint64_t foreign; /* lines that are no records */
	bool missing;	  /* the configured file is not there */
};

/* Returns CTL_OK, or CTL_ERROR after a complaint, which ends it. */
typedef int (*record_fn)(const struct record *record, void *arg);

/*
 * Each record of these events, the older files first: those beside the
 * configured file that it was rotated into.
 * Returns CTL_OK, CTL_ERROR after a complaint, or what fn has.
 */
int records_each(struct records *records, record_fn fn, void *arg);

#endif
