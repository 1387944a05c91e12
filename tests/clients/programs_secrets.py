"""A user with a password made by NETCONF, and another one by RESTCONF: what both say is secret.

usage: programs_secrets.py HOST NETCONF_PORT RESTCONF_PORT USER PASSWORD CA_FILE
"""

import json
import ssl
import sys

import httpx
from ncclient import manager

host, netconf, restconf, user, password, ca = sys.argv[1:]
BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
NATIVE = "http://cisco.com/ns/yang/Cisco-IOS-XE-native"

with manager.connect(
    host=host, port=int(netconf), username=user, password=password, hostkey_verify=False,
    look_for_keys=False, allow_agent=False, timeout=15, device_params={"name": "iosxe"},
) as session:
    session.edit_config(
        target="running",
        config=f'<config xmlns="{BASE}"><native xmlns="{NATIVE}"><username><name>one</name><privilege>15</privilege>'
        "<secret><encryption>0</encryption><secret>hunter2-one</secret></secret></username></native></config>",
    )
trust = ssl.create_default_context(cafile=ca)
base = f"https://{host}:{restconf}/restconf/data/Cisco-IOS-XE-native:native"
json_type = {"Content-Type": "application/yang-data+json"}
body = {"Cisco-IOS-XE-native:username": [{"name": "two", "privilege": 15, "secret": {"encryption": "0", "secret": "hunter2-two"}}]}
answer = httpx.patch(f"{base}/username=two", content=json.dumps(body), headers=json_type, verify=trust, auth=(user, password))
answer.raise_for_status()
# Who was made may come in, and nobody else with another password.
for name, word, want in [("one", "hunter2-one", 200), ("two", "hunter2-two", 200), ("two", "hunter2-one", 401)]:
    code = httpx.get(f"{base}/hostname", verify=trust, auth=(name, word)).status_code
    assert code == want, (name, code)
