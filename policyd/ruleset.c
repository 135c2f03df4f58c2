/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A configuration with its catalogue and databases, and the one order in which
 * a decision is made from them. It owns all of it; it knows nothing of
 * connections or files of the audit.
 */
#include "policyd/ruleset.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/store/store.h"
#include "proto/result.h"

/* Reading takes several times what stays, and the C library keeps it. */
static void
give_back(void)
{
	(void)malloc_trim(0); /* there may be nothing */
}

static void
ruleset_free(struct ruleset *rs)
{
	if (rs == NULL)
		return;
	geo_free(rs->geo);
	catalogue_free(rs->catalogue);
	counters_free(rs->counters);
	conf_free(rs->conf);
	conf_errors_done(&rs->warnings);
	conf_errors_done(&rs->catalogue_warnings);
	free(rs);
	give_back();
}

/* ---- the catalogue ------------------------------------------------------ */

/* What is shipped may not be installed: then the rest of the folders counts. */
static size_t
skip_missing(const struct conf_strings *folders)
{
	return folders->n > 0 && folders->lines[0] == 0 &&
		access(folders->v[0], F_OK) != 0 && errno == ENOENT ?
	    1 :
	    0;
}

/* The folders from first on, as far as those that are not there but the last
 * of all may be missing. */
static int
load_folders(struct ruleset *rs, size_t first, size_t n,
    struct conf_errors *errors)
{
	const struct conf_strings *folders = &rs->conf->machine.catalogue;

	while (first > 0 && first < n && access(folders->v[first], F_OK) != 0 &&
	    errno == ENOENT)
		first++;
	return catalogue_load((const char *const *)folders->v + first,
	    n - first, &rs->catalogue, errors);
}

int
ruleset_catalogue(struct ruleset *rs, struct conf_errors *errors)
{
	const struct conf_strings *folders = &rs->conf->machine.catalogue;
	size_t first = skip_missing(folders);

	rs->partial = first > 0;
	if (first > 0)
		conf_errors_add(&rs->catalogue_warnings, folders->v[0], 0,
		    "warning: there is no such folder: what is shipped is not "
		    "looked for; install it, or name its folder with "
		    "catalogue = {...}");
	return load_folders(rs, first, folders->n, errors);
}

static void
add_errors(struct conf_errors *to, const struct conf_errors *from)
{
	size_t i;

	for (i = 0; i < from->count; i++)
		conf_errors_add(to, from->list[i].file, from->list[i].line,
		    "%s", from->list[i].text);
}

/* The first n folders, where what is wrong with them is known already. */
static int
try_folders(struct ruleset *rs, size_t n)
{
	struct conf_errors errors = { 0 };
	int r = load_folders(rs, 0, n, &errors);

	conf_errors_done(&errors);
	return r;
}

/*
 * The daemon has to start: with what is shipped, which nobody has written by
 * hand, or else with nothing. It is said, and each decision says it again. What
 * one try finds wrong is nothing to the next one.
 */
int
ruleset_catalogue_leniently(struct ruleset *rs)
{
	struct conf_errors errors = { 0 };
	int r;

	r = ruleset_catalogue(rs, &errors);
	add_errors(&rs->catalogue_warnings, &errors);
	conf_errors_done(&errors);
	if (r != FG_ERR_CONFIG)
		return r;
	rs->partial = true;
	r = try_folders(rs, 1);
	return r == FG_ERR_CONFIG ? try_folders(rs, 0) : r;
}

/* An entry that is approved and that there is not is a word mistyped. */
static void
warn_approved(const struct ruleset *rs, struct conf_errors *warnings)
{
	const struct conf_strings *approved = &rs->conf->machine.approved;
	struct conf_near near;
	char buf[CONF_NEAR_SIZE];
	size_t i, k;

	for (i = 0; i < approved->n; i++) {
		if (catalogue_find(rs->catalogue, approved->v[i]) != NULL)
			continue;
		near = (struct conf_near){ .word = approved->v[i] };
		for (k = 0; k < rs->catalogue->nentries; k++)
			conf_near_offer(&near, rs->catalogue->entries[k].name);
		conf_errors_add(warnings, rs->conf->path, approved->lines[i],
		    "warning: %s is approved and not in the catalogue; %s",
		    approved->v[i],
		    conf_near_text(&near,
			"farmgatectl catalogue list shows what is", buf));
	}
}

void
ruleset_warn_catalogue(const struct ruleset *rs, struct conf_errors *warnings)
{
	add_errors(warnings, &rs->catalogue_warnings);
	warn_approved(rs, warnings);
}

/* ---- its life ----------------------------------------------------------- */

/* Of the file at path, or of the same text again. */
static int
ruleset_begin(const char *path, const struct conf *again,
    struct ruleset **ret_ruleset, struct conf_errors *errors)
{
	struct ruleset *rs;
	int r;

	*ret_ruleset = NULL;
	if ((rs = calloc(1, sizeof(*rs))) == NULL)
		return FG_ERR_NOMEM;
	rs->users = 1;
	if (again != NULL)
		r = conf_parse(again->path, again->text, again->len, &rs->conf,
		    errors);
	else
		r = conf_load(path, &rs->conf, errors);
	if (r == 0)
		r = counters_new(rs->conf, &rs->counters);
	if (r != 0)
		ruleset_free(rs);
	else
		*ret_ruleset = rs;
	return r;
}

int
ruleset_read(const char *path, struct ruleset **ret_ruleset,
    struct conf_errors *errors)
{
	return ruleset_begin(path, NULL, ret_ruleset, errors);
}

int
ruleset_reread(const struct ruleset *old, struct ruleset **ret_ruleset,
    struct conf_errors *errors)
{
	return ruleset_begin(NULL, old->conf, ret_ruleset, errors);
}

int
ruleset_map(struct ruleset *ruleset, const struct geo_from *from)
{
	int r;

	conf_errors_done(&ruleset->warnings);
	ruleset_warn_catalogue(ruleset, &ruleset->warnings);
	r = geo_open(ruleset->conf, from, &ruleset->geo, &ruleset->warnings);
	if (r == 0)
		ruleset->loaded_at_s = (int64_t)time(NULL);
	give_back();
	return r;
}

int
ruleset_load(const char *path, struct ruleset **ret_ruleset,
    struct conf_errors *errors)
{
	struct ruleset *rs;
	int r;

	*ret_ruleset = NULL;
	if ((r = ruleset_read(path, &rs, errors)) == 0 &&
	    (r = ruleset_catalogue(rs, errors)) == 0 &&
	    (r = ruleset_map(rs, NULL)) == 0)
		*ret_ruleset = rs;
	else
		ruleset_release(rs);
	return r;
}

void
ruleset_warn_old(const struct ruleset *ruleset, int64_t now_s,
    struct conf_errors *warnings)
{
	conf_warn_old(ruleset->conf, now_s, warnings);
	geo_warn_old(ruleset->geo, ruleset->conf, now_s, warnings);
}

void
ruleset_hold(struct ruleset *ruleset)
{
	assert(ruleset->users > 0);
	ruleset->users++;
}

void
ruleset_release(struct ruleset *ruleset)
{
	if (ruleset == NULL)
		return;
	assert(ruleset->users > 0);
	if (--ruleset->users == 0)
		ruleset_free(ruleset);
}

void
ruleset_gather(const struct ruleset *ruleset,
    const struct ruleset_sources *from, struct facts *facts)
{
	/* All of one moment, whatever is imported meanwhile; and the store is
	 * locked once. If that fails, so does what is asked of it. */
	bool one = from->store != NULL && store_read_begin(from->store) == 0;

	gather_origin(ruleset->conf, from->parent, facts);
	if (facts->kind != SERVICE_EXEMPT) {
		gather_person(from->store, facts);
		gather_revocation(from->store, facts);
		gather_verified(from->store, facts);
		gather_bundle(ruleset->conf, from->store, facts);
		gather_device(ruleset->conf, from->store, from->identity,
		    facts);
		gather_bound(from->store, facts);
	}
	gather_remote(ruleset->conf, from->machine, facts);
	gather_net(ruleset->conf, &facts->origin, &facts->networks);
	gather_place(ruleset->conf, ruleset->geo, &facts->origin,
	    &facts->networks, &facts->place);
	gather_asn(ruleset->conf, ruleset->geo, &facts->origin, &facts->place,
	    &facts->asn);
	gather_history(from->store, from->boot_id, ruleset->conf, ruleset->geo,
	    facts);
	gather_remembered(ruleset->conf, from->store, from->parent, facts);
	gather_anonymous(ruleset->geo, facts);
	gather_where(ruleset->conf, facts);
	gather_session(from->sessions, facts);
	if (one)
		(void)store_read_end(from->store); /* nothing was written */
}

void
ruleset_decide(const struct ruleset *ruleset,
    const struct ruleset_sources *from, struct facts *facts,
    struct decision *ret_decision)
{
	ruleset_gather(ruleset, from, facts);
	decide(facts, ruleset->conf, ret_decision);
}
