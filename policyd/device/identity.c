/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the bytes that root has copied to IDs, and to what people are shown.
 * From here on each byte is a device's, or its firmware's.
 */
#include "policyd/device/identity.h"

#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define MACHINE_ID_LEN 32u
#define TPM_WHERE      "tpmrm0"

/* In the order of the kinds, and of where they are. */
static size_t
find_place(const struct identity *identity, const struct identity_raw *raw)
{
	const struct identity_raw *other;
	size_t at = identity->ntold;

	for (; at > 0; at--) {
		other = &identity->told[at - 1].raw;
		if (other->kind < raw->kind ||
		    (other->kind == raw->kind &&
			strcmp(other->where, raw->where) <= 0))
			break;
	}
	return at;
}

/* Why it does not count, or NULL. */
static const char *
take_id(struct identity *identity, const struct identity_raw *raw)
{
	struct hwid hwid;
	const char *why;

	if (hwid_make(raw->kind, raw->text, &hwid, &why) != 0)
		return why;
	if (hwids_add(&identity->ids, &hwid) != 0)
		return "is one more than can be compared";
	return NULL;
}

static void
take_raw(struct identity *identity, const struct identity_raw *raw)
{
	struct identity_told told = { .why = take_id(identity, raw) };
	size_t at;

	told.raw.kind = raw->kind;
	(void)text_escape(told.raw.where, sizeof(told.raw.where), raw->where);
	(void)text_escape(told.raw.text, sizeof(told.raw.text), raw->text);
	at = find_place(identity, &told.raw);
	memmove(&identity->told[at + 1], &identity->told[at],
	    (identity->ntold - at) * sizeof(identity->told[0]));
	identity->told[at] = told;
	identity->ntold++;
}

/* It has a place of its own: no number of disks leaves it out. */
static void
take_ek(struct identity *identity, const struct identity_bytes *bytes)
{
	struct identity_raw raw = { .kind = HWID_TPM, .where = TPM_WHERE };

	identity->tpm = bytes->tpm;
	if (bytes->tpm != IDENTITY_TPM_READ)
		return;
	(void)text_copy(raw.text, sizeof(raw.text), bytes->ek);
	take_raw(identity, &raw);
}

static void
take_machine_id(struct identity *identity, const char *text)
{
	if (strlen(text) == MACHINE_ID_LEN &&
	    strspn(text, "0123456789abcdef") == MACHINE_ID_LEN)
		(void)text_copy(identity->machine_id,
		    sizeof(identity->machine_id), text);
}

void
identity_make(const struct identity_bytes *bytes, struct identity *ret_identity)
{
	struct identity *identity = ret_identity;

	memset(identity, 0, sizeof(*identity));
	take_ek(identity, bytes);
	for (size_t i = 0; i < bytes->n; i++)
		take_raw(identity, &bytes->list[i]);
	hwids_digest(&identity->ids, &identity->digests);
	identity->digests.unread = bytes->unread;
	identity->overflow = bytes->overflow;
	(void)text_escape(identity->vendor, sizeof(identity->vendor),
	    bytes->vendor);
	(void)text_escape(identity->model, sizeof(identity->model),
	    bytes->model);
	take_machine_id(identity, bytes->machine_id);
}
