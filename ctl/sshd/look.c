/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of checks, and what they say of each case put together: the
 * gravest first, and what holds for several cases once.
 */
#include "ctl/sshd/look.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/sshd/look_parts.h"
#include "proto/result.h"

/* The manual page has the same table; tests/lint/man.sh compares. */
static const struct {
	const char *name;
	look_fn look;
} checks[] = {
	{ "use-pam", look_use_pam },
	{ "pam-service", look_pam_service },
	{ "use-dns", look_use_dns },
	{ "keyboard-interactive", look_keyboard_interactive },
	{ "authentication-methods", look_methods },
	{ "method-order", look_order },
	{ "password", look_password },
	{ "empty-passwords", look_empty_passwords },
	{ "root-login", look_root },
	{ "login-grace-time", look_grace_time },
	{ "max-startups", look_max_startups },
	{ "per-source-penalties", look_penalties },
	{ "per-source-max-startups", look_source_startups },
	{ "max-sessions", look_max_sessions },
	{ "gssapi", look_gssapi },
	{ "hostbased", look_hostbased },
	{ "user-environment", look_user_environment },
	{ "accept-env", look_accept_env },
	{ "expose-auth-info", look_auth_info },
	{ "pubkey-options", look_pubkey_options },
};

#define CHECKS (sizeof(checks) / sizeof(checks[0]))

enum look_severity
look_say(const struct look *look, enum look_severity severity, const char *fmt,
    ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(look->text, LOOK_TEXT_SIZE, fmt, ap);
	va_end(ap);
	return severity;
}

const char *
look_at(const struct look *look, const char *keyword)
{
	const char *value = effective_get(look->settings, keyword, 0);

	return value == NULL ? "" : value;
}

bool
look_is(const struct look *look, const char *keyword, const char *value)
{
	return effective_is(look->settings, keyword, value);
}

bool
look_on(const struct look *look, const char *keyword)
{
	return look_is(look, keyword, "yes");
}

const char *
look_severity_name(enum look_severity severity)
{
	static const char *const names[] = {
		[LOOK_NONE] = "none",
		[LOOK_NOTE] = "note",
		[LOOK_WARNING] = "warning",
		[LOOK_ERROR] = "error",
	};

	return names[severity];
}

static struct look_finding *
find(struct look_findings *findings, const char *name, const char *text)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].check == name &&
		    strcmp(findings->v[i].text, text) == 0)
			return &findings->v[i];
	return NULL;
}

/* An empty one at the end. NULL without memory. */
static struct look_finding *
append(struct look_findings *findings, size_t ncases)
{
	struct look_finding *v, *f;

	v = reallocarray(findings->v, findings->n + 1, sizeof(*v));
	if (v == NULL)
		return NULL;
	findings->v = v;
	f = &v[findings->n];
	memset(f, 0, sizeof(*f));
	if ((f->holds = calloc(ncases, sizeof(*f->holds))) == NULL)
		return NULL;
	findings->n++;
	return f;
}

/* One check of one case. */
static int
look_once(const struct look_world *world, size_t which, size_t nth,
    struct look_findings *findings)
{
	char text[LOOK_TEXT_SIZE] = "";
	const struct look look = { .world = world,
		.settings = world->cases[nth].settings,
		.user = world->cases[nth].user,
		.text = text };
	enum look_severity severity = checks[which].look(&look);
	struct look_finding *f;

	if (severity == LOOK_NONE)
		return 0;
	if ((f = find(findings, checks[which].name, text)) == NULL) {
		if ((f = append(findings, world->ncases)) == NULL)
			return FG_ERR_NOMEM;
		f->check = checks[which].name;
		f->severity = severity;
		memcpy(f->text, text, sizeof(f->text));
	}
	f->holds[nth] = true;
	f->nholds++;
	return 0;
}

/* By severity; equal ones stay as they were. */
static void
sort(struct look_findings *findings)
{
	struct look_finding f;
	size_t i, at;

	for (i = 1; i < findings->n; i++) {
		f = findings->v[i];
		for (at = i;
		     at > 0 && findings->v[at - 1].severity < f.severity; at--)
			findings->v[at] = findings->v[at - 1];
		findings->v[at] = f;
	}
}

int
look_run(const struct look_world *world, struct look_findings *findings)
{
	size_t which, nth;
	int r;

	assert(world->ncases > 0);
	for (which = 0; which < CHECKS; which++)
		for (nth = 0; nth < world->ncases; nth++)
			if ((r = look_once(world, which, nth, findings)) != 0)
				return r;
	sort(findings);
	return 0;
}

void
look_findings_done(struct look_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		free(findings->v[i].holds);
	free(findings->v);
	findings->v = NULL;
	findings->n = 0;
}

size_t
look_count(const struct look_findings *findings, enum look_severity severity)
{
	size_t i, n = 0;

	for (i = 0; i < findings->n; i++)
		n += findings->v[i].severity == severity;
	return n;
}
