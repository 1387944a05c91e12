"""A session of Netmiko, as cisco_xe: levels, show commands through TextFSM, configuration, errors.

usage: netmiko_show.py HOST PORT USER PASSWORD [SECRET]
"""

import json
import sys

from netmiko import ConnectHandler, SSHDetect
from netmiko.exceptions import ConfigInvalidException, NetmikoAuthenticationException

host, port, user, password, *secret = sys.argv[1:]
login = {
    "device_type": "cisco_xe",
    "host": host,
    "port": int(port),
    "username": user,
    "password": password,
    "secret": secret[0] if secret else password,
    "conn_timeout": 10,
}
ERRORS = r"% ?(Invalid|Incomplete|Ambiguous)"


def raises(error, act):
    try:
        act()
    except error:
        return True
    return False


seen = {
    "wrong_password": raises(
        NetmikoAuthenticationException,
        lambda: ConnectHandler(**{**login, "password": "not this one"}),
    ),
    "kind": SSHDetect(**{**login, "device_type": "autodetect"}).autodetect(),
}
with ConnectHandler(**login) as device:
    device.enable()
    device.exit_enable_mode()
    seen["disabled"] = device.find_prompt()
    device.enable()
    seen["prompt"] = device.find_prompt()
    changes = ["interface GigabitEthernet2", "description set by Netmiko", "shutdown"]
    seen["config_session"] = device.send_config_set(changes, error_pattern=ERRORS)
    seen["config_error"] = raises(
        ConfigInvalidException,
        lambda: device.send_config_set(["interfaze Loopback1"], error_pattern=ERRORS),
    )
    device.exit_config_mode()
    seen["brief"] = device.send_command("show ip interface brief", use_textfsm=True)
    seen["version"] = device.send_command("show version", use_textfsm=True)
    seen["running"] = device.send_command("show running-config interface GigabitEthernet2")
    lines = ["show ip", "s", "show running-config | count ^interface Loop"]
    seen["answers"] = [device.send_command(line) for line in lines]
    seen["saved"] = device.save_config()
    banner = ["banner exec ^", "one", "two ## three", "^"]
    device.send_config_set(banner)
    seen["banner"] = device.send_command("show running-config | begin ^banner exec")
    with ConnectHandler(**login) as second:
        seen["users"] = second.send_command("show users")
print(json.dumps(seen))
