/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report: one pass over the records, then each part adds its items. It is
 * kept as the object that --json prints, so that both forms say the same.
 */
#include "ctl/readiness/readiness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/pam/stack.h"
#include "ctl/readiness/readiness_parts.h"
#include "ctl/wtmp.h"
#include "policyd/conf.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- items ------------------------------------------------------------- */

const char *
readiness_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static struct json *__attribute__((format(printf, 3, 0)))
add(struct json *list, const char *kind, const char *fmt, va_list ap)
{
	struct json *o = json_add_object(list);
	char text[READINESS_TEXT_SIZE];

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	json_set_string(o, "kind", kind);
	json_set_untrusted(o, "text", text);
	return o;
}

struct json *
readiness_item(struct readiness *r, const char *kind, const char *fix,
    const char *fmt, ...)
{
	struct json *o;
	va_list ap;

	va_start(ap, fmt);
	o = add(r->items, kind, fmt, ap);
	va_end(ap);
	json_set_given(o, "fix", fix);
	r->count++;
	return o;
}

struct json *
readiness_note(struct readiness *r, const char *kind, const char *fmt, ...)
{
	struct json *o;
	va_list ap;

	va_start(ap, fmt);
	o = add(r->notes, kind, fmt, ap);
	va_end(ap);
	return o;
}

/* ---- records ----------------------------------------------------------- */

bool
readiness_wants(const struct readiness *r, const char *service)
{
	size_t i;

	for (i = 0; i < r->o->nservices; i++)
		if (strcmp(r->o->services[i], service) == 0)
			return true;
	return r->o->nservices == 0;
}

static void
count_decision(struct readiness *r, const char *service, int64_t at_s)
{
	size_t i;

	if (r->decisions++ == 0 || at_s < r->first_s)
		r->first_s = at_s;
	if (at_s > r->last_s)
		r->last_s = at_s;
	for (i = 0; i < r->nservices; i++)
		if (strcmp(r->services[i].name, service) == 0)
			r->services[i].decisions++;
}

static int
take(const struct record *record, void *arg)
{
	const char *service = json_get_string(record->json, "service", "");
	struct readiness *r = arg;

	if (r->has_terminals)
		terminals_take(&r->terminals, record);
	if (record->event != RECORD_DECISION || !readiness_wants(r, service))
		return CTL_OK;
	count_decision(r, service, record->at_s);
	if (refused_take(&r->refused, record) == 0 &&
	    accounts_take(&r->accounts, record) == 0)
		return CTL_OK;
	ctl_complain("readiness: out of memory");
	return CTL_ERROR;
}

static void
note_files(struct readiness *r, const struct records *records)
{
	if (records->foreign > 0)
		readiness_note(r, "records",
		    "%llu line%s passed over, as no record%s of the audit log",
		    (unsigned long long)records->foreign,
		    records->foreign == 1 ? " is" : "s are",
		    readiness_plural(records->foreign));
}

static int
read_records(struct readiness *r)
{
	struct records records = { .files = r->o->audits,
		.nfiles = r->o->naudits,
		.config = r->o->config,
		.since_s = r->o->since_s };
	int status;

	if ((status = records_each(&records, take, r)) != CTL_OK)
		return status;
	note_files(r, &records);
	refused_rank(&r->refused);
	return CTL_OK;
}

/* What was named has to be there; what is usual need not. */
static int
read_terminals(struct readiness *r)
{
	const char *path = r->o->wtmp != NULL ? r->o->wtmp : WTMP_FILE;
	int e;

	if (!readiness_wants(r, "sshd"))
		return CTL_OK;
	e = terminals_read(&r->terminals, path, r->o->since_s);
	r->has_terminals = e == 0;
	if (e == 0)
		return CTL_OK;
	if (e == FG_ERR_SYSTEM && r->o->wtmp == NULL) {
		readiness_note(r, "login",
		    "%s: %s: whether the gate was passed by is not known", path,
		    text_error(e));
		return CTL_OK;
	}
	ctl_complain("readiness: %s: %s", path, text_error(e));
	return CTL_ERROR;
}

/* ---- the report -------------------------------------------------------- */

static int
begin(struct readiness *r)
{
	r->json = json_new();
	json_set_int(r->json, "since", r->o->since_s);
	r->items = json_set_array(r->json, "items");
	r->notes = json_set_array(r->json, "notes");
	return readiness_list_services(r);
}

static void
end(struct readiness *r)
{
	json_set_int(r->json, "decisions", (int64_t)r->decisions);
	if (r->decisions > 0) {
		json_set_int(r->json, "first", r->first_s);
		json_set_int(r->json, "last", r->last_s);
	}
	json_set_int(r->json, "count", (int64_t)r->count);
	json_set_bool(r->json, "ready", r->count == 0);
	r->o = NULL;
}

static void
set_options(struct readiness *r, const struct readiness_options *o)
{
	r->options = *o;
	r->o = &r->options;
	if (o->config == NULL)
		r->options.config = CONF_FILE;
	if (o->confdir == NULL)
		r->options.confdir = STACK_CONFDIR;
	if (o->since_s == 0)
		r->options.since_s = (int64_t)time(NULL) -
		    (int64_t)READINESS_SINCE_D * CIVIL_DAY_S;
}

int
readiness_collect(const struct ctl *ctl, const struct readiness_options *o,
    struct readiness **ret_readiness)
{
	struct readiness *r = calloc(1, sizeof(*r));
	int status = CTL_ERROR;

	*ret_readiness = NULL;
	if (r == NULL) {
		ctl_complain("readiness: out of memory");
		return CTL_ERROR;
	}
	r->ctl = ctl;
	set_options(r, o);
	if ((status = begin(r)) != CTL_OK ||
	    (status = read_terminals(r)) != CTL_OK ||
	    (status = read_records(r)) != CTL_OK)
		goto out;
	readiness_period(r);
	readiness_settle(r);
	readiness_refused(r);
	readiness_status(r);
	readiness_accounts(r);
	readiness_factors(r);
	readiness_sshd(r);
	readiness_terminals(r);
	end(r);
	*ret_readiness = r;
	r = NULL;
out:
	readiness_free(r);
	return status;
}

size_t
readiness_count(const struct readiness *readiness)
{
	return readiness->count;
}

int
readiness_print(const struct readiness *r)
{
	char text[CTL_TEXT_SIZE];
	const struct json *o;
	size_t i;

	for (i = 0; i < json_length(r->items); i++) {
		o = json_at(r->items, i);
		printf("%zu. %s\n", i + 1, ctl_text(o, "text", "", text));
		if (json_get_string(o, "fix", "")[0] != '\0')
			printf("   fix: %s\n", ctl_text(o, "fix", "", text));
	}
	for (i = 0; i < json_length(r->notes); i++)
		printf("note: %s\n",
		    ctl_text(json_at(r->notes, i), "text", "", text));
	printf("%zu item%s; %s\n", r->count, readiness_plural(r->count),
	    r->count == 0 ? "ready" : "not ready");
	return CTL_OK;
}

int
readiness_print_json(const struct readiness *r)
{
	return ctl_print_json(r->json);
}

void
readiness_free(struct readiness *r)
{
	if (r == NULL)
		return;
	json_free(r->json);
	json_free(r->status);
	refused_done(&r->refused);
	accounts_done(&r->accounts);
	terminals_done(&r->terminals);
	while (r->nservices > 0)
		free(r->services[--r->nservices].name);
	free(r->services);
	free(r);
}
