/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By their numbers.
 */
#include "ctl/report/exceptions.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/report/said.h"
#include "ctl/report/slots.h"
#include "policyd/record/show.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ID_SIZE 24u

struct exceptions {
	struct slots *slots;
	struct exception *list;
	size_t n;
	uint64_t left_out;
};

struct exceptions *
exceptions_new(void)
{
	struct exceptions *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->slots = slots_new(EXCEPTIONS_MAX);
	e->list = calloc(EXCEPTIONS_MAX, sizeof(*e->list));
	if (e->slots == NULL || e->list == NULL) {
		exceptions_free(e);
		return NULL;
	}
	return e;
}

void
exceptions_free(struct exceptions *e)
{
	if (e == NULL)
		return;
	slots_free(e->slots);
	free(e->list);
	free(e);
}

/* *ret: NULL if there is no room. */
static int
find(struct exceptions *e, int64_t id, struct exception **ret)
{
	char text[ID_SIZE];
	size_t i;

	*ret = NULL;
	(void)text_format(text, sizeof(text), "%lld", (long long)id);
	if ((i = slots_find(e->slots, text)) == SLOTS_NONE) {
		if (e->n == EXCEPTIONS_MAX) {
			e->left_out++;
			return 0;
		}
		if (slots_put(e->slots, e->n, text) != 0)
			return FG_ERR_NOMEM;
		i = e->n++;
		e->list[i].id = id;
	}
	*ret = &e->list[i];
	return 0;
}

static void
take_member(char to[EXCEPTION_TEXT], const struct json *record, const char *key)
{
	struct shown a;

	/* What is longer is cut. */
	(void)text_copy(to, EXCEPTION_TEXT, show_member(&a, record, key, ""));
}

static void
take_made(struct exception *x, const struct json *record, int64_t at_s)
{
	char grade[EXCEPTION_TEXT], code[EXCEPTION_TEXT];

	x->made = true;
	x->made_s = at_s;
	x->until_s = json_get_int(record, "until", 0);
	take_member(x->user, record, "user");
	take_member(x->reason, record, "reason");
	take_member(code, record, "code");
	take_member(grade, record, "grade");
	(void)text_format(x->finding, sizeof(x->finding), "%s%s%s", code,
	    grade[0] == '\0' ? "" : ":", grade);
	said_by(record, x->by, sizeof(x->by));
}

int
exceptions_take(struct exceptions *e, const struct json *record, int64_t at_s)
{
	const char *action = json_get_string(record, "action", "");
	struct exception *x;
	int r;

	if ((r = find(e, json_get_int(record, "id", 0), &x)) != 0 || x == NULL)
		return r;
	if (strcmp(action, "remove") == 0) {
		x->removed_s = at_s;
		return 0;
	}
	x->bypass = strcmp(action, "bypass") == 0;
	take_made(x, record, at_s);
	return 0;
}

int
exceptions_use(struct exceptions *e, int64_t id, int64_t at_s)
{
	struct exception *x;
	int r;

	if ((r = find(e, id, &x)) != 0 || x == NULL)
		return r;
	x->used++;
	x->used_s = at_s;
	return 0;
}

size_t
exceptions_count(const struct exceptions *e)
{
	return e->n;
}

const struct exception *
exceptions_at(const struct exceptions *e, size_t i)
{
	return &e->list[i];
}

uint64_t
exceptions_left_out(const struct exceptions *e)
{
	return e->left_out;
}
