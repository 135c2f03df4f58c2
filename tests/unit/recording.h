/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of an audit log, for tests of what reads them: written as JSON with
 * ' for ".
 */
#ifndef FG_TESTS_RECORDING_H
#define FG_TESTS_RECORDING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/readiness/records.h"

struct recorded {
	struct record record;
	struct json *json;
};

static inline struct recorded __attribute__((format(printf, 3, 4)))
recorded(enum record_event event, int64_t at_s, const char *fmt, ...)
{
	struct recorded r = { .record = { .event = event, .at_s = at_s } };
	static char text[65536];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	r.json = json_parse(text, strlen(text));
	assert_non_null(r.json);
	r.record.json = r.json;
	return r;
}

#endif
