/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl bundle: people and revocations for other hosts, signed, and those
 * of another host. The daemon says what stands in one and judges what comes;
 * the secret key is read here, and never by the daemon.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/bundle_file.h"
#include "ctl/ctl.h"
#include "ctl/import.h"

/* ---- keys -------------------------------------------------------------- */

static int
one_file(int argc, char **argv)
{
	static const struct option none[] = { { NULL, 0, NULL, 0 } };
	int c;

	if ((c = getopt_long(argc, argv, ":", none, NULL)) != -1)
		return ctl_bad_option("bundle", c, argv);
	if (optind + 1 != argc)
		return ctl_misuse("bundle", "bundle %s: one file is needed",
		    argv[0]);
	return CTL_OK;
}

static int
cmd_keygen(const struct ctl *ctl, int argc, char **argv)
{
	char public[KEY_TEXT_SIZE];

	(void)ctl; /* the daemon has no part in it */
	if (one_file(argc, argv) != CTL_OK ||
	    bundle_file_make_key(argv[optind], public) != CTL_OK)
		return CTL_ERROR;
	printf("%s\n", public);
	return CTL_OK;
}

static int
cmd_public(const struct ctl *ctl, int argc, char **argv)
{
	uint8_t secret[CRYPTO_KEY_SIZE], key[CRYPTO_KEY_SIZE];
	char public[KEY_TEXT_SIZE];

	(void)ctl; /* likewise */
	if (one_file(argc, argv) != CTL_OK ||
	    bundle_file_read_key(argv[optind], secret) != CTL_OK)
		return CTL_ERROR;
	crypto_public_key(secret, key);
	crypto_wipe(secret, sizeof(secret));
	key_text(KEY_BUNDLE, key, public);
	printf("%s\n", public);
	return CTL_OK;
}

/* ---- export ------------------------------------------------------------ */

struct export
{
	const char *key;
	const char *path;
	bool json;
};

static int
export_options(int argc, char **argv, struct export *export)
{
	const struct ctl_option options[] = {
		{ "key", &export->key, NULL },
		{ "json", NULL, &export->json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("bundle", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (export->key == NULL)
		return ctl_misuse("bundle",
		    "bundle export: --key is needed, the file of the secret "
		    "key; farmgatectl bundle keygen makes one");
	if (optind + 1 != argc)
		return ctl_misuse("bundle",
		    "bundle export: one file is needed, to be written");
	export->path = argv[optind];
	if (strcmp(export->path, "-") == 0)
		return ctl_misuse("bundle",
		    "bundle export: it goes into a file, which is there when "
		    "it is whole, and not to standard output");
	return CTL_OK;
}

static int
export_print(const struct export *export, struct json *report)
{
	char at[CTL_TIME_SIZE];

	if (export->json)
		return ctl_print_json(report);
	printf("%s: serial %lld, made %s: people %lld, revocations %lld, "
	       "given back %lld\n",
	    export->path, (long long)json_get_int(report, "serial", 0),
	    ctl_time_text(json_get_int(report, "made", 0), at),
	    (long long)json_get_int(report, "people", 0),
	    (long long)json_get_int(report, "revocations", 0),
	    (long long)json_get_int(report, "given_back", 0));
	return CTL_OK;
}

static int
export_to(const struct ctl *ctl, const struct export *export,
    const uint8_t secret[CRYPTO_KEY_SIZE], struct bundle_file *file)
{
	const struct ctl_stream stream = {
		.take = bundle_file_take, .take_arg = file, .is_long = true
	};
	struct json *command = json_new(), *report;
	int status;

	json_set_string(command, "do", "bundle.export");
	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (status == CTL_OK)
		status = bundle_file_finish(file, secret);
	if (status == CTL_OK)
		status = export_print(export, report);
	json_free(report);
	return status;
}

static int
cmd_export(const struct ctl *ctl, int argc, char **argv)
{
	struct export export = { .key = NULL };
	uint8_t secret[CRYPTO_KEY_SIZE];
	struct bundle_file file;
	int status;

	if (export_options(argc, argv, &export) != CTL_OK ||
	    bundle_file_read_key(export.key, secret) != CTL_OK)
		return CTL_ERROR;
	if ((status = bundle_file_begin(&file, export.path)) == CTL_OK)
		status = export_to(ctl, &export, secret, &file);
	bundle_file_end(&file);
	crypto_wipe(secret, sizeof(secret));
	return status;
}

/* ---- forget ------------------------------------------------------------ */

static void
forget_print(const struct json *report)
{
	long long serial = (long long)json_get_int(report, "serial", 0);

	if (json_get_bool(report, "in_force", true))
		printf("forgotten: serial %lld, revocations %lld\n", serial,
		    (long long)json_get_int(report, "revocations", 0));
	else if (serial > 0)
		printf("no bundle was in force; forgotten: serial %lld, which "
		       "was ahead of the clock\n",
		    serial);
	else
		printf("no bundle was in force; forgotten: the last serial, "
		       "which could not be read\n");
}

static int
cmd_forget(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *report;
	bool json = false, restore = false;
	int status;
	const struct ctl_option options[] = {
		{ "restore", NULL, &restore },
		{ "json", NULL, &json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("bundle", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("bundle", "bundle: unexpected argument %s",
		    argv[optind]);
	command = json_new();
	json_set_string(command, "do", "bundle.forget");
	json_set_bool(command, "restore", restore);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (json && ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	else if (!json && status == CTL_OK)
		forget_print(report);
	json_free(report);
	return status;
}

/* ---- all of them ------------------------------------------------------- */

static int
cmd_import(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_import(ctl, "bundle", argc, argv);
}

int
cmd_bundle(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "keygen", "public", "export",
		"import", "forget", NULL };
	static const ctl_fn run[] = { cmd_keygen, cmd_public, cmd_export,
		cmd_import, cmd_forget };
	int i;

	if ((i = ctl_subcommand("bundle", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
