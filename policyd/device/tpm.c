/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands to a TPM by tpm2-tss, of which this is the only user. How they get
 * there is tpm_link.c's business: no library is loaded for it, and no variable
 * of the environment chooses one.
 */
#include "policyd/device/tpm.h"

#include <assert.h>
#include <string.h>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>

#include "policyd/device/ek.h"
#include "policyd/device/tpm_template.h"
#include "proto/result.h"

#define EK_HANDLE      0x81010001u
#define EK_CERTIFICATE 0x01c00002u
#define STORAGE_HANDLE 0x81000001u

#define NV_PIECE 512u /* bytes; less than any TPM gives at once */

/* What a blob was sealed below: its first byte. */
#define BELOW_HANDLE   1u
#define BELOW_TEMPLATE 2u

#define NONE3 ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE

/* What is said to a TPM, from begin() to end(), which ends all of it. */
struct tpm {
	/* first: the library has its address */
	TSS2_TCTI_CONTEXT_COMMON_V1 tcti;
	struct tpm_link *link;
	size_t len; /* of an answer; 0: it was taken */
	uint8_t answer[TPM_LINK_MAX];
	ESYS_CONTEXT *esys;
	ESYS_TR key; /* that was found or made last */
	TPM2B_PUBLIC *public; /* ... and its public part */
	ESYS_TR primary; /* one that was made */
	ESYS_TR session;
	ESYS_TR sealed;
};

static const TPM2B_DATA no_data;
static const TPML_PCR_SELECTION no_pcrs;

/* ---- the library -------------------------------------------------------- */

bool
tpm_is_built(void)
{
	return true;
}

static TSS2_RC
transmit(TSS2_TCTI_CONTEXT *tcti, size_t len, const uint8_t *command)
{
	struct tpm *tpm = (struct tpm *)tcti;

	if (tpm_link_send(tpm->link, command, len) != 0)
		return TSS2_TCTI_RC_IO_ERROR;
	return TSS2_RC_SUCCESS;
}

/* The library asks how long the answer is, and then for it. */
static TSS2_RC
receive(TSS2_TCTI_CONTEXT *tcti, size_t *size, uint8_t *response,
    int32_t timeout)
{
	struct tpm *tpm = (struct tpm *)tcti;

	(void)timeout; /* for ever; the line has a deadline */
	if (tpm->len == 0 &&
	    tpm_link_receive(tpm->link, tpm->answer, sizeof(tpm->answer),
		&tpm->len) != 0)
		return TSS2_TCTI_RC_IO_ERROR;
	if (response != NULL && *size < tpm->len)
		return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
	*size = tpm->len;
	if (response != NULL) {
		memcpy(response, tpm->answer, tpm->len);
		tpm->len = 0;
	}
	return TSS2_RC_SUCCESS;
}

/* What a call has come to. */
static int
result_of(const struct tpm *tpm, TSS2_RC rc)
{
	TSS2_RC layer;

	if (rc == TSS2_RC_SUCCESS)
		return 0;
	if (tpm->link->result != 0)
		return tpm->link->result;
	layer = rc & TSS2_RC_LAYER_MASK;
	if (layer == TSS2_TPM_RC_LAYER || layer == TSS2_RESMGR_RC_LAYER ||
	    layer == TSS2_RESMGR_TPM_RC_LAYER)
		return FG_ERR_REFUSED;
	return rc - layer == TSS2_BASE_RC_MEMORY ? FG_ERR_NOMEM : FG_ERR_FORMAT;
}

/* Whether the TPM has said this of whichever handle or parameter. */
static bool
is_tpm_error(TSS2_RC rc, TPM2_RC error)
{
	return (rc & TSS2_RC_LAYER_MASK) == TSS2_TPM_RC_LAYER &&
	    (rc & (TPM2_RC_FMT1 | 0x3fu)) == error;
}

static int
begin(struct tpm *tpm, struct tpm_link *link)
{
	memset(tpm, 0, sizeof(*tpm));
	tpm->tcti.magic = UINT64_C(0x6661726d67617465);
	tpm->tcti.version = 1;
	tpm->tcti.transmit = transmit;
	tpm->tcti.receive = receive;
	tpm->link = link;
	tpm->primary = tpm->session = tpm->sealed = ESYS_TR_NONE;
	return result_of(tpm,
	    Esys_Initialize(&tpm->esys, (TSS2_TCTI_CONTEXT *)tpm, NULL));
}

/* Nothing is left in a TPM that has room for three. */
static void
end(struct tpm *tpm)
{
	const ESYS_TR all[] = { tpm->sealed, tpm->session, tpm->primary };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] != ESYS_TR_NONE)
			(void)Esys_FlushContext(tpm->esys, all[i]); /* or not */
	Esys_Free(tpm->public);
	if (tpm->esys != NULL)
		Esys_Finalize(&tpm->esys);
}

/* What is at a handle for good. FG_ERR_NOT_FOUND: nothing is. */
static int
find(struct tpm *tpm, TPM2_HANDLE handle, ESYS_TR *ret_object)
{
	TSS2_RC rc;

	*ret_object = ESYS_TR_NONE;
	rc = Esys_TR_FromTPMPublic(tpm->esys, handle, NONE3, ret_object);
	if (is_tpm_error(rc, TPM2_RC_HANDLE))
		return FG_ERR_NOT_FOUND;
	return result_of(tpm, rc);
}

/* A key at a handle, of those that are for what the TPM itself has made. */
static int
find_key(struct tpm *tpm, TPM2_HANDLE handle)
{
	const TPMA_OBJECT all = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
	    TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_RESTRICTED |
	    TPMA_OBJECT_DECRYPT;
	TSS2_RC rc;
	int r;

	if ((r = find(tpm, handle, &tpm->key)) != 0)
		return r;
	rc = Esys_ReadPublic(tpm->esys, tpm->key, NONE3, &tpm->public, NULL,
	    NULL);
	if ((r = result_of(tpm, rc)) == 0 &&
	    (tpm->public->publicArea.objectAttributes &
		(all | TPMA_OBJECT_SIGN_ENCRYPT)) != all)
		r = FG_ERR_NOT_FOUND;
	return r;
}

static void
take_template(const struct tpm_template *template, TPM2B_PUBLIC *ret_public)
{
	size_t n = 0;
	TSS2_RC rc;

	memset(ret_public, 0, sizeof(*ret_public));
	rc = Tss2_MU_TPM2B_PUBLIC_Unmarshal(template->bytes, template->len, &n,
	    ret_public);
	assert(rc == TSS2_RC_SUCCESS && n == template->len);
}

static int
make_key(struct tpm *tpm, ESYS_TR hierarchy,
    const struct tpm_template *template)
{
	const TPM2B_SENSITIVE_CREATE sensitive = { .size = 0 };
	TPM2B_PUBLIC public;
	TSS2_RC rc;

	take_template(template, &public);
	Esys_Free(tpm->public);
	tpm->public = NULL;
	rc = Esys_CreatePrimary(tpm->esys, hierarchy, ESYS_TR_PASSWORD,
	    ESYS_TR_NONE, ESYS_TR_NONE, &sensitive, &public, &no_data, &no_pcrs,
	    &tpm->primary, &tpm->public, NULL, NULL, NULL);
	tpm->key = tpm->primary;
	return result_of(tpm, rc);
}

/* ---- the endorsement key ------------------------------------------------ */

static int
digest(const TPMT_PUBLIC *public, char ret_hex[CRYPTO_HEX_SIZE])
{
	uint32_t exponent = public->parameters.rsaDetail.exponent;

	ret_hex[0] = '\0';
	if (public->type != TPM2_ALG_RSA ||
	    public->unique.rsa.size != EK_MODULUS_SIZE)
		return FG_ERR_FORMAT;
	return ek_digest(public->unique.rsa.buffer,
	    exponent == 0 ? 65537 : exponent, ret_hex);
}

/* Another kind of key there is no error: this one is looked for elsewhere. */
static int
digest_at_handle(struct tpm *tpm, char ret_hex[CRYPTO_HEX_SIZE])
{
	int r = find_key(tpm, EK_HANDLE);

	if (r == 0 && digest(&tpm->public->publicArea, ret_hex) != 0)
		r = FG_ERR_NOT_FOUND;
	return r;
}

static int
digest_of_template(struct tpm *tpm, char ret_hex[CRYPTO_HEX_SIZE])
{
	int r = make_key(tpm, ESYS_TR_RH_ENDORSEMENT, &tpm_template_ek);

	return r != 0 ? r : digest(&tpm->public->publicArea, ret_hex);
}

/* Who may read an index, and how long it is; ESYS_TR_NONE: not we. */
static int
look_at_index(struct tpm *tpm, ESYS_TR index, ESYS_TR *ret_reader,
    size_t *ret_len)
{
	TPM2B_NV_PUBLIC *nv = NULL;
	int r;

	*ret_reader = ESYS_TR_NONE;
	*ret_len = 0;
	r = result_of(tpm,
	    Esys_NV_ReadPublic(tpm->esys, index, NONE3, &nv, NULL));
	if (r != 0)
		return r;
	if ((nv->nvPublic.attributes & TPMA_NV_AUTHREAD) != 0)
		*ret_reader = index;
	else if ((nv->nvPublic.attributes & TPMA_NV_OWNERREAD) != 0)
		*ret_reader = ESYS_TR_RH_OWNER;
	*ret_len = nv->nvPublic.dataSize;
	Esys_Free(nv);
	return 0;
}

/* len bytes from an offset on. */
static int
read_piece(struct tpm *tpm, const ESYS_TR from[2], uint8_t *buf, size_t len,
    size_t offset)
{
	TPM2B_MAX_NV_BUFFER *data = NULL;
	int r;

	r = result_of(tpm,
	    Esys_NV_Read(tpm->esys, from[0], from[1], ESYS_TR_PASSWORD,
		ESYS_TR_NONE, ESYS_TR_NONE, (uint16_t)len, (uint16_t)offset,
		&data));
	if (r == 0 && data->size != len)
		r = FG_ERR_FORMAT;
	if (r == 0)
		memcpy(buf + offset, data->buffer, len);
	Esys_Free(data);
	return r;
}

static int
digest_in_certificate(struct tpm *tpm, char ret_hex[CRYPTO_HEX_SIZE])
{
	uint8_t der[EK_CERTIFICATE_MAX];
	size_t len, n, done;
	ESYS_TR from[2]; /* as whom, and what */
	int r;

	if ((r = find(tpm, EK_CERTIFICATE, &from[1])) != 0 ||
	    (r = look_at_index(tpm, from[1], &from[0], &len)) != 0)
		return r;
	if (from[0] == ESYS_TR_NONE || len > sizeof(der))
		return FG_ERR_NOT_FOUND;
	for (done = 0; done < len; done += n) {
		n = len - done < NV_PIECE ? len - done : NV_PIECE;
		if ((r = read_piece(tpm, from, der, n, done)) != 0)
			return r;
	}
	return ek_digest_certificate(der, len, ret_hex);
}

int
tpm_read_ek(struct tpm_link *link, char ret_hex[CRYPTO_HEX_SIZE])
{
	struct tpm tpm;
	int r;

	ret_hex[0] = '\0';
	if ((r = begin(&tpm, link)) == 0)
		r = digest_at_handle(&tpm, ret_hex);
	/* A certificate that is of no use is none. */
	if (r == FG_ERR_NOT_FOUND &&
	    (r = digest_in_certificate(&tpm, ret_hex)) != 0 &&
	    link->result == 0)
		r = digest_of_template(&tpm, ret_hex);
	end(&tpm);
	return r;
}

/* ---- a sealed key ------------------------------------------------------- */

/* below: which storage key; 0: one that is there for good, if there is. */
static int
find_storage(struct tpm *tpm, unsigned int *below)
{
	int r = FG_ERR_NOT_FOUND;

	if (*below != BELOW_TEMPLATE)
		r = find_key(tpm, STORAGE_HANDLE);
	if (r == FG_ERR_NOT_FOUND && *below != BELOW_HANDLE) {
		*below = BELOW_TEMPLATE;
		return make_key(tpm, ESYS_TR_RH_OWNER, &tpm_template_storage);
	}
	*below = BELOW_HANDLE;
	return r;
}

/* With a session that encrypts what is said about a key to be kept below it. */
static int
open_storage(struct tpm *tpm, unsigned int *below)
{
	const TPMT_SYM_DEF aes = { .algorithm = TPM2_ALG_AES,
		.keyBits.aes = 128,
		.mode.aes = TPM2_ALG_CFB };
	int r;

	if ((r = find_storage(tpm, below)) != 0)
		return r;
	return result_of(tpm,
	    Esys_StartAuthSession(tpm->esys, tpm->key, ESYS_TR_NONE, NONE3,
		NULL, TPM2_SE_HMAC, &aes, TPM2_ALG_SHA256, &tpm->session));
}

/* Which parameters are encrypted: the command's first, the answer's first. */
static int
encrypt(struct tpm *tpm, TPMA_SESSION which)
{
	return result_of(tpm,
	    Esys_TRSess_SetAttributes(tpm->esys, tpm->session,
		which | TPMA_SESSION_CONTINUESESSION, 0xff));
}

static int
create(struct tpm *tpm, const uint8_t secret[CRYPTO_KEY_SIZE],
    TPM2B_PRIVATE **ret_private)
{
	TPM2B_SENSITIVE_CREATE sensitive = { .size = 0 };
	TPM2B_PUBLIC public;
	int r;

	r = encrypt(tpm, TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT);
	if (r != 0)
		return r;
	take_template(&tpm_template_sealed, &public);
	sensitive.sensitive.data.size = CRYPTO_KEY_SIZE;
	memcpy(sensitive.sensitive.data.buffer, secret, CRYPTO_KEY_SIZE);
	Esys_Free(tpm->public);
	tpm->public = NULL;
	r = result_of(tpm,
	    Esys_Create(tpm->esys, tpm->key, tpm->session, ESYS_TR_NONE,
		ESYS_TR_NONE, &sensitive, &public, &no_data, &no_pcrs,
		ret_private, &tpm->public, NULL, NULL, NULL));
	crypto_wipe(&sensitive, sizeof(sensitive));
	return r;
}

static int
put_blob(unsigned int below, const TPM2B_PUBLIC *public,
    const TPM2B_PRIVATE *private, struct tpm_blob *ret_blob)
{
	size_t n = 1;

	ret_blob->bytes[0] = (uint8_t)below;
	if (Tss2_MU_TPM2B_PUBLIC_Marshal(public, ret_blob->bytes, TPM_BLOB_MAX,
		&n) != TSS2_RC_SUCCESS ||
	    Tss2_MU_TPM2B_PRIVATE_Marshal(private, ret_blob->bytes,
		TPM_BLOB_MAX, &n) != TSS2_RC_SUCCESS)
		return FG_ERR_FORMAT;
	ret_blob->len = n;
	return 0;
}

int
tpm_seal(struct tpm_link *link, const uint8_t secret[CRYPTO_KEY_SIZE],
    struct tpm_blob *ret_blob)
{
	TPM2B_PRIVATE *private = NULL;
	unsigned int below = 0;
	struct tpm tpm;
	int r;

	memset(ret_blob, 0, sizeof(*ret_blob));
	if ((r = begin(&tpm, link)) == 0 &&
	    (r = open_storage(&tpm, &below)) == 0 &&
	    (r = create(&tpm, secret, &private)) == 0)
		r = put_blob(below, tpm.public, private, ret_blob);
	Esys_Free(private);
	end(&tpm);
	return r;
}

static int
take_blob(const struct tpm_blob *blob, TPM2B_PUBLIC *public,
    TPM2B_PRIVATE *private)
{
	size_t n = 1;

	if (blob->len == 0 || blob->len > TPM_BLOB_MAX ||
	    (blob->bytes[0] != BELOW_HANDLE &&
		blob->bytes[0] != BELOW_TEMPLATE) ||
	    Tss2_MU_TPM2B_PUBLIC_Unmarshal(blob->bytes, blob->len, &n,
		public) != TSS2_RC_SUCCESS ||
	    Tss2_MU_TPM2B_PRIVATE_Unmarshal(blob->bytes, blob->len, &n,
		private) != TSS2_RC_SUCCESS ||
	    n != blob->len)
		return FG_ERR_FORMAT;
	return 0;
}

static int
load(struct tpm *tpm, const TPM2B_PUBLIC *public, const TPM2B_PRIVATE *private)
{
	TSS2_RC rc;
	int r;

	if ((r = encrypt(tpm, TPMA_SESSION_DECRYPT)) != 0)
		return r;
	rc = Esys_Load(tpm->esys, tpm->key, tpm->session, ESYS_TR_NONE,
	    ESYS_TR_NONE, private, public, &tpm->sealed);
	if (is_tpm_error(rc, TPM2_RC_INTEGRITY))
		return FG_ERR_PEER;
	return result_of(tpm, rc);
}

static int
unseal(struct tpm *tpm, uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	TPM2B_SENSITIVE_DATA *data = NULL;
	int r;

	if ((r = encrypt(tpm, TPMA_SESSION_ENCRYPT)) != 0)
		return r;
	r = result_of(tpm,
	    Esys_Unseal(tpm->esys, tpm->sealed, tpm->session, ESYS_TR_NONE,
		ESYS_TR_NONE, &data));
	if (r != 0)
		return r;
	if (data->size == CRYPTO_KEY_SIZE)
		memcpy(ret_secret, data->buffer, CRYPTO_KEY_SIZE);
	else
		r = FG_ERR_FORMAT;
	crypto_wipe(data, sizeof(*data));
	Esys_Free(data);
	return r;
}

int
tpm_unseal(struct tpm_link *link, const struct tpm_blob *blob,
    uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	unsigned int below = blob->bytes[0];
	TPM2B_PRIVATE private = { .size = 0 };
	TPM2B_PUBLIC public = { .size = 0 };
	struct tpm tpm;
	int r;

	memset(ret_secret, 0, CRYPTO_KEY_SIZE);
	if ((r = take_blob(blob, &public, &private)) != 0)
		return r;
	if ((r = begin(&tpm, link)) == 0 &&
	    (r = open_storage(&tpm, &below)) == 0 &&
	    (r = load(&tpm, &public, &private)) == 0)
		r = unseal(&tpm, ret_secret);
	end(&tpm);
	/* The storage key that it was sealed below is not there. */
	return r == FG_ERR_NOT_FOUND ? FG_ERR_PEER : r;
}
