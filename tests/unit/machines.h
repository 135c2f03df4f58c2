/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines by a few letters, for tests of what is compared.
 */
#ifndef FG_TESTS_MACHINES_H
#define FG_TESTS_MACHINES_H

#include <string.h>

#include "policyd/device/hwid.h"

/* One ID, told apart from others of its kind by the last of its bytes. */
static inline void
add_digest(struct hwid_digests *digests, enum hwid_kind kind, uint8_t which)
{
	struct hwid_digest *digest = &digests->list[digests->n++];

	memset(digest, 0, sizeof(*digest));
	digest->kind = kind;
	digest->bytes[0] = (uint8_t)kind;
	digest->bytes[HWID_DIGEST_SIZE - 1] = which;
}

/* "bdusc" is of one each of board, disk, UUID, serial and chassis; in upper
 * case another one; m, M is a network card, t, T a TPM. */
static inline struct hwid_digests
make_machine(const char *letters)
{
	static const char kinds[] = "?tbduscm", others[] = "?TBDUSCM";
	struct hwid_digests digests = { .n = 0 };
	enum hwid_kind kind;

	for (; *letters != '\0'; letters++) {
		for (kind = HWID_TPM; kind < HWID_KINDS; kind++) {
			if (*letters == kinds[kind])
				add_digest(&digests, kind, 1);
			if (*letters == others[kind])
				add_digest(&digests, kind, 2);
		}
	}
	return digests;
}

#endif
