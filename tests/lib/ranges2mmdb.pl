#!/usr/bin/perl
# SPDX-License-Identifier: BSD-2-Clause
#
# Converts country ranges in text ("FIRST,LAST,CC"; IPv4 as numbers, IPv6 as
# addresses) to an MMDB with country.iso_code. Usage: OUT IN...

use strict;
use warnings;
use MaxMind::DB::Writer::Tree;

die "usage: ranges2mmdb.pl OUT IN...\n" if @ARGV < 2;
my $out = shift @ARGV;

my %types = (country => 'map', iso_code => 'utf8_string');
my $tree = MaxMind::DB::Writer::Tree->new(
	ip_version => 6,
	record_size => 24,
	database_type => 'tor-geoipdb-Country',
	languages => ['en'],
	description => { en => 'Countries, converted from text ranges' },
	map_key_type_callback => sub { $types{$_[0]} },
);

sub address
{
	my ($text) = @_;
	return $text if $text =~ /:/;
	return '::' . join('.', unpack('C4', pack('N', $text)));
}

my $ranges = 0;
for my $path (@ARGV) {
	open(my $in, '<', $path) or die "$path: $!\n";
	while (my $line = <$in>) {
		next if $line =~ /^(#|\s*$)/;
		my ($first, $last, $country) =
		    $line =~ /^([0-9a-f:.]+),([0-9a-f:.]+),(\S\S)$/
		    or die "$path:$.: not FIRST,LAST,CC\n";
		next unless $country =~ /^[A-Z]{2}$/;
		$tree->insert_range(address($first), address($last),
		    { country => { iso_code => $country } });
		$ranges++;
	}
	close($in);
}
die "no ranges found\n" unless $ranges;

open(my $fh, '>', $out) or die "$out: $!\n";
binmode($fh);
$tree->write_tree($fh);
close($fh) or die "$out: $!\n";
