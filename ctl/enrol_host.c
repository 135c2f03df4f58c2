/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl enrol host: the section of farmgate.conf by which laptops know
 * this jump host, and nothing else on standard output.
 */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "ctl/enrol.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/text.h"

struct host {
	const char *names[CONF_JUMPHOST_NAMES_MAX];
	size_t n;
	bool json;
};

/* As jumphost in farmgate.conf takes it. */
static bool
is_name(const char *name)
{
	size_t colons = 0;
	const char *p;

	for (p = name; *p != '\0'; p++) {
		if (!isalnum((unsigned char)*p) && strchr(".-_:%", *p) == NULL)
			return false;
		colons += *p == ':' ? 1 : 0;
	}
	return p != name && p - name <= FG_HOST_MAX && *name != '.' &&
	    *name != '-' && colons != 1;
}

static int
add_name(struct host *host, const char *name)
{
	if (!is_name(name))
		return ctl_misuse("enrol",
		    "enrol: --name %s is no host's name or address, without a "
		    "user and without a port",
		    name);
	if (host->n == CONF_JUMPHOST_NAMES_MAX)
		return ctl_misuse("enrol", "enrol: at most %u names",
		    CONF_JUMPHOST_NAMES_MAX);
	host->names[host->n++] = name;
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

/* What the section is called there: the first name's first part. */
static const char *
make_title(const char *name, char title[CONF_NAME_MAX + 1])
{
	size_t len = strcspn(name, ".:%");

	if (!conf_name_is_valid(name, len) ||
	    text_format(title, CONF_NAME_MAX + 1, "%.*s", (int)len, name) != 0)
		return "jumphost";
	return title;
}

static void
print_section(const struct host *host, const struct json *report)
{
	char title[CONF_NAME_MAX + 1], key[CTL_TEXT_SIZE];

	printf("jumphost %s {\n\tnames = {", make_title(host->names[0], title));
	for (size_t i = 0; i < host->n; i++)
		printf("%s\"%s\"", i == 0 ? "" : ", ", host->names[i]);
	printf("}\n\tkey = \"%s\"\n}\n", ctl_text(report, "key", "", key));
	fprintf(stderr,
	    "This goes into %s of each laptop; names are what people there "
	    "type behind ssh.\n",
	    CONF_FILE);
}

int
enrol_host(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *report;
	struct host host = { .n = 0 };
	struct utsname uts;
	int status;

	if (take_options(argc, argv, &host) != CTL_OK)
		return CTL_ERROR;
	if (host.n == 0 && (uname(&uts) != 0 || !is_name(uts.nodename))) {
		ctl_complain("enrol: this host has no name that people could "
			     "type; give one with --name");
		return CTL_ERROR;
	}
	if (host.n == 0)
		host.names[host.n++] = uts.nodename;
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
