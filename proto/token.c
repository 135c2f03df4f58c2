/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens and their words. The text around one is the other side's, and so is
 * the word: nothing is taken but what is exactly of the form.
 */
#include "proto/token.h"

#include <stdbool.h>
#include <string.h>

#include "proto/result.h"

#define KIND	"farmgate-challenge-" /* of every version */
#define DIGITS	(FG_TOKEN_SIZE - sizeof(FG_TOKEN_PREFIX))
#define CONTENT (FG_TOKEN_HOST_SIZE + FG_TOKEN_NONCE_SIZE)

_Static_assert(DIGITS == (8 * CONTENT + 5) / 6, "six bits to a digit");

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_";

/* The bit at this place, the highest of a byte first; zero behind them all. */
static unsigned int
bit_of(const uint8_t content[CONTENT], size_t at)
{
	return at < 8 * CONTENT ?
	    (unsigned int)content[at / 8] >> (7 - at % 8) & 1 :
	    0;
}

static void
encode(const uint8_t content[CONTENT], char ret_text[DIGITS + 1])
{
	unsigned int v;
	size_t i, j;

	for (i = 0; i < DIGITS; i++) {
		for (v = 0, j = 0; j < 6; j++)
			v = v << 1 | bit_of(content, 6 * i + j);
		ret_text[i] = digits[v];
	}
	ret_text[DIGITS] = '\0';
}

/* There is one text for each content: what is left of the last digit is 0. */
static bool
decode(const char *text, uint8_t ret_content[CONTENT])
{
	const char *digit;
	size_t i, j, at;
	unsigned int v;

	for (i = 0; i < DIGITS; i++) {
		if (text[i] == '\0' ||
		    (digit = strchr(digits, text[i])) == NULL)
			return false;
		v = (unsigned int)(digit - digits);
		for (j = 0; j < 6; j++) {
			if ((v >> (5 - j) & 1u) == 0)
				continue;
			if ((at = 6 * i + j) >= 8 * CONTENT)
				return false;
			ret_content[at / 8] |= (uint8_t)(0x80u >> at % 8);
		}
	}
	return text[DIGITS] == '\0';
}

void
fg_token_text(const struct fg_token *token, char ret_word[FG_TOKEN_SIZE])
{
	uint8_t content[CONTENT];

	memcpy(content, token->host_id, FG_TOKEN_HOST_SIZE);
	memcpy(content + FG_TOKEN_HOST_SIZE, token->nonce, FG_TOKEN_NONCE_SIZE);
	memcpy(ret_word, FG_TOKEN_PREFIX, sizeof(FG_TOKEN_PREFIX));
	encode(content, ret_word + sizeof(FG_TOKEN_PREFIX) - 1);
}

/* A number that is not 1, in place of it. */
static bool
is_of_other_version(const char *text)
{
	size_t n;

	if (strncmp(text, KIND "v", sizeof(KIND)) != 0)
		return false;
	text += sizeof(KIND);
	n = strspn(text, "0123456789");
	return n > 0 && text[n] == '.' && (n != 1 || text[0] != '1');
}

int
fg_token_parse(const char *text, struct fg_token *ret_token)
{
	const size_t prefix = sizeof(FG_TOKEN_PREFIX) - 1;
	uint8_t content[CONTENT] = { 0 };

	memset(ret_token, 0, sizeof(*ret_token));
	if (is_of_other_version(text))
		return FG_ERR_VERSION;
	if (strncmp(text, FG_TOKEN_PREFIX, prefix) != 0 ||
	    !decode(text + prefix, content))
		return FG_ERR_FORMAT;
	memcpy(ret_token->host_id, content, FG_TOKEN_HOST_SIZE);
	memcpy(ret_token->nonce, content + FG_TOKEN_HOST_SIZE,
	    FG_TOKEN_NONCE_SIZE);
	return 0;
}

static bool
is_of_word(char c)
{
	return c != '\0' && (c == '.' || strchr(digits, c) != NULL);
}

/* How long the word is that begins at text. */
static size_t
word_length(const char *text)
{
	size_t n = 0;

	while (is_of_word(text[n]))
		n++;
	return n;
}

/* The word that begins at text, which has a kind's name somewhere in it. */
static int
take_word(const char *text, size_t len, char ret_word[FG_TOKEN_SIZE])
{
	struct fg_token token;

	if (is_of_other_version(text))
		return FG_ERR_VERSION;
	if (len != FG_TOKEN_SIZE - 1)
		return FG_ERR_FORMAT;
	memcpy(ret_word, text, len);
	ret_word[len] = '\0';
	return fg_token_parse(ret_word, &token);
}

int
fg_token_find(const char *text, char ret_word[FG_TOKEN_SIZE])
{
	const char *at, *begin;
	int r = FG_ERR_NOT_FOUND;

	ret_word[0] = '\0';
	for (at = strstr(text, KIND); at != NULL; at = strstr(begin, KIND)) {
		begin = at;
		while (begin > text && is_of_word(begin[-1]))
			begin--;
		r = r == 0 ? FG_ERR_LIMIT :
			     take_word(begin, word_length(begin), ret_word);
		if (r != 0)
			break;
		begin += word_length(begin);
	}
	if (r != 0)
		ret_word[0] = '\0';
	return r;
}
