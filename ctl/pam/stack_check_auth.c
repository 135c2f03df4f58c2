/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known mistakes around the gate's lines in auth, where a step-up is asked for:
 * it must stand in for nothing, and what it is handed over to must end the
 * stack where that is not content.
 */
#include <security/_pam_types.h>

#include <stddef.h>
#include <string.h>

#include "ctl/pam/guarded.h"
#include "ctl/pam/stack_checks.h"

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

/* It jumps over the two lines behind it at most. */
static bool
jumps_over_two(const struct stack_line *line)
{
	for (size_t i = 0; i < STACK_CODES; i++)
		if (line->actions[i] > 2 || line->actions[i] == STACK_DONE)
			return false;
	return true;
}

/* What the lines in front of it have said counts no more. */
static bool
resets(const struct stack_line *line)
{
	for (size_t i = 0; i < STACK_CODES; i++)
		if (line->actions[i] == STACK_RESET)
			return true;
	return false;
}

/* Who is not asked jumps over both, as setcred does, which always succeeds; who
 * is goes on to the other module, and a refusal ends it. */
static bool
leads_as_it_should(const struct stack_line *gate)
{
	return gate->actions[PAM_SUCCESS] == 2 &&
	    gate->actions[PAM_IGNORE] == 2 &&
	    gate->actions[PAM_CRED_INSUFFICIENT] == STACK_IGNORE &&
	    gate->actions[PAM_AUTH_ERR] == STACK_DIE &&
	    gate->actions[PAM_SYSTEM_ERR] == STACK_DIE;
}

/* Where it is not content, or has nothing to say, nothing behind it is
 * reached. */
static bool
ends_with_failure(const struct stack_line *line)
{
	for (size_t i = 0; i < STACK_CODES; i++)
		if (i != PAM_SUCCESS && i != PAM_NEW_AUTHTOK_REQD &&
		    line->actions[i] != STACK_DIE)
			return false;
	return line->actions[PAM_SUCCESS] == STACK_OK;
}

/* The gate, the module that it hands over to, and the gate again. */
static bool
hands_over(const struct check *c, const struct stack_line *gate)
{
	const struct stack_line *other = next_line(c, gate), *after;

	return jumps_over_two(gate) && other != NULL &&
	    (after = next_line(c, other)) != NULL && stack_is_gate(after) &&
	    guarded_has_argument(after, "delegated");
}

/* It is meant to hand over, and would not hear that the other module was
 * content: to write required does not mend that. */
static bool
hears_of_nobody(const struct check *c, const struct stack_line *gate)
{
	return leads_as_it_should(gate) && jumps_over_two(gate) &&
	    !resets(gate) && next_line(c, gate) != NULL;
}

void
check_auth_stands_in(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_AUTH);

	if (gate == NULL ||
	    (!resets(gate) &&
		((!stack_ends(gate) && !stack_jumps(gate)) ||
		    hands_over(c, gate))))
		return;
	if (hears_of_nobody(c, gate))
		check_say(c, gate,
		    "behind the module that it hands over to write: auth "
		    "optional pam_farmgate.so delegated",
		    "the control %s is for handing over, and the second line "
		    "behind it is not the gate's with delegated: whatever is "
		    "there is jumped over",
		    gate->control);
	else
		check_say(c, gate, "write required",
		    "with the control %s, the gate would stand in for the "
		    "lines behind it, such as the password's",
		    gate->control);
}

void
check_delegate(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_AUTH);
	const struct stack_line *other;

	if (gate == NULL || !stack_jumps(gate) || !hands_over(c, gate))
		return;
	if (!leads_as_it_should(gate))
		check_say(c, gate, "write " STACK_HANDS_OVER,
		    "the control %s leads those who are asked, are not or are "
		    "refused where they do not belong",
		    gate->control);
	other = next_line(c, gate);
	if (!ends_with_failure(other))
		check_say(c, other, "write [success=ok default=die]",
		    "with the control %s the gate hears that this module was "
		    "content also where it was not, or said nothing",
		    other->control);
}

/* Whether the configuration has the service ask the module behind the gate. */
static bool
delegates(const struct check *c)
{
	return c->around->conf != NULL &&
	    conf_delegates(c->around->conf, c->stack->service);
}

/* Who is challenged there cannot be asked, and is refused. */
void
check_nobody_is_asked(struct check *c)
{
	const struct conf *conf = c->around->conf;

	if (conf == NULL || !conf_has_methods(conf) || delegates(c) ||
	    guarded_line(c->stack, STACK_ACCOUNT) == NULL ||
	    guarded_line(c->stack, STACK_AUTH) != NULL)
		return;
	check_say(c, NULL,
	    "behind what asks for the password write: auth required "
	    "pam_farmgate.so",
	    "farmgate.conf names methods for a challenge, and %s has no line "
	    "of the gate in auth: who is challenged there is asked nothing, "
	    "and refused",
	    c->stack->service);
}

/* Lines that are meant to, and do not, are another mistake. */
void
check_hands_over_to_nobody(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_AUTH);

	if (!delegates(c) || guarded_line(c->stack, STACK_ACCOUNT) == NULL ||
	    (gate != NULL && (stack_jumps(gate) || hands_over(c, gate))))
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

/* The module may refuse who cannot prove who they are. */
static bool
asks_who_it_is(const struct stack_line *line)
{
	static const char *const modules[] = { "pam_permit.so", "pam_env.so",
		"pam_faildelay.so", "pam_nologin.so", "pam_rootok.so",
		"pam_shells.so" };
	const char *name, *slash;

	if (line->type != STACK_AUTH || line->module == NULL ||
	    stack_is_gate(line))
		return false;
	slash = strrchr(line->module, '/');
	name = slash != NULL ? slash + 1 : line->module;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (strcmp(name, modules[i]) == 0)
			return false;
	return true;
}

/* Whoever knows a name is asked for its codes, and can use up its tries. Behind
 * a key alone that is as it should be, which is no matter of the stack. */
void
check_strangers_are_asked(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_AUTH);
	const struct stack_line *line;
	bool is_sshd = strcmp(c->stack->service, "sshd") == 0;

	if (gate == NULL)
		return;
	for (line = c->stack->lines; line < gate; line++)
		if (asks_who_it_is(line))
			return;
	if (is_sshd)
		c->severity = SEVERITY_WARNING;
	check_say(c, gate,
	    is_sshd ?
		"write it behind @include common-auth, unless sshd_config "
		"has AuthenticationMethods "
		"publickey,keyboard-interactive:pam for everybody" :
		"write it behind @include common-auth",
	    "nothing in front of this line of the gate asks who it is: "
	    "strangers are asked for a code, and whoever is not asked may be "
	    "in");
}
