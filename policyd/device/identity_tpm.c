/* SPDX-License-Identifier: BSD-2-Clause */
/* What the answer about a TPM makes of this machine. */
#include <unistd.h>

#include "policyd/device/identity_parts.h"
#include "policyd/scanner/hardware/sys.h"
#include "policyd/text.h"
#include "proto/result.h"

/* A TPM 1.2 has no such device. */
static bool
kernel_has_one(void)
{
	int sys = sys_open(), folder;

	if (sys == -1)
		return false;
	folder = sys_open_folder(sys, "class/tpmrm/tpmrm0");
	if (folder != -1)
		(void)close(folder); /* was only looked for */
	(void)close(sys); /* the same */
	return folder != -1;
}

static enum identity_tpm
state_of(int result, bool is_there)
{
	switch (result) {
	case 0:
		return IDENTITY_TPM_READ;
	case FG_ERR_NOT_FOUND:
		return is_there ? IDENTITY_TPM_HIDDEN : IDENTITY_TPM_NONE;
	case FG_ERR_TIMEOUT:
		return IDENTITY_TPM_LATE;
	case FG_ERR_UNREACHABLE:
		return IDENTITY_TPM_UNBUILT;
	default:
		return IDENTITY_TPM_FAILED;
	}
}

/* An inventory's key is compared with none where there is no TPM. */
static bool
is_unread(enum identity_tpm tpm, bool is_there)
{
	return tpm != IDENTITY_TPM_READ && tpm != IDENTITY_TPM_NONE &&
	    (tpm != IDENTITY_TPM_UNBUILT || is_there);
}

void
identity_take_tpm(struct identity_bytes *bytes, int result, const char *ek)
{
	bool is_there = kernel_has_one();

	bytes->tpm = state_of(result, is_there);
	if (bytes->tpm == IDENTITY_TPM_READ)
		(void)text_copy(bytes->ek, sizeof(bytes->ek), ek);
	if (is_unread(bytes->tpm, is_there))
		identity_note(bytes, HWID_TPM, FG_ERR_SYSTEM);
}

const char *
identity_tpm_name(enum identity_tpm tpm)
{
	switch (tpm) {
	case IDENTITY_TPM_READ:
		return "read";
	case IDENTITY_TPM_HIDDEN:
		return "hidden";
	case IDENTITY_TPM_LATE:
		return "late";
	case IDENTITY_TPM_FAILED:
		return "failed";
	case IDENTITY_TPM_UNBUILT:
		return "unbuilt";
	case IDENTITY_TPM_NONE:
		break;
	}
	return "none";
}

const char *
identity_tpm_why(enum identity_tpm tpm)
{
	switch (tpm) {
	case IDENTITY_TPM_HIDDEN:
		return "there is one, which the service may not use; "
		       "farmgate-laptop(7) says how it may";
	case IDENTITY_TPM_LATE:
		return "it did not answer in time";
	case IDENTITY_TPM_FAILED:
		return "there is one, which did not say its key";
	case IDENTITY_TPM_UNBUILT:
		return "this build reads no TPM";
	case IDENTITY_TPM_READ:
	case IDENTITY_TPM_NONE:
		break;
	}
	return NULL;
}
