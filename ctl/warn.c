/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is no error in a configuration, and still is seldom meant: policies
 * for nobody, countries without a database. Looks users and groups up; decides
 * nothing, and says it as warnings.
 */
#include "ctl/warn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/device/tpm_ask.h"
#include "policyd/witness/device_key.h"
#include "proto/result.h"

#define ADMIN_GROUP  "farmgate-admin"
#define AUDIT_FOLDER "/var/log/farmgate"

static void
warn_no_policy(const struct conf *conf, struct conf_errors *warnings)
{
	unsigned int line;

	if (conf->npolicies > 0 ||
	    conf_failure_action(conf, NULL, FAILURE_NO_POLICY, SERVICE_REMOTE,
		&line) != ACTION_DENY)
		return;
	conf_errors_add(warnings, conf->path, 0,
	    "warning: there is no policy, so every remote login %s be refused; "
	    "add policy NAME { ... }",
	    conf->mode == CONF_MODE_OBSERVE ? "would" : "will");
}

bool
warn_is_unknown(const char *name)
{
	const void *found;

	errno = 0;
	if (name[0] == '@')
		found = getgrnam(name + 1);
	else
		found = getpwnam(name);
	return found == NULL && (errno == 0 || errno == ENOENT);
}

static void
warn_users(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *warnings)
{
	const char *name;

	for (size_t i = 0; i < policy->users.n; i++) {
		name = policy->users.v[i];
		if (!warn_is_unknown(name))
			continue;
		if (name[0] == '@')
			conf_errors_add(warnings, conf->path,
			    policy->users.lines[i],
			    "warning: there is no group \"%s\" here; policy "
			    "%s is for those whom the inventory has in it",
			    name + 1, policy->name);
		else
			conf_errors_add(warnings, conf->path,
			    policy->users.lines[i],
			    "warning: there is no user \"%s\" here; policy "
			    "%s is for nobody of that name",
			    name, policy->name);
	}
}

/* What happens to addresses whose country cannot be looked up. */
static void
warn_countries(const struct conf *conf, const struct conf_policy *policy,
    size_t usable, struct conf_errors *warnings)
{
	enum conf_mode mode =
	    policy->mode != CONF_MODE_NONE ? policy->mode : conf->mode;
	const char *when = mode == CONF_MODE_ENFORCE ? "" : "once you enforce ";
	const char *which = usable == 0 ? "public addresses" :
					  "public addresses that no other "
					  "database knows";
	enum action action;
	unsigned int line;

	if (policy->countries.n == 0)
		return;
	action = conf_action(conf, policy, FINDING_GEO_UNKNOWN, "no_database",
	    &line);
	if (action == ACTION_DENY)
		conf_errors_add(warnings, conf->path, policy->line,
		    "warning: policy %s: %s will be refused %suntil there is a "
		    "database that can be read, as geo.unknown:no_database = "
		    "deny; get one with farmgate-geodata",
		    policy->name, which, when);
	else if (action == ACTION_CHALLENGE)
		conf_errors_add(warnings, conf->path, policy->line,
		    "warning: policy %s: %s will be challenged %suntil there "
		    "is a database that can be read, as "
		    "geo.unknown:no_database = challenge; get one with "
		    "farmgate-geodata",
		    policy->name, which, when);
	else
		conf_errors_add(warnings, conf->path, policy->line,
		    "warning: policy %s: %s will be let in from every country "
		    "%suntil there is a database that can be read, as "
		    "geo.unknown:no_database = %s; get one with "
		    "farmgate-geodata, or deny geo.unknown:no_database",
		    policy->name, which, when, action_name(action));
}

/* Those whose first group it is are not in its list. */
static size_t
count_members(const struct group *gr)
{
	size_t n = 0;

	for (char **m = gr->gr_mem; *m != NULL; m++)
		n += strcmp(*m, "root") != 0;
	return n;
}

/* A login's own user never vouches for it. */
static void
warn_approvers(const struct conf *conf, struct conf_errors *warnings)
{
	const struct group *gr;
	size_t n;

	if (!conf_has_method(conf, METHOD_APPROVAL))
		return;
	errno = 0;
	if ((gr = getgrnam(ADMIN_GROUP)) == NULL && errno != 0 &&
	    errno != ENOENT)
		return;
	if ((n = gr == NULL ? 0 : count_members(gr)) >= 2)
		return;
	conf_errors_add(warnings, conf->path, 0,
	    "warning: approval is asked for, and group " ADMIN_GROUP
	    " has %s besides root, as far as is known here, so that one who "
	    "waits may find nobody to vouch for them; add a second one",
	    n == 0 ? "no member" : "one member");
}

/* Returns as device_key_read(); it is not kept. */
static int
try_device_key(char why[DEVICE_KEY_WHY_SIZE])
{
	struct device_key *key;
	int r = device_key_load(DEVICE_KEY_FILE, TPM_DEVICE, &key, why);

	device_key_free(key);
	return r;
}

/* Who has no device key answers nobody. Whoever is not root cannot tell more
 * than that there is one. */
static void
warn_device_key(const struct conf *conf, struct conf_errors *warnings)
{
	const struct conf_jumphost *host = conf->jumphosts;
	char why[DEVICE_KEY_WHY_SIZE];
	int r;

	if (conf->njumphosts == 0 || (r = try_device_key(why)) == 0 ||
	    (r == FG_ERR_SYSTEM && errno == EACCES))
		return;
	if (r == FG_ERR_NOT_FOUND)
		conf_errors_add(warnings, conf->path, host->line,
		    "warning: jumphost %s is not answered, as this machine has "
		    "no device key; make one with farmgatectl enrol init",
		    host->name);
	else
		conf_errors_add(warnings, conf->path, host->line,
		    "warning: jumphost %s is not answered: %s", host->name,
		    why);
}

void
warn_conf(const struct conf *conf, size_t usable, struct conf_errors *warnings)
{
	bool all = usable == conf->ndatabases && usable > 0;

	warn_no_policy(conf, warnings);
	warn_approvers(conf, warnings);
	warn_device_key(conf, warnings);
	for (size_t i = 0; i < conf->npolicies; i++) {
		warn_users(conf, &conf->policies[i], warnings);
		if (!all && warn_hidden_database(conf) == NULL)
			warn_countries(conf, &conf->policies[i], usable,
			    warnings);
	}
}

const char *
warn_hidden_database(const struct conf *conf)
{
	for (size_t i = 0; i < conf->ndatabases; i++)
		if (faccessat(AT_FDCWD, conf->databases[i].path, R_OK,
			AT_EACCESS) != 0 &&
		    errno == EACCES)
			return conf->databases[i].path;
	return NULL;
}

static void
warn_path(const char *path, const char *user, const char *remedy,
    struct conf_errors *warnings)
{
	conf_errors_add(warnings, path, 0,
	    "warning: user %s cannot write there: %s; %s", user,
	    strerror(errno), remedy);
}

static void
warn_file(const char *path, const char *user, bool as_user,
    struct conf_errors *warnings)
{
	char *copy = strdup(path);
	const char *folder = copy == NULL ? AUDIT_FOLDER : dirname(copy);
	const char *remedy = strcmp(folder, AUDIT_FOLDER) == 0 ?
	    "run systemd-tmpfiles --create" :
	    "make it a folder of that user's";
	int mode = as_user ? W_OK | X_OK : F_OK;

	if (faccessat(AT_FDCWD, folder, mode, AT_EACCESS) != 0 &&
	    (as_user || errno == ENOENT || errno == ENOTDIR))
		warn_path(folder, user, remedy, warnings);
	else if (as_user &&
	    faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0 &&
	    errno != ENOENT)
		warn_path(path, user, "give the file to that user", warnings);
	free(copy);
}

void
warn_audit(const struct conf *conf, const char *user, bool as_user,
    struct conf_errors *warnings)
{
	warn_file(conf->audit, user, as_user, warnings);
	if (conf->anchors != NULL)
		warn_file(conf->anchors, user, as_user, warnings);
}
