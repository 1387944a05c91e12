"""scrapli: from privilege 1 to the configuration, errors found, over a transport of its choice.

usage: scrapli_levels.py HOST PORT USER PASSWORD SECRET TRANSPORT
"""

import json
import sys

from scrapli.driver.core import IOSXEDriver

host, port, user, password, secret, transport = sys.argv[1:]
device = IOSXEDriver(
    host=host,
    port=int(port),
    auth_username=user,
    auth_password=password,
    auth_secondary=secret,
    auth_strict_key=False,
    ssh_config_file=False,
    transport=transport,
)
with device:
    seen = {"enabled": device.get_prompt()}
    seen["level"] = device.send_command("show privilege").result
    lines = ["interface Loopback7", "description set by scrapli"]
    seen["configured"] = not device.send_configs(lines).failed
    shown = device.send_command("show running-config interface Loopback7")
    seen["running"] = shown.result
    wrong = ["interfaze Loopback8", "hostname never"]
    seen["wrong"] = [one.failed for one in device.send_configs(wrong, stop_on_failed=True)]
    seen["bogus"] = device.send_command("show bogus").failed
    seen["brief"] = len(device.send_command("show ip interface brief").textfsm_parse_output())
    device.send_config("no interface Loopback7")
    device.acquire_priv("exec")
    seen["last"] = device.get_prompt()
print(json.dumps(seen))
