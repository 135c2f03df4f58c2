/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses of a named network, from the configuration and from lists in the
 * plain forms that people have. An entry that is no address, prefix or range
 * is an error, never a name to be looked up and never left out silently.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static const char no_address[] =
    "is no address; write one such as 192.0.2.0/24, 2001:db8::/32 or "
    "192.0.2.1";
static const char no_range[] =
    "is no range; write its first and its last address, both IPv4 or both "
    "IPv6, such as 192.0.2.1-192.0.2.9";

/* Why text is no prefix, with the fix; NULL if it was added. */
static const char *
add_prefix(struct conf_reader *reader, struct netset *set, const char *text)
{
	struct addr_prefix prefix;

	switch (addr_parse_prefix(text, &prefix)) {
	case 0:
		if (netset_add(set, &prefix) != 0)
			reader->nomem = true;
		return NULL;
	case FG_ERR_LIMIT:
		return "has bits behind its prefix, or too long a prefix; "
		       "write the network's first address and its length";
	default:
		return no_address;
	}
}

void
conf_netfile_cidr(struct conf_reader *reader, const struct conf_value *v,
    struct netset *set)
{
	const char *why = add_prefix(reader, set, v->text);

	if (why != NULL)
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\" %s", v->text, why);
}

/* Cut blanks off both ends; returns where the rest begins. */
static char *
trim(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	len = strlen(s);
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		s[--len] = '\0';
	return s;
}

static const char *
add_range(struct conf_list *list, const char *text, size_t dash)
{
	struct addr first, last;
	char buf[2 * ADDR_TEXT_SIZE];
	int r;

	if (strlen(text) >= sizeof(buf))
		return no_range;
	memcpy(buf, text, strlen(text) + 1);
	buf[dash] = '\0';
	if (addr_parse(trim(buf), &first) != 0 ||
	    addr_parse(trim(buf + dash + 1), &last) != 0 ||
	    first.zone[0] != '\0' || last.zone[0] != '\0')
		return no_range;
	r = netset_add_range(list->into, &first, &last);
	if (r == FG_ERR_NOMEM)
		list->reader->nomem = true;
	return r == FG_ERR_FORMAT ? no_range : NULL;
}

/* "ADDRESS", "ADDRESS/BITS" or "ADDRESS-ADDRESS". */
static const char *
add_entry(struct conf_list *list, const char *text)
{
	size_t dash = strcspn(text, "-");

	list->entries++;
	if (text[dash] != '\0' && dash > 0 &&
	    strspn(text, "0123456789abcdefABCDEF.:/ \t") >= dash)
		return add_range(list, text, dash);
	if (text[strcspn(text, " \t\r")] != '\0')
		return "is followed by something else; write one address a "
		       "line";
	return add_prefix(list->reader, list->into, text);
}

static bool
is_among(const char *word, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/*
 * "add NAME ADDRESS ...", as ipset saves and restores it. What is excepted by
 * nomatch would be taken for a member, and what is deleted would stay one.
 */
static const char *
ipset_line(struct conf_list *list, char *line, const char **entry)
{
	char *name = conf_list_word(line), *text, *rest, *next;

	while (name[0] == '-')
		name = conf_list_word(name);
	text = conf_list_word(name);
	rest = conf_list_word(text);
	*entry = text;
	for (; *rest != '\0'; rest = next) {
		next = conf_list_word(rest);
		if (strcmp(rest, "nomatch") == 0) {
			list->entries++;
			return "is an exception of an ipset (nomatch), which "
			       "a network cannot have; leave it out, or name "
			       "the smaller prefixes";
		}
	}
	return add_entry(list, text);
}

/* Lines that are known to hold no address, by their first word. */
static bool
holds_none(const char *word)
{
	static const char *const words[] = {
		"create", "flush", "destroy", "swap", "COMMIT", /* ipset */
		"ExitNode", "Published", "LastStatus", /* Tor */
	};

	return is_among(word, words, N_ELEMENTS(words));
}

/* What a first line of columns may call the one with the addresses. */
static bool
is_heading(const char *word)
{
	static const char *const words[] = { "ip", "ip_address", "address",
		"cidr", "network", "prefix", "range", "subnet" };
	size_t i;

	for (i = 0; i < N_ELEMENTS(words); i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

static char *
unquote(char *s)
{
	size_t len = strlen(s);

	if (len < 2 || s[0] != '"' || s[len - 1] != '"')
		return s;
	s[len - 1] = '\0';
	return s + 1;
}

static bool
is_address(const char *text)
{
	struct addr addr;

	return addr_parse(text, &addr) == 0;
}

/* Columns with commas between them: the first has the address. */
static const char *
csv_line(struct conf_list *list, char *line, char *comma, const char **entry)
{
	char *second = comma + 1;

	*comma = '\0';
	*entry = line = unquote(trim(line));
	second[strcspn(second, ",")] = '\0';
	if (list->entries == 0 && !list->headed && is_heading(line)) {
		list->headed = true;
		return NULL;
	}
	if (is_address(unquote(trim(second))) && is_address(line)) {
		list->entries++;
		return "is followed by a second address in the next column; "
		       "write a range as 192.0.2.1-192.0.2.9, or one address "
		       "a line";
	}
	return add_entry(list, line);
}

static void
cut_comment(char *line)
{
	char *slashes = strstr(line, "//");

	if (slashes != NULL)
		*slashes = '\0';
	line[strcspn(line, "#;")] = '\0';
}

/*
 * Comments are cut off last for ipset: there they stand in quotes, before
 * words that count.
 */
const char *
conf_netfile_line(struct conf_list *list, char *line, const char **entry)
{
	size_t len = strcspn(line, " \t");
	char word[16] = "", *comma;

	if (len < sizeof(word))
		memcpy(word, line, len);
	if (strcmp(word, "add") == 0 || strcmp(word, "-A") == 0)
		return ipset_line(list, line, entry);
	if (holds_none(word))
		return NULL;
	if (strcmp(word, "ExitAddress") == 0) {
		*entry = line = conf_list_word(line);
		(void)conf_list_word(line); /* when it was seen */
		return add_entry(list, line);
	}
	cut_comment(line);
	*entry = line = trim(line);
	if (*line == '\0')
		return NULL;
	if ((comma = strchr(line, ',')) != NULL)
		return csv_line(list, line, comma, entry);
	return add_entry(list, line);
}
