/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From parsed sections to struct conf: which value goes where. Everything is
 * read, whatever went wrong before, so that all errors are found.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"

/* The value of a key that is no list; NULL if it is not in the file. */
static const struct conf_value *
value(struct cfg_t *section, const char *key)
{
	return conf_section_count(section, key) == 0 ?
	    NULL :
	    conf_section_value(section, key, 0);
}

/* n zeroed elements; the reader remembers if there is no memory. */
static void *
make_list(struct conf_build *b, size_t n, size_t size)
{
	void *list = n == 0 ? NULL : calloc(n, size);

	if (n != 0 && list == NULL)
		b->reader.nomem = true;
	return list;
}

static void
read_strings(struct conf_build *b, struct cfg_t *section, const char *key,
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

static void
read_rules(struct conf_build *b, struct cfg_t *section,
    struct conf_rule **ret_rules, size_t *ret_n)
{
	size_t i, n = conf_section_count(section, "actions");

	if ((*ret_rules = make_list(b, n, sizeof(**ret_rules))) == NULL)
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

	if ((*ret_rules = make_list(b, n, sizeof(**ret_rules))) == NULL)
		return;
	for (i = 0; i < n; i++)
		conf_rule_read_failure(&b->reader,
		    conf_section_value(section, "on_failure", i),
		    &(*ret_rules)[i]);
	*ret_n = n;
}

static void
read_root(struct conf_build *b, struct cfg_t *cfg)
{
	struct conf *conf = b->conf;
	const struct conf_value *v;

	if ((v = value(cfg, "mode")) != NULL)
		conf->mode = conf_value_mode(&b->reader, v);
	if ((v = value(cfg, "help")) != NULL)
		conf->help = conf_value_help(&b->reader, v);
	if ((v = value(cfg, "audit")) != NULL)
		conf->audit = conf_value_path(&b->reader, v);
	if ((v = value(cfg, "state")) != NULL)
		conf->state = conf_value_path(&b->reader, v);
	read_rules(b, cfg, &conf->rules, &conf->nrules);
	read_failures(b, cfg, &conf->failures, &conf->nfailures);
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
		read_strings(b, section, name, &b->conf->services[kind]);
	}
}

static void
read_databases(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "database");
	const struct conf_title *title;
	const struct conf_value *v;
	struct conf_database *db;
	struct cfg_t *section;

	b->conf->databases = make_list(b, n, sizeof(*b->conf->databases));
	if (b->conf->databases == NULL)
		return;
	b->conf->ndatabases = n;
	for (i = 0; i < n; i++) {
		db = &b->conf->databases[i];
		section = conf_section_at(cfg, "database", i);
		title = conf_scan_find(&b->scan, "database", 0,
		    conf_section_title(section));
		db->line = title == NULL ? 0 : title->line;
		if (strcmp(conf_section_title(section), "country") == 0)
			db->kind = CONF_DATABASE_COUNTRY;
		else
			conf_errors_add(b->reader.errors, b->reader.file,
			    db->line,
			    "unknown kind of database \"%s\"; this version "
			    "has \"country\"",
			    conf_section_title(section));
		if ((v = value(section, "file")) != NULL)
			db->path = conf_value_path(&b->reader, v);
		else
			conf_errors_add(b->reader.errors, b->reader.file,
			    db->line,
			    "database %s has no file; add file = \"/PATH\"",
			    conf_section_title(section));
	}
}

static void
read_addresses(struct conf_build *b, struct cfg_t *section,
    struct conf_network *net)
{
	size_t i, n;

	if ((net->set = netset_new()) == NULL) {
		b->reader.nomem = true;
		return;
	}
	n = conf_section_count(section, "cidr");
	for (i = 0; i < n; i++)
		conf_netfile_cidr(&b->reader,
		    conf_section_value(section, "cidr", i), net->set);
	n = conf_section_count(section, "files");
	for (i = 0; i < n; i++)
		conf_netfile_read(&b->reader,
		    conf_section_value(section, "files", i), net->set);
	netset_seal(net->set);
}

static void
read_network(struct conf_build *b, struct cfg_t *section,
    struct conf_network *net)
{
	const struct conf_title *title;
	const struct conf_value *v;

	title =
	    conf_scan_find(&b->scan, "network", 0, conf_section_title(section));
	net->line = title == NULL ? 0 : title->line;
	net->name = conf_value_dup(&b->reader, conf_section_title(section));
	if ((v = value(section, "label")) != NULL)
		net->label = conf_value_label(&b->reader, v);
	if ((v = value(section, "place")) != NULL &&
	    conf_value_country(&b->reader, v))
		memcpy(net->country, v->text, sizeof(net->country));
	if ((v = value(section, "trust")) != NULL)
		net->trust = conf_value_trust(&b->reader, v);
	read_strings(b, section, "cidr", &net->cidrs);
	read_strings(b, section, "files", &net->files);
	read_addresses(b, section, net);
}

static void
read_networks(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "network");

	b->conf->networks = make_list(b, n, sizeof(*b->conf->networks));
	if (b->conf->networks == NULL)
		return;
	b->conf->nnetworks = n;
	for (i = 0; i < n; i++)
		read_network(b, conf_section_at(cfg, "network", i),
		    &b->conf->networks[i]);
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
	if ((v = value(section, "action")) != NULL)
		comb->action = conf_value_action(&b->reader, v, v->text);
	else
		conf_errors_add(b->reader.errors, b->reader.file, comb->line,
		    "combination %s has no action; add action = \"deny\"",
		    conf_section_title(section));
	comb->findings = make_list(b, n, sizeof(*comb->findings));
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

	policy->combinations = make_list(b, n, sizeof(*policy->combinations));
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
	read_strings(b, section, "users", &policy->users);
	read_strings(b, section, "services", &policy->services);
	read_strings(b, section, "networks", &policy->networks);
	read_strings(b, section, "countries", &policy->countries);
}

/* Networks by index; what is missing is reported and stays 0. */
static void
resolve_networks(struct conf_build *b, struct conf_policy *policy)
{
	struct conf_strings *names = &policy->networks;
	char buf[CONF_NEAR_SIZE];
	size_t i, k;

	policy->network_index =
	    make_list(b, names->n, sizeof(*policy->network_index));
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
	if ((v = value(section, "mode")) != NULL)
		policy->mode = conf_value_mode(&b->reader, v);
	read_rules(b, section, &policy->rules, &policy->nrules);
	read_failures(b, section, &policy->failures, &policy->nfailures);
	read_combinations(b, section, title == NULL ? 0 : title->number,
	    policy);
	if (!b->reader.nomem)
		resolve_networks(b, policy);
}

static void
read_policies(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "policy");

	b->conf->policies = make_list(b, n, sizeof(*b->conf->policies));
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
	read_services(b, root);
	read_databases(b, root);
	read_networks(b, root);
	read_policies(b, root);
}
