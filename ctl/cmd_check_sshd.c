/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl check-sshd: is an sshd set up so that the gate is asked, and will
 * step-up be able to ask? Reads what "sshd -T" prints, and changes nothing.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/child.h"
#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "ctl/sshd/cases.h"
#include "ctl/sshd/look.h"
#include "ctl/sshd/run.h"
#include "ctl/sshd/tell.h"
#include "policyd/conf.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COMMAND "check-sshd"

struct options {
	bool json;
	const char *program; /* NULL: the installed one */
	const char *file; /* sshd's configuration; NULL: its own */
	const char *effective; /* what it has printed; NULL: ask it */
	const char *config; /* Farmgate's; NULL: the usual one */
};

/* ---- what it is looked at with ----------------------------------------- */

/* The configuration may be missing or wrong, if it is not named. */
static int
load_conf(const struct options *options, struct conf **ret_conf)
{
	const char *path =
	    options->config == NULL ? CONF_FILE : options->config;
	struct conf_errors errors = { 0 };
	int r;

	*ret_conf = NULL;
	if (options->config == NULL &&
	    (options->effective != NULL || access(path, F_OK) != 0))
		return CTL_OK;
	r = conf_load(path, ret_conf, &errors);
	if (r != 0 && options->config != NULL)
		conf_errors_print(&errors, stderr);
	else if (r != 0)
		ctl_complain(COMMAND ": %s cannot be used, and so its networks "
				     "are not known; farmgatectl check says "
				     "why",
		    path);
	conf_errors_done(&errors);
	return r != 0 && options->config != NULL ? CTL_ERROR : CTL_OK;
}

/* At most CHILD_OUTPUT_MAX bytes, and a NUL. */
static int
read_file(const char *path, char **ret_text, size_t *ret_len)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(path, "re");
	char *text = malloc(CHILD_OUTPUT_MAX + 1);
	int status = CTL_ERROR;

	if (in == NULL || text == NULL) {
		ctl_complain(COMMAND ": %s: %s", path, strerror(errno));
		goto out;
	}
	*ret_len = fread(text, 1, CHILD_OUTPUT_MAX + 1, in);
	if (ferror(in) != 0)
		ctl_complain(COMMAND ": %s: %s", path, strerror(errno));
	else if (*ret_len > CHILD_OUTPUT_MAX)
		ctl_complain(COMMAND ": %s: more than sshd -T prints", path);
	else
		status = CTL_OK;
out:
	if (in != NULL && !is_stdin)
		(void)fclose(in); /* only read */
	if (status != CTL_OK) {
		free(text);
		text = NULL;
	}
	*ret_text = text;
	return status;
}

static int
parse_file(const char *path, struct effective **ret_settings)
{
	unsigned int line;
	size_t len;
	char *text;
	int r;

	if (read_file(path, &text, &len) != CTL_OK)
		return CTL_ERROR;
	r = effective_parse(text, len, ret_settings, &line);
	free(text);
	if (r == 0)
		return CTL_OK;
	if (r == FG_ERR_FORMAT && line > 0)
		ctl_complain(COMMAND ": %s:%u: no line of sshd -T; give its "
				     "output as it is",
		    path, line);
	else if (r == FG_ERR_FORMAT)
		ctl_complain(COMMAND ": %s: not all that sshd -T prints; give "
				     "its output as it is",
		    path);
	else
		ctl_complain(COMMAND ": %s: %s", path, fg_strerror(r));
	return CTL_ERROR;
}

/* The settings in a file, which are one case, whosever it is. */
static int
take_file(struct cases *cases, const char *path)
{
	struct effective *settings;

	if (parse_file(path, &settings) != CTL_OK)
		return CTL_ERROR;
	if (cases_take(cases, settings) == 0)
		return CTL_OK;
	ctl_complain(COMMAND ": out of memory");
	return CTL_ERROR;
}

static int
ask_program(struct cases *cases, const struct options *options,
    const struct conf *conf)
{
	if (options->program == NULL) {
		ctl_complain(COMMAND ": there is no /usr/sbin/sshd or "
				     "/usr/local/sbin/sshd; name one with "
				     "--sshd");
		return CTL_ERROR;
	}
	if (cases_choose(cases, conf) != 0) {
		ctl_complain(COMMAND ": out of memory");
		return CTL_ERROR;
	}
	return cases_ask(cases, options->program, options->file);
}

/* ---- its PAM service --------------------------------------------------- */

/* Versions before 9.8 have the program's name, others tell theirs. */
static const char *
find_service(const struct cases *cases, const char *program)
{
	const char *told =
	    effective_get(cases->v[0].settings, "pamservicename", 0);

	return told != NULL ? told : strrchr(program, '/') + 1;
}

static bool
has_gate(const struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		if (stack->lines[i].type == STACK_ACCOUNT &&
		    stack_is_gate(&stack->lines[i]))
			return true;
	return false;
}

/* What is wrong with the stack otherwise is for check-pam to say. */
static int
look_at_pam(const char *service, enum look_pam *ret_pam)
{
	struct conf_errors errors = { 0 };
	struct stack *stack = NULL;
	int r = stack_read(STACK_CONFDIR, service, &stack, &errors);
	int status = CTL_OK;

	if (r == FG_ERR_NOT_FOUND)
		*ret_pam = LOOK_PAM_NO_FILE;
	else if (stack != NULL)
		*ret_pam = has_gate(stack) ? LOOK_PAM_GATE : LOOK_PAM_NO_GATE;
	else {
		ctl_complain(COMMAND ": %s/%s: %s", STACK_CONFDIR, service,
		    text_error(r));
		status = CTL_ERROR;
	}
	conf_errors_done(&errors);
	stack_free(stack);
	return status;
}

/* ---- all together ------------------------------------------------------ */

static int
look_and_tell(struct look_world *world, struct tell *tell, bool json)
{
	struct look_findings findings = { 0 };
	int status = CTL_OK;

	if (look_run(world, &findings) != 0) {
		ctl_complain(COMMAND ": out of memory");
		status = CTL_ERROR;
	} else {
		tell->findings = &findings;
		if (json)
			status = tell_print_json(tell);
		else
			tell_print(tell);
	}
	if (status == CTL_OK && look_count(&findings, LOOK_ERROR) > 0)
		status = CTL_NO;
	look_findings_done(&findings);
	return status;
}

static int
check_sshd(const struct options *options, struct cases *cases,
    const struct conf *conf)
{
	struct look_world world = { .conf = conf, .now_s = time(NULL) };
	struct tell tell = { .what = options->effective, .cases = cases };
	int status;

	if (options->effective != NULL)
		status = take_file(cases, options->effective);
	else
		status = ask_program(cases, options, conf);
	if (status != CTL_OK)
		return status;
	if (options->effective == NULL) {
		tell.what = options->program;
		tell.service = find_service(cases, options->program);
		status = look_at_pam(tell.service, &world.pam);
	}
	world.service = tell.service;
	world.cases = cases->v;
	world.ncases = cases->n;
	return status != CTL_OK ? status :
				  look_and_tell(&world, &tell, options->json);
}

/* ---- options ----------------------------------------------------------- */

static int
take_user(struct cases *cases, const char *user)
{
	int r = cases_add_user(cases, user);

	if (r == 0)
		return CTL_OK;
	if (r == FG_ERR_FORMAT)
		return ctl_misuse(COMMAND,
		    COMMAND ": sshd cannot be asked about the user \"%s\"; "
			    "write a name of at most %u bytes, without commas",
		    user, CASES_USER_MAX);
	return ctl_misuse(COMMAND, COMMAND ": at most %u users", CASES_MAX);
}

static int
take_from(struct cases *cases, const char *address)
{
	int r = cases_add_from(cases, address);

	if (r == 0)
		return CTL_OK;
	if (r == FG_ERR_FORMAT)
		return ctl_misuse(COMMAND, COMMAND ": %s is no numeric address",
		    address);
	return ctl_misuse(COMMAND, COMMAND ": at most %u addresses", CASES_MAX);
}

static int
take_option(int c, struct options *o, struct cases *cases)
{
	switch (c) {
	case 'j':
		o->json = true;
		break;
	case 's':
		o->program = optarg;
		break;
	case 'f':
		o->file = optarg;
		break;
	case 'e':
		o->effective = optarg;
		break;
	case 'c':
		o->config = optarg;
		break;
	case 'u':
		return take_user(cases, optarg);
	case 'a':
		return take_from(cases, optarg);
	}
	return CTL_OK;
}

static int
judge_options(struct options *o, const struct cases *cases)
{
	if (o->effective != NULL &&
	    (o->program != NULL || o->file != NULL || cases->nfroms > 0 ||
		cases->nusers > 1))
		return ctl_misuse(COMMAND,
		    COMMAND ": --effective is of one user and goes without "
			    "--sshd, --file and --from");
	if (o->program != NULL && *o->program != '/')
		return ctl_misuse(COMMAND,
		    COMMAND ": --sshd %s: sshd has to be called by its full "
			    "name",
		    o->program);
	if (o->program == NULL)
		o->program = run_program();
	return CTL_OK;
}

static int
read_options(int argc, char **argv, struct options *ret, struct cases *cases)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "sshd", required_argument, NULL, 's' },
		{ "file", required_argument, NULL, 'f' },
		{ "user", required_argument, NULL, 'u' },
		{ "from", required_argument, NULL, 'a' },
		{ "effective", required_argument, NULL, 'e' },
		{ "config", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+:f:", options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return ctl_bad_option(argv[0], c, argv);
		if (take_option(c, ret, cases) != CTL_OK)
			return CTL_ERROR;
	}
	if (optind < argc)
		return ctl_misuse(COMMAND, COMMAND ": unexpected argument %s",
		    argv[optind]);
	return judge_options(ret, cases);
}

int
cmd_check_sshd(const struct ctl *ctl, int argc, char **argv)
{
	struct options options = { .json = false };
	struct cases cases = { .n = 0 };
	struct conf *conf = NULL;
	int status;

	(void)ctl;
	status = read_options(argc, argv, &options, &cases);
	if (status == CTL_OK)
		status = load_conf(&options, &conf);
	if (status == CTL_OK)
		status = check_sshd(&options, &cases, conf);
	cases_done(&cases);
	conf_free(conf);
	return status;
}
