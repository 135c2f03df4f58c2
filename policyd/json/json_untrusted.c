/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members that are not as simple as what JSON has: other people's bytes, and
 * numbers that may be none.
 */
#include <string.h>

#include "policyd/json/json.h"
#include "policyd/text.h"

#define KEY_MAX 64u

void
json_set_id(struct json *json, const char *key, uint32_t id)
{
	if (id == UINT32_MAX)
		json_set_null(json, key);
	else
		json_set_int(json, key, id);
}

/* KEY_SUFFIX; our own keys are short. */
static const char *
key_with(char buf[KEY_MAX], const char *key, const char *suffix)
{
	(void)text_format(buf, KEY_MAX, "%s_%s", key, suffix);
	return buf;
}

static void
set_text(struct json *json, const char *key, const char *value, size_t len)
{
	char text[JSON_UNTRUSTED_MAX + 1];

	memcpy(text, value, len);
	text[len] = '\0';
	json_set_string(json, key, text);
}

static void
set_bytes(struct json *json, const char *key, const char *value, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char raw[JSON_UNTRUSTED_MAX + 1], shown[4 * JSON_UNTRUSTED_MAX + 1];
	char name[KEY_MAX];
	size_t i;

	memcpy(raw, value, len);
	raw[len] = '\0';
	json_set_string(json, key, text_escape(shown, sizeof(shown), raw));
	for (i = 0; i < len; i++) {
		shown[2 * i] = digits[(unsigned char)raw[i] >> 4];
		shown[2 * i + 1] = digits[(unsigned char)raw[i] & 0xf];
	}
	shown[2 * i] = '\0';
	json_set_string(json, key_with(name, key, "hex"), shown);
}

/* From here on, every byte of value is somebody else's. */
void
json_set_untrusted(struct json *json, const char *key, const char *value)
{
	char name[KEY_MAX];
	size_t all, len;

	if (json == NULL)
		return;
	if (value == NULL) {
		json_set_null(json, key);
		return;
	}
	all = len = strlen(value);
	if (len > JSON_UNTRUSTED_MAX) {
		len = JSON_UNTRUSTED_MAX;
		while (len > JSON_UNTRUSTED_MAX - 3 &&
		    ((unsigned char)value[len] & 0xc0) == 0x80)
			len--;
	}
	if (text_is_utf8(value, len))
		set_text(json, key, value, len);
	else
		set_bytes(json, key, value, len);
	if (len < all)
		json_set_int(json, key_with(name, key, "bytes"), (int64_t)all);
}

void
json_set_given(struct json *json, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		json_set_untrusted(json, key, value);
}
