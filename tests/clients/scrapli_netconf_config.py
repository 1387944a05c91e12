"""scrapli_netconf reads and changes a router: each of its calls once, by one version of the protocol.

usage: scrapli_netconf_config.py HOST PORT USER PASSWORD
"""

import json
import sys

from scrapli_netconf.driver import NetconfDriver

host, port, user, password = sys.argv[1:]
NATIVE = "http://cisco.com/ns/yang/Cisco-IOS-XE-native"
LOOPBACK = f'<config><native xmlns="{NATIVE}"><interface><Loopback><name>4242</name><description>%s</description></Loopback></interface></native></config>'
seen = {}
with NetconfDriver(
    host=host, port=int(port), auth_username=user, auth_password=password,
    auth_strict_key=False, transport="paramiko", timeout_ops=30,
) as driver:
    seen["version"] = driver.netconf_version.name
    seen["capabilities"] = len(driver.server_capabilities)
    seen["hostname"] = driver.get_config(source="running", filter_=f'<native xmlns="{NATIVE}"><hostname/></native>', filter_type="subtree").result
    seen["locked"] = not driver.lock(target="running").failed
    seen["edited"] = not driver.edit_config(config=LOOPBACK % "set by scrapli", target="running").failed
    seen["unlocked"] = not driver.unlock(target="running").failed
    seen["after"] = driver.get(filter_=f'<native xmlns="{NATIVE}"><interface><Loopback/></interface></native>').result
    seen["refused"] = driver.edit_config(config='<config><nonsense xmlns="urn:x"/></config>', target="running").failed
    seen["validated"] = not driver.validate(source="running").failed
print(json.dumps(seen))
