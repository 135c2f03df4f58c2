/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What queries and columns of several tables have in common. A column is
 * checked before it is written, so that it can be read back, and after it was
 * read.
 */
#include <string.h>

#include "policyd/store/store_history.h"
#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SOURCE_BYTES 8u /* of an IPv6 address: its /64 */

int
store_query_found(struct store_query *q, int found)
{
	int r = store_query_end(q);

	return r != 0 ? r : found;
}

int
store_query_any(struct store_query *q, bool *ret_any)
{
	*ret_any = false;
	if (store_query_next(q) == 0)
		*ret_any = store_column_int(q, 0, 0, 1) != 0;
	return store_query_end(q);
}

void
store_column_text(struct store_query *q, int n, char *buf, size_t size)
{
	if (text_copy(buf, size, store_column_text_direct(q, n)) != 0) {
		store_query_fail(q, FG_ERR_FORMAT);
		buf[0] = '\0';
	}
}

/* ---- lists in a column ------------------------------------------------- */

int
store_list_join(const struct store_list *list, char *buf)
{
	size_t i, len;
	const char *s;

	*buf = '\0';
	if (list->n > list->max)
		return FG_ERR_LIMIT;
	for (i = 0; i < list->n; i++) {
		s = list->first + i * list->size;
		len = strnlen(s, list->size);
		if (len == 0 || len == list->size ||
		    memchr(s, '\n', len) != NULL)
			return FG_ERR_FORMAT;
		if (i > 0)
			*buf++ = '\n';
		memcpy(buf, s, len + 1);
		buf += len;
	}
	return 0;
}

bool
store_column_line(struct store_query *q, const char **text, char *buf,
    size_t size)
{
	size_t len = strcspn(*text, "\n");

	if (**text == '\0')
		return false;
	if (len == 0 || len >= size) {
		store_query_fail(q, FG_ERR_FORMAT);
		return false;
	}
	memcpy(buf, *text, len);
	buf[len] = '\0';
	*text += len;
	if (**text == '\n' && *++*text == '\0')
		store_query_fail(q, FG_ERR_FORMAT); /* nothing follows */
	return true;
}

size_t
store_column_list(struct store_query *q, int n, char *first, size_t size,
    size_t max)
{
	const char *text = store_column_text_direct(q, n);
	size_t i;

	for (i = 0; i < max; i++)
		if (!store_column_line(q, &text, first + i * size, size))
			return i;
	if (*text != '\0')
		store_query_fail(q, FG_ERR_FORMAT);
	return i;
}

/* ---- what a value looks like ------------------------------------------- */

bool
store_column_point(struct store_query *q, int n, double *ret_latitude,
    double *ret_longitude)
{
	*ret_latitude = *ret_longitude = 0;
	if (store_column_is_null(q, n) && store_column_is_null(q, n + 1))
		return false;
	*ret_latitude = store_column_real(q, n);
	*ret_longitude = store_column_real(q, n + 1);
	return true;
}

bool
store_ends(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

bool
store_is_country(const char country[3])
{
	return country[0] == '\0' || (country[1] != '\0' && country[2] == '\0');
}

int
store_addr_text(const struct addr *addr, char buf[ADDR_TEXT_SIZE])
{
	struct addr back;

	buf[0] = '\0';
	if (!store_ends(addr->zone, sizeof(addr->zone)) ||
	    addr_parse(addr_text(addr, buf), &back) != 0 ||
	    memcmp(back.b, addr->b, ADDR_SIZE) != 0)
		return FG_ERR_FORMAT;
	return 0;
}

void
store_source_text(const struct addr *addr, char buf[ADDR_TEXT_SIZE])
{
	struct addr source = { { 0 }, "" }, inner;

	/* One /64 holds all of IPv4 there. */
	if (addr_classify(addr) == ADDR_NAT64 &&
	    addr_embedded(addr, &inner) == 0)
		addr = &inner;
	memcpy(source.b, addr->b,
	    addr_is_v4(addr) ? sizeof(source.b) : SOURCE_BYTES);
	(void)addr_text(&source, buf);
}

void
store_column_addr(struct store_query *q, int n, struct addr *ret_addr)
{
	const char *text = store_column_text_direct(q, n);

	if (addr_parse(text, ret_addr) != 0)
		store_query_fail(q, FG_ERR_FORMAT);
}

void
store_column_country(struct store_query *q, int n, char ret_country[3])
{
	store_column_text(q, n, ret_country, 3);
	if (!store_is_country(ret_country))
		store_query_fail(q, FG_ERR_FORMAT);
}
