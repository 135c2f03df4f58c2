/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The base block of VESA's E-EDID 1.4, section 3. Two numbers of it, and two
 * of its four descriptors.
 */
#include "policyd/scanner/hardware/edid.h"

#include <string.h>

#include "proto/result.h"

#define EDID_MAKER	     8u
#define EDID_PRODUCT	     10u
#define EDID_SERIAL	     12u
#define EDID_DESCRIPTORS     54u
#define EDID_DESCRIPTOR_SIZE 18u
#define EDID_DESCRIPTOR_TEXT 5u

#define EDID_TAG_NAME	0xfcu
#define EDID_TAG_SERIAL 0xffu

/* Five bits a letter, "A" is 1. */
static void
parse_maker(const uint8_t *block, char maker[4])
{
	unsigned int v;

	v = (unsigned int)block[EDID_MAKER] << 8 | block[EDID_MAKER + 1];
	maker[0] = (char)('@' + (v >> 10 & 31u));
	maker[1] = (char)('@' + (v >> 5 & 31u));
	maker[2] = (char)('@' + (v & 31u));
	maker[3] = '\0';
}

/* It ends with a line feed, and spaces fill it up. */
static void
parse_text(const uint8_t *p, char text[EDID_TEXT_MAX + 1])
{
	size_t len = 0;

	while (len < EDID_TEXT_MAX && p[len] != '\n' && p[len] != '\0')
		len++;
	while (len > 0 && p[len - 1] == ' ')
		len--;
	memcpy(text, p, len);
	text[len] = '\0';
}

/* Those that are texts begin with three zeros; the first of a kind counts. */
static void
parse_descriptor(const uint8_t *p, struct edid *edid)
{
	if (p[0] != 0 || p[1] != 0 || p[2] != 0)
		return;
	if (p[3] == EDID_TAG_NAME && edid->name[0] == '\0')
		parse_text(p + EDID_DESCRIPTOR_TEXT, edid->name);
	else if (p[3] == EDID_TAG_SERIAL && edid->serial[0] == '\0')
		parse_text(p + EDID_DESCRIPTOR_TEXT, edid->serial);
}

static bool
sums_up(const uint8_t *block)
{
	uint8_t sum = 0;
	size_t i;

	for (i = 0; i < EDID_BLOCK; i++)
		sum = (uint8_t)(sum + block[i]);
	return sum == 0;
}

int
edid_parse(const uint8_t *data, size_t len, struct edid *ret_edid)
{
	static const uint8_t head[] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	size_t at;

	*ret_edid = (struct edid){ 0 };
	if (len < EDID_BLOCK)
		return FG_ERR_SHORT;
	if (memcmp(data, head, sizeof(head)) != 0)
		return FG_ERR_FORMAT;
	parse_maker(data, ret_edid->maker);
	ret_edid->product =
	    data[EDID_PRODUCT] | (uint32_t)data[EDID_PRODUCT + 1] << 8;
	for (at = 0; at < 4; at++)
		ret_edid->serial_number |= (uint32_t)data[EDID_SERIAL + at]
		    << 8 * at;
	for (at = EDID_DESCRIPTORS; at + EDID_DESCRIPTOR_SIZE < EDID_BLOCK;
	     at += EDID_DESCRIPTOR_SIZE)
		parse_descriptor(data + at, ret_edid);
	ret_edid->checksum = sums_up(data);
	return 0;
}
