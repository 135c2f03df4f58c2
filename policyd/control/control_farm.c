/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who came from which address, and where laptops were that have said so, for
 * farmgatectl farm, which makes clusters of it. A worker reads the whole
 * history; what the configuration knows of an address goes along, so that the
 * lines of several machines can be put together elsewhere. Digests of sites are
 * this host's own, and lead nobody together but here; a laptop's key does.
 */

#include "policyd/check/check.h"
#include "policyd/control/control_parts.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/store/store_history.h"
#include "policyd/store/store_site.h"
#include "proto/result.h"

#define FARM_MS 600000u

struct farm {
	struct control_out out;
	struct store *store;
	const struct json *args;
	const struct conf *conf;
	int64_t at_s;
};

/* It has a /64 of its own, of which the history keeps the beginning. */
static bool
is_this_machine(const struct addr *source)
{
	static const struct addr six = { { 0 }, "" };

	return addr_classify(source) == ADDR_LOOPBACK ||
	    check_same_source(source, &six);
}

/* Many customers of a provider have one address. */
static bool
is_gateway(const struct farm *farm, uint32_t asn)
{
	const struct conf_asns *list;
	size_t i;

	for (i = 0; asn != 0 && i < farm->conf->nasns; i++) {
		list = &farm->conf->asns[i];
		if (conf_kind_is_gateway(list->kind) &&
		    conf_asns_has(list, asn))
			return true;
	}
	return false;
}

/*
 * Why many people may come from there, or NULL; as of a login in
 * check_session_shared_source.c.
 */
static const char *
excuse(const struct farm *farm, const struct store_source *s)
{
	const struct conf_network *net;
	const char *why = NULL;
	size_t i;

	if (is_this_machine(&s->addr))
		return "the machine itself";
	for (i = 0; i < farm->conf->nnetworks && why == NULL; i++) {
		net = &farm->conf->networks[i];
		if (netset_contains(net->set, &s->addr))
			why = check_network_excuse(net, farm->at_s);
	}
	if (why == NULL && is_gateway(farm, s->asn))
		why = "a provider's gateway";
	return why;
}

static int
source_line(const struct store_source *s, void *arg)
{
	struct farm *farm = arg;
	struct json *json = json_new();
	char text[ADDR_TEXT_SIZE];

	json_set_string(json, "source", addr_text(&s->addr, text));
	json_set_untrusted(json, "person", s->person);
	json_set_given(json, "country", s->country);
	if (s->asn != 0)
		json_set_int(json, "asn", s->asn);
	json_set_int(json, "logins", (int64_t)s->logins);
	json_set_int(json, "first", s->first_s);
	json_set_int(json, "last", s->last_s);
	json_set_given(json, "excused", excuse(farm, s));
	control_out_json(&farm->out, json);
	return farm->out.failed ? FG_ERR_SYSTEM : 0;
}

/* ---- what laptops have said --------------------------------------------- */

static const char *
why_name(enum store_site_kind kind)
{
	switch (kind) {
	case STORE_SITE_NONE:
		break;
	case STORE_SITE_GATEWAY:
		return "gateway";
	case STORE_SITE_PERIPHERAL:
		return "peripheral";
	case STORE_SITE_DEVICE:
		return "device";
	}
	return "none";
}

/* As of a login in check_session_shared_site.c. */
static const char *
site_excuse(const struct farm *farm, const struct store_site_row *row)
{
	const struct conf_network *net;
	const char *why = NULL;
	size_t i;

	if (!row->has_addr || row->site.kind == STORE_SITE_DEVICE)
		return NULL;
	for (i = 0; i < farm->conf->nnetworks && why == NULL; i++) {
		net = &farm->conf->networks[i];
		if (netset_contains(net->set, &row->addr))
			why = check_site_excuse(net,
			    row->site.kind == STORE_SITE_PERIPHERAL,
			    farm->at_s);
	}
	return why;
}

/* The latest one. */
static int
take_asset(const struct store_enrolment *e, void *arg)
{
	json_set_untrusted(arg, "asset", e->asset);
	return 1;
}

static int
site_line(const struct store_site_row *row, void *arg)
{
	struct farm *farm = arg;
	struct json *json = json_new();

	json_set_string(json, "why", why_name(row->site.kind));
	json_set_untrusted(json, "source", row->site.name);
	/* That it is enrolled no more is no reason not to show it. */
	if (row->site.kind == STORE_SITE_DEVICE)
		(void)store_enrolments_of(farm->store, row->site.name,
		    take_asset, json);
	json_set_untrusted(json, "person", row->person);
	json_set_int(json, "last", row->last_s);
	json_set_given(json, "excused", site_excuse(farm, row));
	control_out_json(&farm->out, json);
	return farm->out.failed ? FG_ERR_SYSTEM : 0;
}

/* An older farmgatectl knows of addresses alone, and does not ask for more. */
static int
farm_all(struct store *store, void *arg)
{
	struct farm *farm = arg;
	int64_t since_s = json_get_int(farm->args, "since", 0);
	int r;

	farm->store = store;
	r = store_history_sources_each(store, since_s, source_line, farm);
	if (r != 0 || !json_get_bool(farm->args, "sites", false))
		return r;
	return store_sites_each(store, since_s, site_line, farm);
}

static int
farm_run(int out_fd, void *arg)
{
	static struct farm farm;
	struct control_job *job = arg;
	int r;

	control_out_init(&farm.out, out_fd);
	farm.conf = job->daemon->rules->conf;
	farm.at_s = daemon_wall_s();
	farm.args = job->args;
	r = control_out_store(&farm.out, job, farm_all, &farm);
	return r == 0 ? CONTROL_OK :
			control_out_failed(&farm.out, "history", r);
}

void
control_farm(struct control_job *job)
{
	control_work(job, farm_run, control_finished, FARM_MS);
}
