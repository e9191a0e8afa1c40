# Signs or verifies with Mail::DKIM (Debian libmail-dkim-perl); usage as interop.py. Without Ed25519 in the installed
# version those messages are left as they are and named "unsupported".
use strict;
use warnings;
use MIME::Base64;
use Mail::DKIM::Verifier;
use Mail::DKIM::Signer;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::PublicKey;

my ($mode, $directory) = @ARGV;
sub slurp { my $f = shift; open my $in, '<:raw', "$directory/$f" or die "$f: $!"; local $/; return scalar <$in> }
my %records = map { ("$_._domainkey.example.com" => slurp("$_.txt")) } qw(rsa ed25519);
my $ed25519 = eval { require Mail::DKIM::Algorithm::ed25519_sha256; 1 };

{
    no warnings 'redefine';
    package Answer; sub new { my ($c, $t) = @_; bless { t => $t }, $c } sub type { 'TXT' }
    sub char_str_list { $_[0]{t} } sub txtdata { $_[0]{t} }
    package main;
    require Mail::DKIM::DNS;
    *Mail::DKIM::DNS::query = sub { my ($name) = @_; return $records{$name} ? (Answer->new($records{$name})) : () };
    *Mail::DKIM::DNS::query_async = sub {
        my ($name, $type, %cb) = @_;
        my @found = $records{$name} ? (Answer->new($records{$name})) : ();
        my @result = $cb{Callbacks}{Success}->(@found);
        return sub { wantarray ? @result : $result[0] };
    };
}

opendir my $d, $directory or die;
for my $name (sort grep { /\.eml$/ } readdir $d) {
    my (undef, $algorithm, $header, $body) = split /\./, $name;
    if ($algorithm eq 'ed25519' && !$ed25519) { print "$name unsupported\n"; next }
    my $message = slurp($name);
    if ($mode eq 'verify') {
        my $dkim = Mail::DKIM::Verifier->new;
        $dkim->PRINT($message);
        $dkim->CLOSE;
        print "# $name ", $dkim->result_detail, "\n" if $dkim->result ne 'pass';
        print "$name ", $dkim->result eq 'pass' ? 'pass' : 'fail', "\n";
    } else {
        my %key = $algorithm eq 'rsa'
            ? (KeyFile => "$directory/rsa.pem")
            : (Key => Mail::DKIM::PrivateKey->load(Data => slurp('ed25519.key'), Type => 'ed25519'));
        my $dkim = Mail::DKIM::Signer->new(Algorithm => "$algorithm-sha256", Method => "$header/$body", Domain => 'example.com', Selector => $algorithm, %key);
        $dkim->PRINT($message);
        $dkim->CLOSE;
        open my $out, '>:raw', "$directory/$name" or die;
        print $out $dkim->signature->as_string, "\r\n", $message;
        close $out;
        print "$name signed\n";
    }
}
