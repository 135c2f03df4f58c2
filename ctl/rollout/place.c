/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The places: in account before everything else, so that nothing can end the
 * stack first; in session likewise, but below pam_loginuid, which begins the
 * audit session that a sudo in a detached terminal is found by. pam_farmgate(8)
 * has the reasons.
 */
#include "ctl/rollout/place.h"

#include <string.h>

#include "ctl/ctl.h"
#include "policyd/conf.h"
#include "policyd/text.h"

#define LINES_SIZE 512u

static const struct stack_line *
find_first(const struct stack *stack, enum stack_type type)
{
	for (size_t i = 0; i < stack->n; i++)
		if (stack->lines[i].type == type)
			return &stack->lines[i];
	return NULL;
}

static bool
is_own(const struct stack *stack, const struct stack_line *line)
{
	return strcmp(line->file, stack->path) == 0;
}

static bool
is_loginuid(const struct stack *stack, const struct stack_line *line)
{
	return is_own(stack, line) && stack_is_module(line, "pam_loginuid.so");
}

/*
 * Behind pam_loginuid, where it is one of the file's own and nothing before it
 * can pass by what follows; else in front of the first line.
 */
static unsigned int
find_session_place(const struct stack *stack)
{
	const struct stack_line *first = find_first(stack, STACK_SESSION), *l;
	bool is_behind = false;

	for (size_t i = 0; i < stack->n; i++) {
		l = &stack->lines[i];
		if (l->type != STACK_SESSION)
			continue;
		if (is_behind)
			return l->own_line;
		if (stack_ends(l) || stack_jumps(l))
			break;
		is_behind = is_loginuid(stack, l);
	}
	return first->own_line;
}

/*
 * Where a file has no line of the type libpam takes those of "other"; with ours
 * it has one, so they are brought in by name.
 */
static int
add(struct block_text *text, unsigned int before, const char *type,
    const char *arguments, bool has_others)
{
	char lines[LINES_SIZE];

	if (text_format(lines, sizeof(lines),
		"%s required pam_farmgate.so %s\n"
		"%s%s",
		type, arguments, has_others ? "" : type,
		has_others ? "" : " include other\n") == 0 &&
	    block_add(text, before, lines) == 0)
		return CTL_OK;
	ctl_complain("out of memory");
	return CTL_ERROR;
}

static int
add_account(const struct stack *stack, const char *arguments,
    struct block_text *text)
{
	const struct stack_line *first = find_first(stack, STACK_ACCOUNT);

	return add(text, (first != NULL ? first : stack->lines)->own_line,
	    "account", arguments, first != NULL);
}

static int
add_session(const struct stack *stack, const char *arguments,
    struct block_text *text)
{
	if (find_first(stack, STACK_SESSION) != NULL)
		return add(text, find_session_place(stack), "session",
		    arguments, true);
	/* A locker opens none. */
	if (conf_service_is_locker(stack->service))
		return CTL_OK;
	return add(text, stack->lines->own_line, "session", arguments, false);
}

/* The stack was read with the blocks in its file; of what is no block. */
static unsigned int
without_blocks(const struct block_text *text, unsigned int line)
{
	unsigned int above = 0, lines;
	const char *s;

	for (size_t i = 0; i < text->n; i++) {
		if (text->blocks[i].before + above > line)
			break;
		for (s = text->blocks[i].lines, lines = 2; *s != '\0'; s++)
			lines += *s == '\n';
		above += lines;
	}
	return line - above;
}

int
place_auth(const struct stack *stack, const char *arguments,
    struct block_text *text)
{
	unsigned int last = 0, next = 0, line;

	for (size_t i = 0; i < stack->n; i++)
		if (stack->lines[i].type == STACK_AUTH &&
		    stack->lines[i].own_line > last)
			last = stack->lines[i].own_line;
	for (size_t i = 0; i < stack->n && last > 0; i++) {
		line = stack->lines[i].own_line;
		if (line > last && (next == 0 || line < next) &&
		    !stack_is_gate(&stack->lines[i]))
			next = line;
	}
	if (next > 0)
		return add(text, without_blocks(text, next), "auth", arguments,
		    true);
	ctl_complain("%s: nothing can be asked there: it has no line of auth "
		     "that others follow",
	    stack->service);
	return CTL_OK;
}

int
place_blocks(const struct stack *stack, const char *arguments,
    struct block_text *text)
{
	if (stack->n == 0) {
		ctl_complain("%s has no lines; libpam takes those of "
			     "/etc/pam.d/other then",
		    stack->path);
		return CTL_ERROR;
	}
	if (add_account(stack, arguments, text) != CTL_OK)
		return CTL_ERROR;
	return add_session(stack, arguments, text);
}
