#!/usr/bin/env bash
# Elasticsearch 7.10, the last that comes as a library: too old for Dify, and without the header that its client wants.
set -euo pipefail
# shellcheck source=tests/peers/maven.sh
. "$(dirname "$0")/../maven.sh"

jars "$1/lib" org.codelibs:elasticsearch-cluster-runner:7.10.2.0
cat >"$1/Run.java" <<'JAVA'
import org.codelibs.elasticsearch.runner.ElasticsearchClusterRunner;

/** Run FOLDER PORT: one node. */
public class Run {
    public static void main(String[] arguments) throws Exception {
        ElasticsearchClusterRunner runner = new ElasticsearchClusterRunner();
        // A nearly full disk of the machine is no state of the server's.
        runner.onBuild((number, settings) -> settings.put("http.port", arguments[1])
            .put("network.host", "127.0.0.1").put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false));
        runner.build(ElasticsearchClusterRunner.newConfigs().basePath(arguments[0]).clusterName("test").numOfNode(1));
        Thread.currentThread().join();
    }
}
JAVA
javac -cp "$1/lib/*" -d "$1" "$1/Run.java"
