/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The jump hosts whose challenges this machine answers. A token says by a
 * digest of the key which one of them asks, and ssh by a name whom it has
 * reached: both have to be of one section.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/key.h"
#include "policyd/witness/token.h"
#include "proto/msg.h"
#include "proto/result.h"

#define HOST_SIZE (FG_HOST_MAX + 1)

bool
conf_jumphost_name(const char *text, char ret_host[FG_HOST_MAX + 1])
{
	size_t i, colons = 0, len = strlen(text);

	if (len > 1 && text[len - 1] == '.')
		len--;
	if (len == 0 || len >= HOST_SIZE)
		return false;
	for (i = 0; i < len; i++) {
		/* Of addresses, too: "2001:db8::1", "fe80::1%eth0". */
		if (!isalnum((unsigned char)text[i]) &&
		    strchr(".-_:%", text[i]) == NULL)
			return false;
		colons += text[i] == ':' ? 1 : 0;
		ret_host[i] = (char)tolower((unsigned char)text[i]);
	}
	ret_host[len] = '\0';
	/* One colon would be in front of a port. */
	return ret_host[0] != '.' && ret_host[0] != '-' && colons != 1;
}

static void
read_names(struct conf_build *b, struct cfg_t *section,
    struct conf_jumphost *host)
{
	size_t i, n = conf_section_count(section, "names");
	const struct conf_value *v;
	char name[HOST_SIZE];

	if (n == 0)
		conf_errors_add(b->reader.errors, b->reader.file, host->line,
		    "jumphost %s has no name; add names = {\"HOST\"}, as it is "
		    "called where people type ssh HOST",
		    host->name);
	for (i = 0; i < n; i++) {
		v = conf_section_value(section, "names", i);
		if (i == CONF_JUMPHOST_NAMES_MAX) {
			conf_errors_add(b->reader.errors, b->reader.file,
			    v->line, "too many names; keep at most %u",
			    CONF_JUMPHOST_NAMES_MAX);
			break;
		}
		if (!conf_jumphost_name(v->text, name))
			conf_errors_add(b->reader.errors, b->reader.file,
			    v->line,
			    "\"%.80s\" is no host's name or address; write it "
			    "without a user and without a port",
			    v->text);
		else if (conf_strings_add(&host->names, name, v->line) != 0)
			b->reader.nomem = true;
	}
	conf_strings_check(&b->reader, &host->names, "names");
}

/* There are points to which everybody could open what is sealed. */
static bool
can_be_sealed_to(const uint8_t key[CRYPTO_KEY_SIZE])
{
	uint8_t sealed[CRYPTO_SEAL_TO_EXTRA];

	return crypto_seal_to("", 0, key, sealed) != FG_ERR_FORMAT;
}

static void
read_key(struct conf_build *b, struct cfg_t *section,
    struct conf_jumphost *host)
{
	const struct conf_value *v = conf_read_value(section, "key");

	if (v == NULL) {
		conf_errors_add(b->reader.errors, b->reader.file, host->line,
		    "jumphost %s has no key; add key = \"x25519:...\", which "
		    "farmgatectl enrol host prints there",
		    host->name);
		return;
	}
	host->key_line = v->line;
	if (key_parse(KEY_HOST, v->text, host->key) != 0 ||
	    !can_be_sealed_to(host->key)) {
		memset(host->key, 0, sizeof(host->key));
		conf_errors_add(b->reader.errors, b->reader.file, v->line,
		    "\"%.80s\" is no jump host's key; write \"x25519:\" and 44 "
		    "characters, as farmgatectl enrol host prints it there",
		    v->text);
	}
	token_host_id(host->key, host->id);
}

static void
read_jumphost(struct conf_build *b, struct cfg_t *section,
    struct conf_jumphost *host)
{
	const char *title = conf_section_title(section);

	host->line = conf_read_line(b, "jumphost", title);
	if ((host->name = conf_value_dup(&b->reader, title)) == NULL)
		return;
	read_names(b, section, host);
	read_key(b, section, host);
}

void
conf_jumphost_read(struct conf_build *b, struct cfg_t *root)
{
	size_t i, n = conf_section_count(root, "jumphost");
	struct conf *conf = b->conf;

	if ((conf->jumphosts =
		    conf_read_list(b, n, sizeof(*conf->jumphosts))) == NULL)
		return;
	conf->njumphosts = n;
	for (i = 0; i < n; i++)
		read_jumphost(b, conf_section_at(root, "jumphost", i),
		    &conf->jumphosts[i]);
	if (n > CONF_JUMPHOSTS_MAX)
		conf_errors_add(b->reader.errors, b->reader.file,
		    conf->jumphosts[CONF_JUMPHOSTS_MAX].line,
		    "too many jump hosts; keep at most %u", CONF_JUMPHOSTS_MAX);
}

void
conf_jumphost_done(struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->njumphosts; i++) {
		free(conf->jumphosts[i].name);
		conf_strings_done(&conf->jumphosts[i].names);
	}
	free(conf->jumphosts);
}

/* A challenge of the one would be answered at the other. */
static void
check_pair(const struct conf *conf, const struct conf_jumphost *a,
    const struct conf_jumphost *b, struct conf_errors *errors)
{
	size_t i;

	if (memcmp(a->key, b->key, sizeof(a->key)) == 0)
		conf_errors_add(errors, conf->path, b->key_line,
		    "jumphost %s in line %u has this key already; make one "
		    "section of them, or correct the key",
		    a->name, a->line);
	for (i = 0; i < b->names.n; i++)
		if (conf_strings_has(&a->names, b->names.v[i]))
			conf_errors_add(errors, conf->path, b->names.lines[i],
			    "jumphost %s in line %u has the name \"%.80s\" "
			    "already; take it out of one of them",
			    a->name, a->line, b->names.v[i]);
}

void
conf_jumphost_check(const struct conf *conf, struct conf_errors *errors)
{
	size_t i, k;

	for (i = 0; i < conf->njumphosts && i < CONF_JUMPHOSTS_MAX; i++)
		for (k = 0; k < i; k++)
			check_pair(conf, &conf->jumphosts[k],
			    &conf->jumphosts[i], errors);
}

const struct conf_jumphost *
conf_jumphost_by_id(const struct conf *conf,
    const uint8_t id[FG_TOKEN_HOST_SIZE])
{
	size_t i;

	for (i = 0; i < conf->njumphosts; i++)
		if (memcmp(conf->jumphosts[i].id, id, FG_TOKEN_HOST_SIZE) == 0)
			return &conf->jumphosts[i];
	return NULL;
}

bool
conf_jumphost_has_name(const struct conf_jumphost *host, const char *name)
{
	char wanted[HOST_SIZE];

	return conf_jumphost_name(name, wanted) &&
	    conf_strings_has(&host->names, wanted);
}
