/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions as they outlive the daemon: what a restart needs to find each of
 * them again, or to see that it ended. Written without a sync: after a crash
 * of the machine there is none of them anyway.
 */
#ifndef FG_STORE_SESSION_H
#define FG_STORE_SESSION_H

#include "policyd/facts.h"
#include "policyd/store/store.h"

#define STORE_BOOT_ID_SIZE 37u	/* /proc/sys/kernel/random/boot_id */

enum store_session_state {
	STORE_SESSION_NONE = 0,
	STORE_SESSION_OPEN,	/* its leading process lives */
	STORE_SESSION_ORPHAN,	/* that was killed, others of it live */
	STORE_SESSION_DETACHED	/* it was closed, others of it live */
};

struct store_session {
	char		 ref[FG_REF_MAX + 1];	/* its name; unique */
	enum store_session_state state;
	char		 person[FG_USER_MAX + 1]; /* who it counts for */
	char		 user[FG_USER_MAX + 1];	/* the account */
	char		 service[FG_SERVICE_MAX + 1];
	char		 policy[33];	/* its name; "": none held, or an older
					 * version opened it */
	bool		 observed;	/* its PAM line says observe */
	enum service_kind kind;		/* remote or console */
	struct fact_origin origin;	/* no .problem, nothing inherited */
	struct fact_where where;
	char		 device[FACT_DEVICE_MAX + 1]; /* see fact_device() */
	struct ssh_keys	 keys;		/* no .authority */
	struct fact_process process;	/* the leader */
	uint32_t	 uid;		/* the account's */
	uint32_t	 audit_session;	/* (uint32_t)-1: never set */
	char		 cgroup[FACT_CGROUP_MAX + 1];
	char		 boot_id[STORE_BOOT_ID_SIZE];
	int64_t		 opened_s;	/* wall clock */
	int64_t		 opened_boot_s;	/* CLOCK_BOOTTIME */
};

/* Add it, or replace the one with this reference. FG_ERR_FORMAT: it could not
 * be read back. */
int	store_session_put(struct store *store, const struct store_session *s);
/* That it is not there is no error. */
int	store_session_remove(struct store *store, const char *ref);

/* In no order; fn returns non-zero to stop, and must not write. */
typedef int (*store_session_fn)(const struct store_session *s, void *arg);
int	store_sessions_each(struct store *store, store_session_fn fn,
	    void *arg);

#endif
