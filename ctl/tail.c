/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of the audit file, as far back as is worth it. It may hold anything:
 * a line that is no record is passed over.
 */
#include "ctl/tail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/audit/audit.h"

static const char decision_event[] = "decision", open_event[] = "open";

/* ---- what was found ---------------------------------------------------- */

static bool
is_event(const struct json *record, const char *event)
{
	return strcmp(json_get_string(record, "event", ""), event) == 0;
}

static void
drop(struct tail_login *login)
{
	json_free(login->record);
	json_free(login->decision);
}

/* Takes record. */
static void
keep(struct tail *tail, struct json *record)
{
	if (tail->count == TAIL_LOGINS) {
		drop(&tail->list[0]);
		memmove(&tail->list[0], &tail->list[1],
		    (TAIL_LOGINS - 1) * sizeof(tail->list[0]));
		tail->count--;
	}
	tail->list[tail->count++] = (struct tail_login){ .record = record };
}

/* The one with the reference of record. */
static struct tail_login *
find(struct tail *tail, const struct json *record)
{
	const char *ref = json_get_string(record, "ref", "");
	size_t i;

	for (i = 0; i < tail->count; i++)
		if (strcmp(json_get_string(tail->list[i].record, "ref", ""),
			ref) == 0)
			return &tail->list[i];
	return NULL;
}

void
tail_free(struct tail *tail)
{
	while (tail->count > 0)
		drop(&tail->list[--tail->count]);
}

const struct json *
tail_decision(const struct tail_login *login)
{
	return is_event(login->record, open_event) ? login->decision :
						     login->record;
}

/* ---- the file ---------------------------------------------------------- */

/* To the first whole line of the part that is looked at. */
static void
begin(FILE *in)
{
	int c;

	if (fseek(in, -(long)TAIL_BYTES, SEEK_END) != 0) {
		rewind(in);
		return;
	}
	while ((c = getc(in)) != EOF && c != '\n')
		continue;
}

/* Half of the file's lines would be parsed otherwise. */
static bool
may_be(const char *line, const char *event)
{
	char member[32];

	(void)snprintf(member, sizeof(member), "\"event\":\"%s\"", event);
	return strstr(line, member) != NULL;
}

/* The next record of one of the events (the second may be NULL), or NULL. */
static struct json *
next(FILE *in, const char *event, const char *other)
{
	static char line[AUDIT_LINE_MAX + 1];
	struct json *record;

	while (fgets(line, sizeof(line), in) != NULL) {
		if (!may_be(line, event) &&
		    (other == NULL || !may_be(line, other)))
			continue;
		record = json_parse(line, strlen(line));
		if (record != NULL &&
		    (is_event(record, event) ||
			(other != NULL && is_event(record, other))))
			return record;
		json_free(record);
	}
	return NULL;
}

/* A session of a login that is there already says nothing new. */
static void
find_logins(FILE *in, tail_fn wanted, void *arg, struct tail *tail)
{
	struct json *record;

	begin(in);
	while ((record = next(in, decision_event, open_event)) != NULL)
		if (wanted(record, arg) &&
		    (is_event(record, decision_event) ||
			find(tail, record) == NULL))
			keep(tail, record);
		else
			json_free(record);
}

/* Where those came from whose records do not say so. */
static void
find_decisions(FILE *in, struct tail *tail)
{
	struct tail_login *login;
	struct json *record;
	size_t i, missing = 0;

	for (i = 0; i < tail->count; i++)
		missing += tail_decision(&tail->list[i]) == NULL;
	begin(in);
	while (missing > 0 &&
	    (record = next(in, decision_event, NULL)) != NULL) {
		login = find(tail, record);
		if (login == NULL || tail_decision(login) != NULL) {
			json_free(record);
			continue;
		}
		login->decision = record;
		missing--;
	}
}

void
tail_read(const char *path, tail_fn wanted, void *arg, struct tail *ret_tail)
{
	const char *why;
	FILE *in;

	memset(ret_tail, 0, sizeof(*ret_tail));
	if ((in = ctl_open_audit(path, &why)) == NULL) {
		ctl_complain("person: %s: %s: the last logins are not known",
		    path, why);
		return;
	}
	ret_tail->known = true;
	find_logins(in, wanted, arg, ret_tail);
	find_decisions(in, ret_tail);
	(void)fclose(in); /* only read */
}
