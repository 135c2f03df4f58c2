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
