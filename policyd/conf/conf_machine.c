/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the file says of this machine: the catalogue of what is looked for, how
 * often, what is approved, and what becomes of a session that is open when
 * something is found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

#define MACHINE_LIMITS_SIZE 64u
#define MACHINE_MAX_AGE_S   1
#define MACHINE_INTERVAL_S  15

static const char *const shipped_folders[] = { "/usr/share/farmgate/catalogue",
	"/etc/farmgate/catalogue", NULL };

const char *
live_action_name(enum live_action action)
{
	switch (action) {
	case LIVE_NONE:
		break;
	case LIVE_IGNORE:
		return "ignore";
	case LIVE_ALERT:
		return "alert";
	case LIVE_HOOK:
		return "hook";
	case LIVE_TERMINATE:
		return "terminate";
	}
	return "none";
}

/* Between min and max seconds; else it is reported, and 0. */
static int64_t
read_time(struct conf_build *b, const struct conf_value *v, int64_t min_s,
    int64_t max_s)
{
	char limits[MACHINE_LIMITS_SIZE];
	int64_t s;

	(void)snprintf(limits, sizeof(limits), "\"%llds\" to \"%llds\"",
	    (long long)min_s, (long long)max_s);
	s = conf_value_duration_within(&b->reader, v, limits);
	if (s == 0 || (s >= min_s && s <= max_s))
		return s;
	conf_errors_add(b->reader.errors, b->reader.file, v->line,
	    "\"%.80s\" is out of bounds; write one from %s", v->text, limits);
	return 0;
}

static void
read_scope(struct conf_build *b, const struct conf_value *v)
{
	if (strcmp(v->text, "machine") == 0)
		b->conf->machine.everybody = true;
	else if (strcmp(v->text, "login") != 0)
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "unknown scope \"%.80s\"; write \"login\", or \"machine\" "
		    "on a machine of one user",
		    v->text);
}

static void
read_approved(struct conf_build *b, struct cfg_t *section)
{
	size_t i, n = conf_section_count(section, "approved");
	const struct conf_value *v;

	for (i = 0; i < n; i++) {
		v = conf_section_value(section, "approved", i);
		if (!conf_name_is_valid(v->text, strlen(v->text)))
			conf_errors_add(b->reader.errors, b->reader.file,
			    v->line,
			    "\"%.80s\" is no name of the catalogue; "
			    "farmgatectl catalogue list shows them",
			    v->text);
	}
	conf_read_strings(b, section, "approved", &b->conf->machine.approved);
}

static void
read_scan(struct conf_build *b, struct cfg_t *root)
{
	struct conf_machine *machine = &b->conf->machine;
	const struct conf_value *v;
	struct cfg_t *section;

	if (conf_section_count(root, "scan") == 0)
		return;
	section = conf_section_at(root, "scan", 0);
	if ((v = conf_read_value(section, "max_age")) != NULL)
		machine->max_age_s = read_time(b, v, 1, CONF_SCAN_AGE_MAX_S);
	if ((v = conf_read_value(section, "interval")) != NULL)
		machine->interval_s = read_time(b, v, CONF_SCAN_EVERY_MIN_S,
		    CONF_SCAN_EVERY_MAX_S);
	if ((v = conf_read_value(section, "scope")) != NULL)
		read_scope(b, v);
	if ((v = conf_read_value(section, "contained")) != NULL)
		machine->contained = conf_value_yes(&b->reader, v);
	read_approved(b, section);
}

static void
read_catalogue(struct conf_build *b, struct cfg_t *root)
{
	size_t i, n = conf_section_count(root, "catalogue");
	const struct conf_value *v;

	for (i = 0; i < n; i++) {
		v = conf_section_value(root, "catalogue", i);
		free(conf_value_path(&b->reader, v));
		if (i == CONF_FOLDERS_MAX)
			conf_errors_add(b->reader.errors, b->reader.file,
			    v->line, "too many folders; keep at most %u",
			    CONF_FOLDERS_MAX);
	}
	conf_read_strings(b, root, "catalogue", &b->conf->machine.catalogue);
}

static void
read_asset(struct conf_build *b, const struct conf_value *v)
{
	size_t i, len = strlen(v->text);

	for (i = 0; i < len; i++)
		if (v->text[i] <= ' ' || v->text[i] > '~')
			break;
	if (len == 0 || len > CONF_ASSET_MAX || i < len) {
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "\"%.80s\" is no asset's tag; write 1 to %u characters "
		    "without blanks",
		    v->text, CONF_ASSET_MAX);
		return;
	}
	b->conf->machine.asset = conf_value_dup(&b->reader, v->text);
	b->conf->machine.asset_line = v->line;
}

void
conf_machine_read(struct conf_build *b, struct cfg_t *root)
{
	const struct conf_value *v;

	read_catalogue(b, root);
	if ((v = conf_read_value(root, "asset")) != NULL)
		read_asset(b, v);
	read_scan(b, root);
}

void
conf_machine_read_live(struct conf_build *b, struct cfg_t *section,
    struct conf_live_rule **ret_rules, size_t *ret_n)
{
	size_t i, n = conf_section_count(section, "while_open");

	if ((*ret_rules = conf_read_list(b, n, sizeof(**ret_rules))) == NULL)
		return;
	for (i = 0; i < n; i++)
		conf_rule_read_live(&b->reader,
		    conf_section_value(section, "while_open", i),
		    &(*ret_rules)[i]);
	*ret_n = n;
}

/* A share in percent; what is not there is what is shipped. */
static unsigned int
read_share(struct conf_build *b, struct cfg_t *section, const char *key,
    unsigned int shipped)
{
	const struct conf_value *v = conf_read_value(section, key);

	return v == NULL ? shipped : conf_value_number(&b->reader, v, key, 100);
}

void
conf_machine_read_mismatch(struct conf_build *b, struct cfg_t *section,
    struct compare_limits *ret_limits)
{
	const struct conf_value *v;

	ret_limits->weak =
	    read_share(b, section, "mismatch_weak", CONF_MISMATCH_WEAK);
	ret_limits->strong =
	    read_share(b, section, "mismatch_strong", CONF_MISMATCH_STRONG);
	if (ret_limits->weak <= ret_limits->strong || ret_limits->strong == 0)
		return;
	if ((v = conf_read_value(section, "mismatch_weak")) == NULL)
		v = conf_read_value(section, "mismatch_strong");
	conf_errors_add(b->reader.errors, b->reader.file, v->line,
	    "mismatch_weak is %u and mismatch_strong %u, so that nothing would "
	    "be weak; write a mismatch_strong that is not less",
	    ret_limits->weak, ret_limits->strong);
}

int
conf_machine_fill(struct conf *conf)
{
	struct conf_machine *machine = &conf->machine;
	size_t i;

	if (machine->max_age_s == 0)
		machine->max_age_s = MACHINE_MAX_AGE_S;
	if (machine->interval_s == 0)
		machine->interval_s = MACHINE_INTERVAL_S;
	if (machine->catalogue.n > 0)
		return 0;
	for (i = 0; shipped_folders[i] != NULL; i++)
		if (conf_strings_add(&machine->catalogue, shipped_folders[i],
			0) != 0)
			return FG_ERR_NOMEM;
	return 0;
}

void
conf_machine_done(struct conf_machine *machine)
{
	conf_strings_done(&machine->catalogue);
	conf_strings_done(&machine->approved);
	free(machine->asset);
}

void
conf_machine_free_live(struct conf_live_rule *rules, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(rules[i].grade);
	free(rules);
}

static bool
same_grade(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_live(const struct conf *conf, const struct conf_live_rule *rules,
    size_t n, struct conf_errors *errors)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (rules[i].code == FINDING_NONE)
			continue; /* reported where it was read */
		if (!finding_is_live(rules[i].code))
			conf_errors_add(errors, conf->path, rules[i].line,
			    "%s is not looked for while a session is open; "
			    "take it out, as only net.vpn_client, "
			    "device.new_input and remote.* but remote.session "
			    "and remote.unknown are",
			    finding_info(rules[i].code)->name);
		for (k = 0; k < i; k++)
			if (rules[k].code == rules[i].code &&
			    same_grade(rules[k].grade, rules[i].grade))
				break;
		if (k < i)
			conf_errors_add(errors, conf->path, rules[i].line,
			    "%s is in line %u already; keep one of them",
			    finding_info(rules[i].code)->name, rules[k].line);
	}
}

/* Of first and these rules that end sessions, the one further up. */
static const struct conf_live_rule *
first_ending(const struct conf_live_rule *rules, size_t n,
    const struct conf_live_rule *first)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rules[i].code != FINDING_NONE &&
		    rules[i].action == LIVE_TERMINATE &&
		    (first == NULL || rules[i].line < first->line))
			first = &rules[i];
	return first;
}

/* One word mends all of them, so that it is said of the first. */
static void
check_ending(const struct conf *conf, struct conf_errors *errors)
{
	const struct conf_live_rule *first;
	size_t i;

	first = first_ending(conf->live, conf->nlive, NULL);
	for (i = 0; i < conf->npolicies; i++)
		first = first_ending(conf->policies[i].live,
		    conf->policies[i].nlive, first);
	if (first != NULL && !conf->terminate)
		conf_errors_add(errors, conf->path, first->line,
		    "%s = terminate, and the daemon may not end sessions; "
		    "write terminate = \"yes\" outside of all sections and "
		    "restart it",
		    finding_info(first->code)->name);
}

/* Nothing was issued where no asset is named, nor is asked what it is. */
bool
conf_machine_finds(const struct conf *conf, enum finding_code code,
    const char *grade)
{
	bool asked = conf_has_method(conf, METHOD_DEVICE);

	if (code == FINDING_DEVICE_VIRTUAL || code == FINDING_DEVICE_MISMATCH)
		return asked || conf->machine.asset != NULL;
	if (code == FINDING_REMOTE_UNKNOWN && grade != NULL &&
	    strcmp(grade, "newer") == 0)
		return asked;
	return asked || code != FINDING_DEVICE_UNENROLLED || grade == NULL ||
	    (strcmp(grade, "pending") != 0 && strcmp(grade, "unattested") != 0);
}

static void
check_issued(const struct conf *conf, const struct conf_rule *rules, size_t n,
    struct conf_errors *errors)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!conf_machine_finds(conf, rules[i].code, rules[i].grade))
			conf_errors_add(errors, conf->path, rules[i].line,
			    "%s is found of issued machines alone; name this "
			    "one's tag with asset = \"...\", or let laptops "
			    "say what they are, with device in step_up",
			    finding_info(rules[i].code)->name);
}

void
conf_machine_check(const struct conf *conf, struct conf_errors *errors)
{
	size_t i;

	check_ending(conf, errors);
	check_live(conf, conf->live, conf->nlive, errors);
	check_issued(conf, conf->rules, conf->nrules, errors);
	for (i = 0; i < conf->npolicies; i++) {
		check_live(conf, conf->policies[i].live,
		    conf->policies[i].nlive, errors);
		check_issued(conf, conf->policies[i].rules,
		    conf->policies[i].nrules, errors);
	}
}

static enum live_action
pick_live(const struct conf_live_rule *rules, size_t n, enum finding_code code,
    const char *grade)
{
	enum live_action found = LIVE_NONE;
	size_t i;

	for (i = 0; i < n; i++) {
		if (rules[i].code != code)
			continue;
		if (rules[i].grade == NULL && found == LIVE_NONE)
			found = rules[i].action;
		if (rules[i].grade != NULL &&
		    strcmp(rules[i].grade, grade) == 0)
			return rules[i].action;
	}
	return found;
}

enum live_action
conf_live_action(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code, const char *grade)
{
	enum live_action action = LIVE_NONE;

	if (policy != NULL)
		action = pick_live(policy->live, policy->nlive, code, grade);
	if (action == LIVE_NONE)
		action = pick_live(conf->live, conf->nlive, code, grade);
	return action == LIVE_NONE ? LIVE_ALERT : action;
}
