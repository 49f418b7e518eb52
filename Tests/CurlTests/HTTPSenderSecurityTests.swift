import Foundation
import Testing

@testable import Curl

@Suite("The HTTP sender's guard", .enabled(if: LocalServer.isAvailable, "needs /usr/bin/python3"))
struct HTTPSenderSecurityTests {
    private let guarded = HTTPSender(policy: .publicInternet, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 4)
    private let open = HTTPSender(
        policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 4)

    private func failure(_ request: HTTPRequest, by sender: HTTPSender) async -> HTTPSendError? {
        do {
            _ = try await sender.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("No spelling of a local address gets through, whether a number or a name that resolves to one")
    func localAddresses() async throws {
        let server = try await LocalServer(script: PackageResources.http_server_py)
        let hosts = [
            "127.0.0.1", "localhost", "LOCALHOST", "2130706433", "0x7f000001", "017700000001", "127.1",
            "0177.0.0.1", "0x7f.1", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]",
            "[64:ff9b::7f00:1]", "[fe80::1%25lo]", "169.254.169.254", "10.0.0.1", "[fd00::1]",
        ]
        for host in hosts {
            let request = HTTPRequest(
                method: "GET", url: "http://\(host):\(server.port)/echo", timeout: .seconds(5))
            #expect(await failure(request, by: guarded) == .addressDenied, "\(host)")
        }
        let allowed = HTTPRequest(method: "GET", url: "http://localhost:\(server.port)/status?code=200")
        #expect(try await open.send(allowed).status == 200)
        #expect(await server.remainingLines() == [#"["GET", "/status?code=200"]"#])
    }

    @Test("A name is judged when it is connected to, not only when it is checked")
    func namesAreJudgedAtConnection() async throws {
        try guarded.check(url: "http://localhost:8080/")
        #expect(
            await failure(HTTPRequest(method: "GET", url: "http://localhost:8080/"), by: guarded) == .addressDenied)
    }

    @Test(
        "Anything but a plain http or https URL is an invalid request",
        arguments: [
            "", "echo", "/echo", "127.0.0.1/echo", "//127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd",
            "gopher://127.0.0.1/", "smtp://127.0.0.1:8025/", "http://user@127.0.0.1/", "http://user:pass@127.0.0.1/",
            "http://", "http://127.0.0.1:99999/", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1 /",
            "http://127.0.0.1/\u{0}", "http://a/" + String(repeating: "a", count: 9000),
        ])
    func invalidURLs(url: String) async {
        guard case .invalidRequest = await failure(HTTPRequest(method: "GET", url: url), by: open) else {
            Issue.record("\(url.prefix(60)) was not refused")
            return
        }
    }

    @Test("A port below 1024 that is not the web's is denied", arguments: [0, 22, 25, 6379 - 6000, 1023])
    func ports(port: Int) async {
        let url = "http://example.com:\(port)/"
        #expect(await failure(HTTPRequest(method: "GET", url: url), by: open) == .addressDenied)
        #expect(throws: HTTPSendError.addressDenied) { try guarded.check(url: url) }
    }

    @Test("Neither a method nor a header can smuggle another line")
    func injection() async {
        let url = "http://127.0.0.1:27400/"
        let requests = [
            HTTPRequest(method: "GET / HTTP/1.1\r\nX: y\r\n\r\nGET", url: url),
            HTTPRequest(method: "", url: url),
            HTTPRequest(method: "GET", url: url, headers: [("X", "a\r\nInjected: yes")]),
            HTTPRequest(method: "GET", url: url, headers: [("X", "a\nInjected: yes")]),
            HTTPRequest(method: "GET", url: url, headers: [("X", "a\u{0}b")]),
            HTTPRequest(method: "GET", url: url, headers: [("X: y\r\nZ", "a")]),
            HTTPRequest(method: "GET", url: url, headers: [("", "a")]),
            HTTPRequest(method: "GET", url: url, headers: [("Host", "internal")]),
            HTTPRequest(method: "POST", url: url, headers: [("content-length", "3")]),
            HTTPRequest(method: "POST", url: url, headers: [("Transfer-Encoding", "chunked")]),
        ]
        for (index, request) in requests.enumerated() {
            guard case .invalidRequest = await failure(request, by: open) else {
                Issue.record("request \(index) was not refused")
                continue
            }
        }
    }

    @Test("Proxy variables of the environment are ignored")
    func proxies() async throws {
        // Set once and left: every other sender ignores it too. Port 9 is never listening.
        setenv("all_proxy", "http://127.0.0.1:9", 1)
        let server = try await LocalServer(script: PackageResources.http_server_py)
        let request = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(server.port)/status?code=200")
        #expect(try await open.send(request).status == 200)
    }

    @Test("A certificate is trusted only when its authority is")
    func certificates() async throws {
        let certificate = try LocalCertificate()
        let server = try await LocalServer(
            script: PackageResources.http_server_py, arguments: [certificate.certificatePath, certificate.keyPath])
        let request = HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/status?code=200")
        guard case .tlsFailed = await failure(request, by: open) else {
            Issue.record("a self-signed certificate was trusted")
            return
        }
        let trusting = HTTPSender(
            policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 1,
            certificateAuthorities: certificate.certificatePath)
        #expect(try await trusting.send(request).status == 200)
        // The same server under a name that its certificate does not carry.
        let misnamed = HTTPRequest(method: "GET", url: "https://localhost:\(server.port)/")
        guard case .tlsFailed = await failure(misnamed, by: trusting) else {
            Issue.record("a certificate for another name was trusted")
            return
        }
    }
}
