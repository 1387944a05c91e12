"""NETCONF as its clients speak it, and as none should: ncclient, and bare bytes.

usage: netconf_sessions.py HOST PORT SSH_PORT USER PASSWORD

PORT is that of NETCONF; SSH_PORT has the subsystem, too. Prints what was seen as one JSON object.
"""

import json
import re
import socket
import sys
import threading
import time

import paramiko
from lxml import etree
from ncclient import manager
from ncclient.operations.rpc import RPCError
from ncclient.transport.errors import AuthenticationError

host, port, ssh_port, user, password = sys.argv[1:]
BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
NATIVE = "http://cisco.com/ns/yang/Cisco-IOS-XE-native"
V10, V11 = "urn:ietf:params:netconf:base:1.0", "urn:ietf:params:netconf:base:1.1"
HOSTNAME = f'<filter type="subtree"><native xmlns="{NATIVE}"><hostname/></native></filter>'
ASK = f'<rpc xmlns="{BASE}" message-id="%s"><get-config><source><running/></source>{HOSTNAME}</get-config></rpc>'


def connect(at=port, word=password):
    return manager.connect(
        host=host, port=int(at), username=user, password=word, hostkey_verify=False,
        look_for_keys=False, allow_agent=False, timeout=15, device_params={"name": "iosxe"},
    )


def edit(inner):
    return f'<config xmlns="{BASE}"><native xmlns="{NATIVE}">{inner}</native></config>'


def error_of(call):
    """The tag and the info of the error that a call gets."""
    try:
        call()
    except RPCError as error:
        info = re.search(r"session-id>(\d+)<", error.info or "")
        return [error.tag, info and info.group(1)]
    return None


class Bytes:
    """A client that knows bytes alone."""

    def __init__(self, versions=(), at=port):
        self.transport = paramiko.Transport(socket.create_connection((host, int(at)), 10))
        self.transport.start_client(timeout=10)
        self.transport.auth_password(user, password)
        self.channel = self.transport.open_session(timeout=10)
        self.channel.invoke_subsystem("netconf")
        self.channel.settimeout(15)
        self.buffer = b""
        self.until(b"]]>]]>")
        if versions:
            caps = "".join(f"<capability>{version}</capability>" for version in versions)
            self.send(f'<hello xmlns="{BASE}"><capabilities>{caps}</capabilities></hello>]]>]]>')

    def send(self, what, size=1 << 20):
        what = what.encode() if isinstance(what, str) else what
        for at in range(0, len(what), size):
            self.channel.sendall(what[at : at + size])

    def more(self):
        data = self.channel.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def message(self):
        """One message in chunks."""
        found = b""
        while True:
            while not (head := re.match(rb"\n#(\d+|#)\n", self.buffer)):
                self.more()
            self.buffer = self.buffer[head.end() :]
            if head.group(1) == b"#":
                return found
            while len(self.buffer) < int(head.group(1)):
                self.more()
            found += self.buffer[: int(head.group(1))]
            self.buffer = self.buffer[int(head.group(1)) :]

    def ends(self):
        """Whether the session ends, whatever it says before."""
        try:
            while True:
                self.more()
        except EOFError:
            return True
        except TimeoutError:
            return False
        finally:
            self.transport.close()

    def close(self):
        self.transport.close()


def chunks(text, size):
    text = text.encode()
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    return b"".join(b"\n#%d\n%s" % (len(part), part) for part in parts) + b"\n##\n"


def ids(replies):
    return [etree.fromstring(reply).get("message-id") for reply in replies]


def wrong_password():
    try:
        connect(word=password + "-wrong").close_session()
    except AuthenticationError:
        return True
    return False


def locks():
    """A lock is its session's, and ends with it."""
    one, other = connect(), connect()
    one.lock("running")
    seen = {
        "lock": error_of(lambda: other.lock("running")),
        "edit": error_of(lambda: other.edit_config(target="running", config=edit("<hostname>X</hostname>"))),
        "holder": str(one.session_id),
    }
    one._session.close()
    deadline = time.time() + 10
    while error_of(lambda: other.lock("running")) and time.time() < deadline:
        time.sleep(0.05)
    other.unlock("running")
    seen["after"] = time.time() < deadline
    other.close_session()
    return seen


def killed():
    one, other = connect(), connect()
    one.kill_session(other.session_id)
    deadline = time.time() + 10
    while other.connected and time.time() < deadline:
        time.sleep(0.05)
    one.close_session()
    return not other.connected


def framings():
    old = Bytes([V10])
    old.send((ASK % 1 + "]]>]]>") * 2 + ASK % 2 + "]]>]]>")
    seen = {"1.0": ids(old.until(b"]]>]]>") for _ in range(3))}
    old.close()
    new = Bytes([V10, V11])
    new.send(chunks(ASK % 3, 7) + chunks(ASK % 4, 1 << 20))
    seen["1.1"] = ids(new.message() for _ in range(2))
    new.send(chunks(ASK % 5, 3), 1)
    seen["by byte"] = ids([new.message()])
    new.close()
    only = Bytes([V11])
    only.send(chunks(ASK % 6, 50))
    seen["1.1 alone"] = ids([only.message()])
    only.close()
    return seen


def pipelined(count):
    """Many requests before the first reply is read: all are answered, in order."""
    peer = Bytes([V10, V11])
    sender = threading.Thread(target=lambda: [peer.send(chunks(ASK % n, 1 << 20)) for n in range(count)])
    sender.start()
    found = ids(peer.message() for _ in range(count))
    sender.join()
    peer.close()
    return found == [str(n) for n in range(count)]


def garbage():
    """What no client should send ends its session, and no other."""
    seen = {}
    for name, versions, what in [
        ("no hello", [], chunks(ASK % 1, 99)),
        ("hello of a server", [], f'<hello xmlns="{BASE}"><capabilities/><session-id>1</session-id></hello>]]>]]>'),
        ("no version", ["urn:x"], ""),
        ("no chunk", [V11], ASK % 1),
        ("a chunk of zero", [V11], b"\n#0\n\n##\n"),
        ("a huge chunk", [V11], b"\n#4294967295\n" + b"x" * 100),
        ("no UTF-8", [V11], b"\n#2\n\xff\xfe\n##\n"),
        ("random", [V11], bytes(range(256)) * 40),
    ]:
        peer = Bytes(versions)
        if what:
            peer.send(what if name != "no hello" else what + b"]]>]]>")
        seen[name] = peer.ends()
    return seen


def replies_to(*bodies):
    """The error of each message that is no request, on one session that goes on."""
    peer = Bytes([V11])
    found = []
    for body in bodies:
        peer.send(chunks(body, 1 << 20))
        reply = etree.fromstring(peer.message())
        tags = reply.findall(f".//{{{BASE}}}error-tag")
        found.append(tags[0].text if tags else "ok")
    peer.close()
    return found


def bad_messages():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    deep = "<a>" * 5000 + "</a>" * 5000
    return replies_to(
        bomb + ASK % 1,
        f'<rpc xmlns="{BASE}"><get/></rpc>',
        f'<rpc xmlns="{BASE}" message-id="2"><nonsense/></rpc>',
        f'<rpc xmlns="{BASE}" message-id="3"><edit-config><target><running/></target>{edit("<no-such/>")}</edit-config></rpc>',
        f'<rpc xmlns="{BASE}" message-id="4">{deep}</rpc>',
        ASK % 5,
    )


def large():
    """A message without an end is not kept."""
    peer = Bytes([V11])
    started = time.time()
    try:
        peer.send(b"\n#33554432\n")
        for _ in range(100):
            peer.send(b"x" * (1 << 20))
        ended = peer.ends()
    except (OSError, EOFError):
        ended = True
    return ended and time.time() - started < 60


def idle(count):
    """Many sessions and connections that say nothing, while one works."""
    held = [socket.create_connection((host, int(port)), 10) for _ in range(count)]
    # Few of them find a line of the router's; the rest are refused, and none is in the way.
    peer = Bytes([V11])
    started = time.time()
    for number in range(20):
        peer.send(chunks(ASK % number, 1 << 20))
        peer.message()
    took = time.time() - started
    peer.close()
    for connection in held:
        connection.close()
    return took < 10


def unread():
    """A client that asks and never reads is cut off, or waits; others do not."""
    peer = Bytes([V11])
    peer.channel.settimeout(0.5)
    ask = chunks(f'<rpc xmlns="{BASE}" message-id="1"><get/></rpc>', 1 << 20)
    try:
        for _ in range(2000):
            peer.send(ask)
    except OSError:
        pass
    other = Bytes([V11])
    other.send(chunks(ASK % 1, 1 << 20))
    found = ids([other.message()])
    other.close()
    peer.close()
    return found == ["1"]


def doors():
    """The other port has the subsystem, too; this one has nothing else."""
    other = connect(at=ssh_port)
    seen = {"subsystem": "hostname" in other.get_config("running", filter=("subtree", f'<native xmlns="{NATIVE}"><hostname/></native>')).data_xml}
    other.close_session()
    transport = paramiko.Transport(socket.create_connection((host, int(port)), 10))
    transport.start_client(timeout=10)
    transport.auth_interactive(user, lambda *_: [password])
    for name, call in [
        ("shell", lambda channel: channel.invoke_shell()),
        ("command", lambda channel: channel.exec_command("show clock")),
        ("sftp", lambda channel: channel.invoke_subsystem("sftp")),
    ]:
        channel = transport.open_session(timeout=10)
        try:
            call(channel)
            seen[name] = "taken"
        except paramiko.SSHException:
            seen[name] = "refused"
    channel = transport.open_session(timeout=10)
    channel.settimeout(10)
    channel.exec_command("netconf")
    seen["exec netconf"] = channel.recv(4096).startswith(b"<?xml") or None
    transport.close()
    return seen


print(json.dumps({
    "wrong_password": wrong_password(),
    "locks": locks(),
    "killed": killed(),
    "framings": framings(),
    "pipelined": pipelined(200),
    "garbage": garbage(),
    "bad_messages": bad_messages(),
    "large": large(),
    "idle": idle(200),
    "unread": unread(),
    "doors": doors(),
}))
