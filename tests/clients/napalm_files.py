"""NAPALM: a merge, a replacement and the way back, with the files that it sends by scp.

usage: napalm_files.py HOST PORT USER PASSWORD SECRET
"""

import json
import sys

import napalm

host, port, user, password, secret = sys.argv[1:]
options = {"port": int(port), "dest_file_system": "bootflash:", "secret": secret}
device = napalm.get_network_driver("ios")(host, user, password, optional_args=options)
device.open()
seen = {"facts": device.get_facts()}

device.load_merge_candidate(config="interface Loopback77\n description set by NAPALM\n")
seen["merge"] = device.compare_config()
device.commit_config()
seen["merged"] = device.cli(["show running-config interface Loopback77"])
device.rollback()
seen["rolled_back"] = device.compare_config()
seen["interfaces"] = sorted(device.get_interfaces())

running = device.get_config(retrieve="running")["running"]
device.load_replace_candidate(config=running.replace("hostname R1", "hostname Renamed"))
seen["replace"] = device.compare_config()
device.commit_config()
seen["renamed"] = device.get_facts()["hostname"]
device.rollback()
seen["hostname"] = device.get_facts()["hostname"]
device.close()
print(json.dumps(seen))
