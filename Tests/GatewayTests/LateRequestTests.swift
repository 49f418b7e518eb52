import Contracts
import Foundation
import NIOCore
import Testing

@testable import Gateway

@Suite("Requests that do not arrive")
struct LateRequestTests {
    @Test("A body that does not come in time is refused and its connection closed; one in pieces is taken")
    func bodies() async throws {
        try await GatewayHarness.with(requestDeadline: .milliseconds(300)) { gateway in
            gateway.services.on(CreateEvent.self) { _ in .example }
            let key = try #require(try await gateway.organization().client.key)
            let body = #"{"name": "A"}"#
            let head =
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\nIdempotency-Key: a\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let pieces = try RawConnection(port: gateway.port)
            try pieces.send(head)
            try pieces.send(String(body.prefix(5)))
            try pieces.send(String(body.dropFirst(5)))
            #expect(await pieces.receive().hasPrefix("HTTP/1.1 201 "))

            let late = try RawConnection(port: gateway.port)
            try late.send(head + body.prefix(5))
            let refusal = await late.receiveAll()
            #expect(refusal.hasPrefix("HTTP/1.1 408 "), "\(refusal)")
            #expect(refusal.lowercased().contains("connection: close"))

            // It has rested for longer than a request may take, and is not late.
            try pieces.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await pieces.receive().hasPrefix("HTTP/1.1 200 "))
        }
    }
}
