/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of the audit file, read backwards only as far as is worth it. It may
 * hold anything: a line that is no record is passed over.
 */
#include "ctl/tail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/audit/audit.h"

/* Takes record. */
static void
tail_keep(struct tail *tail, struct json *record)
{
	if (tail->count == TAIL_DECISIONS) {
		json_free(tail->list[0]);
		memmove(&tail->list[0], &tail->list[1],
		    (TAIL_DECISIONS - 1) * sizeof(tail->list[0]));
		tail->count--;
	}
	tail->list[tail->count++] = record;
}

void
tail_free(struct tail *tail)
{
	while (tail->count > 0)
		json_free(tail->list[--tail->count]);
}

/* Half of the file's lines would be parsed otherwise. */
static bool
tail_may_be(const char *line)
{
	return strstr(line, "\"event\":\"decision\"") != NULL;
}

static void
tail_scan(FILE *in, bool (*wanted)(const char *user, void *arg), void *arg,
    struct tail *tail)
{
	static char line[AUDIT_LINE_MAX + 1];
	struct json *record;
	size_t len;

	while (fgets(line, sizeof(line), in) != NULL) {
		len = strlen(line);
		if (!tail_may_be(line) ||
		    (record = json_parse(line, len)) == NULL)
			continue;
		if (strcmp(json_get_string(record, "event", ""), "decision") ==
			0 &&
		    wanted(json_get_string(record, "user", ""), arg))
			tail_keep(tail, record);
		else
			json_free(record);
	}
}

void
tail_read(const char *path, bool (*wanted)(const char *user, void *arg),
    void *arg, struct tail *ret_tail)
{
	FILE *in;
	int c;

	memset(ret_tail, 0, sizeof(*ret_tail));
	if ((in = fopen(path, "re")) == NULL) {
		ctl_complain("person: %s: %m%s: the last decisions are not "
			     "known",
		    path,
		    errno == EACCES ? "; use sudo, or join the file's group" :
				      "");
		return;
	}
	if (fseek(in, -(long)TAIL_BYTES, SEEK_END) == 0)
		while ((c = getc(in)) != EOF && c != '\n')
			continue;
	else
		rewind(in);
	tail_scan(in, wanted, arg, ret_tail);
	(void)fclose(in); /* only read */
}
