/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outcomes of a line are as few as its control tells apart: to pass, to
 * end the stack, each jump, to be passed over. A code that only refuses is left
 * out where there is another one: it lets nobody in. What all lines can do
 * together is tried like the digits of a counter.
 */
#include "ctl/pam/reach.h"

#include <stdlib.h>

#include <security/pam_modules.h>

#include "ctl/pam/guarded.h"
#include "ctl/pam/walk.h"
#include "proto/result.h"

#define WALKS_MAX 20000u /* more are not tried */

struct digit {
	int codes[STACK_CODES];
	size_t n;
	size_t at;
};

struct reach {
	const struct stack *stack;
	enum stack_type type;
	struct digit *digits; /* one a line */
	int gate_code;
	const struct stack_line *gate; /* the first line of it */
	struct reach_way last; /* before that */
	struct walk walk;
};

/* ---- what a line can do ------------------------------------------------- */

/* The code that stands for an action: success where it has it, and one by
 * which an account still gets in before any other. */
static int
code_for(const struct stack_line *line, int action)
{
	if (line->actions[PAM_SUCCESS] == action)
		return PAM_SUCCESS;
	if (line->actions[PAM_NEW_AUTHTOK_REQD] == action)
		return PAM_NEW_AUTHTOK_REQD;
	for (int code = 0; code < PAM_INCOMPLETE; code++)
		if (line->actions[code] == action)
			return code;
	return -1;
}

static void
add_code(struct digit *digit, int code)
{
	if (code >= 0)
		digit->codes[digit->n++] = code;
}

static bool
has_code_with(const struct digit *digit, const struct stack_line *line,
    int action)
{
	for (size_t i = 0; i < digit->n; i++)
		if (line->actions[digit->codes[i]] == action)
			return true;
	return false;
}

/* Passing is never worse than being passed over. */
static void
set_codes(struct digit *digit, const struct stack_line *line)
{
	int code;

	add_code(digit, code_for(line, STACK_OK));
	add_code(digit, code_for(line, STACK_DONE));
	for (code = 0; code < PAM_INCOMPLETE; code++)
		if (line->actions[code] > 0 &&
		    !has_code_with(digit, line, line->actions[code]))
			add_code(digit, code_for(line, line->actions[code]));
	if (!has_code_with(digit, line, STACK_OK))
		add_code(digit, code_for(line, STACK_IGNORE));
	add_code(digit, code_for(line, STACK_RESET));
	if (digit->n == 0)
		add_code(digit, PAM_SUCCESS);
}

static void
set_digit(struct digit *digit, const struct stack_line *line)
{
	if (line->is_substack)
		add_code(digit, PAM_SUCCESS);
	else if (stack_is_module(line, "pam_deny.so"))
		add_code(digit, PAM_AUTH_ERR);
	else if (stack_is_module(line, "pam_permit.so"))
		add_code(digit, PAM_SUCCESS);
	else
		set_codes(digit, line);
}

/* ---- every way through the stack ---------------------------------------- */

/* Behind the other module, nobody is handed over once more. */
static int
gate_returns(const struct stack_line *line, int code)
{
	return code == PAM_CRED_INSUFFICIENT &&
		guarded_has_argument(line, "delegated") ?
	    PAM_IGNORE :
	    code;
}

static int
returns(const struct stack_line *line, void *arg)
{
	struct reach *reach = arg;
	struct digit *digit = &reach->digits[line - reach->stack->lines];
	int code = digit->codes[digit->at];

	if (stack_is_gate(line))
		return gate_returns(line, reach->gate_code);
	if (line < reach->gate)
		reach->last = (struct reach_way){ line, code };
	return code;
}

/* Set for the next walk; false after the last one. */
static bool
count_up(struct reach *reach)
{
	struct digit *digit;

	for (size_t i = 0; i < reach->stack->n; i++) {
		digit = &reach->digits[i];
		if (reach->stack->lines[i].type != reach->type ||
		    stack_is_gate(&reach->stack->lines[i]))
			continue;
		if (++digit->at < digit->n)
			return true;
		digit->at = 0;
	}
	return false;
}

static bool
gets_in(const struct reach *reach)
{
	return reach->walk.code == PAM_SUCCESS ||
	    (reach->type == STACK_ACCOUNT &&
		reach->walk.code == PAM_NEW_AUTHTOK_REQD);
}

/* fn says when it has seen enough. FG_ERR_LIMIT: there are more. */
static int
walk_all(struct reach *reach, bool (*fn)(const struct reach *reach, void *arg),
    void *arg)
{
	for (unsigned int walks = 0; walks < WALKS_MAX; walks++) {
		reach->last = (struct reach_way){ NULL, 0 };
		walk_run(reach->stack, reach->type, returns, reach,
		    &reach->walk);
		if (fn(reach, arg) || !count_up(reach))
			return 0;
	}
	return FG_ERR_LIMIT;
}

static int
reach_init(struct reach *reach, const struct stack *stack, enum stack_type type,
    int code)
{
	const struct stack_line *line;
	size_t i;

	*reach = (struct reach){ .stack = stack, .type = type };
	reach->gate_code = code;
	reach->digits = calloc(stack->n + 1, sizeof(*reach->digits));
	if (reach->digits == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < stack->n; i++) {
		line = &stack->lines[i];
		set_digit(&reach->digits[i], line);
		if (reach->gate == NULL && line->type == type &&
		    stack_is_gate(line))
			reach->gate = line;
	}
	return 0;
}

/* ---- what is asked ------------------------------------------------------ */

struct ways {
	struct reach_way *list;
	size_t n;
};

static bool
collect_way(const struct reach *reach, void *arg)
{
	struct ways *ways = arg;

	if (reach->walk.gate || !gets_in(reach) || reach->last.line == NULL)
		return false;
	for (size_t i = 0; i < ways->n; i++)
		if (ways->list[i].line == reach->last.line)
			return false;
	ways->list[ways->n++] = reach->last;
	return ways->n == REACH_WAYS_MAX;
}

/* Without a line before it that ends or jumps, the gate is always asked. */
static bool
may_be_skipped(const struct reach *reach)
{
	const struct stack_line *l;

	if (reach->gate == NULL)
		return false;
	for (l = reach->stack->lines; l < reach->gate; l++)
		if (l->type == reach->type && (stack_ends(l) || stack_jumps(l)))
			return true;
	return false;
}

int
reach_find_ways(const struct stack *stack, enum stack_type type,
    struct reach_way ways[REACH_WAYS_MAX], size_t *ret_n)
{
	struct ways found = { .list = ways };
	struct reach reach;
	int r;

	*ret_n = 0;
	if ((r = reach_init(&reach, stack, type, PAM_SUCCESS)) != 0)
		return r;
	if (may_be_skipped(&reach))
		r = walk_all(&reach, collect_way, &found);
	free(reach.digits);
	*ret_n = found.n;
	return r;
}

static bool
saw_one_in(const struct reach *reach, void *arg)
{
	bool *in = arg;

	*in = reach->walk.gate && gets_in(reach);
	return *in;
}

int
reach_gets_in(const struct stack *stack, enum stack_type type, int code,
    bool *ret_in)
{
	struct reach reach;
	int r;

	*ret_in = false;
	if ((r = reach_init(&reach, stack, type, code)) != 0)
		return r;
	(void)walk_all(&reach, saw_one_in, ret_in); /* as far as it goes */
	free(reach.digits);
	return 0;
}
