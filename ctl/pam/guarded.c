/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking through a folder of PAM stacks for the gate.
 */
#include "ctl/pam/guarded.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "proto/glass.h"
#include "proto/result.h"

const struct stack_line *
guarded_line(const struct stack *stack, enum stack_type type)
{
	size_t i;

	for (i = 0; i < stack->n; i++)
		if (stack->lines[i].type == type &&
		    !stack->lines[i].is_substack &&
		    stack_is_gate(&stack->lines[i]))
			return &stack->lines[i];
	return NULL;
}

bool
guarded_has_argument(const struct stack_line *line, const char *argument)
{
	for (int i = 0; i < line->argc; i++)
		if (strcmp(line->argv[i], argument) == 0)
			return true;
	return false;
}

const char *
guarded_breakglass(const struct stack_line *line)
{
	static const char name[] = "breakglass=";

	for (int i = 0; i < line->argc; i++)
		if (strncmp(line->argv[i], name, sizeof(name) - 1) == 0)
			return line->argv[i] + sizeof(name) - 1;
	return FG_GLASS_FILE;
}

static int
take(struct guarded *guarded, const char *confdir, const char *service)
{
	struct conf_errors errors = { 0 };
	struct stack *stack = NULL;
	int r;

	r = stack_read(confdir, service, &stack, &errors);
	conf_errors_done(&errors);
	if (r == FG_ERR_CONFIG || r == FG_ERR_NOT_FOUND)
		r = 0;
	if (r == 0 && stack != NULL &&
	    (guarded_line(stack, STACK_ACCOUNT) != NULL ||
		guarded_line(stack, STACK_SESSION) != NULL)) {
		if (guarded->n < GUARDED_MAX) {
			guarded->list[guarded->n++] = stack;
			stack = NULL;
		} else {
			r = FG_ERR_LIMIT;
		}
	}
	stack_free(stack);
	return r;
}

static int
by_name(const void *a, const void *b)
{
	const struct stack *const *x = a, *const *y = b;

	return strcmp((*x)->service, (*y)->service);
}

bool
guarded_is_service(const char *name)
{
	return strchr(name, '.') == NULL && strchr(name, '~') == NULL &&
	    strncmp(name, "common-", 7) != 0;
}

static bool
is_service(const struct dirent *entry)
{
	return guarded_is_service(entry->d_name) &&
	    (entry->d_type == DT_REG || entry->d_type == DT_LNK ||
		entry->d_type == DT_UNKNOWN);
}

int
guarded_find(const char *confdir, const char *service, struct guarded *ret)
{
	const struct dirent *entry;
	DIR *dir;
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	if (service != NULL)
		return take(ret, confdir, service);
	if ((dir = opendir(confdir)) == NULL)
		return FG_ERR_SYSTEM;
	while (r == 0 && (entry = readdir(dir)) != NULL)
		if (is_service(entry))
			r = take(ret, confdir, entry->d_name);
	(void)closedir(dir); /* only read */
	qsort(ret->list, ret->n, sizeof(ret->list[0]), by_name);
	return r;
}

void
guarded_done(struct guarded *guarded)
{
	while (guarded->n > 0)
		stack_free(guarded->list[--guarded->n]);
}
