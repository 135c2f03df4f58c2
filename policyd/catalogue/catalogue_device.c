/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hardware, and what imitates it: from the keys of usb, display, input and
 * hypervisor to rules. Where several values stand for one property each
 * combination is a rule, as any of them may be.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"

#define DEVICE_EDID_TEXT_MAX 13u /* of a descriptor: a name, a serial */
#define DEVICE_SCSI_VENDOR   8u
#define DEVICE_SCSI_MODEL    16u
#define DEVICE_CPUID_MAX     12u
#define DEVICE_DMI_MAX	     63u

/* The values of a key; one empty place if it is not there. */
static size_t
choices(const struct catalogue_build *b, const char *key,
    const struct conf_strings **ret_values)
{
	*ret_values = catalogue_values(b->entry, key);
	return *ret_values == NULL ? 1 : (*ret_values)->n;
}

/* True if the key is not there, or all of its values are texts that fit. */
static bool
are_texts(struct catalogue_build *b, const char *key, size_t max)
{
	const struct conf_strings *values = catalogue_values(b->entry, key);
	bool right = true;
	size_t i;

	for (i = 0; values != NULL && i < values->n; i++)
		right &= catalogue_value_text(b, values->lines[i], key,
		    values->v[i], max);
	return right;
}

static void
set_string(char dst[RULE_STRING_MAX + 1], const struct conf_strings *values,
    size_t i)
{
	if (values != NULL)
		(void)snprintf(dst, RULE_STRING_MAX + 1, "%s", values->v[i]);
}

/* ---- usb --------------------------------------------------------------- */

/* A number of the list, which was found right; RULE_ANY without one. */
static uint32_t
usb_id(struct catalogue_build *b, const char *key,
    const struct conf_strings *values, size_t i)
{
	uint32_t id = RULE_ANY;

	if (values != NULL)
		(void)catalogue_value_id(b, values->lines[i], key, values->v[i],
		    &id);
	return id;
}

static bool
are_ids(struct catalogue_build *b, const char *key)
{
	const struct conf_strings *values = catalogue_values(b->entry, key);
	bool right = true;
	uint32_t id;
	size_t i;

	for (i = 0; values != NULL && i < values->n; i++)
		right &= catalogue_value_id(b, values->lines[i], key,
		    values->v[i], &id);
	return right;
}

static void
add_usb_strings(struct catalogue_build *b, const struct rule *ids)
{
	const struct conf_strings *makers, *models, *serials;
	size_t m, o, s, nm = choices(b, "manufacturer", &makers),
			no = choices(b, "model", &models),
			ns = choices(b, "serial", &serials);
	struct rule rule;

	for (m = 0; m < nm && !b->full; m++)
		for (o = 0; o < no && !b->full; o++)
			for (s = 0; s < ns && !b->full; s++) {
				rule = *ids;
				set_string(rule.device.manufacturer, makers, m);
				set_string(rule.device.product, models, o);
				set_string(rule.device.serial, serials, s);
				catalogue_add(b, &rule);
			}
}

static bool
has_usb_identity(const struct catalogue_entry *e)
{
	return catalogue_has(e, "vendor") || catalogue_has(e, "product") ||
	    catalogue_has(e, "manufacturer") || catalogue_has(e, "model") ||
	    catalogue_has(e, "serial");
}

static void
add_usb(struct catalogue_build *b, bool hid)
{
	const struct conf_strings *vendors, *products;
	size_t v, p, nv = choices(b, "vendor", &vendors),
		     np = choices(b, "product", &products);

	for (v = 0; v < nv && !b->full; v++)
		for (p = 0; p < np && !b->full; p++) {
			struct rule rule = { .kind = hid ? RULE_USB_HID :
							   RULE_USB };

			rule.low = usb_id(b, "vendor", vendors, v);
			rule.high = usb_id(b, "product", products, p);
			add_usb_strings(b, &rule);
		}
}

static void
read_storage(struct catalogue_build *b)
{
	const struct conf_strings *values =
	    catalogue_values(b->entry, "storage");
	const char *text, *slash;
	size_t i;

	for (i = 0; values != NULL && i < values->n; i++) {
		struct rule rule = {
			.kind = RULE_STORAGE, .low = RULE_ANY, .high = RULE_ANY
		};

		text = values->v[i];
		slash = strchr(text, '/');
		if (slash == NULL || slash == text || slash[1] == '\0' ||
		    (size_t)(slash - text) > DEVICE_SCSI_VENDOR ||
		    strlen(slash + 1) > DEVICE_SCSI_MODEL) {
			CATALOGUE_ERROR(b, values->lines[i],
			    "\"%.80s\" is no disk's name; write its vendor, of "
			    "at most %u bytes, / and its model, of at most %u",
			    text, DEVICE_SCSI_VENDOR, DEVICE_SCSI_MODEL);
			continue;
		}
		(void)snprintf(rule.device.manufacturer,
		    sizeof(rule.device.manufacturer), "%.*s",
		    (int)(slash - text), text);
		(void)snprintf(rule.device.product, sizeof(rule.device.product),
		    "%s", slash + 1);
		catalogue_add(b, &rule);
	}
}

static void
read_reports(struct catalogue_build *b)
{
	const struct conf_strings *values =
	    catalogue_values(b->entry, "reports");
	size_t i;

	for (i = 0; values != NULL && i < values->n; i++)
		if (catalogue_value_digest(b, values->lines[i], values->v[i]))
			catalogue_add_text(b, RULE_REPORT, values->v[i]);
}

void
catalogue_read_usb(struct catalogue_build *b)
{
	bool hid = false, right;

	right = are_ids(b, "vendor");
	right &= are_ids(b, "product");
	right &= are_texts(b, "manufacturer", RULE_STRING_MAX);
	right &= are_texts(b, "model", RULE_STRING_MAX);
	right &= are_texts(b, "serial", RULE_STRING_MAX);
	if (catalogue_has(b->entry, "hid"))
		right &= catalogue_value_yes(b, catalogue_line(b->entry, "hid"),
		    "hid", catalogue_value(b->entry, "hid"), &hid);
	if (right && has_usb_identity(b->entry))
		add_usb(b, hid);
	read_storage(b);
	read_reports(b);
}

/* ---- displays ---------------------------------------------------------- */

static bool
are_makers(struct catalogue_build *b)
{
	const struct conf_strings *values =
	    catalogue_values(b->entry, "manufacturer");
	bool right = true;
	size_t i;

	for (i = 0; values != NULL && i < values->n; i++)
		right &=
		    catalogue_value_maker(b, values->lines[i], values->v[i]);
	return right;
}

static bool
are_products(struct catalogue_build *b)
{
	const struct conf_strings *values =
	    catalogue_values(b->entry, "products");
	uint32_t low, high;
	bool right = true;
	size_t i;

	for (i = 0; values != NULL && i < values->n; i++)
		right &= catalogue_value_ids(b, values->lines[i], "products",
		    values->v[i], &low, &high);
	return right;
}

static void
add_display_texts(struct catalogue_build *b, const struct rule *product)
{
	const struct conf_strings *makers, *models, *serials;
	size_t m, o, s, nm = choices(b, "manufacturer", &makers),
			no = choices(b, "models", &models),
			ns = choices(b, "serials", &serials);
	struct rule rule;

	for (m = 0; m < nm && !b->full; m++)
		for (o = 0; o < no && !b->full; o++)
			for (s = 0; s < ns && !b->full; s++) {
				rule = *product;
				set_string(rule.device.manufacturer, makers, m);
				set_string(rule.device.product, models, o);
				set_string(rule.device.serial, serials, s);
				catalogue_add(b, &rule);
			}
}

static void
add_displays(struct catalogue_build *b, bool weak)
{
	const struct conf_strings *products;
	size_t i, n = choices(b, "products", &products);

	for (i = 0; i < n && !b->full; i++) {
		struct rule rule = { .kind = weak ? RULE_DISPLAY_WEAK :
						    RULE_DISPLAY,
			.low = RULE_ANY,
			.high = RULE_ANY };

		if (products != NULL)
			(void)catalogue_value_ids(b, products->lines[i],
			    "products", products->v[i], &rule.low, &rule.high);
		add_display_texts(b, &rule);
	}
}

void
catalogue_read_display(struct catalogue_build *b)
{
	bool weak = false, right;

	right = are_makers(b);
	right &= are_products(b);
	right &= are_texts(b, "models", DEVICE_EDID_TEXT_MAX);
	right &= are_texts(b, "serials", DEVICE_EDID_TEXT_MAX);
	if (catalogue_has(b->entry, "weak"))
		right &=
		    catalogue_value_yes(b, catalogue_line(b->entry, "weak"),
			"weak", catalogue_value(b->entry, "weak"), &weak);
	if (right &&
	    (catalogue_has(b->entry, "manufacturer") ||
		catalogue_has(b->entry, "models") ||
		catalogue_has(b->entry, "serials")))
		add_displays(b, weak);
}

/* ---- virtual input devices --------------------------------------------- */

static bool
read_input_id(struct catalogue_build *b, const char *key, uint32_t *ret_id)
{
	*ret_id = RULE_ANY;
	return !catalogue_has(b->entry, key) ||
	    catalogue_value_id(b, catalogue_line(b->entry, key), key,
		catalogue_value(b->entry, key), ret_id);
}

void
catalogue_read_input(struct catalogue_build *b)
{
	const struct conf_strings *names = catalogue_values(b->entry, "device");
	struct rule rule = { .kind = RULE_INPUT };
	bool right;
	size_t i;

	right = read_input_id(b, "bus", &rule.low);
	right &= read_input_id(b, "vendor", &rule.high);
	right &= are_texts(b, "device", RULE_TEXT_MAX);
	for (i = 0; right && names != NULL && i < names->n; i++) {
		memset(rule.text, 0, sizeof(rule.text));
		(void)snprintf(rule.text, sizeof(rule.text), "%s", names->v[i]);
		catalogue_add(b, &rule);
	}
}

/* ---- hypervisors ------------------------------------------------------- */

/* "1234:5678", or "1234:*" for all of a maker's. */
static void
read_hypervisor_usb(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	struct rule rule = { .kind = RULE_USB, .high = RULE_ANY };
	char vendor[5];

	if (strlen(text) < 6 || text[4] != ':') {
		CATALOGUE_ERROR(b, line,
		    "\"%.80s\" is no USB device; write one such as "
		    "\"80ee:0021\", or \"80ee:*\"",
		    text);
		return;
	}
	(void)snprintf(vendor, sizeof(vendor), "%.4s", text);
	if (catalogue_value_id(b, line, "usb", vendor, &rule.low) &&
	    (strcmp(text + 5, "*") == 0 ||
		catalogue_value_id(b, line, "usb", text + 5, &rule.high)))
		catalogue_add(b, &rule);
}

/* "RHT:1234" */
static void
read_hypervisor_display(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	struct rule rule = { .kind = RULE_DISPLAY };

	if (strlen(text) != 8 || text[3] != ':') {
		CATALOGUE_ERROR(b, line,
		    "\"%.80s\" is no display; write its maker and product, "
		    "such as \"RHT:1234\"",
		    text);
		return;
	}
	(void)snprintf(rule.device.manufacturer,
	    sizeof(rule.device.manufacturer), "%.3s", text);
	if (!catalogue_value_maker(b, line, rule.device.manufacturer) ||
	    !catalogue_value_id(b, line, "display", text + 4, &rule.low))
		return;
	rule.high = rule.low;
	catalogue_add(b, &rule);
}

static void
read_dmi(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_text(b, line, "dmi", text, DEVICE_DMI_MAX))
		catalogue_add_text(b, RULE_DMI, text);
}

static void
read_cpuid(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_text(b, line, "cpuid", text, DEVICE_CPUID_MAX))
		catalogue_add_text(b, RULE_CPUID, text);
}

static void
read_pci(struct catalogue_build *b, unsigned int line, const char *text)
{
	struct rule rule = { .kind = RULE_PCI };

	if (!catalogue_value_id(b, line, "pci", text, &rule.low))
		return;
	rule.high = rule.low;
	catalogue_add(b, &rule);
}

void
catalogue_read_hypervisor(struct catalogue_build *b)
{
	static const struct {
		const char *key;
		void (*read)(struct catalogue_build *b, unsigned int line,
		    const char *text);
	} lists[] = {
		{ "dmi", read_dmi },
		{ "cpuid", read_cpuid },
		{ "pci", read_pci },
		{ "usb", read_hypervisor_usb },
		{ "display", read_hypervisor_display },
	};
	const struct conf_strings *values;
	size_t i, k;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		values = catalogue_values(b->entry, lists[i].key);
		for (k = 0; values != NULL && k < values->n; k++)
			lists[i].read(b, values->lines[k], values->v[k]);
	}
}
