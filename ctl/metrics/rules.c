/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metrics of policies and their rules, as many as the configuration has. The
 * labels are the configuration's and the registry's words, and no login's.
 */
#include "ctl/metrics/put.h"
#include "ctl/policy/counters.h"

struct rules {
	struct json *json; /* owns the list */
	struct json *list; /* of objects: policies and rules */
};

/* Of which member which metric; of rules, and of policies. */
static const struct {
	const char *key;
	const char *name;
	const char *help;
} of_rules[] = {
	{ "fired", "rule_fired_total",
	    "Findings that got their action from this rule." },
	{ "against", "rule_against_total",
	    "Of these, those that stood against the login." },
	{ "blind", "rule_blind_total",
	    "Logins of which it could not be looked at." },
}, of_policies[] = {
	{ "logins", "policy_logins_total", "Logins decided by this policy." },
	{ "denied", "policy_denied_total", "Of these, those refused." },
	{ "observed", "policy_observed_total",
	    "Of these, those that enforcing would have refused." },
};

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
copy_string(const struct json *from, struct json *to, const char *key)
{
	const char *text = json_get_string(from, key, NULL);

	if (text != NULL)
		json_set_untrusted(to, key, text);
}

static void
copy_int(const struct json *from, struct json *to, const char *key)
{
	if (json_get_int(from, key, -1) >= 0)
		json_set_int(to, key, json_get_int(from, key, 0));
}

static int
keep(struct json *line, void *arg)
{
	struct rules *rules = arg;
	struct json *o = json_add_object(rules->list);
	size_t i;

	copy_string(line, o, "policy");
	copy_string(line, o, "finding");
	copy_string(line, o, "grade");
	copy_string(line, o, "combination");
	copy_int(line, o, "line");
	for (i = 0; i < N(of_rules); i++)
		copy_int(line, o, of_rules[i].key);
	for (i = 0; i < N(of_policies); i++)
		copy_int(line, o, of_policies[i].key);
	return CTL_OK;
}

static bool
is_rule(const struct json *o)
{
	return json_get_int(o, "fired", -1) >= 0;
}

/* Two rules of one name are in two lines of the file. */
static void
put_one(FILE *out, const char *name, const struct json *o, const char *key)
{
	char rule[CTL_TEXT_SIZE];

	fprintf(out, "farmgate_%s{policy=\"", name);
	put_label(out, json_get_string(o, "policy", ""));
	if (is_rule(o)) {
		fputs("\",rule=\"", out);
		put_label(out, policy_counters_rule(o, rule));
		fprintf(out, "\",line=\"%lld",
		    (long long)json_get_int(o, "line", 0));
	}
	fprintf(out, "\"} %lld\n", (long long)json_get_int(o, key, 0));
}

static void
put_each(FILE *out, const struct rules *rules, bool of_rule, const char *name,
    const char *help, const char *key)
{
	const struct json *o;

	put_head(out, name, "counter", help);
	for (size_t i = 0; i < json_length(rules->list); i++) {
		o = json_at(rules->list, i);
		if (is_rule(o) == of_rule)
			put_one(out, name, o, key);
	}
}

int
put_rules(FILE *out, const struct ctl *ctl)
{
	struct json *command = json_new();
	struct rules rules = { .json = json_new() };
	size_t i;
	int r;

	rules.list = json_set_array(rules.json, "list");
	json_set_string(command, "do", "policy.counters");
	r = ctl_ask_lines(ctl, command, false, keep, &rules);
	if (r == CTL_OK) {
		for (i = 0; i < N(of_policies); i++)
			put_each(out, &rules, false, of_policies[i].name,
			    of_policies[i].help, of_policies[i].key);
		for (i = 0; i < N(of_rules); i++)
			put_each(out, &rules, true, of_rules[i].name,
			    of_rules[i].help, of_rules[i].key);
	}
	json_free(rules.json);
	return r;
}
