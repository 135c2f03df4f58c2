/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a service's file to the file that it would become. The administrator's
 * own lines are never touched: not those of the gate, either.
 */
#include "ctl/rollout/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "ctl/rollout/block.h"
#include "ctl/rollout/diff.h"
#include "ctl/rollout/place.h"
#include "ctl/rollout/stackfile.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ARGUMENTS_SIZE 256u

static const char *
wish_text(const struct plan_wish *wish)
{
	if (wish->observe)
		return "observe on_error=allow";
	return wish->allow_on_error ? "on_error=allow" : "on_error=deny";
}

/* ---- reading ----------------------------------------------------------- */

/* plan->before, and that in parts. Returns CTL_OK or CTL_ERROR. */
static int
read_file(const char *service, struct plan *plan, struct block_text *ret_text)
{
	char path[STACKFILE_PATH_MAX];
	unsigned int line;
	int r;

	memset(plan, 0, sizeof(*plan));
	memset(ret_text, 0, sizeof(*ret_text));
	if (!stackfile_is_service(service) ||
	    text_copy(plan->service, sizeof(plan->service), service) != 0)
		return CTL_ERROR;
	(void)stackfile_path(service, path);
	r = stackfile_read(service, &plan->before, &plan->before_len);
	if (r == CTL_NO)
		ctl_complain("there is no %s; name a service that has a file "
			     "in %s",
		    path, STACK_CONFDIR);
	if (r != CTL_OK)
		return CTL_ERROR;
	r = block_split(plan->before, plan->before_len, ret_text, &line);
	if (r == FG_ERR_FORMAT)
		ctl_complain("%s:%u: this mark of farmgate has no counterpart, "
			     "or is one too many; take the gate's lines and "
			     "their marks out by hand",
		    path, line);
	else if (r != 0)
		ctl_complain("%s: %s", path, fg_strerror(r));
	return r == 0 ? CTL_OK : CTL_ERROR;
}

static int
finish(struct plan *plan, const struct block_text *text)
{
	if (block_join(text, &plan->after, &plan->after_len) == 0)
		return CTL_OK;
	ctl_complain("out of memory");
	return CTL_ERROR;
}

/* The first line of the gate's in a file without blocks, or 0. */
static unsigned int
find_by_hand(const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len, *nl, *s;
	unsigned int number = 1;

	for (; at < end; at = nl + 1, number++) {
		if ((nl = memchr(at, '\n', (size_t)(end - at))) == NULL)
			nl = end;
		for (s = at; s < nl && (*s == ' ' || *s == '\t');)
			s++;
		if (*s != '#' &&
		    memmem(s, (size_t)(nl - s), "pam_farmgate", 12) != NULL)
			return number;
	}
	return 0;
}

/* ---- enable ------------------------------------------------------------ */

static bool
is_ours(const char *word)
{
	return strcmp(word, "observe") == 0 ||
	    strncmp(word, "on_error=", 9) == 0;
}

/* One line of a block: the gate's with other arguments, or as it is. */
static void
put_line(FILE *out, char *line, const char *arguments)
{
	char *module = strstr(line, STACK_GATE), *word, *at = NULL;

	if (line[0] == '#' || module == NULL) {
		fprintf(out, "%s\n", line);
		return;
	}
	module += strlen(STACK_GATE);
	fprintf(out, "%.*s %s", (int)(module - line), line, arguments);
	for (word = strtok_r(module, " \t", &at); word != NULL;
	     word = strtok_r(NULL, " \t", &at))
		if (!is_ours(word))
			fprintf(out, " %s", word);
	fputc('\n', out);
}

static int
rewrite_block(struct block *block, const char *arguments)
{
	char *lines = NULL, *line, *at = NULL;
	size_t len;
	FILE *out;

	if ((out = open_memstream(&lines, &len)) == NULL)
		return FG_ERR_NOMEM;
	for (line = strtok_r(block->lines, "\n", &at); line != NULL;
	     line = strtok_r(NULL, "\n", &at))
		put_line(out, line, arguments);
	if (fclose(out) != 0) {
		free(lines);
		return FG_ERR_NOMEM;
	}
	free(block->lines);
	block->lines = lines;
	return 0;
}

/* Somebody has written in it what cannot be changed by its words. */
static bool
is_spoiled(const struct block *block)
{
	return find_by_hand(block->lines, strlen(block->lines)) == 0 ||
	    strstr(block->lines, "\\\n") != NULL;
}

static int
rewrite(struct block_text *text, const char *service, const char *arguments)
{
	for (size_t i = 0; i < text->n; i++) {
		if (is_spoiled(&text->blocks[i])) {
			ctl_complain("%s: between its marks is no whole line "
				     "of the gate any more; first "
				     "farmgatectl disable %s",
			    service, service);
			return CTL_ERROR;
		}
		if (rewrite_block(&text->blocks[i], arguments) != 0) {
			ctl_complain("out of memory");
			return CTL_ERROR;
		}
	}
	return CTL_OK;
}

/* Two gates in a row would ask twice, and disable would leave one. */
static int
refuse_others(const struct stack *stack)
{
	const struct stack_line *l;

	for (size_t i = 0; i < stack->n; i++) {
		l = &stack->lines[i];
		if (!stack_is_gate(l))
			continue;
		ctl_complain("%s:%u: the gate has a line here that enable did "
			     "not write; take it out first, or leave %s as it "
			     "is",
		    l->file, l->line, stack->service);
		return CTL_ERROR;
	}
	return CTL_OK;
}

static int
insert(const char *arguments, const char *service, struct block_text *text)
{
	struct conf_errors errors = { 0 };
	struct stack *stack = NULL;
	int r, status = CTL_ERROR;

	r = stack_read(STACK_CONFDIR, service, &stack, &errors);
	conf_errors_print(&errors, stderr);
	if (r == 0) {
		status = refuse_others(stack);
		if (status == CTL_OK)
			status = place_blocks(stack, arguments, text);
	} else if (r == FG_ERR_CONFIG) {
		ctl_complain("%s: its stack has the mistakes above; put them "
			     "right first",
		    service);
	} else {
		ctl_complain("%s: %s", service, text_error(r));
	}
	stack_free(stack);
	conf_errors_done(&errors);
	return status;
}

static bool
has_auth(const struct block_text *text)
{
	for (size_t i = 0; i < text->n; i++)
		if (strncmp(text->blocks[i].lines, "auth", 4) == 0)
			return true;
	return false;
}

/* Who is challenged is asked there. */
static int
insert_auth(const char *arguments, const char *service, struct block_text *text)
{
	struct conf_errors errors = { 0 };
	struct stack *stack = NULL;
	int r, status = CTL_ERROR;

	r = stack_read(STACK_CONFDIR, service, &stack, &errors);
	if (r == 0)
		status = place_auth(stack, arguments, text);
	else
		ctl_complain("%s: %s", service, text_error(r));
	stack_free(stack);
	conf_errors_done(&errors);
	return status;
}

int
plan_enable(const char *service, const struct plan_wish *wish,
    struct plan *ret_plan)
{
	const char *arguments = wish_text(wish);
	struct block_text text;
	bool is_new;
	int status;

	status = read_file(service, ret_plan, &text);
	is_new = text.n == 0;
	/* First: it goes by where the blocks are in the file. */
	if (status == CTL_OK && wish->asks && !has_auth(&text))
		status = insert_auth(arguments, service, &text);
	if (status == CTL_OK)
		status = is_new ? insert(arguments, service, &text) :
				  rewrite(&text, service, arguments);
	if (status == CTL_OK)
		status = finish(ret_plan, &text);
	block_done(&text);
	return status;
}

/* ---- the way back ------------------------------------------------------ */

int
plan_disable(const char *service, struct plan *ret_plan)
{
	char path[STACKFILE_PATH_MAX];
	struct block_text text;
	unsigned int line;
	int status;

	status = read_file(service, ret_plan, &text);
	if (status != CTL_OK)
		return status;
	line = find_by_hand(text.rest, text.len);
	if (line > 0) {
		/* Before its module goes away, somebody has to know. */
		ctl_complain("%s: the gate has a line here that enable did not "
			     "write, number %u of the file without the marked "
			     "ones; take it out by hand",
		    stackfile_path(service, path), line);
		status = CTL_ERROR;
	} else if (text.n == 0) {
		status = CTL_NO;
	} else {
		block_clear(&text);
		status = finish(ret_plan, &text);
	}
	block_done(&text);
	return status;
}

/* As many blocks as the earlier one has, where there are some now: who has
 * taken the gate out since did not want it back. */
static int
put_back(struct block_text *now, struct block_text *then)
{
	struct block_text places = *now;
	unsigned int before;
	int r = 0;

	if (places.n == 0)
		return 0;
	now->n = 0; /* they are in places */
	for (size_t i = 0; i < then->n && r == 0; i++) {
		before = i < places.n ? places.blocks[i].before :
					then->blocks[i].before;
		r = block_add(now, before, then->blocks[i].lines);
	}
	block_clear(&places);
	return r;
}

int
plan_restore(const char *service, const char *earlier, size_t len,
    struct plan *ret_plan)
{
	struct block_text text, then;
	unsigned int line;
	int status;

	memset(&then, 0, sizeof(then));
	status = read_file(service, ret_plan, &text);
	if (status == CTL_OK &&
	    (block_split(earlier, len, &then, &line) != 0 ||
		put_back(&text, &then) != 0)) {
		ctl_complain("%s: its earlier lines cannot be put back; see "
			     "farmgatectl disable",
		    service);
		status = CTL_ERROR;
	}
	if (status == CTL_OK)
		status = finish(ret_plan, &text);
	block_done(&then);
	block_done(&text);
	return status;
}

/* ---- a plan ------------------------------------------------------------ */

bool
plan_changes(const struct plan *plan)
{
	return plan->before_len != plan->after_len ||
	    memcmp(plan->before, plan->after, plan->before_len) != 0;
}

int
plan_print(const struct plan *plan)
{
	char path[STACKFILE_PATH_MAX];

	return diff_print(stackfile_path(plan->service, path), plan->after,
	    plan->after_len);
}

int
plan_carry_out(const struct plan *plan)
{
	return stackfile_replace(plan->service, plan->before, plan->before_len,
	    plan->after, plan->after_len);
}

void
plan_done(struct plan *plan)
{
	free(plan->before);
	free(plan->after);
	memset(plan, 0, sizeof(*plan));
}
