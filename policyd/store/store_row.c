/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person as a row and back. What is read is checked like a stranger's: a
 * damaged row is an error, never another person. Nothing is parsed that
 * person.c parses: a login reads what an import understood.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* They are in the file: never given another meaning. */
_Static_assert(PERSON_KIND_PERSON == 1 && PERSON_KIND_SERVICE == 2 &&
	PERSON_KIND_SHARED == 3 && PERSON_KIND_VENDOR == 4,
    "kinds are stored by number");
_Static_assert(PERSON_STATUS_ACTIVE == 1 && PERSON_STATUS_REVOKED == 2,
    "states are stored by number");

#define DAY_MINUTES 1440

/* ---- writing ----------------------------------------------------------- */

static int
join_spans(const struct person *p, char *buf, size_t size)
{
	size_t i, len = 0;

	*buf = '\0';
	if (p->nspans > PERSON_SPANS_MAX)
		return FG_ERR_LIMIT;
	for (i = 0; i < p->nspans; i++) {
		if (text_format(buf + len, size - len, "%s%u %u %u",
			i > 0 ? "\n" : "", (unsigned int)p->span[i].days,
			(unsigned int)p->span[i].from,
			(unsigned int)p->span[i].to) != 0)
			return FG_ERR_FORMAT;
		len += strlen(buf + len);
	}
	return 0;
}

int
store_row_make(const struct person *p, struct store_row *row)
{
	const struct store_list accounts = STORE_LIST(p->account, p->naccounts);
	const struct store_list countries =
	    STORE_LIST(p->country, p->ncountries);
	const struct store_list groups = STORE_LIST(p->group, p->ngroups);
	const struct store_list networks = STORE_LIST(p->network, p->nnetworks);
	const struct store_list keys = STORE_LIST(p->key, p->nkeys);
	int r;

	if (p->user[0] == '\0' || p->kind < PERSON_KIND_PERSON ||
	    p->kind > PERSON_KIND_VENDOR || p->status < PERSON_STATUS_ACTIVE ||
	    p->status > PERSON_STATUS_REVOKED)
		return FG_ERR_FORMAT;
	if ((r = store_list_join(&accounts, row->accounts)) != 0 ||
	    (r = store_list_join(&countries, row->countries)) != 0 ||
	    (r = store_list_join(&groups, row->groups)) != 0 ||
	    (r = store_list_join(&networks, row->networks)) != 0 ||
	    (r = store_list_join(&keys, row->keys)) != 0)
		return r;
	return join_spans(p, row->spans, sizeof(row->spans));
}

/* In the order of PERSON in store_sql.c. */
void
store_row_bind(struct store_query *q, const struct person *p,
    const struct store_row *row)
{
	store_bind_text(q, 1, p->user);
	store_bind_text(q, 2, p->name);
	store_bind_int(q, 3, p->kind);
	store_bind_int(q, 4, p->status);
	store_bind_text(q, 5, row->accounts);
	store_bind_text(q, 6, row->countries);
	store_bind_text(q, 7, p->home);
	if (p->has_point) { /* else they stay NULL */
		store_bind_real(q, 8, p->latitude);
		store_bind_real(q, 9, p->longitude);
	}
	store_bind_real(q, 10, p->radius_km);
	store_bind_text(q, 11, p->hours);
	store_bind_text(q, 12, row->spans);
	store_bind_text(q, 13, p->zone);
	store_bind_text(q, 14, row->groups);
	store_bind_text(q, 15, row->networks);
	store_bind_text(q, 16, row->keys);
	store_bind_int(q, 17, p->valid_from_s);
	store_bind_int(q, 18, p->valid_until_s);
}

/* ---- reading ----------------------------------------------------------- */

static bool
parse_span(char *line, struct person_span *ret_span)
{
	char *from = strchr(line, ' '), *to;
	uint64_t v[3];

	if (from == NULL || (to = strchr(from + 1, ' ')) == NULL)
		return false;
	*from++ = '\0';
	*to++ = '\0';
	if (text_parse_uint(line, 0, 0x7f, &v[0]) != 0 ||
	    text_parse_uint(from, 0, DAY_MINUTES, &v[1]) != 0 ||
	    text_parse_uint(to, 0, DAY_MINUTES, &v[2]) != 0)
		return false;
	ret_span->days = (uint8_t)v[0];
	ret_span->from = (uint16_t)v[1];
	ret_span->to = (uint16_t)v[2];
	return true;
}

static void
read_spans(struct store_query *q, int column, struct person *p)
{
	const char *text = store_column_text_direct(q, column);
	char line[16];

	while (store_column_line(q, &text, line, sizeof(line))) {
		if (p->nspans == PERSON_SPANS_MAX ||
		    !parse_span(line, &p->span[p->nspans])) {
			store_query_fail(q, FG_ERR_FORMAT);
			return;
		}
		p->nspans++;
	}
}

void
store_row_read(struct store_query *q, struct person *p)
{
	memset(p, 0, sizeof(*p));
	STORE_COLUMN(q, 0, p->user);
	STORE_COLUMN(q, 1, p->name);
	p->kind = (enum person_kind)store_column_int(q, 2, PERSON_KIND_PERSON,
	    PERSON_KIND_VENDOR);
	p->status = (enum person_status)store_column_int(q, 3,
	    PERSON_STATUS_ACTIVE, PERSON_STATUS_REVOKED);
	p->naccounts = STORE_COLUMN_LIST(q, 4, p->account);
	p->ncountries = STORE_COLUMN_LIST(q, 5, p->country);
	STORE_COLUMN(q, 6, p->home);
	p->has_point = store_column_point(q, 7, &p->latitude, &p->longitude);
	p->radius_km = store_column_real(q, 9);
	STORE_COLUMN(q, 10, p->hours);
	read_spans(q, 11, p);
	STORE_COLUMN(q, 12, p->zone);
	p->ngroups = STORE_COLUMN_LIST(q, 13, p->group);
	p->nnetworks = STORE_COLUMN_LIST(q, 14, p->network);
	p->nkeys = STORE_COLUMN_LIST(q, 15, p->key);
	p->valid_from_s = store_column_int(q, 16, INT64_MIN, INT64_MAX);
	p->valid_until_s = store_column_int(q, 17, INT64_MIN, INT64_MAX);
	if (p->user[0] == '\0')
		store_query_fail(q, FG_ERR_FORMAT);
}
