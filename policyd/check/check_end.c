/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places and spans of time in words. Numbers and names that are safe come
 * first: what does not fit into a finding is cut at its end.
 */
#include "policyd/check/check_end.h"

#include <string.h>

#include "policyd/text.h"

/* Behind the others, in their braces. */
static void
add_part(char buf[CHECK_END_SIZE], const char *part)
{
	size_t len = strlen(buf);
	bool first = len == 0 || buf[len - 1] != ')';

	if (!first)
		len--;
	(void)text_format(buf + len, CHECK_END_SIZE - len, "%s%s)",
	    first ? " (" : ", ", part);
}

const char *
check_end_text(const struct fact_origin *origin, const struct fact_where *where,
    char buf[CHECK_END_SIZE])
{
	char addr[ADDR_TEXT_SIZE], asn[16];

	(void)text_copy(buf, CHECK_END_SIZE,
	    origin->kind == ORIGIN_ADDRESS ? addr_text(&origin->addr, addr) :
					     origin_kind_name(origin->kind));
	if (where->country[0] != '\0')
		add_part(buf, where->country);
	if (where->asn != 0) {
		(void)text_format(asn, sizeof(asn), "AS%lu",
		    (unsigned long)where->asn);
		add_part(buf, asn);
	}
	if (where->network[0] != '\0')
		add_part(buf, where->network);
	return buf;
}

static void
put_units(char buf[CHECK_SPAN_SIZE], long long n, const char *unit,
    long long rest, const char *smaller)
{
	if (rest == 0)
		(void)text_format(buf, CHECK_SPAN_SIZE, "%lld %s", n, unit);
	else
		(void)text_format(buf, CHECK_SPAN_SIZE, "%lld %s %lld %s", n,
		    unit, rest, smaller);
}

const char *
check_span_text(int64_t seconds, char buf[CHECK_SPAN_SIZE])
{
	long long s = seconds < 0 ? 0 : seconds;

	if (s < 60)
		put_units(buf, s, "s", 0, "");
	else if (s < 3600)
		put_units(buf, s / 60, "min", 0, "");
	else if (s < 86400)
		put_units(buf, s / 3600, "h", s / 60 % 60, "min");
	else
		put_units(buf, s / 86400, "d", s / 3600 % 24, "h");
	return buf;
}

void
check_end_add(struct check_source *source, const struct fact_other *other,
    bool device, int64_t now_s)
{
	char end[CHECK_END_SIZE], span[CHECK_SPAN_SIZE];

	device = device && other->device[0] != '\0';
	check_source_add(source, "%s by %s from %s%s%s, %s%s", other->ref,
	    other->service, check_end_text(&other->origin, &other->where, end),
	    device ? " with " : "", device ? other->device : "",
	    other->reserved ? "being opened" :
			      check_span_text(now_s - other->since_s, span),
	    other->reserved ? "" : " ago");
}
