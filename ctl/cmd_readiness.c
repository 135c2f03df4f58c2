/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl readiness: would enforcing surprise anybody? Its arguments, and
 * what they come to.
 */
#include <getopt.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/readiness/readiness.h"
#include "policyd/text.h"

#define AUDITS_MAX 64u

struct arguments {
	struct readiness_options o;
	const char *audits[AUDITS_MAX];
	bool json;
};

static int
take_option(struct arguments *a, int c, char **argv)
{
	switch (c) {
	case 's':
		return ctl_parse_since("readiness", optarg, &a->o.since_s);
	case 'a':
		if (a->o.naudits == AUDITS_MAX)
			return ctl_misuse("readiness",
			    "readiness: at most %u audit files", AUDITS_MAX);
		a->audits[a->o.naudits++] = optarg;
		return CTL_OK;
	case 'c':
		a->o.config = optarg;
		return CTL_OK;
	case 'w':
		a->o.wtmp = optarg;
		return CTL_OK;
	case 'd':
		a->o.confdir = optarg;
		return CTL_OK;
	case 'j':
		a->json = true;
		return CTL_OK;
	default:
		return ctl_bad_option("readiness", c, argv);
	}
}

static int
read_arguments(struct arguments *a, int argc, char **argv)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 's' },
		{ "audit", required_argument, NULL, 'a' },
		{ "config", required_argument, NULL, 'c' },
		{ "wtmp", required_argument, NULL, 'w' },
		{ "confdir", required_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	a->o.audits = a->audits;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(a, c, argv) != CTL_OK)
			return CTL_ERROR;
	a->o.services = (const char *const *)&argv[optind];
	a->o.nservices = (size_t)(argc - optind);
	for (c = optind; c < argc; c++)
		if (!ctl_is_argument("SERVICE", argv[c], FG_SERVICE_MAX))
			return CTL_ERROR;
	return CTL_OK;
}

int
cmd_readiness(const struct ctl *ctl, int argc, char **argv)
{
	static struct arguments a;
	struct readiness *readiness;
	int status;

	if (read_arguments(&a, argc, argv) != CTL_OK)
		return CTL_ERROR;
	ctl_tell_read(ctl, "readiness", NULL);
	if (readiness_collect(ctl, &a.o, &readiness) != CTL_OK)
		return CTL_ERROR;
	status = a.json ? readiness_print_json(readiness) :
			  readiness_print(readiness);
	if (status == CTL_OK && readiness_count(readiness) > 0)
		status = CTL_NO;
	readiness_free(readiness);
	return status;
}
