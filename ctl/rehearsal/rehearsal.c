/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table: each service, each policy that its logins may have or the one
 * login that is supposed, each fault. A row is a member of the object that
 * --json prints, so that both forms say the same.
 */
#include "ctl/rehearsal/rehearsal.h"

#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/pam/guarded.h"
#include "ctl/rehearsal/foresee.h"
#include "ctl/rehearsal/keyholders.h"
#include "ctl/rehearsal/passage.h"
#include "ctl/supposed.h"
#include "ctl/what_if.h"
#include "policyd/text.h"
#include "proto/failing.h"
#include "proto/result.h"

#define BY_SIZE	  1024u
#define HELD_SIZE 512u
#define EVERYBODY "everybody"
#define NO_POLICY "no policy"

struct play {
	const struct rehearsal *o;
	struct ruleset *ruleset;
	const struct stack *stack; /* of the service that it is about */
	const struct stack_line *gate;
	enum service_kind kind;
	struct json *json, *rows;
};

/* ---- rows -------------------------------------------------------------- */

struct row {
	const char *subject;
	enum fault fault;
	enum foreseen_result result;
	bool by_failure; /* break-glass is for it */
	char by[BY_SIZE];
};

static void
put(struct play *p, const struct row *row)
{
	struct json *o = json_add_object(p->rows);
	char held[HELD_SIZE];

	json_set_untrusted(o, "service", p->stack->service);
	json_set_untrusted(o, "subject", row->subject);
	json_set_string(o, "fault", fault_name(row->fault));
	json_set_string(o, "result", foreseen_name(row->result));
	json_set_untrusted(o, "by", row->by);
	if (row->result != FORESEEN_DENY || !row->by_failure)
		return;
	keyholders_list(guarded_breakglass(p->gate), p->stack->service,
	    p->o->user, held, sizeof(held));
	json_set_untrusted(o, "breakglass", held);
}

static void
set_line(struct row *row, const struct stack_line *line, const char *what)
{
	if (line == NULL)
		(void)text_format(row->by, sizeof(row->by),
		    "no line of the stack decides");
	else
		(void)text_format(row->by, sizeof(row->by), "%s:%u: %s",
		    line->file, line->line, what);
}

/* The stack has the last word, whatever the gate has said. */
static void
set_stack(struct row *row, const struct passage *passage)
{
	const struct stack_line *line = passage->decided;
	char text[BY_SIZE / 2];

	row->result = passage->open ? FORESEEN_ALLOW : FORESEEN_DENY;
	row->by_failure = false;
	if (line == NULL)
		(void)text_copy(text, sizeof(text), "");
	else
		(void)text_format(text, sizeof(text), "%s %s%s", line->control,
		    line->module != NULL ? line->module : "",
		    passage->asked ? " decides" : ": the gate is never asked");
	set_line(row, line, text);
}

/* ---- without a daemon -------------------------------------------------- */

static void
put_silence(struct play *p, const char *subject, enum fault fault)
{
	struct row row = { .subject = subject, .fault = fault };
	const struct stack_line *line = p->gate;
	struct passage passage;

	passage_walk(p->stack, PASSAGE_NONE, &passage);
	if (!passage.open && passage.decided != NULL &&
	    stack_is_gate(passage.decided))
		line = passage.decided;
	row.result = passage.open ? FORESEEN_ALLOW : FORESEEN_DENY;
	row.by_failure = true;
	if (!passage.asked || passage.open != passage_fails_open(line))
		set_stack(&row, &passage);
	else
		set_line(&row, line, passage_failure_argument(line));
	if (passage.asked && passage.open && passage_fails_open(line) &&
	    !guarded_has_argument(line, "on_error=allow"))
		row.result = FORESEEN_OBSERVED;
	put(p, &row);
}

/* ---- with one ---------------------------------------------------------- */

static enum passage_word
word_of(enum foreseen_result result)
{
	switch (result) {
	case FORESEEN_USUAL:
	case FORESEEN_ALLOW:
		return PASSAGE_ALLOW;
	case FORESEEN_OBSERVED:
		return PASSAGE_OBSERVE;
	case FORESEEN_EXEMPT:
		return PASSAGE_EXEMPT;
	case FORESEEN_NONE:
	case FORESEEN_CHALLENGE:
	case FORESEEN_DENY:
		break;
	}
	return PASSAGE_DENY;
}

static void
put_answer(struct play *p, struct row *row)
{
	enum passage_word word = word_of(row->result);
	struct passage passage;

	passage_walk(p->stack, word, &passage);
	if (!passage.asked || passage.open == (word == PASSAGE_DENY))
		set_stack(row, &passage);
	put(p, row);
}

static void
put_policy(struct play *p, const struct conf_policy *policy, enum fault fault)
{
	const struct foresee of = { p->ruleset->conf, policy, p->kind,
		guarded_has_argument(p->gate, "observe") };
	struct foreseen seen;
	char subject[CONF_NAME_MAX + 16];
	struct row row = { .subject = subject, .fault = fault };

	if (p->kind == SERVICE_EXEMPT)
		(void)text_copy(subject, sizeof(subject), EVERYBODY);
	else if (policy == NULL)
		(void)text_copy(subject, sizeof(subject), NO_POLICY);
	else
		(void)text_format(subject, sizeof(subject), "policy %s",
		    policy->name);
	foresee(&of, fault, &seen);
	row.result = seen.result;
	row.by_failure = seen.failure != FAILURE_NONE &&
	    fg_failing(failure_info(seen.failure)->name);
	(void)text_copy(row.by, sizeof(row.by), seen.by);
	put_answer(p, &row);
}

/* ---- of policies ------------------------------------------------------- */

typedef void (*fault_fn)(struct play *p, const void *arg, enum fault fault);

/* Each fault that is asked for: those with a daemon, or those without. */
static void
each_fault(struct play *p, bool silence, fault_fn fn, const void *arg)
{
	enum fault fault;

	for (fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
		if (fault_is_silence(fault) == silence &&
		    (p->o->fault == FAULT_NONE || p->o->fault == fault))
			fn(p, arg, fault);
}

static void
silence_of(struct play *p, const void *arg, enum fault fault)
{
	put_silence(p, arg, fault);
}

static void
fault_of(struct play *p, const void *arg, enum fault fault)
{
	put_policy(p, arg, fault);
}

static bool
may_match(const struct conf_policy *policy, const char *service)
{
	return policy->services.n == 0 ||
	    conf_strings_has(&policy->services, service);
}

static int
play_policies(struct play *p)
{
	const struct conf *conf = p->ruleset->conf;
	const struct conf_policy *policy;
	bool all = false; /* further ones match nobody */
	size_t i;

	each_fault(p, true, silence_of, EVERYBODY);
	for (i = 0; i < conf->npolicies && !all; i++) {
		policy = &conf->policies[i];
		if (p->kind == SERVICE_EXEMPT ||
		    !may_match(policy, p->stack->service))
			continue;
		each_fault(p, false, fault_of, policy);
		all = policy->users.n == 0 && policy->networks.n == 0;
	}
	if (!all)
		each_fault(p, false, fault_of, NULL);
	return CTL_OK;
}

/* ---- of a login -------------------------------------------------------- */

static bool
is(const struct json *json, const char *key, const char *value)
{
	return strcmp(json_get_string(json, key, ""), value) == 0;
}

static void
take_record(const struct json *record, struct row *row)
{
	bool let_in = is(record, "would", fg_verdict_name(FG_VERDICT_ALLOW));

	if (is(record, "verdict", fg_verdict_name(FG_VERDICT_EXEMPT)))
		row->result = FORESEEN_EXEMPT;
	else if (is(record, "verdict", fg_verdict_name(FG_VERDICT_ALLOW)))
		row->result = let_in ? FORESEEN_ALLOW : FORESEEN_OBSERVED;
	else
		row->result = is(record, "would", "challenge") ?
		    FORESEEN_CHALLENGE :
		    FORESEEN_DENY;
	/* A reason is that alone where break-glass is for it. */
	row->by_failure = fg_failing(json_get_string(record, "reason", ""));
	(void)text_copy(row->by, sizeof(row->by),
	    json_get_string(json_get(record, "decided"), "why", ""));
}

/* FG_ERR_NOT_FOUND: nobody comes from there to such a service. */
static int
suppose(const struct play *p, struct supposed *login)
{
	struct fact_login *l = &login->facts.login;
	const struct conf *conf = p->ruleset->conf;

	memset(login, 0, sizeof(*login));
	login->facts.at_s = p->o->at_s;
	l->phase = FG_PHASE_ACCOUNT;
	if (guarded_has_argument(p->gate, "observe"))
		l->flags |= FG_LOGIN_OBSERVE;
	(void)text_copy(l->user, sizeof(l->user), p->o->user);
	(void)text_copy(l->service, sizeof(l->service), p->stack->service);
	(void)supposed_look_up(login, conf); /* an error is a fact, too */
	if (guarded_has_argument(p->gate, "nogroups"))
		login->facts.groups.state = FACT_ERROR;
	return supposed_come_from(login, conf, p->o->from);
}

/* Each of facts that are gathered anew. */
static void
login_with(struct play *p, const void *arg, enum fault fault)
{
	static struct supposed login;
	struct row row = { .subject = p->o->user, .fault = fault };
	struct what_if w = { .ruleset = p->ruleset,
		.parent = &login.parent,
		.facts = &login.facts,
		.command = "test",
		.fault = fault };
	int *status = *(int *const *)arg;
	struct json *record;

	if (*status != CTL_OK)
		return;
	(void)suppose(p, &login); /* it could be, once */
	if ((*status = what_if_decide(&w, &record)) != CTL_OK)
		return;
	take_record(record, &row);
	json_free(record);
	put_answer(p, &row);
}

static int
play_login(struct play *p)
{
	static struct supposed login;
	int status = CTL_OK, *at = &status;
	int r = suppose(p, &login);

	if (r == FG_ERR_FORMAT)
		return ctl_misuse("test",
		    "test: --from %s is no address; give one in numbers, such "
		    "as 192.0.2.7",
		    p->o->from);
	if (r != 0) {
		ctl_complain("test: nobody comes to %s from %s: left out",
		    p->stack->service, p->o->from);
		return CTL_OK;
	}
	each_fault(p, true, silence_of, p->o->user);
	each_fault(p, false, login_with, &at);
	return status;
}

/* ---- the table --------------------------------------------------------- */

static void
print_row(const struct json *row)
{
	char service[CTL_TEXT_SIZE], subject[CTL_TEXT_SIZE];
	char by[CTL_TEXT_SIZE], held[CTL_TEXT_SIZE];

	printf("%-12s %-16s %-12s %-9s  %s%s%s\n",
	    ctl_text(row, "service", "", service),
	    ctl_text(row, "subject", "", subject),
	    json_get_string(row, "fault", ""),
	    json_get_string(row, "result", ""), ctl_text(row, "by", "", by),
	    json_get_string(row, "breakglass", "")[0] != '\0' ?
		"; break-glass: " :
		"",
	    ctl_text(row, "breakglass", "", held));
}

static int
print(const struct play *p)
{
	size_t i, n = json_length(p->rows);

	if (p->o->json)
		return ctl_print_json(p->json);
	if (n > 0)
		printf("%-12s %-16s %-12s %-9s  %s\n", "SERVICE", "WHO",
		    "FAULT", "RESULT", "BY");
	for (i = 0; i < n; i++)
		print_row(json_at(p->rows, i));
	return CTL_OK;
}

static int
play_service(struct play *p, const struct stack *stack)
{
	enum service_kind kind =
	    conf_service_kind(p->ruleset->conf, stack->service);

	p->stack = stack;
	p->gate = guarded_line(stack, STACK_ACCOUNT);
	if (p->gate == NULL)
		p->gate = guarded_line(stack, STACK_SESSION);
	p->kind = kind == SERVICE_NONE ? SERVICE_REMOTE : kind;
	return p->o->user != NULL ? play_login(p) : play_policies(p);
}

static int
play_services(struct play *p)
{
	static struct guarded guarded;
	int status = CTL_OK, r;
	size_t i;

	r = guarded_find(p->o->confdir, p->o->service, &guarded);
	if (r != 0) {
		ctl_complain("test: %s: %s", p->o->confdir, text_error(r));
		status = CTL_ERROR;
	} else if (guarded.n == 0) {
		ctl_complain("test: no stack of %s in %s names the gate; put "
			     "it in first: farmgatectl enable SERVICE "
			     "--observe",
		    p->o->service != NULL ? p->o->service : "any service",
		    p->o->confdir);
		status = CTL_ERROR;
	}
	for (i = 0; i < guarded.n && status == CTL_OK; i++)
		status = play_service(p, guarded.list[i]);
	guarded_done(&guarded);
	return status;
}

int
rehearsal_run(const struct rehearsal *rehearsal)
{
	struct conf_errors errors = { 0 };
	struct play p = { .o = rehearsal };
	int status = CTL_ERROR, r;

	if ((r = ruleset_load(rehearsal->config, &p.ruleset, &errors)) != 0) {
		conf_errors_print(&errors, stderr);
		if (r != FG_ERR_CONFIG)
			ctl_complain("test: %s: %s", rehearsal->config,
			    fg_strerror(r));
		goto out;
	}
	p.json = json_new();
	p.rows = json_set_array(p.json, "rows");
	if ((status = play_services(&p)) == CTL_OK)
		status = print(&p);
out:
	json_free(p.json);
	ruleset_release(p.ruleset);
	conf_errors_done(&errors);
	return status;
}
