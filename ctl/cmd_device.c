/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl device: what this machine says of itself. All of it is claims,
 * which the output says. Of other machines a jump host knows keys, which are
 * device_keys.c's.
 */
#include <getopt.h>
#include <stdio.h>

#include "ctl/ctl.h"
#include "ctl/device_keys.h"

/* A UUID has 36 characters; what is longer moves the rest of its line. */
#define DEVICE_ROW "%-8s %-36s %-16s %s\n"
#define DEVICE_ID  "%-8s %-36s %s\n" /* one that counts needs no note */

/* A member's text, or "-" for one that is empty, null or not there. */
static const char *
text_of(const struct json *json, const char *key, char buf[CTL_TEXT_SIZE])
{
	if (json_get_string(json, key, "")[0] == '\0')
		return "-";
	return ctl_text(json, key, "-", buf);
}

static void
print_id(const struct json *id)
{
	char kind[CTL_TEXT_SIZE], value[CTL_TEXT_SIZE], where[CTL_TEXT_SIZE];
	char why[CTL_TEXT_SIZE], note[CTL_TEXT_SIZE + 16];

	if (json_get_bool(id, "counts", false)) {
		printf(DEVICE_ID, text_of(id, "kind", kind),
		    text_of(id, "value", value), text_of(id, "where", where));
		return;
	}
	(void)snprintf(note, sizeof(note), "no ID: it %s",
	    ctl_text(id, "why", "is none", why));
	printf(DEVICE_ROW, text_of(id, "kind", kind),
	    text_of(id, "value", value), text_of(id, "where", where), note);
}

static void
print_unread(const struct json *unread)
{
	size_t i;

	for (i = 0; i < json_length(unread); i++)
		printf(DEVICE_ROW, json_string_at(unread, i, "-"), "-", "-",
		    "could not be read, or not all of them");
}

static void
print_ids(const struct json *report)
{
	const struct json *ids = json_get(report, "ids");
	const struct json *unread = json_get(report, "unread");
	size_t i;

	if (json_length(ids) == 0 && json_length(unread) == 0) {
		puts("this machine shows nothing that identifies it");
		return;
	}
	printf(DEVICE_ROW, "KIND", "VALUE", "SOURCE", "NOTE");
	for (i = 0; i < json_length(ids); i++)
		print_id(json_at(ids, i));
	print_unread(unread);
	if (json_get_bool(report, "more", false))
		puts("there are more than can be kept");
}

static void
print_tpm(const struct json *tpm)
{
	char text[CTL_TEXT_SIZE];

	if (json_get_string(tpm, "why", NULL) != NULL)
		printf("tpm      not read: %s\n", text_of(tpm, "why", text));
	else
		printf("tpm      %s\n", text_of(tpm, "state", text));
}

static void
print_device(const struct json *report)
{
	char text[CTL_TEXT_SIZE], at[CTL_TIME_SIZE];

	if (json_get_string(report, "asset", NULL) != NULL)
		printf("asset    %s\n", text_of(report, "asset", text));
	else
		puts("no asset tag: asset in farmgate.conf");
	printf("vendor   %s\n", text_of(report, "vendor", text));
	printf("model    %s\n", text_of(report, "model", text));
	print_tpm(json_get(report, "tpm"));
	print_ids(report);
	printf("machine-id %s, of the installation: it is not compared\n",
	    text_of(report, "machine_id", text));
	printf("read %s, at the daemon's start, of what is built in\n",
	    ctl_time_text(json_get_int(report, "taken", 0), at));
	puts(
	    "these are claims: root, and whoever starts a virtual machine, can "
	    "set all of them");
}

static int
cmd_show(const struct ctl *ctl, int argc, char **argv)
{
	const struct ctl_stream stream = { .line = NULL };
	struct json *command, *report;
	int status;
	bool json;

	if (ctl_take_json("device", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("device", "device: unexpected argument %s",
		    argv[optind]);
	command = json_new();
	json_set_string(command, "do", "device.show");
	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (!json)
		print_device(report);
	else if (ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status;
}

int
cmd_device(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "show", "list", "revoke", "remove",
		NULL };
	static const ctl_fn run[] = { cmd_show, device_keys_list,
		device_keys_revoke, device_keys_remove };
	int i;

	if ((i = ctl_subcommand("device", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
