/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl totp: who proves an odd login with codes of an application. The
 * daemon makes the seed, and tells it once: it goes to standard output and
 * nowhere else.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/qrcode.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TRIES	  3
#define CODE_SIZE 64u

struct enrol {
	const char *user;
	const char *algorithm;
	const char *digits;
	bool replace;
	bool no_qr;
	bool json;
	int64_t made_s; /* by the daemon's clock */
};

/* ---- what there is ------------------------------------------------------ */

static void
print_totp(const struct json *t, bool known)
{
	char user[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], name[CTL_TEXT_SIZE];
	char made[CTL_TIME_SIZE], used[CTL_TIME_SIZE], by[CTL_TEXT_SIZE];
	char removed[CTL_TEXT_SIZE];
	long long used_s = (long long)json_get_int(t, "used", -1);

	printf("%-16s %-8s %-6s %lld  %s by %s%s",
	    ctl_text(t, "user", "-", user), ctl_text(t, "state", "-", state),
	    ctl_text(t, "algorithm", "-", name),
	    (long long)json_get_int(t, "digits", 0),
	    ctl_time_text(json_get_int(t, "made", -1), made),
	    ctl_by_text(t, by), ctl_removed_text(t, removed));
	if (json_get_int(t, "recovery", -1) >= 0)
		printf(", used %s, recovery codes left: %lld",
		    used_s < 0 ? "never" : ctl_time_text(used_s, used),
		    (long long)json_get_int(t, "recovery", 0));
	else if (json_length(json_get(t, "recovery")) > 0)
		printf(", recovery codes left: %zu",
		    json_length(json_get(t, "recovery")));
	puts(known ? "" : ", not in the inventory");
}

void
ctl_print_totp(const struct json *t)
{
	print_totp(t, json_get_bool(t, "known", true));
}

static void
print_recovery(const struct json *report)
{
	const struct json *codes = json_get(report, "recovery");
	long long old = (long long)json_get_int(report, "replaced", 0);
	size_t i;

	puts("recovery codes, each for one login without the application; "
	     "they are not shown again:");
	for (i = 0; i < json_length(codes); i++)
		printf("  %s\n", json_string_at(codes, i, ""));
	if (old > 0)
		printf("they take the place of %lld older one%s, which count%s "
		       "no more\n",
		    old, old == 1 ? "" : "s", old == 1 ? "s" : "");
}

/* A command about one user. The report, where there is one, is the caller's. */
static int
ask(const struct ctl *ctl, const char *what, const char *user,
    struct json **ret_report)
{
	struct json *command = json_new();
	int status;

	json_set_string(command, "do", what);
	json_set_string(command, "user", user);
	if (ctl_command(ctl, command, NULL, ret_report, &status) != CTL_OK)
		return CTL_ERROR;
	return status;
}

/* ---- enrol -------------------------------------------------------------- */

static int
enrol_options(int argc, char **argv, struct enrol *e)
{
	const struct ctl_option options[] = {
		{ "algorithm", &e->algorithm, NULL },
		{ "digits", &e->digits, NULL },
		{ "replace", NULL, &e->replace },
		{ "no-qr", NULL, &e->no_qr },
		{ "json", NULL, &e->json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("totp", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("totp", "totp: one user is needed");
	e->user = argv[optind];
	return ctl_is_argument("USER", e->user, FG_USER_MAX) ? CTL_OK :
							       CTL_ERROR;
}

static int
enrol_command(const struct enrol *e, struct json *command)
{
	uint64_t digits;

	json_set_string(command, "do", "totp.enrol");
	json_set_string(command, "user", e->user);
	json_set_bool(command, "replace", e->replace);
	if (e->algorithm != NULL) {
		if (!ctl_is_argument("--algorithm", e->algorithm, CODE_SIZE))
			return CTL_ERROR;
		json_set_string(command, "algorithm", e->algorithm);
	}
	if (e->digits == NULL)
		return CTL_OK;
	if (text_parse_uint(e->digits, 0, 99, &digits) != 0)
		return ctl_misuse("totp", "totp: --digits is 6 or 8");
	json_set_int(command, "digits", (int64_t)digits);
	return CTL_OK;
}

/* Where nobody looks at a terminal, a picture is of no use. */
static void
print_qrcode(const struct enrol *e, const char *uri)
{
	struct winsize size = { .ws_col = 0 };
	int r;

	if (e->no_qr || isatty(STDOUT_FILENO) != 1)
		return;
	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size); /* 0: not known */
	if ((r = qrcode_print(uri, size.ws_col, stdout)) == FG_ERR_LIMIT)
		ctl_complain("the terminal is too narrow for the QR code");
	else if (r != 0)
		ctl_complain("no QR code: %s", text_error(r));
}

static int
show_enrolment(const struct enrol *e, const struct json *report)
{
	const char *uri = json_get_string(report, "uri", "");

	if (e->json)
		return ctl_print_json(report);
	print_qrcode(e, uri);
	printf("%s\nsecret: %s\n", uri, json_get_string(report, "secret", ""));
	return CTL_OK;
}

/* A line without its end; false at the end of the input. */
static bool
read_code(const struct enrol *e, char code[CODE_SIZE])
{
	if (!e->json)
		fputs("The code that the application shows: ", stdout);
	(void)fflush(stdout); /* main looks for errors */
	if (fgets(code, CODE_SIZE, stdin) == NULL)
		return false;
	code[strcspn(code, "\r\n")] = '\0';
	return true;
}

static int
verify(const struct ctl *ctl, const struct enrol *e, const char *code,
    struct json **ret_report)
{
	struct json *command = json_new();
	int status;

	json_set_string(command, "do", "totp.verify");
	json_set_string(command, "user", e->user);
	json_set_string(command, "code", code);
	if (ctl_command(ctl, command, NULL, ret_report, &status) != CTL_OK)
		return CTL_ERROR;
	return status;
}

/* What nobody can complete any more does not stay to be seen. Where that fails
 * the daemon has said why, and it grows too old by itself. */
static void
give_up(const struct ctl *ctl, const struct enrol *e, const char *what)
{
	struct json *command = json_new(), *report;
	int status;

	json_set_string(command, "do", "totp.withdraw");
	json_set_string(command, "user", e->user);
	json_set_int(command, "made", e->made_s);
	if (ctl_command(ctl, command, NULL, &report, &status) == CTL_OK)
		json_free(report);
	ctl_complain("no code of %s was %s, so nothing was enrolled, and this "
		     "secret is worth nothing%s; to begin anew: farmgatectl "
		     "totp enrol %s%s",
	    e->user, what,
	    e->replace ? ", while what they had before counts as ever" : "",
	    e->replace ? "--replace " : "", e->user);
}

/* The daemon says what is wrong with a code; only that one is tried again. */
static int
verify_tries(const struct ctl *ctl, const struct enrol *e,
    struct json **ret_report)
{
	char code[CODE_SIZE];
	int i, status = CTL_NO;
	bool given = false;

	*ret_report = NULL;
	for (i = 0; i < TRIES && status == CTL_NO; i++) {
		if (!read_code(e, code))
			break;
		if (code[0] == '\0')
			continue;
		json_free(*ret_report);
		status = verify(ctl, e, code, ret_report);
		given = true;
	}
	if (status == CTL_NO)
		give_up(ctl, e, given ? "right" : "given");
	return status;
}

static int
enrol_verify(const struct ctl *ctl, const struct enrol *e)
{
	struct json *report;
	int status = verify_tries(ctl, e, &report);

	if (status == CTL_OK && e->json) {
		status = ctl_print_json(report);
	} else if (status == CTL_OK) {
		printf("enrolled: ");
		print_totp(report, true);
		print_recovery(report);
	}
	json_free(report);
	return status;
}

static int
cmd_enrol_seed(const struct ctl *ctl, int argc, char **argv)
{
	struct enrol e = { .user = NULL };
	struct json *command, *report;
	int status;

	if (enrol_options(argc, argv, &e) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	if (enrol_command(&e, command) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	ctl_warn_no_account(report, e.user);
	e.made_s = json_get_int(report, "made", -1);
	if (status == CTL_OK)
		status = show_enrolment(&e, report);
	json_free(report);
	return status == CTL_OK ? enrol_verify(ctl, &e) : status;
}

/* ---- list --------------------------------------------------------------- */

static int
cmd_list(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_list_all(ctl, argc, argv, "totp", "totp.list", NULL,
	    ctl_print_totp);
}

/* ---- remove, recovery, reset -------------------------------------------- */

static int
cmd_one(const struct ctl *ctl, int argc, char **argv, const char *what)
{
	struct json *report;
	bool json;
	int status;

	if (ctl_take_json("totp", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("totp", "totp: one user is needed");
	if (!ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	status = ask(ctl, what, argv[optind], &report);
	if (json && report != NULL) {
		if (ctl_print_json(report) != CTL_OK)
			status = CTL_ERROR;
	} else if (json_get_int(report, "digits", 0) > 0) {
		print_totp(report, true);
		if (json_length(json_get(report, "recovery")) > 0)
			print_recovery(report);
		if (strcmp(what, "totp.reset") == 0)
			puts("from the next one on their codes are accepted "
			     "again");
	}
	json_free(report);
	return status;
}

static int
cmd_remove(const struct ctl *ctl, int argc, char **argv)
{
	return cmd_one(ctl, argc, argv, "totp.remove");
}

static int
cmd_recovery(const struct ctl *ctl, int argc, char **argv)
{
	return cmd_one(ctl, argc, argv, "totp.recovery");
}

static int
cmd_reset(const struct ctl *ctl, int argc, char **argv)
{
	return cmd_one(ctl, argc, argv, "totp.reset");
}

int
cmd_totp(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "enrol", "list", "remove",
		"recovery", "reset", NULL };
	static const ctl_fn run[] = { cmd_enrol_seed, cmd_list, cmd_remove,
		cmd_recovery, cmd_reset };
	int i;

	if ((i = ctl_subcommand("totp", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
