/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known mistakes in the lines that hand a step-up over: the gate's that asks,
 * the other module's, and the gate's with delegated. Each leads on only where
 * it should, or people with the right token are locked out, as are those who
 * are not challenged at all, or people without one are let in.
 */
#include <security/_pam_types.h>

#include <stddef.h>

#include "ctl/pam/guarded.h"
#include "ctl/pam/reach.h"
#include "ctl/pam/stack_checks.h"

/* ---- the three lines ---------------------------------------------------- */

/* The next line of the stack's auth, or NULL. */
static const struct stack_line *
next_line(const struct check *c, const struct stack_line *line)
{
	const struct stack_line *end = c->stack->lines + c->stack->n;

	for (line++; line < end; line++)
		if (line->type == STACK_AUTH)
			return line;
	return NULL;
}

static bool
is_delegated(const struct stack_line *line)
{
	return line->type == STACK_AUTH && !line->is_substack &&
	    stack_is_gate(line) && guarded_has_argument(line, "delegated");
}

const struct stack_line *
check_delegated_line(const struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		if (is_delegated(&stack->lines[i]))
			return &stack->lines[i];
	return NULL;
}

/* The last line of the gate in front of it, if that is one that asks. */
static const struct stack_line *
asking_line(const struct check *c, const struct stack_line *delegated)
{
	size_t i = (size_t)(delegated - c->stack->lines);
	const struct stack_line *l;

	while (i-- > 0) {
		l = &c->stack->lines[i];
		if (l->type == STACK_AUTH && !l->is_substack &&
		    stack_is_gate(l))
			return is_delegated(l) ? NULL : l;
	}
	return NULL;
}

/* With one module between them, and no substack's end, which jumps over
 * nothing. */
static bool
stand_together(const struct check *c, const struct stack_line *asking,
    const struct stack_line *delegated)
{
	const struct stack_line *other = next_line(c, asking);

	return next_line(c, other) == delegated && !other->is_substack &&
	    other->depth == asking->depth && delegated->depth == asking->depth;
}

/* ---- where they lead ---------------------------------------------------- */

/* Who is not asked jumps over both, as setcred does, which always succeeds; who
 * is goes on to the other module, and a refusal ends it. */
static bool
leads_as_it_should(const struct stack_line *asking)
{
	for (int code = 0; code < STACK_CODES; code++) {
		switch (code) {
		case PAM_SUCCESS:
		case PAM_IGNORE:
			if (asking->actions[code] != 2)
				return false;
			break;
		case PAM_CRED_INSUFFICIENT:
			if (asking->actions[code] != STACK_IGNORE)
				return false;
			break;
		case PAM_NEW_AUTHTOK_REQD: /* never the gate's */
			break;
		default:
			if (asking->actions[code] != STACK_DIE)
				return false;
		}
	}
	return true;
}

/* Where it is not content, or has nothing to say, nothing behind it is
 * reached. */
static bool
ends_with_failure(const struct stack_line *other)
{
	for (int code = 0; code < STACK_CODES; code++)
		if (code != PAM_SUCCESS && code != PAM_NEW_AUTHTOK_REQD &&
		    other->actions[code] != STACK_DIE)
			return false;
	return true;
}

/* With what passes, and with nothing else. */
static bool
goes_on_with_success(const struct stack_line *other)
{
	int reqd = other->actions[PAM_NEW_AUTHTOK_REQD];

	return other->actions[PAM_SUCCESS] == STACK_OK &&
	    (reqd == STACK_OK || reqd == STACK_DIE);
}

/* It has no say unless it refuses, and leads nowhere. */
static bool
only_listens(const struct stack_line *delegated)
{
	int ok = delegated->actions[PAM_SUCCESS],
	    refused = delegated->actions[PAM_AUTH_ERR];

	return delegated->actions[PAM_IGNORE] == STACK_IGNORE &&
	    (ok == STACK_OK || ok == STACK_IGNORE) &&
	    (refused == STACK_IGNORE || refused == STACK_BAD ||
		refused == STACK_DIE);
}

static void
check_asking(struct check *c, const struct stack_line *asking,
    const struct stack_line *delegated)
{
	int action = asking->actions[PAM_CRED_INSUFFICIENT];

	if (action == STACK_BAD || action == STACK_DIE)
		check_say(c, asking, "write " STACK_HANDS_OVER,
		    "the control %s refuses whom the gate hands over, whatever "
		    "the module in front of delegated at %s:%u says",
		    asking->control, delegated->file, delegated->line);
	else if (!leads_as_it_should(asking))
		check_say(c, asking, "write " STACK_HANDS_OVER,
		    "the control %s leads those who are asked, are not or are "
		    "refused where they do not belong",
		    asking->control);
}

static void
check_other(struct check *c, const struct stack_line *other)
{
	if (!ends_with_failure(other))
		check_say(c, other, "write [success=ok default=die]",
		    "with the control %s the gate hears that this module was "
		    "content also where it was not, or said nothing",
		    other->control);
	else if (!goes_on_with_success(other))
		check_say(c, other, "write [success=ok default=die]",
		    "with the control %s the gate does not hear that this "
		    "module was content",
		    other->control);
}

static void
check_one(struct check *c, const struct stack_line *delegated)
{
	const struct stack_line *asking = asking_line(c, delegated);

	if (asking == NULL) {
		check_say(c, delegated,
		    "in front of the module that it is to hand over to write: "
		    "auth " STACK_HANDS_OVER " pam_farmgate.so",
		    "no line of the gate in front of it asks, so that nobody "
		    "is handed over");
		return;
	}
	check_asking(c, asking, delegated);
	if (!stand_together(c, asking, delegated))
		check_say(c, delegated,
		    "write the three one below the other, as in EXAMPLES in "
		    "pam_farmgate(8)",
		    "between it and the gate's line at %s:%u there is not just "
		    "the one module that it hands over to",
		    asking->file, asking->line);
	else
		check_other(c, next_line(c, asking));
	if (!only_listens(delegated))
		check_say(c, delegated, "write optional",
		    "the control %s refuses those who have proved who they "
		    "are, or passes over the lines behind it",
		    delegated->control);
}

/* Who is handed over is let in by the other module; the rest jumps over it. */
static void
check_the_rest(struct check *c, const struct stack_line *delegated)
{
	bool handed, ignored;

	if ((c->r = reach_gets_in(c->stack, STACK_AUTH, PAM_CRED_INSUFFICIENT,
		 &handed)) != 0 ||
	    (c->r = reach_gets_in(c->stack, STACK_AUTH, PAM_IGNORE,
		 &ignored)) != 0)
		return;
	if (handed && !ignored)
		check_say(c, delegated,
		    "put pam_permit.so behind this line, required",
		    "no line but the module in front of it passes anybody, so "
		    "that all who are not handed over are refused");
}

void
check_delegate(struct check *c)
{
	const struct stack_line *delegated = check_delegated_line(c->stack);
	size_t n = c->mistakes->n;

	for (size_t i = 0; i < c->stack->n; i++)
		if (is_delegated(&c->stack->lines[i]))
			check_one(c, &c->stack->lines[i]);
	if (delegated != NULL && c->mistakes->n == n)
		check_the_rest(c, delegated);
}

/* ---- where one of them is missing --------------------------------------- */

bool
check_means_to_hand_over(const struct check *c, const struct stack_line *gate)
{
	return leads_as_it_should(gate) && next_line(c, gate) != NULL;
}

bool
check_delegates(const struct check *c)
{
	return c->around->conf != NULL &&
	    conf_delegates(c->around->conf, c->stack->service);
}

/* Lines that are meant to, and do not, are another mistake. */
void
check_hands_over_to_nobody(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_AUTH);

	if (!check_delegates(c) ||
	    guarded_line(c->stack, STACK_ACCOUNT) == NULL ||
	    check_delegated_line(c->stack) != NULL ||
	    (gate != NULL && stack_jumps(gate)))
		return;
	check_say(c, gate,
	    "behind what asks for the password write: auth " STACK_HANDS_OVER
	    " pam_farmgate.so, then the other module with [success=ok "
	    "default=die], then auth optional pam_farmgate.so delegated; see "
	    "EXAMPLES in pam_farmgate(8)",
	    "farmgate.conf names the method delegate, and %s hands over to no "
	    "other module: whose challenge is delegated there is refused",
	    c->stack->service);
}
