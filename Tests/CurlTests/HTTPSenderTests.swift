import Foundation
import Testing

@testable import Curl

@Suite("The HTTP sender", .enabled(if: LocalServer.isAvailable, "needs /usr/bin/python3"))
struct HTTPSenderTests {
    private struct Echo: Decodable {
        let method: String
        let target: String
        let headers: [[String]]
        let body: String

        func values(_ name: String) -> [String] {
            headers.filter { $0[0].lowercased() == name }.map { $0[1] }
        }
    }

    private let server: LocalServer
    private let sender = HTTPSender(
        policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 8)

    init() async throws {
        server = try await LocalServer(script: PackageResources.http_server_py)
    }

    private func url(_ path: String) -> String {
        "http://127.0.0.1:\(server.port)\(path)"
    }

    private func failure(_ request: HTTPRequest) async -> HTTPSendError? {
        await Self.failure(request, by: sender)
    }

    private static func failure(_ request: HTTPRequest, by sender: HTTPSender) async -> HTTPSendError? {
        do {
            _ = try await sender.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("A request arrives as given, and the answer comes back as sent")
    func echo() async throws {
        let response = try await sender.send(
            HTTPRequest(
                method: "POST", url: url("/echo?a=1"),
                headers: [("Content-Type", "application/json"), ("webhook-id", "msg_1"), ("X-Empty", "")],
                body: Array(#"{"ok":true}"#.utf8)))
        #expect(response.status == 200)
        #expect(response.header("content-type") == "application/json")
        #expect(response.headers.filter { $0.name.lowercased() == "x-twice" }.map(\.value) == ["a", "b"])
        #expect(!response.isTruncated)
        #expect(response.duration > .zero)
        let echo = try JSONDecoder().decode(Echo.self, from: Data(response.body))
        #expect(echo.method == "POST")
        #expect(echo.target == "/echo?a=1")
        #expect(echo.body == #"{"ok":true}"#)
        #expect(echo.values("content-type") == ["application/json"])
        #expect(echo.values("content-length") == ["11"])
        #expect(echo.values("webhook-id") == ["msg_1"])
        #expect(echo.values("x-empty") == [""])
        #expect(echo.values("user-agent") == ["Voelgoed-Tests/1"])
        #expect(echo.values("expect").isEmpty)
        #expect(echo.values("accept-encoding").isEmpty)
    }

    @Test("Every method is sent under its own name", arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func methods(method: String) async throws {
        let response = try await sender.send(HTTPRequest(method: method, url: url("/echo")))
        let echo = try JSONDecoder().decode(Echo.self, from: Data(response.body))
        #expect(echo.method == method)
        #expect(echo.body.isEmpty)
        #expect(echo.values("content-type").isEmpty)
        let withBody = try await sender.send(HTTPRequest(method: method, url: url("/echo"), body: [0x61, 0, 0x62]))
        let echoWithBody = try JSONDecoder().decode(Echo.self, from: Data(withBody.body))
        #expect(echoWithBody.method == method)
        #expect(echoWithBody.body == "a\u{0}b")
    }

    @Test("Any status is an answer, not an error", arguments: [200, 204, 404, 410, 429, 500, 503])
    func statuses(status: Int) async throws {
        let response = try await sender.send(HTTPRequest(method: "POST", url: url("/status?code=\(status)")))
        #expect(response.status == status)
        #expect(response.header("RETRY-AFTER") == "7")
    }

    @Test("A redirect is not followed")
    func redirect() async throws {
        let response = try await sender.send(HTTPRequest(method: "POST", url: url("/redirect")))
        #expect(response.status == 302)
        #expect(response.header("location") == "/echo")
        #expect(await server.remainingLines() == [#"["POST", "/redirect"]"#])
    }

    @Test("Headers of an interim response do not count")
    func interim() async throws {
        let response = try await sender.send(HTTPRequest(method: "POST", url: url("/interim")))
        #expect(response.status == 204)
        #expect(response.header("x-early") == nil)
        #expect(response.header("x-final") == "yes")
    }

    @Test("A body is cut at the limit and said to be", arguments: [(99, false), (100, false), (101, true)])
    func bodyLimit(bytes: Int, isTruncated: Bool) async throws {
        var request = HTTPRequest(method: "POST", url: url("/large?bytes=\(bytes)"))
        request.maximumResponseBytes = 100
        let response = try await sender.send(request)
        #expect(response.status == 200)
        #expect(response.body.count == min(bytes, 100))
        #expect(response.isTruncated == isTruncated)
    }

    @Test("A body that would take hours is not read to its end", .timeLimit(.minutes(1)))
    func endlessBody() async throws {
        var request = HTTPRequest(method: "GET", url: url("/drip"), timeout: .seconds(3600))
        request.maximumResponseBytes = 3
        let response = try await sender.send(request)
        #expect(response.body == Array("xxx".utf8))
        #expect(response.isTruncated)
    }

    @Test("Endless headers, no HTTP at all, an empty answer and a cut one are errors")
    func brokenAnswers() async throws {
        #expect(
            await failure(HTTPRequest(method: "GET", url: url("/headers")))
                == .invalidResponse("the headers exceed 32 KiB"))
        for path in ["/garbage", "/empty"] {
            guard case .invalidResponse = await failure(HTTPRequest(method: "GET", url: url(path))) else {
                Issue.record("\(path) was not refused")
                continue
            }
        }
        guard case .connectionFailed = await failure(HTTPRequest(method: "GET", url: url("/cut"))) else {
            Issue.record("a cut answer was not refused")
            return
        }
    }

    @Test(
        "A server that is silent and one that drips both end at the deadline", .timeLimit(.minutes(1)),
        arguments: ["/never", "/drip"])
    func deadline(path: String) async throws {
        var request = HTTPRequest(method: "GET", url: url(path), timeout: .milliseconds(300))
        request.maximumResponseBytes = 1_000_000
        let start = ContinuousClock.now
        #expect(await failure(request) == .timedOut)
        #expect(ContinuousClock.now - start >= .milliseconds(290))
    }

    @Test("Nobody listening is a failed connection, and an unknown name is not resolved")
    func unreachable() async throws {
        let port = server.port
        _ = await server.remainingLines()
        guard case .connectionFailed = await failure(HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/"))
        else {
            Issue.record("a closed port was reached")
            return
        }
        #expect(
            await failure(HTTPRequest(method: "GET", url: "http://nothing-here.invalid/")) == .nameNotResolved)
    }

    @Test("Cancelling the task closes the connection")
    func cancellation() async throws {
        let request = HTTPRequest(method: "GET", url: url("/never"), timeout: .seconds(60))
        let sender = sender
        // A task of its own, because this one must go on to cancel it.
        let sending = Task { await Self.failure(request, by: sender) }
        #expect(try await server.nextLine() == #"["GET", "/never"]"#)
        sending.cancel()
        #expect(await sending.value == .cancelled)
        #expect(try await server.nextLine() == "closed")
    }

    @Test("A task that is cancelled before it sends does not send")
    func cancelledBefore() async throws {
        let request = HTTPRequest(method: "GET", url: url("/echo"))
        let sender = sender
        // A task of its own, because it cancels itself.
        let sending = Task { () -> HTTPSendError? in
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.failure(request, by: sender)
        }
        #expect(await sending.value == .cancelled)
        #expect(await server.remainingLines().isEmpty)
    }

    @Test("Hundreds of requests that are cancelled at any moment all end, and the sender goes on")
    func cancellationStorm() async throws {
        let request = HTTPRequest(method: "GET", url: url("/hold?name=storm&count=100000"), timeout: .seconds(60))
        let sender = sender
        let outcomes = await withTaskGroup(of: HTTPSendError?.self) { group in
            for index in 0..<400 {
                group.addTask { await Self.failure(request, by: sender) }
                // Early, while some wait for their turn, some connect and some have not begun.
                if index % 100 == 99 { group.cancelAll() }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: .cancelled, count: 400))
        #expect(try await sender.send(HTTPRequest(method: "GET", url: url("/echo"))).status == 200)
    }

    @Test("Three hundred slow servers are waited for at once without a thread for each")
    func manyAtOnce() async throws {
        let count = 300
        let many = HTTPSender(
            policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: count)
        // Nobody is answered before all of them wait.
        let request = HTTPRequest(method: "POST", url: url("/hold?count=\(count)"), timeout: .seconds(60))
        let threadsBefore = try threadCount()
        let mostThreads = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let response = try await many.send(request)
                    #expect(response.status == 200)
                    return try threadCount()
                }
            }
            return try await group.reduce(0, max)
        }
        #expect(mostThreads < threadsBefore + 40)
    }

    @Test("No more run at once than allowed, and those that wait get their turn")
    func concurrencyLimit() async throws {
        let two = HTTPSender(policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 2)
        // A barrier of three can never open when only two run.
        let request = HTTPRequest(method: "GET", url: url("/hold?name=limit&count=3"), timeout: .milliseconds(400))
        let outcomes = await withTaskGroup(of: HTTPSendError?.self) { group in
            for _ in 0..<2 { group.addTask { await Self.failure(request, by: two) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == [.timedOut, .timedOut])
        let later = HTTPRequest(method: "GET", url: url("/echo"))
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await two.send(later).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 20))
    }

    @Test("A sender may be released while it sends: what is in flight comes back")
    func releasedWhileSending() async throws {
        let request = HTTPRequest(method: "GET", url: url("/hold?name=release&count=2"), timeout: .seconds(30))
        // The closure's sender is released as soon as the closure no longer needs it.
        async let first = {
            try await HTTPSender(
                policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Tests/1", maximumConcurrent: 2
            ).send(request).status
        }()
        _ = try await server.nextLine()
        #expect(try await sender.send(request).status == 200)
        #expect(try await first == 200)
    }
}

private func threadCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
}
