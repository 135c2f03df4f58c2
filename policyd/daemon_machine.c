/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon is told at the start of the machine that it runs on, and
 * that nobody but root may read: serial numbers, the device key, and what the
 * TPM says.
 */
#include "policyd/daemon.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/device/tpm_ask.h"
#include "policyd/log.h"
#include "policyd/reap.h"
#include "policyd/stepup/keyring.h"
#include "policyd/witness/device_key.h"
#include "policyd/witness/host_key.h"
#include "proto/result.h"

/* It signs nothing, and says so. */
static void
refuse_key(struct daemon *daemon, const char *why)
{
	log_crit("device key: %s", why);
	device_key_free(daemon->device_key);
	daemon->device_key = NULL;
	daemon->device_key_problem = strdup(why);
	if (daemon->device_key_problem == NULL)
		fatal("out of memory");
}

/* One that there is not, or not for this service, is told by device show. */
static void
take_tpm(const struct tpm_answer *answer, struct identity_bytes *bytes)
{
	identity_take_tpm(bytes, answer->ek.result, answer->ek.hex);
	if (bytes->tpm == IDENTITY_TPM_LATE ||
	    bytes->tpm == IDENTITY_TPM_FAILED)
		log_warn("tpm: %s", identity_tpm_why(bytes->tpm));
}

static void
ask_tpm(struct daemon *daemon, const struct priv_ids *ids,
    struct identity_bytes *bytes)
{
	struct tpm_question question = { .device = TPM_DEVICE,
		.ek = true,
		.ids = ids,
		.seccomp = daemon->options.seccomp,
		.timeout_ms = TPM_TIMEOUT_MS };
	char why[DEVICE_KEY_WHY_SIZE];
	struct tpm_answer answer;

	if (daemon->device_key != NULL)
		question.sealed = device_key_sealed(daemon->device_key);
	tpm_ask(&question, &answer);
	take_tpm(&answer, bytes);
	if (question.sealed != NULL &&
	    device_key_open(daemon->device_key, DEVICE_KEY_FILE,
		answer.key.result, answer.key.secret, why) != 0)
		refuse_key(daemon, why);
	daemon->tpm_left = answer.left;
	crypto_wipe(&answer, sizeof(answer));
}

void
daemon_read_machine(struct daemon *daemon, const struct priv_ids *ids,
    struct identity_bytes *ret_bytes)
{
	char why[DEVICE_KEY_WHY_SIZE];
	int r;

	identity_read(ret_bytes);
	device_key_look(DEVICE_KEY_FILE, &daemon->device_key_file);
	r = device_key_read(DEVICE_KEY_FILE, &daemon->device_key, why);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		refuse_key(daemon, why);
	ask_tpm(daemon, ids, ret_bytes);
}

void
daemon_know_machine(struct daemon *daemon, const struct identity_bytes *bytes)
{
	char why[DEVICE_KEY_WHY_SIZE];

	identity_make(bytes, &daemon->identity);
	if (daemon->device_key != NULL &&
	    device_key_parse(daemon->device_key, DEVICE_KEY_FILE, why) != 0)
		refuse_key(daemon, why);
}

void
daemon_leave_tpm(struct daemon *daemon)
{
	int r;

	if (daemon->tpm_left != 0 &&
	    (r = reap_start(daemon->loop, daemon->tpm_left,
		 &daemon->tpm_reap)) != 0)
		log_warn("tpm: %d stays a zombie: %s", (int)daemon->tpm_left,
		    fg_strerror(r));
}

void
daemon_free_keys(struct daemon *daemon)
{
	keyring_free(daemon->keyring);
	free(daemon->keyring_problem);
	key_file_free(daemon->host_key);
	free(daemon->host_key_problem);
	device_key_free(daemon->device_key);
	free(daemon->device_key_problem);
}
