/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting. One example a person is kept, the first, with what it takes to
 * understand it.
 */
#include "ctl/replay/sums.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"

struct sums *
sums_new(void)
{
	struct sums *sums = calloc(1, sizeof(*sums));

	if (sums == NULL)
		return NULL;
	sums->first_s = INT64_MAX;
	sums->person = calloc(NAMES_MAX, sizeof(*sums->person));
	if (sums->person == NULL) {
		free(sums);
		return NULL;
	}
	return sums;
}

static void
free_example(struct sums_example *e)
{
	if (e == NULL)
		return;
	free(e->where);
	free(e->user);
	free(e->from);
	free(e->service);
	free(e->is_why);
	free(e->is_text);
	free(e->was_why);
	free(e->next);
	free(e);
}

void
sums_free(struct sums *sums)
{
	if (sums == NULL)
		return;
	for (size_t i = 0; i < NAMES_MAX; i++)
		free_example(sums->person[i].example);
	free(sums->person);
	free(sums);
}

/* ---- rows -------------------------------------------------------------- */

/* A new one, or NULL without room. */
static struct sums_row *
add_row(struct sums_rows *rows)
{
	if (rows->n == SUMS_ROWS_MAX) {
		rows->lost = true;
		return NULL;
	}
	return &rows->row[rows->n++];
}

static void
count(struct sums_rows *rows, const char *name, size_t by, uint64_t times)
{
	struct sums_row *row = NULL;

	for (size_t i = 0; i < rows->n && row == NULL; i++)
		if (rows->row[i].code == FINDING_NONE &&
		    strcmp(rows->row[i].name, name) == 0)
			row = &rows->row[i];
	if (row == NULL && (row = add_row(rows)) != NULL)
		(void)text_copy(row->name, SUMS_NAME_SIZE, name);
	if (row != NULL)
		row->by[by] += times;
}

/* The same, and its name is only written once. */
static void
count_finding(struct sums_rows *rows, const struct finding *f, size_t by,
    uint64_t times)
{
	struct sums_row *row = NULL;

	for (size_t i = 0; i < rows->n && row == NULL; i++)
		if (rows->row[i].code == f->code &&
		    strcmp(rows->row[i].grade, f->grade) == 0)
			row = &rows->row[i];
	if (row == NULL && (row = add_row(rows)) != NULL) {
		row->code = f->code;
		memcpy(row->grade, f->grade, sizeof(row->grade));
		(void)finding_name(f->code, f->grade, row->name);
	}
	if (row != NULL)
		row->by[by] += times;
}

static void
count_decided(struct sums_rows *rows, const struct decision *d, size_t by,
    uint64_t times)
{
	char name[SUMS_NAME_SIZE] = "nothing that is known";

	switch (d->by) {
	case DECIDED_BY_FINDING:
		count_finding(rows, &d->findings.list[d->index], by, times);
		return;
	case DECIDED_BY_COMBINATION:
		(void)text_format(name, sizeof(name), "combination %s",
		    d->policy->combinations[d->index].name);
		break;
	case DECIDED_BY_FAILURE:
		(void)text_format(name, sizeof(name), "failure %s",
		    failure_info(d->failure)->name);
		break;
	case DECIDED_NONE:
	case DECIDED_BY_POLICY:
	case DECIDED_BY_EXEMPTION:
		break;
	}
	count(rows, name, by, times);
}

/* Each finding of a login counts once for its kind. */
static void
count_findings(struct sums *sums, const struct decision *d, uint64_t times)
{
	const struct finding *f, *before;
	size_t i, k;

	for (i = 0; i < d->findings.count; i++) {
		f = &d->findings.list[i];
		for (k = 0; k < i; k++) {
			before = &d->findings.list[k];
			if (before->code == f->code &&
			    strcmp(before->grade, f->grade) == 0)
				break;
		}
		if (k == i)
			count_finding(&sums->findings, f,
			    (size_t)d->applied[i].action, times);
	}
}

/* ---- an example -------------------------------------------------------- */

const char *
sums_text_of(const struct decision *d)
{
	return d->by == DECIDED_BY_FINDING ? d->findings.list[d->index].text :
					     "";
}

static char *
where_of(const struct past_login *login)
{
	char text[4096 + 32];

	if (login->ref[0] != '\0')
		return strdup(login->ref);
	(void)text_format(text, sizeof(text), "%s:%llu", login->file,
	    (unsigned long long)login->line);
	return strdup(text);
}

static struct sums_example *
make_example(const struct judge *judge, const struct past_login *login,
    enum judgement is, const struct sums_before *before)
{
	const struct decision *d = judge_decision(judge);
	char why[DECIDE_WHY_SIZE], next[DECIDE_NEXT_SIZE];
	struct sums_example *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->at_s = login->at_s;
	e->is = is;
	e->was = before->judgement;
	e->where = where_of(login);
	e->user = strdup(login->user);
	e->from = strdup(login->from);
	e->service = strdup(login->service);
	e->is_why = strdup(decide_why(d, judge_conf(judge), why));
	e->is_text = strdup(sums_text_of(d));
	e->was_why = strdup(before->why);
	e->next = strdup(decide_next_of(d, judge_facts(judge), NULL, next));
	if (e->where == NULL || e->user == NULL || e->from == NULL ||
	    e->service == NULL || e->is_why == NULL || e->is_text == NULL ||
	    e->was_why == NULL || e->next == NULL) {
		free_example(e);
		return NULL;
	}
	return e;
}

/* ---- all of it --------------------------------------------------------- */

static void
take_person(struct sums *sums, const struct judge *judge,
    const struct past_login *login, enum judgement is,
    const struct sums_before *before)
{
	bool flips = is != before->judgement;
	struct sums_person *person;

	if (judge_who(judge) == NAMES_NONE) {
		sums->nobodys += flips ? login->times : 0;
		return;
	}
	person = &sums->person[judge_who(judge)];
	sums->people += person->logins == 0 ? 1 : 0;
	person->logins += login->times;
	if (!flips)
		return;
	person->flips += login->times;
	person->flip[before->judgement][is] += login->times;
	if (person->example == NULL)
		person->example = make_example(judge, login, is, before);
}

void
sums_take(struct sums *sums, const struct judge *judge,
    const struct past_login *login, enum judgement is,
    const struct sums_before *before)
{
	const struct decision *d = judge_decision(judge);

	sums->logins += login->times;
	if (login->at_s < sums->first_s)
		sums->first_s = login->at_s;
	if (login->at_s > sums->last_s)
		sums->last_s = login->at_s;
	sums->is[is] += login->times;
	sums->was[before->judgement] += login->times;
	if (is != before->judgement) {
		sums->flips += login->times;
		sums->flip[before->judgement][is] += login->times;
	}
	count(&sums->policies,
	    d->would == FG_VERDICT_EXEMPT ? "(exempt)" :
		d->policy == NULL	  ? "(none)" :
					    d->policy->name,
	    (size_t)is, login->times);
	count_findings(sums, d, login->times);
	if (is != JUDGED_ALLOW)
		count_decided(&sums->decided, d, (size_t)is, login->times);
	take_person(sums, judge, login, is, before);
}
