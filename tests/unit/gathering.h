/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of origins and places share: a configuration with networks
 * and without a database, and a login to gather from.
 */
#ifndef FG_TESTS_GATHERING_H
#define FG_TESTS_GATHERING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/gather/gather.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static const char config[] =
    "network office {\n"
    "	cidr = {\"198.51.100.0/24\", \"2001:db8:1::/48\"}\n"
    "	place = \"DE\"\n"
    "}\n"
    "network lab { cidr = {\"198.51.100.128/25\"} place = \"FR\" }\n"
    "network vpn { cidr = {\"198.51.0.0/16\"} label = \"vpn\" }\n"
    "network home { cidr = {\"10.1.0.0/16\", \"127.0.0.0/8\"} place = \"SE\" "
    "}\n"
    "policy all { }\n";

static struct conf *conf;
static struct geo *geo;

static inline void
set_login(struct facts *facts, const char *service, const char *rhost,
    const char *ssh)
{
	struct fact_login *l = &facts->login;

	memset(facts, 0, sizeof(*facts));
	l->phase = FG_PHASE_ACCOUNT;
	(void)snprintf(l->user, sizeof(l->user), "alice");
	(void)snprintf(l->service, sizeof(l->service), "%s", service);
	(void)snprintf(l->rhost, sizeof(l->rhost), "%s", rhost);
	(void)snprintf(l->ssh_connection, sizeof(l->ssh_connection), "%s", ssh);
}

static inline void
gather(struct facts *facts, const char *service, const char *rhost,
    const char *ssh)
{
	set_login(facts, service, rhost, ssh);
	gather_origin(conf, NULL, facts);
}

static inline int
set_up(void **state)
{
	struct conf_errors errors = { 0 };
	int r;

	(void)state;
	r = conf_parse("test", config, sizeof(config) - 1, &conf, &errors);
	if (r == 0)
		r = geo_open(conf, NULL, &geo, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	return r;
}

static inline int
tear_down(void **state)
{
	(void)state;
	geo_free(geo);
	conf_free(conf);
	return 0;
}

#endif
