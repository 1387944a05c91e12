"""Logs in with Netmiko, as cisco_xe, and prints what TextFSM makes of two show commands.

usage: netmiko_show.py HOST PORT USER PASSWORD [SECRET]
"""

import json
import sys

from netmiko import ConnectHandler

host, port, user, password, *secret = sys.argv[1:]
device = ConnectHandler(
    device_type="cisco_xe",
    host=host,
    port=int(port),
    username=user,
    password=password,
    secret=secret[0] if secret else password,
    conn_timeout=10,
)
try:
    device.enable()
    changed = device.send_config_set(
        ["interface GigabitEthernet2", "description set by Netmiko", "shutdown"],
        error_pattern=r"% ?(Invalid|Incomplete|Ambiguous)",
    )
    print(
        json.dumps(
            {
                "prompt": device.find_prompt(),
                "brief": device.send_command("show ip interface brief", use_textfsm=True),
                "version": device.send_command("show version", use_textfsm=True),
                "running": device.send_command(
                    "show running-config interface GigabitEthernet2"
                ),
                "config_session": changed,
            }
        )
    )
finally:
    device.disconnect()
