/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /sys/bus/usb, and what of /sys/bus/hid and /sys/bus/scsi is below one of its
 * devices, by its path. A device may go at any time: it is left out then.
 */
#include "policyd/scanner/hardware/usb.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/reader.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define USB_DEVICES "bus/usb/devices"

#define USB_BOOT	  1u /* subclass of HID: works without a driver ... */
#define USB_BOOT_KEYBOARD 1u /* ... as that */
#define USB_CLASS_VIDEO	  0x0eu
#define USB_CLASS_AUDIO	  0x01u

#define USB_LINUX	 0x1d6bu
#define USB_GADGET_FIRST 0x0100u /* below are root hubs */
#define USB_GADGET_LAST	 0x0107u

bool
usb_is_gadget(const struct usb_device *device)
{
	return device->vendor_id == USB_LINUX &&
	    device->product_id >= USB_GADGET_FIRST &&
	    device->product_id <= USB_GADGET_LAST;
}

/* "1-2.1" is one; "usb1" is a root hub, "1-2:1.0" an interface. */
static bool
is_device(const char *name)
{
	return name[strspn(name, "0123456789.-")] == '\0' &&
	    strchr(name, '-') != NULL && strlen(name) <= SYS_NAME_MAX;
}

static bool
is_fixed(int folder, const char *name)
{
	char path[SYS_NAME_MAX + 16], text[16];

	return text_format(path, sizeof(path), "%s/removable", name) == 0 &&
	    sys_read_text(folder, path, text, sizeof(text)) == 0 &&
	    strcmp(text, "fixed") == 0;
}

/*
 * A dock says of what is soldered to it that it is fixed: a device is part of
 * the machine only if so is each hub between the two.
 */
static bool
is_internal(int folder, const char *name)
{
	char hub[SYS_NAME_MAX + 1], *end;

	(void)text_copy(hub, sizeof(hub), name); /* is_device() */
	while (is_fixed(folder, hub)) {
		if ((end = strrchr(hub, '.')) == NULL)
			return true;
		*end = '\0';
	}
	return false;
}

static uint8_t
read_byte(int folder, const char *name)
{
	uint32_t v;

	(void)sys_read_hex(folder, name, &v); /* 0: of no class */
	return (uint8_t)v;
}

/*
 * So drivers/usb/gadget/function/f_hid.c of Linux calls its interface, and no
 * setting changes that, whichever device is posed as; some others do as well.
 * This kernel has read it when the device came.
 */
static bool
is_of_gadget(int fd)
{
	char text[SYS_TEXT_SIZE];

	return sys_read_text(fd, "interface", text, sizeof(text)) == 0 &&
	    strcmp(text, "HID Interface") == 0;
}

static void
add_interface(int folder, const char *name, struct usb_device *device)
{
	struct usb_interface *i;
	int fd;

	if (device->ninterfaces == USB_INTERFACES_MAX ||
	    (fd = sys_open_folder(folder, name)) == -1)
		return;
	i = &device->interface[device->ninterfaces++];
	i->class = read_byte(fd, "bInterfaceClass");
	i->subclass = read_byte(fd, "bInterfaceSubClass");
	i->protocol = read_byte(fd, "bInterfaceProtocol");
	if (i->class == USB_CLASS_HID)
		device->hid_gadget = device->hid_gadget || is_of_gadget(fd);
	(void)close(fd); /* was only read */
	device->hid = device->hid || i->class == USB_CLASS_HID;
	device->storage = device->storage || i->class == USB_CLASS_STORAGE;
	if (i->class == USB_CLASS_HID && i->subclass == USB_BOOT &&
	    i->protocol == USB_BOOT_KEYBOARD)
		device->uses.keyboard = true;
}

/* They are folders in the device's own: "1-2:1.0". */
static void
read_interfaces(int folder, struct usb_device *device, int64_t until_ns,
    bool *cut)
{
	size_t len = strlen(device->name);
	struct sys_list list;
	const char *name;

	if (sys_list_open(&list, folder, ".", until_ns) != 0)
		return;
	while ((name = sys_list_next(&list)) != NULL)
		if (strncmp(name, device->name, len) == 0 && name[len] == ':')
			add_interface(folder, name, device);
	*cut = *cut || list.cut;
	sys_list_close(&list);
}

/* Returns 0 where there is none, FG_ERR_BUSY or FG_ERR_TIMEOUT. */
static int
read_string(const struct usb_device *device, const char *name,
    char buf[SYS_TEXT_SIZE])
{
	char path[SYS_NAME_MAX + 48];
	size_t len = 0;
	int r;

	if ((r = text_format(path, sizeof(path), "%s/%s/%s", USB_DEVICES,
		 device->name, name)) == 0)
		r = reader_sys(path, buf, SYS_TEXT_SIZE - 1, &len);
	sys_end_text(buf, len);
	return r == FG_ERR_BUSY || r == FG_ERR_TIMEOUT ? r : 0;
}

/*
 * Not every device has all of these strings. The kernel locks a device while
 * drivers look at it, and that one's strings with it. Without them it is no
 * device that anybody knows: it is left to the next scan to say what it is.
 * Where they are not told then either, it has none.
 */
static void
read_strings(struct usb_device *device, bool *cut)
{
	int r;

	if ((r = read_string(device, "manufacturer", device->manufacturer)) ==
		0 &&
	    (r = read_string(device, "product", device->product)) == 0)
		r = read_string(device, "serial", device->serial);
	device->late = r == FG_ERR_TIMEOUT;
	*cut = *cut || r != 0;
}

/* folder is /sys/bus/usb/devices. */
static int
read_device(int folder, const char *name, struct usb *usb, int64_t until_ns)
{
	struct usb_device *d = &usb->device[usb->ndevices];
	int fd, r;

	memset(d, 0, sizeof(*d));
	if ((r = text_copy(d->name, sizeof(d->name), name)) != 0 ||
	    (r = sys_read_link(folder, name, d->path, sizeof(d->path))) != 0)
		return r;
	if ((fd = sys_open_folder(folder, name)) == -1)
		return FG_ERR_SYSTEM;
	if ((r = sys_read_hex(fd, "idVendor", &d->vendor_id)) == 0 &&
	    (r = sys_read_hex(fd, "idProduct", &d->product_id)) == 0) {
		read_strings(d, &usb->cut);
		read_interfaces(fd, d, until_ns, &usb->cut);
		d->internal = is_internal(folder, name);
		if (read_byte(fd, "bDeviceClass") != USB_CLASS_HUB)
			usb->ndevices++;
	}
	(void)close(fd); /* was only read */
	return r;
}

/* It went while it was looked at. */
static bool
is_gone(int r)
{
	return r == FG_ERR_SYSTEM && (errno == ENOENT || errno == ENODEV);
}

static void
read_devices(int sys, int64_t until_ns, struct usb *usb)
{
	struct sys_list list;
	const char *name;
	int r;

	if (sys_list_open(&list, sys, USB_DEVICES, until_ns) != 0) {
		/* Without the bus there is none; without /sys who knows. */
		usb->failed = errno != ENOENT || !sys_is_real(sys);
		return;
	}
	while ((name = sys_list_next(&list)) != NULL) {
		if (!is_device(name))
			continue;
		if (usb->ndevices == USB_DEVICES_MAX) {
			usb->cut = true;
			break;
		}
		r = read_device(list.fd, name, usb, until_ns);
		usb->failed = usb->failed || (r != 0 && !is_gone(r));
	}
	usb->cut = usb->cut || list.cut;
	sys_list_close(&list);
}

static struct usb_device *
find_device(struct usb *usb, const char *path)
{
	size_t i;

	for (i = 0; i < usb->ndevices; i++)
		if (sys_is_below(path, usb->device[i].path))
			return &usb->device[i];
	return NULL;
}

static void
add_report(int folder, const char *name, struct usb_device *device, bool *cut)
{
	uint8_t report[HID_REPORT_MAX];
	char path[SYS_NAME_MAX + 32];
	struct hid_uses uses;
	size_t len;

	if (text_format(path, sizeof(path), "%s/report_descriptor", name) !=
		0 ||
	    sys_read(folder, path, report, sizeof(report), &len) != 0 ||
	    len == 0)
		return;
	(void)hid_parse(report, len, &uses); /* up to where it is good */
	hid_uses_add(&device->uses, &uses);
	if (device->nreports < USB_REPORTS_MAX)
		crypto_sha256_hex(report, len,
		    device->report[device->nreports++]);
	else
		*cut = true;
}

static void
trim(char *s)
{
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == ' ')
		s[--len] = '\0';
}

static void
add_disk(int folder, const char *name, struct usb_device *device, bool *cut)
{
	struct usb_disk *disk = &device->disk[device->ndisks];
	int fd;

	device->storage = true;
	if (device->ndisks == USB_DISKS_MAX) {
		*cut = true;
		return;
	}
	if ((fd = sys_open_folder(folder, name)) == -1)
		return;
	if (sys_read_text(fd, "vendor", disk->vendor, sizeof(disk->vendor)) ==
		0 &&
	    sys_read_text(fd, "model", disk->model, sizeof(disk->model)) == 0)
		device->ndisks++;
	(void)close(fd); /* was only read */
	trim(disk->vendor);
	trim(disk->model);
}

typedef void (*add_fn)(int folder, const char *name, struct usb_device *device,
    bool *cut);

/* What of a bus is below one of the devices. No such bus is no failure. */
static void
add_below(int sys, const char *bus, add_fn add, int64_t until_ns,
    struct usb *usb)
{
	char path[SYS_PATH_MAX + 1];
	struct usb_device *device;
	struct sys_list list;
	const char *name;

	if (usb->ndevices == 0)
		return;
	if (sys_list_open(&list, sys, bus, until_ns) != 0) {
		usb->failed = usb->failed || errno != ENOENT;
		return;
	}
	while ((name = sys_list_next(&list)) != NULL)
		if (sys_read_link(list.fd, name, path, sizeof(path)) == 0 &&
		    (device = find_device(usb, path)) != NULL)
			add(list.fd, name, device, &usb->cut);
	usb->cut = usb->cut || list.cut;
	sys_list_close(&list);
}

/* Of SCSI's bus: "0:0:0:0" is a disk, what else is there are its hosts. */
static void
add_scsi(int folder, const char *name, struct usb_device *device, bool *cut)
{
	if (name[strspn(name, "0123456789:")] == '\0')
		add_disk(folder, name, device, cut);
}

void
usb_look(int sys, int64_t until_ns, struct usb *usb)
{
	usb->ndevices = 0;
	usb->failed = false;
	usb->cut = false;
	read_devices(sys, until_ns, usb);
	add_below(sys, "bus/hid/devices", add_report, until_ns, usb);
	add_below(sys, "bus/scsi/devices", add_scsi, until_ns, usb);
}

/* Keys of cameras and headsets are no keyboard that somebody has plugged in. */
static bool
is_for_input(const struct usb_device *device)
{
	size_t i;

	for (i = 0; i < device->ninterfaces; i++)
		if (device->interface[i].class == USB_CLASS_VIDEO ||
		    device->interface[i].class == USB_CLASS_AUDIO)
			return false;
	return true;
}

struct usb_device *
usb_add_input(struct usb *usb, const struct input_device *input)
{
	struct usb_device *device = find_device(usb, input->path);
	const struct hid_uses uses = { .keyboard = input->keyboard,
		.relative_mouse = input->relative_mouse,
		.absolute_mouse = input->absolute_mouse,
		.digitizer = input->digitizer };

	if (device == NULL)
		return NULL;
	hid_uses_add(&device->uses, &uses);
	device->other_input = device->other_input || is_for_input(device);
	return device;
}
