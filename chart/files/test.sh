# What `helm test` asks. Arguments: host and port of web, then of streaming.
ask() { curl -sS --max-time 10 --retry 5 --retry-connrefused "$@"; }
ask -f "http://$1/health"
# Streaming's health is OK without a database, but it takes the database to tell that a token is wrong.
answer=$(ask -w ' %{http_code}' -H 'Authorization: Bearer made-up' "http://$2/api/v1/streaming/user")
echo " streaming: $answer"
case $answer in *'Invalid access token'*401) ;; *) exit 1 ;; esac
