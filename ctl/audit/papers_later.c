/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reviews that were made after the period, of decisions in it: whose they are
 * is known before the decisions are read, and whether these are in it before
 * they are written.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/line.h"
#include "ctl/audit/papers.h"
#include "policyd/json/json.h"
#include "policyd/text.h"

#define WHAT  "audit bundle"
#define FIRST 64u /* doubled when more is needed */

static int
compare(const void *a, const void *b)
{
	const struct papers_later *x = a, *y = b;

	return strcmp(x->of, y->of);
}

static int
grow(struct papers *p)
{
	size_t max = p->maxlater == 0 ? FIRST : 2 * p->maxlater;
	struct papers_later *list;

	if (p->nlater < p->maxlater)
		return CTL_OK;
	if ((list = reallocarray(p->later, max, sizeof(*list))) == NULL) {
		ctl_complain(WHAT ": out of memory");
		return CTL_ERROR;
	}
	p->later = list;
	p->maxlater = max;
	return CTL_OK;
}

int
papers_later_find(struct papers *p, const struct source_line *line)
{
	struct json *record = json_parse(line->text, line->len);
	const char *of = json_get_string(record, "of", "");
	struct papers_later one = { .is_in = false };
	int r = CTL_OK;

	if (of[0] != '\0' && text_copy(one.of, sizeof(one.of), of) == 0 &&
	    (r = grow(p)) == CTL_OK)
		p->later[p->nlater++] = one;
	json_free(record);
	return r;
}

/* Of several of one decision one is enough. */
void
papers_later_sort(struct papers *p)
{
	size_t n = 0;

	if (p->nlater == 0)
		return;
	qsort(p->later, p->nlater, sizeof(*p->later), compare);
	for (size_t i = 1; i < p->nlater; i++)
		if (compare(&p->later[n], &p->later[i]) != 0)
			p->later[++n] = p->later[i];
	p->nlater = n + 1;
}

/* Between quotation marks behind the key, which no string can look like. */
static struct papers_later *
find(struct papers *p, const struct source_line *line, const char *key)
{
	const char *at = memmem(line->text, line->len, key, strlen(key)), *end;
	struct papers_later one;
	size_t rest;

	if (p->nlater == 0 || at == NULL)
		return NULL;
	at += strlen(key);
	rest = (size_t)(line->text + line->len - at);
	if ((end = memchr(at, '"', rest)) == NULL ||
	    (size_t)(end - at) >= sizeof(one.of))
		return NULL;
	memcpy(one.of, at, (size_t)(end - at));
	one.of[end - at] = '\0';
	return bsearch(&one, p->later, p->nlater, sizeof(one), compare);
}

void
papers_later_decided(struct papers *p, const struct source_line *line)
{
	struct papers_later *later = find(p, line, "\"ref\":\"");

	if (later != NULL)
		later->is_in = true;
}

bool
papers_later_is_wanted(struct papers *p, const struct source_line *line)
{
	const struct papers_later *later = find(p, line, "\"of\":\"");

	return later != NULL && later->is_in;
}
