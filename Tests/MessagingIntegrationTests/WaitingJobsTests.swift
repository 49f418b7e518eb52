import Contracts
import Foundation
import Testing

@testable import Messaging

@Suite("Jobs that wait for a place")
struct WaitingJobsTests {
    private func job(_ kind: String, _ number: Int) -> ClaimedJob {
        let id = UUID()
        return ClaimedJob(
            id: id, kind: kind, payload: Array("\(number)".utf8),
            envelope: Envelope(
                id: id, type: kind, occurredAt: .example, correlationID: nil, causationID: nil, organizationID: nil,
                traceparent: nil, appID: "tests"),
            attempt: 1, leaseEndsAt: .example)
    }

    private func names(_ jobs: [ClaimedJob?]) -> [String] {
        jobs.map { $0.map { $0.kind + String(decoding: $0.payload, as: UTF8.self) } ?? "-" }
    }

    @Test("The one that has waited longest is next, of the kinds that have a place")
    func order() {
        var waiting = WaitingJobs()
        waiting.append([job("a", 1), job("b", 2), job("a", 3)])
        waiting.append([job("b", 4)])
        let any: (String) -> ((ClaimedJob) -> Bool)? = { _ in { _ in true } }
        #expect(names([waiting.takeFirst { $0 == "b" ? { _ in true } : nil }]) == ["b2"])
        #expect(waiting.count(of: "b") == 1)
        #expect(names((0..<4).map { _ in waiting.takeFirst(any) }) == ["a1", "a3", "b4", "-"])
        #expect(waiting.count(of: "a") == 0)
        waiting.append([job("a", 5)])
        #expect(names([waiting.takeFirst(any)]) == ["a5"])
    }

    @Test("One that may not begin is passed over, and taken out with others in their order")
    func passedOver() {
        var waiting = WaitingJobs()
        let (old, young) = (job("a", 1), job("a", 2))
        waiting.append([old, job("b", 3), young, job("b", 4)])
        #expect(names([waiting.takeFirst { kind in { kind == "a" && $0.id != old.id } }]) == ["a2"])
        #expect(names(waiting.take { !$0.payload.elementsEqual("3".utf8) }) == ["a1", "b4"])
        #expect(names(waiting.take { _ in true }) == ["b3"])
        #expect(waiting.take { _ in true }.isEmpty)
    }
}
