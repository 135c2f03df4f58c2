/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known mistakes around the gate's lines in auth, where a step-up is asked for:
 * it must stand in for nothing, and ask nobody whom it does not know.
 */
#include <security/_pam_types.h>

#include <stddef.h>
#include <string.h>

#include "ctl/pam/guarded.h"
#include "ctl/pam/stack_checks.h"

/* What the lines in front of it have said counts no more. */
static bool
resets(const struct stack_line *line)
{
	for (size_t i = 0; i < STACK_CODES; i++)
		if (line->actions[i] == STACK_RESET)
			return true;
	return false;
}

/* Where lines are for handing over, that is what they are held against. */
void
check_auth_stands_in(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_AUTH);

	if (gate == NULL || check_delegated_line(c->stack) != NULL ||
	    (!resets(gate) && !stack_ends(gate) && !stack_jumps(gate)))
		return;
	if (check_means_to_hand_over(c, gate))
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

/* Who is challenged there cannot be asked, and is refused. */
void
check_nobody_is_asked(struct check *c)
{
	const struct conf *conf = c->around->conf;

	if (conf == NULL || !conf_has_methods(conf) || check_delegates(c) ||
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
