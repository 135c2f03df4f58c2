/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Serial numbers: how they are read, and what is kept of them.
 */
#include "policyd/stepup/serial.h"

#include <string.h>

#include "policyd/text.h"

#define SALT_BYTES ((SERIAL_SALT_SIZE - 1) / 2)

/* What is hashed: always as long, so that it always takes as long. */
struct salted {
	char salt[SERIAL_SALT_SIZE];
	char serial[SERIAL_MAX];
};

void
serial_salt(char ret_salt[SERIAL_SALT_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char random[SALT_BYTES];
	size_t i;

	crypto_random(random, sizeof(random));
	for (i = 0; i < sizeof(random); i++) {
		ret_salt[2 * i] = hex[random[i] >> 4];
		ret_salt[2 * i + 1] = hex[random[i] & 15];
	}
	ret_salt[SERIAL_SALT_SIZE - 1] = '\0';
}

static bool
read_serial(const char *text, size_t len, char ret_serial[SERIAL_MAX])
{
	size_t i, n = 0;
	char c;

	for (i = 0; i < len; i++) {
		c = text[i];
		if (c == ' ' || c == '-')
			continue;
		c = text_upper(c);
		if (c < '!' || c > '~' || n == SERIAL_MAX)
			return false;
		ret_serial[n++] = c;
	}
	return n > 0;
}

bool
serial_hash(const char *salt, const char *text, size_t len,
    char ret_hash[CRYPTO_HEX_SIZE])
{
	struct salted s;
	bool is_serial;

	memset(&s, 0, sizeof(s));
	memcpy(s.salt, salt, strnlen(salt, sizeof(s.salt) - 1));
	if (!(is_serial = read_serial(text, len, s.serial)))
		memset(s.serial, 0, sizeof(s.serial));
	crypto_sha256_hex(&s, sizeof(s), ret_hash);
	crypto_wipe(&s, sizeof(s));
	return is_serial;
}
