#!/usr/bin/env bash
# Asks a listener everything that the course asks of one, and says what was not as it should be.
#
#   ./curl.sh [URL [DIRECTORY]]      http://127.0.0.1:8000 and ./data/curl_tests if not given
#
# What each request gave is kept in DIRECTORY, one file for each; the log is DIRECTORY/../../logs/curl_tests.log.
# Variables: LAB6_TOKEN (X-Webhook-Token), LAB6_BASIC (user:password), CA (a file, for https), DEVICE (a
# name or an address that the listener knows), DEVICE_USER, DEVICE_PASSWORD, ONLY (a pattern: run these).
# Needs bash, curl, and python3 or jq. Exit code: 0 all is as it should be, 1 something is not, 2 usage.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
url=${1:-http://127.0.0.1:8000}
url=${url%/}
out=${2:-data/curl_tests}
token=${LAB6_TOKEN:-lab6-course-token}
basic=${LAB6_BASIC:-admin:secret}
device=${DEVICE:-R1}
user=${DEVICE_USER:-admin}
password=${DEVICE_PASSWORD:-admin}
only=${ONLY:-}
J='Content-Type: application/json'
T="X-Webhook-Token: $token"

case ${1:-} in -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
[ $# -le 2 ] || { echo "usage: curl.sh [URL [DIRECTORY]]" >&2; exit 2; }
command -v curl >/dev/null || { echo "curl.sh needs curl" >&2; exit 2; }
if command -v python3 >/dev/null; then reader=python3
elif command -v jq >/dev/null; then reader=jq
else echo "curl.sh needs python3 or jq" >&2; exit 2; fi
mkdir -p "$out" || exit 2
logs=$(cd "$out" && cd ../.. && pwd)/logs
mkdir -p "$logs" || exit 2
log=$logs/curl_tests.log
common=(--silent --show-error --max-time 130)
[ -z "${CA:-}" ] || common+=(--cacert "$CA")

passed=0 failures=() status='' answer='' name=''

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# json FILE WANT...: prints what a JSON file lacks of `a.b`, `a.b=value`, `a.0`, `a~part of a text`, `a#length`.
json() {
  local file=$1
  shift
  if [ $reader = python3 ]; then
    python3 - "$file" "$@" <<'PY'
import json, re, sys
try:
    whole = json.load(open(sys.argv[1], encoding="utf-8"))
except ValueError as error:
    sys.exit(print(f"no JSON: {error}"))
for want in sys.argv[2:]:
    path, how, value = re.fullmatch(r"([^=~#]*)([=~#]?)(.*)", want, re.S).groups()
    at = whole
    try:
        for key in filter(None, path.split(".")):
            at = at[int(key)] if isinstance(at, list) else at[key]
    except (KeyError, IndexError, ValueError, TypeError):
        print(f"no `{path}`")
        continue
    text = at if isinstance(at, str) else json.dumps(at)
    if how == "=" and text != value:
        print(f"`{path}` is {text[:80]}, not {value}")
    elif how == "~" and value not in text:
        print(f"`{path}` has no {value}: {text[:80]}")
    elif how == "#" and len(at) != int(value):
        print(f"`{path}` has {len(at)} values, not {value}")
PY
  else
    local want path how value at
    jq -e . "$file" >/dev/null 2>&1 || { echo "no JSON"; return; }
    for want in "$@"; do
      path=${want%%[=~#]*} how=${want:${#path}:1} value=${want:$((${#path} + 1))}
      at=$(jq -c --arg p "$path" 'getpath($p | split(".") | map(select(. != "")
        | if test("^[0-9]+$") then tonumber else . end)) // empty' "$file" 2>/dev/null)
      if [ "$how" = '#' ]; then at=$(jq length <<<"$at")
      elif [ "${at:0:1}" = '"' ]; then at=$(jq -r . <<<"$at"); fi
      case $how in
        '') [ -n "$at" ] || jq -e --arg p "$path" 'try getpath($p | split(".")) catch null | . != null' "$file" >/dev/null 2>&1 || echo "no \`$path\`" ;;
        '=' | '#') [ "$at" = "$value" ] || echo "\`$path\` is $at, not $value" ;;
        '~') [[ $at == *"$value"* ]] || echo "\`$path\` has no $value" ;;
      esac
    done
  fi
}

# ask NAME METHOD PATH [curl's words...]: one request; its answer is in $answer, its status in $status.
ask() {
  name=$1
  local method=$2 path=$3
  shift 3
  answer=$out/$name.txt
  status=$(curl "${common[@]}" -X "$method" -D "$out/$name.head" -o "$answer" \
    -w '%{http_code}' "$@" "$url$path" 2>"$out/$name.err") || status="curl $?: $(cat "$out/$name.err")"
  [ -s "$out/$name.err" ] || rm -f "$out/$name.err"
}

# verdict WHAT...: no word of it is a pass.
verdict() {
  local ok=true
  if [ -n "$*" ]; then
    ok=false
    failures+=("$name: $*")
    printf '  FAIL  %-34s %s\n' "$name" "$*"
  else
    passed=$((passed + 1))
    printf '  ok    %-34s %s\n' "$name" "$status"
  fi
  echo "CURL_TEST successful=$ok payload_type=$name status=${status// /_} ts=$(now)" >>"$log"
}

# expect STATUS [WANT...]: what the last answer must be. STATUS `2xx` is any of them, `text` no JSON.
expect() {
  local wanted=$1 wrong=''
  shift
  case $wanted in
    [0-9]xx) [[ $status == "${wanted:0:1}"?? ]] || wrong="status $status, not $wanted" ;;
    *) [ "$status" = "$wanted" ] || wrong="status $status, not $wanted" ;;
  esac
  if [ -z "$wrong" ] && [ $# -gt 0 ]; then wrong=$(json "$answer" "$@" | paste -sd ';'); fi
  if [ -n "$wrong" ] && [ -s "$answer" ]; then wrong="$wrong ($(tr -d '\r\n' <"$answer" | cut -c 1-160))"; fi
  verdict "$wrong"
}

# wants NAME: whether this group runs.
wants() {
  # shellcheck disable=SC2053  # a pattern is meant
  [ -z "$only" ] || [[ $1 == $only ]] || return 1
  echo "$1"
}

echo "LAB6_START ts=$(now)" >>"$log"

if wants health; then
  ask health GET /health; expect 200 status=healthy message version service
  ask openapi GET /openapi.json; expect 200 openapi info.title paths
  ask docs GET /docs; expect 200
  ask redoc GET /redoc; expect 200
fi

if wants events; then
  ask events-test POST /events -H "$J" -d @"$here/payloads/test.json"; expect 2xx status=ok id
  ask events-interface-down POST /events -H "$J" -d @"$here/payloads/interface_down.json"
  expect 200 status=ok event=InterfaceDown id
  ask events-joke POST /events -H "$J" -d '{"event": "JokeRequest"}'; expect 200 joke id
  ask events-joke-request POST /events -H "$J" -d @"$here/payloads/joke_request.json"; expect 200 status=ok joke
  ask events-card POST /events -H "$J" -d '{"event": "CardDraw"}'; expect 200 "card~ of " remaining=51
  ask events-card-draw POST /events -H "$J" -d @"$here/payloads/card_draw.json"; expect 200 cards#1 deck_id remaining=51
  ask events-card-next POST /events -H "$J" -d @"$here/payloads/card_next.json"; expect 200 cards#1 remaining=50
  ask events-card-shuffle POST /events -H "$J" -d @"$here/payloads/card_shuffle.json"; expect 200 deck_id
  ask events-card-exhausted POST /events -H "$J" -d @"$here/payloads/card_all.json"
  # 52 cards, of which some may be drawn already: two hands of 52 are too many for any deck.
  [ "$status" = 409 ] || ask events-card-exhausted POST /events -H "$J" -d @"$here/payloads/card_all.json"
  expect 409 detail
  ask events-card-new POST /events -H "$J" -d @"$here/payloads/card_draw.json"; expect 200 remaining=51
  ask events-device POST /events -H "$J" -d @"$here/payloads/network_device_check.json"; expect 200 status=ok output~GigabitEthernet1
  ask events-device-unknown POST /events -H "$J" -d '{"event": "device_status_check", "data": {"device_ip": "198.51.100.7", "command": "show version"}}'
  expect 403 detail
  ask events-device-refused POST /events -H "$J" -d "{\"event\": \"device_status_check\", \"data\": {\"device_ip\": \"$device\", \"command\": \"reload\"}}"
  expect 422 detail
  ask events-unknown POST /events -H "$J" -d @"$here/payloads/unknown.json"; expect 200 "status=unrecognized event" id
  ask events-no-event POST /events -H "$J" -d '{"hello": "there"}'; expect 200 "status=unrecognized event"
  ask events-malformed POST /events -H "$J" -d @"$here/payloads/malformed.json"; expect 4xx detail
  ask events-not-json POST /events -d '{"event": "test"}'; expect 415 detail
  ask events-wrong-token POST /events -H "$J" -H "Authorization: Bearer wrong" -d @"$here/payloads/test.json"; expect 401 detail
fi

if wants guide; then
  ask process-event POST /process-event -H "$J" -d '{"event_type": "test", "data": {"a": 1}, "source": "curl"}'
  expect 200 received.source=curl received.data.a=1 processed_at action_taken
  ask process-event-wrong POST /process-event -H "$J" -d '{"event_type": "test", "data": "none", "source": "curl"}'
  expect 422 detail errors.0.pointer=#/data
  ask process-event-missing POST /process-event -H "$J" -d '{"event_type": "test", "data": {}}'; expect 422 detail errors.0.pointer~source
  ask external-data GET /external-data; expect 200 external_data fetched_at
  info="{\"host\": \"$device\", \"username\": \"$user\", \"password\": \"$password\", \"device_type\": \"cisco_ios\"}"
  ask network-command POST '/network-command?command=show%20version' -H "$J" -d "$info"; expect 200 device=$device "command=show version" output~Version timestamp
  ask network-command-object POST /network-command -H "$J" -d "{\"device_info\": $info, \"command\": \"show ip interface brief\"}"; expect 200 output~GigabitEthernet1
  ask network-command-refused POST '/network-command?command=reload' -H "$J" -d "$info"; expect 422 detail
  ask network-command-type POST '/network-command?command=show%20version' -H "$J" -d "${info/cisco_ios/cisco_nx}"; expect 422 errors.0.pointer~device_type
  ask network-command-host POST '/network-command?command=show%20version' -H "$J" -d "${info/\"$device\"/\"999.1.1.1\"}"; expect 422 errors.0.pointer~host
  ask network-command-stranger POST '/network-command?command=show%20version' -H "$J" -d "${info/\"$device\"/\"198.51.100.7\"}"; expect 403 detail
  ask network-command-none POST /network-command -H "$J" -d "$info"; expect 422 detail
  ask device-state GET "/device/$device"; expect 200 status version uptime
  ask device-stranger GET /device/198.51.100.7; expect 403 detail
  ask interfaces GET "/interfaces/$device"; expect 200 ietf-interfaces:interfaces
  ask netconf-config GET "/netconf-config/$device"; expect 200 "config~<native"
  ask debug-webhook POST /debug-webhook -H "$J" -d '{"any": "thing"}'; expect 200 status=success
  ask secure GET /secure-endpoint -u "$basic"; expect 200 "message=Hello, ${basic%%:*}!"
  ask secure-nobody GET /secure-endpoint; expect 401 detail
  ask secure-wrong GET /secure-endpoint -u "${basic%%:*}:no"; expect 401 detail
  for _ in 1 2 3 4 5 6; do ask rate-limited GET /rate-limited; [ "$status" = 200 ] || break; done
  grep -qi '^retry-after:' "$out/rate-limited.head" && expect 429 detail || verdict "no Retry-After, status $status"
fi

if wants basic; then
  ask root GET / -H 'Accept: text/html'
  if grep -q 'Module 6' "$answer" && grep -qi '^content-type: text/html' "$out/root.head"; then expect 200; else verdict "no page"; fi
  ask root-json GET / -H 'Accept: application/json'; expect 200 message
  ask basic-message GET /basic/message; expect 200 message timestamp status=success
  ask basic-echo POST /basic/echo -H "$J" -d '{"data": {"key": "value"}, "sender": "test"}'
  expect 200 received_data.key=value sender=test processed_at echo_message
  ask basic-echo-anonymous POST /basic/echo -H "$J" -d '{"data": {}}'; expect 200 sender=unknown
  ask basic-echo-wrong POST /basic/echo -H "$J" -d '{"sender": "test"}'; expect 422 detail
  ask basic-info GET /basic/info; expect 200 webhook_concept event_driven benefits use_cases
  for code in 200 201 400 404 500; do ask "basic-status-$code" GET "/basic/status/$code"; expect "$code" status_code=$code; done
  ask basic-status-none GET /basic/status/teapot; expect 422 detail
fi

if wants external; then
  ask dad-joke GET /external/dad-joke; expect 200 joke source fetched_at webhook_message
  ask quote GET /external/quote; expect 200 quote author source
  ask multiple-apis GET /external/multiple-apis; expect 200 content.joke content.quote content.fact metadata webhook_message
  for trigger in joke quote other; do
    ask "webhook-chain-$trigger" POST /external/webhook-chain -H "$J" -d "{\"trigger\": \"$trigger\", \"source\": \"curl\", \"priority\": \"high\"}"
    expect 200 webhook_chain.received_data.trigger=$trigger next_actions
  done
fi

login="\"username\": \"$user\", \"password\": \"$password\""

if wants netmiko; then
  dev="{\"host\": \"$device\", $login, \"device_type\": \"cisco_ios\"}"
  ask netmiko-command POST /netmiko/command -H "$J" -d "{\"device\": $dev, \"commands\": [\"show version\", \"show ip interface brief\"]}"
  expect 200 device_ip commands_executed=2 results#2 results.0.success=true results.1.output~GigabitEthernet1 success=true execution_time_ms timestamp webhook_message
  ask netmiko-refused POST /netmiko/command -H "$J" -d "{\"device\": $dev, \"commands\": [\"write erase\"]}"; expect 422 detail
  ask netmiko-missing POST /netmiko/command -H "$J" -d "{\"device\": {\"host\": \"$device\"}, \"commands\": [\"show version\"]}"; expect 422 errors.0.pointer~device
  ask netmiko-stranger POST /netmiko/command -H "$J" -d "{\"device\": {\"host\": \"198.51.100.7\", $login}, \"commands\": [\"show version\"]}"; expect 403 detail
  ask netmiko-wrong-password POST /netmiko/command -H "$J" -d "{\"device\": {\"host\": \"$device\", \"username\": \"$user\", \"password\": \"not-$RANDOM\"}, \"commands\": [\"show version\"]}"; expect 401 detail
  ask netmiko-status GET "/netmiko/device-status/$device"; expect 200 device_ip status uptime version interfaces_up last_checked
  ask netmiko-backup POST /netmiko/config-backup -H "$J" -d "$dev"
  expect 200 backup_info.device_ip backup_info.backup_size_bytes backup_info.backup_timestamp backup_info.backup_location preview webhook_message
  ask netmiko-bulk POST /netmiko/bulk-command -H "$J" -d "[{\"device\": $dev, \"commands\": [\"show version\"]}, {\"device\": $dev, \"commands\": [\"show clock\"]}]"
  expect 200 bulk_operation.total_devices=2 bulk_operation.results#2 bulk_operation.total_execution_time_ms
  ask netmiko-topology GET "/netmiko/network-topology?devices=$device"; expect 200 topology.devices#1
fi

if wants restconf; then
  ask restconf-interfaces GET "/restconf/interfaces/$device?username=$user&password=$password"
  expect 200 device_ip path method=GET status_code=200 response_data success=true timestamp
  dev="{\"host\": \"$device\", $login, \"use_https\": true}"
  ask restconf-configure POST /restconf/configure -H "$J" -d "{\"device\": $dev, \"path\": \"ietf-interfaces:interfaces/interface=Loopback0\", \"method\": \"PATCH\", \"data\": {\"ietf-interfaces:interface\": {\"name\": \"Loopback0\", \"description\": \"set by curl.sh\"}}}"
  expect 200 restconf_operation.status_code=204 configuration webhook_message
  ask restconf-configure-seen GET "/restconf/interfaces/$device"; expect 200 'response_data~set by curl.sh'
  ask restconf-configure-wrong POST /restconf/configure -H "$J" -d "{\"device\": $dev, \"path\": \"ietf-interfaces:interfaces\", \"method\": \"FETCH\"}"; expect 422 errors.0.pointer~method
  ask restconf-running GET "/restconf/running-config/$device"; expect 200 configuration config_type format
  ask restconf-operational GET "/restconf/operational-data/$device?data_type=interfaces"; expect 200 operational_data
  ask restconf-routing GET "/restconf/operational-data/$device?data_type=routing"; expect 200 operational_data
  ask restconf-other GET "/restconf/operational-data/$device?data_type=weather"; expect 200 'operational_data~not implemented'
fi

if wants netconf; then
  ask netconf-config-running GET "/netconf/config/$device?datastore=running&username=$user&password=$password"
  expect 200 device_ip operation datastore=running 'response_xml~<native' success=true execution_time_ms
  ask netconf-config-none GET "/netconf/config/$device?datastore=imaginary"; expect 422 detail
  xml='<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><interface><Loopback><name>0</name><description>set by NETCONF</description></Loopback></interface></native>'
  edit="{\"device\": {\"host\": \"$device\", $login}, \"operation\": \"merge\", \"datastore\": \"running\", \"config_xml\": \"$xml\"}"
  ask netconf-edit POST /netconf/edit-config -H "$J" -d "$edit"; expect 200 netconf_operation.success=true configuration webhook_message
  ask netconf-edit-seen GET "/netconf/config/$device"; expect 200 'response_xml~set by NETCONF'
  ask netconf-edit-no-xml POST /netconf/edit-config -H "$J" -d "${edit/<native /<native broken}"; expect 422 detail
  ask netconf-capabilities GET "/netconf/capabilities/$device"; expect 200 capabilities.device_ip capabilities.netconf_version capabilities.capabilities capabilities.yang_models
  ask netconf-validate POST /netconf/validate -H "$J" -d "${edit/\"running\"/\"candidate\"}"; expect 200 validation.result=valid validation.errors#0 validation.config_xml
  ask netconf-lock POST '/netconf/lock-unlock?target=running&operation=lock' -H "$J" -d "{\"host\": \"$device\", $login}"; expect 200 success=true
  ask netconf-unlock POST '/netconf/lock-unlock?target=running&operation=unlock' -H "$J" -d "{\"host\": \"$device\", $login}"; expect 200 success=true
  ask netconf-lock-what POST '/netconf/lock-unlock?target=moon&operation=lock' -H "$J" -d "{\"host\": \"$device\", $login}"; expect 400 detail
fi

if wants chapters; then
  ask webhook POST /webhook -H "$J" -d '{"hello": "there"}'; expect 200 status
  ask fun GET /fun; expect 200 message
  ask ascii GET /ascii; expect 200
  ask status-json GET /status; expect 200 status
  ask status-ascii GET '/status?format=ascii'; expect 200
  ask status-html GET '/status?format=html'; expect 200
  ask echo POST /echo -H "$J" -d '{"a": {"b": 2}}'; expect 200 echo.a.b=2
  ask random GET /random; expect 200 timestamp
  for kind in router switch firewall; do ask "device-$kind" GET "/device/$kind"; expect 200 device_type=$kind; done
  ask joke-get GET /joke; expect 200 joke
  for style in standard ascii network; do ask "joke-$style" GET "/joke/formatted?format_style=$style"; expect 200 joke formatted; done
  ask network-alert POST /network-alert -H "$J" -d '{"device": "R1", "severity": "high", "message": "link is gone"}'; expect 200 status
  ask network-alert-wrong POST /network-alert -H "$J" -d '{"device": "R1"}'; expect 422 detail
  ask status-deluxe GET "/network-status-deluxe?device=$device"; expect 200 status joke quote
  ask network-mood GET "/network-mood?device=$device"; expect 200 mood
  ask api-health GET /api-health; expect 200 status apis
  ask chain POST /webhook-chain -H "$J" -d '{"trigger": "joke"}'; expect 200 next_actions
  ask device-info GET "/device/info?device=$device"; expect 200 device version
  ask device-interfaces GET "/device/interfaces?device=$device"; expect 200 output~GigabitEthernet1
  ask device-health GET "/device/health?device=$device"; expect 200 status results#4
  for issue in connectivity performance interface security; do
    ask "diagnose-$issue" POST /network/diagnose -H "$J" -d "{\"issue_type\": \"$issue\", \"description\": \"slow\", \"device\": \"$device\"}"
    expect 200 issue_type=$issue diagnostics.0.command
  done
fi

# What applets send: single quotes, and curl's own Content-Type.
if wants alerts; then
  ask test-webhook POST /test-webhook -H "$J" -d "{'event':'manual_test','device':'R1','message':'hello'}"; expect 200 status=success
  ask alert-form POST /test-webhook -d "{'event':'manual_test','device':'R1','message':'hello'}"; expect 200 status=success
  ask alert-down POST /interface-alert -H "$J" -d @"$here/payloads/interface_down.txt"; expect 200 interface_status=DOWN severity=HIGH
  ask alert-up POST /interface-alert -H "$J" -d @"$here/payloads/interface_up.txt"; expect 200 interface_status=UP severity=INFO
  ask alert-unknown POST /interface-alert -H "$J" -d @"$here/payloads/interface_unknown.txt"; expect 200 interface_status=UNKNOWN severity=MEDIUM
  for pair in 100:CRITICAL 95:CRITICAL 85:HIGH 9:MEDIUM; do
    load=${pair%:*}
    ask "alert-cpu-$load" POST /cpu-alert -H "$J" -d "{'event_type':'high_cpu','device':'R1','cpu_percent':'$load','timestamp':'2026-01-05T08:06:00Z','threshold':'80'}"
    expect 200 severity=${pair#*:} alert_id=CPU-R1-$load
  done
  ask alert-cpu-word POST /cpu-alert -H "$J" -d "{'event_type':'high_cpu','device':'R1','cpu_percent':'much'}"; expect 422 errors.0.pointer~cpu_percent
  ask alert-memory POST /memory-alert -H "$J" -d "{'event_type':'low_memory','device':'R1','memory_free_percent':'12','timestamp':'2026-01-05T08:07:00Z'}"; expect 200 status=low_memory_detected
  ask alert-config POST /config-change -H "$J" -d "{'event_type':'config_change','device':'R1','timestamp':'2026-01-05T08:08:00Z','syslog_message':'%PARSER-5-CFGLOG_LOGGEDCMD: User:bob  logged command:hostname R1'}"; expect 200 audit.user=bob
  ask alert-error POST /error-alert -H "$J" -d "{'event_type':'error_detected','device':'R1','timestamp':'2026-01-05T08:09:00Z','error_message':'boom','severity':'3'}"; expect 200 ticket_id=AUTO-ERROR-R1-2026-01-05
  ask alert-business POST /business-alert -H "$J" -d "{'event_type':'business_critical','device':'R1','hour':'09','message':'look'}"; expect 200 action=escalate
  ask alert-critical POST /critical-alert -H "$J" -d "{'event_type':'critical','device':'R1','message':'look'}"; expect 200 action=escalate
  ask alert-health POST /health-check -H "$J" -d "{'event_type':'health_check','device':'R1','timestamp':'2026-01-05T08:10:00Z','status':'ok','frequency':'4h'}"; expect 200 status
  ask alert-status GET /webhook-status; expect 200 status
  ask alert-strict POST /events -H "$J" -d "{'event':'test'}"; expect 400 'detail~quote'
fi

if wants graded; then
  for path in /joke /card/draw /device/command /restconf/system /netconf/system; do
    ask "graded-nobody${path//\//-}" POST "$path"; expect 401 detail
    ask "graded-wrong${path//\//-}" POST "$path" -H 'X-Webhook-Token: wrong'; expect 401 detail
  done
  ask graded-joke POST /joke -H "$T"; expect 200 joke
  ask graded-joke-empty POST /joke -H "$T" -H "$J" -d '{}'; expect 200 joke
  ask graded-card POST /card/draw -H "$T"; expect 200 value suit
  ask graded-device POST /device/command -H "$T" -H "$J" -d "{\"device\": \"$device\"}"; expect 200 output~Version
  ask graded-device-rejected POST /device/command -H "$T" -H "$J" -d '{"command": "configure terminal"}'; expect 200 status=rejected
  ask graded-restconf POST /restconf/system -H "$T" -H "$J" -d "{\"device\": \"$device\"}"; expect 200 hostname
  ask graded-netconf POST /netconf/system -H "$T" -H "$J" -d "{\"device\": \"$device\"}"; expect 200 hostname
fi

count=$((passed + ${#failures[@]}))
echo "SECURITY_VALIDATION passed=$([ ${#failures[@]} = 0 ] && echo true || echo false) checks=$count ts=$(now)" >>"$log"
echo "TESTING_COMPLETE endpoints=$(grep -c '^' <(ls "$out"/*.head)) tests=$count ts=$(now)" >>"$log"
echo "LAB6_END ts=$(now)" >>"$log"
echo
if [ ${#failures[@]} = 0 ]; then
  echo "$passed requests, all as they should be; answers in $out, log in $log"
  exit 0
fi
echo "$passed of $count requests as they should be. Not so:"
printf '  %s\n' "${failures[@]}"
exit 1
