/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a line of a PAM stack is: whose, and where its control can lead.
 */
#include <string.h>

#include "ctl/pam/stack.h"

bool
stack_is_module(const struct stack_line *line, const char *name)
{
	const char *slash;

	if (line->module == NULL)
		return false;
	slash = strrchr(line->module, '/');
	return strcmp(slash != NULL ? slash + 1 : line->module, name) == 0;
}

bool
stack_is_gate(const struct stack_line *line)
{
	return stack_is_module(line, STACK_GATE);
}

bool
stack_ends(const struct stack_line *line)
{
	size_t i;

	for (i = 0; i < STACK_CODES; i++)
		if (!line->is_substack && line->actions[i] == STACK_DONE)
			return true;
	return false;
}

bool
stack_jumps(const struct stack_line *line)
{
	size_t i;

	for (i = 0; i < STACK_CODES; i++)
		if (!line->is_substack && line->actions[i] > 0)
			return true;
	return false;
}
