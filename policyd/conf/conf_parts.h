/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the conf_*.c files share among themselves, beside conf_form.h; nobody
 * else includes this.
 * A file goes through them in this order: conf_scan.c (structure), conf.c
 * (the parser), conf_read.c and conf_sources.c with conf_value.c, conf_rule.c,
 * conf_methods.c, conf_netfile.c and conf_asnfile.c (what the values mean),
 * conf_check*.c, conf_inert*.c (whether it makes sense together).
 */
#ifndef FG_CONF_PARTS_H
#define FG_CONF_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/conf.h"
#include "policyd/conf/conf_form.h"
#include "proto/msg.h"

#define CONF_DATABASES_MAX	32u	/* files; each stays mapped */
#define CONF_NETFILE_ERRORS_MAX	20u	/* reported for one network file */
#define CONF_AGE_MAX_D		36500u	/* days of a duration */
#define CONF_DISTANCE_MAX_KM	20000u	/* half around the world */
#define CONF_SPEED_MAX_KMH	100000u
#define CONF_LEARNING_MAX	1000u	/* logins from one AS */
#define CONF_SHARED_PEOPLE_MAX	8u	/* FACT_SHARERS_MAX and nobody else */
#define CONF_SHARED_TEXT_MAX	200u	/* bytes */
#define CONF_SESSIONS_MAX	10000u
#define CONF_STEP_UP_MIN_S	20
#define CONF_STEP_UP_MAX_S	600
#define CONF_REMEMBER_MAX_D	30
#define CONF_SCAN_AGE_MAX_S	60
#define CONF_SCAN_EVERY_MIN_S	2
#define CONF_SCAN_EVERY_MAX_S	3600
#define CONF_FOLDERS_MAX	16u	/* of the catalogue */
#define CONF_ASSET_MAX		64u	/* bytes */
#define CONF_JUMPHOSTS_MAX	64u
#define CONF_JUMPHOST_NAMES_MAX	32u	/* of each */

/* conf_schema.c: the keys of farmgate.conf. */
extern const struct conf_key conf_schema[];
extern const struct conf_grammar conf_grammar;

/* A configuration that is being built. */
struct conf_build {
	struct conf_reader reader;
	struct conf_scan scan;
	struct conf	*conf;
};

/* conf_read.c: fill build->conf from the root section. */
void	conf_read(struct conf_build *build, struct cfg_t *root);

/* The value of a key that is no list; NULL if it is not in the section. */
const struct conf_value *conf_read_value(struct cfg_t *section,
	    const char *key);
/* n zeroed elements, NULL for none; the reader remembers lack of memory. */
void	*conf_read_list(struct conf_build *build, size_t n, size_t size);
/* The values of a list; one that is there twice is reported. */
void	conf_read_strings(struct conf_build *build, struct cfg_t *section,
	    const char *key, struct conf_strings *list);
/* The line of a section outside of all others; 0 if it is not known. */
unsigned int conf_read_line(const struct conf_build *build, const char *kind,
	    const char *title);

/*
 * conf_sources.c: what tells of an address: databases, networks and lists of
 * autonomous systems. Policies' deny_asns are resolved when all is read.
 */
void	conf_sources_read(struct conf_build *build, struct cfg_t *root);
void	conf_sources_resolve(struct conf_build *build,
	    struct conf_policy *policy);

/*
 * conf_value.c: what single values mean. Each reports what is wrong with the
 * value and then leaves an empty result (0, "", NULL).
 */
enum conf_mode	 conf_value_mode(struct conf_reader *reader,
		    const struct conf_value *v);
enum conf_net_kind conf_value_kind(struct conf_reader *reader,
		    const struct conf_value *v, bool of_asns);
/* Seconds of "60d": digits and s, m, h or d; 0 on error. */
int64_t		 conf_value_duration(struct conf_reader *reader,
		    const struct conf_value *v);
/* The same, where the key has limits of its own, which the caller looks at: as
 * text, "\"20s\" to \"10m\"", for what is none at all. */
int64_t		 conf_value_duration_within(struct conf_reader *reader,
		    const struct conf_value *v, const char *limits);
/* Kilometres of "200km"; less than 0 on error. */
uint64_t	 conf_value_size(struct conf_reader *reader,
		    const struct conf_value *v);
int64_t		 conf_value_age(struct conf_reader *reader,
		    const struct conf_value *v);
double		 conf_value_distance(struct conf_reader *reader,
		    const struct conf_value *v);
/* conf_dump_unit.c: a line, in the largest unit that says it exactly; nothing
 * for a duration of 0, and "off" for the other two. */
void		 conf_dump_duration(FILE *out, const char *indent,
		    const char *key, int64_t seconds);
void		 conf_dump_age(FILE *out, const char *key, int64_t seconds);
void		 conf_dump_size(FILE *out, const char *key, uint64_t n);
/* Kilometres an hour of "900km/h"; 0 on error. */
double		 conf_value_speed(struct conf_reader *reader,
		    const struct conf_value *v);
/* A whole number from 1 to max; 0 on error. key is what it is for. */
uint32_t	 conf_value_number(struct conf_reader *reader,
		    const struct conf_value *v, const char *key, uint32_t max);
/* The end of a day such as "2026-03-31", in UTC; 0 on error. */
int64_t		 conf_value_day_end(struct conf_reader *reader,
		    const struct conf_value *v);
/* One bit CONF_PLACE_*; 0 on error. */
uint32_t	 conf_value_place(struct conf_reader *reader,
		    const struct conf_value *v);
/* The number of "AS64500" or "64500"; 0 if text is none. */
uint32_t	 conf_value_asn(const char *text);
enum conf_trust	 conf_value_trust(struct conf_reader *reader,
		    const struct conf_value *v);
enum action	 conf_value_action(struct conf_reader *reader,
		    const struct conf_value *v, const char *name);
/* An absolute path; NULL on error. The caller frees. */
char		*conf_value_path(struct conf_reader *reader,
		    const struct conf_value *v);
char		*conf_value_help(struct conf_reader *reader,
		    const struct conf_value *v);
char		*conf_value_shared(struct conf_reader *reader,
		    const struct conf_value *v);
char		*conf_value_label(struct conf_reader *reader,
		    const struct conf_value *v);
bool		 conf_value_country(struct conf_reader *reader,
		    const struct conf_value *v);
void		 conf_value_user(struct conf_reader *reader,
		    const struct conf_value *v);
void		 conf_value_fingerprint(struct conf_reader *reader,
		    const struct conf_value *v);
void		 conf_value_bundle_key(struct conf_reader *reader,
		    const struct conf_value *v);
void		 conf_value_service(struct conf_reader *reader,
		    const struct conf_value *v);

/* conf_rule.c: "CODE[:GRADE] = ACTION", "CODE[:GRADE]", "FAILURE = ACTION". */
void	conf_rule_read(struct conf_reader *reader, const struct conf_value *v,
	    struct conf_rule *ret_rule);
void	conf_rule_read_finding(struct conf_reader *reader,
	    const struct conf_value *v, struct conf_rule *ret_rule);
/* "CODE[:GRADE] = alert", of while_open. */
void	conf_rule_read_live(struct conf_reader *reader,
	    const struct conf_value *v, struct conf_live_rule *ret_rule);
void	conf_rule_read_failure(struct conf_reader *reader,
	    const struct conf_value *v, struct conf_failure_rule *ret_rule);

/*
 * conf_methods.c: "ACTION", "challenge METHOD", "challenge any|all METHOD ...";
 * text is a value or a part of it. On any error ACTION_NONE, and no methods.
 */
enum action conf_methods_action(struct conf_reader *reader,
	    const struct conf_value *v, const char *text,
	    struct methods *ret_methods);
/* The list step_up of a section, empty on any error; its line is set then. */
void	conf_methods_step_up(struct conf_build *build, struct cfg_t *section,
	    struct methods *ret_methods, unsigned int *ret_line);
/* step_up_time and remember. */
void	conf_methods_times(struct conf_build *build, struct cfg_t *root);

/*
 * conf_list.c: files with one entry a line. The parser of a kind of list gets
 * each line without its end, not empty, and may change it. It counts what is an
 * entry, right or wrong, and returns NULL, or what is wrong with it and the
 * fix; *entry is then what is quoted.
 */
struct conf_list {
	struct conf_reader *reader;
	const char	*path;
	const char	*what;		/* "address" */
	void		*into;		/* the parser's own */
	int64_t		 dated_s;	/* what it says of its date, or 0 */
	bool		 headed;	/* a heading of columns was passed */
	size_t		 entries;
	size_t		 bad;
};

typedef const char *(*conf_line_fn)(struct conf_list *list, char *line,
	    const char **entry);

/* Every line of data; it is changed. Adds a summary where many are wrong. */
void	conf_list_parse(struct conf_list *list, conf_line_fn parse_line,
	    char *data, size_t len);

/*
 * The file that v names, by list->path. *listed_at_s becomes the date that the
 * file gives itself, or else its time, if that is older, or if it was 0.
 */
void	conf_list_read(struct conf_list *list, conf_line_fn parse_line,
	    const struct conf_value *v, int64_t *listed_at_s);

/* Cut what follows the first word; returns the next word, or the end. */
char	*conf_list_word(char *line);

/*
 * conf_machine.c: what is looked for on this machine, and what becomes of it
 * while sessions are open.
 */
void	conf_machine_read(struct conf_build *build, struct cfg_t *root);
void	conf_machine_read_live(struct conf_build *build, struct cfg_t *section,
	    struct conf_live_rule **ret_rules, size_t *ret_n);
void	conf_machine_read_mismatch(struct conf_build *build,
	    struct cfg_t *section, struct compare_limits *ret_limits);
/* Whether the finding can be made at all, of those that want an asset. */
bool	conf_machine_finds(const struct conf *conf, enum finding_code code,
	    const char *grade);
int	conf_machine_fill(struct conf *conf);
void	conf_machine_done(struct conf_machine *machine);
void	conf_machine_free_live(struct conf_live_rule *rules, size_t n);
void	conf_machine_check(const struct conf *conf, struct conf_errors *errors);

/*
 * conf_jumphost.c: who may ask how this machine is. A host as ssh has it, in
 * the form in which names are compared: in lower case, without a final dot.
 * False: it is no host's name or address.
 */
bool	conf_jumphost_name(const char *text, char ret_host[FG_HOST_MAX + 1]);
void	conf_jumphost_read(struct conf_build *build, struct cfg_t *root);
void	conf_jumphost_done(struct conf *conf);
/* No two have one key or one name. */
void	conf_jumphost_check(const struct conf *conf,
	    struct conf_errors *errors);

/* conf_netfile.c: addresses; into is a struct netset. */
void	conf_netfile_cidr(struct conf_reader *reader,
	    const struct conf_value *v, struct netset *set);
const char *conf_netfile_line(struct conf_list *list, char *line,
	    const char **entry);

/* conf_asnfile.c: numbers of autonomous systems; into is a struct conf_asns. */
void	conf_asnfile_number(struct conf_reader *reader,
	    const struct conf_value *v, struct conf_asns *asns);
const char *conf_asnfile_line(struct conf_list *list, char *line,
	    const char **entry);
/* Bring the numbers into order, each once. */
void	conf_asnfile_seal(struct conf_asns *asns);

/* conf_services.c: the shipped lists of services, and what a file adds. */
int	conf_services_fill(struct conf *conf);
/* The name of a kind's list in the file: "remote", ... */
const char	*conf_services_name(enum service_kind kind);
/* The kind that a service is shipped as; SERVICE_NONE if it is not. */
enum service_kind conf_services_shipped(const char *service);
void	conf_services_check(const struct conf *conf,
	    struct conf_errors *errors);

/* conf_groups.c: the groups of all policies, and whether they fit. */
int	conf_groups_fill(struct conf *conf);
void	conf_groups_check(const struct conf *conf, struct conf_errors *errors);

/* conf_object.c: an empty one, and what is shipped where nothing was read. */
struct conf	*conf_new(const char *path);
int		 conf_object_fill(struct conf *conf);

/* conf_check_methods.c: challenges that nobody answers, or whoever likes. */
void	conf_check_methods(const struct conf *conf,
	    struct conf_errors *errors);

/* conf_warn_blind.c: who starts the scanner again is kept out without it. */
void	conf_warn_blind(const struct conf *conf, struct conf_errors *warnings);

/* conf_inert.c: rules and policies that can never have an effect. */
void	conf_inert_check(const struct conf *conf, struct conf_errors *errors);
/* True if a combination of the policy names the finding. */
bool	conf_inert_combines(const struct conf_policy *policy,
	    enum finding_code code);

/* conf_inert_net.c: the same for networks, lists and what is made of them. */
void	conf_inert_networks(const struct conf *conf,
	    struct conf_errors *errors);
/* policy NULL: the rules outside of all policies. */
void	conf_inert_sources(const struct conf *conf,
	    const struct conf_policy *policy, struct conf_errors *errors);

/* conf_inert_sessions.c: the same for sessions and people of one address. */
void	conf_inert_sessions(const struct conf *conf,
	    const struct conf_policy *policy, struct conf_errors *errors);
/* What session.limit or .places needs and is not there; NULL if it is. */
const char *conf_inert_missing(const struct conf *conf,
	    const struct conf_policy *policy, enum finding_code code);
void	conf_inert_shared(const struct conf *conf,
	    const struct conf_network *net, struct conf_errors *errors);

/* conf_query.c: the rule that decides; NULL: what is shipped does. */
const struct conf_rule *conf_rule_of(const struct conf *conf,
	    const struct conf_policy *policy, enum finding_code code,
	    const char *grade);
/* True if any network carries the label (NULL: any label). */
bool	conf_has_label(const struct conf *conf, const char *label);
bool	conf_has_database(const struct conf *conf,
	    enum conf_database_kind kind);
/* True if anything can tell the country of an address. */
bool	conf_knows_countries(const struct conf *conf);

#endif
