/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one table of finding codes. What is done about a finding is decided
 * elsewhere; only the shipped actions are written down here.
 */
#include "policyd/finding.h"

#include <string.h>

#include "policyd/text.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static const char *const unknown_grades[] = { "not_found", "no_database",
	"no_address", "no_session", "loopback", NULL };
static const char *const anonymizer_grades[] = { "vpn", "proxy", "residential",
	"tor", "any", NULL };
static const char *const asn_grades[] = { "denied", "new", "unknown", NULL };
static const char *const vpn_grades[] = { "installed", "running",
	"default_route", NULL };
static const char *const tool_grades[] = { "installed", "running", "active",
	"hidden", NULL };
static const char *const unseen_grades[] = { "blind", "partial", "newer",
	NULL };
static const char *const running_grades[] = { "running", "active", NULL };
static const char *const kvm_grades[] = { "identity", "composition", NULL };
static const char *const display_grades[] = { "identity", "weak", NULL };
static const char *const mismatch_grades[] = { "weak", "strong", NULL };
static const char *const unenrolled_grades[] = { "asset", "key", "unattested",
	"pending", NULL };

static const char *const person_grades[] = { "account", "shared", "elsewhere",
	NULL };
static const char *const unverified_grades[] = { "never", "expired", NULL };

static const struct finding_info infos[FINDING_COUNT] = {
	[FINDING_GEO_COUNTRY] = { "geo.country",
	    "the origin's country is not among the allowed ones", NULL, false,
	    ACTION_CHALLENGE,
	    "if the place is right, add it to countries of the policy, or "
	    "name the network with a place; then run farmgatectl reload" },
	[FINDING_GEO_DISTANCE] = { "geo.distance",
	    "further from home than the radius allows", NULL, false, ACTION_LOG,
	    "if the place is right, correct home or radius in the inventory, "
	    "or add an exception with farmgatectl except add" },
	[FINDING_GEO_TRAVEL] = { "geo.travel",
	    "faster than anybody travels since the last login", NULL, false,
	    ACTION_LOG,
	    "ask the person which of the two was theirs; if both were, name "
	    "your gateway's network with trust = \"place\", or add an "
	    "exception with farmgatectl except add" },
	[FINDING_GEO_UNKNOWN] = { "geo.unknown",
	    "the origin's place is not known", unknown_grades, false,
	    ACTION_LOG,
	    "name the network with a place in the configuration, or load a "
	    "newer country database; then run farmgatectl reload" },
	[FINDING_GEO_STALE] = { "geo.stale",
	    "the geo database is older than allowed", NULL, false, ACTION_LOG,
	    "update the database, for example with farmgate-geodata; the "
	    "daemon takes the new file by itself" },
	[FINDING_NET_ANONYMIZER] = { "net.anonymizer",
	    "the origin is a VPN, a proxy or Tor", anonymizer_grades, false,
	    ACTION_CHALLENGE,
	    "if the address is your own, name its network with trust = "
	    "\"place\"; if a list is wrong about it, take it off; then run "
	    "farmgatectl reload" },
	[FINDING_NET_HOSTING] = { "net.hosting", "the origin is a data centre",
	    NULL, false, ACTION_LOG,
	    "if the address is your own, name its network with trust = "
	    "\"place\"; then run farmgatectl reload" },
	[FINDING_NET_LISTED] = { "net.listed",
	    "the origin is in a network that carries a label", NULL, true,
	    ACTION_LOG,
	    "if the address does not belong on the list, take it out of the "
	    "network's cidr or files; then run farmgatectl reload" },
	[FINDING_NET_ASN] = { "net.asn",
	    "the origin's autonomous system is denied or new", asn_grades,
	    false, ACTION_LOG,
	    "if logins may come from there, take it out of deny_asns of the "
	    "policy; then run farmgatectl reload" },
	[FINDING_NET_VPN_CLIENT] = { "net.vpn_client",
	    "an unapproved VPN client is on the machine", vpn_grades, false,
	    ACTION_LOG,
	    "if it is the organisation's own, name it in approved of scan and "
	    "run farmgatectl reload; else let it be removed" },
	[FINDING_SESSION_LIMIT] = { "session.limit",
	    "more concurrent sessions than allowed", NULL, false, ACTION_LOG,
	    "let the person end one of those that farmgatectl sessions shows, "
	    "or raise max_sessions of the policy and run farmgatectl reload" },
	[FINDING_SESSION_PLACES] = { "session.places",
	    "concurrent sessions from different places or devices", NULL, false,
	    ACTION_LOG,
	    "ask the person which of them is theirs, see farmgatectl sessions; "
	    "if all are, name their networks with a place, or add an exception "
	    "with farmgatectl except add" },
	[FINDING_SESSION_SHARED_SOURCE] = { "session.shared_source",
	    "several people behind one source address", NULL, false, ACTION_LOG,
	    "see farmgatectl farm; if they belong together, as in an office "
	    "or a household, name the network with shared and shared_until; "
	    "then run farmgatectl reload" },
	[FINDING_SESSION_SHARED_DEVICE] = { "session.shared_device",
	    "several people on one device", NULL, false, ACTION_LOG,
	    "ask whose laptop it is, see farmgatectl farm; where it was handed "
	    "on, enrol it anew with a new key; let each use their own" },
	[FINDING_SESSION_SHARED_SITE] = { "session.shared_site",
	    "several people's laptops at one site", NULL, false, ACTION_LOG,
	    "see farmgatectl farm; if they belong together, as in an office "
	    "or a household, name the network with shared and shared_until; "
	    "then run farmgatectl reload" },
	[FINDING_REMOTE_TOOL] = { "remote.tool",
	    "a remote-control tool is on the machine", tool_grades, false,
	    ACTION_LOG,
	    "ask the person who uses it; farmgatectl scan shows it; if it is "
	    "the help desk's, run farmgatectl support add ASSET --tool NAME "
	    "--until +2h --reason TEXT, without sudo, or name it in approved "
	    "of scan" },
	[FINDING_REMOTE_DESKTOP] = { "remote.desktop",
	    "a remote desktop is served by the machine", running_grades, false,
	    ACTION_LOG,
	    "ask the person who looks at it; if it is meant to be there, name "
	    "it in approved of scan and run farmgatectl reload; farmgatectl "
	    "scan shows it" },
	[FINDING_REMOTE_TUNNEL] = { "remote.tunnel",
	    "a tunnel or a shared terminal is running", running_grades, false,
	    ACTION_LOG,
	    "ask the person where it leads; if it is meant to be there, name "
	    "it in approved of scan and run farmgatectl reload; farmgatectl "
	    "scan shows it" },
	[FINDING_REMOTE_KVM] = { "remote.kvm", "an IP-KVM is connected by USB",
	    kvm_grades, false, ACTION_LOG,
	    "have somebody look at what is plugged into the machine; "
	    "farmgatectl scan shows it and where; if it is an administrator's "
	    "own, name it in approved of scan and run farmgatectl reload, or "
	    "let one account in with farmgatectl except add, without sudo" },
	[FINDING_REMOTE_DISPLAY] = { "remote.display",
	    "the display is a capture device", display_grades, false,
	    ACTION_LOG,
	    "have somebody look at where the display's cable leads; "
	    "farmgatectl scan shows it" },
	[FINDING_REMOTE_JIGGLER] = { "remote.jiggler",
	    "a mouse jiggler is in use", NULL, false, ACTION_LOG,
	    "ask the person what it is for; if it may be, name it in approved "
	    "of scan and run farmgatectl reload" },
	[FINDING_REMOTE_SESSION] = { "remote.session",
	    "the login comes out of a remote-controlled session", NULL, false,
	    ACTION_CHALLENGE,
	    "ask the person who is at the other end; if it is the help desk, "
	    "run farmgatectl support add ASSET --tool NAME --until +2h "
	    "--reason TEXT, without sudo; if the desktop is meant to be "
	    "reached so, name its "
	    "tool in approved of scan and run farmgatectl reload" },
	[FINDING_REMOTE_UNKNOWN] = { "remote.unknown",
	    "the scanner could not look, or not at all of it", unseen_grades,
	    false, ACTION_LOG,
	    "see farmgatectl status for the scanner's state, and restart the "
	    "farmgate service if it is lost" },
	[FINDING_DEVICE_MISMATCH] = { "device.mismatch",
	    "the hardware differs from the issued asset", mismatch_grades,
	    false, ACTION_CHALLENGE,
	    "farmgatectl device show, run on that machine, says what it shows, "
	    "and farmgatectl inventory asset TAG what was issued; after a "
	    "repair "
	    "correct the inventory, else have somebody look at the laptop" },
	[FINDING_DEVICE_UNISSUED] = { "device.unissued",
	    "the asset was issued to somebody else, or to nobody", NULL, false,
	    ACTION_DENY,
	    "ask the person how they came by it; a lost one is to be revoked: "
	    "farmgatectl device revoke TAG; if it is theirs now, correct its "
	    "user or status and import the inventory again; who maintains "
	    "others' machines needs \"device.unissued = log\" in a policy of "
	    "theirs, and of root's, whose session sudo opens" },
	[FINDING_DEVICE_UNENROLLED] = { "device.unenrolled",
	    "nothing says which issued asset it is", unenrolled_grades, false,
	    ACTION_LOG,
	    "put the machine into the inventory of assets, with ssh_keys that "
	    "are used from it: farmgatectl inventory import" },
	[FINDING_DEVICE_VIRTUAL] = { "device.virtual",
	    "a virtual machine where a physical asset was issued", NULL, false,
	    ACTION_LOG,
	    "if the asset is a virtual machine, write virtual under form in "
	    "the inventory of assets, or take asset out of the configuration; "
	    "else have somebody look at the laptop" },
	[FINDING_DEVICE_KEY] = { "device.key",
	    "the key used is not the one bound to the asset", NULL, false,
	    ACTION_CHALLENGE,
	    "let the person use the key of their asset, or put the new one "
	    "under ssh_keys of it and import the inventory again; a login by "
	    "key alone is judged when its session opens, and refused there" },
	[FINDING_DEVICE_CLONE] = { "device.clone",
	    "one device key was seen with two machines", NULL, false,
	    ACTION_DENY,
	    "have somebody look at both machines; then farmgatectl device "
	    "revoke TAG, and enrol the laptop anew with a new key" },
	[FINDING_DEVICE_NEW_INPUT] = { "device.new_input",
	    "a keyboard, mouse or monitor is new to this asset", NULL, false,
	    ACTION_LOG,
	    "ask the person what was plugged in; if it is theirs, "
	    "farmgatectl baseline accept takes it; farmgatectl baseline show "
	    "names it" },
	[FINDING_DEVICE_PLACE] = { "device.place",
	    "the asset is far from the person's home", NULL, false, ACTION_LOG,
	    "ask the person where they live now, and correct home, or the "
	    "asset's location or shipped_to; farmgatectl inventory check lists "
	    "all that are kept or were sent far from home, and addresses to "
	    "which several were sent" },
	[FINDING_TIME_HOURS] = { "time.hours", "outside the person's hours",
	    NULL, false, ACTION_LOG,
	    "if they may work now, correct hours or zone in the inventory, or "
	    "add an exception with farmgatectl except add" },
	[FINDING_PERSON_UNKNOWN] = { "person.unknown",
	    "the person is not in the inventory", person_grades, false,
	    ACTION_LOG,
	    "add the account to the inventory: farmgatectl inventory import; "
	    "farmgatectl inventory suggest drafts one" },
	[FINDING_PERSON_REVOKED] = { "person.revoked",
	    "the person's access is revoked or not valid now", NULL, false,
	    ACTION_DENY,
	    "if the person may come back, farmgatectl unrevoke them, or set "
	    "status or the dates in the inventory and import it again; where "
	    "it is a bundle's, on the host that signs it" },
	[FINDING_PERSON_UNVERIFIED] = { "person.unverified",
	    "the person's identity is not verified", unverified_grades, false,
	    ACTION_LOG,
	    "verify the person on live video: farmgatectl verify USER ASSET" },
	[FINDING_CHALLENGE_FAILED] = { "challenge.failed", "the step-up failed",
	    NULL, false, ACTION_DENY,
	    "the line step-up says how it ended; what they can prove it with "
	    "says farmgatectl person USER" },
	[FINDING_CHALLENGE_IMPOSSIBLE] = { "challenge.impossible",
	    "a step-up is wanted and no conversation is possible", NULL, false,
	    ACTION_DENY,
	    "let them log in by keyboard-interactive: AuthenticationMethods "
	    "publickey,keyboard-interactive:pam, see farmgatectl check-sshd; "
	    "by sudo without NOPASSWD and after sudo -k; whether the stack "
	    "asks at all says farmgatectl check-pam; services that can ask "
	    "nobody, such as mail and FTP, want a policy without challenges: "
	    "see pam_farmgate(8)" },
};

/* Where a grade is worth more, or helped otherwise, than its code. */
static const struct {
	enum finding_code code;
	const char *grade;
	enum action shipped;
	const char *next; /* NULL: the code's */
} graded[] = {
	/* Whoever writes deny_asns means it. */
	{ FINDING_NET_ASN, "denied", ACTION_DENY, NULL },
	{ FINDING_NET_ASN, "new", ACTION_LOG,
	    "ask the person whether they have another provider; it is known "
	    "after logins on asn_learning days, or add an exception with "
	    "farmgatectl "
	    "except add" },
	{ FINDING_NET_ASN, "unknown", ACTION_LOG,
	    "run farmgatectl check: it names the database that cannot be used "
	    "and why; after the repair run farmgatectl reload" },
	{ FINDING_REMOTE_TOOL, "active", ACTION_CHALLENGE, NULL },
	{ FINDING_REMOTE_TOOL, "hidden", ACTION_LOG,
	    "have somebody look at that process: a program that was removed "
	    "while it runs, or that never was a file, or that calls itself a "
	    "thread of the kernel" },
	{ FINDING_REMOTE_KVM, "identity", ACTION_CHALLENGE, NULL },
	{ FINDING_REMOTE_UNKNOWN, "partial", ACTION_LOG,
	    "farmgatectl scan says what it could not look at, and "
	    "farmgatectl catalogue check what is wrong with the catalogue; "
	    "who runs very many processes can bring it about; where the "
	    "daemon is meant to run in a container, write contained = "
	    "\"yes\" in scan" },
	{ FINDING_DEVICE_UNENROLLED, "pending", ACTION_CHALLENGE,
	    "wait until it counts, see farmgatectl device list; or, if you "
	    "know why it was made anew, farmgatectl device remove KEY, and "
	    "farmgatectl enrol add --now" },
	{ FINDING_DEVICE_UNENROLLED, "unattested", ACTION_LOG,
	    "let the person log in by keyboard-interactive with "
	    "farmgate-attest(1) on a laptop that farmgatectl device list has "
	    "as enrolled" },
	/* A repair, or an inventory that is not quite right. */
	{ FINDING_DEVICE_MISMATCH, "weak", ACTION_LOG, NULL },
	/* It may be what is denied. */
	{ FINDING_REMOTE_UNKNOWN, "newer", ACTION_CHALLENGE,
	    "the laptop's version knows something that this host's does not: "
	    "upgrade this one" },
	{ FINDING_PERSON_UNKNOWN, "shared", ACTION_DENY,
	    "put the key under keys of the person who uses it, and import the "
	    "inventory again; farmgatectl explain and sshd's log name the "
	    "key" },
	{ FINDING_PERSON_UNKNOWN, "elsewhere", ACTION_DENY,
	    "if the service account may come from there, name the network in "
	    "farmgate.conf and in its networks in the inventory" },
	{ FINDING_GEO_UNKNOWN, "no_address", ACTION_DENY,
	    "let the service set a numeric PAM_RHOST (sshd: UseDNS no); only "
	    "one that nobody reaches over a network may be listed as nested, "
	    "console or exempt in services" },
	{ FINDING_GEO_UNKNOWN, "no_session", ACTION_LOG,
	    "if this is at, systemd-run or a detached terminal and may be, "
	    "write \"geo.unknown:no_session = log\" into actions and run "
	    "farmgatectl reload; else log in anew and run it there" },
	{ FINDING_GEO_UNKNOWN, "loopback", ACTION_LOG,
	    "if a proxy or tunnel of your own ends here, name its address as a "
	    "network with a place; then run farmgatectl reload" },
	{ FINDING_GEO_UNKNOWN, "no_database", ACTION_LOG,
	    "run farmgatectl check: it names the database that cannot be used "
	    "and why; after the repair run farmgatectl reload" },
};

/* Where an entry of the inventory was asked in place of the policy. */
static const struct {
	enum finding_code code;
	const char *next;
} by_entry[] = {
	{ FINDING_GEO_COUNTRY,
	    "if the place is right, add it to the person's countries in the "
	    "inventory, which come before those of the policy, or for a time "
	    "with farmgatectl except add" },
};

const struct finding_info *
finding_info(enum finding_code code)
{
	if (code <= FINDING_NONE || code >= FINDING_COUNT)
		return NULL;
	return &infos[code];
}

const char *
finding_name(enum finding_code code, const char *grade,
    char buf[FINDING_NAME_SIZE])
{
	bool has_grade = grade != NULL && grade[0] != '\0';

	(void)text_format(buf, FINDING_NAME_SIZE, "%s%s%s", infos[code].name,
	    has_grade ? ":" : "", has_grade ? grade : "");
	return buf;
}

enum finding_code
finding_by_name(const char *name)
{
	enum finding_code code;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		if (strcmp(infos[code].name, name) == 0)
			return code;
	return FINDING_NONE;
}

enum action
finding_shipped(enum finding_code code, const char *grade)
{
	size_t i;

	if (finding_info(code) == NULL)
		return ACTION_DENY;
	for (i = 0; i < N_ELEMENTS(graded); i++)
		if (graded[i].code == code &&
		    strcmp(graded[i].grade, grade) == 0)
			return graded[i].shipped;
	return infos[code].shipped;
}

const char *
finding_next(const struct finding *f)
{
	size_t i;

	if (finding_info(f->code) == NULL)
		return "nothing to do: there is no such finding";
	for (i = 0; f->by_entry && i < N_ELEMENTS(by_entry); i++)
		if (by_entry[i].code == f->code)
			return by_entry[i].next;
	for (i = 0; i < N_ELEMENTS(graded); i++)
		if (graded[i].code == f->code && graded[i].next != NULL &&
		    strcmp(graded[i].grade, f->grade) == 0)
			return graded[i].next;
	return infos[f->code].next;
}

const char *
action_name(enum action action)
{
	switch (action) {
	case ACTION_NONE:
		break;
	case ACTION_IGNORE:
		return "ignore";
	case ACTION_LOG:
		return "log";
	case ACTION_CHALLENGE:
		return "challenge";
	case ACTION_DENY:
		return "deny";
	}
	return "none";
}

enum action
action_by_name(const char *name)
{
	enum action action;

	for (action = ACTION_IGNORE; action <= ACTION_DENY; action++)
		if (strcmp(action_name(action), name) == 0)
			return action;
	return ACTION_NONE;
}

bool
finding_is_live(enum finding_code code)
{
	switch (code) {
	case FINDING_REMOTE_TOOL:
	case FINDING_REMOTE_DESKTOP:
	case FINDING_REMOTE_TUNNEL:
	case FINDING_REMOTE_KVM:
	case FINDING_REMOTE_DISPLAY:
	case FINDING_REMOTE_JIGGLER:
	case FINDING_NET_VPN_CLIENT:
	case FINDING_DEVICE_NEW_INPUT:
		return true;
	case FINDING_NONE:
	case FINDING_GEO_COUNTRY:
	case FINDING_GEO_DISTANCE:
	case FINDING_GEO_TRAVEL:
	case FINDING_GEO_UNKNOWN:
	case FINDING_GEO_STALE:
	case FINDING_NET_ANONYMIZER:
	case FINDING_NET_HOSTING:
	case FINDING_NET_LISTED:
	case FINDING_NET_ASN:
	case FINDING_SESSION_LIMIT:
	case FINDING_SESSION_PLACES:
	case FINDING_SESSION_SHARED_SOURCE:
	case FINDING_SESSION_SHARED_DEVICE:
	case FINDING_SESSION_SHARED_SITE:
	case FINDING_REMOTE_SESSION:
	case FINDING_REMOTE_UNKNOWN:
	case FINDING_DEVICE_MISMATCH:
	case FINDING_DEVICE_UNISSUED:
	case FINDING_DEVICE_UNENROLLED:
	case FINDING_DEVICE_VIRTUAL:
	case FINDING_DEVICE_KEY:
	case FINDING_DEVICE_CLONE:
	case FINDING_DEVICE_PLACE:
	case FINDING_TIME_HOURS:
	case FINDING_PERSON_UNKNOWN:
	case FINDING_PERSON_REVOKED:
	case FINDING_PERSON_UNVERIFIED:
	case FINDING_CHALLENGE_FAILED:
	case FINDING_CHALLENGE_IMPOSSIBLE:
	case FINDING_COUNT:
		break;
	}
	return false;
}
