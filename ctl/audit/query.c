/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records themselves, or a table of them.
 */
#include "ctl/audit/query.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl/audit/asked.h"
#include "ctl/audit/table.h"
#include "ctl/ctl.h"

struct query {
	struct asked asked;
	bool json, table, headed;
};

static int
take_option(int c, void *arg)
{
	struct query *q = arg;

	if (c == 'j')
		q->json = true;
	else
		q->asked.follow = true;
	return CTL_OK;
}

static bool
print_record(const struct source_line *line, const struct json *record,
    void *arg)
{
	struct query *q = arg;

	if (q->table) {
		if (!q->headed)
			table_heading(stdout);
		q->headed = true;
		table_record(record, stdout);
	} else {
		(void)fwrite(line->text, 1, line->len, stdout);
		putchar('\n');
	}
	return true;
}

int
audit_query(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "follow", no_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct query q = { .json = false };
	int r;

	if ((r = asked_init(&q.asked, "audit")) == CTL_OK)
		r = asked_read(&q.asked, argc, argv, options, take_option, &q);
	if (r == CTL_OK) {
		ctl_tell_read(ctl, "audit", q.asked.about);
		q.table = !q.json && isatty(STDOUT_FILENO) == 1;
		r = asked_records(&q.asked, q.table, print_record, &q);
	}
	asked_done(&q.asked);
	return r;
}
