/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a configuration. Either there are errors, and each is about a
 * line of the file and says what to do, or there is a configuration whose
 * dump reads back to itself. What the scan lets through, the parser reads.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_conf -s DIR	write seeds into DIR
 *	fuzz_conf -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_conf FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "proto/result.h"

#define FUZZ_MAX 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_errors(const struct conf_errors *errors, size_t lines)
{
	const struct conf_error *e;
	size_t i;

	if (errors->count == 0 && !errors->lost)
		abort();
	for (i = 0; i < errors->count; i++) {
		e = &errors->list[i];
		if (strcmp(e->file, "fuzz") == 0 && e->line > lines)
			abort();
		if (strstr(e->text, "; ") == NULL ||
		    strncmp(e->text, "the parser", 10) == 0)
			abort();
	}
}

static char *
dump(const struct conf *conf)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL || conf_dump(conf, out) != 0 || fclose(out) != 0)
		abort();
	return text;
}

static void
check_dump(const struct conf *conf)
{
	struct conf_errors errors = { 0 };
	struct conf *again = NULL;
	char *once = dump(conf), *twice;

	if (conf_parse("dump", once, strlen(once), &again, &errors) != 0) {
		conf_errors_print(&errors, stderr);
		abort();
	}
	twice = dump(again);
	if (strcmp(once, twice) != 0)
		abort();
	conf_free(again);
	free(once);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = { 0 };
	struct conf *conf = NULL;
	size_t i, lines = 1;
	int r;

	/* Network files would make this depend on the machine. */
	if (size > FUZZ_MAX || memmem(data, size, "files", 5) != NULL)
		return 0;
	for (i = 0; i < size; i++)
		lines += data[i] == '\n' ? 1 : 0;
	r = conf_parse("fuzz", data, size, &conf, &errors);
	if ((r == 0) != (conf != NULL))
		abort();
	if (r == 0)
		check_dump(conf);
	else
		check_errors(&errors, lines);
	conf_errors_done(&errors);
	conf_free(conf);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_conf"
#include "tests/fuzz/standalone.h"

static const char *const seeds[] = {
	"mode = \"observe\"\nhelp = \"Call \\\"4357\\\" \\\\ now\"\n"
	"audit = /var/log/a\nstate = \"/var/lib/s\"\n",
	"services { remote = {\"myvpn\", sudo} exempt = \"backup\" }\n",
	"database country { files = \"/x.mmdb\" }\n"
	"policy staff { users = {\"alice\", \"@staff\"}\n"
	" services = {sshd} countries = {\"NO\", \"SE\"} mode = enforce }\n",
	"network n { cidr = {192.0.2.0/24, \"2001:db8::/32\"} label = x\n"
	" place = NO trust = place }\n"
	"actions = {\"net.listed:x = deny\", \"geo.unknown = log\"}\n",
	"on_failure = {\"audit_unwritable = allow\"}\n"
	"policy p { combination c { findings = {\"geo.unknown\",\n"
	" \"remote.unknown\"} action = \"deny\" } # end\n}\n",
};

/* What grammars trip over, put in at random places. */
static const char *const pieces[] = { "{", "}", "=", "+=", ",", "\"", "'", "\\",
	"#", "//", "/*", "*/", "${X}", "\n", "\r\n", "policy a {",
	"users = ", "\xc3\xa6", "\xff", "combination c {", "include(", "|" };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	char path[4096];
	FILE *fp;

	for (size_t i = 0; i < SEEDS; i++) {
		(void)snprintf(path, sizeof(path), "%s/conf-%zu", dir, i);
		if ((fp = fopen(path, "wb")) == NULL ||
		    fputs(seeds[i], fp) == EOF || fclose(fp) != 0) {
			perror(path);
			return 1;
		}
	}
	return 0;
}

/* Insert n bytes of s at a place of buf. Returns the new length. */
static size_t
insert(uint8_t *buf, size_t len, const char *s, size_t n)
{
	size_t at = len == 0 ? 0 : next_random() % len;

	memmove(buf + at + n, buf + at, len - at);
	memcpy(buf + at, s, n);
	return len + n;
}

/* One to three seeds behind each other, with up to four changes. */
static size_t
mutate(uint8_t *buf)
{
	size_t len = 0, at, n;

	for (n = 1 + next_random() % 3; n > 0; n--) {
		const char *seed = seeds[next_random() % SEEDS];

		memcpy(buf + len, seed, strlen(seed));
		len += strlen(seed);
	}
	for (n = next_random() % 5; n > 0 && len > 0; n--) {
		at = next_random() % len;
		switch (next_random() % 5) {
		case 0:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 1:
			buf[at] = (uint8_t)next_random();
			break;
		case 2:
			len = at;
			break;
		case 3:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		default: {
			const char *piece = pieces[next_random() % PIECES];

			len = insert(buf, len, piece, strlen(piece));
		}
		}
	}
	return len;
}

int
main(int argc, char **argv)
{
	if (crypto_init() != 0)
		return 1;
	return standalone(argc, argv);
}

#endif
