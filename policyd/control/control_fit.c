/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report is one message. Where its lists are longer than that they are cut,
 * and it says by how many: what else it says has to be seen then most of all.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/control/control_parts.h"

#define FIT_MORE 160u /* bytes for the member "more" */

/* What the others leave over goes to the last ones. */
static const char *const lists[] = { "databases", "holds", "errors", "warnings",
	"anonymizer_coverage" };

#define FIT_LISTS (sizeof(lists) / sizeof(lists[0]))

static size_t
bytes_of(const struct json *json)
{
	char *text = json_text(json);
	size_t len = text == NULL ? 0 : strlen(text);

	free(text);
	return len;
}

/* Each has its share of what there is room for. */
static void
cut_lists(struct json *report, size_t room)
{
	size_t cut[FIT_LISTS], any = 0, i;
	struct json *list, *more;

	for (i = 0; i < FIT_LISTS; i++) {
		list = json_get(report, lists[i]);
		cut[i] = json_cut(list, room / (FIT_LISTS - i));
		room -= bytes_of(list);
		any += cut[i];
	}
	more = any > 0 ? json_set_object(report, "more") : NULL;
	for (i = 0; i < FIT_LISTS; i++)
		if (cut[i] > 0)
			json_set_int(more, lists[i], (int64_t)cut[i]);
}

void
control_fit(struct json *report)
{
	size_t rest = bytes_of(report) + FIT_MORE, i;

	if (rest <= FG_REPORT_MAX + FIT_MORE)
		return;
	for (i = 0; i < FIT_LISTS; i++)
		rest -= bytes_of(json_get(report, lists[i]));
	/* Else not even an empty one would help. */
	if (rest < FG_REPORT_MAX)
		cut_lists(report, FG_REPORT_MAX - rest);
}
