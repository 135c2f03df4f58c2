/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as an inventory of assets. Each error and warning is about a line
 * of the file and says what to do; each asset is written without a cell that is
 * a formula, read back without a word, and is the same.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_asset_csv -s DIR		write seeds into DIR
 *	fuzz_asset_csv -n COUNT		mutate the seeds COUNT times, always the
 *					same
 *	fuzz_asset_csv FILE ...		replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/device/asset_csv.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FUZZ_MAX (128u * 1024u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines of the input, and how often something was said of them. */
struct seen {
	size_t lines;
	unsigned long told;
};

static void
check_told(unsigned long line, const char *text, void *arg)
{
	struct seen *seen = arg;

	seen->told++;
	if (line == 0 || line > seen->lines || strstr(text, "; ") == NULL ||
	    !text_is_utf8(text, strlen(text)) || strchr(text, '\n') != NULL)
		abort();
}

static void
nothing_told(unsigned long line, const char *text, void *arg)
{
	(void)arg;
	(void)fprintf(stderr, "%lu: %s\n", line, text);
	abort();
}

/* '-' begins a number, too. */
static void
check_cells(const struct asset *asset)
{
	char text[ASSET_FIELD_MAX];

	for (size_t i = 0; asset_fields[i] != NULL; i++) {
		(void)asset_get(asset, asset_fields[i], text);
		if (text[0] == '=' || text[0] == '+' || text[0] == '@' ||
		    (text[0] == '-' && (text[1] < '0' || text[1] > '9')))
			abort();
	}
}

static void
check_asset(const struct asset *asset)
{
	const struct asset_csv_options options = { .error = nothing_told,
		.warn = nothing_told };
	struct asset_csv *csv;
	struct asset again;
	unsigned long line;
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	check_cells(asset);
	if (file == NULL || asset_csv_header(file) != 0 ||
	    asset_csv_write(file, asset) != 0 || fclose(file) != 0 ||
	    (file = fmemopen(text, size, "r")) == NULL ||
	    asset_csv_open(file, &options, &csv) != 0 ||
	    asset_csv_next(csv, &again, &line) != 0)
		abort();
	if (memcmp(asset, &again, sizeof(again)) != 0 ||
	    asset_csv_next(csv, &again, &line) != FG_ERR_NOT_FOUND)
		abort();
	asset_csv_free(csv);
	(void)fclose(file);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char copy[FUZZ_MAX + 1];
	struct seen seen = { .lines = 1 };
	const struct asset_csv_options options = {
		.error = check_told, .warn = check_told, .arg = &seen
	};
	struct asset_csv *csv = NULL;
	struct asset asset;
	unsigned long line;
	FILE *in;

	if (size == 0 || size > FUZZ_MAX)
		return 0;
	for (size_t i = 0; i < size; i++)
		seen.lines += data[i] == '\n' ? 1 : 0;
	memcpy(copy, data, size);
	if ((in = fmemopen(copy, size, "r")) == NULL)
		return 0;
	if (asset_csv_open(in, &options, &csv) == 0) {
		while (asset_csv_next(csv, &asset, &line) == 0)
			check_asset(&asset);
	} else if (seen.told == 0) {
		abort();
	}
	asset_csv_free(csv);
	(void)fclose(in);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_asset_csv"
#include "tests/fuzz/standalone.h"

static const char *const seeds[] = {
	"asset_tag,user,vendor,model,form,status,location,shipped_to\n"
	"LT-0042,alice,Dell Inc.,Latitude 5440,,In Use (deployed),"
	"\"59.91,10.75\",\"12 Example Street, Springfield, US\"\n"
	"LT-0043,bob carol,Lenovo,\"ThinkPad \"\"T14\"\"\",virtual,lost,,"
	"\"-33.868, 151.2093\"\n",
	"\xef\xbb\xbf"
	"asset_tag;serial;uuid;board_serial;chassis_serial\r\n"
	"LT-1;5CGEXMPL4T;f81d4fae-7dec-11d0-a765-00a0c91e6bf6;/7EXMPL3/CN1/;"
	"\"a;b1c2\"\r\n"
	"LT-2;To be filled by O.E.M.;03000200-0400-0500-0006-000700080009;-;"
	"N/A\r\n",
	"asset_tag,disk_serials,macs,tpm_ek\n"
	"LT-1,S4EXMPL0A1; WD-EXMPL 7X;QM00001,00:00:5e:00:53:01 "
	"00-00-5E-00-53-02;02:00:5e:00:53:03,"
	"SHA256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0"
	"8\n",
	"asset_tag\tdevice_key\tssh_keys\n"
	"LT-1\ted25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\t"
	"SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM principal:bob\n"
	"\"LT-2\"\t\talice@example.com\n",
};

/* What readers trip over, put in at random places. */
static const char *const pieces[] = { ",", ";", "\t", "\"", "\"\"", "\n",
	"\r\n", "\xef\xbb\xbf", "\xff", "\xc3\xa6", "\xe2\x80\xae", "=", "-",
	"@", " ", "asset_tag,", "asset_tag\nx\n", "-90.000000,180", "none", "0",
	"(deployed)", "ff:ff:ff:ff:ff:ff", "principal:", "; =A1B2C3;", "+" };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "asset_csv", seeds, SEEDS);
}

static size_t
mutate(uint8_t *buf)
{
	return mutate_text(buf, seeds, SEEDS, pieces, PIECES);
}

int
main(int argc, char **argv)
{
	return standalone(argc, argv);
}

#endif
