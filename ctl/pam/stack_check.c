/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of mistakes, and those about which lines of the gate's there are
 * and whether they are reached.
 */
#include "ctl/pam/stack_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/pam/control.h"
#include "ctl/pam/reach.h"
#include "ctl/pam/stack_checks.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TEXT_SIZE 2048u

static void check_auth_only(struct check *c);
static void check_no_account(struct check *c);
static void check_no_session(struct check *c);
static void check_account_is_skipped(struct check *c);
static void check_session_is_skipped(struct check *c);

static const struct {
	const char *code;
	enum severity severity;
	void (*run)(struct check *c);
} checks[] = {
	{ "auth-only", SEVERITY_ERROR, check_auth_only },
	{ "no-account", SEVERITY_ERROR, check_no_account },
	{ "no-session", SEVERITY_WARNING, check_no_session },
	{ "skipped", SEVERITY_ERROR, check_account_is_skipped },
	{ "session-skipped", SEVERITY_WARNING, check_session_is_skipped },
	{ "passed-over", SEVERITY_ERROR, check_controls },
	{ "exempt-refused", SEVERITY_ERROR, check_exempt_is_refused },
	{ "ends-stack", SEVERITY_WARNING, check_ends_the_stack },
	{ "stands-in", SEVERITY_ERROR, check_auth_stands_in },
	{ "delegate", SEVERITY_ERROR, check_delegate },
	{ "not-asked", SEVERITY_WARNING, check_nobody_is_asked },
	{ "no-delegate", SEVERITY_WARNING, check_hands_over_to_nobody },
	{ "strangers", SEVERITY_ERROR, check_strangers_are_asked },
	{ "twice", SEVERITY_WARNING, check_twice },
	{ "asks-twice", SEVERITY_ERROR, check_asks_twice },
	{ "argument", SEVERITY_ERROR, check_arguments },
	{ "observe-differs", SEVERITY_ERROR, check_observe_differs },
	{ "on-error-differs", SEVERITY_WARNING, check_on_error_differs },
	{ "timeout", SEVERITY_WARNING, check_timeout },
	{ "gate-missing", SEVERITY_ERROR, check_module_is_missing },
	{ "gate-unsafe", SEVERITY_ERROR, check_gate_is_unsafe },
	{ "module-missing", SEVERITY_ERROR, check_other_is_missing },
	{ "module-unused", SEVERITY_WARNING, check_other_is_unused },
	{ "loginuid", SEVERITY_WARNING, check_loginuid },
	{ "user-environment", SEVERITY_ERROR, check_user_environment },
	{ "fails-open", SEVERITY_WARNING, check_fails_open },
	{ "console-locked", SEVERITY_WARNING, check_console_is_locked },
	{ "remote-locked", SEVERITY_WARNING, check_remote_is_locked },
	{ "exempt", SEVERITY_WARNING, check_exempt_is_asked },
	{ "sister", SEVERITY_ERROR, check_sister },
	{ "common", SEVERITY_WARNING, check_common },
};

/* ---- what checks have in common ----------------------------------------- */

void
check_say(struct check *c, const struct stack_line *line, const char *fix,
    const char *fmt, ...)
{
	const struct stack *st = c->stack;
	char what[TEXT_SIZE];
	struct mistake m = { .severity = c->severity,
		.code = c->code,
		.service = st->service,
		.file = line != NULL ? line->file : st->path,
		.line = line != NULL ? line->line : 0,
		.what = what,
		.fix = fix };
	va_list ap;
	int r;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	r = mistakes_add(c->mistakes, &m);
	if (c->r == 0)
		c->r = r;
}

/* ---- which lines there are ---------------------------------------------- */

static bool
is_in_auth_only(const struct stack *stack)
{
	return guarded_line(stack, STACK_AUTH) != NULL &&
	    guarded_line(stack, STACK_ACCOUNT) == NULL &&
	    guarded_line(stack, STACK_SESSION) == NULL;
}

static void
check_auth_only(struct check *c)
{
	if (is_in_auth_only(c->stack))
		check_say(c, guarded_line(c->stack, STACK_AUTH),
		    "add an account and a session line of it",
		    "the gate is in auth alone, where it refuses nobody");
}

static void
check_no_account(struct check *c)
{
	if (guarded_line(c->stack, STACK_ACCOUNT) == NULL &&
	    !is_in_auth_only(c->stack))
		check_say(c, NULL,
		    "add \"account required pam_farmgate.so\" above the other "
		    "account lines",
		    "no account line of the gate, which decides there");
}

static void
check_no_session(struct check *c)
{
	if (guarded_line(c->stack, STACK_SESSION) == NULL &&
	    guarded_line(c->stack, STACK_ACCOUNT) != NULL)
		check_say(c, NULL,
		    "add \"session required pam_farmgate.so\" below "
		    "pam_loginuid and above the other session lines",
		    "no session line of the gate: sessions are not counted, "
		    "and cannot be ended");
}

/* ---- whether they are reached ------------------------------------------- */

static void
say_skipped(struct check *c, const struct stack_line *gate,
    const struct reach_way *way)
{
	bool jumps = way->line->actions[way->code] > 0;

	check_say(c, gate,
	    "put the gate's line above that one, and above what brings it in",
	    "the gate is not asked when %s at %s:%u returns %s: its control %s "
	    "%s",
	    way->line->module, way->line->file, way->line->line,
	    control_code_name(way->code), way->line->control,
	    jumps ? "jumps over the gate" : "ends the stack before the gate");
}

static void
check_skipped(struct check *c, enum stack_type type)
{
	struct reach_way ways[REACH_WAYS_MAX];
	const struct stack_line *gate = guarded_line(c->stack, type);
	size_t n;

	c->r = reach_find_ways(c->stack, type, ways, &n);
	if (c->r == FG_ERR_LIMIT) {
		c->r = 0;
		check_say(c, gate, "put the gate's line above them",
		    "too many lines before the gate end the stack or jump, to "
		    "tell whether it is always asked");
	}
	for (size_t i = 0; i < n && c->r == 0; i++)
		say_skipped(c, gate, &ways[i]);
}

static void
check_account_is_skipped(struct check *c)
{
	check_skipped(c, STACK_ACCOUNT);
}

static void
check_session_is_skipped(struct check *c)
{
	check_skipped(c, STACK_SESSION);
}

bool
stack_check_names_gate(const struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		if (stack_is_gate(&stack->lines[i]))
			return true;
	return false;
}

/* ---- all of them -------------------------------------------------------- */

int
stack_check(const struct stack *stack, const struct surroundings *around,
    struct mistakes *mistakes)
{
	struct check c = {
		.stack = stack, .around = around, .mistakes = mistakes
	};

	if (!stack_check_names_gate(stack)) {
		c.severity = SEVERITY_ERROR;
		c.code = "no-gate";
		check_say(&c, NULL, "enable it: farmgatectl enable SERVICE",
		    "no line of the gate: nobody is asked about");
		return c.r;
	}
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		c.severity = checks[i].severity;
		c.code = checks[i].code;
		checks[i].run(&c);
		if (c.r != 0)
			break;
	}
	return c.r;
}

static int
add_error(const char *service, const struct conf_error *error,
    struct mistakes *mistakes)
{
	char *what = strdup(error->text), *fix;
	struct mistake m = { .severity = SEVERITY_ERROR,
		.code = "unreadable",
		.service = service,
		.file = error->file,
		.line = error->line,
		.what = what,
		.fix = "see pam.conf(5)" };
	int r;

	if (what == NULL)
		return FG_ERR_NOMEM;
	if ((fix = strstr(what, "; ")) != NULL) {
		*fix = '\0';
		m.fix = fix + 2;
	}
	r = mistakes_add(mistakes, &m);
	free(what);
	return r;
}

int
stack_check_errors(const char *service, const struct conf_errors *errors,
    struct mistakes *mistakes)
{
	int r = errors->lost ? FG_ERR_NOMEM : 0;

	for (size_t i = 0; i < errors->count && r == 0; i++)
		r = add_error(service, &errors->list[i], mistakes);
	return r;
}
