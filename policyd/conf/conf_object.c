/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a configuration: born with what is shipped, freed whole, also
 * when it is half built.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/audit/audit.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"
#include "proto/result.h"

#define OBJECT_STATE	   "/var/lib/farmgate"
#define OBJECT_ROTATE_SIZE (UINT64_C(256) << 20)
#define OBJECT_ROTATE_S	   (30 * CIVIL_DAY_S)
#define OBJECT_KEEP_S	   (400 * CIVIL_DAY_S)
#define OBJECT_ACCURACY_KM 200
#define OBJECT_SPEED_KMH   900 /* of an airliner */
#define OBJECT_FLOOR_KM	   100
#define OBJECT_LEARNING	   3
#define OBJECT_PEOPLE	   2
#define OBJECT_WINDOW_S	   (30 * CIVIL_DAY_S)
#define OBJECT_HISTORY_S   (90 * CIVIL_DAY_S)
#define OBJECT_BUNDLE_S	   (7 * CIVIL_DAY_S)
#define OBJECT_STEP_UP_S   90

/* Nobody is to be counted in logins that are gone. */
static void
fill_window(struct conf *conf)
{
	if (conf->shared_window_s != 0)
		return;
	conf->shared_window_s = OBJECT_WINDOW_S;
	if (conf->shared_window_s > conf->history_s)
		conf->shared_window_s = conf->history_s;
}

/* What is shipped, unless the file gave its own. */
int
conf_object_fill(struct conf *conf)
{
	if (conf->mode == CONF_MODE_NONE)
		conf->mode = CONF_MODE_ENFORCE;
	fill_window(conf);
	if (conf->help == NULL)
		conf->help = strdup("");
	if (conf->audit == NULL)
		conf->audit = strdup(AUDIT_FILE);
	if (conf->state == NULL)
		conf->state = strdup(OBJECT_STATE);
	if (conf->help == NULL || conf->audit == NULL || conf->state == NULL)
		return FG_ERR_NOMEM;
	if (conf_groups_fill(conf) != 0 || conf_machine_fill(conf) != 0)
		return FG_ERR_NOMEM;
	return conf_services_fill(conf);
}

struct conf *
conf_new(const char *path)
{
	struct conf *conf = calloc(1, sizeof(*conf));

	if (conf == NULL)
		return NULL;
	if ((conf->path = strdup(path)) == NULL) {
		free(conf);
		return NULL;
	}
	conf->audit_rotate_size = OBJECT_ROTATE_SIZE;
	conf->audit_rotate_age_s = OBJECT_ROTATE_S;
	conf->audit_compress = true;
	conf->audit_keep_s = OBJECT_KEEP_S;
	conf->missing_accuracy_km = OBJECT_ACCURACY_KM;
	conf->max_speed_kmh = OBJECT_SPEED_KMH;
	conf->travel_floor_km = OBJECT_FLOOR_KM;
	conf->asn_learning = OBJECT_LEARNING;
	conf->shared_people = OBJECT_PEOPLE;
	conf->history_s = OBJECT_HISTORY_S;
	conf->bundle_max_age_s = OBJECT_BUNDLE_S;
	conf->step_up_s = OBJECT_STEP_UP_S;
	return conf;
}

static void
free_rules(struct conf_rule *rules, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(rules[i].grade);
	free(rules);
}

static void
free_policy(struct conf_policy *policy)
{
	size_t i;

	free(policy->name);
	conf_strings_done(&policy->users);
	conf_strings_done(&policy->services);
	conf_strings_done(&policy->networks);
	free(policy->network_index);
	conf_strings_done(&policy->countries);
	conf_strings_done(&policy->deny_asns);
	free(policy->asn_rules);
	free_rules(policy->rules, policy->nrules);
	free(policy->failures);
	conf_machine_free_live(policy->live, policy->nlive);
	for (i = 0; i < policy->ncombinations; i++) {
		free(policy->combinations[i].name);
		free_rules(policy->combinations[i].findings,
		    policy->combinations[i].nfindings);
	}
	free(policy->combinations);
}

static void
free_network(struct conf_network *network)
{
	free(network->name);
	free(network->label);
	free(network->shared);
	conf_strings_done(&network->cidrs);
	conf_strings_done(&network->files);
	netset_free(network->set);
}

static void
free_asns(struct conf_asns *asns)
{
	free(asns->name);
	conf_strings_done(&asns->numbers);
	conf_strings_done(&asns->files);
	free(asns->sorted);
}

void
conf_free(struct conf *conf)
{
	size_t i;

	if (conf == NULL)
		return;
	free(conf->path);
	free(conf->text);
	free(conf->help);
	free(conf->audit);
	free(conf->anchors);
	free(conf->state);
	for (i = 0; i < sizeof(conf->services) / sizeof(conf->services[0]); i++)
		conf_strings_done(&conf->services[i]);
	for (i = 0; i < conf->ndatabases; i++)
		free(conf->databases[i].path);
	free(conf->databases);
	for (i = 0; i < conf->nnetworks; i++)
		free_network(&conf->networks[i]);
	free(conf->networks);
	for (i = 0; i < conf->nasns; i++)
		free_asns(&conf->asns[i]);
	free(conf->asns);
	free_rules(conf->rules, conf->nrules);
	free(conf->failures);
	conf_machine_free_live(conf->live, conf->nlive);
	conf_machine_done(&conf->machine);
	conf_jumphost_done(conf);
	for (i = 0; i < conf->npolicies; i++)
		free_policy(&conf->policies[i]);
	free(conf->policies);
	conf_strings_done(&conf->groups);
	conf_strings_done(&conf->authorities);
	conf_strings_done(&conf->bundle_keys);
	free(conf);
}
