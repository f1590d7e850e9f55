"""A private Dovecot: IMAP (STARTTLS), IMAPS and LMTP on loopback.

Every user name exists, with the password "secret"; the domain of an address and
what follows a plus do not matter. 127.0.0.2 shows a certificate of the wrong
name, 127.0.0.3 an expired one. Access tokens are JSON web tokens that Dovecot
checks by itself (see token()).
"""

import base64
import hashlib
import hmac
import json
import secrets
import time

from .daemon import Daemon, free_ports

PASSWORD = "secret"

CONFIGURATION = """\
base_dir = {run}
state_dir = {run}
libexec_dir = {libexec}
mail_plugin_dir = {libexec}/modules
login_plugin_dir = {libexec}/modules/login
auth_stats = no
log_path = {log}
import_environment = TZ {environment}
protocols = imap lmtp
listen = 127.0.0.1, 127.0.0.2, 127.0.0.3
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_vsz_limit = 1G
first_valid_uid = 0
mail_max_userip_connections = 0
recipient_delimiter = +

disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_username_format = %Ln
auth_failure_delay = 0 secs
auth_worker_max_count = 2

ssl = yes
ssl_dh =
ssl_cert = <{certificates}/server.pem
ssl_key = <{certificates}/server.key
local 127.0.0.2 {{
  ssl_cert = <{certificates}/wrong.pem
  ssl_key = <{certificates}/wrong.key
}}
local 127.0.0.3 {{
  ssl_cert = <{certificates}/expired.pem
  ssl_key = <{certificates}/expired.key
}}

mail_location = maildir:~/Maildir
mail_fsync = {fsync}
# Else the server wakes whoever idles every two minutes, to say that it is still here.
imap_idle_notify_interval = 29 mins
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {oauth}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={mail}/%n allow_all_users=yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
"""

TOKENS = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={keys}/
username_attribute = email
"""


class Dovecot(Daemon):
    def __init__(self, folder, programs, user, certificates, fsync="never"):
        self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)
        self.mail = folder / "mail"
        self.log_file = folder / "dovecot.log"
        self._run = folder / "run"
        self._keys = folder / "keys"
        self._programs = programs
        self._secret = secrets.token_bytes(32)
        libraries = programs.libraries()
        environment = {"LD_LIBRARY_PATH": libraries} if libraries else {}
        configuration = folder / "dovecot.conf"
        oauth = folder / "oauth.conf"
        oauth.write_text(TOKENS.format(keys=self._keys))
        configuration.write_text(CONFIGURATION.format(
            run=self._run, libexec=programs.libexec, log=self.log_file, user=user.name,
            group=user.group, certificates=certificates.folder, fsync=fsync, oauth=oauth,
            password=PASSWORD, mail=self.mail, imap_port=self.imap_port,
            imaps_port=self.imaps_port, lmtp_port=self.lmtp_port,
            environment=" ".join(f"{name}={value}" for name, value in environment.items())))
        self._prepare_folders(user)
        command = [programs.doveconf, "-f", "service=master", "-c", configuration, "-m", "master",
                   "-e", programs.dovecot, "-F", "-c", configuration]
        super().__init__("Dovecot", command, user, self.log_file,
                         (self.imap_port, self.imaps_port, self.lmtp_port), environment,
                         cwd=self._run)

    def _prepare_folders(self, user):
        tokens = self._keys / "default" / "HS256"
        for folder in (self.mail, self._run / "login", self._run / "empty", tokens):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)
        (tokens / "default").write_bytes(base64.b64encode(self._secret))
        self.log_file.touch()
        if self._programs.private:
            for working_folder in (self._run, self._run / "login", self._run / "empty"):
                (working_folder / "modules").symlink_to(self._programs.libexec / "modules")
        (self._run / "login").chmod(0o750)
        user.give(self._run)
        user.give(self._keys)
        user.give(self.mail)
        user.give(self.log_file)

    def token(self, name, seconds=3600):
        """An access token for XOAUTH2; expired already where seconds is negative."""
        now = int(time.time())
        claims = {"email": name, "sub": name, "iat": now - 7200, "exp": now + seconds}
        head = _part({"alg": "HS256", "typ": "JWT"}) + b"." + _part(claims)
        seal = hmac.new(self._secret, head, hashlib.sha256).digest()
        return (head + b"." + _encoded(seal)).decode()


def _part(value):
    return _encoded(json.dumps(value).encode())


def _encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")
