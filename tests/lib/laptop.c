/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An enrolled laptop for tests, without one: it says what it is told to say,
 * where the real one says where it is.
 *
 *	laptop code FILE TAG	the line that it is enrolled by; FILE has its
 *				device key, see statement.c
 *	laptop say FILE HOST TOKEN USER [gateway MAC | beside SERIAL]...
 *				what it answers the jump host with that key
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/key.h"
#include "policyd/text.h"
#include "policyd/witness/answer.h"
#include "policyd/witness/enrolment_code.h"
#include "policyd/witness/statement_fill.h"
#include "proto/token.h"

static void
give_up(const char *what)
{
	fprintf(stderr, "laptop: %s\n", what);
	exit(1);
}

static void
read_key(const char *path, uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	char text[KEY_SECRET_SIZE] = "";
	FILE *in = fopen(path, "r");

	if (in == NULL || fread(text, 1, sizeof(text) - 1, in) == 0 ||
	    fclose(in) != 0 ||
	    key_secret_parse(KEY_DEVICE, text, ret_secret) != 0)
		give_up("no device key");
}

static void
print_code(const char *path, const char *tag)
{
	uint8_t secret[CRYPTO_KEY_SIZE];
	char text[ENROLMENT_CODE_SIZE];
	struct enrolment_code code;

	memset(&code, 0, sizeof(code));
	if (text_copy(code.asset, sizeof(code.asset), tag) != 0)
		give_up("the tag is too long");
	read_key(path, secret);
	if (enrolment_code_make(&code, secret, text) != 0)
		give_up("it cannot be said");
	puts(text);
}

static void
add_gateway(struct statement *st, const uint8_t host[CRYPTO_KEY_SIZE],
    const char *mac)
{
	unsigned int b[6];
	uint8_t bytes[6];
	size_t i;

	if (sscanf(mac, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4],
		&b[5]) != 6)
		give_up("no MAC address");
	for (i = 0; i < 6; i++)
		bytes[i] = (uint8_t)b[i];
	statement_set_gateway(st, host, bytes);
}

/* Pairs of what and which. */
static void
add_places(struct statement *st, const uint8_t host[CRYPTO_KEY_SIZE], int n,
    char **words)
{
	for (; n >= 2; n -= 2, words += 2) {
		if (strcmp(words[0], "gateway") == 0)
			add_gateway(st, host, words[1]);
		else if (strcmp(words[0], "beside") == 0)
			statement_add_peripheral(st, host, words[1]);
		else
			give_up("gateway or beside");
	}
	if (n != 0)
		give_up("a word is missing");
}

static void
say(int argc, char **argv)
{
	uint8_t secret[CRYPTO_KEY_SIZE], host[CRYPTO_KEY_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;
	struct fg_token token;
	const char *why;

	memset(&st, 0, sizeof(st));
	read_key(argv[0], secret);
	if (key_parse(KEY_HOST, argv[1], host) != 0)
		give_up("no jump host's key");
	if (fg_token_parse(argv[2], &token) != 0)
		give_up("no token");
	memcpy(st.host_id, token.host_id, sizeof(st.host_id));
	memcpy(st.nonce, token.nonce, sizeof(st.nonce));
	statement_user_digest(argv[3], st.user_digest);
	add_places(&st, host, argc - 4, argv + 4);
	if (answer_seal(&st, secret, host, text, &why) != 0)
		give_up(why);
	puts(text);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (crypto_init() != 0)
		return 1;
	if (strcmp(what, "code") == 0 && argc == 4)
		print_code(argv[2], argv[3]);
	else if (strcmp(what, "say") == 0 && argc >= 6)
		say(argc - 2, argv + 2);
	else
		give_up("code or say");
	return fflush(stdout) == 0 ? 0 : 1;
}
