/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People are named as this host knows them; times are UTC.
 */
#include "ctl/report/said.h"

#include <stdio.h>
#include <stdlib.h>

#include "ctl/ctl.h"
#include "policyd/people/civil.h"
#include "policyd/record/record.h"
#include "policyd/record/show.h"
#include "policyd/text.h"

/* Whatever is printed, for people; what is too long is cut. */
static const char *
printed(void (*print)(const struct json *json, FILE *out),
    const struct json *json, char *buf, size_t size)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	buf[0] = '\0';
	if ((out = open_memstream(&text, &len)) == NULL)
		return buf;
	print(json, out);
	if (fclose(out) == 0)
		(void)text_copy(buf, size, text);
	free(text);
	return buf;
}

static void
print_by(const struct json *by, FILE *out)
{
	struct record_context context = { .name = ctl_name_of };

	record_print_by(by, &context, out);
}

const char *
said_by(const struct json *record, char *buf, size_t size)
{
	return printed(print_by, json_get(record, "by"), buf, size);
}

const char *
said_list(const struct json *list, char *buf, size_t size)
{
	if (json_length(list) == 0)
		(void)text_copy(buf, size, "-");
	else
		(void)printed(show_list, list, buf, size);
	return buf;
}

const char *
said_time(int64_t at_s, char buf[SAID_TIME_SIZE])
{
	struct tm tm;

	at_s = at_s < CIVIL_FIRST_S ? CIVIL_FIRST_S : at_s;
	at_s = at_s >= CIVIL_END_S ? CIVIL_END_S - 1 : at_s;
	civil_time(at_s, &tm);
	if (strftime(buf, SAID_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		buf[0] = '\0';
	return buf;
}
