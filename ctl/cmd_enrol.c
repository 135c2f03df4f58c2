/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl enrol: on a laptop, its key and the line by which a jump host
 * enrols it. Neither needs the daemon; both are root's.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/device_file.h"
#include "ctl/enrol.h"
#include "policyd/conf.h"
#include "policyd/device/identity.h"
#include "policyd/device/tpm.h"
#include "policyd/device/tpm_ask.h"
#include "policyd/text.h"
#include "policyd/witness/enrolment_code.h"

struct request {
	const char *asset; /* NULL: as the configuration says */
	const char *config;
};

static bool
may_use_key(void)
{
	if (geteuid() == 0)
		return true;
	ctl_complain("enrol: the device key is root's alone; use sudo");
	return false;
}

/* ---- init --------------------------------------------------------------- */

static int
init_options(int argc, char **argv, struct device_file *ret_how, bool *ret_yes)
{
	const struct ctl_option options[] = {
		{ "replace", NULL, &ret_how->replace },
		{ "tpm", NULL, &ret_how->tpm },
		{ "yes", NULL, ret_yes },
		{ NULL, NULL, NULL },
	};

	*ret_how = (struct device_file){ .tpm = false };
	*ret_yes = false;
	if (ctl_take_options("enrol", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("enrol", "enrol: unexpected argument %s",
		    argv[optind]);
	return CTL_OK;
}

/* The one that is there is what its user gets in by. */
static int
ask_replace(const struct device_file *how, bool yes)
{
	if (yes || !how->replace || access(DEVICE_KEY_FILE, F_OK) != 0)
		return CTL_OK;
	puts("The device key that is there is gone with this. Until the new "
	     "one counts, three days after\nit was enrolled, jump hosts that "
	     "ask for it refuse the user of this laptop; with\nfarmgatectl "
	     "enrol add --now there it counts at once.");
	return ctl_ask("enrol", "Make another one?", "nothing was made");
}

static void
tell_of_tpm(const struct device_file *how)
{
	if (how->tpm)
		puts("only this machine's TPM opens it; for the service to use "
		     "the TPM see farmgate-laptop(7)");
	else if (tpm_is_built() && access(TPM_DEVICE, F_OK) == 0)
		puts("there is a TPM; enrol init --replace --tpm keeps the key "
		     "in it, and a copy of the file is of no use");
}

static int
cmd_init(const struct ctl *ctl, int argc, char **argv)
{
	char public[KEY_TEXT_SIZE];
	struct device_file how;
	int status;
	bool yes;

	(void)ctl; /* the daemon has no part in it */
	if (init_options(argc, argv, &how, &yes) != CTL_OK || !may_use_key())
		return CTL_ERROR;
	if ((status = ask_replace(&how, yes)) != CTL_OK)
		return status;
	if (device_file_make(DEVICE_KEY_FILE, &how, public) != CTL_OK)
		return CTL_ERROR;
	printf("made %s, whose public key is %s\n", DEVICE_KEY_FILE, public);
	tell_of_tpm(&how);
	puts("next, for the daemon to read it: systemctl restart "
	     "farmgate-policyd.service");
	if (how.replace)
		puts("then have it enrolled anew: jump hosts know the one "
		     "before, and this one counts there three days after "
		     "that, or at once with enrol add --now");
	puts("then farmgatectl enrol request prints what an administrator of "
	     "a jump host enrols this laptop by");
	return CTL_OK;
}

/* ---- request ------------------------------------------------------------ */

static int
request_options(int argc, char **argv, struct request *ret_request)
{
	const struct ctl_option options[] = {
		{ "asset", &ret_request->asset, NULL },
		{ "config", &ret_request->config, NULL },
		{ NULL, NULL, NULL },
	};

	*ret_request = (struct request){ .config = CONF_FILE };
	if (ctl_take_options("enrol", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("enrol", "enrol: unexpected argument %s",
		    argv[optind]);
	return CTL_OK;
}

/* "" if nothing says it: whoever enrols it may. */
static int
take_asset(const struct request *request, char ret_tag[ASSET_TAG_MAX + 1])
{
	struct conf_errors errors = { 0 };
	struct conf *conf;
	int r;

	ret_tag[0] = '\0';
	if (request->asset != NULL) {
		if (!ctl_is_argument("--asset", request->asset, ASSET_TAG_MAX))
			return CTL_ERROR;
		(void)text_copy(ret_tag, ASSET_TAG_MAX + 1, request->asset);
		return CTL_OK;
	}
	r = conf_load(request->config, &conf, &errors);
	conf_errors_done(&errors);
	if (r != 0) {
		ctl_complain("enrol: %s cannot be used, see farmgatectl check; "
			     "give the tag with --asset",
		    request->config);
		return CTL_ERROR;
	}
	if (conf->machine.asset != NULL)
		(void)text_copy(ret_tag, ASSET_TAG_MAX + 1,
		    conf->machine.asset); /* as long */
	conf_free(conf);
	return CTL_OK;
}

static void
take_hardware(struct enrolment_code *code)
{
	const struct tpm_question question = {
		.device = TPM_DEVICE, .ek = true, .timeout_ms = TPM_TIMEOUT_MS
	};
	static struct identity_bytes bytes;
	static struct identity identity;
	struct tpm_answer answer;

	identity_read(&bytes);
	tpm_ask(&question, &answer);
	identity_take_tpm(&bytes, answer.ek.result, answer.ek.hex);
	identity_make(&bytes, &identity);
	code->hwids = identity.digests;
}

static void
warn_of_gaps(const struct enrolment_code *code)
{
	if (code->asset[0] == '\0')
		ctl_complain("warning: there is no asset in %s, so the tag has "
			     "to be given at the jump host, with --asset",
		    CONF_FILE);
	if (code->hwids.n == 0)
		ctl_complain("warning: this machine shows nothing that "
			     "identifies it; see farmgatectl device show");
}

/* Whoever is enrolled by this line is not the one that answers. A daemon that
 * cannot be asked is none to compare with. */
static void
warn_of_daemon(const struct ctl *ctl, const char *public)
{
	struct json *report = ctl_try_status(ctl);
	const char *key;

	if (report == NULL)
		return;
	key = json_get_string(json_get(report, "witness"), "device_key", "");
	if (key[0] == '\0')
		ctl_complain("warning: the daemon has no device key yet: "
			     "systemctl restart farmgate-policyd.service");
	else if (strcmp(key, public) != 0)
		ctl_complain("warning: the daemon signs with another key than "
			     "that of %s: systemctl restart "
			     "farmgate-policyd.service",
		    DEVICE_KEY_FILE);
	json_free(report);
}

static int
cmd_request(const struct ctl *ctl, int argc, char **argv)
{
	struct enrolment_code code = { .asset = "" };
	char text[ENROLMENT_CODE_SIZE], public[KEY_TEXT_SIZE];
	struct request request;
	struct device_key *key;
	int r;

	if (request_options(argc, argv, &request) != CTL_OK || !may_use_key() ||
	    take_asset(&request, code.asset) != CTL_OK ||
	    device_file_read(DEVICE_KEY_FILE, &key) != CTL_OK)
		return CTL_ERROR;
	take_hardware(&code);
	r = enrolment_code_make(&code, device_key_secret(key), text);
	device_key_public(key, public);
	device_key_free(key);
	if (r != 0) {
		ctl_complain("enrol: %s is no tag of an asset, such as LT-0042",
		    code.asset);
		return CTL_ERROR;
	}
	puts(text);
	warn_of_gaps(&code);
	warn_of_daemon(ctl, public);
	return CTL_OK;
}

int
cmd_enrol(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "init", "request", "host", "add",
		NULL };
	static const ctl_fn run[] = { cmd_init, cmd_request, enrol_host,
		enrol_add };
	int i;

	if ((i = ctl_subcommand("enrol", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
