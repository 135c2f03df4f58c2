/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A jump host for tests, without one: its keys are made from a word, it draws
 * challenges, and opens what a laptop states.
 *
 *	statement device	a device key's file
 *	statement public FILE	its public key
 *	statement key WORD	the jump host's public key
 *	statement token WORD	a challenge of it
 *	statement open WORD TOKEN USER <ANSWER	what is stated, as JSON
 *	statement site WORD MAC	what stands for that gateway there
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/json/json.h"
#include "policyd/key.h"
#include "policyd/text.h"
#include "policyd/witness/answer.h"
#include "policyd/witness/statement_fill.h"
#include "policyd/witness/statement_names.h"
#include "policyd/witness/token.h"
#include "proto/result.h"

struct host {
	uint8_t secret[CRYPTO_KEY_SIZE];
	uint8_t public[CRYPTO_KEY_SIZE];
};

static void
give_up(const char *what)
{
	fprintf(stderr, "statement: %s\n", what);
	exit(1);
}

static struct host
make_host(const char *word)
{
	struct host host;

	crypto_digest("statement", word, strlen(word), host.secret);
	key_public(KEY_HOST, host.secret, host.public);
	return host;
}

static void
print_device(void)
{
	uint8_t secret[CRYPTO_KEY_SIZE];
	char text[KEY_SECRET_SIZE];

	crypto_random(secret, sizeof(secret));
	key_secret_text(KEY_DEVICE, secret, text);
	fputs(text, stdout);
}

static void
print_public(const char *path)
{
	uint8_t secret[CRYPTO_KEY_SIZE], public[CRYPTO_KEY_SIZE];
	char text[KEY_SECRET_SIZE] = "", key[KEY_TEXT_SIZE];
	FILE *in = fopen(path, "r");

	if (in == NULL || fread(text, 1, sizeof(text) - 1, in) == 0 ||
	    fclose(in) != 0 || key_secret_parse(KEY_DEVICE, text, secret) != 0)
		give_up("no device key");
	key_public(KEY_DEVICE, secret, public);
	key_text(KEY_DEVICE, public, key);
	puts(key);
}

static void
print_token(const struct host *host)
{
	char word[FG_TOKEN_SIZE];
	struct fg_token token;

	if (token_make(host->public, &token) != 0)
		give_up("no randomness");
	fg_token_text(&token, word);
	puts(word);
}

static void
add_digest(struct json *list, const uint8_t *digest)
{
	char hex[2 * STATEMENT_SITE_SIZE + 1];
	size_t i;

	for (i = 0; i < STATEMENT_SITE_SIZE; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	json_add_string(list, hex);
}

static void
add_finding(struct json *list, const struct statement_finding *f)
{
	enum finding_code code = statement_finding_code(f->finding);
	const char *grade = statement_grade_name(f->grade);
	char name[64];

	(void)text_format(name, sizeof(name), "%s%s%s%s%s",
	    code == FINDING_NONE ? "?" : finding_info(code)->name,
	    grade == NULL || grade[0] != '\0' ? ":" : "",
	    grade == NULL ? "?" : grade, f->of[0] != '\0' ? " " : "", f->of);
	json_add_string(list, name);
}

static void
print_statement(const struct statement *st)
{
	struct json *json = json_new(), *list;
	char key[KEY_TEXT_SIZE], *text;
	size_t i;

	key_text(KEY_DEVICE, st->device_key, key);
	json_set_string(json, "device_key", key);
	json_set_int(json, "at", (int64_t)st->at_s);
	json_set_int(json, "flags", st->flags);
	json_set_int(json, "unread", st->hwids.unread);
	list = json_set_array(json, "hwids");
	for (i = 0; i < st->hwids.n; i++)
		json_add_string(list, hwid_kind_name(st->hwids.list[i].kind));
	list = json_set_array(json, "findings");
	for (i = 0; i < st->nfindings; i++)
		add_finding(list, &st->finding[i]);
	add_digest(json_set_array(json, "gateway"), st->gateway);
	list = json_set_array(json, "peripherals");
	for (i = 0; i < st->nperipherals; i++)
		add_digest(list, st->peripheral[i]);
	json_set_string(json, "release", st->release);
	if ((text = json_text(json)) == NULL)
		give_up("out of memory");
	puts(text);
	free(text);
	json_free(json);
}

static void
open_answer(const struct host *host, const char *token, const char *user)
{
	struct answer_wanted wanted = { .user = user, .issued_ms = 1 };
	char text[ANSWER_MAX + 2] = "";
	struct statement st;
	const char *why;

	if (fgets(text, sizeof(text), stdin) == NULL)
		give_up("there is no answer");
	text[strcspn(text, "\n")] = '\0';
	if (fg_token_parse(token, &wanted.token) != 0)
		give_up("no token");
	if (answer_open(text, strlen(text), host->secret, &st, &why) != 0 ||
	    answer_check(&st, &wanted, 1, &why) != 0)
		give_up(why);
	print_statement(&st);
}

static void
print_site(const struct host *host, const char *mac)
{
	struct statement st = { 0 };
	unsigned int b[6];
	uint8_t bytes[6];
	size_t i;

	if (sscanf(mac, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4],
		&b[5]) != 6)
		give_up("no MAC address");
	for (i = 0; i < 6; i++)
		bytes[i] = (uint8_t)b[i];
	statement_set_gateway(&st, host->public, bytes);
	for (i = 0; i < STATEMENT_SITE_SIZE; i++)
		printf("%02x", st.gateway[i]);
	putchar('\n');
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	char key[KEY_TEXT_SIZE];
	struct host host;

	if (crypto_init() != 0)
		return 1;
	json_init();
	host = make_host(argc > 2 ? argv[2] : "");
	if (strcmp(what, "device") == 0 && argc == 2) {
		print_device();
	} else if (strcmp(what, "public") == 0 && argc == 3) {
		print_public(argv[2]);
	} else if (strcmp(what, "key") == 0 && argc == 3) {
		key_text(KEY_HOST, host.public, key);
		puts(key);
	} else if (strcmp(what, "token") == 0 && argc == 3) {
		print_token(&host);
	} else if (strcmp(what, "open") == 0 && argc == 5) {
		open_answer(&host, argv[3], argv[4]);
	} else if (strcmp(what, "site") == 0 && argc == 4) {
		print_site(&host, argv[3]);
	} else {
		give_up("device, public, key, token, open or site");
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
