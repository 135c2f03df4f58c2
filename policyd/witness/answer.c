/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sealing, opening and judging answers. Whatever comes to answer_open() is
 * somebody else's bytes until its signature was checked, and a statement of
 * somebody's own until its device key was found.
 */
#include "policyd/witness/answer.h"

#include <string.h>

#include "policyd/witness/statement_fill.h"
#include "policyd/witness/token.h"
#include "proto/result.h"

#define SIGNED_LABEL "farmgate-statement-v1" /* with its NUL */
#define KIND	     "farmgate-statement-v" /* of every version */

#define PREFIX_LEN (sizeof(ANSWER_PREFIX) - 1)
#define LABEL_LEN  sizeof(SIGNED_LABEL)
#define PLAIN_LEN  (STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE)
#define SEALED_LEN (PLAIN_LEN + CRYPTO_SEAL_TO_EXTRA)

/* No digit has bits that are nobody's, which could be changed unseen. */
_Static_assert(SEALED_LEN % 3 == 0 &&
	PREFIX_LEN + SEALED_LEN / 3 * 4 == ANSWER_LEN,
    "what is sealed fills its digits");

/* What is signed, and with the signature behind it what is sealed. */
struct envelope {
	uint8_t label[LABEL_LEN];
	uint8_t plain[PLAIN_LEN]; /* the statement, and the signature */
};

_Static_assert(sizeof(struct envelope) == LABEL_LEN + PLAIN_LEN,
    "label and statement are signed as one");

static uint8_t *
signature_of(struct envelope *envelope)
{
	return envelope->plain + STATEMENT_SIZE;
}

/* ---- the laptop --------------------------------------------------------- */

static int
seal(const struct envelope *envelope, const uint8_t host_key[CRYPTO_KEY_SIZE],
    char ret_text[ANSWER_SIZE])
{
	uint8_t sealed[SEALED_LEN];
	int r;

	if ((r = crypto_seal_to(envelope->plain, PLAIN_LEN, host_key,
		 sealed)) != 0)
		return r;
	memcpy(ret_text, ANSWER_PREFIX, PREFIX_LEN);
	crypto_base64url_encode(sealed, SEALED_LEN, ret_text + PREFIX_LEN,
	    ANSWER_SIZE - PREFIX_LEN);
	return 0;
}

static int
sign(const struct statement *statement,
    const uint8_t device_secret[CRYPTO_KEY_SIZE], struct envelope *ret_envelope)
{
	struct statement whole = *statement;
	int r;

	crypto_public_key(device_secret, whole.device_key);
	memcpy(ret_envelope->label, SIGNED_LABEL, LABEL_LEN);
	if ((r = statement_encode(&whole, ret_envelope->plain)) == 0)
		crypto_make_signature(ret_envelope, LABEL_LEN + STATEMENT_SIZE,
		    device_secret, signature_of(ret_envelope));
	crypto_wipe(&whole, sizeof(whole));
	return r;
}

int
answer_seal(const struct statement *statement,
    const uint8_t device_secret[CRYPTO_KEY_SIZE],
    const uint8_t host_key[CRYPTO_KEY_SIZE], char ret_text[ANSWER_SIZE],
    const char **ret_why)
{
	uint8_t host_id[FG_TOKEN_HOST_SIZE];
	struct envelope envelope;
	int r;

	memset(ret_text, 0, ANSWER_SIZE);
	*ret_why = NULL;
	token_host_id(host_key, host_id);
	if (!crypto_equal(host_id, statement->host_id, sizeof(host_id))) {
		*ret_why = "the challenge is not that jump host's";
		return FG_ERR_PEER;
	}
	if ((r = sign(statement, device_secret, &envelope)) != 0)
		*ret_why = "no statement can say that";
	else if ((r = seal(&envelope, host_key, ret_text)) != 0)
		*ret_why = r == FG_ERR_SYSTEM ?
		    "the kernel gives no randomness" :
		    "nothing can be sealed to the jump host's key";
	crypto_wipe(&envelope, sizeof(envelope));
	return r;
}

/* ---- the jump host ------------------------------------------------------ */

static int
refuse(int r, const char *why, const char **ret_why)
{
	*ret_why = why;
	return r;
}

static int
check_text(const char *text, size_t len, const char **ret_why)
{
	if (len > ANSWER_MAX)
		return refuse(FG_ERR_LIMIT, "it is longer than any statement",
		    ret_why);
	if (len < PREFIX_LEN || memcmp(text, KIND, sizeof(KIND) - 1) != 0)
		return refuse(FG_ERR_FORMAT, "it is no statement", ret_why);
	if (memcmp(text, ANSWER_PREFIX, PREFIX_LEN) != 0)
		return refuse(FG_ERR_VERSION,
		    "the statement is of another version", ret_why);
	if (len < ANSWER_LEN)
		return refuse(FG_ERR_SHORT, "the statement is cut", ret_why);
	if (len > ANSWER_LEN)
		return refuse(FG_ERR_LIMIT, "more follows on the statement",
		    ret_why);
	return 0;
}

static int
unseal(const char *text, const uint8_t host_secret[CRYPTO_KEY_SIZE],
    struct envelope *ret_envelope, const char **ret_why)
{
	uint8_t sealed[SEALED_LEN];
	size_t n;

	if (crypto_base64url_decode(text + PREFIX_LEN, ANSWER_LEN - PREFIX_LEN,
		sealed, sizeof(sealed), &n) != 0 ||
	    n != sizeof(sealed))
		return refuse(FG_ERR_FORMAT, "the statement is not in base 64",
		    ret_why);
	if (crypto_unseal_with(sealed, sizeof(sealed), host_secret,
		ret_envelope->plain) != 0)
		return refuse(FG_ERR_UNSAFE,
		    "the statement is not sealed to this jump host, or is "
		    "damaged",
		    ret_why);
	return 0;
}

static int
verify(struct envelope *envelope, struct statement *ret_statement,
    const char **ret_why)
{
	int r =
	    statement_decode(envelope->plain, STATEMENT_SIZE, ret_statement);

	if (r == FG_ERR_VERSION)
		return refuse(r, "what was sealed is of another version",
		    ret_why);
	if (r != 0)
		return refuse(r, "what was sealed is not of a statement's form",
		    ret_why);
	memcpy(envelope->label, SIGNED_LABEL, LABEL_LEN);
	if (!crypto_check_signature(envelope, LABEL_LEN + STATEMENT_SIZE,
		ret_statement->device_key, signature_of(envelope)))
		return refuse(FG_ERR_UNSAFE,
		    "the statement is not signed by the device key in it",
		    ret_why);
	return 0;
}

int
answer_open(const char *text, size_t len,
    const uint8_t host_secret[CRYPTO_KEY_SIZE], struct statement *ret_statement,
    const char **ret_why)
{
	struct envelope envelope;
	int r;

	memset(ret_statement, 0, sizeof(*ret_statement));
	*ret_why = NULL;
	if ((r = check_text(text, len, ret_why)) != 0)
		return r;
	if ((r = unseal(text, host_secret, &envelope, ret_why)) == 0)
		r = verify(&envelope, ret_statement, ret_why);
	if (r != 0)
		crypto_wipe(ret_statement, sizeof(*ret_statement));
	crypto_wipe(&envelope, sizeof(envelope));
	return r;
}

int
answer_check(const struct statement *statement,
    const struct answer_wanted *wanted, int64_t now_ms, const char **ret_why)
{
	static const uint8_t none[FG_TOKEN_NONCE_SIZE];
	uint8_t user[STATEMENT_USER_SIZE];

	*ret_why = NULL;
	if (crypto_equal(wanted->token.nonce, none, sizeof(none)))
		return refuse(FG_ERR_NOT_FOUND, "no challenge is outstanding",
		    ret_why);
	if (!crypto_equal(statement->host_id, wanted->token.host_id,
		FG_TOKEN_HOST_SIZE))
		return refuse(FG_ERR_PEER,
		    "the statement is for another jump host", ret_why);
	if (!crypto_equal(statement->nonce, wanted->token.nonce,
		FG_TOKEN_NONCE_SIZE))
		return refuse(FG_ERR_PEER,
		    "the statement answers another challenge", ret_why);
	statement_user_digest(wanted->user, user);
	if (!crypto_equal(statement->user_digest, user, sizeof(user)))
		return refuse(FG_ERR_PEER, "the statement is for another user",
		    ret_why);
	/* A clock that goes backwards is none to go by. */
	if (now_ms < wanted->issued_ms ||
	    now_ms - wanted->issued_ms > ANSWER_AGE_MAX_MS)
		return refuse(FG_ERR_TIMEOUT,
		    "the challenge is older than 60 seconds", ret_why);
	return 0;
}
