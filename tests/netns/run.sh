#!/usr/bin/env bash
# The two programs in two network namespaces, joined by relays that make a round trip take RTT_MS
# longer. Prints the milliseconds of each stage. Run as root: tests/netns/run.sh EDNM [RTT_MS]
set -euo pipefail

ednm=$(realpath "$1") rtt_ms=${2:-100}
here=$(realpath "$(dirname "$0")") root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d) device=ednm-device-$$ automation=ednm-automation-$$
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    ip netns del "$device" 2>/dev/null || true
    ip netns del "$automation" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

ip netns add "$device"
ip netns add "$automation"
ip -n "$device" link add veth0 type veth peer name veth0 netns "$automation"
for end in "$device 10.77.0.1" "$automation 10.77.0.2"; do
    set -- $end
    ip -n "$1" address add "$2/24" dev veth0
    ip -n "$1" link set veth0 up
    ip -n "$1" link set lo up
done

cp -r "$root/configs" "$work/"
cp "$root/listener.toml" "$work/"
sed 's/127\.0\.0\.1:22/10.77.0.1:22/' "$root/topology.toml" > "$work/device.toml"
# The automation reaches a router through its end of the relay, under a key learned once.
sed 's/127\.0\.0\.1:22/127.0.0.1:23/; s/^\[nodes\.R1\]/&\nhost-key = "accept-new"/' \
    "$root/topology.toml" > "$work/topology.toml"

relay() { # NAMESPACE LISTEN TARGET: half the round trip each way
    coproc { ip netns exec "$1" python3 "$here/relay.py" "$((rtt_ms / 2))" "$2" "$3"; }
    pids+=("$COPROC_PID")
    read -r -u "${COPROC[0]}" _
    exec {hold}>&"${COPROC[1]}"
}
relay "$device" 127.0.0.1:8100 10.77.0.2:8000 2>/dev/null
relay "$automation" 127.0.0.1:2301 10.77.0.1:2201 2>/dev/null

cd "$work"
ip netns exec "$automation" "$ednm" listener serve --bind 10.77.0.2:8000 --state "$work/b" \
    --format json > listener.json 2> listener.log &
pids+=($!)
ip netns exec "$device" "$ednm" simulator up --topology device.toml --state "$work/a" \
    --webhook http://127.0.0.1:8100 --json > simulator.json 2> simulator.log &
pids+=($!)
for file in listener.json simulator.json; do
    for _ in $(seq 100); do [ -s "$file" ] && break; sleep 0.1; done
done
"$ednm" simulator inject R1 shutdown GigabitEthernet1 --state "$work/a"
for _ in $(seq 100); do grep -q JOB_DONE listener.log && break; sleep 0.1; done
sleep 0.5
echo "--- round trip ${rtt_ms} ms: the device side"
grep -E 'Fault|Applet|Webhook|Login|admin:' simulator.log
echo "--- the automation side"
cat listener.log
