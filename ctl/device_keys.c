/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Laptops that are enrolled: which, since when and by whom, and the end of one.
 * By its key, or by its tag for all keys that an asset has had.
 */
#include "ctl/device_keys.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "policyd/device/asset.h"
#include "policyd/key.h"
#include "policyd/store/store.h"

#define NAME_MAX_BYTES \
	(KEY_TEXT_SIZE > ASSET_TAG_MAX ? KEY_TEXT_SIZE : ASSET_TAG_MAX)

struct end {
	const char *name;
	const char *reason; /* NULL where none is asked for */
	bool yes; /* also one that is revoked */
	bool json;
};

/* ---- one of them -------------------------------------------------------- */

/* Of an asset that nobody should log in from. */
static void
print_status(const struct json *device)
{
	const char *status = json_get_string(device, "status", "issued");

	if (strcmp(status, "issued") == 0)
		return;
	fputs(", ", stdout);
	for (const char *p = status; *p != '\0'; p++)
		putchar(toupper((unsigned char)*p));
	fputs(" by the inventory", stdout);
}

static void
print_users(const struct json *device)
{
	const struct json *users = json_get(device, "users");

	for (size_t i = 0; i < json_length(users); i++)
		printf("%s%s", i == 0 ? ", of " : " ",
		    json_string_at(users, i, "-"));
	print_status(device);
}

/* What its state means. */
static void
print_state(const struct json *device)
{
	const char *state = json_get_string(device, "state", "");
	char at[CTL_TIME_SIZE], reason[CTL_TEXT_SIZE];

	if (strcmp(state, "pending") == 0)
		printf(", from %s on",
		    ctl_time_text(json_get_int(device, "from", -1), at));
	else if (strcmp(state, "replaced") == 0)
		printf(", by a later one, %s",
		    ctl_time_text(json_get_int(device, "replaced", -1), at));
	else if (strcmp(state, "revoked") == 0)
		printf(" %s: %s",
		    ctl_time_text(json_get_int(device, "revoked", -1), at),
		    ctl_text(device, "reason", "-", reason));
	else if (strcmp(state, "uncertain") == 0)
		printf(": the store is an older copy; see farmgatectl status");
}

static void
print_seen(const struct json *device)
{
	char at[CTL_TIME_SIZE];
	int64_t n = json_get_int(device, "machines", 0);

	if (json_get_bool(device, "clone", false))
		printf(", CLONE: seen with %lld machines", (long long)n);
	else if (n > 1)
		printf(", seen with %lld machines", (long long)n);
	if (json_get_int(device, "seen", -1) < 0)
		fputs(", not seen yet", stdout);
	else
		printf(", last seen %.10s",
		    ctl_time_text(json_get_int(device, "seen", -1), at));
}

void
ctl_print_enrolled(const struct json *device)
{
	char asset[CTL_TEXT_SIZE], state[CTL_TEXT_SIZE], key[CTL_TEXT_SIZE];
	char at[CTL_TIME_SIZE], by[CTL_TEXT_SIZE];

	printf("%-16s %-9s %s\n    made %s by %s",
	    ctl_text(device, "asset", "-", asset),
	    ctl_text(device, "state", "-", state),
	    ctl_text(device, "key", "-", key),
	    ctl_time_text(json_get_int(device, "made", -1), at),
	    ctl_by_text(device, by));
	print_users(device);
	print_seen(device);
	if (strcmp(json_get_string(device, "state", ""), "enrolled") != 0) {
		printf("; %s", state);
		print_state(device);
	}
	putchar('\n');
}

int
device_keys_list(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_list_all(ctl, argc, argv, "device", "device.list", NULL,
	    ctl_print_enrolled);
}

/* ---- the end of one ----------------------------------------------------- */

static int
take_options(int argc, char **argv, bool with_reason, struct end *end)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "reason", required_argument, NULL, 'r' },
		{ "yes", no_argument, NULL, 'y' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'j')
			end->json = true;
		else if (c == 'r' && with_reason)
			end->reason = optarg;
		else if (c == 'r')
			return ctl_misuse("device",
			    "device: --reason is of one that is revoked");
		else if (c == 'y' && !with_reason)
			end->yes = true;
		else if (c == 'y')
			return ctl_misuse("device",
			    "device: --yes is of one that is removed");
		else
			return ctl_bad_option("device", c, argv);
	}
	if (argc - optind != 1)
		return ctl_misuse("device", "device: one tag or key is needed");
	if (with_reason && end->reason == NULL)
		return ctl_misuse("device", "device: --reason is needed");
	end->name = argv[optind];
	if (!ctl_is_argument("TAG|KEY", end->name, NAME_MAX_BYTES) ||
	    (with_reason &&
		!ctl_is_argument("--reason", end->reason, STORE_REASON_MAX)))
		return CTL_ERROR;
	return CTL_OK;
}

static void
print_ended(const struct json *report, const char *done)
{
	const struct json *list = json_get(report, done), *device;
	char asset[CTL_TEXT_SIZE], key[CTL_TEXT_SIZE];

	for (size_t i = 0; i < json_length(list); i++) {
		device = json_at(list, i);
		printf("%s: %s %s\n", done,
		    ctl_text(device, "asset", "-", asset),
		    ctl_text(device, "key", "-", key));
	}
}

/* The sessions that are open with them, and the inventory that still has them
 * as issued. */
static void
print_left(const struct json *report)
{
	const struct json *list = json_get(report, "revoked"), *device;
	const char *asset, *last = "";
	char text[CTL_TEXT_SIZE];

	ctl_print_open(report,
	    "sessions that are open with it stay open; end the process of "
	    "each, or all of a\nperson's, who then has no access until "
	    "farmgatectl unrevoke, with farmgatectl\nrevoke --kill USER:");
	for (size_t i = 0; i < json_length(list); i++) {
		device = json_at(list, i);
		asset = json_get_string(device, "asset", "");
		if (strcmp(json_get_string(device, "status", ""), "issued") !=
			0 ||
		    strcmp(asset, last) == 0)
			continue;
		printf("mark %s lost in the inventory as well\n",
		    ctl_text(device, "asset", "-", text));
		last = asset;
	}
}

/* what is the daemon's command. Returns as ctl_command(). */
static int
command(const struct ctl *ctl, const struct end *end, const char *what,
    struct json **ret_report, int *ret_status)
{
	struct json *command = json_new();

	json_set_string(command, "do", what);
	json_set_string(command, "name", end->name);
	if (end->reason != NULL)
		json_set_string(command, "reason", end->reason);
	json_set_bool(command, "yes", end->yes);
	return ctl_command(ctl, command, NULL, ret_report, ret_status);
}

int
device_keys_revoke(const struct ctl *ctl, int argc, char **argv)
{
	struct end end = { .name = NULL };
	struct json *report;
	int status;

	if (take_options(argc, argv, true, &end) != CTL_OK ||
	    command(ctl, &end, "device.revoke", &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (!end.json) {
		print_ended(report, "revoked");
		print_left(report);
	} else if (ctl_print_json(report) != CTL_OK) {
		status = CTL_ERROR;
	}
	json_free(report);
	return status;
}

/* ---- forgetting one ------------------------------------------------------ */

/* What nobody could enrol again could be, then. */
static int
ask_forget(const struct end *end, const struct json *revoked)
{
	char asset[CTL_TEXT_SIZE], key[CTL_TEXT_SIZE], reason[CTL_TEXT_SIZE];
	char at[CTL_TIME_SIZE];
	const struct json *device;

	for (size_t i = 0; i < json_length(revoked) && !end->json; i++) {
		device = json_at(revoked, i);
		printf("%s %s was revoked %s: %s\n",
		    ctl_text(device, "asset", "-", asset),
		    ctl_text(device, "key", "-", key),
		    ctl_time_text(json_get_int(device, "revoked", -1), at),
		    ctl_text(device, "reason", "-", reason));
	}
	if (!end->json) {
		puts("That is forgotten with it: whoever has the key can have "
		     "it enrolled again.");
		return ctl_ask("device", "Forget it all the same?",
		    "nothing was removed");
	}
	ctl_complain("device: nothing was removed: that it is revoked would "
		     "be forgotten with it; give --yes");
	return CTL_ERROR;
}

static int
print_removed(const struct end *end, const struct json *report)
{
	if (end->json)
		return ctl_print_json(report);
	print_ended(report, "removed");
	return CTL_OK;
}

int
device_keys_remove(const struct ctl *ctl, int argc, char **argv)
{
	struct end end = { .name = NULL };
	const struct json *revoked;
	struct json *report;
	int status;

	if (take_options(argc, argv, false, &end) != CTL_OK)
		return CTL_ERROR;
	if (command(ctl, &end, "device.remove", &report, &status) != CTL_OK)
		return CTL_ERROR;
	if ((revoked = json_get(report, "revoked")) != NULL) {
		status = ask_forget(&end, revoked);
		json_free(report);
		if (status != CTL_OK)
			return status;
		end.yes = true;
		if (command(ctl, &end, "device.remove", &report, &status) !=
		    CTL_OK)
			return CTL_ERROR;
	}
	if (print_removed(&end, report) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status;
}
