/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mistakes around the gate's lines: modules that are missing, lines in a wrong
 * order, what kind of service it is, and other services.
 */
#include <stdlib.h>
#include <string.h>

#include <security/pam_modules.h>

#include "ctl/pam/modfile.h"
#include "ctl/pam/stack_checks.h"
#include "policyd/text.h"
#include "proto/glass.h"
#include "proto/result.h"

/* ---- files of modules --------------------------------------------------- */

void
check_module_is_missing(struct check *c)
{
	const struct stack_line *l;
	char path[PATH_MAX];

	for (size_t i = 0; i < c->stack->n; i++) {
		l = &c->stack->lines[i];
		if (stack_is_gate(l) && modfile_find(l->module, path) != 0)
			check_say(c, l,
			    "install Farmgate, or take the line out",
			    "%s is not there: nobody passes the line",
			    l->module);
	}
}

void
check_gate_is_unsafe(struct check *c)
{
	const struct stack_line *l;
	char path[PATH_MAX];
	const char *why;

	for (size_t i = 0; i < c->stack->n; i++) {
		l = &c->stack->lines[i];
		if (stack_is_gate(l) && modfile_find(l->module, path) == 0 &&
		    modfile_check(path, &why) != 0)
			check_say(c, l, "install it anew",
			    "others than root may be able to change %s: it "
			    "%.*s",
			    path, (int)strcspn(why, ";"), why);
	}
}

/* The line of another module that is missing, if it fails for that. */
static void
check_others(struct check *c, bool fails)
{
	const struct stack_line *l;
	char path[PATH_MAX];
	int action;

	for (size_t i = 0; i < c->stack->n; i++) {
		l = &c->stack->lines[i];
		if (l->is_substack || stack_is_gate(l) ||
		    modfile_find(l->module, path) == 0)
			continue;
		action = l->actions[PAM_MODULE_UNKNOWN];
		if ((action == STACK_BAD || action == STACK_DIE) != fails)
			continue;
		if (fails)
			check_say(c, l, "install it, or take the line out",
			    "%s is not there: nobody passes the line",
			    l->module);
		else if (!l->is_optional)
			check_say(c, l,
			    "install it, or write \"-\" in front of the line",
			    "%s is not there, and the line does nothing",
			    l->module);
	}
}

void
check_other_is_missing(struct check *c)
{
	check_others(c, true);
}

void
check_other_is_unused(struct check *c)
{
	check_others(c, false);
}

/* ---- the order of session lines ----------------------------------------- */

void
check_loginuid(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_SESSION);
	const struct stack_line *end = c->stack->lines + c->stack->n;

	if (gate == NULL)
		return;
	for (const struct stack_line *l = gate + 1; l < end; l++)
		if (l->type == STACK_SESSION &&
		    stack_is_module(l, "pam_loginuid.so")) {
			check_say(c, gate, "put it below that line",
			    "above pam_loginuid at %s:%u, by whose audit "
			    "session sudo in a detached terminal is found",
			    l->file, l->line);
			return;
		}
}

void
check_user_environment(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_SESSION);

	if (gate == NULL)
		return;
	for (const struct stack_line *l = c->stack->lines; l < gate; l++)
		if (l->type == STACK_SESSION &&
		    stack_is_module(l, "pam_env.so") &&
		    guarded_has_argument(l, "user_readenv=1"))
			check_say(c, gate, "put it above that line",
			    "below pam_env with user_readenv=1 at %s:%u, by "
			    "which users say where they come from",
			    l->file, l->line);
}

/* ---- the kind of service ------------------------------------------------ */

static enum service_kind
kind_of(const struct check *c)
{
	enum service_kind kind;

	if (c->around->conf == NULL)
		return SERVICE_NONE;
	kind = conf_service_kind(c->around->conf, c->stack->service);
	return kind == SERVICE_NONE ? SERVICE_REMOTE : kind;
}

void
check_fails_open(struct check *c)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_ACCOUNT);
	struct args args;

	if (gate == NULL || kind_of(c) != SERVICE_REMOTE)
		return;
	args = check_args(c, gate);
	if (c->r == 0 && args.allow_on_error && !args.observe)
		check_say(c, gate,
		    "write on_error=deny, and name in "
		    "/etc/farmgate/breakglass who has to get in",
		    "%s is a remote service, and on_error=allow lets everybody "
		    "in while the daemon is down",
		    c->stack->service);
}

/* Whether somebody has a way in by this file and service, from there. */
static bool
has_glass(const struct check *c, const char *path, enum fg_glass_from from)
{
	struct fg_glass_entry e;
	struct fg_glass glass;
	bool found = false;
	int r;

	r = fg_glass_open(&glass, path);
	while (!found && (r == 0 || r == FG_ERR_FORMAT)) {
		r = fg_glass_next(&glass, &e);
		found = r == 0 && (e.from == from || e.from == FG_GLASS_ANY) &&
		    (strcmp(e.service, "*") == 0 ||
			strcmp(e.service, c->stack->service) == 0);
	}
	fg_glass_close(&glass);
	return found;
}

/* Whether its line lets nobody in while the daemon is down. The gate's line, or
 * NULL. */
static const struct stack_line *
locked_by(struct check *c, enum service_kind kind, enum fg_glass_from from)
{
	const struct stack_line *gate = guarded_line(c->stack, STACK_ACCOUNT);
	struct args args;

	if (gate == NULL || kind_of(c) != kind)
		return NULL;
	args = check_args(c, gate);
	return c->r == 0 && !args.allow_on_error && !args.observe &&
		!has_glass(c, args.breakglass, from) ?
	    gate :
	    NULL;
}

void
check_console_is_locked(struct check *c)
{
	const struct stack_line *gate;

	gate = locked_by(c, SERVICE_CONSOLE, FG_GLASS_CONSOLE);
	if (gate != NULL)
		check_say(c, gate,
		    "name in /etc/farmgate/breakglass who has to get in from "
		    "the console",
		    "%s is the console, where nobody gets in while the daemon "
		    "is down",
		    c->stack->service);
}

void
check_remote_is_locked(struct check *c)
{
	const struct stack_line *gate;

	gate = locked_by(c, SERVICE_REMOTE, FG_GLASS_ADDRESS);
	if (gate != NULL)
		check_say(c, gate,
		    "name in /etc/farmgate/breakglass who has to get in, and "
		    "from where",
		    "nobody gets in by %s while the daemon is down",
		    c->stack->service);
}

void
check_exempt_is_asked(struct check *c)
{
	if (kind_of(c) == SERVICE_EXEMPT)
		check_say(c, NULL,
		    "take the lines out, or give it another kind in "
		    "farmgate.conf",
		    "%s is exempt: the gate ignores its logins, and refuses "
		    "them while the daemon is down",
		    c->stack->service);
}

/* ---- other services ----------------------------------------------------- */

static const struct {
	const char *service;
	const char *sister;
	const char *how;
} sisters[] = {
	{ "sudo", "sudo-i", "sudo -i" },
	{ "sudo-i", "sudo", "sudo without -i" },
	{ "su", "su-l", "su -" },
	{ "su-l", "su", "su without -" },
};

static void
check_one_sister(struct check *c, const char *sister, const char *how)
{
	struct conf_errors errors = { 0 };
	struct stack *stack;
	int r;

	r = stack_read(c->around->confdir, sister, &stack, &errors);
	if (r == FG_ERR_NOMEM)
		c->r = r;
	else if ((r == 0 || r == FG_ERR_CONFIG) &&
	    guarded_line(stack, STACK_ACCOUNT) == NULL)
		check_say(c, NULL, "guard both, or neither",
		    "%s has a stack of its own, %s, where the gate is not "
		    "asked",
		    how, stack->path);
	stack_free(stack);
	conf_errors_done(&errors);
}

void
check_sister(struct check *c)
{
	if (guarded_line(c->stack, STACK_ACCOUNT) == NULL)
		return;
	for (size_t i = 0; i < sizeof(sisters) / sizeof(sisters[0]); i++)
		if (strcmp(c->stack->service, sisters[i].service) == 0)
			check_one_sister(c, sisters[i].sister, sisters[i].how);
}

void
check_common(struct check *c)
{
	const struct stack_line *l;
	const char *slash;

	for (size_t i = 0; i < c->stack->n; i++) {
		l = &c->stack->lines[i];
		if (!stack_is_gate(l) ||
		    (slash = strrchr(l->file, '/')) == NULL ||
		    strncmp(slash, "/common-", 8) != 0)
			continue;
		check_say(c, l, "put it into the services' own files",
		    "the file is brought in by many services, such as cron");
	}
}
