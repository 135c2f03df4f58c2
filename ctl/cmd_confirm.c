/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl confirm and rollback: what becomes of a change that farmgatectl
 * enable has made.
 */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/rollout/guard.h"
#include "ctl/rollout/note.h"
#include "ctl/rollout/pending.h"
#include "ctl/rollout/services.h"

static int
confirm_locked(struct pending *ret_pending)
{
	int status = pending_read(ret_pending);

	if (status == CTL_NO) {
		ctl_complain("confirm: nothing waits to be confirmed; if it "
			     "was too late, all is as before");
		return CTL_NO;
	}
	if (status != CTL_OK)
		return status;
	if (pending_left_s(ret_pending) <= 0) {
		ctl_complain("confirm: too late: the change is being taken "
			     "back");
		return CTL_NO;
	}
	return pending_end();
}

int
cmd_confirm(const struct ctl *ctl, int argc, char **argv)
{
	const struct note note = { ctl, "confirm", "", "by hand", true };
	static struct pending pending;
	int lock, status;

	if (argc > 1)
		return ctl_misuse(argv[0], "confirm takes no argument: %s",
		    argv[1]);
	if (!services_may_change(argv[0]) || (lock = pending_lock()) == -1)
		return CTL_ERROR;
	status = confirm_locked(&pending);
	(void)close(lock); /* frees it: the daemon may hang */
	if (status != CTL_OK)
		return status;
	for (size_t i = 0; i < pending.n; i++)
		printf("%s: confirmed\n", pending.files[i].service);
	note_pending(&note, &pending);
	return CTL_OK;
}

int
cmd_rollback(const struct ctl *ctl, int argc, char **argv)
{
	bool wait = false;
	int status;
	const struct ctl_option options[] = {
		{ "wait", NULL, &wait },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("rollback", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind < argc)
		return ctl_misuse(argv[0], "rollback: unexpected argument %s",
		    argv[optind]);
	if (!services_may_change(argv[0]))
		return CTL_ERROR;
	if (wait)
		return guard_run(ctl);
	status = guard_roll_back(ctl);
	if (status == CTL_NO)
		ctl_complain("rollback: nothing waits to be confirmed");
	return status;
}
