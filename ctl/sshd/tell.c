/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings on standard output. Settings and names are other people's: they are
 * escaped here, and nowhere before.
 */
#include "ctl/sshd/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/text.h"

#define SCOPE_SIZE  1024u
#define PAIRS_SHOWN 3u /* where a finding holds for some pairs only */

/* ---- for whom a finding holds ------------------------------------------ */

/* Add to text, as far as it fits. */
static void __attribute__((format(printf, 3, 4)))
append(char *text, size_t size, const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text + len, size - len, fmt, ap);
	va_end(ap);
}

/*
 * Whether it holds for all cases of the user u from 0, or of the address f, and
 * for no other one.
 */
static bool
is_user(const struct cases *cases, const struct look_finding *f, size_t u)
{
	bool in;

	for (size_t i = 0; i < cases->n; i++) {
		in = cases->v[i].user == cases->users[u];
		if (f->holds[i] != in)
			return false;
	}
	return true;
}

static bool
is_from(const struct cases *cases, const struct look_finding *f, size_t from)
{
	bool in;

	for (size_t i = 0; i < cases->n; i++) {
		in = cases->v[i].from == cases->froms[from];
		if (f->holds[i] != in)
			return false;
	}
	return true;
}

static void
append_pairs(const struct cases *cases, const struct look_finding *f,
    char *text, size_t size)
{
	size_t i, shown = 0;

	for (i = 0; i < cases->n && shown < PAIRS_SHOWN; i++)
		if (f->holds[i])
			append(text, size, "%s%s from %s",
			    shown++ == 0 ? ", for " : ", ", cases->v[i].user,
			    cases->v[i].from);
	if (f->nholds > shown)
		append(text, size, " and %zu more", f->nholds - shown);
}

/* "" if for everybody, else ", for root", ", from 192.0.2.1", ... */
static void
scope_text(const struct cases *cases, const struct look_finding *f,
    char text[SCOPE_SIZE])
{
	size_t i;

	text[0] = '\0';
	if (f->nholds == cases->n)
		return;
	for (i = 0; i < cases->nusers; i++)
		if (is_user(cases, f, i)) {
			append(text, SCOPE_SIZE, ", for %s", cases->users[i]);
			return;
		}
	for (i = 0; i < cases->nfroms; i++)
		if (is_from(cases, f, i)) {
			append(text, SCOPE_SIZE, ", from %s", cases->froms[i]);
			return;
		}
	append_pairs(cases, f, text, SCOPE_SIZE);
}

/* ---- for people -------------------------------------------------------- */

static void
print_finding(const struct cases *cases, const struct look_finding *f)
{
	char scope[SCOPE_SIZE], shown[2 * LOOK_TEXT_SIZE], who[2 * SCOPE_SIZE];

	scope_text(cases, f, scope);
	printf("%s: %s%s: %s\n", look_severity_name(f->severity), f->check,
	    text_escape_utf8(who, sizeof(who), scope, strlen(scope)),
	    text_escape_utf8(shown, sizeof(shown), f->text, strlen(f->text)));
}

static void
print_count(const struct look_findings *findings, enum look_severity severity)
{
	size_t n = look_count(findings, severity);

	printf("%zu %s%s", n, look_severity_name(severity), n == 1 ? "" : "s");
}

static void
print_list(const char *what, char *const *list, size_t n)
{
	char shown[CTL_TEXT_SIZE];

	for (size_t i = 0; i < n; i++)
		printf("%s%s", i == 0 ? what : ", ",
		    text_escape_utf8(shown, sizeof(shown), list[i],
			strlen(list[i])));
}

void
tell_print(const struct tell *tell)
{
	char what[CTL_TEXT_SIZE];

	for (size_t i = 0; i < tell->findings->n; i++)
		print_finding(tell->cases, &tell->findings->v[i]);
	printf("%s: ",
	    text_escape_utf8(what, sizeof(what), tell->what,
		strlen(tell->what)));
	print_count(tell->findings, LOOK_ERROR);
	printf(", ");
	print_count(tell->findings, LOOK_WARNING);
	printf(", ");
	print_count(tell->findings, LOOK_NOTE);
	print_list(" for ", tell->cases->users, tell->cases->nusers);
	print_list(" from ", tell->cases->froms, tell->cases->nfroms);
	printf("%s\n",
	    tell->service == NULL ? "; its PAM stack was not looked at" : "");
}

/* ---- for programs ------------------------------------------------------ */

static void
set_case(struct json *array, const struct look_case *c)
{
	struct json *object = json_add_object(array);

	json_set_untrusted(object, "user", c->user);
	json_set_untrusted(object, "from", c->from);
}

static void
set_finding(struct json *array, const struct cases *cases,
    const struct look_finding *f)
{
	struct json *object = json_add_object(array), *list;

	json_set_string(object, "check", f->check);
	json_set_string(object, "severity", look_severity_name(f->severity));
	json_set_untrusted(object, "text", f->text);
	list = json_set_array(object, "cases");
	for (size_t i = 0; i < cases->n; i++)
		if (f->holds[i])
			set_case(list, &cases->v[i]);
}

static void
set_counts(struct json *json, const struct look_findings *findings)
{
	json_set_int(json, "errors", (int64_t)look_count(findings, LOOK_ERROR));
	json_set_int(json, "warnings",
	    (int64_t)look_count(findings, LOOK_WARNING));
	json_set_int(json, "notes", (int64_t)look_count(findings, LOOK_NOTE));
}

int
tell_print_json(const struct tell *tell)
{
	struct json *json = json_new(), *list;
	size_t i;
	int status;

	json_set_untrusted(json, "sshd", tell->what);
	json_set_untrusted(json, "service", tell->service);
	set_counts(json, tell->findings);
	list = json_set_array(json, "cases");
	for (i = 0; i < tell->cases->n; i++)
		set_case(list, &tell->cases->v[i]);
	list = json_set_array(json, "findings");
	for (i = 0; i < tell->findings->n; i++)
		set_finding(list, tell->cases, &tell->findings->v[i]);
	status = ctl_print_json(json);
	json_free(json);
	return status;
}
