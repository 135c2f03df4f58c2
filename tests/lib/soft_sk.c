/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A security token in software, as a library that OpenSSH has for it
 * (PROTOCOL.u2f, sk-api.h): an Ed25519 key whose handle is its seed. Whether it
 * was touched (1) and had its PIN (4) is what SOFT_SK_FLAGS says.
 */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define VERSION	   0x000a0000
#define ED25519	   1
#define ERR_FAILED (-1)

struct sk_option;

struct sk_enroll_response {
	uint8_t flags;
	uint8_t *public_key;
	size_t public_key_len;
	uint8_t *key_handle;
	size_t key_handle_len;
	uint8_t *signature;
	size_t signature_len;
	uint8_t *attestation_cert;
	size_t attestation_cert_len;
	uint8_t *authdata;
	size_t authdata_len;
};

struct sk_sign_response {
	uint8_t flags;
	uint32_t counter;
	uint8_t *sig_r;
	size_t sig_r_len;
	uint8_t *sig_s;
	size_t sig_s_len;
};

uint32_t
sk_api_version(void)
{
	return VERSION;
}

int
sk_enroll(uint32_t alg, const uint8_t *challenge, size_t challenge_len,
    const char *application, uint8_t flags, const char *pin,
    struct sk_option **options, struct sk_enroll_response **ret)
{
	struct sk_enroll_response *r = calloc(1, sizeof(*r));
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	(void)challenge, (void)challenge_len, (void)application, (void)pin;
	(void)options;
	if (alg != ED25519 || r == NULL || sodium_init() < 0)
		return ERR_FAILED;
	r->flags = flags;
	r->public_key_len = crypto_sign_PUBLICKEYBYTES;
	r->public_key = malloc(r->public_key_len);
	r->key_handle_len = crypto_sign_SEEDBYTES;
	r->key_handle = malloc(r->key_handle_len);
	randombytes_buf(r->key_handle, r->key_handle_len);
	crypto_sign_seed_keypair(r->public_key, secret, r->key_handle);
	*ret = r;
	return 0;
}

int
sk_sign(uint32_t alg, const uint8_t *data, size_t len, const char *application,
    const uint8_t *handle, size_t handle_len, uint8_t flags, const char *pin,
    struct sk_option **options, struct sk_sign_response **ret)
{
	struct sk_sign_response *r = calloc(1, sizeof(*r));
	uint8_t public[crypto_sign_PUBLICKEYBYTES];
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	uint8_t text[2 * crypto_hash_sha256_BYTES + 5];
	const char *said = getenv("SOFT_SK_FLAGS");
	uint32_t counter = htonl(1);

	(void)flags, (void)pin, (void)options;
	if (alg != ED25519 || handle_len != crypto_sign_SEEDBYTES ||
	    r == NULL || sodium_init() < 0)
		return ERR_FAILED;
	r->flags = (uint8_t)(said == NULL ? 0 : atoi(said));
	r->counter = 1;
	r->sig_r_len = crypto_sign_BYTES;
	r->sig_r = malloc(r->sig_r_len);
	crypto_hash_sha256(text, (const uint8_t *)application,
	    strlen(application));
	text[crypto_hash_sha256_BYTES] = r->flags;
	memcpy(text + crypto_hash_sha256_BYTES + 1, &counter, sizeof(counter));
	crypto_hash_sha256(text + crypto_hash_sha256_BYTES + 5, data, len);
	crypto_sign_seed_keypair(public, secret, handle);
	crypto_sign_detached(r->sig_r, NULL, text, sizeof(text), secret);
	*ret = r;
	return 0;
}

int
sk_load_resident_keys(const char *pin, struct sk_option **options, void ***ret,
    size_t *ret_n)
{
	(void)pin, (void)options, (void)ret, (void)ret_n;
	return ERR_FAILED;
}
