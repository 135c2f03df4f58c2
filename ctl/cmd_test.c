/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl test: what a login would get, without one and without the
 * daemon. Facts are made from the arguments, as the module would send them;
 * the decision is that of the live path, people and exceptions included. What
 * only a live login has (the calling process) is not looked at.
 */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/what_if.h"
#include "policyd/audit/record.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DEFAULT_SERVICE "sshd"
#define GROUP_NAMES_MAX (1024u * 1024u) /* bytes of getgrnam_r(3)'s strings */
#define GIDS_MAX	65536 /* of one user */

struct arguments {
	const char *user;
	const char *from;
	const char *service;
	const char *at;
	const char *config;
	bool json;
};

/* Which of the configuration's groups the user is in; borrowed from it. */
struct groups {
	const char *names[FG_NEED_GROUPS_MAX];
	size_t count;
};

/* All gids of the user, which the caller frees. */
static int
user_gids(const struct passwd *pw, gid_t **ret_gids, int *ret_n)
{
	int room = 0, n = 64;
	gid_t *gids = NULL, *bigger;

	*ret_gids = NULL;
	do {
		room = n;
		bigger = reallocarray(gids, (size_t)room, sizeof(*gids));
		if (bigger == NULL)
			break;
		gids = bigger;
		if (getgrouplist(pw->pw_name, pw->pw_gid, gids, &n) >= 0) {
			*ret_gids = gids;
			*ret_n = n;
			return 0;
		}
	} while (n > room && n <= GIDS_MAX);
	free(gids);
	return FG_ERR_LIMIT;
}

/* Is the group's gid among them? A group that does not exist is empty. */
static int
has_group(const char *name, const gid_t *gids, int n, bool *ret_member)
{
	static char buf[GROUP_NAMES_MAX];
	struct group grp, *found = NULL;
	int e, i;

	*ret_member = false;
	e = getgrnam_r(name, &grp, buf, sizeof(buf), &found);
	if (e != 0 && e != ENOENT)
		return FG_ERR_SYSTEM;
	for (i = 0; e == 0 && found != NULL && i < n; i++)
		if (gids[i] == grp.gr_gid)
			*ret_member = true;
	return 0;
}

/* An error here is a fact too: the decision says what becomes of it. */
static void
look_up_groups(const struct passwd *pw, const struct conf *conf,
    struct groups *groups, struct facts *facts)
{
	const struct conf_strings *asked = &conf->groups;
	gid_t *gids;
	bool member;
	size_t i;
	int n;

	facts->groups.state = FACT_ERROR;
	if (user_gids(pw, &gids, &n) != 0)
		return;
	for (i = 0; i < asked->n && i < FG_NEED_GROUPS_MAX; i++) {
		if (has_group(asked->v[i], gids, n, &member) != 0)
			goto out;
		if (member)
			groups->names[groups->count++] = asked->v[i];
	}
	facts->groups.state = FACT_KNOWN;
	facts->groups.names = groups->names;
	facts->groups.count = groups->count;
out:
	free(gids);
}

/*
 * A policy can be tried before its users exist. Who does not exist is in no
 * group; that the live login would fail all the same is said.
 */
static void
look_up_user(const struct arguments *a, const struct conf *conf,
    struct groups *groups, struct facts *facts)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(a->user);
	facts->login.uid = (uint32_t)-1;
	if (pw != NULL) {
		facts->login.uid = (uint32_t)pw->pw_uid;
		look_up_groups(pw, conf, groups, facts);
		return;
	}
	if (errno == 0 || errno == ENOENT || errno == ESRCH) {
		facts->groups.state = FACT_UNKNOWN;
		ctl_complain("test: %s has no passwd entry here: decided as "
			     "if it had one and no groups; a live login is "
			     "refused as user_unknown",
		    a->user);
		return;
	}
	facts->groups.state = FACT_ERROR;
	ctl_complain("test: %s: %m", a->user);
}

/* --from, as the service of that kind would come to know it. */
static int
set_origin(const struct arguments *a, const struct conf *conf,
    struct facts *facts, struct fact_origin *parent)
{
	enum service_kind kind = conf_service_kind(conf, a->service);
	bool here = strcmp(a->from, "console") == 0;
	bool nowhere = strcmp(a->from, "local") == 0;
	struct addr addr;

	if (here || nowhere) {
		if (kind != SERVICE_NESTED &&
		    (nowhere || kind != SERVICE_CONSOLE))
			return ctl_misuse("test",
			    "test: --from %s is not for %s, a service of kind "
			    "%s; give an address",
			    a->from, a->service,
			    kind == SERVICE_NONE ? "remote" :
						   service_kind_name(kind));
		/* sudo in a session on the console inherits that */
		if (here && kind == SERVICE_NESTED) {
			parent->kind = ORIGIN_CONSOLE;
			parent->source = ORIGIN_FROM_SERVICE;
		}
		return CTL_OK;
	}
	if (addr_parse(a->from, &addr) != 0)
		return ctl_misuse("test",
		    "test: --from %s is no address; give one in numbers, such "
		    "as 192.0.2.7",
		    a->from);
	if (kind == SERVICE_NESTED) {
		parent->kind = ORIGIN_ADDRESS;
		parent->source = ORIGIN_FROM_RHOST;
		parent->addr = addr;
		parent->cls = addr_classify(&addr);
		return CTL_OK;
	}
	(void)text_copy(facts->login.rhost, sizeof(facts->login.rhost),
	    a->from);
	return CTL_OK;
}

static int
print(const struct json *record, bool as_json)
{
	if (as_json)
		return ctl_print_json(record);
	return record_print(record, stdout) != 0 ? CTL_ERROR : CTL_OK;
}

static bool
lets_in(const struct json *record)
{
	const char *verdict = json_get_string(record, "verdict", "");

	return strcmp(verdict, fg_verdict_name(FG_VERDICT_ALLOW)) == 0 ||
	    strcmp(verdict, fg_verdict_name(FG_VERDICT_EXEMPT)) == 0;
}

static int
decide_and_report(const struct arguments *a, const struct ruleset *ruleset,
    struct facts *facts)
{
	struct fact_origin inherited = { 0 };
	const struct gather_parent parent = { .origin = &inherited, .ref = "" };
	const struct what_if w = { ruleset, &parent, facts };
	struct json *record;
	int status;

	if ((status = set_origin(a, ruleset->conf, facts, &inherited)) !=
		CTL_OK ||
	    (status = what_if_decide(&w, &record)) != CTL_OK)
		return status;
	status = print(record, a->json);
	if (status == CTL_OK && !lets_in(record))
		status = CTL_NO;
	json_free(record);
	return status;
}

static int
run(const struct arguments *a, struct facts *facts)
{
	struct conf_errors errors = { 0 };
	struct ruleset *ruleset = NULL;
	struct groups groups = { .count = 0 };
	int status = CTL_ERROR, r;

	if ((r = ruleset_load(a->config, &ruleset, &errors)) != 0) {
		conf_errors_print(&errors, stderr);
		if (r != FG_ERR_CONFIG)
			ctl_complain("test: %s: %s", a->config, fg_strerror(r));
		goto out;
	}
	conf_errors_print(&ruleset->warnings, stderr);
	look_up_user(a, ruleset->conf, &groups, facts);
	status = decide_and_report(a, ruleset, facts);
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
	if (ctl_parse_time(a->at, &facts->at_s) != 0)
		return ctl_misuse("test",
		    "test: --at %s is no time such as "
		    "2026-03-01T08:30:00+01:00, nor \"now\"",
		    a->at);
	return CTL_OK;
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
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct arguments a = {
		.service = DEFAULT_SERVICE, .at = "now", .config = CONF_FILE
	};
	static struct facts facts;
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
	if (set_facts(&a, &facts) != CTL_OK)
		return CTL_ERROR;
	return run(&a, &facts);
}
