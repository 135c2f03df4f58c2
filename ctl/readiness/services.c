/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of which services something should have been observed: those that are named,
 * or those whose PAM lines say that they observe.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/pam/guarded.h"
#include "ctl/readiness/readiness_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

static bool
is_observed(const struct stack *stack)
{
	const struct stack_line *line = guarded_line(stack, STACK_ACCOUNT);

	if (line == NULL)
		line = guarded_line(stack, STACK_SESSION);
	return line != NULL && guarded_has_argument(line, "observe");
}

static int
add(struct readiness *r, const char *name)
{
	if ((r->services[r->nservices].name = strdup(name)) == NULL)
		return FG_ERR_NOMEM;
	r->nservices++;
	return 0;
}

static int
add_named(struct readiness *r)
{
	int e = 0;
	size_t i;

	r->services = calloc(r->o->nservices, sizeof(*r->services));
	if (r->services == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < r->o->nservices && e == 0; i++)
		e = add(r, r->o->services[i]);
	return e;
}

static int
add_observed(struct readiness *r)
{
	static struct guarded guarded;
	size_t i;
	int e;

	e = guarded_find(r->o->confdir, NULL, &guarded);
	if (e == 0 && guarded.n > 0) {
		r->services = calloc(guarded.n, sizeof(*r->services));
		e = r->services == NULL ? FG_ERR_NOMEM : 0;
	}
	for (i = 0; i < guarded.n && e == 0; i++)
		if (is_observed(guarded.list[i]))
			e = add(r, guarded.list[i]->service);
	guarded_done(&guarded);
	return e;
}

int
readiness_list_services(struct readiness *r)
{
	int e = r->o->nservices > 0 ? add_named(r) : add_observed(r);

	if (e == 0)
		return CTL_OK;
	ctl_complain("readiness: %s: %s", r->o->confdir, text_error(e));
	return CTL_ERROR;
}
