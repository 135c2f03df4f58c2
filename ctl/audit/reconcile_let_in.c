/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who was let in by break-glass, or by a failure.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/line.h"
#include "ctl/audit/reconcile.h"
#include "policyd/text.h"

static struct let_in *
add(struct let_in **list, size_t *n, uint64_t *more)
{
	if (*list == NULL)
		*list = calloc(RECONCILE_LIST_MAX, sizeof(**list));
	if (*list == NULL || *n == RECONCILE_LIST_MAX) {
		(*more)++;
		return NULL;
	}
	return &(*list)[(*n)++];
}

void
let_in_open(struct reconcile *r, const struct past_login *login)
{
	struct let_in *in;

	if (login->event != PAST_ACCEPTED ||
	    !line_has(login->record, login->record_len,
		"\"decided\":{\"by\":\"failure\"") ||
	    !line_has(login->record, login->record_len,
		"\"would\":\"allow\"") ||
	    (in = add(&r->open, &r->nopens, &r->opens_more)) == NULL)
		return;
	in->at_s = login->at_s;
	memcpy(in->ref, login->ref, sizeof(in->ref));
	in->user = strdup(login->user);
	in->from = strdup(login->from);
	in->service = strdup(login->service);
}

void
let_in_glass(struct reconcile *r, const struct json *record, int64_t at_s)
{
	struct let_in *in = add(&r->glass, &r->nglasses, &r->glasses_more);

	if (in == NULL)
		return;
	in->at_s = json_get_int(record, "at", at_s);
	(void)text_copy(in->ref, sizeof(in->ref),
	    json_get_string(record, "ref", "-"));
	in->user = strdup(json_get_string(record, "user", "-"));
	in->from = strdup(json_get_string(record, "from", "-"));
	in->service = strdup(json_get_string(record, "service", "-"));
	in->why = strdup(json_get_string(record, "reason", "-"));
}
