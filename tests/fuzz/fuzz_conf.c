/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a configuration. Either there are errors, and each is about a
 * line of the file and says what to do, or there is a configuration whose
 * dump reads back to itself. What the scan lets through, the parser reads.
 * Behind a first line "addresses" or "systems" the bytes are such a list: each
 * line is an entry that is taken or told of, or none.
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
#include <sys/resource.h>

#include "policyd/conf/conf_parts.h"
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

/* Lists in files would make this depend on the machine: none can be opened. */
static int
parse_without_files(const uint8_t *data, size_t size, struct conf **ret_conf,
    struct conf_errors *errors)
{
	struct rlimit saved, none;
	int r;

	if (getrlimit(RLIMIT_NOFILE, &saved) != 0)
		abort();
	none = saved;
	none.rlim_cur = 0;
	if (setrlimit(RLIMIT_NOFILE, &none) != 0)
		abort();
	r = conf_parse("fuzz", data, size, ret_conf, errors);
	if (setrlimit(RLIMIT_NOFILE, &saved) != 0)
		abort();
	return r;
}

static void
check_conf(const uint8_t *data, size_t size)
{
	struct conf_errors errors = { 0 };
	struct conf *conf = NULL;
	size_t i, lines = 1;
	int r;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n' ? 1 : 0;
	r = parse_without_files(data, size, &conf, &errors);
	if ((r == 0) != (conf != NULL))
		abort();
	if (r == 0)
		check_dump(conf);
	else
		check_errors(&errors, lines);
	conf_errors_done(&errors);
	conf_free(conf);
}

static void
check_numbers(const struct conf_asns *asns)
{
	size_t i;

	for (i = 0; i < asns->nsorted; i++)
		if (asns->sorted[i] == 0 ||
		    (i > 0 && asns->sorted[i - 1] >= asns->sorted[i]) ||
		    !conf_asns_has(asns, asns->sorted[i]))
			abort();
}

static void
check_list(const uint8_t *data, size_t size, bool of_asns)
{
	struct conf_errors errors = { 0 };
	struct conf_reader reader = { .file = "fuzz", .errors = &errors };
	struct conf_list list = { .reader = &reader, .path = "list" };
	struct netset *set = netset_new();
	struct conf_asns asns = { 0 };
	char *text = malloc(size + 1);

	if (set == NULL || text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	list.into = of_asns ? (void *)&asns : (void *)set;
	conf_list_parse(&list, of_asns ? conf_asnfile_line : conf_netfile_line,
	    text, size);
	netset_seal(set);
	if (reader.nomem || list.bad > list.entries ||
	    (errors.count == 0) != (list.bad == 0) ||
	    (!of_asns && netset_count(set) != list.entries - list.bad) ||
	    (of_asns && asns.nsorted != list.entries - list.bad))
		abort();
	conf_asnfile_seal(&asns);
	check_numbers(&asns);
	free(asns.sorted);
	netset_free(set);
	free(text);
	conf_errors_done(&errors);
}

/* The length of a first line that says this; 0 if it does not. */
static size_t
first_line(const uint8_t *data, size_t size, const char *line)
{
	size_t len = strlen(line);

	return size >= len && memcmp(data, line, len) == 0 ? len : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n;

	if (size > FUZZ_MAX)
		return 0;
	if ((n = first_line(data, size, "addresses\n")) != 0)
		check_list(data + n, size - n, false);
	else if ((n = first_line(data, size, "systems\n")) != 0)
		check_list(data + n, size - n, true);
	else
		check_conf(data, size);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_conf"
#include "tests/fuzz/standalone.h"

static const char *const seeds[] = {
	"mode = \"observe\"\nhelp = \"Call \\\"4357\\\" \\\\ now\"\n"
	"audit = /var/log/a\nstate = \"/var/lib/s\"\n",
	"services { remote = {\"myvpn\", sudo} exempt = \"backup\" }\n",
	"database country { files = {\"/x.mmdb\", /y} max_age = 60d }\n"
	"policy staff { users = {\"alice\", \"@staff\"}\n"
	" services = {sshd} countries = {\"NO\", \"SE\"} mode = enforce }\n",
	"network n { cidr = {192.0.2.0/24, \"2001:db8::/32\"} label = x\n"
	" place = NO trust = place }\n"
	"actions = {\"net.listed:x = deny\", \"geo.unknown = log\"}\n",
	"on_failure = {\"audit_unwritable = allow\"}\n"
	"policy p { combination c { findings = {\"geo.unknown\",\n"
	" \"remote.unknown\"} action = \"deny\" } # end\n}\n",
	"missing_accuracy = 25km\n"
	"database asn { files = /a }\ndatabase anonymous { files = /n }\n"
	"asn bad { numbers = {AS64500, 7} kind = vpn }\n"
	"policy q { deny_asns = {\"AS1\", bad} }\n",
	"network t { files = {\"/etc/passwd\"} kind = tor max_age = 1h\n"
	" trust = bastion }\n",
	"max_speed = 900km/h\ntravel_floor = \"100km\"\nasn_learning = 3\n"
	"shared_people = 2\nshared_window = 30d\nhistory = 90d\n"
	"terminate = no\n",
	"network h { cidr = 2001:db8::/64 shared = \"a \\\"home\\\"\"\n"
	" shared_until = 2028-02-29 }\n"
	"policy s { max_sessions = 3 places = {\"network\", \"asn\"} }\n"
	"database asn { files = /a }\n",
	"step_up = {totp, \"approval\"} step_up_time = 2m remember = 12h\n"
	"actions = {\"geo.stale = challenge all totp serial\"}\n"
	"policy u { step_up = approval combination d { findings =\n"
	" {\"geo.unknown\", \"remote.unknown\"}\n"
	" action = \"challenge any delegate approval\" } }\n",
	"jumphost j { names = {\"jump.example.org\", 10.0.0.5, \"fe80::1%e\"}\n"
	" key = \"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M=\" }\n",
	"addresses\n192.0.2.0/24 # c\r\n2001:db8::/32\n192.0.2.1 - 192.0.2.9\n"
	"network,x\n\"198.51.100.0/24\",\"NO\" ; c\nadd n 203.0.113.7 "
	"timeout 6\nExitAddress 192.0.2.3 2026-01-01 // c\n",
	"systems\nASN,name\nAS64500 Example # c\n\"64501\",\"x\"\nas7;x\n",
};

/* What grammars trip over, put in at random places. */
static const char *const pieces[] = { "{", "}", "=", "+=", ",", "\"", "'", "\\",
	"#", "//", "/*", "*/", "${X}", "\n", "\r\n", "policy a {",
	"users = ", "\xc3\xa6", "\xff", "combination c {", "include(", "|",
	"asn b {", "kind = ", "-", "addresses\n", "systems\n", " nomatch",
	"AS4294967296", "km/h", "9999-12-31", "places = ", "challenge any ",
	"step_up = ", "\xef\xbb\xbf", "ExitAddress ", "add n ", ";" };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "conf", seeds, SEEDS);
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
