/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growing line of JSON, and strings in it: ASCII only, nothing in it that a
 * terminal would act upon. It knows neither values nor any library.
 */
#include "policyd/json/json_out.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"

#define FIRST_SIZE 4096u /* bytes; a usual record fits */

void
json_out_init(struct json_out *out)
{
	memset(out, 0, sizeof(*out));
	out->size = FIRST_SIZE;
	out->data = malloc(out->size);
	out->failed = out->data == NULL;
}

char *
json_out_end(struct json_out *out)
{
	json_out_bytes(out, "", 1);
	if (out->failed) {
		free(out->data);
		return NULL;
	}
	return out->data;
}

void
json_out_bytes(struct json_out *out, const char *s, size_t n)
{
	size_t size = out->size;
	char *data;

	while (!out->failed && n > size - out->len)
		out->failed = __builtin_mul_overflow(size, 2u, &size);
	if (!out->failed && size > out->size) {
		if ((data = realloc(out->data, size)) == NULL)
			out->failed = true;
		else
			out->data = data;
		out->size = size;
	}
	if (out->failed)
		return;
	memcpy(out->data + out->len, s, n);
	out->len += n;
}

void
json_out_int(struct json_out *out, int64_t v)
{
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char text[24], *at = text + sizeof(text);

	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (v < 0)
		*--at = '-';
	json_out_bytes(out, at, (size_t)(text + sizeof(text) - at));
}

static void
out_unicode(struct json_out *out, uint32_t cp)
{
	char text[16];

	if (cp < 0x10000)
		(void)text_format(text, sizeof(text), "\\u%04X", cp);
	else
		(void)text_format(text, sizeof(text), "\\u%04X\\u%04X",
		    0xd800 + ((cp - 0x10000) >> 10),
		    0xdc00 + ((cp - 0x10000) & 0x3ff));
	json_out_bytes(out, text, strlen(text));
}

/* Runs of plain ASCII are copied whole. */
void
json_out_string(struct json_out *out, const char *s, size_t len)
{
	size_t run = 0, i = 0, n;
	uint32_t cp;

	json_out_bytes(out, "\"", 1);
	while (i < len) {
		if (s[i] >= 0x20 && s[i] < 0x7f && s[i] != '"' &&
		    s[i] != '\\') {
			i++;
			continue;
		}
		json_out_bytes(out, s + run, i - run);
		if ((n = text_utf8_next(s + i, len - i, &cp)) == 0) {
			out->failed = true; /* only UTF-8 was let in */
			return;
		}
		if (cp == '"' || cp == '\\') {
			json_out_bytes(out, "\\", 1);
			json_out_bytes(out, s + i, 1);
		} else
			out_unicode(out, cp);
		i += n;
		run = i;
	}
	json_out_bytes(out, s + run, i - run);
	json_out_bytes(out, "\"", 1);
}
