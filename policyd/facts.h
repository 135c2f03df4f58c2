/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known about one login when it is decided. Facts are values: the
 * gather_* files fill them in, the check_* files and decide.c only read them,
 * so that the live login, the what-if and a replay decide alike.
 *
 * Each fact says how it came about: known, looked for and not there, or an
 * error. An error is never an absence.
 */
#ifndef FG_FACTS_H
#define FG_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts_device.h"
#include "policyd/net/addr.h"
#include "policyd/people/person.h"
#include "policyd/people/ssh_key.h"
#include "policyd/scanner/picture.h"
#include "proto/msg.h"

enum service_kind {
	SERVICE_NONE = 0,
	SERVICE_REMOTE,		/* sshd, ...; anything with an address */
	SERVICE_NESTED,		/* sudo, su: the origin of their session */
	SERVICE_CONSOLE,	/* login, gdm on the seat */
	SERVICE_EXEMPT		/* cron, systemd-user, ... */
};

/* What the module sent, copied, each string within its FG_*_MAX. */
struct fact_login {
	enum fg_phase	 phase;
	uint32_t	 flags;		/* FG_LOGIN_* */
	uint32_t	 pid;		/* as claimed */
	uint32_t	 uid;		/* of the user, (uint32_t)-1: unknown */
	char		 service[FG_SERVICE_MAX + 1];
	char		 user[FG_USER_MAX + 1];
	char		 ruser[FG_USER_MAX + 1];
	char		 tty[FG_TTY_MAX + 1];
	char		 rhost[FG_RHOST_MAX + 1];
	char		 ssh_connection[FG_SSH_CONNECTION_MAX + 1];
	char		 ref[FG_REF_MAX + 1];
	enum fact_state	 key_state;	/* ERROR: .keys does not name all */
	struct ssh_keys	 keys;
};

/* Those of the configuration's groups that the user is in. */
struct fact_groups {
	enum fact_state	 state;		/* FACT_NONE: not asked for */
	size_t		 count;
	const char	*const *names;	/* borrowed for the request's life */
};

/* A process, named so that a reused pid is not mistaken for it. */
struct fact_process {
	int32_t		 pid;
	uint64_t	 start;		/* clock ticks since boot */
};

#define FACT_ANCESTORS_MAX	32u
#define FACT_CGROUP_MAX		255u
#define FACT_COMM_MAX		15u

/* A program by which others reach this machine, and which a process is of. */
struct fact_steered {
	enum entry_kind	 kind;		/* ENTRY_NONE: none is known */
	enum sign_confidence confidence;
	enum sign_owner	 owner;		/* never SIGN_OF_SEAT */
	int32_t		 pid;		/* of the program */
	char		 what[SIGN_WHAT_MAX + 1]; /* the catalogue's name */
	uint32_t	 late;		/* 1: not all could be looked at */
};

/* The calling process, from the kernel (SO_PEERCRED) and the scanner. */
struct fact_peer {
	enum fact_state	 state;		/* ERROR: the scanner could not look */
	uint32_t	 uid;		/* SO_PEERCRED, always valid */
	int32_t		 pid;		/* SO_PEERCRED, always valid */
	uint64_t	 start;
	uint32_t	 loginuid;	/* (uint32_t)-1: never set */
	uint32_t	 audit_session;	/* (uint32_t)-1: never set */
	char		 comm[FACT_COMM_MAX + 1];
	char		 cgroup[FACT_CGROUP_MAX + 1];
	size_t		 ancestors;	/* [0] is the parent */
	struct fact_process ancestor[FACT_ANCESTORS_MAX];
	uint32_t	 cut;		/* 1: there are more, or the next one
					 * could not be read */
	struct fact_steered steered;	/* the nearest ancestor that is one */
};

/* Who sits at the other end of a connection of the machine to itself. */
struct fact_client {
	enum fact_state	 state;		/* NONE: the login has no such end */
	uint32_t	 uid;
	char		 cgroup[FACT_CGROUP_MAX + 1];
};

enum origin_kind {
	ORIGIN_NONE = 0,
	ORIGIN_ADDRESS,		/* .addr is valid */
	ORIGIN_CONSOLE,		/* at the machine, a console service */
	ORIGIN_LOCAL,		/* nested, and no session to inherit from */
	ORIGIN_NO_ADDRESS	/* remote, without a numeric address */
};

enum origin_source {
	ORIGIN_FROM_NOTHING = 0,
	ORIGIN_FROM_SSH_CONNECTION,
	ORIGIN_FROM_RHOST,
	ORIGIN_FROM_SESSION,	/* inherited, .inherited names its decision */
	ORIGIN_FROM_SERVICE	/* the kind of service says so */
};

struct fact_origin {
	enum origin_kind kind;
	enum origin_source source;
	struct addr	 addr;
	enum addr_class	 cls;
	char		 inherited[FG_REF_MAX + 1];
	const char	*problem;	/* static; why there is no address */
};

#define FACT_NETWORKS_MAX	16u

/* Named networks that hold the origin, in the configuration's order. */
struct fact_networks {
	size_t		 count;
	size_t		 index[FACT_NETWORKS_MAX]; /* into conf.networks */
	bool		 overflow;
};

enum place_source {
	PLACE_FROM_NOTHING = 0,
	PLACE_FROM_NETWORK,	/* a named network with a place */
	PLACE_FROM_DATABASE
};

#define FACT_CITY_MAX	64u		/* bytes, UTF-8 */
#define FACT_ORG_MAX	64u

/*
 * Where the origin is. Not applicable (NONE) to local and private origins. The
 * country may come from another database than the point.
 */
struct fact_place {
	enum fact_state	 state;
	enum place_source source;
	char		 country[3];	/* ISO 3166-1 alpha-2, upper case */
	size_t		 index;		/* network or database of the conf */
	int64_t		 build_s;	/* of that database; 0: a network */
	char		 city[FACT_CITY_MAX + 1]; /* "" if not known */
	bool		 has_point;
	double		 latitude;	/* degrees */
	double		 longitude;
	double		 accuracy_km;	/* radius; < 0: the database has none */
	size_t		 point_index;	/* database of the point and the city */
	int64_t		 point_build_s;
	bool		 country_only;	/* the AS says so: mobile, cgnat */
	const char	*problem;	/* static; for UNKNOWN and ERROR */
};

/* The autonomous system that announces the origin's address. */
struct fact_asn {
	enum fact_state	 state;
	uint32_t	 number;
	char		 org[FACT_ORG_MAX + 1];	/* "" if not known */
	size_t		 index;		/* database of the conf */
	/* Which of the conf's lists have it; at most these many count. */
	size_t		 nlists;
	size_t		 list[8];	/* indexes into conf.asns */
};

/* Bits of what an anonymous-IP database says of the address. */
#define FACT_ANON_VPN		0x01u
#define FACT_ANON_PROXY		0x02u	/* a public one */
#define FACT_ANON_RESIDENTIAL	0x04u	/* a residential proxy */
#define FACT_ANON_TOR		0x08u
#define FACT_ANON_HOSTING	0x10u
#define FACT_ANON_ANY		0x20u	/* anonymous, not said how */

struct fact_anonymous {
	enum fact_state	 state;		/* KNOWN also when flags is 0 */
	uint32_t	 flags;		/* FACT_ANON_* */
	char		 provider[FACT_ORG_MAX + 1];
	int		 confidence;	/* 1 to 99; 0: not said */
	int64_t		 seen_s;	/* last seen; 0: not said */
	size_t		 index;		/* database of the conf */
	int64_t		 build_s;	/* of the database */
};

/* The entry of the inventory that the account belongs to. */
struct fact_person {
	enum fact_state	 state;		/* NONE: no inventory */
	bool		 shared;	/* the account is; the key says whose */
	bool		 nobody;	/* a shared account, and whose key it is
					 * is not known: the entry is its own */
	struct person	 person;	/* for KNOWN */
	bool		 in_hours;	/* of theirs, now */
	bool		 hours_failed;	/* the zone is not to be had */
};

#define FACT_EXCEPTIONS_MAX	16u

/* Exceptions of the person that hold now. */
struct fact_exception {
	uint64_t	 id;
	int		 code;		/* enum finding_code */
	char		 grade[33];	/* "": every */
	char		 country[3];	/* "": wherever */
	bool		 bypass;	/* answers a challenge, and no more */
	int64_t		 until_s;
};

struct fact_exceptions {
	enum fact_state	 state;
	size_t		 count;
	struct fact_exception list[FACT_EXCEPTIONS_MAX];
};

/* How places are compared with each other: empty or 0 where not known. */
struct fact_where {
	char		 country[3];
	uint32_t	 asn;
	char		 network[33];	/* the first named network */
};

#define FACT_OTHERS_MAX	14u
#define FACT_DEVICE_MAX	FACT_ASSET_MAX	/* bytes, printable ASCII */

/* Another session of the same person: reserved, open, or what is left of it. */
struct fact_other {
	char		 ref[FG_REF_MAX + 1];
	char		 service[FG_SERVICE_MAX + 1];
	bool		 reserved;	/* allowed, and not open yet */
	int64_t		 since_s;	/* wall clock */
	struct fact_origin origin;
	struct fact_where where;
	char		 device[FACT_DEVICE_MAX + 1]; /* as fact_device() */
	char		 key[PERSON_KEY_MAX + 1]; /* the first one; "" */
};

/* The person's other sessions on this machine, at this moment. */
struct fact_sessions {
	enum fact_state	 state;		/* NONE: such a login takes no seat */
	size_t		 count;		/* all of them */
	/* Of those from one place (origin, where and device alike) the
	 * newest. */
	size_t		 nlisted;
	struct fact_other list[FACT_OTHERS_MAX];
	bool		 overflow;	/* there are more places */
};

/* The person's last login from an address that led to a session. */
struct fact_last {
	enum fact_state	 state;
	char		 ref[FG_REF_MAX + 1];
	int64_t		 at_s;		/* wall clock, as it was then */
	/* Since then, by the clock that counts while the machine sleeps; after
	 * a reboot by the wall clock. */
	int64_t		 ago_s;
	bool		 ago_known;	/* false: the clock was set back */
	/* As the present databases and configuration see that address. */
	struct fact_origin origin;
	struct fact_networks networks;
	struct fact_place place;
	struct fact_asn	 asn;
};

#define FACT_SHARERS_MAX 8u

/* What the history says. Not asked (NONE) of logins without an address. */
struct fact_history {
	struct fact_last last;
	/* Days, by UTC, on which the person came from this autonomous system
	 * before this login; counted up to asn_learning of the conf. */
	enum fact_state	 asn_state;
	uint32_t	 asn_days;
	/* Other people from this address (IPv6: /64) within shared_window;
	 * counted up to FACT_SHARERS_MAX. */
	enum fact_state	 sharers_state;
	size_t		 nsharers;
	char		 sharer[FACT_SHARERS_MAX][FG_USER_MAX + 1];
};

#define FACT_REASON_MAX	200u

/* Access taken back by farmgatectl revoke, of the person or the account. */
struct fact_revocation {
	enum fact_state	 state;
	int64_t		 at_s;		/* from when on; may be to come */
	char		 reason[FACT_REASON_MAX + 1];
};

/* That somebody has verified who the person is. */
struct fact_verified {
	/* NONE: it is done for nobody here, or it is no person's login;
	 * UNKNOWN: not for this one. */
	enum fact_state	 state;
	char		 asset[FACT_ASSET_MAX + 1];	/* with this laptop */
	int64_t		 until_s;	/* exclusive; it may be over */
};

/* People and revocations that another host has signed. */
struct fact_bundle {
	enum fact_state	 state;		/* NONE: none was imported */
	uint64_t	 serial;
	int64_t		 made_s;	/* by the other host's clock */
	bool		 stale;		/* older than bundle_max_age */
};

#define FACT_APPROVED_MAX	40u

/* What a second person was shown before they gave their word. */
struct fact_approved {
	size_t		 count;		/* what finds no room was not shown */
	struct {
		int	 code;		/* enum finding_code */
		char	 grade[33];
		char	 of[SIGN_WHAT_MAX + 1]; /* which tool, device; "" */
	} list[FACT_APPROVED_MAX];
};

/* What a step-up has proven for this login. */
struct fact_proof {
	/* NONE: it is not looked for; ERROR: it failed, .why says at what. */
	enum fact_state	 state;
	char		 ref[FG_REF_MAX + 1];	/* of its own record */
	uint32_t	 methods;	/* 1 << enum method */
	struct fact_approved approved;	/* an approval answers these alone */
	struct fact_attested attested;	/* what the method device has brought */
	bool		 step_failed;	/* of what was asked for, .why which */
	char		 why[96];
};

#define FACT_REMEMBERED_MAX	16u

/* Step-ups that were passed, of this person, device and network. */
struct fact_remembered {
	enum fact_state	 state;		/* NONE: of such a login none is */
	char		 device[PERSON_KEY_MAX + 1];	/* of this login; "" */
	char		 source[ADDR_TEXT_SIZE];	/* its network */
	size_t		 count;
	struct {
		uint64_t	 id;
		int		 code;		/* enum finding_code */
		char		 grade[33];
		uint32_t	 methods;	/* 1 << enum method */
		int64_t		 made_s;
		int64_t		 until_s;
	} list[FACT_REMEMBERED_MAX];
};

#define FACT_SIGNS_MAX	25u

/* How a login comes out of a remote-controlled session. */
enum remote_tie {
	REMOTE_TIE_NONE = 0,	/* it does not, as far as is known */
	REMOTE_TIE_ANCESTOR,	/* one of its processes is the tool's */
	REMOTE_TIE_SESSION,	/* the tool serves this very session */
	REMOTE_TIE_SEAT,	/* it is at the seat, which the tool steers */
	REMOTE_TIE_CLIENT	/* it is ssh to this machine itself, from one */
};

struct fact_sign {
	struct sign	 sign;
	bool		 counts;	/* or else it is logged at most */
	uint64_t	 support;	/* of the help desk; 0: it is not */
};

/* What the scanner saw of the machine. */
struct fact_remote {
	/* NONE: nobody looked, as for services that are exempt; ERROR: nobody
	 * could, or what is there is too old. */
	enum fact_state	 state;
	bool		 blind;		/* the scanner is not there, or has
					 * not looked at what is there now */
	uint64_t	 number;	/* of the picture */
	int64_t		 age_ms;
	uint32_t	 failed;	/* PICTURE_*: could not look at */
	uint32_t	 cut;		/* PICTURE_*: not at all of them */
	bool		 lost;		/* some that may count found no room */
	const char	*coverage;	/* static: what is not seen at all;
					 * NULL: nothing */
	size_t		 count;
	bool		 overflow;	/* there were more, of less weight */
	/* Without what is approved, and devices of the baseline. */
	struct fact_sign list[FACT_SIGNS_MAX];
	enum remote_tie	 tie;
	struct fact_sign by;		/* what steers it, if it is tied */
};

struct finding_list;

struct facts {
	int64_t		 at_s;		/* wall clock of the decision */
	int64_t		 boot_s;	/* CLOCK_BOOTTIME of it */
	struct fact_login login;
	enum service_kind kind;
	struct fact_groups groups;
	struct fact_peer peer;
	struct fact_client client;
	struct fact_remote remote;
	struct fact_origin origin;
	char		 whose[FG_USER_MAX + 1]; /* nested: the session */
	struct fact_networks networks;
	struct fact_place place;
	struct fact_asn	 asn;
	struct fact_where where;
	struct fact_anonymous anonymous;
	struct fact_person person;
	struct fact_exceptions exceptions;
	struct fact_revocation revocation;
	struct fact_verified verified;
	struct fact_bundle bundle;
	struct fact_device device;
	struct fact_bound bound;
	struct fact_sessions sessions;
	struct fact_history history;
	struct fact_proof proof;
	struct fact_remembered remembered;
	/* Of a login that is decided again: what was found then and cannot be
	 * looked for any more. Borrowed; NULL for every login that is live. */
	const struct finding_list *recorded;
};

/*
 * A clock that was never set judges no date, in either direction: what depends
 * on one is not found then, and the failure clock_unset speaks for it. What
 * holds by any clock, as a revocation does, is found all the same.
 */
bool		 facts_clock_is_set(const struct facts *facts);

/* Without a store, or without the history: an error, and not an absence. */
void		 facts_store_failed(struct facts *facts);
void		 facts_history_failed(struct facts *facts);

/* Who a session counts for: the person, or the account if it is nobody's. */
const char	*fact_who(const struct facts *facts);

/*
 * Which device it comes from: the asset that a laptop has signed for, else the
 * one that the SSH key is bound to, else the key itself. "" if none of these is
 * known. Borrowed from the facts.
 */
const char	*fact_device(const struct facts *facts);

/* Sessions of this kind count: they are kept, and their logins take seats. */
bool		 service_has_sessions(enum service_kind kind);

/* "ancestor", "session", "seat", "client"; "none" for the zero. Static. */
const char	*remote_tie_name(enum remote_tie tie);

/* Names for audit and people; "none" for the zero. Static. */
const char	*fact_state_name(enum fact_state state);
const char	*service_kind_name(enum service_kind kind);
const char	*origin_kind_name(enum origin_kind kind);
const char	*origin_source_name(enum origin_source source);
const char	*place_source_name(enum place_source source);

#endif
