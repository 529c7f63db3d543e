#!/bin/sh
# Fetches the browser libraries kept beside this script and makes the icon sprite. Needs npm and tar on the PATH.
# To take a newer version: change it here, run the script, commit what changed.
set -eu

BOOTSTRAP=5.3.8
BOOTSTRAP_ICONS=1.13.2
ICONS="activity arrow-counterclockwise arrow-repeat box-arrow-right check-circle-fill check-lg chevron-down
  chevron-left chevron-right circle-half clock-history cloud-slash download exclamation-triangle-fill
  file-earmark-text funnel hourglass-split inbox info-circle key list-ul pause-circle-fill people person-circle
  plus-lg question-circle search shield-check slash-circle-fill upload x-lg x-octagon-fill"

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() {
    (cd "$work" && npm pack --silent "$1@$2" >/dev/null && mkdir "$1" && tar -xzf "$1-$2.tgz" -C "$1" --strip-components 1)
}

fetch bootstrap "$BOOTSTRAP"
rm -rf "$here"/bootstrap-[0-9]*
mkdir "$here/bootstrap-$BOOTSTRAP"
# The source map is not shipped, so the line that points at it goes too.
sed '/^\/\*# sourceMappingURL/d' "$work/bootstrap/dist/css/bootstrap.min.css" >"$here/bootstrap-$BOOTSTRAP/bootstrap.min.css"
cp "$work/bootstrap/LICENSE" "$here/bootstrap-$BOOTSTRAP/LICENSE"

fetch bootstrap-icons "$BOOTSTRAP_ICONS"
rm -rf "$here"/bootstrap-icons-[0-9]*
mkdir "$here/bootstrap-icons-$BOOTSTRAP_ICONS"
cp "$work/bootstrap-icons/LICENSE" "$here/bootstrap-icons-$BOOTSTRAP_ICONS/LICENSE"
{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    for icon in $ICONS; do
        echo "<symbol id=\"$icon\" viewBox=\"0 0 16 16\">$(sed 's/<svg[^>]*>//; s/<\/svg>//' "$work/bootstrap-icons/icons/$icon.svg" | tr -d '\n')</symbol>"
    done
    echo '</svg>'
} >"$here/bootstrap-icons-$BOOTSTRAP_ICONS/icons.svg"
