/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What single values of the catalogue may be. Each function reports what is
 * wrong with its value on the value's own line. That values are printable is
 * known from the scan.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"
#include "policyd/text.h"

#define VALUE_COMM_MAX	    15u /* what the kernel keeps of a name */
#define VALUE_INTERFACE_MAX 15u
#define VALUE_PORT_MAX	    65535u
#define VALUE_KINDS_SIZE    256u
#define VALUE_LOWER	    "abcdefghijklmnopqrstuvwxyz"
#define VALUE_UPPER	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define VALUE_DIGITS	    "0123456789"
#define VALUE_HEX	    "0123456789abcdefABCDEF"

/* ---- kinds ------------------------------------------------------------- */

/* Whether a section's entries may be of that kind. */
static bool
kind_fits(enum catalogue_section section, enum entry_kind kind)
{
	if (kind == ENTRY_ORDINARY)
		return true;
	switch (section) {
	case CATALOGUE_TOOL:
		return (kind >= ENTRY_RMM && kind <= ENTRY_VPN_CLIENT) &&
		    kind != ENTRY_HIDDEN;
	case CATALOGUE_USB:
		return kind == ENTRY_IP_KVM || kind == ENTRY_JIGGLER ||
		    kind == ENTRY_CAPTURE;
	case CATALOGUE_DISPLAY:
		return kind == ENTRY_CAPTURE || kind == ENTRY_DUMMY_PLUG ||
		    kind == ENTRY_IP_KVM;
	case CATALOGUE_INPUT:
		return kind == ENTRY_RMM || kind == ENTRY_INPUT_SHARE ||
		    kind == ENTRY_STREAMING || kind == ENTRY_JIGGLER;
	case CATALOGUE_NONE:
	case CATALOGUE_HYPERVISOR:
	case CATALOGUE_SECTIONS:
		break;
	}
	return false;
}

enum entry_kind
catalogue_kind(struct catalogue_build *b, unsigned int line, const char *text)
{
	const char *section = catalogue_section_name(b->entry->section);
	struct conf_near near = { .word = text };
	char list[VALUE_KINDS_SIZE] = "write", buf[CONF_NEAR_SIZE];
	const char *name;
	enum entry_kind kind;
	size_t n;

	for (kind = ENTRY_RMM; kind <= ENTRY_ORDINARY; kind++) {
		if (!kind_fits(b->entry->section, kind))
			continue;
		name = entry_kind_name(kind);
		if (strcmp(name, text) == 0)
			return kind;
		conf_near_offer(&near, name);
		n = strlen(list);
		(void)snprintf(list + n, sizeof(list) - n, "%s %s",
		    n == strlen("write") ? "" : ",", name);
	}
	if (entry_kind_by_name(text) != ENTRY_NONE)
		CATALOGUE_ERROR(b, line, "\"%.80s\" is no kind of %s; %s", text,
		    section, list);
	else
		CATALOGUE_ERROR(b, line, "unknown kind \"%.80s\"; %s", text,
		    conf_near_text(&near, list, buf));
	return ENTRY_NONE;
}

/* ---- texts and globs --------------------------------------------------- */

bool
catalogue_value_text(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len > 0 && len <= max)
		return true;
	if (len == 0)
		CATALOGUE_ERROR(b, line, "%s is empty; leave the key out", key);
	else
		CATALOGUE_ERROR(b, line,
		    "%s has %zu bytes and may have %zu; shorten it", key, len,
		    max);
	return false;
}

/* Anything that shells know beside * and ? would be taken as it stands. */
static bool
is_glob(struct catalogue_build *b, unsigned int line, const char *key,
    const char *text, size_t max)
{
	if (!catalogue_value_text(b, line, key, text, max))
		return false;
	if (strspn(text, "*?") == strlen(text)) {
		CATALOGUE_ERROR(b, line,
		    "\"%.80s\" in %s is anything; write what it is known by",
		    text, key);
		return false;
	}
	if (strpbrk(text, "[]{}") == NULL)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s has brackets, and only * and ? stand for "
	    "others; write a value for each, or ? for a bracket",
	    text, key);
	return false;
}

/* One that the kernel would show so: a process's program, a file. */
static bool
is_absolute(struct catalogue_build *b, unsigned int line, const char *key,
    const char *text)
{
	size_t len = strlen(text);
	char framed[RULE_TEXT_MAX + 2];

	(void)snprintf(framed, sizeof(framed), "%s/", text);
	if (len < 2 || text[len - 1] == '/' || strstr(framed, "//") != NULL ||
	    strstr(framed, "/./") != NULL || strstr(framed, "/../") != NULL) {
		CATALOGUE_ERROR(b, line,
		    "\"%.80s\" in %s is no path as the kernel writes it; write "
		    "it without //, /./, /../ and a / at its end",
		    text, key);
		return false;
	}
	if (strcspn(text + 1, "*?") >= strcspn(text + 1, "/:"))
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s may be in any folder; begin it with one, such "
	    "as /opt/*",
	    text, key);
	return false;
}

bool
catalogue_value_path(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text)
{
	if (!is_glob(b, line, key, text, RULE_TEXT_MAX))
		return false;
	if (text[0] == '/')
		return is_absolute(b, line, key, text);
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s is no absolute path; begin it with /", text, key);
	return false;
}

static bool
is_bare_name(struct catalogue_build *b, unsigned int line, const char *key,
    const char *text)
{
	if (strchr(text, '/') == NULL && text[0] != '~')
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s is neither an absolute path nor a bare name; "
	    "begin it with /, or write what stands behind its last /",
	    text, key);
	return false;
}

/* A bare name is that of a file in any folder. */
bool
catalogue_value_program(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text, char ret[RULE_TEXT_MAX + 1])
{
	if (!is_glob(b, line, key, text, RULE_TEXT_MAX - 2))
		return false;
	(void)snprintf(ret, RULE_TEXT_MAX + 1, "%s%s",
	    text[0] == '/' ? "" : "*/", text);
	return text[0] == '/' ? is_absolute(b, line, key, text) :
				is_bare_name(b, line, key, text);
}

bool
catalogue_value_script(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	if (!is_glob(b, line, "script", text, RULE_TEXT_MAX))
		return false;
	return text[0] == '/' ? is_absolute(b, line, "script", text) :
				is_bare_name(b, line, "script", text);
}

/* The fix for a name that is too long: as much of it as can be seen. */
bool
catalogue_value_comm(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text)
{
	size_t i, n = 0;

	if (!is_glob(b, line, key, text, RULE_TEXT_MAX))
		return false;
	for (i = 0; text[i] != '\0'; i++)
		n += text[i] == '*' ? 0 : 1;
	if (n <= VALUE_COMM_MAX)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s can never be seen, because the kernel keeps %u "
	    "bytes of a process's name; write \"%.*s\"",
	    text, key, VALUE_COMM_MAX, (int)VALUE_COMM_MAX, text);
	return false;
}

bool
catalogue_value_interface(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text)
{
	return is_glob(b, line, key, text, VALUE_INTERFACE_MAX);
}

/* ---- what is installed ------------------------------------------------- */

bool
catalogue_value_package(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	size_t len = strlen(text);

	if (len >= 2 && len <= RULE_STRING_MAX &&
	    strspn(text, VALUE_LOWER VALUE_DIGITS "+-.") == len)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" is no package's name; write what dpkg -S says of its "
	    "program, without an architecture",
	    text);
	return false;
}

bool
catalogue_value_unit(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	static const char *const types[] = { ".service", ".socket", ".timer",
		".path", ".mount", NULL };
	const char *name = text, *dot;
	size_t i;

	if (!is_glob(b, line, "units", text, RULE_TEXT_MAX / 2))
		return false;
	if (strncmp(name, "user/", strlen("user/")) == 0)
		name += strlen("user/");
	dot = strrchr(name, '.');
	for (i = 0; dot != NULL && dot != name && types[i] != NULL; i++)
		if (strcmp(dot, types[i]) == 0 && strchr(name, '/') == NULL)
			return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" is no unit; write a name such as \"x.service\", or "
	    "\"user/x.service\" for one of users",
	    text);
	return false;
}

/* ---- numbers ----------------------------------------------------------- */

/* Digits of s up to its end or the byte end; NULL if they are no port. */
static const char *
take_port(const char *s, char end, uint32_t *ret_port)
{
	char digits[8];
	size_t n = strspn(s, VALUE_DIGITS);
	uint64_t port;

	if (n == 0 || n >= sizeof(digits) || (s[n] != '\0' && s[n] != end))
		return NULL;
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (text_parse_uint(digits, 1, VALUE_PORT_MAX, &port) != 0)
		return NULL;
	*ret_port = (uint32_t)port;
	return s + n;
}

bool
catalogue_value_ports(struct catalogue_build *b, unsigned int line,
    const char *text, struct rule *rule)
{
	bool tcp = strncmp(text, "tcp/", 4) == 0;
	const char *s = NULL;

	if (tcp || strncmp(text, "udp/", 4) == 0)
		s = take_port(text + 4, '-', &rule->low);
	rule->high = rule->low;
	if (s != NULL && *s == '-')
		s = take_port(s + 1, '\0', &rule->high);
	if (s != NULL && rule->low <= rule->high) {
		(void)snprintf(rule->text, sizeof(rule->text), "%s",
		    tcp ? "tcp" : "udp");
		return true;
	}
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" is no port; write one such as \"tcp/5900\" or "
	    "\"udp/4011-4999\", from 1 to %u",
	    text, VALUE_PORT_MAX);
	return false;
}

/* Four hexadecimal digits at s. */
static bool
take_id(const char *s, uint32_t *ret_id)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t id = 0;
	size_t i;
	char c;

	if (strspn(s, VALUE_HEX) < 4)
		return false;
	for (i = 0; i < 4; i++) {
		c = s[i];
		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		id = id * 16 + (uint32_t)(strchr(hex, c) - hex);
	}
	*ret_id = id;
	return true;
}

bool
catalogue_value_id(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text, uint32_t *ret_id)
{
	if (strlen(text) == 4 && take_id(text, ret_id))
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s is no number of that kind; write four "
	    "hexadecimal digits, such as \"1d6b\"",
	    text, key);
	return false;
}

bool
catalogue_value_ids(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text, uint32_t *ret_low, uint32_t *ret_high)
{
	if (strlen(text) != 9 || text[4] != '-') {
		if (!catalogue_value_id(b, line, key, text, ret_low))
			return false;
		*ret_high = *ret_low;
		return true;
	}
	if (take_id(text, ret_low) && take_id(text + 5, ret_high) &&
	    *ret_low <= *ret_high)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" in %s is no range; write two numbers of four "
	    "hexadecimal digits, such as \"7770-7773\"",
	    text, key);
	return false;
}

bool
catalogue_value_maker(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	if (strlen(text) == 3 && strspn(text, VALUE_UPPER "@") == 3)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" is no maker of displays; write the three capital "
	    "letters that its EDID has",
	    text);
	return false;
}

bool
catalogue_value_digest(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	if (strlen(text) == 64 && strspn(text, VALUE_HEX) == 64 &&
	    strpbrk(text, "ABCDEF") == NULL)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" is no digest; write what sha256sum prints of a "
	    "report_descriptor, 64 hexadecimal digits in lower case",
	    text);
	return false;
}

bool
catalogue_value_yes(struct catalogue_build *b, unsigned int line,
    const char *key, const char *text, bool *ret_yes)
{
	*ret_yes = strcmp(text, "yes") == 0;
	if (*ret_yes || strcmp(text, "no") == 0)
		return true;
	CATALOGUE_ERROR(b, line,
	    "\"%.80s\" is neither; write %s = \"yes\" or \"no\"", text, key);
	return false;
}
