"""RESTCONF as its clients speak it, and as none should: httpx, and bare bytes over TLS.

usage: restconf_requests.py HOST PORT USER PASSWORD CA_FILE

Prints what was seen as one JSON object.
"""

import base64
import json
import socket
import ssl
import sys
import threading
import time
import warnings

import httpx

host, port, user, password, ca = sys.argv[1:]
url = f"https://{host}:{port}"
J = "application/yang-data+json"
HOSTNAME = "/restconf/data/Cisco-IOS-XE-native:native/hostname"
IFS = "/restconf/data/ietf-interfaces:interfaces"
# Old versions of TLS are tried on purpose.
warnings.simplefilter("ignore", DeprecationWarning)
trust = ssl.create_default_context(cafile=ca)
client = httpx.Client(base_url=url, verify=trust, auth=(user, password), timeout=20, headers={"Accept": J})
basic = base64.b64encode(f"{user}:{password}".encode()).decode()


def head(line, *headers):
    lines = [line + " HTTP/1.1", f"Host: {host}", f"Authorization: Basic {basic}", f"Accept: {J}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def connect(context=trust):
    return context.wrap_socket(socket.create_connection((host, int(port)), 20), server_hostname=host)


def exchange(*parts, pause=0):
    """What is answered to bytes, until the connection ends; each part after a pause."""
    with connect() as stream:
        try:
            for part in parts:
                stream.sendall(part)
                time.sleep(pause)
        except OSError:
            pass
        return rest(stream)


def rest(stream):
    found = b""
    try:
        while data := stream.recv(65536):
            found += data
    except OSError:
        pass
    return found


def status(answer):
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else None


def tag(response):
    return response.json()["ietf-restconf:errors"]["error"][0]["error-tag"]


def certificates():
    """The authority's certificate is what makes a router believed; others do not."""
    def believed(context, name):
        try:
            with context.wrap_socket(socket.create_connection((host, int(port)), 20), server_hostname=name) as stream:
                return stream.version()
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    old = ssl.create_default_context(cafile=ca)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    ancient = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ancient.load_verify_locations(ca)
    try:
        ancient.set_ciphers("ALL:@SECLEVEL=0")
        ancient.minimum_version = ssl.TLSVersion.TLSv1
        ancient.maximum_version = ssl.TLSVersion.TLSv1_1
        refused = believed(ancient, host)
    except (ssl.SSLError, OSError):
        refused = None
    return {
        "by address": believed(trust, host),
        "by name": believed(trust, "R1"),
        "localhost": believed(trust, "localhost"),
        "another name": believed(trust, "R2.example"),
        "nobody's": believed(ssl.create_default_context(), host),
        "1.2": believed(old, host),
        "1.1": refused,
    }


def shapes():
    """Requests as HTTP allows them."""
    body = json.dumps({"Cisco-IOS-XE-native:hostname": "R1"}).encode()
    size, typed = f"Content-Length: {len(body)}", f"Content-Type: {J}"
    last = head(f"GET {HOSTNAME}", "Connection: close")
    many = exchange(head(f"GET {HOSTNAME}") * 3 + last)
    put = head(f"PUT {HOSTNAME}", typed, size, "Expect: 100-continue", "Connection: close")
    waited = exchange(put, body, pause=0.3)
    chunked = head(f"PUT {HOSTNAME}", typed, "Transfer-Encoding: chunked", "Connection: close")
    parts = b"".join(b"%x\r\n%s\r\n" % (len(body[at : at + 5]), body[at : at + 5]) for at in range(0, len(body), 5))
    whole = head(f"PUT {HOSTNAME}", typed, size, "Connection: close") + body
    heads = exchange(head(f"HEAD {HOSTNAME}") + last)
    return {
        "pipelined": [many.count(b"HTTP/1.1 200"), many.count(b'"R1"')],
        "100-continue": [int(line.split()[1]) for line in waited.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")],
        "chunked": status(exchange(chunked + parts + b"0\r\n\r\n")),
        "by byte": status(exchange(*(whole[at : at + 1] for at in range(len(whole))))),
        "absolute": status(exchange(head(f"GET {url}{HOSTNAME}", "Connection: close"))),
        "head": [heads.count(b"HTTP/1.1 200"), heads.count(b'"R1"')],
        "options": sorted(client.options(HOSTNAME).headers["allow"].split(", ")),
        "etag": matched(),
    }


def matched():
    """If-Match and If-None-Match, against the tag of the last answer."""
    now = client.get(IFS).headers["etag"]
    body = json.dumps({"Cisco-IOS-XE-native:hostname": "R1"})
    put = lambda tag: client.put(HOSTNAME, content=body, headers={"Content-Type": J, "If-Match": tag}).status_code
    return [client.get(IFS, headers={"If-None-Match": now}).status_code, put('"no such tag"'), put(now)]


def bad():
    """What no client should send: the answer that HTTP or RFC 8040 names, or a clean end."""
    typed = f"Content-Type: {J}"
    deep = ('{"ietf-interfaces:interfaces":' + "[" * 5000).encode()
    seen = {
        "garbage": status(exchange(bytes(range(256)) * 10)),
        "large head": status(exchange(head("GET /restconf", "X: " + "y" * 100_000))),
        "many headers": status(exchange(head("GET /restconf", *(f"X{n}: y" for n in range(200)), "Connection: close"))),
        "two lengths": status(exchange(head("PUT " + HOSTNAME, typed, "Content-Length: 1", "Content-Length: 2") + b"{}")),
        "broken escape": status(exchange(head("GET /restconf/data/ietf-interfaces:interfaces/interface=%zz", "Connection: close"))),
        "slash in a key": status(exchange(head("GET /restconf/data/ietf-interfaces:interfaces/interface=a/b", "Connection: close"))),
        "above the root": status(exchange(head("GET /restconf/data/../../etc/passwd", "Connection: close"))),
        "deep JSON": status(exchange(head("PATCH " + IFS, typed, f"Content-Length: {len(deep)}", "Connection: close") + deep)),
        "method": status(exchange(head("BREW /restconf/data", "Connection: close"))),
        "no login": status(exchange(head("GET /restconf", "Connection: close").replace(basic.encode(), b"!!!"))),
    }
    with socket.create_connection((host, int(port)), 20) as plain:
        plain.sendall(head("GET /restconf"))
        seen["no TLS"] = b"HTTP" not in rest(plain)
    return seen


def large():
    """A body of 100 MB is refused at once, whether it says its size or not; the router goes on."""
    def stream():
        for _ in range(100):
            yield b" " * (1 << 20)
    seen = {}
    for name, headers in [("chunked", {}), ("said", {"Content-Length": str(100 << 20)})]:
        started = time.time()
        try:
            with httpx.Client(verify=trust, auth=(user, password), timeout=30) as once:
                response = once.put(url + HOSTNAME, content=stream(), headers={"Content-Type": J, **headers})
                seen[name] = [response.status_code, tag(response)]
        except httpx.TransportError:
            seen[name] = "closed"
        seen[name + " in time"] = time.time() - started < 15
    # One that waits to be told is told, and sends nothing.
    expecting = head("PUT " + HOSTNAME, f"Content-Type: {J}", f"Content-Length: {100 << 20}", "Expect: 100-continue")
    answer = exchange(expecting)
    seen["expecting"] = [status(answer), b"too-big" in answer]
    seen["after"] = client.get(HOSTNAME).status_code
    return seen


def idle(count):
    """Connections that say nothing, or half of a head, while one client works."""
    held = [connect() for _ in range(count)]
    for number, stream in enumerate(held):
        if number % 2:
            stream.sendall(b"GET /restconf HTTP/1.1\r\nX-Half: ")
    took = []
    for _ in range(50):
        started = time.time()
        assert client.get(HOSTNAME).status_code == 200
        took.append(time.time() - started)
    with httpx.Client(verify=trust, auth=(user, password), timeout=20) as fresh:
        seen = [fresh.get(url + HOSTNAME).status_code, max(took) < 2]
    for stream in held:
        stream.close()
    return seen


def unread():
    """A client that asks for much and reads nothing; others are answered meanwhile."""
    with connect() as stream:
        stream.settimeout(1)
        try:
            for _ in range(5000):
                stream.sendall(head(f"GET {IFS}"))
        except OSError:
            pass
        return client.get(HOSTNAME).status_code


def parallel(threads, each):
    """Clients at the same time, each on a connection that it keeps."""
    failed = []

    def work():
        with httpx.Client(verify=trust, auth=(user, password), timeout=30) as own:
            failed.extend(code for code in (own.get(url + HOSTNAME).status_code for _ in range(each)) if code != 200)
    workers = [threading.Thread(target=work) for _ in range(threads)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    return failed


print(json.dumps({
    "certificates": certificates(),
    "shapes": shapes(),
    "bad": bad(),
    "large": large(),
    "idle": idle(300),
    "unread": unread(),
    "parallel": parallel(8, 25),
}))
