# `launchctl` of the scripted launchd: hands its arguments over the socket that LAUNCHD_SOCKET names, and says what comes back. In Perl,
# which starts in a moment: the tests make hundreds of calls.
use strict;
use IO::Socket::UNIX;

my $socket = IO::Socket::UNIX->new(Peer => $ENV{LAUNCHD_SOCKET}) or exit 1;
print $socket join("\0", @ARGV);
$socket->flush;
$socket->shutdown(1);
my ($code, $bytes) = (scalar(<$socket>), scalar(<$socket>));
my $said = do { local $/; <$socket> } // '';
print STDOUT substr($said, 0, $bytes);
print STDERR substr($said, $bytes);
exit $code;
