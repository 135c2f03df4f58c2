/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what the module and the scanner say to facts. One fact, one gather_*
 * file; each only fills in its own part of struct facts.
 */
#ifndef FG_GATHER_H
#define FG_GATHER_H

#include "policyd/conf.h"
#include "policyd/device/identity.h"
#include "policyd/facts.h"
#include "policyd/geo/geo.h"
#include "policyd/store/store_support.h"

struct store;
struct store_baseline;

/* What is known of this machine, by the last look at it. */
struct gather_machine {
	const struct picture *picture;	/* borrowed, NULL: there is none */
	int64_t		 now_ns;	/* CLOCK_BOOTTIME */
	int64_t		 max_age_ms;	/* of the picture; older is an error */
	/* There is no scanner, or no picture of what is there now: nothing
	 * that who has no privileges can bring about. */
	bool		 blind;
	const char	*coverage;	/* static: what is amiss; NULL: none */
	/* What is plugged in and belongs there; borrowed. NULL: nobody has
	 * said what does, and nothing is new. */
	const struct store_baseline *known;
	struct store_supported support;	/* what the help desk uses now */
};

/* The session whose origin a nested login inherits; see session.h. */
struct gather_parent {
	const struct fact_origin *origin;	/* borrowed, NULL: none found */
	const char	*ref;			/* borrowed */
	const char	*person;		/* borrowed: who logged in */
	const char	*device;		/* borrowed: with this key */
};

/*
 * Kind and origin. SSH_CONNECTION is believed for listed remote services
 * only; else a numeric PAM_RHOST counts; a name never does and is never
 * resolved. If both are numeric and differ, there is no address. A service
 * with an address is remote, unless it is exempt; an unlisted one is remote.
 */
void	gather_origin(const struct conf *conf,
	    const struct gather_parent *parent, struct facts *facts);

/* The two ends of SSH_CONNECTION. */
struct gather_ends {
	struct addr	 client;
	struct addr	 server;
	uint16_t	 client_port;
	uint16_t	 server_port;
};

/* False where there is none, or it is not as sshd writes it. */
bool	gather_ends(const struct fact_login *login,
	    struct gather_ends *ret_ends);

/*
 * What was seen of the machine and counts for this login, and whether the
 * login comes out of a remote-controlled session. After the peer, the client
 * and the origin. from may be NULL: nobody looked.
 */
void	gather_remote(const struct conf *conf,
	    const struct gather_machine *from, struct facts *facts);

/* What a sign is for this login. False: it is nothing, whoever logs in. */
bool	gather_sign(const struct conf *conf, const struct gather_machine *from,
	    const struct facts *facts, const struct sign *sign,
	    struct fact_sign *ret_sign);

/* What may decide comes first, and of that what nothing excuses. */
unsigned int gather_sign_weight(const struct fact_sign *s);

/*
 * Where the login itself comes from: .tie and .by of .remote, of a picture that
 * is there. Part of gather_remote().
 */
void	gather_tie(const struct conf *conf, const struct gather_machine *from,
	    struct facts *facts);

/* What is plugged in: a keyboard, a pointer, a monitor. */
bool	gather_is_device(enum entry_kind kind);
/* It belongs there, or nobody has said what does. */
bool	gather_is_known(const struct gather_machine *from,
	    const struct sign *sign);
/* Its name is in approved, and is no mere word of who runs it. */
bool	gather_is_approved(const struct conf *conf, const struct sign *sign);
/* The help desk's entry for it that holds now; 0: there is none. */
uint64_t gather_support_of(const struct gather_machine *from,
	    const struct sign *sign);

/* The named networks that hold the origin's address. */
void	gather_net(const struct conf *conf, const struct fact_origin *origin,
	    struct fact_networks *ret_networks);

/*
 * The place: of the first named network that has one, else by the class of
 * the address, else from the databases.
 */
void	gather_place(const struct conf *conf, const struct geo *geo,
	    const struct fact_origin *origin,
	    const struct fact_networks *networks, struct fact_place *ret_place);

/*
 * The autonomous system of a public origin, and which lists of the
 * configuration have it; marks the place of a mobile
 * one, and of one that hides many behind a gateway.
 */
void	gather_asn(const struct conf *conf, const struct geo *geo,
	    const struct fact_origin *origin, struct fact_place *place,
	    struct fact_asn *ret_asn);

/* What the anonymous-IP databases say of a public origin. */
void	gather_anonymous(const struct geo *geo, struct facts *facts);

/*
 * What the history says of a login from an address: the last one of the
 * person, how often this autonomous system, who else from there. boot_id is
 * the machine's, so that times of this boot are told by a clock that nobody
 * sets; facts->boot_s is that clock. store may be NULL: nothing is known.
 */
void	gather_history(struct store *store, const char *boot_id,
	    const struct conf *conf, const struct geo *geo,
	    struct facts *facts);

/* Whether access was taken back, of the person or of the account. */
void	gather_revocation(struct store *store, struct facts *facts);

/* Whether somebody has verified who it is. Needs the person. */
void	gather_verified(struct store *store, struct facts *facts);

/* Of the key that comes last, sshd tells account nothing, and session all. */
bool	gather_is_told_of_keys(const struct facts *facts);

/*
 * This machine as the asset that the configuration names, and the asset of the
 * SSH key that was used. Both need the person. store and identity may be NULL:
 * nothing is known.
 */
void	gather_device(const struct conf *conf, struct store *store,
	    const struct identity *identity, struct facts *facts);
void	gather_bound(struct store *store, struct facts *facts);
/* Assets are issued to people: not to services, nor to an account of many. */
bool	gather_may_have_assets(const struct fact_person *person);
/*
 * What an enrolled laptop has said, which is remembered of it. Returns as the
 * store does, or FG_ERR_PEER: the inventory has another device key of the
 * asset; nobody may be let in by an error.
 */
struct statement;
struct store_enrolment;
int	gather_attested(struct store *store,
	    const struct store_enrolment *enrolment,
	    const struct statement *statement, const struct facts *facts,
	    struct fact_attested *ret_attested);
/* The same later: .asset and .unlisted, as the inventory has it by then. */
int	gather_attested_again(struct store *store,
	    const struct store_enrolment *enrolment,
	    const struct facts *facts, struct fact_attested *attested);
/*
 * Who else was where such a laptop is, or came with it, within window_s, and
 * that this person does. Sets .company_state, .site and .device; needs .key.
 */
void	gather_site(struct store *store, const struct statement *statement,
	    const struct facts *facts, int64_t window_s,
	    struct fact_attested *attested);
/* An asset as a fact, but for .shipped_people. Part of those above. */
void	gather_asset(const struct asset *asset, const struct facts *facts,
	    struct fact_asset *ret_asset);
/* Sets .shipped_people, of an asset that is a fact; as the store returns. */
int	gather_shipped(struct store *store, const struct facts *facts,
	    struct fact_asset *asset);
/*
 * Whether there is an inventory of assets: else none is unknown to it (NONE).
 * One that was lost, or is of an older copy, says nothing: a laptop may have
 * been lost since.
 */
enum fact_state gather_assets(struct store *store);

/* The bundle in force, and whether it is stale. */
void	gather_bundle(const struct conf *conf, struct store *store,
	    struct facts *facts);

/* How the place compares with others'. Needs networks, place and asn. */
void	gather_where(const struct conf *conf, struct facts *facts);

/* The person's other sessions, if this login takes a seat. Or NULL. */
struct sessions;
void	gather_session(const struct sessions *sessions, struct facts *facts);

/*
 * The person whose account it is, their hours and their exceptions, at
 * facts->at_s. Of a nested service that is who asks, if they have an entry; of
 * a shared account, whose key it is, if one is known. Exceptions hold for the
 * account where there is no person. Needs the kind. store may be NULL: there
 * is no inventory then.
 */
void	gather_person(struct store *store, struct facts *facts);
/*
 * Whose keys or certificates these are; returns as the store does. Keys of
 * several people are nobody's (FG_ERR_NOT_FOUND), as are some of which one is,
 * or cannot be told: in whichever order they came.
 */
int	gather_key_holder(struct store *store, const struct ssh_keys *keys,
	    struct person *ret_person);
/*
 * The step-ups that the person has passed with this device from this network.
 * Needs all of the person, the origin and the keys. store may be NULL.
 */
void	gather_remembered(const struct conf *conf, struct store *store,
	    const struct gather_parent *parent, struct facts *facts);
/* The exceptions alone, where the person is known already, or nobody. */
void	gather_exceptions(struct store *store, struct facts *facts);

#endif
