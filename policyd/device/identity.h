/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine says of itself. DMI's serial numbers can be read by root
 * alone: identity_read() copies bytes at the start, before privileges are
 * dropped, and identity_make() makes IDs of them afterwards. They are of that
 * moment: a disk that is exchanged while the machine runs is seen at the next
 * start of the daemon. A TPM is asked by somebody else, tpm_ask.h.
 */
#ifndef FG_IDENTITY_H
#define FG_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/device/hwid.h"

#define IDENTITY_RAW_MAX	32u
#define IDENTITY_RAW_TEXT	128u	/* bytes of one, with its NUL */
#define IDENTITY_WHERE_MAX	48u

/* One value as it was read; other people's bytes. */
struct identity_raw {
	enum hwid_kind	 kind;
	/* "product_serial", "nvme0n1", "enp3s0" */
	char		 where[IDENTITY_WHERE_MAX];
	char		 text[IDENTITY_RAW_TEXT]; /* what is longer is cut */
};

/* What has become of the TPM. */
enum identity_tpm {
	IDENTITY_TPM_NONE = 0,	/* there is no TPM 2.0 */
	IDENTITY_TPM_READ,
	IDENTITY_TPM_HIDDEN,	/* the kernel has one, and not in /dev here */
	IDENTITY_TPM_LATE,	/* it did not answer in time */
	IDENTITY_TPM_FAILED,
	IDENTITY_TPM_UNBUILT	/* this build reads none */
};

struct identity_bytes {
	enum identity_tpm tpm;
	char		 ek[IDENTITY_RAW_TEXT];	/* of the TPM that was read */
	size_t		 n;
	struct identity_raw list[IDENTITY_RAW_MAX];
	uint32_t	 unread;	/* 1 << kind: one at least */
	bool		 overflow;	/* there were more */
	char		 vendor[IDENTITY_RAW_TEXT];
	char		 model[IDENTITY_RAW_TEXT];
	char		 machine_id[IDENTITY_RAW_TEXT];
};

/* Why a value is no ID that counts; NULL: it is one. */
struct identity_told {
	struct identity_raw raw;	/* made printable */
	const char	*why;		/* static, as hwid_make() gives it */
};

struct identity {
	char		 vendor[HWID_TEXT_MAX + 1];	/* printable, or "" */
	char		 model[HWID_TEXT_MAX + 1];
	/* 32 hexadecimal digits, or "". No hardware ID: it is of the
	 * installation, and never compared. */
	char		 machine_id[HWID_TEXT_MAX + 1];
	struct hwids	 ids;
	struct hwid_digests digests;
	/* All of what was read, for farmgatectl device show: in the order of
	 * the kinds, and of where they are. */
	size_t		 ntold;
	struct identity_told told[IDENTITY_RAW_MAX + 1];
	enum identity_tpm tpm;
	bool		 overflow;
};

/*
 * Read /sys/class/dmi/id, disks and network cards that are built in, and
 * /etc/machine-id. Never fails: what could not be read is in .unread. What is
 * not there, as DMI on a machine without it, is absent. Bounded: two seconds,
 * as many values as there is room for, and no file that can block.
 */
void	identity_read(struct identity_bytes *ret_bytes);

/*
 * Add to what was read what has become of the TPM: the result and the text of
 * struct tpm_answer's .ek. A TPM that is not in /dev, and that the kernel has
 * nevertheless, is no absent one.
 */
void	identity_take_tpm(struct identity_bytes *bytes, int result,
	    const char *ek);

/* Pure. */
void	identity_make(const struct identity_bytes *bytes,
	    struct identity *ret_identity);

/* "none", "read", "hidden", "late", "failed", "unbuilt". Static. */
const char	*identity_tpm_name(enum identity_tpm tpm);
/* Why it was not read, for people; NULL: it was, or is not there. Static. */
const char	*identity_tpm_why(enum identity_tpm tpm);

#endif
