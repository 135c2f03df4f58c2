/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One scan of the machine: processes, their sockets, the service manager's
 * sessions, what is installed, network interfaces and the default gateway; the
 * hardware beside them.
 */
#ifndef FG_LOOK_H
#define FG_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/scanner/picture.h"
#include "policyd/scanner/rule.h"

struct look;

/*
 * Open what the sandbox no longer lets open: the kernel's answers about sockets
 * and its news of devices. What cannot be had shows in each picture's .failed.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	look_new(struct look **ret_look);
void	look_free(struct look *look);

/* Take rules over; what was there is freed. */
void	look_set_rules(struct look *look, struct rules *rules);

/* News of devices, as of hardware.h. */
int	look_fd(const struct look *look);
bool	look_news(struct look *look);

/*
 * Set .steered of a process whose ancestors are known: the nearest of them
 * that is a program of an entry which steers a session (not ENTRY_STEERS_NONE),
 * and .late if some of them could not be looked at in time.
 */
void	look_steered(struct look *look, struct fact_peer *peer);

/* Look at everything, for so long and no longer; sets all of *ret_picture. */
void	look_take(struct look *look, unsigned int budget_ms,
	    struct picture *ret_picture);

/*
 * Whose socket is at the other end of a connection of this machine to itself:
 * the cgroup of the process that connected. addr and ports as in
 * SSH_CONNECTION, numeric. ret_cgroup is "" where only the uid is known: in the
 * root cgroup, and without a unified hierarchy. Returns 0, FG_ERR_NOT_FOUND,
 * FG_ERR_LIMIT (the cgroup does not fit) or FG_ERR_SYSTEM.
 */
struct look_ends {
	uint8_t	 client[16];		/* as of struct addr */
	uint8_t	 server[16];
	uint16_t client_port;
	uint16_t server_port;
};
int	look_client_cgroup(struct look *look, const struct look_ends *ends,
	    char *ret_cgroup, size_t size, uint32_t *ret_uid);

#endif
