import Foundation
import Synchronization
import Testing

@testable import Curl

/// The deny list of Svix (`is_allowed`), range by range, and the ways around a list that OWASP's sheet on server-side request
/// forgery names.
@Suite("Where a customer's URL may not lead", .enabled(if: LocalServer.isAvailable, "needs /usr/bin/python3"))
struct SSRFTableTests {
    /// A denied range: its name, its first and its last address.
    struct Range: Sendable, CustomTestStringConvertible {
        let name: String
        let first: String
        let last: String

        init(_ name: String, _ first: String, _ last: String) {
            self.name = name
            self.first = first
            self.last = last
        }

        var testDescription: String { name }
    }

    static let ranges4 = [
        Range("0.0.0.0/8", "0.0.0.0", "0.255.255.255"), Range("10.0.0.0/8", "10.0.0.0", "10.255.255.255"),
        Range("100.64.0.0/10", "100.64.0.0", "100.127.255.255"), Range("127.0.0.0/8", "127.0.0.0", "127.255.255.255"),
        Range("169.254.0.0/16", "169.254.0.0", "169.254.255.255"),
        Range("172.16.0.0/12", "172.16.0.0", "172.31.255.255"), Range("192.0.0.0/24", "192.0.0.0", "192.0.0.255"),
        Range("192.0.2.0/24", "192.0.2.0", "192.0.2.255"), Range("192.88.99.0/24", "192.88.99.0", "192.88.99.255"),
        Range("192.168.0.0/16", "192.168.0.0", "192.168.255.255"),
        Range("198.18.0.0/15", "198.18.0.0", "198.19.255.255"),
        Range("198.51.100.0/24", "198.51.100.0", "198.51.100.255"),
        Range("203.0.113.0/24", "203.0.113.0", "203.0.113.255"), Range("224.0.0.0/4", "224.0.0.0", "239.255.255.255"),
        Range("240.0.0.0/4", "240.0.0.0", "255.255.255.254"),
        Range("255.255.255.255/32", "255.255.255.255", "255.255.255.255"),
    ]

    static let ranges6 = [
        Range("::/128", "::", "::"), Range("::1/128", "::1", "::1"),
        Range("ff00::/8", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Range("fe80::/10", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Range("fc00::/7", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Range("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        Range("3fff::/20", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Range("100::/64", "100::", "100::ffff:ffff:ffff:ffff"),
        Range("2002::/16", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Range("64:ff9b::/96", "64:ff9b::", "64:ff9b::ffff:ffff"),
        Range("64:ff9b:1::/48", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
        Range("5f00::/16", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ]

    private let guarded = HTTPSender(policy: .customerServers, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 4)

    private func isDenied(_ host: String, port: Int = 443) -> Bool {
        do {
            try guarded.check(url: "https://\(host):\(port)/")
            return false
        } catch {
            return error == .addressDenied
        }
    }

    private func failure(_ url: String, by sender: HTTPSender) async -> HTTPSendError? {
        do {
            _ = try await sender.send(HTTPRequest(method: "POST", url: url, timeout: .seconds(5)))
            return nil
        } catch {
            return error
        }
    }

    @Test("Every IPv4 range is denied from its first address to its last, also mapped into IPv6", arguments: ranges4)
    func version4(range: Range) throws {
        for address in [range.first, range.last] {
            #expect(isDenied(address), "\(address)")
            #expect(isDenied("[::ffff:\(address)]"), "mapped \(address)")
            let bytes = try #require(CurlURL("https://\(address)/")?.literalAddress)
            let words = [bytes[0...1], bytes[2...3]].map { String($0.reduce(0) { $0 << 8 | Int($1) }, radix: 16) }
            #expect(isDenied("[::ffff:\(words[0]):\(words[1])]"), "mapped in hexadecimal \(address)")
            // An allowed loopback opens nothing else.
            if !range.name.hasPrefix("127.") { #expect(!AddressPolicy.publicInternetAndLoopback.allows(bytes)) }
        }
    }

    @Test("Every IPv6 range is denied from its first address to its last", arguments: ranges6)
    func version6(range: Range) {
        for address in [range.first, range.last] { #expect(isDenied("[\(address)]"), "\(address)") }
    }

    @Test(
        "An address in any spelling is the same address",
        arguments: [
            // 127.0.0.1, 169.254.169.254, 10.0.0.1 and 192.168.0.1 as one number, in octal, in hexadecimal, shortened.
            "2130706433", "017700000001", "0x7f000001", "0x7F.0x0.0x0.0x1", "0177.0.0.01", "127.1", "127.0.1",
            "2852039166", "0xa9fea9fe", "025177524776", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "169.254.43518",
            "167772161", "0x0a000001", "012.0.0.1", "10.1", "3232235521", "0xc0a80001", "0300.0250.0.1", "192.168.1",
        ])
    func spellings(host: String) {
        #expect(isDenied(host))
    }

    @Test(
        "The metadata services of clouds are denied",
        arguments: ["169.254.169.254", "[fd00:ec2::254]", "[fe80::a9fe:a9fe]", "100.100.100.200", "192.0.0.192"])
    func metadata(host: String) {
        #expect(isDenied(host))
        #expect(isDenied(host, port: 80))
    }

    @Test("A zone makes no address of another link a public one", arguments: ["[fe80::1%25lo]", "[fe80::1%25eth0]"])
    func zones(host: String) async {
        #expect(isDenied(host))
        #expect(await failure("https://\(host)/", by: guarded) == .addressDenied)
    }

    @Test(
        "User information hides no host",
        arguments: [
            "https://example.org@127.0.0.1/", "https://example.org:443@10.0.0.1/", "https://@10.0.0.1/",
            "https://a:b@example.org/", "https://example.org%40127.0.0.1/",
        ])
    func userInformation(url: String) {
        #expect(throws: HTTPSendError.self) { try guarded.check(url: url) }
    }

    @Test(
        "Ports of databases, brokers and administration pages are denied, of public addresses too",
        arguments: [0, 21, 22, 25, 53, 3306, 5432, 5671, 5672, 6379, 9090, 9200, 11211, 15672, 27017, 65535])
    func ports(port: Int) {
        #expect(isDenied("example.org", port: port))
        #expect(isDenied("1.1.1.1", port: port))
    }

    @Test("The ports of web servers are allowed", arguments: [80, 443, 8080, 8443])
    func webPorts(port: Int) {
        #expect(!isDenied("example.org", port: port))
    }

    @Test("A redirect is an answer, wherever it points")
    func redirects() async throws {
        let server = try await LocalServer(script: PackageResources.http_server_py)
        let open = HTTPSender(
            policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 1)
        let targets = [
            "http://127.0.0.1:\(server.port)/echo", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
            "https://example.org/", "file:///etc/passwd",
        ]
        for target in targets {
            let response = try await open.send(
                HTTPRequest(method: "POST", url: "http://127.0.0.1:\(server.port)/redirect?to=\(target)"))
            #expect(response.status == 302)
            #expect(response.header("location") == target)
        }
        let lines = await server.remainingLines()
        #expect(lines.count == targets.count)
        #expect(lines.allSatisfy { $0.contains("/redirect") })
    }

    @Test("A name that leads elsewhere the second time is judged by the address of each connection")
    func rebinding() async throws {
        let server = try await LocalServer(script: PackageResources.http_server_py)
        // Stands for a name server of the attacker's: the first answer is allowed, the later ones are not.
        let answers = Mutex([["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["[::ffff:10.0.0.1]"]])
        let sender = HTTPSender(
            policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 1,
            resolve: { _ in answers.withLock { $0.isEmpty ? [] : $0.removeFirst() } })
        let url = "http://rebinding.example:\(server.port)/once"
        #expect(throws: Never.self) { try sender.check(url: url) }
        #expect(try await sender.send(HTTPRequest(method: "POST", url: url)).status == 200)
        for _ in 0..<3 { #expect(await failure(url, by: sender) == .addressDenied) }
        #expect(await server.remainingLines() == [#"["POST", "/once"]"#])
    }

    @Test("A public name for a private address reaches nothing, though the server listens there")
    func privateName() async throws {
        let server = try await LocalServer(script: PackageResources.http_server_py)
        let ports = AddressPolicy(ports: .only([server.port]))
        let sender = HTTPSender(
            policy: ports, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 1, resolve: { _ in ["127.0.0.1"] })
        let url = "http://innocent.example:\(server.port)/once"
        #expect(throws: Never.self) { try sender.check(url: url) }
        #expect(await failure(url, by: sender) == .addressDenied)
        #expect(await server.remainingLines().isEmpty)
    }

    @Test("Of several addresses only the allowed ones are connected to")
    func mixedAnswers() async throws {
        let server = try await LocalServer(script: PackageResources.http_server_py)
        let sender = HTTPSender(
            policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 1,
            resolve: { _ in ["10.0.0.1", "127.0.0.1"] })
        let url = "http://mixed.example:\(server.port)/once"
        #expect(try await sender.send(HTTPRequest(method: "POST", url: url)).status == 200)
    }

    @Test("An answer without an end is cut, and its connection closed")
    func endlessAnswer() async throws {
        let server = try await LocalServer(script: PackageResources.http_server_py)
        let sender = HTTPSender(
            policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 1)
        let response = try await sender.send(
            HTTPRequest(
                method: "POST", url: "http://127.0.0.1:\(server.port)/endless", timeout: .seconds(60),
                maximumResponseBytes: 16 * 1024))
        #expect(response.status == 200)
        #expect(response.body.count == 16 * 1024)
        #expect(response.isTruncated)
        #expect(try await server.nextLine() == #"["POST", "/endless"]"#)
        #expect(try await server.nextLine() == "closed")
    }
}
