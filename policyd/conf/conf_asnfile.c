/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of autonomous systems, from the configuration and from lists: one a
 * line, "AS64500" or "64500", and behind it whatever its author wrote.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/text.h"

#define FIRST_ROOM 64u

static const char no_number[] =
    "is no number of an autonomous system; write one such as AS64500, from "
    "AS1 to AS4294967295";

uint32_t
conf_value_asn(const char *text)
{
	uint64_t number;

	if (strncasecmp(text, "AS", 2) == 0)
		text += 2;
	if (text_parse_uint(text, 1, UINT32_MAX, &number) != 0)
		return 0;
	return (uint32_t)number;
}

static void
add_number(struct conf_reader *reader, struct conf_asns *asns, uint32_t number)
{
	size_t room = asns->room == 0 ? FIRST_ROOM : 2 * asns->room;
	uint32_t *grown;

	if (asns->nsorted == asns->room) {
		grown = reallocarray(asns->sorted, room, sizeof(*grown));
		if (grown == NULL) {
			reader->nomem = true;
			return;
		}
		asns->sorted = grown;
		asns->room = room;
	}
	asns->sorted[asns->nsorted++] = number;
}

void
conf_asnfile_number(struct conf_reader *reader, const struct conf_value *v,
    struct conf_asns *asns)
{
	uint32_t number = conf_value_asn(v->text);

	if (number != 0)
		add_number(reader, asns, number);
	else
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\" %s", v->text, no_number);
}

/* A quoted column, or all up to the first byte that is in none. */
const char *
conf_asnfile_line(struct conf_list *list, char *line, const char **entry)
{
	bool columns;
	uint32_t number;
	size_t len;

	if (line[0] == '#' || line[0] == ';' || strncmp(line, "//", 2) == 0)
		return NULL;
	if (line[0] == '"')
		line++;
	len = strcspn(line, " \t,;#\"");
	columns = strchr(line + len, ',') != NULL;
	line[len] = '\0';
	*entry = line;
	if (list->entries == 0 && !list->headed && columns &&
	    strcasecmp(line, "asn") == 0) {
		list->headed = true;
		return NULL;
	}
	list->entries++;
	if ((number = conf_value_asn(line)) == 0)
		return no_number;
	add_number(list->reader, list->into, number);
	return NULL;
}

static int
compare_numbers(const void *a, const void *b)
{
	const uint32_t *na = a, *nb = b;

	return (*na > *nb) - (*na < *nb);
}

void
conf_asnfile_seal(struct conf_asns *asns)
{
	size_t i, n = 0;

	if (asns->nsorted == 0)
		return;
	qsort(asns->sorted, asns->nsorted, sizeof(*asns->sorted),
	    compare_numbers);
	for (i = 1; i < asns->nsorted; i++)
		if (asns->sorted[i] != asns->sorted[n])
			asns->sorted[++n] = asns->sorted[i];
	asns->nsorted = n + 1;
}

bool
conf_asns_has(const struct conf_asns *asns, uint32_t number)
{
	return asns->nsorted > 0 &&
	    bsearch(&number, asns->sorted, asns->nsorted, sizeof(*asns->sorted),
		compare_numbers) != NULL;
}
