/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit: which of the ways to read the audit log it is.
 */
#include "ctl/audit/query.h"
#include "ctl/audit/reconcile.h"
#include "ctl/audit/verify.h"
#include "ctl/ctl.h"

int
cmd_audit(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "verify", "reconcile", NULL };

	if (argc < 2 || argv[1][0] == '-') {
		ctl_tell_read(ctl, "audit");
		return audit_query(argc, argv);
	}
	switch (ctl_subcommand("audit", argc, argv, names)) {
	case 0:
		ctl_tell_read(ctl, "audit verify");
		return audit_verify(argc - 1, argv + 1);
	case 1:
		ctl_tell_read(ctl, "audit reconcile");
		return audit_reconcile(argc - 1, argv + 1);
	default:
		return CTL_ERROR;
	}
}
