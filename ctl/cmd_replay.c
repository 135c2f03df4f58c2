/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl replay: its options.
 */
#include <getopt.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/replay/replay.h"
#include "policyd/conf.h"
#include "policyd/text.h"

#define COMMAND	 "replay"
#define TOP	 10
#define TOP_MAX	 10000
#define HAPPENED "happened"

static int
take_top(const char *text, size_t *ret_top)
{
	uint64_t v;

	if (text_parse_uint(text, 0, TOP_MAX, &v) != 0)
		return ctl_misuse(COMMAND,
		    "replay: --top %s is no number up to %d", text, TOP_MAX);
	*ret_top = (size_t)v;
	return CTL_OK;
}

static int
take_format(const char *text, enum past_format *ret_format)
{
	*ret_format = past_format_by_name(text);
	if (*ret_format != PAST_ANY)
		return CTL_OK;
	return ctl_misuse(COMMAND,
	    "replay: there is no format %s; write audit, sshd, journal, wtmp "
	    "or csv",
	    text);
}

static int
take_option(struct replay *replay, int c, char **argv)
{
	switch (c) {
	case 'c':
		replay->config = optarg;
		return CTL_OK;
	case 'a':
		replay->against_set = true;
		replay->against = strcmp(optarg, HAPPENED) == 0 ? NULL : optarg;
		return CTL_OK;
	case 'f':
		return take_format(optarg, &replay->format);
	case 'S':
		return ctl_take_period(COMMAND, false, optarg,
		    &replay->since_s);
	case 'U':
		return ctl_take_period(COMMAND, true, optarg, &replay->until_s);
	case 't':
		return take_top(optarg, &replay->top);
	case 'j':
		replay->json = true;
		return CTL_OK;
	default:
		return ctl_bad_option(COMMAND, c, argv);
	}
}

int
cmd_replay(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "against", required_argument, NULL, 'a' },
		{ "format", required_argument, NULL, 'f' },
		{ "since", required_argument, NULL, 'S' },
		{ "until", required_argument, NULL, 'U' },
		{ "top", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct replay replay = {
		.top = TOP, .since_s = INT64_MIN, .until_s = INT64_MAX
	};
	int c, r;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if ((r = take_option(&replay, c, argv)) != CTL_OK)
			return r;
	if (replay.config == NULL)
		return ctl_misuse(COMMAND,
		    "replay: --config is needed: the policy that is to be "
		    "tried");
	replay.files = argv + optind;
	replay.nfiles = (size_t)(argc - optind);
	ctl_tell_read(ctl, COMMAND, NULL);
	return replay_run(&replay);
}
