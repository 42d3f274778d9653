# Passes a dump on as SQL, without what an ordinary role may not do or the target does not know. Rows are copied as they
# are and counted. Ends with 1 and one sentence in the file `trouble` if the dump cannot be used.
#   known   a file with the names of the target's settings
#   counts  gets a line ('table', rows) for every table
#   label   what to call the dump in sentences

function refuse(sentence) {
  print sentence >trouble
  failed = 1
  exit 1
}

# Why a statement is left out, or "". The names of kinds go to the log.
function left_out(s) {
  if (s ~ /^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|SECURITY LABEL) /) return "privileges"
  if (s ~ /^ALTER .* OWNER TO [^;]*;$/) return "owners"
  if (s ~ /^(SET|RESET) SESSION AUTHORIZATION/) return "owners"
  if (s ~ /^COMMENT ON (EXTENSION|DATABASE|SCHEMA "?public"?) /) return "comments on what belongs to the server"
  if (s ~ /^CREATE EXTENSION (IF NOT EXISTS )?"?(plpgsql|pg_stat_statements)"?[ ;]/) return "extensions of the server"
  if (s ~ /^CREATE (OR REPLACE )?(TRUSTED )?(PROCEDURAL )?LANGUAGE "?plpgsql/) return "extensions of the server"
  if (s ~ /^CREATE SCHEMA (IF NOT EXISTS )?"?public"?[ ;]/) return "the schema public"
  if (s ~ /^(CREATE|ALTER|DROP) DATABASE /) return "the old database itself"
  if (s ~ /^(CREATE|ALTER|COMMENT ON|DROP) (PUBLICATION|SUBSCRIPTION|EVENT TRIGGER) /) return "replication and event triggers"
  if (s ~ /^(DROP [A-Z]|ALTER .* DROP (CONSTRAINT|DEFAULT|IDENTITY))/) return "what --clean would drop"
  if (s ~ /^SELECT \* FROM pg_catalog\.pg_(restore|clear)_/) return "statistics"
  if (!atomic && s ~ /^(BEGIN|COMMIT|END|ROLLBACK|ABORT|START TRANSACTION|SAVEPOINT|RELEASE|PREPARE TRANSACTION)[^A-Z]/)
    return "transactions"
  return left_out_setting(s)
}

function left_out_setting(s) {
  if (s !~ /^SET [a-z_.]+ *(=|TO)/) return ""
  if (s ~ /^SET default_tablespace/) return s ~ /'';$/ ? "" : "tablespaces"
  sub(/^SET /, "", s)
  sub(/[ =].*/, "", s)
  return (s in settings) ? "" : "settings that the target does not know"
}

# An extension is made if the new server has it and the role may make it. Otherwise it is left out: most are tools for
# administrators, and if something in the dump needs it, that says so by itself.
function optional(s, plain,   name) {
  name = plain
  sub(/^CREATE EXTENSION (IF NOT EXISTS )?/, "", name)
  sub(/[ ;].*/, "", name)
  gsub(/["']/, "", name)
  return "DO $mastodon_chart$ BEGIN\n" s "\nEXCEPTION WHEN OTHERS THEN\n" \
    "RAISE WARNING 'Left out: the extension " name " (%).', SQLERRM;\nEND $mastodon_chart$;"
}

# A whole statement, ending in its semicolon.
function finish(s,   plain, why) {
  plain = s
  gsub(/[ \t\n]+/, " ", plain)
  sub(/^ /, "", plain)
  if (plain ~ /^INSERT INTO /)
    refuse("The dump " label " has INSERT statements, which cannot be counted: make it without --inserts.")
  if (plain ~ /^(CREATE|ALTER) ROLE /)
    refuse("The dump " label " contains a whole server: dump only the one database, with pg_dump instead of pg_dumpall.")
  if (plain ~ /BEGIN ATOMIC/) atomic = 1
  if ((why = left_out(plain)) != "") { dropped[why]++; return }
  if (plain ~ /^CREATE EXTENSION /) { print optional(s, plain); return }
  if (plain ~ /^END *;/) atomic = 0
  print s
  if (plain !~ /^COPY .* FROM stdin;$/) return
  table = plain
  sub(/^COPY /, "", table)
  sub(/ (\(.*\) )?FROM stdin;$/, "", table)
  rows[table] += 0
  number = 0
  copying = 1
}

# Reads a line outside of COPY data: quotes, dollar quotes and comments may go over lines.
function scan(line,   at, c, tag) {
  while (line != "") {
    if (quote != "") { line = skip_quoted(line); continue }
    if (!match(line, /['"$;\\]|--|\/\*/)) { statement = statement line; return }
    at = RSTART
    c = substr(line, at, 1)
    if (c == "-") { statement = statement substr(line, 1, at - 1); return }
    if (c == "\\")
      refuse("The dump " label " has a command for psql (" substr(line, at, 20) "), which pg_dump does not write: make a new one with pg_dump.")
    statement = statement substr(line, 1, at)
    if (c == "'") quote = (substr(line, at - 1, 1) ~ /[eE]/ && substr(line, at - 2, 1) !~ /[A-Za-z0-9_]/) ? "E" : "'"
    if (c == "\"") quote = "\""
    if (c == "/") quote = "*/"
    line = substr(line, at + 1)
    if (c == "$" && match(line, /^([A-Za-z_][A-Za-z0-9_]*)?\$/)) {
      quote = "$" substr(line, 1, RLENGTH)
      statement = statement substr(line, 1, RLENGTH)
      line = substr(line, RLENGTH + 1)
    }
    if (c == ";") {
      finish(statement)
      statement = ""
      sub(/^[ \t]+/, "", line)
    }
  }
}

# Takes text up to the end of the quote, or all of it; returns the rest. A doubled quote ends one and begins another.
function skip_quoted(line,   at, mark) {
  mark = quote == "E" ? "'" : quote
  at = index(line, mark)
  if (quote == "E" && match(line, /\\./) && RSTART < at) {
    statement = statement substr(line, 1, RSTART + 1)
    return substr(line, RSTART + 2)
  }
  if (!at) { statement = statement line; return "" }
  # In E'...' a doubled quote is a quote, and what follows can still be escaped.
  if (quote == "E" && substr(line, at + 1, 1) == "'") {
    statement = statement substr(line, 1, at + 1)
    return substr(line, at + 2)
  }
  at += length(mark) - 1
  statement = statement substr(line, 1, at)
  quote = ""
  return substr(line, at + 1)
}

BEGIN {
  while ((getline name <known) > 0) settings[name]
  close(known)
}

copying {
  print
  if ($0 == "\\.") {
    copying = 0
    rows[table] += number
    if (number) print table ": " number " rows" >"/dev/stderr"
  } else number++
  next
}

statement == "" && (/^--/ || /^[ \t]*$/ || /^\\(restrict|unrestrict|connect) /) {
  if ($0 == "-- PostgreSQL database dump complete") complete = 1
  if (/^-- PostgreSQL database cluster dump/)
    refuse("The dump " label " contains a whole server: dump only the one database, with pg_dump instead of pg_dumpall.")
  next
}

{
  scan($0)
  if (statement != "") statement = statement "\n"
}

END {
  if (failed) exit 1
  if (copying || quote != "" || statement ~ /[^ \t\n]/ || !complete)
    refuse("The dump " label " is not complete: its end is missing. Copy it again and compare the sizes, or make a new one.")
  for (table in rows) {
    tables++
    name = table
    gsub(/'/, "''", name)
    print "('" name "', " rows[table] ")" >counts
  }
  if (!tables) refuse("The dump " label " has no rows: dump the right database, without --schema-only.")
  for (why in dropped) print "Left out: " why " (" dropped[why] ")." >"/dev/stderr"
}
