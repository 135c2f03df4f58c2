/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report is one message. Where its lists are longer than that they are cut,
 * and it says by how many: what else it says has to be seen then most of all.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/control/control_parts.h"

#define FIT_MORE 160u /* bytes for the member "more" */

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

/* The shortest one that was not yet; FIT_LISTS: none. */
static size_t
next_list(const struct json *report, const bool *done)
{
	size_t best = FIT_LISTS, least = 0, len;

	for (size_t i = 0; i < FIT_LISTS; i++) {
		len = done[i] ? 0 : bytes_of(json_get(report, lists[i]));
		if (!done[i] && (best == FIT_LISTS || len < least)) {
			best = i;
			least = len;
		}
	}
	return best;
}

/* Each has its share of what shorter ones leave over. */
static void
cut_lists(struct json *report, size_t room)
{
	size_t cut[FIT_LISTS], any = 0, left = FIT_LISTS, i;
	bool done[FIT_LISTS] = { false };
	struct json *list, *more;

	while ((i = next_list(report, done)) < FIT_LISTS) {
		list = json_get(report, lists[i]);
		cut[i] = json_cut(list, room / left--);
		room -= bytes_of(list);
		any += cut[i];
		done[i] = true;
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
