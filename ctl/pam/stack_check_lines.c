/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mistakes in the gate's own lines: the control, and the arguments.
 */
#include <stdlib.h>
#include <string.h>

#include <security/pam_modules.h>

#include "ctl/pam/control.h"
#include "ctl/pam/reach.h"
#include "ctl/pam/stack_checks.h"
#include "proto/result.h"

#define ANSWER_MS 2000u /* pam_farmgate(8) says what takes so long */

static const enum stack_type deciding[] = { STACK_ACCOUNT, STACK_SESSION };

#define DECIDING (sizeof(deciding) / sizeof(deciding[0]))

/* ---- the control -------------------------------------------------------- */

static void
check_control(struct check *c, const struct stack_line *gate)
{
	static const int refusals[] = { PAM_PERM_DENIED, PAM_AUTHINFO_UNAVAIL,
		PAM_SYSTEM_ERR, PAM_BUF_ERR, PAM_ABORT };
	bool in;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		c->r = reach_gets_in(c->stack, gate->type, refusals[i], &in);
		if (c->r != 0 || !in)
			continue;
		check_say(c, gate, "write required",
		    "the control %s lets in whom the gate refuses with %s",
		    gate->control, control_code_name(refusals[i]));
		return;
	}
}

void
check_controls(struct check *c)
{
	const struct stack_line *gate;

	for (size_t i = 0; i < DECIDING && c->r == 0; i++)
		if ((gate = guarded_line(c->stack, deciding[i])) != NULL)
			check_control(c, gate);
}

static void
say_exempt(struct check *c, const struct stack_line *gate)
{
	const char *who = gate->type == STACK_AUTH ?
	    "all logins" :
	    "logins that are exempt, and callers other than root";

	if (gate->actions[PAM_IGNORE] == STACK_BAD ||
	    gate->actions[PAM_IGNORE] == STACK_DIE)
		check_say(c, gate, "write required, or add ignore=ignore",
		    "the control %s refuses %s: the gate ignores them",
		    gate->control, who);
	else
		check_say(c, gate, "put pam_permit.so behind it, required",
		    "no other %s line passes anybody, so that %s are refused: "
		    "the gate ignores them",
		    stack_type_name(gate->type), who);
}

/* Where nobody gets in at all, it is not for the gate. */
void
check_exempt_is_refused(struct check *c)
{
	const struct stack_line *gate;
	bool allowed, ignored;

	for (int type = STACK_AUTH; type <= STACK_SESSION; type++) {
		if ((gate = guarded_line(c->stack, (enum stack_type)type)) ==
		    NULL)
			continue;
		if ((c->r = reach_gets_in(c->stack, gate->type, PAM_SUCCESS,
			 &allowed)) != 0 ||
		    (c->r = reach_gets_in(c->stack, gate->type, PAM_IGNORE,
			 &ignored)) != 0)
			return;
		if (allowed && !ignored)
			say_exempt(c, gate);
	}
}

static bool
has_line_behind(const struct check *c, const struct stack_line *gate)
{
	const struct stack_line *end = c->stack->lines + c->stack->n;

	for (const struct stack_line *l = gate + 1; l < end; l++)
		if (l->type == gate->type && l->depth >= gate->depth)
			return true;
	return false;
}

void
check_ends_the_stack(struct check *c)
{
	const struct stack_line *gate;

	for (size_t i = 0; i < DECIDING; i++)
		if ((gate = guarded_line(c->stack, deciding[i])) != NULL &&
		    gate->actions[PAM_SUCCESS] == STACK_DONE &&
		    has_line_behind(c, gate))
			check_say(c, gate, "write required",
			    "the control %s ends the stack when the gate lets "
			    "in: the lines behind it are not asked",
			    gate->control);
}

/* A code is taken once, and who is handed over at one line is at the other. */
void
check_asks_twice(struct check *c)
{
	const struct stack_line *first = NULL, *l;

	for (size_t i = 0; i < c->stack->n; i++) {
		l = &c->stack->lines[i];
		if (l->type != STACK_AUTH || !stack_is_gate(l) ||
		    guarded_has_argument(l, "delegated"))
			continue;
		if (first == NULL)
			first = l;
		else
			check_say(c, l, "take one of them out",
			    "who is challenged is asked already by the line at "
			    "%s:%u, and once more here, where the same code is "
			    "refused",
			    first->file, first->line);
	}
}

void
check_twice(struct check *c)
{
	const struct stack_line *end = c->stack->lines + c->stack->n, *gate;

	for (size_t i = 0; i < DECIDING; i++) {
		if ((gate = guarded_line(c->stack, deciding[i])) == NULL)
			continue;
		for (const struct stack_line *l = gate + 1; l < end; l++)
			if (l->type == gate->type && stack_is_gate(l))
				check_say(c, l, "take one of them out",
				    "the gate is asked already by the %s line "
				    "at %s:%u",
				    stack_type_name(l->type), gate->file,
				    gate->line);
	}
}

/* ---- the arguments ------------------------------------------------------ */

struct wrong {
	struct check *check; /* NULL: said elsewhere */
	const struct stack_line *line;
};

static void
say_wrong(int i, const char *shown, const char *wrong, void *arg)
{
	struct wrong *w = arg;

	if (w->check != NULL)
		check_say(w->check, w->line, "put it right, or take it out",
		    "argument %d, \"%s\", is wrong, and the line refuses "
		    "everybody: %s",
		    i, shown, wrong);
}

static struct args
read_args(struct check *c, const struct stack_line *line, struct check *say)
{
	struct wrong wrong = { .check = say, .line = line };
	struct args args = { 0 };
	const char **argv;

	argv = calloc((size_t)line->argc + 1, sizeof(*argv));
	if (argv == NULL) {
		c->r = FG_ERR_NOMEM;
		return args;
	}
	for (int i = 0; i < line->argc; i++)
		argv[i] = line->argv[i];
	(void)args_read(line->argc, argv, say_wrong, &wrong, &args);
	free(argv);
	return args;
}

struct args
check_args(struct check *c, const struct stack_line *line)
{
	return read_args(c, line, NULL);
}

void
check_arguments(struct check *c)
{
	for (size_t i = 0; i < c->stack->n; i++)
		if (stack_is_gate(&c->stack->lines[i]))
			(void)read_args(c, &c->stack->lines[i], c);
}

/* Both lines, or false. */
static bool
read_both(struct check *c, const struct stack_line **ret_session,
    struct args *ret_account, struct args *ret_args)
{
	const struct stack_line *account =
	    guarded_line(c->stack, STACK_ACCOUNT);

	*ret_session = guarded_line(c->stack, STACK_SESSION);
	if (account == NULL || *ret_session == NULL)
		return false;
	*ret_account = check_args(c, account);
	*ret_args = check_args(c, *ret_session);
	return c->r == 0;
}

void
check_observe_differs(struct check *c)
{
	const struct stack_line *session;
	struct args account, args;

	if (read_both(c, &session, &account, &args) &&
	    account.observe != args.observe)
		check_say(c, session, "write it on both lines or on neither",
		    "observe is on the %s line alone: the other one refuses",
		    account.observe ? "account" : "session");
}

void
check_on_error_differs(struct check *c)
{
	const struct stack_line *session;
	struct args account, args;

	if (read_both(c, &session, &account, &args) &&
	    account.allow_on_error != args.allow_on_error && !account.observe &&
	    !args.observe)
		check_say(c, session, "write the same on both lines",
		    "on_error=allow is on the %s line alone: while the daemon "
		    "is down, the other one refuses",
		    account.allow_on_error ? "account" : "session");
}

void
check_timeout(struct check *c)
{
	const struct stack_line *l;

	for (size_t i = 0; i < c->stack->n && c->r == 0; i++) {
		l = &c->stack->lines[i];
		if (stack_is_gate(l) && l->type != STACK_AUTH &&
		    check_args(c, l).timeout_ms <= ANSWER_MS)
			check_say(c, l, "leave it above 2 seconds",
			    "the daemon may take longer than this timeout for "
			    "an answer, which is a failure then");
	}
}
