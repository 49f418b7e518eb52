import Foundation
import Synchronization
import Testing

@testable import Faults

@Suite("The patient client", .timeLimit(.minutes(1)))
struct PatientClientTests {
    private let call = HTTPCall.post("/v1/things", "thing", ["name": "one"])

    private func send(
        to gateways: [String], for seconds: Double = 20
    ) async throws -> (reply: HTTPReply?, answers: [Answer]) {
        let answers = Mutex<[Answer]>([])
        let client = PatientClient(gateways: gateways, key: "secret", clock: CampaignClock())
        let reply = try await client.send(call, until: seconds) { answer in answers.withLock { $0.append(answer) } }
        return (reply, answers.withLock { $0 })
    }

    private func idempotencyKeys(_ gateway: ScriptedGateway) -> [Substring] {
        gateway.requests.flatMap { request in
            request.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("idempotency-key:") }
        }
    }

    @Test("It sends the same request under the same key until the platform has decided")
    func sameKey() async throws {
        let gateway = try ScriptedGateway(["500 Broken", "409 Conflict", "503 Away", "202 Accepted"])
        let (reply, answers) = try await send(to: [gateway.url])
        // A conflict that is not of a request in progress is a decision.
        #expect(reply?.status == 409)
        #expect(answers.map(\.status) == [500, 409])
        #expect(Set(idempotencyKeys(gateway)).count == 1)
        #expect(idempotencyKeys(gateway).count == 2)
        #expect(gateway.requests.allSatisfy { $0.hasSuffix(#"{"name":"one"}"#) })
    }

    @Test("It waits as long as Retry-After says")
    func retryAfter() async throws {
        let gateway = try ScriptedGateway(["503 Away\r\nRetry-After: 1", "202 Accepted"])
        let (reply, answers) = try await send(to: [gateway.url])
        #expect(reply?.status == 202)
        #expect(answers[1].at - answers[0].at >= 0.8)
    }

    @Test("It goes to another gateway when one does not answer")
    func anotherGateway() async throws {
        let (descriptor, port) = try LoopbackSocket.listening(on: 0)
        close(descriptor)
        let gateway = try ScriptedGateway(["200 Good"])
        for _ in 0..<4 {
            #expect(try await send(to: ["http://127.0.0.1:\(port)", gateway.url]).reply?.status == 200)
        }
    }

    @Test("It gives up when its time is over")
    func givesUp() async throws {
        let gateway = try ScriptedGateway(["503 Away"])
        let (reply, answers) = try await send(to: [gateway.url], for: 0.5)
        #expect(reply == nil)
        #expect(!answers.isEmpty)
    }
}
