//! The files of nginx and squid as they are rendered, in the real programs.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs::{File, Permissions, write};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use support::{Helm, Object, objects};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::{Process, free_port};

const RELEASE: &str = "1.16.1";
const ALL: &str = "agentBackend.enabled=true,apiWebsocket.enabled=true,apiWebsocket.socketUrl=wss://dify";

fn render(settings: &str) -> Vec<Object> {
    objects(&Helm::Newest.render(&["--set", ALL, "--set", settings]))
}

fn file(objects: &[Object], component: &str, name: &str) -> String {
    let key = format!("ConfigMap/demo-dify-{component}");
    let map = objects.iter().find(|object| object.key() == key).expect("its ConfigMap");
    map.value["data"][name].as_str().expect("a file").to_owned()
}

/// A server in a folder of its own, listening on a free port.
struct Running {
    port: u16,
    _process: Process,
    folder: tempfile::TempDir,
}

fn start(user: &str, files: &[(&str, String)], port: u16, command: &[&str]) -> Running {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        write(folder.path().join(name), text).expect("a file");
    }
    // The program opens its standard output anew, as a user who does not own it.
    let log = folder.path().join("server.log");
    File::create(&log).expect("a log");
    std::fs::set_permissions(&log, Permissions::from_mode(0o666)).expect("a log for all");
    let mut process = Process::start("server", user, folder.path(), command);
    process.wait_for_port(port);
    Running { port, _process: process, folder }
}

impl Running {
    /// Sends a request as it is and returns the head of the answer.
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a limit");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = Vec::new();
        let mut piece = [0; 4096];
        while !answer.windows(4).any(|window| window == b"\r\n\r\n") {
            let read = stream.read(&mut piece).unwrap_or_default();
            if read == 0 {
                break;
            }
            answer.extend(&piece[..read]);
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let log = || std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
        assert!(answer.starts_with("HTTP/1."), "{request:?}: {answer:?}\n{}", log());
        answer
    }

    fn status(&self, request: &str) -> u16 {
        let answer = self.ask(request);
        answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status")
    }
}

/// nginx as its pod starts it; each component is a server that says nothing but 200.
fn nginx(settings: &str) -> (Running, BTreeMap<&'static str, RecordedHttp>) {
    let objects = render(settings);
    let release = topology::release(RELEASE).expect("described");
    let mut text = file(&objects, "nginx", "nginx.conf");
    let mut answering = BTreeMap::new();
    for route in release.routes {
        let port = release.component(route.to).and_then(topology::Component::port).expect("a port");
        let server =
            answering.entry(route.to).or_insert_with(|| RecordedHttp::start(|_| Answer::new(200, "")));
        let address = format!("http://demo-dify-{}.dify.svc.cluster.local:{port};", route.to);
        text = text.replace(&address, &format!("http://127.0.0.1:{};", server.port));
    }
    let port = free_port();
    text = text.replace("listen 8080;", &format!("listen 127.0.0.1:{port};"));
    // One process, so that none is left when it is killed.
    text.insert_str(0, "master_process off;\n");
    let pods = objects.iter().find(|object| object.key() == "Deployment/demo-dify-nginx").expect("its pods");
    let script = pods.pod().expect("a pod")["containers"][0]["args"][0].as_str().expect("a script");
    let script =
        script.replace("/etc/dify", "/srv/work").replace("/etc/resolv.conf", "/srv/work/resolv.conf");
    let resolv =
        "search dify.svc.cluster.local\nnameserver 10.96.0.10\nnameserver fd00::a\noptions ndots:5\n";
    let files = [("nginx.conf", text), ("resolv.conf", resolv.to_owned())];
    (start("nginx", &files, port, &["sh", "-ec", &script]), answering)
}

const HEAD: &str = "Host: dify.example.com\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";

#[test]
fn nginx_leads_every_path_to_its_component() {
    let (nginx, answering) = nginx("");
    let release = topology::release(RELEASE).expect("described");
    for route in release.routes {
        let path = format!("{}x?a=b%20c", route.path);
        assert_eq!(nginx.status(&format!("GET {path} HTTP/1.1\r\n{HEAD}")), 200, "{path}");
        let asked = answering[route.to].requests();
        let last: &Request = asked.last().unwrap_or_else(|| panic!("{path} went elsewhere"));
        assert_eq!(last.path, path);
        assert_eq!(last.headers["host"], "dify.example.com");
        assert_eq!(last.headers["x-forwarded-proto"], "https", "what ended TLS knows better");
        let hook = last.headers.get("dify-hook-url").cloned();
        assert_eq!(hook, route.hook.then(|| format!("https://dify.example.com{path}")));
    }
    assert_eq!(nginx.status(&format!("GET /nginx-health HTTP/1.1\r\n{HEAD}")), 204);
}

#[test]
fn nginx_asks_the_marketplace_for_those_who_cannot() {
    let marketplace = RecordedHttp::start(|_| Answer::new(200, "{}"));
    let there = format!("global.marketplace.apiUrl=http://127.0.0.1:{}/mirror/", marketplace.port);
    let (nginx, answering) = nginx(&format!("global.marketplace.proxy=true,{there}"));
    let question = "POST /marketplace/api/v1/plugins/batch?a=b%20c HTTP/1.1\r\nCookie: session=mine\r\n\
                    Authorization: Bearer mine\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
    assert_eq!(nginx.status(&format!("{question}{HEAD}{{}}")), 200);
    let asked = marketplace.requests();
    assert_eq!(asked[0].path, "/mirror/api/v1/plugins/batch?a=b%20c");
    assert_eq!((asked[0].method.as_str(), asked[0].body.as_str()), ("POST", "{}"));
    assert_eq!(asked[0].headers["host"], format!("127.0.0.1:{}", marketplace.port));
    assert_eq!(asked[0].headers["content-type"], "application/json");
    for name in ["cookie", "authorization", "x-forwarded-for"] {
        assert!(!asked[0].headers.contains_key(name), "{name}: {:?}", asked[0].headers);
    }
    assert!(answering["web"].requests().is_empty());
    let (without, answering) = self::nginx(&there);
    assert_eq!(without.status(&format!("GET /marketplace/x HTTP/1.1\r\n{HEAD}")), 200);
    assert_eq!(answering["web"].requests().len(), 1);
}

#[test]
fn nginx_lets_websockets_and_large_files_through() {
    let (nginx, answering) = nginx(
        "proxy.clientMaxBodySize=2m,api.uploads.fileSizeLimit=1,api.uploads.imageSizeLimit=1,\
         api.uploads.videoSizeLimit=1,api.uploads.audioSizeLimit=1",
    );
    let upgrade = "Host: dify\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    assert_eq!(
        nginx.status(&format!("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{upgrade}")),
        200
    );
    let asked = answering["api-websocket"].requests();
    assert_eq!(asked[0].headers["upgrade"], "websocket");
    assert_eq!(asked[0].headers["connection"], "upgrade");
    for (length, status) in [(2 * 1024 * 1024, 200), (2 * 1024 * 1024 + 1, 413)] {
        let head = format!("Host: dify\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
        let body = if status == 200 { "x".repeat(length) } else { String::new() };
        assert_eq!(nginx.status(&format!("POST /v1/files/upload HTTP/1.1\r\n{head}{body}")), status);
    }
}

#[test]
fn nginx_starts_without_the_components_that_are_off() {
    let off =
        "agentBackend.enabled=false,pluginDaemon.enabled=false,apiWebsocket.enabled=false,web.enabled=false";
    let (nginx, _answering) = nginx(off);
    assert_eq!(nginx.status(&format!("GET /v1/info HTTP/1.1\r\n{HEAD}")), 200);
    assert_eq!(nginx.status(&format!("GET /e/x HTTP/1.1\r\n{HEAD}")), 404);
}

fn squid(component: &str, settings: &str) -> Running {
    let port = free_port();
    let text = file(&render(settings), component, "squid.conf");
    let text = text.replace("http_port 3128", &format!("http_port 127.0.0.1:{port}"))
        + "hosts_file /srv/work/hosts\n";
    let names = "127.0.0.1 demo-dify-api demo-dify-agent-backend inside.example.com\n".to_owned();
    let files = [("squid.conf", text), ("hosts", names)];
    start("proxy", &files, port, &["squid", "-N", "-f", "/srv/work/squid.conf"])
}

fn get(address: &str) -> String {
    format!("GET http://{address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

#[test]
fn squid_keeps_everybody_out_of_private_networks() {
    let server = RecordedHttp::start(|_| Answer::new(200, ""));
    let inside = format!("127.0.0.1:{}/", server.port);
    let named = format!("inside.example.com:{}/", server.port);
    let proxy = squid("ssrf-proxy", "");
    for address in
        [&inside, &named, "169.254.169.254/latest/meta-data/", "[::1]:8080/", "[fd00::1]/", "10.0.0.1/"]
    {
        assert_eq!(proxy.status(&get(address)), 403, "{address}");
    }
    assert_eq!(proxy.status(&get("ssrf-proxy:3128/squid-internal-mgr/info")), 403);
    assert_eq!(proxy.status("CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: x\r\n\r\n"), 403);
    assert_eq!(proxy.status("CONNECT example.com:22 HTTP/1.1\r\nHost: x\r\n\r\n"), 403);
    assert!(server.requests().is_empty());

    let proxy = squid("ssrf-proxy", "ssrfProxy.allowPrivateNetworks={127.0.0.0/8}");
    assert_eq!(proxy.status(&get(&inside)), 200);
    let proxy = squid("ssrf-proxy", "ssrfProxy.allowPrivateDomains={.example.com}");
    assert_eq!(proxy.status(&get(&named)), 200);
    assert_eq!(proxy.status(&get(&inside)), 403);
    assert!(!server.requests()[0].headers.contains_key("x-forwarded-for"), "nobody learns who asked");
}

#[test]
fn the_agents_squid_lets_through_what_shells_are_offered() {
    let server = RecordedHttp::start(|_| Answer::new(200, ""));
    let proxy = squid("agent-ssrf-proxy", "");
    for (name, path, status) in [
        ("demo-dify-agent-backend", "/agent-stub/files", 200),
        ("demo-dify-agent-backend", "/runs", 403),
        ("demo-dify-agent-backend", "/files/1", 403),
        ("demo-dify-api", "/files/1?sign=2", 200),
        ("demo-dify-api", "/console/api/setup", 403),
        ("demo-dify-api", "/agent-stub/x", 403),
        ("inside.example.com", "/files/1", 403),
    ] {
        assert_eq!(proxy.status(&get(&format!("{name}:{}{path}", server.port))), status, "{name}{path}");
    }
    // The other one knows nothing of shells.
    let proxy = squid("ssrf-proxy", "");
    assert_eq!(proxy.status(&get(&format!("demo-dify-api:{}/files/1", server.port))), 403);
}
