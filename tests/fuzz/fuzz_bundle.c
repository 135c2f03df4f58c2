/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a bundle: as a whole, whose seal nobody has made, and as the
 * lines within one. Each error of a line says what is wrong; each line that is
 * taken is written, read back, and is the same.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_bundle -s DIR	write seeds into DIR
 *	fuzz_bundle -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_bundle FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/bundle/bundle_line.h"
#include "policyd/bundle/bundle_seal.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FUZZ_MAX (16u * 1024u)

/* Any point would do; this one is of RFC 8032. */
#define KEY "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_seal(const char *bytes, size_t size)
{
	const char *const keys[] = { KEY };
	struct bundle_seal seal;
	int r = bundle_seal_check(bytes, size, keys, 1, &seal);

	if (r == 0 || seal.len > size)
		abort();
	if (r == FG_ERR_UNSAFE && strcmp(seal.key, KEY) != 0)
		abort();
}

static struct json *
line_of(const struct bundle_item *item)
{
	switch (item->kind) {
	case BUNDLE_PERSON:
		return bundle_person_line(&item->person);
	case BUNDLE_REVOCATION:
		return bundle_revocation_line(&item->revocation);
	case BUNDLE_GIVEN_BACK:
		return bundle_given_back_line(item->name, item->at_s);
	case BUNDLE_NOTHING:
		break;
	}
	abort();
}

static void
check_same(const struct bundle_item *a, const struct bundle_item *b)
{
	if (a->kind != b->kind)
		abort();
	if (a->kind == BUNDLE_PERSON &&
	    memcmp(&a->person, &b->person, sizeof(a->person)) != 0)
		abort();
	if (a->kind == BUNDLE_REVOCATION &&
	    memcmp(&a->revocation, &b->revocation, sizeof(a->revocation)) != 0)
		abort();
	if (a->kind == BUNDLE_GIVEN_BACK &&
	    (strcmp(a->name, b->name) != 0 || a->at_s != b->at_s))
		abort();
}

static void
check_item(const struct bundle_item *item)
{
	static struct bundle_item again;
	static char whole[FUZZ_MAX * 8];
	const struct bundle_head head = { .serial = 1, .made_s = 0 };
	struct json *first = bundle_head_line(&head), *line = line_of(item);
	char *text[2] = { json_text(first), json_text(line) };
	struct bundle_reader reader;
	struct bundle_head other;

	if (text[0] == NULL || text[1] == NULL)
		abort();
	(void)snprintf(whole, sizeof(whole), "%s\n%s\n", text[0], text[1]);
	if (bundle_read_head(whole, strlen(whole), &reader, &other) != 0 ||
	    bundle_read(&reader, &again) != 0)
		abort();
	check_same(item, &again);
	json_free(first);
	json_free(line);
	free(text[0]);
	free(text[1]);
}

static void
check_lines(const char *bytes, size_t size)
{
	static struct bundle_item item;
	struct bundle_reader reader;
	struct bundle_head head;
	unsigned long lines = 0;
	int r;

	r = bundle_read_head(bytes, size, &reader, &head);
	while (r == 0) {
		lines++;
		if ((r = bundle_read(&reader, &item)) == 0)
			check_item(&item);
	}
	if (r == FG_ERR_FORMAT &&
	    (reader.why[0] == '\0' || reader.line != lines + 1 ||
		!text_is_utf8(reader.why, strlen(reader.why))))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char copy[FUZZ_MAX];

	if (size > sizeof(copy))
		return 0;
	memcpy(copy, data, size);
	check_seal(copy, size);
	check_lines(copy, size);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_bundle"
#include "tests/fuzz/standalone.h"

#define HEAD \
	"{\"farmgate_bundle\":1,\"serial\":1790000000,\"made\":1790000000}\n"

static const char *const seeds[] = {
	HEAD "{\"person\":{\"user\":\"alice\",\"name\":\"Alice\",\"kind\":"
	     "\"person\","
	     "\"accounts\":\"alice adm-alice\",\"countries\":\"NO SE\","
	     "\"home\":\"Oslo, NO\",\"radius\":\"100km\","
	     "\"hours\":\"mon-fri 08:00-18:00\",\"zone\":\"Europe/Oslo\","
	     "\"status\":\"active\",\"point\":\"59.912730,10.746090\"}}\n"
	     "{\"revocation\":{\"user\":\"bob\",\"at\":1789999999,"
	     "\"reason\":\"left\",\"made\":1789999999}}\n"
	     "{\"given_back\":{\"name\":\"carol\",\"at\":1789999999}}\n"
	     "{\"end\":{\"people\":1,\"revocations\":1,\"given_back\":1}}\n",
	HEAD "{\"end\":{\"people\":0,\"revocations\":0,\"given_back\":0}}\n"
	     "{\"signature\":\"kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHk"
	     "PhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==\",\"key\":\"" KEY
	     "\"}\n",
};

static const char *const pieces[] = { "\"", "{", "}", "\n", ":", ",", "null",
	"-1", "1e9", "9223372036854775807", "\\u0000", "\\ud800", "\xff", "[",
	"\"user\":\"x\",", "\"status\":\"revoked\",", "{\"end\":{}}\n", KEY };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "bundle", seeds, SEEDS);
}

/* A seed with up to five changes. */
static size_t
mutate(uint8_t *buf)
{
	const char *seed = seeds[next_random() % SEEDS];
	size_t len = strlen(seed), at, n;

	memcpy(buf, seed, len);
	for (uint32_t i = next_random() % 6; i > 0 && len > 0; i--) {
		at = next_random() % len;
		switch (next_random() % 4) {
		case 0:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 1:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		default:
			seed = pieces[next_random() % PIECES];
			n = strlen(seed);
			memmove(buf + at + n, buf + at, len - at);
			memcpy(buf + at, seed, n);
			len += n;
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
