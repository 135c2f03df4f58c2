/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration, loaded whole, validated, and never changed afterwards:
 * a reload builds a new one. conf.c is the only file that knows libconfuse;
 * conf_check.c refuses what cannot be evaluated; conf_dump.c writes it back.
 */
#ifndef FG_CONF_H
#define FG_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policyd/crypto.h"
#include "policyd/device/compare.h"
#include "policyd/failure.h"
#include "policyd/finding.h"
#include "policyd/net/netset.h"
#include "policyd/stepup/method.h"
#include "proto/token.h"

#define CONF_FILE	"/etc/farmgate/farmgate.conf"
#define CONF_SIZE_MIN	(UINT64_C(64) << 10)	/* of an audit file */
#define CONF_SIZE_MAX	(UINT64_C(64) << 30)
#define CONF_FILE_MAX	(1024u * 1024u)		/* bytes */
#define CONF_NETFILE_MAX (8u * 1024u * 1024u)	/* bytes of a list's file */
#define CONF_ENTRIES_MAX 1000000u		/* of all lists together */
#define CONF_HASH_SIZE	65u			/* SHA-256 in hex and a NUL */
#define CONF_NAME_MAX	32u			/* names: [a-z0-9_-]+ */

enum conf_mode {
	CONF_MODE_NONE = 0,
	CONF_MODE_ENFORCE,
	CONF_MODE_OBSERVE
};

/* What becomes of a finding on a session that is open; the strictest last. */
enum live_action {
	LIVE_NONE = 0,
	LIVE_IGNORE,
	LIVE_ALERT,		/* it is recorded and logged */
	LIVE_HOOK,		/* and the hook "live" is run */
	LIVE_TERMINATE		/* and the session is ended */
};

/* A NULL-free list of strings, each owned by the conf, with its line. */
struct conf_strings {
	char		**v;
	unsigned int	*lines;		/* 0: shipped, not in the file */
	size_t		 n;
};

bool	conf_strings_has(const struct conf_strings *strings, const char *s);

/* What becomes of a finding: "geo.country = deny", "net.listed:vpn = log". */
struct conf_rule {
	enum finding_code code;
	char		*grade;		/* NULL: every grade */
	enum action	 action;
	struct methods	 methods;	/* of a challenge; none: step_up's */
	unsigned int	 line;
};

struct conf_failure_rule {
	enum failure	 failure;
	enum action	 action;	/* ACTION_DENY, ACTION_LOG (allow) */
	unsigned int	 line;
};

/* "remote.kvm:identity = terminate", of while_open. */
struct conf_live_rule {
	enum finding_code code;
	char		*grade;		/* NULL: every grade */
	enum live_action action;
	unsigned int	 line;
};

/* All of these findings together. */
struct conf_combination {
	char		*name;
	struct conf_rule *findings;	/* .action, .methods are unused */
	size_t		 nfindings;	/* at least two */
	enum action	 action;
	struct methods	 methods;	/* as of a rule */
	unsigned int	 line;
};

enum conf_trust {
	CONF_TRUST_NONE = 0,
	CONF_TRUST_PLACE,	/* what databases and lists say is not used */
	CONF_TRUST_BASTION	/* likewise, and many people come from it */
};

/* What a network's or AS list's members are. */
enum conf_net_kind {
	CONF_NET_NONE = 0,
	CONF_NET_VPN,		/* net.anonymizer:vpn */
	CONF_NET_PROXY,		/* net.anonymizer:proxy */
	CONF_NET_TOR,		/* net.anonymizer:tor */
	CONF_NET_HOSTING,	/* net.hosting */
	CONF_NET_MOBILE,	/* AS lists only: country_only places */
	CONF_NET_CGNAT		/* the same: many behind one gateway */
};

struct conf_network {
	char		*name;
	char		*label;		/* NULL: makes no net.listed */
	char		 country[3];	/* place; "" if none is given */
	enum conf_trust	 trust;
	enum conf_net_kind kind;	/* NONE: a list is only listed */
	char		*shared;	/* why many people come from it */
	int64_t		 shared_until_s; /* exclusive; set if .shared is */
	int64_t		 max_age_s;	/* of its files; 0: no limit */
	int64_t		 listed_at_s;	/* of the oldest file; 0: no files */
	struct conf_strings cidrs;	/* as written, for the dump */
	struct conf_strings files;
	struct netset	*set;		/* both together */
	unsigned int	 line;
};

enum conf_database_kind {
	CONF_DATABASE_NONE = 0,
	CONF_DATABASE_COUNTRY,
	CONF_DATABASE_CITY,
	CONF_DATABASE_ASN,
	CONF_DATABASE_ANONYMOUS
};

/* One file; a section with several makes several of these, in its order. */
struct conf_database {
	enum conf_database_kind kind;
	char		*path;
	int64_t		 max_age_s;	/* of its build; 0: no limit */
	unsigned int	 line;
};

/* Autonomous systems: asn "NAME" { numbers, files, kind }. */
struct conf_asns {
	char		*name;
	enum conf_net_kind kind;	/* VPN and HOSTING make net.hosting */
	struct conf_strings numbers;	/* "AS64500", as written */
	struct conf_strings files;
	uint32_t	*sorted;	/* both together, each once */
	size_t		 nsorted;
	size_t		 room;		/* of sorted, while it is filled */
	int64_t		 listed_at_s;	/* as of a network */
	int64_t		 max_age_s;
	unsigned int	 line;
};

/* One value of deny_asns, resolved. */
struct conf_asn_rule {
	uint32_t	 number;	/* 0: those of the list */
	size_t		 list;		/* index into the conf's */
};

/* Shares that are shipped, in percent. */
#define CONF_MISMATCH_WEAK	COMPARE_WEAK_DEFAULT
#define CONF_MISMATCH_STRONG	COMPARE_STRONG_DEFAULT

/* What makes two sessions' places differ: bits of conf_policy.places. */
#define CONF_PLACE_COUNTRY	0x01u
#define CONF_PLACE_ASN		0x02u
#define CONF_PLACE_NETWORK	0x04u	/* named one, else address or /64 */
#define CONF_PLACE_DEVICE	0x08u	/* see fact_device() */

struct conf_policy {
	char		*name;
	struct conf_strings users;	/* names and @groups; none: everybody */
	struct conf_strings services;	/* none: every service */
	struct conf_strings networks;	/* names; none: every origin */
	size_t		*network_index;	/* networks.n indexes, resolved */
	struct conf_strings countries;	/* allowed; none: no rule */
	struct conf_strings deny_asns;	/* "AS64500" or a list's name */
	struct conf_asn_rule *asn_rules; /* deny_asns.n of them, resolved */
	uint32_t	 max_sessions;	/* of one person; 0: no limit */
	unsigned int	 max_sessions_line;
	uint32_t	 places;	/* CONF_PLACE_*; never 0 */
	unsigned int	 places_line;	/* 0: shipped, not in the file */
	struct compare_limits mismatch;	/* of device.mismatch's grades */
	enum conf_mode	 mode;		/* CONF_MODE_NONE: the global one */
	struct methods	 step_up;	/* none: the file's */
	unsigned int	 step_up_line;	/* 0: not in the file */
	struct conf_rule *rules;
	size_t		 nrules;
	struct conf_failure_rule *failures;
	size_t		 nfailures;
	struct conf_combination *combinations;
	size_t		 ncombinations;
	struct conf_live_rule *live;	/* before those of the file */
	size_t		 nlive;
	unsigned int	 line;
};

/* A jump host whose challenges this machine answers. */
struct conf_jumphost {
	char		*name;
	struct conf_strings names;	/* lower case, no dot at the end */
	uint8_t		 key[CRYPTO_KEY_SIZE];	/* X25519, the public one */
	uint8_t		 id[FG_TOKEN_HOST_SIZE]; /* what tokens call it */
	unsigned int	 line;
	unsigned int	 key_line;
};

/* What is looked for on this machine, and how often. */
struct conf_machine {
	struct conf_strings catalogue;	/* folders; later ones count */
	char		*asset;		/* its tag as an issued one; NULL */
	unsigned int	 asset_line;
	int64_t		 max_age_s;	/* of what a login is decided by */
	int64_t		 interval_s;	/* of scans while sessions are open */
	bool		 everybody;	/* scope: other users' programs count */
	bool		 contained;	/* a namespace of its own is meant */
	struct conf_strings approved;	/* entries that are no finding */
};

struct conf {
	char		*path;
	char		 hash[CONF_HASH_SIZE];	/* of the file's bytes */
	char		*text;		/* those bytes, to be parsed again */
	size_t		 len;
	enum conf_mode	 mode;
	char		*help;		/* "" if none; at most FG_TEXT_MAX */
	char		*audit;		/* path of the audit file */
	char		*anchors;	/* and of its anchors; NULL: none */
	uint64_t	 audit_rotate_size; /* bytes, ... */
	int64_t		 audit_rotate_age_s; /* 0: neither makes a new one */
	bool		 audit_compress; /* what it was rotated into */
	int64_t		 audit_keep_s;	/* which stays so long; 0: it stays */
	unsigned int	 audit_keep_line; /* 0: not in the file */
	char		*state;		/* the daemon's own folder */
	/* By service_kind; what the file names is added to what is shipped. */
	struct conf_strings services[SERVICE_EXEMPT + 1];
	struct conf_database *databases;
	size_t		 ndatabases;
	double		 missing_accuracy_km; /* where a database has none */
	double		 max_speed_kmh;	/* of people; more is geo.travel */
	double		 travel_floor_km; /* less is no travel */
	uint32_t	 asn_learning;	/* days until an AS is known */
	uint32_t	 shared_people;	/* that one address may have */
	int64_t		 shared_window_s; /* within this time */
	int64_t		 history_s;	/* how long logins are kept */
	bool		 terminate;	/* the scanner may end sessions */
	struct methods	 step_up;	/* that answer a challenge */
	unsigned int	 step_up_line;	/* 0: not in the file */
	int64_t		 step_up_s;	/* that a step-up may take in all */
	unsigned int	 step_up_time_line; /* 0: not in the file */
	int64_t		 remember_s;	/* that one counts again; 0: not */
	unsigned int	 remember_line;	/* 0: not in the file */
	struct conf_machine machine;
	struct conf_live_rule *live;	/* for all policies, after their own */
	size_t		 nlive;
	struct conf_jumphost *jumphosts;
	size_t		 njumphosts;
	struct conf_network *networks;
	size_t		 nnetworks;
	struct conf_asns *asns;
	size_t		 nasns;
	/* "SHA256:..." of the authorities whose key ids are believed. */
	struct conf_strings authorities;
	/* "ed25519:..." of those whose bundles are imported. */
	struct conf_strings bundle_keys;
	int64_t		 bundle_max_age_s; /* an older one is stale */
	struct conf_rule *rules;	/* for all policies, after their own */
	size_t		 nrules;
	struct conf_failure_rule *failures;
	size_t		 nfailures;
	struct conf_policy *policies;
	size_t		 npolicies;
	struct conf_strings groups;	/* of all policies, each once, no @ */
};

/* Everything that is wrong, not only the first. */
struct conf_error {
	char		*file;
	unsigned int	 line;		/* 0: the file as a whole */
	char		*text;		/* what, and after "; " the fix */
};

struct conf_errors {
	struct conf_error *list;
	size_t		 count;
	bool		 lost;		/* out of memory while recording one */
};

void	conf_errors_add(struct conf_errors *errors, const char *file,
	    unsigned int line, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));
/* "FILE:LINE: TEXT" or "FILE: TEXT", printable bytes only, cut to size. */
void	conf_error_text(const struct conf_error *error, char *buf,
	    size_t size);
/* Each of them to one of log.h's functions. */
void	conf_errors_log(const struct conf_errors *errors,
	    void (*log)(const char *fmt, ...));
/* "FILE:LINE: TEXT\n" each, or "FILE: TEXT\n"; printable bytes only. */
void	conf_errors_print(const struct conf_errors *errors, FILE *out);
/*
 * To another process, without their lines: "FILE\0TEXT\0" each, to fd; and from
 * the len bytes at data, of which those that are cut are left out.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	conf_errors_send(const struct conf_errors *errors, int fd);
void	conf_errors_receive(struct conf_errors *errors, const char *data,
	    size_t len);
void	conf_errors_done(struct conf_errors *errors);

/*
 * Read, parse and validate the file at path and the network files that it
 * names, each through safeopen(). errors must be zeroed; every problem found
 * is added to it.
 * Returns 0 and a complete conf, or FG_ERR_CONFIG, FG_ERR_NOMEM.
 */
int	conf_load(const char *path, struct conf **ret_conf,
	    struct conf_errors *errors);

/*
 * The same for len bytes in memory; name stands for the file in errors.
 * Network files are opened by path as above.
 */
int	conf_parse(const char *name, const void *data, size_t len,
	    struct conf **ret_conf, struct conf_errors *errors);

void	conf_free(struct conf *conf);

/* The validation step, called by the two above. Returns 0 or FG_ERR_CONFIG. */
int	conf_check(const struct conf *conf, struct conf_errors *errors);

/*
 * What is no error in a configuration that was loaded, and may yet not be
 * meant: services that are let in where a policy seems to hold them, a step_up
 * that no challenge uses. Each text begins with "warning: ".
 */
void	conf_warn(const struct conf *conf, struct conf_errors *warnings);

/*
 * What has grown too old at now_s: lists whose files are older than their
 * max_age, which stay in use, and networks that are no longer excused by
 * shared. Each text begins with "warning: ".
 */
void	conf_warn_old(const struct conf *conf, int64_t now_s,
	    struct conf_errors *warnings);

/*
 * Write the effective configuration, shipped defaults included, in the
 * syntax of the file. Reading that gives the same dump again.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	conf_dump(const struct conf *conf, FILE *out);

/*
 * The action for a finding under a policy (NULL: none matches): the policy's
 * rule for the grade, then for the code, then the global rules likewise, then
 * what is shipped. A rule for the code does not lower a grade that is shipped
 * stricter. A challenge that no method answers is ACTION_DENY.
 * *ret_line is the deciding line, 0 for a shipped default.
 */
enum action	 conf_action(const struct conf *conf,
		    const struct conf_policy *policy, enum finding_code code,
		    const char *grade, unsigned int *ret_line);

/*
 * What answers that challenge: the methods of the rule, or where it names none,
 * those of step_up of the policy or else of the file, without each that cannot
 * stand alone against the finding; these as any. n is 0 if nothing answers, and
 * for every other action.
 */
void		 conf_methods(const struct conf *conf,
		    const struct conf_policy *policy, enum finding_code code,
		    const char *grade, struct methods *ret_methods);

/*
 * What becomes of a finding on an open session: the policy's rule for the
 * grade, then for the code, then the file's likewise; else LIVE_ALERT.
 */
enum live_action conf_live_action(const struct conf *conf,
		    const struct conf_policy *policy, enum finding_code code,
		    const char *grade);
/* "ignore", "alert", "hook", "terminate"; "none" for the zero. Static. */
const char	*live_action_name(enum live_action action);

/*
 * The same two for a combination of the policy. A method of step_up has to
 * stand alone against each of its findings.
 */
enum action	 conf_combination_action(const struct conf *conf,
		    const struct conf_policy *policy,
		    const struct conf_combination *combination);
void		 conf_combination_methods(const struct conf *conf,
		    const struct conf_policy *policy,
		    const struct conf_combination *combination,
		    struct methods *ret_methods);

/* Whether anything can answer any challenge, and whether that can. */
bool		 conf_has_methods(const struct conf *conf);
bool		 conf_has_method(const struct conf *conf, enum method method);

/* Whether a login by the service may be asked by another module (delegate). */
bool		 conf_delegates(const struct conf *conf, const char *service);

/* True if the policy (or NULL), or what stands outside of all, names it. */
bool		 conf_names(const struct conf *conf,
		    const struct conf_policy *policy, enum finding_code code);

/* The same for a failure: ACTION_DENY or ACTION_LOG. */
enum action	 conf_failure_action(const struct conf *conf,
		    const struct conf_policy *policy, enum failure failure,
		    enum service_kind kind, unsigned int *ret_line);

/* A screen locker, which opens no session, by the shipped list. */
bool		 conf_service_is_locker(const char *service);

/* SERVICE_NONE if no list names the service. */
enum service_kind conf_service_kind(const struct conf *conf,
		    const char *service);

/*
 * Whether a bundle that was made then is stale: older than bundle_max_age, or
 * nobody knows how old, by a clock that stands more than a day before that.
 */
bool		 conf_bundle_is_stale(const struct conf *conf,
		    int64_t made_s, int64_t now_s);

/* Whether a bundle that this key has signed is imported. */
bool		 conf_trusts_bundle_key(const struct conf *conf,
		    const char *key);

/* Whether a certificate's authority is one of the configured ones. */
bool		 conf_trusts_authority(const struct conf *conf,
		    const char *fingerprint);

/*
 * The jump host that has drawn a token; NULL: none that this machine answers.
 * And whether that may be what ssh says it has reached: letters are of either
 * case, and a dot at the end does not count.
 */
const struct conf_jumphost *conf_jumphost_by_id(const struct conf *conf,
		    const uint8_t id[FG_TOKEN_HOST_SIZE]);
bool		 conf_jumphost_has_name(const struct conf_jumphost *host,
		    const char *name);

/* True if any policy names a @group, so that groups must be asked for. */
bool		 conf_wants_groups(const struct conf *conf);

/* Whether a list has the autonomous system; one binary search. */
bool		 conf_asns_has(const struct conf_asns *asns, uint32_t number);

/* "vpn", "proxy", "tor", "hosting", "mobile", "cgnat"; "none". Static. */
const char	*conf_net_kind_name(enum conf_net_kind kind);

/* True for a kind of network that net.anonymizer is made from. */
bool		 conf_kind_is_anonymizer(enum conf_net_kind kind);
/* True for one whose addresses many share, all over the country. */
bool		 conf_kind_is_gateway(enum conf_net_kind kind);

/* "country", "city", "asn", "anonymous"; "none". Static. */
const char	*conf_database_kind_name(enum conf_database_kind kind);

/* "country", "asn", "network", "device" for one bit CONF_PLACE_*; "none".
 * Static. */
const char	*conf_place_name(uint32_t place);

/* "enforce", "observe". Static. */
const char	*conf_mode_name(enum conf_mode mode);

#endif
