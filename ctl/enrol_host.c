/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl enrol host: the section of farmgate.conf by which laptops know
 * this jump host, and nothing on standard output that does not belong there.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "ctl/enrol.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/text.h"

struct host {
	char names[CONF_JUMPHOST_NAMES_MAX][FG_HOST_MAX + 1];
	size_t n;
	bool json;
};

/* One that is there already is no other one. False: no room. */
static bool
put_name(struct host *host, const char *folded)
{
	for (size_t i = 0; i < host->n; i++)
		if (strcmp(host->names[i], folded) == 0)
			return true;
	if (host->n == CONF_JUMPHOST_NAMES_MAX)
		return false;
	(void)text_copy(host->names[host->n++], FG_HOST_MAX + 1, folded);
	return true;
}

static int
add_name(struct host *host, const char *name)
{
	char folded[FG_HOST_MAX + 1];

	if (!conf_jumphost_name(name, folded))
		return ctl_misuse("enrol",
		    "enrol: --name %s is no host's name or address, without a "
		    "user and without a port",
		    name);
	if (!put_name(host, folded))
		return ctl_misuse("enrol", "enrol: at most %u names",
		    CONF_JUMPHOST_NAMES_MAX);
	return CTL_OK;
}

/* The one with a domain, as "hostname -f" finds it. */
static void
put_full_name(struct host *host, const char *name, const char *part)
{
	const struct addrinfo hints = { .ai_flags = AI_CANONNAME,
		.ai_socktype = SOCK_STREAM };
	char folded[FG_HOST_MAX + 1];
	struct addrinfo *found;
	size_t len = strlen(part);

	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return;
	if (found->ai_canonname != NULL &&
	    conf_jumphost_name(found->ai_canonname, folded) &&
	    strncmp(folded, part, len) == 0 && folded[len] == '.')
		(void)put_name(host, folded); /* the second */
	freeaddrinfo(found);
}

/* What people type who give no thought to it: the short one, and all of it. */
static int
put_own_names(struct host *host)
{
	char name[FG_HOST_MAX + 1], part[FG_HOST_MAX + 1];
	struct utsname uts;

	if (uname(&uts) != 0 || !conf_jumphost_name(uts.nodename, name)) {
		ctl_complain("enrol: this host has no name that people could "
			     "type; give one with --name");
		return CTL_ERROR;
	}
	(void)text_format(part, sizeof(part), "%.*s", (int)strcspn(name, "."),
	    name);
	(void)put_name(host, part);
	(void)put_name(host, name);
	if (host->n == 1)
		put_full_name(host, uts.nodename, part);
	return CTL_OK;
}

static int
take_options(int argc, char **argv, struct host *host)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'j')
			host->json = true;
		else if (c != 'n')
			return ctl_bad_option("enrol", c, argv);
		else if (add_name(host, optarg) != CTL_OK)
			return CTL_ERROR;
	}
	if (optind != argc)
		return ctl_misuse("enrol", "enrol: unexpected argument %s",
		    argv[optind]);
	return CTL_OK;
}

static bool
is_address(const char *name)
{
	struct in_addr addr;

	return strchr(name, ':') != NULL ||
	    inet_pton(AF_INET, name, &addr) == 1;
}

/* What the section is called there: the first part of the first name. */
static const char *
make_title(const struct host *host, char title[CONF_NAME_MAX + 1])
{
	size_t i = 0, len;

	while (i < host->n && is_address(host->names[i]))
		i++;
	if (i == host->n)
		return "jumphost";
	len = strcspn(host->names[i], ".%");
	if (!conf_name_is_valid(host->names[i], len) ||
	    text_format(title, CONF_NAME_MAX + 1, "%.*s", (int)len,
		host->names[i]) != 0)
		return "jumphost";
	return title;
}

static void
print_section(const struct host *host, const struct json *report)
{
	char title[CONF_NAME_MAX + 1], key[CTL_TEXT_SIZE];

	printf("# This goes into %s of each laptop; names are what\n"
	       "# people there type behind ssh.\n",
	    CONF_FILE);
	printf("jumphost %s {\n\tnames = {", make_title(host, title));
	for (size_t i = 0; i < host->n; i++)
		printf("%s\"%s\"", i == 0 ? "" : ", ", host->names[i]);
	printf("}\n\tkey = \"%s\"\n}\n", ctl_text(report, "key", "", key));
}

int
enrol_host(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *report;
	static struct host host;
	int status;

	if (take_options(argc, argv, &host) != CTL_OK)
		return CTL_ERROR;
	if (host.n == 0 && put_own_names(&host) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "enrol.host");
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (json_get_string(report, "key", NULL) != NULL && !host.json)
		print_section(&host, report);
	else if (host.json && ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status;
}
