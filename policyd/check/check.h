/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checks: pure functions from facts and policy to findings. A check never
 * decides, never looks anything up, and never sees another check's findings.
 * One finding, one check_*.c file.
 */
#ifndef FG_CHECK_H
#define FG_CHECK_H

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/finding.h"

/* policy is NULL where none matches. */
typedef void (*check_fn)(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings);

/*
 * True if a matching network has trust: what databases and lists say does not
 * count there, for no geo.*, net.anonymizer, net.hosting and net.asn.
 */
bool	check_place_trusted(const struct facts *facts, const struct conf *conf);

/* True for the inventory's service accounts: no geography and no hours. */
bool	check_is_service_account(const struct facts *facts);

/* Whether geo.* findings are made: neither of the two above. */
bool	check_geography_counts(const struct facts *facts,
	    const struct conf *conf);

/* A point that a distance can be measured to; it may be off by so much. */
bool	check_has_point(const struct fact_place *place);
double	check_doubt_km(const struct fact_place *place,
	    const struct conf *conf);

/*
 * The last login says where the person was then. One of which nobody can say
 * where it came from, or that may be the same line by the other family, says
 * nothing about a journey.
 */
bool	check_last_says_where(const struct facts *facts,
	    const struct conf *conf);

/* The same address, or the same /64 of IPv6, which is one line's. */
bool	check_same_source(const struct addr *a, const struct addr *b);

/* Of person.revoked: an administrator's revocation, not the inventory's. */
bool	check_is_taken_back(const char *text);

/* What a laptop that has signed is called: its tag, or "an enrolled laptop". */
const char *check_laptop_name(const struct fact_attested *attested);

/*
 * Why many people may come from one address of the network at this time: that
 * it is a bastion, or what it is shared by. NULL: they may not.
 */
const char *check_network_excuse(const struct conf_network *net,
	    int64_t at_s);
/* The same of laptops there, behind one gateway, or beside one monitor. */
const char *check_site_excuse(const struct conf_network *net, bool beside,
	    int64_t at_s);

void	check_geo_country(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_geo_distance(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_geo_stale(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_geo_travel(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_geo_unknown(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_net_anonymizer(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_net_asn(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_net_hosting(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_net_listed(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_person_revoked(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_person_unknown(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_person_unverified(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_recorded(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);
void	check_remote_desktop(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_display(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_jiggler(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_kvm(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_session(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_tool(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_tunnel(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_net_vpn_client(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_clone(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_key(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_mismatch(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_new_input(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_place(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_unenrolled(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_unissued(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_device_virtual(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_remote_unknown(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_session_limit(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_session_places(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_session_shared_device(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_session_shared_site(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_session_shared_source(const struct facts *facts,
	    const struct conf *conf, const struct conf_policy *policy,
	    struct finding_list *findings);
void	check_time_hours(const struct facts *facts, const struct conf *conf,
	    const struct conf_policy *policy, struct finding_list *findings);

#endif
