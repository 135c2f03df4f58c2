/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grammar of the catalogue: which keys the sections have.
 * farmgate-catalogue(5) documents each; a key that is not here is an error.
 */
#include "policyd/catalogue/catalogue_parts.h"

static const struct conf_key tool_keys[] = {
	{ "title", CONF_KEY_STRING, NULL },
	{ "kind", CONF_KEY_STRING, NULL },
	{ "exe", CONF_KEY_LIST, NULL },
	{ "script", CONF_KEY_LIST, NULL },
	{ "comm", CONF_KEY_LIST, NULL },
	{ "packages", CONF_KEY_LIST, NULL },
	{ "units", CONF_KEY_LIST, NULL },
	{ "files", CONF_KEY_LIST, NULL },
	{ "listen", CONF_KEY_LIST, NULL },
	{ "listen_argument", CONF_KEY_LIST, NULL },
	{ "sockets", CONF_KEY_LIST, NULL },
	{ "relay", CONF_KEY_LIST, NULL },
	{ "interfaces", CONF_KEY_LIST, NULL },
	{ "links", CONF_KEY_LIST, NULL },
	{ "active", CONF_KEY_LIST, NULL },
	{ "active_exe", CONF_KEY_LIST, NULL },
	{ "active_comm", CONF_KEY_LIST, NULL },
	{ "active_argument", CONF_KEY_LIST, NULL },
	{ "steers", CONF_KEY_STRING, NULL },
	{ "source", CONF_KEY_STRING, NULL },
	{ "note", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key usb_keys[] = {
	{ "title", CONF_KEY_STRING, NULL },
	{ "kind", CONF_KEY_STRING, NULL },
	{ "same_as", CONF_KEY_STRING, NULL },
	{ "vendor", CONF_KEY_LIST, NULL },
	{ "product", CONF_KEY_LIST, NULL },
	{ "manufacturer", CONF_KEY_LIST, NULL },
	{ "model", CONF_KEY_LIST, NULL },
	{ "serial", CONF_KEY_LIST, NULL },
	{ "hid", CONF_KEY_STRING, NULL },
	{ "storage", CONF_KEY_LIST, NULL },
	{ "reports", CONF_KEY_LIST, NULL },
	{ "source", CONF_KEY_STRING, NULL },
	{ "note", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key display_keys[] = {
	{ "title", CONF_KEY_STRING, NULL },
	{ "kind", CONF_KEY_STRING, NULL },
	{ "same_as", CONF_KEY_STRING, NULL },
	{ "manufacturer", CONF_KEY_LIST, NULL },
	{ "products", CONF_KEY_LIST, NULL },
	{ "models", CONF_KEY_LIST, NULL },
	{ "serials", CONF_KEY_LIST, NULL },
	{ "weak", CONF_KEY_STRING, NULL },
	{ "source", CONF_KEY_STRING, NULL },
	{ "note", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key input_keys[] = {
	{ "title", CONF_KEY_STRING, NULL },
	{ "kind", CONF_KEY_STRING, NULL },
	{ "same_as", CONF_KEY_STRING, NULL },
	{ "device", CONF_KEY_LIST, NULL },
	{ "bus", CONF_KEY_STRING, NULL },
	{ "vendor", CONF_KEY_STRING, NULL },
	{ "source", CONF_KEY_STRING, NULL },
	{ "note", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key hypervisor_keys[] = {
	{ "title", CONF_KEY_STRING, NULL },
	{ "dmi", CONF_KEY_LIST, NULL },
	{ "cpuid", CONF_KEY_LIST, NULL },
	{ "pci", CONF_KEY_LIST, NULL },
	{ "usb", CONF_KEY_LIST, NULL },
	{ "display", CONF_KEY_LIST, NULL },
	{ "source", CONF_KEY_STRING, NULL },
	{ "note", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

/* In the order of enum catalogue_section. */
static const struct conf_key sections[] = {
	{ "tool", CONF_KEY_TITLED, tool_keys },
	{ "usb", CONF_KEY_TITLED, usb_keys },
	{ "display", CONF_KEY_TITLED, display_keys },
	{ "input", CONF_KEY_TITLED, input_keys },
	{ "hypervisor", CONF_KEY_TITLED, hypervisor_keys },
	{ NULL, CONF_KEY_NONE, NULL },
};

const struct conf_grammar catalogue_grammar = {
	.keys = sections,
	.values_fix = "name the most usual ones",
	.sections_fix = "keep those that you look for",
};

const struct conf_key *
catalogue_keys(enum catalogue_section section)
{
	return sections[section - CATALOGUE_TOOL].keys;
}

const char *
catalogue_section_name(enum catalogue_section section)
{
	if (section <= CATALOGUE_NONE || section >= CATALOGUE_SECTIONS)
		return "none";
	return sections[section - CATALOGUE_TOOL].name;
}
