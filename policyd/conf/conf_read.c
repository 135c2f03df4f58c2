/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From parsed sections to struct conf: which value goes where. Everything is
 * read, whatever went wrong before, so that all errors are found.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/audit/audit.h"
#include "policyd/conf/conf_parts.h"

const struct conf_value *
conf_read_value(struct cfg_t *section, const char *key)
{
	return conf_section_count(section, key) == 0 ?
	    NULL :
	    conf_section_value(section, key, 0);
}

void *
conf_read_list(struct conf_build *b, size_t n, size_t size)
{
	void *list = n == 0 ? NULL : calloc(n, size);

	if (n != 0 && list == NULL)
		b->reader.nomem = true;
	return list;
}

void
conf_read_strings(struct conf_build *b, struct cfg_t *section, const char *key,
    struct conf_strings *list)
{
	const struct conf_value *v;
	size_t i, n = conf_section_count(section, key);

	for (i = 0; i < n; i++) {
		v = conf_section_value(section, key, i);
		if (conf_strings_add(list, v->text, v->line) != 0)
			b->reader.nomem = true;
	}
	conf_strings_check(&b->reader, list, key);
}

unsigned int
conf_read_line(const struct conf_build *b, const char *kind, const char *title)
{
	const struct conf_title *t = conf_scan_find(&b->scan, kind, 0, title);

	return t == NULL ? 0 : t->line;
}

static void
read_rules(struct conf_build *b, struct cfg_t *section,
    struct conf_rule **ret_rules, size_t *ret_n)
{
	size_t i, n = conf_section_count(section, "actions");

	if ((*ret_rules = conf_read_list(b, n, sizeof(**ret_rules))) == NULL)
		return;
	for (i = 0; i < n; i++)
		conf_rule_read(&b->reader,
		    conf_section_value(section, "actions", i),
		    &(*ret_rules)[i]);
	*ret_n = n;
}

static void
read_failures(struct conf_build *b, struct cfg_t *section,
    struct conf_failure_rule **ret_rules, size_t *ret_n)
{
	size_t i, n = conf_section_count(section, "on_failure");

	if ((*ret_rules = conf_read_list(b, n, sizeof(**ret_rules))) == NULL)
		return;
	for (i = 0; i < n; i++)
		conf_rule_read_failure(&b->reader,
		    conf_section_value(section, "on_failure", i),
		    &(*ret_rules)[i]);
	*ret_n = n;
}

static void
read_authorities(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "authorities");

	for (i = 0; i < n; i++)
		conf_value_fingerprint(&b->reader,
		    conf_section_value(cfg, "authorities", i));
	conf_read_strings(b, cfg, "authorities", &b->conf->authorities);
}

static void
read_bundles(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "bundle_keys");
	const struct conf_value *v;

	for (i = 0; i < n; i++)
		conf_value_bundle_key(&b->reader,
		    conf_section_value(cfg, "bundle_keys", i));
	conf_read_strings(b, cfg, "bundle_keys", &b->conf->bundle_keys);
	if ((v = conf_read_value(cfg, "bundle_max_age")) != NULL)
		b->conf->bundle_max_age_s = conf_value_duration(&b->reader, v);
}

/* Sharers are counted in the history, which has to reach so far back. */
static void
read_window(struct conf_build *b, struct cfg_t *cfg)
{
	const struct conf_value *v;

	if ((v = conf_read_value(cfg, "history")) != NULL)
		b->conf->history_s = conf_value_duration(&b->reader, v);
	if ((v = conf_read_value(cfg, "shared_window")) == NULL)
		return;
	b->conf->shared_window_s = conf_value_duration(&b->reader, v);
	if (b->conf->shared_window_s > b->conf->history_s &&
	    b->conf->history_s != 0)
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "shared_window is longer than history, and what is not "
		    "kept cannot be counted; make it shorter, or history "
		    "longer");
}

static void
read_people(struct conf_build *b, struct cfg_t *cfg)
{
	struct conf *conf = b->conf;
	const struct conf_value *v;

	if ((v = conf_read_value(cfg, "max_speed")) != NULL)
		conf->max_speed_kmh = conf_value_speed(&b->reader, v);
	if ((v = conf_read_value(cfg, "travel_floor")) != NULL)
		conf->travel_floor_km = conf_value_distance(&b->reader, v);
	if ((v = conf_read_value(cfg, "asn_learning")) != NULL)
		conf->asn_learning = conf_value_number(&b->reader, v,
		    "asn_learning", CONF_LEARNING_MAX);
	if ((v = conf_read_value(cfg, "shared_people")) != NULL)
		conf->shared_people = conf_value_number(&b->reader, v,
		    "shared_people", CONF_SHARED_PEOPLE_MAX);
	if ((v = conf_read_value(cfg, "terminate")) != NULL)
		conf->terminate = conf_value_yes(&b->reader, v);
	read_window(b, cfg);
}

/* Into what, and how long that is kept. */
static void
read_rotation(struct conf_build *b, struct cfg_t *cfg)
{
	struct conf *conf = b->conf;
	const struct conf_value *v;

	if ((v = conf_read_value(cfg, "audit_rotate_size")) != NULL)
		conf->audit_rotate_size = conf_value_size(&b->reader, v);
	if ((v = conf_read_value(cfg, "audit_rotate_age")) != NULL)
		conf->audit_rotate_age_s = conf_value_age(&b->reader, v);
	if ((v = conf_read_value(cfg, "audit_compress")) != NULL)
		conf->audit_compress = conf_value_yes(&b->reader, v);
	if ((v = conf_read_value(cfg, "audit_keep")) == NULL)
		return;
	conf->audit_keep_s = conf_value_age(&b->reader, v);
	conf->audit_keep_line = v->line;
}

static void
read_audit(struct conf_build *b, struct cfg_t *cfg)
{
	struct conf *conf = b->conf;
	const struct conf_value *v;

	if ((v = conf_read_value(cfg, "audit")) != NULL)
		conf->audit = conf_value_path(&b->reader, v);
	if ((v = conf_read_value(cfg, "anchors")) != NULL)
		conf->anchors = conf_value_path(&b->reader, v);
	if (conf->anchors != NULL &&
	    strcmp(conf->anchors,
		conf->audit == NULL ? AUDIT_FILE : conf->audit) == 0)
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "anchors and audit are one file; name another one, on "
		    "another disk");
}

static void
read_root(struct conf_build *b, struct cfg_t *cfg)
{
	struct conf *conf = b->conf;
	const struct conf_value *v;

	if ((v = conf_read_value(cfg, "mode")) != NULL)
		conf->mode = conf_value_mode(&b->reader, v);
	if ((v = conf_read_value(cfg, "help")) != NULL)
		conf->help = conf_value_help(&b->reader, v);
	read_audit(b, cfg);
	read_rotation(b, cfg);
	if ((v = conf_read_value(cfg, "state")) != NULL)
		conf->state = conf_value_path(&b->reader, v);
	if ((v = conf_read_value(cfg, "missing_accuracy")) != NULL)
		conf->missing_accuracy_km = conf_value_distance(&b->reader, v);
	read_people(b, cfg);
	read_authorities(b, cfg);
	read_bundles(b, cfg);
	conf_methods_step_up(b, cfg, &conf->step_up, &conf->step_up_line);
	conf_methods_times(b, cfg);
	read_rules(b, cfg, &conf->rules, &conf->nrules);
	read_failures(b, cfg, &conf->failures, &conf->nfailures);
	conf_machine_read(b, cfg);
	conf_machine_read_live(b, cfg, &conf->live, &conf->nlive);
}

static void
read_services(struct conf_build *b, struct cfg_t *cfg)
{
	struct cfg_t *section;
	enum service_kind kind;
	const char *name;
	size_t i, n;

	if (conf_section_count(cfg, "services") == 0)
		return;
	section = conf_section_at(cfg, "services", 0);
	for (kind = SERVICE_REMOTE; kind <= SERVICE_EXEMPT; kind++) {
		name = conf_services_name(kind);
		n = conf_section_count(section, name);
		for (i = 0; i < n; i++)
			conf_value_service(&b->reader,
			    conf_section_value(section, name, i));
		conf_read_strings(b, section, name, &b->conf->services[kind]);
	}
}

static void
read_combination(struct conf_build *b, struct cfg_t *section,
    unsigned int scope, struct conf_combination *comb)
{
	size_t i, n = conf_section_count(section, "findings");
	const struct conf_title *title;
	const struct conf_value *v;

	title = conf_scan_find(&b->scan, "combination", scope,
	    conf_section_title(section));
	comb->line = title == NULL ? 0 : title->line;
	comb->name = conf_value_dup(&b->reader, conf_section_title(section));
	if ((v = conf_read_value(section, "action")) != NULL)
		comb->action =
		    conf_methods_action(&b->reader, v, v->text, &comb->methods);
	else
		conf_errors_add(b->reader.errors, b->reader.file, comb->line,
		    "combination %s has no action; add action = \"deny\"",
		    conf_section_title(section));
	comb->findings = conf_read_list(b, n, sizeof(*comb->findings));
	if (comb->findings == NULL)
		return;
	comb->nfindings = n;
	for (i = 0; i < n; i++)
		conf_rule_read_finding(&b->reader,
		    conf_section_value(section, "findings", i),
		    &comb->findings[i]);
}

static void
read_combinations(struct conf_build *b, struct cfg_t *section,
    unsigned int scope, struct conf_policy *policy)
{
	size_t i, n = conf_section_count(section, "combination");

	policy->combinations =
	    conf_read_list(b, n, sizeof(*policy->combinations));
	if (policy->combinations == NULL)
		return;
	policy->ncombinations = n;
	for (i = 0; i < n; i++)
		read_combination(b, conf_section_at(section, "combination", i),
		    scope, &policy->combinations[i]);
}

/* Who, by which service, and from which countries. */
static void
read_match(struct conf_build *b, struct cfg_t *section,
    struct conf_policy *policy)
{
	size_t i, n;

	n = conf_section_count(section, "users");
	for (i = 0; i < n; i++)
		conf_value_user(&b->reader,
		    conf_section_value(section, "users", i));
	n = conf_section_count(section, "services");
	for (i = 0; i < n; i++)
		conf_value_service(&b->reader,
		    conf_section_value(section, "services", i));
	n = conf_section_count(section, "countries");
	for (i = 0; i < n; i++)
		(void)conf_value_country(&b->reader,
		    conf_section_value(section, "countries", i));
	conf_read_strings(b, section, "users", &policy->users);
	conf_read_strings(b, section, "services", &policy->services);
	conf_read_strings(b, section, "networks", &policy->networks);
	conf_read_strings(b, section, "countries", &policy->countries);
	conf_read_strings(b, section, "deny_asns", &policy->deny_asns);
}

/* How many sessions at once, and what makes their places differ. */
static void
read_sessions(struct conf_build *b, struct cfg_t *section,
    struct conf_policy *policy)
{
	size_t i, n = conf_section_count(section, "places");
	struct conf_strings places = { 0 };
	const struct conf_value *v;

	if ((v = conf_read_value(section, "max_sessions")) != NULL) {
		policy->max_sessions = conf_value_number(&b->reader, v,
		    "max_sessions", CONF_SESSIONS_MAX);
		policy->max_sessions_line = v->line;
	}
	policy->places = n == 0 ? CONF_PLACE_COUNTRY : 0;
	for (i = 0; i < n; i++) {
		v = conf_section_value(section, "places", i);
		policy->places |= conf_value_place(&b->reader, v);
		if (i == 0)
			policy->places_line = v->line;
	}
	/* Bits cannot tell what was written twice. */
	conf_read_strings(b, section, "places", &places);
	conf_strings_done(&places);
}

/* Networks by index; what is missing is reported and stays 0. */
static void
resolve_networks(struct conf_build *b, struct conf_policy *policy)
{
	struct conf_strings *names = &policy->networks;
	char buf[CONF_NEAR_SIZE];
	size_t i, k;

	policy->network_index =
	    conf_read_list(b, names->n, sizeof(*policy->network_index));
	if (policy->network_index == NULL)
		return;
	for (i = 0; i < names->n; i++) {
		struct conf_near near = { .word = names->v[i] };

		for (k = 0; k < b->conf->nnetworks; k++) {
			if (strcmp(b->conf->networks[k].name, near.word) == 0)
				break;
			conf_near_offer(&near, b->conf->networks[k].name);
		}
		if (k < b->conf->nnetworks)
			policy->network_index[i] = k;
		else
			conf_errors_add(b->reader.errors, b->reader.file,
			    names->lines[i], "unknown network \"%.80s\"; %s",
			    near.word,
			    conf_near_text(&near,
				"define it with network NAME { ... }", buf));
	}
}

static void
read_policy(struct conf_build *b, struct cfg_t *section,
    struct conf_policy *policy)
{
	const struct conf_title *title;
	const struct conf_value *v;

	title =
	    conf_scan_find(&b->scan, "policy", 0, conf_section_title(section));
	policy->line = title == NULL ? 0 : title->line;
	policy->name = conf_value_dup(&b->reader, conf_section_title(section));
	read_match(b, section, policy);
	read_sessions(b, section, policy);
	conf_machine_read_mismatch(b, section, &policy->mismatch);
	if ((v = conf_read_value(section, "mode")) != NULL)
		policy->mode = conf_value_mode(&b->reader, v);
	conf_methods_step_up(b, section, &policy->step_up,
	    &policy->step_up_line);
	read_rules(b, section, &policy->rules, &policy->nrules);
	read_failures(b, section, &policy->failures, &policy->nfailures);
	conf_machine_read_live(b, section, &policy->live, &policy->nlive);
	read_combinations(b, section, title == NULL ? 0 : title->number,
	    policy);
	if (b->reader.nomem)
		return;
	resolve_networks(b, policy);
	conf_sources_resolve(b, policy);
}

static void
read_policies(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "policy");

	b->conf->policies = conf_read_list(b, n, sizeof(*b->conf->policies));
	if (b->conf->policies == NULL)
		return;
	b->conf->npolicies = n;
	for (i = 0; i < n; i++)
		read_policy(b, conf_section_at(cfg, "policy", i),
		    &b->conf->policies[i]);
}

void
conf_read(struct conf_build *b, struct cfg_t *root)
{
	read_root(b, root);
	conf_jumphost_read(b, root);
	read_services(b, root);
	conf_sources_read(b, root);
	read_policies(b, root);
}
