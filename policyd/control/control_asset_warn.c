/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an import of assets would mean for logins on this machine, said before
 * it is in force: who imports a file wants to know what it is that it refuses,
 * and whom, while they can still change it.
 */
#include <string.h>

#include "policyd/control/control_asset.h"
#include "policyd/device/compare.h"
#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

#define USERS_SIZE (ASSET_USERS_MAX * (FG_USER_MAX + 2u) + 1u)
#define MEANS_SIZE 256u
#define KINDS_SIZE 64u

/* The strictest that a finding comes to, in whichever policy. */
struct strictest {
	enum action action;
	const struct conf_policy *policy; /* NULL: none is written */
	const char *grade; /* static */
};

static bool
is_observed(const struct conf *conf, const struct conf_policy *policy)
{
	enum conf_mode mode = policy == NULL ? CONF_MODE_NONE : policy->mode;

	return (mode == CONF_MODE_NONE ? conf->mode : mode) ==
	    CONF_MODE_OBSERVE;
}

static void
consider(struct strictest *s, const struct conf *conf,
    const struct conf_policy *policy, enum finding_code code, const char *grade)
{
	unsigned int line;
	enum action action = conf_action(conf, policy, code, grade, &line);

	if (action <= s->action)
		return;
	s->action = action;
	s->policy = policy;
	s->grade = grade;
}

/* Recorded only is no news. */
static bool
matters(const struct strictest *s)
{
	return s->action > ACTION_LOG;
}

static struct strictest
strictest_of(const struct conf *conf, enum finding_code code, const char *grade)
{
	struct strictest s = { .action = ACTION_NONE };
	size_t i;

	if (conf->npolicies == 0)
		consider(&s, conf, NULL, code, grade);
	for (i = 0; i < conf->npolicies; i++)
		consider(&s, conf, &conf->policies[i], code, grade);
	return s;
}

/* "are refused (device.unissued = deny in policy staff)" */
static const char *
means(const struct conf *conf, const struct strictest *s,
    enum finding_code code, char buf[MEANS_SIZE])
{
	char name[FINDING_NAME_SIZE];

	(void)text_format(buf, MEANS_SIZE, "%s %s (%s = %s%s%s)",
	    is_observed(conf, s->policy) ? "would be" : "are",
	    s->action == ACTION_DENY ? "refused" : "challenged",
	    finding_name(code, s->grade, name), action_name(s->action),
	    s->policy == NULL ? "" : " in policy ",
	    s->policy == NULL ? "" : s->policy->name);
	return buf;
}

void
control_asset_see(struct control_asset_news *news, const struct conf *conf,
    const struct asset *asset)
{
	if (asset->status == ASSET_ISSUED && asset->nkeys > 0 &&
	    asset->nusers > 0)
		news->keyed++;
	if (conf->machine.asset == NULL ||
	    strcmp(asset->tag, conf->machine.asset) != 0)
		return;
	news->has_own = true;
	news->own = *asset;
}

/* ---- this machine ------------------------------------------------------- */

static const char *
list_users(const struct asset *asset, char buf[USERS_SIZE])
{
	size_t i, len = 0;

	*buf = '\0';
	for (i = 0; i < asset->nusers; i++) {
		(void)text_format(buf + len, USERS_SIZE - len, "%s%s",
		    i > 0 ? ", " : "", asset->user[i]); /* all of them fit */
		len += strlen(buf + len);
	}
	return buf;
}

static void
warn_unissued(const struct control_asset_news *news, const struct conf *conf,
    const struct control_asset_warner *warner)
{
	const struct strictest s =
	    strictest_of(conf, FINDING_DEVICE_UNISSUED, "");
	char text[USERS_SIZE + MEANS_SIZE + 256], users[USERS_SIZE];
	char buf[MEANS_SIZE];

	if (!matters(&s))
		return;
	(void)means(conf, &s, FINDING_DEVICE_UNISSUED, buf);
	if (news->own.status != ASSET_ISSUED)
		(void)text_format(text, sizeof(text),
		    "this machine is %s, which is %s: all people of the "
		    "inventory %s; who gets it ready, and root for their sudo, "
		    "needs a policy with device.unissued = log",
		    news->own.tag, asset_status_name(news->own.status), buf);
	else if (news->own.nusers > 0)
		(void)text_format(text, sizeof(text),
		    "this machine is %s, issued to %s: other people of the "
		    "inventory %s; who maintains it, and root for their sudo, "
		    "needs a policy with device.unissued = log",
		    news->own.tag, list_users(&news->own, users), buf);
	else
		return;
	warner->warn(0, text, warner->arg);
}

static const char *
list_differing(const struct comparison *compared, char buf[KINDS_SIZE])
{
	enum hwid_kind kind;
	size_t len = 0;

	*buf = '\0';
	for (kind = HWID_NONE + 1; kind < HWID_KINDS; kind++) {
		if (compared->standing[kind] != COMPARE_DIFFER)
			continue;
		(void)text_format(buf + len, KINDS_SIZE - len, "%s%s",
		    len > 0 ? ", " : "", hwid_kind_name(kind));
		len += strlen(buf + len);
	}
	return buf;
}

static void
consider_mismatch(struct strictest *s, const struct conf *conf,
    const struct conf_policy *policy, const struct comparison *compared)
{
	static const struct compare_limits shipped = { CONF_MISMATCH_WEAK,
		CONF_MISMATCH_STRONG };
	const struct compare_limits *limits =
	    policy == NULL ? &shipped : &policy->mismatch;
	enum compare_grade grade = compare_grade(compared, limits);

	if (grade == COMPARE_WEAK || grade == COMPARE_STRONG)
		consider(s, conf, policy, FINDING_DEVICE_MISMATCH,
		    compare_grade_name(grade));
}

static void
warn_mismatch(const struct control_asset_news *news, const struct conf *conf,
    const struct identity *identity, const struct control_asset_warner *warner)
{
	struct strictest s = { .action = ACTION_NONE };
	struct comparison compared;
	struct hwid_digests issued;
	char text[MEANS_SIZE + 256], kinds[KINDS_SIZE], buf[MEANS_SIZE];
	size_t i;

	hwids_digest(&news->own.ids, &issued);
	compare_hwids(&identity->digests, &issued, &compared);
	if (conf->npolicies == 0)
		consider_mismatch(&s, conf, NULL, &compared);
	for (i = 0; i < conf->npolicies; i++)
		consider_mismatch(&s, conf, &conf->policies[i], &compared);
	if (!matters(&s))
		return;
	(void)list_differing(&compared, kinds);
	(void)text_format(text, sizeof(text),
	    "this machine is %s and %s%s%s: all logins %s; compare "
	    "farmgatectl device show with its line",
	    news->own.tag,
	    kinds[0] == '\0' ? "shows none, or too few, of its IDs" :
			       "shows other IDs (",
	    kinds, kinds[0] == '\0' ? "" : ")",
	    means(conf, &s, FINDING_DEVICE_MISMATCH, buf));
	warner->warn(0, text, warner->arg);
}

static void
warn_missing(const struct conf *conf, const struct control_asset_warner *warner)
{
	const struct strictest s =
	    strictest_of(conf, FINDING_DEVICE_UNENROLLED, "asset");
	char text[MEANS_SIZE + 256], buf[MEANS_SIZE];

	(void)text_format(text, sizeof(text),
	    "this machine is %s (asset in farmgate.conf), which is in no line "
	    "of the inventory of assets: %s%s",
	    conf->machine.asset, matters(&s) ? "all logins " : "",
	    matters(&s) ? means(conf, &s, FINDING_DEVICE_UNENROLLED, buf) :
			  "device.unenrolled:asset is recorded of each login");
	warner->warn(0, text, warner->arg);
}

/* ---- whose they are ----------------------------------------------------- */

static void
warn_keyed(const struct control_asset_news *news, const struct conf *conf,
    const struct control_asset_warner *warner)
{
	const struct strictest s = strictest_of(conf, FINDING_DEVICE_KEY, "");
	char text[MEANS_SIZE + 256], buf[MEANS_SIZE];

	if (news->keyed == 0 || !matters(&s))
		return;
	(void)text_format(text, sizeof(text),
	    "assets of people with ssh_keys: %llu; their logins over ssh with "
	    "another key, or with none, %s",
	    (unsigned long long)news->keyed,
	    means(conf, &s, FINDING_DEVICE_KEY, buf));
	warner->warn(0, text, warner->arg);
}

/* If it is issued, it is one of others for all people who are there; of whom
 * the inventory of people does not have, nothing is found (gather_asset.c). */
static void
format_nobody(char *text, size_t size, const struct conf *conf,
    const struct asset *asset, const char *user)
{
	const struct strictest s =
	    strictest_of(conf, FINDING_DEVICE_UNISSUED, "");
	char buf[MEANS_SIZE];

	if (asset->status != ASSET_ISSUED)
		(void)text_format(text, size,
		    "user: \"%s\" is no user in the inventory of people; %s is "
		    "%s, and nobody's",
		    user, asset->tag, asset_status_name(asset->status));
	else
		(void)text_format(text, size,
		    "user: \"%s\" is no user in the inventory of people: %s "
		    "then counts as somebody else's, and people of the "
		    "inventory who are not in its line %s",
		    user, asset->tag,
		    matters(&s) ?
			means(conf, &s, FINDING_DEVICE_UNISSUED, buf) :
			"are device.unissued, which is recorded");
}

int
control_asset_warn_users(struct store *store, const struct conf *conf,
    const struct asset *asset, unsigned long line,
    const struct control_asset_warner *warner)
{
	char text[3 * FG_USER_MAX + MEANS_SIZE + 256];
	struct person person;
	int r;

	for (size_t i = 0; i < asset->nusers; i++) {
		r = store_person_by_user(store, asset->user[i], &person);
		if (r == 0)
			continue;
		if (r == FG_ERR_NOT_FOUND)
			r = store_person_by_account(store, asset->user[i],
			    &person);
		if (r == 0)
			(void)text_format(text, sizeof(text),
			    "user: \"%s\" is an account of %s, and not theirs "
			    "as it stands here; write %s",
			    asset->user[i], person.user, person.user);
		else if (r == FG_ERR_NOT_FOUND)
			format_nobody(text, sizeof(text), conf, asset,
			    asset->user[i]);
		else
			return r;
		warner->warn(line, text, warner->arg);
	}
	return 0;
}

/* With people, or nobody is somebody else. */
static void
warn_own(const struct control_asset_news *news, const struct daemon *daemon,
    bool people, const struct control_asset_warner *warner)
{
	const struct conf *conf = daemon->rules->conf;

	if (conf->machine.asset == NULL)
		return;
	if (!news->has_own) {
		warn_missing(conf, warner);
		return;
	}
	if (people)
		warn_unissued(news, conf, warner);
	warn_mismatch(news, conf, &daemon->identity, warner);
}

int
control_asset_warn(const struct control_asset_news *news,
    const struct control_job *job, struct store *store,
    const struct control_asset_warner *warner)
{
	const struct conf *conf = job->daemon->rules->conf;
	struct store_outline outline;
	int r;

	if ((r = store_outline(store, &outline)) != 0)
		return r;
	if (!outline.people)
		warner->warn(0,
		    "there is no inventory of people: whose an asset is "
		    "(device.unissued), and which keys they have (device.key), "
		    "is found once people are imported",
		    warner->arg);
	else
		warn_keyed(news, conf, warner);
	warn_own(news, job->daemon, outline.people, warner);
	return 0;
}

/* ---- before people are imported ------------------------------------------ */

struct seen {
	struct control_asset_news news;
	const struct conf *conf;
};

static int
see_one(const struct asset *asset, void *arg)
{
	struct seen *seen = arg;

	control_asset_see(&seen->news, seen->conf, asset);
	return 0;
}

int
control_asset_warn_people(const struct control_job *job, struct store *store,
    const struct control_asset_warner *warner)
{
	static struct seen seen;
	struct store_outline outline;
	int r;

	if ((r = store_outline(store, &outline)) != 0)
		return r;
	if (outline.people || !outline.assets)
		return 0;
	memset(&seen, 0, sizeof(seen));
	seen.conf = job->daemon->rules->conf;
	if ((r = store_assets_each(store, see_one, &seen)) != 0)
		return r;
	warn_keyed(&seen.news, seen.conf, warner);
	if (seen.news.has_own)
		warn_unissued(&seen.news, seen.conf, warner);
	return 0;
}

/* ---- after a reload ----------------------------------------------------- */

static void
add_text(unsigned long line, const char *text, void *arg)
{
	(void)line; /* it is of none */
	json_add_string(arg, text);
}

void
control_asset_warn_reloaded(const struct daemon *daemon, struct json *list)
{
	const struct control_asset_warner warner = { add_text, list };
	const char *tag = daemon->rules->conf->machine.asset;
	static struct control_asset_news news;
	struct store_outline outline;
	int r;

	if (tag == NULL || daemon->store == NULL ||
	    store_outline(daemon->store, &outline) != 0 || !outline.assets)
		return;
	r = store_asset_by_tag(daemon->store, tag, &news.own);
	news.has_own = r == 0;
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		warn_own(&news, daemon, outline.people, &warner);
}
