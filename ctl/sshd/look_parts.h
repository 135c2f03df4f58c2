/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checks of an sshd, for the table in look.c alone. Each looks at one
 * case, says what it has found, if anything, and how grave that is.
 */
#ifndef FG_CTL_SSHD_LOOK_PARTS_H
#define FG_CTL_SSHD_LOOK_PARTS_H

#include "ctl/sshd/look.h"

/* One case, and what holds for all of them. */
struct look {
	const struct look_world *world;
	const struct effective *settings;
	const char	*user;		/* NULL: nobody knows whose it is */
	char		*text;		/* of LOOK_TEXT_SIZE */
};

typedef enum look_severity (*look_fn)(const struct look *look);

/* Put it down, cut if need be. Returns severity. */
enum look_severity	look_say(const struct look *look,
			    enum look_severity severity, const char *fmt, ...)
			    __attribute__((format(printf, 3, 4)));

/* The keyword's first value, or "". */
const char	*look_at(const struct look *look, const char *keyword);
bool		 look_is(const struct look *look, const char *keyword,
		    const char *value);
/* "yes". */
bool		 look_on(const struct look *look, const char *keyword);

/* look_gate.c: whether the gate is asked, and what it is told. */
enum look_severity	look_use_pam(const struct look *look);
enum look_severity	look_pam_service(const struct look *look);
enum look_severity	look_use_dns(const struct look *look);
enum look_severity	look_max_sessions(const struct look *look);
enum look_severity	look_gssapi(const struct look *look);
enum look_severity	look_hostbased(const struct look *look);
enum look_severity	look_user_environment(const struct look *look);
enum look_severity	look_accept_env(const struct look *look);
enum look_severity	look_auth_info(const struct look *look);

/* look_step_up.c: what step-up will need. */
enum look_severity	look_keyboard_interactive(const struct look *look);
enum look_severity	look_methods(const struct look *look);
enum look_severity	look_order(const struct look *look);
enum look_severity	look_password(const struct look *look);
enum look_severity	look_empty_passwords(const struct look *look);
enum look_severity	look_root(const struct look *look);
enum look_severity	look_grace_time(const struct look *look);
enum look_severity	look_max_startups(const struct look *look);

/* look_keys.c: what a bound key proves. */
enum look_severity	look_pubkey_options(const struct look *look);

/* look_source.c: addresses that many people come from. */
enum look_severity	look_penalties(const struct look *look);
enum look_severity	look_source_startups(const struct look *look);

#endif
