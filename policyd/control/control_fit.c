/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report is one message. Where its lists are longer than that they are cut,
 * and it says by how many: what else it says has to be seen then most of all.
 */
#include <stdbool.h>
#include <stddef.h>

#include "policyd/control/control_parts.h"

#define FIT_MORE 160u /* bytes for the member "more" */

static const char *const lists[] = { "databases", "holds", "errors", "warnings",
	"anonymizer_coverage" };

#define FIT_LISTS (sizeof(lists) / sizeof(lists[0]))

/* The shortest one that was not yet; FIT_LISTS: none. */
static size_t
next_list(const size_t length[FIT_LISTS], const bool done[FIT_LISTS])
{
	size_t best = FIT_LISTS;

	for (size_t i = 0; i < FIT_LISTS; i++)
		if (!done[i] && (best == FIT_LISTS || length[i] < length[best]))
			best = i;
	return best;
}

/* Each has its share of what shorter ones leave over. */
static void
cut_lists(struct json *report, const size_t length[FIT_LISTS], size_t room)
{
	size_t cut[FIT_LISTS], any = 0, left = FIT_LISTS, i;
	bool done[FIT_LISTS] = { false };
	struct json *list, *more;

	while ((i = next_list(length, done)) < FIT_LISTS) {
		list = json_get(report, lists[i]);
		cut[i] = json_cut(list, room / left--);
		room -= cut[i] == 0 ? length[i] : json_text_length(list);
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
	size_t rest = json_text_length(report) + FIT_MORE, length[FIT_LISTS], i;

	if (rest <= FG_REPORT_MAX + FIT_MORE)
		return;
	for (i = 0; i < FIT_LISTS; i++) {
		length[i] = json_text_length(json_get(report, lists[i]));
		rest -= length[i];
	}
	/* Else not even an empty one would help. */
	if (rest < FG_REPORT_MAX)
		cut_lists(report, length, FG_REPORT_MAX - rest);
}
