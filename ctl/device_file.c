/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device key's file. A new one is looked at as the daemon will, beside the
 * one that it may replace, before it has its name.
 */
#include "ctl/device_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/device/tpm_ask.h"
#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PATH_SIZE 4096u

/* Its folder, its owner and its mode are checked with it. */
static int
read_key(const char *path, struct device_key **ret_key)
{
	char why[DEVICE_KEY_WHY_SIZE];
	int r = device_key_load(path, TPM_DEVICE, ret_key, why);

	if (r != 0 && r != FG_ERR_NOT_FOUND)
		ctl_complain("enrol: %s", why);
	return r;
}

int
device_file_read(const char *path, struct device_key **ret_key)
{
	int r = read_key(path, ret_key);

	if (r == FG_ERR_NOT_FOUND)
		ctl_complain("enrol: %s: there is no device key; make one with "
			     "farmgatectl enrol init",
		    path);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

/* ---- a new one ---------------------------------------------------------- */

static int
seal(const uint8_t secret[CRYPTO_KEY_SIZE], char ret_text[TPM_BLOB_TEXT_SIZE])
{
	const struct tpm_question question = { .device = TPM_DEVICE,
		.secret = secret,
		.timeout_ms = TPM_TIMEOUT_MS };
	struct tpm_answer answer;
	int r;

	tpm_ask(&question, &answer);
	if ((r = answer.key.result) != 0)
		ctl_complain("enrol: --tpm: %s; without it the key stands in "
			     "the file itself",
		    tpm_why(r));
	(void)text_copy(ret_text, TPM_BLOB_TEXT_SIZE, answer.key.sealed);
	crypto_wipe(&answer, sizeof(answer));
	return r;
}

/* ret_text is wiped by the caller; on error there was a complaint. */
static int
make_text(bool tpm, char ret_text[TPM_BLOB_TEXT_SIZE])
{
	uint8_t secret[CRYPTO_KEY_SIZE];
	int r = 0;

	crypto_random(secret, sizeof(secret));
	if (tpm)
		r = seal(secret, ret_text);
	else
		key_secret_text(KEY_DEVICE, secret, ret_text);
	crypto_wipe(secret, sizeof(secret));
	return r;
}

/* fresh becomes the name of a file that is nobody else's, 0600. */
static int
write_fresh(char *fresh, const char *text)
{
	int fd, r, saved;

	if ((fd = mkostemp(fresh, O_CLOEXEC)) < 0)
		return -1;
	r = fchmod(fd, 0600) == 0 && disk_write(fd, text, strlen(text)) == 0 &&
		fsync(fd) == 0 ?
	    0 :
	    -1;
	saved = errno;
	(void)close(fd); /* it was synced */
	if (r != 0)
		(void)unlink(fresh); /* it is no key */
	errno = saved;
	return r;
}

static int
make_fresh(char *fresh, const char *path, bool tpm)
{
	char text[TPM_BLOB_TEXT_SIZE];
	int status = CTL_ERROR;

	if (text_format(fresh, PATH_SIZE, "%s.XXXXXX", path) != 0) {
		ctl_complain("enrol: the path is too long");
		return CTL_ERROR;
	}
	if (make_text(tpm, text) == 0) {
		if (write_fresh(fresh, text) == 0)
			status = CTL_OK;
		else
			ctl_complain("enrol: %s: %m", path);
	}
	crypto_wipe(text, sizeof(text));
	return status;
}

static int
look_at(const char *fresh, char ret_public[KEY_TEXT_SIZE])
{
	struct device_key *key;

	if (device_file_read(fresh, &key) != CTL_OK)
		return CTL_ERROR;
	device_key_public(key, ret_public);
	device_key_free(key);
	return CTL_OK;
}

static int
put_in_place(const char *fresh, const char *path, bool replace)
{
	int r = renameat2(AT_FDCWD, fresh, AT_FDCWD, path,
	    replace ? 0 : RENAME_NOREPLACE);

	if (r != 0 && errno == EEXIST)
		ctl_complain("enrol: %s is there, and jump hosts may know this "
			     "laptop by it; farmgatectl enrol request says "
			     "what they need, and --replace makes another one",
		    path);
	else if (r != 0 || disk_sync_folder_of(path) != 0)
		ctl_complain("enrol: %s: %m", path);
	else
		return CTL_OK;
	return CTL_ERROR;
}

int
device_file_make(const char *path, const struct device_file *how,
    char ret_public[KEY_TEXT_SIZE])
{
	char fresh[PATH_SIZE];
	int status;

	ret_public[0] = '\0';
	if (make_fresh(fresh, path, how->tpm) != CTL_OK)
		return CTL_ERROR;
	if ((status = look_at(fresh, ret_public)) == CTL_OK)
		status = put_in_place(fresh, path, how->replace);
	if (status != CTL_OK)
		(void)unlink(fresh); /* nobody knows it */
	return status;
}
