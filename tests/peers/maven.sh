# shellcheck shell=bash
# What the recipes share that take a server from the registry of Java libraries. Source it after `set -euo pipefail`.

# jars FOLDER GROUP:NAME:VERSION[:TYPE]...: these files, and the jars that they need.
jars() {
    local folder="$1" pom one group name version type
    shift
    mkdir -p "$folder"
    pom="$(mktemp -d)"
    {
        printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        printf '<groupId>test</groupId><artifactId>test</artifactId><version>1</version><dependencies>'
        for one in "$@"; do
            IFS=: read -r group name version type <<<"$one"
            printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version><type>%s</type></dependency>' \
                "$group" "$name" "$version" "${type:-jar}"
        done
        printf '</dependencies></project>'
    } >"$pom/pom.xml"
    mvn --quiet --batch-mode --file "$pom/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$folder"
    rm -r "$pom"
}
