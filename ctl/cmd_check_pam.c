/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl check-pam: the known mistakes in the stacks of services that the
 * gate guards. Reads files alone: no daemon, no module is run.
 */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/pam/guarded.h"
#include "ctl/pam/mistakes.h"
#include "ctl/pam/stack.h"
#include "ctl/pam/stack_check.h"
#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

struct options {
	const char *confdir;
	const char *config;
	bool json;
};

struct checking {
	struct surroundings around;
	struct mistakes mistakes;
	size_t services; /* that name the gate */
	bool all; /* each service is asked for that names it */
};

static int
is_service(const struct dirent *entry)
{
	return guarded_is_service(entry->d_name);
}

/* What there is of it is checked even if not all of it could be read. */
static int
check_stack(struct checking *k, const struct stack *stack,
    const struct conf_errors *errors)
{
	int r = 0;

	if (!stack_check_names_gate(stack) && k->all && stack->n > 0)
		return 0;
	if ((r = stack_check_errors(stack->service, errors, &k->mistakes)) != 0)
		return r;
	if (stack_check_names_gate(stack))
		k->services++;
	if (stack_check_names_gate(stack) || (!k->all && errors->count == 0))
		r = stack_check(stack, &k->around, &k->mistakes);
	return r;
}

static int
check_service(struct checking *k, const char *service)
{
	struct conf_errors errors = { 0 };
	struct stack *stack;
	int r;

	r = stack_read(k->around.confdir, service, &stack, &errors);
	if (r == 0 || r == FG_ERR_CONFIG)
		r = check_stack(k, stack, &errors);
	if (r != 0)
		ctl_complain("check-pam: %s/%s: %s", k->around.confdir, service,
		    text_error(r));
	stack_free(stack);
	conf_errors_done(&errors);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

static int
check_all(struct checking *k)
{
	struct dirent **list;
	int n, status = CTL_OK;

	n = scandir(k->around.confdir, &list, is_service, alphasort);
	if (n == -1) {
		ctl_complain("check-pam: %s: %s", k->around.confdir,
		    strerror(errno));
		return CTL_ERROR;
	}
	k->all = true;
	for (int i = 0; i < n; i++) {
		if (status == CTL_OK)
			status = check_service(k, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return status;
}

/* ---- what is said ------------------------------------------------------- */

static int
report_json(const struct checking *k)
{
	struct json *report = json_new();
	int status;

	json_set_int(report, "services", (int64_t)k->services);
	json_set_int(report, "errors", (int64_t)k->mistakes.errors);
	json_set_int(report, "warnings",
	    (int64_t)(k->mistakes.n - k->mistakes.errors));
	mistakes_to_json(&k->mistakes, json_set_array(report, "mistakes"));
	status = ctl_print_json(report);
	json_free(report);
	return status;
}

static void
report(const struct checking *k)
{
	mistakes_print(&k->mistakes, stdout);
	if (k->services == 0)
		printf("no service is guarded\n");
	else
		printf("%zu service%s guarded: %zu error%s, %zu warning%s\n",
		    k->services, k->services == 1 ? " is" : "s are",
		    k->mistakes.errors, k->mistakes.errors == 1 ? "" : "s",
		    k->mistakes.n - k->mistakes.errors,
		    k->mistakes.n - k->mistakes.errors == 1 ? "" : "s");
}

static int
say(const struct checking *k, bool json)
{
	int status = CTL_OK;

	if (json)
		status = report_json(k);
	else
		report(k);
	if (status == CTL_OK && k->mistakes.errors > 0)
		status = CTL_NO;
	return status;
}

/* ---- the command -------------------------------------------------------- */

static int
parse(int argc, char **argv, struct options *o)
{
	const struct ctl_option options[] = {
		{ "json", NULL, &o->json },
		{ "confdir", &o->confdir, NULL },
		{ "config", &o->config, NULL },
		{ NULL, NULL, NULL },
	};

	return ctl_take_options("check-pam", argc, argv, options);
}

/* Without it, all but what depends on a service's kind is looked for. */
static void
load_conf(const char *path, struct conf **ret_conf)
{
	struct conf_errors errors = { 0 };

	*ret_conf = NULL;
	if (crypto_init() != 0 || conf_load(path, ret_conf, &errors) != 0)
		ctl_complain("check-pam: %s cannot be used, so that kinds of "
			     "services are not looked at; run farmgatectl "
			     "check",
		    path);
	conf_errors_done(&errors);
}

int
cmd_check_pam(const struct ctl *ctl, int argc, char **argv)
{
	struct options o = { .confdir = STACK_CONFDIR, .config = CONF_FILE };
	struct checking k = { .services = 0 };
	struct conf *conf;
	int i, status;

	(void)ctl;
	if ((status = parse(argc, argv, &o)) != CTL_OK)
		return status;
	load_conf(o.config, &conf);
	k.around.conf = conf;
	k.around.confdir = o.confdir;
	if (optind == argc)
		status = check_all(&k);
	for (i = optind; i < argc && status == CTL_OK; i++)
		status = check_service(&k, argv[i]);
	if (status == CTL_OK)
		status = say(&k, o.json);
	mistakes_done(&k.mistakes);
	conf_free(conf);
	return status;
}
