/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hardware IDs: what a machine's firmware, disks, network cards and TPM say of
 * themselves, each in one form, so that what an inventory has and what a
 * machine shows can be compared. What is no identity at all, as "To be filled
 * by O.E.M.", is told apart and never compared.
 *
 * All of them are claims: root, or whoever starts a virtual machine, sets them,
 * and a TPM's key is read, but not made to prove that it is there.
 */
#ifndef FG_HWID_H
#define FG_HWID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are in the store and in statements. */
enum hwid_kind {
	HWID_NONE = 0,
	HWID_TPM = 1,		/* SHA-256 of the endorsement key */
	HWID_BOARD = 2,		/* the main board's serial number */
	HWID_DISK = 3,		/* that of a disk which is built in */
	HWID_UUID = 4,		/* SMBIOS, type 1 */
	HWID_SERIAL = 5,	/* the system's, on the label below */
	HWID_CHASSIS = 6,	/* the chassis' */
	HWID_MAC = 7,		/* the permanent one of a card built in */
	HWID_KINDS
};

#define HWID_TEXT_MAX	64u	/* bytes, printable ASCII */
#define HWIDS_MAX	24u	/* of one machine or asset */
#define HWIDS_EACH_MAX	8u	/* of one kind; 1 but for disks and MACs */

struct hwid {
	enum hwid_kind	 kind;
	char		 text[HWID_TEXT_MAX + 1];
};

/* Each once, in the order of the kinds and texts. */
struct hwids {
	size_t		 n;
	struct hwid	 list[HWIDS_MAX];
};

/*
 * The one form of an ID. Serial numbers: upper case, without blanks at the
 * ends, runs of blanks as one; UUIDs and MAC addresses as RFC 9562 and
 * IEEE 802 write them, lower case, with '-' and ':'; a TPM's as
 * 64 lower-case hexadecimal digits. What is taken besides: a UUID in braces or
 * without '-'; a MAC address with '-', as "0011.2233.4455", or with nothing
 * between its digits; a TPM's with "SHA256:" before it and ':' between bytes.
 * Returns 0; FG_ERR_FORMAT: it is none of that kind; FG_ERR_LIMIT: too long;
 * FG_ERR_NOT_FOUND: it is of that form and identifies nothing, as a
 * placeholder, a UUID of zeros or a MAC address that was made up. On any error
 * *ret_why says why; static, fit for "SERIAL: \"value\" why", and NULL
 * otherwise. ret_hwid is zeroed on error.
 */
int	hwid_make(enum hwid_kind kind, const char *text,
	    struct hwid *ret_hwid, const char **ret_why);

/*
 * Add one that hwid_make() has made, in its place. Returns 0, also if it is
 * there already, or FG_ERR_LIMIT: there is no room for one more of this kind.
 */
int	hwids_add(struct hwids *hwids, const struct hwid *hwid);

/* "tpm", "board", "disk", "uuid", "serial", "chassis", "mac", or "none". */
const char	*hwid_kind_name(enum hwid_kind kind);
/* HWID_NONE if there is no such name. */
enum hwid_kind	 hwid_kind_by_name(const char *name);

/* How hard it is to forge, from 1; for the comparison. 0: HWID_NONE. */
unsigned int	 hwid_weight(enum hwid_kind kind);

/* ---- what is compared, stored and told to others ---- */

#define HWID_DIGEST_SIZE 8u

/*
 * The first bytes of SHA-256 over "farmgate-hwid-v1", the kind's number as one
 * byte, and the text. It hides nothing from whoever can guess the text: it is
 * short, and names no serial number where people read.
 */
struct hwid_digest {
	enum hwid_kind	 kind;
	uint8_t		 bytes[HWID_DIGEST_SIZE];
};

struct hwid_digests {
	size_t		 n;
	struct hwid_digest list[HWIDS_MAX];
	uint32_t	 unread;	/* 1 << kind: could not be looked at */
};

/* In the same order; .unread is 0. */
void	hwids_digest(const struct hwids *hwids,
	    struct hwid_digests *ret_digests);
bool	hwid_digests_have(const struct hwid_digests *digests,
	    enum hwid_kind kind);
/*
 * Add those of other of which digests has none of the kind. Returns whether
 * there are any.
 */
bool	hwid_digests_complete(struct hwid_digests *digests,
	    const struct hwid_digests *other);

#endif
