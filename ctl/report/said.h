/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of records in words, for a report: who, whom and when. All of it is
 * escaped for a terminal.
 */
#ifndef FG_CTL_REPORT_SAID_H
#define FG_CTL_REPORT_SAID_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/json/json.h"

/* "carol (uid 1003) as root", as member "by" says. Returns buf. */
const char *said_by(const struct json *record, char *buf, size_t size);

/* "alice, bob" of a list of texts, or "-". Returns buf. */
const char *said_list(const struct json *list, char *buf, size_t size);

#define SAID_TIME_SIZE	32u
/* "2026-03-01 08:30:00", UTC. Returns buf. */
const char *said_time(int64_t at_s, char buf[SAID_TIME_SIZE]);

#endif
