/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recovery codes: how they are made, and how they are read. Pure.
 */
#include "policyd/stepup/recovery.h"

#include <string.h>

#include "policyd/text.h"

#define DIGITS 12u
#define GROUP  4u

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The digit that is meant, or NUL. */
static char
read_digit(char c)
{
	c = text_upper(c);
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	return c != '\0' && strchr(digits, c) != NULL ? c : '\0';
}

void
recovery_new(char ret_code[RECOVERY_CODE_SIZE], char ret_hash[CRYPTO_HEX_SIZE])
{
	unsigned char random[DIGITS];
	size_t i, at = 0;

	crypto_random(random, sizeof(random));
	for (i = 0; i < DIGITS; i++) {
		if (i > 0 && i % GROUP == 0)
			ret_code[at++] = '-';
		ret_code[at++] = digits[random[i] & 31];
	}
	ret_code[at] = '\0';
	crypto_wipe(random, sizeof(random));
	(void)recovery_hash(ret_code, at, ret_hash); /* it is one */
}

bool
recovery_hash(const char *text, size_t len, char ret_hash[CRYPTO_HEX_SIZE])
{
	char code[DIGITS] = { 0 };
	bool is_code = true;
	size_t i, n = 0;
	char digit;

	for (i = 0; i < len && is_code; i++) {
		if (text[i] == '-')
			continue;
		digit = read_digit(text[i]);
		is_code = digit != '\0' && n < DIGITS;
		if (is_code)
			code[n++] = digit;
	}
	is_code = is_code && n == DIGITS;
	if (!is_code)
		memset(code, 0, sizeof(code));
	crypto_sha256_hex(code, sizeof(code), ret_hash);
	crypto_wipe(code, sizeof(code));
	return is_code;
}
