/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl enable: put the gate into services' stacks so that a mistake
 * locks nobody out. What would be written is shown, proved on a copy, and taken
 * back by itself unless somebody confirms it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/readiness/readiness.h"
#include "ctl/rollout/caller.h"
#include "ctl/rollout/guard.h"
#include "ctl/rollout/note.h"
#include "ctl/rollout/pending.h"
#include "ctl/rollout/proof.h"
#include "ctl/rollout/services.h"
#include "policyd/conf.h"
#include "policyd/net/addr.h"
#include "policyd/text.h"

#define CONFIRM_WITHIN "5m"
#define CONFIRM_MIN_S  5
#define CONFIRM_MAX_S  86400
#define ACCEPT_MAX     1000000
#define STATUS_MS      5000u

enum on_error {
	ON_ERROR_DEFAULT = 0,
	ON_ERROR_DENY,
	ON_ERROR_ALLOW
};

struct enabling {
	const struct ctl *ctl;
	bool observe;
	enum on_error on_error;
	int64_t within_s;
	const char *within;
	uint64_t accept; /* how many items */
	const char *from;
	bool skip_root;
	bool dry_run;
	bool yes;
	char **names; /* of the services; argv's */
	size_t nnames;
	struct caller caller;
	struct conf *conf;
	struct services services;
};

/* ---- what is to be done ------------------------------------------------ */

static int
take_within(struct enabling *e, const char *text)
{
	char span[16];

	if (text_format(span, sizeof(span), "+%s", text) != 0 ||
	    ctl_parse_when(span, 0, false, &e->within_s) != 0 ||
	    e->within_s < CONFIRM_MIN_S || e->within_s > CONFIRM_MAX_S)
		return ctl_misuse("enable",
		    "enable: --confirm-within %s is no time from 5s to 24h, "
		    "such as 5m",
		    text);
	e->within = text;
	return CTL_OK;
}

static int
take_on_error(struct enabling *e, const char *text)
{
	if (strcmp(text, "deny") == 0)
		e->on_error = ON_ERROR_DENY;
	else if (strcmp(text, "allow") == 0)
		e->on_error = ON_ERROR_ALLOW;
	else
		return ctl_misuse("enable",
		    "enable: --on-error %s is neither deny nor allow", text);
	return CTL_OK;
}

static int
take_accept(struct enabling *e, const char *text)
{
	if (text_parse_uint(text, 1, ACCEPT_MAX, &e->accept) == 0)
		return CTL_OK;
	return ctl_misuse("enable",
	    "enable: --accept %s is not how many items farmgatectl readiness "
	    "has listed",
	    text);
}

static int
take_from(struct enabling *e, const char *text)
{
	struct addr addr;

	if (addr_parse(text, &addr) != 0)
		return ctl_misuse("enable",
		    "enable: --from %s is no address; give one in numbers, "
		    "such as 192.0.2.7",
		    text);
	e->from = text;
	return CTL_OK;
}

static int
take_option(struct enabling *e, int c, char **argv)
{
	switch (c) {
	case 'o':
		e->observe = true;
		return CTL_OK;
	case 'e':
		return take_on_error(e, optarg);
	case 'w':
		return take_within(e, optarg);
	case 'a':
		return take_accept(e, optarg);
	case 'f':
		return take_from(e, optarg);
	case 'r':
		e->skip_root = true;
		return CTL_OK;
	case 'n':
		e->dry_run = true;
		return CTL_OK;
	case 'y':
		e->yes = true;
		return CTL_OK;
	default:
		return ctl_bad_option("enable", c, argv);
	}
}

static int
read_options(struct enabling *e, int argc, char **argv)
{
	static const struct option options[] = {
		{ "observe", no_argument, NULL, 'o' },
		{ "on-error", required_argument, NULL, 'e' },
		{ "confirm-within", required_argument, NULL, 'w' },
		{ "accept", required_argument, NULL, 'a' },
		{ "from", required_argument, NULL, 'f' },
		{ "skip-root", no_argument, NULL, 'r' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "yes", no_argument, NULL, 'y' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	if (take_within(e, CONFIRM_WITHIN) != CTL_OK)
		return CTL_ERROR;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(e, c, argv) != CTL_OK)
			return CTL_ERROR;
	if (optind == argc)
		return ctl_misuse("enable", "enable: a service is needed");
	e->names = argv + optind;
	e->nnames = (size_t)(argc - optind);
	if (e->observe && e->on_error == ON_ERROR_DENY)
		return ctl_misuse("enable",
		    "enable: --observe refuses nobody, so --on-error deny "
		    "does not go with it");
	return CTL_OK;
}

static int
load_conf(struct enabling *e)
{
	struct conf_errors errors = { 0 };
	int r;

	r = conf_load(CONF_FILE, &e->conf, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	if (r == 0)
		return CTL_OK;
	ctl_complain("enable: %s cannot be used; put it right first: "
		     "farmgatectl check",
	    CONF_FILE);
	return CTL_ERROR;
}

/* No reason to refuse it: who is not challenged gets in, and who is stays out,
 * as without any method. */
static void
warn_delegated(const struct enabling *e, const char *service)
{
	if (conf_delegates(e->conf, service) &&
	    !conf_service_is_locker(service))
		ctl_complain("enable: warning: %s names the method delegate, "
			     "and enable writes no line that hands over to "
			     "another module: whose challenge is delegated by "
			     "%s is refused; for that write its lines by hand, "
			     "as EXAMPLES in pam_farmgate(8) has them, and "
			     "leave it out of enable",
		    CONF_FILE, service);
}

static int
plan_service(struct enabling *e, const char *service)
{
	struct plan_wish wish = { .observe = e->observe };
	struct plan plan = { .before = NULL };
	int status;

	if (conf_service_kind(e->conf, service) == SERVICE_EXEMPT) {
		ctl_complain("enable: %s is an exempt service: the gate would "
			     "have no say there; see SERVICES in "
			     "farmgate.conf(5)",
		    service);
		return CTL_ERROR;
	}
	warn_delegated(e, service);
	wish.asks =
	    conf_has_methods(e->conf) && !conf_service_is_locker(service);
	/* Who cannot unlock their screen loses what is behind it. */
	wish.allow_on_error = e->on_error == ON_ERROR_ALLOW ||
	    (e->on_error == ON_ERROR_DEFAULT &&
		conf_service_is_locker(service));
	status = plan_enable(service, &wish, &plan);
	if (status == CTL_OK)
		status = services_add(&e->services, &plan);
	plan_done(&plan);
	return status;
}

static int
plan_services(struct enabling *e)
{
	int status = CTL_OK;

	for (size_t i = 0; i < e->nnames && status == CTL_OK; i++)
		status = plan_service(e, e->names[i]);
	return status;
}

/* ---- whether it may be done -------------------------------------------- */

/* The number says that they were read, and that no other has come since. */
static int
judge_readiness(const struct enabling *e, const struct readiness *readiness)
{
	size_t n = readiness_count(readiness);

	if (readiness_print(readiness) != CTL_OK)
		return CTL_ERROR;
	if (n == 0 || n == e->accept)
		return CTL_OK;
	ctl_complain("enable: what is listed stands against enforcing, and "
		     "nothing was written; put it right, or accept it as it "
		     "is: --accept %zu",
	    n);
	return CTL_NO;
}

static int
check_readiness(const struct enabling *e)
{
	const struct readiness_options options = {
		.services = (const char *const *)e->names,
		.nservices = e->nnames
	};
	struct readiness *readiness;
	int status;

	if (e->observe)
		return CTL_OK;
	if (readiness_collect(e->ctl, &options, &readiness) != CTL_OK)
		return CTL_ERROR;
	status = judge_readiness(e, readiness);
	readiness_free(readiness);
	return status;
}

static int
prove_user(struct enabling *e, size_t i, const char *user)
{
	const struct plan *plan = &e->services.plans[i];
	const char *service = plan->service;
	enum service_kind kind = conf_service_kind(e->conf, service);
	int status;

	status = proof_run(plan, kind, e->from, user);
	if (status == CTL_NO)
		ctl_complain("enable: %s would not get in by %s any more; "
			     "nothing was written. See farmgatectl status, and "
			     "farmgatectl test --user %s --service %s --from "
			     "%s%s",
		    user, service, user, service,
		    e->from[0] != '\0' ? e->from : "ADDRESS",
		    strcmp(user, "root") == 0 ?
			"; --skip-root where root does not log in by it" :
			"");
	return status;
}

/* Whom the stack keeps out as it is proves nothing, but somebody has to. */
static int
prove_service(struct enabling *e, size_t i)
{
	bool proved = false;
	int status = CTL_OK;

	if (!e->skip_root) {
		status = prove_user(e, i, "root");
		proved = status == CTL_OK;
	}
	if (status != CTL_NO && strcmp(e->caller.user, "root") != 0) {
		status = prove_user(e, i, e->caller.user);
		proved |= status == CTL_OK;
	}
	if (proved && status != CTL_NO)
		return CTL_OK;
	if (status != CTL_NO)
		ctl_complain("enable: it is not proved that anybody gets in by "
			     "%s; nothing was written",
		    e->services.plans[i].service);
	return status == CTL_NO ? CTL_NO : CTL_ERROR;
}

/* Before anything is shown: it is asked for once. */
static int
want_address(const struct enabling *e)
{
	enum service_kind kind;

	for (size_t i = 0; i < e->nnames; i++) {
		kind = conf_service_kind(e->conf, e->names[i]);
		if (e->observe || e->from[0] != '\0' ||
		    (kind != SERVICE_REMOTE && kind != SERVICE_NONE))
			continue;
		ctl_complain("enable: from where do you log in by %s? give "
			     "--from ADDRESS; nothing was written",
		    e->names[i]);
		return CTL_ERROR;
	}
	return CTL_OK;
}

/* A daemon that refuses nobody proves of nobody that they get in. */
static int
want_enforcing(const struct enabling *e)
{
	struct json *report;
	bool observes;
	int status;

	if (e->observe || e->dry_run)
		return CTL_OK;
	if (ctl_call(e->ctl, FG_MSG_STATUS, STATUS_MS, &report, &status) !=
	    CTL_OK)
		return CTL_ERROR;
	observes = strcmp(json_get_string(report, "mode", ""), "enforce") != 0;
	json_free(report);
	if (!observes)
		return CTL_OK;
	ctl_complain("enable: the daemon observes, so nothing would be proved; "
		     "first write mode = \"enforce\" in %s and run "
		     "farmgatectl reload: lines that observe still do",
	    CONF_FILE);
	return CTL_ERROR;
}

static int
prove(struct enabling *e)
{
	int status = CTL_OK;

	for (size_t i = 0; i < e->services.n && status == CTL_OK; i++)
		status = prove_service(e, i);
	return status;
}

static int
look_for_pending(void)
{
	static struct pending pending;
	int status = pending_read(&pending);

	if (status == CTL_NO)
		return CTL_OK;
	if (status == CTL_OK && pending_left_s(&pending) > 0)
		ctl_complain("enable: a change waits to be confirmed; first "
			     "farmgatectl confirm or farmgatectl rollback");
	else if (status == CTL_OK)
		ctl_complain("enable: a change that nobody has confirmed waits "
			     "to be taken back; first farmgatectl rollback");
	return CTL_ERROR;
}

/* ---- doing it ---------------------------------------------------------- */

static void
print_end(const struct enabling *e)
{
	printf("Now log in anew, from another terminal (ssh -S none, where "
	       "connections are shared), and there: sudo farmgatectl confirm\n"
	       "Without that all is as before in %s.\n",
	    e->within);
}

/* Half of it is worse than nothing. */
static void
take_back(void)
{
	static struct pending pending;

	if (pending_read(&pending) == CTL_OK)
		(void)pending_roll_back(&pending); /* complains */
}

static int
write_all(struct enabling *e)
{
	struct services *s = &e->services;

	if (look_for_pending() != CTL_OK)
		return CTL_ERROR;
	/* Somebody waits before there is something to wait for. */
	if (pending_write(s->plans, s->n, e->within_s) == CTL_OK &&
	    guard_start(e->ctl) == CTL_OK && services_carry_out(s) == CTL_OK)
		return CTL_OK;
	take_back();
	return CTL_ERROR;
}

/* Nobody was asked anything while this is locked. */
static int
carry_out(struct enabling *e)
{
	const struct note note = { e->ctl, "enable",
		e->observe ? "observe" : "enforce", "by hand", true };
	int lock = pending_lock(), status;

	if (lock == -1)
		return CTL_ERROR;
	status = write_all(e);
	(void)close(lock); /* frees it */
	if (status != CTL_OK)
		return status;
	note_plans(&note, e->services.plans, e->services.n);
	print_end(e);
	return CTL_OK;
}

static int
enable(struct enabling *e)
{
	int status;

	if (e->services.n == 0) {
		puts("nothing to do: it is so already");
		return CTL_OK;
	}
	status = services_show(&e->services);
	if (status != CTL_OK || e->dry_run)
		return status;
	if ((status = check_readiness(e)) != CTL_OK ||
	    (status = prove(e)) != CTL_OK ||
	    (status = services_ask(e->yes)) != CTL_OK)
		return status;
	return carry_out(e);
}

int
cmd_enable(const struct ctl *ctl, int argc, char **argv)
{
	static struct enabling e;
	int status;

	e.ctl = ctl;
	caller_find(&e.caller);
	e.from = e.caller.from;
	if (read_options(&e, argc, argv) != CTL_OK ||
	    !services_may_change(argv[0]))
		return CTL_ERROR;
	if ((status = pending_prepare()) == CTL_OK)
		status = look_for_pending();
	if (status == CTL_OK)
		status = load_conf(&e);
	if (status == CTL_OK)
		status = want_address(&e);
	if (status == CTL_OK)
		status = want_enforcing(&e);
	if (status == CTL_OK)
		status = plan_services(&e);
	if (status == CTL_OK)
		status = enable(&e);
	services_done(&e.services);
	conf_free(e.conf);
	return status;
}
