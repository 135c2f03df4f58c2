/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module's outcomes, as pam_module/outcome.c has them, in a stack. It is a
 * root's program that asks; who the module has nothing to do with others is in
 * pam_farmgate(8).
 */
#include "ctl/rehearsal/passage.h"

#include <string.h>

#include <security/pam_appl.h>

#include "ctl/pam/guarded.h"
#include "ctl/pam/walk.h"

bool
passage_fails_open(const struct stack_line *gate)
{
	return guarded_has_argument(gate, "observe") ||
	    guarded_has_argument(gate, "on_error=allow");
}

const char *
passage_failure_argument(const struct stack_line *gate)
{
	if (guarded_has_argument(gate, "on_error=allow"))
		return "on_error=allow";
	if (guarded_has_argument(gate, "observe"))
		return "observe";
	if (guarded_has_argument(gate, "on_error=deny"))
		return "on_error=deny";
	return "no on_error, which is deny";
}

static int
gate_returns(const struct stack_line *gate, enum passage_word word)
{
	switch (word) {
	case PASSAGE_NONE:
		return passage_fails_open(gate) ? PAM_SUCCESS :
						  PAM_AUTHINFO_UNAVAIL;
	case PASSAGE_ALLOW:
	case PASSAGE_OBSERVE:
		return PAM_SUCCESS;
	case PASSAGE_EXEMPT:
		return guarded_has_argument(gate, "observe") ? PAM_SUCCESS :
							       PAM_IGNORE;
	case PASSAGE_DENY:
		break;
	}
	return guarded_has_argument(gate, "observe") ? PAM_SUCCESS :
						       PAM_PERM_DENIED;
}

static int
returns(const struct stack_line *line, void *arg)
{
	const enum passage_word *word = arg;

	return stack_is_gate(line) ? gate_returns(line, *word) : PAM_SUCCESS;
}

/* Returns whether the application goes on. */
static bool
pass(const struct stack *stack, enum stack_type type, enum passage_word word,
    struct passage *p)
{
	struct walk walk;

	walk_run(stack, type, returns, &word, &walk);
	p->asked = p->asked || walk.gate;
	p->decided = walk.decided;
	return walk.code == PAM_SUCCESS;
}

static bool
has_type(const struct stack *stack, enum stack_type type)
{
	for (size_t i = 0; i < stack->n; i++)
		if (stack->lines[i].type == type)
			return true;
	return false;
}

void
passage_walk(const struct stack *stack, enum passage_word word,
    struct passage *ret_passage)
{
	struct passage *p = ret_passage;

	memset(p, 0, sizeof(*p));
	p->gate = guarded_line(stack, STACK_ACCOUNT);
	/* What account allowed is what the session is told. */
	if (has_type(stack, STACK_ACCOUNT) &&
	    !pass(stack, STACK_ACCOUNT, word, p))
		return;
	if (p->gate == NULL)
		p->gate = guarded_line(stack, STACK_SESSION);
	else if (p->asked && word == PASSAGE_DENY)
		word = PASSAGE_OBSERVE;
	p->open = !has_type(stack, STACK_SESSION) ||
	    pass(stack, STACK_SESSION, word, p);
}
