/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * umockdev for tests: descriptions of devices become this process's /sys.
 * libumockdev is loaded while the test runs, so that a machine without it
 * builds and skips; what redirects /sys has to be loaded before libc.
 */
#ifndef FG_TESTS_MOCKDEV_H
#define FG_TESTS_MOCKDEV_H

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOCKDEV_LIB	"libumockdev.so.0"
#define MOCKDEV_PRELOAD	"libumockdev-preload.so.0"
#define MOCKDEV_FOLDER	"tests/fixtures/hardware/"

static struct {
	void	*lib;
	void	*bed;
	void	*(*new)(void);
	int	 (*add_from_file)(void *, const char *, void **);
	int	 (*add_from_string)(void *, const char *, void **);
	void	 (*uevent)(void *, const char *, const char *);
	void	 (*remove_device)(void *, const char *);
	void	 (*set_attribute)(void *, const char *, const char *,
		    const char *);
	void	 (*set_attribute_binary)(void *, const char *, const char *,
		    const void *, int);
	char	*(*get_sys_dir)(void *);
	void	 (*unref)(void *);
} mockdev;

/* Again, with what has to be loaded first. A sanitizer's own comes before. */
static inline void
mockdev_start(char **argv)
{
	void *asan = dlsym(RTLD_DEFAULT, "__asan_init");
	char self[PATH_MAX] = "", list[2 * PATH_MAX];
	Dl_info info = { 0 };

	if (getenv("MOCKDEV_STARTED") != NULL)
		return;
	if (asan != NULL)
		(void)dladdr(asan, &info);
	(void)snprintf(list, sizeof(list), "%s%s%s",
	    info.dli_fname == NULL ? "" : info.dli_fname,
	    info.dli_fname == NULL ? "" : ":", MOCKDEV_PRELOAD);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) == -1 ||
	    setenv("MOCKDEV_STARTED", "1", 1) != 0 ||
	    setenv("LD_PRELOAD", list, 1) != 0)
		return;
	(void)execv(self, argv);
}

static inline bool
mockdev_sym(void *ret_fn, const char *name)
{
	void *fn = dlsym(mockdev.lib, name);

	memcpy(ret_fn, &fn, sizeof(fn));
	return fn != NULL;
}

/* False: there is no umockdev here. */
static inline bool
mockdev_open(void)
{
	if (mockdev.lib == NULL && access(MOCKDEV_FOLDER, R_OK) == 0)
		mockdev.lib = dlopen(MOCKDEV_LIB, RTLD_NOW | RTLD_GLOBAL);
	if (mockdev.lib == NULL ||
	    dlopen(MOCKDEV_PRELOAD, RTLD_NOW | RTLD_NOLOAD) == NULL)
		return false;
	return mockdev_sym(&mockdev.new, "umockdev_testbed_new") &&
	    mockdev_sym(&mockdev.add_from_file,
		"umockdev_testbed_add_from_file") &&
	    mockdev_sym(&mockdev.add_from_string,
		"umockdev_testbed_add_from_string") &&
	    mockdev_sym(&mockdev.uevent, "umockdev_testbed_uevent") &&
	    mockdev_sym(&mockdev.remove_device,
		"umockdev_testbed_remove_device") &&
	    mockdev_sym(&mockdev.set_attribute,
		"umockdev_testbed_set_attribute") &&
	    mockdev_sym(&mockdev.set_attribute_binary,
		"umockdev_testbed_set_attribute_binary") &&
	    mockdev_sym(&mockdev.get_sys_dir,
		"umockdev_testbed_get_sys_dir") &&
	    mockdev_sym(&mockdev.unref, "g_object_unref");
}

/* An empty /sys from now on. */
static inline void
mockdev_new(void)
{
	mockdev.bed = mockdev.new();
}

/* The real one again. */
static inline void
mockdev_end(void)
{
	if (mockdev.bed != NULL)
		mockdev.unref(mockdev.bed);
	mockdev.bed = NULL;
}

/* A description of the folder, by its name. */
static inline bool
mockdev_load(const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), MOCKDEV_FOLDER "%s.umockdev", name);
	return mockdev.add_from_file(mockdev.bed, path, NULL) != 0;
}

#endif
