"""A real IMAP server (Dovecot): any user name is a mailbox, all have the same password."""

import grp
import os
import pwd

from tests.servers.program import Program, answers, find_program

PASSWORD = "correct-horse"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/server.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class ImapServer(Program):
    """Plain IMAP on loopback. A new user name is a new, empty mailbox."""

    host = "127.0.0.1"
    password = PASSWORD

    def start(self) -> None:
        """Write the configuration, then start it."""
        user = self._user or pwd.getpwuid(os.geteuid())
        (self.folder / "dovecot.conf").write_text(
            CONFIG.format(
                folder=self.folder,
                port=self.port,
                user=user.pw_name,
                group=grp.getgrgid(user.pw_gid).gr_name,
                password=PASSWORD,
            ),
            "utf-8",
        )
        super().start()

    def command(self) -> list[str]:
        """In the foreground, all of it as one user."""
        return [find_program("dovecot"), "-F", "-c", str(self.folder / "dovecot.conf")]

    def is_ready(self) -> bool:
        """It greets."""
        return answers(self.port, b"* OK")
