/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a database. Either they are refused, with a reason, or every
 * address has an answer that is one, whatever kind of database the file is
 * taken for. The seeds are written by tests/fixtures/mmdb.pl.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own, run at the top of the tree:
 *	fuzz_geo -s DIR		write seeds into DIR
 *	fuzz_geo -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_geo FILE ...	replay files
 */
#include <sys/mman.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/conf/countries.h"
#include "policyd/geo/geo_parts.h"

#define FUZZ_MAX 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_place(const struct fact_place *p)
{
	if ((p->state == FACT_KNOWN) != country_is_known(p->country))
		abort();
	if (!isfinite(p->latitude) || !isfinite(p->longitude) ||
	    fabs(p->latitude) > 90 || fabs(p->longitude) > 180 ||
	    !isfinite(p->accuracy_km) || strlen(p->city) > FACT_CITY_MAX)
		abort();
}

static void
ask(const struct geo *geo)
{
	static const char *const addresses[] = { "0.0.0.0", "1.124.213.1",
		"5.1.80.1", "9.1.0.1", "9.2.0.1", "9.3.0.1", "9.6.0.1",
		"81.2.69.142", "255.255.255.255", "::", "2a02:2e0::1",
		"2001:4860::1", "8000::", "ffff::ffff" };
	struct fact_anonymous anonymous;
	struct fact_place place;
	struct fact_asn asn;
	struct addr a;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		if (addr_parse(addresses[i], &a) != 0)
			abort();
		geo_place(geo, &a, &place);
		geo_asn(geo, &a, &asn);
		geo_anonymous(geo, &a, &anonymous);
		check_place(&place);
		if ((asn.state == FACT_KNOWN) != (asn.number != 0) ||
		    strlen(asn.org) > FACT_ORG_MAX ||
		    strlen(anonymous.provider) > FACT_ORG_MAX ||
		    anonymous.confidence < 0 || anonymous.confidence > 99)
			abort();
	}
}

/* The file as a database of each kind that it can be. */
static void
try_kinds(struct geo_db *db, const struct geo_copy *copy)
{
	struct geo_source source = { .db = db };
	struct geo geo = { .sources = &source, .count = 1 };
	enum conf_database_kind kind;

	for (kind = CONF_DATABASE_COUNTRY; kind <= CONF_DATABASE_ANONYMOUS;
	     kind++) {
		if (!geo_schema_find(kind, db, &copy->layout, &source.paths))
			continue;
		source.info.kind = kind;
		source.info.schema = source.paths.schema;
		geo.wanted[kind] = geo.opened[kind] = 1;
		ask(&geo);
	}
}

static void
try_copy(struct geo_copy *copy)
{
	struct geo_db *db = NULL;
	const char *why = NULL;
	char names[64];
	int r;

	r = geo_verify(copy->data, copy->len, &copy->layout, &why);
	if ((r == 0) != (why == NULL))
		abort();
	if (r != 0)
		return;
	geo_members(copy->data, copy->len, &copy->layout, names, sizeof(names));
	if (memchr(names, '\0', sizeof(names)) == NULL)
		abort();
	if ((r = geo_db_open(copy, &db, &why)) != 0) {
		if (why == NULL || db != NULL)
			abort();
		return;
	}
	try_kinds(db, copy);
	geo_db_close(db);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct geo_copy copy = { .fd = -1 };

	if (size == 0 || size > FUZZ_MAX)
		return 0;
	/* Where the library is at it, a byte behind the end is a fault. */
	copy.fd = memfd_create("fuzz_geo", MFD_CLOEXEC);
	if (copy.fd == -1 || write(copy.fd, data, size) != (ssize_t)size)
		abort();
	copy.data = data;
	copy.len = size;
	try_copy(&copy);
	(void)close(copy.fd); /* a memory file */
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_geo"
#include "tests/fuzz/standalone.h"

#define SEED_MAX 8192u

static const char *const names[] = { "nested24", "nested28", "nested32",
	"flat4", "flat6", "named", "city", "cityflat4", "cityflat6", "citytext",
	"asn", "asntext", "anonip", "anonplus", "anontext" };

#define SEEDS (sizeof(names) / sizeof(names[0]))

static uint8_t seeds[SEEDS][SEED_MAX];
static size_t lengths[SEEDS];

static int
write_seeds(const char *dir)
{
	char command[4096];

	(void)snprintf(command, sizeof(command),
	    "perl tests/fixtures/mmdb.pl '%s'", dir);
	return system(command) == 0 ? 0 : 1;
}

static int
read_seeds(const char *dir)
{
	char path[4096];
	FILE *fp;
	size_t i;

	for (i = 0; i < SEEDS; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s.mmdb", dir, names[i]);
		if ((fp = fopen(path, "rb")) == NULL) {
			perror(path);
			return 1;
		}
		lengths[i] = fread(seeds[i], 1, SEED_MAX, fp);
		(void)fclose(fp); /* only read */
		if (lengths[i] == 0 || lengths[i] == SEED_MAX)
			return 1;
	}
	return 0;
}

static int
make_seeds(void)
{
	char dir[] = "/tmp/farmgate-fuzz-XXXXXX", command[64];
	int r;

	if (mkdtemp(dir) == NULL)
		return 1;
	r = write_seeds(dir) != 0 || read_seeds(dir) != 0;
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) != 0 || r;
}

/* One seed with up to eight changes: of bits, bytes, runs, or its end. */
static size_t
mutate(uint8_t *buf)
{
	size_t which = next_random() % SEEDS, len = lengths[which], at, n;

	memcpy(buf, seeds[which], len);
	for (n = 1 + next_random() % 8; n > 0; n--) {
		at = next_random() % len;
		switch (next_random() % 6) {
		case 0:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 1:
			buf[at] = (uint8_t)next_random();
			break;
		case 2:
			buf[at] = (next_random() & 1) != 0 ? 0xff : 0;
			break;
		case 3: /* a value of somewhere else */
			buf[at] = buf[next_random() % len];
			break;
		case 4:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len -= len > 1 ? 1 : 0;
			break;
		default:
			if (next_random() % 16 == 0)
				len = at + 1;
		}
	}
	return len;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-n") == 0 && make_seeds() != 0)
		return 1;
	return standalone(argc, argv);
}

#endif
