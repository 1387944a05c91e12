"""asyncssh: two commands and a shell over one connection, keys of the host checked.

usage: asyncssh_sessions.py HOST PORT USER PASSWORD KNOWN_HOSTS
"""

import asyncio
import json
import sys

import asyncssh

host, port, user, password, known_hosts = sys.argv[1:]


async def main():
    options = {"username": user, "password": password, "known_hosts": known_hosts}
    async with asyncssh.connect(host, int(port), client_keys=None, **options) as conn:
        lines = ["show clock", "show privilege"]
        results = await asyncio.gather(*(conn.run(line) for line in lines))
        shell = await conn.create_process(term_type="vt100", term_size=(120, 0))
        shell.stdin.write("show version | include uptime\rexit\r")
        said = await asyncio.wait_for(shell.stdout.read(), 10)
        await shell.wait()
        seen = {
            "commands": [result.stdout for result in results],
            "exits": [result.exit_status for result in results],
            "shell": said,
            "kex": conn.get_extra_info("send_cipher"),
            "key": conn.get_server_host_key().get_algorithm(),
        }
    try:
        await asyncssh.connect(
            host, int(port), client_keys=None, **{**options, "password": "not this one"}
        )
        seen["wrong_password"] = "taken"
    except asyncssh.PermissionDenied:
        seen["wrong_password"] = "refused"
    print(json.dumps(seen))


asyncio.run(main())
