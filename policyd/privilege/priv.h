/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who the two processes become. priv.c is the only file that knows libcap.
 * Look-ups of names happen before the drop; the drop is verified by trying to
 * undo it, and anything left over is fatal.
 */
#ifndef FG_PRIV_H
#define FG_PRIV_H

#include <sys/types.h>

struct priv_ids {
	uid_t	 uid;
	gid_t	 gid;
};

/*
 * The uid and gid of a user. Refuses uid or gid 0.
 * Returns 0, FG_ERR_NOT_FOUND, FG_ERR_UNSAFE (it is root) or FG_ERR_SYSTEM.
 */
int	priv_lookup_user(const char *user, struct priv_ids *ret_ids);
int	priv_lookup_group(const char *group, gid_t *ret_gid);

/*
 * Become ids with no supplementary groups and exactly the capabilities of
 * caps ("" for none, "cap_sys_ptrace=ep") in permitted, effective and
 * bounding, nothing inheritable or ambient; not dumpable; no_new_privs. Then
 * re-read all of it and try to become root again. Fatal on anything amiss.
 * Only for a process that starts as root.
 */
void	priv_drop(const struct priv_ids *ids, const char *caps);

/* Only the verification. Returns 0, or FG_ERR_UNSAFE and a static reason. */
int	priv_verify(const struct priv_ids *ids, const char *caps,
	    const char **ret_why);

#endif
