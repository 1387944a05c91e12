"""Logs in with Netmiko and tells which show commands TextFSM parses, and into how many rows.

usage: ntc_show.py HOST PORT USER PASSWORD COMMAND...
"""

import json
import sys

from netmiko import ConnectHandler
from ntc_templates.parse import ParsingException, parse_output
from textfsm import TextFSMError

host, port, user, password, *commands = sys.argv[1:]
device = ConnectHandler(
    device_type="cisco_xe",
    host=host,
    port=int(port),
    username=user,
    password=password,
    secret=password,
    conn_timeout=10,
)
seen = {}
try:
    device.enable()
    for command in commands:
        text = device.send_command(command, read_timeout=30)
        try:
            rows = parse_output(platform="cisco_ios", command=command, data=text)
            seen[command] = {"rows": rows, "text": text}
        except (ParsingException, TextFSMError) as error:
            seen[command] = {"error": str(error), "text": text}
finally:
    device.disconnect()
print(json.dumps(seen))
