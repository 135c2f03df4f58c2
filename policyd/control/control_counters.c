/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the rules in force have come to, for farmgatectl policy counters: a line
 * each. A worker writes them, from the memory that it has of its parent.
 */
#include "policyd/control/control_parts.h"
#include "policyd/counters.h"

#define COUNTERS_MS 10000u

/* Without a name it is that of logins that have no policy. */
static void
set_policy(struct json *json, const struct counters_policy *p)
{
	if (p->name == NULL)
		json_set_null(json, "policy");
	else
		json_set_string(json, "policy", p->name);
	json_set_int(json, "logins", (int64_t)p->logins);
}

static void
write_policy(struct control_out *out, const struct ruleset *rules,
    const struct counters_policy *p)
{
	struct json *json = json_new();

	set_policy(json, p);
	json_set_string(json, "mode", conf_mode_name(p->mode));
	if (p->line != 0)
		json_set_int(json, "line", p->line);
	json_set_int(json, "denied", (int64_t)p->denied);
	json_set_int(json, "observed", (int64_t)p->observed);
	json_set_int(json, "since", rules->loaded_at_s);
	json_set_string(json, "sha256", rules->conf->hash);
	control_out_json(out, json);
}

static void
write_rule(struct control_out *out, const struct counters_policy *p,
    const struct counters_rule *rule)
{
	struct json *json = json_new();

	set_policy(json, p);
	if (rule->code == FINDING_NONE)
		json_set_string(json, "combination", rule->name);
	else
		json_set_string(json, "finding",
		    finding_info(rule->code)->name);
	if (rule->grade != NULL)
		json_set_string(json, "grade", rule->grade);
	if (rule->line != 0)
		json_set_int(json, "line", rule->line);
	json_set_string(json, "action", action_name(rule->action));
	json_set_int(json, "fired", (int64_t)rule->fired);
	json_set_int(json, "against", (int64_t)rule->against);
	json_set_int(json, "blind", (int64_t)rule->blind);
	control_out_json(out, json);
}

/* What is shipped, and has never spoken, would be most of it. */
static bool
is_silent(const struct counters_rule *rule)
{
	return rule->line == 0 && rule->fired == 0 && rule->blind == 0;
}

static int
run(int out_fd, void *arg)
{
	static struct control_out out;
	const struct control_job *job = arg;
	const struct ruleset *rules = job->daemon->rules;
	const struct counters_policy *p;
	size_t i, k;

	control_out_init(&out, out_fd);
	for (i = 0; i < rules->counters->npolicies; i++) {
		p = &rules->counters->policies[i];
		if (p->name == NULL && p->logins == 0)
			continue;
		write_policy(&out, rules, p);
		for (k = 0; k < p->nrules; k++)
			if (!is_silent(&p->rules[k]))
				write_rule(&out, p, &p->rules[k]);
	}
	control_out_flush(&out);
	return out.failed ? CONTROL_ERROR : CONTROL_OK;
}

void
control_counters(struct control_job *job)
{
	control_work(job, run, control_finished, COUNTERS_MS);
}
