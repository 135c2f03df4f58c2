/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory asset and check: one asset, or a person's; and to which
 * addresses several were sent, and what else is odd. And those of a person in
 * short.
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

bool
assets_are_none(const struct json *report)
{
	if (json_get_bool(report, "inventory", true))
		return false;
	ctl_complain(
	    "there is no inventory of assets: farmgatectl inventory import");
	return true;
}

static void
complain_unknown(const char *name, const struct json *report)
{
	char alike[CTL_TEXT_SIZE];
	bool is = json_get_string(report, "alike", NULL) != NULL;

	ctl_complain("no asset in the inventory is called %s, or is this "
		     "person's%s%s%s",
	    name, is ? "; did you mean " : "",
	    ctl_text(report, "alike", "", alike), is ? "?" : "");
}

int
assets_show(const struct ctl *ctl, int argc, char **argv)
{
	struct show show = { .found = 0 };
	const struct ctl_stream stream = { .line = show_line,
		.line_arg = &show };
	struct json *command, *report;
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
	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (status == CTL_NO && !assets_are_none(report))
		complain_unknown(argv[optind], report);
	json_free(report);
	return status;
}

struct check {
	bool json;
	unsigned int keys, far, shipped;
};

static void
print_key(const struct json *line)
{
	char tag[CTL_TEXT_SIZE], own[CTL_TEXT_SIZE], other[CTL_TEXT_SIZE];

	printf("%s: enrolled with another key than the inventory has, and "
	       "what it signs counts for nobody\n"
	       "  device_key  %s\n  enrolled    %s\n",
	    ctl_text(line, "asset", "-", tag),
	    ctl_text(line, "device_key", "-", own),
	    ctl_text(line, "enrolled_key", "-", other));
}

static void
print_far(const struct check *check, const struct json *line)
{
	char tag[CTL_TEXT_SIZE], user[CTL_TEXT_SIZE], place[CTL_TEXT_SIZE];

	if (check->far == 1)
		printf("%s%-7s %-16s %-16s FAR FROM HOME\n",
		    check->keys > 0 ? "\n" : "", "KM", "ASSET", "USER");
	printf("%-7lld %-16s %-16s %s %s\n",
	    (long long)json_get_int(line, "km", 0),
	    ctl_text(line, "asset", "-", tag),
	    ctl_text(line, "user", "-", user),
	    strcmp(json_get_string(line, "why", ""), "sent") == 0 ? "sent to" :
								    "kept at",
	    ctl_text(line, "place", "-", place));
}

static void
print_shipped(const struct check *check, const struct json *line)
{
	char place[CTL_TEXT_SIZE], tags[CTL_TEXT_SIZE];

	if (check->shipped == 1)
		printf("%s%-7s %-7s SHIPPED TO\n",
		    check->keys + check->far > 0 ? "\n" : "", "PEOPLE",
		    "ASSETS");
	printf("%-7lld %-7lld %s: %s\n",
	    (long long)json_get_int(line, "people", 0),
	    (long long)json_get_int(line, "assets", 0),
	    ctl_text(line, "shipped_to", "-", place),
	    ctl_text(line, "tags", "-", tags));
}

/* The keys come first, and what is far next. */
static int
check_line(struct json *line, void *arg)
{
	struct check *check = arg;
	bool is_key = json_get_string(line, "enrolled_key", NULL) != NULL;
	bool is_far = json_get_string(line, "place", NULL) != NULL;

	check->keys += is_key;
	check->far += is_far;
	check->shipped += !is_key && !is_far;
	if (check->json)
		return ctl_print_json(line);
	if (is_key)
		print_key(line);
	else if (is_far)
		print_far(check, line);
	else
		print_shipped(check, line);
	return CTL_OK;
}

int
assets_check(const struct ctl *ctl, int argc, char **argv)
{
	struct check check = { .json = false };
	const struct ctl_stream stream = { .line = check_line,
		.line_arg = &check };
	struct json *command, *report;
	int status;

	if (ctl_take_json("inventory", argc, argv, &check.json) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("inventory",
		    "inventory check: unexpected argument %s", argv[optind]);
	command = json_new();
	json_set_string(command, "do", "asset.check");
	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (!assets_are_none(report) && status == CTL_OK && !check.json &&
	    check.keys + check.far + check.shipped == 0)
		puts("none");
	json_free(report);
	return status;
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
