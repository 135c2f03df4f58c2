/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One value of a record on its way to a terminal, whoever wrote the record.
 */
#include "policyd/audit/shown.h"

#include <string.h>

#include "policyd/text.h"

const char *
shown_text(struct shown *buf, const char *s)
{
	return text_escape_utf8(buf->text, sizeof(buf->text), s, strlen(s));
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

/* The bytes behind KEY_hex; false if there are none. */
static bool
read_bytes(const struct json *json, const char *key,
    char bytes[JSON_UNTRUSTED_MAX], size_t *ret_len)
{
	const char *hex;
	char name[64];
	size_t n = 0;
	int high, low;

	(void)text_format(name, sizeof(name), "%s_hex", key);
	if ((hex = json_get_string(json, name, NULL)) == NULL)
		return false;
	for (; *hex != '\0' && n < JSON_UNTRUSTED_MAX; hex += 2) {
		high = hex_digit(hex[0]);
		low = high == -1 ? -1 : hex_digit(hex[1]);
		if (low == -1)
			return false;
		bytes[n++] = (char)(high << 4 | low);
	}
	*ret_len = n;
	return true;
}

const char *
shown_member(struct shown *buf, const struct json *json, const char *key,
    const char *def)
{
	char bytes[JSON_UNTRUSTED_MAX];
	size_t len;

	if (read_bytes(json, key, bytes, &len))
		return text_escape_utf8(buf->text, sizeof(buf->text), bytes,
		    len);
	return shown_text(buf, json_get_string(json, key, def));
}
