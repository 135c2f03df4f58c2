/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of laptops' keys, for policyd/control alone.
 */
#ifndef FG_CONTROL_ENROL_H
#define FG_CONTROL_ENROL_H

#include "policyd/control/control_parts.h"
#include "policyd/store/store_enrolment.h"

/* control_enrol.c: what each laptop is told, and a laptop that is enrolled. */
void	control_enrol_host(struct control_job *job);
bool	control_enrol_add_check(struct control_job *job);
void	control_enrol_add(struct control_job *job);

/* control_enrol_judge.c: what there is to know before somebody says yes. */
#define CONTROL_ENROL_WAIT_S	INT64_C(259200)	/* 72 hours */

struct enrolling {
	struct store_enrolment e;	/* what is to be */
	char		 claimed[ASSET_TAG_MAX + 1]; /* the laptop's own; "" */
	bool		 listed;	/* the inventory has the asset */
	struct asset	 asset;		/* that one */
	bool		 before;	/* the asset was enrolled before */
	struct store_enrolment last;	/* the latest of it */
	/* What its hardware was compared with: "inventory", "enrolment", or
	 * NULL: with nothing. */
	const char	*against;
	struct comparison compared;
	enum compare_grade grade;
};

/* False after control_problem(). */
bool	control_enrol_judge(struct control_job *job, struct enrolling *ret_x);
/* As farmgatectl enrol add shows it. */
void	control_enrol_set(struct json *json, const struct enrolling *x);

/* control_device_keys.c */
void	control_device_list(struct control_job *job);
bool	control_device_revoke_check(struct control_job *job);
void	control_device_revoke(struct control_job *job);
bool	control_device_remove_check(struct control_job *job);
void	control_device_remove(struct control_job *job);

/* control_record.c: each returns what daemon_audit() returns. */
int	control_record_host_key(struct control_job *job, const char *key);
int	control_record_enrolment(struct control_job *job, const char *action,
	    const struct store_enrolment *e);
/* The same of one that is added, with what was known of it. */
int	control_record_enrolling(struct control_job *job,
	    const struct enrolling *x);

#endif
