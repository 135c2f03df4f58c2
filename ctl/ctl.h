/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl: one program, one file a command. A command gets its own
 * arguments (argv[0] is its name, getopt(3) is reset) and returns the exit
 * status; what it has to say goes to standard output, complaints to standard
 * error, other people's bytes through text_escape_utf8().
 */
#ifndef FG_CTL_H
#define FG_CTL_H

#include <stdio.h>

#include "policyd/json/json.h"
#include "proto/msg.h"

#define CTL_RUNDIR	"/run/farmgate"
#define CTL_DAEMON_USER "farmgate" /* as it is started without -u */
/* The terminal of what enable tries: no login, though a decision. Programs set
 * that item, not users. */
#define CTL_PROOF_TTY	"farmgatectl"

/* Exit statuses; what 1 means is each command's own. */
#define CTL_OK	  0
#define CTL_NO	  1
#define CTL_ERROR 2

/* What stands in front of the command. */
struct ctl {
	const char *rundir; /* -S: the folder of the sockets */
};

typedef int (*ctl_fn)(const struct ctl *ctl, int argc, char **argv);

int cmd_approvals(const struct ctl *ctl, int argc, char **argv);
int cmd_approve(const struct ctl *ctl, int argc, char **argv);
int cmd_audit(const struct ctl *ctl, int argc, char **argv);
int cmd_baseline(const struct ctl *ctl, int argc, char **argv);
int cmd_bundle(const struct ctl *ctl, int argc, char **argv);
int cmd_catalogue(const struct ctl *ctl, int argc, char **argv);
int cmd_check(const struct ctl *ctl, int argc, char **argv);
int cmd_check_pam(const struct ctl *ctl, int argc, char **argv);
int cmd_check_sshd(const struct ctl *ctl, int argc, char **argv);
int cmd_confirm(const struct ctl *ctl, int argc, char **argv);
int cmd_device(const struct ctl *ctl, int argc, char **argv);
int cmd_disable(const struct ctl *ctl, int argc, char **argv);
int cmd_enrol(const struct ctl *ctl, int argc, char **argv);
int cmd_enable(const struct ctl *ctl, int argc, char **argv);
int cmd_inventory(const struct ctl *ctl, int argc, char **argv);
int cmd_bypass(const struct ctl *ctl, int argc, char **argv);
int cmd_except(const struct ctl *ctl, int argc, char **argv);
int cmd_person(const struct ctl *ctl, int argc, char **argv);
int cmd_dossier(const struct ctl *ctl, int argc, char **argv);
int cmd_dump(const struct ctl *ctl, int argc, char **argv);
int cmd_policy(const struct ctl *ctl, int argc, char **argv);
int cmd_explain(const struct ctl *ctl, int argc, char **argv);
int cmd_farm(const struct ctl *ctl, int argc, char **argv);
int cmd_refuse(const struct ctl *ctl, int argc, char **argv);
int cmd_revoke(const struct ctl *ctl, int argc, char **argv);
int cmd_scan(const struct ctl *ctl, int argc, char **argv);
int cmd_sessions(const struct ctl *ctl, int argc, char **argv);
int cmd_unrevoke(const struct ctl *ctl, int argc, char **argv);
int cmd_readiness(const struct ctl *ctl, int argc, char **argv);
int cmd_report(const struct ctl *ctl, int argc, char **argv);
int cmd_replay(const struct ctl *ctl, int argc, char **argv);
int cmd_reload(const struct ctl *ctl, int argc, char **argv);
int cmd_rollback(const struct ctl *ctl, int argc, char **argv);
int cmd_status(const struct ctl *ctl, int argc, char **argv);
int cmd_metrics(const struct ctl *ctl, int argc, char **argv);
int cmd_stepup(const struct ctl *ctl, int argc, char **argv);
int cmd_support(const struct ctl *ctl, int argc, char **argv);
int cmd_hold(const struct ctl *ctl, int argc, char **argv);
int cmd_totp(const struct ctl *ctl, int argc, char **argv);
int cmd_test(const struct ctl *ctl, int argc, char **argv);
int cmd_verify(const struct ctl *ctl, int argc, char **argv);

/* "farmgatectl: ...", one printable line on standard error. */
void ctl_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, followed by the command's usage. Returns CTL_ERROR. */
int ctl_misuse(const char *command, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Ask at the terminal: "QUESTION [y/N] ". Returns CTL_OK for a yes; CTL_NO
 * after nothing was printed, the words for that nothing was done; CTL_ERROR
 * after a complaint that there is no terminal and --yes is needed. command may
 * be "".
 */
int ctl_ask(const char *command, const char *question, const char *nothing);

/*
 * What getopt_long(3) has just refused, '?' or ':', as ctl_misuse() says it;
 * by itself it says nothing here, as main has set opterr to 0.
 */
int ctl_bad_option(const char *command, int c, char **argv);

/* An option of a command: where its value goes, or that it was given. */
struct ctl_option {
	const char	*name;		/* NULL ends them */
	const char	**text;		/* or */
	bool		*flag;
};

/* All of them, up to optind; the last one of a name counts. Returns CTL_OK, or
 * CTL_ERROR, complained. */
int ctl_take_options(const char *command, int argc, char **argv,
    const struct ctl_option *list);
/* The options of a command that has none but --json. CTL_OK or CTL_ERROR. */
int ctl_take_json(const char *command, int argc, char **argv, bool *ret_json);

/*
 * The exit status for what conf_load(path) has returned, after its errors were
 * printed: a file that is not there or cannot be read is no wrong one.
 * Returns CTL_OK, CTL_NO or CTL_ERROR.
 */
int ctl_conf_status(const char *path, int r);

#define CTL_TEXT_SIZE 1024u

/* A member's text made fit for a terminal, or def. Returns buf. */
const char *ctl_text(const struct json *json, const char *key, const char *def,
    char buf[CTL_TEXT_SIZE]);

#define CTL_TIME_SIZE 32u

/* RFC 3339, or "now". Returns 0 or FG_ERR_FORMAT. */
int ctl_parse_time(const char *text, int64_t *ret_s);

/*
 * The same, and "+90s", "+30m", "+8h", "+3d", "+2w" after base_s, and a day,
 * "2026-03-01", which begins at midnight here, and ends a day later.
 */
int ctl_parse_when(const char *text, int64_t base_s, bool end, int64_t *ret_s);

/*
 * The same, of a command's option; *s is the base before, the time after.
 * Returns CTL_OK, or CTL_ERROR, complained.
 */
int ctl_take_when(const char *command, const char *option, const char *text,
    bool end, int64_t *s);

/* "2026-03-01 08:30 +0100", local time. Returns buf. */
const char *ctl_time_text(int64_t at_s, char buf[CTL_TIME_SIZE]);
/* With seconds, for what is over in a minute. Returns buf. */
const char *ctl_second_text(int64_t at_s, char buf[CTL_TIME_SIZE]);

/* Bytes that belong to a command, in either direction. */
struct ctl_stream {
	/* At most size bytes to send; none is the end. NULL: nothing to send.
	 * Returns CTL_OK, or CTL_ERROR after a complaint. */
	int (*more)(void *buf, size_t size, size_t *ret_len, void *arg);
	void *more_arg;
	/* Bytes that came. NULL: none are expected. Returns likewise. */
	int (*take)(const void *bytes, size_t len, void *arg);
	void *take_arg;
	/* Instead of that: each line that came, an object, which is freed
	 * afterwards. Returns likewise. */
	int (*line)(struct json *line, void *arg);
	void *line_arg;
	bool is_long; /* wait for minutes, not for seconds */
	bool is_brief; /* for two seconds: nothing depends on it */
	bool is_quiet; /* of a daemon that cannot be reached */
	bool is_mute; /* nor of what its report complains */
};

/*
 * Have the daemon carry out a command, an object with the member "do", which
 * is taken. Complains itself, also about the report's member "error".
 * Returns CTL_OK if there is a report, else CTL_ERROR. The caller frees it. The
 * exit status is CTL_ERROR without one, and where a line was cut.
 */
int ctl_command(const struct ctl *ctl, struct json *command,
    const struct ctl_stream *stream, struct json **ret_report,
    int *ret_exit_status);

/*
 * The audit log is about to be read by the permission of its files: tell the
 * daemon, which records that of auditors. about: whose records, or by which
 * reference, or NULL. Best effort, and without a word: of who may not ask it,
 * or without one, it is read all the same.
 */
void ctl_tell_read(const struct ctl *ctl, const char *command,
    const char *about);

/*
 * The same for a command that answers in lines and whose report says no more
 * than the exit status, which is returned. fn and arg are the stream's .line.
 */
int ctl_ask_lines(const struct ctl *ctl, struct json *command, bool is_long,
    int (*fn)(struct json *line, void *arg), void *arg);

/*
 * list.c: the lines of such a command on standard output, as JSON or by print()
 * below a heading (or NULL); "none" if there are none. The command is taken.
 * Returns the exit status.
 */
int ctl_list(const struct ctl *ctl, struct json *command, bool json,
    void (*heading)(void), void (*print)(const struct json *line));

/* The same for the subcommand of name that takes --json and nothing else, and
 * is what to the daemon. */
int ctl_list_all(const struct ctl *ctl, int argc, char **argv,
    const char *name, const char *what, void (*heading)(void),
    void (*print)(const struct json *line));

/* The command of a subcommand of name that takes --json and the number of one
 * of such a list, and is what to the daemon. NULL: complained. */
struct json *ctl_numbered(int argc, char **argv, const char *name,
    const char *what, bool *ret_json);

/* One of such a list that a command has made or removed, behind what became of
 * it. The command is taken. Returns the exit status. */
int ctl_report(const struct ctl *ctl, struct json *command, bool json,
    const char *what, void (*print)(const struct json *report));

/*
 * who.c: who has done it, by .by_loginuid and .by_uid, "bob as root" behind
 * sudo. Returns buf.
 */
const char *ctl_by_text(const struct json *report, char buf[CTL_TEXT_SIZE]);
/* ", removed by alice" of what was taken away just now, or "". Returns buf. */
const char *ctl_removed_text(const struct json *report,
    char buf[CTL_TEXT_SIZE]);
/* The end of a line: from when on it is, by the member begins, and until when;
 * by ("by") whom, and why. */
void ctl_print_term(const struct json *json, const char *begins,
    const char *by);
/* The user's name on this host, or NULL. Returns buf. */
const char *ctl_name_of(int64_t uid, char *buf, size_t size);
/* Behind the daemon's warning that nobody's entry has the user: whether this
 * host has such an account. Complains. */
void ctl_warn_no_account(const struct json *report, const char *user);

/* One line of JSON on standard output. Returns CTL_OK or CTL_ERROR. */
int ctl_print_json(const struct json *json);

/* What an object has of fields, which NULL ends, a line each; their names take
 * width characters. */
void ctl_print_fields(const struct json *json, const char *const *fields,
    int width);

/* An entry of the inventory, an exception, as a report has it. */
void ctl_print_person(const struct json *person);
void ctl_print_exception(const struct json *exception);
/* A session, a verification, codes, a laptop's key, a revocation, likewise. */
void ctl_print_sessions_heading(void);
void ctl_print_session(const struct json *session);
void ctl_print_verified(const struct json *verified);
void ctl_print_totp(const struct json *totp);
void ctl_print_enrolled(const struct json *enrolled);
void ctl_print_revocation(const struct json *revocation);
/* Of whom an exception is, from what, and why, into the command. Complains. */
bool ctl_put_exception(struct json *command, const char *user,
    const char *finding, const char *reason);
/* Have the command carried out, and print the exception that the report is, if
 * it is one. command is taken. Returns the exit status. */
int ctl_report_exception(const struct ctl *ctl, struct json *command, bool json,
    const char *what);
/* Step-ups that are remembered: one, and a report's under a title. */
void ctl_print_remembered(const struct json *remembered);
void ctl_print_all_remembered(const struct json *report);
/*
 * A report's open sessions under a title, with what came of each and what could
 * come of them. Without any: none, or nothing if that is NULL.
 */
void ctl_print_sessions(const struct json *report, const char *title,
    const char *none);
/* The same of those that nobody ends, with the process of each. */
void ctl_print_open(const struct json *report, const char *title);

/*
 * audit_path.c: the audit file that the configuration names, or, after a
 * complaint, the shipped one. NULL without memory; the caller frees.
 */
char *ctl_audit_path(const char *command, const char *config);
/*
 * audit_file.c: open an audit file, which has to be a regular file itself, for
 * reading; -1: *ret_why says why not; valid until the next call of the C
 * library.
 */
int ctl_open_regular(const char *path, const char **ret_why);
/* The same as a stream. NULL: likewise. */
FILE *ctl_open_audit(const char *path, const char **ret_why);
/*
 * Read a line of it, NUL bytes and all, without its newline. What does not fit
 * is skipped, and *ret_len is then more than size. False at the file's end.
 */
bool ctl_read_line(FILE *in, char *line, size_t size, size_t *ret_len);

/* An argument that goes into JSON: not empty, UTF-8. Complains. */
bool ctl_is_argument(const char *what, const char *text, size_t max);
/* The same, and there it goes, as that member. */
bool ctl_put_argument(struct json *json, const char *key, const char *what,
    const char *text, size_t max);

/*
 * A reference as people type it, in its own form. size is that of the form,
 * whose last group has four digits, with NUL. False if it is none.
 */
bool ctl_parse_reference(const char *typed, char *ret_ref, size_t size);

/*
 * --since, or with until --until, of records: as ctl_take_when() from now on,
 * and --since may be "30d" before now. NULL was not given: *ret_s stays.
 * Returns CTL_OK or CTL_ERROR, complained.
 */
int ctl_take_period(const char *command, bool until, const char *text,
    int64_t *ret_s);

/* --since: "30d" before now. Returns CTL_OK, or CTL_ERROR after a complaint. */
int ctl_parse_since(const char *command, const char *text, int64_t *ret_s);

/*
 * The subcommand's number in names (NULL ends them), or -1 after a complaint
 * that says which one was meant.
 */
int ctl_subcommand(const char *command, int argc, char **argv,
    const char *const *names);

/*
 * Ask the daemon and wait at most timeout_ms for its report. Complains itself,
 * with what to do about it. The caller frees *ret_report.
 * Returns CTL_OK, or CTL_ERROR: there is no report.
 */
int ctl_call(const struct ctl *ctl, enum fg_msg_type type,
    unsigned int timeout_ms, struct json **ret_report, int *ret_exit_status);

/* The daemon's status, or NULL without a word where it cannot be asked. The
 * caller frees it. */
struct json *ctl_try_status(const struct ctl *ctl);

#endif
