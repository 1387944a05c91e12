"""What paramiko does that a terminal does not: logins that fail first, commands, channels, files.

usage: paramiko_sessions.py HOST PORT USER PASSWORD
"""

import io
import json
import socket
import sys
import time

import paramiko

host, port, user, password = sys.argv[1:]


def transport():
    found = paramiko.Transport(socket.create_connection((host, int(port)), 10))
    found.start_client(timeout=10)
    return found


def command(found, line):
    """One command on a channel of its own: what it says, and how it ends."""
    channel = found.open_session(timeout=10)
    channel.exec_command(line)
    said = channel.makefile("rb").read().decode()
    return {"said": said, "exit": channel.recv_exit_status()}


def refused(found, key=None, word=None):
    """A try that must fail and leave the connection as it is."""
    try:
        found.auth_publickey(user, key) if key else found.auth_password(user, word)
    except paramiko.AuthenticationException:
        return found.is_active() and not found.is_authenticated()
    return False


def until(shell, text):
    seen = ""
    while text not in seen:
        seen += shell.recv(4096).decode()
    return seen


def shell(found):
    channel = found.open_session(timeout=10)
    channel.get_pty(width=200, height=0)
    channel.invoke_shell()
    channel.settimeout(10)
    until(channel, "#")
    return channel


def send_file(found, name, content):
    """The source's side of scp: each step is answered by a zero byte."""
    channel = found.open_session(timeout=10)
    channel.settimeout(10)
    channel.exec_command(f"scp -t {name}")
    answers = [channel.recv(1)]
    channel.sendall(f"C0644 {len(content)} file\n".encode())
    answers.append(channel.recv(1))
    channel.sendall(content + b"\0")
    answers.append(channel.recv(1))
    channel.close()
    return answers == [b"\0"] * 3


def take_file(found, name):
    channel = found.open_session(timeout=10)
    channel.settimeout(10)
    channel.exec_command(f"scp -f {name}")
    stream = channel.makefile("rb")
    channel.sendall(b"\0")
    head = stream.readline().decode()
    channel.sendall(b"\0")
    content = stream.read(int(head.split()[1]))
    channel.sendall(b"\0")
    channel.close()
    return head, content


seen = {}
first = transport()
seen["wrong_password_refused"] = refused(first, word="not this one")
first.auth_password(user, password)
seen["after_wrong_password"] = command(first, "show clock")
seen["unknown_command"] = command(first, "show bogus")
try:
    first.open_session(timeout=10).invoke_subsystem("sftp")
    seen["sftp_refused"] = False
except paramiko.SSHException:
    seen["sftp_refused"] = True

second = transport()
seen["key_refused"] = refused(second, key=paramiko.RSAKey.generate(2048))
second.auth_password(user, password)
left, right = shell(second), shell(second)
left.sendall(b"configure terminal\r")
until(left, "(config)#")
right.sendall(b"show users\r")
seen["two_shells"] = until(right, "vty 1")
left.sendall(b"end\r")
until(left, "R1#")
left.close()
seen["right_lives_on"] = command(second, "show privilege")

content = bytes(range(256)) * 300
seen["sent"] = send_file(second, "bootflash:/sent.bin", content)
seen["dir"] = command(second, "dir bootflash:/sent.bin")
head, back = take_file(second, "bootflash:/sent.bin")
seen["taken_head"] = head
seen["taken"] = back == content
left = shell(second)
left.sendall(b"verify /md5 bootflash:/sent.bin\r")
seen["md5"] = until(left, "R1#")
print(json.dumps(seen))
first.close()
second.close()
