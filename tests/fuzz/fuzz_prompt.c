/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any text as the prompt that ssh hands to farmgate-attest. Where a challenge
 * is seen in it, its user and host put together again are the beginning of the
 * text, nothing further on could be the end of ssh's prefix, and the token is
 * the one in it. Built and run as fuzz_msg is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/prompt.h"
#include "attest/tty.h"

#define FUZZ_NAME "fuzz_prompt"
#define FUZZ_MAX  4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const char *text, const struct prompt_challenge *c)
{
	char prefix[FG_USER_MAX + FG_HOST_MAX + 8];
	const char *rest;
	size_t len;

	(void)snprintf(prefix, sizeof(prefix), "(%s@%s) ", c->user, c->host);
	len = strlen(prefix);
	if (strncmp(text, prefix, len) != 0 || strchr(c->host, '@') != NULL)
		abort();
	rest = text + len;
	if (strstr(rest, ") ") != NULL || strstr(rest, c->token) == NULL)
		abort();
	if (c->user[0] == '\0' || c->user[strcspn(c->user, "\r\n\t()")] != '\0')
		abort();
}

/* What is shown has no control character but line ends and tabs. */
static void
check_fit(const char *text)
{
	char *fit = tty_fit(text);

	if (fit == NULL)
		return;
	for (const char *p = fit; *p != '\0'; p++)
		if (((unsigned char)*p < ' ' && *p != '\n' && *p != '\t') ||
		    *p == 0x7f)
			abort();
	free(fit);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prompt_challenge c;
	const char *why;
	char *text;

	if (size > FUZZ_MAX || (text = malloc(size + 1)) == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (prompt_challenge(text, &c, &why) == 0)
		check(text, &c);
	else if (c.host[0] != '\0')
		abort();
	(void)prompt_is_open(text);
	check_fit(text);
	free(text);
	return 0;
}

#ifdef FUZZ_STANDALONE

#include "tests/fuzz/standalone.h"

#define TOKEN                    \
	"farmgate-challenge-v1." \
	"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

static const char *const seeds[] = { "(alice@jump.example.org) " TOKEN ": ",
	"(alice@jump) Welcome.\n" TOKEN ": ",
	"(a@b@fe80::1%lo) (mind)\n " TOKEN,
	"(alice@evil) (alice@jump) " TOKEN ": ",
	"(alice@jump) " TOKEN ": " TOKEN ": ", "(alice@jump) Password: ",
	"The authenticity of host 'jump (192.0.2.1)' can't be established.\n"
	"Are you sure you want to continue connecting (yes/no)? " };

#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "prompt", seeds, SEEDS);
}

/* A seed with up to four changes, mostly to what parts it. */
static size_t
mutate(uint8_t *buf)
{
	static const char parts[] = "(@) \n\r\t:.-_A1\033";
	const char *seed = seeds[next_random() % SEEDS];
	size_t len = strlen(seed);

	memcpy(buf, seed, len);
	for (uint32_t n = 1 + next_random() % 4; n > 0; n--) {
		size_t at = next_random() % len;

		switch (next_random() % 4) {
		case 0:
			buf[at] = (uint8_t)next_random();
			break;
		case 1:
			buf[at] =
			    (uint8_t)parts[next_random() % (sizeof(parts) - 1)];
			break;
		case 2:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len -= len > 1;
			break;
		case 3:
			memmove(buf + at + 1, buf + at, len - at);
			buf[at] =
			    (uint8_t)parts[next_random() % (sizeof(parts) - 1)];
			len++;
			break;
		}
	}
	return len;
}

int
main(int argc, char **argv)
{
	return standalone(argc, argv);
}

#endif
