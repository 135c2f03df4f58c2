/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit: which of the ways to read the audit log it is.
 */
#include "ctl/audit/export.h"
#include "ctl/audit/papers.h"
#include "ctl/audit/query.h"
#include "ctl/audit/reconcile.h"
#include "ctl/audit/review.h"
#include "ctl/audit/verify.h"
#include "ctl/ctl.h"

static int
run_verify(const struct ctl *ctl, int argc, char **argv)
{
	ctl_tell_read(ctl, "audit verify", NULL);
	return audit_verify(argc, argv);
}

static int
run_reconcile(const struct ctl *ctl, int argc, char **argv)
{
	ctl_tell_read(ctl, "audit reconcile", NULL);
	return audit_reconcile(argc, argv);
}

int
cmd_audit(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "verify", "reconcile", "review",
		"export", "bundle", NULL };
	static const ctl_fn run[] = { run_verify, run_reconcile, audit_review,
		audit_export, audit_papers };
	int i;

	if (argc < 2 || argv[1][0] == '-')
		return audit_query(ctl, argc, argv);
	if ((i = ctl_subcommand("audit", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
