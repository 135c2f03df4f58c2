/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For people: what was asked for, what came of it, and who has vouched for it.
 * As in record_print.c nothing is trusted, and everything may be missing.
 */
#include <string.h>

#include "policyd/audit/record_parts.h"
#include "policyd/audit/show.h"

static bool
is(const struct json *json, const char *key, const char *value)
{
	return strcmp(json_get_string(json, key, ""), value) == 0;
}

/* Whose word it was, as of which request. */
static void
print_word(const struct json *step, const struct record_context *context,
    FILE *out)
{
	const struct json *by = json_get(step, "by");
	struct shown a;

	if (by == NULL)
		return;
	fputs(", by ", out);
	record_print_by(by, context, out);
	if (show_has(step, "request"))
		fprintf(out, ", request %s",
		    show_member(&a, step, "request", ""));
}

static void
print_steps(const struct json *json, const struct record_context *context,
    FILE *out)
{
	const struct json *list = json_get(json, "step_up"), *o;
	size_t n = json_length(list);
	struct shown a;

	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++) {
		o = json_at(list, i);
		fprintf(out, SHOW_LABEL "%s ", i == 0 ? "step-up" : "",
		    show_member(&a, o, "method", "-"));
		fputs(show_member(&a, o, "result", "-"), out);
		if (show_has(o, "why"))
			fprintf(out, ": %s", show_member(&a, o, "why", ""));
		print_word(o, context, out);
		fputc('\n', out);
	}
}

/* By whom one of the methods was vouched for, if that is known. */
static void
print_voucher(const char *method, const struct record_context *context,
    FILE *out)
{
	const struct json *list, *o;
	size_t i;

	if (context == NULL)
		return;
	list = json_get(context->step_up, "step_up");
	for (i = 0; i < json_length(list) && i < SHOW_LIST_MAX; i++) {
		o = json_at(list, i);
		if (json_get(o, "by") == NULL || !is(o, "method", method))
			continue;
		fputs(" by ", out);
		record_print_by(json_get(o, "by"), context, out);
	}
}

/* "by the step-up 7F3K-Q2MN: totp, approval by carol (uid 1003)" */
static void
print_proof(const struct json *json, const struct record_context *context,
    FILE *out)
{
	const struct json *proof = json_get(json, "proof"), *methods;
	struct shown a;
	size_t i;

	if (proof == NULL)
		return;
	fprintf(out, SHOW_LABEL "by the step-up %s", "proof",
	    show_member(&a, proof, "ref", "-"));
	methods = json_get(proof, "methods");
	for (i = 0; i < json_length(methods) && i < SHOW_LIST_MAX; i++) {
		const char *method = json_string_at(methods, i, "-");

		fprintf(out, "%s %s", i == 0 ? ":" : ",",
		    show_text(&a, method));
		print_voucher(method, context, out);
	}
	fputc('\n', out);
}

/* What passed, or was handed over, is not how the login ended. */
static void
print_ended(const struct json *json, const struct record_context *context,
    FILE *out)
{
	bool is_delegated = is(json, "verdict", "delegate");
	struct shown a, b, c;

	if (context == NULL || !context->looked || !is(json, "phase", "auth") ||
	    (!is_delegated && !is(json, "verdict", "allow")))
		return;
	if (context->relying != NULL)
		fprintf(out, SHOW_LABEL "%s in %s, see %s\n", "ended",
		    show_member(&a, context->relying, "verdict", "-"),
		    show_member(&b, context->relying, "phase", "-"),
		    show_member(&c, context->relying, "ref", "-"));
	else
		fprintf(out, SHOW_LABEL "no record here relies on it: %s\n",
		    "ended",
		    is_delegated ?
			"the module behind the gate was not content, or the "
			"user went away" :
			"the login came no further");
}

void
record_print_stepup(const struct json *json,
    const struct record_context *context, FILE *out)
{
	print_steps(json, context, out);
	print_proof(json, context, out);
	print_ended(json, context, out);
}
