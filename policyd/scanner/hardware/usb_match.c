/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules about USB devices. A device calls itself what it likes: what has
 * another's strings is taken for that other one, and what poses as an
 * ordinary keyboard is known by its composition only, which the words say.
 */
#include "policyd/scanner/hardware/usb_match.h"

#include <string.h>

#include "policyd/scanner/hardware/composition.h"
#include "policyd/text.h"

#define NO_IDENTITY "no known identity"

struct match {
	const struct usb_device *device;
	const struct rules *rules;
	struct machine *machine;
	struct roster *roster;
	bool named; /* by its identity, and what that says is enough */
	bool kvm; /* by whatever */
};

/* Its maker and what it is, of which many have the one in the other. */
static void
name_device(const struct usb_device *device, char *dst, size_t size)
{
	const char *maker = device->manufacturer;
	bool both = maker[0] != '\0' && device->product[0] != '\0';

	if (strncmp(device->product, maker, strlen(maker)) == 0)
		maker = "";
	(void)text_format(dst, size, "%s%s%s", maker,
	    both && maker[0] != '\0' ? " " : "", device->product);
}

void
usb_words(const struct usb_device *device, char *dst, size_t size)
{
	char text[2 * SYS_TEXT_SIZE], name[ROSTER_QUOTE_SIZE];
	char serial[ROSTER_QUOTE_SIZE];

	name_device(device, text, sizeof(text));
	roster_quote(name, text);
	roster_quote(serial, device->serial);
	(void)text_format(dst, size, "%s (%04x:%04x) on port %s%s%s",
	    text[0] == '\0' ? "a device without a name" : name,
	    device->vendor_id, device->product_id, device->name,
	    device->serial[0] == '\0' ? "" : ", serial ",
	    device->serial[0] == '\0' ? "" : serial);
}

static bool
is_equal(const char *want, const char *have)
{
	return want[0] == '\0' || strcmp(want, have) == 0;
}

static bool
has_strings(const struct rule *rule)
{
	return rule->device.manufacturer[0] != '\0' ||
	    rule->device.product[0] != '\0' || rule->device.serial[0] != '\0';
}

static bool
matches_device(const struct rule *rule, const struct usb_device *device)
{
	if (rule->low == RULE_ANY && rule->high == RULE_ANY &&
	    !has_strings(rule))
		return false;
	return (rule->low == RULE_ANY || rule->low == device->vendor_id) &&
	    (rule->high == RULE_ANY || rule->high == device->product_id) &&
	    is_equal(rule->device.manufacturer, device->manufacturer) &&
	    is_equal(rule->device.product, device->product) &&
	    is_equal(rule->device.serial, device->serial);
}

/* Whether no ordinary device has what the rule asks for. */
static bool
is_own(const struct rule *rule, const struct usb_device *device)
{
	return has_strings(rule) ||
	    (rule->low != RULE_ANY && rule->high != RULE_ANY &&
		!usb_is_gadget(device));
}

static bool
points_or_types(const struct usb_device *device)
{
	return device->uses.keyboard || device->uses.relative_mouse ||
	    device->uses.absolute_mouse;
}

/* One sign, its words before what the device says of itself. */
static void
found(struct match *match, const struct rule *rule,
    enum sign_confidence confidence, const char *words)
{
	const struct rule_entry *entry = &match->rules->entry[rule->entry];
	char device[ROSTER_WORDS], seen[ROSTER_WORDS];

	usb_words(match->device, device, sizeof(device));
	(void)text_format(seen, sizeof(seen), "%s%s", words, device);
	if (entry->kind == ENTRY_HYPERVISOR) {
		machine_note(match->machine, entry, seen);
		return;
	}
	match->kvm = match->kvm || entry->kind == ENTRY_IP_KVM;
	match->named = match->named || confidence == SIGN_BY_IDENTITY;
	roster_add_entry(match->roster, entry, SIGN_PRESENT, confidence, seen);
}

static bool
is_of_device(const struct match *match, const struct rule *rule)
{
	return matches_device(rule, match->device) &&
	    (rule->kind != RULE_USB_HID || match->device->hid);
}

static void
match_identity(struct match *match, const struct rule *rule)
{
	if (is_of_device(match, rule) && is_own(rule, match->device))
		found(match, rule, SIGN_BY_IDENTITY, "");
}

static void
match_shared(struct match *match, const struct rule *rule)
{
	if (!match->named && is_of_device(match, rule) &&
	    !is_own(rule, match->device) && points_or_types(match->device))
		found(match, rule, SIGN_BY_COMPOSITION,
		    "identifiers that others have, too, " NO_IDENTITY ": ");
}

static void
match_storage(struct match *match, const struct rule *rule)
{
	const struct usb_device *device = match->device;
	const struct rule_device *want = &rule->device;
	char vendor[ROSTER_QUOTE_SIZE], model[ROSTER_QUOTE_SIZE];
	char words[ROSTER_WORDS];
	const struct usb_disk *disk;
	size_t i;

	if (!has_strings(rule))
		return;
	for (i = 0; i < device->ndisks; i++) {
		disk = &device->disk[i];
		if (!is_equal(want->manufacturer, disk->vendor) ||
		    !is_equal(want->product, disk->model))
			continue;
		roster_quote(vendor, disk->vendor);
		roster_quote(model, disk->model);
		(void)text_format(words, sizeof(words),
		    "its disk is %s %s: ", vendor, model);
		found(match, rule, SIGN_BY_IDENTITY, words);
	}
}

/* The firmware's, perhaps: it may run on a board that is something else. */
static void
match_report(struct match *match, const struct rule *rule)
{
	const struct usb_device *device = match->device;
	size_t i;

	if (match->named)
		return;
	for (i = 0; i < device->nreports; i++)
		if (strcmp(rule->text, device->report[i]) == 0)
			found(match, rule, SIGN_BY_COMPOSITION,
			    "its report descriptor is this one's, " NO_IDENTITY
			    ": ");
}

static void
match_composition(struct match *match)
{
	char words[ROSTER_WORDS], device[ROSTER_WORDS], made_of[128];
	const struct roster_sign sign = { .kind = ENTRY_IP_KVM,
		.grade = SIGN_PRESENT,
		.confidence = SIGN_BY_COMPOSITION,
		.steers = ENTRY_STEERS_SEAT,
		.what = "composition",
		.seen = words };

	if (match->kvm || !composition_is_kvm(match->device))
		return;
	composition_words(match->device, made_of, sizeof(made_of));
	usb_words(match->device, device, sizeof(device));
	(void)text_format(words, sizeof(words),
	    "%s on one device, " NO_IDENTITY ": %s", made_of, device);
	roster_add(match->roster, &sign);
}

typedef void (*match_fn)(struct match *match, const struct rule *rule);

static void
match_rules(struct match *match, enum rule_kind kind, match_fn one)
{
	const struct rules *rules = match->rules;
	size_t i;

	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++)
		one(match, &rules->rule[i]);
}

void
usb_match(const struct usb_device *device, const struct rules *rules,
    struct machine *machine, struct roster *roster)
{
	struct match match = { .device = device,
		.rules = rules,
		.machine = machine,
		.roster = roster };

	match_rules(&match, RULE_USB, match_identity);
	match_rules(&match, RULE_USB_HID, match_identity);
	match_rules(&match, RULE_STORAGE, match_storage);
	match_rules(&match, RULE_REPORT, match_report);
	match_rules(&match, RULE_USB, match_shared);
	match_rules(&match, RULE_USB_HID, match_shared);
	match_composition(&match);
}
