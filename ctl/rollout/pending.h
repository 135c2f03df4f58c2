/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A change of PAM stacks that nobody has confirmed yet, on the disk: a crash or
 * a power failure must not make it a lasting one.
 */
#ifndef FG_CTL_ROLLOUT_PENDING_H
#define FG_CTL_ROLLOUT_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl/rollout/plan.h"
#include "policyd/store/store_history.h"

/* Root's, mode 0700. It holds "pending", the locks, and SERVICE.before: the
 * file as it was before the last change of it. */
#define PENDING_FOLDER	    "/var/lib/farmgate-rollout"
#define PENDING_SERVICES_MAX 64u

struct pending {
	char	 boot_id[STORE_BOOT_ID_SIZE];	/* when it was made */
	int64_t	 until_boot_s;	/* CLOCK_BOOTTIME when it is taken back */
	size_t	 n;
	struct pending_file {
		char	 service[FG_SERVICE_MAX + 1];
		char	 after[65];	/* SHA-256 of what was written, hex */
	} files[PENDING_SERVICES_MAX];
};

/* Have the folder. Complains. Returns CTL_OK or CTL_ERROR. */
int	pending_prepare(void);

/*
 * One at a time may change stacks, and one wait for the end of the time. A
 * descriptor that holds the lock until it is closed, or -1 after a complaint.
 * The first is waited for some seconds, as nobody keeps it for longer who does
 * not hang; the second without a limit.
 */
int	pending_lock(void);
int	pending_lock_guard(void);

/*
 * Keep the plans' earlier versions, and the record of what is to be confirmed
 * within that many seconds: on the disk when this returns. Complains. On an
 * error some of it may be there. Returns CTL_OK or CTL_ERROR.
 */
int	pending_write(const struct plan *plans, size_t n, int64_t within_s);

/* Returns CTL_OK, CTL_NO (there is none) or CTL_ERROR after a complaint. */
int	pending_read(struct pending *ret_pending);

/* Seconds that are left; 0 and less: it is to be taken back, as it is if the
 * machine was started since. */
int64_t	pending_left_s(const struct pending *pending);

/* There is none from now on. Returns CTL_OK or CTL_ERROR. */
int	pending_end(void);

/*
 * Take it back, and end it if that could be done for each file. A file that
 * somebody has edited meanwhile keeps that; where the gate's lines cannot be
 * put back into it, it becomes the earlier version, and what was there is kept,
 * see stackfile_exchange(). Complains, and says each file on standard output.
 * Returns CTL_OK or CTL_ERROR.
 */
int	pending_roll_back(const struct pending *pending);

#endif
