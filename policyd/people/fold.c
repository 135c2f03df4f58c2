/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Latin letters lose their accents, Greek and Cyrillic ones their case; what
 * is left of other scripts is compared as it is.
 */
#include "policyd/people/fold.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "policyd/text.h"

/* One for each code point; '-' is a blank, '\'' is nothing, "" is itself. */
static const char *const latin1[64] = {
	/* C0 */ "a",
	"a",
	"a",
	"a",
	"a",
	"a",
	"ae",
	"c",
	/* C8 */ "e",
	"e",
	"e",
	"e",
	"i",
	"i",
	"i",
	"i",
	/* D0 */ "d",
	"n",
	"o",
	"o",
	"o",
	"o",
	"o",
	"",
	/* D8 */ "o",
	"u",
	"u",
	"u",
	"u",
	"y",
	"th",
	"ss",
	/* E0 */ "a",
	"a",
	"a",
	"a",
	"a",
	"a",
	"ae",
	"c",
	/* E8 */ "e",
	"e",
	"e",
	"e",
	"i",
	"i",
	"i",
	"i",
	/* F0 */ "d",
	"n",
	"o",
	"o",
	"o",
	"o",
	"o",
	"",
	/* F8 */ "o",
	"u",
	"u",
	"u",
	"u",
	"y",
	"th",
	"y",
};

/* U+0100 to U+017F, two that differ in case at a time. */
static const char extended_a[] =
    /* 0100 */ "aaaaaaccccccccdd"
	       /* 0110 */ "ddeeeeeeeeeegggg"
	       /* 0120 */ "gggghhhhiiiiiiii"
	       /* 0130 */ "iijjjjkkklllllll"
	       /* 0140 */ "lllnnnnnnnnnoooo"
	       /* 0150 */ "oooorrrrrrssssss"
	       /* 0160 */ "ssttttttuuuuuuuu"
	       /* 0170 */ "uuuuwwyyyzzzzzzs";

/* Ranges of one letter, lower and upper case, in what is behind that. */
static const struct {
	uint32_t first;
	uint32_t last;
	char letter;
} latin_more[] = {
	{ 0x0189, 0x018a, 'd' },
	{ 0x018f, 0x018f, 'e' },
	{ 0x0259, 0x0259, 'e' },
	{ 0x0197, 0x0197, 'i' },
	{ 0x019f, 0x01a1, 'o' },
	{ 0x01af, 0x01b0, 'u' },
	{ 0x01cd, 0x01ce, 'a' },
	{ 0x01cf, 0x01d0, 'i' },
	{ 0x01d1, 0x01d2, 'o' },
	{ 0x01d3, 0x01dc, 'u' },
	{ 0x01e6, 0x01e7, 'g' },
	{ 0x01e8, 0x01e9, 'k' },
	{ 0x01ea, 0x01ed, 'o' },
	{ 0x0218, 0x0219, 's' },
	{ 0x021a, 0x021b, 't' },
	{ 0x1e00, 0x1e01, 'a' },
	{ 0x1e02, 0x1e07, 'b' },
	{ 0x1e08, 0x1e09, 'c' },
	{ 0x1e0a, 0x1e13, 'd' },
	{ 0x1e14, 0x1e1d, 'e' },
	{ 0x1e1e, 0x1e1f, 'f' },
	{ 0x1e20, 0x1e21, 'g' },
	{ 0x1e22, 0x1e2b, 'h' },
	{ 0x1e2c, 0x1e2f, 'i' },
	{ 0x1e30, 0x1e35, 'k' },
	{ 0x1e36, 0x1e3d, 'l' },
	{ 0x1e3e, 0x1e43, 'm' },
	{ 0x1e44, 0x1e4b, 'n' },
	{ 0x1e4c, 0x1e53, 'o' },
	{ 0x1e54, 0x1e57, 'p' },
	{ 0x1e58, 0x1e5f, 'r' },
	{ 0x1e60, 0x1e69, 's' },
	{ 0x1e6a, 0x1e71, 't' },
	{ 0x1e72, 0x1e7b, 'u' },
	{ 0x1e7c, 0x1e7f, 'v' },
	{ 0x1e80, 0x1e89, 'w' },
	{ 0x1e8a, 0x1e8d, 'x' },
	{ 0x1e8e, 0x1e8f, 'y' },
	{ 0x1e90, 0x1e95, 'z' },
	{ 0x1ea0, 0x1eb7, 'a' },
	{ 0x1eb8, 0x1ec7, 'e' },
	{ 0x1ec8, 0x1ecb, 'i' },
	{ 0x1ecc, 0x1ee3, 'o' },
	{ 0x1ee4, 0x1ef1, 'u' },
	{ 0x1ef2, 0x1ef9, 'y' },
};

/* Combining accents, and what stands for an apostrophe. */
static bool
is_dropped(uint32_t cp)
{
	return (cp >= 0x300 && cp <= 0x36f) || cp == '\'' || cp == '`' ||
	    cp == '.' || cp == 0xb4 || (cp >= 0x2b9 && cp <= 0x2bf) ||
	    cp == 0x2c8 || cp == 0x2018 || cp == 0x2019 || cp == 0x2032;
}

static bool
is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == '-' || cp == 0xa0 ||
	    (cp >= 0x2010 && cp <= 0x2015) || cp == '/';
}

/* Letters of two cases that are a fixed distance apart. */
static uint32_t
lower(uint32_t cp)
{
	if (cp >= 0x391 && cp <= 0x3a9)
		return cp + 0x20;
	if (cp >= 0x410 && cp <= 0x42f)
		return cp + 0x20;
	if (cp >= 0x400 && cp <= 0x40f)
		return cp + 0x50;
	return cp;
}

static size_t
encode(uint32_t cp, char out[4])
{
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	return 0;
}

/* The bytes for one code point, which had n bytes at s. */
static size_t
fold_one(uint32_t cp, const char *s, size_t n, char out[4])
{
	const char *text = "";
	size_t i;

	if (cp < 0x80) {
		out[0] = (char)(cp >= 'A' && cp <= 'Z' ? cp + 'a' - 'A' : cp);
		return 1;
	}
	if (cp >= 0xc0 && cp <= 0xff)
		text = latin1[cp - 0xc0];
	if (cp == 0x152 || cp == 0x153)
		text = "oe";
	else if (cp == 0x1e9e)
		text = "ss";
	if (text[0] != '\0') {
		memcpy(out, text, strlen(text));
		return strlen(text);
	}
	if (cp >= 0x100 && cp <= 0x17f) {
		out[0] = extended_a[cp - 0x100];
		return 1;
	}
	for (i = 0; i < sizeof(latin_more) / sizeof(latin_more[0]); i++) {
		if (cp >= latin_more[i].first && cp <= latin_more[i].last) {
			out[0] = latin_more[i].letter;
			return 1;
		}
	}
	if (lower(cp) != cp)
		return encode(lower(cp), out);
	memcpy(out, s, n);
	return n;
}

size_t
fold_name(const char *src, size_t len, char *dst, size_t size)
{
	size_t used = 0, n, m;
	bool blank = false;
	char unit[4];
	uint32_t cp;

	for (size_t i = 0; i < len; i += n) {
		if ((n = text_utf8_next(src + i, len - i, &cp)) == 0)
			return 0;
		if (is_dropped(cp))
			continue;
		if (is_blank(cp)) {
			blank = used > 0;
			continue;
		}
		m = fold_one(cp, src + i, n, unit);
		if (m + (blank ? 1 : 0) > size - used)
			return 0;
		if (blank)
			dst[used++] = ' ';
		blank = false;
		memcpy(dst + used, unit, m);
		used += m;
	}
	return used;
}
