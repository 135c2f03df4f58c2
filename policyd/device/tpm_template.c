/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers are big-endian. Attributes of objects: 0x2 and 0x10 it leaves neither
 * the TPM nor its parent, 0x20 the TPM has made the secret, 0x40 a password
 * suffices, here an empty one, 0x80 a policy has to be met, 0x400 no lockout,
 * 0x10000 and 0x20000 it decrypts what the TPM itself has made, and no more.
 */
#include "policyd/device/tpm_template.h"

#define SHA256	  0x00, 0x0b
#define NO_POLICY 0x00, 0x00
#define AES	  0x00, 0x06, 0x00, 0x80, 0x00, 0x43 /* 128 bits, CFB */
#define NO_SCHEME 0x00, 0x10

#define EK_LEN	    316u
#define STORAGE_LEN 92u

/* The policy is that of whoever may use the endorsement hierarchy. */
static const uint8_t ek[EK_LEN] = {
	0x01, 0x3a, /* bytes that follow */
	0x00, 0x01, /* RSA */
	SHA256, /* of names */
	0x00, 0x03, 0x00, 0xb2, /* attributes */
	0x00, 0x20, 0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90,
	0xcc, 0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52,
	0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa, /* policy */
	AES, /* of its children */
	NO_SCHEME, /* any */
	0x08, 0x00, /* bits */
	0x00, 0x00, 0x00, 0x00, /* exponent 65537 */
	0x01, 0x00, /* bytes of the modulus: zeros, to the end */
};

static const uint8_t storage[STORAGE_LEN] = {
	0x00, 0x5a, /* bytes that follow */
	0x00, 0x23, /* ECC */
	SHA256, /* of names */
	0x00, 0x03, 0x04, 0x72, /* attributes */
	NO_POLICY, /* its password suffices */
	AES, /* of its children */
	NO_SCHEME, /* any */
	0x00, 0x03, /* P-256 */
	NO_SCHEME, /* of a KDF */
	0x00, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* x ... */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* ... to its end */
	0x00, 0x20, /* bytes of y: zeros, to the end */
};

static const uint8_t sealed[] = {
	0x00, 0x0e, /* bytes that follow */
	0x00, 0x08, /* data, by a key for HMAC that is of no use */
	SHA256, /* of its name */
	0x00, 0x00, 0x04, 0x52, /* attributes */
	NO_POLICY, /* its password suffices */
	NO_SCHEME, /* any */
	0x00, 0x00, /* the TPM fills it in */
};

const struct tpm_template tpm_template_ek = { sizeof(ek), ek };
const struct tpm_template tpm_template_storage = { sizeof(storage), storage };
const struct tpm_template tpm_template_sealed = { sizeof(sealed), sealed };
