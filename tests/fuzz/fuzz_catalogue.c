/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a file of the catalogue. Either there are errors, and each is
 * about a line of the file and says what to do, or there are rules that the
 * scanner takes, and they are found in what was written.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_catalogue -s DIR	write seeds into DIR
 *	fuzz_catalogue -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_catalogue FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/catalogue/catalogue.h"
#include "policyd/crypto.h"

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
		if (strcmp(e->file, "fuzz") != 0 || e->line == 0 ||
		    e->line > lines || strstr(e->text, "; ") == NULL ||
		    strncmp(e->text, "the parser", 10) == 0)
			abort();
	}
}

/* A hostile glob costs no more than its length times the text's. */
static void
check_globs(const struct rules *rules)
{
	static const char text[] = "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	size_t i;

	for (i = rules->first[RULE_EXE]; i < rules->first[RULE_LISTEN]; i++)
		(void)rule_glob(rules->rule[i].text, text);
}

static void
check_entries(const struct catalogue *catalogue)
{
	const struct catalogue_entry *e;
	size_t i, n = 0;

	for (i = 0; i < catalogue->nentries; i++) {
		e = &catalogue->entries[i];
		n += e->nrules;
		if (e->kind == ENTRY_NONE || e->of >= catalogue->nentries ||
		    catalogue->entries[e->of].of != e->of ||
		    e->title[0] == '\0' ||
		    (e->nrules == 0 && e->kind != ENTRY_ORDINARY &&
			catalogue_values(e, "active") == NULL))
			abort();
	}
	if (n != catalogue->nrules)
		abort();
}

static void
check_rules(const struct catalogue *catalogue)
{
	struct rules rules;

	if (catalogue_rules(catalogue, &rules) != 0 ||
	    rules.nrules != catalogue->nrules ||
	    rules.nentries > catalogue->nentries)
		abort();
	check_globs(&rules);
	rules_done(&rules);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = { 0 };
	struct catalogue *catalogue = NULL;
	size_t i, lines = 1;
	int r;

	if (size > FUZZ_MAX)
		return 0;
	for (i = 0; i < size; i++)
		lines += data[i] == '\n' ? 1 : 0;
	r = catalogue_parse("fuzz", data, size, &catalogue, &errors);
	if ((r == 0) != (catalogue != NULL))
		abort();
	if (r == 0) {
		check_entries(catalogue);
		check_rules(catalogue);
	} else {
		check_errors(&errors, lines);
	}
	conf_errors_done(&errors);
	catalogue_free(catalogue);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_catalogue"
#include "tests/fuzz/standalone.h"

static const char *const seeds[] = {
	"tool a { title = \"A\" kind = vnc exe = {\"/usr/bin/a\", b}\n"
	" listen = {\"tcp/5900-5999\", \"udp/1\"} active = {listen, child} }\n",
	"tool b { title = \"B\" kind = rmm script = \"/opt/*/b?\" comm = b\n"
	" packages = {libb, b} units = {\"b@*.service\", \"user/b.socket\"}\n"
	" files = \"/opt/b*\" relay = \"tcp/443\" active = relay }\n",
	"tool c { title = \"C\" kind = tunnel interfaces = \"wg?\"\n"
	" active_exe = \"/usr/bin/c\" exe = c active_argument = \"--x*\"\n"
	" listen = \"tcp/1\" listen_argument = {\"-p\", \"--port\"}\n"
	" active = listen sockets = \"/run/user/*/c-*\"\n"
	" active_comm = c steers = own source = \"a@1\" note = \"\\\"n\\\\\" "
	"}\n",
	"usb d { title = \"D\" kind = \"ip-kvm\" vendor = {1d6b, 1d6c}\n"
	" product = {0104, 0105} manufacturer = \"M\" model = {\"A\", \"B\"}\n"
	" serial = \"S\" storage = {\"PiKVM/Flash Drive\"} hid = no }\n",
	"usb e { same_as = d reports = "
	"\"5333cc3a23db1dd7a9e8303e2169a54a7070f69822fa503014834652c24410b6\" "
	"}\n",
	"display f { title = \"F\" kind = \"hdmi-capture\" manufacturer = LNX\n"
	" products = {\"7770-7773\", 8888} models = \"P\" weak = yes }\n",
	"display g { title = \"G\" kind = \"dummy-plug\" serials = \"S\" }\n",
	"input h { title = \"H\" kind = jiggler device = {\"x *\"}\n"
	" bus = 0006 vendor = 2333 }\n",
	"hypervisor i { title = \"I\" dmi = {\"QEMU\"} cpuid = \"KVMKVMKVM\"\n"
	" pci = 1af4 usb = {\"80ee:0021\", \"203a:*\"} display = \"RHT:1234\" "
	"}\n",
	"tool j { title = \"J\" kind = ordinary }\n",
};

/* What grammars trip over, put in at random places. */
static const char *const pieces[] = { "{", "}", "=", ",", "\"", "\\", "#",
	"${X}", "\n", "\xff", "tool a {", "usb d {", "*", "?", "[", "/", "//",
	"/../", "same_as = d ", "kind = rmm ", "hid = yes ", "tcp/", "-", ":",
	"ordinary", "active = running ", "0000", "user/", "title = ", "" };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "catalogue", seeds, SEEDS);
}

/* One to four seeds behind each other, with up to four changes. */
static size_t
mutate(uint8_t *buf)
{
	size_t len = 0, at, n;

	for (n = 1 + next_random() % 4; n > 0; n--) {
		const char *seed = seeds[next_random() % SEEDS];

		memcpy(buf + len, seed, strlen(seed));
		len += strlen(seed);
	}
	for (n = next_random() % 5; n > 0 && len > 0; n--) {
		at = next_random() % len;
		switch (next_random() % 4) {
		case 0:
			buf[at] = (uint8_t)next_random();
			break;
		case 1:
			len = at;
			break;
		case 2:
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
