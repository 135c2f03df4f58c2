/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory asset and check: one asset, or a person's; and to which
 * addresses those of several people were sent. And those of a person in short.
 */
#include "ctl/assets.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "policyd/device/asset.h"

struct show {
	bool json;
	unsigned int found;
};

static int
show_line(struct json *line, void *arg)
{
	struct show *show = arg;

	if (show->json) {
		show->found++;
		return ctl_print_json(line);
	}
	if (show->found++ > 0)
		putchar('\n');
	ctl_print_fields(line, asset_fields, 14);
	return CTL_OK;
}

int
assets_show(const struct ctl *ctl, int argc, char **argv)
{
	struct show show = { .found = 0 };
	struct json *command;
	int status;

	if (ctl_take_json("inventory", argc, argv, &show.json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("inventory",
		    "inventory asset: one asset's tag or one user is needed");
	if (!ctl_is_argument("TAG", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "asset.show");
	json_set_string(command, "name", argv[optind]);
	status = ctl_ask_lines(ctl, command, false, show_line, &show);
	if (status == CTL_NO && show.found == 0)
		ctl_complain("no asset in the inventory is called %s, or is "
			     "this person's",
		    argv[optind]);
	return status;
}

static void
print_heading(void)
{
	printf("%-7s %-7s SHIPPED TO\n", "PEOPLE", "ASSETS");
}

static void
print_shipped(const struct json *line)
{
	char place[CTL_TEXT_SIZE], tags[CTL_TEXT_SIZE];

	printf("%-7lld %-7lld %s: %s\n",
	    (long long)json_get_int(line, "people", 0),
	    (long long)json_get_int(line, "assets", 0),
	    ctl_text(line, "shipped_to", "-", place),
	    ctl_text(line, "tags", "-", tags));
}

int
assets_check(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	bool json = false;

	if (ctl_take_json("inventory", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("inventory",
		    "inventory check: unexpected argument %s", argv[optind]);
	command = json_new();
	json_set_string(command, "do", "asset.check");
	return ctl_list(ctl, command, json, print_heading, print_shipped);
}

/* ---- of a person, in short ---------------------------------------------- */

struct short_list {
	struct json *about;
	const char *user;
};

/* Words of a list, which one blank separates. */
static int64_t
count_words(const char *text)
{
	int64_t n = text[0] != '\0';

	for (; *text != '\0'; text++)
		n += *text == ' ';
	return n;
}

/* A tag may be the name of somebody. */
static bool
is_issued_to(const struct json *asset, const char *user)
{
	const char *p = json_get_string(asset, "user", "");
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (len == strlen(user) && memcmp(p, user, len) == 0)
			return true;
	}
	return false;
}

static int
keep_short(struct json *line, void *arg)
{
	const struct short_list *list = arg;
	struct json *o;

	if (!is_issued_to(line, list->user))
		return CTL_OK;
	o = json_add_object(json_get(list->about, "assets"));
	json_set_string(o, "asset", json_get_string(line, "asset_tag", ""));
	json_set_string(o, "status", json_get_string(line, "status", ""));
	json_set_int(o, "keys",
	    count_words(json_get_string(line, "ssh_keys", "")));
	return CTL_OK;
}

int
assets_of(const struct ctl *ctl, const char *user, struct json *about,
    bool *ret_known)
{
	struct short_list list = { .about = about, .user = user };
	const struct ctl_stream stream = { .line = keep_short,
		.line_arg = &list };
	struct json *command = json_new(), *report;
	int r, status;

	(void)json_set_array(about, "assets");
	json_set_string(command, "do", "asset.show");
	json_set_string(command, "name", user);
	r = ctl_command(ctl, command, &stream, &report, &status);
	*ret_known = r == CTL_OK && status != CTL_ERROR;
	json_free(report);
	return r;
}

int64_t
assets_keyed(const struct json *about)
{
	const struct json *list = json_get(about, "assets"), *o;
	int64_t n = 0;
	size_t i;

	for (i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		n += strcmp(json_get_string(o, "status", ""), "issued") == 0 &&
		    json_get_int(o, "keys", 0) > 0;
	}
	return n;
}

void
assets_print(const struct json *about)
{
	const struct json *list = json_get(about, "assets"), *o;
	char tag[CTL_TEXT_SIZE], status[CTL_TEXT_SIZE];
	size_t i;

	for (i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		printf("%s  %-16s %s, ssh_keys %lld\n",
		    i == 0 ? "\nassets\n" : "", ctl_text(o, "asset", "-", tag),
		    ctl_text(o, "status", "-", status),
		    (long long)json_get_int(o, "keys", 0));
	}
}

void
assets_print_keyed(int64_t n)
{
	if (n > 0)
		printf("the SSH key is not known: %lld of their assets %s "
		       "ssh_keys, and a login over ssh by another key, or by "
		       "none, is device.key\n",
		    (long long)n, n == 1 ? "has" : "have");
}
