/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Users and addresses, named or chosen, and the sshd's answer for each pair.
 * What sshd says when it cannot answer is passed on with what helps.
 */
#include "ctl/sshd/cases.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/rollout/caller.h"
#include "ctl/sshd/run.h"
#include "policyd/net/addr.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ADMIN_GROUP	"farmgate-admin"
#define CONNECTION_SIZE 768u
#define COMPLAINT_LINES 4 /* of sshd's that are shown */

/* Where the connections that sshd is asked about arrive. */
struct local {
	uint64_t port;
	char v4[ADDR_TEXT_SIZE];
	char v6[ADDR_TEXT_SIZE];
};

/* ---- who, and from where ----------------------------------------------- */

static int
add(char *list[CASES_MAX], size_t *n, const char *word)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(list[i], word) == 0)
			return 0;
	if (*n == CASES_MAX)
		return FG_ERR_LIMIT;
	if ((list[*n] = strdup(word)) == NULL)
		return FG_ERR_NOMEM;
	++*n;
	return 0;
}

/* A comma would end it in what sshd is given. */
int
cases_add_user(struct cases *cases, const char *user)
{
	if (*user == '\0' || strlen(user) > CASES_USER_MAX ||
	    strchr(user, ',') != NULL)
		return FG_ERR_FORMAT;
	return add(cases->users, &cases->nusers, user);
}

int
cases_add_from(struct cases *cases, const char *address)
{
	char text[ADDR_TEXT_SIZE];
	struct addr addr;

	if (addr_parse(address, &addr) != 0)
		return FG_ERR_FORMAT;
	return add(cases->froms, &cases->nfroms, addr_text(&addr, text));
}

static const char *
first_admin(void)
{
	const struct group *group = getgrnam(ADMIN_GROUP);

	return group == NULL ? NULL : group->gr_mem[0];
}

static int
choose_users(struct cases *cases, const struct caller *caller)
{
	const char *user = caller->user;
	int r;

	if ((r = cases_add_user(cases, "root")) != 0)
		return r;
	if (strcmp(user, "root") == 0 && (user = first_admin()) == NULL)
		return 0;
	r = cases_add_user(cases, user);
	return r == FG_ERR_FORMAT ? 0 : r; /* an odd name has to be given */
}

/* An address of the first prefix, and not the network's own if it has more. */
static int
choose_network(struct cases *cases, const struct conf_network *net)
{
	char text[ADDR_TEXT_SIZE];
	struct addr_prefix prefix;

	if (addr_parse_prefix(net->cidrs.v[0], &prefix) != 0)
		return 0; /* it was parsed before */
	if (prefix.bits < 8 * ADDR_SIZE)
		prefix.addr.b[ADDR_SIZE - 1] |= 1;
	return cases_add_from(cases, addr_text(&prefix.addr, text));
}

/* Others are lists of what nobody should come from. */
static bool
has_people(const struct conf_network *net)
{
	return net->cidrs.n > 0 &&
	    (net->trust != CONF_TRUST_NONE || net->shared != NULL ||
		net->country[0] != '\0');
}

static int
choose_froms(struct cases *cases, const struct caller *caller,
    const struct conf *conf)
{
	size_t i, left = CASES_NETWORKS;
	int r = cases_add_from(cases, CASES_ANYWHERE);

	if (r == 0 && caller->from[0] != '\0')
		r = cases_add_from(cases, caller->from);
	for (i = 0; r == 0 && conf != NULL && i < conf->nnetworks; i++)
		if (left > 0 && has_people(&conf->networks[i])) {
			r = choose_network(cases, &conf->networks[i]);
			left--;
		}
	return r;
}

int
cases_choose(struct cases *cases, const struct conf *conf)
{
	struct caller caller;
	int r = 0;

	caller_find(&caller);
	if (cases->nusers == 0)
		r = choose_users(cases, &caller);
	if (r == 0 && cases->nfroms == 0)
		r = choose_froms(cases, &caller, conf);
	return r;
}

/* ---- sshd's answers ---------------------------------------------------- */

/* What to do about it; "" if nobody knows. */
static const char *
remedy(const char *said)
{
	if (geteuid() != 0)
		return "; sshd reads its host keys and more as root alone: use "
		       "sudo";
	if (strstr(said, "no hostkeys available") != NULL)
		return "; make some: ssh-keygen -A";
	if (strstr(said, "privilege separation directory") != NULL)
		return "; start sshd once, or make that folder, mode 0755";
	return "";
}

/* Its first lines. */
static void
complain_of(const char *program, char *said)
{
	const char *what = remedy(said);
	char *line, *rest = said;
	int n;

	for (n = 0; n < COMPLAINT_LINES &&
	     (line = strsep(&rest, "\n")) != NULL && *line != '\0';
	     n++) {
		line[strcspn(line, "\r")] = '\0';
		ctl_complain("check-sshd: %s: %s%s", program, line,
		    n == 0 ? what : "");
	}
}

static int
parse_answer(const char *program, const char *text, size_t len,
    struct effective **ret_settings)
{
	unsigned int line;
	int r = effective_parse(text, len, ret_settings, &line);

	if (r == 0)
		return CTL_OK;
	ctl_complain("check-sshd: %s: %s", program,
	    r == FG_ERR_FORMAT ? "it does not print with -T what an sshd "
				 "prints; name one with --sshd" :
				 fg_strerror(r));
	return CTL_ERROR;
}

static int
ask(const struct run *run, struct effective **ret_settings)
{
	size_t len;
	char *text;
	int status = CTL_ERROR;
	int r = run_sshd(run, &text, &len);

	*ret_settings = NULL;
	if (r == CTL_OK)
		status = parse_answer(run->program, text, len, ret_settings);
	else if (r == CTL_NO)
		complain_of(run->program, text);
	else
		ctl_complain("check-sshd: %s -T: %s", run->program,
		    r < 0 ? text_error(r) : "it could not be started");
	free(text);
	return status;
}

/* "0.0.0.0:22", "[::]:22 rdomain x": an address that sshd listens on. */
static void
take_listen(struct local *local, const char *value)
{
	size_t skip = *value == '[';
	char text[ADDR_TEXT_SIZE];
	struct addr addr;

	(void)snprintf(text, sizeof(text), "%.*s",
	    (int)strcspn(value + skip, skip > 0 ? "]" : ":"), value + skip);
	if (addr_parse(text, &addr) != 0 || strcmp(text, "::") == 0 ||
	    strcmp(text, "0.0.0.0") == 0)
		return;
	(void)addr_text(&addr, addr_is_v4(&addr) ? local->v4 : local->v6);
}

static void
find_local(const struct effective *settings, struct local *ret_local)
{
	const char *value;
	size_t i;

	if (effective_uint(settings, "port", &ret_local->port) != 0)
		ret_local->port = 22;
	(void)text_copy(ret_local->v4, sizeof(ret_local->v4), "127.0.0.1");
	(void)text_copy(ret_local->v6, sizeof(ret_local->v6), "::1");
	for (i = 0;
	     (value = effective_get(settings, "listenaddress", i)) != NULL; i++)
		take_listen(ret_local, value);
}

static int
ask_one(struct run *run, const struct local *local, struct look_case *c)
{
	char connection[CONNECTION_SIZE];
	const char *laddr =
	    strchr(c->from, ':') == NULL ? local->v4 : local->v6;

	if (text_format(connection, sizeof(connection),
		"user=%s,host=%s,addr=%s,laddr=%s,lport=%llu", c->user, c->from,
		c->from, laddr, (unsigned long long)local->port) != 0) {
		ctl_complain("check-sshd: %s", fg_strerror(FG_ERR_LIMIT));
		return CTL_ERROR;
	}
	run->connection = connection;
	return ask(run, &c->settings);
}

/* Where sshd listens, which is the same for everybody. */
static int
ask_local(struct run *run, struct local *ret_local)
{
	struct look_case c = { .settings = NULL };
	char user[] = "root", from[] = CASES_ANYWHERE;
	int status;

	*ret_local = (struct local){ .port = 22, .v4 = "127.0.0.1" };
	c.user = user;
	c.from = from;
	status = ask_one(run, ret_local, &c);
	if (status == CTL_OK)
		find_local(c.settings, ret_local);
	effective_free(c.settings);
	return status;
}

/* A case for each pair, without its settings. */
static int
make_pairs(struct cases *cases)
{
	size_t u, f;

	cases->v = calloc(cases->nusers * cases->nfroms, sizeof(*cases->v));
	if (cases->v == NULL)
		return FG_ERR_NOMEM;
	for (u = 0; u < cases->nusers; u++)
		for (f = 0; f < cases->nfroms; f++) {
			cases->v[cases->n].user = cases->users[u];
			cases->v[cases->n++].from = cases->froms[f];
		}
	return 0;
}

int
cases_ask(struct cases *cases, const char *program, const char *config)
{
	struct run run = { .program = program, .config = config };
	struct local local;
	int status;

	if ((status = ask_local(&run, &local)) != CTL_OK)
		return status;
	if (make_pairs(cases) != 0) {
		ctl_complain("check-sshd: out of memory");
		return CTL_ERROR;
	}
	for (size_t i = 0; i < cases->n && status == CTL_OK; i++)
		status = ask_one(&run, &local, &cases->v[i]);
	return status;
}

int
cases_take(struct cases *cases, struct effective *settings)
{
	if ((cases->v = calloc(1, sizeof(*cases->v))) == NULL) {
		effective_free(settings);
		return FG_ERR_NOMEM;
	}
	cases->v[0].settings = settings;
	cases->n = 1;
	if (cases->nusers > 0)
		cases->v[0].user = cases->users[0];
	return 0;
}

void
cases_done(struct cases *cases)
{
	size_t i;

	for (i = 0; i < cases->n; i++)
		effective_free(cases->v[i].settings);
	free(cases->v);
	for (i = 0; i < cases->nusers; i++)
		free(cases->users[i]);
	for (i = 0; i < cases->nfroms; i++)
		free(cases->froms[i]);
	memset(cases, 0, sizeof(*cases));
}
