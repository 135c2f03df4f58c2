/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The administrator's tool: options in front of the command, the table of
 * commands, and how they complain. It decides nothing and holds no privilege;
 * what it may do is what the files and the socket let its user do.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

static int cmd_help(const struct ctl *ctl, int argc, char **argv);
static int cmd_version(const struct ctl *ctl, int argc, char **argv);

/* The manual page lists the same commands; tests/lint/man.sh compares. */
static const struct command {
	const char *name;
	ctl_fn run;
	const char *usage;
	const char *summary;
} commands[] = {
	{ "status", cmd_status, "[--json]", "how the daemon is" },
	{ "metrics", cmd_metrics, "[--textfile FILE]",
	    "how the daemon is, for Prometheus" },
	{ "reload", cmd_reload, "", "read the configuration again" },
	{ "explain", cmd_explain,
	    "[--json] [--config FILE] [--file AUDIT] REFERENCE",
	    "why a login was decided as it was" },
	{ "audit", cmd_audit,
	    "[--user USER] [--from ADDRESS|PREFIX] [--country CC] "
	    "[--finding CODE[:GRADE]] "
	    "[--verdict allow|deny|exempt|challenge|would-deny] "
	    "[--service SERVICE] [--event EVENT] [--since TIME] "
	    "[--until TIME] [--ref REFERENCE] [--limit NUMBER] [--follow] "
	    "[--json] [--config FILE] [--file AUDIT] | "
	    "verify [--anchors FILE]... [--key KEY]... [--partial] "
	    "[--config FILE] [--file AUDIT] [--json] | "
	    "reconcile [--since TIME] [--until TIME] [--config FILE] "
	    "[--file AUDIT] [--json] [FILE ...] | "
	    "review --disposition "
	    "true_positive|false_positive|expected|unclear [--ticket TICKET] "
	    "[--note TEXT] [--force] [--config FILE] [--file AUDIT] [--json] "
	    "REFERENCE | "
	    "export --format ocsf|ecs|csv [--output FILE] [--host HOST] "
	    "[--follow] [--user USER] [--from ADDRESS|PREFIX] [--country CC] "
	    "[--finding CODE[:GRADE]] "
	    "[--verdict allow|deny|exempt|challenge|would-deny] "
	    "[--service SERVICE] [--event EVENT] [--since TIME] "
	    "[--until TIME] [--ref REFERENCE] [--limit NUMBER] "
	    "[--config FILE] [--file AUDIT] | "
	    "bundle --since TIME [--until TIME] --output FILE "
	    "[--anchors FILE]... [--host HOST] [--config FILE] [--file AUDIT]",
	    "what the audit log has, and is it whole" },
	{ "report", cmd_report,
	    "[--since TIME] [--until TIME] [--html FILE|-] [--top NUMBER] "
	    "[--sample NUMBER] [--seed NUMBER] [--anchors FILE]... "
	    "[--key KEY]... [--config FILE] [--file AUDIT]",
	    "what was denied and challenged, for who reviews it" },
	{ "test", cmd_test,
	    "--user USER --from ADDRESS [--service SERVICE] [--at TIME] "
	    "[--config FILE] [--json] | "
	    "--fault NAME|all [--user USER --from ADDRESS] "
	    "[--service SERVICE] [--at TIME] [--config FILE] [--confdir DIR] "
	    "[--json]",
	    "what a login would get, without one" },
	{ "readiness", cmd_readiness,
	    "[--since DAYSd] [--audit FILE]... [--config FILE] [--wtmp FILE] "
	    "[--confdir DIR] [--json] [SERVICE ...]",
	    "would enforcing surprise anybody" },
	{ "inventory", cmd_inventory,
	    "import [--map COLUMN=FIELD]... [--restore] [--kill] [--dry-run] "
	    "[--json] FILE|- | export [--assets] [--csv | --json] | "
	    "show [--json] USER | asset [--json] TAG|USER | check [--json] | "
	    "suggest [--wtmp FILE] [--log FILE]... [--all] | accept [--json]",
	    "people: who may log in, from where and when; and their assets" },
	{ "except", cmd_except,
	    "add --finding CODE[:GRADE] [--country CC] [--from TIME] "
	    "--until TIME --reason TEXT [--json] USER | "
	    "list [--all] [--json] [USER] | remove [--json] ID",
	    "exceptions, which end by themselves" },
	{ "bypass", cmd_bypass,
	    "--finding CODE[:GRADE] --until TIME --reason TEXT [--json] USER",
	    "instead of a step-up, for a lost phone" },
	{ "totp", cmd_totp,
	    "enrol [--algorithm sha1|sha256|sha512] [--digits 6|8] "
	    "[--replace] [--no-qr] [--json] USER | list [--json] | "
	    "remove [--json] USER | recovery [--json] USER | "
	    "reset [--json] USER",
	    "one-time codes, which prove an odd login" },
	{ "stepup", cmd_stepup, "list [--json] | forget [--json] USER|ADDRESS",
	    "answers to a challenge: wrong ones, and remembered ones" },
	{ "verify", cmd_verify,
	    "[--until TIME] [--no-serial] [--json] USER ASSET | "
	    "--list [--json] | --remove [--json] USER",
	    "who was looked at, with which laptop" },
	{ "baseline", cmd_baseline,
	    "learn [--from FILE|-] [--dry-run] [--json] | show [--json] | "
	    "accept [--json] DEVICE ...",
	    "keyboards, mice and monitors of this machine" },
	{ "support", cmd_support,
	    "add ASSET --tool NAME --until TIME --reason TEXT [--json] | "
	    "list [--all] [--json] | remove [--json] ID",
	    "the help desk's own sessions on this machine" },
	{ "hold", cmd_hold,
	    "add --reason TEXT [--until TIME] [--json] HOLD | "
	    "list [--json] | remove [--json] HOLD",
	    "while there is one, nothing expires" },
	{ "approvals", cmd_approvals, "[--json]",
	    "logins that wait for a second person" },
	{ "approve", cmd_approve, "[--json] REFERENCE [NUMBER]",
	    "vouch for one, by the number its user sees" },
	{ "refuse", cmd_refuse, "[--json] REFERENCE", "refuse one" },
	{ "person", cmd_person,
	    "[--from ADDRESS] [--service SERVICE] [--json] USER | "
	    "export [--output FILE] [--config FILE] [--file AUDIT] USER | "
	    "forget --reason TEXT [--json] USER",
	    "would they get in now; all that is held on them, and its end" },
	{ "dossier", cmd_dossier,
	    "[--since TIME] [--until TIME] [--config FILE] [--file AUDIT] "
	    "[--json] USER",
	    "all of one person, for an interview or a review" },
	{ "sessions", cmd_sessions, "[--json] [USER]",
	    "who is in, and from where" },
	{ "scan", cmd_scan, "[--watch] [--json]",
	    "what is seen of remote control on this machine" },
	{ "device", cmd_device,
	    "show [--json] | list [--json] | "
	    "revoke --reason TEXT [--json] TAG|KEY | "
	    "remove [--yes] [--json] TAG|KEY",
	    "what identifies this machine; laptops that are enrolled" },
	{ "enrol", cmd_enrol,
	    "init [--replace] [--tpm] [--yes] | "
	    "request [--asset TAG] [--config FILE] | "
	    "host [--name HOST]... [--json] | "
	    "add [--asset TAG] [--now] [--yes] [--json] CODE|FILE|-",
	    "laptops and the jump hosts that know them" },
	{ "farm", cmd_farm, "[--since DAYSd] [--export | --json] [FILE ...]",
	    "people who come from the same places" },
	{ "revoke", cmd_revoke,
	    "[--at TIME] [--reason TEXT] [--kill] [--json] USER | "
	    "--list [--json]",
	    "take access back, and end what is open" },
	{ "unrevoke", cmd_unrevoke, "[--json] USER", "give access again" },
	{ "bundle", cmd_bundle,
	    "keygen FILE | public FILE | export --key FILE [--json] FILE | "
	    "import [--restore] [--kill] [--dry-run] [--json] FILE|- | "
	    "forget [--restore] [--json]",
	    "people and revocations for other hosts, signed" },
	{ "enable", cmd_enable,
	    "[--observe] [--on-error deny|allow] [--confirm-within TIME] "
	    "[--accept NUMBER] [--from ADDRESS] [--skip-root] [--dry-run] "
	    "[--yes] SERVICE ...",
	    "put the gate into services' PAM stacks" },
	{ "confirm", cmd_confirm, "", "keep what enable has changed" },
	{ "rollback", cmd_rollback, "[--wait]",
	    "take back what enable has changed" },
	{ "disable", cmd_disable, "[--dry-run] [--yes] SERVICE ... | --all",
	    "take the gate out of services' PAM stacks" },
	{ "check", cmd_check, "[-u USER] [FILE]", "is a configuration right?" },
	{ "check-pam", cmd_check_pam,
	    "[--json] [--confdir DIR] [--config FILE] [SERVICE ...]",
	    "are the services' PAM stacks right?" },
	{ "check-sshd", cmd_check_sshd,
	    "[--json] [--sshd PROGRAM] [-f | --file SSHD_CONFIG] "
	    "[--user USER]... [--from ADDRESS]... [--config FILE] | "
	    "[--json] [--user USER] [--config FILE] --effective FILE|-",
	    "is sshd set up for the gate?" },
	{ "catalogue", cmd_catalogue,
	    "check [--config FILE | DIR ...] | "
	    "list [--json] [--kind KIND] [--config FILE] [--dir DIR]... [NAME]",
	    "what is known of remote control" },
	{ "policy", cmd_policy, "counters [--json] | diff [--json] OLD NEW",
	    "what rules have come to, and what a change of them changes" },
	{ "replay", cmd_replay,
	    "--config FILE [--against happened|FILE] "
	    "[--format audit|sshd|journal|wtmp|csv] [--since TIME] "
	    "[--until TIME] [--top NUMBER] [--json] [FILE ...]",
	    "what a configuration would have done" },
	{ "dump", cmd_dump, "[FILE]", "the configuration in full" },
	{ "version", cmd_version, "", "the version of this program" },
	{ "help", cmd_help, "", "this list" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *out)
{
	fprintf(out,
	    "usage: farmgatectl [-S rundir] command [argument ...]\n"
	    "       farmgatectl [command] --help | farmgatectl --version\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
		    commands[i].summary);
}

/* Up to the " | " behind a form; one in brackets parts options. */
static size_t
form_length(const char *form)
{
	const char *p;
	int depth = 0;

	for (p = form; *p != '\0'; p++) {
		depth += (*p == '[') - (*p == ']');
		if (depth == 0 && strncmp(p, " | ", 3) == 0)
			break;
	}
	return (size_t)(p - form);
}

/* Each form on its line; only: those of a subcommand, or NULL. */
static bool
print_forms(const struct command *c, const char *only, FILE *out)
{
	const char *form = c->usage;
	size_t len, word = only == NULL ? 0 : strlen(only);
	bool printed = false;

	for (;; form += len + 3) {
		len = form_length(form);
		if (word == 0 ||
		    (strncmp(form, only, word) == 0 &&
			(word == len || form[word] == ' '))) {
			fprintf(out, "%s farmgatectl %s%s%.*s\n",
			    printed ? "      " : "usage:", c->name,
			    len > 0 ? " " : "", (int)len, form);
			printed = true;
		}
		if (form[len] == '\0')
			return printed;
	}
}

static void
print_command_usage(const struct command *c, const char *only, FILE *out)
{
	if (only == NULL || !print_forms(c, only, out))
		(void)print_forms(c, NULL, out); /* there is one at least */
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int
unknown_command(const char *name)
{
	struct conf_near near = { .word = name };
	char text[CONF_NEAR_SIZE];

	for (size_t i = 0; i < COMMANDS; i++)
		conf_near_offer(&near, commands[i].name);
	ctl_complain("unknown command %s; %s", name,
	    conf_near_text(&near, "farmgatectl help lists them", text));
	return CTL_ERROR;
}

/* What it is about may come from the daemon, which has escaped values in it. */
static void __attribute__((format(printf, 1, 0)))
complain(const char *fmt, va_list ap)
{
	char raw[2048], shown[4096];

	if (vsnprintf(raw, sizeof(raw), fmt, ap) < 0)
		return;
	fprintf(stderr, "farmgatectl: %s\n",
	    text_escape_once_utf8(shown, sizeof(shown), raw, strlen(raw)));
}

void
ctl_complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
}

int
ctl_misuse(const char *command, const char *fmt, ...)
{
	const struct command *c = find_command(command);
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	if (c == NULL)
		print_usage(stderr);
	else
		print_command_usage(c, NULL, stderr);
	return CTL_ERROR;
}

int
ctl_bad_option(const char *command, int c, char **argv)
{
	const char *option = argv[optind - 1];

	if (c == ':')
		return ctl_misuse(command, "%s: option %s needs a value",
		    command, option);
	return ctl_misuse(command, "%s: unknown option %s", command, option);
}

const char *
ctl_text(const struct json *json, const char *key, const char *def,
    char buf[CTL_TEXT_SIZE])
{
	const char *s = json_get_string(json, key, def);

	return text_escape_utf8(buf, CTL_TEXT_SIZE, s, strlen(s));
}

void
ctl_print_fields(const struct json *json, const char *const *fields, int width)
{
	char text[CTL_TEXT_SIZE];

	for (; *fields != NULL; fields++)
		if (json_get_string(json, *fields, "")[0] != '\0')
			printf("  %-*s %s\n", width, *fields,
			    ctl_text(json, *fields, "", text));
}

int
ctl_conf_status(const char *path, int r)
{
	if (r == 0)
		return CTL_OK;
	if (r != FG_ERR_CONFIG) {
		ctl_complain("%s: %s", path, fg_strerror(r));
		return CTL_ERROR;
	}
	return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 ? CTL_NO :
								  CTL_ERROR;
}

static int
no_arguments(int argc, char **argv)
{
	if (argc == 1)
		return CTL_OK;
	return ctl_misuse(argv[0], "%s takes no argument: %s", argv[0],
	    argv[1]);
}

static int
cmd_help(const struct ctl *ctl, int argc, char **argv)
{
	(void)ctl;
	if (no_arguments(argc, argv) != CTL_OK)
		return CTL_ERROR;
	print_usage(stdout);
	return CTL_OK;
}

static int
cmd_version(const struct ctl *ctl, int argc, char **argv)
{
	(void)ctl;
	if (no_arguments(argc, argv) != CTL_OK)
		return CTL_ERROR;
	printf("farmgatectl %s\n", FG_PACKAGE_VERSION);
	return CTL_OK;
}

static int
bad_option(int c, char **argv)
{
	if (c == ':')
		return ctl_misuse("", "option -%c needs a value", optopt);
	if (optopt != 0)
		return ctl_misuse("", "unknown option -%c", optopt);
	return ctl_misuse("", "unknown option %s", argv[optind - 1]);
}

/*
 * Options up to the command. *ret_command is its place in argv, or 0: there
 * is nothing more to do, and the exit status is returned.
 */
static int
read_options(int argc, char **argv, struct ctl *ret_ctl, int *ret_command)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	char *none[] = { argv[0], NULL };
	int c;

	*ret_command = 0;
	ret_ctl->rundir = CTL_RUNDIR;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:hS:", options, NULL)) != -1) {
		if (c == 'h')
			return cmd_help(ret_ctl, 1, none);
		if (c == 'v')
			return cmd_version(ret_ctl, 1, none);
		if (c != 'S')
			return bad_option(c, argv);
		ret_ctl->rundir = optarg;
	}
	if (optind == argc)
		return ctl_misuse("", "a command is needed");
	*ret_command = optind;
	return CTL_OK;
}

/* Behind the command or a subcommand; further on it may be a value. */
static bool
asks_for_help(int argc, char **argv)
{
	int at = argc > 2 && argv[1][0] != '-' ? 2 : 1;

	return at + 1 == argc &&
	    (strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "--help") == 0);
}

/* A full disk behind standard output is an error too. */
static int
flush_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	ctl_complain("standard output: %m");
	return CTL_ERROR;
}

int
main(int argc, char **argv)
{
	const struct command *command;
	struct ctl ctl;
	int at, status;

	status = read_options(argc, argv, &ctl, &at);
	if (at == 0)
		return flush_output(status);
	if ((command = find_command(argv[at])) == NULL)
		return unknown_command(argv[at]);
	if (crypto_init() != 0) {
		ctl_complain("no source of random numbers");
		return CTL_ERROR;
	}
	if (asks_for_help(argc - at, argv + at)) {
		print_command_usage(command,
		    argc - at == 3 ? argv[at + 1] : NULL, stdout);
		return flush_output(CTL_OK);
	}
	optind = 0; /* the C library's way to start over */
	return flush_output(command->run(&ctl, argc - at, argv + at));
}
