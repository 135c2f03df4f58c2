/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tells of an address: the databases, the named networks and the lists
 * of autonomous systems. Files are read here, whether they can be used or not;
 * whether all of it makes sense is conf_check.c's business.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"

static const char kinds_text[] = "country, city, asn or anonymous";

static enum conf_database_kind
database_kind(const char *title)
{
	enum conf_database_kind kind;

	for (kind = CONF_DATABASE_COUNTRY; kind <= CONF_DATABASE_ANONYMOUS;
	     kind++)
		if (strcmp(conf_database_kind_name(kind), title) == 0)
			return kind;
	return CONF_DATABASE_NONE;
}

/* Seconds of max_age; 0 if the section has none. */
static int64_t
read_max_age(struct conf_build *b, struct cfg_t *section)
{
	const struct conf_value *v = conf_read_value(section, "max_age");

	return v == NULL ? 0 : conf_value_duration(&b->reader, v);
}

/* One section becomes a database for each of its files. */
static void
read_database(struct conf_build *b, struct cfg_t *section)
{
	const char *title = conf_section_title(section);
	size_t i, n = conf_section_count(section, "files");
	struct conf_strings paths = { 0 };
	struct conf_database proto = { 0 };

	proto.line = conf_read_line(b, "database", title);
	if ((proto.kind = database_kind(title)) == CONF_DATABASE_NONE)
		conf_errors_add(b->reader.errors, b->reader.file, proto.line,
		    "unknown kind of database \"%s\"; write %s", title,
		    kinds_text);
	proto.max_age_s = read_max_age(b, section);
	if (n == 0)
		conf_errors_add(b->reader.errors, b->reader.file, proto.line,
		    "database %s has no file; add files = {\"/PATH\"}", title);
	for (i = 0; i < n && b->conf->ndatabases < CONF_DATABASES_MAX; i++) {
		proto.path = conf_value_path(&b->reader,
		    conf_section_value(section, "files", i));
		b->conf->databases[b->conf->ndatabases++] = proto;
	}
	if (i < n)
		conf_errors_add(b->reader.errors, b->reader.file, proto.line,
		    "there are more than %u database files; merge some of "
		    "them",
		    CONF_DATABASES_MAX);
	conf_read_strings(b, section, "files", &paths);
	conf_strings_done(&paths);
}

static void
read_databases(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "database");

	if (n == 0)
		return;
	b->conf->databases =
	    conf_read_list(b, CONF_DATABASES_MAX, sizeof(*b->conf->databases));
	if (b->conf->databases == NULL)
		return;
	for (i = 0; i < n; i++)
		read_database(b, conf_section_at(cfg, "database", i));
}

static void
read_addresses(struct conf_build *b, struct cfg_t *section,
    struct conf_network *net)
{
	struct conf_list list = { .reader = &b->reader, .what = "address" };
	size_t i, n;

	if ((net->set = netset_new()) == NULL) {
		b->reader.nomem = true;
		return;
	}
	n = conf_section_count(section, "cidr");
	for (i = 0; i < n; i++)
		conf_netfile_cidr(&b->reader,
		    conf_section_value(section, "cidr", i), net->set);
	list.into = net->set;
	n = conf_section_count(section, "files");
	for (i = 0; i < n; i++)
		conf_list_read(&list, conf_netfile_line,
		    conf_section_value(section, "files", i), &net->listed_at_s);
	netset_seal(net->set);
}

/* One without the other would be no excuse, or one for ever. */
static void
read_shared(struct conf_build *b, struct cfg_t *section,
    struct conf_network *net)
{
	const struct conf_value *why = conf_read_value(section, "shared");
	const struct conf_value *until =
	    conf_read_value(section, "shared_until");

	if (why != NULL)
		net->shared = conf_value_shared(&b->reader, why);
	if (until != NULL)
		net->shared_until_s = conf_value_day_end(&b->reader, until);
	if (why != NULL && until == NULL)
		conf_errors_add(b->reader.errors, b->reader.file, why->line,
		    "shared of network %s has no end; add shared_until = "
		    "\"YYYY-MM-DD\", the last day",
		    net->name);
	if (why == NULL && until != NULL)
		conf_errors_add(b->reader.errors, b->reader.file, until->line,
		    "shared_until of network %s has no reason; add shared = "
		    "\"...\", why many people come from there",
		    net->name);
}

static void
read_network(struct conf_build *b, struct cfg_t *section,
    struct conf_network *net)
{
	const char *title = conf_section_title(section);
	const struct conf_value *v;

	net->line = conf_read_line(b, "network", title);
	net->name = conf_value_dup(&b->reader, title);
	if ((v = conf_read_value(section, "label")) != NULL)
		net->label = conf_value_label(&b->reader, v);
	if ((v = conf_read_value(section, "place")) != NULL &&
	    conf_value_country(&b->reader, v))
		memcpy(net->country, v->text, sizeof(net->country));
	if ((v = conf_read_value(section, "trust")) != NULL)
		net->trust = conf_value_trust(&b->reader, v);
	if ((v = conf_read_value(section, "kind")) != NULL)
		net->kind = conf_value_kind(&b->reader, v, false);
	net->max_age_s = read_max_age(b, section);
	read_shared(b, section, net);
	conf_read_strings(b, section, "cidr", &net->cidrs);
	conf_read_strings(b, section, "files", &net->files);
	read_addresses(b, section, net);
}

static void
read_networks(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "network");

	b->conf->networks = conf_read_list(b, n, sizeof(*b->conf->networks));
	if (b->conf->networks == NULL)
		return;
	b->conf->nnetworks = n;
	for (i = 0; i < n; i++)
		read_network(b, conf_section_at(cfg, "network", i),
		    &b->conf->networks[i]);
}

static void
read_asn(struct conf_build *b, struct cfg_t *section, struct conf_asns *asns)
{
	struct conf_list list = {
		.reader = &b->reader, .what = "AS number", .into = asns
	};
	const char *title = conf_section_title(section);
	const struct conf_value *v;
	size_t i, n;

	asns->line = conf_read_line(b, "asn", title);
	asns->name = conf_value_dup(&b->reader, title);
	if ((v = conf_read_value(section, "kind")) != NULL)
		asns->kind = conf_value_kind(&b->reader, v, true);
	asns->max_age_s = read_max_age(b, section);
	conf_read_strings(b, section, "numbers", &asns->numbers);
	conf_read_strings(b, section, "files", &asns->files);
	n = conf_section_count(section, "numbers");
	for (i = 0; i < n; i++)
		conf_asnfile_number(&b->reader,
		    conf_section_value(section, "numbers", i), asns);
	n = conf_section_count(section, "files");
	for (i = 0; i < n; i++)
		conf_list_read(&list, conf_asnfile_line,
		    conf_section_value(section, "files", i),
		    &asns->listed_at_s);
	conf_asnfile_seal(asns);
}

static void
read_asns(struct conf_build *b, struct cfg_t *cfg)
{
	size_t i, n = conf_section_count(cfg, "asn");

	b->conf->asns = conf_read_list(b, n, sizeof(*b->conf->asns));
	if (b->conf->asns == NULL)
		return;
	b->conf->nasns = n;
	for (i = 0; i < n; i++)
		read_asn(b, conf_section_at(cfg, "asn", i), &b->conf->asns[i]);
}

void
conf_sources_read(struct conf_build *b, struct cfg_t *root)
{
	read_databases(b, root);
	read_networks(b, root);
	read_asns(b, root);
}

/* The list of this name; false, and reported, if there is none. */
static bool
resolve_list(struct conf_build *b, const char *name, unsigned int line,
    size_t *ret_list)
{
	struct conf_near near = { .word = name };
	char buf[CONF_NEAR_SIZE];
	size_t i;

	*ret_list = 0;
	for (i = 0; i < b->conf->nasns; i++) {
		if (strcmp(b->conf->asns[i].name, name) == 0) {
			*ret_list = i;
			return true;
		}
		conf_near_offer(&near, b->conf->asns[i].name);
	}
	conf_errors_add(b->reader.errors, b->reader.file, line,
	    "\"%.80s\" is no list of autonomous systems; %s", name,
	    conf_near_text(&near,
		"write a number such as \"AS64500\", or define it with asn "
		"NAME { ... }",
		buf));
	return false;
}

/* "AS64500" is a number, whatever lists are called; all else is a list. */
void
conf_sources_resolve(struct conf_build *b, struct conf_policy *policy)
{
	const struct conf_strings *names = &policy->deny_asns;
	struct conf_asn_rule *rule;
	size_t i;

	policy->asn_rules =
	    conf_read_list(b, names->n, sizeof(*policy->asn_rules));
	if (policy->asn_rules == NULL)
		return;
	for (i = 0; i < names->n; i++) {
		rule = &policy->asn_rules[i];
		if (strncmp(names->v[i], "AS", 2) == 0)
			rule->number = conf_value_asn(names->v[i]);
		if (rule->number == 0)
			(void)resolve_list(b, names->v[i], names->lines[i],
			    &rule->list);
	}
}
