"""
docs/deploy.md, followed block by block in a folder that stands for the machine.

The paths of the guide lead into that folder, and its ports are free ones: NAMES says
all that is replaced. Small programs stand in for those that would change the machine:

apt-get, adduser     do nothing
python3 -m venv      gives a Python with the packages of the one that runs the tests
pip                  looks whether the file of requirements is there
runuser              stays with the account that runs the tests
systemctl            starts and stops gunicorn as the unit says, and nginx
certbot              makes a certificate of its own

All else is real: git, gunicorn, nginx, PostgreSQL, and each command of ours.
"""

import os
import pty
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from .on_postgresql import free_port

GUIDE = settings.BASE_DIR / "docs" / "deploy.md"
HOST = "library.example.org"
REPOSITORY = "https://git.example.org/idiaspora.git"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
FOLDERS = [
    "/srv/idiaspora",
    "/var/lib/idiaspora",
    "/var/www",
    "/backup",
    "/usr/local/bin",
]
FOLDERS += ["/etc/idiaspora.env", "/etc/systemd", "/etc/nginx", "/etc/letsencrypt"]
FOLDERS += ["/etc/cron.d"]
# What nobody copies: it is made, or it is the history.
MADE = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")

PROGRAMS = {
    "apt-get": "",
    "adduser": "",
    "certbot": """
folder={root}/etc/letsencrypt/live/{host}
mkdir -p $folder
exec openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={host} \\
    -addext subjectAltName=DNS:{host} \\
    -keyout $folder/privkey.pem -out $folder/fullchain.pem 2>&1
""",
    "nginx": """
exec {nginx} -c {root}/etc/nginx/nginx.conf -e {root}/nginx.log "$@"
""",
    "python3": """
[ "$*" = "-m venv .venv" ]
mkdir -p .venv/bin
cp {root}/programs/python .venv/bin/python
""",
    "python": """
if [ "$1 $2" = "-m pip" ]; then
    for file; do :; done
    exec grep -q sha256 "$file"
fi
exec {python} "$@"
""",
    "runuser": """
if [ $2 = postgres ]; then
    export PGHOST={postgresql.hostname} PGPORT={postgresql.port}
    export PGUSER={postgresql.username} PGPASSWORD={postgresql.password}
fi
shift 3
exec "$@"
""",
    "systemctl": """
unit={root}/etc/systemd/system/idiaspora.service
running={root}/running
value() {{ sed -n "s/^$1=//p" $unit; }}
case "$*" in
"start idiaspora" | "enable --now idiaspora")
    cd "$(value WorkingDirectory)"
    umask "$(value UMask)"
    setsid $(value ExecStart) < /dev/null >> {root}/log 2>&1 &
    echo $! > $running
    until curl -fs http://127.0.0.1:{port}/health/live; do kill -0 $!; sleep 0.1; done
    ;;
"stop idiaspora")
    kill $(cat $running)
    while kill -0 $(cat $running) 2> /dev/null; do sleep 0.1; done
    ;;
"reload nginx")
    nginx 2>&1
    ;;
*) exit 1 ;;
esac
""",
}
# As Debian has it.
NGINX_CONF = """
user {account}; pid {root}/nginx.pid; error_log {root}/nginx.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {root}/body; proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;
    include {root}/etc/nginx/conf.d/*.conf;
    include {root}/etc/nginx/sites-enabled/*;
}}
"""
DEFAULT_SITE = "server {{ listen 127.0.0.1:{http} default_server; }}"


class Block(NamedTuple):
    section: str
    language: str
    text: str


def blocks():
    """Return the blocks of the guide in their order."""
    found, section = [], ""
    for match in re.finditer(
        r"^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```", GUIDE.read_text(), re.M | re.S
    ):
        section = match[1] or section
        if match[2]:
            found.append(Block(section, match[2], match[3]))
    return found


def replaced(text, names):
    """Replace each name in a text by what it stands for, all at once."""
    # The longest one first, as one may be the beginning of another.
    pattern = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(pattern, lambda match: names[match[0]], text)


class Machine:
    """A folder in which the guide is followed."""

    def __init__(self, root, postgresql):
        self.root, self.postgresql = root, urlsplit(postgresql)
        self.http, self.https, self.port = free_port(), free_port(), free_port()
        self.names = {folder: f"{root}{folder}" for folder in FOLDERS} | {
            REPOSITORY: f"{root}/repository",
            # There is one account.
            " -g idiaspora": "",
            " -o idiaspora": "",
            "idiaspora:password@127.0.0.1/": (
                f"idiaspora:password@127.0.0.1:{self.postgresql.port}/"
            ),
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "listen [::]:": "# listen ",
        }
        self.environment = {
            "PATH": f"{root}/programs:{root}/usr/local/bin:/usr/bin:/bin",
            "HOME": str(root),
            "IDIASPORA_ENV": f"{root}/etc/idiaspora.env",
            "TERM": "dumb",
        }
        self.make_programs()
        self.make_repository()

    def make_programs(self):
        for folder in ["programs", "usr/local/bin", "etc/systemd/system", "etc/cron.d"]:
            (self.root / folder).mkdir(parents=True)
        for folder in ["conf.d", "sites-enabled"]:
            (self.root / "etc" / "nginx" / folder).mkdir(parents=True)
        values = {
            "root": self.root,
            "host": HOST,
            "nginx": NGINX,
            "port": self.port,
            "http": self.http,
            "python": sys.executable,
            "postgresql": self.postgresql,
            "account": pwd.getpwuid(os.geteuid()).pw_name,
        }
        for name, script in PROGRAMS.items():
            path = self.root / "programs" / name
            path.write_text(f"#!/bin/sh -e\n{script.format(**values)}")
            path.chmod(0o755)
        nginx = self.root / "etc" / "nginx"
        (nginx / "nginx.conf").write_text(NGINX_CONF.format(**values))
        default = DEFAULT_SITE.format(**values)
        (nginx / "sites-enabled" / "default").write_text(default)

    def make_repository(self):
        """The checkout as it is now, whether committed or not, with other paths."""
        folder = self.root / "repository"
        shutil.copytree(settings.BASE_DIR, folder, ignore=MADE)
        for path in (folder / "docs" / "deploy").iterdir():
            if path.is_file():
                path.write_text(replaced(path.read_text(), self.names))
        self.git("init", "--quiet")
        self.release()

    def git(self, *arguments):
        account = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(
            ["git", *account, *arguments], cwd=self.root / "repository", check=True
        )

    def release(self):
        """Commit what has changed in the repository."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A release")

    def follow(self, block, answers=()):
        """Do what a block says; return what it said."""
        text = replaced(block.text, self.names)
        if block.language == "ini":
            self.set(text)
            return ""
        assert block.language == "sh", block
        return self.run(text, answers)

    def set(self, text):
        """Put a line into the file of settings, in the place of another."""
        path = self.root / "etc" / "idiaspora.env"
        name = text.partition("=")[0]
        lines = [
            line
            for line in path.read_text().splitlines()
            if not line.startswith(f"{name}=")
        ]
        path.write_text("\n".join([*lines, text]))

    def run(self, text, answers=(), **environment):
        """Run lines of the shell at a terminal, and answer what they ask there."""
        checkout = self.root / "srv" / "idiaspora"
        folder = checkout if checkout.exists() else self.root
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            variables = self.environment | environment
            os.execve("/bin/sh", ["sh", "-e", "-c", text], variables)
        said, status = conversation(pid, terminal, answers)
        assert status == 0, f"{text}\n{said}"
        return said

    def get(self, path, *options):
        """Ask nginx for a page as a browser would; return its status and its text."""
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--output", "-"]
            + ["--write-out", "\n%{http_code}"]
            + ["--connect-to", f"{HOST}:443:127.0.0.1:{self.https}"]
            + ["--cacert", f"{self.root}/etc/letsencrypt/live/{HOST}/fullchain.pem"]
            + [
                "--cookie",
                f"{self.root}/cookies",
                "--cookie-jar",
                f"{self.root}/cookies",
            ]
            + ["--referer", f"https://{HOST}/", *options, f"https://{HOST}{path}"],
            capture_output=True,
            check=True,
            timeout=60,
        )
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status), body.decode(errors="replace")

    def close(self):
        for name in ["running", "nginx.pid"]:
            path = self.root / name
            if path.exists():
                stop(int(path.read_text()))


def conversation(pid, terminal, answers):
    """Give each answer when its question is asked; return all that was said."""
    waiting, said, heard = list(answers), "", 0
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            part = os.read(terminal, 10_000)
        except OSError:  # so a terminal ends
            break
        if not part:
            break
        said += part.decode(errors="replace")
        if waiting and waiting[0][0] in said[heard:]:
            heard = len(said)
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    else:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return said.replace("\r\n", "\n"), status


def stop(pid):
    try:
        os.kill(pid, signal.SIGTERM)
        for _attempt in range(100):
            os.kill(pid, 0)
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
