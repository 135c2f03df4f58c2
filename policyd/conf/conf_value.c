/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What single values of the configuration mean. Each function reports what is
 * wrong with its value on the value's own line.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/conf/countries.h"
#include "policyd/key.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"

#define VALUE_LIMITS_SIZE 32u
#define VALUE_DIGITS_SIZE 24u

#define VALUE_ERROR(reader, v, ...)                                  \
	conf_errors_add((reader)->errors, (reader)->file, (v)->line, \
	    __VA_ARGS__)

char *
conf_value_dup(struct conf_reader *reader, const char *s)
{
	char *copy = strdup(s);

	if (copy == NULL)
		reader->nomem = true;
	return copy;
}

enum conf_mode
conf_value_mode(struct conf_reader *reader, const struct conf_value *v)
{
	if (strcmp(v->text, "enforce") == 0)
		return CONF_MODE_ENFORCE;
	if (strcmp(v->text, "observe") == 0)
		return CONF_MODE_OBSERVE;
	VALUE_ERROR(reader, v,
	    "unknown mode \"%.80s\"; write \"enforce\" or \"observe\"",
	    v->text);
	return CONF_MODE_NONE;
}

enum conf_trust
conf_value_trust(struct conf_reader *reader, const struct conf_value *v)
{
	if (strcmp(v->text, "none") == 0)
		return CONF_TRUST_NONE;
	if (strcmp(v->text, "place") == 0)
		return CONF_TRUST_PLACE;
	if (strcmp(v->text, "bastion") == 0)
		return CONF_TRUST_BASTION;
	VALUE_ERROR(reader, v,
	    "unknown trust \"%.80s\"; write \"none\", \"place\" or "
	    "\"bastion\"",
	    v->text);
	return CONF_TRUST_NONE;
}

enum conf_net_kind
conf_value_kind(struct conf_reader *reader, const struct conf_value *v,
    bool of_asns)
{
	enum conf_net_kind kind;
	bool fits;

	for (kind = CONF_NET_VPN; kind <= CONF_NET_CGNAT; kind++) {
		fits = of_asns ?
		    kind != CONF_NET_PROXY && kind != CONF_NET_TOR :
		    !conf_kind_is_gateway(kind);
		if (fits && strcmp(conf_net_kind_name(kind), v->text) == 0)
			return kind;
	}
	VALUE_ERROR(reader, v, "unknown kind \"%.80s\"; write %s", v->text,
	    of_asns ? "\"hosting\", \"vpn\", \"mobile\" or \"cgnat\"" :
		      "\"vpn\", \"proxy\", \"tor\" or \"hosting\"");
	return CONF_NET_NONE;
}

/* Seconds of a unit; 0 if it is none. */
static uint64_t
unit_seconds(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return CIVIL_DAY_S;
	default:
		return 0;
	}
}

/* Copy all but the last n bytes, which are a unit; false if it does not fit. */
static bool
copy_digits(const char *text, size_t n, char digits[VALUE_DIGITS_SIZE])
{
	size_t len = strlen(text);

	if (len < n || len - n >= VALUE_DIGITS_SIZE)
		return false;
	memcpy(digits, text, len - n);
	digits[len - n] = '\0';
	return true;
}

/* A number with this unit behind it; "" is a unit as well. */
static bool
parse_in(const char *text, const char *unit, uint64_t min, uint64_t max,
    uint64_t *ret_n)
{
	size_t len = strlen(text), n = strlen(unit);
	char digits[VALUE_DIGITS_SIZE];

	return len > n && strcmp(text + len - n, unit) == 0 &&
	    copy_digits(text, n, digits) &&
	    text_parse_uint(digits, min, max, ret_n) == 0;
}

int64_t
conf_value_duration_within(struct conf_reader *reader,
    const struct conf_value *v, const char *limits)
{
	const uint64_t max = (uint64_t)CONF_AGE_MAX_D * CIVIL_DAY_S;
	size_t len = strlen(v->text);
	char digits[VALUE_DIGITS_SIZE];
	uint64_t unit = len == 0 ? 0 : unit_seconds(v->text[len - 1]), n;

	if (unit != 0 && copy_digits(v->text, 1, digits) &&
	    text_parse_uint(digits, 1, max / unit, &n) == 0)
		return (int64_t)(n * unit);
	VALUE_ERROR(reader, v,
	    "\"%.80s\" is no duration; write digits and s, m, h or d, from "
	    "%s",
	    v->text, limits);
	return 0;
}

int64_t
conf_value_duration(struct conf_reader *reader, const struct conf_value *v)
{
	char limits[VALUE_LIMITS_SIZE];

	(void)snprintf(limits, sizeof(limits), "\"1s\" to \"%ud\"",
	    CONF_AGE_MAX_D);
	return conf_value_duration_within(reader, v, limits);
}

/* Bytes, at least 64 KiB; 0: "off". */
uint64_t
conf_value_size(struct conf_reader *reader, const struct conf_value *v)
{
	static const struct {
		const char *unit;
		unsigned int shift;
	} units[] = { { "K", 10 }, { "M", 20 }, { "G", 30 } };
	uint64_t n;
	size_t i;

	if (strcmp(v->text, "off") == 0)
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (parse_in(v->text, units[i].unit, 1,
			CONF_SIZE_MAX >> units[i].shift, &n) &&
		    n << units[i].shift >= CONF_SIZE_MIN)
			return n << units[i].shift;
	VALUE_ERROR(reader, v,
	    "\"%.80s\" is no size; write digits and K, M or G, from \"64K\" "
	    "to \"64G\", or \"off\"",
	    v->text);
	return 0;
}

/* At least an hour; 0: "off". */
int64_t
conf_value_age(struct conf_reader *reader, const struct conf_value *v)
{
	char limits[VALUE_LIMITS_SIZE];
	int64_t s;

	if (strcmp(v->text, "off") == 0)
		return 0;
	(void)snprintf(limits, sizeof(limits), "\"1h\" to \"%ud\", or \"off\"",
	    CONF_AGE_MAX_D);
	s = conf_value_duration_within(reader, v, limits);
	if (s > 0 && s < 3600)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is too short; write at least \"1h\"", v->text);
	return s;
}

double
conf_value_distance(struct conf_reader *reader, const struct conf_value *v)
{
	uint64_t n;

	if (parse_in(v->text, "km", 0, CONF_DISTANCE_MAX_KM, &n))
		return (double)n;
	VALUE_ERROR(reader, v,
	    "\"%.80s\" is no distance; write digits and km, from \"0km\" to "
	    "\"%ukm\"",
	    v->text, CONF_DISTANCE_MAX_KM);
	return -1;
}

double
conf_value_speed(struct conf_reader *reader, const struct conf_value *v)
{
	uint64_t n;

	if (parse_in(v->text, "km/h", 1, CONF_SPEED_MAX_KMH, &n))
		return (double)n;
	VALUE_ERROR(reader, v,
	    "\"%.80s\" is no speed; write digits and km/h, from \"1km/h\" to "
	    "\"%ukm/h\"",
	    v->text, CONF_SPEED_MAX_KMH);
	return 0;
}

uint32_t
conf_value_number(struct conf_reader *reader, const struct conf_value *v,
    const char *key, uint32_t max)
{
	uint64_t n;

	if (parse_in(v->text, "", 1, max, &n))
		return (uint32_t)n;
	VALUE_ERROR(reader, v,
	    "\"%.80s\" is no number for %s; write digits, from \"1\" to "
	    "\"%lu\"",
	    v->text, key, (unsigned long)max);
	return 0;
}

bool
conf_value_yes(struct conf_reader *reader, const struct conf_value *v)
{
	bool yes = strcmp(v->text, "yes") == 0;

	if (!yes && strcmp(v->text, "no") != 0)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is neither; write \"yes\" or \"no\"", v->text);
	return yes;
}

int64_t
conf_value_day_end(struct conf_reader *reader, const struct conf_value *v)
{
	const char *s = v->text;
	int64_t days;

	if (civil_take_day(&s, &days) && *s == '\0')
		return (days + 1) * CIVIL_DAY_S;
	VALUE_ERROR(reader, v,
	    "\"%.80s\" is no day; write the last one, such as \"2026-03-31\"",
	    v->text);
	return 0;
}

uint32_t
conf_value_place(struct conf_reader *reader, const struct conf_value *v)
{
	uint32_t place;

	for (place = CONF_PLACE_COUNTRY; place <= CONF_PLACE_DEVICE;
	     place <<= 1)
		if (strcmp(conf_place_name(place), v->text) == 0)
			return place;
	VALUE_ERROR(reader, v,
	    "\"%.80s\" makes no place; write country, asn, network or device",
	    v->text);
	return 0;
}

/* name is the action's own text, which may be a part of the value. */
enum action
conf_value_action(struct conf_reader *reader, const struct conf_value *v,
    const char *name)
{
	enum action action = action_by_name(name);

	if (action == ACTION_NONE)
		VALUE_ERROR(reader, v,
		    "unknown action \"%.80s\"; write ignore, log, challenge or "
		    "deny",
		    name);
	return action;
}

char *
conf_value_path(struct conf_reader *reader, const struct conf_value *v)
{
	size_t len = strlen(v->text);

	if (v->text[0] != '/') {
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is no absolute path; begin it with /", v->text);
		return NULL;
	}
	if (v->text[len - 1] == '/' && len > 1) {
		VALUE_ERROR(reader, v,
		    "\"%.80s\" ends in /; write the path without it", v->text);
		return NULL;
	}
	return conf_value_dup(reader, v->text);
}

/* That it is printable and one line is known from the scan. */
char *
conf_value_help(struct conf_reader *reader, const struct conf_value *v)
{
	size_t len = strlen(v->text);

	if (len > FG_TEXT_MAX) {
		VALUE_ERROR(reader, v,
		    "help has %zu bytes and may have %u; shorten it", len,
		    FG_TEXT_MAX);
		return NULL;
	}
	return conf_value_dup(reader, v->text);
}

/* As above. */
char *
conf_value_shared(struct conf_reader *reader, const struct conf_value *v)
{
	size_t len = strlen(v->text);

	if (len == 0 || len > CONF_SHARED_TEXT_MAX) {
		VALUE_ERROR(reader, v,
		    "shared has %zu bytes and needs 1 to %u; write why many "
		    "people come from there",
		    len, CONF_SHARED_TEXT_MAX);
		return NULL;
	}
	return conf_value_dup(reader, v->text);
}

char *
conf_value_label(struct conf_reader *reader, const struct conf_value *v)
{
	if (!conf_name_is_valid(v->text, strlen(v->text))) {
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is no label; use 1 to %u of a-z, 0-9, _ and -",
		    v->text, CONF_NAME_MAX);
		return NULL;
	}
	return conf_value_dup(reader, v->text);
}

bool
conf_value_country(struct conf_reader *reader, const struct conf_value *v)
{
	char upper[3];
	const char *better;

	if (country_is_known(v->text))
		return true;
	better = country_corrected(v->text, upper);
	if (better != NULL)
		VALUE_ERROR(reader, v,
		    "unknown country \"%.80s\"; did you mean \"%s\"?", v->text,
		    better);
	else
		VALUE_ERROR(reader, v,
		    "unknown country \"%.80s\"; write the two letters of "
		    "ISO 3166-1, such as \"NO\"",
		    v->text);
	return false;
}

void
conf_value_user(struct conf_reader *reader, const struct conf_value *v)
{
	bool group = v->text[0] == '@';
	size_t len = strlen(v->text) - (group ? 1 : 0);

	if (len == 0)
		VALUE_ERROR(reader, v,
		    "an empty name in users; write a user, or @ and a group");
	else if (len > (group ? FG_GROUP_MAX : FG_USER_MAX))
		VALUE_ERROR(reader, v,
		    "a name in users is too long; %u bytes are possible",
		    group ? FG_GROUP_MAX : FG_USER_MAX);
	else if (strpbrk(v->text, "*:") != NULL)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is no user's name and there are no patterns; "
		    "leave users out for everybody",
		    v->text);
}

void
conf_value_fingerprint(struct conf_reader *reader, const struct conf_value *v)
{
	static const char prefix[] = "SHA256:";
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *hash = v->text + sizeof(prefix) - 1;

	if (strncmp(v->text, prefix, sizeof(prefix) - 1) != 0 ||
	    strlen(hash) != 43 || strspn(hash, digits) != 43)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is no fingerprint; write what ssh-keygen -lf "
		    "CA.pub prints, SHA256: and 43 characters",
		    v->text);
}

void
conf_value_bundle_key(struct conf_reader *reader, const struct conf_value *v)
{
	uint8_t key[CRYPTO_KEY_SIZE];

	if (key_parse(KEY_BUNDLE, v->text, key) != 0)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is no public key of bundles; write what "
		    "farmgatectl bundle keygen has printed, ed25519: and 44 "
		    "characters",
		    v->text);
}

void
conf_value_service(struct conf_reader *reader, const struct conf_value *v)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strlen(v->text);

	if (len == 0 || len > FG_SERVICE_MAX)
		VALUE_ERROR(reader, v,
		    "a service's name has 1 to %u bytes; write the name of a "
		    "file in /etc/pam.d",
		    FG_SERVICE_MAX);
	else if (strpbrk(v->text, "*/ ") != NULL)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" is no service's name and there are no "
		    "patterns; write the name of a file in /etc/pam.d",
		    v->text);
	else if (strpbrk(v->text, upper) != NULL)
		VALUE_ERROR(reader, v,
		    "\"%.80s\" can never be seen, because PAM makes the names "
		    "of services lower case; write it so",
		    v->text);
}
