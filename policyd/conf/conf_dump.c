/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The effective configuration in its own syntax. What is shipped and in force
 * is written out; actions that no rule names stand in comments, because they
 * are the product's and may change with it.
 */
#include <stdio.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/key.h"
#include "policyd/people/civil.h"
#include "proto/result.h"

static void
put_quoted(FILE *out, const char *s)
{
	(void)fputc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			(void)fputc('\\', out);
		(void)fputc(*s, out);
	}
	(void)fputc('"', out);
}

static void
put_value(FILE *out, const char *indent, const char *key, const char *s)
{
	(void)fprintf(out, "%s%s = ", indent, key);
	put_quoted(out, s);
	(void)fputc('\n', out);
}

/* Nothing for an empty list: the file has none of these either. */
static void
put_strings(FILE *out, const char *indent, const char *key,
    const struct conf_strings *list)
{
	size_t i;

	if (list->n == 0)
		return;
	(void)fprintf(out, "%s%s = {", indent, key);
	for (i = 0; i < list->n; i++) {
		if (i > 0)
			(void)fputs(", ", out);
		put_quoted(out, list->v[i]);
	}
	(void)fputs("}\n", out);
}

static void
put_finding(FILE *out, enum finding_code code, const char *grade)
{
	(void)fputs(finding_info(code)->name, out);
	if (grade != NULL)
		(void)fprintf(out, ":%s", grade);
}

static void
put_action(FILE *out, enum action action, const struct methods *methods)
{
	size_t i;

	(void)fputs(action_name(action), out);
	if (methods->n > 1)
		(void)fputs(methods->all ? " all" : " any", out);
	for (i = 0; i < methods->n; i++)
		(void)fprintf(out, " %s", method_name(methods->list[i]));
}

static void
put_rules(FILE *out, const char *indent, const struct conf_rule *rules,
    size_t n)
{
	size_t i;

	if (n == 0)
		return;
	(void)fprintf(out, "%sactions = {\n", indent);
	for (i = 0; i < n; i++) {
		(void)fprintf(out, "%s\t\"", indent);
		put_finding(out, rules[i].code, rules[i].grade);
		(void)fputs(" = ", out);
		put_action(out, rules[i].action, &rules[i].methods);
		(void)fputs("\",\n", out);
	}
	(void)fprintf(out, "%s}\n", indent);
}

static void
put_live(FILE *out, const char *indent, const struct conf_live_rule *rules,
    size_t n)
{
	size_t i;

	if (n == 0)
		return;
	(void)fprintf(out, "%swhile_open = {\n", indent);
	for (i = 0; i < n; i++) {
		(void)fprintf(out, "%s\t\"", indent);
		put_finding(out, rules[i].code, rules[i].grade);
		(void)fprintf(out, " = %s\",\n",
		    live_action_name(rules[i].action));
	}
	(void)fprintf(out, "%s}\n", indent);
}

static const char *
failure_action_name(enum action action)
{
	return action == ACTION_LOG ? "allow" : "deny";
}

static void
put_failures(FILE *out, const char *indent,
    const struct conf_failure_rule *rules, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	(void)fprintf(out, "%son_failure = {\n", indent);
	for (i = 0; i < n; i++)
		(void)fprintf(out, "%s\t\"%s = %s\",\n", indent,
		    failure_info(rules[i].failure)->name,
		    failure_action_name(rules[i].action));
	(void)fprintf(out, "%s}\n", indent);
}

/* A line if no rule of the file decides this finding. */
static void
put_shipped_action(FILE *out, const struct conf *conf, enum finding_code code,
    const char *grade)
{
	unsigned int line;
	enum action action;

	action = conf_action(conf, NULL, code, grade, &line);
	if (line != 0)
		return;
	(void)fputs("#\t\"", out);
	put_finding(out, code, grade);
	(void)fprintf(out, " = %s\"\n", action_name(action));
}

static void
put_shipped_actions(FILE *out, const struct conf *conf)
{
	const struct finding_info *info;
	enum finding_code code;
	size_t i;

	(void)fputs("# Shipped, for findings that no rule names:\n", out);
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		info = finding_info(code);
		if (info->grades == NULL)
			put_shipped_action(out, conf, code, NULL);
		for (i = 0; info->grades != NULL && info->grades[i] != NULL;
		     i++)
			put_shipped_action(out, conf, code, info->grades[i]);
	}
}

static void
put_shipped_failures(FILE *out, const struct conf *conf)
{
	enum failure failure;
	enum action remote, local;
	unsigned int line;

	(void)fputs("# Shipped, for remote and for all other services:\n", out);
	for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++) {
		remote = conf_failure_action(conf, NULL, failure,
		    SERVICE_REMOTE, &line);
		local = conf_failure_action(conf, NULL, failure,
		    SERVICE_CONSOLE, &line);
		if (line == 0)
			(void)fprintf(out, "#\t%s: %s, %s\n",
			    failure_info(failure)->name,
			    failure_action_name(remote),
			    failure_action_name(local));
	}
}

static void
put_machine(FILE *out, const struct conf_machine *machine)
{
	if (machine->asset != NULL)
		put_value(out, "", "asset", machine->asset);
	put_strings(out, "", "catalogue", &machine->catalogue);
	(void)fputs("\nscan {\n", out);
	conf_dump_duration(out, "\t", "max_age", machine->max_age_s);
	conf_dump_duration(out, "\t", "interval", machine->interval_s);
	put_value(out, "\t", "scope", machine->everybody ? "machine" : "login");
	put_value(out, "\t", "contained", machine->contained ? "yes" : "no");
	put_strings(out, "\t", "approved", &machine->approved);
	(void)fputs("}\n", out);
}

static void
put_jumphost(FILE *out, const struct conf_jumphost *host)
{
	char key[KEY_TEXT_SIZE];

	key_text(KEY_HOST, host->key, key);
	(void)fprintf(out, "\njumphost %s {\n", host->name);
	put_strings(out, "\t", "names", &host->names);
	put_value(out, "\t", "key", key);
	(void)fputs("}\n", out);
}

static void
put_services(FILE *out, const struct conf *conf)
{
	enum service_kind kind;

	(void)fputs("\nservices {\n", out);
	for (kind = SERVICE_REMOTE; kind <= SERVICE_EXEMPT; kind++)
		put_strings(out, "\t", conf_services_name(kind),
		    &conf->services[kind]);
	(void)fputs("}\n", out);
}

/* The databases of a section stand next to each other. */
static void
put_databases(FILE *out, const struct conf *conf)
{
	const struct conf_database *db;
	size_t i;

	for (i = 0; i < conf->ndatabases; i++) {
		db = &conf->databases[i];
		if (i == 0 || db[-1].kind != db->kind)
			(void)fprintf(out, "\ndatabase %s {\n\tfiles = {",
			    conf_database_kind_name(db->kind));
		else
			(void)fputs(", ", out);
		put_quoted(out, db->path);
		if (i + 1 < conf->ndatabases && db[1].kind == db->kind)
			continue;
		(void)fputs("}\n", out);
		conf_dump_duration(out, "\t", "max_age", db->max_age_s);
		(void)fputs("}\n", out);
	}
}

static const char *
trust_name(enum conf_trust trust)
{
	switch (trust) {
	case CONF_TRUST_NONE:
		break;
	case CONF_TRUST_PLACE:
		return "place";
	case CONF_TRUST_BASTION:
		return "bastion";
	}
	return "none";
}

static void
put_kind(FILE *out, enum conf_net_kind kind)
{
	if (kind != CONF_NET_NONE)
		put_value(out, "\t", "kind", conf_net_kind_name(kind));
}

static void
put_shared(FILE *out, const struct conf_network *net)
{
	char day[CIVIL_DAY_SIZE];

	if (net->shared == NULL)
		return;
	put_value(out, "\t", "shared", net->shared);
	put_value(out, "\t", "shared_until",
	    civil_day(net->shared_until_s - 1, day));
}

static void
put_network(FILE *out, const struct conf_network *net)
{
	(void)fprintf(out, "\nnetwork %s {\n", net->name);
	put_strings(out, "\t", "cidr", &net->cidrs);
	put_strings(out, "\t", "files", &net->files);
	conf_dump_duration(out, "\t", "max_age", net->max_age_s);
	put_kind(out, net->kind);
	if (net->label != NULL)
		put_value(out, "\t", "label", net->label);
	if (net->country[0] != '\0')
		put_value(out, "\t", "place", net->country);
	put_value(out, "\t", "trust", trust_name(net->trust));
	put_shared(out, net);
	(void)fputs("}\n", out);
}

static void
put_asns(FILE *out, const struct conf_asns *asns)
{
	(void)fprintf(out, "\nasn %s {\n", asns->name);
	put_strings(out, "\t", "numbers", &asns->numbers);
	put_strings(out, "\t", "files", &asns->files);
	conf_dump_duration(out, "\t", "max_age", asns->max_age_s);
	put_kind(out, asns->kind);
	(void)fputs("}\n", out);
}

static void
put_combination(FILE *out, const struct conf_combination *comb)
{
	size_t i;

	(void)fprintf(out, "\tcombination %s {\n\t\tfindings = {", comb->name);
	for (i = 0; i < comb->nfindings; i++) {
		(void)fputs(i == 0 ? "\"" : ", \"", out);
		put_finding(out, comb->findings[i].code,
		    comb->findings[i].grade);
		(void)fputc('"', out);
	}
	(void)fputs("}\n", out);
	(void)fputs("\t\taction = \"", out);
	put_action(out, comb->action, &comb->methods);
	(void)fputs("\"\n\t}\n", out);
}

/* Nothing for an empty list: the file has none of these either. */
static void
put_step_up(FILE *out, const char *indent, const struct methods *methods)
{
	size_t i;

	if (methods->n == 0)
		return;
	(void)fprintf(out, "%sstep_up = {", indent);
	for (i = 0; i < methods->n; i++)
		(void)fprintf(out, "%s\"%s\"", i == 0 ? "" : ", ",
		    method_name(methods->list[i]));
	(void)fputs("}\n", out);
}

static void
put_mismatch(FILE *out, const struct compare_limits *limits)
{
	if (limits->weak != CONF_MISMATCH_WEAK)
		(void)fprintf(out, "\tmismatch_weak = \"%u\"\n", limits->weak);
	if (limits->strong != CONF_MISMATCH_STRONG)
		(void)fprintf(out, "\tmismatch_strong = \"%u\"\n",
		    limits->strong);
}

/* What is shipped stays away: it may not fit what the policy ignores. */
static void
put_sessions(FILE *out, const struct conf_policy *p)
{
	const char *before = "{";
	uint32_t place;

	if (p->max_sessions != 0)
		(void)fprintf(out, "\tmax_sessions = \"%lu\"\n",
		    (unsigned long)p->max_sessions);
	if (p->places_line == 0)
		return;
	(void)fputs("\tplaces = ", out);
	for (place = CONF_PLACE_COUNTRY; place <= CONF_PLACE_DEVICE;
	     place <<= 1) {
		if ((p->places & place) == 0)
			continue;
		(void)fprintf(out, "%s\"%s\"", before, conf_place_name(place));
		before = ", ";
	}
	(void)fputs("}\n", out);
}

static void
put_policy(FILE *out, const struct conf *conf, const struct conf_policy *p)
{
	size_t i;

	(void)fprintf(out, "\npolicy %s {\n", p->name);
	put_strings(out, "\t", "users", &p->users);
	put_strings(out, "\t", "services", &p->services);
	put_strings(out, "\t", "networks", &p->networks);
	put_strings(out, "\t", "countries", &p->countries);
	put_strings(out, "\t", "deny_asns", &p->deny_asns);
	put_sessions(out, p);
	put_mismatch(out, &p->mismatch);
	put_value(out, "\t", "mode",
	    conf_mode_name(p->mode == CONF_MODE_NONE ? conf->mode : p->mode));
	put_step_up(out, "\t", &p->step_up);
	put_rules(out, "\t", p->rules, p->nrules);
	put_failures(out, "\t", p->failures, p->nfailures);
	put_live(out, "\t", p->live, p->nlive);
	for (i = 0; i < p->ncombinations; i++)
		put_combination(out, &p->combinations[i]);
	(void)fputs("}\n", out);
}

static void
put_numbers(FILE *out, const struct conf *conf)
{
	(void)fprintf(out, "missing_accuracy = \"%.0fkm\"\n",
	    conf->missing_accuracy_km);
	(void)fprintf(out, "max_speed = \"%.0fkm/h\"\n", conf->max_speed_kmh);
	(void)fprintf(out, "travel_floor = \"%.0fkm\"\n",
	    conf->travel_floor_km);
	(void)fprintf(out, "asn_learning = \"%lu\"\n",
	    (unsigned long)conf->asn_learning);
	(void)fprintf(out, "shared_people = \"%lu\"\n",
	    (unsigned long)conf->shared_people);
	conf_dump_duration(out, "", "shared_window", conf->shared_window_s);
	conf_dump_duration(out, "", "history", conf->history_s);
	put_value(out, "", "terminate", conf->terminate ? "yes" : "no");
}

static void
put_rotation(FILE *out, const struct conf *conf)
{
	conf_dump_size(out, "audit_rotate_size", conf->audit_rotate_size);
	conf_dump_age(out, "audit_rotate_age", conf->audit_rotate_age_s);
	put_value(out, "", "audit_compress",
	    conf->audit_compress ? "yes" : "no");
	conf_dump_age(out, "audit_keep", conf->audit_keep_s);
}

int
conf_dump(const struct conf *conf, FILE *out)
{
	size_t i;

	put_value(out, "", "mode", conf_mode_name(conf->mode));
	put_value(out, "", "help", conf->help);
	put_value(out, "", "audit", conf->audit);
	if (conf->anchors != NULL)
		put_value(out, "", "anchors", conf->anchors);
	put_rotation(out, conf);
	put_value(out, "", "state", conf->state);
	put_numbers(out, conf);
	put_strings(out, "", "authorities", &conf->authorities);
	put_strings(out, "", "bundle_keys", &conf->bundle_keys);
	conf_dump_duration(out, "", "bundle_max_age", conf->bundle_max_age_s);
	put_step_up(out, "", &conf->step_up);
	conf_dump_duration(out, "", "step_up_time", conf->step_up_s);
	conf_dump_duration(out, "", "remember", conf->remember_s);
	(void)fputc('\n', out);
	put_rules(out, "", conf->rules, conf->nrules);
	put_shipped_actions(out, conf);
	put_failures(out, "", conf->failures, conf->nfailures);
	put_shipped_failures(out, conf);
	put_live(out, "", conf->live, conf->nlive);
	put_machine(out, &conf->machine);
	for (i = 0; i < conf->njumphosts; i++)
		put_jumphost(out, &conf->jumphosts[i]);
	put_services(out, conf);
	put_databases(out, conf);
	for (i = 0; i < conf->nnetworks; i++)
		put_network(out, &conf->networks[i]);
	for (i = 0; i < conf->nasns; i++)
		put_asns(out, &conf->asns[i]);
	for (i = 0; i < conf->npolicies; i++)
		put_policy(out, conf, &conf->policies[i]);
	return ferror(out) != 0 || fflush(out) != 0 ? FG_ERR_SYSTEM : 0;
}
