/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of a step-up. It knows no method from the inside, and no clock.
 */
#include "policyd/stepup/stepup.h"

#include <string.h>

static bool
is_planned(const struct stepup *s, enum method method)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->steps[i].method == method)
			return true;
	return false;
}

static void
plan_method(struct stepup *s, enum method method)
{
	if (!is_planned(s, method))
		s->steps[s->n++].method = method;
}

static void
plan_need(const struct methods *need, stepup_has_fn has, void *arg,
    struct stepup *s)
{
	size_t i;

	for (i = 0; i < need->n; i++) {
		if (need->all)
			plan_method(s, need->list[i]);
		else if (is_planned(s, need->list[i]))
			return; /* it answers this as well */
	}
	for (i = 0; !need->all && i < need->n; i++)
		if (has(need->list[i], arg)) {
			plan_method(s, need->list[i]);
			return;
		}
	if (!need->all && need->n > 0)
		plan_method(s, need->list[0]);
}

static void
put_last(struct stepup *s, enum method method)
{
	struct stepup_step step;
	size_t i;

	for (i = 0; i + 1 < s->n; i++)
		if (s->steps[i].method == method) {
			step = s->steps[i];
			s->steps[i] = s->steps[i + 1];
			s->steps[i + 1] = step;
		}
}

/* Of a plan of which nothing was asked for yet. */
static void
put_first(struct stepup *s, enum method method)
{
	struct stepup_step step;
	size_t i;

	for (i = s->n; i-- > 1;)
		if (s->steps[i].method == method) {
			step = s->steps[i];
			s->steps[i] = s->steps[i - 1];
			s->steps[i - 1] = step;
		}
}

void
stepup_plan_more(const struct methods *needs, size_t n, stepup_has_fn has,
    void *arg, struct stepup *stepup)
{
	size_t i;

	/* What all of its methods are wanted for decides what any may be. */
	for (i = 0; i < n; i++)
		if (needs[i].all)
			plan_need(&needs[i], has, arg, stepup);
	for (i = 0; i < n; i++)
		if (!needs[i].all)
			plan_need(&needs[i], has, arg, stepup);
	put_last(stepup, METHOD_DELEGATE);
}

void
stepup_plan(const struct methods *needs, size_t n, stepup_has_fn has, void *arg,
    struct stepup *ret_stepup)
{
	memset(ret_stepup, 0, sizeof(*ret_stepup));
	stepup_plan_more(needs, n, has, arg, ret_stepup);
	put_first(ret_stepup, METHOD_DEVICE);
}

enum method
stepup_next(const struct stepup *stepup)
{
	return stepup->at < stepup->n ? stepup->steps[stepup->at].method :
					METHOD_NONE;
}

void
stepup_take(struct stepup *stepup, enum stepup_result result, const char *why)
{
	struct stepup_step *step = &stepup->steps[stepup->at];

	if (stepup_next(stepup) == METHOD_NONE)
		return;
	step->result = result;
	step->why = why;
	step->tries++;
	if (result != STEPUP_AGAIN)
		stepup->at++;
}

bool
stepup_is_open(const struct stepup *stepup)
{
	size_t i;

	for (i = 0; i < stepup->at; i++)
		if (stepup->steps[i].result != STEPUP_PASSED)
			return false;
	return stepup->real;
}

bool
stepup_passed(const struct stepup *stepup)
{
	size_t i;

	for (i = 0; i < stepup->n; i++)
		if (stepup->steps[i].result != STEPUP_PASSED)
			return false;
	return stepup->real && stepup->n > 0;
}

bool
stepup_was_wrong(const struct stepup *stepup)
{
	size_t i;

	for (i = 0; i < stepup->n; i++)
		if (stepup->steps[i].tries > 0 &&
		    stepup->steps[i].result == STEPUP_FAILED)
			return true;
	return false;
}

uint32_t
stepup_methods(const struct stepup *stepup)
{
	uint32_t methods = 0;
	size_t i;

	for (i = 0; i < stepup->n; i++)
		if (stepup->steps[i].result == STEPUP_PASSED)
			methods |= 1u << stepup->steps[i].method;
	return methods;
}

const char *
stepup_result_name(enum stepup_result result)
{
	switch (result) {
	case STEPUP_FAILED:
		break;
	case STEPUP_PASSED:
		return "passed";
	case STEPUP_AGAIN:
		return "again";
	case STEPUP_ERROR:
		return "error";
	}
	return "failed";
}

const char *
stepup_step_name(const struct stepup *stepup, size_t step)
{
	/* It is planned last, and nobody takes an answer to it. */
	if (stepup->steps[step].method == METHOD_DELEGATE && step == stepup->at)
		return "delegated";
	return stepup_result_name(stepup->steps[step].result);
}
