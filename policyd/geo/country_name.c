/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of countries' English names: those of tzdata's iso3166.tab, and
 * others in use. It is sorted by letters alone, in lower case, bytes of other
 * alphabets last, and searched by halving.
 */
#include "policyd/geo/country_name.h"

#include <stdlib.h>
#include <string.h>

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

struct country_name {
	char code[3];
	const char *name;
};

/* Bytes of a name that are yet to be compared. */
struct letters {
	const unsigned char *at;
	const unsigned char *end;
};

/* clang-format off */
static const struct country_name names[] = {
	{ "AF", "Afghanistan" }, { "AX", "Aland Islands" },
	{ "AL", "Albania" }, { "DZ", "Algeria" }, { "AS", "American Samoa" },
	{ "AD", "Andorra" }, { "AO", "Angola" }, { "AI", "Anguilla" },
	{ "AQ", "Antarctica" }, { "AG", "Antigua and Barbuda" },
	{ "AR", "Argentina" }, { "AM", "Armenia" }, { "AW", "Aruba" },
	{ "AU", "Australia" }, { "AT", "Austria" }, { "AZ", "Azerbaijan" },
	{ "BS", "Bahamas" }, { "BH", "Bahrain" }, { "BD", "Bangladesh" },
	{ "BB", "Barbados" }, { "BY", "Belarus" }, { "BE", "Belgium" },
	{ "BZ", "Belize" }, { "BJ", "Benin" }, { "BM", "Bermuda" },
	{ "BT", "Bhutan" }, { "BO", "Bolivia" },
	{ "BO", "Bolivia, Plurinational State of" }, { "BQ", "Bonaire" },
	{ "BQ", "Bonaire, Saint Eustatius and Saba" },
	{ "BQ", "Bonaire, Sint Eustatius and Saba" }, { "BA", "Bosnia" },
	{ "BA", "Bosnia and Herzegovina" }, { "BW", "Botswana" },
	{ "BV", "Bouvet Island" }, { "BR", "Brazil" },
	{ "IO", "British Indian Ocean Territory" },
	{ "VG", "British Virgin Islands" }, { "BN", "Brunei" },
	{ "BN", "Brunei Darussalam" }, { "BG", "Bulgaria" },
	{ "BF", "Burkina Faso" }, { "MM", "Burma" }, { "BI", "Burundi" },
	{ "CV", "Cabo Verde" }, { "KH", "Cambodia" }, { "CM", "Cameroon" },
	{ "CA", "Canada" }, { "CV", "Cape Verde" },
	{ "BQ", "Caribbean Netherlands" }, { "KY", "Cayman Islands" },
	{ "CF", "Central African Republic" }, { "TD", "Chad" },
	{ "CL", "Chile" }, { "CN", "China" }, { "CX", "Christmas Island" },
	{ "CC", "Cocos Islands" }, { "CC", "Cocos (Keeling) Islands" },
	{ "CO", "Colombia" }, { "KM", "Comoros" }, { "CG", "Congo" },
	{ "CG", "Congo (Brazzaville)" }, { "CD", "Congo (DRC)" },
	{ "CD", "Congo (Kinshasa)" }, { "CG", "Congo Republic" },
	{ "CD", "Congo, The Democratic Republic of the" },
	{ "CK", "Cook Islands" }, { "CR", "Costa Rica" },
	{ "CI", "Cote d'Ivoire" }, { "HR", "Croatia" }, { "CU", "Cuba" },
	{ "CW", "Curacao" }, { "CW", "Cura\xc3\xa7" "ao" }, { "CY", "Cyprus" },
	{ "CZ", "Czechia" }, { "CZ", "Czech Republic" },
	{ "CI", "C\xc3\xb4te d'Ivoire" },
	{ "KP", "Democratic People's Republic of Korea" },
	{ "CD", "Democratic Republic of the Congo" }, { "DK", "Denmark" },
	{ "DJ", "Djibouti" }, { "DM", "Dominica" },
	{ "DO", "Dominican Republic" }, { "CD", "DR Congo" },
	{ "TL", "East Timor" }, { "EC", "Ecuador" }, { "EG", "Egypt" },
	{ "SV", "El Salvador" }, { "GQ", "Equatorial Guinea" },
	{ "ER", "Eritrea" }, { "EE", "Estonia" }, { "SZ", "Eswatini" },
	{ "ET", "Ethiopia" }, { "FK", "Falkland Islands" },
	{ "FK", "Falkland Islands (Malvinas)" }, { "FO", "Faroe Islands" },
	{ "FM", "Federated States of Micronesia" }, { "FJ", "Fiji" },
	{ "FI", "Finland" }, { "FR", "France" }, { "GF", "French Guiana" },
	{ "PF", "French Polynesia" }, { "TF", "French Southern Territories" },
	{ "GA", "Gabon" }, { "GM", "Gambia" }, { "GE", "Georgia" },
	{ "DE", "Germany" }, { "GH", "Ghana" }, { "GI", "Gibraltar" },
	{ "GB", "Great Britain" }, { "GR", "Greece" }, { "GL", "Greenland" },
	{ "GD", "Grenada" }, { "GP", "Guadeloupe" }, { "GU", "Guam" },
	{ "GT", "Guatemala" }, { "GG", "Guernsey" }, { "GN", "Guinea" },
	{ "GW", "Guinea-Bissau" }, { "GY", "Guyana" }, { "HT", "Haiti" },
	{ "HM", "Heard and McDonald Islands" },
	{ "HM", "Heard Island and McDonald Islands" }, { "VA", "Holy See" },
	{ "HN", "Honduras" }, { "HK", "Hong Kong" }, { "HK", "Hong Kong SAR" },
	{ "HU", "Hungary" }, { "IS", "Iceland" }, { "IN", "India" },
	{ "ID", "Indonesia" }, { "IR", "Iran" },
	{ "IR", "Iran, Islamic Republic of" }, { "IQ", "Iraq" },
	{ "IE", "Ireland" }, { "IM", "Isle of Man" }, { "IL", "Israel" },
	{ "IT", "Italy" }, { "CI", "Ivory Coast" }, { "JM", "Jamaica" },
	{ "JP", "Japan" }, { "JE", "Jersey" }, { "JO", "Jordan" },
	{ "KZ", "Kazakhstan" }, { "KE", "Kenya" }, { "KI", "Kiribati" },
	{ "KP", "Korea, Democratic People's Republic of" },
	{ "KP", "Korea (North)" }, { "KR", "Korea, Republic of" },
	{ "KR", "Korea (South)" }, { "XK", "Kosovo" }, { "KW", "Kuwait" },
	{ "KG", "Kyrgyzstan" }, { "LA", "Lao People's Democratic Republic" },
	{ "LA", "Laos" }, { "LV", "Latvia" }, { "LB", "Lebanon" },
	{ "LS", "Lesotho" }, { "LR", "Liberia" }, { "LY", "Libya" },
	{ "LI", "Liechtenstein" }, { "LT", "Lithuania" },
	{ "LU", "Luxembourg" }, { "MO", "Macao" }, { "MO", "Macau" },
	{ "MK", "Macedonia" }, { "MG", "Madagascar" }, { "MW", "Malawi" },
	{ "MY", "Malaysia" }, { "MV", "Maldives" }, { "ML", "Mali" },
	{ "MT", "Malta" }, { "MH", "Marshall Islands" },
	{ "MQ", "Martinique" }, { "MR", "Mauritania" }, { "MU", "Mauritius" },
	{ "YT", "Mayotte" }, { "MX", "Mexico" }, { "FM", "Micronesia" },
	{ "FM", "Micronesia, Federated States of" }, { "MD", "Moldova" },
	{ "MD", "Moldova, Republic of" }, { "MC", "Monaco" },
	{ "MN", "Mongolia" }, { "ME", "Montenegro" }, { "MS", "Montserrat" },
	{ "MA", "Morocco" }, { "MZ", "Mozambique" }, { "MM", "Myanmar" },
	{ "MM", "Myanmar (Burma)" }, { "NA", "Namibia" }, { "NR", "Nauru" },
	{ "NP", "Nepal" }, { "NL", "Netherlands" }, { "NC", "New Caledonia" },
	{ "NZ", "New Zealand" }, { "NI", "Nicaragua" }, { "NE", "Niger" },
	{ "NG", "Nigeria" }, { "NU", "Niue" }, { "NF", "Norfolk Island" },
	{ "MP", "Northern Mariana Islands" }, { "KP", "North Korea" },
	{ "MK", "North Macedonia" }, { "NO", "Norway" }, { "OM", "Oman" },
	{ "PK", "Pakistan" }, { "PW", "Palau" }, { "PS", "Palestine" },
	{ "PS", "Palestine, State of" }, { "PS", "Palestinian Territories" },
	{ "PS", "Palestinian Territory" }, { "PA", "Panama" },
	{ "PG", "Papua New Guinea" }, { "PY", "Paraguay" }, { "PE", "Peru" },
	{ "PH", "Philippines" }, { "PN", "Pitcairn" },
	{ "PN", "Pitcairn Islands" }, { "PL", "Poland" }, { "PT", "Portugal" },
	{ "PR", "Puerto Rico" }, { "QA", "Qatar" },
	{ "KR", "Republic of Korea" }, { "MD", "Republic of Moldova" },
	{ "CG", "Republic of the Congo" }, { "RE", "Reunion" },
	{ "RO", "Romania" }, { "RU", "Russia" },
	{ "RU", "Russian Federation" }, { "RW", "Rwanda" },
	{ "RE", "R\xc3\xa9union" }, { "BL", "Saint Barth\xc3\xa9lemy" },
	{ "SH", "Saint Helena" },
	{ "SH", "Saint Helena, Ascension and Tristan da Cunha" },
	{ "KN", "Saint Kitts and Nevis" }, { "LC", "Saint Lucia" },
	{ "MF", "Saint Martin" }, { "MF", "Saint Martin (French part)" },
	{ "PM", "Saint Pierre and Miquelon" },
	{ "VC", "Saint Vincent and the Grenadines" }, { "WS", "Samoa" },
	{ "SM", "San Marino" }, { "ST", "Sao Tome and Principe" },
	{ "SA", "Saudi Arabia" }, { "SN", "Senegal" }, { "RS", "Serbia" },
	{ "SC", "Seychelles" }, { "SL", "Sierra Leone" },
	{ "SG", "Singapore" }, { "SX", "Sint Maarten" },
	{ "SX", "Sint Maarten (Dutch part)" }, { "SK", "Slovakia" },
	{ "SI", "Slovenia" }, { "SB", "Solomon Islands" }, { "SO", "Somalia" },
	{ "ZA", "South Africa" }, { "GS", "South Georgia" },
	{ "GS", "South Georgia and the South Sandwich Islands" },
	{ "KR", "South Korea" }, { "SS", "South Sudan" }, { "ES", "Spain" },
	{ "LK", "Sri Lanka" }, { "PS", "State of Palestine" },
	{ "BL", "St Barthelemy" }, { "SH", "St Helena" },
	{ "KN", "St Kitts and Nevis" }, { "LC", "St Lucia" },
	{ "SX", "St Maarten" }, { "MF", "St Martin" },
	{ "PM", "St Pierre and Miquelon" }, { "VC", "St Vincent" },
	{ "VC", "St Vincent and Grenadines" }, { "SD", "Sudan" },
	{ "SR", "Suriname" }, { "SJ", "Svalbard and Jan Mayen" },
	{ "SZ", "Swaziland" }, { "SE", "Sweden" }, { "CH", "Switzerland" },
	{ "SY", "Syria" }, { "SY", "Syrian Arab Republic" },
	{ "ST", "S\xc3\xa3o Tom\xc3\xa9 and Pr\xc3\xadncipe" },
	{ "TW", "Taiwan" }, { "TW", "Taiwan, Province of China" },
	{ "TJ", "Tajikistan" }, { "TZ", "Tanzania" },
	{ "TZ", "Tanzania, United Republic of" }, { "TH", "Thailand" },
	{ "BS", "The Bahamas" }, { "GM", "The Gambia" },
	{ "NL", "The Netherlands" }, { "PH", "The Philippines" },
	{ "TL", "Timor-Leste" }, { "TG", "Togo" }, { "TK", "Tokelau" },
	{ "TO", "Tonga" }, { "TT", "Trinidad and Tobago" },
	{ "TN", "Tunisia" }, { "TR", "Turkey" }, { "TM", "Turkmenistan" },
	{ "TC", "Turks and Caicos Islands" }, { "TV", "Tuvalu" },
	{ "TR", "T\xc3\xbcrkiye" }, { "UG", "Uganda" }, { "GB", "UK" },
	{ "UA", "Ukraine" }, { "AE", "United Arab Emirates" },
	{ "GB", "United Kingdom" },
	{ "GB", "United Kingdom of Great Britain and Northern Ireland" },
	{ "US", "United States" },
	{ "UM", "United States Minor Outlying Islands" },
	{ "US", "United States of America" },
	{ "VI", "United States Virgin Islands" }, { "UY", "Uruguay" },
	{ "US", "USA" }, { "UM", "U.S. Minor Outlying Islands" },
	{ "UM", "U.S. Outlying Islands" }, { "VI", "U.S. Virgin Islands" },
	{ "UZ", "Uzbekistan" }, { "VU", "Vanuatu" }, { "VA", "Vatican" },
	{ "VA", "Vatican City" }, { "VE", "Venezuela" },
	{ "VE", "Venezuela, Bolivarian Republic of" }, { "VN", "Vietnam" },
	{ "VG", "Virgin Islands, British" }, { "VI", "Virgin Islands, U.S." },
	{ "WF", "Wallis and Futuna" }, { "EH", "Western Sahara" },
	{ "YE", "Yemen" }, { "ZM", "Zambia" }, { "ZW", "Zimbabwe" },
	{ "AX", "\xc3\x85land" }, { "AX", "\xc3\x85land Islands" },
};
/* clang-format on */

/* The next byte that counts, or -1 at the end. */
static int
next_letter(struct letters *l)
{
	while (l->at < l->end) {
		unsigned char c = *l->at++;

		if (c >= 'A' && c <= 'Z')
			return c + ('a' - 'A');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c >= 0x80)
			return c;
	}
	return -1;
}

static struct letters
letters_of(const char *name, size_t len)
{
	const unsigned char *s = (const unsigned char *)name;
	struct letters l = { s, s + len };

	return l;
}

static int
compare(const void *key, const void *entry)
{
	const struct country_name *country = entry;
	struct letters a = *(const struct letters *)key;
	struct letters b = letters_of(country->name, strlen(country->name));
	int x, y;

	do {
		x = next_letter(&a);
		y = next_letter(&b);
	} while (x == y && x != -1);
	return x - y;
}

bool
country_from_name(const char *name, size_t len, char ret_code[3])
{
	struct letters key = letters_of(name, len);
	const struct country_name *found;

	ret_code[0] = '\0';
	found =
	    bsearch(&key, names, N_ELEMENTS(names), sizeof(names[0]), compare);
	if (found == NULL)
		return false;
	memcpy(ret_code, found->code, sizeof(found->code));
	return true;
}
