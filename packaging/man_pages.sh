#!/bin/sh
# Man pages from what the program says of itself.
#   packaging/man_pages.sh PROGRAM VERSION FOLDER
set -eu
program=$1 version=$2 folder=$3
command -v help2man >/dev/null || { echo "man pages need help2man: scripts/deps.sh" >&2; exit 1; }
rm -rf "$folder"
mkdir -p "$folder"
PATH=$(dirname "$program"):$PATH
page() {
    name=$1
    shift
    help2man --no-info --locale=C.UTF-8 --manual=Yihong --source="yihong $version" --version-string="$version" "$@" >"$folder/$name.1"
    gzip -9n "$folder/$name.1"
}
page yihong --name='watches over river sections, air stations and outfalls' --include="$(dirname "$0")/yihong.h2m" yihong
yihong --help | sed -n '/^Subcommands/,$ s/^  \([a-z][a-z0-9-]*\) .*/\1/p' | while read -r command; do
    summary=$(yihong "$command" --help | sed -n '1 { s/^[^ -~]* //; p }')
    page "yihong-$command" --name="$summary" "yihong $command"
done
