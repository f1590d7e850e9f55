"""A private Exim: SMTP (STARTTLS) and SMTPS on loopback, all mail to LMTP.

AUTH PLAIN and LOGIN with the password "secret", XOAUTH2 with the relay's token.
The local part rej550 is refused for good and def451 for now; refuse() and defer()
do the same to any other local part, accept() takes it back.
"""

import secrets
import shutil
import time

from .daemon import Daemon, free_ports
from .dovecot import PASSWORD

CONFIGURATION = """\
keep_environment =
exim_path = {exim}
exim_user = {user}
exim_group = {group}
spool_directory = {spool}
log_file_path = {folder}/exim-%slog
pid_file_path = {folder}/exim.pid
primary_hostname = localhost
local_interfaces = 127.0.0.1 : 127.0.0.2 : 127.0.0.3
daemon_smtp_ports = {smtp_port} : {smtps_port}
tls_on_connect_ports = {smtps_port}
tls_advertise_hosts = *
tls_certificate = {certificates}/{shown}.pem
tls_privatekey = {certificates}/{shown}.key
auth_advertise_hosts = *
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
pipelining_advertise_hosts = *
message_size_limit = {size_limit}
deliver_drop_privilege = true
never_users =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 200
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = recipients
acl_smtp_data = accept

begin acl
recipients:
  deny   local_parts = lsearch;{refused}
         message     = 5.1.1 no such user
  defer  local_parts = lsearch;{deferred}
         message     = 4.2.0 mailbox busy, try later
  accept

begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = lmtp

begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = {lmtp_port}
  hosts_override
  allow_localhost
  hosts_avoid_tls = *

begin retry
* * F,1h,2s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{{password}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if eq{{$auth2}}{{{password}}}}}
  server_set_id = $auth1
xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = ${{if match{{$auth1}}{{auth=Bearer {token}}}}}
  server_set_id = relay
"""

SHOWN = ("${if eq{$received_ip_address}{127.0.0.2}{wrong}"
         "{${if eq{$received_ip_address}{127.0.0.3}{expired}{server}}}}")


class Exim(Daemon):
    def __init__(self, folder, programs, user, certificates, lmtp_port, size_limit="20M"):
        self.smtp_port, self.smtps_port = free_ports(2)
        self.token = secrets.token_hex(16)
        self.log_file = folder / "exim.out"
        self._refused = folder / "refused"
        self._deferred = folder / "deferred"
        self._spool = spool = folder / "spool"
        spool.mkdir(exist_ok=True)
        self.log_file.touch()
        copy = folder / "exim4"  # a copy has no set-user-id bit
        shutil.copyfile(programs.exim, copy)
        copy.chmod(0o755)
        self._refused.write_text("rej550\n")
        self._deferred.write_text("def451\n")
        configuration = folder / "exim.conf"
        configuration.write_text(CONFIGURATION.format(
            exim=copy, user=user.name, group=user.group, spool=spool, folder=folder,
            smtp_port=self.smtp_port, smtps_port=self.smtps_port, shown=SHOWN,
            certificates=certificates.folder, size_limit=size_limit, refused=self._refused,
            deferred=self._deferred, lmtp_port=lmtp_port, password=PASSWORD, token=self.token))
        user.give(spool)
        user.give(self.log_file)
        libraries = programs.libraries()
        super().__init__("Exim", [copy, "-C", configuration, "-bdf", "-q1s"], user, self.log_file,
                         (self.smtp_port, self.smtps_port),
                         {"LD_LIBRARY_PATH": libraries} if libraries else {}, cwd=folder)

    def await_empty_queue(self, seconds=10):
        """Every mail that was accepted so far lies in its mailbox; False if not in time."""
        deadline = time.monotonic() + seconds
        while any(self._spool.glob("input/**/*-H")):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def refuse(self, local_part):
        _add(self._refused, local_part)

    def defer(self, local_part):
        _add(self._deferred, local_part)

    def accept(self, local_part):
        for listing in (self._refused, self._deferred):
            kept = [line for line in listing.read_text().splitlines() if line != local_part]
            listing.write_text("".join(line + "\n" for line in kept))


def _add(listing, local_part):
    with open(listing, "a") as lines:
        lines.write(local_part + "\n")
