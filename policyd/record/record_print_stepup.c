/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For people: what was asked for, what came of it, and who has vouched for it.
 * As in record_print.c nothing is trusted, and everything may be missing.
 */
#include <string.h>

#include "policyd/record/record_parts.h"
#include "policyd/record/show.h"

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

/* ---- what would be asked ------------------------------------------------ */

/* Records of before have it only in what decided. */
bool
record_is_challenge(const struct json *json)
{
	const struct json *decided = json_get(json, "decided");
	const char *why = json_get_string(decided, "why", "");
	const char *action = strstr(why, " = challenge");

	return json_get(json, "challenge") != NULL ||
	    (action != NULL && strcmp(action, " = challenge") == 0);
}

void
record_print_needs(const struct json *json, FILE *out)
{
	const struct json *needs =
	    json_get(json_get(json, "challenge"), "needs");
	const struct json *need, *methods;
	struct shown a;
	size_t i, k;

	if (json_length(json_get(json_at(needs, 0), "methods")) == 0)
		fputs("a proof", out);
	for (i = 0; i < json_length(needs) && i < SHOW_LIST_MAX; i++) {
		need = json_at(needs, i);
		methods = json_get(need, "methods");
		fputs(i > 0 ? "; and " : "", out);
		for (k = 0; k < json_length(methods) && k < SHOW_LIST_MAX; k++)
			fprintf(out, "%s%s",
			    k == 0				  ? "" :
				json_get_bool(need, "all", false) ? " and " :
								    " or ",
			    show_text(&a, json_string_at(methods, k, "-")));
	}
}

/* "totp (enrolled)", "totp, which alice has not" */
static void
print_asked(const struct json *json, const struct json *o, FILE *out)
{
	bool has = json_get_bool(o, "has", false);
	struct shown a, b;

	fputs(show_member(&a, o, "method", "-"), out);
	if (is(o, "method", "approval"))
		fputs(" (by a second person)", out);
	else if (is(o, "method", "delegate"))
		fputs(" (the module behind the gate asks)", out);
	else if (!has)
		fprintf(out, ", which %s has not",
		    show_member(&b, json, "user", "the user"));
	else
		fputs(is(o, "method", "serial") ? " (recorded)" : " (enrolled)",
		    out);
}

/* Only a what-if has looked at it. */
static void
print_outlook(const struct json *json, FILE *out)
{
	const struct json *c = json_get(json, "challenge");
	const struct json *asked = json_get(c, "asked");
	struct shown a, b, d;
	size_t i;

	if (asked == NULL)
		return;
	fprintf(out, SHOW_LABEL, "challenge");
	if (json_length(asked) == 0)
		fputs("nothing can be asked for: there is no step_up", out);
	for (i = 0; i < json_length(asked) && i < SHOW_LIST_MAX; i++) {
		fputs(i > 0 ? "; " : "", out);
		print_asked(json, json_at(asked, i), out);
	}
	if (json_get_bool(c, "held", false))
		fputs("; held back: no answer counts now", out);
	fprintf(out,
	    "\n" SHOW_LABEL "passed: %s; failed: %s; nobody can be asked: "
	    "%s\n",
	    "then", show_member(&a, c, "passed", "-"),
	    show_member(&b, c, "failed", "-"),
	    show_member(&d, c, "unasked", "-"));
}

void
record_print_stepup(const struct json *json,
    const struct record_context *context, FILE *out)
{
	print_outlook(json, out);
	print_steps(json, context, out);
	print_proof(json, context, out);
	print_ended(json, context, out);
}
