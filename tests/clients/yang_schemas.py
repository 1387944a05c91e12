"""What pyang says of the modules that a router names: each text by get-schema.

usage: yang_schemas.py HOST PORT USER PASSWORD
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import paramiko

host, port, user, password = sys.argv[1:]
BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
END = "]]>]]>"

client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.connect(host, int(port), user, password, allow_agent=False, look_for_keys=False)
channel = client.get_transport().open_session(timeout=10)
channel.settimeout(10)
channel.invoke_subsystem("netconf")


def message():
    seen = b""
    while not seen.endswith(END.encode()):
        more = channel.recv(65536)
        assert more, seen
        seen += more
    return ET.fromstring(seen.decode()[: -len(END)])


def rpc(body):
    channel.sendall(f'<rpc xmlns="{BASE}" message-id="1">{body}</rpc>{END}'.encode())
    return message()


message()
capability = "<capability>urn:ietf:params:netconf:base:1.0</capability>"
hello = f'<hello xmlns="{BASE}"><capabilities>{capability}</capabilities></hello>'
channel.sendall((hello + END).encode())
schemas = f'<netconf-state xmlns="{MONITORING}"><schemas/></netconf-state>'
listed = rpc(f"<get><filter>{schemas}</filter></get>")
said = {}
with tempfile.TemporaryDirectory() as folder:
    for schema in listed.iter(f"{{{MONITORING}}}schema"):
        name = schema.findtext(f"{{{MONITORING}}}identifier")
        revision = schema.findtext(f"{{{MONITORING}}}version")
        asked = f"<identifier>{name}</identifier><version>{revision}</version>"
        reply = rpc(f'<get-schema xmlns="{MONITORING}">{asked}</get-schema>')
        text = reply.findtext(f"{{{MONITORING}}}data")
        said[f"{name}@{revision}.yang"] = text
        (pathlib.Path(folder) / f"{name}@{revision}.yang").write_text(text)
    pyang = pathlib.Path(sys.executable).with_name("pyang")
    for file in said:
        command = [pyang, "--path", folder, pathlib.Path(folder) / file]
        ran = subprocess.run(command, capture_output=True, text=True)
        # Warnings are of the published texts.
        said[file] = ran.returncode and ran.stderr.replace(folder, "")
print(json.dumps(said))
