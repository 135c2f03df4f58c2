/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Did you mean": the candidate with the smallest edit distance to a word,
 * if it is near enough to be a typing mistake.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"

#define NEAR_WORD_MAX 48u /* longer words are nobody's typing mistake */

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance, in one row; both words within NEAR_WORD_MAX. */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t row[NEAR_WORD_MAX + 1], i, j, corner, above;
	size_t alen = strlen(a), blen = strlen(b);

	for (j = 0; j <= blen; j++)
		row[j] = j;
	for (i = 1; i <= alen; i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			above = row[j];
			row[j] = min3(above + 1, row[j - 1] + 1,
			    corner + (a[i - 1] == b[j - 1] ? 0 : 1));
			corner = above;
		}
	}
	return row[blen];
}

void
conf_near_offer(struct conf_near *near, const char *name)
{
	size_t len = strlen(near->word), limit, distance;

	if (len == 0 || len > NEAR_WORD_MAX || strlen(name) > NEAR_WORD_MAX)
		return;
	limit = len < 3 ? 1 : (len + 2) / 3;
	distance = edit_distance(near->word, name);
	/* The beginning of a name is as good as its last allowed mistake. */
	if (len > 2 && distance > limit && strncmp(name, near->word, len) == 0)
		distance = limit;
	if (distance > limit ||
	    (near->best != NULL && distance >= near->distance))
		return;
	near->best = name;
	near->distance = distance;
}

const char *
conf_near_text(const struct conf_near *near, const char *otherwise,
    char buf[CONF_NEAR_SIZE])
{
	if (near->best == NULL)
		return otherwise;
	(void)snprintf(buf, CONF_NEAR_SIZE, "did you mean \"%s\"?", near->best);
	return buf;
}
