/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl test: what a login would get, without one and without the
 * daemon. Facts are made from the arguments, as the module would send them;
 * the decision is that of the live path, people and exceptions included. What
 * only a live login has (the calling process) is not looked at.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/assets.h"
#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "ctl/rehearsal/rehearsal.h"
#include "ctl/supposed.h"
#include "ctl/what_if.h"
#include "policyd/record/record.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DEFAULT_SERVICE "sshd"

struct arguments {
	const char *user;
	const char *from;
	const char *service;
	const char *at;
	const char *config;
	const char *fault; /* "all", or one's name */
	const char *confdir;
	bool json;
};

static int
bad_origin(const struct arguments *a, const struct conf *conf, int r)
{
	enum service_kind kind = conf_service_kind(conf, a->service);

	if (r == FG_ERR_FORMAT)
		return ctl_misuse("test",
		    "test: --from %s is no address; give one in numbers, such "
		    "as 192.0.2.7",
		    a->from);
	return ctl_misuse("test",
	    "test: --from %s is not for %s, a service of kind %s; give an "
	    "address",
	    a->from, a->service,
	    kind == SERVICE_NONE ? "remote" : service_kind_name(kind));
}

/* No finding of remote control says nothing here: there was no look. */
static int
print(struct json *record, bool as_json)
{
	if (as_json) {
		json_set_bool(record, "scanned", false);
		return ctl_print_json(record);
	}
	if (record_print(record, NULL, stdout) != 0)
		return CTL_ERROR;
	puts("this machine is not looked at; farmgatectl person does");
	assets_print_keyed(json_get_int(record, "keyed", 0));
	return CTL_OK;
}

static bool
lets_in(const struct json *record)
{
	const char *verdict = json_get_string(record, "verdict", "");

	return strcmp(verdict, fg_verdict_name(FG_VERDICT_ALLOW)) == 0 ||
	    strcmp(verdict, fg_verdict_name(FG_VERDICT_EXEMPT)) == 0;
}

static void
look_up(struct supposed *login, const struct conf *conf)
{
	const char *user = login->facts.login.user;
	int r = supposed_look_up(login, conf);

	if (r == FG_ERR_NOT_FOUND)
		ctl_complain("test: %s has no passwd entry here: decided as "
			     "if it had one and no groups; a live login is "
			     "refused as user_unknown",
		    user);
	else if (r != 0)
		ctl_complain("test: %s: %m", user);
}

static int
decide_and_report(const struct arguments *a, const struct ruleset *ruleset,
    struct supposed *login)
{
	struct what_if w = { .ruleset = ruleset, .command = "test" };
	struct json *record;
	int status, r;

	if ((r = supposed_come_from(login, ruleset->conf, a->from)) != 0)
		return bad_origin(a, ruleset->conf, r);
	w.parent = &login->parent;
	w.facts = &login->facts;
	if ((status = what_if_decide(&w, &record)) != CTL_OK)
		return status;
	status = print(record, a->json);
	if (status == CTL_OK && !lets_in(record))
		status = CTL_NO;
	json_free(record);
	return status;
}

static int
run(const struct arguments *a, struct supposed *login)
{
	struct conf_errors errors = { 0 };
	struct ruleset *ruleset = NULL;
	int status = CTL_ERROR, r;

	if ((r = ruleset_load(a->config, &ruleset, &errors)) != 0) {
		conf_errors_print(&errors, stderr);
		if (r != FG_ERR_CONFIG)
			ctl_complain("test: %s: %s", a->config, fg_strerror(r));
		goto out;
	}
	conf_errors_print(&ruleset->warnings, stderr);
	look_up(login, ruleset->conf);
	status = decide_and_report(a, ruleset, login);
out:
	ruleset_release(ruleset);
	conf_errors_done(&errors);
	return status;
}

static int
take_string(const char *option, const char *value, size_t max, char *dst)
{
	size_t len = value == NULL ? 0 : strlen(value);

	if (len == 0)
		return ctl_misuse("test", "test: %s is needed", option);
	if (len > max)
		return ctl_misuse("test", "test: %s has more than %zu bytes",
		    option, max);
	memcpy(dst, value, len + 1);
	return CTL_OK;
}

static int
take_time(const struct arguments *a, int64_t *ret_s)
{
	if (ctl_parse_time(a->at, ret_s) == 0)
		return CTL_OK;
	return ctl_misuse("test",
	    "test: --at %s is no time such as 2026-03-01T08:30:00+01:00, nor "
	    "\"now\"",
	    a->at);
}

static int
set_facts(const struct arguments *a, struct facts *facts)
{
	struct fact_login *login = &facts->login;
	char from[FG_RHOST_MAX + 1];

	login->phase = FG_PHASE_ACCOUNT;
	if (take_string("--user", a->user, FG_USER_MAX, login->user) != 0 ||
	    take_string("--from", a->from, FG_RHOST_MAX, from) != 0 ||
	    take_string("--service", a->service, FG_SERVICE_MAX,
		login->service) != 0)
		return CTL_ERROR;
	return take_time(a, &facts->at_s);
}

/* Faults, of a login or of whomever the policies are for. */
static int
rehearse(const struct arguments *a)
{
	struct rehearsal r = { .config = a->config,
		.confdir = a->confdir != NULL ? a->confdir : STACK_CONFDIR,
		.service = a->service,
		.user = a->user,
		.from = a->from,
		.json = a->json };

	if ((a->user == NULL) != (a->from == NULL))
		return ctl_misuse("test",
		    "test: --user and --from go together, or neither does");
	if ((a->user != NULL &&
		!ctl_is_argument("--user", a->user, FG_USER_MAX)) ||
	    (a->service != NULL &&
		!ctl_is_argument("--service", a->service, FG_SERVICE_MAX)))
		return CTL_ERROR;
	if (take_time(a, &r.at_s) != CTL_OK)
		return CTL_ERROR;
	r.fault = fault_by_name(a->fault);
	if (r.fault == FAULT_NONE && strcmp(a->fault, "all") != 0)
		return ctl_misuse("test",
		    "test: there is no fault %s; farmgatectl(8) lists them",
		    a->fault);
	return rehearsal_run(&r);
}

static int
decide_one(struct arguments *a)
{
	static struct supposed login;

	if (a->confdir != NULL)
		return ctl_misuse("test", "test: --confdir goes with --fault");
	if (a->service == NULL)
		a->service = DEFAULT_SERVICE;
	if (set_facts(a, &login.facts) != CTL_OK)
		return CTL_ERROR;
	return run(a, &login);
}

int
cmd_test(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "user", required_argument, NULL, 'u' },
		{ "from", required_argument, NULL, 'f' },
		{ "service", required_argument, NULL, 's' },
		{ "at", required_argument, NULL, 'a' },
		{ "config", required_argument, NULL, 'c' },
		{ "fault", required_argument, NULL, 'F' },
		{ "confdir", required_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct arguments a = { .at = "now", .config = CONF_FILE };
	int c;

	(void)ctl;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (c) {
		case 'u':
			a.user = optarg;
			break;
		case 'f':
			a.from = optarg;
			break;
		case 's':
			a.service = optarg;
			break;
		case 'a':
			a.at = optarg;
			break;
		case 'c':
			a.config = optarg;
			break;
		case 'F':
			a.fault = optarg;
			break;
		case 'd':
			a.confdir = optarg;
			break;
		case 'j':
			a.json = true;
			break;
		default:
			return ctl_bad_option("test", c, argv);
		}
	}
	if (optind < argc)
		return ctl_misuse("test", "test: takes no argument: %s",
		    argv[optind]);
	return a.fault != NULL ? rehearse(&a) : decide_one(&a);
}
