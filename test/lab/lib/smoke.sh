# Installs smoke.yaml and checks what the tests of a chart rely on.

cmd_smoke() {
  is_up || fail "the cluster is not up; run \`$0 up\`."
  local start checks=0; start=$(date +%s%N)
  lab_kubectl delete namespace smoke --ignore-not-found --timeout=120s >/dev/null
  lab_kubectl apply -f "$LAB_HOME/smoke.yaml" >/dev/null
  smoke_install
  smoke_behaviour
  smoke_upgrade
  lab_kubectl delete namespace smoke --timeout=120s >/dev/null
  wait_for 20 'the deletion of the volumes' no_volumes
  check 'deleting the claims deletes their volumes' true
  say "smoke: $checks checks passed in $(seconds_since "$start")"
}

kn() { lab_kubectl -n smoke "$@"; }

# check <fact> <command...>: fails unless the command succeeds
check() {
  local fact=$1
  shift
  "$@" || { kn get pods >&2; fail "smoke: not true: $fact"; }
  checks=$((checks + 1))
  say "  ok: $fact"
}

get_page() { curl -s -m 10 -H 'Host: smoke.example' -H 'X-Forwarded-Proto: https' "$@"; }
status_of() { get_page -o /dev/null -w '%{http_code}' "http://$WEB$1"; }
answers() { [ "$(status_of "$1")" = "$2" ]; }
state_has() { get_page "http://$WEB/stand-in/state" | grep -q "$1"; }
schedulers() { get_page "http://$WEB/stand-in/state" | node -p 'JSON.parse(require("fs").readFileSync(0)).schedulers.length'; }
no_volumes() { [ -z "$(lab_kubectl get pv -o name)" ]; }

# run_job <name> <version> <SKIP value or ""> <words...>: runs a command of the Mastodon image and waits for its end
run_job() {
  local name=$1 version=$2 skip=$3 words
  shift 3
  words=$(printf '"%s",' "$@")
  kn apply -f - >/dev/null <<TEXT
apiVersion: batch/v1
kind: Job
metadata: {name: $name}
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 991, runAsGroup: 991, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: main
          image: ghcr.io/mastodon/mastodon:$version
          args: [${words%,}]
          env: [{name: SKIP_POST_DEPLOYMENT_MIGRATIONS, value: "$skip"}]
          envFrom: [{configMapRef: {name: environment}}, {secretRef: {name: secrets}}]
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
TEXT
  kn wait --for=condition=complete --timeout=90s "job/$name" >/dev/null || { kn logs "job/$name" >&2; fail "smoke: the job $name failed."; }
}

roll() {
  local version=$1 name
  for name in web sidekiq; do kn set image "deployment/$name" "*=ghcr.io/mastodon/mastodon:$version" >/dev/null; done
  for name in web sidekiq; do kn rollout status "deployment/$name" --timeout=120s >/dev/null; done
  wait_for 60 'the old pods to go' one_pod_each
}

one_pod_each() { [ "$(kn get pods -l 'app in (web,sidekiq)' -o name | wc -l)" = 2 ]; }

smoke_install() {
  kn rollout status statefulset/postgresql --timeout=120s >/dev/null
  run_job migrate "$OLD_VERSION" '' bundle exec rails db:prepare
  local name
  for name in valkey web sidekiq streaming; do kn rollout status "deployment/$name" --timeout=120s >/dev/null; done
  WEB=$(kn get service web -o 'jsonpath={.spec.clusterIP}')
  check 'all pods run under Pod Security "restricted" with a read-only root' true
}

smoke_behaviour() {
  check 'GET /health answers through the ClusterIP' answers /health 200
  check 'a page load reaches PostgreSQL, Valkey and Sidekiq' answers / 200
  check 'a wrong Host is refused' test "$(curl -s -o /dev/null -w '%{http_code}' -H 'X-Forwarded-Proto: https' "http://$WEB/")" = 403
  wait_for 20 'the job of the page load' state_has '"visits":[1-9]'
  check 'Sidekiq wrote the row of the page load' true
  get_page -X POST --data-binary 'a picture' "http://$WEB/api/v1/media/a.png" >/dev/null
  wait_for 20 'the job of the upload' eval 'get_page "http://$WEB/api/v1/media/a.png" | grep -q "\"seen_bytes\":9"'
  check 'Sidekiq read what web stored on the shared claim' true
  check 'web serves the file' test "$(get_page "http://$WEB/system/media_attachments/a.png")" = 'a picture'
  sleep 3
  check 'exactly one process schedules' test "$(schedulers)" = 1
  kn scale deployment/sidekiq --replicas=2 >/dev/null
  kn rollout status deployment/sidekiq --timeout=60s >/dev/null
  wait_for 20 'the second scheduler' eval '[ "$(schedulers)" = 2 ]'
  check 'a second scheduler shows' true
  kn scale deployment/sidekiq --replicas=1 >/dev/null
  check 'pods find services by name' kn exec deployment/streaming -- curl -sf -o /dev/null http://web.smoke.svc.cluster.local/health
  check 'streaming forwards what web publishes' streaming_forwards
  local balancer; balancer=$(kn get service web -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')
  check "the LoadBalancer address $balancer answers" curl -sf -m 5 -o /dev/null "http://$balancer/health"
}

streaming_forwards() {
  local token script='
    const request = require("http").get("http://streaming:4000/api/v1/streaming", { headers: {
      Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Protocol": process.argv[1] } })
    request.on("upgrade", (response, socket) => {
      setTimeout(() => require("http").get("http://web/", { headers: { Host: "smoke.example", "X-Forwarded-Proto": "https" } }), 1000)
      socket.on("data", (data) => process.exit(data.includes("update") ? 0 : 1))
    })
    setTimeout(() => process.exit(2), 10000)'
  token=$(get_page -X POST "http://$WEB/stand-in/token" | node -p 'JSON.parse(require("fs").readFileSync(0)).access_token')
  kn exec deployment/streaming -- node -e "$script" "$token"
}

smoke_upgrade() {
  roll "$NEW_VERSION"
  check 'wrong order: new code before its migration fails' answers / 500
  roll "$OLD_VERSION"
  check 'old code works again' answers / 200
  run_job migrate-pre "$NEW_VERSION" true bundle exec rails db:migrate
  check 'right order, 1: old code works after the pre-deployment migration' answers / 200
  roll "$NEW_VERSION"
  check 'right order, 2: new code works before the post-deployment migration' answers / 200
  check 'the post-deployment migration is pending' state_has 'MovePrivateKeys'
  run_job migrate-post "$NEW_VERSION" '' bundle exec rails db:migrate
  check 'right order, 3: new code works after the post-deployment migration' answers / 200
  check 'nothing is pending' state_has '"pending_migrations":\[\]'
  roll "$OLD_VERSION"
  check 'wrong order: old code after the post-deployment migration fails' answers / 500
}
