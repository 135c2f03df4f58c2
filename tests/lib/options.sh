# SPDX-License-Identifier: BSD-2-Clause
#
# Sourced by those who hold farmgatectl's options against what is said of them.

# FILE...: the options that are in the tables of these sources, a line each, with
# "=" behind those that take a value: those of getopt_long(3), and of
# ctl_take_options(), where the one that takes none begins with NULL.
options_in()
{
	sed -nE 's/^		\{ "([a-z_-]+)", no_argument,.*/\1/p
	    s/^		\{ "([a-z_-]+)", required_argument,.*/\1=/p
	    /^	const struct ctl_option .*\[\] = \{$/,/^	\};$/ {
		s/^		\{ "([a-z_-]+)", NULL, .*/\1/p
		s/^		\{ "([a-z_-]+)", .*, NULL \},$/\1=/p
	    }' "$@" | sort -u
}
