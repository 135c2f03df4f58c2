/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpam 1.5.2's dispatch: each line's code leads to an action, and actions
 * make an impression, good or bad, which a substack has of its own until it
 * ends. The first bad code stays, and so does a good one that is not success.
 */
#include "ctl/pam/walk.h"

#include <assert.h>

#include <security/pam_modules.h>

#define DEPTH_MAX 16u /* stack_read() gives no more */

enum impression {
	UNDECIDED = 0,
	GOOD,
	BAD,
};

struct state {
	enum impression impression;
	int code;
	const struct stack_line *decided;
};

struct walker {
	const struct stack *stack;
	enum stack_type type;
	struct state now;
	struct state before[DEPTH_MAX]; /* the substack of that depth */
	size_t at;
	struct walk *walk;
};

/* The next line of the type behind i, or stack->n. */
static size_t
next_line(const struct walker *w, size_t i)
{
	while (++i < w->stack->n && w->stack->lines[i].type != w->type)
		continue;
	return i < w->stack->n ? i : w->stack->n;
}

/* What is behind the line at w->at and no part of a substack around it. */
static bool
has_sibling(const struct walker *w, unsigned int depth)
{
	size_t i = next_line(w, w->at);

	return i < w->stack->n && w->stack->lines[i].depth >= depth;
}

/* Over one line, or over a substack as a whole. */
static void
skip_one(struct walker *w, unsigned int depth)
{
	size_t i;

	do {
		w->at = next_line(w, w->at);
		i = next_line(w, w->at);
	} while (i < w->stack->n && w->stack->lines[i].depth > depth);
}

static void
take_good(struct walker *w, const struct stack_line *line, int code)
{
	if (w->now.impression == UNDECIDED ||
	    (w->now.impression == GOOD && w->now.code == PAM_SUCCESS))
		w->now = (struct state){ GOOD, code, line };
}

static void
take_bad(struct walker *w, const struct stack_line *line, int code)
{
	if (w->now.impression == BAD)
		return;
	if (code == PAM_IGNORE)
		code = PAM_PERM_DENIED;
	w->now = (struct state){ BAD, code, line };
}

static void
jump(struct walker *w, const struct stack_line *line, int lines)
{
	for (; lines > 0 && has_sibling(w, line->depth); lines--)
		skip_one(w, line->depth);
	if (lines == 0)
		return;
	w->walk->bad_jump = true;
	w->now = (struct state){ BAD, PAM_PERM_DENIED, line };
}

static void
end_level(struct walker *w, const struct stack_line *line)
{
	while (has_sibling(w, line->depth))
		w->at = next_line(w, w->at);
}

static void
act(struct walker *w, const struct stack_line *line, int action, int code)
{
	switch (action) {
	case STACK_IGNORE:
		return;
	case STACK_RESET:
		w->now = w->before[line->depth];
		return;
	case STACK_OK:
		take_good(w, line, code);
		return;
	case STACK_DONE:
		take_good(w, line, code);
		if (w->now.impression == GOOD)
			end_level(w, line);
		return;
	case STACK_DIE:
		take_bad(w, line, code);
		end_level(w, line);
		return;
	default:
		if (action > 0)
			jump(w, line, action);
		else
			take_bad(w, line, code);
	}
}

static void
run_line(struct walker *w, const struct stack_line *line, walk_fn fn, void *arg)
{
	int code;

	if (line->is_substack)
		return;
	if (stack_is_gate(line))
		w->walk->gate = true;
	code = fn(line, arg);
	if (code < PAM_SUCCESS || code >= STACK_CODES)
		act(w, line, STACK_BAD, PAM_PERM_DENIED);
	else
		act(w, line, line->actions[code], code);
}

void
walk_run(const struct stack *stack, enum stack_type type, walk_fn fn, void *arg,
    struct walk *ret_walk)
{
	struct walker w = { .stack = stack,
		.type = type,
		.now = { UNDECIDED, PAM_PERM_DENIED, NULL },
		.walk = ret_walk };
	const struct stack_line *line;
	unsigned int depth = 0;

	*ret_walk = (struct walk){ 0 };
	w.before[0] = w.now;
	w.at = (size_t)-1;
	for (w.at = next_line(&w, w.at); w.at < stack->n;
	     w.at = next_line(&w, w.at)) {
		line = &stack->lines[w.at];
		assert(line->depth < DEPTH_MAX);
		if (line->depth > depth)
			w.before[line->depth] = w.now;
		depth = line->depth;
		run_line(&w, line, fn, arg);
	}
	if (w.now.impression != GOOD && w.now.code == PAM_SUCCESS)
		w.now.code = PAM_PERM_DENIED;
	ret_walk->code = w.now.code;
	ret_walk->decided = w.now.decided;
}
