/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line's codec. There is one line for what it says: what is read is held
 * against the text that it would be, to the last digit.
 */
#include "policyd/witness/enrolment_code.h"

#include <stdbool.h>
#include <string.h>

#include "policyd/witness/hwids_wire.h"
#include "proto/buf.h"
#include "proto/result.h"

#define VERSION	     1u
#define SIGNED_LABEL "farmgate-device-v1" /* with its NUL */
#define KIND	     "farmgate-device-v" /* of every version */

#define PREFIX_LEN (sizeof(ENROLMENT_CODE_PREFIX) - 1)
#define LABEL_LEN  sizeof(SIGNED_LABEL)
#define SAID_MAX \
	(1u + CRYPTO_KEY_SIZE + 1u + ASSET_TAG_MAX + HWIDS_WIRE_SIZE(HWIDS_MAX))
#define SIZE_MAX_ALL (SAID_MAX + CRYPTO_SIGNATURE_SIZE)

_Static_assert(PREFIX_LEN + (SIZE_MAX_ALL * 8 + 5) / 6 == ENROLMENT_CODE_MAX,
    "the longest line");

/* What is signed, and the signature behind .len bytes of it. */
struct envelope {
	uint8_t label[LABEL_LEN];
	uint8_t bytes[SIZE_MAX_ALL];
	size_t len;
};

static int
refuse(int r, const char *why, const char **ret_why)
{
	*ret_why = why;
	return r;
}

/* As an inventory takes one as it is; or there is none. */
static bool
is_tag(const char *tag, size_t len)
{
	struct asset asset;
	const char *why;

	if (len == 0)
		return true;
	asset_init(&asset);
	return asset_set(&asset, "asset_tag", tag, &why) == 0 &&
	    strlen(asset.tag) == len;
}

/* ---- to text ------------------------------------------------------------ */

static int
put_tag(struct fg_buf *buf, const char *tag)
{
	size_t len = strnlen(tag, ASSET_TAG_MAX + 1);

	if (len > ASSET_TAG_MAX)
		return FG_ERR_LIMIT;
	if (!is_tag(tag, len))
		return FG_ERR_FORMAT;
	(void)fg_buf_put_u8(buf, (uint8_t)len);
	return fg_buf_put_bytes(buf, tag, len);
}

static int
put_said(const struct enrolment_code *code, const uint8_t key[CRYPTO_KEY_SIZE],
    struct envelope *envelope)
{
	struct fg_buf buf;
	int r;

	memcpy(envelope->label, SIGNED_LABEL, LABEL_LEN);
	fg_buf_init(&buf, envelope->bytes, SAID_MAX);
	(void)fg_buf_put_u8(&buf, VERSION);
	(void)fg_buf_put_bytes(&buf, key, CRYPTO_KEY_SIZE);
	if ((r = put_tag(&buf, code->asset)) == 0)
		r = hwids_wire_put(&buf, &code->hwids, HWIDS_MAX);
	envelope->len = buf.off;
	return r;
}

int
enrolment_code_make(const struct enrolment_code *code,
    const uint8_t secret[CRYPTO_KEY_SIZE], char ret_text[ENROLMENT_CODE_SIZE])
{
	uint8_t key[CRYPTO_KEY_SIZE];
	struct envelope envelope;
	int r;

	ret_text[0] = '\0';
	crypto_public_key(secret, key);
	if ((r = put_said(code, key, &envelope)) != 0)
		return r;
	crypto_make_signature(&envelope, LABEL_LEN + envelope.len, secret,
	    envelope.bytes + envelope.len);
	memcpy(ret_text, ENROLMENT_CODE_PREFIX, PREFIX_LEN);
	crypto_base64url_encode(envelope.bytes,
	    envelope.len + CRYPTO_SIGNATURE_SIZE, ret_text + PREFIX_LEN,
	    ENROLMENT_CODE_SIZE - PREFIX_LEN);
	return 0;
}

/* ---- from text ---------------------------------------------------------- */

static int
decode(const char *text, struct envelope *envelope, const char **ret_why)
{
	size_t len = strnlen(text, ENROLMENT_CODE_SIZE), n;

	if (strncmp(text, KIND, sizeof(KIND) - 1) != 0)
		return refuse(FG_ERR_FORMAT,
		    "it is nothing that farmgatectl enrol request prints",
		    ret_why);
	if (strncmp(text, ENROLMENT_CODE_PREFIX, PREFIX_LEN) != 0)
		return refuse(FG_ERR_VERSION,
		    "it was made by another version of Farmgate", ret_why);
	if (len > ENROLMENT_CODE_MAX)
		return refuse(FG_ERR_LIMIT, "it is longer than any", ret_why);
	if (crypto_base64url_decode(text + PREFIX_LEN, len - PREFIX_LEN,
		envelope->bytes, sizeof(envelope->bytes), &n) != 0)
		return refuse(FG_ERR_FORMAT,
		    "it is damaged, or not all of it is there", ret_why);
	if (n < CRYPTO_SIGNATURE_SIZE)
		return refuse(FG_ERR_SHORT, "it is cut", ret_why);
	envelope->len = n - CRYPTO_SIGNATURE_SIZE;
	memcpy(envelope->label, SIGNED_LABEL, LABEL_LEN);
	return 0;
}

/* Of so many bytes, without the signature. */
static size_t
length_of(size_t said)
{
	return PREFIX_LEN + ((said + CRYPTO_SIGNATURE_SIZE) * 8 + 5) / 6;
}

size_t
enrolment_code_length(const char *text)
{
	const size_t tag_at = 1 + CRYPTO_KEY_SIZE;
	uint8_t bytes[SIZE_MAX_ALL];
	size_t len = strnlen(text, ENROLMENT_CODE_SIZE), n, said;

	if (strncmp(text, ENROLMENT_CODE_PREFIX, PREFIX_LEN) != 0 ||
	    len > ENROLMENT_CODE_MAX ||
	    crypto_base64url_decode(text + PREFIX_LEN,
		(len - PREFIX_LEN) / 4 * 4, bytes, sizeof(bytes), &n) != 0)
		return 0;
	said = tag_at + 1 + HWIDS_WIRE_SIZE(0);
	if (n <= tag_at)
		return length_of(said);
	if (bytes[tag_at] > ASSET_TAG_MAX)
		return 0;
	said += bytes[tag_at];
	if (n < said)
		return length_of(said);
	if (bytes[said - 1] > HWIDS_MAX)
		return 0;
	return length_of(said - HWIDS_WIRE_SIZE(0) +
	    HWIDS_WIRE_SIZE(bytes[said - 1]));
}

static int
get_tag(struct fg_buf *buf, char ret_tag[ASSET_TAG_MAX + 1])
{
	uint8_t len;

	if (fg_buf_get_u8(buf, &len) != 0)
		return buf->error;
	if (len > ASSET_TAG_MAX)
		return FG_ERR_LIMIT;
	if (fg_buf_get_bytes(buf, ret_tag, len) != 0)
		return buf->error;
	return is_tag(ret_tag, len) ? 0 : FG_ERR_FORMAT;
}

static int
get_said(struct envelope *envelope, struct enrolment_code *code)
{
	struct fg_buf buf;
	uint8_t version;
	int r;

	fg_buf_init(&buf, envelope->bytes, envelope->len);
	(void)fg_buf_get_u8(&buf, &version);
	if (buf.error == 0 && version != VERSION)
		return FG_ERR_VERSION;
	if ((r = fg_buf_get_bytes(&buf, code->device_key, CRYPTO_KEY_SIZE)) !=
		0 ||
	    (r = get_tag(&buf, code->asset)) != 0 ||
	    (r = hwids_wire_get(&buf, HWIDS_MAX, &code->hwids)) != 0)
		return r;
	return fg_buf_end(&buf);
}

static int
read_code(const char *text, struct enrolment_code *code, const char **ret_why)
{
	struct envelope envelope;
	int r;

	if ((r = decode(text, &envelope, ret_why)) != 0)
		return r;
	if ((r = get_said(&envelope, code)) != 0)
		return refuse(r, "it is damaged, or not all of it is there",
		    ret_why);
	if (!crypto_check_signature(&envelope, LABEL_LEN + envelope.len,
		code->device_key, envelope.bytes + envelope.len))
		return refuse(FG_ERR_UNSAFE,
		    "it was changed since the laptop made it: its signature "
		    "is wrong",
		    ret_why);
	return 0;
}

int
enrolment_code_read(const char *text, struct enrolment_code *ret_code,
    const char **ret_why)
{
	int r;

	*ret_why = NULL;
	memset(ret_code, 0, sizeof(*ret_code));
	if ((r = read_code(text, ret_code, ret_why)) != 0)
		memset(ret_code, 0, sizeof(*ret_code));
	return r;
}
