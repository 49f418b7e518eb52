import Contracts
import TestSupport
import Testing

@testable import Payments

@Suite("The deadline for a provider's answer")
struct DeadlineTests {
    private struct WireBroke: Error {}

    private let clock = ManualClock()
    private var deadline: Deadline {
        Deadline(limit: .seconds(5), pause: Pause { [clock] in try await clock.sleep(for: $0) })
    }

    private func verdict(throwing error: any Error) async throws -> ChargeVerdict {
        try await deadline.verdict { () -> ChargeVerdict in throw error }
    }

    @Test("An answer in time is the verdict")
    func inTime() async throws {
        #expect(
            try await deadline.verdict { ChargeVerdict.pending(reference: "sbx_1") } == .pending(reference: "sbx_1"))
        #expect(try await deadline.verdict { RefundVerdict.sampleRefund } == .sampleRefund)
    }

    @Test("No answer in time leaves the charge unknown, and the call is cancelled")
    func silence() async throws {
        let deadline = deadline
        async let verdict = deadline.verdict {
            // Silent for longer than the deadline.
            try await clock.sleep(for: .seconds(3600))
            return ChargeVerdict.sampleCapture
        }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(5))
        #expect(try await verdict == .unknown)
    }

    @Test("A refused call is unavailable; any other error leaves the charge unknown")
    func errors() async throws {
        #expect(try await verdict(throwing: ProviderError.unavailable) == .unavailable)
        #expect(try await verdict(throwing: ProviderError.idempotencyKeyReused) == .unknown)
        #expect(try await verdict(throwing: WireBroke()) == .unknown)
    }

    @Test("A process that stops says nothing about the charge")
    func cancellation() async throws {
        let deadline = deadline
        let clock = clock
        // A task of its own, because only such a one can be cancelled from here; it is awaited below.
        let task = Task {
            try await deadline.verdict {
                try await clock.sleep(for: .seconds(3600))
                return ChargeVerdict.sampleCapture
            }
        }
        await clock.waitForSleepers(2)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
