#!/usr/bin/perl
# SPDX-License-Identifier: BSD-2-Clause
#
# Writes an anonymous-IP database, as large as those that are sold, to its
# output: every network that its input has a line for is a VPN's. Usage:
# anonymous.pl <CIDRS >FILE

use strict;
use warnings;

use MaxMind::DB::Writer::Tree;

my $tree = MaxMind::DB::Writer::Tree->new(
	ip_version => 6,
	record_size => 28,
	database_type => 'GeoIP2-Anonymous-IP',
	languages => ['en'],
	description => { en => 'Farmgate bench data' },
	map_key_type_callback => sub { 'boolean' },
	remove_reserved_networks => 0,
);
while (my $network = <STDIN>) {
	chomp($network);
	$tree->insert_network($network,
		{ is_anonymous => 1, is_anonymous_vpn => 1 });
}
binmode(STDOUT);
$tree->write_tree(\*STDOUT);
