/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl: one program, one file a command. A command gets its own
 * arguments (argv[0] is its name, getopt(3) is reset) and returns the exit
 * status; what it has to say goes to standard output, complaints to standard
 * error, other people's bytes through text_escape_utf8().
 */
#ifndef FG_CTL_H
#define FG_CTL_H

#include "policyd/audit/json.h"
#include "proto/msg.h"

#define CTL_RUNDIR	"/run/farmgate"

/* Exit statuses; what 1 means is each command's own. */
#define CTL_OK		0
#define CTL_NO		1
#define CTL_ERROR	2

/* What stands in front of the command. */
struct ctl {
	const char	*rundir;	/* -S: the folder of the sockets */
};

typedef int (*ctl_fn)(const struct ctl *ctl, int argc, char **argv);

int	cmd_check(const struct ctl *ctl, int argc, char **argv);
int	cmd_dump(const struct ctl *ctl, int argc, char **argv);
int	cmd_explain(const struct ctl *ctl, int argc, char **argv);
int	cmd_reload(const struct ctl *ctl, int argc, char **argv);
int	cmd_status(const struct ctl *ctl, int argc, char **argv);
int	cmd_test(const struct ctl *ctl, int argc, char **argv);

/* "farmgatectl: ...", one printable line on standard error. */
void	ctl_complain(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

/* The same, followed by the command's usage. Returns CTL_ERROR. */
int	ctl_misuse(const char *command, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * What getopt_long(3) has just refused, '?' or ':', as ctl_misuse() says it:
 * for commands, which set opterr to 0.
 */
int	ctl_bad_option(const char *command, int c, char **argv);

/*
 * The exit status for what conf_load(path) has returned, after its errors were
 * printed: a file that is not there or cannot be read is no wrong one.
 * Returns CTL_OK, CTL_NO or CTL_ERROR.
 */
int	ctl_conf_status(const char *path, int r);

#define CTL_TEXT_SIZE	1024u

/* A member's text made fit for a terminal, or def. Returns buf. */
const char	*ctl_text(const struct json *json, const char *key,
		    const char *def, char buf[CTL_TEXT_SIZE]);

/*
 * Ask the daemon and wait at most timeout_ms for its report. Complains itself,
 * with what to do about it. The caller frees *ret_report.
 * Returns CTL_OK, or CTL_ERROR: there is no report.
 */
int	ctl_call(const struct ctl *ctl, enum fg_msg_type type,
	    unsigned int timeout_ms, struct json **ret_report,
	    int *ret_exit_status);

#endif
