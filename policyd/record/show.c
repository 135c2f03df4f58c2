/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of a record on a terminal. What is no UTF-8 stands in the record
 * twice; it is escaped here once.
 */
#include "policyd/record/show.h"

#include <string.h>

#include "policyd/people/civil.h"
#include "policyd/text.h"

const char *
show_text(struct shown *buf, const char *s)
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
show_member(struct shown *buf, const struct json *json, const char *key,
    const char *def)
{
	char bytes[JSON_UNTRUSTED_MAX];
	size_t len;

	if (read_bytes(json, key, bytes, &len))
		return text_escape_utf8(buf->text, sizeof(buf->text), bytes,
		    len);
	return show_text(buf, json_get_string(json, key, def));
}

bool
show_has(const struct json *json, const char *key)
{
	return json_get_string(json, key, "")[0] != '\0';
}

void
show_list(const struct json *list, FILE *out)
{
	size_t n = json_length(list);
	struct shown a;

	for (size_t i = 0; i < n && i < SHOW_LIST_MAX; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "",
		    show_text(&a, json_string_at(list, i, "-")));
	if (n > SHOW_LIST_MAX)
		fputs(", ...", out);
}

void
show_time(int64_t at_s, FILE *out)
{
	char text[32];
	struct tm tm;

	at_s = at_s < CIVIL_FIRST_S ? CIVIL_FIRST_S : at_s;
	at_s = at_s >= CIVIL_END_S ? CIVIL_END_S - 1 : at_s;
	civil_time(at_s, &tm);
	(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	fputs(text, out);
}
